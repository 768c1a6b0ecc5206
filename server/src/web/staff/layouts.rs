//! The ward's layout of the result table and its own 対応区分, and a theme's own.

use app::pages::staff::layouts::{
    DispositionFault, DispositionRow, DispositionsPage, LayoutDone, LayoutInput, LayoutPage, ThemeLayout,
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use axum_extra::extract::Form;
use domain::{
    FieldErrors,
    disposition::{DispositionPreset, DispositionSet, Used},
    layout::Layout,
    permission::{ConsultationAction, SiteAction, site},
};
use serde::Deserialize;

use super::settings::Fields;
use crate::{
    ctx::Ctx,
    error::Result,
    render, repository,
    service::{
        consultation::{Loaded, Saved, for_staff},
        layout::{self, DISPOSITIONS_MAX, ThemeFaults, ThemeInput},
    },
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/settings/layout", Access::Staff, show)
        .post("/staff/settings/layout", Access::Staff, save)
        .get("/staff/settings/dispositions", Access::Staff, show_dispositions)
        .post("/staff/settings/dispositions", Access::Staff, save_dispositions)
        .get("/staff/consultations/{id}/layout", Access::Staff, show_theme)
        .post("/staff/consultations/{id}/layout", Access::Staff, save_theme)
}

/// The layout as it was sent.
fn typed(fields: &Fields) -> LayoutInput {
    let pairs = |first: &str, second: &str| {
        let texts = fields.all(second).into_iter().chain(std::iter::repeat(String::new()));
        fields.all(first).into_iter().zip(texts).collect::<Vec<_>>()
    };
    LayoutInput {
        preset: fields.of("preset"),
        title: fields.of("title"),
        cover: pairs("cover_kind", "cover_heading"),
        cover_numbering: fields.of("cover_numbering"),
        columns: pairs("columns_kind", "columns_heading"),
        grouping: fields.of("grouping"),
        numbering: fields.of("numbering"),
        others: fields.has("others"),
        section_counts: fields.has("section_counts"),
        counts: pairs("counts_kind", ""),
        legend: fields.has("legend"),
        explanations: pairs("explanation_code", "explanation_text"),
        summary_note: fields.of("summary_note"),
        notes: fields.of("notes"),
        portrait: fields.of("orientation") == "portrait",
    }
}

/// The kind that was chosen beside the button 「追加する」 of a list.
fn added(fields: &Fields, act: &str) -> String {
    fields.of(&format!("{}_add", act.split(':').next().unwrap_or_default()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoticeQuery {
    notice: String,
}

impl NoticeQuery {
    fn done(&self) -> Option<LayoutDone> {
        (self.notice == "saved").then_some(LayoutDone::Saved)
    }
}

/// A page with an example in the layout that is in the fields, as far as it can be printed.
fn page(
    ctx: &Ctx,
    theme: Option<ThemeLayout>,
    input: LayoutInput,
    dispositions: DispositionSet,
    done: Option<LayoutDone>,
) -> Result<LayoutPage> {
    let sample = layout::sample(input.layout(), &dispositions, &ctx.app.ward)?;
    Ok(LayoutPage { theme, input, dispositions, sample, faults: vec![], errors: FieldErrors::new(), done })
}

async fn show(ctx: Ctx, Query(query): Query<NoticeQuery>) -> Answer {
    let (stored, own) = layout::ward(&ctx).await?;
    let input = LayoutInput::of(&stored, &own);
    Ok(render::page(&ctx, page(&ctx, None, input, own, query.done())?))
}

/// Changes what is in the fields, or saves.
async fn save(ctx: Ctx, Form(fields): Form<Fields>) -> Answer {
    let (_, own) = layout::ward(&ctx).await?;
    let mut input = typed(&fields);
    if fields.has("act") {
        let act = fields.of("act");
        input.act(&act, &added(&fields, &act), &own);
        return Ok(render::page(&ctx, page(&ctx, None, input, own, Some(LayoutDone::Changed))?));
    }
    match layout::save_ward(&ctx, &input).await? {
        Ok(()) => Ok(render::see_other("/staff/settings/layout?notice=saved")),
        Err(faults) => {
            let page = page(&ctx, None, input, own, None)?;
            Ok(render::invalid(&ctx, LayoutPage { faults, ..page }))
        }
    }
}

/// A theme's page with these fields; the example is in the ward's layout while the theme has none of its own.
async fn theme_page(
    ctx: &Ctx,
    loaded: &Loaded,
    input: ThemeInput,
    version: i64,
    done: Option<LayoutDone>,
) -> Result<LayoutPage> {
    let theme = ThemeLayout {
        id: loaded.row.id,
        title: loaded.row.title.clone(),
        version,
        own: input.layout.is_some(),
        publicity: input.publicity,
        places: input.places,
        basis: input.basis,
        stale: false,
    };
    let shown = match input.layout {
        Some(own) => own,
        None => LayoutInput::of(&repository::setting::layout(ctx.db()).await?, &loaded.dispositions),
    };
    page(ctx, Some(theme), shown, loaded.dispositions.clone(), done)
}

async fn show_theme(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<NoticeQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::DraftResponses).await?;
    let own = !loaded.row.layout.is_empty();
    let stored: Layout = layout::of(ctx.db(), &loaded).await?;
    let input = ThemeInput {
        layout: own.then(|| LayoutInput::of(&stored, &loaded.dispositions)),
        publicity: loaded.row.publicity.clone(),
        places: loaded.row.places.clone(),
        basis: loaded.row.basis.clone(),
    };
    let page = theme_page(&ctx, &loaded, input, loaded.row.version, query.done()).await?;
    Ok(render::page(&ctx, page))
}

async fn save_theme(ctx: Ctx, Path(id): Path<i64>, Form(fields): Form<Fields>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::DraftResponses).await?;
    let version = fields.of("version").parse().unwrap_or_default();
    let mut input = ThemeInput {
        layout: (fields.of("own") == "1").then(|| typed(&fields)),
        publicity: fields.of("publicity"),
        places: fields.of("places"),
        basis: fields.of("basis"),
    };
    if fields.has("act") {
        let act = fields.of("act");
        match (act.as_str(), &mut input.layout) {
            ("use-ward", _) => input.layout = None,
            ("use-own", None) => {
                let ward = repository::setting::layout(ctx.db()).await?;
                input.layout = Some(LayoutInput::of(&ward, &loaded.dispositions));
            }
            (_, Some(own)) => own.act(&act, &added(&fields, &act), &loaded.dispositions),
            _ => {}
        }
        let page = theme_page(&ctx, &loaded, input, version, Some(LayoutDone::Changed)).await?;
        return Ok(render::page(&ctx, page));
    }
    match layout::save_theme(&ctx, id, &input, version).await? {
        Ok(Saved::Done) => Ok(render::see_other(&format!("/staff/consultations/{id}/layout?notice=saved"))),
        Ok(Saved::Stale(now)) => {
            let mut page = theme_page(&ctx, &loaded, input, now, None).await?;
            if let Some(theme) = &mut page.theme {
                theme.stale = true;
            }
            Ok(render::page_with(&ctx, StatusCode::CONFLICT, page))
        }
        Err(ThemeFaults { layout: faults, errors }) => {
            let page = theme_page(&ctx, &loaded, input, version, None).await?;
            Ok(render::invalid(&ctx, LayoutPage { faults, errors, ..page }))
        }
    }
}

fn row(used: &Used) -> DispositionRow {
    DispositionRow {
        code: used.code.clone(),
        mark: used.mark.clone(),
        label: used.label.clone(),
        reason_required: used.reason_required,
        reflected: used.reflected,
    }
}

/// The rows as they were sent.
fn typed_rows(fields: &Fields) -> Vec<DispositionRow> {
    let columns = ["code", "mark", "label"].map(|name| fields.all(name));
    let [codes, marks, labels] = &columns;
    let (reasons, reflected) = (fields.all("reason_required"), fields.all("reflected"));
    let at = |values: &[String], i: usize| values.get(i).cloned().unwrap_or_default();
    let ticked = |values: &[String], i: usize| values.contains(&i.to_string());
    (0..codes.len())
        .map(|i| DispositionRow {
            code: at(codes, i),
            mark: at(marks, i),
            label: at(labels, i),
            reason_required: ticked(&reasons, i),
            reflected: ticked(&reflected, i),
        })
        .collect()
}

/// Does what a button says: `fill`, `add`, `up:2`.
fn act_on(rows: &mut Vec<DispositionRow>, act: &str, preset: &str) {
    let (how, which) = act.split_once(':').unwrap_or((act, ""));
    let index = which.parse::<usize>().ok().filter(|i| *i < rows.len());
    match (how, index) {
        ("fill", _) => {
            if let Some(preset) = DispositionPreset::from_code(preset) {
                *rows = DispositionSet::of(preset).0.iter().map(row).collect();
            }
        }
        ("add", _) if rows.len() < DISPOSITIONS_MAX => rows.push(DispositionRow::default()),
        ("up", Some(i)) if i > 0 => rows.swap(i, i - 1),
        ("down", Some(i)) if i + 1 < rows.len() => rows.swap(i, i + 1),
        ("remove", Some(i)) => drop(rows.remove(i)),
        _ => {}
    }
}

fn dispositions_page(rows: Vec<DispositionRow>, faults: Vec<DispositionFault>) -> DispositionsPage {
    let too_many = (rows.len() > DISPOSITIONS_MAX).then_some(DISPOSITIONS_MAX);
    DispositionsPage { rows, faults, too_many, saved: false }
}

async fn show_dispositions(ctx: Ctx, Query(query): Query<NoticeQuery>) -> Answer {
    let (_, own) = layout::ward(&ctx).await?;
    let mut rows: Vec<DispositionRow> = own.0.iter().map(row).collect();
    if rows.is_empty() {
        rows.push(DispositionRow::default());
    }
    let page = dispositions_page(rows, vec![]);
    Ok(render::page(&ctx, DispositionsPage { saved: query.done().is_some(), ..page }))
}

async fn save_dispositions(ctx: Ctx, Form(fields): Form<Fields>) -> Answer {
    ctx.allow(site(ctx.role(), SiteAction::EditSettings))?;
    let mut rows = typed_rows(&fields);
    if fields.has("act") {
        act_on(&mut rows, &fields.of("act"), &fields.of("preset"));
        return Ok(render::page(&ctx, dispositions_page(rows, vec![])));
    }
    rows.retain(|row| !layout::is_blank(row));
    if rows.len() > DISPOSITIONS_MAX {
        return Ok(render::invalid(&ctx, dispositions_page(rows, vec![])));
    }
    match layout::save_dispositions(&ctx, &rows).await? {
        Ok(()) => Ok(render::see_other("/staff/settings/dispositions?notice=saved")),
        Err(faults) => Ok(render::invalid(&ctx, dispositions_page(rows, faults))),
    }
}
