//! The themes in the console: list, overview, publication, picture and documents, preview.

use std::collections::HashMap;

use app::pages::staff::consultations::{Done, ThemeIndex, ThemeOverview, ThemeRow, Typed};
use axum::{
    extract::{DefaultBodyLimit, Multipart, Path, Query, multipart::MultipartError},
    http::{Method, StatusCode},
    response::Response,
    routing::post,
};
use axum_extra::extract::Form;
use domain::{
    FieldErrors, Millis, Phase, Problem,
    permission::{self, ConsultationAction, SiteAction, site},
    wareki,
};
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    files, render, repository,
    service::{
        self,
        consultation::{Loaded, Publishing, for_staff},
        rules::minutes,
    },
    web::{
        consultations::{department_names, send_file, theme_page},
        routes::{Access, Answer, Routes},
    },
};

/// Largest body with a file: the largest file and what belongs to the form.
const UPLOAD_LIMIT: usize = 24 * 1024 * 1024;
/// Drafts are nobody else's, in caches either.
const PRIVATE: &str = "private, no-store";

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let limit = || DefaultBodyLimit::max(UPLOAD_LIMIT);
    routes
        .get("/staff/consultations", Access::Staff, index)
        .get("/staff/consultations/{id}", Access::Staff, show)
        .post("/staff/consultations/{id}/publish", Access::Staff, publish)
        .post("/staff/consultations/{id}/unpublish", Access::Staff, unpublish)
        .add(Method::POST, "/staff/consultations/{id}/cover", Access::Staff, post(set_cover).layer(limit()))
        .get("/staff/consultations/{id}/preview", Access::Staff, preview)
        .get("/staff/consultations/{id}/preview/cover", Access::Staff, preview_cover)
}

