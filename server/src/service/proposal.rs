//! Proposals: sending, changing, liking; hiding and showing again.

use domain::{
    Channel, FieldErrors, IntakeState, Phase, Problem, ProposalState,
    permission::{self, ConsultationAction, ProposalAction, Tie},
    proposal::{self as rules, ChangeFacts},
    text,
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{
    Checked,
    consultation::Loaded,
    submission::{self, NewSubmission},
};
use crate::{
    audit,
    ctx::Ctx,
    entity::{draft, proposal},
    error::{AppError, Result},
    limits::Operation,
    mail, repository,
};

/// What a person enters.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Title, may be empty.
    pub title: String,
    /// Text.
    pub body: String,
    /// Id of the question, may be empty.
    pub question: String,
}

struct Clean {
    title: Option<String>,
    body: String,
    question: Option<i64>,
}

async fn check<C: ConnectionTrait>(db: &C, loaded: &Loaded, input: &Input) -> Result<Checked<Clean>> {
    let mut errors = FieldErrors::new();
    let questions = repository::consultation::questions(db, loaded.row.id).await?;
    let chosen = input.question.parse::<i64>().ok();
    let question = questions.iter().map(|q| q.id).find(|id| Some(*id) == chosen);
    if question.is_none() && !questions.is_empty() {
        errors
            .push("question", if input.question.is_empty() { Problem::ChoiceRequired } else { Problem::UnknownChoice });
    }
    let title = errors.take("title", text::optional_line(&input.title, rules::TITLE_MAX));
    let body = errors.take("body", text::required(&input.body, rules::BODY_MAX));
    Ok(errors.into_result(Clean { title, body, question }))
}

/// Sends a proposal. The same `token` twice makes one proposal.
///
/// # Errors
/// [`AppError`] when the person may not, or too often. Inner: what is wrong, [`Problem::Closed`] under `form` when the
/// call was over at the moment the request came in.
pub async fn create(ctx: &Ctx, slug: &str, input: &Input, token: &str) -> Result<Checked<proposal::Model>> {
    let actor = ctx.actor()?;
    let loaded = super::consultation::visible(ctx, slug).await?;
    if let Some(known) = repository::proposal::by_form_token(ctx.db(), actor.id.0, token).await? {
        return Ok(Ok(known));
    }
    if loaded.phase != Phase::Open {
        return Ok(Err(FieldErrors::one("form", Problem::Closed)));
    }
    ctx.allow(permission::consultation(Some(actor.role), Tie::None, ConsultationAction::Propose, loaded.phase))?;
    let clean = match check(ctx.db(), &loaded, input).await? {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    ctx.app.limits.check(ctx, Operation::Propose, &actor.id.to_string())?;
    let tx = ctx.write().await?;
    // Looked up again under the write lock: the other half of a double click may have come in between.
    if let Some(known) = repository::proposal::by_form_token(&tx, actor.id.0, token).await? {
        return Ok(Ok(known));
    }
    let new = NewSubmission {
        title: clean.title,
        question: clean.question,
        account: Some(actor.id.0),
        form_token: Some(token.to_owned()),
        // What everybody sees at once needs no looking through before it counts.
        intake: if loaded.kind.shows_proposals() { IntakeState::Accepted } else { IntakeState::Unread },
        ..NewSubmission::of_text(ctx, Channel::Web, clean.body)
    };
    let made = submission::record(&tx, ctx, &loaded, new).await;
    let made = match made {
        // PostgreSQL runs both halves of a double click at once; the second meets the unique index.
        Err(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))) => {
            drop(tx);
            let known = repository::proposal::by_form_token(ctx.db(), actor.id.0, token).await?;
            return known.map(Ok).ok_or(AppError::Internal(error.into()));
        }
        other => other?,
    };
    repository::proposal::delete_draft(&tx, actor.id.0, loaded.row.id).await?;
    if let Some(account) = repository::account::by_id(&tx, actor.id.0).await? {
        let link = ctx.url(&format!("/consultations/{}/proposals/{}", loaded.row.slug, made.id));
        let content =
            app::mails::proposal_received(mail::reader(ctx, &account), &loaded.row.title, &made.receipt_number, &link);
        mail::enqueue(&tx, ctx, &account, &format!("received:{}", made.id), content).await?;
    }
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(made))
}

