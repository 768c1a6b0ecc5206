//! Making and changing a theme.

use app::pages::staff::theme_form::{QuestionRow, ThemeForm, ThemeInput};
use axum::{extract::Path, http::StatusCode};
use axum_extra::extract::Form;
use domain::{
    FieldErrors, Locale, Phase,
    consultation::QUESTIONS_MAX,
    disposition::DispositionPreset,
    permission::{self, ConsultationAction, SiteAction, site},
    wareki,
};
use serde::Deserialize;

use super::consultations::opinions;
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

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ThemeBody {
    title: String,
    slug: String,
    kind: String,
    department: String,
    summary: String,
    body: String,
    methods: String,
    opens_on: String,
    closes_on: String,
    preset: String,
    question_id: Vec<String>,
    question_title: Vec<String>,
    question_body: Vec<String>,
    version: String,
    /// The button 「問いの欄を増やす」.
    add: String,
}

impl ThemeBody {
    fn version(&self) -> i64 {
        self.version.parse().unwrap_or_default()
    }

    fn adds_rows(&self) -> bool {
        self.add == "1"
    }

    fn typed(self) -> ThemeInput {
        let at = |values: &[String], i: usize| values.get(i).cloned().unwrap_or_default();
        let rows = self.question_title.len().max(self.question_body.len()).min(QUESTIONS_MAX);
        let questions = (0..rows)
            .map(|i| QuestionRow {
                id: at(&self.question_id, i),
                title: at(&self.question_title, i),
                body: at(&self.question_body, i),
            })
            .collect();
        ThemeInput {
            title: self.title,
            slug: self.slug,
            kind: self.kind,
            department: self.department,
            summary: self.summary,
            body: self.body,
            methods: self.methods,
            opens_on: self.opens_on,
            closes_on: self.closes_on,
            preset: self.preset,
            questions,
        }
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

async fn new_form(ctx: &Ctx, typed: ThemeInput, errors: FieldErrors) -> Result<ThemeForm> {
    let departments = departments(ctx).await?;
    Ok(ThemeForm { id: None, input: typed, version: 0, departments, fixed_kind: false, errors, conflict: None })
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

async fn create(ctx: Ctx, Form(body): Form<ThemeBody>) -> Answer {
    ctx.allow(site(ctx.role(), SiteAction::CreateConsultation))?;
    let adds_rows = body.adds_rows();
    let typed = body.typed();
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
    let day = |day| match l {
        Locale::Ja => wareki::short(day),
        Locale::En => day.to_string(),
    };
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
        preset: loaded.preset.code().to_owned(),
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

async fn edit_form(ctx: &Ctx, id: i64, typed: ThemeInput, version: i64, errors: FieldErrors) -> Result<ThemeForm> {
    let departments = departments(ctx).await?;
    let fixed_kind = opinions(ctx, id).await? > 0;
    Ok(ThemeForm { id: Some(id), input: typed, version, departments, fixed_kind, errors, conflict: None })
}

async fn edit(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Edit).await?;
    let typed = with_blanks(stored_now(&ctx, &loaded).await?, BLANK_ROWS);
    Ok(render::page(&ctx, edit_form(&ctx, id, typed, loaded.row.version, FieldErrors::new()).await?))
}

async fn update(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<ThemeBody>) -> Answer {
    let (version, adds_rows) = (body.version(), body.adds_rows());
    let mut typed = body.typed();
    match save(&ctx, id, &mut typed, version, adds_rows).await {
        Ok(Outcome::Saved) => Ok(render::see_other(&format!("/staff/consultations/{id}?notice=saved"))),
        Ok(Outcome::MoreRows) => {
            let page = edit_form(&ctx, id, with_more(typed), version, FieldErrors::new()).await?;
            Ok(render::page(&ctx, page))
        }
        Ok(Outcome::Wrong(errors)) => {
            Ok(render::invalid(&ctx, edit_form(&ctx, id, with_blanks(typed, BLANK_ROWS), version, errors).await?))
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

async fn save(ctx: &Ctx, id: i64, typed: &mut ThemeInput, version: i64, adds_rows: bool) -> Result<Outcome> {
    let loaded = for_staff(ctx, id, ConsultationAction::Edit).await?;
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
    let page = edit_form(ctx, id, with_blanks(typed, BLANK_ROWS), loaded.row.version, FieldErrors::new()).await?;
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
        let strings = |values: [&str; 2]| values.map(str::to_owned).to_vec();
        let body = ThemeBody {
            question_id: strings(["7", ""]),
            question_title: strings(["", "new"]),
            question_body: vec!["left".to_owned()],
            ..ThemeBody::default()
        };
        let typed = body.typed();
        let first = QuestionRow { id: "7".to_owned(), body: "left".to_owned(), ..QuestionRow::default() };
        assert_eq!(typed.questions, [first, row("new")]);
    }
}
