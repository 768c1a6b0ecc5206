//! Who may do what to which object in which state: one function, checked against a golden table.
//!
//! The service layer asks it about the *loaded* object. `None` as the role is a visitor who isn't signed in.

use crate::{Phase, ProposalState, Role};

/// The actor's tie to the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// The actor wrote it.
    Own,
    /// It belongs to the actor's department.
    Department,
    /// Neither.
    None,
}

/// What an actor does to a consultation or to everything below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsultationAction {
    /// Read the theme.
    Read,
    /// Send an opinion.
    Propose,
    /// Write or change the theme itself.
    Edit,
    /// Make the theme public or set the time.
    Publish,
    /// See every proposal with its state.
    ReadQueue,
    /// Enter submissions for others, import them, and say where each stands.
    Intake,
    /// See who sent a submission (and its scans), with a reason that is logged.
    ReadIdentity,
    /// Hide or show again a proposal.
    Moderate,
    /// Write chapters, summaries and answers.
    DraftResponses,
    /// Publish the ward's view.
    PublishResponses,
}

impl ConsultationAction {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::Read,
        Self::Propose,
        Self::Edit,
        Self::Publish,
        Self::ReadQueue,
        Self::Intake,
        Self::ReadIdentity,
        Self::Moderate,
        Self::DraftResponses,
        Self::PublishResponses,
    ];
}

/// Whether `role` with `tie` may do `action` to a consultation that stands in `phase`.
#[must_use]
pub fn consultation(role: Option<Role>, tie: Tie, action: ConsultationAction, phase: Phase) -> bool {
    use ConsultationAction as A;
    let all = role == Some(Role::Admin);
    let department = tie == Tie::Department;
    let writes = all || (department && matches!(role, Some(Role::Clerk | Role::Approver)));
    let approves = all || (department && role == Some(Role::Approver));
    let staff = role.is_some_and(Role::is_staff);
    match action {
        A::Read => phase.is_public() || staff,
        A::Propose => phase == Phase::Open && role == Some(Role::Resident),
        A::Edit | A::Publish | A::Intake | A::ReadIdentity | A::Moderate | A::DraftResponses => writes,
        A::ReadQueue => writes || role == Some(Role::Auditor),
        A::PublishResponses => approves && matches!(phase, Phase::UnderReview | Phase::ResultOut | Phase::Progress),
    }
}

/// What an actor does to one row of the response desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowAction {
    /// Read it with the opinions it gathers, without who sent them.
    Read,
    /// Write its answer.
    Answer,
    /// Give it to another department, or ask another department about it.
    Route,
    /// Reply to a question about it (合議).
    Reply,
}

impl RowAction {
    /// Every action.
    pub const ALL: [Self; 4] = [Self::Read, Self::Answer, Self::Route, Self::Reply];
}

/// How an actor's department is tied to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowTie {
    /// It owns the theme.
    Theme,
    /// The row was given to it (所管).
    Given,
    /// It was asked about the row (合議).
    Asked,
    /// None of these.
    None,
}

impl RowTie {
    /// Every tie.
    pub const ALL: [Self; 4] = [Self::Theme, Self::Given, Self::Asked, Self::None];
}

/// Whether `role` with `tie` may do `action` to a row.
#[must_use]
pub fn row(role: Option<Role>, tie: RowTie, action: RowAction) -> bool {
    let all = role == Some(Role::Admin);
    let works = matches!(role, Some(Role::Clerk | Role::Approver));
    match action {
        RowAction::Read => all || role == Some(Role::Auditor) || (works && tie != RowTie::None),
        RowAction::Answer | RowAction::Route => all || (works && matches!(tie, RowTie::Theme | RowTie::Given)),
        RowAction::Reply => all || (works && tie == RowTie::Asked),
    }
}

/// What an actor does to one proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposalAction {
    /// Read its text.
    Read,
    /// Like it, or take the like back.
    Like,
    /// Edit or withdraw it (within [`crate::proposal::ChangeFacts`]).
    Change,
}

