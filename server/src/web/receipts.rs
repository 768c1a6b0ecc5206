//! What became of an opinion, by its receipt number; and for the holder of its key, seeing, correcting and taking back.

use app::pages::{
    receipts::{ReceiptForm, ReceiptPage},
    submissions::{
        CorrectionRequest, FormNotice, FormTarget, OwnReceipt, Place, ReceiptNotice, SubmissionClosed, SubmissionForm,
        SubmissionInput, SubmissionWithdraw,
    },
};
use axum::{
    extract::{DefaultBodyLimit, Path, Query, Request},
    http::{Method, StatusCode},
    routing::post,
};
use axum_extra::extract::Form;
use domain::{Channel, FieldErrors, IntakeState, Problem};
use serde::Deserialize;

use super::{
    routes::{Access, Answer, Routes},
    submissions::{self, Pressed, private},
};
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    render,
    service::submission::{
        form::{self, FileChanges},
        receipt::{self, Found},
    },
};

/// Largest body of a correction: texts only.
const CORRECTION_LIMIT: usize = 3 * 1024 * 1024;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let limit = DefaultBodyLimit::max(CORRECTION_LIMIT);
    routes
        .get("/receipts", Access::Public, form)
        .get("/receipts/{number}", Access::Public, show)
        .get("/receipts/{number}/edit", Access::Public, edit)
        .add(Method::POST, "/receipts/{number}/edit", Access::Public, post(update).layer(limit))
        .get("/receipts/{number}/withdraw", Access::Public, ask_withdraw)
        .post("/receipts/{number}/withdraw", Access::Public, withdraw)
}

#[derive(Debug, Default, Deserialize)]
struct NumberQuery {
    #[serde(default)]
    number: String,
}

