//! One row of the desk.

mod look;
mod show;

use app::pages::staff::desk::{OriginalLine, OriginalsPage, RowDone, RowValues};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use axum_extra::extract::Form;
use domain::{Channel, FieldErrors, phrase::Phrase};
use serde::Deserialize;

use self::show::{Shown, page, saved_values, stale};
use super::base;
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    render, repository,
    service::{
        past_answer,
        response::row::{self, Confirmed, Opened, RowInput, RowSaved, Settling, put_row},
    },
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/consultations/{id}/responses/rows/new", Access::Staff, new_row)
        .post("/staff/consultations/{id}/responses/rows/new", Access::Staff, create_row)
        .get("/staff/consultations/{id}/responses/rows/{row}", Access::Staff, edit_row)
        .post("/staff/consultations/{id}/responses/rows/{row}", Access::Staff, update_row)
        .post("/staff/consultations/{id}/responses/rows/{row}/confirm", Access::Staff, confirm_row)
        .get("/staff/consultations/{id}/responses/rows/{row}/originals", Access::Staff, originals)
}

/// A row's form. Lists where a field may be there twice.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct RowBody {
    chapter: String,
    text: String,
    items: Vec<String>,
    shown: Vec<String>,
    ward_view: String,
    share_row: String,
    drop_answer: String,
    answer: String,
    disposition: String,
    reason: String,
    not_personal: Vec<String>,
    row_version: i64,
    answer_version: i64,
    act: String,
    then: String,
}

/// The ids of fields that hold one or several, joined by commas.
fn ids(fields: &[String]) -> Vec<i64> {
    fields.iter().flat_map(|field| field.split(',')).filter_map(|id| id.trim().parse().ok()).collect()
}

impl RowBody {
    fn input(&self, settling: Settling) -> RowInput {
        RowInput {
            chapter: self.chapter.clone(),
            text: self.text.clone(),
            items: ids(&self.items),
            shown: ids(&self.shown),
            ward_view: self.ward_view.clone(),
            share_row: self.share_row.clone(),
            drop_answer: !self.drop_answer.is_empty(),
            answer: self.answer.clone(),
            disposition: self.disposition.clone(),
            reason: self.reason.clone(),
            settling,
            not_personal: !self.not_personal.is_empty(),
            versions: (self.row_version, self.answer_version),
        }
    }

    fn values(&self) -> RowValues {
        RowValues {
            chapter: self.chapter.clone(),
            text: self.text.clone(),
            ward_view: self.ward_view.clone(),
            share_row: self.share_row.clone(),
            drop_answer: !self.drop_answer.is_empty(),
            answer: self.answer.clone(),
            disposition: self.disposition.clone(),
            reason: self.reason.clone(),
            not_personal: !self.not_personal.is_empty(),
            go_on: self.goes_on(),
            versions: (self.row_version, self.answer_version),
        }
    }

    fn goes_on(&self) -> bool {
        self.then == "next"
    }

    /// Which opinions are chosen; `None` when the form showed none, so that all of them are.
    fn chosen(&self) -> Option<Vec<i64>> {
        (!self.shown.is_empty()).then(|| ids(&self.items))
    }
}

/// What a button of the form does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// Look at what is typed; nothing is saved.
    Check,
    /// Put a past answer into the field.
    Use(i64),
    /// Put a phrase, or its plain alternative, into the field.
    Phrase(usize, bool),
    /// Replace a phrase by its plain alternative.
    Replace(usize),
    /// Save.
    Save(Settling),
}

