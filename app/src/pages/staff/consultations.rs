//! The themes in the console: the list, and the overview of one theme.

use domain::{ConsultationKind, FieldErrors, Locale, Millis, Phase, consultation::Period};
use leptos::prelude::*;

use super::{StaffTab, ThemeTab, filter_select, frame, head, scroll, theme_tabs, timeline::PeriodCheck};
use crate::{
    components::{empty, form, kind_badge, notice, phase_badge, time},
    format,
    shell::{Head, Page, PageContext},
    wording,
};

/// A theme in a table of the console.
#[derive(Clone, Debug)]
pub struct ThemeRow {
    /// Its id.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: ConsultationKind,
    /// The owning department.
    pub department: String,
    /// Where it stands.
    pub phase: Phase,
    /// When it takes opinions.
    pub period: Period,
    /// How many opinions are shown.
    pub proposals: i64,
}

/// Themes as a table.
pub(super) fn theme_table(l: Locale, label: String, rows: Vec<ThemeRow>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row"><a href=format!("/staff/consultations/{}", row.id)>{row.title}</a></th>
                    <td>{phase_badge(l, row.phase)}</td>
                    <td>{wording::kind(l, row.kind)}</td>
                    <td>{row.department}</td>
                    <td>{format::period(l, row.period)}</td>
                    <td data-align="end">{t!(l, "consultation.count", n = row.proposals)}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t!(l, "staff.theme")}</th>
                    <th scope="col">{t!(l, "consultations.phase")}</th>
                    <th scope="col">{t!(l, "consultations.kind")}</th>
                    <th scope="col">{t!(l, "consultation.department")}</th>
                    <th scope="col">{t!(l, "consultation.period")}</th>
                    <th scope="col" data-align="end">{t!(l, "staff.opinions")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scroll(label, table.into_any())
}

/// `/staff/consultations`
#[derive(Debug)]
pub struct ThemeIndex {
    /// The themes that fit, the latest first.
    pub rows: Vec<ThemeRow>,
    /// Departments to choose from.
    pub departments: Vec<(i64, String)>,
    /// The chosen department; `None` for all of them.
    pub department: Option<i64>,
    /// The chosen phase.
    pub phase: Option<Phase>,
    /// Whether this person may make themes.
    pub may_create: bool,
}

impl Page for ThemeIndex {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "staff.themes").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let count = self.rows.len();
        let mut departments = vec![("all".to_owned(), t!(l, "list.any").into_owned())];
        departments.extend(self.departments.into_iter().map(|(id, name)| (id.to_string(), name)));
        let department = self.department.map_or_else(|| "all".to_owned(), |id| id.to_string());
        let phases = Phase::ALL.into_iter().map(|p| (p.code().to_owned(), wording::phase(l, p))).collect();
        let list = if self.rows.is_empty() {
            empty(t!(l, "staff.no_themes").into_owned(), None)
        } else {
            theme_table(l, t!(l, "staff.themes").into_owned(), self.rows)
        };
        let body = view! {
            <h1 class="page__title">{t!(l, "staff.themes")}</h1>
            {self.may_create.then(|| view! { <p><a class="button" data-variant="solid" data-size="md" href="/staff/consultations/new">{t!(l, "staff.new_theme")}</a></p> })}
            <form class="filters" method="get" action="/staff/consultations" aria-label=t!(l, "list.filter")>
                {filter_select("department", t!(l, "consultation.department").into_owned(), None, &department, departments)}
                {filter_select("phase", t!(l, "consultations.phase").into_owned(), Some(t!(l, "list.any").into_owned()), self.phase.map(Phase::code).unwrap_or_default(), phases)}
                <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "list.apply")}</button>
            </form>
            <h2 class="visually-hidden">{t!(l, "list.results")}</h2>
            <p class="result-count">{t!(l, "consultations.found", n = count)}</p>
            {list}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

/// What was typed into the small forms of the overview.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The day of publication.
    pub at_date: String,
    /// The time of publication.
    pub at_time: String,
    /// The words for the picture.
    pub cover_alt: String,
    /// The day from which progress is reported.
    pub progress_on: String,
}

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The text was saved.
    Saved,
    /// It was published, or a time was set.
    Published,
    /// It was taken back.
    Unpublished,
    /// The picture was saved.
    Cover,
    /// The period was made longer.
    Extended,
    /// The day from which progress is reported was saved.
    Progress,
}