/// A proposal with what decides about it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The proposal.
    pub row: proposal::Model,
    /// Its consultation.
    pub consultation: Loaded,
    /// Its state.
    pub state: ProposalState,
    /// The reader's tie to it.
    pub tie: Tie,
    /// Rows of the published table that answer it, as ids of summaries.
    pub answers: Vec<i64>,
    /// The published table's chapters and numbers by summary: how the rows are called.
    pub table: Option<documents::ResponseTable>,
}

impl Seen {
    /// Whether the reader may read its text.
    #[must_use]
    pub fn readable(&self, ctx: &Ctx) -> bool {
        permission::proposal(ctx.role(), self.tie, ProposalAction::Read, self.state, self.shown())
    }

    fn shown(&self) -> bool {
        self.consultation.kind.shows_proposals()
    }

    /// Whether the reader may like it now.
    #[must_use]
    pub fn likeable(&self, ctx: &Ctx) -> bool {
        self.consultation.phase == Phase::Open
            && permission::proposal(ctx.role(), self.tie, ProposalAction::Like, self.state, self.shown())
    }

    /// What its author may still do; nothing for others.
    #[must_use]
    pub fn changes(&self, ctx: &Ctx) -> (bool, bool) {
        if !permission::proposal(ctx.role(), self.tie, ProposalAction::Change, self.state, self.shown()) {
            return (false, false);
        }
        let facts = ChangeFacts {
            state: self.state,
            phase: self.consultation.phase,
            likes: self.row.like_count,
            answered: !self.answers.is_empty(),
        };
        (facts.may_edit(), facts.may_withdraw())
    }
}

/// The reader's tie to a proposal.
#[must_use]
pub fn tie(ctx: &Ctx, row: &proposal::Model, department: i64) -> Tie {
    match (&ctx.actor, row.account_id) {
        (Some(actor), Some(author)) if actor.id.0 == author => Tie::Own,
        _ => ctx.tie(department),
    }
}

/// Loads a proposal for reading.
///
/// # Errors
/// [`AppError::NotFound`] when it is not there or not to be known of, [`AppError::Gone`] when it was withdrawn.
pub async fn see(ctx: &Ctx, slug: &str, id: i64) -> Result<Seen> {
    let consultation = super::consultation::visible(ctx, slug).await?;
    let row = repository::proposal::by_id(ctx.db(), id)
        .await?
        .filter(|p| p.consultation_id == consultation.row.id)
        .ok_or(AppError::NotFound)?;
    let state = ProposalState::from_code(&row.state).unwrap_or(ProposalState::Hidden);
    let tie = tie(ctx, &row, consultation.row.department_id);
    let (answers, table) = super::response::answers(ctx, &consultation, id).await?;
    let seen = Seen { row, consultation, state, tie, answers, table };
    let readable = seen.readable(ctx);
    match state {
        // A hidden post of an open dialogue leaves its placeholder; everything else that can't be read isn't there.
        ProposalState::Hidden if seen.shown() => Ok(seen),
        ProposalState::Withdrawn if !readable && seen.shown() => Err(AppError::Gone),
        _ if readable => Ok(seen),
        _ => Err(AppError::NotFound),
    }
}

