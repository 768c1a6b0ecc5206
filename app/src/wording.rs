//! The words for the domain's enums and problems.

use crate::pages::errors::ErrorKind;
use domain::{
    Channel, ConsultationKind, Locale, Phase, Problem, ProposalState, Role, commitment::CommitmentState, proposal,
};

/// The words for a problem of a field.
#[must_use]
pub fn problem(l: Locale, problem: Problem) -> String {
    match problem {
        Problem::Required => t!(l, "problem.required"),
        Problem::ChoiceRequired => t!(l, "problem.choice_required"),
        Problem::TooLong { max, actual } => t!(l, "problem.too_long", max = max, over = actual.saturating_sub(max)),
        Problem::TooShort { min } => t!(l, "problem.too_short", min = min),
        Problem::ControlCharacters => t!(l, "problem.control_characters"),
        Problem::Email => t!(l, "problem.email"),
        Problem::PasswordMismatch => t!(l, "problem.password_mismatch"),
        Problem::PasswordCommon => t!(l, "problem.password_common"),
        Problem::Slug => t!(l, "problem.slug"),
        Problem::SlugTaken => t!(l, "problem.slug_taken"),
        Problem::Date => t!(l, "problem.date"),
        Problem::Time => t!(l, "problem.time"),
        Problem::EndBeforeStart => t!(l, "problem.end_before_start"),
        Problem::Code => t!(l, "problem.code"),
        Problem::FileKind => t!(l, "problem.file_kind"),
        Problem::FileUnsafe => t!(l, "problem.file_unsafe"),
        Problem::TooManyFiles { max } => t!(l, "problem.too_many_files", max = max),
        Problem::FileSize { max_mib } => t!(l, "problem.file_size", max = max_mib),
        Problem::AltRequired => t!(l, "problem.alt_required"),
        Problem::Credentials => t!(l, "problem.credentials"),
        Problem::Closed => t!(l, "problem.closed"),
        Problem::UnknownChoice => t!(l, "problem.unknown_choice"),
        Problem::NumberRange { min, max } => t!(l, "problem.number_range", min = min, max = max),
        Problem::TooEarly { earliest } => t!(l, "problem.too_early", day = crate::format::day(l, earliest)),
        Problem::AnswerFirst => t!(l, "problem.answer_first"),
        Problem::SameText => t!(l, "problem.same_text"),
        Problem::PeriodFixed => t!(l, "problem.period_fixed"),
        Problem::TooMany { max } => t!(l, "problem.too_many", max = max),
        Problem::Identifier => t!(l, "problem.identifier"),
        Problem::Taken => t!(l, "problem.taken"),
        Problem::InUse => t!(l, "problem.in_use"),
    }
    .into_owned()
}

/// The words for a phase.
#[must_use]
pub fn phase(l: Locale, phase: Phase) -> String {
    match phase {
        Phase::Draft => t!(l, "phase.draft"),
        Phase::Scheduled => t!(l, "phase.scheduled"),
        Phase::Coming => t!(l, "phase.coming"),
        Phase::Open => t!(l, "phase.open"),
        Phase::UnderReview => t!(l, "phase.review"),
        Phase::ResultOut => t!(l, "phase.result"),
        Phase::Progress => t!(l, "phase.progress"),
    }
    .into_owned()
}

/// The badge tone of a phase, a `data-tone` of the style sheet.
#[must_use]
pub const fn phase_tone(phase: Phase) -> &'static str {
    match phase {
        Phase::Draft => "draft",
        Phase::Scheduled | Phase::Coming => "coming",
        Phase::Open => "open",
        Phase::UnderReview => "review",
        Phase::ResultOut | Phase::Progress => "published",
    }
}

/// The words for a kind of consultation.
#[must_use]
pub fn kind(l: Locale, kind: ConsultationKind) -> String {
    match kind {
        ConsultationKind::OpenDialogue => t!(l, "kind.open_dialogue"),
        ConsultationKind::PublicComment => t!(l, "kind.public_comment"),
    }
    .into_owned()
}

/// The words for a proposal's state, as staff and its author see it.
#[must_use]
pub fn proposal_state(l: Locale, state: ProposalState) -> String {
    match state {
        ProposalState::Published => t!(l, "proposal_state.published"),
        ProposalState::Hidden => t!(l, "proposal_state.hidden"),
        ProposalState::Withdrawn => t!(l, "proposal_state.withdrawn"),
    }
    .into_owned()
}