impl Done {
    /// Reads the value in the URL.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "saved" => Some(Self::Saved),
            "published" => Some(Self::Published),
            "unpublished" => Some(Self::Unpublished),
            "cover" => Some(Self::Cover),
            "extended" => Some(Self::Extended),
            "progress" => Some(Self::Progress),
            _ => None,
        }
    }

    fn notice(self, l: Locale, phase: Phase) -> AnyView {
        let (title, text) = match self {
            Self::Saved if phase.is_public() => (t!(l, "staff.saved"), Some(t!(l, "staff.saved_public"))),
            Self::Saved => (t!(l, "staff.saved"), Some(t!(l, "staff.saved_draft"))),
            Self::Published if phase == Phase::Scheduled => (t!(l, "staff.scheduled"), None),
            Self::Published => (t!(l, "staff.published"), None),
            Self::Unpublished => (t!(l, "staff.unpublished"), None),
            Self::Cover => (t!(l, "staff.cover_saved"), None),
            Self::Extended => (t!(l, "timeline.extended"), None),
            Self::Progress => (t!(l, "timeline.progress_saved"), None),
        };
        notice("success", title.into_owned(), text.map(|t| view! { <p>{t}</p> }).into_any())
    }
}

/// `/staff/consultations/{id}`: a theme's state and everything beside its text.
#[derive(Debug)]
pub struct ThemeOverview {
    /// Its id.
    pub id: i64,
    /// Its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: ConsultationKind,
    /// Where it stands.
    pub phase: Phase,
    /// When it takes opinions.
    pub period: Period,
    /// The owning department.
    pub department: String,
    /// When it is or was made public.
    pub publish_at: Option<Millis>,
    /// How many opinions were sent, shown or not.
    pub proposals: u64,
    /// Path and alternative text of the picture.
    pub cover: Option<(String, String)>,
    /// The titles of its documents.
    pub documents: Vec<String>,
    /// Whether this person may change it.
    pub may_write: bool,
    /// Whether this person may read every post.
    pub may_read: bool,
    /// Submissions nobody has looked at yet.
    pub unread: i64,
    /// What was done a moment ago.
    pub done: Option<Done>,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Whether the time of publication is over already.
    pub past: bool,
    /// How the dates of a public comment stand to its rules.
    pub check: Option<PeriodCheck>,
    /// Id and title of the theme it came from.
    pub origin: Option<(i64, String)>,
    /// Ids and titles of the themes that take it up.
    pub successors: Vec<(i64, String)>,
}

impl Page for ThemeOverview {
    fn head(&self, _: &PageContext) -> Head {
        head(self.title.clone())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let labels = [
            ("at_date", t!(l, "staff.at_date").into_owned()),
            ("at_time", t!(l, "staff.at_time").into_owned()),
            ("cover", t!(l, "staff.cover_file").into_owned()),
            ("cover_alt", t!(l, "staff.cover_alt").into_owned()),
            ("progress_on", t!(l, "timeline.progress_on").into_owned()),
        ];
        let past = self.past.then(|| {
            notice(
                "error",
                t!(l, "form.summary").into_owned(),
                view! { <p><a href="#f-at_date">{t!(l, "staff.at_past")}</a></p> }.into_any(),
            )
        });
        let body = view! {
            {self.done.map(|done| done.notice(l, self.phase))}
            <p class="cluster">{phase_badge(l, self.phase)}{kind_badge(l, self.kind)}</p>
            <h1 class="page__title">{self.title.clone()}</h1>
            {self.may_read.then(|| theme_tabs(cx, self.id, ThemeTab::Overview))}
            {form::error_summary(l, &self.errors, &labels)}
            {past}
            {self.check(l)}
            {self.status(l)}
            {(!self.may_write).then(|| view! { <p class="muted">{t!(l, "staff.read_only")}</p> })}
            {self.facts(l)}
            {self.links(l)}
            {self.may_write.then(|| self.publication(l))}
            {self.related(l)}
            {(self.may_write && self.phase.has_result()).then(|| self.progress(l))}
            {self.cover(l)}
            {self.documents(l)}
            {self.may_write.then(|| self.copy(l))}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl ThemeOverview {
    fn path(&self, action: &str) -> String {
        format!("/staff/consultations/{}/{action}", self.id)
    }

    /// How the dates stand to the rules, while it is not public yet.
    fn check(&self, l: Locale) -> Option<AnyView> {
        let edit = self.may_write.then(|| self.path("edit"));
        self.check.as_ref().filter(|_| !self.phase.is_public()).map(|check| check.view(l, edit))
    }

    fn related(&self, l: Locale) -> Option<AnyView> {
        let row = |label: std::borrow::Cow<'static, str>, (id, title): (i64, String)| {
            view! { <div><dt>{label}</dt><dd><a href=format!("/staff/consultations/{id}")>{title}</a></dd></div> }
        };
        let origin = self.origin.clone().map(|theme| row(t!(l, "timeline.links_origin"), theme));
        let successors = self.successors.iter().cloned();
        let after = successors.map(|theme| row(t!(l, "timeline.links_successor"), theme)).collect_view();
        (self.origin.is_some() || !self.successors.is_empty()).then(|| {
            view! {
                <section class="panel">
                    <h2 class="panel__title">{t!(l, "timeline.links_title")}</h2>
                    <dl class="facts">{origin}{after}</dl>
                </section>
            }
            .into_any()
        })
    }

    fn progress(&self, l: Locale) -> AnyView {
        let day =
            form::Field::new(l, &self.errors, "progress_on", t!(l, "timeline.progress_on"), &self.typed.progress_on)
                .help(t!(l, "timeline.progress_on_help"));
        view! {
            <section class="panel">
                <h2 class="panel__title">{t!(l, "timeline.progress_title")}</h2>
                <p>{t!(l, "timeline.progress_text")}</p>
                <form class="form" method="post" action=self.path("progress") novalidate>
                    {form::input(l, &day, form::Input { autocomplete: "off", ..form::Input::default() })}
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "timeline.progress_save")}</button>
                </form>
            </section>
        }
        .into_any()
    }