/// Changes a proposal; the old text is kept.
///
/// # Errors
/// [`AppError::Conflict`] when somebody liked or answered it in the meantime, [`AppError::Forbidden`] when it isn't
/// the person's own. Inner: what is wrong.
pub async fn edit(ctx: &Ctx, slug: &str, id: i64, input: &Input) -> Result<Checked<()>> {
    let actor = ctx.actor()?;
    let seen = see(ctx, slug, id).await?;
    ctx.allow(seen.tie == Tie::Own)?;
    ctx.app.limits.check(ctx, Operation::Propose, &actor.id.to_string())?;
    if seen.consultation.phase != Phase::Open {
        return Ok(Err(FieldErrors::one("form", Problem::Closed)));
    }
    let clean = match check(ctx.db(), &seen.consultation, input).await? {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    let tx = ctx.write().await?;
    let row = repository::proposal::by_id_locked(&tx, id).await?.ok_or(AppError::NotFound)?;
    let state = ProposalState::from_code(&row.state).unwrap_or(ProposalState::Hidden);
    let now_seen = Seen { row, state, ..seen };
    if !now_seen.changes(ctx).0 {
        return Err(AppError::Conflict);
    }
    let same = now_seen.row.title == clean.title
        && now_seen.row.body == clean.body
        && now_seen.row.question_id == clean.question;
    if !same {
        repository::proposal::keep_revision(&tx, &now_seen.row, ctx.now).await?;
        let changes = proposal::ActiveModel {
            id: Unchanged(id),
            title: Set(clean.title),
            body: Set(clean.body),
            question_id: Set(clean.question),
            edited_at: Set(Some(ctx.now)),
            updated_at: Set(ctx.now),
            ..Default::default()
        };
        submission::change(&tx, &now_seen.row, changes).await?;
    }
    tx.commit().await?;
    Ok(Ok(()))
}

/// Takes a proposal back.
///
/// # Errors
/// [`AppError::Conflict`] when the period is over or it is no longer shown.
pub async fn withdraw(ctx: &Ctx, slug: &str, id: i64) -> Result<()> {
    let seen = see(ctx, slug, id).await?;
    ctx.allow(seen.tie == Tie::Own)?;
    let tx = ctx.write().await?;
    let row = repository::proposal::by_id_locked(&tx, id).await?.ok_or(AppError::NotFound)?;
    let state = ProposalState::from_code(&row.state).unwrap_or(ProposalState::Hidden);
    let now_seen = Seen { row, state, ..seen };
    if !now_seen.changes(ctx).1 {
        return Err(AppError::Conflict);
    }
    set_state(&tx, ctx, &now_seen.row, ProposalState::Withdrawn, None).await?;
    tx.commit().await?;
    Ok(())
}

async fn set_state<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    row: &proposal::Model,
    to: ProposalState,
    reason: Option<String>,
) -> Result<()> {
    let hidden = to == ProposalState::Hidden;
    let changes = proposal::ActiveModel {
        id: Unchanged(row.id),
        state: Set(to.code().to_owned()),
        hidden_reason: Set(reason),
        hidden_at: Set(hidden.then_some(ctx.now)),
        withdrawn_at: Set((to == ProposalState::Withdrawn).then_some(ctx.now)),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    submission::change(tx, row, changes).await?;
    Ok(())
}

/// Likes a proposal or takes the like back; gives the new count. Twice is the same as once.
///
/// # Errors
/// [`AppError::Forbidden`] for one's own, [`AppError::Conflict`] when it can't be liked (any more).
pub async fn set_like(ctx: &Ctx, id: i64, on: bool) -> Result<(i64, String)> {
    let actor = ctx.actor()?;
    ctx.app.limits.check(ctx, Operation::Like, &actor.id.to_string())?;
    let tx = ctx.write().await?;
    let row = repository::proposal::by_id_locked(&tx, id).await?.ok_or(AppError::NotFound)?;
    let consultation = repository::consultation::by_id(&tx, row.consultation_id).await?.ok_or(AppError::NotFound)?;
    let consultation = Loaded::new(consultation, ctx.now);
    let state = ProposalState::from_code(&row.state).unwrap_or(ProposalState::Hidden);
    let tie = tie(ctx, &row, consultation.row.department_id);
    let seen = Seen { row, consultation, state, tie, answers: vec![], table: None };
    if !seen.consultation.phase.is_public() || !seen.readable(ctx) {
        return Err(AppError::NotFound);
    }
    ctx.allow(tie != Tie::Own && !actor.role.is_staff())?;
    if !seen.likeable(ctx) {
        return Err(AppError::Conflict);
    }
    let count = repository::proposal::set_like(&tx, id, actor.id.0, on, ctx.now).await?;
    tx.commit().await?;
    Ok((count, seen.consultation.row.slug))
}

/// Keeps what is being typed, whatever it is: a draft has no rules but size.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such open theme.
pub async fn save_draft(ctx: &Ctx, consultation: i64, input: &Input) -> Result<()> {
    let actor = ctx.actor()?;
    let row = repository::consultation::by_id(ctx.db(), consultation).await?.ok_or(AppError::NotFound)?;
    if !Loaded::new(row, ctx.now).phase.is_public() {
        return Err(AppError::NotFound);
    }
    let keep = |s: &str| -> String {
        text::normalise_newlines(s).chars().filter(|c| !text::is_forbidden(*c)).take(20_000).collect()
    };
    let tx = ctx.write().await?;
    let row = draft::ActiveModel {
        account_id: Set(actor.id.0),
        consultation_id: Set(consultation),
        title: Set(keep(&input.title)),
        body: Set(keep(&input.body)),
        question_id: Set(input.question.parse().ok()),
        updated_at: Set(ctx.now),
    };
    repository::proposal::put_draft(&tx, row).await?;
    tx.commit().await?;
    Ok(())
}

/// Hides a proposal with a reason, or shows it again (`None`). The author is told either way.
///
/// # Errors
/// [`AppError::Forbidden`], or [`AppError::Conflict`] when it is not in the state that the page showed. Inner: the
/// reason is missing.
pub async fn moderate(ctx: &Ctx, id: i64, reason: Option<&str>) -> Result<Checked<proposal::Model>> {
    let row = repository::proposal::by_id(ctx.db(), id).await?.ok_or(AppError::NotFound)?;
    let consultation = super::consultation::for_staff(ctx, row.consultation_id, ConsultationAction::Moderate).await?;
    let clean = match reason.map(|r| text::required(r, rules::REASON_MAX)).transpose() {
        Ok(clean) => clean,
        Err(problem) => return Ok(Err(FieldErrors::one("reason", problem))),
    };
    let (from, to, action) = match clean {
        Some(_) => (ProposalState::Published, ProposalState::Hidden, "proposal.hide"),
        None => (ProposalState::Hidden, ProposalState::Published, "proposal.restore"),
    };
    let tx = ctx.write().await?;
    let row = repository::proposal::by_id_locked(&tx, id).await?.ok_or(AppError::NotFound)?;
    if row.state != from.code() {
        return Err(AppError::Conflict);
    }
    set_state(&tx, ctx, &row, to, clean.clone()).await?;
    audit::record(&tx, ctx, action, ("proposal", id), json!({ "reason": clean })).await?;
    tell_author(&tx, ctx, &consultation, &row, clean.as_deref()).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(row))
}

async fn tell_author<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    theme: &Loaded,
    row: &proposal::Model,
    reason: Option<&str>,
) -> Result<()> {
    let Some(author) = row.account_id else { return Ok(()) };
    let Some(account) = repository::account::by_id(tx, author).await? else { return Ok(()) };
    let department = repository::setting::department(tx, theme.row.department_id).await?;
    let contact = department.map(|d| format!("{} {}", d.name, d.phone)).unwrap_or_default();
    let headline = app::wording::headline(row.title.as_deref(), &row.body);
    let link = ctx.url(&format!("/consultations/{}/proposals/{}", theme.row.slug, row.id));
    let (event, content) = match reason {
        Some(reason) => (
            "hidden",
            app::mails::proposal_hidden(
                mail::reader(ctx, &account),
                &theme.row.title,
                &headline,
                reason,
                &link,
                &contact,
            ),
        ),
        None => {
            ("restored", app::mails::proposal_restored(mail::reader(ctx, &account), &theme.row.title, &headline, &link))
        }
    };
    mail::enqueue(tx, ctx, &account, &format!("{event}:{}:{}", row.id, ctx.now), content).await
}
