//! Rows given to departments (所管), questions to other departments (合議), and reminders.

use chrono::NaiveDate;
use domain::{
    FieldErrors, Problem,
    permission::{self, ConsultationAction, RowAction, RowTie, SiteAction, Tie},
    text, wareki,
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{
    Checked,
    consultation::{Loaded, for_staff, loaded},
    plan_change::row_ids,
};
use crate::{
    audit,
    ctx::Ctx,
    entity::{department, referral, summary, summary_routing},
    error::{AppError, Result},
    mail,
    repository::{
        self,
        plan_change::{Numbered, numbered},
        routing::Progress,
    },
};

/// Longest note, question or reply, in graphemes.
pub const TEXT_MAX: usize = 2000;

/// One row with its theme and how the actor is tied to it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The theme.
    pub theme: Loaded,
    /// The row.
    pub row: summary::Model,
    /// The tie.
    pub tie: RowTie,
}

impl Row {
    /// The department that answers it.
    #[must_use]
    pub fn department(&self) -> i64 {
        self.row.department_id.unwrap_or(self.theme.row.department_id)
    }
}

/// A row that the actor may do `action` to. Whoever owns the theme, whom the row was given to and who was asked about it
/// are told apart on the row as it is.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::SignInRequired`] or [`AppError::Forbidden`].
pub async fn row(ctx: &Ctx, theme: i64, row: i64, action: RowAction) -> Result<Row> {
    ctx.allow(permission::site(ctx.role(), SiteAction::OpenConsole))?;
    let theme = loaded(ctx, theme).await?;
    let row = repository::response::summary(ctx.db(), row).await?;
    let row = row.filter(|row| row.consultation_id == theme.row.id).ok_or(AppError::NotFound)?;
    let tie = tie(ctx, ctx.db(), &theme, &row).await?;
    // Asked and given at once: the reply is still theirs to write.
    let replies = action == RowAction::Reply && tie != RowTie::Asked && asked(ctx, ctx.db(), row.id).await?;
    ctx.allow(permission::row(ctx.role(), if replies { RowTie::Asked } else { tie }, action))?;
    Ok(Row { theme, row, tie })
}

async fn asked<C: ConnectionTrait>(ctx: &Ctx, db: &C, row: i64) -> Result<bool> {
    let own = ctx.actor.as_ref().and_then(|a| a.department).map_or(0, |d| d.0);
    Ok(repository::routing::is_asked(db, row, own).await?)
}

async fn tie<C: ConnectionTrait>(ctx: &Ctx, db: &C, theme: &Loaded, row: &summary::Model) -> Result<RowTie> {
    Ok(match row.department_id {
        _ if ctx.tie(theme.row.department_id) == Tie::Department => RowTie::Theme,
        Some(given) if ctx.tie(given) == Tie::Department => RowTie::Given,
        _ if asked(ctx, db, row.id).await? => RowTie::Asked,
        _ => RowTie::None,
    })
}

/// How far every department has come with a theme.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The theme.
    pub theme: Loaded,
    /// By department.
    pub progress: Vec<Progress>,
    /// Every row with its number.
    pub rows: Vec<Numbered>,
    /// Every department.
    pub departments: Vec<department::Model>,
}

/// How far every department has come with a theme.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn overview(ctx: &Ctx, theme: i64) -> Result<Overview> {
    let theme = for_staff(ctx, theme, ConsultationAction::ReadQueue).await?;
    let today = wareki::date_of(ctx.now).to_string();
    Ok(Overview {
        progress: repository::routing::progress(ctx.db(), theme.row.id, &today).await?,
        rows: numbered(ctx.db(), theme.row.id).await?,
        departments: repository::setting::departments(ctx.db()).await?,
        theme,
    })
}

/// Rows to be given, as entered.
#[derive(Clone, Debug, Default)]
pub struct Giving {
    /// Names of rows, 「1-2、2-3」, or of whole chapters, 「3章」.
    pub rows: String,
    /// Id of the department.
    pub department: String,
    /// Until when; may be empty.
    pub due_on: String,
    /// A note for the department; may be empty.
    pub note: String,
}

struct Clean {
    rows: Vec<i64>,
    department: i64,
    due_on: Option<NaiveDate>,
    note: String,
}

