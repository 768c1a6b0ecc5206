//! One submission in the intake: how it was received, its opinions, notes of staff, and what can be done about it.

use chrono::NaiveDate;
use domain::{Channel, FieldErrors, Locale, Millis};
use leptos::prelude::*;

use super::{eligibility, status, status_tone, tools::settable};
use crate::{
    components::{badge, form, notice, page_links::page_links, plain_lines, time},
    format,
    pages::staff::identity,
    wording,
};

/// Longest message to a sender, for hints.
pub const MESSAGE_MAX: usize = 1000;

/// An opinion of the submission.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// Its own text; `None`: the whole submission.
    pub text: Option<String>,
    /// The paragraph of the draft it is about.
    pub anchor: Option<String>,
    /// The page of the draft it is about.
    pub page: Option<i64>,
    /// Rows of the response desk that gather it.
    pub links: i64,
}

/// A note of staff.
#[derive(Clone, Debug)]
pub struct Note {
    /// When it was written.
    pub at: Millis,
    /// Who wrote it.
    pub name: String,
    /// What it says.
    pub body: String,
}

/// A file that the sender attached.
#[derive(Clone, Debug)]
pub struct AttachedFile {
    /// The id of the attachment.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
}

/// What was typed into the forms, or what they start with.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// A status.
    pub state: String,
    /// Why.
    pub state_reason: String,
    /// A department's id.
    pub department: String,
    /// A note.
    pub note: String,
    /// The message to the sender.
    pub correction: String,
    /// Until when.
    pub until: String,
    /// The opinions.
    pub parts: Vec<String>,
    /// The ready-made reason to open the identity.
    pub preset: String,
}

/// How a submission is marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// 賛否のみ.
    pub approval_only: bool,
    /// 回答対象外.
    pub no_reply: bool,
}

/// What a member of staff may do to a submission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Change where it stands.
    pub act: bool,
    /// Write notes.
    pub note: bool,
    /// See who sent it.
    pub open: bool,
}

/// What is said about the boxes of its opinions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Boxes {
    /// They hold a suggestion.
    pub suggested: bool,
    /// A way of cutting was refused because of the response desk.
    pub refused: bool,
}

/// A submission in the intake.
#[derive(Clone, Debug)]
pub struct Intake {
    /// Its id.
    pub id: i64,
    /// The id of its theme.
    pub theme: i64,
    /// The PDF whose pages its texts may name.
    pub document_href: Option<String>,
    /// 受付番号.
    pub receipt: String,
    /// 受付日時.
    pub created_at: Millis,
    /// 収受日.
    pub received_on: Option<NaiveDate>,
    /// 消印日.
    pub postmarked_on: Option<NaiveDate>,
    /// 経路.
    pub channel: Channel,
    /// The code of its eligibility.
    pub eligibility: String,
    /// Where it stands, as a place in the counts.
    pub status: &'static str,
    /// 代筆者.
    pub scribe: Option<String>,
    /// Who entered it.
    pub entered_by: Option<String>,
    /// The department it is assigned to.
    pub department: Option<String>,
    /// The group of its text, with its size when it isn't alone in it.
    pub group: Option<(i64, i64)>,
    /// How it is marked.
    pub marks: Marks,
    /// What the sender was asked to correct, and until when.
    pub correction: Option<(String, Option<NaiveDate>)>,
    /// The link for a letter, when the sender was asked and has no mail address.
    pub letter_link: Option<String>,
    /// Its opinions.
    pub opinions: Vec<Opinion>,
    /// Attached files.
    pub files: Vec<AttachedFile>,
    /// Notes, the oldest first.
    pub notes: Vec<Note>,
    /// Departments to choose from.
    pub departments: Vec<(i64, String)>,
    /// What this person may do.
    pub rights: Rights,
    /// Whether it is here because it is assigned to this person's department.
    pub assigned_only: bool,
    /// Whether a mail can reach the sender.
    pub reachable: bool,
    /// What is said about the boxes.
    pub boxes: Boxes,
    /// What was typed.
    pub typed: Typed,
}

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The state was changed.
    State,
    /// The department was changed.
    Assigned,
    /// The marks were changed.
    Marked,
    /// A note was added.
    Noted,
    /// The sender was asked by mail.
    Asked,
    /// The sender has to be asked by post.
    AskedByHand,
    /// It was cut into opinions.
    Split,
}

impl Done {
    /// Every notice.
    pub const ALL: [Self; 7] =
        [Self::State, Self::Assigned, Self::Marked, Self::Noted, Self::Asked, Self::AskedByHand, Self::Split];