/// The badge tone of a proposal's state.
#[must_use]
pub const fn proposal_tone(state: ProposalState) -> &'static str {
    match state {
        ProposalState::Published => "open",
        ProposalState::Hidden => "hidden",
        ProposalState::Withdrawn => "neutral",
    }
}

/// The words for a channel.
#[must_use]
pub fn channel(l: Locale, channel: Channel) -> String {
    match channel {
        Channel::Web => t!(l, "channel.web"),
        Channel::Post => t!(l, "channel.post"),
        Channel::Counter => t!(l, "channel.counter"),
        Channel::Fax => t!(l, "channel.fax"),
        Channel::Email => t!(l, "channel.email"),
        Channel::Phone => t!(l, "channel.phone"),
        Channel::Hearing => t!(l, "channel.hearing"),
        Channel::Workshop => t!(l, "channel.workshop"),
        Channel::Survey => t!(l, "channel.survey"),
    }
    .into_owned()
}

/// Where a promise stands.
#[must_use]
pub fn commitment(l: Locale, state: CommitmentState) -> String {
    t!(l, format!("commitment.{}", state.code())).into_owned()
}

/// The words for a role.
#[must_use]
pub fn role(l: Locale, role: Role) -> String {
    match role {
        Role::Resident => t!(l, "role.resident"),
        Role::Clerk => t!(l, "role.clerk"),
        Role::Approver => t!(l, "role.approver"),
        Role::Admin => t!(l, "role.admin"),
        Role::Auditor => t!(l, "role.auditor"),
    }
    .into_owned()
}

/// A proposal's headline: its title, or the start of its body.
#[must_use]
pub fn headline(title: Option<&str>, body: &str) -> String {
    let first_line = body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    title.map_or_else(|| domain::text::excerpt(first_line, 32), str::to_owned)
}

/// Longest body of a proposal, for hints.
pub const BODY_MAX: usize = proposal::BODY_MAX;

/// The author's name of an opinion that reached the ward on paper or in person.
#[must_use]
pub fn staff_entry(l: Locale) -> String {
    t!(l, "proposal.staff_entry").into_owned()
}

/// Why a like didn't count.
#[must_use]
pub fn like_refused(l: Locale, kind: Option<ErrorKind>) -> String {
    match kind {
        None => t!(l, "like.sign_in"),
        Some(ErrorKind::Forbidden) => t!(l, "like.own"),
        Some(ErrorKind::Conflict | ErrorKind::NotFound) => t!(l, "like.closed"),
        Some(ErrorKind::TooMany { .. }) => t!(l, "like.too_many"),
        Some(_) => t!(l, "like.failed"),
    }
    .into_owned()
}

/// The draft was kept.
#[must_use]
pub fn draft_saved(l: Locale, at: domain::Millis) -> String {
    t!(l, "draft.saved_at", time = crate::format::date_time(l, at)).into_owned()
}

/// The draft was not kept, because nobody is signed in any more.
#[must_use]
pub fn draft_sign_in(l: Locale) -> String {
    t!(l, "draft.sign_in").into_owned()
}

/// A text of the site's own.
#[derive(Clone, Debug)]
pub struct SiteText {
    /// Its title.
    pub title: String,
    /// Its text.
    pub markdown: String,
}

/// A text of the site's own: `about`, `rules`, `privacy` or `accessibility`.
#[must_use]
pub fn site_text(l: Locale, topic: &str, ward: &str) -> Option<SiteText> {
    let (title, ja, en) = match topic {
        "about" => (
            t!(l, "nav.about"),
            include_str!("../locales/texts/about.ja.md"),
            include_str!("../locales/texts/about.en.md"),
        ),
        "rules" => (
            t!(l, "nav.rules"),
            include_str!("../locales/texts/rules.ja.md"),
            include_str!("../locales/texts/rules.en.md"),
        ),
        "privacy" => (
            t!(l, "nav.privacy"),
            include_str!("../locales/texts/privacy.ja.md"),
            include_str!("../locales/texts/privacy.en.md"),
        ),
        "accessibility" => (
            t!(l, "nav.accessibility"),
            include_str!("../locales/texts/accessibility.ja.md"),
            include_str!("../locales/texts/accessibility.en.md"),
        ),
        _ => return None,
    };
    let markdown = match l {
        Locale::Ja => ja,
        Locale::En => en,
    };
    Some(SiteText { title: title.into_owned(), markdown: markdown.replace("%{ward}", ward) })
}
