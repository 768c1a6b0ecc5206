//! One row: the opinions as they were sent and their 要旨 side by side, and below it the answer with what helps to write
//! it.

mod answer;
mod originals;

use domain::{FieldErrors, Locale, Millis, phrase::Phrase, similarity::Piece};
use leptos::prelude::*;

pub use originals::{OriginalLine, OriginalsPage};

use crate::{
    components::{form, notice, plain_lines},
    format,
    pages::staff::{StaffTab, answers::AnswerCard, frame},
    shell::{Head, Page, PageContext, Width},
};

/// What is saved now, when somebody else was first.
#[derive(Clone, Debug)]
pub struct Newer {
    /// The saved 要旨.
    pub text: String,
    /// The saved answer.
    pub answer: String,
    /// The saved 対応区分, as printed.
    pub disposition: String,
    /// The saved reason.
    pub reason: String,
    /// When it was saved.
    pub at: Millis,
}

/// What was typed into a row's form.
#[derive(Clone, Debug, Default)]
pub struct RowValues {
    /// The chapter's id.
    pub chapter: String,
    /// 要旨.
    pub text: String,
    /// The answer's id, or empty for one of its own.
    pub ward_view: String,
    /// The name of the row whose answer it shares.
    pub share_row: String,
    /// Whether a typed answer may be given up for another row's.
    pub drop_answer: bool,
    /// 区の考え方.
    pub answer: String,
    /// 対応区分.
    pub disposition: String,
    /// 理由.
    pub reason: String,
    /// The clerk has made sure that what looks like personal data is none.
    pub not_personal: bool,
    /// Whether to go on to the next row without an answer after saving.
    pub go_on: bool,
    /// Versions the page shows: of the row and of the answer.
    pub versions: (i64, i64),
}

/// What is known of a row that is there.
#[derive(Clone, Debug)]
pub struct RowHead {
    /// Its id.
    pub id: i64,
    /// Its name, 「1-2」.
    pub name: String,
    /// Whether what is saved is word for word what was sent.
    pub verbatim: bool,
    /// Who confirmed the 要旨, and when.
    pub confirmed: Option<(String, Millis)>,
    /// Whether the 要旨 in the field is another one than the saved.
    pub rewritten: bool,
    /// Who wrote it last, and when.
    pub written: (String, Millis),
    /// Whether the reader wrote it.
    pub mine: bool,
    /// Who settled the answer, and when.
    pub settled: Option<(String, Millis)>,
    /// The department it was given to.
    pub department: Option<String>,
}

/// Ways to other rows: id and name.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// The row before.
    pub previous: Option<(i64, String)>,
    /// The row behind.
    pub next: Option<(i64, String)>,
    /// The next row without a settled answer.
    pub open: Option<(i64, String)>,
}

/// Nearly same opinions, shown once.
#[derive(Clone, Debug)]
pub struct Original {
    /// The ids of their items, joined by commas.
    pub ids: String,
    /// How many they are.
    pub count: usize,
    /// Receipt number of the first.
    pub receipt: String,
    /// Title of the first.
    pub title: Option<String>,
    /// The commonest wording.
    pub text: String,
    /// Whether another row counts them (再掲).
    pub again: bool,
    /// Other wordings beside the commonest.
    pub wordings: Vec<Vec<Piece>>,
    /// What differs between it and the 要旨; `None` when it is the same, or too long to compare.
    pub difference: Option<Vec<Piece>>,
    /// Whether they stay in the row.
    pub chosen: bool,
}

/// Something to look at in a 要旨.
#[derive(Clone, Debug)]
pub struct FindingLine {
    /// The code of its kind.
    pub code: &'static str,
    /// The stretch.
    pub text: String,
    /// The number of the original it stands in; `None` for the 要旨 itself.
    pub original: Option<usize>,
    /// Whether it is about a person who could be recognised.
    pub personal: bool,
}

/// Something to look at in an answer.
#[derive(Clone, Debug)]
pub enum HintLine {
    /// A phrase with a plainer alternative: its place in the list.
    Phrase(usize),
    /// 「検討します」 without what or until when.
    Considering {
        /// The sentence.
        sentence: String,
        /// It doesn't say what.
        lacks_what: bool,
        /// It doesn't say until when.
        lacks_when: bool,
    },
    /// A place that is still to be filled in.
    Blank(String),
    /// Something that looks like personal data.
    Personal(String),
}

