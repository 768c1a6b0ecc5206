//! The response desk: chapters, summaries (要旨), ward views (区の考え方), and publishing them as one table.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use documents::{AnswerGroup, ChannelCount, Chapter, ConsultationRef, DispositionLabel, ResponseTable, Row, Ward};
use domain::{Channel, FieldErrors, Problem, permission::ConsultationAction, text};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{
    Checked,
    consultation::{Loaded, Saved, for_staff},
};
use crate::{
    audit,
    ctx::Ctx,
    entity::{chapter, consultation, opinion_item, proposal, publication, summary, ward_view},
    error::{AppError, Result},
    mail,
    repository::{self, response::Desk},
};

/// Longest summary or answer in graphemes.
pub const TEXT_MAX: usize = 8000;
/// Longest title of a chapter.
pub const CHAPTER_MAX: usize = 80;

/// One opinion item with the proposal it was cut from.
#[derive(Clone, Debug)]
pub struct Item {
    /// The item.
    pub row: opinion_item::Model,
    /// Its proposal.
    pub proposal: proposal::Model,
}

/// The desk with the opinions in scope.
#[derive(Clone, Debug)]
pub struct Loading {
    /// The consultation.
    pub consultation: Loaded,
    /// What staff have written.
    pub desk: Desk,
    /// Opinions that are neither withdrawn nor hidden, by item id.
    pub items: BTreeMap<i64, Item>,
}

impl Loading {
    /// Items no row gathers.
    #[must_use]
    pub fn unlinked(&self) -> Vec<&Item> {
        let linked: BTreeSet<i64> = self.desk.items.values().flatten().copied().collect();
        self.items.values().filter(|i| !linked.contains(&i.row.id)).collect()
    }
}

pub(crate) async fn load<C: ConnectionTrait>(db: &C, consultation: Loaded) -> Result<Loading> {
    let desk = repository::response::desk(db, consultation.row.id).await?;
    let items = repository::proposal::items(db, consultation.row.id)
        .await?
        .into_iter()
        .map(|(row, proposal)| (row.id, Item { row, proposal }))
        .collect();
    Ok(Loading { consultation, desk, items })
}

/// Loads the desk.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Forbidden`].
pub async fn desk(ctx: &Ctx, id: i64) -> Result<Loading> {
    let consultation = for_staff(ctx, id, ConsultationAction::ReadQueue).await?;
    load(ctx.db(), consultation).await
}

/// Adds a chapter at the end, or renames one.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: the title.
pub async fn put_chapter(ctx: &Ctx, id: i64, chapter: Option<i64>, title: &str) -> Result<Checked<()>> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let title = match text::required_line(title, CHAPTER_MAX) {
        Ok(title) => title,
        Err(problem) => return Ok(Err(FieldErrors::one("chapter_title", problem))),
    };
    let tx = ctx.write().await?;
    let saved = match chapter {
        Some(chapter) => {
            own_chapter(&tx, id, chapter).await?;
            let changes = chapter::ActiveModel { id: Unchanged(chapter), title: Set(title), ..Default::default() };
            repository::response::update_chapter(&tx, changes).await?
        }
        None => {
            let last = repository::response::desk(&tx, id).await?.chapters.last().map_or(0, |c| c.position);
            let row = chapter::ActiveModel {
                consultation_id: Set(id),
                position: Set(last + 1),
                title: Set(title),
                ..Default::default()
            };
            repository::response::insert_chapter(&tx, row).await?
        }
    };
    audit::record(&tx, ctx, "chapter.save", ("consultation", id), json!({ "chapter": saved.id, "title": saved.title }))
        .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

async fn own_chapter<C: ConnectionTrait>(tx: &C, consultation: i64, id: i64) -> Result<chapter::Model> {
    repository::response::chapter(tx, id).await?.filter(|c| c.consultation_id == consultation).ok_or(AppError::NotFound)
}

async fn own_summary<C: ConnectionTrait>(tx: &C, consultation: i64, id: i64) -> Result<summary::Model> {
    repository::response::summary(tx, id).await?.filter(|s| s.consultation_id == consultation).ok_or(AppError::NotFound)
}

/// Deletes a chapter without rows.
///
/// # Errors
/// [`AppError::Conflict`] when it has rows.
pub async fn delete_chapter(ctx: &Ctx, id: i64, chapter: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let tx = ctx.write().await?;
    let row = own_chapter(&tx, id, chapter).await?;
    let desk = repository::response::desk(&tx, id).await?;
    if desk.summaries.iter().any(|s| s.chapter_id == chapter) {
        return Err(AppError::Conflict);
    }
    repository::response::delete_chapter(&tx, chapter).await?;
    audit::record(&tx, ctx, "chapter.delete", ("consultation", id), json!({ "title": row.title })).await?;
    tx.commit().await?;
    Ok(())
}