/// The rows that are named: single ones, chapters as 「3章」, and 「すべて」.
fn named(typed: &str, known: &[Numbered]) -> std::result::Result<Vec<i64>, Problem> {
    let folded = text::fold(typed);
    if folded == "すべて" || folded == "全て" || folded == "all" {
        return if known.is_empty() { Err(Problem::UnknownChoice) } else { Ok(known.iter().map(|r| r.id).collect()) };
    }
    let (mut ids, mut singles) = (Vec::new(), Vec::new());
    for part in folded.split(|c: char| "、,，;； \u{3000}\n".contains(c)).filter(|part| !part.is_empty()) {
        let number = part.strip_suffix('章').map(|n| n.trim_start_matches('第'));
        match number.map(str::parse::<i64>) {
            Some(Ok(chapter)) => {
                let of: Vec<i64> = known.iter().filter(|r| r.chapter == chapter).map(|r| r.id).collect();
                if of.is_empty() {
                    return Err(Problem::UnknownChoice);
                }
                ids.extend(of);
            }
            Some(Err(_)) => return Err(Problem::UnknownChoice),
            None => singles.push(part),
        }
    }
    if !singles.is_empty() || ids.is_empty() {
        ids.extend(row_ids(&singles.join(" "), known)?);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

fn day(typed: &str, today: NaiveDate) -> std::result::Result<Option<NaiveDate>, Problem> {
    match typed.trim() {
        "" => Ok(None),
        typed => {
            let day = wareki::parse(typed).map_err(|_| Problem::Date)?;
            if day < today { Err(Problem::TooEarly { earliest: today }) } else { Ok(Some(day)) }
        }
    }
}

fn check(input: &Giving, known: &[Numbered], departments: &[department::Model], today: NaiveDate) -> Checked<Clean> {
    let mut errors = FieldErrors::new();
    let rows = errors.take("rows", named(&input.rows, known));
    let department = errors.take("department", chosen(&input.department, departments));
    let due_on = errors.take("due_on", day(&input.due_on, today));
    let note = errors.take("note", text::optional(&input.note, TEXT_MAX)).unwrap_or_default();
    errors.into_result(Clean { rows, department, due_on, note })
}

fn chosen(typed: &str, departments: &[department::Model]) -> std::result::Result<i64, Problem> {
    let id = typed.parse::<i64>().ok().filter(|id| departments.iter().any(|d| d.id == *id));
    id.ok_or(Problem::ChoiceRequired)
}

/// Gives rows of a theme to a department with a day, and writes to it. Gives how many rows.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`]. Inner: what is wrong.
pub async fn give(ctx: &Ctx, theme: i64, input: &Giving) -> Result<Checked<usize>> {
    let theme = for_staff(ctx, theme, ConsultationAction::DraftResponses).await?;
    let tx = ctx.write().await?;
    repository::consultation::by_id_locked(&tx, theme.row.id).await?.ok_or(AppError::NotFound)?;
    let known = numbered(&tx, theme.row.id).await?;
    let departments = repository::setting::departments(&tx).await?;
    let clean = match check(input, &known, &departments, wareki::date_of(ctx.now)) {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    let count = clean.rows.len();
    put(&tx, ctx, &theme, clean).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(count))
}

/// Gives one row on to another department (所管替え).
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`]. Inner: what is wrong; a note is needed.
pub async fn transfer(ctx: &Ctx, theme: i64, id: i64, input: &Giving) -> Result<Checked<()>> {
    let at = row(ctx, theme, id, RowAction::Route).await?;
    let tx = ctx.write().await?;
    repository::consultation::by_id_locked(&tx, theme).await?.ok_or(AppError::NotFound)?;
    let departments = repository::setting::departments(&tx).await?;
    let mut errors = FieldErrors::new();
    let department = errors.take("department", chosen(&input.department, &departments));
    let due_on = errors.take("due_on", day(&input.due_on, wareki::date_of(ctx.now)));
    let note = errors.take("transfer_note", text::required(&input.note, TEXT_MAX));
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    // What was decided about the row since the page was opened.
    let now = repository::response::summary(&tx, id).await?.ok_or(AppError::NotFound)?;
    let tie = tie(ctx, &tx, &at.theme, &now).await?;
    ctx.allow(permission::row(ctx.role(), tie, RowAction::Route))?;
    let due_on = due_on.or_else(|| now.due_on.as_deref().and_then(|day| day.parse().ok()));
    put(&tx, ctx, &at.theme, Clean { rows: vec![id], department, due_on, note }).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(()))
}

async fn put<C: ConnectionTrait>(tx: &C, ctx: &Ctx, theme: &Loaded, clean: Clean) -> Result<()> {
    let own = theme.row.department_id;
    let before = repository::response::summaries(tx, &clean.rows).await?;
    let due_on = clean.due_on.map(|day| day.to_string());
    let given = (clean.department != own).then_some(clean.department);
    repository::routing::give(tx, &clean.rows, given, due_on.as_deref()).await?;
    let actor = ctx.actor()?.id.0;
    let events = before
        .iter()
        .map(|row| summary_routing::ActiveModel {
            consultation_id: Set(theme.row.id),
            summary_id: Set(row.id),
            from_department_id: Set(Some(row.department_id.unwrap_or(own))),
            to_department_id: Set(clean.department),
            due_on: Set(due_on.clone()),
            note: Set(clean.note.clone()),
            created_by: Set(actor),
            created_at: Set(ctx.now),
            ..Default::default()
        })
        .collect();
    repository::routing::note(tx, events).await?;
    let detail = json!({ "rows": clean.rows.len(), "department": clean.department, "due_on": due_on });
    audit::record(tx, ctx, "row.route", ("consultation", theme.row.id), detail).await?;
    // Their own rows are no news to those who give them.
    let own_rows = ctx.tie(clean.department) == Tie::Department;
    if !own_rows {
        let first = clean.rows.first().copied().unwrap_or_default();
        let event = format!("row-given:{}:{first}:{}:{}", theme.row.id, clean.department, ctx.now);
        let link = ctx.url("/staff/board");
        for account in repository::notice::staff(tx, clean.department, &event).await? {
            let reader = mail::reader(ctx, &account);
            let given = app::mails::RowsGiven {
                theme: &theme.row.title,
                rows: clean.rows.len(),
                due_on: clean.due_on,
                note: &clean.note,
                link: &link,
            };
            mail::enqueue(tx, ctx, &account, &event, app::mails::rows_given(reader, &given)).await?;
        }
    }
    Ok(())
}

/// What there is to see about one row: where it was, and what other departments were asked.
#[derive(Clone, Debug)]
pub struct Story {
    /// The row.
    pub at: Row,
    /// How it is called, 「1-2」.
    pub name: String,
    /// To whom it was given, the newest first.
    pub history: Vec<summary_routing::Model>,
    /// Questions, the newest first.
    pub referrals: Vec<referral::Model>,
    /// Every department.
    pub departments: Vec<department::Model>,
}

/// Where a row was and what was asked about it.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn story(ctx: &Ctx, theme: i64, id: i64) -> Result<Story> {
    let at = row(ctx, theme, id, RowAction::Read).await?;
    let name = numbered(ctx.db(), theme).await?.into_iter().find(|r| r.id == id).map(|r| r.name());
    Ok(Story {
        name: name.unwrap_or_default(),
        history: repository::routing::history(ctx.db(), id).await?,
        referrals: repository::routing::referrals(ctx.db(), id).await?,
        departments: repository::setting::departments(ctx.db()).await?,
        at,
    })
}

/// A question as entered.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    /// Id of the department that is asked.
    pub department: String,
    /// What is asked.
    pub question: String,
    /// Until when; may be empty.
    pub due_on: String,
}

/// Asks another department about a row (合議).
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`]. Inner: what is wrong.
pub async fn ask(ctx: &Ctx, theme: i64, id: i64, input: &Asking) -> Result<Checked<()>> {
    let at = row(ctx, theme, id, RowAction::Route).await?;
    let tx = ctx.write().await?;
    let departments = repository::setting::departments(&tx).await?;
    let mut errors = FieldErrors::new();
    let department = errors.take("asked_department", chosen(&input.department, &departments));
    let question = errors.take("question", text::required(&input.question, TEXT_MAX));
    let due_on = errors.take("asked_due_on", day(&input.due_on, wareki::date_of(ctx.now)));
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let row = referral::ActiveModel {
        consultation_id: Set(theme),
        summary_id: Set(id),
        department_id: Set(department),
        question: Set(question.clone()),
        answer: Set(String::new()),
        due_on: Set(due_on.map(|day| day.to_string())),
        asked_by: Set(ctx.actor()?.id.0),
        asked_at: Set(ctx.now),
        ..Default::default()
    };
    let made = repository::routing::put_referral(&tx, row).await?;
    let detail = json!({ "row": id, "referral": made.id, "department": department });
    audit::record(&tx, ctx, "row.ask", ("consultation", theme), detail).await?;
    let event = format!("referral:{}", made.id);
    let link = ctx.url(&path(theme, id));
    for account in repository::notice::staff(&tx, department, &event).await? {
        let reader = mail::reader(ctx, &account);
        let content = app::mails::row_asked(reader, &at.theme.row.title, &question, due_on, &link);
        mail::enqueue(&tx, ctx, &account, &event, content).await?;
    }
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(()))
}

