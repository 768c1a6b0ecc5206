//! What stands around the queue: filters, kept views, and the form that changes several at once.

use domain::{Channel, IntakeState, Locale, intake::UNKNOWN_ELIGIBILITY, rules::Eligibility};
use leptos::prelude::*;

use super::{Queue, eligibility, status};
use crate::{components::form, pages::staff::filter_select, wording};

/// Every status a list can be narrowed to.
fn statuses(l: Locale) -> Vec<(String, String)> {
    let hidden = ["hidden", "withdrawn"];
    let codes = IntakeState::ALL.into_iter().map(IntakeState::code).chain(hidden);
    codes.map(|code| (code.to_owned(), status(l, code))).collect()
}

/// A one-line field of the filters.
fn line(l: Locale, queue: &Queue, name: &'static str, label: String, value: &str, kind: &'static str) -> AnyView {
    let problem = queue.errors.of(name).map(|p| wording::problem(l, p));
    let problem = problem
        .or_else(|| (name == "number" && queue.number_wrong).then(|| t!(l, "intake.filter.number_wrong").into_owned()));
    let (id, error) = (format!("f-{name}"), format!("e-{name}"));
    let described = problem.as_ref().map(|_| error.clone());
    view! {
        <div class="filters__field">
            <label class="field__label" for=id.clone()>{label}</label>
            <input class="input" id=id name=name type=kind value=value.to_owned() aria-invalid=described.as_ref().map(|_| "true") aria-describedby=described />
            {problem.map(|problem| view! { <p class="field__error" id=error>{problem}</p> })}
        </div>
    }
    .into_any()
}

impl Queue {
    /// Everything that is wrong, on top of the page.
    pub(super) fn wrong(&self, l: Locale) -> Option<AnyView> {
        let labels = [
            ("from", t!(l, "intake.filter.from").into_owned()),
            ("to", t!(l, "intake.filter.to").into_owned()),
            ("ids", t!(l, "intake.bulk.scope").into_owned()),
            ("state", t!(l, "intake.bulk.state").into_owned()),
            ("department", t!(l, "intake.bulk.department").into_owned()),
            ("reason", t!(l, "intake.bulk.reason").into_owned()),
            ("name", t!(l, "intake.views.name").into_owned()),
        ];
        form::error_summary(l, &self.errors, &labels)
    }

