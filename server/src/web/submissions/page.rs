//! Putting the pages of the form together.

use app::pages::submissions::{
    Contact, FormTarget, Place, SubmissionClosed, SubmissionConfirm, SubmissionForm, SubmissionInput, SubmissionStaff,
    SubmissionTheme, copy_text,
};
use axum::http::StatusCode;
use domain::FieldErrors;

use super::private;
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    render, repository,
    service::{
        consultation::Loaded,
        submission::form::{self, Clean},
    },
    web::{consultations::name_in, routes::Answer},
};

/// The theme with whom to ask.
pub async fn theme(ctx: &Ctx, loaded: &Loaded) -> Result<SubmissionTheme> {
    let department = repository::setting::department(ctx.db(), loaded.row.department_id).await?;
    let contact = department.map(|department| Contact {
        name: name_in(ctx.locale, &department),
        phone: department.phone,
        email: department.email,
    });
    Ok(SubmissionTheme {
        consultation: loaded.row.id,
        slug: loaded.row.slug.clone(),
        title: loaded.row.title.clone(),
        phase: loaded.phase,
        closes_at: loaded.row.closes_at,
        rules: loaded.rules.clone(),
        contact: contact.unwrap_or_default(),
    })
}

/// The places of the theme's draft.
pub async fn draft_places(ctx: &Ctx, loaded: &Loaded) -> Result<Vec<Place>> {
    Ok(form::places(&repository::draft::current_blocks(ctx.db(), loaded.row.id).await?))
}

/// The form of a new submission.
pub async fn form(ctx: &Ctx, loaded: &Loaded, input: SubmissionInput) -> Result<SubmissionForm> {
    let places = draft_places(ctx, loaded).await?;
    form_with(ctx, loaded, input, places).await
}

/// As [`form`], with places that are known already.
pub async fn form_with(
    ctx: &Ctx,
    loaded: &Loaded,
    input: SubmissionInput,
    places: Vec<Place>,
) -> Result<SubmissionForm> {
    Ok(SubmissionForm {
        theme: theme(ctx, loaded).await?,
        target: FormTarget::New,
        input,
        places,
        errors: FieldErrors::new(),
        notice: None,
        saved_at: None,
        request: None,
    })
}

/// The confirmation.
pub async fn confirm(
    ctx: &Ctx,
    loaded: &Loaded,
    input: &SubmissionInput,
    places: &[Place],
    clean: Clean,
    changed: bool,
) -> Result<SubmissionConfirm> {
    Ok(SubmissionConfirm {
        theme: theme(ctx, loaded).await?,
        opinions: input.shown(ctx.locale, places),
        eligibility: Some(clean.eligibility),
        identity: clean.identity,
        files: if loaded.rules.attachments { input.files.clone() } else { vec![] },
        no_reply: clean.no_reply,
        form: input.form.clone(),
        seen: form::fingerprint(input),
        changed,
    })
}

/// The call isn't open: everything is handed back.
pub async fn closed(ctx: &Ctx, loaded: &Loaded, input: &SubmissionInput, kept: bool) -> Answer {
    let places = draft_places(ctx, loaded).await?;
    let opinions = input.shown(ctx.locale, &places);
    let page = SubmissionClosed { theme: theme(ctx, loaded).await?, opinions, kept };
    Ok(private(render::invalid(ctx, page)))
}

/// Staff are shown the way to their own desk.
pub async fn staff(ctx: &Ctx, loaded: &Loaded) -> Answer {
    let page = SubmissionStaff { theme: theme(ctx, loaded).await? };
    Ok(render::page_with(ctx, StatusCode::FORBIDDEN, page))
}

/// A refusal that must not cost the person the text.
pub async fn refused(ctx: &Ctx, loaded: &Loaded, error: AppError, input: &SubmissionInput) -> Answer {
    // Without the names of the places, when the database is away.
    let places = draft_places(ctx, loaded).await.unwrap_or_default();
    handed_back(ctx, error, input, &places)
}

/// As [`refused`], with places that are known already.
pub fn handed_back(ctx: &Ctx, error: AppError, input: &SubmissionInput, places: &[Place]) -> Answer {
    let Some(kind) = error.kind() else { return Err(error) };
    if let AppError::Internal(cause) = &error {
        tracing::error!(error = format!("{cause:#}"), "submission not saved");
    }
    let typed = copy_text(ctx.locale, &input.shown(ctx.locale, places));
    Ok(crate::web::layers::error_page(ctx, kind, Some(typed)))
}
