//! What opinions change in the draft (修正箇所): before, after, why, and the rows that caused it.
//! 行政手続法43条1項4号 asks for the difference between the draft and what was decided.

use std::collections::BTreeMap;

use domain::{
    FieldErrors, Problem,
    document::{self, Compared},
    draft_text::BlockKind,
    permission::ConsultationAction,
    text,
};
use sea_orm::{
    ActiveValue::{NotSet, Unchanged},
    ConnectionTrait, Set,
};
use serde_json::json;

use super::{
    Checked,
    consultation::{Loaded, Saved, for_staff},
    document::stored_blocks,
};
use crate::{
    audit,
    ctx::Ctx,
    entity::plan_change,
    error::{AppError, Result},
    repository::{
        self,
        draft::Version,
        plan_change::{Numbered, numbered},
    },
};

/// Longest place in graphemes.
pub const PLACE_MAX: usize = 200;
/// Longest text before or after, and longest reason.
pub const TEXT_MAX: usize = 8000;

/// The changes of a theme with the rows that caused them.
#[derive(Clone, Debug)]
pub struct PlanChanges {
    /// The theme.
    pub theme: Loaded,
    /// The changes in order.
    pub changes: Vec<plan_change::Model>,
    /// The rows that caused each, as ids.
    pub rows: BTreeMap<i64, Vec<i64>>,
    /// Names of rows by id.
    pub names: BTreeMap<i64, String>,
}

/// The changes of a theme.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn list(ctx: &Ctx, id: i64) -> Result<PlanChanges> {
    let theme = for_staff(ctx, id, ConsultationAction::ReadQueue).await?;
    let changes = repository::plan_change::list(ctx.db(), id).await?;
    let ids: Vec<i64> = changes.iter().map(|c| c.id).collect();
    let rows = repository::plan_change::rows(ctx.db(), &ids).await?;
    let names = names(&numbered(ctx.db(), id).await?);
    Ok(PlanChanges { theme, changes, rows, names })
}

fn names(rows: &[Numbered]) -> BTreeMap<i64, String> {
    rows.iter().map(|r| (r.id, r.name())).collect()
}

/// A paragraph that differs between two versions of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The heading it stands under.
    pub place: String,
    /// What it said; empty for a new one.
    pub before: String,
    /// What it says; empty for one that is gone.
    pub after: String,
}

/// What the newest version of the draft's own text changed since the first one, paragraph by paragraph; nothing while there
/// are not two versions.
///
/// # Errors
/// When the database is away.
pub async fn differences(ctx: &Ctx, id: i64) -> Result<Vec<Difference>> {
    let versions: Vec<Version> = repository::draft::texts(ctx.db(), id).await?;
    let Some(newest) = versions.first() else { return Ok(vec![]) };
    let Some(first) = versions.iter().rev().find(|v| v.document_id == newest.document_id && v.id != newest.id) else {
        return Ok(vec![]);
    };
    let (new, old) = repository::draft::blocks_of_two(ctx.db(), newest.id, first.id).await?;
    let (new, old) = (stored_blocks(new), stored_blocks(old));
    let compared =
        tokio::task::spawn_blocking(move || document::compare(&old, &new)).await.map_err(anyhow::Error::from)?;
    let mut heading = String::new();
    let mut found = Vec::new();
    for line in compared {
        match line {
            Compared::Here { block, change, before } => {
                if matches!(block.kind, BlockKind::Heading(_)) {
                    heading.clone_from(&block.text);
                }
                match (change, before) {
                    (_, Some(before)) => found.push(Difference { place: heading.clone(), before, after: block.text }),
                    (domain::draft_text::Change::Added, None) => {
                        found.push(Difference { place: heading.clone(), before: String::new(), after: block.text });
                    }
                    _ => {}
                }
            }
            Compared::Removed(block) => {
                found.push(Difference { place: heading.clone(), before: block.text, after: String::new() });
            }
        }
    }
    Ok(found)
}

/// A change as entered.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Where in the draft.
    pub place: String,
    /// 修正前.
    pub before: String,
    /// 修正後.
    pub after: String,
    /// 修正理由.
    pub reason: String,
    /// Names of rows, 「1-2、2-3」.
    pub rows: String,
    /// The version the page showed.
    pub version: i64,
}

struct Clean {
    place: String,
    before: String,
    after: String,
    reason: String,
    rows: Vec<i64>,
}

fn check(input: &Input, known: &[Numbered]) -> Checked<Clean> {
    let mut errors = FieldErrors::new();
    let place = errors.take("place", text::required_line(&input.place, PLACE_MAX));
    let before = errors.take("before", text::optional(&input.before, TEXT_MAX)).unwrap_or_default();
    let after = errors.take("after", text::optional(&input.after, TEXT_MAX)).unwrap_or_default();
    if errors.of("before").is_none() && errors.of("after").is_none() && before == after {
        errors.push("after", if after.is_empty() { Problem::Required } else { Problem::SameText });
    }
    let reason = errors.take("reason", text::required(&input.reason, TEXT_MAX));
    let rows = errors.take("rows", row_ids(&input.rows, known));
    errors.into_result(Clean { place, before, after, reason, rows })
}