/// Which way something moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards the top.
    Up,
    /// Towards the end.
    Down,
}

/// The ids in their new order, or `None` when it is at the end already.
fn moved(ids: &[i64], id: i64, direction: Direction) -> Option<Vec<i64>> {
    let place = ids.iter().position(|i| *i == id)?;
    let other = match direction {
        Direction::Up => place.checked_sub(1)?,
        Direction::Down => Some(place + 1).filter(|p| *p < ids.len())?,
    };
    let mut new = ids.to_vec();
    new.swap(place, other);
    Some(new)
}

/// Moves a chapter.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn move_chapter(ctx: &Ctx, id: i64, chapter: i64, direction: Direction) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let tx = ctx.write().await?;
    own_chapter(&tx, id, chapter).await?;
    let ids: Vec<i64> = repository::response::desk(&tx, id).await?.chapters.iter().map(|c| c.id).collect();
    for (position, id) in (1_i64..).zip(moved(&ids, chapter, direction).unwrap_or_default()) {
        let changes = chapter::ActiveModel { id: Unchanged(id), position: Set(position), ..Default::default() };
        repository::response::update_chapter(&tx, changes).await?;
    }
    audit::record(&tx, ctx, "chapter.move", ("consultation", id), json!({ "chapter": chapter })).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves a row within its chapter.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn move_row(ctx: &Ctx, id: i64, row: i64, direction: Direction) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let tx = ctx.write().await?;
    let own = own_summary(&tx, id, row).await?;
    let desk = repository::response::desk(&tx, id).await?;
    let ids: Vec<i64> = desk.summaries.iter().filter(|s| s.chapter_id == own.chapter_id).map(|s| s.id).collect();
    for (position, id) in (1_i64..).zip(moved(&ids, row, direction).unwrap_or_default()) {
        let changes = summary::ActiveModel { id: Unchanged(id), position: Set(position), ..Default::default() };
        repository::response::update_summary(&tx, changes).await?;
    }
    audit::record(&tx, ctx, "row.move", ("consultation", id), json!({ "row": row })).await?;
    tx.commit().await?;
    Ok(())
}

/// A row as entered: the summary, what it gathers, and its answer.
#[derive(Clone, Debug, Default)]
pub struct RowInput {
    /// The chapter's id.
    pub chapter: String,
    /// 要旨.
    pub text: String,
    /// Ids of opinion items.
    pub items: Vec<i64>,
    /// Id of the answer it shares with other rows; empty for one of its own.
    pub ward_view: String,
    /// 区の考え方; may be empty in a draft.
    pub answer: String,
    /// 対応区分; may be empty in a draft.
    pub disposition: String,
    /// The versions the page showed, of the row and of the answer.
    pub versions: (i64, i64),
}

struct CleanRow {
    chapter: i64,
    text: String,
    items: Vec<i64>,
    ward_view: Option<i64>,
    answer: Option<String>,
    disposition: Option<String>,
}

fn check_row(loading: &Loading, input: &RowInput) -> Checked<CleanRow> {
    let mut errors = FieldErrors::new();
    let chapter = input.chapter.parse::<i64>().ok().filter(|id| loading.desk.chapters.iter().any(|c| c.id == *id));
    if chapter.is_none() {
        errors.push("chapter", Problem::ChoiceRequired);
    }
    let text = errors.take("text", text::required(&input.text, TEXT_MAX));
    let answer = errors.take("answer", text::optional(&input.answer, TEXT_MAX));
    let items: Vec<i64> = input.items.iter().copied().filter(|id| loading.items.contains_key(id)).collect();
    if items.len() != input.items.len() {
        errors.push("items", Problem::UnknownChoice);
    }
    let ward_view = input.ward_view.parse::<i64>().ok();
    if ward_view.is_some_and(|id| !loading.desk.ward_views.contains_key(&id)) {
        errors.push("ward_view", Problem::UnknownChoice);
    }
    let disposition = Some(input.disposition.clone()).filter(|d| !d.is_empty());
    if disposition.as_deref().is_some_and(|d| loading.consultation.preset.find(d).is_none()) {
        errors.push("disposition", Problem::UnknownChoice);
    }
    errors.into_result(CleanRow { chapter: chapter.unwrap_or_default(), text, items, ward_view, answer, disposition })
}

