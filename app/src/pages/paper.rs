//! What is printed: the blank form (意見用紙) and the poster, both on A4 and fit for black and white.

use domain::{
    Locale,
    consultation::Period,
    rules::{END_OF_DAY, Eligibility, ExtraField, FieldRule, IdentityField, IncompleteHandling, Rules},
};
use leptos::prelude::*;

use super::{
    consultations::DepartmentView,
    staff::{
        StaffTab,
        entry::{eligibility, label},
        frame, head,
    },
};
use crate::{
    components::breadcrumb,
    format,
    shell::{Head, Page, PageContext},
};

/// Ruled lines for the opinion: as many as fit are shown.
const LINES: usize = 30;

/// What form and poster say of their theme.
#[derive(Clone, Debug)]
pub struct PrintedTheme {
    /// Its title.
    pub title: String,
    /// 案件番号.
    pub number: String,
    /// When opinions are taken.
    pub period: Period,
    /// Its rules.
    pub rules: Rules,
    /// 応募方法, in the ward's own words.
    pub methods: String,
    /// The owning department.
    pub department: DepartmentView,
    /// Path of its code as a picture.
    pub qr: String,
    /// The address that the code leads to.
    pub code_url: String,
    /// The address of the theme's page, short enough to be typed.
    pub url: String,
}

/// `/consultations/{slug}/paper-form`
#[derive(Debug)]
pub struct PaperForm {
    /// The theme.
    pub theme: PrintedTheme,
    /// Address of the theme's page.
    pub theme_href: String,
    /// Address of the form on this site, while opinions are taken.
    pub web_form: Option<String>,
}

/// `/staff/consultations/{id}/poster`
#[derive(Debug)]
pub struct Poster {
    /// The theme's id.
    pub id: i64,
    /// The theme.
    pub theme: PrintedTheme,
    /// What it is about.
    pub summary: String,
}

fn qr(l: Locale, theme: &PrintedTheme, class: &'static str) -> AnyView {
    view! {
        <figure class=class>
            <img class="paper__code" src=theme.qr.clone() alt=t!(l, "paper.qr_alt", url = theme.code_url) width="200" height="200" />
            <figcaption>
                <span class="paper__number">{t!(l, "paper.number", number = theme.number)}</span>
                <span>{t!(l, "paper.qr_help")}</span>
            </figcaption>
        </figure>
    }
    .into_any()
}

/// The period with its last minute, and what decides for a letter.
fn period(l: Locale, theme: &PrintedTheme) -> AnyView {
    let minute = theme.rules.closing_minute;
    let time = (minute < END_OF_DAY).then(|| format!("{:02}:{:02}", minute / 60, minute % 60));
    let letters = if theme.rules.postmark { t!(l, "paper.closing_postmark") } else { t!(l, "paper.closing_arrive") };
    view! {
        <p class="paper__period"><strong>{format::period(l, theme.period)}</strong></p>
        <p>
            {time.map(|time| view! { {t!(l, "paper.closing", time = time)}" ／ " })}
            {letters}
        </p>
    }
    .into_any()
}

/// Where to send it: what the department has of it.
fn send_to(cx: &PageContext, d: &DepartmentView) -> AnyView {
    let l = cx.locale;
    let row = |label: std::borrow::Cow<'static, str>, value: &str| {
        (!value.is_empty()).then(|| view! { <div><dt>{label}</dt><dd>{value.to_owned()}</dd></div> })
    };
    view! {
        <p><strong>{cx.ward.name_in(l).to_owned()}" "{d.name.clone()}</strong></p>
        <dl class="paper__ways">
            {row(t!(l, "paper.counter"), &d.counter)}
            {row(t!(l, "paper.fax"), &d.fax)}
            {row(t!(l, "paper.email"), &d.email)}
            {row(t!(l, "paper.phone"), &d.phone)}
        </dl>
    }
    .into_any()
}

fn eligible(theme: &PrintedTheme) -> impl Iterator<Item = Eligibility> + '_ {
    Eligibility::ALL.into_iter().filter(|kind| theme.rules.eligible.contains(kind))
}

/// The rows about the person, exactly as the rules ask.
fn about_you(l: Locale, theme: &PrintedTheme) -> AnyView {
    let identity = IdentityField::ALL
        .into_iter()
        .filter_map(|field| {
            let mark = match theme.rules.identity.of(field) {
                FieldRule::Required => t!(l, "paper.required"),
                FieldRule::Optional => t!(l, "paper.optional"),
                FieldRule::NotAsked => return None,
            };
            Some(view! {
                <tr data-field=field.code()>
                    <th scope="row">{label(l, field.code())}<small>{mark}</small></th>
                    <td></td>
                </tr>
            })
        })
        .collect_view();
    let kinds = eligible(theme)
        .map(|kind| {
            let extra = kind.extra().map_or(&[][..], ExtraField::inputs);
            let lines = extra
                .iter()
                .map(|name| view! { <span class="paper__extra" data-field=*name>{label(l, name)}<span class="paper__blank"></span></span> })
                .collect_view();
            view! {
                <li data-eligibility=kind.code()>
                    <span class="paper__box" aria-hidden="true">"□"</span>{eligibility(l, kind)}{lines}
                </li>
            }
        })
        .collect_view();
    view! {
        <table class="paper__table">
            <caption>{t!(l, "paper.about_you")}</caption>
            <tbody>
                {identity}
                <tr>
                    <th scope="row">{label(l, "eligibility")}<small>{t!(l, "paper.eligible")}</small></th>
                    <td><ul class="paper__kinds">{kinds}</ul></td>
                </tr>
            </tbody>
        </table>
    }
    .into_any()
}

