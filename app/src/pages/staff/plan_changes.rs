//! What opinions change in the draft (修正箇所).

use domain::{FieldErrors, Locale, similarity::differences};
use leptos::prelude::*;

use super::{DeskTab, StaffTab, desk_tabs, frame, groups::marked, head};
use crate::{
    components::{empty, form, notice},
    shell::{Head, Page, PageContext},
};

/// A change as it is listed.
#[derive(Clone, Debug)]
pub struct PlanChangeView {
    /// Its id.
    pub id: i64,
    /// Where in the draft.
    pub place: String,
    /// 修正前.
    pub before: String,
    /// 修正後.
    pub after: String,
    /// Why.
    pub reason: String,
    /// Names of the rows that caused it.
    pub rows: Vec<String>,
}

/// A paragraph that differs between the first and the newest version of the draft.
#[derive(Clone, Debug)]
pub struct VersionDifference {
    /// The heading it stands under.
    pub place: String,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
}

/// `/staff/consultations/{id}/plan-changes`
#[derive(Debug)]
pub struct PlanChangesPage {
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// The changes in order.
    pub changes: Vec<PlanChangeView>,
    /// What the versions of the draft say.
    pub versions: Vec<VersionDifference>,
    /// Whether this person may write.
    pub may_edit: bool,
    /// What was just done.
    pub done: Option<&'static str>,
}

impl Page for PlanChangesPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "plan_change.title_of", theme = self.theme).into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/plan-changes", self.id);
        let done = self.done.map(|key| {
            let title = if key == "deleted" { t!(l, "plan_change.deleted") } else { t!(l, "plan_change.saved") };
            notice("success", title.into_owned(), ().into_any())
        });
        let add = self.may_edit.then(|| {
            view! { <p><a class="button" data-variant="solid" data-size="md" href=format!("{base}/new")>{t!(l, "plan_change.add")}</a></p> }
        });
        let count = self.changes.len();
        let list = if self.changes.is_empty() {
            empty(t!(l, "plan_change.none").into_owned(), None)
        } else {
            let items = self
                .changes
                .iter()
                .enumerate()
                .map(|(i, c)| change(l, &base, i, count, c, self.may_edit))
                .collect_view();
            view! { <ol class="plan-changes">{items}</ol> }.into_any()
        };
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            <h1 class="page__title">{t!(l, "plan_change.title")}</h1>
            {desk_tabs(cx, self.id, DeskTab::PlanChanges)}
            {done}
            <p class="page__lead">{t!(l, "plan_change.lead")}</p>
            {add}
            {list}
            {versions(l, &base, &self.versions, self.may_edit)}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

/// Both texts in one, with what differs.
fn difference(l: Locale, before: &str, after: &str) -> AnyView {
    view! { <p class="plan-change__text" lang="ja">{marked(l, differences(before, after))}</p> }.into_any()
}

fn change(l: Locale, base: &str, index: usize, count: usize, c: &PlanChangeView, edit: bool) -> AnyView {
    let name = format!(" {}", c.place);
    let hidden = move || view! { <span class="visually-hidden">{name.clone()}</span> };
    let tools = edit.then(|| {
        view! {
            <div class="button-row">
                <a class="button" data-variant="outline" data-size="sm" href=format!("{base}/{}", c.id)>{t!(l, "plan_change.edit")}{hidden()}</a>
                <form class="cluster" method="post" action=format!("{base}/{}/move", c.id)>
                    {(index > 0).then(|| view! { <button class="button" data-variant="text" data-size="sm" type="submit" name="direction" value="up">{t!(l, "plan_change.up")}{hidden()}</button> })}
                    {(index + 1 < count).then(|| view! { <button class="button" data-variant="text" data-size="sm" type="submit" name="direction" value="down">{t!(l, "plan_change.down")}{hidden()}</button> })}
                </form>
            </div>
        }
    });
    view! {
        <li>
            <article class="plan-change" id=format!("change-{}", c.id)>
                <h2 class="plan-change__place" lang="ja">{c.place.clone()}</h2>
                <p class="muted">{t!(l, "plan_change.row_list", rows = c.rows.join("・"))}</p>
                <h3 class="plan-change__heading">{t!(l, "plan_change.difference")}</h3>
                {difference(l, &c.before, &c.after)}
                <h3 class="plan-change__heading">{t!(l, "plan_change.reason")}</h3>
                <p lang="ja">{c.reason.clone()}</p>
                {tools}
            </article>
        </li>
    }
    .into_any()
}

