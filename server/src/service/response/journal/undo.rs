//! Taking a change back.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Millis, permission::ConsultationAction};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{
    Label,
    change::{Change, Entry, Kept, Reach},
};
use crate::{
    audit,
    ctx::Ctx,
    database::WriteTransaction,
    entity::{
        chapter, desk_change, opinion_item, plan_change_summary, referral, summary, summary_item, summary_routing,
        ward_view,
    },
    error::{AppError, Result},
    repository::{
        self,
        desk::journal::{self as store, State, Watched},
    },
    service::{consultation::for_staff, response::begin, submission::Recount},
};

/// What came of taking a change back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undone {
    /// Everything is as it was before.
    Done,
    /// It was taken back already.
    Already,
    /// Something of it was changed since: nothing was done.
    ChangedSince {
        /// The code of what was done since; empty when it was nothing that the journal keeps.
        kind: String,
        /// To what.
        label: Label,
        /// By whom; may be empty.
        name: String,
        /// When; 0 when it isn't known.
        at: Millis,
    },
}

/// Takes a change back: exactly what was before, with the same ids, and the counts with it. Not when something since
/// touched the same rows of the desk.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn undo(ctx: &Ctx, id: i64, change: i64) -> Result<Undone> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let actor = ctx.actor()?.id.0;
    let (tx, _) = begin(ctx, id).await?;
    let row = store::change(&tx, change).await?.filter(|c| c.consultation_id == id).ok_or(AppError::NotFound)?;
    if row.undone_at.is_some() {
        return Ok(Undone::Already);
    }
    let recorded: Change = serde_json::from_str(&row.changes).map_err(anyhow::Error::from)?;
    if let Some(since) = changed_since(&tx, &row, &recorded.reach()).await? {
        return Ok(since);
    }
    let current = current(&tx, &recorded).await?;
    if !stands(&recorded, &current) || !fits(&tx, id, &recorded, &current).await? {
        return unknown_change(&tx, &recorded, &current).await;
    }
    let submitters = submitters(&tx, &recorded).await?;
    let submitters: Vec<&str> = submitters.iter().map(String::as_str).collect();
    let recount = Recount::begin(&tx, id, &submitters).await?;
    restore(&tx, &recorded, &current).await?;
    recount.finish(&tx).await?;
    // Rows that only gather something else now are out of date on open pages as well.
    store::outdate(&tx, &recorded.reach().rows).await?;
    store::set_undone(&tx, change, actor, ctx.now).await?;
    audit::record(&tx, ctx, "desk.undo", ("consultation", id), json!({ "change": change, "kind": row.kind })).await?;
    tx.commit().await?;
    Ok(Undone::Done)
}

/// The latest change since that is about the same rows.
async fn changed_since<C: ConnectionTrait>(db: &C, row: &desk_change::Model, reach: &Reach) -> Result<Option<Undone>> {
    for later in store::later(db, row.consultation_id, row.id).await? {
        let change: Change = serde_json::from_str(&later.changes).map_err(anyhow::Error::from)?;
        if !change.reach().meets(reach) {
            continue;
        }
        let by = repository::account::by_id(db, later.created_by).await?;
        return Ok(Some(Undone::ChangedSince {
            kind: later.kind,
            label: Label::read(&later.label),
            name: by.map(|a| a.display_name).unwrap_or_default(),
            at: later.created_at,
        }));
    }
    Ok(None)
}

/// Something the journal doesn't keep is in the way: who wrote one of the rows last is the nearest that is known.
async fn unknown_change<C: ConnectionTrait>(db: &C, recorded: &Change, current: &State) -> Result<Undone> {
    let rows = recorded.rows.iter().filter_map(|e| e.after.as_ref()).filter_map(|after| {
        current
            .rows
            .get(&after.id)
            .filter(|now| now.version != after.version)
            .map(|now| (now.updated_at, now.updated_by))
    });
    let answers = recorded.answers.iter().filter_map(|e| e.after.as_ref()).filter_map(|after| {
        let now = current.answers.get(&after.id).filter(|now| now.version != after.version);
        now.map(|now| (now.updated_at, now.updated_by))
    });
    let last = rows.chain(answers).max();
    let by = match last {
        Some((_, by)) => repository::account::by_id(db, by).await?,
        None => None,
    };
    Ok(Undone::ChangedSince {
        kind: String::new(),
        label: Label::default(),
        name: by.map(|a| a.display_name).unwrap_or_default(),
        at: last.map_or(0, |(at, _)| at),
    })
}

