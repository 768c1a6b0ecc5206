//! Step 3: the receipt as its holder sees it, and taking a submission back.

use domain::{IntakeState, Locale, Millis, ProposalState, rules::Eligibility};
use leptos::prelude::*;

use super::{CorrectionRequest, ShownOpinion, SubmissionTheme, eligibility_words, field_label, opinions};
use crate::{
    components::{breadcrumb, notice, plain_lines, time},
    shell::{Head, Page, PageContext, Width},
    wording,
};

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptNotice {
    /// Sent.
    Sent,
    /// Corrected.
    Corrected,
    /// Taken back.
    Withdrawn,
}

/// What the receipt shows to those who hold its key, beside its state.
#[derive(Clone, Debug)]
pub struct OwnReceipt {
    /// What was done a moment ago.
    pub notice: Option<ReceiptNotice>,
    /// The key of the link; empty for the signed-in author.
    pub key: String,
    /// The opinions.
    pub opinions: Vec<ShownOpinion>,
    /// 応募資格, if it is known.
    pub eligibility: Option<Eligibility>,
    /// The names of the identity fields that were filled in.
    pub given: Vec<&'static str>,
    /// The names of attached files.
    pub files: Vec<String>,
    /// Where it stands with staff.
    pub intake: IntakeState,
    /// Received without an answer.
    pub no_reply: bool,
    /// When it was last corrected.
    pub edited_at: Option<Millis>,
    /// What staff asked to be corrected.
    pub request: Option<CorrectionRequest>,
    /// May still be corrected.
    pub may_correct: bool,
    /// May still be taken back.
    pub may_withdraw: bool,
}

/// The words for where a submission stands, for the person who sent it: a name and what it means.
#[must_use]
pub fn intake_words(l: Locale, intake: IntakeState) -> (String, String) {
    let (title, text) = match intake {
        IntakeState::Unread => (t!(l, "submission.intake_unread"), t!(l, "submission.intake_unread_text")),
        IntakeState::Accepted => (t!(l, "submission.intake_accepted"), t!(l, "submission.intake_accepted_text")),
        IntakeState::AwaitingCorrection => {
            (t!(l, "submission.intake_correction"), t!(l, "submission.intake_correction_text"))
        }
        IntakeState::OutOfScope => (t!(l, "submission.intake_scope"), t!(l, "submission.intake_scope_text")),
        IntakeState::Late => (t!(l, "submission.intake_late"), t!(l, "submission.intake_late_text")),
        IntakeState::Duplicate => (t!(l, "submission.intake_duplicate"), t!(l, "submission.intake_duplicate_text")),
    };
    (title.into_owned(), text.into_owned())
}

/// What staff ask to be corrected.
pub(super) fn correction_notice(l: Locale, request: &CorrectionRequest) -> AnyView {
    let until = request.until.clone();
    let body = view! {
        <p>{plain_lines(&request.note)}</p>
        {until.map(|day| view! { <p>{t!(l, "submission.request_until", day = day)}</p> })}
    };
    notice("warning", t!(l, "submission.request").into_owned(), body.into_any())
}

impl OwnReceipt {
    /// Whether it is among what the ward considers, as far as staff have looked.
    #[must_use]
    pub fn is_considered(&self) -> bool {
        self.intake.counts()
    }

    /// What was done a moment ago, on top of the page.
    #[must_use]
    pub fn told(&self, l: Locale) -> Option<AnyView> {
        let (title, text) = match self.notice? {
            ReceiptNotice::Sent => (t!(l, "submission.done"), t!(l, "submission.done_text")),
            ReceiptNotice::Corrected => (t!(l, "submission.corrected"), t!(l, "submission.corrected_text")),
            ReceiptNotice::Withdrawn => (t!(l, "submission.withdrawn"), t!(l, "submission.withdrawn_text")),
        };
        Some(notice("success", title.into_owned(), text.into_owned().into_any()))
    }

