//! The frame of every page: `<head>`, header, footer, and the one function that turns a page into HTML.

use std::{fmt::Write as _, sync::Arc};

use domain::{Locale, Role, ward::Ward};
use hydration_context::SsrSharedContext;
use leptos::{
    config::LeptosOptions,
    nonce::{provide_nonce, use_nonce},
    prelude::*,
};

/// Who is signed in, as far as the frame shows it.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The display name.
    pub name: String,
    /// Decides whether the way to the console is shown.
    pub role: Role,
}

/// What every page knows about its request.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// The language of the page.
    pub locale: Locale,
    /// The ward that runs this installation.
    pub ward: Arc<Ward>,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// Path and query of this page, for the way back after signing in or changing the language.
    pub path: String,
    /// Scheme and host of this installation, without a slash at the end.
    pub base_url: Arc<str>,
    /// How the islands are built and served.
    pub options: LeptosOptions,
}

/// Layout of the main column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// Forms and texts.
    Narrow,
    /// Most pages.
    #[default]
    Normal,
    /// The console.
    Wide,
}

/// What a page says about itself.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The page's own title, without the site's name.
    pub title: String,
    /// One or two sentences for search engines and previews.
    pub description: Option<String>,
    /// Whether the page has islands: only then is WebAssembly loaded.
    pub islands: bool,
    /// Whether search engines should leave it out.
    pub private: bool,
    /// Layout of the main column.
    pub width: Width,
    /// Path of a picture for previews.
    pub image: Option<String>,
}

/// A page: data in, HTML out.
pub trait Page {
    /// What the page says about itself.
    fn head(&self, cx: &PageContext) -> Head;
    /// The content of `<main>`.
    fn body(self, cx: &PageContext) -> AnyView;
}

/// A rendered page.
#[derive(Debug)]
pub struct Rendered {
    /// The document.
    pub html: String,
    /// The nonce of its scripts; `None` when the page has none.
    pub nonce: Option<String>,
}

/// Renders a page in its frame, synchronously and in one go.
#[must_use]
pub fn render(cx: &PageContext, page: impl Page) -> Rendered {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let rendered = owner.with(|| {
        provide_nonce();
        let head = page.head(cx);
        let islands = head.islands;
        let body = page.body(cx);
        let html = document(cx, &head, body).to_html();
        let nonce = islands.then(use_nonce).flatten().map(|n| n.to_string());
        Rendered { html: format!("<!DOCTYPE html>{html}"), nonce }
    });
    owner.unset_with_forced_cleanup();
    rendered
}

fn document(cx: &PageContext, head: &Head, body: AnyView) -> impl IntoView + use<> {
    let l = cx.locale;
    let site = t!(l, "site.name", ward = cx.ward.name_in(l)).into_owned();
    let title = if head.title.is_empty() { site.clone() } else { format!("{}｜{site}", head.title) };
    let width = match head.width {
        Width::Narrow => "narrow",
        Width::Normal => "normal",
        Width::Wide => "wide",
    };
    let image = head.image.as_ref().map(|path| format!("{}{path}", cx.base_url));
    let canonical = format!("{}{}", cx.base_url, cx.path.split('?').next().unwrap_or_default());
    view! {
        <html lang=l.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title inner_html=escape(&title)></title>
                {head.description.clone().map(|d| view! { <meta name="description" content=d.clone() />{og("og:description", d)} })}
                {head.private.then(|| view! { <meta name="robots" content="noindex" /> })}
                {(!head.private).then(|| view! { <link rel="canonical" href=canonical.clone() />{og("og:url", canonical)} })}
                {og("og:title", title)}
                {og("og:type", "website".to_owned())}
                {og("og:site_name", site)}
                {image.map(|src| og("og:image", src))}
                <meta name="color-scheme" content="light" />
                <meta name="format-detection" content="telephone=no" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=format!("/pkg/{}.css", cx.options.output_name) />
                {head.islands.then(|| view! { <HydrationScripts options=cx.options.clone() islands=true /> })}
            </head>
            <body>
                <a class="skip-link" href="#main">{t!(l, "site.skip")}</a>
                {cx.ward.demo.then(|| view! { <div class="demo-ribbon" role="region" aria-label=t!(l, "site.demo_label")>{t!(l, "site.demo")}</div> })}
                {header(cx)}
                <main id="main" class="page" data-width=width>{body}</main>
                {footer(cx)}
            </body>
        </html>
    }
}

/// An Open Graph property; the view macro knows no `property` attribute.
fn og(property: &'static str, content: String) -> impl IntoView {
    leptos::html::meta().attr("property", property).content(content)
}