/// What is there now of what a change is about.
async fn current<C: ConnectionTrait>(db: &C, recorded: &Change) -> Result<State> {
    let reach = recorded.reach();
    let hanging: BTreeSet<i64> = (recorded.rows.iter().filter_map(Entry::any).map(|r| r.id))
        .chain(recorded.routings.iter().filter_map(Entry::any).map(|r| r.summary_id))
        .chain(recorded.referrals.iter().filter_map(Entry::any).map(|r| r.summary_id))
        .chain(recorded.causes.iter().filter_map(Entry::any).map(|c| c.summary_id))
        .collect();
    let watched = Watched {
        chapters: reach.chapters,
        heads: reach.rows,
        rows: hanging,
        answers: reach.answers,
        items: reach.items,
        proposals: BTreeSet::new(),
    };
    Ok(store::state(db, &watched).await?)
}

fn all_stand<K: Ord, M: Kept>(entries: &[Entry<M>], current: &BTreeMap<K, M>, key: impl Fn(&M) -> K) -> bool {
    entries.iter().all(|entry| {
        let now = entry.any().and_then(|row| current.get(&key(row)));
        match (&entry.after, now) {
            (None, None) => true,
            (Some(after), Some(now)) => after.stands(entry.before.as_ref(), now),
            _ => false,
        }
    })
}

/// Whether everything still is as the operation left it.
fn stands(recorded: &Change, current: &State) -> bool {
    all_stand(&recorded.chapters, &current.chapters, |c| c.id)
        && all_stand(&recorded.rows, &current.rows, |r| r.id)
        && all_stand(&recorded.answers, &current.answers, |a| a.id)
        && all_stand(&recorded.items, &current.items, |i| i.id)
        && all_stand(&recorded.links, &current.links, |l| (l.summary_id, l.opinion_item_id))
        && all_stand(&recorded.routings, &current.routings, |r| r.id)
        && all_stand(&recorded.referrals, &current.referrals, |r| r.id)
        && all_stand(&recorded.causes, &current.causes, |c| (c.plan_change_id, c.summary_id))
}

fn made<M>(entries: &[Entry<M>], id: impl Fn(&M) -> i64) -> BTreeSet<i64> {
    entries.iter().filter(|e| e.is_made()).filter_map(Entry::any).map(id).collect()
}

/// Whether what was before fits into what else is there now: nothing hangs on what would go, and what would come back
/// finds its place.
async fn fits(tx: &WriteTransaction, consultation: i64, recorded: &Change, current: &State) -> Result<bool> {
    let (rows, items) = (made(&recorded.rows, |r| r.id), made(&recorded.items, |i| i.id));
    let known: BTreeSet<(i64, i64)> =
        recorded.links.iter().filter_map(Entry::any).map(|l| (l.summary_id, l.opinion_item_id)).collect();
    let loose = |l: &summary_item::Model| rows.contains(&l.summary_id) || items.contains(&l.opinion_item_id);
    if current.links.values().any(|l| loose(l) && !known.contains(&(l.summary_id, l.opinion_item_id))) {
        return Ok(false);
    }
    let recorded_routings = made(&recorded.routings, |r| r.id);
    let recorded_referrals = made(&recorded.referrals, |r| r.id);
    let hangs = current.routings.values().any(|r| rows.contains(&r.summary_id) && !recorded_routings.contains(&r.id))
        || current.referrals.values().any(|r| rows.contains(&r.summary_id) && !recorded_referrals.contains(&r.id))
        || current.causes.values().any(|c| rows.contains(&c.summary_id));
    if hangs {
        return Ok(false);
    }
    // Chapters and answers that would go are used by no row that stays in them.
    let (chapters, answers) = (made(&recorded.chapters, |c| c.id), made(&recorded.answers, |a| a.id));
    let leaves = |row: &summary::Model| {
        let before = recorded.rows.iter().find(|e| e.any().is_some_and(|r| r.id == row.id));
        before.is_some_and(|e| {
            e.before.as_ref().is_none_or(|b| {
                !chapters.contains(&b.chapter_id) && b.ward_view_id.is_none_or(|v| !answers.contains(&v))
            })
        })
    };
    if !store::users(tx, &chapters, &answers).await?.iter().all(leaves) {
        return Ok(false);
    }
    finds_place(tx, consultation, recorded, current, &known).await
}