/// A 対応区分 to choose.
#[derive(Clone, Debug)]
pub struct DispositionChoice {
    /// Its code.
    pub code: String,
    /// As printed.
    pub printed: String,
    /// Whether it needs a reason.
    pub reason_required: bool,
}

/// What a person is told at the top of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowDone {
    /// It was saved.
    Saved,
    /// It was saved; this is the next row without an answer.
    SavedNext,
    /// It was saved, and every row has an answer now.
    SavedLast,
    /// The 要旨 was confirmed.
    Confirmed,
    /// It was looked at; nothing is saved.
    Checked,
    /// A text was put into the answer; nothing is saved.
    Inserted,
    /// The past answer or phrase isn't there any more.
    Gone,
    /// Confirming: who asks wrote it.
    Own,
    /// Confirming: it was changed in the meantime.
    Changed,
    /// Confirming: something typed isn't saved yet.
    Unsaved,
    /// Confirming: there is nothing to confirm.
    Verbatim,
}

impl RowDone {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Saved => ("success", "answer.done.saved"),
            Self::SavedNext => ("success", "answer.done.saved_next"),
            Self::SavedLast => ("success", "answer.done.saved_last"),
            Self::Confirmed => ("success", "answer.done.confirmed"),
            Self::Checked => ("info", "answer.done.checked"),
            Self::Inserted => ("info", "answer.done.inserted"),
            Self::Gone => ("warning", "answer.done.gone"),
            Self::Own => ("error", "answer.done.own"),
            Self::Changed => ("error", "answer.done.changed"),
            Self::Unsaved => ("error", "answer.done.unsaved"),
            Self::Verbatim => ("info", "answer.done.verbatim"),
        }
    }
}

/// One row: `…/responses/rows/new` and `…/responses/rows/{row}`
#[derive(Debug)]
pub struct RowForm {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// The row; `None` for a new one.
    pub row: Option<RowHead>,
    /// Whether the reader may change 要旨, opinions, chapter and sharing, not only the answer.
    pub whole: bool,
    /// Chapters to choose from.
    pub chapters: Vec<(i64, String)>,
    /// Ways to other rows.
    pub ways: Ways,
    /// Names of the rows that share the answer, and how many there are.
    pub sharing: (Vec<String>, usize),
    /// Answers of the chapter to share: id, name of the first row, how it begins.
    pub answers: Vec<(i64, String, String)>,
    /// The opinions.
    pub originals: Vec<Original>,
    /// How many opinions the row gathers in all.
    pub opinions: usize,
    /// Whether some of them aren't on this page.
    pub more_originals: bool,
    /// 対応区分 of the theme.
    pub dispositions: Vec<DispositionChoice>,
    /// Whether the 要旨 as typed is word for word what was sent.
    pub verbatim: bool,
    /// What to look at in the 要旨.
    pub findings: Vec<FindingLine>,
    /// What to look at in the answer.
    pub hints: Vec<HintLine>,
    /// Past answers to opinions like this.
    pub past: Vec<AnswerCard>,
    /// The ward's phrases.
    pub phrases: Vec<Phrase>,
    /// What was typed.
    pub values: RowValues,
    /// What is wrong.
    pub errors: FieldErrors,
    /// Somebody else saved first.
    pub newer: Option<Newer>,
    /// What was done a moment ago.
    pub done: Option<RowDone>,
}

