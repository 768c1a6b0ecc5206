//! The first half of a row's page: the opinions as they were sent, and the 要旨 beside them with what to look at.

use domain::{Channel, Locale};
use leptos::prelude::*;

use super::{FindingLine, Original, RowForm};
use crate::{
    components::{badge, form, pager, plain_lines},
    format,
    pages::staff::{StaffTab, frame, groups::marked, head},
    shell::{Head, Page, PageContext},
    wording,
};

/// So many findings are named one by one.
const FINDINGS_SHOWN: usize = 30;

impl RowForm {
    /// The opinions, nearly same ones once. Without its mark an opinion leaves the row when it is saved.
    pub(super) fn originals(&self, l: Locale) -> AnyView {
        let many = self.originals.len() > 1;
        let items = (1..).zip(&self.originals).map(|(n, it)| self.original(l, n, it, many)).collect_view();
        let more = self.row.as_ref().filter(|_| self.more_originals).map(|row| {
            let href = format!("{}/rows/{}/originals", self.base(), row.id);
            view! { <p><a href=href target="_blank" rel="noopener">{t!(l, "answer.all_originals", n = self.opinions)}</a></p> }
        });
        let none = self.originals.is_empty().then(|| {
            let href = self.base();
            view! { <p class="muted">{t!(l, "answer.no_originals")}" "<a href=href>{t!(l, "desk.back")}</a></p> }
        });
        view! {
            <section class="originals" tabindex="0" role="region" aria-labelledby="row-originals">
                <h3 class="originals__title" id="row-originals">{t!(l, "answer.originals", n = self.opinions)}</h3>
                {none}
                <ol class="originals__list">{items}</ol>
                {more}
            </section>
        }
        .into_any()
    }

    fn original(&self, l: Locale, n: usize, it: &Original, many: bool) -> AnyView {
        let tick = self.whole.then(|| {
            let id = if n == 1 { "f-items".to_owned() } else { format!("f-items-{n}") };
            view! {
                <input type="hidden" name="shown" value=it.ids.clone() />
                <label class="choice originals__choice">
                    <input type="checkbox" id=id name="items" value=it.ids.clone() checked=it.chosen />
                    <span class="choice__label">{t!(l, "answer.keep_item")}<span class="visually-hidden">{format!(" {n}")}</span></span>
                </label>
            }
        });
        let copies = (it.count > 1).then(|| badge("info", t!(l, "answer.copies", n = it.count).into_owned()));
        let again = it.again.then(|| badge("neutral", t!(l, "answer.again").into_owned()));
        let wordings = (!it.wordings.is_empty()).then(|| {
            let others = it
                .wordings
                .iter()
                .map(|pieces| view! { <li class="originals__text">{marked(l, pieces.clone())}</li> })
                .collect_view();
            view! {
                <details class="disclosure">
                    <summary>{t!(l, "answer.wordings", n = it.wordings.len())}</summary>
                    <ul class="originals__wordings">{others}</ul>
                </details>
            }
        });
        let difference = it.difference.clone().map(|pieces| {
            view! {
                <details class="disclosure originals__difference" open=!many>
                    <summary>{t!(l, "answer.difference")}</summary>
                    <div>
                        <p class="muted">{t!(l, "answer.difference_help")}</p>
                        <p class="originals__text">{marked(l, pieces)}</p>
                    </div>
                </details>
            }
        });
        view! {
            <li class="source-item">
                <p class="source-item__meta">
                    <strong>{t!(l, "answer.original_n", n = n)}</strong>
                    <span class="mono">{it.receipt.clone()}</span>
                    {copies}{again}
                </p>
                {it.title.clone().map(|title| view! { <p><strong>{title}</strong></p> })}
                <p class="originals__text">{it.text.clone()}</p>
                {wordings}
                {difference}
                {tick}
            </li>
        }
        .into_any()
    }

    /// The 要旨, what to look at in it, and whether somebody else has.
    pub(super) fn summary(&self, l: Locale, action: &str) -> AnyView {
        let v = &self.values;
        if !self.whole {
            return view! {
                <div class="row-part__fields">
                    <p class="muted">{t!(l, "answer.only_answer")}</p>
                    <p class="originals__text">{v.text.clone()}</p>
                </div>
            }
            .into_any();
        }
        let text = form::Field::new(l, &self.errors, "text", t!(l, "desk.text"), &v.text)
            .required()
            .help(t!(l, "desk.text_help"));
        let chapter = form::Field::new(l, &self.errors, "chapter", t!(l, "desk.chapter"), &v.chapter).required();
        let chapters = self.chapters.iter().map(|(id, title)| (id.to_string(), title.clone())).collect();
        view! {
            <div class="row-part__fields">
                {form::select(l, &chapter, chapters)}
                {form::text_area(l, &text, 8)}
                <p><button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="check" formaction=format!("{action}#row-findings")>{t!(l, "answer.check")}</button></p>
                {self.findings(l)}
                {self.confirmation(l, action)}
            </div>
        }
        .into_any()
    }