/// Saves a row, new (`None`) or changed. When somebody else saved first, nothing is written and the page shows both.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong.
pub async fn put_row(ctx: &Ctx, id: i64, row: Option<i64>, input: &RowInput) -> Result<Checked<Saved>> {
    let consultation = for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let actor = ctx.actor()?.id.0;
    let tx = ctx.write().await?;
    let loading = load(&tx, consultation).await?;
    let clean = match check_row(&loading, input) {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    let old = match row {
        Some(row) => Some(own_summary(&tx, id, row).await?),
        None => None,
    };
    let old_answer = old.as_ref().and_then(|o| o.ward_view_id).and_then(|v| loading.desk.ward_views.get(&v));
    let target = clean.ward_view.and_then(|v| loading.desk.ward_views.get(&v));
    let stale_row = old.as_ref().is_some_and(|o| o.version != input.versions.0);
    // An answer is only written over when the page showed it.
    let stale_answer =
        target.is_some_and(|t| t.version != input.versions.1 && old_answer.is_some_and(|o| o.id == t.id));
    if stale_row || stale_answer {
        return Ok(Ok(Saved::Stale(old.map_or(0, |o| o.version))));
    }
    let same_answer = target.is_some() && target.map(|t| t.id) == old_answer.map(|o| o.id);
    let ward_view = match target {
        // Shared with another row by choice: its text stays as it is.
        Some(target) if !same_answer => Some(target.id),
        target => put_answer(&tx, ctx, id, target, &clean).await?,
    };
    let changes = summary::ActiveModel {
        consultation_id: Set(id),
        chapter_id: Set(clean.chapter),
        ward_view_id: Set(ward_view),
        text: Set(clean.text),
        version: Set(old.as_ref().map_or(1, |o| o.version + 1)),
        updated_at: Set(ctx.now),
        updated_by: Set(actor),
        ..Default::default()
    };
    let saved = save_summary(&tx, &loading.desk, old.as_ref(), clean.chapter, changes).await?;
    repository::response::set_items(&tx, saved.id, &clean.items).await?;
    drop_orphan(&tx, id, old.and_then(|o| o.ward_view_id)).await?;
    audit::record(&tx, ctx, "row.save", ("consultation", id), json!({ "row": saved.id, "items": clean.items.len() }))
        .await?;
    tx.commit().await?;
    Ok(Ok(Saved::Done))
}

async fn save_summary<C: ConnectionTrait>(
    tx: &C,
    desk: &Desk,
    old: Option<&summary::Model>,
    chapter: i64,
    mut changes: summary::ActiveModel,
) -> Result<summary::Model> {
    let end = desk.summaries.iter().filter(|s| s.chapter_id == chapter).map(|s| s.position).max().unwrap_or(0) + 1;
    Ok(match old {
        Some(old) => {
            changes.id = Unchanged(old.id);
            changes.position = Set(if old.chapter_id == chapter { old.position } else { end });
            repository::response::update_summary(tx, changes).await?
        }
        None => {
            changes.position = Set(end);
            repository::response::insert_summary(tx, changes).await?
        }
    })
}

async fn put_answer<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    consultation: i64,
    old: Option<&ward_view::Model>,
    clean: &CleanRow,
) -> Result<Option<i64>> {
    if old.is_none() && clean.answer.is_none() && clean.disposition.is_none() {
        return Ok(None);
    }
    let mut row = ward_view::ActiveModel {
        consultation_id: Set(consultation),
        text: Set(clean.answer.clone().unwrap_or_default()),
        disposition: Set(clean.disposition.clone()),
        version: Set(old.map_or(1, |o| o.version + 1)),
        updated_at: Set(ctx.now),
        updated_by: Set(ctx.actor()?.id.0),
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

/// An answer no row uses any more goes with its last row.
async fn drop_orphan<C: ConnectionTrait>(tx: &C, consultation: i64, ward_view: Option<i64>) -> Result<()> {
    let Some(ward_view) = ward_view else { return Ok(()) };
    let desk = repository::response::desk(tx, consultation).await?;
    if !desk.summaries.iter().any(|s| s.ward_view_id == Some(ward_view)) {
        repository::response::delete_ward_view(tx, ward_view).await?;
    }
    Ok(())
}

/// Deletes a row; the opinions it gathered are unlinked, nothing of them is lost.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn delete_row(ctx: &Ctx, id: i64, row: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let tx = ctx.write().await?;
    let old = own_summary(&tx, id, row).await?;
    repository::response::delete_summary(&tx, row).await?;
    drop_orphan(&tx, id, old.ward_view_id).await?;
    audit::record(&tx, ctx, "row.delete", ("consultation", id), json!({ "row": row, "text": old.text })).await?;
    tx.commit().await?;
    Ok(())
}

/// What stands in the way of publishing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Rows without an answer.
    pub unanswered: Vec<String>,
    /// Rows without a 対応区分 where the theme uses them.
    pub unmarked: Vec<String>,
    /// Rows that gather no opinion.
    pub empty: Vec<String>,
    /// How many opinions are in no row.
    pub unlinked: usize,
}

