//! Working on one row: what it gathers, its 要旨, and its answer.
//!
//! `open` reads what its page shows, `save` checks and `write` writes the row and its answer, `confirm` is the second
//! person's look at a 要旨. Nothing here loads the whole desk.

mod confirm;
mod open;
mod save;
mod write;

use domain::{
    FieldErrors, Problem,
    permission::{self, ConsultationAction, RowAction, RowTie, SiteAction},
    summary_check,
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};

pub use confirm::{Confirmed, confirm};
pub use open::{Opened, new, open, originals};
pub use save::{RowSaved, put_row};

use super::super::consultation::{Loaded, for_staff};
use crate::{
    ctx::Ctx,
    entity::summary,
    error::{AppError, Result},
    repository::{self, row::Record},
};

/// Longest 要旨, answer or reason in graphemes.
pub const TEXT_MAX: usize = 8000;
/// So many different originals are compared with a 要旨.
pub const COMPARED: u64 = 200;

/// What saving does to the answer's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Settling {
    /// It stays as it is; a new answer is a draft.
    #[default]
    Keep,
    /// 回答を確定する.
    Settle,
    /// 下書きのまま保存; a settled answer is a draft again.
    Draft,
}

/// A row as entered: the 要旨, what it gathers, and its answer.
#[derive(Clone, Debug, Default)]
pub struct RowInput {
    /// The chapter's id.
    pub chapter: String,
    /// 要旨.
    pub text: String,
    /// Ids of opinion items that are chosen.
    pub items: Vec<i64>,
    /// Ids of opinion items that the page showed: those of them that aren't chosen are taken out of the row.
    pub shown: Vec<i64>,
    /// Id of the answer it shares with other rows; empty for one of its own.
    pub ward_view: String,
    /// The name of the row whose answer it shares, 「1-2」; empty to go by `ward_view`.
    pub share_row: String,
    /// Whether a typed answer may be given up for the one of another row.
    pub drop_answer: bool,
    /// 区の考え方; may be empty in a draft.
    pub answer: String,
    /// 対応区分; may be empty in a draft.
    pub disposition: String,
    /// 理由; may be empty in a draft.
    pub reason: String,
    /// Whether the answer is settled by it.
    pub settling: Settling,
    /// The clerk has made sure that what looks like personal data is none.
    pub not_personal: bool,
    /// The versions the page showed, of the row and of the answer.
    pub versions: (i64, i64),
}

/// What who asks may do to a row.
#[derive(Clone, Debug)]
struct Access {
    consultation: Loaded,
    /// The row, unless it is a new one.
    record: Option<Record>,
    /// Whether 要旨, opinions, chapter and sharing may be changed, not only the answer.
    whole: bool,
}

/// Those who work on the theme may do everything; a department that the row was given to writes its answer.
async fn access(ctx: &Ctx, id: i64, row: Option<i64>) -> Result<Access> {
    let Some(row) = row else {
        let consultation = for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
        return Ok(Access { consultation, record: None, whole: true });
    };
    ctx.allow(permission::site(ctx.role(), SiteAction::OpenConsole))?;
    let theme = repository::consultation::by_id(ctx.db(), id).await?.ok_or(AppError::NotFound)?;
    let consultation = Loaded::new(theme, ctx.now);
    let tie = ctx.tie(consultation.row.department_id);
    let whole = permission::consultation(ctx.role(), tie, ConsultationAction::DraftResponses, consultation.phase);
    let record = repository::row::record(ctx.db(), id, row).await?;
    if !whole {
        let tie = if is_given(ctx, record.as_ref()) { RowTie::Given } else { RowTie::None };
        ctx.allow(permission::row(ctx.role(), tie, RowAction::Answer))?;
    }
    Ok(Access { consultation, record: Some(record.ok_or(AppError::NotFound)?), whole })
}

/// Whether a row was given to the department of who asks.
fn is_given(ctx: &Ctx, record: Option<&Record>) -> bool {
    let own = ctx.actor.as_ref().and_then(|actor| actor.department).map(|department| department.0);
    own.is_some() && record.and_then(|r| r.summary.department_id) == own
}

/// Notes that something that looks like personal data has to be looked at first, unless the clerk says they did.
fn check_personal(errors: &mut FieldErrors, texts: &[&str], not_personal: bool) {
    if !not_personal && texts.iter().any(|text| !summary_check::personal_data(text).is_empty()) {
        errors.push("not_personal", Problem::ChoiceRequired);
    }
}

/// Works out anew whether a row says word for word what it gathers, after its opinions have changed; a confirmation no
/// longer holds then. To be called within the operation's transaction, before its journal is finished.
///
/// # Errors
/// When the database refuses.
pub async fn refresh_verbatim<C: ConnectionTrait>(tx: &C, summary_id: i64) -> Result<()> {
    let Some(row) = repository::response::summary(tx, summary_id).await? else { return Ok(()) };
    let verbatim = is_verbatim(tx, summary_id, &row.text).await?;
    let changes = summary::ActiveModel {
        id: Unchanged(row.id),
        verbatim: Set(i64::from(verbatim)),
        confirmed_by: Set(None),
        confirmed_at: Set(None),
        ..Default::default()
    };
    repository::response::update_summary(tx, changes).await?;
    Ok(())
}

async fn is_verbatim<C: ConnectionTrait>(tx: &C, summary: i64, text: &str) -> Result<bool> {
    let originals = repository::row::texts(tx, summary, COMPARED).await?;
    let originals: Vec<&str> = originals.iter().map(String::as_str).collect();
    Ok(summary_check::is_verbatim(&originals, text))
}