/// A theme as it appears in tables of the console.
pub(super) fn theme_row(theme: &Loaded, departments: &HashMap<i64, String>) -> ThemeRow {
    ThemeRow {
        id: theme.row.id,
        title: theme.row.title.clone(),
        kind: theme.kind,
        department: departments.get(&theme.row.department_id).cloned().unwrap_or_default(),
        phase: theme.phase,
        period: theme.period,
        proposals: theme.row.proposal_count,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IndexQuery {
    /// A department's id, `all`, or nothing for one's own.
    department: String,
    phase: String,
}

async fn index(ctx: Ctx, Query(query): Query<IndexQuery>) -> Answer {
    let department = if query.department.is_empty() { super::scope(&ctx) } else { query.department.parse().ok() };
    let phase = Phase::from_code(&query.phase);
    let departments = super::departments(&ctx).await?;
    let names = departments.iter().cloned().collect();
    let rows = repository::consultation::for_staff(ctx.db(), department).await?;
    let themes = rows.into_iter().map(|row| Loaded::new(row, ctx.now));
    let page = ThemeIndex {
        rows: themes.filter(|t| phase.is_none_or(|p| t.phase == p)).map(|t| theme_row(&t, &names)).collect(),
        departments,
        department,
        phase,
        may_create: site(ctx.role(), SiteAction::CreateConsultation),
    };
    Ok(render::page(&ctx, page))
}

/// How many opinions were sent, shown or not.
pub(super) async fn opinions(ctx: &Ctx, id: i64) -> Result<u64> {
    let filter = repository::proposal::Filter { consultation: Some(id), ..Default::default() };
    Ok(repository::proposal::count(ctx.db(), &filter).await?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShowQuery {
    notice: String,
}

async fn show(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<ShowQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Read).await?;
    let typed = stored(&ctx, &loaded);
    let mut page = overview(&ctx, loaded, typed).await?;
    page.done = Done::from_code(&query.notice);
    Ok(render::page(&ctx, page))
}

/// What stands in the small forms before anything is typed.
pub(super) fn stored(ctx: &Ctx, loaded: &Loaded) -> Typed {
    let progress_on = loaded.row.progress_at.map(|at| super::day_as_typed(ctx.locale, wareki::date_of(at)));
    Typed { cover_alt: loaded.row.cover_alt.clone(), progress_on: progress_on.unwrap_or_default(), ..Typed::default() }
}

async fn overview(ctx: &Ctx, loaded: Loaded, typed: Typed) -> Result<ThemeOverview> {
    let check = loaded.has_rules().then(|| service::rules::check_theme(&loaded, loaded.row.publish_at, ctx.now));
    let row = loaded.row;
    let may = |action| permission::consultation(ctx.role(), ctx.tie(row.department_id), action, loaded.phase);
    let related = repository::consultation::related(ctx.db(), row.id, row.origin_id).await?;
    let (before, after): (Vec<_>, Vec<_>) = related.into_iter().partition(|(_, _, origin)| *origin);
    let base = format!("/staff/consultations/{}/preview", row.id);
    let documents = repository::consultation::documents(ctx.db(), row.id).await?;
    Ok(ThemeOverview {
        department: department_names(ctx).await?.get(&row.department_id).cloned().unwrap_or_default(),
        proposals: opinions(ctx, row.id).await?,
        documents: documents.into_iter().map(|(d, _)| d.title).collect(),
        may_write: may(ConsultationAction::Edit),
        may_read: may(ConsultationAction::ReadQueue),
        unread: repository::intake::unread(ctx.db(), row.id).await?,
        cover: row.cover_upload_id.map(|upload| (format!("{base}/cover?v={upload}"), row.cover_alt)),
        id: row.id,
        slug: row.slug,
        title: row.title,
        publish_at: row.publish_at,
        kind: loaded.kind,
        phase: loaded.phase,
        period: loaded.period,
        done: None,
        typed,
        errors: FieldErrors::new(),
        past: false,
        check,
        origin: before.into_iter().map(|(id, title, _)| (id, title)).next(),
        successors: after.into_iter().map(|(id, title, _)| (id, title)).collect(),
    })
}

/// The overview with what was typed into one of its forms, and what is wrong with it.
pub(super) async fn overview_again(ctx: &Ctx, id: i64, typed: Typed, errors: FieldErrors, past: bool) -> Answer {
    let loaded = for_staff(ctx, id, ConsultationAction::Edit).await?;
    let page = overview(ctx, loaded, typed).await?;
    Ok(render::invalid(ctx, ThemeOverview { errors, past, ..page }))
}

pub(super) fn done(id: i64, notice: &str) -> Response {
    render::see_other(&format!("/staff/consultations/{id}?notice={notice}"))
}

/// Without the fields of a day and a time it is published now. Lists, since an empty field that is there must not be
/// taken for one that isn't.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PublishBody {
    at_date: Vec<String>,
    at_time: Vec<String>,
}

async fn publish(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<PublishBody>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Publish).await?;
    let later = !body.at_date.is_empty() || !body.at_time.is_empty();
    match (loaded.phase.is_public(), later) {
        // The second half of a double click: it is done already.
        (true, false) => return Ok(done(id, "published")),
        // A public page must not disappear because a form was left open.
        (true, true) => return Err(AppError::Conflict),
        (false, _) => {}
    }
    if !later {
        return published(&ctx, loaded, None, Typed::default()).await;
    }
    let (at_date, at_time) = (body.at_date.concat(), body.at_time.concat());
    let (errors, past) = match moment(&at_date, &at_time) {
        Ok(at) if at > ctx.now => {
            let typed = Typed { at_date, at_time, ..Typed::default() };
            return published(&ctx, loaded, Some(at), typed).await;
        }
        Ok(_) => (FieldErrors::new(), true),
        Err(errors) => (errors, false),
    };
    let typed = Typed { at_date, at_time, ..stored(&ctx, &loaded) };
    overview_again(&ctx, id, typed, errors, past).await
}

/// Publishes; where the rules stand in the way, the overview says which and by how much.
async fn published(ctx: &Ctx, loaded: Loaded, at: Option<Millis>, typed: Typed) -> Answer {
    match service::consultation::publish(ctx, loaded.row.id, at).await? {
        Publishing::Done => Ok(done(loaded.row.id, "published")),
        Publishing::Refused(check) => {
            let typed = Typed { at_date: typed.at_date, at_time: typed.at_time, ..stored(ctx, &loaded) };
            let page = overview(ctx, loaded, typed).await?;
            Ok(render::invalid(ctx, ThemeOverview { check: Some(check), ..page }))
        }
    }
}

/// A day and a time of day in Japan as a moment.
pub(super) fn moment(date: &str, time: &str) -> Result<Millis, FieldErrors> {
    let filled = |value: &str, wrong: Problem| if value.trim().is_empty() { Problem::Required } else { wrong };
    let mut errors = FieldErrors::new();
    let day = errors.take("at_date", wareki::parse(date).map_err(|_| filled(date, Problem::Date)));
    let minutes = errors.take("at_time", minutes(time).ok_or_else(|| filled(time, Problem::Time)));
    errors.into_result(wareki::start_of_day_ms(day) + i64::from(minutes) * 60_000)
}

async fn unpublish(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    service::consultation::unpublish(&ctx, id).await?;
    Ok(done(id, "unpublished"))
}

/// A file and the words that came with it.
struct Upload {
    file: Vec<u8>,
    words: String,
    too_large: bool,
}

/// Reads a form with one file and one text. A file that is too large is no error of the request: the person is told.
async fn read_upload(mut form: Multipart, file: &str, words: &str) -> Result<Upload> {
    let mut upload = Upload { file: vec![], words: String::new(), too_large: false };
    loop {
        match read_part(&mut form, &mut upload, file, words).await {
            Ok(true) => {}
            Ok(false) => return Ok(upload),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                return Ok(Upload { too_large: true, ..upload });
            }
            Err(_) => return Err(AppError::BadRequest),
        }
    }
}

