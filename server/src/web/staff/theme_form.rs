//! Making and changing a theme.

use app::pages::staff::{
    settings::RulesInput,
    theme_form::{QuestionRow, ThemeForm, ThemeInput},
    timeline::PeriodCheck,
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use axum_extra::extract::Form;
use domain::{
    ConsultationKind, FieldErrors, Locale, Millis, Phase,
    consultation::{Period, QUESTIONS_MAX},
    disposition::DispositionPreset,
    permission::{self, ConsultationAction, SiteAction, site},
    rules::{RulePart, Rules},
    wareki,
};
use serde::Deserialize;

use super::{consultations::opinions, settings::Fields};
use crate::{
    ctx::Ctx,
    entity::question,
    error::{AppError, Result},
    render, repository,
    service::{
        self,
        consultation::{Input, Loaded, QuestionInput, Saved, for_staff},
    },
    web::{
        layers,
        routes::{Access, Answer, Routes},
    },
};

/// How many empty rows follow the questions.
const BLANK_ROWS: usize = 2;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/consultations/new", Access::Staff, new)
        .post("/staff/consultations/new", Access::Staff, create)
        .get("/staff/consultations/{id}/edit", Access::Staff, edit)
        .post("/staff/consultations/{id}/edit", Access::Staff, update)
}

/// The form as it was sent.
struct ThemeBody {
    typed: ThemeInput,
    version: i64,
    /// The button 「問いの欄を増やす」.
    adds_rows: bool,
}

impl From<Fields> for ThemeBody {
    fn from(fields: Fields) -> Self {
        let columns = ["question_id", "question_title", "question_body"].map(|name| fields.all(name));
        let [ids, titles, bodies] = &columns;
        let at = |values: &[String], i: usize| values.get(i).cloned().unwrap_or_default();
        let rows = titles.len().max(bodies.len()).min(QUESTIONS_MAX);
        let questions =
            (0..rows).map(|i| QuestionRow { id: at(ids, i), title: at(titles, i), body: at(bodies, i) }).collect();
        let typed = ThemeInput {
            title: fields.of("title"),
            slug: fields.of("slug"),
            kind: fields.of("kind"),
            department: fields.of("department"),
            summary: fields.of("summary"),
            body: fields.of("body"),
            methods: fields.of("methods"),
            opens_on: fields.of("opens_on"),
            closes_on: fields.of("closes_on"),
            preset: fields.of("preset"),
            gazette_on: fields.of("gazette_on"),
            result_planned_on: fields.of("result_planned_on"),
            rules: fields.rules(),
            rules_reason: fields.of("rules_reason"),
            origin: fields.of("origin"),
            questions,
        };
        Self { typed, version: fields.of("version").parse().unwrap_or_default(), adds_rows: fields.of("add") == "1" }
    }
}

fn input(typed: &ThemeInput) -> Input {
    let questions = typed.questions.iter().map(|q| QuestionInput {
        id: q.id.parse().ok(),
        title: q.title.clone(),
        body: q.body.clone(),
    });
    Input {
        title: typed.title.clone(),
        slug: typed.slug.clone(),
        kind: typed.kind.clone(),
        department: typed.department.clone(),
        summary: typed.summary.clone(),
        body: typed.body.clone(),
        methods: typed.methods.clone(),
        opens_on: typed.opens_on.clone(),
        closes_on: typed.closes_on.clone(),
        preset: typed.preset.clone(),
        gazette_on: typed.gazette_on.clone(),
        result_planned_on: typed.result_planned_on.clone(),
        rules: typed.rules.clone(),
        rules_reason: typed.rules_reason.clone(),
        origin: typed.origin.clone(),
        questions: questions.collect(),
    }
}

/// The questions without holes, then `blanks` empty rows, as many as may be.
fn with_blanks(mut typed: ThemeInput, blanks: usize) -> ThemeInput {
    typed.questions.retain(|q| !q.is_blank());
    let rows = (typed.questions.len() + blanks).min(QUESTIONS_MAX.max(typed.questions.len()));
    typed.questions.resize(rows, QuestionRow::default());
    typed
}

