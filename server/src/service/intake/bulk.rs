//! One decision about many submissions: in one transaction, with one event in the log, and true counts.

use domain::{FieldErrors, Problem, permission::ConsultationAction, text};
use serde_json::{Value, json};

use super::{NOTE_MAX, chosen_department, settable};
use crate::{
    audit,
    ctx::Ctx,
    database::WriteTransaction,
    error::{AppError, Result},
    repository::{
        self,
        intake::{Assigned, Mark},
    },
    service::{Checked, consultation::for_staff, submission::Recount},
};

pub use crate::repository::intake::Filter;

/// Most submissions that are changed at once.
pub const MAX: usize = 5000;
/// Up to here the people are counted one by one; above, the whole theme is counted anew, which is then faster.
const RECOUNTED: usize = 100;
/// Up to here the log names every submission.
const NAMED: usize = 100;

/// Which submissions.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Those that were checked.
    Checked(Vec<i64>),
    /// Everything the list was narrowed to.
    Filtered(Filter),
}

/// What is to be done, as it came with the form.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// `state`, `assign`, `unassign`, `approval_only` or `opinion`.
    pub act: String,
    /// The state.
    pub state: String,
    /// The department.
    pub department: String,
    /// Why; becomes a note.
    pub reason: String,
}

/// What was done to how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// What.
    pub mark: Mark,
    /// To how many.
    pub count: usize,
}

/// Does one thing to many submissions of a theme. What changed in the meantime is simply set; what belongs to another
/// theme, or is gone, is left out.
///
/// # Errors
/// [`AppError::Forbidden`] and its like. Inner: what is wrong; under `ids` that nothing or too much was chosen.
pub async fn run(ctx: &Ctx, theme: i64, scope: &Scope, input: &Input) -> Result<Checked<Done>> {
    for_staff(ctx, theme, ConsultationAction::Intake).await?;
    let (mark, reason) = match check(ctx, input).await? {
        Ok(checked) => checked,
        Err(errors) => return Ok(Err(errors)),
    };
    let tx = ctx.write().await?;
    let ids = match scope {
        Scope::Checked(ids) => ids.clone(),
        Scope::Filtered(filter) => {
            let limit = i64::try_from(MAX + 1).unwrap_or(i64::MAX);
            repository::intake::ids(&tx, theme, filter, limit).await?
        }
    };
    if ids.len() > MAX {
        return Ok(Err(FieldErrors::one("ids", Problem::TooMany { max: MAX })));
    }
    let found = repository::intake::lock(&tx, theme, &ids).await?;
    if found.is_empty() {
        return Ok(Err(FieldErrors::one("ids", Problem::ChoiceRequired)));
    }
    let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
    let submitters: Vec<&str> = found.iter().map(|(_, submitter)| submitter.as_str()).collect();
    set(&tx, ctx, theme, &ids, &submitters, mark).await?;
    if let Some(reason) = reason {
        repository::intake::note_all(&tx, &ids, ctx.actor()?.id.0, &reason, ctx.now).await?;
    }
    let (action, detail) = event(mark, &ids, scope);
    audit::record(&tx, ctx, action, ("consultation", theme), detail).await?;
    tx.commit().await?;
    Ok(Ok(Done { mark, count: ids.len() }))
}

async fn check(ctx: &Ctx, input: &Input) -> Result<Checked<(Mark, Option<String>)>> {
    let mut errors = FieldErrors::new();
    let mut reason = None;
    let mark = match input.act.as_str() {
        "state" => {
            reason = errors.take("reason", text::optional(&input.reason, NOTE_MAX));
            Mark::Intake(errors.take("state", settable(&input.state)))
        }
        "assign" => match chosen_department(ctx.db(), &input.department).await? {
            Ok(None) => {
                errors.push("department", Problem::ChoiceRequired);
                Mark::Department(None)
            }
            Ok(department) => Mark::Department(department),
            Err(problem) => {
                errors.push("department", problem);
                Mark::Department(None)
            }
        },
        "unassign" => Mark::Department(None),
        "approval_only" => Mark::ApprovalOnly(true),
        "opinion" => Mark::ApprovalOnly(false),
        _ => return Err(AppError::BadRequest),
    };
    Ok(errors.into_result((mark, reason)))
}

/// Sets it, and keeps the counts true when they change by it.
async fn set(tx: &WriteTransaction, ctx: &Ctx, theme: i64, ids: &[i64], submitters: &[&str], mark: Mark) -> Result<()> {
    if !matches!(mark, Mark::Intake(_)) {
        return Ok(repository::intake::mark(tx, ids, mark, ctx.now).await?);
    }
    // Everything that is counted of a consultation is changed by one transaction at a time.
    repository::consultation::by_id_locked(tx, theme).await?;
    if ids.len() <= RECOUNTED {
        let recount = Recount::begin(tx, theme, submitters).await?;
        repository::intake::mark(tx, ids, mark, ctx.now).await?;
        recount.finish(tx).await?;
    } else {
        repository::intake::mark(tx, ids, mark, ctx.now).await?;
        repository::tally::rebuild(tx, theme).await?;
    }
    Ok(())
}

/// The event: the submissions by their ids, or how many and what they were chosen by. The words that were searched for
/// stay out, since they may be somebody's name.
fn event(mark: Mark, ids: &[i64], scope: &Scope) -> (&'static str, Value) {
    let (action, to) = match mark {
        Mark::Intake(state) => ("intake.change", json!(state.code())),
        Mark::Department(department) => ("intake.assign", json!(department)),
        Mark::ApprovalOnly(on) => ("intake.mark", json!({ "approval_only": on })),
    };
    let named = (ids.len() <= NAMED).then(|| json!(ids));
    let filter = match scope {
        Scope::Checked(_) => Value::Null,
        Scope::Filtered(filter) => described(filter),
    };
    (action, json!({ "to": to, "count": ids.len(), "ids": named, "filter": filter }))
}

fn described(filter: &Filter) -> Value {
    let assigned = filter.assigned.map(|assigned| match assigned {
        Assigned::Nobody => "none".to_owned(),
        Assigned::To(department) => department.to_string(),
    });
    let parts = [
        ("status", filter.status.map(str::to_owned)),
        ("channel", filter.channel.map(|c| c.code().to_owned())),
        ("eligibility", filter.eligibility.map(str::to_owned)),
        ("department", assigned),
        ("from", filter.from.map(|d| d.to_string())),
        ("to", filter.to.map(|d| d.to_string())),
        ("group", filter.group.map(|g| g.to_string())),
        ("words", (!filter.q.trim().is_empty()).then(|| "yes".to_owned())),
        ("number", filter.number.as_ref().map(ToString::to_string)),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name}={value}"))).collect();
    Value::String(if parts.is_empty() { "all".to_owned() } else { parts.join(" ") })
}
