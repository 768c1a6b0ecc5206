//! The site's own texts: how it works, rules, privacy, accessibility.

use leptos::prelude::*;

use crate::{
    components::breadcrumb,
    shell::{Head, Page, PageContext, Width},
};

/// A page of the site's own texts, written in Markdown in the locales.
#[derive(Debug)]
pub struct AboutPage {
    /// Its title.
    pub title: String,
    /// Its text, rendered on the server.
    pub html: String,
}

impl Page for AboutPage {
    fn head(&self, _: &PageContext) -> Head {
        Head { title: self.title.clone(), width: Width::Narrow, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        view! {
            {breadcrumb(cx.locale, vec![], self.title.clone())}
            <h1 class="page__title">{self.title}</h1>
            <div class="markdown" inner_html=self.html></div>
        }
        .into_any()
    }
}
