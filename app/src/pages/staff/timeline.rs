//! Extension, links, copies and planned days of a theme.

use chrono::NaiveDate;
use domain::{
    FieldErrors, Locale, Phase,
    consultation::{self as rules, Period},
    rules::Breach,
};
use leptos::prelude::*;

use super::{StaffTab, ThemeTab, frame, head, theme_tabs};
use crate::{
    components::{form, notice, phase_badge},
    format,
    shell::{Head, Page, PageContext},
};

/// Longest reason of an extension, in graphemes.
pub const REASON_MAX: usize = 1000;

/// The title of a theme's copy, within the longest title.
#[must_use]
pub fn copy_title(l: Locale, title: &str) -> String {
    let room = rules::TITLE_MAX - 10;
    let title =
        if domain::text::graphemes(title) > room { domain::text::excerpt(title, room) } else { title.to_owned() };
    t!(l, "timeline.copy_title", title = title).into_owned()
}

/// `/staff/consultations/{id}/extension`
#[derive(Debug)]
pub struct ExtensionPage {
    /// The theme's id.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub phase: Phase,
    /// When it takes opinions now.
    pub period: Period,
    /// The last day that its rules allow; `None` without limit.
    pub latest: Option<NaiveDate>,
    /// The new last day, as typed.
    pub closes_on: String,
    /// The reason, as typed.
    pub reason: String,
    /// What is wrong.
    pub errors: FieldErrors,
}

impl Page for ExtensionPage {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title = t!(l, "timeline.extension_of", theme = self.title).into_owned();
        head(if self.errors.is_empty() { title } else { t!(l, "form.error_title", title = title).into_owned() })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let labels = [
            ("closes_on", t!(l, "timeline.extension_closes_on").into_owned()),
            ("reason", t!(l, "timeline.extension_reason").into_owned()),
        ];
        let field = |name: &'static str, label: std::borrow::Cow<'static, str>, value: &str| {
            form::Field::new(l, &self.errors, name, label, value).required()
        };
        let day = field("closes_on", t!(l, "timeline.extension_closes_on"), &self.closes_on)
            .help(t!(l, "staff.form.day_help"));
        let reason = field("reason", t!(l, "timeline.extension_reason"), &self.reason).help(t!(
            l,
            "timeline.extension_reason_help",
            max = REASON_MAX
        ));
        let reopens = (self.phase == Phase::UnderReview).then(|| {
            let text = view! { <p>{t!(l, "timeline.extension_reopen_text")}</p> };
            notice("warning", t!(l, "timeline.extension_reopen").into_owned(), text.into_any())
        });
        let latest = self.latest.map(|day| {
            view! { <p>{t!(l, "timeline.extension_latest", day = format::day(l, day))}</p> }
        });
        let body = view! {
            <p class="cluster">{phase_badge(l, self.phase)}</p>
            <p class="muted">{self.title.clone()}</p>
            <h1 class="page__title">{t!(l, "timeline.extension")}</h1>
            {theme_tabs(cx, self.id, ThemeTab::Overview)}
            {form::error_summary(l, &self.errors, &labels)}
            <p>{t!(l, "timeline.extension_lead")}</p>
            <p>{t!(l, "timeline.extension_now", period = format::period(l, self.period))}</p>
            {latest}
            {reopens}
            <form class="form" method="post" action=format!("/staff/consultations/{}/extension", self.id) novalidate>
                {form::input(l, &day, form::Input { autocomplete: "off", ..form::Input::default() })}
                {form::text_area(l, &reason, 5)}
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "timeline.extension_do")}</button>
                    <a href=format!("/staff/consultations/{}", self.id)>{t!(l, "staff.form.leave")}</a>
                </div>
            </form>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

/// How a theme's dates stand to its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodCheck {
    /// What is wrong.
    pub breaches: Vec<Breach>,
    /// 起算日 and the number of days that count, when they are known.
    pub counted: Option<(NaiveDate, i64)>,
    /// The first and the last day on which it may close.
    pub window: (Option<NaiveDate>, Option<NaiveDate>),
    /// The day of publication that was reckoned with, when it is not sure yet.
    pub assumed: Option<NaiveDate>,
    /// Whether a reason was given, which makes up for what is wrong.
    pub has_reason: bool,
    /// Whether it stood in the way of publishing just now.
    pub refused: bool,
}

impl PeriodCheck {
    /// The check in words. `edit` leads to where the dates are corrected.
    pub(super) fn view(&self, l: Locale, edit: Option<String>) -> AnyView {
        let counted = self.counted.map(|(from, days)| {
            view! { <p>{t!(l, "rules.check.days", from = format::day(l, from), days = days)}</p> }
        });
        let assumed = self.assumed.map(|day| {
            view! { <p>{t!(l, "rules.check.assumed", day = format::day(l, day))}</p> }
        });
        if self.breaches.is_empty() {
            let text = view! { {counted}{assumed} };
            return notice("info", t!(l, "rules.check.title_ok").into_owned(), text.into_any());
        }
        let items = self.breaches.iter().map(|b| view! { <li>{breach(l, *b)}</li> }).collect_view();
        let window = match self.window {
            (Some(earliest), Some(latest)) => {
                Some(t!(l, "rules.check.between", earliest = format::day(l, earliest), latest = format::day(l, latest)))
            }
            (Some(earliest), None) => Some(t!(l, "rules.check.from", earliest = format::day(l, earliest))),
            _ => None,
        };
        let next = if self.has_reason { t!(l, "rules.check.reason_given") } else { t!(l, "rules.check.to_do") };
        let (kind, title) = if self.refused {
            ("error", t!(l, "rules.check.refused"))
        } else {
            ("warning", t!(l, "rules.check.title"))
        };
        let text = view! {
            <ul>{items}</ul>
            {counted}
            {assumed}
            {window.map(|window| view! { <p>{window}</p> })}
            <p>{next}</p>
            {edit.map(|href| view! { <p><a href=href>{t!(l, "rules.check.edit")}</a></p> })}
        };
        notice(kind, title.into_owned(), text.into_any())
    }
}

fn breach(l: Locale, breach: Breach) -> String {
    match breach {
        Breach::TooShort { days, min } => {
            t!(l, "rules.check.too_short", days = days, min = min, short = i64::from(min) - days)
        }
        Breach::TooLong { days, max } => {
            t!(l, "rules.check.too_long", days = days, max = max, over = days - i64::from(max))
        }
        Breach::GazetteMissing => t!(l, "rules.check.gazette_missing"),
        Breach::OpensBeforeCounting { from } => {
            t!(l, "rules.check.opens_before_counting", day = format::day(l, from))
        }
        Breach::LastDayOff { next } => t!(l, "rules.check.last_day_off", day = format::day(l, next)),
    }
    .into_owned()
}
