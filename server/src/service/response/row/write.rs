//! The writes of saving a row, after everything was checked.

use std::collections::HashSet;

use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};

use super::{
    is_verbatim, refresh_verbatim,
    save::{Answer, Clean, SETTLED},
};
use crate::{
    ctx::Ctx,
    entity::{summary, ward_view},
    error::Result,
    repository,
};

/// Writes the row's own answer; nothing when there is nothing to write, and nothing anew when it says the same.
pub(super) async fn put_answer<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    consultation: i64,
    old: Option<&ward_view::Model>,
    answer: &Answer,
) -> Result<Option<i64>> {
    let is_empty = answer.text.is_empty() && answer.disposition.is_none() && answer.reason.is_empty();
    if old.is_none() && is_empty {
        return Ok(None);
    }
    let same = |o: &&ward_view::Model| {
        let o = Answer {
            text: o.text.clone(),
            disposition: o.disposition.clone(),
            reason: o.reason.clone(),
            settled: o.state == SETTLED,
        };
        o == *answer
    };
    if let Some(old) = old.filter(same) {
        return Ok(Some(old.id));
    }
    let actor = ctx.actor()?.id.0;
    let mut row = ward_view::ActiveModel {
        consultation_id: Set(consultation),
        text: Set(answer.text.clone()),
        disposition: Set(answer.disposition.clone()),
        reason: Set(answer.reason.clone()),
        state: Set(if answer.settled { SETTLED } else { "draft" }.to_owned()),
        settled_by: Set(answer.settled.then_some(actor)),
        settled_at: Set(answer.settled.then_some(ctx.now)),
        version: Set(old.map_or(1, |o| o.version + 1)),
        updated_at: Set(ctx.now),
        updated_by: Set(actor),
        ..Default::default()
    };
    let saved = match old {
        Some(old) => {
            row.id = Unchanged(old.id);
            repository::response::update_ward_view(tx, row).await?
        }
        None => repository::response::insert_ward_view(tx, row).await?,
    };
    Ok(Some(saved.id))
}

/// Writes the row itself and its links; nothing when it is as it was. Who wrote the 要旨 is who changed its text or what
/// it gathers: whoever only writes the answer may still confirm it.
pub(super) async fn put_summary<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    theme: i64,
    old: Option<&summary::Model>,
    clean: &Clean,
    ward_view: Option<i64>,
) -> Result<i64> {
    let actor = ctx.actor()?.id.0;
    let moved = old.is_none_or(|o| o.chapter_id != clean.chapter);
    let position = if moved { repository::row::last_position(tx, clean.chapter).await? + 1 } else { 0 };
    let Some(old) = old else {
        let new = summary::ActiveModel {
            consultation_id: Set(theme),
            chapter_id: Set(clean.chapter),
            ward_view_id: Set(ward_view),
            position: Set(position),
            text: Set(clean.text.clone()),
            version: Set(1),
            verbatim: Set(0),
            updated_at: Set(ctx.now),
            updated_by: Set(actor),
            ..Default::default()
        };
        let made = repository::response::insert_summary(tx, new).await?;
        relink(tx, made.id, clean).await?;
        refresh_verbatim(tx, made.id).await?;
        return Ok(made.id);
    };
    let rewritten = old.text != clean.text || !clean.added.is_empty() || !clean.removed.is_empty();
    if !rewritten && !moved && old.ward_view_id == ward_view {
        return Ok(old.id);
    }
    relink(tx, old.id, clean).await?;
    let mut changes = summary::ActiveModel {
        id: Unchanged(old.id),
        ward_view_id: Set(ward_view),
        version: Set(old.version + 1),
        ..Default::default()
    };
    if moved {
        changes.chapter_id = Set(clean.chapter);
        changes.position = Set(position);
    }
    if rewritten {
        changes.text = Set(clean.text.clone());
        changes.verbatim = Set(i64::from(is_verbatim(tx, old.id, &clean.text).await?));
        changes.confirmed_by = Set(None);
        changes.confirmed_at = Set(None);
        changes.updated_at = Set(ctx.now);
        changes.updated_by = Set(actor);
    }
    repository::response::update_summary(tx, changes).await?;
    Ok(old.id)
}

/// Links what came and takes out what went. An opinion that another row counts is only repeated here (再掲); one that
/// goes while other rows repeat it is counted in the first of them, so that none is lost from the count.
async fn relink<C: ConnectionTrait>(tx: &C, row: i64, clean: &Clean) -> Result<()> {
    let added: Vec<i64> = clean.added.iter().copied().collect();
    let elsewhere = repository::row::links_elsewhere(tx, row, &added).await?;
    let counted: HashSet<i64> = elsewhere.iter().filter(|l| l.again == 0).map(|l| l.opinion_item_id).collect();
    repository::row::link(tx, row, &clean.added, &counted).await?;
    let removed: Vec<i64> = clean.removed.iter().copied().collect();
    let others = repository::row::links_elsewhere(tx, row, &removed).await?;
    repository::row::unlink(tx, row, &clean.removed).await?;
    let mut counted: HashSet<i64> = others.iter().filter(|l| l.again == 0).map(|l| l.opinion_item_id).collect();
    for link in others {
        if counted.insert(link.opinion_item_id) {
            repository::row::count_here(tx, link.summary_id, link.opinion_item_id).await?;
        }
    }
    Ok(())
}