impl Readiness {
    /// Whether the table can be published.
    #[must_use]
    pub const fn is_ready(&self) -> bool {
        self.unanswered.is_empty() && self.unmarked.is_empty() && self.empty.is_empty() && self.unlinked == 0
    }
}

/// Checks what has to be right before publishing.
#[must_use]
pub fn readiness(loading: &Loading) -> Readiness {
    let mut found = Readiness { unlinked: loading.unlinked().len(), ..Readiness::default() };
    let marks = !loading.consultation.preset.dispositions().is_empty();
    for (c, chapter) in (1..).zip(&loading.desk.chapters) {
        for (n, row) in (1..).zip(loading.desk.summaries.iter().filter(|s| s.chapter_id == chapter.id)) {
            let name = format!("{c}-{n}");
            let answer = row.ward_view_id.and_then(|v| loading.desk.ward_views.get(&v));
            if answer.is_none_or(|a| a.text.is_empty()) {
                found.unanswered.push(name.clone());
            }
            if marks && answer.is_none_or(|a| a.disposition.is_none()) {
                found.unmarked.push(name.clone());
            }
            if in_scope(loading, row.id).next().is_none() {
                found.empty.push(name);
            }
        }
    }
    found
}

fn in_scope(loading: &Loading, summary: i64) -> impl Iterator<Item = &Item> {
    loading.desk.items.get(&summary).into_iter().flatten().filter_map(|id| loading.items.get(id))
}

/// Builds the table from the desk. `version` is the one it would be published as.
///
/// # Errors
/// When the database is away.
pub async fn table<C: ConnectionTrait>(db: &C, ctx: &Ctx, loading: &Loading, version: i64) -> Result<ResponseTable> {
    let row = &loading.consultation.row;
    let department = repository::setting::department(db, row.department_id).await?;
    let ward = &ctx.app.ward;
    let mut channels: BTreeMap<Channel, (BTreeSet<&str>, u32)> = BTreeMap::new();
    for item in loading.items.values() {
        let channel = Channel::from_code(&item.proposal.channel).unwrap_or_default();
        let (people, opinions) = channels.entry(channel).or_default();
        people.insert(&item.proposal.submitter);
        *opinions += 1;
    }
    let people: BTreeSet<&str> = loading.items.values().map(|i| i.proposal.submitter.as_str()).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(ResponseTable {
        ward: Ward { code: ward.code.clone(), name: ward.name.clone() },
        consultation: ConsultationRef {
            id: row.id,
            slug: row.slug.clone(),
            title: row.title.clone(),
            department: department.map(|d| d.name).unwrap_or_default(),
            url: ctx.url(&format!("/consultations/{}", row.slug)),
        },
        opens_on: loading.consultation.period.opens_on,
        closes_on: loading.consultation.period.closes_on,
        methods: row.methods.clone(),
        version: u32::try_from(version).unwrap_or(1),
        published_at: ctx.now,
        submitters: count(people.len()),
        opinions: count(loading.items.len()),
        by_channel: channels
            .into_iter()
            .map(|(channel, (people, opinions))| ChannelCount {
                code: channel.code().to_owned(),
                label: channel.official_label().to_owned(),
                submitters: count(people.len()),
                opinions,
            })
            .collect(),
        summarised: is_summarised(loading),
        dispositions: loading
            .consultation
            .preset
            .dispositions()
            .iter()
            .map(|d| DispositionLabel { code: d.code.to_owned(), mark: d.mark.to_owned(), label: d.label.to_owned() })
            .collect(),
        chapters: chapters(loading),
    })
}

/// Whether any row is not the opinion itself, word for word.
fn is_summarised(loading: &Loading) -> bool {
    loading.desk.summaries.iter().any(|s| {
        let mut items = in_scope(loading, s.id);
        let first = items.next().map(|i| i.proposal.body.trim());
        first != Some(s.text.trim()) || items.next().is_some()
    })
}

