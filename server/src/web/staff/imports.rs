//! Bulk import: upload, choice of columns, dry run, import, undoing it.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use app::{
    pages::staff::imports::{
        Counts, Done, FILE_MAX_MIB, FINDINGS_SHOWN, FileProblem, ImportIndex, ImportRow, ImportState, InTheWay,
        MappingInput, MappingPage, ResultPage, Step, Target, example_csv, problems_csv_head, problems_csv_row,
    },
    shell::Page,
};
use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Query, Request},
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::post,
};
use axum_extra::extract::Form;
use domain::{FieldErrors, permission::ConsultationAction};
use futures::StreamExt as _;
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    entity::bulk_import,
    error::{AppError, Result},
    render, repository,
    service::{
        consultation::{Loaded, for_staff},
        entry,
        imports::{self, NotChecked, Outcome, Report, mapping, mapping::Stored},
    },
    web::{
        multipart,
        routes::{Access, Answer, Routes},
    },
};

/// Largest body with a table: the largest table and what belongs to the form.
const UPLOAD_LIMIT: usize = 110 << 20;
/// So much of a larger body is read and thrown away before the answer, and for so long.
const PASSING_LIMIT: usize = 1 << 30;
const PASSING_TIME: Duration = Duration::from_mins(5);

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let upload = post(upload).layer(DefaultBodyLimit::max(UPLOAD_LIMIT));
    routes
        .get("/staff/consultations/{id}/import", Access::Staff, index)
        .add(Method::POST, "/staff/consultations/{id}/import", Access::Staff, upload)
        .get("/staff/consultations/{id}/import/example.csv", Access::Staff, example)
        .get("/staff/consultations/{id}/import/{import}", Access::Staff, show)
        .get("/staff/consultations/{id}/import/{import}/problems.csv", Access::Staff, problems)
        .add(Method::POST, "/staff/consultations/{id}/import/{import}/check", Access::Staff, post(check))
        .add(Method::POST, "/staff/consultations/{id}/import/{import}/commit", Access::Staff, post(commit))
        .add(Method::POST, "/staff/consultations/{id}/import/{import}/undo", Access::Staff, post(undo))
        .post("/staff/consultations/{id}/import/{import}/discard", Access::Staff, discard)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShowQuery {
    notice: String,
    step: String,
}

async fn index(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<ShowQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Intake).await?;
    let mut page = index_page(&ctx, &loaded, vec![]).await?;
    page.done = Done::from_code(&query.notice);
    Ok(render::page(&ctx, page))
}

async fn index_page(ctx: &Ctx, theme: &Loaded, problems: Vec<FileProblem>) -> Result<ImportIndex> {
    let rows = repository::imports::of_consultation(ctx.db(), theme.row.id).await?;
    let names = names(ctx, rows.iter().map(|row| row.created_by)).await?;
    let imports = rows
        .into_iter()
        .map(|row| ImportRow {
            by: names.get(&row.created_by).cloned().unwrap_or_default(),
            state: state(&row),
            id: row.id,
            file_name: row.file_name,
            at: row.created_at,
            rows: row.row_count,
        })
        .collect();
    let shut = entry::shut(theme);
    Ok(ImportIndex { theme: (theme.row.id, theme.row.title.clone()), shut, imports, problems, done: None })
}