impl Act {
    fn read(code: &str) -> Option<Self> {
        let mut parts = code.split(':');
        let act = match (parts.next()?, parts.next(), parts.next()) {
            ("", None, None) => Self::Save(Settling::Keep),
            ("settle", None, None) => Self::Save(Settling::Settle),
            ("draft", None, None) => Self::Save(Settling::Draft),
            ("check", None, None) => Self::Check,
            ("use", Some(id), None) => Self::Use(id.parse().ok()?),
            ("replace", Some(place), None) => Self::Replace(place.parse().ok()?),
            ("phrase", Some(place), Some("text")) => Self::Phrase(place.parse().ok()?, false),
            ("phrase", Some(place), Some("plain")) => Self::Phrase(place.parse().ok()?, true),
            _ => return None,
        };
        Some(act)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewRowQuery {
    chapter: String,
    item: Vec<i64>,
}

/// A page of a new row needs a chapter to put it into.
async fn new_row(
    ctx: Ctx,
    Path(id): Path<i64>,
    axum_extra::extract::Query(query): axum_extra::extract::Query<NewRowQuery>,
) -> Answer {
    let opened = row::new(&ctx, id, query.chapter.parse().unwrap_or_default(), &query.item).await?;
    if opened.chapters.is_empty() {
        return Ok(render::see_other(&base(id)));
    }
    let text = opened.items.first().map(|item| item.text.clone()).unwrap_or_default();
    let values = RowValues { chapter: query.chapter, text, ..RowValues::default() };
    Ok(render::page(&ctx, page(&ctx, opened, values, Shown::default()).await?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RowQuery {
    notice: String,
    then: String,
}

async fn edit_row(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Query(query): Query<RowQuery>) -> Answer {
    let opened = row::open(&ctx, id, row).await?;
    let values = RowValues { go_on: query.then == "next", ..saved_values(&opened) };
    let done = match query.notice.as_str() {
        "saved" => Some(RowDone::Saved),
        "next" => Some(RowDone::SavedNext),
        "last" => Some(RowDone::SavedLast),
        "confirmed" => Some(RowDone::Confirmed),
        _ => None,
    };
    Ok(render::page(&ctx, page(&ctx, opened, values, Shown { done, ..Shown::default() }).await?))
}

async fn reopen(ctx: &Ctx, id: i64, row: Option<i64>, body: &RowBody) -> Result<Opened> {
    match row {
        Some(row) => row::open(ctx, id, row).await,
        None => row::new(ctx, id, body.chapter.parse().unwrap_or_default(), &ids(&body.items)).await,
    }
}

async fn work(ctx: &Ctx, id: i64, row: Option<i64>, mut body: RowBody) -> Answer {
    let act = Act::read(&body.act).ok_or(AppError::BadRequest)?;
    let settling = match act {
        Act::Save(settling) => settling,
        act => {
            let opened = reopen(ctx, id, row, &body).await?;
            let text = insertion(ctx, &opened.phrases, act, &body.answer).await?;
            let done = match (act, &text) {
                (Act::Check, _) => RowDone::Checked,
                (_, Some(_)) => RowDone::Inserted,
                (_, None) => RowDone::Gone,
            };
            body.answer = text.unwrap_or(body.answer);
            let shown = Shown { done: Some(done), chosen: body.chosen(), ..Shown::default() };
            return Ok(render::page(ctx, page(ctx, opened, body.values(), shown).await?));
        }
    };
    match put_row(ctx, id, row, &body.input(settling)).await? {
        Ok(RowSaved::Done(saved)) => Ok(render::see_other(&after(ctx, id, saved, body.goes_on()).await?)),
        Ok(RowSaved::Stale) => {
            let opened = row::open(ctx, id, row.ok_or(AppError::Conflict)?).await?;
            let (values, newer) = stale(&opened, body.values());
            let shown = Shown { newer: Some(newer), chosen: body.chosen(), ..Shown::default() };
            Ok(render::page_with(ctx, StatusCode::CONFLICT, page(ctx, opened, values, shown).await?))
        }
        Err(errors) => {
            let opened = reopen(ctx, id, row, &body).await?;
            let shown = Shown { errors, chosen: body.chosen(), ..Shown::default() };
            Ok(render::invalid(ctx, page(ctx, opened, body.values(), shown).await?))
        }
    }
}

/// The answer with what was chosen put into it; `None` when that isn't there any more.
async fn insertion(ctx: &Ctx, phrases: &[Phrase], act: Act, answer: &str) -> Result<Option<String>> {
    let sentence = |text: &str| if text.ends_with('。') { text.to_owned() } else { format!("{text}。") };
    Ok(match act {
        Act::Use(id) => past_answer::find(ctx, id).await?.map(|found| append(answer, &found.answer)),
        Act::Phrase(place, plain) => {
            let text = phrases.get(place).map(|p| if plain { &p.plain } else { &p.text }).filter(|t| !t.is_empty());
            text.map(|text| append(answer, &sentence(text)))
        }
        Act::Replace(place) => phrases.get(place).filter(|p| !p.plain.is_empty()).map(|p| {
            if answer.contains(&p.text) {
                answer.replace(&p.text, &p.plain)
            } else {
                append(answer, &sentence(&p.plain))
            }
        }),
        Act::Check | Act::Save(_) => None,
    })
}

/// Puts a text behind what is typed already: nothing of that is lost.
fn append(answer: &str, text: &str) -> String {
    match answer.trim_end() {
        "" => text.to_owned(),
        typed => format!("{typed}\n{text}"),
    }
}

/// Where to go after saving: the same row, or the next one without an answer.
async fn after(ctx: &Ctx, id: i64, row: i64, go_on: bool) -> Result<String> {
    let base = format!("{}/rows", base(id));
    if !go_on {
        return Ok(format!("{base}/{row}?notice=saved"));
    }
    Ok(match repository::row::next_open(ctx.db(), id, row).await? {
        Some(next) => format!("{base}/{next}?notice=next&then=next"),
        None => format!("{base}/{row}?notice=last"),
    })
}

async fn create_row(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<RowBody>) -> Answer {
    work(&ctx, id, None, body).await
}

async fn update_row(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Form(body): Form<RowBody>) -> Answer {
    work(&ctx, id, Some(row), body).await
}

/// What is typed into the row's form goes with the button: it must not get lost.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConfirmBody {
    row_version: i64,
    answer_version: i64,
    text: Option<String>,
    answer: Option<String>,
    disposition: Option<String>,
    reason: Option<String>,
    not_personal: Vec<String>,
}

impl ConfirmBody {
    /// What is typed, over what is saved.
    fn over(&self, saved: RowValues) -> RowValues {
        RowValues {
            text: self.text.clone().unwrap_or(saved.text),
            answer: self.answer.clone().unwrap_or(saved.answer),
            disposition: self.disposition.clone().unwrap_or(saved.disposition),
            reason: self.reason.clone().unwrap_or(saved.reason),
            not_personal: !self.not_personal.is_empty(),
            versions: (self.row_version, self.answer_version),
            ..saved
        }
    }
}

async fn confirm_row(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Form(body): Form<ConfirmBody>) -> Answer {
    let opened = row::open(&ctx, id, row).await?;
    let saved = saved_values(&opened);
    let typed = body.over(saved.clone());
    let plain = |v: &RowValues| {
        let plain = |text: &str| domain::text::normalise_newlines(text).trim().to_owned();
        (plain(&v.text), plain(&v.answer), v.disposition.clone(), plain(&v.reason))
    };
    if plain(&typed) != plain(&saved) {
        if saved.versions == typed.versions {
            return refused(&ctx, opened, typed, RowDone::Unsaved, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        // Somebody else saved, and something else is typed here: both are shown.
        let (values, newer) = stale(&opened, typed);
        let shown = Shown { done: Some(RowDone::Changed), newer: Some(newer), ..Shown::default() };
        return Ok(render::page_with(&ctx, StatusCode::CONFLICT, page(&ctx, opened, values, shown).await?));
    }
    match row::confirm(&ctx, id, row, body.row_version, !body.not_personal.is_empty()).await? {
        Ok(Confirmed::Done) => Ok(render::see_other(&format!("{}/rows/{row}?notice=confirmed", base(id)))),
        Ok(Confirmed::Verbatim) => refused(&ctx, opened, typed, RowDone::Verbatim, StatusCode::OK).await,
        Ok(Confirmed::Own) => refused(&ctx, opened, typed, RowDone::Own, StatusCode::UNPROCESSABLE_ENTITY).await,
        // What is saved now is shown: that is what would be confirmed.
        Ok(Confirmed::Changed) => {
            let opened = row::open(&ctx, id, row).await?;
            let saved = saved_values(&opened);
            refused(&ctx, opened, saved, RowDone::Changed, StatusCode::CONFLICT).await
        }
        Err(errors) => {
            let shown = Shown { errors, ..Shown::default() };
            Ok(render::invalid(&ctx, page(&ctx, opened, typed, shown).await?))
        }
    }
}

async fn refused(ctx: &Ctx, opened: Opened, values: RowValues, done: RowDone, status: StatusCode) -> Answer {
    let shown = Shown { done: Some(done), errors: FieldErrors::new(), ..Shown::default() };
    Ok(render::page_with(ctx, status, page(ctx, opened, values, shown).await?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AfterQuery {
    after: String,
}

async fn originals(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Query(query): Query<AfterQuery>) -> Answer {
    let after = query.after.parse().unwrap_or_default();
    let (theme, items, next) = row::originals(&ctx, id, row, after).await?;
    let name = repository::row::name(ctx.db(), id, row).await?;
    let path = format!("{}/rows/{row}/originals", base(id));
    let rows = items.into_iter().map(|item| OriginalLine {
        receipt: item.receipt_number,
        channel: Channel::from_code(&item.channel).unwrap_or_default(),
        title: item.title,
        text: item.text,
    });
    let page = OriginalsPage {
        theme: (id, theme.row.title),
        row: (row, name),
        rows: rows.collect(),
        first: (after > 0).then(|| path.clone()),
        next: next.map(|next| format!("{path}?after={next}")),
    };
    Ok(render::page(&ctx, page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_are_read_and_nothing_else_is() {
        assert_eq!(Act::read(""), Some(Act::Save(Settling::Keep)));
        assert_eq!(Act::read("settle"), Some(Act::Save(Settling::Settle)));
        assert_eq!(Act::read("use:12"), Some(Act::Use(12)));
        assert_eq!(Act::read("phrase:3:plain"), Some(Act::Phrase(3, true)));
        assert_eq!(Act::read("phrase:3:text"), Some(Act::Phrase(3, false)));
        assert_eq!(Act::read("replace:0"), Some(Act::Replace(0)));
        for bad in ["x", "use", "use:", "use:x", "phrase:1", "phrase:1:x", "settle:1", "replace:-1"] {
            assert_eq!(Act::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_typed_stays_before_what_is_put_in() {
        assert_eq!(append(" \n", "答え"), "答え");
        assert_eq!(append("書きかけ\n", "答え"), "書きかけ\n答え");
    }

    #[test]
    fn copies_come_as_one_field() {
        assert_eq!(ids(&["1,2".to_owned(), "3".to_owned(), "x".to_owned()]), [1, 2, 3]);
    }
}