/// The form with more rows for questions; nothing is saved.
fn with_more(typed: ThemeInput) -> ThemeInput {
    let blanks = typed.questions.iter().filter(|q| q.is_blank()).count();
    with_blanks(typed, blanks + BLANK_ROWS)
}

/// The departments this person may write for.
async fn departments(ctx: &Ctx) -> Result<Vec<(i64, String)>> {
    let mut all = super::departments(ctx).await?;
    all.retain(|(id, _)| permission::consultation(ctx.role(), ctx.tie(*id), ConsultationAction::Edit, Phase::Draft));
    Ok(all)
}

/// A refusal that must not cost the person the text.
fn hand_back(ctx: &Ctx, error: AppError, typed: &ThemeInput) -> Answer {
    match error.kind() {
        Some(kind) => {
            if let AppError::Internal(cause) = &error {
                tracing::error!(error = format!("{cause:#}"), "theme not saved");
            }
            let questions =
                typed.questions.iter().map(|q| format!("{}\n{}", q.title, q.body)).collect::<Vec<_>>().join("\n\n");
            let text = [&typed.title, &typed.summary, &typed.body, &questions].map(|part| part.trim()).join("\n\n");
            Ok(layers::error_page(ctx, kind, Some(text)))
        }
        None => Err(error),
    }
}

/// Themes that a theme may have come from: all but itself.
async fn origins(ctx: &Ctx, own: Option<i64>) -> Result<Vec<(i64, String)>> {
    let all = repository::consultation::for_staff(ctx.db(), None).await?;
    Ok(all.into_iter().filter(|row| Some(row.id) != own).map(|row| (row.id, row.title)).collect())
}

/// The parts in which the typed rules are not the ward's, and how the typed dates stand to them; as far as they can be
/// read.
fn against_rules(
    ctx: &Ctx,
    typed: &ThemeInput,
    ward: &Rules,
    publish_at: Option<Millis>,
) -> (Vec<RulePart>, Option<PeriodCheck>) {
    if typed.kind != ConsultationKind::PublicComment.code() {
        return (vec![], None);
    }
    let Some(rules) = typed.rules.as_ref().and_then(|rules| service::rules::read(rules).ok()) else {
        return (vec![], None);
    };
    let day = |value: &str| wareki::parse(value).ok();
    let period = day(&typed.opens_on).zip(day(&typed.closes_on)).and_then(|(from, to)| Period::new(from, to).ok());
    let has_reason = !typed.rules_reason.trim().is_empty();
    let check = period.map(|period| {
        let published = service::rules::publication_day(publish_at, period.opens_on, ctx.now);
        service::rules::check(&rules, period, published, day(&typed.gazette_on), has_reason)
    });
    (rules.differs(ward), check)
}

async fn new_form(ctx: &Ctx, mut typed: ThemeInput, errors: FieldErrors) -> Result<ThemeForm> {
    let ward = repository::setting::rules(ctx.db()).await?;
    typed.rules.get_or_insert_with(|| RulesInput::of(&ward));
    let (differs, check) = against_rules(ctx, &typed, &ward, None);
    Ok(ThemeForm {
        id: None,
        input: typed,
        version: 0,
        departments: departments(ctx).await?,
        fixed_kind: false,
        fixed_period: false,
        origins: origins(ctx, None).await?,
        own_dispositions: repository::setting::dispositions(ctx.db()).await?,
        differs,
        check,
        cloned: false,
        errors,
        conflict: None,
    })
}

async fn new(ctx: Ctx) -> Answer {
    ctx.allow(site(ctx.role(), SiteAction::CreateConsultation))?;
    let own = ctx.actor.as_ref().and_then(|a| a.department);
    let empty = ThemeInput {
        department: own.map(|d| d.to_string()).unwrap_or_default(),
        preset: DispositionPreset::default().code().to_owned(),
        ..ThemeInput::default()
    };
    let page = new_form(&ctx, with_blanks(empty, BLANK_ROWS), FieldErrors::new()).await?;
    Ok(render::page(&ctx, page))
}

