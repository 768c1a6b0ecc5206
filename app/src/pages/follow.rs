//! Following a theme: being told by mail when its result is published or corrected.

use domain::Locale;
use leptos::prelude::*;

use crate::{
    components::{breadcrumb, theme_trail},
    shell::{Head, Page, PageContext, percent},
};

/// Whether the reader follows a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// Nobody is signed in.
    Visitor,
    /// No.
    No,
    /// Yes.
    Yes,
}

/// The button that follows a theme, or stops; `back` says which page comes after it.
#[must_use]
pub fn toggle(l: Locale, slug: &str, on: bool, back: &'static str) -> AnyView {
    let (act, text) = if on { ("unfollow", t!(l, "follow.unfollow")) } else { ("follow", t!(l, "follow.follow")) };
    view! {
        <form method="post" action=format!("/consultations/{slug}/follow")>
            <input type="hidden" name="back" value=back />
            <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value=act>{text}</button>
        </form>
    }
    .into_any()
}

/// What the theme's page offers.
#[must_use]
pub fn offer(l: Locale, slug: &str, following: Following) -> AnyView {
    let inner = match following {
        Following::Visitor => {
            let next = percent(&format!("/consultations/{slug}"));
            view! { <a href=format!("/account/sign-in?next={next}")>{t!(l, "follow.sign_in")}</a> }.into_any()
        }
        Following::No => toggle(l, slug, false, ""),
        Following::Yes => toggle(l, slug, true, ""),
    };
    view! { <div class="theme__follow" id="follow">{inner}<p class="muted">{t!(l, "follow.text")}</p></div> }.into_any()
}

/// The themes that the reader follows, on the page of the account.
#[must_use]
pub fn list(l: Locale, followed: Vec<(String, String)>) -> AnyView {
    if followed.is_empty() {
        return view! { <p class="muted">{t!(l, "follow.none")}</p> }.into_any();
    }
    let items = followed
        .into_iter()
        .map(|(slug, title)| {
            view! {
                <li class="cluster">
                    <a href=format!("/consultations/{slug}")>{title}</a>
                    {toggle(l, &slug, true, "account")}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="follow-list">{items}</ul> }.into_any()
}

/// `/consultations/{slug}/follow`
#[derive(Debug)]
pub struct FollowPage {
    /// The theme's address.
    pub slug: String,
    /// Its title.
    pub theme: String,
    /// Whether the reader follows it.
    pub following: bool,
}

impl Page for FollowPage {
    fn head(&self, cx: &PageContext) -> Head {
        let title = t!(cx.locale, "follow.title_of", theme = self.theme).into_owned();
        Head { title, private: true, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let state = if self.following { t!(l, "follow.on") } else { t!(l, "follow.off") };
        view! {
            {breadcrumb(l, theme_trail(l, &self.slug, &self.theme), t!(l, "follow.title").into_owned())}
            <h1 class="page__title">{t!(l, "follow.title")}</h1>
            <p class="page__lead">{self.theme.clone()}</p>
            <p><strong>{state}</strong></p>
            <p>{t!(l, "follow.text")}</p>
            {toggle(l, &self.slug, self.following, "follow")}
        }
        .into_any()
    }
}
