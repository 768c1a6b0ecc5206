//! The proxy-entry desk (代理入力): letters, FAXes, mails, calls and hearings are typed in here, one sheet after the other.

mod data;
mod fields;
mod warnings;

use domain::{
    FieldErrors, IntakeState, Locale,
    rules::{Eligibility, IdentityRules},
};
use leptos::prelude::*;

use super::{StaffTab, ThemeTab, frame, head, scroll, theme_tabs};
use crate::{
    components::{badge, breadcrumb, form, notice, time},
    format,
    shell::{Head, Page, PageContext},
    wording,
};

pub use data::{
    CHANNELS, Concern, Focus, Found, FoundText, ITEMS_MAX, ItemInput, Likeness, Place, Recorded, STATES, Scan, Sheet,
    TodayRow,
};

/// Why submissions that did not come over the web can't be recorded, neither one by one nor as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// The theme is not public: nothing can have arrived.
    NotPublic,
    /// An open dialogue, where everything is public at once; letters are for the eyes of the ward.
    OpenDialogue,
}

/// `/staff/consultations/{id}/entry`
#[derive(Debug)]
pub struct EntryPage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// Why nothing is entered here.
    pub shut: Option<Shut>,
    /// What the rules ask people about themselves.
    pub asked: IdentityRules,
    /// 消印有効.
    pub postmark: bool,
    /// What was typed.
    pub sheet: Sheet,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// What has to be looked at.
    pub concerns: Vec<Concern>,
    /// Earlier submissions that may be the same.
    pub found: Vec<Found>,
    /// The departments.
    pub departments: Vec<(i64, String)>,
    /// The places of the draft.
    pub places: Vec<Place>,
    /// The stored scan.
    pub scan: Option<Scan>,
    /// What was recorded a moment ago.
    pub recorded: Option<Recorded>,
    /// What this clerk entered today, the latest first.
    pub today: Vec<TodayRow>,
    /// How many that are in all.
    pub today_count: u64,
    /// Where the focus is.
    pub focus: Focus,
}

/// The words for where a submission stands.
#[must_use]
pub fn intake_state(l: Locale, state: IntakeState) -> String {
    match state {
        IntakeState::Unread => t!(l, "entry.state_unread"),
        IntakeState::Accepted => t!(l, "entry.state_accepted"),
        IntakeState::AwaitingCorrection => t!(l, "entry.state_awaiting"),
        IntakeState::OutOfScope => t!(l, "entry.state_out_of_scope"),
        IntakeState::Late => t!(l, "entry.state_late"),
        IntakeState::Duplicate => t!(l, "entry.state_duplicate"),
    }
    .into_owned()
}

/// The words for a kind of people who may submit.
#[must_use]
pub fn eligibility(l: Locale, kind: Eligibility) -> String {
    match kind {
        Eligibility::Resident => t!(l, "entry.resident"),
        Eligibility::Worker => t!(l, "entry.worker"),
        Eligibility::Student => t!(l, "entry.student"),
        Eligibility::Business => t!(l, "entry.business"),
        Eligibility::Interested => t!(l, "entry.interested"),
    }
    .into_owned()
}

/// The label of a field of the form.
#[must_use]
pub fn label(l: Locale, name: &str) -> String {
    match name {
        "channel" => t!(l, "entry.channel"),
        "received_on" => t!(l, "entry.received_on"),
        "postmarked_on" => t!(l, "entry.postmarked_on"),
        "body" => t!(l, "entry.body"),
        "items" => t!(l, "entry.items"),
        "eligibility" => t!(l, "entry.eligibility"),
        "name" => t!(l, "entry.name"),
        "kana" => t!(l, "entry.kana"),
        "address" => t!(l, "entry.address"),
        "phone" => t!(l, "entry.phone"),
        "email" => t!(l, "entry.email"),
        "organisation" => t!(l, "entry.organisation"),
        "representative" => t!(l, "entry.representative"),
        "workplace" => t!(l, "entry.workplace"),
        "school" => t!(l, "entry.school"),
        "interest" => t!(l, "entry.interest"),
        "scribe" => t!(l, "entry.scribe"),
        "scan" => t!(l, "entry.scan"),
        "department" => t!(l, "entry.department"),
        _ => t!(l, "entry.intake"),
    }
    .into_owned()
}

