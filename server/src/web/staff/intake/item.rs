//! What is done to one submission in the intake, from its page.

use app::pages::staff::{
    intake::assigned::{AssignedList, AssignedRow},
    intake::item::{AttachedFile, Boxes, Done, Intake, Marks, Note, Opinion, Rights, Typed},
    moderation::EarlierText,
};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use axum_extra::extract::Form;
use domain::{Channel, FieldErrors, IntakeState, permission::ConsultationAction};
use serde::Deserialize;

use super::{day, status_of};
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    render,
    repository::{
        self,
        intake::{Facts, LinkedItem},
    },
    service::{
        self,
        intake::{
            Seen,
            correction::Told,
            split::{MAX, Refused},
        },
        submission::{AttachmentKind, receipt_link},
    },
    web::{
        consultations::send_file,
        routes::{Access, Answer, Routes},
        staff::moderation::item_page,
    },
};

/// Empty boxes that wait for another opinion.
const SPARE: usize = 1;
/// Empty boxes when more are asked for.
const MORE: usize = 5;
/// Assigned submissions on a page.
const ASSIGNED: i64 = 50;
/// What a submission holds is nobody else's, in caches either.
const PRIVATE: &str = "private, no-store";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/assigned", Access::Staff, assigned)
        .post("/staff/proposals/{id}/state", Access::Staff, set_state)
        .post("/staff/proposals/{id}/assignment", Access::Staff, assign)
        .post("/staff/proposals/{id}/marks", Access::Staff, mark)
        .post("/staff/proposals/{id}/notes", Access::Staff, add_note)
        .post("/staff/proposals/{id}/correction", Access::Staff, ask)
        .post("/staff/proposals/{id}/split", Access::Staff, split)
        .get("/staff/proposals/{id}/attachments/{attachment}", Access::Staff, attachment)
}

/// What was typed into one of the forms, and what is wrong with it.
#[derive(Debug, Default)]
pub(in crate::web::staff) struct Refusal {
    pub state: Option<(String, String)>,
    pub department: Option<String>,
    pub note: String,
    pub correction: Option<(String, String)>,
    pub parts: Option<Vec<String>>,
    pub linked: bool,
    pub errors: FieldErrors,
}

/// Everything of a submission's page that is the intake's, with its earlier texts: five statements, six for those who
/// assign.
pub(in crate::web::staff) async fn load(
    ctx: &Ctx,
    seen: &Seen,
    refusal: Refusal,
) -> Result<(Intake, Vec<EarlierText>, Facts)> {
    let db = ctx.db();
    let row = &seen.row;
    let facts = repository::intake::facts(db, row.id).await?;
    let items = repository::intake::linked_items(db, row.id).await?;
    let files = repository::submission::attachments(db, row.id).await?;
    let (notes, earlier): (Vec<_>, Vec<_>) =
        repository::intake::writings(db, row.id).await?.into_iter().partition(|w| w.kind == "note");
    let may_act = seen.may(ctx, ConsultationAction::Intake);
    let departments = if may_act { crate::web::staff::departments(ctx).await? } else { vec![] };
    let awaited = row.intake == IntakeState::AwaitingCorrection.code();
    let reachable = facts.addresses > 0;
    let asked = row.correction_note.clone().filter(|_| awaited && seen.whole);
    let typed = typed(ctx, seen, &items, &refusal);
    let suggested = refusal.parts.is_none() && typed.parts.len() > items.len() + SPARE;
    let intake = Intake {
        document_href: None,
        id: row.id,
        theme: row.consultation_id,
        receipt: row.receipt_number.clone(),
        created_at: row.created_at,
        received_on: day(&row.received_on),
        postmarked_on: row.postmarked_on.as_deref().and_then(day),
        channel: Channel::from_code(&row.channel).unwrap_or_default(),
        eligibility: row.eligibility.clone(),
        status: status_of(&row.state, &row.intake),
        scribe: row.scribe.clone(),
        entered_by: facts.entered_by.clone(),
        department: facts.department.clone(),
        group: row.text_group_id.zip(facts.group_size).filter(|(_, size)| *size > 1 && seen.whole),
        marks: Marks { approval_only: row.approval_only != 0, no_reply: row.no_reply != 0 },
        correction: asked.map(|note| (note, row.correction_until.as_deref().and_then(day))),
        letter_link: (may_act && awaited && !reachable).then(|| receipt_link(ctx, row)),
        opinions: items.into_iter().map(opinion).collect(),
        files: files
            .into_iter()
            .filter(|(file, _)| file.kind == AttachmentKind::Attachment.code())
            .map(|(file, upload)| AttachedFile { id: file.id, name: upload.file_name, size: upload.size })
            .collect(),
        notes: notes.into_iter().map(|w| Note { at: w.created_at, name: w.name, body: w.body }).collect(),
        departments,
        rights: Rights {
            act: may_act,
            note: seen.may_note(ctx),
            open: seen.may(ctx, ConsultationAction::ReadIdentity),
        },
        assigned_only: !seen.whole,
        reachable,
        boxes: Boxes { suggested, refused: refusal.linked },
        typed,
    };
    let earlier = earlier
        .into_iter()
        .rev()
        .map(|w| EarlierText { title: Some(w.title).filter(|t| !t.is_empty()), body: w.body, until: w.created_at })
        .collect();
    Ok((intake, earlier, facts))
}

