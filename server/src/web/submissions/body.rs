//! Reading the form, with files and without.

use app::pages::submissions::{NAMES, OpinionInput, SubmissionInput};
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest as _, Multipart, Request},
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::{CookieJar, Form};
use domain::identity::Identity;

use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    limits::Operation,
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

/// Reads a form without files. Inner: the answer to a body that can't be read.
///
/// # Errors
/// As [`read_limited`].
pub async fn read(ctx: &Ctx, request: Request) -> Result<std::result::Result<FormWithFiles, Response>> {
    Ok(read_limited(ctx, request).await?.map(|(form, _)| form))
}

/// Reads the form; with what was typed comes the refusal of its files, when there were too many forms with files. Inner:
/// the answer to a body that can't be read.
///
/// # Errors
/// [`AppError::TooMany`] for a large body of somebody who sends too many, or when the disk refuses.
pub async fn read_limited(ctx: &Ctx, request: Request) -> Result<std::result::Result<Limited, Response>> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return match ctx.app.limits.check(ctx, Operation::Upload, &sender(ctx, &request)) {
            Ok(()) => Ok(Ok((files(ctx, request).await?, None))),
            // Texts are read all the same, so that nothing typed is lost; files are thrown away.
            Err(error) => {
                let Ok(request) = limited(request, TEXT_LIMIT).await else { return Err(error) };
                let mut form = files(ctx, request).await?;
                let came = !std::mem::take(&mut form.files).is_empty();
                Ok(Ok((form, came.then_some(error))))
            }
        };
    }
    let request = match limited(request, TEXT_LIMIT).await {
        Ok(request) => request,
        Err(refused) => return Ok(Err(refused)),
    };
    match Form::<Vec<(String, String)>>::from_request(request, &()).await {
        Ok(Form(fields)) => Ok(Ok((FormWithFiles { fields, ..FormWithFiles::default() }, None))),
        Err(_) => Err(AppError::BadRequest),
    }
}

/// A form, and why its files were refused.
type Limited = (FormWithFiles, Option<AppError>);

/// Who is counted: the account, or the browser.
fn sender(ctx: &Ctx, request: &Request) -> String {
    let browser = || super::token(ctx, &CookieJar::from_headers(request.headers())).unwrap_or_default();
    ctx.actor.as_ref().map_or_else(browser, |actor| actor.id.0.to_string())
}

async fn files(ctx: &Ctx, request: Request) -> Result<FormWithFiles> {
    match Multipart::from_request(request, &()).await {
        Ok(form) => multipart::read(ctx, form).await,
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
