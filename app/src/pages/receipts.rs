//! What became of an opinion, by its receipt number.

use domain::{Locale, Millis, ProposalState};
use leptos::prelude::*;

use super::{
    proposals::{AnswerLink, answer_links},
    submissions::{OwnReceipt, intake_words},
};
use crate::{
    components::{badge, breadcrumb, notice, phase_badge, time},
    shell::{Head, Page, PageContext, Width},
    wording,
};

/// `/receipts`: enter a number.
#[derive(Debug, Default)]
pub struct ReceiptForm {
    /// What was entered and is no number of ours.
    pub not_found: Option<String>,
}

impl Page for ReceiptForm {
    fn head(&self, cx: &PageContext) -> Head {
        Head { title: t!(cx.locale, "receipt.title").into_owned(), width: Width::Narrow, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let value = self.not_found.clone().unwrap_or_default();
        let wrong = self.not_found.is_some();
        view! {
            {breadcrumb(l, vec![], t!(l, "receipt.title").into_owned())}
            <h1 class="page__title">{t!(l, "receipt.title")}</h1>
            <p class="page__lead">{t!(l, "receipt.lead")}</p>
            {wrong.then(|| notice("error", t!(l, "receipt.not_found").into_owned(), t!(l, "receipt.not_found_text").into_owned().into_any()))}
            <form class="form" method="get" action="/receipts">
                <div class="field">
                    <label class="field__label" for="f-number">{t!(l, "receipt.number")}</label>
                    <p class="field__help" id="h-number">{t!(l, "receipt.number_help")}</p>
                    <input class="input" id="f-number" name="number" value=value autocomplete="off" autocapitalize="characters" aria-describedby="h-number" aria-invalid=wrong.then_some("true") />
                </div>
                <div class="form__actions"><button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "receipt.check")}</button></div>
            </form>
        }
        .into_any()
    }
}

/// `/receipts/{number}`: tells nothing but the state, since a number may be found on a slip of paper; all of it to those
/// who hold the key of its link.
#[derive(Debug)]
pub struct ReceiptPage {
    /// The number.
    pub number: String,
    /// Address and title of the theme.
    pub theme: (String, String),
    /// The theme's phase.
    pub phase: domain::Phase,
    /// When it was received.
    pub received_at: Millis,
    /// Its channel.
    pub channel: domain::Channel,
    /// Its state.
    pub state: ProposalState,
    /// The rows that answer it.
    pub answers: Vec<AnswerLink>,
    /// What only the person who sent it sees.
    pub own: Option<OwnReceipt>,
}

impl ReceiptPage {
    /// Where it stands: what staff found of it is told to the person who sent it only.
    fn state_words(&self, l: Locale) -> String {
        match (self.state, &self.own) {
            (ProposalState::Published, Some(own)) => intake_words(l, own.intake).0,
            (ProposalState::Published, None) => t!(l, "receipt.accepted").into_owned(),
            (ProposalState::Hidden, _) => t!(l, "proposal_state.hidden").into_owned(),
            (ProposalState::Withdrawn, _) => t!(l, "proposal_state.withdrawn").into_owned(),
        }
    }
}

impl Page for ReceiptPage {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "receipt.title").into_owned(),
            private: true,
            width: Width::Narrow,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let next = match (self.state, self.phase, self.answers.is_empty()) {
            (ProposalState::Withdrawn, ..) => t!(l, "receipt.next_withdrawn"),
            (_, _, false) => t!(l, "receipt.next_answered"),
            (ProposalState::Hidden, ..) => t!(l, "receipt.next_hidden"),
            (_, domain::Phase::ResultOut | domain::Phase::Progress, true) => t!(l, "receipt.next_result"),
            (_, domain::Phase::Open, _) => t!(l, "receipt.next_open"),
            _ => t!(l, "receipt.next_review"),
        };
        let state = self.state_words(l);
        // What isn't considered is explained to its holder in words of its own.
        let considered =
            self.state != ProposalState::Published || self.own.as_ref().is_none_or(OwnReceipt::is_considered);
        let told = self.own.as_ref().and_then(|own| own.told(l));
        let title = if self.own.is_some() { t!(l, "submission.receipt_title") } else { t!(l, "receipt.title") };
        let keep = self.own.as_ref().map(|_| view! { <p class="receipt__help">{t!(l, "submission.keep")}</p> });
        let own = self.own.map(|own| own.body(l, &self.number, self.state));
        view! {
            {breadcrumb(l, vec![("/receipts".to_owned(), t!(l, "receipt.title").into_owned())], self.number.clone())}
            {told}
            <h1 class="page__title">{title}</h1>
            <div class="receipt">
                <p class="receipt__label">{t!(l, "receipt.number")}</p>
                <p class="receipt__number">{self.number}</p>
                {keep}
            </div>
            <dl class="facts">
                <div><dt>{t!(l, "receipt.theme")}</dt><dd><a href=format!("/consultations/{}", self.theme.0)>{self.theme.1}</a>" "{phase_badge(l, self.phase)}</dd></div>
                <div><dt>{t!(l, "receipt.received")}</dt><dd>{time(l, self.received_at)}</dd></div>
                <div><dt>{t!(l, "receipt.channel")}</dt><dd>{wording::channel(l, self.channel)}</dd></div>
                <div><dt>{t!(l, "receipt.state")}</dt><dd>{badge(wording::proposal_tone(self.state), state)}</dd></div>
            </dl>
            {considered.then(|| view! { <p>{next}</p> })}
            {answer_links(l, self.answers)}
            {own}
        }
        .into_any()
    }
}
