//! The front page.

use leptos::prelude::*;

use super::consultations::{ConsultationCard, cards};
use crate::{
    components::empty,
    shell::{Head, Page, PageContext},
};

/// `/`
#[derive(Debug)]
pub struct Home {
    /// Themes that take opinions now.
    pub open: Vec<ConsultationCard>,
    /// Themes that will.
    pub coming: Vec<ConsultationCard>,
    /// Themes under review.
    pub review: Vec<ConsultationCard>,
    /// Themes with a result, the newest first.
    pub results: Vec<ConsultationCard>,
}

impl Page for Home {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        Head { description: Some(t!(l, "home.lead", ward = cx.ward.name_in(l)).into_owned()), ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let section = |title: String, list: Vec<ConsultationCard>| {
            (!list.is_empty()).then(|| {
                view! { <section class="section"><h2 class="section__title">{title}</h2>{cards(l, list)}</section> }
            })
        };
        let open =
            if self.open.is_empty() { empty(t!(l, "home.no_open").into_owned(), None) } else { cards(l, self.open) };
        let step = |n: u8, title: String, text: String| {
            view! { <li class="steps__item"><span class="steps__number" aria-hidden="true">{n}</span><h3 class="steps__title">{title}</h3><p>{text}</p></li> }
        };
        view! {
            <section class="hero">
                <h1 class="hero__title">{t!(l, "home.title")}</h1>
                <p class="hero__lead">{t!(l, "home.lead", ward = cx.ward.name_in(l))}</p>
                <div class="hero__actions">
                    <a class="button" data-variant="solid" data-size="lg" href="/consultations?phase=open">{t!(l, "home.see_open")}</a>
                    <a class="button" data-variant="outline" data-size="lg" href="/about">{t!(l, "home.how")}</a>
                </div>
            </section>
            <section class="section">
                <h2 class="section__title">{t!(l, "home.open")}</h2>
                {open}
            </section>
            {section(t!(l, "home.results").into_owned(), self.results)}
            {section(t!(l, "home.coming").into_owned(), self.coming)}
            {section(t!(l, "home.review").into_owned(), self.review)}
            <section class="section">
                <h2 class="section__title">{t!(l, "home.steps")}</h2>
                <ol class="steps">
                    {step(1, t!(l, "home.step1").into_owned(), t!(l, "home.step1_text").into_owned())}
                    {step(2, t!(l, "home.step2").into_owned(), t!(l, "home.step2_text").into_owned())}
                    {step(3, t!(l, "home.step3").into_owned(), t!(l, "home.step3_text").into_owned())}
                </ol>
            </section>
        }
        .into_any()
    }
}
