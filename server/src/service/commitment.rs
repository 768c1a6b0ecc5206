//! Promises given in answers (約束): who does what until when, and what became of it, in public once the answer is.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    FieldErrors, Problem,
    account::email_key,
    commitment::CommitmentState,
    permission::{self, ConsultationAction},
    text, wareki,
};
use sea_orm::{
    ActiveValue::{NotSet, Unchanged},
    ConnectionTrait, Set,
};
use serde_json::json;

use super::{
    Checked,
    consultation::{Loaded, Saved, for_staff, loaded, visible},
    plan_change::row_ids,
    response,
    submission::locale_of,
};
use crate::{
    audit,
    ctx::Ctx,
    entity::{commitment, commitment_progress},
    error::{AppError, Result},
    mail,
    repository::{
        self,
        plan_change::{Numbered, numbered},
    },
};

/// Longest promise and longest report, in graphemes.
pub const TEXT_MAX: usize = 2000;
/// Longest name of the section that does it.
pub const OWNER_MAX: usize = 80;

/// A promise with its reports, the newest first.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The promise.
    pub row: commitment::Model,
    /// What became of it.
    pub progress: Vec<commitment_progress::Model>,
}

async fn followed<C: ConnectionTrait>(db: &C, rows: Vec<commitment::Model>) -> Result<Vec<Followed>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut progress = repository::commitment::progress(db, &ids).await?;
    let with = |row: commitment::Model| {
        let progress = progress.remove(&row.id).unwrap_or_default();
        Followed { row, progress }
    };
    Ok(rows.into_iter().map(with).collect())
}

/// The promises of a theme for staff, with the names of the rows that share each answer.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn list(ctx: &Ctx, theme: i64) -> Result<(Loaded, Vec<Followed>, BTreeMap<i64, Vec<String>>)> {
    let loaded = for_staff(ctx, theme, ConsultationAction::ReadQueue).await?;
    let rows = repository::commitment::list(ctx.db(), theme).await?;
    let names = answer_names(&numbered(ctx.db(), theme).await?);
    Ok((loaded, followed(ctx.db(), rows).await?, names))
}

/// Names of the rows that share an answer, by the answer's id.
fn answer_names(rows: &[Numbered]) -> BTreeMap<i64, Vec<String>> {
    let mut names: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for row in rows {
        if let Some(view) = row.ward_view_id {
            names.entry(view).or_default().push(row.name());
        }
    }
    names
}

/// The promises of a theme that everybody may see.
///
/// # Errors
/// [`AppError::NotFound`] when the theme isn't public or promises nothing.
pub async fn public(ctx: &Ctx, slug: &str) -> Result<(Loaded, Vec<Followed>)> {
    let theme = visible(ctx, slug).await?;
    if !theme.phase.has_result() {
        return Err(AppError::NotFound);
    }
    let rows = repository::commitment::public(ctx.db(), theme.row.id, ctx.now).await?;
    if rows.is_empty() {
        return Err(AppError::NotFound);
    }
    Ok((theme, followed(ctx.db(), rows).await?))
}

/// A promise as entered.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// A row whose answer gives it, 「1-2」.
    pub row: String,
    /// What will be done.
    pub text: String,
    /// Id of the department that does it.
    pub department: String,
    /// The section (係) in charge; may be empty.
    pub owner: String,
    /// Until when, as people write days.
    pub due_on: String,
    /// The version the page showed.
    pub version: i64,
}

struct Clean {
    ward_view: i64,
    text: String,
    department: i64,
    owner: String,
    due_on: NaiveDate,
}