/// The page about where a row was and what was asked.
fn path(theme: i64, row: i64) -> String {
    format!("/staff/consultations/{theme}/responses/rows/{row}/routing")
}

/// Replies to a question about a row; whoever asked is written to.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], or [`AppError::Conflict`] when it is answered or withdrawn already.
/// Inner: what is wrong.
pub async fn reply(ctx: &Ctx, theme: i64, id: i64, referral: i64, answer: &str) -> Result<Checked<()>> {
    let at = row(ctx, theme, id, RowAction::Reply).await?;
    let answer = match text::required(answer, TEXT_MAX) {
        Ok(answer) => answer,
        Err(problem) => return Ok(Err(FieldErrors::one("reply", problem))),
    };
    let tx = ctx.write().await?;
    let asked = open_referral(&tx, id, referral).await?;
    if ctx.role() != Some(domain::Role::Admin) {
        ctx.allow(ctx.tie(asked.department_id) == Tie::Department)?;
    }
    let changes = referral::ActiveModel {
        id: Unchanged(referral),
        answer: Set(answer.clone()),
        answered_by: Set(Some(ctx.actor()?.id.0)),
        answered_at: Set(Some(ctx.now)),
        ..Default::default()
    };
    repository::routing::put_referral(&tx, changes).await?;
    audit::record(&tx, ctx, "row.reply", ("consultation", theme), json!({ "row": id, "referral": referral })).await?;
    if let Some(account) = repository::account::by_id(&tx, asked.asked_by).await?.filter(|a| a.disabled_at.is_none()) {
        let reader = mail::reader(ctx, &account);
        let content = app::mails::row_replied(reader, &at.theme.row.title, &answer, &ctx.url(&path(theme, id)));
        mail::enqueue(&tx, ctx, &account, &format!("referral-reply:{referral}"), content).await?;
    }
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(()))
}