    /// The filters.
    pub(super) fn filter_form(&self, l: Locale) -> AnyView {
        let f = &self.filters;
        let any = || Some(t!(l, "list.any").into_owned());
        let channels = Channel::ALL.into_iter().map(|c| (c.code().to_owned(), wording::channel(l, c))).collect();
        let eligible = Eligibility::ALL.iter().map(|e| e.code()).chain([UNKNOWN_ELIGIBILITY]);
        let eligible = eligible.map(|code| (code.to_owned(), eligibility(l, code))).collect();
        let departments = std::iter::once(("none".to_owned(), t!(l, "intake.filter.unassigned").into_owned()))
            .chain(self.departments.iter().map(|(id, name)| (id.to_string(), name.clone())))
            .collect();
        let orders = vec![("oldest".to_owned(), t!(l, "intake.filter.oldest").into_owned())];
        let days_wrong = self.errors.of("from").is_some() || self.errors.of("to").is_some();
        view! {
            <form class="filters" method="get" action=self.path() aria-label=t!(l, "list.filter")>
                {filter_select("state", t!(l, "intake.filter.state").into_owned(), any(), &f.state, statuses(l))}
                {filter_select("channel", t!(l, "intake.filter.channel").into_owned(), any(), &f.channel, channels)}
                {filter_select("eligibility", t!(l, "intake.filter.eligibility").into_owned(), any(), &f.eligibility, eligible)}
                {filter_select("department", t!(l, "intake.filter.department").into_owned(), any(), &f.department, departments)}
                {line(l, self, "from", t!(l, "intake.filter.from").into_owned(), &f.from, "text")}
                {line(l, self, "to", t!(l, "intake.filter.to").into_owned(), &f.to, "text")}
                {line(l, self, "number", t!(l, "intake.filter.number").into_owned(), &f.number, "text")}
                {line(l, self, "q", t!(l, "intake.filter.q").into_owned(), &f.q, "search")}
                {filter_select("order", t!(l, "intake.filter.order").into_owned(), Some(t!(l, "intake.filter.newest").into_owned()), &f.order, orders)}
                {self.links_kept()}
                <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "list.apply")}</button>
                <p class="intake__help">
                    {t!(l, "intake.filter.day_help")}" "
                    <a href=self.path()>{t!(l, "intake.filter.reset")}</a>
                </p>
                {days_wrong.then(|| view! { <p class="intake__help">{t!(l, "intake.filter.day_wrong")}</p> })}
                {self.link_notes(l)}
            </form>
        }
        .into_any()
    }

    /// What the queue is narrowed to by links from other pages: name, value, words.
    fn by_link(&self) -> [(&'static str, &String, &'static str); 4] {
        let f = &self.filters;
        [
            ("group", &f.group, "intake.filter.group"),
            ("import", &f.import, "intake.filter.import"),
            ("anchor", &f.anchor, "intake.filter.anchor"),
            ("page", &f.page, "intake.filter.page"),
        ]
    }

    fn links_kept(&self) -> AnyView {
        self.by_link()
            .into_iter()
            .filter(|(_, value, _)| !value.is_empty())
            .map(|(name, value, _)| view! { <input type="hidden" name=name value=value.clone() /> })
            .collect_view()
            .into_any()
    }

    fn link_notes(&self, l: Locale) -> AnyView {
        self.by_link()
            .into_iter()
            .filter(|(_, value, _)| !value.is_empty())
            .map(|(name, value, words)| {
                let own = format!("{name}=");
                let rest: Vec<&str> =
                    self.query.split('&').filter(|part| !part.is_empty() && !part.starts_with(&own)).collect();
                let href = format!("{}?{}", self.path(), rest.join("&"));
                let words = t!(l, words, value = value).into_owned();
                view! { <p class="intake__help">{words}" "<a href=href>{t!(l, "intake.filter.ungroup")}</a></p> }
            })
            .collect_view()
            .into_any()
    }

    /// Kept views, and the form that keeps one.
    pub(super) fn view_list(&self, l: Locale) -> AnyView {
        let path = self.path();
        let items = self
            .views
            .iter()
            .map(|view| {
                let href = format!("{path}?{}", view.query);
                let label = t!(l, "intake.views.delete_of", name = view.name).into_owned();
                view! {
                    <li class="cluster">
                        <a href=href>{view.name.clone()}</a>
                        <form method="post" action=format!("{path}/views/{}/delete", view.id)>
                            <button class="button" data-variant="text" data-size="sm" type="submit" aria-label=label>{t!(l, "intake.views.delete")}</button>
                        </form>
                    </li>
                }
            })
            .collect_view();
        let none = self.views.is_empty().then(|| view! { <p class="muted">{t!(l, "intake.views.none")}</p> });
        let name = form::Field::new(l, &self.errors, "name", t!(l, "intake.views.name"), &self.view_name)
            .required()
            .help(t!(l, "intake.views.name_help"));
        let open = self.errors.of("name").is_some();
        view! {
            <section class="intake__views">
                <h2 class="intake__title">{t!(l, "intake.views.title")}</h2>
                {none}
                <ul class="cluster">{items}</ul>
                <details class="disclosure" open=open>
                    <summary>{t!(l, "intake.views.save")}</summary>
                    <form class="form" method="post" action=format!("{path}/views") novalidate>
                        <input type="hidden" name="query" value=self.query.clone() />
                        {form::input(l, &name, form::Input::default())}
                        <button class="button" data-variant="outline" data-size="sm" type="submit">{t!(l, "intake.views.save")}</button>
                    </form>
                </details>
            </section>
        }
        .into_any()
    }

    /// What can be done to several at once; the buttons say what.
    pub(super) fn bulk_form(&self, l: Locale) -> Option<AnyView> {
        if !self.may_act {
            return None;
        }
        let field = |name: &'static str, label: std::borrow::Cow<'static, str>, value: &str| {
            form::Field::new(l, &self.errors, name, label, value)
        };
        let states =
            std::iter::once((String::new(), t!(l, "staff.form.choose").into_owned())).chain(settable(l)).collect();
        let departments = std::iter::once((String::new(), t!(l, "staff.form.choose").into_owned()))
            .chain(self.departments.iter().map(|(id, name)| (id.to_string(), name.clone())))
            .collect();
        let state = field("state", t!(l, "intake.bulk.state"), &self.bulk.state);
        let department = field("department", t!(l, "intake.bulk.department"), &self.bulk.department);
        let reason =
            field("reason", t!(l, "intake.bulk.reason"), &self.bulk.reason).help(t!(l, "intake.bulk.reason_help"));
        let button = |act: &'static str, label: std::borrow::Cow<'static, str>| {
            view! { <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value=act>{label}</button> }
        };
        Some(
            view! {
                <section class="panel intake__bulk">
                    <h2 class="panel__title">{t!(l, "intake.bulk.title")}</h2>
                    <input type="hidden" name="query" value=self.query.clone() />
                    {self.scope(l)}
                    <div class="intake__tools">
                        <div class="intake__tool">
                            {form::select(l, &state, states)}
                            {form::input(l, &reason, form::Input::default())}
                            {button("state", t!(l, "intake.bulk.set_state"))}
                        </div>
                        <div class="intake__tool">
                            {form::select(l, &department, departments)}
                            <div class="cluster">
                                {button("assign", t!(l, "intake.bulk.assign"))}
                                {button("unassign", t!(l, "intake.bulk.unassign"))}
                            </div>
                            <div class="cluster">
                                {button("approval_only", t!(l, "intake.bulk.approval_only"))}
                                {button("opinion", t!(l, "intake.bulk.opinion"))}
                            </div>
                        </div>
                    </div>
                </section>
            }
            .into_any(),
        )
    }

    fn scope(&self, l: Locale) -> AnyView {
        let problem = self.errors.of("ids").map(|problem| match problem {
            domain::Problem::TooMany { max } => t!(l, "intake.bulk.too_many", max = max),
            _ => t!(l, "intake.bulk.nothing"),
        });
        let described = problem.as_ref().map(|_| "e-ids");
        let choice = |id: &'static str, value: &'static str, checked: bool, label: std::borrow::Cow<'static, str>| {
            view! { <label class="choice"><input type="radio" id=id name="scope" value=value checked=checked /><span class="choice__label">{label}</span></label> }
        };
        view! {
            <fieldset class="fieldset" aria-describedby=described>
                <legend class="fieldset__legend">{t!(l, "intake.bulk.scope")}</legend>
                {problem.map(|problem| view! { <p class="field__error" id="e-ids"><span class="visually-hidden">{t!(l, "form.error")}</span>{problem}</p> })}
                {choice("f-ids", "checked", !self.bulk.all, t!(l, "intake.bulk.checked"))}
                {choice("f-ids-all", "all", self.bulk.all, t!(l, "intake.bulk.all", max = self.bulk_max))}
            </fieldset>
        }
        .into_any()
    }
}

/// The states that are set without asking the sender for anything.
pub(super) fn settable(l: Locale) -> impl Iterator<Item = (String, String)> {
    IntakeState::ALL
        .into_iter()
        .filter(|state| *state != IntakeState::AwaitingCorrection)
        .map(move |state| (state.code().to_owned(), status(l, state.code())))
}