fn versions(l: Locale, base: &str, found: &[VersionDifference], edit: bool) -> Option<AnyView> {
    (!found.is_empty()).then(|| {
        let items = found
            .iter()
            .map(|d| {
                let kind = match (d.before.is_empty(), d.after.is_empty()) {
                    (true, _) => Some(t!(l, "plan_change.new_paragraph")),
                    (_, true) => Some(t!(l, "plan_change.gone_paragraph")),
                    _ => None,
                };
                let make = edit.then(|| {
                    view! {
                        <form method="post" action=format!("{base}/draft")>
                            <input type="hidden" name="place" value=d.place.clone() />
                            <input type="hidden" name="before" value=d.before.clone() />
                            <input type="hidden" name="after" value=d.after.clone() />
                            <button class="button" data-variant="outline" data-size="sm" type="submit">{t!(l, "plan_change.make")}</button>
                        </form>
                    }
                });
                view! {
                    <li class="plan-change">
                        <p class="muted" lang="ja">{d.place.clone()}" "{kind}</p>
                        {difference(l, &d.before, &d.after)}
                        {make}
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="panel">
                <h2>{t!(l, "plan_change.versions")}</h2>
                <p>{t!(l, "plan_change.versions_lead")}</p>
                <ul class="plan-changes">{items}</ul>
            </section>
        }
        .into_any()
    })
}

/// What was typed into the form of a change.
#[derive(Clone, Debug, Default)]
pub struct TypedPlanChange {
    /// Where.
    pub place: String,
    /// 修正前.
    pub before: String,
    /// 修正後.
    pub after: String,
    /// Why.
    pub reason: String,
    /// 「1-2、2-3」.
    pub rows: String,
    /// The version the page shows.
    pub version: i64,
}

/// `/staff/consultations/{id}/plan-changes/new` and `…/{change}`
#[derive(Debug)]
pub struct PlanChangeForm {
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// The change; `None` for a new one.
    pub change: Option<i64>,
    /// What was typed.
    pub typed: TypedPlanChange,
    /// What is wrong.
    pub errors: FieldErrors,
    /// What is saved now, when somebody else was first.
    pub newer: Option<TypedPlanChange>,
}

impl Page for PlanChangeForm {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title =
            if self.change.is_some() { t!(l, "plan_change.edit_title") } else { t!(l, "plan_change.new_title") };
        head(if self.errors.is_empty() {
            title.into_owned()
        } else {
            t!(l, "form.error_title", title = title).into_owned()
        })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/plan-changes", self.id);
        let (title, action) = match self.change {
            Some(id) => (t!(l, "plan_change.edit_title"), format!("{base}/{id}")),
            None => (t!(l, "plan_change.new_title"), format!("{base}/new")),
        };
        let labels = ["place", "before", "after", "reason", "rows"].map(|name| (name, label(l, name)));
        let field = |name: &'static str, value: &str| form::Field::new(l, &self.errors, name, label(l, name), value);
        let plain = form::Input { autocomplete: "off", ..form::Input::default() };
        let place = field("place", &self.typed.place).required().help(t!(l, "plan_change.place_help"));
        let before = field("before", &self.typed.before).help(t!(l, "plan_change.text_help"));
        let after = field("after", &self.typed.after);
        let reason = field("reason", &self.typed.reason).required();
        let rows = field("rows", &self.typed.rows).required().help(t!(l, "plan_change.rows_help"));
        let newer = self.newer.as_ref().map(|n| newer(l, n, &self.typed));
        let delete = self.change.map(|id| {
            view! {
                <details class="disclosure">
                    <summary>{t!(l, "plan_change.delete")}</summary>
                    <form method="post" action=format!("{base}/{id}/delete")>
                        <p>{t!(l, "plan_change.delete_ask")}</p>
                        <button class="button" data-variant="danger" data-size="sm" type="submit">{t!(l, "plan_change.delete")}</button>
                    </form>
                </details>
            }
        });
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            <h1 class="page__title">{title}</h1>
            {desk_tabs(cx, self.id, DeskTab::PlanChanges)}
            {form::error_summary(l, &self.errors, &labels)}
            {newer}
            <form class="form" method="post" action=action novalidate>
                <input type="hidden" name="version" value=self.typed.version.to_string() />
                {form::input(l, &place, plain)}
                {form::text_area(l, &before, 5)}
                {form::text_area(l, &after, 5)}
                {form::text_area(l, &reason, 4)}
                {form::input(l, &rows, plain)}
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "plan_change.save")}</button>
                    <a href=base.clone()>{t!(l, "plan_change.leave")}</a>
                </div>
            </form>
            {delete}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

fn label(l: Locale, name: &str) -> String {
    match name {
        "place" => t!(l, "plan_change.place"),
        "before" => t!(l, "plan_change.before"),
        "after" => t!(l, "plan_change.after"),
        "reason" => t!(l, "plan_change.reason"),
        _ => t!(l, "plan_change.rows"),
    }
    .into_owned()
}

/// What somebody else saved, against what was typed.
fn newer(l: Locale, saved: &TypedPlanChange, typed: &TypedPlanChange) -> AnyView {
    let pair = |name: &str, saved: &str, typed: &str| {
        (saved != typed).then(|| view! { <h3>{label(l, name)}</h3>{difference(l, saved, typed)} })
    };
    let text = view! {
        {pair("place", &saved.place, &typed.place)}
        {pair("before", &saved.before, &typed.before)}
        {pair("after", &saved.after, &typed.after)}
        {pair("reason", &saved.reason, &typed.reason)}
        {pair("rows", &saved.rows, &typed.rows)}
    };
    notice("warning", t!(l, "plan_change.stale").into_owned(), text.into_any())
}