async fn create(ctx: Ctx, Form(fields): Form<Fields>) -> Answer {
    ctx.allow(site(ctx.role(), SiteAction::CreateConsultation))?;
    let ThemeBody { typed, adds_rows, .. } = fields.into();
    if adds_rows {
        return Ok(render::page(&ctx, new_form(&ctx, with_more(typed), FieldErrors::new()).await?));
    }
    match service::consultation::create(&ctx, &input(&typed)).await {
        Ok(Ok(made)) => Ok(render::see_other(&format!("/staff/consultations/{}?notice=saved", made.id))),
        Ok(Err(errors)) => Ok(render::invalid(&ctx, new_form(&ctx, with_blanks(typed, BLANK_ROWS), errors).await?)),
        Err(error) => hand_back(&ctx, error, &typed),
    }
}

/// A theme as it is saved, in the form in which it is typed.
fn stored(l: Locale, loaded: &Loaded, questions: Vec<question::Model>) -> ThemeInput {
    let day = |day| super::day_as_typed(l, day);
    let row = &loaded.row;
    ThemeInput {
        title: row.title.clone(),
        slug: row.slug.clone(),
        kind: loaded.kind.code().to_owned(),
        department: row.department_id.to_string(),
        summary: row.summary.clone(),
        body: row.body_md.clone(),
        methods: row.methods.clone(),
        opens_on: day(loaded.period.opens_on),
        closes_on: day(loaded.period.closes_on),
        preset: loaded.row.disposition_preset.clone(),
        gazette_on: loaded.gazette_on().map(day).unwrap_or_default(),
        result_planned_on: loaded.result_planned_on().map(day).unwrap_or_default(),
        rules: Some(RulesInput::of(&loaded.rules)),
        rules_reason: row.rules_reason.clone(),
        origin: row.origin_id.map(|id| id.to_string()).unwrap_or_default(),
        questions: questions
            .into_iter()
            .map(|q| QuestionRow { id: q.id.to_string(), title: q.title, body: q.body })
            .collect(),
    }
}

async fn stored_now(ctx: &Ctx, loaded: &Loaded) -> Result<ThemeInput> {
    let questions = repository::consultation::questions(ctx.db(), loaded.row.id).await?;
    Ok(stored(ctx.locale, loaded, questions))
}