fn opinion(item: LinkedItem) -> Opinion {
    Opinion { text: item.body, anchor: item.anchor, page: item.page, links: item.links }
}

/// What the forms hold: what was typed, or what they start with.
fn typed(ctx: &Ctx, seen: &Seen, items: &[LinkedItem], refusal: &Refusal) -> Typed {
    let row = &seen.row;
    let (state, state_reason) = refusal.state.clone().unwrap_or_else(|| (row.intake.clone(), String::new()));
    let assigned = row.assigned_department_id.map(|id| id.to_string()).unwrap_or_default();
    let (correction, until) = refusal
        .correction
        .clone()
        .unwrap_or_else(|| (app::pages::staff::intake::item::correction_template(ctx.locale), String::new()));
    Typed {
        state,
        state_reason,
        department: refusal.department.clone().unwrap_or(assigned),
        note: refusal.note.clone(),
        correction,
        until,
        parts: refusal.parts.clone().unwrap_or_else(|| starting_parts(&row.body, items)),
        preset: String::new(),
    }
}

/// The boxes at first: the opinions there are, or for a text that nobody has cut yet a suggestion; and an empty one.
fn starting_parts(body: &str, items: &[LinkedItem]) -> Vec<String> {
    let uncut = items.iter().all(|item| item.body.is_none());
    let mut parts: Vec<String> = if uncut {
        let suggested = domain::split::split(body);
        if suggested.len() > MAX { vec![body.to_owned()] } else { suggested }
    } else {
        items.iter().map(|item| item.body.clone().unwrap_or_else(|| body.to_owned())).collect()
    };
    parts.extend(std::iter::repeat_n(String::new(), SPARE));
    parts
}

fn done(id: i64, done: Done) -> Response {
    render::see_other(&format!("/staff/proposals/{id}?notice={}", done.code()))
}

