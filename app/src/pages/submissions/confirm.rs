//! Step 2: everything as it will be sent. And what is shown instead of the form.

use domain::{Locale, Phase, identity::Identity, rules::LateHandling};
use leptos::prelude::*;

use super::{
    FileInput, ShownOpinion, SubmissionTheme, contact, copy_text, eligibility_words, field_label, opinions, steps,
};
use crate::{
    components::{breadcrumb, form::TextArea, notice},
    format,
    shell::{Head, Page, PageContext, Width},
};

/// `/consultations/{slug}/proposals/confirm`
#[derive(Debug)]
pub struct SubmissionConfirm {
    /// The theme.
    pub theme: SubmissionTheme,
    /// The opinions.
    pub opinions: Vec<ShownOpinion>,
    /// The chosen 応募資格.
    pub eligibility: Option<domain::rules::Eligibility>,
    /// What the person said of themselves, without what isn't asked.
    pub identity: Identity,
    /// Files.
    pub files: Vec<FileInput>,
    /// Received without an answer, because something is missing.
    pub no_reply: bool,
    /// The form's token.
    pub form: String,
    /// What was seen here: what is sent has to be the same.
    pub seen: String,
    /// It was changed in another tab since it was seen.
    pub changed: bool,
}

impl Page for SubmissionConfirm {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "submission.confirm_title").into_owned(),
            private: true,
            width: Width::Narrow,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("{}/proposals", self.theme.href());
        let here = t!(l, "submission.confirm_title").into_owned();
        let mail = !self.identity.email.is_empty() || cx.viewer.is_some();
        view! {
            {breadcrumb(l, self.theme.trail(l), here.clone())}
            <h1 class="page__title">{here}</h1>
            <p class="page__lead">{self.theme.title.clone()}</p>
            {steps(l, 2)}
            {self.changed.then(|| notice("warning", t!(l, "submission.changed").into_owned(), t!(l, "submission.changed_text").into_owned().into_any()))}
            <p>{t!(l, "submission.confirm_lead")}</p>
            {self.no_reply.then(|| notice("warning", t!(l, "submission.no_reply").into_owned(), t!(l, "submission.no_reply_text").into_owned().into_any()))}
            <section class="section">
                <h2 class="section__title">{t!(l, "submission.opinions")}</h2>
                {opinions(l, self.opinions)}
            </section>
            <section class="section">
                <h2 class="section__title">{t!(l, "submission.about_you")}</h2>
                {about(l, self.eligibility, &self.identity)}
            </section>
            {file_names(l, self.files)}
            <p class="muted">{if mail { t!(l, "submission.confirm_mail") } else { t!(l, "submission.confirm_no_mail") }}</p>
            <form class="form" method="post" action=format!("{base}/send")>
                <input type="hidden" name="form" value=self.form />
                <input type="hidden" name="seen" value=self.seen />
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "submission.send")}</button>
                    <a class="button" data-variant="outline" data-size="lg" href=format!("{base}/new")>{t!(l, "submission.back")}</a>
                </div>
            </form>
        }
        .into_any()
    }
}

fn about(l: Locale, eligibility: Option<domain::rules::Eligibility>, identity: &Identity) -> AnyView {
    let rows = identity
        .fields()
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <div><dt>{field_label(l, name)}</dt><dd>{value.to_owned()}</dd></div> })
        .collect_view();
    view! {
        <dl class="facts">
            {eligibility.map(|kind| view! { <div><dt>{t!(l, "submission.eligibility")}</dt><dd>{eligibility_words(l, kind)}</dd></div> })}
            {rows}
        </dl>
    }
    .into_any()
}

fn file_names(l: Locale, files: Vec<FileInput>) -> Option<AnyView> {
    (!files.is_empty()).then(|| {
        let items = files
            .into_iter()
            .map(|file| view! { <li class="file-list__item"><span class="file-list__name">{file.name}</span>" "<span class="file-list__size">{format::size(file.size)}</span></li> })
            .collect_view();
        view! {
            <section class="section">
                <h2 class="section__title">{t!(l, "submission.files")}</h2>
                <ul class="file-list">{items}</ul>
            </section>
        }
        .into_any()
    })
}