async fn edit_form(
    ctx: &Ctx,
    loaded: &Loaded,
    mut typed: ThemeInput,
    version: i64,
    errors: FieldErrors,
) -> Result<ThemeForm> {
    let id = loaded.row.id;
    let ward = repository::setting::rules(ctx.db()).await?;
    typed.rules.get_or_insert_with(|| RulesInput::of(&loaded.rules));
    let (differs, check) = against_rules(ctx, &typed, &ward, loaded.row.publish_at);
    Ok(ThemeForm {
        id: Some(id),
        input: typed,
        version,
        departments: departments(ctx).await?,
        fixed_kind: opinions(ctx, id).await? > 0,
        fixed_period: loaded.has_rules() && loaded.phase.is_public() && loaded.phase != Phase::Coming,
        origins: origins(ctx, Some(id)).await?,
        own_dispositions: match DispositionPreset::from_code(&loaded.row.disposition_preset) {
            Some(DispositionPreset::Own) => loaded.dispositions.clone(),
            _ => repository::setting::dispositions(ctx.db()).await?,
        },
        differs,
        check,
        cloned: false,
        errors,
        conflict: None,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoticeQuery {
    notice: String,
}

async fn edit(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<NoticeQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Edit).await?;
    let typed = with_blanks(stored_now(&ctx, &loaded).await?, BLANK_ROWS);
    let page = edit_form(&ctx, &loaded, typed, loaded.row.version, FieldErrors::new()).await?;
    Ok(render::page(&ctx, ThemeForm { cloned: query.notice == "cloned", ..page }))
}

async fn update(ctx: Ctx, Path(id): Path<i64>, Form(fields): Form<Fields>) -> Answer {
    let ThemeBody { mut typed, version, adds_rows } = fields.into();
    let loaded = match for_staff(&ctx, id, ConsultationAction::Edit).await {
        Ok(loaded) => loaded,
        Err(error) => return hand_back(&ctx, error, &typed),
    };
    match save(&ctx, &loaded, &mut typed, version, adds_rows).await {
        Ok(Outcome::Saved) => Ok(render::see_other(&format!("/staff/consultations/{id}?notice=saved"))),
        Ok(Outcome::MoreRows) => {
            let page = edit_form(&ctx, &loaded, with_more(typed), version, FieldErrors::new()).await?;
            Ok(render::page(&ctx, page))
        }
        Ok(Outcome::Wrong(errors)) => {
            let page = edit_form(&ctx, &loaded, with_blanks(typed, BLANK_ROWS), version, errors).await?;
            Ok(render::invalid(&ctx, page))
        }
        Ok(Outcome::Stale) => stale(&ctx, id, typed).await,
        Err(error) => hand_back(&ctx, error, &typed),
    }
}

enum Outcome {
    Saved,
    MoreRows,
    Wrong(FieldErrors),
    Stale,
}

async fn save(ctx: &Ctx, loaded: &Loaded, typed: &mut ThemeInput, version: i64, adds_rows: bool) -> Result<Outcome> {
    let id = loaded.row.id;
    if adds_rows {
        return Ok(Outcome::MoreRows);
    }
    // People were told whether their opinion is shown: that stands once somebody has sent one.
    if opinions(ctx, id).await? > 0 {
        loaded.kind.code().clone_into(&mut typed.kind);
    }
    Ok(match service::consultation::update(ctx, id, &input(typed), version).await? {
        Ok(Saved::Done) => Outcome::Saved,
        Ok(Saved::Stale(_)) => Outcome::Stale,
        Err(errors) => Outcome::Wrong(errors),
    })
}

/// Somebody else saved first: what was typed beside what is saved, and the version that saving again replaces.
async fn stale(ctx: &Ctx, id: i64, typed: ThemeInput) -> Answer {
    let loaded = for_staff(ctx, id, ConsultationAction::Edit).await?;
    let saved = stored_now(ctx, &loaded).await?;
    let page = edit_form(ctx, &loaded, with_blanks(typed, BLANK_ROWS), loaded.row.version, FieldErrors::new()).await?;
    Ok(render::page_with(ctx, StatusCode::CONFLICT, ThemeForm { conflict: Some(saved), ..page }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(title: &str) -> QuestionRow {
        QuestionRow { title: title.to_owned(), ..QuestionRow::default() }
    }

    fn titles(input: &ThemeInput) -> Vec<&str> {
        input.questions.iter().map(|q| q.title.as_str()).collect()
    }

    #[test]
    fn two_empty_rows_follow_the_questions() {
        let typed = ThemeInput { questions: vec![row(""), row("a"), row(""), row("b")], ..ThemeInput::default() };
        let shown = with_blanks(typed, BLANK_ROWS);
        assert_eq!(titles(&shown), ["a", "b", "", ""]);
        let more = with_more(shown);
        assert_eq!(titles(&more), ["a", "b", "", "", "", ""]);
        let full = ThemeInput { questions: vec![row("q"); QUESTIONS_MAX], ..ThemeInput::default() };
        assert_eq!(with_more(full).questions.len(), QUESTIONS_MAX);
    }

    #[test]
    fn repeated_fields_are_read_row_by_row() {
        let fields: Fields = serde_json::from_str(
            r#"[["question_id","7"],["question_title",""],["question_body","left"],["question_id",""],["question_title","new"]]"#,
        )
        .unwrap();
        let ThemeBody { typed, .. } = fields.into();
        let first = QuestionRow { id: "7".to_owned(), body: "left".to_owned(), ..QuestionRow::default() };
        assert_eq!(typed.questions, [first, row("new")]);
    }
}
