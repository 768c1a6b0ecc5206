//! The forms for a document, for a version of it, and for its text that is read aloud.

use domain::{
    FieldErrors, Locale,
    document::{DocumentStage, NOTE_MAX},
};
use leptos::prelude::*;

use super::trail;
use crate::{
    components::{breadcrumb, form, notice},
    pages::{
        drafts::stage_words,
        staff::{StaffTab, ThemeTab, frame, head, theme_tabs},
    },
    shell::{Head, Page, PageContext},
};

/// A one-line field in which the browser has nothing to suggest.
const PLAIN: form::Input = form::Input { kind: "", autocomplete: "off", mode: "" };
const FILE: form::Input = form::Input { kind: "file", autocomplete: "", mode: "" };

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct TypedDocument {
    /// The title of the document.
    pub title: String,
    /// The code of the stage.
    pub stage: String,
    /// What changed.
    pub note: String,
    /// Its own text.
    pub text: String,
    /// The text for reading aloud.
    pub twin: String,
}

/// `/staff/consultations/{id}/documents/new` and `/staff/consultations/{id}/documents/{document}/versions/new`
#[derive(Debug)]
pub struct DocumentForm {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// Id and title of the document; `None` for a new one.
    pub document: Option<(i64, String)>,
    /// What is in the fields.
    pub typed: TypedDocument,
    /// Whether the text field holds the text of the version before.
    pub kept_text: bool,
    /// The other document that has the theme's own text already.
    pub text_elsewhere: Option<String>,
    /// Whether files came with the form that have to be chosen again.
    pub had_files: bool,
    /// What is wrong.
    pub errors: FieldErrors,
}

fn label(l: Locale, name: &str) -> String {
    match name {
        "document_title" => t!(l, "document.field_title"),
        "stage" => t!(l, "document.field_stage"),
        "note" => t!(l, "document.field_note"),
        "text" => t!(l, "document.field_text"),
        "text_file" => t!(l, "document.field_text_file"),
        "twin" => t!(l, "document.field_twin"),
        "twin_file" => t!(l, "document.field_twin_file"),
        _ => t!(l, "document.field_file"),
    }
    .into_owned()
}

const FIELDS: [&str; 8] = ["document_title", "stage", "note", "text", "text_file", "twin", "twin_file", "document"];

fn titled(l: Locale, title: String, errors: &FieldErrors) -> Head {
    head(if errors.is_empty() { title } else { t!(l, "form.error_title", title = title).into_owned() })
}