/// Whether chapters, answers, rows and opinions that come back into use are there, and no opinion would be counted twice
/// or while it is out of scope.
async fn finds_place(
    tx: &WriteTransaction,
    consultation: i64,
    recorded: &Change,
    current: &State,
    known: &BTreeSet<(i64, i64)>,
) -> Result<bool> {
    let back: Vec<&summary::Model> = recorded.rows.iter().filter_map(|e| e.before.as_ref()).collect();
    let links: Vec<&summary_item::Model> = recorded.links.iter().filter_map(|e| e.before.as_ref()).collect();
    let restored = |id: &i64| back.iter().any(|r| r.id == *id);
    let items_back: BTreeMap<i64, &opinion_item::Model> =
        recorded.items.iter().filter_map(|e| e.before.as_ref()).map(|i| (i.id, i)).collect();
    let rows_there = |id: &i64| restored(id) || current.rows.contains_key(id);
    let in_scope = |id: &i64| {
        let item = items_back.get(id).copied().or_else(|| current.items.get(id));
        item.is_some_and(|i| i.out_of_scope.is_none())
    };
    let counted_elsewhere = |link: &summary_item::Model| {
        link.again == 0
            && current.links.values().any(|l| {
                l.opinion_item_id == link.opinion_item_id
                    && l.again == 0
                    && !known.contains(&(l.summary_id, l.opinion_item_id))
            })
    };
    let links_fit =
        links.iter().all(|l| rows_there(&l.summary_id) && in_scope(&l.opinion_item_id) && !counted_elsewhere(l));
    if !links_fit {
        return Ok(false);
    }
    let needed = Watched {
        chapters: back.iter().map(|r| r.chapter_id).collect(),
        answers: back.iter().filter_map(|r| r.ward_view_id).collect(),
        ..Watched::default()
    };
    let there = store::state(tx, &needed).await?;
    let comes_back = |id: &i64| recorded.chapters.iter().filter_map(|e| e.before.as_ref()).any(|c| c.id == *id);
    let answer_back = |id: &i64| recorded.answers.iter().filter_map(|e| e.before.as_ref()).any(|a| a.id == *id);
    Ok(needed
        .chapters
        .iter()
        .all(|id| comes_back(id) || there.chapters.get(id).is_some_and(|c| c.consultation_id == consultation))
        && needed.answers.iter().all(|id| answer_back(id) || there.answers.contains_key(id)))
}

/// Whose counts change with the opinions.
async fn submitters<C: ConnectionTrait>(db: &C, recorded: &Change) -> Result<Vec<String>> {
    let proposals: BTreeSet<i64> = recorded.items.iter().filter_map(Entry::any).map(|i| i.proposal_id).collect();
    let mut submitters = BTreeSet::new();
    for id in proposals {
        submitters.extend(repository::proposal::by_id(db, id).await?.map(|p| p.submitter));
    }
    Ok(submitters.into_iter().collect())
}

