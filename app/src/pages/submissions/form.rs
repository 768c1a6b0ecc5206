//! Step 1: the form, for a new submission and for the correction of one.

use domain::{
    FieldErrors, Locale, Millis, proposal,
    rules::{Eligibility, ExtraField, FieldRule, IdentityField, IncompleteHandling},
};
use leptos::prelude::*;

use super::{
    FILE_MAX_MIB, FILES_MAX, NAMES, OPINIONS_MAX, OpinionInput, OpinionNames, Place, SubmissionInput, SubmissionTheme,
    asked, eligibility_words, field_label, labels, steps,
};
use crate::{
    components::{breadcrumb, form, notice},
    format,
    islands::{SubmissionKeeper, SubmissionWords},
    shell::{Head, Page, PageContext, Width},
    wording,
};

/// What the form is for.
#[derive(Clone, Debug)]
pub enum FormTarget {
    /// A new submission.
    New,
    /// The correction of one.
    Correction {
        /// Its receipt number.
        number: String,
        /// The key of its link; empty for its signed-in author.
        key: String,
    },
}

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormNotice {
    /// Saved by its button.
    Saved,
    /// A box was added.
    Added,
    /// A box was taken away.
    Removed,
    /// Everything typed was deleted.
    Cleared,
    /// Filled with what was kept.
    Restored,
    /// The browser sent no cookie: what was typed can't be kept between pages.
    NoCookie,
}

/// What staff asked to be corrected.
#[derive(Clone, Debug)]
pub struct CorrectionRequest {
    /// What.
    pub note: String,
    /// Until when, in words.
    pub until: Option<String>,
}

/// `/consultations/{slug}/proposals/new` of a public comment, and `/receipts/{number}/edit`.
#[derive(Debug)]
pub struct SubmissionForm {
    /// The theme.
    pub theme: SubmissionTheme,
    /// What the form is for.
    pub target: FormTarget,
    /// What was typed.
    pub input: SubmissionInput,
    /// Places of the draft's text.
    pub places: Vec<Place>,
    /// What is wrong.
    pub errors: FieldErrors,
    /// What was done a moment ago.
    pub notice: Option<FormNotice>,
    /// When what was typed was last kept.
    pub saved_at: Option<Millis>,
    /// What staff asked to be corrected.
    pub request: Option<CorrectionRequest>,
}

impl Page for SubmissionForm {
    fn head(&self, cx: &PageContext) -> Head {
        let title = self.title(cx.locale);
        let title =
            if self.errors.is_empty() { title } else { t!(cx.locale, "form.error_title", title = title).into_owned() };
        Head { title, private: true, islands: true, width: Width::Narrow, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let title = self.title(l);
        let several = self.input.opinions.len() > 1;
        let words = SubmissionWords { failed: t!(l, "submission.not_saved").into_owned() };
        let consultation = self.theme.consultation;
        let is_new = matches!(self.target, FormTarget::New);
        view! {
            {breadcrumb(l, self.theme.trail(l), title.clone())}
            {form::error_summary(l, &self.errors, &labels(l, several))}
            <h1 class="page__title">{title}</h1>
            <p class="page__lead">{self.theme.title.clone()}</p>
            {is_new.then(|| steps(l, 1))}
            {self.told(l)}
            {self.request(l)}
            {notes(l, &self.theme, is_new)}
            <SubmissionKeeper consultation=consultation words=words>{self.form(l)}</SubmissionKeeper>
        }
        .into_any()
    }
}

impl SubmissionForm {
    fn title(&self, l: Locale) -> String {
        match self.target {
            FormTarget::New => t!(l, "submission.title"),
            FormTarget::Correction { .. } => t!(l, "submission.correct_title"),
        }
        .into_owned()
    }

    fn told(&self, l: Locale) -> Option<AnyView> {
        let saved = self.saved_at.map(|at| format::date_time(l, at)).unwrap_or_default();
        let (kind, title, text) = match self.notice? {
            FormNotice::Saved => ("success", t!(l, "submission.saved"), t!(l, "submission.saved_text", time = saved)),
            FormNotice::Added => ("success", t!(l, "submission.added"), t!(l, "submission.added_text")),
            FormNotice::Removed => ("success", t!(l, "submission.removed"), t!(l, "submission.removed_text")),
            FormNotice::Cleared => ("success", t!(l, "submission.cleared"), t!(l, "submission.cleared_text")),
            FormNotice::Restored => {
                ("info", t!(l, "submission.restored"), t!(l, "submission.restored_text", time = saved))
            }
            FormNotice::NoCookie => ("warning", t!(l, "submission.no_cookie"), t!(l, "submission.no_cookie_text")),
        };
        Some(notice(kind, title.into_owned(), text.into_owned().into_any()))
    }