/// The call isn't open: what was typed is handed back, with what can be done instead.
#[derive(Debug)]
pub struct SubmissionClosed {
    /// The theme.
    pub theme: SubmissionTheme,
    /// What was typed.
    pub opinions: Vec<ShownOpinion>,
    /// Whether it is kept on the server for now.
    pub kept: bool,
}

impl SubmissionClosed {
    fn words(&self, l: Locale) -> (String, String) {
        let time = self.theme.deadline(l);
        let (title, text) = if matches!(self.theme.phase, Phase::Draft | Phase::Scheduled | Phase::Coming) {
            (t!(l, "submission.early"), t!(l, "submission.early_text"))
        } else {
            (t!(l, "submission.late"), t!(l, "submission.late_text", time = time))
        };
        (title.into_owned(), text.into_owned())
    }
}

impl Page for SubmissionClosed {
    fn head(&self, cx: &PageContext) -> Head {
        Head { title: self.words(cx.locale).0, private: true, width: Width::Narrow, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let (title, text) = self.words(l);
        let late = !matches!(self.theme.phase, Phase::Draft | Phase::Scheduled | Phase::Coming);
        let typed = copy_text(l, &self.opinions);
        let instead = match self.theme.rules.late {
            LateHandling::Record => t!(l, "submission.late_record"),
            LateHandling::Refuse => t!(l, "submission.late_refuse"),
        };
        view! {
            {breadcrumb(l, self.theme.trail(l), title.clone())}
            <h1 class="page__title">{title}</h1>
            <p class="page__lead">{self.theme.title.clone()}</p>
            {notice("error", t!(l, "submission.not_sent").into_owned(), text.into_any())}
            {(!typed.is_empty()).then(|| view! {
                <section class="section">
                    <h2 class="section__title">{t!(l, "submission.your_text")}</h2>
                    <p>{if self.kept { t!(l, "submission.your_text_kept") } else { t!(l, "error.your_text_help") }}</p>
                    <div class="field"><label class="field__label" for="typed">{t!(l, "submission.text")}</label><TextArea id="typed" name="typed" value=typed rows=12 /></div>
                </section>
            })}
            <section class="section">
                <h2 class="section__title">{t!(l, "submission.instead")}</h2>
                {late.then(|| view! { <p>{instead}</p> })}
                {(late && self.theme.rules.postmark).then(|| view! { <p>{t!(l, "submission.late_postmark")}</p> })}
                <p>{t!(l, "submission.instead_ask")}</p>
                {contact(l, self.theme.contact.clone())}
            </section>
            <div class="button-row"><a class="button" data-variant="outline" data-size="md" href=self.theme.href()>{t!(l, "submission.to_theme")}</a></div>
        }
        .into_any()
    }
}

/// Staff enter opinions at their own desk, not at the residents' form.
#[derive(Debug)]
pub struct SubmissionStaff {
    /// The theme.
    pub theme: SubmissionTheme,
}

impl Page for SubmissionStaff {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "submission.staff_title").into_owned(),
            private: true,
            width: Width::Narrow,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let here = t!(l, "submission.staff_title").into_owned();
        let desk = format!("/staff/consultations/{}/entry", self.theme.consultation);
        view! {
            {breadcrumb(l, self.theme.trail(l), here.clone())}
            <h1 class="page__title">{here}</h1>
            <p>{t!(l, "submission.staff_text")}</p>
            <div class="button-row">
                <a class="button" data-variant="solid" data-size="md" href=desk>{t!(l, "submission.staff_desk")}</a>
                <a class="button" data-variant="outline" data-size="md" href=self.theme.href()>{t!(l, "submission.to_theme")}</a>
            </div>
        }
        .into_any()
    }
}
