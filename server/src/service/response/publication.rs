//! Publishing the table as a version, and reading the latest one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use documents::ResponseTable;
use domain::permission::ConsultationAction;
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{Loading, begin, in_scope, load, readiness, row_names, same_content, table};
use crate::{
    audit,
    ctx::Ctx,
    entity::{consultation, publication},
    error::{AppError, Result},
    mail, repository,
    service::consultation::{Loaded, for_staff, visible},
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
    if loaded.row.result_at.is_none_or(|at| at > ctx.now) {
        return Err(AppError::NotFound);
    }
    let publication = repository::response::latest(ctx.db(), loaded.row.id).await?.ok_or(AppError::NotFound)?;
    Ok(parse(&publication)?)
}

/// The rows of the published table that answer a proposal, as ids of summaries, with the table that names them.
/// Neither, before anything was published.
///
/// # Errors
/// When the database is away.
pub async fn answers(ctx: &Ctx, theme: &Loaded, proposal: i64) -> Result<(Vec<i64>, Option<ResponseTable>)> {
    if theme.row.result_at.is_none() {
        return Ok((vec![], None));
    }
    let Some(publication) = repository::response::latest(ctx.db(), theme.row.id).await? else {
        return Ok((vec![], None));
    };
    let rows = repository::response::answers_of(ctx.db(), publication.id, proposal).await?;
    Ok((rows, parse(&publication).ok()))
}

/// Publishes the desk as a new version and tells everybody whose opinion it answers; on a later version only those
/// whose rows changed. Where nothing has changed, as after a double click, there is no new version.
///
/// # Errors
/// [`AppError::Forbidden`], or [`AppError::Conflict`] when it isn't ready.
pub async fn publish(ctx: &Ctx, id: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::PublishResponses).await?;
    let actor = ctx.actor()?.id.0;
    let (tx, consultation) = begin(ctx, id).await?;
    let loading = load(&tx, consultation).await?;
    if !readiness(&loading).is_ready() {
        return Err(AppError::Conflict);
    }
    let before = Before::load(&tx, id).await?;
    let version = before.version + 1;
    let table = table(&tx, ctx, &loading, version).await?;
    let answers: BTreeSet<(i64, i64)> =
        loading.desk.summaries.iter().flat_map(|s| in_scope(&loading, s.id).map(|i| (s.id, i.row.id))).collect();
    if before.table.as_ref().is_some_and(|old| same_content(old, &table)) && before.answers == answers {
        return Ok(());
    }
    let row = publication::ActiveModel {
        consultation_id: Set(id),
        version: Set(version),
        response_table: Set(serde_json::to_string(&table).map_err(anyhow::Error::from)?),
        published_at: Set(ctx.now),
        published_by: Set(actor),
        ..Default::default()
    };
    repository::response::publish(&tx, row, &answers).await?;
    let changes = consultation::ActiveModel {
        id: Unchanged(id),
        result_at: Set(Some(loading.consultation.row.result_at.unwrap_or(ctx.now))),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    repository::consultation::update(&tx, changes).await?;
    let detail = json!({ "version": version, "rows": table.rows().count(), "opinions": table.opinions });
    audit::record(&tx, ctx, "responses.publish", ("consultation", id), detail).await?;
    tell_authors(&tx, ctx, &loading, &table, &before).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(())
}

/// What was published last; version 0 before anything was.
#[derive(Default)]
struct Before {
    version: i64,
    table: Option<ResponseTable>,
    /// Which row answers which item.
    answers: BTreeSet<(i64, i64)>,
}

impl Before {
    async fn load<C: ConnectionTrait>(tx: &C, consultation: i64) -> Result<Self> {
        let Some(last) = repository::response::latest(tx, consultation).await? else { return Ok(Self::default()) };
        let answers = repository::response::answers(tx, last.id).await?;
        Ok(Self { version: last.version, table: Some(parse(&last)?), answers })
    }
}

/// What a row says, for finding the rows that changed.
fn contents(table: &ResponseTable) -> HashMap<i64, (&str, &str, Option<&str>)> {
    table
        .rows()
        .map(|r| (r.row.summary_id, (r.row.text.as_str(), r.group.answer.as_str(), r.group.disposition.as_deref())))
        .collect()
}

async fn tell_authors<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    loading: &Loading,
    table: &ResponseTable,
    before: &Before,
) -> Result<()> {
    let old = before.table.as_ref().map(contents).unwrap_or_default();
    let new = contents(table);
    let names = row_names(table);
    let base = ctx.url(&format!("/consultations/{}/responses", table.consultation.slug));
    let mut rows_of: BTreeMap<i64, Vec<(String, String)>> = BTreeMap::new();
    for summary in &loading.desk.summaries {
        let changed = old.get(&summary.id) != new.get(&summary.id);
        let name = names.get(&summary.id).cloned().unwrap_or_default();
        let link = format!("{base}#{}", ResponseTable::anchor(summary.id));
        // An opinion that came to the row since then is news to its author, whatever the row says.
        let told = |item: i64| !changed && before.answers.contains(&(summary.id, item));
        let items = in_scope(loading, summary.id).filter(|i| !told(i.row.id));
        let authors: BTreeSet<i64> = items.filter_map(|i| i.proposal.account_id).collect();
        for author in authors {
            rows_of.entry(author).or_default().push((name.clone(), link.clone()));
        }
    }
    for (author, rows) in rows_of {
        let Some(account) = repository::account::by_id(tx, author).await? else { continue };
        let content = app::mails::answer_published(mail::reader(ctx, &account), &table.consultation.title, &rows);
        let event = format!("answered:{}:{}", table.consultation.id, table.version);
        mail::enqueue(tx, ctx, &account, &event, content).await?;
    }
    Ok(())
}