/// Takes a question back.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], or [`AppError::Conflict`] when it is answered or withdrawn already.
pub async fn withdraw(ctx: &Ctx, theme: i64, id: i64, referral: i64) -> Result<()> {
    row(ctx, theme, id, RowAction::Route).await?;
    let tx = ctx.write().await?;
    open_referral(&tx, id, referral).await?;
    let changes =
        referral::ActiveModel { id: Unchanged(referral), withdrawn_at: Set(Some(ctx.now)), ..Default::default() };
    repository::routing::put_referral(&tx, changes).await?;
    let detail = json!({ "row": id, "referral": referral });
    audit::record(&tx, ctx, "row.ask_withdraw", ("consultation", theme), detail).await?;
    tx.commit().await?;
    Ok(())
}

async fn open_referral<C: ConnectionTrait>(tx: &C, row: i64, id: i64) -> Result<referral::Model> {
    let asked = repository::routing::referral(tx, id).await?.filter(|r| r.summary_id == row);
    let asked = asked.ok_or(AppError::NotFound)?;
    if asked.answered_at.is_some() || asked.withdrawn_at.is_some() { Err(AppError::Conflict) } else { Ok(asked) }
}

/// Days before a day on which a department is reminded.
const REMIND_DAYS: i64 = 3;

/// Reminds departments of rows and questions that are due soon or overdue: one mail for each theme and day.
///
/// # Errors
/// When the database is away.
pub async fn remind_due(ctx: &Ctx) -> Result<()> {
    let today = wareki::date_of(ctx.now);
    let Some(soon) = today.checked_add_signed(chrono::TimeDelta::days(REMIND_DAYS)) else { return Ok(()) };
    let soon = soon.to_string();
    let rows = repository::routing::due_rows(ctx.db(), &soon).await?.into_iter().map(|due| ("row", due));
    let asked = repository::routing::due_referrals(ctx.db(), &soon).await?.into_iter().map(|due| ("asked", due));
    let link = ctx.url("/staff/board");
    for (kind, due) in rows.chain(asked) {
        let Ok(day) = due.day.parse::<NaiveDate>() else { continue };
        let late = day < today;
        let when = if late { "late" } else { "soon" };
        let event = format!("due-{kind}-{when}:{}:{}:{day}", due.consultation_id, due.department_id);
        let staff = repository::notice::staff(ctx.db(), due.department_id, &event).await?;
        if staff.is_empty() {
            continue;
        }
        let tx = ctx.write().await?;
        for account in &staff {
            let reader = mail::reader(ctx, account);
            let content = app::mails::rows_due(reader, &due.theme, due.number, day, late, &link);
            mail::enqueue(&tx, ctx, account, &event, content).await?;
        }
        tx.commit().await?;
        ctx.app.mail_bell.notify_one();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_chapters_are_named_as_people_write() {
        let known: Vec<Numbered> = [(11, 1, 1), (12, 1, 2), (21, 2, 1), (31, 3, 1)]
            .into_iter()
            .map(|(id, chapter, number)| Numbered { id, chapter, number, ward_view_id: None })
            .collect();
        for (typed, ids) in [
            ("1-2", vec![12]),
            ("1-2、3章", vec![12, 31]),
            ("第1章", vec![11, 12]),
            ("１章　2-1", vec![11, 12, 21]),
            ("すべて", vec![11, 12, 21, 31]),
        ] {
            assert_eq!(named(typed, &known), Ok(ids), "{typed}");
        }
        assert_eq!(named("", &known), Err(Problem::Required));
        assert_eq!(named("4章", &known), Err(Problem::UnknownChoice));
        assert_eq!(named("1-9", &known), Err(Problem::UnknownChoice));
    }
}
