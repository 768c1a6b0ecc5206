//! Publishing what was decided as a version, and reading the latest one.

use std::collections::BTreeSet;

use documents::{Correction, ResponseTable};
use domain::{
    FieldErrors, Locale, Millis,
    permission::{self, ConsultationAction},
    text,
    workflow::{ApprovalState, NOTE_MAX},
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{
    begin,
    changes::changes,
    news::{self, event},
    table::address,
};
use crate::{
    audit,
    ctx::Ctx,
    entity::{approval, consultation, publication},
    error::{AppError, Result},
    repository,
    service::{
        Checked,
        approval::{Approved, Outcome, approved},
        consultation::{Loaded, for_staff, visible},
    },
};

/// Reads a published table.
///
/// # Errors
/// When what is stored can't be read.
pub fn parse(publication: &publication::Model) -> anyhow::Result<ResponseTable> {
    Ok(serde_json::from_str(&publication.response_table)?)
}

/// The latest published table of a theme; none before anything was published.
///
/// # Errors
/// [`AppError::NotFound`] when the theme isn't public or nothing is published.
pub async fn published(ctx: &Ctx, slug: &str) -> Result<ResponseTable> {
    let loaded = visible(ctx, slug).await?;
    if !loaded.phase.has_result() {
        return Err(AppError::NotFound);
    }
    let publication =
        repository::response::latest(ctx.db(), loaded.row.id, ctx.now).await?.ok_or(AppError::NotFound)?;
    Ok(parse(&publication)?)
}

/// The rows of the published table that answer a proposal, as ids of summaries, with the table that names them.
/// Neither, before anything was published.
///
/// # Errors
/// When the database is away.
pub async fn answers(ctx: &Ctx, theme: &Loaded, proposal: i64) -> Result<(Vec<i64>, Option<ResponseTable>)> {
    if !theme.phase.has_result() {
        return Ok((vec![], None));
    }
    let Some(publication) = repository::response::latest(ctx.db(), theme.row.id, ctx.now).await? else {
        return Ok((vec![], None));
    };
    let rows = repository::response::answers_of(ctx.db(), publication.id, proposal).await?;
    Ok((rows, parse(&publication).ok()))
}

/// Publishes what was decided as a new version, now (`None`) or at a set time, and tells everybody whose opinion it
/// answers (on a later version only those whose rows changed) and everybody who follows the theme. A later version is a
/// correction (正誤): it says why (`reason`) and lists what differs, numbers among it. Where it is published already, as
/// after a double click, there is no new version. What is scheduled shows by itself when its time comes.
///
/// # Errors
/// [`AppError::Forbidden`], or [`AppError::Conflict`] when nothing was decided or a version is scheduled already. Inner:
/// what is wrong with the reason; or that the desk has changed since the decision.
pub async fn publish(ctx: &Ctx, id: i64, at: Option<Millis>, reason: &str) -> Result<Checked<Outcome>> {
    for_staff(ctx, id, ConsultationAction::PublishResponses).await?;
    let (tx, theme) = begin(ctx, id).await?;
    ctx.allow(permission::consultation(
        ctx.role(),
        ctx.tie(theme.row.department_id),
        ConsultationAction::PublishResponses,
        theme.phase,
    ))?;
    let at = at.filter(|at| *at > ctx.now).unwrap_or(ctx.now);
    let last = repository::response::newest(&tx, id).await?;
    if let Some(last) = &last
        && is_done(&tx, ctx, last, at).await?
    {
        return Ok(Ok(Outcome::Done));
    }
    let reason = match (&last, text::required(reason, NOTE_MAX)) {
        (None, _) => String::new(),
        (Some(_), Ok(reason)) => reason,
        (Some(_), Err(problem)) => return Ok(Err(FieldErrors::one("reason", problem))),
    };
    let version = last.as_ref().map_or(1, |last| last.version + 1);
    let decided = match approved(&tx, ctx, &theme, version).await? {
        Ok(decided) => decided,
        Err(refused) => return Ok(Ok(Outcome::Refused(refused))),
    };
    let before = Before::load(&tx, last.as_ref()).await?;
    put(&tx, ctx, at, &theme, decided, (version, &reason), &before).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(Outcome::Done))
}

/// Whether the newest that was put up is published for this time already: the second half of a double click. While
/// another one waits for its time, nothing else is published.
async fn is_done<C: ConnectionTrait>(tx: &C, ctx: &Ctx, last: &publication::Model, at: Millis) -> Result<bool> {
    let newest = repository::approval::newest(tx, last.consultation_id).await?;
    let same = newest
        .is_some_and(|newest| last.approval_id == Some(newest.id) && newest.state == ApprovalState::Published.code());
    if last.published_at > ctx.now {
        // Another time needs the first taken back.
        return if same && last.published_at == at { Ok(true) } else { Err(AppError::Conflict) };
    }
    Ok(same)
}

