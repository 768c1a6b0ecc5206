//! Who sent a submission: opened for a reason, exported for a reason. Others meet none of this.

use domain::{FieldErrors, Locale, identity::Identity};
use leptos::prelude::*;

use super::{StaffTab, ThemeTab, frame, head, theme_tabs};
use crate::{
    components::{breadcrumb, form, notice},
    format,
    shell::{Head, Page, PageContext},
    wording,
};

/// Least characters of a reason, for hints.
pub const REASON_MIN: usize = 4;

/// A ready-made reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Something has to be corrected.
    Correction,
    /// It may have been sent twice.
    Duplicate,
    /// The sender asked.
    Inquiry,
    /// Whether the sender is eligible.
    Eligibility,
}

impl Preset {
    /// Every ready-made reason.
    pub const ALL: [Self; 4] = [Self::Correction, Self::Duplicate, Self::Inquiry, Self::Eligibility];

    /// The value in the form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Duplicate => "duplicate",
            Self::Inquiry => "inquiry",
            Self::Eligibility => "eligibility",
        }
    }

    /// The words that stand in the log.
    #[must_use]
    pub fn words(self, l: Locale) -> String {
        match self {
            Self::Correction => t!(l, "intake.identity.preset_correction"),
            Self::Duplicate => t!(l, "intake.identity.preset_duplicate"),
            Self::Inquiry => t!(l, "intake.identity.preset_inquiry"),
            Self::Eligibility => t!(l, "intake.identity.preset_eligibility"),
        }
        .into_owned()
    }
}

/// The whole reason: the ready-made one, then the person's own words.
#[must_use]
pub fn whole_reason(l: Locale, preset: &str, own: &str) -> String {
    let preset = Preset::ALL.into_iter().find(|p| p.code() == preset).map(|p| p.words(l)).unwrap_or_default();
    format!("{preset} {}", own.trim()).trim().to_owned()
}

/// The form that asks for a reason.
fn reason_form(
    l: Locale,
    action: &str,
    button: String,
    (preset, reason): (&str, &str),
    errors: &FieldErrors,
) -> AnyView {
    let none = FieldErrors::new();
    let presets = std::iter::once((String::new(), t!(l, "intake.identity.preset_none").into_owned()))
        .chain(Preset::ALL.into_iter().map(|p| (p.code().to_owned(), p.words(l))))
        .collect();
    let preset = form::Field::new(l, &none, "preset", t!(l, "intake.identity.preset"), preset);
    let problem = errors.of("reason").map(|p| wording::problem(l, p));
    let (help, error) = ("h-identity-reason", "e-identity-reason");
    let described = if problem.is_some() { format!("{error} {help}") } else { help.to_owned() };
    let id = if problem.is_some() { "f-reason" } else { "f-identity-reason" };
    view! {
        <form class="form" method="post" action=action.to_owned() novalidate>
            {form::select(l, &preset, presets)}
            <div class="field">
                <label class="field__label" for=id>{t!(l, "intake.identity.reason")}</label>
                <p class="field__help" id=help>{t!(l, "intake.identity.reason_help", min = REASON_MIN)}</p>
                {problem.clone().map(|problem| view! { <p class="field__error" id=error><span class="visually-hidden">{t!(l, "form.error")}</span>{problem}</p> })}
                <input class="input" type="text" id=id name="reason" value=reason.to_owned() aria-invalid=problem.map(|_| "true") aria-describedby=described />
            </div>
            <button class="button" data-variant="solid" data-size="md" type="submit">{button}</button>
        </form>
    }
    .into_any()
}

/// The part of a submission's page that leads to its sender.
#[must_use]
pub fn panel(l: Locale, action: &str, preset: &str) -> AnyView {
    view! {
        <section class="panel" id="identity">
            <h2 class="panel__title">{t!(l, "intake.identity.title")}</h2>
            <p>{t!(l, "intake.identity.lead")}</p>
            <details class="disclosure">
                <summary>{t!(l, "intake.identity.open")}</summary>
                <div>{reason_form(l, action, t!(l, "intake.identity.open").into_owned(), (preset, ""), &FieldErrors::new())}</div>
            </details>
        </section>
    }
    .into_any()
}

/// What is asked before an identity is opened or exported, with what was wrong with the reason.
#[derive(Debug)]
pub struct Gate {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// The submission and its receipt number; `None` for the export of the theme.
    pub proposal: Option<(i64, String)>,
    /// The chosen ready-made reason.
    pub preset: String,
    /// The person's own words.
    pub reason: String,
    /// What is wrong with them.
    pub errors: FieldErrors,
}

impl Gate {
    fn title(&self, l: Locale) -> String {
        match &self.proposal {
            Some((_, number)) => t!(l, "intake.identity.title_of", number = number),
            None => t!(l, "intake.identity.export_title"),
        }
        .into_owned()
    }
}

