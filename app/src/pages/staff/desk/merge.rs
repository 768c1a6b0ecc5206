//! Making two rows one: both texts in sight.

use domain::{FieldErrors, Locale};
use leptos::prelude::*;

use super::{Refusal, base, head_of, refusal};
use crate::{
    components::{breadcrumb, form, plain_lines},
    pages::staff::{StaffTab, frame},
    shell::{Head, Page, PageContext},
};

/// One of the two rows.
#[derive(Clone, Debug)]
pub struct MergeRow {
    /// Its id.
    pub id: i64,
    /// Its name, such as 「1-2」.
    pub name: String,
    /// 要旨.
    pub text: String,
    /// Its answer; empty without one.
    pub answer: String,
    /// How many opinions it gathers.
    pub opinions: usize,
    /// Its version.
    pub version: i64,
}

/// `/staff/consultations/{id}/responses/rows/{row}/merge`
#[derive(Debug)]
pub struct MergePage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// The row that goes.
    pub from: MergeRow,
    /// The row that stays; none when there is no such row.
    pub into: Option<MergeRow>,
    /// The number of it as typed.
    pub typed: String,
    /// The text it gets.
    pub text: String,
    /// Why nothing was done.
    pub refusal: Option<Refusal>,
}

impl Page for MergePage {
    fn head(&self, cx: &PageContext) -> Head {
        head_of(t!(cx.locale, "gather.merge.title").into_owned(), false)
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = base(self.theme.0);
        let trail = vec![
            ("/staff/consultations".to_owned(), t!(l, "staff.themes").into_owned()),
            (base.clone(), t!(l, "desk.title_of", theme = self.theme.1).into_owned()),
        ];
        let path = format!("{base}/rows/{}/merge", self.from.id);
        let body = view! {
            {breadcrumb(l, trail, t!(l, "gather.merge.title").into_owned())}
            {self.refusal.as_ref().map(|r| refusal::summary(l, r))}
            <h1 class="page__title">{t!(l, "gather.merge.title")}</h1>
            {match &self.into {
                Some(into) => self.both(l, &path, into),
                None => self.choose(l, &path),
            }}
            <p><a href=base>{t!(l, "gather.back")}</a></p>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl MergePage {
    /// Asks for the other row again.
    fn choose(&self, l: Locale, path: &str) -> AnyView {
        let mut field =
            form::Field::new(l, &FieldErrors::new(), "row", t!(l, "gather.merge.into"), &self.typed).required();
        field.problem = Refusal::at(self.refusal.as_ref(), l, "row");
        view! {
            <form class="form" method="get" action=path.to_owned()>
                <div class="field">
                    <label class="field__label" for="f-row">{field.label.clone()}</label>
                    {field.problem.clone().map(|p| view! { <p class="field__error" id="e-row">{p}</p> })}
                    <input class="input" id="f-row" name="into" value=self.typed.clone() autocomplete="off" aria-describedby=field.problem.as_ref().map(|_| "e-row") />
                </div>
                <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "gather.merge.open")}</button>
            </form>
        }
        .into_any()
    }

    fn both(&self, l: Locale, path: &str, into: &MergeRow) -> AnyView {
        let side = |row: &MergeRow, title: String| {
            let answer = if row.answer.is_empty() {
                view! { <p class="muted">{t!(l, "desk.no_answer")}</p> }.into_any()
            } else {
                view! { <h3>{t!(l, "desk.answer")}</h3>{plain_lines(&row.answer)} }.into_any()
            };
            view! {
                <section class="desk-merge__side">
                    <h2 class="desk__title">{title}</h2>
                    <p class="desk-note">{t!(l, "gather.merge.opinions", n = row.opinions)}</p>
                    <h3>{t!(l, "desk.text")}</h3>
                    {plain_lines(&row.text)}
                    {answer}
                </section>
            }
        };
        let mut text = form::Field::new(l, &FieldErrors::new(), "text", t!(l, "gather.merge.text"), &self.text)
            .required()
            .help(t!(l, "gather.merge.text_help"));
        text.problem = Refusal::at(self.refusal.as_ref(), l, "text");
        let answer = if into.answer.is_empty() && !self.from.answer.is_empty() {
            t!(l, "gather.merge.answer_from", row = self.from.name)
        } else {
            t!(l, "gather.merge.answer_into", row = into.name)
        };
        view! {
            <div class="desk-merge">
                {side(into, t!(l, "gather.merge.stays", row = into.name).into_owned())}
                {side(&self.from, t!(l, "gather.merge.goes", row = self.from.name).into_owned())}
            </div>
            <form class="form" method="post" action=path.to_owned() novalidate>
                <input type="hidden" name="into" value=into.id.to_string() />
                <input type="hidden" name="from_version" value=self.from.version.to_string() />
                <input type="hidden" name="into_version" value=into.version.to_string() />
                {form::text_area(l, &text, 8)}
                <p>{answer}" "{t!(l, "gather.merge.undo")}</p>
                <div class="form__actions"><button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "gather.merge.do")}</button></div>
            </form>
        }
        .into_any()
    }
}
