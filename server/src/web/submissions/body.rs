//! Reading the form, with files and without.

use app::pages::submissions::{NAMES, OpinionInput, SubmissionInput};
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest as _, Multipart, Request},
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use domain::identity::Identity;

use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    web::multipart::{self, FormWithFiles},
};

/// Largest body of the form: five files of ten mebibytes, and the texts.
pub const FORM_LIMIT: usize = 54 * 1024 * 1024;
/// Largest body without files: texts are long when they are encoded.
const TEXT_LIMIT: usize = 3 * 1024 * 1024;
/// Largest body of a form that isn't this one.
const SMALL_LIMIT: usize = 512 * 1024;

/// The button that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// On to the confirmation.
    Next,
    /// Another box.
    Add,
    /// Without the box of this number, counted from 1.
    Remove(usize),
    /// Without this file.
    Drop(i64),
    /// Only keep it.
    Save,
    /// Throw it away.
    Clear,
}

/// Which button was pressed.
pub fn pressed(form: &FormWithFiles) -> Pressed {
    if form.value("clear") == "1" {
        return Pressed::Clear;
    }
    if form.value("add") == "1" {
        return Pressed::Add;
    }
    if let Ok(n) = form.value("remove").parse() {
        return Pressed::Remove(n);
    }
    if let Ok(id) = form.value("drop").parse() {
        return Pressed::Drop(id);
    }
    if form.value("save") == "1" { Pressed::Save } else { Pressed::Next }
}

/// Reads the form. Inner: the answer to a body that can't be read.
///
/// # Errors
/// When the disk refuses.
pub async fn read(ctx: &Ctx, request: Request) -> Result<std::result::Result<FormWithFiles, Response>> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return match Multipart::from_request(request, &()).await {
            Ok(form) => Ok(Ok(multipart::read(ctx, form).await?)),
            Err(_) => Err(AppError::BadRequest),
        };
    }
    let request = match limited(request, TEXT_LIMIT).await {
        Ok(request) => request,
        Err(refused) => return Ok(Err(refused)),
    };
    match Form::<Vec<(String, String)>>::from_request(request, &()).await {
        Ok(Form(fields)) => Ok(Ok(FormWithFiles { fields, ..FormWithFiles::default() })),
        Err(_) => Err(AppError::BadRequest),
    }
}

/// The fields of a form that was written down by the browser's script.
pub async fn parse(fields: String) -> Option<FormWithFiles> {
    if fields.len() > TEXT_LIMIT {
        return None;
    }
    let request = Request::builder()
        .method(Method::POST)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(fields))
        .ok()?;
    let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, &()).await.ok()?;
    Some(FormWithFiles { fields, ..FormWithFiles::default() })
}

/// The request of a form that shares the address and holds no files.
pub async fn small(request: Request) -> std::result::Result<Request, Response> {
    limited(request, SMALL_LIMIT).await
}

async fn limited(request: Request, limit: usize) -> std::result::Result<Request, Response> {
    let (parts, body) = request.into_parts();
    match to_bytes(body, limit).await {
        Ok(bytes) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Err(_) => Err(StatusCode::PAYLOAD_TOO_LARGE.into_response()),
    }
}

/// What was typed, without files.
pub fn input_of(form: &FormWithFiles) -> SubmissionInput {
    let has = |name: &str| form.fields.iter().any(|(n, _)| n == name);
    let text = |name: &str| domain::text::normalise_newlines(form.value(name));
    let opinions = NAMES.iter().filter(|names| has(names.text)).map(|names| OpinionInput {
        text: text(names.text),
        place: text(names.place),
        page: text(names.page),
    });
    SubmissionInput {
        form: form.value("form").to_owned(),
        opinions: opinions.collect(),
        eligibility: form.value("eligibility").to_owned(),
        identity: Identity {
            name: text("name"),
            kana: text("kana"),
            address: text("address"),
            phone: text("phone"),
            email: text("email"),
            organisation: text("organisation"),
            representative: text("representative"),
            workplace: text("workplace"),
            school: text("school"),
            interest: text("interest"),
        },
        files: vec![],
    }
}