    fn findings(&self, l: Locale) -> AnyView {
        let title = |text: String| view! { <h3 class="findings__title" id="row-findings">{text}</h3> };
        if self.values.text.trim().is_empty() {
            return ().into_any();
        }
        let verbatim = self.verbatim.then(|| view! { <p>{t!(l, "answer.is_verbatim")}</p> });
        if self.findings.is_empty() {
            return view! {
                <section class="findings" data-state="none" aria-labelledby="row-findings">
                    {title(t!(l, "answer.no_findings").into_owned())}
                    {verbatim}
                    <p class="muted">{t!(l, "answer.no_findings_text")}</p>
                </section>
            }
            .into_any();
        }
        let shown = self.findings.iter().take(FINDINGS_SHOWN).map(|f| finding(l, f)).collect_view();
        let left = self.findings.len().saturating_sub(FINDINGS_SHOWN);
        view! {
            <section class="findings" data-state="some" aria-labelledby="row-findings">
                {title(t!(l, "answer.findings", n = self.findings.len()).into_owned())}
                {verbatim}
                <ul class="findings__list">{shown}</ul>
                {(left > 0).then(|| view! { <p>{t!(l, "answer.findings_left", n = left)}</p> })}
                <p class="muted">{t!(l, "answer.findings_text")}</p>
            </section>
        }
        .into_any()
    }

    /// Who has looked at the 要旨 besides who wrote it, and the button for who hasn't yet.
    fn confirmation(&self, l: Locale, action: &str) -> Option<AnyView> {
        let row = self.row.as_ref().filter(|row| !row.verbatim)?;
        let body = match &row.confirmed {
            _ if row.rewritten => view! { <p>{t!(l, "answer.confirm_later")}</p> }.into_any(),
            Some((name, at)) => {
                let text = t!(l, "answer.confirmed", name = name, time = format::date_time(l, *at)).into_owned();
                view! { <p class="status-line" data-state="approved">{text}</p> }.into_any()
            }
            None if row.mine => {
                view! { <p class="status-line" data-state="review">{t!(l, "answer.confirm_other")}</p> }.into_any()
            }
            None => {
                let written = t!(l, "answer.written", name = row.written.0, time = format::date_time(l, row.written.1));
                let tick = self.findings.iter().any(|f| f.personal).then(|| self.not_personal(l, "confirm"));
                view! {
                    <p>{written}</p>
                    <p>{t!(l, "answer.confirm_ask")}</p>
                    {tick}
                    <p><button class="button" data-variant="outline" data-size="md" type="submit" formaction=format!("{action}/confirm")>{t!(l, "answer.confirm")}</button></p>
                }
                .into_any()
            }
        };
        Some(
            view! {
                <section class="confirmation" aria-labelledby="row-confirmation">
                    <h3 class="findings__title" id="row-confirmation">{t!(l, "answer.confirmation")}</h3>
                    {body}
                </section>
            }
            .into_any(),
        )
    }

    /// The mark that what looks like personal data is none. `place` tells two of them on a page apart.
    pub(super) fn not_personal(&self, l: Locale, place: &'static str) -> AnyView {
        let problem = self.errors.of("not_personal").map(|_| {
            view! { <p class="field__error" id=format!("e-not_personal-{place}")><span class="visually-hidden">{t!(l, "form.error")}</span>{t!(l, "answer.not_personal_problem")}</p> }
        });
        let described = problem.is_some().then(|| format!("e-not_personal-{place}"));
        let id = if place == "answer" { "f-not_personal".to_owned() } else { format!("f-not_personal-{place}") };
        view! {
            <div class="field">
                {problem}
                <label class="choice">
                    <input type="checkbox" id=id name="not_personal" value="1" checked=self.values.not_personal aria-describedby=described />
                    <span class="choice__label">{t!(l, "answer.not_personal")}</span>
                </label>
            </div>
        }
        .into_any()
    }
}

fn finding(l: Locale, it: &FindingLine) -> AnyView {
    let words = t!(l, format!("answer.finding.{}", it.code), text = it.text).into_owned();
    let place = it.original.map(|n| t!(l, "answer.in_original", n = n).into_owned());
    let tone = if it.personal { "personal" } else { "look" };
    view! { <li data-tone=tone>{words}{place}</li> }.into_any()
}

/// An opinion on the page of originals.
#[derive(Clone, Debug)]
pub struct OriginalLine {
    /// Receipt number.
    pub receipt: String,
    /// How it came in.
    pub channel: Channel,
    /// Title of the submission.
    pub title: Option<String>,
    /// What it says.
    pub text: String,
}

/// `…/responses/rows/{row}/originals`: everything a row gathers, one by one.
#[derive(Debug)]
pub struct OriginalsPage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// Id and name of the row.
    pub row: (i64, String),
    /// This page's opinions.
    pub rows: Vec<OriginalLine>,
    /// Link to the first page, when this is not it.
    pub first: Option<String>,
    /// Link to the next page.
    pub next: Option<String>,
}

impl Page for OriginalsPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "answer.originals_title", name = self.row.1).into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let back = format!("/staff/consultations/{}/responses/rows/{}", self.theme.0, self.row.0);
        let items = self
            .rows
            .into_iter()
            .map(|it| {
                view! {
                    <li class="source-item">
                        <p class="source-item__meta"><span class="mono">{it.receipt}</span><span>{wording::channel(l, it.channel)}</span></p>
                        {it.title.map(|title| view! { <p><strong>{title}</strong></p> })}
                        <p class="originals__text">{plain_lines(&it.text)}</p>
                    </li>
                }
            })
            .collect_view();
        let body = view! {
            <p class="muted">{self.theme.1}</p>
            <h1 class="page__title">{t!(l, "answer.originals_title", name = self.row.1)}</h1>
            <p><a href=back>{t!(l, "answer.back_to_row")}</a></p>
            <ol class="originals__list">{items}</ol>
            {pager(l, self.first, self.next)}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}