async fn names(ctx: &Ctx, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, String>> {
    let ids: HashSet<i64> = ids.collect();
    Ok(repository::account::names(ctx.db(), ids.into_iter().collect()).await?)
}

fn state(row: &bulk_import::Model) -> ImportState {
    ImportState::from_code(&row.state).unwrap_or(ImportState::Uploaded)
}

async fn upload(ctx: Ctx, Path(id): Path<i64>, request: Request) -> Answer {
    // Before anything is read.
    let loaded = for_staff(&ctx, id, ConsultationAction::Intake).await?;
    entry::demand_open(&loaded)?;
    let (request, rest) = keeping_the_rest(request);
    let form = Multipart::from_request(request, &()).await.map_err(|_| AppError::BadRequest)?;
    let mut form = multipart::read(&ctx, form).await?;
    let taken = if form.too_large {
        rest.let_pass().await;
        Err(vec![FileProblem::TooLarge { max_mib: FILE_MAX_MIB }])
    } else {
        let file = form.take_files("file").into_iter().next();
        imports::take(&ctx, id, file).await?
    };
    match taken {
        Ok(import) => Ok(render::see_other(&format!("/staff/consultations/{id}/import/{import}"))),
        Err(problems) => {
            let too_large = problems.iter().any(|problem| matches!(problem, FileProblem::TooLarge { .. }));
            let status = if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok(render::page_with(&ctx, status, index_page(&ctx, &loaded, problems).await?))
        }
    }
}

/// What is still to come of a body.
struct Rest(Arc<Mutex<BodyDataStream>>);

/// The same request, with a second hold on its body.
fn keeping_the_rest(request: Request) -> (Request, Rest) {
    let (parts, body) = request.into_parts();
    let rest = Rest(Arc::new(Mutex::new(body.into_data_stream())));
    let stream = rest.stream();
    (Request::from_parts(parts, Body::from_stream(stream)), rest)
}

impl Rest {
    fn stream(&self) -> impl futures::Stream<Item = std::result::Result<Bytes, axum::Error>> + Send + use<> {
        let body = Arc::clone(&self.0);
        futures::stream::poll_fn(move |cx| match body.lock() {
            Ok(mut body) => body.poll_next_unpin(cx),
            Err(_) => Poll::Ready(None),
        })
    }

    /// Lets the rest of a body that is too large pass by: a browser that is still sending reads no answer, and shows a
    /// broken connection instead of the page that says why.
    async fn let_pass(self) {
        let mut passed = 0;
        let mut stream = self.stream();
        let passing = async {
            while let Some(Ok(piece)) = stream.next().await {
                passed += piece.len();
                if passed > PASSING_LIMIT {
                    return;
                }
            }
        };
        // Whoever sends for longer gets the answer as it is.
        drop(tokio::time::timeout(PASSING_TIME, passing).await);
    }
}

async fn example(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    for_staff(&ctx, id, ConsultationAction::Intake).await?;
    Ok(csv("import-example.csv", example_csv().into_bytes()))
}

fn csv(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

async fn show(ctx: Ctx, Path((id, import)): Path<(i64, i64)>, Query(query): Query<ShowQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Intake).await?;
    let row = imports::of(&ctx, &loaded, import).await?;
    let choosing = match state(&row) {
        ImportState::Uploaded => true,
        ImportState::Checked => query.step == "mapping",
        ImportState::Committed | ImportState::Undone => false,
    };
    if choosing {
        let input = stored(&row)?.mapping.input();
        return Ok(render::page(&ctx, mapping_page(&ctx, &loaded, row, input).await?));
    }
    let mut page = result_page(&ctx, &loaded, row).await?;
    page.done = Done::from_code(&query.notice);
    Ok(render::page(&ctx, page))
}

fn stored(row: &bulk_import::Model) -> Result<Stored> {
    Ok(serde_json::from_str(&row.mapping).map_err(anyhow::Error::from)?)
}

fn columns(header: &[String]) -> Vec<(String, String)> {
    header.iter().enumerate().map(|(index, name)| (spreadsheet::column_letter(index), name.clone())).collect()
}

async fn mapping_page(ctx: &Ctx, theme: &Loaded, row: bulk_import::Model, input: MappingInput) -> Result<MappingPage> {
    let source = stored(&row)?.source;
    let mine = ctx.actor()?.id.0 == row.created_by;
    let read = if mine { Some(imports::preview(ctx, &row).await?) } else { None };
    let (preview, problem) = match read {
        None => (None, None),
        Some(Ok(rows)) => (Some(rows), None),
        Some(Err(problem)) => (Some(vec![]), Some(problem)),
    };
    Ok(MappingPage {
        twice: is_twice(ctx, &row).await?,
        theme: (theme.row.id, theme.row.title.clone()),
        import: row.id,
        file_name: row.file_name,
        columns: columns(&source.header),
        format: source.format,
        encoding: source.encoding,
        sheet: source.sheet,
        rows: row.row_count,
        not_asked: mapping::not_asked(&theme.rules),
        errors: FieldErrors::new(),
        preview,
        problem,
        input,
    })
}

async fn is_twice(ctx: &Ctx, row: &bulk_import::Model) -> Result<bool> {
    let upload = repository::upload::by_id(ctx.db(), row.upload_id).await?.ok_or(AppError::NotFound)?;
    Ok(repository::imports::is_in(ctx.db(), row.consultation_id, &upload.sha256, row.id).await?)
}

async fn result_page(ctx: &Ctx, theme: &Loaded, row: bulk_import::Model) -> Result<ResultPage> {
    let report = report(&row)?;
    let names = names(ctx, std::iter::once(row.created_by).chain(row.undone_by)).await?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    let by = name(row.created_by);
    let twice = state(&row) == ImportState::Checked && is_twice(ctx, &row).await?;
    let counts = Counts {
        submissions: report.submissions,
        opinions: report.opinions,
        people: report.people,
        late: report.late,
        texts: report.texts,
        groups: report.groups,
        grouped: report.grouped,
        errors: report.errors,
        remarks: report.remarks,
    };
    let step = match state(&row) {
        ImportState::Committed => Step::Committed { at: row.committed_at },
        ImportState::Undone => Step::Undone { at: row.undone_at, by: row.undone_by.map(name).unwrap_or_default() },
        ImportState::Uploaded | ImportState::Checked => {
            Step::Checked { token: report.token, found: report.found.into_iter().take(FINDINGS_SHOWN).collect() }
        }
    };
    Ok(ResultPage {
        theme: (theme.row.id, theme.row.title.clone()),
        import: row.id,
        columns: columns(&stored(&row)?.source.header),
        file_name: row.file_name,
        in_the_way: vec![],
        done: None,
        counts,
        twice,
        step,
        by,
    })
}

fn report(row: &bulk_import::Model) -> Result<Report> {
    Ok(serde_json::from_str(&row.problems).map_err(anyhow::Error::from)?)
}

/// The findings as a table, in the order of the page.
async fn problems(ctx: Ctx, Path((id, import)): Path<(i64, i64)>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Intake).await?;
    let row = imports::of(&ctx, &loaded, import).await?;
    if state(&row) == ImportState::Uploaded {
        return Err(AppError::NotFound);
    }
    let columns = columns(&stored(&row)?.source.header);
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(vec![]);
    let l = ctx.locale;
    writer.write_record(problems_csv_head(l)).map_err(anyhow::Error::from)?;
    for found in report(&row)?.found {
        let cells = problems_csv_row(l, &columns, &found).map(harmless);
        writer.write_record(cells).map_err(anyhow::Error::from)?;
    }
    let table = writer.into_inner().map_err(|error| anyhow::anyhow!("csv: {error}"))?;
    let mut bytes = "\u{FEFF}".as_bytes().to_vec();
    bytes.extend(table);
    Ok(csv(&format!("import-{import}-problems.csv"), bytes))
}