    /// The value in the address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Assigned => "assigned",
            Self::Marked => "marked",
            Self::Noted => "noted",
            Self::Asked => "asked",
            Self::AskedByHand => "asked-by-hand",
            Self::Split => "split",
        }
    }

    /// Reads the value in the address.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.code() == code)
    }

    /// The notice; `opinions` is how many there are now.
    #[must_use]
    pub fn notice(self, l: Locale, opinions: usize) -> AnyView {
        let title = match self {
            Self::State => t!(l, "intake.notice.state"),
            Self::Assigned => t!(l, "intake.notice.assigned"),
            Self::Marked => t!(l, "intake.notice.marked"),
            Self::Noted => t!(l, "intake.notice.noted"),
            Self::Asked => t!(l, "intake.notice.asked"),
            Self::AskedByHand => t!(l, "intake.notice.asked_by_hand"),
            Self::Split => t!(l, "intake.notice.split", n = opinions),
        };
        let text = (self == Self::AskedByHand).then(|| view! { <p>{t!(l, "intake.notice.asked_by_hand_text")}</p> });
        notice("success", title.into_owned(), text.into_any())
    }
}

/// What the message to a sender starts with.
#[must_use]
pub fn correction_template(l: Locale) -> String {
    t!(l, "intake.item.correction_template").into_owned()
}

/// The labels of the fields, for the error summary.
#[must_use]
pub fn labels(l: Locale) -> Vec<(&'static str, String)> {
    vec![
        ("state", t!(l, "intake.item.state").into_owned()),
        ("state_reason", t!(l, "intake.item.state_reason").into_owned()),
        ("department", t!(l, "intake.item.department").into_owned()),
        ("note", t!(l, "intake.item.note").into_owned()),
        ("correction", t!(l, "intake.item.correction_message").into_owned()),
        ("until", t!(l, "intake.item.until").into_owned()),
        ("item", t!(l, "intake.item.split").into_owned()),
    ]
}

impl Intake {
    /// Everything about the submission beside its text and its moderation.
    #[must_use]
    pub fn view(self, l: Locale, errors: &FieldErrors) -> AnyView {
        let actions = self.rights.act.then(|| {
            view! {
                <section class="intake__actions">
                    <h2 class="section__title">{t!(l, "intake.item.process")}</h2>
                    <div class="intake__tools">{self.state_form(l, errors)}{self.assignment_form(l, errors)}{self.marks_form(l)}</div>
                    {self.correction_form(l, errors)}
                    {self.split_form(l, errors)}
                </section>
            }
        });
        let open = self.rights.open.then(|| {
            let action = format!("/staff/proposals/{}/identity", self.id);
            identity::panel(l, &action, &self.typed.preset)
        });
        view! {
            {self.assigned_only.then(|| notice("info", t!(l, "intake.assigned_only").into_owned(), ().into_any()))}
            {self.facts(l)}
            {self.opinion_list(l)}
            {self.file_list(l)}
            {actions}
            {open}
            {self.note_list(l, errors)}
        }
        .into_any()
    }