    fn request(&self, l: Locale) -> Option<AnyView> {
        self.request.as_ref().map(|request| super::receipt::correction_notice(l, request))
    }

    fn form(&self, l: Locale) -> AnyView {
        let (action, number, key) = match &self.target {
            FormTarget::New => (format!("{}/proposals/new", self.theme.href()), None, None),
            FormTarget::Correction { number, key } => {
                (format!("/receipts/{number}/edit"), Some(number.clone()), Some(key.clone()))
            }
        };
        let is_new = number.is_none();
        let files = is_new && self.theme.rules.attachments;
        let send = if is_new { t!(l, "submission.to_confirm") } else { t!(l, "submission.correct_do") };
        let keep = if is_new { t!(l, "submission.save") } else { t!(l, "submission.save_correction") };
        let clear = if is_new { t!(l, "submission.clear") } else { t!(l, "submission.clear_correction") };
        view! {
            <form class="form submission-form" method="post" action=action enctype=files.then_some("multipart/form-data") novalidate>
                <input type="hidden" name="form" value=self.input.form.clone() />
                {number.map(|number| view! { <input type="hidden" name="number" value=number /> })}
                {key.map(|key| view! { <input type="hidden" name="key" value=key /> })}
                // The Enter key presses the first button of a form: it must not be one that takes something away.
                <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">{send.clone()}</button>
                <section class="form__part">
                    <h2 class="form__heading" id="opinions">{t!(l, "submission.opinions")}</h2>
                    <p class="field__help">{t!(l, "submission.opinions_help", max = OPINIONS_MAX)}</p>
                    {self.boxes(l)}
                    {(self.input.opinions.len() < OPINIONS_MAX).then(|| view! { <button class="button" data-variant="outline" data-size="md" type="submit" name="add" value="1">{t!(l, "submission.add")}</button> })}
                </section>
                <section class="form__part">
                    <h2 class="form__heading">{t!(l, "submission.about_you")}</h2>
                    <p class="field__help">{t!(l, "submission.about_you_help")}</p>
                    {self.eligibility(l)}
                    {self.identity(l)}
                </section>
                {files.then(|| self.files(l))}
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{send}</button>
                    <button class="button" data-variant="outline" data-size="lg" type="submit" name="save" value="1">{keep}</button>
                    <button class="button" data-variant="text" data-size="md" type="submit" name="clear" value="1">{clear}</button>
                </div>
            </form>
        }
        .into_any()
    }

    fn boxes(&self, l: Locale) -> AnyView {
        let several = self.input.opinions.len() > 1;
        let boxes = (1_usize..)
            .zip(NAMES)
            .zip(&self.input.opinions)
            .map(|((n, names), opinion)| self.opinion(l, n, names, opinion, several))
            .collect_view();
        view! { <div class="repeat">{boxes}</div> }.into_any()
    }

    fn opinion(&self, l: Locale, n: usize, names: OpinionNames, opinion: &OpinionInput, several: bool) -> AnyView {
        let place = (!self.places.is_empty()).then(|| self.place(l, names, opinion));
        let page = form::Field::new(l, &self.errors, names.page, t!(l, "submission.page"), &opinion.page)
            .help(t!(l, "submission.page_help"));
        let text = form::Field::new(l, &self.errors, names.text, t!(l, "submission.text"), &opinion.text).help(t!(
            l,
            "submission.text_help",
            max = proposal::BODY_MAX
        ));
        let text = if n == 1 { text.required() } else { text };
        view! {
            <fieldset class="repeat__row opinion-box" id=format!("opinion-{n}")>
                <legend class="opinion-box__legend">{t!(l, "submission.opinion_n", n = n)}</legend>
                {place}
                {form::input(l, &page, form::Input { autocomplete: "off", mode: "numeric", ..form::Input::default() })}
                {form::text_area(l, &text, 8)}
                {several.then(|| view! {
                    <button class="button" data-variant="text" data-size="sm" type="submit" name="remove" value=n.to_string()>{t!(l, "submission.remove", n = n)}</button>
                })}
            </fieldset>
        }
        .into_any()
    }

