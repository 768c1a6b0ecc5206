//! Cutting one letter into its opinions (件), from the intake or from the response desk. What the desk already gathers
//! keeps its place there, and the desk's journal can take the cut back.

use domain::{FieldErrors, Problem, permission::ConsultationAction, proposal::BODY_MAX, text};
use serde_json::json;

use super::{acting, locked};
use crate::{
    audit,
    ctx::Ctx,
    error::{AppError, Result},
    repository::{self, intake::LinkedItem},
    service::{
        Checked,
        consultation::for_staff,
        response::{
            gather::refresh,
            journal::{Kind, Label, Recorder, Touched},
        },
        submission::{self, NewItem, Recount},
    },
};

/// Most opinions of one submission.
pub const MAX: usize = 100;

/// Why a submission can't be cut like that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// What was entered is wrong.
    Input(FieldErrors),
    /// A row of the response desk gathers an opinion that would be gone or say something else, or it is 対象外.
    Linked,
}

/// The opinions as typed, in order; empty ones are none.
fn typed(parts: &[String]) -> Checked<Vec<String>> {
    let mut errors = FieldErrors::new();
    let parts: Vec<String> =
        parts.iter().filter_map(|part| errors.take("item", text::optional(part, BODY_MAX))).collect();
    if parts.len() > MAX {
        errors.push("item", Problem::TooMany { max: MAX });
    }
    if parts.is_empty() {
        errors.push("item", Problem::Required);
    }
    errors.into_result(parts)
}

/// Whether every opinion that a row gathers stays what it is. One that was the whole text may become its first part.
fn keeps_links(old: &[LinkedItem], parts: &[String]) -> bool {
    old.iter()
        .enumerate()
        .filter(|(_, item)| item.links > 0 || item.out_of_scope.is_some())
        .all(|(place, item)| parts.get(place).is_some_and(|part| item.body.as_deref().is_none_or(|body| body == part)))
}

/// Cuts a submission into these opinions, for those who may do so in the intake.
///
/// # Errors
/// As [`acting`]. Inner: why not.
pub async fn run(ctx: &Ctx, id: i64, parts: &[String]) -> Result<std::result::Result<usize, Refused>> {
    acting(ctx, id).await?;
    cut(ctx, id, parts).await
}

/// Cuts a submission of a theme into these opinions, for those who write on its desk.
///
/// # Errors
/// [`AppError::Forbidden`], or [`AppError::NotFound`] for a submission of another theme. Inner: why not.
pub async fn on_desk(ctx: &Ctx, theme: i64, id: i64, parts: &[String]) -> Result<std::result::Result<usize, Refused>> {
    for_staff(ctx, theme, ConsultationAction::DraftResponses).await?;
    let row = repository::proposal::by_id(ctx.db(), id).await?;
    row.filter(|row| row.consultation_id == theme).ok_or(AppError::NotFound)?;
    cut(ctx, id, parts).await
}

async fn cut(ctx: &Ctx, id: i64, parts: &[String]) -> Result<std::result::Result<usize, Refused>> {
    let parts = match typed(parts) {
        Ok(parts) => parts,
        Err(errors) => return Ok(Err(Refused::Input(errors))),
    };
    let tx = ctx.write().await?;
    let row = locked(&tx, id).await?;
    repository::consultation::by_id_locked(&tx, row.consultation_id).await?;
    let old = repository::intake::linked_items(&tx, id).await?;
    if !keeps_links(&old, &parts) {
        return Ok(Err(Refused::Linked));
    }
    // One opinion that is the whole text needs no text of its own.
    let whole = matches!(parts.as_slice(), [only] if *only == row.body.trim());
    let items: Vec<NewItem> = parts
        .into_iter()
        .enumerate()
        .map(|(place, part)| {
            let old = old.get(place);
            NewItem {
                body: (!whole).then_some(part),
                anchor: old.and_then(|item| item.anchor.clone()),
                page: old.and_then(|item| item.page),
            }
        })
        .collect();
    let count = items.len();
    // What was the whole text and becomes its first part says something else now: the rows that gather it too.
    let rewritten: Vec<i64> = old
        .iter()
        .zip(&items)
        .filter(|(old, new)| old.links > 0 && old.body != new.body)
        .map(|(old, _)| old.id)
        .collect();
    let links = repository::desk::links_of_items(&tx, &rewritten).await?;
    let mut rows: Vec<i64> = links.into_iter().map(|l| l.summary_id).collect();
    rows.dedup();
    let touched = Touched::default().proposal(id).heads(rows.iter().copied());
    let journal = Recorder::begin(&tx, row.consultation_id, touched).await?;
    let recount = Recount::begin(&tx, row.consultation_id, &[&row.submitter]).await?;
    submission::put_items(&tx, &row, items).await?;
    recount.finish(&tx).await?;
    refresh(&tx, ctx, rows).await?;
    journal.finish(&tx, ctx, Kind::ItemSplit, &Label::of(row.receipt_number.clone(), count)).await?;
    let detail = json!({ "from": old.len(), "to": count });
    audit::record(&tx, ctx, "intake.split", ("proposal", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(body: Option<&str>, links: i64) -> LinkedItem {
        LinkedItem { id: 1, body: body.map(str::to_owned), anchor: None, page: None, out_of_scope: None, links }
    }

    #[test]
    fn what_a_row_gathers_stays_what_it_is() {
        let parts = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert!(keeps_links(&[item(None, 1)], &parts(&["甲", "乙"])));
        assert!(keeps_links(&[item(Some("甲"), 1), item(Some("乙"), 0)], &parts(&["甲", "丙", "丁"])));
        assert!(!keeps_links(&[item(Some("甲"), 0), item(Some("乙"), 1)], &parts(&["甲"])));
        assert!(!keeps_links(&[item(Some("甲"), 1)], &parts(&["甲と少し"])));
        let outside = LinkedItem { out_of_scope: Some("対象外".to_owned()), ..item(Some("乙"), 0) };
        assert!(!keeps_links(&[item(Some("甲"), 0), outside], &parts(&["甲"])));
    }
}
