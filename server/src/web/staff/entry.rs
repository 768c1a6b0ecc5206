//! The proxy-entry desk: one page that records a sheet and comes back empty for the next.

mod page;

use app::pages::staff::entry::{Focus, ITEMS_MAX, ItemInput, Sheet, Shut};
use axum::{
    extract::{DefaultBodyLimit, Multipart, Path, Query},
    http::{HeaderName, HeaderValue, Method, header},
    response::Response,
    routing::post,
};
use domain::{FieldErrors, IntakeState, Problem, identity::Identity, page_reference, split, text, wareki};
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    files::PDF_MAX_MIB,
    render, secret,
    service::{consultation::Loaded, entry as desk},
    web::{
        consultations::send_file,
        layers,
        multipart::{self, FormWithFiles},
        routes::{Access, Answer, Routes},
    },
};

/// Largest body with a scan: the largest file and what belongs to the form.
const UPLOAD_LIMIT: usize = 24 * 1024 * 1024;

/// The routes. Whether a scan is there is told to nobody but who loaded it.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let record = post(create).layer(DefaultBodyLimit::max(UPLOAD_LIMIT));
    routes
        .get("/staff/consultations/{id}/entry", Access::Staff, show)
        .add(Method::POST, "/staff/consultations/{id}/entry", Access::Staff, record)
        .get("/staff/consultations/{id}/entry/scans/{scan}", Access::Staff, show_scan)
}

fn address(theme: i64) -> String {
    format!("/staff/consultations/{theme}/entry")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShowQuery {
    /// The id of the sheet that was recorded a moment ago.
    after: String,
}

async fn show(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<ShowQuery>) -> Answer {
    let theme = desk::desk(&ctx, id).await?;
    let page = page::fresh(&ctx, &theme, query.after.parse().ok()).await?;
    Ok(render::page(&ctx, page))
}

/// What the pressed button asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// Record, and on to the next sheet.
    Next,
    /// Record, and see it.
    Show,
    /// Record although the same may be there.
    Anyway,
    /// Record as a duplicate.
    Duplicate,
    /// Record as waiting for a correction.
    Correction,
    /// Cut the text into opinions.
    Split,
    /// Another box.
    More,
    /// Load the scan, so that it can be read beside the form.
    Scan,
}

impl Act {
    fn from_code(code: &str) -> Self {
        match code {
            "show" => Self::Show,
            "anyway" => Self::Anyway,
            "duplicate" => Self::Duplicate,
            "correction" => Self::Correction,
            "split" => Self::Split,
            "more" => Self::More,
            "scan" => Self::Scan,
            _ => Self::Next,
        }
    }
}

/// What was typed. Boxes, pages and places come as three lists of the same length.
fn typed(form: &FormWithFiles) -> Sheet {
    let value = |name: &str| form.value(name).to_owned();
    let items = form.values("item_body").zip(form.values("item_page")).zip(form.values("item_anchor"));
    let token = form.value("token");
    let known = (20..=64).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic());
    Sheet {
        token: if known { token.to_owned() } else { secret::token() },
        scan: value("scan_ref"),
        channel: value("channel"),
        received_on: value("received_on"),
        postmarked_on: value("postmarked_on"),
        body: value("body"),
        items: items
            .map(|((body, page), anchor)| ItemInput {
                body: body.to_owned(),
                page: page.to_owned(),
                anchor: anchor.to_owned(),
            })
            .take(ITEMS_MAX)
            .collect(),
        eligibility: value("eligibility"),
        identity: Identity {
            name: value("name"),
            kana: value("kana"),
            address: value("address"),
            phone: value("phone"),
            email: value("email"),
            organisation: value("organisation"),
            representative: value("representative"),
            workplace: value("workplace"),
            school: value("school"),
            interest: value("interest"),
        },
        scribe: value("scribe"),
        spoken: form.value("spoken") == "1",
        department: value("department"),
        intake: value("intake"),
        confirmed: form.values("confirmed").map(str::to_owned).collect(),
    }
}

/// The opinions that the text seems to hold, each with the page it names. What doesn't fit into the boxes stays with the
/// last.
fn split_items(body: &str) -> Vec<ItemInput> {
    let mut parts = split::split(&text::normalise_newlines(body));
    let rest: Vec<String> = parts.drain(ITEMS_MAX.min(parts.len())..).collect();
    if let Some(last) = parts.last_mut() {
        for part in rest {
            last.push('\n');
            last.push_str(&part);
        }
    }
    let whole = parts.len() < 2;
    parts
        .into_iter()
        .map(|part| ItemInput {
            page: page_reference::find(&part).first().map(|mention| mention.page.to_string()).unwrap_or_default(),
            body: if whole { String::new() } else { part },
            anchor: String::new(),
        })
        .collect()
}

async fn create(ctx: Ctx, Path(id): Path<i64>, form: Multipart) -> Answer {
    let theme = desk::desk(&ctx, id).await?;
    if desk::shut(&theme) == Some(Shut::NotPublic) {
        return Ok(render::see_other(&address(id)));
    }
    let mut form = multipart::read(&ctx, form).await?;
    let mut sheet = typed(&form);
    match answer(&ctx, &theme, &mut form, &mut sheet).await {
        Err(error) => hand_back(&ctx, error, &sheet),
        done => done,
    }
}