fn check(input: &Input, known: &[Numbered], departments: &[i64]) -> Checked<Clean> {
    let mut errors = FieldErrors::new();
    let rows = errors.take("row", row_ids(&input.row, known));
    let ward_view = known.iter().find(|row| rows.first() == Some(&row.id)).and_then(|row| row.ward_view_id);
    if ward_view.is_none() && errors.of("row").is_none() {
        errors.push("row", Problem::AnswerFirst);
    }
    let text = errors.take("text", text::required(&input.text, TEXT_MAX));
    let department = input.department.parse::<i64>().ok().filter(|id| departments.contains(id));
    if department.is_none() {
        errors.push("department", Problem::ChoiceRequired);
    }
    let owner = errors.take("owner", text::optional_line(&input.owner, OWNER_MAX)).unwrap_or_default();
    let due_on = errors.take("due_on", day(&input.due_on).and_then(|day| day.ok_or(Problem::Required)));
    errors.into_result(Clean {
        ward_view: ward_view.unwrap_or_default(),
        text,
        department: department.unwrap_or_default(),
        owner,
        due_on,
    })
}

/// A day as people write it; nothing when nothing is written.
fn day(typed: &str) -> std::result::Result<Option<NaiveDate>, Problem> {
    match typed.trim() {
        "" => Ok(None),
        typed => wareki::parse(typed).map(Some).map_err(|_| Problem::Date),
    }
}

async fn own<C: ConnectionTrait>(db: &C, theme: i64, id: i64) -> Result<commitment::Model> {
    repository::commitment::by_id(db, id).await?.filter(|c| c.consultation_id == theme).ok_or(AppError::NotFound)
}

/// One promise for its form, with the name of its first row.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn one(ctx: &Ctx, theme: i64, id: i64) -> Result<(Loaded, Followed, String)> {
    let row = own(ctx.db(), theme, id).await?;
    let loaded = writer(ctx, theme, &row).await?;
    let names = answer_names(&numbered(ctx.db(), theme).await?);
    let name = names.get(&row.ward_view_id).map(|names| names.join("、")).unwrap_or_default();
    let row = followed(ctx.db(), vec![row]).await?.pop().ok_or(AppError::NotFound)?;
    Ok((loaded, row, name))
}

/// Those who write the theme's answers, and those of the department that keeps the promise.
async fn writer(ctx: &Ctx, theme: i64, row: &commitment::Model) -> Result<Loaded> {
    let theme = loaded(ctx, theme).await?;
    let may = |department: i64| {
        permission::consultation(ctx.role(), ctx.tie(department), ConsultationAction::DraftResponses, theme.phase)
    };
    ctx.allow(may(theme.row.department_id) || may(row.department_id))?;
    Ok(theme)
}

/// The form for a new promise.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn to_write(ctx: &Ctx, theme: i64) -> Result<Loaded> {
    for_staff(ctx, theme, ConsultationAction::DraftResponses).await
}

/// The form for a new promise of the answer to a row, given by its id; with the row's name, empty when there is none.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn to_write_for(ctx: &Ctx, theme: i64, row: &str) -> Result<(Loaded, String)> {
    let loaded = to_write(ctx, theme).await?;
    let Ok(id) = row.parse::<i64>() else { return Ok((loaded, String::new())) };
    let rows = numbered(ctx.db(), theme).await?;
    let name = rows.iter().find(|row| row.id == id).map(Numbered::name).unwrap_or_default();
    Ok((loaded, name))
}

