//! All themes of a year: what was asked, how much came in, what became of it (年次一覧).

use chrono::NaiveDate;
use documents::{
    ResponseTable,
    texts::{Yearly, YearlyRow},
};
use domain::{Millis, wareki};

use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    repository::{self, export::ThemeResult},
};

/// Fiscal years (年度) in which results of public comments came out, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn years(ctx: &Ctx) -> Result<Vec<i32>> {
    let times = repository::export::result_times(ctx.db(), ctx.now).await?;
    let mut years: Vec<i32> = times.into_iter().map(|at| wareki::fiscal_year(wareki::date_of(at))).collect();
    years.dedup();
    Ok(years)
}

/// The first moment of a fiscal year and of the one after it.
fn bounds(year: i32) -> Option<(Millis, Millis)> {
    let first = |year: i32| NaiveDate::from_ymd_opt(year, 4, 1).map(wareki::start_of_day_ms);
    first(year).zip(first(year.checked_add(1)?))
}

/// Every public comment whose result came out in a fiscal year, those without an opinion included.
///
/// # Errors
/// [`AppError::NotFound`] for a year in which no result can have come out: one that is to come, or before 1900.
pub async fn list(ctx: &Ctx, year: i32) -> Result<Yearly> {
    let this_year = wareki::fiscal_year(wareki::date_of(ctx.now));
    if !(1900..=this_year).contains(&year) {
        return Err(AppError::NotFound);
    }
    let bounds = bounds(year).ok_or(AppError::NotFound)?;
    let results = repository::export::results(ctx.db(), bounds, ctx.now).await?;
    let base = ctx.url("/consultations");
    let rows = tokio::task::spawn_blocking(move || {
        results.iter().map(|result| row(result, &base)).collect::<serde_json::Result<Vec<YearlyRow>>>()
    });
    let rows = rows.await.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
    Ok(Yearly { year, rows })
}

/// What the newest public version says; the day is that of the first.
fn row(result: &ThemeResult, base: &str) -> serde_json::Result<YearlyRow> {
    let table: ResponseTable = serde_json::from_str(&result.response_table)?;
    let revised = table.reflected() > 0 || !table.plan_changes.is_empty();
    let contact = table.contact.printed();
    Ok(YearlyRow {
        opens_on: table.opens_on,
        closes_on: table.closes_on,
        basis: result.basis.clone(),
        submitters: table.submitters,
        opinions: table.opinions,
        revised: Some(revised),
        result_on: Some(wareki::date_of(result.result_at)),
        url: format!("{base}/{}/responses", result.slug),
        contact: if contact.is_empty() { table.consultation.department.clone() } else { contact },
        title: table.consultation.title,
        department: table.consultation.department,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fiscal_year_is_from_april_to_march() {
        let (from, until) = bounds(2026).unwrap();
        assert_eq!(wareki::date_of(from).to_string(), "2026-04-01");
        assert_eq!(wareki::date_of(until - 1).to_string(), "2027-03-31");
        assert_eq!(wareki::fiscal_year(wareki::date_of(from - 1)), 2025);
    }
}
