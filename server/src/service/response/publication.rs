//! Publishing the table as a version, and reading the latest one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use documents::ResponseTable;
use domain::{
    Millis,
    account::email_key,
    permission::{self, ConsultationAction},
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{Loading, begin, in_scope, load, readiness, row_names, same_content, table};
use crate::{
    audit,
    ctx::Ctx,
    entity::{consultation, identity, publication},
    error::{AppError, Result},
    mail, repository,
    service::{
        consultation::{Loaded, for_staff, visible},
        submission::locale_of,
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

/// Publishes the desk as a new version, now (`None`) or at a set time, and tells everybody whose opinion it answers; on
/// a later version only those whose rows changed. Where nothing has changed, as after a double click, there is no new
/// version. What is scheduled is kept as it is now and shows by itself when its time comes.
///
/// # Errors
/// [`AppError::Forbidden`], or [`AppError::Conflict`] when it isn't ready or a version is scheduled already.
pub async fn publish(ctx: &Ctx, id: i64, at: Option<Millis>) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::PublishResponses).await?;
    let actor = ctx.actor()?.id.0;
    let (tx, consultation) = begin(ctx, id).await?;
    ctx.allow(permission::consultation(
        ctx.role(),
        ctx.tie(consultation.row.department_id),
        ConsultationAction::PublishResponses,
        consultation.phase,
    ))?;
    let loading = load(&tx, consultation).await?;
    let before = Before::load(&tx, id).await?;
    if !readiness(&loading).is_ready() {
        return Err(AppError::Conflict);
    }
    let version = before.version + 1;
    let at = at.filter(|at| *at > ctx.now).unwrap_or(ctx.now);
    // What is scheduled says of itself when it comes out, and its mails are due then.
    let then = ctx.at(at);
    let table = table(&tx, &then, &loading, version).await?;
    let answers: BTreeSet<(i64, i64)> =
        loading.desk.summaries.iter().flat_map(|s| in_scope(&loading, s.id).map(|i| (s.id, i.row.id))).collect();
    let same = before.table.as_ref().is_some_and(|old| same_content(old, &table)) && before.answers == answers;
    if before.published_at > ctx.now {
        // The second half of a double click is done already; another time or text needs the first taken back.
        return if same && before.published_at == at { Ok(()) } else { Err(AppError::Conflict) };
    }
    if same {
        return Ok(());
    }
    let row = publication::ActiveModel {
        consultation_id: Set(id),
        version: Set(version),
        response_table: Set(serde_json::to_string(&table).map_err(anyhow::Error::from)?),
        published_at: Set(at),
        published_by: Set(actor),
        ..Default::default()
    };
    repository::response::publish(&tx, row, &answers).await?;
    let changes = consultation::ActiveModel {
        id: Unchanged(id),
        result_at: Set(Some(loading.consultation.row.result_at.unwrap_or(at))),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    repository::consultation::update(&tx, changes).await?;
    let detail = json!({ "version": version, "rows": table.rows().count(), "opinions": table.opinions, "at": at });
    audit::record(&tx, ctx, "responses.publish", ("consultation", id), detail).await?;
    tell_authors(&tx, &then, &loading, &table, &before).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(())
}

/// Takes a scheduled version back before its time: everything is as it was, and nobody is written to.
///
/// # Errors
/// [`AppError::Forbidden`], or [`AppError::Conflict`] when no version is scheduled (any more).
pub async fn unschedule(ctx: &Ctx, id: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::PublishResponses).await?;
    let (tx, consultation) = begin(ctx, id).await?;
    let scheduled = repository::response::newest(&tx, id).await?.filter(|last| last.published_at > ctx.now);
    let scheduled = scheduled.ok_or(AppError::Conflict)?;
    repository::response::delete_version(&tx, scheduled.id).await?;
    repository::mail::cancel(&tx, &format!("{}:", event(id, scheduled.version))).await?;
    let changes = consultation::ActiveModel {
        id: Unchanged(consultation.row.id),
        result_at: Set(repository::response::first_published(&tx, id).await?),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    repository::consultation::update(&tx, changes).await?;
    let detail = json!({ "version": scheduled.version, "at": scheduled.published_at });
    audit::record(&tx, ctx, "responses.unschedule", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// What the keys of the mails about a version begin with.
fn event(consultation: i64, version: i64) -> String {
    format!("answered:{consultation}:{version}")
}

/// What was published last; version 0 before anything was.
#[derive(Default)]
struct Before {
    version: i64,
    /// When it came out, or will.
    published_at: Millis,
    table: Option<ResponseTable>,
    /// Which row answers which item.
    answers: BTreeSet<(i64, i64)>,
}

impl Before {
    async fn load<C: ConnectionTrait>(tx: &C, consultation: i64) -> Result<Self> {
        let Some(last) = repository::response::newest(tx, consultation).await? else { return Ok(Self::default()) };
        let answers = repository::response::answers(tx, last.id).await?;
        Ok(Self { version: last.version, published_at: last.published_at, table: Some(parse(&last)?), answers })
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
    let mut rows_of: BTreeMap<i64, Rows> = BTreeMap::new();
    let mut rows_of_letter: BTreeMap<i64, Rows> = BTreeMap::new();
    for summary in &loading.desk.summaries {
        let changed = old.get(&summary.id) != new.get(&summary.id);
        let name = names.get(&summary.id).cloned().unwrap_or_default();
        let link = format!("{base}#{}", ResponseTable::anchor(summary.id));
        // An opinion that came to the row since then is news to its author, whatever the row says.
        let told = |item: i64| !changed && before.answers.contains(&(summary.id, item));
        for item in in_scope(loading, summary.id).filter(|i| !told(i.row.id)) {
            let row = (name.clone(), link.clone());
            match item.proposal.account_id {
                Some(author) => add(rows_of.entry(author).or_default(), row),
                None => add(rows_of_letter.entry(item.proposal.id).or_default(), row),
            }
        }
    }
    let title = &table.consultation.title;
    let event = event(table.consultation.id, i64::from(table.version));
    for (author, rows) in rows_of {
        let Some(account) = repository::account::by_id(tx, author).await? else { continue };
        let content = app::mails::answer_published(mail::reader(ctx, &account), title, &rows);
        mail::enqueue(tx, ctx, &account, &event, content).await?;
    }
    // People without an account who gave an address: one mail each, whatever they sent.
    let mut rows_of_address: BTreeMap<String, (identity::Model, Rows)> = BTreeMap::new();
    for person in repository::submission::addressees(tx, table.consultation.id).await? {
        let Some(rows) = rows_of_letter.remove(&person.proposal_id) else { continue };
        let key = email_key(&person.email);
        let (_, all) = rows_of_address.entry(key).or_insert_with(|| (person, Rows::new()));
        for row in rows {
            add(all, row);
        }
    }
    for (person, rows) in rows_of_address.into_values() {
        let reader = mail::reader_of(ctx, locale_of(Some(&person)), &person.name);
        mail::enqueue_to(tx, ctx, &person.email, &event, app::mails::answer_published(reader, title, &rows)).await?;
    }
    Ok(())
}

/// Names and links of rows, in their order.
type Rows = Vec<(String, String)>;

fn add(rows: &mut Rows, row: (String, String)) {
    if !rows.contains(&row) {
        rows.push(row);
    }
}
