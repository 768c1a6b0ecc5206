//! Writing a row and its answer.

use std::collections::BTreeSet;

use domain::{FieldErrors, Problem, text};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{
    super::{
        begin,
        journal::{Kind, Label, Recorder, Touched},
    },
    Access, RowInput, Settling, TEXT_MAX, access, check_personal, is_given,
    write::{put_answer, put_summary},
};
use crate::{
    audit,
    ctx::Ctx,
    entity::ward_view,
    error::{AppError, Result},
    repository::{self, row::Record},
    service::{Checked, consultation::Loaded},
};

/// What came of saving a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSaved {
    /// Saved; the row's id.
    Done(i64),
    /// Somebody else saved first: nothing is written.
    Stale,
}

/// Whose answer a row has.
#[derive(Clone, Debug)]
enum Target {
    /// One of its own, to be written: the one it has, or a new one.
    Own(Option<ward_view::Model>),
    /// Another row's: it stays as it is.
    Shared(ward_view::Model),
}

/// A row that was checked.
#[derive(Debug)]
pub(super) struct Clean {
    pub chapter: i64,
    pub text: String,
    /// Items to link.
    pub added: BTreeSet<i64>,
    /// Items to take out.
    pub removed: BTreeSet<i64>,
    target: Target,
    answer: Answer,
}

/// An answer that was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub text: String,
    pub disposition: Option<String>,
    pub reason: String,
    pub settled: bool,
}

