//! The console of the ward's staff: the frame of its pages and one module per page.

pub mod answers;
pub mod approval;
pub mod audit;
pub mod commitments;
pub mod consultations;
pub mod dashboard;
pub mod desk;
pub mod documents;
pub mod entry;
pub mod groups;
pub mod identity;
pub mod imports;
pub mod intake;
pub mod layouts;
pub mod moderation;
pub mod outputs;
pub mod phrases;
pub mod plan_changes;
pub mod routing;
pub mod settings;
pub mod theme_form;
pub mod timeline;
pub mod workflow;

use domain::{
    Locale, Role,
    permission::{SiteAction, site},
};
use leptos::prelude::*;

use crate::shell::{Head, PageContext, Width};

/// The parts of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffTab {
    /// What needs doing.
    Dashboard,
    /// The themes.
    Consultations,
    /// Rows given to a department.
    Board,
    /// Every post with its state.
    Moderation,
    /// Who did what.
    Audit,
    /// The ward's own rules.
    Settings,
}

impl StaffTab {
    const ALL: [Self; 6] =
        [Self::Dashboard, Self::Consultations, Self::Board, Self::Moderation, Self::Audit, Self::Settings];

    const fn href(self) -> &'static str {
        match self {
            Self::Dashboard => "/staff",
            Self::Consultations => "/staff/consultations",
            Self::Board => "/staff/board",
            Self::Moderation => "/staff/moderation",
            Self::Audit => "/staff/audit",
            Self::Settings => "/staff/settings",
        }
    }

    fn label(self, l: Locale) -> String {
        match self {
            Self::Dashboard => t!(l, "staff.dashboard"),
            Self::Consultations => t!(l, "staff.themes"),
            Self::Board => t!(l, "routing.board"),
            Self::Moderation => t!(l, "staff.moderation"),
            Self::Audit => t!(l, "staff.log"),
            Self::Settings => t!(l, "rules.settings"),
        }
        .into_owned()
    }

    fn open_to(self, role: Option<Role>) -> bool {
        match self {
            Self::Audit => site(role, SiteAction::ReadAudit),
            Self::Settings => site(role, SiteAction::EditSettings),
            _ => true,
        }
    }
}

fn role(cx: &PageContext) -> Option<Role> {
    cx.viewer.as_ref().map(|v| v.role)
}

/// The head of a page of the console.
#[must_use]
pub fn head(title: String) -> Head {
    Head { title, private: true, width: Width::Wide, ..Head::default() }
}

/// The frame of a page of the console: the menu with what this person may open, and the page beside it.
#[must_use]
pub fn frame(cx: &PageContext, current: StaffTab, body: AnyView) -> AnyView {
    let l = cx.locale;
    let items = StaffTab::ALL
        .into_iter()
        .filter(|tab| tab.open_to(role(cx)))
        .map(|tab| {
            let mark = (tab == current).then_some("page");
            view! { <li><a href=tab.href() aria-current=mark>{tab.label(l)}</a></li> }
        })
        .collect_view();
    view! {
        <div class="staff">
            <nav class="staff-nav" aria-label=t!(l, "staff.nav")><ul>{items}</ul></nav>
            <div class="staff__main">{body}</div>
        </div>
    }
    .into_any()
}

/// The pages of one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThemeTab {
    /// Its state, publication, picture and documents.
    Overview,
    /// Its text.
    Edit,
    /// Versions of its draft and other documents.
    Documents,
    /// What reached the ward, by every channel.
    Intake,
    /// Entering letters for others.
    Entry,
    /// Bringing in a table.
    Import,
    /// Same and nearly same texts.
    Groups,
    /// What is shown and hidden.
    Proposals,
    /// The response desk.
    Responses,
}

impl ThemeTab {
    const ALL: [Self; 9] = [
        Self::Overview,
        Self::Edit,
        Self::Documents,
        Self::Intake,
        Self::Entry,
        Self::Import,
        Self::Groups,
        Self::Proposals,
        Self::Responses,
    ];

    fn href(self, id: i64) -> String {
        match self {
            Self::Overview => format!("/staff/consultations/{id}"),
            Self::Edit => format!("/staff/consultations/{id}/edit"),
            Self::Documents => format!("/staff/consultations/{id}/documents"),
            Self::Intake => format!("/staff/consultations/{id}/intake"),
            Self::Entry => format!("/staff/consultations/{id}/entry"),
            Self::Import => format!("/staff/consultations/{id}/import"),
            Self::Groups => format!("/staff/consultations/{id}/groups"),
            Self::Proposals => format!("/staff/consultations/{id}/proposals"),
            Self::Responses => format!("/staff/consultations/{id}/responses"),
        }
    }

    const fn writes(self) -> bool {
        matches!(self, Self::Edit | Self::Documents | Self::Entry | Self::Import)
    }

    fn label(self, l: Locale) -> String {
        match self {
            Self::Overview => t!(l, "staff.tab_overview"),
            Self::Edit => t!(l, "staff.tab_edit"),
            Self::Documents => t!(l, "staff.tab_documents"),
            Self::Intake => t!(l, "staff.tab_intake"),
            Self::Entry => t!(l, "staff.tab_entry"),
            Self::Import => t!(l, "staff.tab_import"),
            Self::Groups => t!(l, "staff.tab_groups"),
            Self::Proposals => t!(l, "staff.tab_proposals"),
            Self::Responses => t!(l, "staff.tab_responses"),
        }
        .into_owned()
    }
}