    /// The headings, and the paragraph that was chosen on the page of the draft.
    fn place(&self, l: Locale, names: OpinionNames, opinion: &OpinionInput) -> AnyView {
        let field = form::Field::new(l, &self.errors, names.place, t!(l, "submission.place"), &opinion.place)
            .help(t!(l, "submission.place_help"));
        let mut options = vec![(String::new(), t!(l, "submission.place_none").into_owned())];
        let shown = |place: &&Place| place.level.is_some() || place.anchor == opinion.place;
        options.extend(self.places.iter().filter(shown).map(|place| {
            let indent = "\u{3000}".repeat(usize::from(place.level.unwrap_or(1).saturating_sub(1)));
            (place.anchor.clone(), format!("{indent}{}", place.label))
        }));
        if !opinion.place.is_empty() && !self.places.iter().any(|place| place.anchor == opinion.place) {
            options.push((opinion.place.clone(), t!(l, "submission.place_gone").into_owned()));
        }
        form::select(l, &field, options)
    }

    fn eligibility(&self, l: Locale) -> AnyView {
        let problem = self.errors.of("eligibility").map(|p| wording::problem(l, p));
        let described = if problem.is_some() { "e-eligibility h-eligibility" } else { "h-eligibility" };
        let invalid = problem.is_some().then_some("true");
        let kinds = self
            .theme
            .rules
            .eligible
            .iter()
            .enumerate()
            .map(|(i, kind)| {
                let id = if i == 0 { "f-eligibility".to_owned() } else { format!("f-eligibility-{i}") };
                let checked = kind.code() == self.input.eligibility;
                view! {
                    <div class="eligibility__kind">
                        <label class="choice"><input type="radio" id=id name="eligibility" value=kind.code() checked=checked /><span class="choice__label">{eligibility_words(l, *kind)}</span></label>
                        {self.extra(l, *kind)}
                    </div>
                }
            })
            .collect_view();
        view! {
            <fieldset class="fieldset eligibility" aria-describedby=described aria-invalid=invalid>
                <legend class="fieldset__legend">{t!(l, "submission.eligibility")}" "<span class="field__required">{t!(l, "form.required")}</span></legend>
                <p class="field__help" id="h-eligibility">{t!(l, "submission.eligibility_help")}</p>
                {problem.map(|problem| view! { <p class="field__error" id="e-eligibility"><span class="visually-hidden">{t!(l, "form.error")}</span>{problem}</p> })}
                {kinds}
            </fieldset>
        }
        .into_any()
    }