impl Page for Gate {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title = self.title(l);
        head(if self.errors.is_empty() { title } else { t!(l, "form.error_title", title = title).into_owned() })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let title = self.title(l);
        let queue = format!("/staff/consultations/{}/intake", self.theme.0);
        let mut trail = vec![(queue.clone(), t!(l, "intake.title_of", theme = self.theme.1).into_owned())];
        let labels = [("reason", t!(l, "intake.identity.reason").into_owned())];
        let (action, button, lead, back) = match &self.proposal {
            Some((id, number)) => {
                let page = format!("/staff/proposals/{id}");
                trail.push((page.clone(), number.clone()));
                let action = format!("{page}/identity");
                (
                    action,
                    t!(l, "intake.identity.open"),
                    t!(l, "intake.identity.lead"),
                    (page, t!(l, "intake.identity.back")),
                )
            }
            None => (
                format!("/staff/consultations/{}/identities", self.theme.0),
                t!(l, "intake.identity.export"),
                t!(l, "intake.identity.export_lead"),
                (queue, t!(l, "intake.identity.back_to_list")),
            ),
        };
        let body = view! {
            {breadcrumb(l, trail, title.clone())}
            <h1 class="page__title">{title}</h1>
            {theme_tabs(cx, self.theme.0, ThemeTab::Intake)}
            {form::error_summary(l, &self.errors, &labels)}
            <p>{lead}</p>
            {reason_form(l, &action, button.into_owned(), (&self.preset, &self.reason), &self.errors)}
            <p><a href=back.0>{back.1}</a></p>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

/// The words for a field of an identity.
fn field(l: Locale, name: &str) -> String {
    match name {
        "name" => t!(l, "intake.identity.name"),
        "kana" => t!(l, "intake.identity.kana"),
        "address" => t!(l, "intake.identity.address"),
        "phone" => t!(l, "intake.identity.phone"),
        "email" => t!(l, "intake.identity.email"),
        "organisation" => t!(l, "intake.identity.organisation"),
        "representative" => t!(l, "intake.identity.representative"),
        "workplace" => t!(l, "intake.identity.workplace"),
        "school" => t!(l, "intake.identity.school"),
        _ => t!(l, "intake.identity.interest"),
    }
    .into_owned()
}

/// The first record of the export.
#[must_use]
pub fn export_header(l: Locale) -> Vec<String> {
    let about = [
        t!(l, "intake.identity.receipt"),
        t!(l, "intake.identity.received_on"),
        t!(l, "intake.identity.channel"),
        t!(l, "intake.identity.eligibility"),
        t!(l, "intake.identity.state"),
    ];
    let person = Identity::default();
    let person = person.fields().map(|(name, _)| field(l, name));
    about.into_iter().map(std::borrow::Cow::into_owned).chain(person).collect()
}

/// A scan of a letter.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The id of the attachment.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
}

/// `POST /staff/proposals/{id}/identity`: who sent it.
#[derive(Debug)]
pub struct IdentityPage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// The submission and its receipt number.
    pub proposal: (i64, String),
    /// Why it was opened, as it stands in the log.
    pub reason: String,
    /// What is known.
    pub identity: Option<Identity>,
    /// The mail address of the account.
    pub account_email: Option<String>,
    /// Scans of the letter.
    pub scans: Vec<Scan>,
}

impl Page for IdentityPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "intake.identity.title_of", number = self.proposal.1).into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let (id, number) = self.proposal.clone();
        let title = t!(l, "intake.identity.title_of", number = number).into_owned();
        let queue = format!("/staff/consultations/{}/intake", self.theme.0);
        let page = format!("/staff/proposals/{id}");
        let trail = vec![(queue, t!(l, "intake.title_of", theme = self.theme.1).into_owned()), (page.clone(), number)];
        let body = view! {
            {breadcrumb(l, trail, title.clone())}
            <h1 class="page__title">{title}</h1>
            <p class="page__lead">{t!(l, "intake.identity.shown_for", reason = self.reason)}</p>
            {self.fields(l)}
            {self.scan_list(l)}
            <p><a class="button" data-variant="outline" data-size="md" href=page>{t!(l, "intake.identity.back")}</a></p>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl IdentityPage {
    fn fields(&self, l: Locale) -> AnyView {
        let identity = self.identity.clone().unwrap_or_default();
        let known: Vec<(String, String)> = identity
            .fields()
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (field(l, name), value.to_owned()))
            .chain(self.account_email.clone().map(|email| (t!(l, "intake.identity.account_email").into_owned(), email)))
            .collect();
        if known.is_empty() {
            return notice("info", t!(l, "intake.identity.none").into_owned(), ().into_any());
        }
        let rows = known
            .into_iter()
            .map(|(label, value)| view! { <div><dt>{label}</dt><dd><bdi>{value}</bdi></dd></div> })
            .collect_view();
        view! { <dl class="facts">{rows}</dl> }.into_any()
    }

    fn scan_list(&self, l: Locale) -> Option<AnyView> {
        (!self.scans.is_empty()).then(|| {
            let items = self
                .scans
                .iter()
                .map(|scan| {
                    let action = format!("/staff/proposals/{}/scans/{}", self.proposal.0, scan.id);
                    view! {
                        <li>
                            <form method="post" action=action target="_blank">
                                <input type="hidden" name="reason" value=self.reason.clone() />
                                <button class="button" data-variant="text" data-size="md" type="submit">{scan.name.clone()}</button>
                                " "<span class="document-list__meta">{format::size(scan.size)}</span>
                            </form>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <section>
                    <h2 class="section__title">{t!(l, "intake.identity.scans")}</h2>
                    <ul class="document-list">{items}</ul>
                </section>
            }
            .into_any()
        })
    }
}