/// What becomes of the form and of what is written on it.
fn notes(l: Locale, rules: &Rules) -> AnyView {
    let asks = IdentityField::ALL.into_iter().any(|field| rules.identity.of(field) == FieldRule::Required);
    let incomplete = match rules.incomplete {
        IncompleteHandling::Refuse if asks => Some(t!(l, "paper.refused")),
        IncompleteHandling::NoReply if asks => Some(t!(l, "paper.no_reply")),
        _ => None,
    };
    view! {
        <ul class="paper__notes">
            <li>{t!(l, "paper.content")}</li>
            <li>{t!(l, "paper.privacy", months = rules.retention_months)}</li>
            {incomplete.map(|note| view! { <li>{note}</li> })}
            {(!rules.individual_reply).then(|| view! { <li>{t!(l, "paper.individual")}</li> })}
        </ul>
    }
    .into_any()
}

impl Page for PaperForm {
    fn head(&self, cx: &PageContext) -> Head {
        Head { title: t!(cx.locale, "paper.form_of", theme = self.theme.title).into_owned(), ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let theme = &self.theme;
        let trail = vec![
            ("/consultations".to_owned(), t!(l, "consultations.title").into_owned()),
            (self.theme_href.clone(), theme.title.clone()),
        ];
        let lines = (0..LINES).map(|_| view! { <div class="paper__line"></div> }).collect_view();
        view! {
            {breadcrumb(l, trail, t!(l, "paper.form_title").into_owned())}
            <div class="paper__hint">
                <p>{t!(l, "paper.form_lead")}</p>
                {self.web_form.clone().map(|href| view! { <p><a href=href>{t!(l, "paper.web_instead")}</a></p> })}
            </div>
            <article class="paper">
                <header class="paper__head">
                    <div>
                        <h1 class="paper__title">{t!(l, "paper.form_title")}</h1>
                        <p class="paper__theme">{theme.title.clone()}</p>
                        <h2 class="paper__label">{t!(l, "paper.period")}</h2>
                        {period(l, theme)}
                        <h2 class="paper__label">{t!(l, "paper.send_to")}</h2>
                        {send_to(cx, &theme.department)}
                    </div>
                    {qr(l, theme, "paper__qr")}
                </header>
                {about_you(l, theme)}
                <section class="paper__section">
                    <h2 class="paper__label">{t!(l, "paper.opinion")}<small>{t!(l, "paper.sheets")}</small></h2>
                    <p class="paper__place">{t!(l, "paper.place")}<small>{t!(l, "paper.place_help")}</small><span class="paper__blank"></span></p>
                    <div class="paper__lines" aria-hidden="true">{lines}</div>
                </section>
                {notes(l, &theme.rules)}
                <p class="paper__office">{t!(l, "paper.office")}<span class="paper__blank"></span></p>
            </article>
        }
        .into_any()
    }
}

impl Page for Poster {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "paper.poster_of", theme = self.theme.title).into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let theme = &self.theme;
        let trail = vec![
            ("/staff/consultations".to_owned(), t!(l, "staff.themes").into_owned()),
            (format!("/staff/consultations/{}", self.id), theme.title.clone()),
        ];
        let who = eligible(theme).map(|kind| view! { <li>{eligibility(l, kind)}</li> }).collect_view();
        let body = view! {
            {breadcrumb(l, trail, t!(l, "paper.poster").into_owned())}
            <div class="paper__hint"><p>{t!(l, "paper.poster_lead")}</p></div>
            <article class="paper paper--poster">
                <p class="paper__call">{t!(l, "paper.poster_call")}</p>
                <h1 class="paper__title">{theme.title.clone()}</h1>
                <p class="paper__summary">{self.summary.clone()}</p>
                <div class="paper__poster">
                    {qr(l, theme, "paper__qr paper__qr--large")}
                    <div>
                        <h2 class="paper__label">{t!(l, "paper.period")}</h2>
                        {period(l, theme)}
                        <h2 class="paper__label">{t!(l, "paper.who")}</h2>
                        <ul class="paper__who">{who}</ul>
                    </div>
                </div>
                <section class="paper__section">
                    <h2 class="paper__label">{t!(l, "paper.poster_how")}</h2>
                    {(!theme.methods.is_empty()).then(|| view! { <p><strong>{t!(l, "paper.methods")}</strong>"："{theme.methods.clone()}</p> })}
                    {send_to(cx, &theme.department)}
                    <p class="paper__url">{theme.url.clone()}</p>
                </section>
            </article>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}