impl Page for DocumentForm {
    fn head(&self, cx: &PageContext) -> Head {
        titled(cx.locale, self.heading(cx.locale), &self.errors)
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let labels: Vec<(&'static str, String)> = FIELDS.into_iter().map(|name| (name, label(l, name))).collect();
        let base = format!("/staff/consultations/{}/documents", self.theme.0);
        let action = match &self.document {
            Some((id, _)) => format!("{base}/{id}/versions"),
            None => base.clone(),
        };
        let mut way = trail(l, &self.theme);
        way.push((base.clone(), t!(l, "document.staff_title").into_owned()));
        let again = (self.had_files && !self.errors.is_empty())
            .then(|| notice("warning", t!(l, "document.choose_again").into_owned(), ().into_any()));
        let body = view! {
            {breadcrumb(l, way, self.heading(l))}
            <h1 class="page__title">{self.heading(l)}</h1>
            {theme_tabs(cx, self.theme.0, ThemeTab::Documents)}
            {form::error_summary(l, &self.errors, &labels)}
            {again}
            <form class="form" method="post" action=action enctype="multipart/form-data" novalidate>
                {self.about(l)}
                {self.texts(l)}
                // The large file comes last: what was typed is read even when the file turns out to be too large.
                {form::input(l, &self.field(l, "document", "").help(t!(l, "document.field_file_help")), FILE)}
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "document.save")}</button>
                    <a href=base>{t!(l, "document.back")}</a>
                </div>
            </form>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl DocumentForm {
    fn heading(&self, l: Locale) -> String {
        match &self.document {
            Some((_, title)) => t!(l, "document.form_version", title = title).into_owned(),
            None => t!(l, "document.form_new").into_owned(),
        }
    }

    fn field(&self, l: Locale, name: &'static str, value: &str) -> form::Field {
        form::Field::new(l, &self.errors, name, label(l, name), value)
    }

    fn about(&self, l: Locale) -> AnyView {
        let stages =
            DocumentStage::ALL.into_iter().map(|stage| (stage.code().to_owned(), stage_words(l, stage))).collect();
        let title =
            self.field(l, "document_title", &self.typed.title).required().help(t!(l, "document.field_title_help"));
        let stage = self.field(l, "stage", &self.typed.stage).required().help(t!(l, "document.field_stage_help"));
        let note = self.document.is_some().then(|| {
            let note = self.field(l, "note", &self.typed.note).help(t!(l, "document.field_note_help", max = NOTE_MAX));
            form::text_area(l, &note, 3)
        });
        view! {
            {form::input(l, &title, PLAIN)}
            {form::radios(l, &stage, stages)}
            {note}
        }
        .into_any()
    }

    fn texts(&self, l: Locale) -> AnyView {
        let twin = self.field(l, "twin", &self.typed.twin).help(t!(l, "document.field_twin_help"));
        let elsewhere = self.text_elsewhere.clone().map(|title| {
            view! { <p class="muted">{t!(l, "document.text_elsewhere", title = title)}</p> }
        });
        // What was typed isn't taken away, also when another document has the text already.
        let own = (self.text_elsewhere.is_none() || !self.typed.text.is_empty()).then(|| {
            let help = t!(l, "document.field_text_help").into_owned();
            let help = if self.kept_text { format!("{help}{}", t!(l, "document.field_text_kept")) } else { help };
            view! {
                {form::text_area(l, &self.field(l, "text", &self.typed.text).help(help), 12)}
                {form::input(l, &self.field(l, "text_file", "").help(t!(l, "document.field_text_file_help")), FILE)}
            }
        });
        view! {
            {elsewhere}
            {own}
            {form::text_area(l, &twin, 6)}
            {form::input(l, &self.field(l, "twin_file", ""), FILE)}
        }
        .into_any()
    }
}

/// `/staff/consultations/{id}/documents/{document}/versions/{version}/text`
#[derive(Debug)]
pub struct TwinForm {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// Id and title of the document.
    pub document: (i64, String),
    /// The version's id.
    pub version: i64,
    /// The version in words.
    pub name: (DocumentStage, domain::Millis),
    /// The text.
    pub text: String,
    /// What is wrong.
    pub errors: FieldErrors,
}

impl Page for TwinForm {
    fn head(&self, cx: &PageContext) -> Head {
        titled(cx.locale, t!(cx.locale, "document.twin_form", title = self.document.1).into_owned(), &self.errors)
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/documents", self.theme.0);
        let heading = t!(l, "document.twin_form", title = self.document.1).into_owned();
        let field = form::Field::new(l, &self.errors, "twin", label(l, "twin"), &self.text);
        let mut way = trail(l, &self.theme);
        way.push((base.clone(), t!(l, "document.staff_title").into_owned()));
        let action = format!("{base}/{}/versions/{}/text", self.document.0, self.version);
        let body = view! {
            {breadcrumb(l, way, heading.clone())}
            <h1 class="page__title">{heading}</h1>
            {theme_tabs(cx, self.theme.0, ThemeTab::Documents)}
            <p class="page__lead">{crate::pages::drafts::version_name(l, self.name.0, self.name.1)}</p>
            {form::error_summary(l, &self.errors, &[("twin", label(l, "twin"))])}
            <form class="form" method="post" action=action novalidate>
                {form::text_area(l, &field.help(t!(l, "document.twin_form_lead")), 24)}
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "document.save_twin")}</button>
                    <a href=base>{t!(l, "document.back_twin")}</a>
                </div>
            </form>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}