async fn read_part(form: &mut Multipart, upload: &mut Upload, file: &str, words: &str) -> Result<bool, MultipartError> {
    let Some(field) = form.next_field().await? else { return Ok(false) };
    let name = field.name().unwrap_or_default().to_owned();
    if name == file {
        upload.file = field.bytes().await?.to_vec();
    } else if name == words {
        upload.words = field.text().await?;
    }
    Ok(true)
}

async fn set_cover(ctx: Ctx, Path(id): Path<i64>, form: Multipart) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Edit).await?;
    let upload = read_upload(form, "cover", "cover_alt").await?;
    let saved = if upload.too_large {
        Err(FieldErrors::one("cover", Problem::FileSize { max_mib: files::IMAGE_MAX_MIB }))
    } else {
        service::consultation::set_cover(&ctx, id, upload.file, &upload.words).await?
    };
    match saved {
        Ok(()) => Ok(done(id, "cover")),
        Err(errors) => {
            let typed = Typed { cover_alt: upload.words, ..stored(&ctx, &loaded) };
            overview_again(&ctx, id, typed, errors, false).await
        }
    }
}

/// The theme page as the public will see it; what is not public yet is served to staff from here.
async fn preview(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Read).await?;
    let public = format!("/consultations/{}", loaded.row.slug);
    if loaded.phase.is_public() {
        return Ok(render::see_other(&public));
    }
    let here = format!("/staff/consultations/{id}/preview");
    let mut page = theme_page(&ctx, loaded, true).await?;
    let staff = |path: &str| path.strip_prefix(&public).map_or_else(|| path.to_owned(), |rest| format!("{here}{rest}"));
    if let Some((src, _)) = &mut page.card.cover {
        *src = staff(src);
    }
    for question in &mut page.questions {
        // There is no public list to link to yet.
        question.proposals = None;
    }
    Ok(render::page(&ctx, page))
}

async fn preview_cover(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Read).await?;
    let cover = loaded.row.cover_upload_id.ok_or(AppError::NotFound)?;
    let upload = repository::upload::by_id(ctx.db(), cover).await?.ok_or(AppError::NotFound)?;
    send_file(&ctx, &upload, PRIVATE).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_counted_in_japan() {
        assert_eq!(moment("令和8年11月30日", "23:59"), Ok(1_796_050_740_000));
        let errors = moment("", "25:00").unwrap_err();
        assert_eq!((errors.of("at_date"), errors.of("at_time")), (Some(Problem::Required), Some(Problem::Time)));
    }
}