/// Rows to write and rows that are new, from entries.
fn to_write<K: Ord, M: Kept>(
    entries: &[Entry<M>],
    current: &BTreeMap<K, M>,
    key: impl Fn(&M) -> K,
) -> (Vec<M>, Vec<M>) {
    let mut overwritten = Vec::new();
    let mut inserted = Vec::new();
    for entry in entries {
        let Some(before) = &entry.before else { continue };
        let now = current.get(&key(before));
        let row = before.restored(entry.after.as_ref(), now);
        if now.is_some() { overwritten.push(row) } else { inserted.push(row) }
    }
    (overwritten, inserted)
}

/// Writes everything as it was. What others point at comes first and goes last; links go before anything else and come
/// after everything else, because an opinion is counted once at every moment.
async fn restore(tx: &WriteTransaction, recorded: &Change, current: &State) -> Result<()> {
    for link in recorded.links.iter().filter_map(Entry::any) {
        store::delete::<_, summary_item::Entity>(tx, (link.summary_id, link.opinion_item_id)).await?;
    }
    let (old, new) = to_write(&recorded.chapters, &current.chapters, |c| c.id);
    for row in old {
        store::overwrite::<_, chapter::Entity>(tx, row).await?;
    }
    store::insert::<_, chapter::Entity>(tx, new).await?;
    let (old, new) = to_write(&recorded.answers, &current.answers, |a| a.id);
    for row in old {
        store::overwrite::<_, ward_view::Entity>(tx, row).await?;
    }
    store::insert::<_, ward_view::Entity>(tx, new).await?;
    let (old, new) = to_write(&recorded.rows, &current.rows, |r| r.id);
    for row in old {
        store::overwrite::<_, summary::Entity>(tx, row).await?;
    }
    store::insert::<_, summary::Entity>(tx, new).await?;
    let (old, new) = to_write(&recorded.items, &current.items, |i| i.id);
    for row in old {
        store::overwrite::<_, opinion_item::Entity>(tx, row).await?;
    }
    store::insert::<_, opinion_item::Entity>(tx, new).await?;
    hanging(tx, recorded, current).await?;
    let before = recorded.links.iter().filter_map(|e| e.before.clone()).collect();
    store::insert::<_, summary_item::Entity>(tx, before).await?;
    for id in made(&recorded.rows, |r| r.id) {
        store::delete::<_, summary::Entity>(tx, id).await?;
    }
    for id in made(&recorded.answers, |a| a.id) {
        store::delete::<_, ward_view::Entity>(tx, id).await?;
    }
    for id in made(&recorded.items, |i| i.id) {
        store::delete::<_, opinion_item::Entity>(tx, id).await?;
    }
    for id in made(&recorded.chapters, |c| c.id) {
        store::delete::<_, chapter::Entity>(tx, id).await?;
    }
    Ok(())
}

/// What hangs on rows: whom they were given to, who was asked, which changes of the draft they caused.
async fn hanging(tx: &WriteTransaction, recorded: &Change, current: &State) -> Result<()> {
    let (old, new) = to_write(&recorded.routings, &current.routings, |r| r.id);
    for row in old {
        store::overwrite::<_, summary_routing::Entity>(tx, row).await?;
    }
    store::insert::<_, summary_routing::Entity>(tx, new).await?;
    let (old, new) = to_write(&recorded.referrals, &current.referrals, |r| r.id);
    for row in old {
        store::overwrite::<_, referral::Entity>(tx, row).await?;
    }
    store::insert::<_, referral::Entity>(tx, new).await?;
    for cause in recorded.causes.iter().filter(|e| e.is_made()).filter_map(Entry::any) {
        store::delete::<_, plan_change_summary::Entity>(tx, (cause.plan_change_id, cause.summary_id)).await?;
    }
    let before = recorded.causes.iter().filter_map(|e| e.before.clone()).collect();
    store::insert::<_, plan_change_summary::Entity>(tx, before).await?;
    for id in made(&recorded.routings, |r| r.id) {
        store::delete::<_, summary_routing::Entity>(tx, id).await?;
    }
    for id in made(&recorded.referrals, |r| r.id) {
        store::delete::<_, referral::Entity>(tx, id).await?;
    }
    Ok(())
}