async fn form(ctx: Ctx, Query(query): Query<NumberQuery>) -> Answer {
    if query.number.trim().is_empty() {
        return Ok(render::page(&ctx, ReceiptForm::default()));
    }
    match domain::ReceiptNumber::parse(&query.number) {
        Some(number) => Ok(render::see_other(&format!("/receipts/{number}"))),
        None => Ok(render::invalid(&ctx, ReceiptForm { not_found: Some(query.number.chars().take(40).collect()) })),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct KeyQuery {
    key: String,
    notice: String,
}

async fn show(ctx: Ctx, Path(typed): Path<String>, Query(query): Query<KeyQuery>) -> Answer {
    let Some(found) = receipt::find(&ctx, &typed, &query.key).await? else {
        let page = ReceiptForm { not_found: Some(typed.chars().take(40).collect()) };
        return Ok(render::page_with(&ctx, StatusCode::NOT_FOUND, page));
    };
    let own = if found.opened { Some(own(&ctx, &found, &query).await?) } else { None };
    let page = ReceiptPage {
        number: found.row.receipt_number.clone(),
        answers: super::proposals::answer_links(&found.answers, found.table.as_ref()),
        theme: (found.theme.row.slug.clone(), found.theme.row.title.clone()),
        phase: found.theme.phase,
        received_at: found.row.created_at,
        channel: Channel::from_code(&found.row.channel).unwrap_or_default(),
        state: found.state(),
        own,
    };
    Ok(private(render::page(&ctx, page)))
}

/// What the holder of the key sees, with what was done a moment ago.
async fn own(ctx: &Ctx, found: &Found, query: &KeyQuery) -> Result<OwnReceipt> {
    let notice = match query.notice.as_str() {
        "sent" => Some(ReceiptNotice::Sent),
        "corrected" if found.row.edited_at.is_some() => Some(ReceiptNotice::Corrected),
        "withdrawn" if found.row.withdrawn_at.is_some() => Some(ReceiptNotice::Withdrawn),
        _ => None,
    };
    // The signed-in author's links need no key.
    let key = if ctx.app.seal.opens_receipt(&found.row.receipt_number, &query.key) { &*query.key } else { "" };
    let own = receipt::own(ctx, found, key).await?;
    Ok(OwnReceipt { notice, request: request(ctx, found), ..own })
}

/// What staff ask to be corrected, while they wait for it.
fn request(ctx: &Ctx, found: &Found) -> Option<CorrectionRequest> {
    let note = found.row.correction_note.clone().filter(|note| !note.is_empty())?;
    (found.intake() == IntakeState::AwaitingCorrection).then(|| CorrectionRequest {
        note,
        until: found.correction_until().map(|day| app::format::day(ctx.locale, day)),
    })
}

fn link(number: &str, key: &str, action: &str, notice: &str) -> String {
    let query: Vec<String> = [("key", key), ("notice", notice)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", app::shell::percent(value)))
        .collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    format!("/receipts/{number}{action}{query}")
}

async fn edit(ctx: Ctx, Path(number): Path<String>, Query(query): Query<KeyQuery>) -> Answer {
    let found = receipt::hold(&ctx, &number, &query.key).await?;
    let kept = form::load(ctx.db(), &found.slot()).await?;
    let places = submissions::draft_places(&ctx, &found.theme).await?;
    if !found.may_correct(&ctx) {
        // What was typed in time and never sent is still the person's.
        return match kept {
            Some((input, _)) => over(&ctx, &found, &input, &places, true).await,
            None => Err(AppError::Conflict),
        };
    }
    let saved_at = kept.as_ref().map(|(_, at)| *at);
    let input = match kept {
        Some((input, _)) => input,
        None => receipt::stored_input(&ctx, &found).await?,
    };
    let mut page = page(&ctx, &found, &query.key, input, places).await?;
    page.notice = match query.notice.as_str() {
        "saved" if saved_at.is_some() => Some(FormNotice::Saved),
        "added" if saved_at.is_some() => Some(FormNotice::Added),
        "removed" if saved_at.is_some() => Some(FormNotice::Removed),
        "cleared" if saved_at.is_none() => Some(FormNotice::Cleared),
        _ => saved_at.map(|_| FormNotice::Restored),
    };
    page.saved_at = saved_at;
    Ok(private(render::page(&ctx, page)))
}

async fn page(
    ctx: &Ctx,
    found: &Found,
    key: &str,
    mut input: SubmissionInput,
    places: Vec<Place>,
) -> Result<SubmissionForm> {
    submissions::fill(&mut input);
    Ok(SubmissionForm {
        theme: submissions::theme(ctx, &found.theme).await?,
        target: FormTarget::Correction { number: found.row.receipt_number.clone(), key: key.to_owned() },
        input,
        places,
        errors: FieldErrors::new(),
        notice: None,
        saved_at: None,
        request: request(ctx, found),
    })
}

/// The time for corrections is over: everything is handed back.
async fn over(ctx: &Ctx, found: &Found, input: &SubmissionInput, places: &[Place], kept: bool) -> Answer {
    let theme = submissions::theme(ctx, &found.theme).await?;
    let page = SubmissionClosed { theme, opinions: input.shown(ctx.locale, places), kept };
    Ok(private(render::invalid(ctx, page)))
}

async fn update(ctx: Ctx, Path(number): Path<String>, request: Request) -> Answer {
    let sent = match submissions::read(&ctx, request).await? {
        Ok(sent) => sent,
        Err(refused) => return Ok(refused),
    };
    let key = sent.value("key").to_owned();
    let found = receipt::hold(&ctx, &number, &key).await?;
    let number = found.row.receipt_number.clone();
    let mut input = submissions::input_of(&sent);
    submissions::fill(&mut input);
    let pressed = submissions::pressed(&sent);
    if pressed == Pressed::Clear {
        form::forget(&ctx, &found.slot()).await?;
        return Ok(render::see_other(&link(&number, &key, "/edit", "cleared")));
    }
    let place = submissions::apply(&mut input, pressed);
    let places = submissions::draft_places(&ctx, &found.theme).await?;
    let kept = match form::keep(&ctx, &found.slot(), input.clone(), FileChanges::default()).await {
        Ok(kept) => kept.is_some(),
        Err(error) => return submissions::handed_back(&ctx, error, &input, &places),
    };
    match pressed {
        Pressed::Add if kept => {
            return Ok(render::see_other(&format!("{}#{place}", link(&number, &key, "/edit", "added"))));
        }
        Pressed::Remove(_) if kept => {
            return Ok(render::see_other(&format!("{}#opinions", link(&number, &key, "/edit", "removed"))));
        }
        Pressed::Save if kept => return Ok(render::see_other(&link(&number, &key, "/edit", "saved"))),
        _ => {}
    }
    match receipt::correct(&ctx, &found, &input).await {
        Ok(Ok(())) => Ok(render::see_other(&link(&number, &key, "", "corrected"))),
        Ok(Err(errors)) if errors.of("form") == Some(Problem::Closed) => {
            over(&ctx, &found, &input, &places, kept).await
        }
        Ok(Err(errors)) => {
            let mut page = page(&ctx, &found, &key, input, places).await?;
            page.errors = errors;
            Ok(private(render::invalid(&ctx, page)))
        }
        Err(error) => submissions::handed_back(&ctx, error, &input, &places),
    }
}

async fn ask_withdraw(ctx: Ctx, Path(number): Path<String>, Query(query): Query<KeyQuery>) -> Answer {
    let found = receipt::hold(&ctx, &number, &query.key).await?;
    if !found.may_withdraw() {
        return Err(AppError::Conflict);
    }
    let page = SubmissionWithdraw {
        theme: submissions::theme(&ctx, &found.theme).await?,
        number: found.row.receipt_number.clone(),
        key: query.key,
        opinions: receipt::opinions(&ctx, &found).await?,
    };
    Ok(private(render::page(&ctx, page)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WithdrawBody {
    key: String,
}

async fn withdraw(ctx: Ctx, Path(number): Path<String>, Form(body): Form<WithdrawBody>) -> Answer {
    let found = receipt::hold(&ctx, &number, &body.key).await?;
    receipt::withdraw(&ctx, &found).await?;
    Ok(render::see_other(&link(&found.row.receipt_number, &body.key, "", "withdrawn")))
}