impl ProposalAction {
    /// Every action.
    pub const ALL: [Self; 3] = [Self::Read, Self::Like, Self::Change];
}

/// Whether `role` with `tie` may do `action` to a proposal; `shown` is whether its kind of consultation shows
/// proposals to everybody.
#[must_use]
pub fn proposal(role: Option<Role>, tie: Tie, action: ProposalAction, state: ProposalState, shown: bool) -> bool {
    let staff = role == Some(Role::Admin)
        || role == Some(Role::Auditor)
        || (tie == Tie::Department && matches!(role, Some(Role::Clerk | Role::Approver)));
    let public = shown && state == ProposalState::Published;
    match action {
        ProposalAction::Read => staff || tie == Tie::Own || public,
        ProposalAction::Like => role == Some(Role::Resident) && tie != Tie::Own && public,
        ProposalAction::Change => tie == Tie::Own && state == ProposalState::Published,
    }
}

/// What an actor does to the installation as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteAction {
    /// Open the console.
    OpenConsole,
    /// Make a new theme.
    CreateConsultation,
    /// Change the ward's own settings: its rules and presets.
    EditSettings,
    /// Read the audit log.
    ReadAudit,
}

impl SiteAction {
    /// Every action.
    pub const ALL: [Self; 4] = [Self::OpenConsole, Self::CreateConsultation, Self::EditSettings, Self::ReadAudit];
}

/// Whether `role` may do `action`.
#[must_use]
pub fn site(role: Option<Role>, action: SiteAction) -> bool {
    match action {
        SiteAction::OpenConsole => role.is_some_and(Role::is_staff),
        SiteAction::CreateConsultation => matches!(role, Some(Role::Clerk | Role::Approver | Role::Admin)),
        SiteAction::EditSettings => role == Some(Role::Admin),
        SiteAction::ReadAudit => matches!(role, Some(Role::Admin | Role::Auditor)),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn roles() -> Vec<Option<Role>> {
        std::iter::once(None).chain(Role::ALL.into_iter().map(Some)).collect()
    }

    fn name(role: Option<Role>) -> &'static str {
        role.map_or("visitor", Role::code)
    }

    /// The whole matrix as one table: a change of who may do what shows up as a diff to be approved.
    #[test]
    fn the_permission_matrix_is_as_agreed() {
        let mut table = String::new();
        for action in SiteAction::ALL {
            let who: Vec<_> = roles().into_iter().filter(|r| site(*r, action)).map(name).collect();
            writeln!(table, "site {action:?}: {}", who.join(" ")).unwrap();
        }
        for action in ConsultationAction::ALL {
            for phase in Phase::ALL {
                for tie in [Tie::Department, Tie::None] {
                    let who: Vec<_> =
                        roles().into_iter().filter(|r| consultation(*r, tie, action, phase)).map(name).collect();
                    writeln!(table, "consultation {action:?} {phase:?} {tie:?}: {}", who.join(" ")).unwrap();
                }
            }
        }
        for action in RowAction::ALL {
            for tie in RowTie::ALL {
                let who: Vec<_> = roles().into_iter().filter(|r| row(*r, tie, action)).map(name).collect();
                writeln!(table, "row {action:?} {tie:?}: {}", who.join(" ")).unwrap();
            }
        }
        for action in ProposalAction::ALL {
            for state in ProposalState::ALL {
                for shown in [true, false] {
                    for tie in [Tie::Own, Tie::Department, Tie::None] {
                        let who: Vec<_> =
                            roles().into_iter().filter(|r| proposal(*r, tie, action, state, shown)).map(name).collect();
                        writeln!(table, "proposal {action:?} {state:?} shown={shown} {tie:?}: {}", who.join(" "))
                            .unwrap();
                    }
                }
            }
        }
        insta::assert_snapshot!(table);
    }
}