    /// What a kind of person is asked for besides the identity. Without `:has()` or CSS it is in sight for every kind, and
    /// says for which it is.
    fn extra(&self, l: Locale, kind: Eligibility) -> Option<AnyView> {
        let extra = kind.extra()?;
        let identity = &self.input.identity;
        let field = |name: &'static str, value: &str| {
            let field = form::Field::new(l, &self.errors, name, field_label(l, name), value);
            asked(l, field, &self.theme.rules, FieldRule::Required)
        };
        let line = |field: form::Field, autocomplete: &'static str| {
            form::input(l, &field, form::Input { autocomplete, ..form::Input::default() })
        };
        let fields = match extra {
            ExtraField::Workplace => line(field("workplace", &identity.workplace), "off"),
            ExtraField::School => line(field("school", &identity.school), "off"),
            ExtraField::Organisation => view! {
                {line(field("organisation", &identity.organisation), "organization")}
                {line(field("representative", &identity.representative), "off")}
            }
            .into_any(),
            ExtraField::Interest => form::text_area(l, &field("interest", &identity.interest), 3),
        };
        let label = t!(l, "submission.extra_for", kind = eligibility_words(l, kind)).into_owned();
        Some(view! { <div class="eligibility__extra" role="group" aria-label=label>{fields}</div> }.into_any())
    }

    fn identity(&self, l: Locale) -> AnyView {
        let identity = &self.input.identity;
        let rules = &self.theme.rules;
        let fields = IdentityField::ALL
            .into_iter()
            .filter(|field| rules.identity.of(*field) != FieldRule::NotAsked)
            .map(|kind| {
                let (name, value, input) = match kind {
                    IdentityField::Name => ("name", &identity.name, ("", "name", "")),
                    IdentityField::Kana => ("kana", &identity.kana, ("", "off", "")),
                    IdentityField::Address => ("address", &identity.address, ("", "street-address", "")),
                    IdentityField::Phone => ("phone", &identity.phone, ("tel", "tel", "tel")),
                    IdentityField::Email => ("email", &identity.email, ("email", "email", "email")),
                };
                let field = form::Field::new(l, &self.errors, name, field_label(l, name), value);
                let field =
                    if kind == IdentityField::Email { field.help(t!(l, "submission.email_help")) } else { field };
                let field = asked(l, field, rules, rules.identity.of(kind));
                let (kind, autocomplete, mode) = input;
                form::input(l, &field, form::Input { kind, autocomplete, mode })
            })
            .collect_view();
        view! { {fields} }.into_any()
    }

    fn files(&self, l: Locale) -> AnyView {
        let problem = self.errors.of("files").map(|p| wording::problem(l, p));
        let described = if problem.is_some() { "e-files h-files" } else { "h-files" };
        let invalid = problem.is_some().then_some("true");
        let kept = self
            .input
            .files
            .iter()
            .map(|file| {
                view! {
                    <li class="file-list__item">
                        <span class="file-list__name">{file.name.clone()}</span>
                        " "
                        <span class="file-list__size">{format::size(file.size)}</span>
                        <button class="button" data-variant="text" data-size="sm" type="submit" name="drop" value=file.upload.to_string()>{t!(l, "submission.drop_file", name = file.name.clone())}</button>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="form__part">
                <h2 class="form__heading">{t!(l, "submission.files")}</h2>
                {(!self.input.files.is_empty()).then(|| view! { <ul class="file-list">{kept}</ul> })}
                <div class="field">
                    <label class="field__label" for="f-files">{t!(l, "submission.choose_files")}" "<span class="field__optional">{t!(l, "form.optional")}</span></label>
                    <p class="field__help" id="h-files">{t!(l, "submission.files_help", count = FILES_MAX, max = FILE_MAX_MIB)}</p>
                    {problem.map(|problem| view! { <p class="field__error" id="e-files"><span class="visually-hidden">{t!(l, "form.error")}</span>{problem}</p> })}
                    <input class="input" type="file" id="f-files" name="files" multiple accept=".pdf,.docx,.xlsx,image/jpeg,image/png,image/webp" aria-invalid=invalid aria-describedby=described />
                </div>
            </section>
        }
        .into_any()
    }
}

/// What people should know before they write.
fn notes(l: Locale, theme: &SubmissionTheme, is_new: bool) -> AnyView {
    let rules = &theme.rules;
    let reply = if rules.individual_reply {
        t!(l, "submission.note_reply")
    } else {
        t!(l, "submission.note_no_reply", places = rules.result_places.join(&t!(l, "submission.comma")))
    };
    let incomplete = match rules.incomplete {
        IncompleteHandling::Equal => t!(l, "submission.note_equal"),
        IncompleteHandling::NoReply => t!(l, "submission.note_no_answer"),
        IncompleteHandling::Refuse => t!(l, "submission.note_refuse"),
    };
    let items = [
        t!(l, "submission.note_content").into_owned(),
        reply.into_owned(),
        t!(l, "submission.note_names", months = rules.retention_months).into_owned(),
        incomplete.into_owned(),
        t!(l, "submission.note_draft").into_owned(),
    ];
    let items = items.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
    view! {
        <dl class="facts submission-facts">
            <div><dt>{t!(l, "submission.deadline")}</dt><dd>{t!(l, "submission.deadline_value", time = theme.deadline(l))}</dd></div>
        </dl>
        {is_new.then(|| view! {
            <section class="submission-notes" aria-labelledby="notes">
                <h2 class="submission-notes__title" id="notes">{t!(l, "submission.notes")}</h2>
                <ul>{items}</ul>
                <p><a href="/about/privacy" target="_blank" rel="noopener">{t!(l, "submission.privacy")}</a></p>
            </section>
        })}
    }
    .into_any()
}