fn header(cx: &PageContext) -> impl IntoView + use<> {
    let l = cx.locale;
    let path = cx.path.split('?').next().unwrap_or_default().to_owned();
    let current = |prefix: &str| path.starts_with(prefix).then_some("page");
    let back = percent(&cx.path);
    let languages = Locale::ALL
        .into_iter()
        .map(|other| {
            let mark = (other == l).then_some("true");
            view! { <li><a href=format!("/language/{}?next={back}", other.tag()) lang=other.tag() hreflang=other.tag() aria-current=mark>{other.own_name()}</a></li> }
        })
        .collect_view();
    let tools = match &cx.viewer {
        Some(viewer) => {
            let staff = viewer.role.is_staff();
            view! {
                {staff.then(|| view! { <a class="button" data-variant="outline" data-size="sm" href="/staff">{t!(l, "nav.staff")}</a> })}
                <a class="button" data-variant="outline" data-size="sm" href="/account">{t!(l, "nav.account")}</a>
                <form method="post" action="/account/sign-out" data-priority="low"><button class="button" data-variant="text" data-size="sm" type="submit">{t!(l, "nav.sign_out")}</button></form>
            }
            .into_any()
        }
        None => view! {
            <a class="button" data-variant="outline" data-size="sm" href=format!("/account/sign-in?next={back}")>{t!(l, "nav.sign_in")}</a>
            <a class="button" data-variant="solid" data-size="sm" data-priority="low" href=format!("/account/sign-up?next={back}")>{t!(l, "nav.sign_up")}</a>
        }
        .into_any(),
    };
    view! {
        <header class="site-header">
            <div class="site-header__inner">
                <a class="site-header__brand" href="/">
                    <img class="site-header__logo" src="/logo.svg" alt="" width="40" height="40" />
                    <span class="site-header__name">{t!(l, "site.name", ward = cx.ward.name_in(l))}</span>
                    <span class="site-header__tagline">{t!(l, "site.tagline")}</span>
                </a>
                <div class="site-header__tools">
                    <details class="language-menu">
                        <summary class="language-menu__button"><span class="language-menu__label">{t!(l, "nav.language")}</span></summary>
                        <ul class="language-list">{languages}</ul>
                    </details>
                    {tools}
                </div>
                <nav class="site-nav" aria-label=t!(l, "nav.main")>
                    <ul>
                        <li><a href="/consultations" aria-current=current("/consultations")>{t!(l, "nav.consultations")}</a></li>
                        <li><a href="/responses" aria-current=current("/responses")>{t!(l, "nav.responses")}</a></li>
                        <li><a href="/receipts" aria-current=current("/receipts")>{t!(l, "nav.receipts")}</a></li>
                    </ul>
                </nav>
            </div>
        </header>
    }
}

fn footer(cx: &PageContext) -> impl IntoView + use<> {
    let l = cx.locale;
    view! {
        <footer class="site-footer">
            <div class="site-footer__inner">
                <p class="site-footer__name">{cx.ward.name_in(l).to_owned()}</p>
                <ul class="site-footer__links">
                    <li><a href="/about">{t!(l, "nav.about")}</a></li>
                    <li><a href="/about/rules">{t!(l, "nav.rules")}</a></li>
                    <li><a href="/about/privacy">{t!(l, "nav.privacy")}</a></li>
                    <li><a href="/about/accessibility">{t!(l, "nav.accessibility")}</a></li>
                </ul>
                <p class="site-footer__credit">{t!(l, "site.credit")}</p>
            </div>
        </footer>
    }
}

/// Text for an element that holds nothing but text: Leptos would put its own markers inside, and a title shows them.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Percent-encodes a path for use as a query value.
#[must_use]
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use domain::FieldErrors;

    use super::*;
    use crate::components::form;

    struct Hostile;

    const TEXT: &str = "\n</textarea></title><script>alert(1)</script>&amp;𠮷";

    impl Page for Hostile {
        fn head(&self, _: &PageContext) -> Head {
            Head { title: TEXT.to_owned(), description: Some(TEXT.to_owned()), ..Head::default() }
        }

        fn body(self, cx: &PageContext) -> AnyView {
            let field = form::Field::new(cx.locale, &FieldErrors::new(), "body", "本文", TEXT);
            view! { {form::text_area(cx.locale, &field, 3)}<p title=TEXT>{TEXT}</p> }.into_any()
        }
    }

    fn context() -> PageContext {
        PageContext {
            locale: Locale::Ja,
            ward: Arc::new(Ward { code: "131091".into(), name: "<b>区".into(), name_en: "Ward".into(), demo: false }),
            viewer: None,
            path: "/a?b=\"><script>".into(),
            base_url: "http://localhost".into(),
            options: LeptosOptions::builder().output_name("machikoe").build(),
        }
    }

    #[test]
    fn nothing_that_people_type_leaves_its_place() {
        let html = render(&context(), Hostile).html;
        assert!(!html.contains("<script"), "{html}");
        // The first newline is the one HTML drops; the second is the text's own.
        assert!(
            html.contains(
                ">\n\n&lt;/textarea&gt;&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;𠮷</textarea>"
            ),
            "{html}"
        );
        assert!(html.contains("<title>\n&lt;/textarea&gt;&lt;/title&gt;"), "{html}");
    }

    #[test]
    fn a_page_without_islands_has_no_script_and_no_nonce() {
        let rendered = render(&context(), Hostile);
        assert_eq!(rendered.nonce, None);
        assert!(!rendered.html.contains("wasm"));
    }
}