/// Saves a row, new (`None`) or changed. When somebody else saved first, nothing is written and the page shows both.
/// Who may write the answer only changes nothing else.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong.
pub async fn put_row(ctx: &Ctx, id: i64, row: Option<i64>, input: &RowInput) -> Result<Checked<RowSaved>> {
    let allowed = access(ctx, id, row).await?;
    let (tx, consultation) = begin(ctx, id).await?;
    let old = match row {
        Some(row) => Some(repository::row::record(&tx, id, row).await?.ok_or(AppError::NotFound)?),
        None => None,
    };
    let now = Access { consultation, record: old, whole: allowed.whole };
    if !now.whole && !is_given(ctx, now.record.as_ref()) {
        // It was given to somebody else in the meantime.
        return Err(AppError::Forbidden);
    }
    let clean = match check(&tx, &now, input).await? {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    if is_stale(now.record.as_ref(), &clean.target, input.versions) {
        return Ok(Ok(RowSaved::Stale));
    }
    let items: Vec<i64> = clean.added.iter().chain(&clean.removed).copied().collect();
    let mut touched = Touched::default().items(&items);
    if let Some(record) = &now.record {
        touched = touched.row(record.summary.id);
    }
    let journal = Recorder::begin(&tx, id, touched).await?;
    let ward_view = match &clean.target {
        Target::Shared(other) => Some(other.id),
        Target::Own(old) => put_answer(&tx, ctx, id, old.as_ref(), &clean.answer).await?,
    };
    let saved = put_summary(&tx, ctx, id, now.record.as_ref().map(|r| &r.summary), &clean, ward_view).await?;
    if let Some(old) = now.record.as_ref().and_then(|r| r.summary.ward_view_id).filter(|old| Some(*old) != ward_view)
        && !repository::row::is_used(&tx, old).await?
    {
        repository::response::delete_ward_view(&tx, old).await?;
    }
    let name = repository::row::name(&tx, id, saved).await?;
    journal.finish(&tx, ctx, Kind::RowSave, &Label::of(name, items.len())).await?;
    let detail = json!({
        "row": saved, "added": clean.added.len(), "removed": clean.removed.len(), "settled": clean.answer.settled,
    });
    audit::record(&tx, ctx, "row.save", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(RowSaved::Done(saved)))
}

/// Somebody else changed the row, or the answer that the page showed, since.
fn is_stale(old: Option<&Record>, target: &Target, versions: (i64, i64)) -> bool {
    let row = old.is_some_and(|o| o.summary.version != versions.0);
    // An answer is only written over when the page showed it.
    let answer = match target {
        Target::Own(Some(answer)) => answer.version != versions.1,
        _ => false,
    };
    row || answer
}

async fn check<C: ConnectionTrait>(tx: &C, now: &Access, input: &RowInput) -> Result<Checked<Clean>> {
    let mut errors = FieldErrors::new();
    let theme = now.consultation.row.id;
    let old = now.record.as_ref();
    let (chapter, text) = match old {
        Some(old) if !now.whole => (old.summary.chapter_id, old.summary.text.clone()),
        _ => {
            let chapters = repository::row::chapters(tx, theme).await?;
            let chapter = input.chapter.parse::<i64>().ok().filter(|id| chapters.iter().any(|c| c.id == *id));
            if chapter.is_none() {
                errors.push("chapter", Problem::ChoiceRequired);
            }
            (chapter.unwrap_or_default(), errors.take("text", text::required(&input.text, TEXT_MAX)))
        }
    };
    let (added, removed) =
        if now.whole { items(tx, theme, old, input, &mut errors).await? } else { Default::default() };
    let target = target(tx, now, input, &mut errors).await?;
    let answer = Answer {
        text: errors.take("answer", text::optional(&input.answer, TEXT_MAX)).unwrap_or_default(),
        disposition: Some(input.disposition.clone()).filter(|d| !d.is_empty()),
        reason: errors.take("reason", text::optional(&input.reason, TEXT_MAX)).unwrap_or_default(),
        settled: match (input.settling, &target) {
            (Settling::Settle, _) => true,
            (Settling::Keep, Target::Own(Some(old))) => old.state == SETTLED,
            (Settling::Keep | Settling::Draft, _) => false,
        },
    };
    match &target {
        Target::Shared(other) => {
            let mine = old.and_then(|o| o.answer.as_ref()).map(|a| a.text.as_str());
            let typed = Some(answer.text.as_str()).filter(|t| !t.is_empty() && *t != other.text && Some(*t) != mine);
            if typed.is_some() && !input.drop_answer {
                errors.push("drop_answer", Problem::ChoiceRequired);
            }
        }
        Target::Own(_) => check_answer(&now.consultation, &answer, &text, input.not_personal, &mut errors),
    }
    Ok(errors.into_result(Clean { chapter, text, added, removed, target, answer }))
}

/// The state of an answer that is settled.
pub(super) const SETTLED: &str = "settled";

/// What a settled answer needs. A draft needs nothing, but nothing that doesn't exist either.
fn check_answer(theme: &Loaded, answer: &Answer, summary: &str, not_personal: bool, errors: &mut FieldErrors) {
    let used = answer.disposition.as_deref().map(|code| theme.dispositions.find(code));
    if matches!(used, Some(None)) {
        errors.push("disposition", Problem::UnknownChoice);
    }
    if !answer.settled {
        return;
    }
    if answer.text.is_empty() {
        errors.push("answer", Problem::Required);
    }
    if used.is_none() && !theme.dispositions.is_empty() {
        errors.push("disposition", Problem::ChoiceRequired);
    }
    if answer.reason.is_empty() && used.flatten().is_some_and(|d| d.reason_required) {
        errors.push("reason", Problem::Required);
    }
    check_personal(errors, &[summary, &answer.text, &answer.reason], not_personal);
}

/// Which items come to the row and which go.
async fn items<C: ConnectionTrait>(
    tx: &C,
    theme: i64,
    old: Option<&Record>,
    input: &RowInput,
    errors: &mut FieldErrors,
) -> Result<(BTreeSet<i64>, BTreeSet<i64>)> {
    let chosen: BTreeSet<i64> = input.items.iter().copied().collect();
    let linked: BTreeSet<i64> = match old {
        Some(old) => {
            repository::row::links(tx, old.summary.id).await?.into_iter().map(|link| link.opinion_item_id).collect()
        }
        None => BTreeSet::new(),
    };
    let added: Vec<i64> = chosen.difference(&linked).copied().collect();
    let known = repository::row::items_by_id(tx, theme, &added).await?;
    if known.len() != added.len() {
        errors.push("items", Problem::UnknownChoice);
    }
    let removed = input.shown.iter().copied().filter(|item| linked.contains(item) && !chosen.contains(item)).collect();
    Ok((known.into_iter().map(|item| item.id).collect(), removed))
}

/// Whose answer the row is to have.
async fn target<C: ConnectionTrait>(
    tx: &C,
    now: &Access,
    input: &RowInput,
    errors: &mut FieldErrors,
) -> Result<Target> {
    let theme = now.consultation.row.id;
    let own = now.record.as_ref().and_then(|r| r.answer.clone());
    if !now.whole {
        return Ok(Target::Own(own));
    }
    let (field, chosen) = if input.share_row.trim().is_empty() {
        let Ok(chosen) = input.ward_view.parse::<i64>() else {
            // Its own: a shared answer stays with the others.
            let shared = match (&own, &now.record) {
                (Some(own), Some(record)) => repository::row::is_shared(tx, own.id, record.summary.id).await?,
                _ => false,
            };
            return Ok(Target::Own(own.filter(|_| !shared)));
        };
        ("ward_view", Some(chosen))
    } else {
        match named(tx, theme, &input.share_row).await? {
            None => ("share_row", None),
            Some((row, _)) if now.record.as_ref().is_some_and(|r| r.summary.id == row) => return Ok(Target::Own(own)),
            Some((_, None)) => {
                errors.push("share_row", Problem::AnswerFirst);
                ("share_row", None)
            }
            Some((_, answer)) => ("share_row", answer),
        }
    };
    if own.as_ref().is_some_and(|own| Some(own.id) == chosen) {
        return Ok(Target::Own(own));
    }
    let found = match chosen {
        Some(chosen) => repository::row::answer(tx, chosen).await?.filter(|answer| answer.consultation_id == theme),
        None => None,
    };
    let Some(found) = found else {
        errors.push(field, Problem::UnknownChoice);
        return Ok(Target::Own(own));
    };
    if found.text.is_empty() {
        errors.push(field, Problem::AnswerFirst);
    }
    Ok(Target::Shared(found))
}

/// The row of a name as people type it: 「1-2」, 「No.1-2」, 「１－２」.
async fn named<C: ConnectionTrait>(tx: &C, theme: i64, typed: &str) -> Result<Option<(i64, Option<i64>)>> {
    let Some(name) = read_name(typed) else { return Ok(None) };
    Ok(repository::row::by_name(tx, theme, name).await?)
}

fn read_name(typed: &str) -> Option<(i64, i64)> {
    let folded = text::fold(typed);
    let plain = folded.strip_prefix("no").unwrap_or(&folded).trim_start_matches(['.', ' ']);
    let (chapter, number) = plain.split_once(['-', '‐', '–', '−', 'ー', '―'])?;
    Some((chapter.trim().parse().ok()?, number.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_rows_are_read_as_people_type_them() {
        for typed in ["1-2", " No.1-2 ", "NO. 1-2", "１－２", "1ー2", "１−２", "1 - 2"] {
            assert_eq!(read_name(typed), Some((1, 2)), "{typed}");
        }
        for bad in ["", "1", "1-", "a-b", "1-2-3", "--"] {
            assert_eq!(read_name(bad), None, "{bad}");
        }
    }
}