/// The rows that are named: 「1-2、2-3」, also 「No.1-2」 and full-width.
///
/// # Errors
/// [`Problem::UnknownChoice`] when a name is none of a row, [`Problem::Required`] when there is no name.
pub fn row_ids(typed: &str, known: &[Numbered]) -> std::result::Result<Vec<i64>, Problem> {
    let folded = text::fold(typed).to_lowercase().replace("no.", " ").replace(['−', '‐', '–', 'ー'], "-");
    let mut ids = Vec::new();
    for name in folded.split(|c: char| !c.is_ascii_digit() && c != '-').filter(|name| !name.is_empty()) {
        let row = known.iter().find(|row| row.name() == name).ok_or(Problem::UnknownChoice)?;
        if !ids.contains(&row.id) {
            ids.push(row.id);
        }
    }
    if ids.is_empty() { Err(Problem::Required) } else { Ok(ids) }
}

async fn own<C: ConnectionTrait>(db: &C, theme: i64, id: i64) -> Result<plan_change::Model> {
    repository::plan_change::by_id(db, id).await?.filter(|c| c.consultation_id == theme).ok_or(AppError::NotFound)
}

/// One change for its form, with the names of its rows.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn one(ctx: &Ctx, theme: i64, id: i64) -> Result<(Loaded, plan_change::Model, String)> {
    let loaded = for_staff(ctx, theme, ConsultationAction::DraftResponses).await?;
    let change = own(ctx.db(), theme, id).await?;
    let rows = repository::plan_change::rows(ctx.db(), &[id]).await?.remove(&id).unwrap_or_default();
    let names = names(&numbered(ctx.db(), theme).await?);
    let names: Vec<String> = rows.iter().filter_map(|row| names.get(row).cloned()).collect();
    Ok((loaded, change, names.join("、")))
}

/// Saves a change, new (`None`) or known.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`]. Inner: what is wrong.
pub async fn put(ctx: &Ctx, theme: i64, id: Option<i64>, input: &Input) -> Result<Checked<Saved>> {
    for_staff(ctx, theme, ConsultationAction::DraftResponses).await?;
    let tx = ctx.write().await?;
    repository::consultation::by_id_locked(&tx, theme).await?.ok_or(AppError::NotFound)?;
    let clean = match check(input, &numbered(&tx, theme).await?) {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    let old = match id {
        Some(id) => Some(own(&tx, theme, id).await?),
        None => None,
    };
    if let Some(old) = old.as_ref().filter(|old| old.version != input.version) {
        return Ok(Ok(Saved::Stale(old.version)));
    }
    let position = match &old {
        Some(old) => old.position,
        None => repository::plan_change::list(&tx, theme).await?.last().map_or(1, |last| last.position + 1),
    };
    let row = plan_change::ActiveModel {
        id: id.map_or(NotSet, Unchanged),
        consultation_id: Set(theme),
        position: Set(position),
        place: Set(clean.place),
        before_text: Set(clean.before),
        after_text: Set(clean.after),
        reason: Set(clean.reason),
        version: Set(old.map_or(1, |old| old.version + 1)),
        updated_at: Set(ctx.now),
        updated_by: Set(ctx.actor()?.id.0),
    };
    let saved = repository::plan_change::put(&tx, row).await?;
    repository::plan_change::set_rows(&tx, saved.id, &clean.rows).await?;
    let detail = json!({ "plan_change": saved.id, "rows": clean.rows.len() });
    audit::record(&tx, ctx, "plan_change.save", ("consultation", theme), detail).await?;
    tx.commit().await?;
    Ok(Ok(Saved::Done))
}

/// Deletes a change. What was published keeps it until a new version comes out.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn delete(ctx: &Ctx, theme: i64, id: i64) -> Result<()> {
    for_staff(ctx, theme, ConsultationAction::DraftResponses).await?;
    let tx = ctx.write().await?;
    let old = own(&tx, theme, id).await?;
    repository::plan_change::delete(&tx, id).await?;
    let detail = json!({ "plan_change": id, "place": old.place });
    audit::record(&tx, ctx, "plan_change.delete", ("consultation", theme), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves a change one place up or down.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn shift(ctx: &Ctx, theme: i64, id: i64, up: bool) -> Result<()> {
    for_staff(ctx, theme, ConsultationAction::DraftResponses).await?;
    let tx = ctx.write().await?;
    repository::consultation::by_id_locked(&tx, theme).await?.ok_or(AppError::NotFound)?;
    own(&tx, theme, id).await?;
    let all = repository::plan_change::list(&tx, theme).await?;
    let place = all.iter().position(|c| c.id == id).unwrap_or_default();
    let other = if up { place.checked_sub(1) } else { Some(place + 1) };
    if let (Some(this), Some(other)) = (all.get(place), other.and_then(|o| all.get(o))) {
        for (row, position) in [(this, other.position), (other, this.position)] {
            let changes =
                plan_change::ActiveModel { id: Unchanged(row.id), position: Set(position), ..Default::default() };
            repository::plan_change::put(&tx, changes).await?;
        }
        audit::record(&tx, ctx, "plan_change.move", ("consultation", theme), json!({ "plan_change": id })).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_named_as_people_write() {
        let known: Vec<Numbered> = [(11, 1, 2), (12, 1, 12), (21, 2, 3)]
            .into_iter()
            .map(|(id, chapter, number)| Numbered { id, chapter, number, ward_view_id: None })
            .collect();
        for (typed, ids) in [
            ("1-2", vec![11]),
            ("No.1-2、2-3", vec![11, 21]),
            ("１－２，１−１２　２-３", vec![11, 12, 21]),
            ("1-2 1-2", vec![11]),
        ] {
            assert_eq!(row_ids(typed, &known), Ok(ids), "{typed}");
        }
        assert_eq!(row_ids("", &known), Err(Problem::Required));
        assert_eq!(row_ids("1-3", &known), Err(Problem::UnknownChoice));
        assert_eq!(row_ids("2", &known), Err(Problem::UnknownChoice));
    }
}