impl Page for RowForm {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title = self.title(l);
        let title = if self.errors.is_empty() { title } else { t!(l, "form.error_title", title = title).into_owned() };
        Head { title, private: true, width: Width::Wide, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let labels = [
            ("chapter", t!(l, "desk.chapter").into_owned()),
            ("text", t!(l, "desk.text").into_owned()),
            ("items", t!(l, "desk.items").into_owned()),
            ("ward_view", t!(l, "desk.ward_view").into_owned()),
            ("share_row", t!(l, "answer.share_row").into_owned()),
            ("drop_answer", t!(l, "answer.drop").into_owned()),
            ("answer", t!(l, "desk.answer").into_owned()),
            ("disposition", t!(l, "desk.disposition").into_owned()),
            ("reason", t!(l, "answer.reason").into_owned()),
            ("not_personal", t!(l, "answer.not_personal").into_owned()),
        ];
        let done = self.done.map(|done| {
            let (kind, key) = done.words();
            notice(kind, t!(l, key).into_owned(), ().into_any())
        });
        let action = self.action();
        let body = view! {
            <p class="muted">{self.theme.1.clone()}</p>
            {form::error_summary(l, &self.errors, &labels)}
            <h1 class="page__title">{self.title(l)}</h1>
            {self.nav(l)}
            {done}
            {self.newer.as_ref().map(|n| self.newer(l, n))}
            <form class="row-form" method="post" action=action.clone() novalidate>
                // The Enter key presses the first button of a form: it looks, it neither saves nor settles.
                <button class="visually-hidden" type="submit" name="act" value="check" tabindex="-1" aria-hidden="true">{t!(l, "answer.check")}</button>
                <input type="hidden" name="row_version" value=self.values.versions.0.to_string() />
                <input type="hidden" name="answer_version" value=self.values.versions.1.to_string() />
                <section class="row-part" aria-labelledby="row-summary">
                    <h2 class="row-part__title" id="row-summary">{t!(l, "desk.text")}</h2>
                    <div class="row-part__columns">
                        {self.originals(l)}
                        {self.summary(l, &action)}
                    </div>
                </section>
                <section class="row-part" aria-labelledby="row-answer">
                    <h2 class="row-part__title" id="row-answer">{t!(l, "desk.answer")}</h2>
                    <div class="row-part__columns">
                        {self.helpers(l, &action)}
                        {self.answer(l, &action)}
                    </div>
                </section>
            </form>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl RowForm {
    fn base(&self) -> String {
        format!("/staff/consultations/{}/responses", self.theme.0)
    }

    fn action(&self) -> String {
        match &self.row {
            Some(row) => format!("{}/rows/{}", self.base(), row.id),
            None => format!("{}/rows/new", self.base()),
        }
    }

    fn title(&self, l: Locale) -> String {
        match &self.row {
            Some(row) => t!(l, "answer.title", name = row.name).into_owned(),
            None => t!(l, "desk.row_new_title").into_owned(),
        }
    }

    /// Back to the desk, and on to other rows.
    fn nav(&self, l: Locale) -> AnyView {
        let base = self.base();
        let way = |rel: Option<&'static str>, row: &Option<(i64, String)>, words: fn(Locale, &str) -> String| {
            row.as_ref().map(|(id, name)| {
                view! { <li><a rel=rel href=format!("{base}/rows/{id}")>{words(l, name)}</a></li> }
            })
        };
        view! {
            <nav class="row-nav" aria-label=t!(l, "answer.ways")>
                <ul>
                    <li><a href=base.clone()>{t!(l, "desk.back")}</a></li>
                    {way(Some("prev"), &self.ways.previous, |l, name| t!(l, "answer.previous", name = name).into_owned())}
                    {way(Some("next"), &self.ways.next, |l, name| t!(l, "answer.next", name = name).into_owned())}
                    {way(None, &self.ways.open, |l, name| t!(l, "answer.next_open", name = name).into_owned())}
                </ul>
            </nav>
        }
        .into_any()
    }

    /// Both texts side by side: the later one decides, and nothing is lost.
    fn newer(&self, l: Locale, newer: &Newer) -> AnyView {
        let mine = &self.values;
        let printed = |code: &str| {
            self.dispositions.iter().find(|d| d.code == code).map(|d| d.printed.clone()).unwrap_or_default()
        };
        let pair = |title: String, saved: &str, mine: &str| {
            (saved != mine).then(|| {
                view! {
                    <h3>{title}</h3>
                    <div class="diff">
                        <div class="diff__side"><h4>{t!(l, "desk.saved_text", time = format::date_time(l, newer.at))}</h4>{plain_lines(saved)}</div>
                        <div class="diff__side"><h4>{t!(l, "desk.my_text")}</h4>{plain_lines(mine)}</div>
                    </div>
                }
            })
        };
        view! {
            <div class="error-summary" role="alert" tabindex="-1">
                <h2>{t!(l, "desk.stale")}</h2>
                <p>{t!(l, "desk.stale_text")}</p>
            </div>
            <section class="panel">
                {pair(t!(l, "desk.text").into_owned(), &newer.text, &mine.text)}
                {pair(t!(l, "desk.answer").into_owned(), &newer.answer, &mine.answer)}
                {pair(t!(l, "desk.disposition").into_owned(), &newer.disposition, &printed(&mine.disposition))}
                {pair(t!(l, "answer.reason").into_owned(), &newer.reason, &mine.reason)}
            </section>
        }
        .into_any()
    }
}