    /// The rest of the page: the copy to keep, and what its holder may do.
    #[must_use]
    pub fn body(self, l: Locale, number: &str, state: ProposalState) -> AnyView {
        let published = state == ProposalState::Published;
        let (_, meaning) = intake_words(l, self.intake);
        let actions = self.actions(l, number);
        let about = self.about(l);
        let request = self.request.as_ref().filter(|_| published).map(|request| correction_notice(l, request));
        view! {
            {published.then(|| view! { <p>{meaning}</p> })}
            {(published && self.no_reply).then(|| view! { <p>{t!(l, "submission.receipt_no_reply")}</p> })}
            {request}
            {actions}
            <section class="section">
                <h2 class="section__title">{t!(l, "submission.copy")}</h2>
                {opinions(l, self.opinions)}
                {about}
            </section>
        }
        .into_any()
    }

    fn about(&self, l: Locale) -> AnyView {
        let given: Vec<String> = self.given.iter().map(|name| field_label(l, name)).collect();
        let comma = t!(l, "submission.comma");
        let edited = self.edited_at;
        let eligibility = self.eligibility;
        let files = self.files.join(&comma);
        view! {
            <dl class="facts">
                {eligibility.map(|kind| view! { <div><dt>{t!(l, "submission.eligibility")}</dt><dd>{eligibility_words(l, kind)}</dd></div> })}
                {(!given.is_empty()).then(|| view! { <div><dt>{t!(l, "submission.given")}</dt><dd>{given.join(&comma)}<br />{t!(l, "submission.given_text")}</dd></div> })}
                {(!files.is_empty()).then(|| view! { <div><dt>{t!(l, "submission.files")}</dt><dd>{files}</dd></div> })}
                {edited.map(|at| view! { <div><dt>{t!(l, "submission.edited_at")}</dt><dd>{time(l, at)}</dd></div> })}
            </dl>
        }
        .into_any()
    }

    fn actions(&self, l: Locale, number: &str) -> Option<AnyView> {
        let query = if self.key.is_empty() { String::new() } else { format!("?key={}", self.key) };
        let link = |action: &str| format!("/receipts/{number}/{action}{query}");
        (self.may_correct || self.may_withdraw).then(|| {
            view! {
                <div class="button-row">
                    {self.may_correct.then(|| view! { <a class="button" data-variant="outline" data-size="md" href=link("edit")>{t!(l, "submission.correct")}</a> })}
                    {self.may_withdraw.then(|| view! { <a class="button" data-variant="text" data-size="md" href=link("withdraw")>{t!(l, "submission.withdraw")}</a> })}
                </div>
            }
            .into_any()
        })
    }
}

/// `/receipts/{number}/withdraw`: asks once more.
#[derive(Debug)]
pub struct SubmissionWithdraw {
    /// The theme.
    pub theme: SubmissionTheme,
    /// The receipt number.
    pub number: String,
    /// The key of the link; empty for the signed-in author.
    pub key: String,
    /// The opinions.
    pub opinions: Vec<ShownOpinion>,
}

impl Page for SubmissionWithdraw {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "submission.withdraw_title").into_owned(),
            private: true,
            width: Width::Narrow,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let here = t!(l, "submission.withdraw_title").into_owned();
        let headline = self.opinions.first().map(|opinion| wording::headline(None, &opinion.text)).unwrap_or_default();
        let back = if self.key.is_empty() {
            format!("/receipts/{}", self.number)
        } else {
            format!("/receipts/{}?key={}", self.number, self.key)
        };
        view! {
            {breadcrumb(l, self.theme.trail(l), here.clone())}
            <h1 class="page__title">{here}</h1>
            <p>{t!(l, "submission.withdraw_ask", number = self.number.clone(), headline = headline)}</p>
            <p>{t!(l, "submission.withdraw_text", time = self.theme.deadline(l))}</p>
            <form class="form" method="post" action=format!("/receipts/{}/withdraw", self.number)>
                <input type="hidden" name="key" value=self.key />
                <div class="form__actions">
                    <button class="button" data-variant="danger" data-size="lg" type="submit">{t!(l, "submission.withdraw_do")}</button>
                    <a class="button" data-variant="outline" data-size="lg" href=back>{t!(l, "submission.withdraw_keep")}</a>
                </div>
            </form>
        }
        .into_any()
    }
}