async fn refused(ctx: &Ctx, id: i64, refusal: Refusal) -> Answer {
    Ok(render::invalid(ctx, item_page(ctx, id, None, refusal).await?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StateBody {
    state: String,
    state_reason: String,
}

async fn set_state(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<StateBody>) -> Answer {
    match service::intake::set_state(&ctx, id, &body.state, &body.state_reason).await? {
        Ok(()) => Ok(done(id, Done::State)),
        Err(errors) => {
            let state = Some((body.state, body.state_reason));
            refused(&ctx, id, Refusal { state, errors, ..Refusal::default() }).await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AssignmentBody {
    department: String,
}

async fn assign(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<AssignmentBody>) -> Answer {
    match service::intake::assign(&ctx, id, &body.department).await? {
        Ok(()) => Ok(done(id, Done::Assigned)),
        Err(errors) => {
            let department = Some(body.department);
            refused(&ctx, id, Refusal { department, errors, ..Refusal::default() }).await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MarksBody {
    approval_only: String,
    no_reply: String,
}

async fn mark(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<MarksBody>) -> Answer {
    service::intake::mark(&ctx, id, body.approval_only == "1", body.no_reply == "1").await?;
    Ok(done(id, Done::Marked))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoteBody {
    note: String,
}

async fn add_note(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<NoteBody>) -> Answer {
    match service::intake::add_note(&ctx, id, &body.note).await? {
        Ok(()) => Ok(done(id, Done::Noted)),
        Err(errors) => refused(&ctx, id, Refusal { note: body.note, errors, ..Refusal::default() }).await,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CorrectionBody {
    correction: String,
    until: String,
}

async fn ask(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<CorrectionBody>) -> Answer {
    match service::intake::correction::request(&ctx, id, &body.correction, &body.until).await? {
        Ok(Told::ByMail) => Ok(done(id, Done::Asked)),
        Ok(Told::ByHand) => Ok(done(id, Done::AskedByHand)),
        Err(errors) => {
            let correction = Some((body.correction, body.until));
            refused(&ctx, id, Refusal { correction, errors, ..Refusal::default() }).await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SplitBody {
    item: Vec<String>,
    /// `more` for more boxes.
    act: String,
}

async fn split(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<SplitBody>) -> Answer {
    if body.act == "more" {
        service::intake::acting(&ctx, id).await?;
        let room = MAX.saturating_sub(body.item.len());
        let parts = body.item.into_iter().chain(std::iter::repeat_n(String::new(), MORE.min(room))).collect();
        let page = item_page(&ctx, id, None, Refusal { parts: Some(parts), ..Refusal::default() }).await?;
        return Ok(render::page(&ctx, page));
    }
    let (linked, errors) = match service::intake::split::run(&ctx, id, &body.item).await? {
        Ok(_) => return Ok(done(id, Done::Split)),
        Err(Refused::Linked) => (true, FieldErrors::new()),
        Err(Refused::Input(errors)) => (false, errors),
    };
    refused(&ctx, id, Refusal { parts: Some(body.item), linked, errors, ..Refusal::default() }).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AssignedQuery {
    /// The last submission of the page before.
    before: String,
}

/// What the reader's department was asked to look at.
async fn assigned(ctx: Ctx, Query(query): Query<AssignedQuery>) -> Answer {
    // Staff without a department are asked nothing.
    let department = ctx.actor()?.department.map_or(0, |d| d.0);
    let before = query.before.parse::<i64>().ok();
    let mut rows =
        repository::intake::entrusted(ctx.db(), department, before.unwrap_or(i64::MAX), ASSIGNED + 1).await?;
    let limit = usize::try_from(ASSIGNED).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let here = "/staff/assigned";
    let page = AssignedList {
        next: rows.last().filter(|_| more).map(|last| format!("{here}?before={}", last.id)),
        first: before.map(|_| here.to_owned()),
        rows: rows
            .into_iter()
            .map(|row| AssignedRow {
                status: status_of(&row.state, &row.intake),
                excerpt: domain::text::excerpt(&row.excerpt, 160),
                id: row.id,
                receipt: row.receipt_number,
                theme: row.theme,
                created_at: row.created_at,
                notes: row.notes,
            })
            .collect(),
    };
    Ok(render::page(&ctx, page))
}

/// A file that the sender attached. A scan is no such file: it shows who sent it.
async fn attachment(ctx: Ctx, Path((id, file)): Path<(i64, i64)>) -> Answer {
    service::intake::see(&ctx, id).await?;
    let (_, upload) = repository::identity::attachment(ctx.db(), id, file)
        .await?
        .filter(|(file, _)| file.kind == AttachmentKind::Attachment.code())
        .ok_or(AppError::NotFound)?;
    send_file(&ctx, &upload, PRIVATE).await
}