impl Page for EntryPage {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title = format!("{}：{}", t!(l, "entry.title"), self.theme.1);
        let wrong = !self.errors.is_empty() || !self.concerns.is_empty() || !self.found.is_empty();
        head(if wrong { t!(l, "form.error_title", title = title).into_owned() } else { title })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let (id, theme) = self.theme.clone();
        let trail = vec![
            ("/staff/consultations".to_owned(), t!(l, "staff.themes").into_owned()),
            (format!("/staff/consultations/{id}"), theme.clone()),
        ];
        let content = if let Some(shut) = self.shut {
            let (title, text) = match shut {
                Shut::NotPublic => (t!(l, "entry.not_public"), t!(l, "entry.not_public_text")),
                Shut::OpenDialogue => (t!(l, "entry.open_dialogue"), t!(l, "entry.open_dialogue_text")),
            };
            notice("info", title.into_owned(), view! { <p>{text}</p> }.into_any())
        } else {
            view! {
                {self.recorded.as_ref().map(|recorded| just_recorded(l, recorded))}
                {self.form(l)}
                {self.today(l)}
            }
            .into_any()
        };
        let body = view! {
            {breadcrumb(l, trail, t!(l, "entry.title").into_owned())}
            <h1 class="page__title">{t!(l, "entry.title")}</h1>
            <p class="page__lead">{theme}</p>
            {theme_tabs(cx, id, ThemeTab::Entry)}
            {content}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl EntryPage {
    fn href(&self) -> String {
        format!("/staff/consultations/{}/entry", self.theme.0)
    }

    fn form(&self, l: Locale) -> AnyView {
        let labels: Vec<(&'static str, String)> = self.errors.iter().map(|(name, _)| (name, label(l, name))).collect();
        view! {
            <form class="form entry" method="post" action=self.href() enctype="multipart/form-data" novalidate>
                // Enter in any field presses the first button of a form (HTML §4.10.21.2): this one.
                <button class="visually-hidden" type="submit" name="act" value="next" tabindex="-1" aria-hidden="true">{t!(l, "entry.next")}</button>
                <input type="hidden" name="token" value=self.sheet.token.clone() />
                <input type="hidden" name="scan_ref" value=self.sheet.scan.clone() />
                {form::error_summary(l, &self.errors, &labels)}
                {warnings::concerns(l, self)}
                {warnings::duplicates(l, self)}
                <div class="entry__columns" data-scan=self.scan.is_some().then_some("")>
                    {self.scan.as_ref().map(|scan| shown_scan(l, scan))}
                    {fields::fields(l, self)}
                </div>
            </form>
        }
        .into_any()
    }

    fn today(&self, l: Locale) -> AnyView {
        let shown = u64::try_from(self.today.len()).unwrap_or_default();
        let rows = self
            .today
            .iter()
            .map(|row| {
                view! {
                    <tr>
                        <th scope="row"><a class="mono" href=format!("/staff/proposals/{}", row.id)>{row.receipt.clone()}</a></th>
                        <td>{time(l, row.at)}</td>
                        <td>{wording::channel(l, row.channel)}</td>
                        <td>{badge(state_tone(row.intake), intake_state(l, row.intake))}</td>
                        <td>{row.excerpt.clone()}</td>
                    </tr>
                }
            })
            .collect_view();
        let table = view! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t!(l, "entry.receipt")}</th>
                        <th scope="col">{t!(l, "entry.entered_at")}</th>
                        <th scope="col">{t!(l, "entry.channel")}</th>
                        <th scope="col">{t!(l, "entry.intake")}</th>
                        <th scope="col">{t!(l, "entry.body")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        };
        view! {
            <section class="entry-today" id="today">
                <h2>{t!(l, "entry.today")}</h2>
                <p>{t!(l, "entry.today_count", n = self.today_count)}</p>
                {(shown > 0).then(|| scroll(t!(l, "entry.today").into_owned(), table.into_any()))}
                {(self.today_count > shown).then(|| view! { <p class="muted">{t!(l, "entry.today_more", n = shown)}</p> })}
            </section>
        }
        .into_any()
    }
}

fn state_tone(state: IntakeState) -> &'static str {
    match state {
        IntakeState::Accepted => "open",
        IntakeState::Unread => "draft",
        IntakeState::AwaitingCorrection => "review",
        IntakeState::OutOfScope | IntakeState::Late | IntakeState::Duplicate => "neutral",
    }
}

/// The number to write on the sheet, and what the rules made of it.
fn just_recorded(l: Locale, recorded: &Recorded) -> AnyView {
    let day = recorded.received_on.map(|day| format::day(l, day)).unwrap_or_default();
    let facts = t!(
        l,
        "entry.recorded_facts",
        channel = wording::channel(l, recorded.channel),
        day = day,
        state = intake_state(l, recorded.intake)
    )
    .into_owned();
    let body = view! {
        <div class="receipt entry__receipt">
            <p class="receipt__label">{t!(l, "entry.receipt")}</p>
            <p class="receipt__number">{recorded.receipt.clone()}</p>
            <p class="receipt__help">{facts}</p>
        </div>
        <p class="entry__help">{t!(l, "entry.recorded_help")}</p>
        {(recorded.intake == IntakeState::Late).then(|| view! { <p>{t!(l, "entry.recorded_late")}</p> })}
        {recorded.no_reply.then(|| view! { <p>{t!(l, "entry.recorded_no_reply")}</p> })}
        {(recorded.same_text > 0).then(|| view! { <p>{t!(l, "entry.recorded_same", n = recorded.same_text)}</p> })}
        <p class="entry__help"><a href=format!("/staff/proposals/{}", recorded.id)>{t!(l, "entry.see")}</a></p>
    };
    let kind = if recorded.intake == IntakeState::Late { "warning" } else { "success" };
    notice(kind, t!(l, "entry.recorded").into_owned(), body.into_any())
}

/// The scan beside the form: a picture as it is, a PDF in the browser's own viewer.
fn shown_scan(l: Locale, scan: &Scan) -> AnyView {
    let name = scan.file_name.clone();
    let shown = match scan.picture {
        Some((width, height)) => view! {
            <img class="entry__picture" src=scan.href.clone() alt=t!(l, "entry.scan_alt") width=width height=height />
        }
        .into_any(),
        None => view! {
            <iframe class="entry__pdf" src=scan.href.clone() title=t!(l, "entry.scan_alt")></iframe>
        }
        .into_any(),
    };
    view! {
        <section class="entry__scan" aria-label=t!(l, "entry.scan")>
            <p><a href=scan.href.clone() target="_blank" rel="noopener">{t!(l, "entry.scan_open", name = name)}</a></p>
            {shown}
        </section>
    }
    .into_any()
}