/// The tabs of one theme, for those who may read its posts; an auditor isn't offered what writes.
#[must_use]
pub fn theme_tabs(cx: &PageContext, id: i64, current: ThemeTab) -> AnyView {
    let l = cx.locale;
    let items = ThemeTab::ALL
        .into_iter()
        .filter(|tab| !tab.writes() || role(cx) != Some(Role::Auditor))
        .map(|tab| {
            let (mark, variant) = if tab == current { (Some("page"), "solid") } else { (None, "outline") };
            view! { <li><a class="button" data-variant=variant data-size="sm" href=tab.href(id) aria-current=mark>{tab.label(l)}</a></li> }
        })
        .collect_view();
    view! { <nav aria-label=t!(l, "staff.tabs")><ul class="button-row">{items}</ul></nav> }.into_any()
}

/// A table that scrolls inside its own box when the screen is narrow.
pub(crate) fn scroll(label: String, table: AnyView) -> AnyView {
    view! { <div class="table-scroll" tabindex="0" role="region" aria-label=label>{table}</div> }.into_any()
}

/// A choice of a filter.
pub(crate) fn filter_select(
    name: &'static str,
    label: String,
    any: Option<String>,
    chosen: &str,
    options: Vec<(String, String)>,
) -> AnyView {
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect_view();
    view! {
        <div class="filters__field">
            <label class="field__label" for=format!("filter-{name}")>{label}</label>
            <select class="select" id=format!("filter-{name}") name=name>
                {any.map(|any| view! { <option value="">{any}</option> })}
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// The parts of the response desk of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskTab {
    /// Opinions and rows.
    Desk,
    /// Rows given to departments.
    Routing,
    /// What changes in the draft.
    PlanChanges,
    /// Promises.
    Commitments,
    /// Decision and publication.
    Approval,
    /// Texts to take away.
    Outputs,
    /// How the table is printed.
    Layout,
}

impl DeskTab {
    const ALL: [Self; 7] =
        [Self::Desk, Self::Routing, Self::PlanChanges, Self::Commitments, Self::Approval, Self::Outputs, Self::Layout];

    fn href(self, id: i64) -> String {
        let part = match self {
            Self::Desk => "responses",
            Self::Routing => "routing",
            Self::PlanChanges => "plan-changes",
            Self::Commitments => "commitments",
            Self::Approval => "approval",
            Self::Outputs => "outputs",
            Self::Layout => "layout",
        };
        format!("/staff/consultations/{id}/{part}")
    }

    fn label(self, l: Locale) -> String {
        match self {
            Self::Desk => t!(l, "staff.desk_tab"),
            Self::Routing => t!(l, "routing.title"),
            Self::PlanChanges => t!(l, "plan_change.title"),
            Self::Commitments => t!(l, "commitment.staff_title"),
            Self::Approval => t!(l, "staff.desk_approval"),
            Self::Outputs => t!(l, "staff.desk_outputs"),
            Self::Layout => t!(l, "staff.desk_layout"),
        }
        .into_owned()
    }
}

/// The tabs of a theme and, below them, the parts of its response desk.
#[must_use]
pub fn desk_tabs(cx: &PageContext, id: i64, current: DeskTab) -> AnyView {
    let l = cx.locale;
    // An auditor isn't offered what only writes.
    let auditor = role(cx) == Some(Role::Auditor);
    let tabs = DeskTab::ALL.into_iter().filter(|tab| !auditor || *tab != DeskTab::Layout);
    let parts: Vec<_> = tabs.map(|tab| (tab.href(id), tab.label(l), tab == current)).collect();
    view! { {theme_tabs(cx, id, ThemeTab::Responses)}{sub_tabs(t!(l, "staff.desk_parts").into_owned(), &parts)} }
        .into_any()
}

/// The settings of the ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsTab {
    /// 要綱.
    Rules,
    /// 様式.
    Layout,
    /// 対応区分.
    Dispositions,
    /// 決裁の手順.
    Workflow,
    /// 定型文.
    Phrases,
}

/// The parts of the settings.
#[must_use]
pub fn settings_tabs(cx: &PageContext, current: SettingsTab) -> AnyView {
    let l = cx.locale;
    let parts = [
        (SettingsTab::Rules, "/staff/settings", t!(l, "staff.settings_rules")),
        (SettingsTab::Layout, "/staff/settings/layout", t!(l, "staff.settings_layout")),
        (SettingsTab::Dispositions, "/staff/settings/dispositions", t!(l, "staff.settings_dispositions")),
        (SettingsTab::Workflow, "/staff/settings/workflow", t!(l, "staff.settings_workflow")),
        (SettingsTab::Phrases, "/staff/settings/phrases", t!(l, "staff.settings_phrases")),
    ]
    .map(|(tab, href, label)| (href.to_owned(), label.into_owned(), tab == current));
    sub_tabs(t!(l, "staff.settings_parts").into_owned(), &parts)
}

fn sub_tabs(label: String, parts: &[(String, String, bool)]) -> AnyView {
    let items = parts
        .iter()
        .map(|(href, text, current)| {
            let mark = current.then_some("page");
            view! { <li><a href=href.clone() aria-current=mark>{text.clone()}</a></li> }
        })
        .collect_view();
    view! { <nav class="sub-tabs" aria-label=label><ul>{items}</ul></nav> }.into_any()
}
