//! 決裁の流れ: the steps a table goes through between 起案 and 公表, who takes them, and what became of each.
//!
//! A ward sets its steps once ([`Workflow`]); a table put up for decision keeps the steps it was put up with. Nothing is
//! published that has not gone through all of them.

use serde::{Deserialize, Serialize};

use crate::{FieldErrors, Problem, Role, rules::coded, text};

/// Most steps.
pub const STEPS_MAX: usize = 8;
/// Longest name of a step, in graphemes.
pub const STEP_NAME_MAX: usize = 20;
/// Longest remark of somebody who decides or comments, in graphemes.
pub const COMMENT_MAX: usize = 2_000;
/// Longest reason of a correction (正誤), in graphemes.
pub const NOTE_MAX: usize = 500;

/// The fields of the settings' form by position of the step: its name, who takes it, of which department.
pub const FIELDS: [[&str; 3]; STEPS_MAX] = [
    ["name1", "role1", "department1"],
    ["name2", "role2", "department2"],
    ["name3", "role3", "department3"],
    ["name4", "role4", "department4"],
    ["name5", "role5", "department5"],
    ["name6", "role6", "department6"],
    ["name7", "role7", "department7"],
    ["name8", "role8", "department8"],
];

coded! {
    /// The least role that takes a step.
    #[derive(Default)]
    StepRole {
        /// 担当 and above.
        Clerk = "clerk",
        /// 決裁者 and above.
        #[default]
        Approver = "approver",
        /// 管理者.
        Admin = "admin",
    }
}

coded! {
    /// Of which department who takes a step has to be.
    #[derive(Default)]
    StepDepartment {
        /// 所管課: the theme's own. Administrators are of every department.
        #[default]
        Owner = "owner",
        /// Any: a step that one office takes for the whole ward, such as 政策法務.
        Any = "any",
    }
}

coded! {
    /// Where a table put up for decision stands.
    #[derive(Default)]
    ApprovalState {
        /// 回付中: somebody has to decide.
        #[default]
        Open = "open",
        /// 決裁済: it can be published.
        Approved = "approved",
        /// 差戻し.
        SentBack = "sent_back",
        /// 取下げ by who put it up.
        Withdrawn = "withdrawn",
        /// 差替え: the desk had changed, and it was put up anew.
        Replaced = "replaced",
        /// 公表済, or waiting for the time of publication.
        Published = "published",
    }
}

coded! {
    /// What became of a step.
    #[derive(Default)]
    StepState {
        /// Nobody has decided yet.
        #[default]
        Waiting = "waiting",
        /// Agreed to.
        Approved = "approved",
        /// 差戻し.
        SentBack = "sent_back",
    }
}

impl StepRole {
    /// Whether a role is at least this one. Auditors read and decide nothing.
    #[must_use]
    pub const fn holds(self, role: Role) -> bool {
        match self {
            Self::Clerk => matches!(role, Role::Clerk | Role::Approver | Role::Admin),
            Self::Approver => matches!(role, Role::Approver | Role::Admin),
            Self::Admin => matches!(role, Role::Admin),
        }
    }

    /// The role of that name.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Clerk => Role::Clerk,
            Self::Approver => Role::Approver,
            Self::Admin => Role::Admin,
        }
    }
}

/// One step: 確認, 決裁.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it is called.
    pub name: String,
    /// Who takes it, at least.
    pub role: StepRole,
    /// Of which department.
    pub department: StepDepartment,
}

impl Step {
    /// Who takes it as one code, 「approver:owner」, as it is kept with a table put up for decision.
    #[must_use]
    pub fn right(&self) -> String {
        format!("{}:{}", self.role.code(), self.department.code())
    }

    /// A step from its name and [`Self::right`]; a code that can't be read is the strictest.
    #[must_use]
    pub fn of(name: &str, right: &str) -> Self {
        let (role, department) = right.split_once(':').unwrap_or((right, ""));
        Self {
            name: name.to_owned(),
            role: StepRole::from_code(role).unwrap_or(StepRole::Admin),
            department: StepDepartment::from_code(department).unwrap_or_default(),
        }
    }

    /// Whether a role may take it; `owner`: it is of the theme's own department.
    #[must_use]
    pub fn is_open_to(&self, role: Role, owner: bool) -> bool {
        self.role.holds(role) && (owner || role == Role::Admin || self.department == StepDepartment::Any)
    }
}

/// Somebody who wants to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decider {
    /// The account.
    pub account: i64,
    /// Its role.
    pub role: Role,
    /// Whether it is of the theme's own department.
    pub owner: bool,
}

/// A ward's way to a decision.
///
/// A field that is missing in stored JSON takes its value from [`Workflow::default`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Workflow {
    /// The steps after 起案, in order; the last one is 決裁.
    pub steps: Vec<Step>,
    /// Nobody decides on what they put up, and nobody takes two steps.
    pub apart: bool,
    /// A summary that isn't the opinion word for word needs a second person who confirms it.
    pub confirm_summaries: bool,
}

impl Default for Workflow {
    /// 起案 → 確認 → 決裁, by three people.
    fn default() -> Self {
        let step = |name: &str, role| Step { name: name.to_owned(), role, department: StepDepartment::Owner };
        Self {
            steps: vec![step("確認", StepRole::Clerk), step("決裁", StepRole::Approver)],
            apart: true,
            confirm_summaries: true,
        }
    }
}

