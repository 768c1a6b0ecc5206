//! What was answered before: the index of published rows, and finding in it what resembles an opinion.
//!
//! The index holds the rows of the newest public version of every theme and nothing else, so that everything found here
//! is public already. It follows publications by a job.

use std::collections::HashMap;

use documents::ResponseTable;
use domain::{
    Millis,
    permission::{SiteAction, site},
    similarity,
};

use super::{consultation::Loaded, response};
use crate::{
    ctx::Ctx,
    error::Result,
    repository::{
        self,
        past_answer::{Entry, Found},
    },
};

/// So many versions are indexed in one run of the job; the others follow a minute later.
const VERSIONS_AT_ONCE: u64 = 20;
/// So many terms of a text are looked up.
const TERMS_ASKED: usize = 48;
/// So many rows that share terms are compared.
const CANDIDATES: u64 = 200;
/// So many words a search may have.
const WORDS_MAX: usize = 8;
/// Rows on a page of the search.
pub const PAGE: usize = 20;

/// Puts what has become public into the index, in the place of the theme's earlier version.
///
/// # Errors
/// When the database is away, or a stored table can't be read.
pub async fn index_due(ctx: &Ctx) -> Result<()> {
    for (version, theme) in repository::past_answer::due(ctx.db(), ctx.now, VERSIONS_AT_ONCE).await? {
        if !Loaded::new(theme, ctx.now).phase.has_result() {
            continue;
        }
        let rows = entries(&response::parse(&version)?);
        // A result without opinions leaves nothing to index, and perhaps an earlier version to take out.
        if rows.is_empty() && !repository::past_answer::has_any(ctx.db(), version.consultation_id).await? {
            continue;
        }
        let tx = ctx.write().await?;
        repository::consultation::by_id_locked(&tx, version.consultation_id).await?;
        // Another process may have been first, or a still newer version be there by now.
        let due = repository::past_answer::due(&tx, ctx.now, u64::MAX).await?;
        if due.iter().any(|(other, _)| other.id == version.id) {
            repository::past_answer::replace(&tx, &version, &rows).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// The answered rows of a table.
fn entries(table: &ResponseTable) -> Vec<Entry> {
    table
        .rows()
        .filter(|flat| !flat.group.answer.is_empty())
        .map(|flat| Entry {
            number: format!("{}-{}", flat.chapter_index + 1, flat.row.number),
            text: flat.row.text.clone(),
            answer: flat.group.answer.clone(),
            disposition: table.disposition_of(flat.group).map(documents::DispositionLabel::printed),
            department: flat.group.department.clone().unwrap_or_else(|| table.consultation.department.clone()),
            summary: flat.row.summary_id,
            ward_view: flat.group.ward_view_id,
            terms: similarity::terms(&format!("{}\n{}", flat.row.text, flat.group.answer)),
        })
        .collect()
}

/// A published row that resembles a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The row.
    pub row: Found,
    /// How much it resembles, to 1.
    pub score: f64,
    /// Words both have.
    pub words: Vec<String>,
}

/// At most `most` published rows whose opinion (or else answer) resembles a text, the best first; without the row
/// `but` itself. One statement.
///
/// # Errors
/// When the database is away.
pub async fn resembling(ctx: &Ctx, text: &str, but: i64, most: usize) -> Result<Vec<Past>> {
    let mut terms = similarity::terms(text);
    terms.truncate(TERMS_ASKED);
    let candidates = repository::past_answer::sharing(ctx.db(), &terms, but, ctx.now, CANDIDATES).await?;
    Ok(rank(text, candidates, most))
}

fn rank(text: &str, candidates: Vec<Found>, most: usize) -> Vec<Past> {
    let opinions: Vec<(i64, &str)> = candidates.iter().map(|c| (c.id, c.text.as_str())).collect();
    let answers: Vec<(i64, &str)> = candidates.iter().map(|c| (c.id, c.answer.as_str())).collect();
    let mut best = similarity::resembling(text, &opinions, most);
    let others = similarity::resembling(text, &answers, candidates.len());
    let missing = most.saturating_sub(best.len());
    let more: Vec<_> = others.into_iter().filter(|o| !best.iter().any(|b| b.id == o.id)).take(missing).collect();
    best.extend(more);
    let mut rows: HashMap<i64, Found> = candidates.into_iter().map(|c| (c.id, c)).collect();
    best.into_iter()
        .filter_map(|b| rows.remove(&b.id).map(|row| Past { row, score: b.score, words: b.words }))
        .collect()
}

/// One published row; `None` when it isn't there any more.
///
/// # Errors
/// When the database is away.
pub async fn find(ctx: &Ctx, id: i64) -> Result<Option<Found>> {
    Ok(repository::past_answer::by_id(ctx.db(), id, ctx.now).await?)
}

/// One page of a search in all published answers, the newest first, and where the next page begins.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden) for those who are no staff.
pub async fn search(ctx: &Ctx, q: &str, after: Option<(Millis, i64)>) -> Result<(Vec<Found>, Option<(Millis, i64)>)> {
    ctx.allow(site(ctx.role(), SiteAction::OpenConsole))?;
    let words: Vec<String> = q.split_whitespace().take(WORDS_MAX).map(str::to_owned).collect();
    let limit = u64::try_from(PAGE + 1).unwrap_or(u64::MAX);
    let mut rows = repository::past_answer::search(ctx.db(), &words, after, ctx.now, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|last| (last.published_at, last.id));
    Ok((rows, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(id: i64, text: &str, answer: &str) -> Found {
        Found {
            id,
            number: "1-1".to_owned(),
            text: text.to_owned(),
            answer: answer.to_owned(),
            disposition: None,
            department: "公園課".to_owned(),
            consultation_id: 1,
            title: "計画".to_owned(),
            slug: "plan".to_owned(),
            summary_id: id,
            published_at: 0,
        }
    }

    #[test]
    fn opinions_that_resemble_come_before_answers_that_do() {
        let rows = vec![
            found(1, "図書館の開館時間を延ばしてほしい。", "公園のベンチは、来年度に設置します。"),
            found(2, "公園にベンチを増やしてほしい。", "設置します。"),
            found(3, "保育園の入園の申込みを簡単に。", "申込みは電子申請でできます。"),
        ];
        let best = rank("公園のベンチを増やしてください。", rows, 5);
        let ids: Vec<i64> = best.iter().map(|b| b.row.id).collect();
        assert_eq!(ids.first(), Some(&2));
        assert!(!ids.contains(&3), "{ids:?}");
        assert!(best.first().is_some_and(|b| b.words.contains(&"ベンチ".to_owned())));
    }
}