    fn facts(&self, l: Locale) -> AnyView {
        let fact = |label: std::borrow::Cow<'static, str>, value: AnyView| {
            view! { <div><dt>{label}</dt><dd>{value}</dd></div> }.into_any()
        };
        let day = |label, day: Option<NaiveDate>| day.map(|d| fact(label, format::day(l, d).into_any()));
        let word = |label, text: Option<String>| text.map(|text| fact(label, text.into_any()));
        let group = self.group.map(|(group, size)| {
            let href = format!("/staff/consultations/{}/groups/{group}", self.theme);
            let link = view! { <a href=href>{t!(l, "intake.item.group_link", n = size)}</a> };
            fact(t!(l, "intake.item.group"), link.into_any())
        });
        let marks = view! {
            <span class="cluster">
                {badge(status_tone(self.status), status(l, self.status))}
                {self.marks.no_reply.then(|| badge("neutral", t!(l, "intake.no_reply").into_owned()))}
                {self.marks.approval_only.then(|| badge("neutral", t!(l, "intake.approval_only").into_owned()))}
            </span>
        };
        let department = self.department.clone().unwrap_or_else(|| t!(l, "intake.unassigned").into_owned());
        view! {
            <section>
                <h2 class="section__title">{t!(l, "intake.item.facts")}</h2>
                <dl class="facts intake__facts">
                    {fact(t!(l, "intake.item.state"), marks.into_any())}
                    {fact(t!(l, "intake.item.channel"), wording::channel(l, self.channel).into_any())}
                    {fact(t!(l, "intake.item.received"), time(l, self.created_at))}
                    {day(t!(l, "intake.item.received_on"), self.received_on)}
                    {day(t!(l, "intake.item.postmarked_on"), self.postmarked_on)}
                    {fact(t!(l, "intake.item.eligibility"), eligibility(l, &self.eligibility).into_any())}
                    {fact(t!(l, "intake.item.department"), department.into_any())}
                    {word(t!(l, "intake.item.scribe"), self.scribe.clone())}
                    {word(t!(l, "intake.item.entered_by"), self.entered_by.clone())}
                    {group}
                </dl>
            </section>
        }
        .into_any()
    }

    fn opinion_list(&self, l: Locale) -> AnyView {
        let items = (1_usize..)
            .zip(&self.opinions)
            .map(|(n, opinion)| {
                let text = match &opinion.text {
                    Some(text) => page_links(text, self.document_href.as_deref()),
                    None => view! { <span class="muted">{t!(l, "intake.item.whole")}</span> }.into_any(),
                };
                let anchor = opinion.anchor.clone().map(|anchor| t!(l, "intake.item.anchor", anchor = anchor));
                let page = opinion.page.map(|page| t!(l, "intake.item.page", page = page));
                let links = (opinion.links > 0).then(|| t!(l, "intake.item.links", n = opinion.links));
                view! {
                    <li class="source-item">
                        <h3>{t!(l, "intake.item.opinion", n = n)}</h3>
                        <p class="source-item__text">{text}</p>
                        <p class="source-item__meta">
                            {anchor.map(|a| view! { <span>{a}</span> })}
                            {page.map(|p| view! { <span>{p}</span> })}
                            {links.map(|links| view! { <span>{links}</span> })}
                        </p>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section>
                <h2 class="section__title">{t!(l, "intake.item.opinions", n = self.opinions.len())}</h2>
                <ol class="queue">{items}</ol>
            </section>
        }
        .into_any()
    }

    fn file_list(&self, l: Locale) -> Option<AnyView> {
        (!self.files.is_empty()).then(|| {
            let items = self
                .files
                .iter()
                .map(|file| {
                    let href = format!("/staff/proposals/{}/attachments/{}", self.id, file.id);
                    view! { <li><a href=href>{file.name.clone()}</a>" "<span class="document-list__meta">{format::size(file.size)}</span></li> }
                })
                .collect_view();
            view! {
                <section>
                    <h2 class="section__title">{t!(l, "intake.item.attachments", n = self.files.len())}</h2>
                    <ul class="document-list">{items}</ul>
                </section>
            }
            .into_any()
        })
    }

    fn note_list(&self, l: Locale, errors: &FieldErrors) -> AnyView {
        let items = self
            .notes
            .iter()
            .map(|note| {
                view! {
                    <li class="panel">
                        <p class="cluster"><bdi>{note.name.clone()}</bdi>{time(l, note.at)}</p>
                        <p>{plain_lines(&note.body)}</p>
                    </li>
                }
            })
            .collect_view();
        let none = self.notes.is_empty().then(|| view! { <p class="muted">{t!(l, "intake.item.no_notes")}</p> });
        let form = self.rights.note.then(|| {
            let field = form::Field::new(l, errors, "note", t!(l, "intake.item.note"), &self.typed.note)
                .required()
                .help(t!(l, "intake.item.note_help"));
            view! {
                <form class="form" method="post" action=self.action("notes") novalidate>
                    {form::text_area(l, &field, 3)}
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "intake.item.note_add")}</button>
                </form>
            }
        });
        view! {
            <section id="notes">
                <h2 class="section__title">{t!(l, "intake.item.notes", n = self.notes.len())}</h2>
                {none}
                <ol class="queue">{items}</ol>
                {form}
            </section>
        }
        .into_any()
    }

    fn action(&self, what: &str) -> String {
        format!("/staff/proposals/{}/{what}", self.id)
    }

    fn state_form(&self, l: Locale, errors: &FieldErrors) -> AnyView {
        let state = form::Field::new(l, errors, "state", t!(l, "intake.item.state"), &self.typed.state).required();
        let reason =
            form::Field::new(l, errors, "state_reason", t!(l, "intake.item.state_reason"), &self.typed.state_reason)
                .help(t!(l, "intake.item.state_reason_help"));
        let choose = std::iter::once((String::new(), t!(l, "staff.form.choose").into_owned()));
        view! {
            <form class="form intake__tool" method="post" action=self.action("state") novalidate>
                {form::select(l, &state, choose.chain(settable(l)).collect())}
                {form::input(l, &reason, form::Input::default())}
                <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "intake.item.set_state")}</button>
            </form>
        }
        .into_any()
    }

    fn assignment_form(&self, l: Locale, errors: &FieldErrors) -> AnyView {
        let department =
            form::Field::new(l, errors, "department", t!(l, "intake.item.department"), &self.typed.department)
                .help(t!(l, "intake.item.assign_help"));
        let options = std::iter::once((String::new(), t!(l, "intake.unassigned").into_owned()))
            .chain(self.departments.iter().map(|(id, name)| (id.to_string(), name.clone())))
            .collect();
        view! {
            <form class="form intake__tool" method="post" action=self.action("assignment") novalidate>
                {form::select(l, &department, options)}
                <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "intake.item.assign")}</button>
            </form>
        }
        .into_any()
    }

    fn marks_form(&self, l: Locale) -> AnyView {
        let choice = |name: &'static str, checked: bool, label: std::borrow::Cow<'static, str>| {
            view! { <label class="choice"><input type="checkbox" name=name value="1" checked=checked /><span class="choice__label">{label}</span></label> }
        };
        view! {
            <form class="form intake__tool" method="post" action=self.action("marks")>
                <fieldset class="fieldset">
                    <legend class="fieldset__legend">{t!(l, "intake.item.marks")}</legend>
                    {choice("approval_only", self.marks.approval_only, t!(l, "intake.approval_only"))}
                    {choice("no_reply", self.marks.no_reply, t!(l, "intake.no_reply"))}
                </fieldset>
                <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "intake.item.set_marks")}</button>
            </form>
        }
        .into_any()
    }

    fn correction_form(&self, l: Locale, errors: &FieldErrors) -> Option<AnyView> {
        if self.status == "withdrawn" {
            return None;
        }
        let now = self.correction.clone().map(|(note, until)| {
            let day = until.map(|day| format::day(l, day)).unwrap_or_default();
            let body = view! { <p>{plain_lines(&note)}</p> };
            notice("info", t!(l, "intake.item.correction_now", day = day).into_owned(), body.into_any())
        });
        let letter = self.letter_link.clone().map(|link| {
            view! {
                <div class="panel">
                    <h3>{t!(l, "intake.item.link_title")}</h3>
                    <p>{t!(l, "intake.item.link_text", number = self.receipt)}</p>
                    <p class="intake__link">{link}</p>
                </div>
            }
        });
        let help =
            if self.reachable { t!(l, "intake.item.correction_help") } else { t!(l, "intake.item.correction_by_hand") };
        let field = |name, label, value: &str| form::Field::new(l, errors, name, label, value).required();
        let message = field("correction", t!(l, "intake.item.correction_message"), &self.typed.correction).help(t!(
            l,
            "intake.item.correction_message_help",
            max = MESSAGE_MAX
        ));
        let until = field("until", t!(l, "intake.item.until"), &self.typed.until).help(t!(l, "intake.item.until_help"));
        let open = errors.of("correction").is_some() || errors.of("until").is_some();
        Some(
            view! {
                {now}
                {letter}
                <details class="disclosure" open=open>
                    <summary>{t!(l, "intake.item.correction")}</summary>
                    <form class="form" method="post" action=self.action("correction") novalidate>
                        <p>{help}</p>
                        {form::text_area(l, &message, 4)}
                        {form::input(l, &until, form::Input::default())}
                        <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "intake.item.ask")}</button>
                    </form>
                </details>
            }
            .into_any(),
        )
    }

    fn split_form(&self, l: Locale, errors: &FieldErrors) -> AnyView {
        let problem = errors.of("item").map(|p| wording::problem(l, p));
        let described = problem.as_ref().map(|_| "e-item".to_owned());
        let boxes = (1_usize..)
            .zip(&self.typed.parts)
            .map(|(n, part)| {
                let id = if n == 1 { "f-item".to_owned() } else { format!("f-item-{n}") };
                view! {
                    <div class="field">
                        <label class="field__label" for=id.clone()>{t!(l, "intake.item.split_part", n = n)}</label>
                        <form::TextArea id=id name="item" value=part.clone() rows=3 invalid=described.is_some() described_by=described.clone() />
                    </div>
                }
            })
            .collect_view();
        let open = problem.is_some() || self.boxes.refused || self.typed.parts.len() > self.opinions.len().max(1) + 1;
        let linked = (self.boxes.refused || self.opinions.iter().any(|o| o.links > 0)).then(|| {
            let kind = if self.boxes.refused { "error" } else { "info" };
            notice(kind, t!(l, "intake.item.split_linked").into_owned(), ().into_any())
        });
        view! {
            <details class="disclosure" open=open>
                <summary>{t!(l, "intake.item.split")}</summary>
                <form class="form" method="post" action=self.action("split") novalidate>
                    <p>{t!(l, "intake.item.split_help")}</p>
                    {self.boxes.suggested.then(|| view! { <p>{t!(l, "intake.item.split_suggested")}</p> })}
                    {linked}
                    {problem.map(|problem| view! { <p class="field__error" id="e-item"><span class="visually-hidden">{t!(l, "form.error")}</span>{problem}</p> })}
                    {boxes}
                    <div class="cluster">
                        <button class="button" data-variant="solid" data-size="md" type="submit" name="act" value="save">{t!(l, "intake.item.split_save")}</button>
                        <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="more">{t!(l, "intake.item.split_more")}</button>
                    </div>
                </form>
            </details>
        }
        .into_any()
    }
}