/// Keeps the version with everything that belongs to it, in the caller's transaction: all of it is there, or nothing.
async fn put<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    at: Millis,
    theme: &Loaded,
    decided: Approved,
    (version, reason): (i64, &str),
    before: &Before,
) -> Result<()> {
    let id = theme.row.id;
    let actor = ctx.actor()?.id.0;
    let mut table = decided.table;
    table.version = u32::try_from(version).unwrap_or(u32::MAX);
    table.published_at = at;
    table.consultation.url = address(ctx, &theme.row.slug);
    table.corrections = before.corrections(&table, reason);
    let answers: BTreeSet<(i64, i64)> = decided.links.iter().map(|(row, item, _)| (*row, *item)).collect();
    let row = publication::ActiveModel {
        consultation_id: Set(id),
        version: Set(version),
        response_table: Set(serde_json::to_string(&table).map_err(anyhow::Error::from)?),
        published_at: Set(at),
        published_by: Set(actor),
        approval_id: Set(Some(decided.row.id)),
        note: Set(reason.to_owned()),
        ..Default::default()
    };
    repository::response::publish(tx, row, &answers).await?;
    set_state(tx, decided.row.id, ApprovalState::Published, Some(at)).await?;
    let result_at = Some(theme.row.result_at.unwrap_or(at));
    set_result(tx, id, result_at, ctx).await?;
    let commitments: Vec<i64> = table.commitments.iter().map(|c| c.id).collect();
    repository::approval::show_commitments(tx, &commitments, at).await?;
    let detail = json!({
        "version": version, "rows": table.rows().count(), "opinions": table.opinions, "at": at,
        "approval": decided.row.id, "sha256": decided.row.sha256,
    });
    audit::record(tx, ctx, "responses.publish", ("consultation", id), detail).await?;
    // The mails of what is scheduled are due when it comes out.
    news::tell(tx, &ctx.at(at), &table, &answers, before.table.as_ref().map(|old| (old, &before.answers))).await
}

async fn set_state<C: ConnectionTrait>(
    tx: &C,
    approval: i64,
    state: ApprovalState,
    closed_at: Option<Millis>,
) -> Result<()> {
    let changes = approval::ActiveModel {
        id: Unchanged(approval),
        state: Set(state.code().to_owned()),
        closed_at: Set(closed_at),
        ..Default::default()
    };
    repository::approval::update(tx, changes).await?;
    Ok(())
}

async fn set_result<C: ConnectionTrait>(tx: &C, id: i64, result_at: Option<Millis>, ctx: &Ctx) -> Result<()> {
    let changes = consultation::ActiveModel {
        id: Unchanged(id),
        result_at: Set(result_at),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    repository::consultation::update(tx, changes).await?;
    Ok(())
}

/// Takes a scheduled version back before its time: everything is as it was, the decision stands, and nobody is written
/// to.
///
/// # Errors
/// [`AppError::Forbidden`], or [`AppError::Conflict`] when no version is scheduled (any more).
pub async fn unschedule(ctx: &Ctx, id: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::PublishResponses).await?;
    let (tx, theme) = begin(ctx, id).await?;
    let scheduled = repository::response::newest(&tx, id).await?.filter(|last| last.published_at > ctx.now);
    let scheduled = scheduled.ok_or(AppError::Conflict)?;
    repository::response::delete_version(&tx, scheduled.id).await?;
    repository::mail::cancel(&tx, &format!("{}:", event(id, scheduled.version))).await?;
    repository::approval::hide_commitments(&tx, id, scheduled.published_at).await?;
    if let Some(approval) = scheduled.approval_id {
        set_state(&tx, approval, ApprovalState::Approved, None).await?;
    }
    set_result(&tx, theme.row.id, repository::response::first_published(&tx, id).await?, ctx).await?;
    let detail = json!({ "version": scheduled.version, "at": scheduled.published_at });
    audit::record(&tx, ctx, "responses.unschedule", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// What was published last.
#[derive(Default)]
struct Before {
    table: Option<ResponseTable>,
    /// Which row answers which item.
    answers: BTreeSet<(i64, i64)>,
}

impl Before {
    async fn load<C: ConnectionTrait>(tx: &C, last: Option<&publication::Model>) -> Result<Self> {
        let Some(last) = last else { return Ok(Self::default()) };
        let answers = repository::response::answers(tx, last.id).await?;
        Ok(Self { table: Some(parse(last)?), answers })
    }

    /// 正誤: what this version corrects and why, and all that was corrected before; nothing in the first version.
    fn corrections(&self, table: &ResponseTable, reason: &str) -> Vec<Correction> {
        let Some(old) = &self.table else { return vec![] };
        let correction = Correction {
            version: table.version,
            published_at: table.published_at,
            reason: reason.to_owned(),
            changes: changes(old, table).lines(Locale::Ja),
        };
        std::iter::once(correction).chain(old.corrections.iter().cloned()).collect()
    }
}