/// Saves a promise, new (`None`) or known. One that is public keeps its words: it changes by a report.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], or [`AppError::Conflict`] when it is public. Inner: what is wrong.
pub async fn put(ctx: &Ctx, theme: i64, id: Option<i64>, input: &Input) -> Result<Checked<Saved>> {
    for_staff(ctx, theme, ConsultationAction::DraftResponses).await?;
    let tx = ctx.write().await?;
    repository::consultation::by_id_locked(&tx, theme).await?.ok_or(AppError::NotFound)?;
    let departments: Vec<i64> = repository::setting::departments(&tx).await?.iter().map(|d| d.id).collect();
    let clean = match check(input, &numbered(&tx, theme).await?, &departments) {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    let old = match id {
        Some(id) => Some(own(&tx, theme, id).await?),
        None => None,
    };
    if let Some(old) = &old {
        if old.public_at.is_some() {
            return Err(AppError::Conflict);
        }
        if old.version != input.version {
            return Ok(Ok(Saved::Stale(old.version)));
        }
    }
    let row = commitment::ActiveModel {
        id: id.map_or(NotSet, Unchanged),
        consultation_id: Set(theme),
        ward_view_id: Set(clean.ward_view),
        text: Set(clean.text),
        owner: Set(clean.owner),
        department_id: Set(clean.department),
        due_on: Set(Some(clean.due_on.to_string())),
        reminded_on: Set(None),
        state: Set(CommitmentState::Promised.code().to_owned()),
        version: Set(old.as_ref().map_or(1, |old| old.version + 1)),
        created_at: Set(old.as_ref().map_or(ctx.now, |old| old.created_at)),
        updated_at: Set(ctx.now),
        updated_by: Set(ctx.actor()?.id.0),
        public_at: Set(None),
    };
    let saved = repository::commitment::put(&tx, row).await?;
    let detail = json!({ "commitment": saved.id, "department": clean.department, "due_on": clean.due_on });
    audit::record(&tx, ctx, "commitment.save", ("consultation", theme), detail).await?;
    tx.commit().await?;
    Ok(Ok(Saved::Done))
}

/// Deletes a promise that was never public.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], or [`AppError::Conflict`] when it is public.
pub async fn delete(ctx: &Ctx, theme: i64, id: i64) -> Result<()> {
    for_staff(ctx, theme, ConsultationAction::DraftResponses).await?;
    let tx = ctx.write().await?;
    let old = own(&tx, theme, id).await?;
    if old.public_at.is_some() {
        return Err(AppError::Conflict);
    }
    repository::commitment::delete(&tx, id).await?;
    audit::record(&tx, ctx, "commitment.delete", ("consultation", theme), json!({ "commitment": id })).await?;
    tx.commit().await?;
    Ok(())
}

/// A report as entered.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Where it stands now.
    pub state: String,
    /// What was done, for everybody.
    pub body: String,
    /// A new day; empty: as it was.
    pub due_on: String,
}

/// Reports on a promise: everybody sees it, and those who raised the matter are mailed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], or [`AppError::Conflict`] while the promise isn't public. Inner: what
/// is wrong.
pub async fn report(ctx: &Ctx, theme: i64, id: i64, report: &Report) -> Result<Checked<()>> {
    let row = own(ctx.db(), theme, id).await?;
    let loaded = writer(ctx, theme, &row).await?;
    let mut errors = FieldErrors::new();
    let state = CommitmentState::from_code(&report.state);
    if state.is_none() {
        errors.push("state", Problem::ChoiceRequired);
    }
    let body = errors.take("body", text::required(&report.body, TEXT_MAX));
    let due_on = errors.take("report_due_on", day(&report.due_on));
    let (Some(state), true) = (state, errors.is_empty()) else { return Ok(Err(errors)) };
    let tx = ctx.write().await?;
    repository::consultation::by_id_locked(&tx, theme).await?.ok_or(AppError::NotFound)?;
    let row = own(&tx, theme, id).await?;
    if row.public_at.is_none_or(|at| at > ctx.now) {
        return Err(AppError::Conflict);
    }
    let changes = commitment::ActiveModel {
        id: Unchanged(id),
        state: Set(state.code().to_owned()),
        due_on: Set(due_on.map(|day| day.to_string()).or_else(|| row.due_on.clone())),
        version: Set(row.version + 1),
        updated_at: Set(ctx.now),
        updated_by: Set(ctx.actor()?.id.0),
        ..Default::default()
    };
    repository::commitment::put(&tx, changes).await?;
    let progress = commitment_progress::ActiveModel {
        commitment_id: Set(id),
        state: Set(state.code().to_owned()),
        body: Set(body.clone()),
        created_at: Set(ctx.now),
        created_by: Set(ctx.actor()?.id.0),
        ..Default::default()
    };
    let made = repository::commitment::add_progress(&tx, progress).await?;
    let detail = json!({ "commitment": id, "from": row.state, "to": state.code() });
    audit::record(&tx, ctx, "commitment.report", ("consultation", theme), detail).await?;
    let news = News { promise: &row, report: made.id, state, body: &body };
    tell(&tx, ctx, &loaded, &news).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(()))
}