impl Workflow {
    /// Whether somebody may take a step of what `drafted_by` put up, after the steps that `decided_by` took.
    #[must_use]
    pub fn may_decide(&self, step: &Step, who: Decider, drafted_by: i64, decided_by: &[i64]) -> bool {
        let other = who.account != drafted_by && !decided_by.contains(&who.account);
        step.is_open_to(who.role, who.owner) && (other || !self.apart)
    }

    /// How many people it takes at least, who puts it up included.
    #[must_use]
    pub const fn people(&self) -> usize {
        if self.apart { self.steps.len() + 1 } else { 1 }
    }

    /// What keeps it from being used: at least one step, names, and a last step that an approver takes.
    ///
    /// # Errors
    /// The problems under the names in [`FIELDS`]; `form` when there is no step, or too many.
    pub fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::new();
        if self.steps.is_empty() {
            errors.push("form", Problem::Required);
        }
        if self.steps.len() > STEPS_MAX {
            errors.push("form", Problem::TooMany { max: STEPS_MAX });
        }
        for (step, [name, _, _]) in self.steps.iter().zip(FIELDS) {
            if let Err(problem) = text::required_line(&step.name, STEP_NAME_MAX) {
                errors.push(name, problem);
            }
        }
        // 決裁 is an approver's.
        if let Some((last, [_, role, _])) = self.steps.iter().zip(FIELDS).next_back()
            && last.role == StepRole::Clerk
        {
            errors.push(role, Problem::UnknownChoice);
        }
        errors.into_result(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decider(account: i64, role: Role, owner: bool) -> Decider {
        Decider { account, role, owner }
    }

    #[test]
    fn nobody_decides_what_they_put_up_or_takes_two_steps() {
        let flow = Workflow::default();
        let [check, decide] = &flow.steps[..] else { panic!() };
        let (clerk, other, chief) =
            (decider(1, Role::Clerk, true), decider(2, Role::Clerk, true), decider(3, Role::Approver, true));
        assert!(!flow.may_decide(check, clerk, 1, &[]));
        assert!(flow.may_decide(check, other, 1, &[]));
        assert!(flow.may_decide(check, chief, 1, &[]), "an approver may confirm as well");
        assert!(!flow.may_decide(decide, other, 1, &[]), "決裁 is an approver's");
        assert!(flow.may_decide(decide, chief, 1, &[2]));
        assert!(!flow.may_decide(decide, chief, 1, &[3]));
        let alone = Workflow { apart: false, ..flow.clone() };
        assert!(alone.may_decide(decide, chief, 3, &[3]));
        assert_eq!((flow.people(), alone.people()), (3, 1));
    }

    #[test]
    fn a_step_is_open_to_its_department_and_to_administrators() {
        let own = Step { name: "決裁".to_owned(), ..Step::default() };
        let any = Step { department: StepDepartment::Any, ..own.clone() };
        for (role, owner, of_own, of_any) in [
            (Role::Approver, true, true, true),
            (Role::Approver, false, false, true),
            (Role::Admin, false, true, true),
            (Role::Clerk, true, false, false),
            (Role::Auditor, true, false, false),
            (Role::Resident, true, false, false),
        ] {
            assert_eq!((own.is_open_to(role, owner), any.is_open_to(role, owner)), (of_own, of_any), "{role:?}");
        }
    }

    #[test]
    fn steps_keep_their_right_as_a_code() {
        for role in StepRole::ALL {
            for department in StepDepartment::ALL {
                let step = Step { name: "審査".to_owned(), role, department };
                assert_eq!(Step::of("審査", &step.right()), step);
            }
        }
        assert_eq!(Step::of("?", "x").role, StepRole::Admin, "what can't be read opens nothing");
    }

    #[test]
    fn a_way_without_a_decision_is_refused() {
        assert!(Workflow::default().check().is_ok());
        let of = |steps: Vec<Step>| Workflow { steps, ..Workflow::default() }.check().unwrap_err();
        assert_eq!(of(vec![]).of("form"), Some(Problem::Required));
        let step = |name: &str, role| Step { name: name.to_owned(), role, ..Step::default() };
        assert_eq!(of(vec![step("確認", StepRole::Clerk)]).of("role1"), Some(Problem::UnknownChoice));
        assert_eq!(of(vec![step(" ", StepRole::Admin)]).of("name1"), Some(Problem::Required));
        let many = vec![step("決裁", StepRole::Approver); STEPS_MAX + 1];
        assert_eq!(of(many).of("form"), Some(Problem::TooMany { max: STEPS_MAX }));
    }

    #[test]
    fn stored_ways_are_read_back_and_codes_are_the_names() {
        let flow = Workflow::default();
        let stored = serde_json::to_string(&flow).unwrap();
        assert_eq!(serde_json::from_str::<Workflow>(&stored).unwrap(), flow);
        assert_eq!(serde_json::from_str::<Workflow>("{}").unwrap(), flow);
        for state in ApprovalState::ALL {
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
            assert_eq!(ApprovalState::from_code(state.code()), Some(state));
        }
    }
}