async fn answer(ctx: &Ctx, theme: &Loaded, form: &mut FormWithFiles, sheet: &mut Sheet) -> Answer {
    desk::demand_open(theme)?;
    let act = Act::from_code(form.value("act"));
    if let Some(problem) = take_scan(ctx, theme, form, sheet).await? {
        let refusal = desk::Refusal { errors: FieldErrors::one("scan", problem), ..desk::Refusal::default() };
        let page = page::again(ctx, theme, sheet, refusal, Focus::None).await?;
        return Ok(with_frames(render::invalid(ctx, page)));
    }
    let focus = match act {
        Act::Split => {
            sheet.items = split_items(&sheet.body);
            Some(Focus::Items)
        }
        Act::More => {
            more(sheet);
            Some(Focus::Items)
        }
        Act::Scan => Some(Focus::Body),
        _ => None,
    };
    if let Some(focus) = focus {
        let page = page::again(ctx, theme, sheet, desk::Refusal::default(), focus).await?;
        return Ok(with_frames(render::page(ctx, page)));
    }
    match act {
        Act::Duplicate => IntakeState::Duplicate.code().clone_into(&mut sheet.intake),
        Act::Correction => IntakeState::AwaitingCorrection.code().clone_into(&mut sheet.intake),
        _ => {}
    }
    match desk::record(ctx, theme, sheet, act == Act::Anyway).await? {
        Ok(made) if act == Act::Show => Ok(render::see_other(&format!("/staff/proposals/{}", made.id))),
        Ok(made) => Ok(render::see_other(&format!("{}?after={}", address(theme.row.id), made.id))),
        Err(refusal) => {
            let focus = if refusal.errors.is_empty() { Focus::Warnings } else { Focus::None };
            let page = page::again(ctx, theme, sheet, refusal, focus).await?;
            Ok(with_frames(render::invalid(ctx, page)))
        }
    }
}

/// Another box; the first two when the text was one opinion so far, and then the first holds the whole text.
fn more(sheet: &mut Sheet) {
    if sheet.items.iter().all(|item| item.body.trim().is_empty()) && sheet.items.len() < 2 {
        sheet.items.resize(1, ItemInput::default());
        if let Some(first) = sheet.items.first_mut() {
            first.body.clone_from(&sheet.body);
        }
    }
    sheet.items.push(ItemInput::default());
    sheet.items.truncate(ITEMS_MAX);
}

/// Keeps a scan that came with the form, whatever becomes of the rest.
async fn take_scan(ctx: &Ctx, theme: &Loaded, form: &mut FormWithFiles, sheet: &mut Sheet) -> Result<Option<Problem>> {
    if form.too_large {
        return Ok(Some(Problem::FileSize { max_mib: PDF_MAX_MIB }));
    }
    let Some(file) = form.take_files("scan").into_iter().next() else { return Ok(None) };
    match desk::keep_scan(ctx, theme, file).await? {
        Ok(reference) => {
            sheet.scan = reference;
            Ok(None)
        }
        Err(problem) => Ok(Some(problem)),
    }
}

/// A refusal that must not cost the clerk the text.
fn hand_back(ctx: &Ctx, error: AppError, sheet: &Sheet) -> Answer {
    match error.kind() {
        Some(kind) => {
            if let AppError::Internal(cause) = &error {
                tracing::error!(error = format!("{cause:#}"), "sheet not recorded");
            }
            Ok(layers::error_page(ctx, kind, Some(sheet.body.clone())))
        }
        None => Err(error),
    }
}

/// Lets this one page show a file of this site in a frame: the scan of a letter beside the form (CSP3 §6.1.5).
fn with_frames(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok());
    if let Some(value) = policy.and_then(|policy| HeaderValue::from_str(&format!("{policy}; frame-src 'self'")).ok()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    response
}

/// A scan that waits for its sheet. Everybody but who loaded it is told that there is none.
async fn show_scan(ctx: Ctx, Path((id, scan)): Path<(i64, String)>) -> Answer {
    let hidden = |error| match error {
        AppError::SignInRequired | AppError::Forbidden => AppError::NotFound,
        other => other,
    };
    let theme = desk::desk(&ctx, id).await.map_err(hidden)?;
    let upload = desk::scan(&ctx, &theme, &scan).await?.ok_or(AppError::NotFound)?;
    let mut response = send_file(&ctx, &upload, "private, no-store").await?;
    let headers = response.headers_mut();
    let policy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(HeaderName::from_static("x-frame-options"), HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}

/// A day as it is written into a field.
fn written(ctx: &Ctx, day: chrono::NaiveDate) -> String {
    match ctx.locale {
        domain::Locale::Ja => wareki::short(day),
        domain::Locale::En => day.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_boxes_with_the_pages_it_names() {
        let items = split_items("①P5の図が小さい。\r\n②公園を広げてほしい。");
        let read: Vec<(&str, &str)> = items.iter().map(|i| (i.body.as_str(), i.page.as_str())).collect();
        assert_eq!(read, [("①P5の図が小さい。", "5"), ("②公園を広げてほしい。", "")]);
        let whole = split_items("12ページの図が小さい。");
        assert_eq!(whole, [ItemInput { page: "12".to_owned(), ..ItemInput::default() }]);
        let long: Vec<String> = (1..=25).map(|n| format!("{n}. 意見その{n}")).collect();
        let items = split_items(&long.join("\n"));
        assert_eq!(items.len(), ITEMS_MAX);
        assert!(items[ITEMS_MAX - 1].body.ends_with("25. 意見その25"));
    }

    #[test]
    fn another_box_keeps_what_was_typed() {
        let mut sheet = Sheet { body: "全体".to_owned(), ..Sheet::default() };
        more(&mut sheet);
        assert_eq!(sheet.items.iter().map(|i| i.body.as_str()).collect::<Vec<_>>(), ["全体", ""]);
        more(&mut sheet);
        assert_eq!(sheet.items.len(), 3);
    }
}
