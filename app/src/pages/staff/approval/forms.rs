//! What can be done: putting up, deciding, saying something, publishing.

use domain::{Locale, workflow::ApprovalState};
use leptos::prelude::*;

use super::{ApprovalPage, Changes, PLAIN, button, checks, label, list};
use crate::{components::form, format};

impl ApprovalPage {
    /// Deciding on what is due, saying something about it, taking it back.
    pub(super) fn decision(&self, l: Locale, base: &str) -> Option<AnyView> {
        let round = self.newest()?;
        let path = format!("{base}/{}", round.id);
        let due = round.due().filter(|_| self.may.decide);
        let decide = due.map(|(position, step)| {
            let field = form::Field::new(l, &self.errors, "comment", label(l, "comment"), &self.typed.comment)
                .help(t!(l, "approval.comment_help"));
            view! {
                <form class="form panel" method="post" action=path.clone() novalidate>
                    <h2 class="panel__title">{t!(l, "approval.decide", step = step.name)}</h2>
                    <p>{t!(l, "approval.decide_text")}</p>
                    <input type="hidden" name="step" value=position.to_string() />
                    {form::text_area(l, &field, 3)}
                    <div class="button-row">
                        {button("solid", "act", "approve", t!(l, "approval.approve", step = step.name).into_owned())}
                        {button("danger", "act", "send_back", t!(l, "approval.send_back").into_owned())}
                    </div>
                </form>
            }
        });
        let withdraw = self.may.withdraw.then(|| {
            view! {
                <form method="post" action=path.clone()>
                    <p class="muted">{t!(l, "approval.withdraw_text")}</p>
                    {button("outline", "act", "withdraw", t!(l, "approval.withdraw").into_owned())}
                </form>
            }
        });
        let comment = self.may.comment.then(|| {
            let field = form::Field::new(l, &self.errors, "remark", label(l, "remark"), &self.typed.remark).required();
            let open = self.errors.of("remark").is_some();
            view! {
                <details class="disclosure" open=open>
                    <summary>{t!(l, "approval.comment")}</summary>
                    <form class="form" method="post" action=path.clone() novalidate>
                        {form::text_area(l, &field, 3)}
                        {button("outline", "act", "comment", t!(l, "approval.comment_do").into_owned())}
                    </form>
                </details>
            }
        });
        Some(view! { {decide}{withdraw}{comment} }.into_any())
    }

    /// Publishing what was decided.
    pub(super) fn publication(&self, l: Locale, desk: &str) -> Option<AnyView> {
        if let Some((version, at)) = self.scheduled {
            let cancel = self.may.publish.then(|| {
                view! {
                    <form method="post" action=format!("{desk}/unschedule")>
                        {button("outline", "", "", t!(l, "schedule.cancel").into_owned())}
                    </form>
                }
            });
            return Some(
                view! {
                    <section class="panel">
                        <h2 class="panel__title">{t!(l, "approval.publication")}</h2>
                        <p>{t!(l, "schedule.status", version = version, time = format::date_time(l, at))}</p>
                        <p>{t!(l, "approval.scheduled_fixed")}</p>
                        {cancel}
                    </section>
                }
                .into_any(),
            );
        }
        if self.state() != Some(ApprovalState::Approved) || self.stale() {
            return None;
        }
        if !self.may.publish {
            return Some(view! { <p class="muted">{t!(l, "approval.needs_publisher")}</p> }.into_any());
        }
        let reason = self.corrected.as_ref().map(|changes| self.correction(l, changes));
        let when = form::Field::new(l, &self.errors, "when", label(l, "when"), self.when()).required();
        let choices = vec![
            ("now".to_owned(), t!(l, "approval.when_now").into_owned()),
            ("later".to_owned(), t!(l, "approval.when_later").into_owned()),
        ];
        let date = form::Field::new(l, &self.errors, "at_date", label(l, "at_date"), &self.typed.at_date)
            .help(t!(l, "staff.at_date_help"));
        let time = form::Field::new(l, &self.errors, "at_time", label(l, "at_time"), &self.typed.at_time)
            .help(t!(l, "staff.at_time_help"));
        Some(
            view! {
                <section class="panel">
                    <h2 class="panel__title">{t!(l, "approval.publication")}</h2>
                    <p>{t!(l, "approval.publish_text")}</p>
                    <form class="form" method="post" action=format!("{desk}/publish") novalidate>
                        {reason}
                        {form::radios(l, &when, choices)}
                        <div class="publish-later">{form::input(l, &date, PLAIN)}{form::input(l, &time, PLAIN)}</div>
                        <p class="muted">{t!(l, "approval.publish_later")}</p>
                        {button("solid", "", "", t!(l, "approval.publish").into_owned())}
                    </form>
                </section>
            }
            .into_any(),
        )
    }

    /// Which of the two is chosen.
    const fn when(&self) -> &'static str {
        if self.typed.at_date.is_empty() && self.typed.at_time.is_empty() && !self.typed.later {
            "now"
        } else {
            "later"
        }
    }

    /// What a correction changes in what is public, and why.
    fn correction(&self, l: Locale, changes: &Changes) -> AnyView {
        let field = form::Field::new(l, &self.errors, "reason", label(l, "reason"), &self.typed.reason)
            .required()
            .help(t!(l, "approval.reason_help"));
        view! {
            <p>{t!(l, "approval.correction")}</p>
            {list(l, changes)}
            {form::text_area(l, &field, 3)}
        }
        .into_any()
    }

    /// The checks, and the button once they are all right.
    pub(super) fn drafting(&self, l: Locale, base: &str, desk: &str) -> AnyView {
        let running = matches!(self.state(), Some(ApprovalState::Open | ApprovalState::Approved)) && !self.stale();
        let unchanged = self.corrected.as_ref().is_some_and(Changes::is_empty);
        let note = |text: std::borrow::Cow<'static, str>| view! { <p class="muted">{text}</p> }.into_any();
        let put_up = if !self.closed {
            note(t!(l, "approval.not_closed"))
        } else if self.scheduled.is_some() {
            note(t!(l, "approval.scheduled_first"))
        } else if running {
            note(t!(l, "approval.running"))
        } else if unchanged {
            note(t!(l, "desk.unchanged"))
        } else if !self.checks.is_ready() {
            note(t!(l, "approval.not_ready"))
        } else if !self.may.draft {
            note(t!(l, "approval.needs_clerk"))
        } else {
            let field = form::Field::new(l, &self.errors, "note", label(l, "note"), &self.typed.note)
                .help(t!(l, "approval.note_help"));
            let again = if self.stale() { t!(l, "approval.draft_again") } else { t!(l, "approval.draft") };
            let people = self.workflow.apart.then(|| {
                view! { <p class="muted">{t!(l, "approval.apart", n = self.workflow.people())}</p> }
            });
            view! {
                <form class="form" method="post" action=base.to_owned() novalidate>
                    <p>{t!(l, "approval.draft_text")}</p>
                    {people}
                    {form::text_area(l, &field, 3)}
                    {button("solid", "", "", again.into_owned())}
                </form>
            }
            .into_any()
        };
        view! {
            <section class="panel">
                <h2 class="panel__title">{t!(l, "approval.checks")}</h2>
                {checks::panel(l, desk, &self.table, &self.checks, &self.glyphs)}
                {put_up}
            </section>
        }
        .into_any()
    }
}