/// What there is to tell.
struct News<'a> {
    promise: &'a commitment::Model,
    report: i64,
    state: CommitmentState,
    body: &'a str,
}

/// Writes to those whose opinions the answer answers in the version that is public now.
async fn tell<C: ConnectionTrait>(tx: &C, ctx: &Ctx, theme: &Loaded, news: &News<'_>) -> Result<()> {
    let Some(publication) = repository::response::latest(tx, theme.row.id, ctx.now).await? else { return Ok(()) };
    let table = response::parse(&publication)?;
    let summaries: Vec<i64> = table
        .rows()
        .filter(|row| row.group.ward_view_id == news.promise.ward_view_id)
        .map(|row| row.row.summary_id)
        .collect();
    let (accounts, letters) = repository::commitment::raisers(tx, publication.id, &summaries).await?;
    let event = format!("commitment:{}:{}", news.promise.id, news.report);
    let path = format!("/consultations/{}/commitments#commitment-{}", theme.row.slug, news.promise.id);
    let link = ctx.url(&path);
    let content = |reader| {
        app::mails::commitment_progress(reader, &theme.row.title, &news.promise.text, news.state, news.body, &link)
    };
    for account in &accounts {
        mail::enqueue(tx, ctx, account, &event, content(mail::reader(ctx, account))).await?;
    }
    let mut written = std::collections::BTreeSet::new();
    for person in &letters {
        if written.insert(email_key(&person.email)) {
            let reader = mail::reader_of(ctx, locale_of(Some(person)), &person.name);
            mail::enqueue_to(tx, ctx, &person.email, &event, content(reader)).await?;
        }
    }
    Ok(())
}

/// Days before a promise is due on which its department is reminded.
const REMIND_DAYS: i64 = 7;

/// Reminds departments of promises that are due soon or overdue, once for each day that was promised.
///
/// # Errors
/// When the database is away.
pub async fn remind_due(ctx: &Ctx) -> Result<()> {
    let today = wareki::date_of(ctx.now);
    let Some(soon) = today.checked_add_signed(chrono::TimeDelta::days(REMIND_DAYS)) else { return Ok(()) };
    for row in repository::commitment::due_until(ctx.db(), ctx.now, &soon.to_string()).await? {
        let Some(due) = row.due_on.as_deref().and_then(|day| day.parse::<NaiveDate>().ok()) else { continue };
        let late = if due < today { "late" } else { "soon" };
        let event = format!("commitment-{late}:{}:{due}", row.id);
        let staff = repository::notice::staff(ctx.db(), row.department_id, &event).await?;
        if staff.is_empty() {
            continue;
        }
        let link = ctx.url(&format!("/staff/consultations/{}/commitments/{}", row.consultation_id, row.id));
        let tx = ctx.write().await?;
        for account in &staff {
            let reader = mail::reader(ctx, account);
            let content = app::mails::commitment_due(reader, &row.text, due, due < today, &link);
            mail::enqueue(&tx, ctx, account, &event, content).await?;
        }
        tx.commit().await?;
        ctx.app.mail_bell.notify_one();
    }
    Ok(())
}

/// Open promises this person keeps: of their department, or of all for those who read everything.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn open(ctx: &Ctx, department: Option<i64>) -> Result<Vec<commitment::Model>> {
    ctx.allow(permission::site(ctx.role(), permission::SiteAction::OpenConsole))?;
    Ok(repository::commitment::open(ctx.db(), department).await?)
}