/// A cell that a spreadsheet doesn't take for a formula.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

/// The form of the columns: one field for each target, and the defaults.
async fn check(ctx: Ctx, Path((id, import)): Path<(i64, i64)>, Form(fields): Form<Vec<(String, String)>>) -> Answer {
    let value = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let input = MappingInput {
        columns: Target::ALL.into_iter().map(|target| (target.code(), value(target.input()))).collect(),
        channel: value("default_channel"),
        received: value("default_received"),
        eligibility: value("default_eligibility"),
        intake: value("intake"),
        split: !value("split").is_empty(),
    };
    let refused = match imports::check(&ctx, id, import, &input).await? {
        Ok(()) => return Ok(render::see_other(&format!("/staff/consultations/{id}/import/{import}"))),
        Err(refused) => refused,
    };
    let loaded = for_staff(&ctx, id, ConsultationAction::Intake).await?;
    let row = imports::of(&ctx, &loaded, import).await?;
    let mut page = mapping_page(&ctx, &loaded, row, input).await?;
    match refused {
        NotChecked::Input(errors) => page.errors = errors,
        NotChecked::File(problem) => page.problem = Some(problem),
    }
    Ok(render::invalid(&ctx, page))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CommitBody {
    token: String,
}

async fn commit(ctx: Ctx, Path((id, import)): Path<(i64, i64)>, Form(body): Form<CommitBody>) -> Answer {
    let notice = match imports::commit(&ctx, id, import, &body.token).await? {
        // The second half of a double click: it is done already.
        Outcome::Committed(_) | Outcome::Already => "committed",
        Outcome::Outdated => "outdated",
    };
    Ok(render::see_other(&format!("/staff/consultations/{id}/import/{import}?notice={notice}")))
}

async fn undo(ctx: Ctx, Path((id, import)): Path<(i64, i64)>) -> Answer {
    match imports::undo(&ctx, id, import).await? {
        Ok(()) => Ok(render::see_other(&format!("/staff/consultations/{id}/import/{import}?notice=undone"))),
        Err(in_the_way) => not_undone(&ctx, id, import, in_the_way).await,
    }
}

async fn not_undone(ctx: &Ctx, id: i64, import: i64, in_the_way: Vec<InTheWay>) -> Answer {
    let loaded = for_staff(ctx, id, ConsultationAction::Intake).await?;
    let row = imports::of(ctx, &loaded, import).await?;
    let page = ResultPage { in_the_way, ..result_page(ctx, &loaded, row).await? };
    Ok(conflict(ctx, page))
}

fn conflict(ctx: &Ctx, page: impl Page) -> Response {
    render::page_with(ctx, StatusCode::CONFLICT, page)
}

async fn discard(ctx: Ctx, Path((id, import)): Path<(i64, i64)>) -> Answer {
    imports::discard(&ctx, id, import).await?;
    Ok(render::see_other(&format!("/staff/consultations/{id}/import?notice=discarded")))
}