fn chapters(loading: &Loading) -> Vec<Chapter> {
    loading
        .desk
        .chapters
        .iter()
        .map(|chapter| {
            let mut groups: Vec<AnswerGroup> = Vec::new();
            let rows = loading.desk.summaries.iter().filter(|s| s.chapter_id == chapter.id);
            for (number, summary) in (1_u32..).zip(rows) {
                let row = Row {
                    summary_id: summary.id,
                    number,
                    text: summary.text.clone(),
                    same_count: u32::try_from(in_scope(loading, summary.id).count()).unwrap_or(u32::MAX),
                };
                let answer = summary.ward_view_id.and_then(|v| loading.desk.ward_views.get(&v));
                match (groups.last_mut(), answer) {
                    (Some(last), Some(answer)) if last.ward_view_id == answer.id => last.rows.push(row),
                    _ => groups.push(AnswerGroup {
                        ward_view_id: answer.map_or(0, |a| a.id),
                        answer: answer.map(|a| a.text.clone()).unwrap_or_default(),
                        disposition: answer.and_then(|a| a.disposition.clone()),
                        rows: vec![row],
                    }),
                }
            }
            Chapter { id: chapter.id, title: chapter.title.clone(), groups }
        })
        .filter(|chapter| !chapter.groups.is_empty())
        .collect()
}

/// Whether two tables say the same, whenever they were made.
#[must_use]
pub fn same_content(a: &ResponseTable, b: &ResponseTable) -> bool {
    let plain = |t: &ResponseTable| ResponseTable { version: 0, published_at: 0, ..t.clone() };
    plain(a) == plain(b)
}

/// How rows are called: 「1-2」 by summary id.
#[must_use]
pub fn row_names(table: &ResponseTable) -> HashMap<i64, String> {
    table.rows().map(|r| (r.row.summary_id, format!("{}-{}", r.chapter_index + 1, r.row.number))).collect()
}

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
    let loaded = super::consultation::visible(ctx, slug).await?;
    if loaded.row.result_at.is_none_or(|at| at > ctx.now) {
        return Err(AppError::NotFound);
    }
    let publication = repository::response::latest(ctx.db(), loaded.row.id).await?.ok_or(AppError::NotFound)?;
    Ok(parse(&publication)?)
}

/// Publishes the desk as a new version and tells everybody whose opinion it answers; on a later version only those
/// whose rows changed.
///
/// # Errors
/// [`AppError::Forbidden`], or [`AppError::Conflict`] when it isn't ready.
pub async fn publish(ctx: &Ctx, id: i64) -> Result<()> {
    let consultation = for_staff(ctx, id, ConsultationAction::PublishResponses).await?;
    let actor = ctx.actor()?.id.0;
    let tx = ctx.write().await?;
    let loading = load(&tx, consultation).await?;
    if !readiness(&loading).is_ready() {
        return Err(AppError::Conflict);
    }
    let before = repository::response::latest(&tx, id).await?;
    let version = before.as_ref().map_or(1, |b| b.version + 1);
    let table = table(&tx, ctx, &loading, version).await?;
    let row = publication::ActiveModel {
        consultation_id: Set(id),
        version: Set(version),
        response_table: Set(serde_json::to_string(&table).map_err(anyhow::Error::from)?),
        published_at: Set(ctx.now),
        published_by: Set(actor),
        ..Default::default()
    };
    let answers: Vec<(i64, i64)> =
        loading.desk.summaries.iter().flat_map(|s| in_scope(&loading, s.id).map(|i| (s.id, i.row.id))).collect();
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
    let old = before.as_ref().map(parse).transpose()?;
    tell_authors(&tx, ctx, &loading, &table, old.as_ref()).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(())
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
    old: Option<&ResponseTable>,
) -> Result<()> {
    let old = old.map(contents).unwrap_or_default();
    let new = contents(table);
    let names = row_names(table);
    let base = ctx.url(&format!("/consultations/{}/responses", table.consultation.slug));
    let mut rows_of: BTreeMap<i64, Vec<(String, String)>> = BTreeMap::new();
    for summary in &loading.desk.summaries {
        if old.get(&summary.id) == new.get(&summary.id) {
            continue;
        }
        let name = names.get(&summary.id).cloned().unwrap_or_default();
        let link = format!("{base}#{}", ResponseTable::anchor(summary.id));
        let authors: BTreeSet<i64> = in_scope(loading, summary.id).filter_map(|i| i.proposal.account_id).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_stops_at_the_ends() {
        assert_eq!(moved(&[1, 2, 3], 2, Direction::Up), Some(vec![2, 1, 3]));
        assert_eq!(moved(&[1, 2, 3], 2, Direction::Down), Some(vec![1, 3, 2]));
        assert_eq!(moved(&[1, 2, 3], 1, Direction::Up), None);
        assert_eq!(moved(&[1, 2, 3], 3, Direction::Down), None);
        assert_eq!(moved(&[1, 2, 3], 9, Direction::Down), None);
    }
}
