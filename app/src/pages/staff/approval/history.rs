//! Who did what when with a table put up for decision.

use domain::{
    Locale, Millis,
    workflow::{ApprovalState, Step, StepState},
};
use leptos::prelude::*;

use super::who;
use crate::components::{badge, plain_lines, time};

/// A step of a table put up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// What it is called and who takes it.
    pub step: Step,
    /// What became of it.
    pub state: StepState,
    /// The remark with the decision.
    pub comment: String,
    /// Who decided and when.
    pub decided: Option<(String, Millis)>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Who.
    pub by: String,
    /// When.
    pub at: Millis,
    /// What.
    pub body: String,
}

/// A table put up for decision with everything that happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Its id.
    pub id: i64,
    /// Where it stands.
    pub state: ApprovalState,
    /// Who put it up.
    pub by: String,
    /// When.
    pub at: Millis,
    /// The remark with which it was put up.
    pub note: String,
    /// The check sum of what was put up.
    pub sha256: String,
    /// Why it was sent or taken back.
    pub closed: String,
    /// When it was closed.
    pub closed_at: Option<Millis>,
    /// Its steps in order.
    pub steps: Vec<StepView>,
    /// What was said about it.
    pub remarks: Vec<Remark>,
}

impl Round {
    /// The step that is due with its position from 1; none when everything is decided.
    #[must_use]
    pub fn due(&self) -> Option<(i64, &Step)> {
        if self.state != ApprovalState::Open {
            return None;
        }
        (1..).zip(&self.steps).find(|(_, s)| s.state == StepState::Waiting).map(|(n, s)| (n, &s.step))
    }
}

const fn tone(state: ApprovalState) -> &'static str {
    match state {
        ApprovalState::Open => "review",
        ApprovalState::Approved | ApprovalState::Published => "published",
        ApprovalState::SentBack => "coming",
        ApprovalState::Withdrawn | ApprovalState::Replaced => "draft",
    }
}

fn state(l: Locale, state: ApprovalState) -> String {
    t!(l, format!("approval.state.{}", state.code())).into_owned()
}

/// Where a table stands, in a line.
pub(super) fn line(l: Locale, round: &Round) -> AnyView {
    let text = match round.due() {
        Some((_, step)) => t!(l, "approval.waiting_for", step = step.name, who = who(l, step)).into_owned(),
        None => state(l, round.state),
    };
    view! { <p class="status-line" data-state=tone(round.state)>{text}</p> }.into_any()
}

/// One table with its steps and what was said.
pub(super) fn round(l: Locale, base: &str, round: &Round) -> AnyView {
    let id = format!("approval-{}", round.id);
    let steps = round.steps.iter().map(|step| step_row(l, step)).collect_view();
    let remarks = round
        .remarks
        .iter()
        .map(|remark| {
            view! {
                <li class="remark">
                    <p class="remark__meta">{remark.by.clone()}" "{time(l, remark.at)}</p>
                    <p class="remark__text">{plain_lines(&remark.body)}</p>
                </li>
            }
        })
        .collect_view();
    let remarks = (!round.remarks.is_empty()).then(|| {
        view! { <h4>{t!(l, "approval.remarks")}</h4><ul class="remarks">{remarks}</ul> }
    });
    let path = format!("{base}/{}", round.id);
    let closed = round.closed_at.filter(|_| !matches!(round.state, ApprovalState::Open)).map(|at| {
        let why = (!round.closed.is_empty()).then(|| plain_lines(&round.closed));
        view! { <li class="approval-step"><p class="approval-step__name">{state(l, round.state)}</p><p class="approval-step__meta">{time(l, at)}</p><div class="approval-step__text">{why}</div></li> }
    });
    view! {
        <article class="approval-round" id=id.clone() aria-labelledby=format!("{id}-title")>
            <h3 class="approval-round__title" id=format!("{id}-title")>{t!(l, "approval.round", n = round.id)}" "{badge(tone(round.state), state(l, round.state))}</h3>
            <ol class="approval-steps">
                <li class="approval-step" data-state="approved">
                    <p class="approval-step__name">{t!(l, "approval.drafting")}</p>
                    <p class="approval-step__meta">{round.by.clone()}" "{time(l, round.at)}</p>
                    <div class="approval-step__text">{(!round.note.is_empty()).then(|| plain_lines(&round.note))}</div>
                </li>
                {steps}
                {closed}
            </ol>
            {remarks}
            <p class="muted">{t!(l, "approval.sha")}" "<code class="approval-sha">{round.sha256.clone()}</code></p>
            <p class="cluster">
                <a href=format!("{path}/table")>{t!(l, "approval.read_table")}<span class="visually-hidden">{t!(l, "approval.round", n = round.id)}</span></a>
                <a href=format!("{path}/package.zip") download="">{t!(l, "approval.package")}<span class="visually-hidden">{t!(l, "approval.round", n = round.id)}</span></a>
            </p>
        </article>
    }
    .into_any()
}

fn step_row(l: Locale, step: &StepView) -> AnyView {
    let meta = match &step.decided {
        Some((by, at)) => view! { {by.clone()}" "{time(l, *at)} }.into_any(),
        None => who(l, &step.step).into_any(),
    };
    let outcome = t!(l, format!("approval.step.{}", step.state.code()));
    view! {
        <li class="approval-step" data-state=step.state.code()>
            <p class="approval-step__name">{step.step.name.clone()}<span class="approval-step__outcome">{outcome}</span></p>
            <p class="approval-step__meta">{meta}</p>
            <div class="approval-step__text">{(!step.comment.is_empty()).then(|| plain_lines(&step.comment))}</div>
        </li>
    }
    .into_any()
}