    fn copy(&self, l: Locale) -> AnyView {
        view! {
            <section class="panel">
                <h2 class="panel__title">{t!(l, "timeline.clone")}</h2>
                <p>{t!(l, "timeline.clone_text")}</p>
                <form method="post" action=self.path("clone")>
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "timeline.clone")}</button>
                </form>
            </section>
        }
        .into_any()
    }

    fn status(&self, l: Locale) -> AnyView {
        let at = self.publish_at.map(|at| format::date_time(l, at)).unwrap_or_default();
        let (state, text) = match self.phase {
            Phase::Draft => ("draft", t!(l, "staff.status_draft")),
            Phase::Scheduled => ("review", t!(l, "staff.status_scheduled", at = at)),
            _ => ("published", t!(l, "staff.status_public", at = at)),
        };
        view! { <p class="status-line" data-state=state>{text}</p> }.into_any()
    }

    fn facts(&self, l: Locale) -> AnyView {
        view! {
            <dl class="facts">
                <div><dt>{t!(l, "consultation.period")}</dt><dd>{format::period(l, self.period)}</dd></div>
                <div><dt>{t!(l, "consultation.department")}</dt><dd>{self.department.clone()}</dd></div>
                <div><dt>{t!(l, "staff.opinions")}</dt><dd>{t!(l, "consultation.count", n = self.proposals)}</dd></div>
                {self.publish_at.map(|at| view! { <div><dt>{t!(l, "staff.publish_at")}</dt><dd>{time(l, at)}</dd></div> })}
            </dl>
        }
        .into_any()
    }

    fn links(&self, l: Locale) -> AnyView {
        let public = self.phase.is_public();
        let (href, text) = if public {
            (format!("/consultations/{}", self.slug), t!(l, "staff.public_page"))
        } else {
            (self.path("preview"), t!(l, "staff.preview"))
        };
        view! {
            <p class="button-row">
                <a class="button" data-variant="outline" data-size="md" href=href>{text}</a>
                {(self.may_write && matches!(self.phase, Phase::Coming | Phase::Open | Phase::UnderReview)).then(|| view! {
                    <a class="button" data-variant="outline" data-size="md" href=self.path("extension")>{t!(l, "timeline.extension")}</a>
                })}
                {self.may_read.then(|| view! {
                    <a class="button" data-variant="outline" data-size="md" href=self.path("intake?state=unread")>{t!(l, "intake.unread_link", n = self.unread)}</a>
                    <a class="button" data-variant="outline" data-size="md" href=self.path("proposals")>{t!(l, "staff.see_posts")}</a>
                    <a class="button" data-variant="outline" data-size="md" href=self.path("responses")>{t!(l, "staff.open_desk")}</a>
                })}
                {(public && !self.kind.shows_proposals()).then(|| view! {
                    <a class="button" data-variant="outline" data-size="md" href=format!("/consultations/{}/paper-form", self.slug)>{t!(l, "paper.form_title")}</a>
                })}
                <a class="button" data-variant="outline" data-size="md" href=self.path("poster")>{t!(l, "paper.poster")}</a>
            </p>
        }
        .into_any()
    }

    fn publication(&self, l: Locale) -> AnyView {
        let content = if self.phase.is_public() { self.taking_back(l) } else { self.publishing(l) };
        view! { <section class="panel"><h2 class="panel__title">{t!(l, "staff.publication")}</h2>{content}</section> }
            .into_any()
    }

    fn publishing(&self, l: Locale) -> AnyView {
        let mut date = form::Field::new(l, &self.errors, "at_date", t!(l, "staff.at_date"), &self.typed.at_date)
            .required()
            .help(t!(l, "staff.at_date_help"));
        if self.past {
            date.problem = Some(t!(l, "staff.at_past").into_owned());
        }
        let at = form::Field::new(l, &self.errors, "at_time", t!(l, "staff.at_time"), &self.typed.at_time)
            .required()
            .help(t!(l, "staff.at_time_help"));
        let off = form::Input { autocomplete: "off", ..form::Input::default() };
        let cancel = (self.phase == Phase::Scheduled).then(|| {
            view! {
                <form method="post" action=self.path("unpublish")>
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "staff.unschedule")}</button>
                </form>
            }
        });
        view! {
            <p>{t!(l, "staff.publish_text")}</p>
            <form method="post" action=self.path("publish")>
                <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "staff.publish_now")}</button>
            </form>
            {cancel}
            <form class="form" method="post" action=self.path("publish") novalidate>
                <h3>{t!(l, "staff.publish_later")}</h3>
                {form::input(l, &date, off)}
                {form::input(l, &at, off)}
                <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "staff.publish_schedule")}</button>
            </form>
        }
        .into_any()
    }

    fn taking_back(&self, l: Locale) -> AnyView {
        if self.proposals > 0 {
            return view! { <p>{t!(l, "staff.unpublish_not", n = self.proposals)}</p> }.into_any();
        }
        view! {
            <p>{t!(l, "staff.unpublish_text")}</p>
            <form method="post" action=self.path("unpublish")>
                <button class="button" data-variant="danger" data-size="md" type="submit">{t!(l, "staff.unpublish")}</button>
            </form>
        }
        .into_any()
    }

    fn cover(&self, l: Locale) -> AnyView {
        let picture = match self.cover.clone() {
            Some((src, alt)) => {
                let words = t!(l, "staff.cover_alt_now", alt = alt).into_owned();
                view! { <img class="theme__cover" src=src alt=alt width="1200" height="675" /><p>{words}</p> }
                    .into_any()
            }
            None => view! { <p>{t!(l, "staff.cover_none")}</p> }.into_any(),
        };
        let upload = self.may_write.then(|| {
            let mut file = form::Field::new(l, &self.errors, "cover", t!(l, "staff.cover_file"), "").help(t!(l, "staff.cover_help"));
            file.required = self.cover.is_none();
            let alt = form::Field::new(l, &self.errors, "cover_alt", t!(l, "staff.cover_alt"), &self.typed.cover_alt)
                .required()
                .help(t!(l, "staff.cover_alt_help"));
            view! {
                <form class="form" method="post" action=self.path("cover") enctype="multipart/form-data" novalidate>
                    // The words come first: they are read even when the file turns out to be too large.
                    {form::input(l, &alt, form::Input { autocomplete: "off", ..form::Input::default() })}
                    {form::input(l, &file, form::Input { kind: "file", ..form::Input::default() })}
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "staff.cover_save")}</button>
                </form>
            }
        });
        view! { <section class="panel"><h2 class="panel__title">{t!(l, "staff.cover")}</h2>{picture}{upload}</section> }
            .into_any()
    }

    fn documents(&self, l: Locale) -> AnyView {
        let list = if self.documents.is_empty() {
            view! { <p>{t!(l, "document.none")}</p> }.into_any()
        } else {
            let items = self.documents.iter().map(|title| view! { <li>{title.clone()}</li> }).collect_view();
            view! { <ul class="plain-list">{items}</ul> }.into_any()
        };
        let text = if self.may_write { t!(l, "document.manage") } else { t!(l, "document.look") };
        view! {
            <section class="panel">
                <h2 class="panel__title">{t!(l, "consultation.documents")}</h2>
                {list}
                <p><a class="button" data-variant="outline" data-size="md" href=self.path("documents")>{text}</a></p>
            </section>
        }
        .into_any()
    }
}
