//! Cutting a submission into its opinions, with the original beside.

use domain::{FieldErrors, Locale, split::separator};
use leptos::prelude::*;

use super::{base, head_of};
use crate::{
    components::{breadcrumb, form, notice},
    islands::{Splitter, SplitterWords},
    pages::staff::{StaffTab, frame},
    shell::{Head, Page, PageContext},
};

/// `/staff/consultations/{id}/responses/split/{proposal}`
#[derive(Debug)]
pub struct SplitPage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// The submission.
    pub proposal: i64,
    /// 受付番号.
    pub receipt: String,
    /// Its title.
    pub title: Option<String>,
    /// Its text, as it was sent.
    pub original: String,
    /// What stands in the field: the parts with a line of signs between them.
    pub typed: String,
    /// That line.
    pub mark: String,
    /// The parts as they are read.
    pub parts: Vec<String>,
    /// Whether the parts are a suggestion.
    pub suggested: bool,
    /// How many opinions it has now.
    pub now: usize,
    /// Whether letters of the original are missing, or others are there.
    pub differs: bool,
    /// Whether a row gathers an opinion that would be gone or say something else.
    pub linked: bool,
    /// What is wrong.
    pub errors: FieldErrors,
}

impl SplitPage {
    /// The line that parts this text.
    #[must_use]
    pub fn mark_for(original: &str) -> &'static str {
        separator(original)
    }
}

impl Page for SplitPage {
    fn head(&self, cx: &PageContext) -> Head {
        head_of(t!(cx.locale, "gather.split.title_of", number = self.receipt).into_owned(), true)
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = base(self.theme.0);
        let trail = vec![
            ("/staff/consultations".to_owned(), t!(l, "staff.themes").into_owned()),
            (base.clone(), t!(l, "desk.title_of", theme = self.theme.1).into_owned()),
        ];
        let labels = [("item", t!(l, "gather.split.parts").into_owned())];
        let linked = self.linked.then(|| {
            view! {
                <div class="error-summary" role="alert" tabindex="-1" id="error-summary" autofocus=true>
                    <h2>{t!(l, "gather.refused.title")}</h2>
                    <p>{t!(l, "gather.split.linked")}</p>
                </div>
            }
        });
        let body = view! {
            {breadcrumb(l, trail, t!(l, "gather.split.title").into_owned())}
            {form::error_summary(l, &self.errors, &labels)}
            {linked}
            <h1 class="page__title">{t!(l, "gather.split.title")}</h1>
            <p class="muted">{t!(l, "gather.split.now", number = self.receipt, n = self.now)}</p>
            {self.suggested.then(|| notice("info", t!(l, "gather.split.suggested").into_owned(), ().into_any()))}
            <div class="desk desk--split">
                {self.whole(l)}
                {self.form(l, &base)}
            </div>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl SplitPage {
    fn whole(&self, l: Locale) -> AnyView {
        view! {
            <section class="desk__source" tabindex="0" role="region" aria-labelledby="split-original">
                <h2 class="desk__title" id="split-original">{t!(l, "gather.split.original")}</h2>
                <p class="desk-note">{t!(l, "gather.split.original_help")}</p>
                {self.title.clone().map(|title| view! { <p><strong>{title}</strong></p> })}
                <p class="source-item__text">{self.original.clone()}</p>
            </section>
        }
        .into_any()
    }

    fn form(&self, l: Locale, base: &str) -> AnyView {
        let path = format!("{base}/split/{}", self.proposal);
        let mut field = form::Field::new(l, &self.errors, "item", t!(l, "gather.split.parts"), &self.typed)
            .required()
            .help(t!(l, "gather.split.help", mark = self.mark));
        field.name = "item";
        let words = SplitterWords {
            keys: t!(l, "gather.split.keys").into_owned(),
            cut: t!(l, "gather.split.cut").into_owned(),
            join: t!(l, "gather.split.join").into_owned(),
            undo: t!(l, "gather.split.undo").into_owned(),
            result: t!(l, "gather.split.result").into_owned(),
            number: t!(l, "gather.split.number").into_owned(),
        };
        let differs = self.differs.then(|| view! { <p class="desk-note">{t!(l, "gather.split.differs")}</p> });
        view! {
            <form class="form desk__table" method="post" action=path.clone() novalidate>
                <input type="hidden" name="mark" value=self.mark.clone() />
                <Splitter mark=self.mark.clone() parts=self.parts.clone() words=words>
                    {form::text_area(l, &field, 16)}
                </Splitter>
                {differs}
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit" name="act" value="save">{t!(l, "gather.split.save")}</button>
                    <button class="button" data-variant="outline" data-size="lg" type="submit" name="act" value="check">{t!(l, "gather.split.check")}</button>
                </div>
                <p class="button-row">
                    <a href=format!("{path}?start=suggested")>{t!(l, "gather.split.suggest")}</a>
                    <a href=format!("{path}?start=whole")>{t!(l, "gather.split.whole")}</a>
                    <a href=base.to_owned()>{t!(l, "gather.back")}</a>
                </p>
            </form>
        }
        .into_any()
    }
}
