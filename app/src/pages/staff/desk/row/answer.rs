//! The second half of a row's page: past answers and phrases on one side, the answer on the other.

use domain::{Locale, text};
use leptos::prelude::*;

use super::{HintLine, RowForm};
use crate::{
    components::form,
    format,
    pages::staff::answers::{AnswerCard, facts},
};

impl RowForm {
    /// What helps to write the answer: nothing of it is saved before the form is.
    pub(super) fn helpers(&self, l: Locale, action: &str) -> AnyView {
        let past = self.past.iter().map(|card| past(l, card, action)).collect_view();
        let none = self.past.is_empty().then(|| view! { <p class="muted">{t!(l, "answer.no_past")}</p> });
        let phrases = (!self.phrases.is_empty()).then(|| self.phrases(l, action));
        view! {
            <section class="helpers" aria-labelledby="row-past">
                <h3 class="originals__title" id="row-past">{t!(l, "answer.past")}</h3>
                {none}
                <ul class="originals__list">{past}</ul>
                <p><a href="/staff/answers" target="_blank" rel="noopener">{t!(l, "answer.search_past")}</a></p>
                {phrases}
            </section>
        }
        .into_any()
    }

    fn phrases(&self, l: Locale, action: &str) -> AnyView {
        let insert = |value: String, words: String, of: &str| {
            view! {
                <button class="button" data-variant="outline" data-size="sm" type="submit" name="act" value=value formaction=format!("{action}#f-answer")>
                    {words}<span class="visually-hidden">{of.to_owned()}</span>
                </button>
            }
        };
        let items = self
            .phrases
            .iter()
            .enumerate()
            .map(|(i, phrase)| {
                let plain = (!phrase.plain.is_empty()).then(|| {
                    view! {
                        <p class="phrase__plain"><span class="muted">{t!(l, "answer.plain")}</span>{phrase.plain.clone()}</p>
                    }
                });
                let plain_button = (!phrase.plain.is_empty())
                    .then(|| insert(format!("phrase:{i}:plain"), t!(l, "answer.insert_plain").into_owned(), &phrase.plain));
                view! {
                    <li class="phrase">
                        <p>{phrase.text.clone()}</p>
                        {plain}
                        <div class="button-row">
                            {plain_button}
                            {insert(format!("phrase:{i}:text"), t!(l, "answer.insert_phrase").into_owned(), &phrase.text)}
                        </div>
                    </li>
                }
            })
            .collect_view();
        view! {
            <details class="disclosure">
                <summary>{t!(l, "answer.phrases", n = self.phrases.len())}</summary>
                <ul class="phrase-list">{items}</ul>
            </details>
        }
        .into_any()
    }

    /// The answer with its 対応区分, and the two ways to save.
    pub(super) fn answer(&self, l: Locale, action: &str) -> AnyView {
        let v = &self.values;
        let e = &self.errors;
        let answer = form::Field::new(l, e, "answer", t!(l, "desk.answer"), &v.answer).help(t!(l, "desk.answer_help"));
        let personal = self.findings.iter().any(|f| f.personal)
            || self.hints.iter().any(|h| matches!(h, HintLine::Personal(_)))
            || e.of("not_personal").is_some();
        view! {
            <div class="row-part__fields">
                {self.state(l)}
                {self.whole.then(|| self.share(l))}
                {form::text_area(l, &answer, 10)}
                {self.hints(l, action)}
                {self.marks(l)}
                {personal.then(|| self.not_personal(l, "answer"))}
                {self.buttons(l)}
            </div>
        }
        .into_any()
    }

    fn state(&self, l: Locale) -> Option<AnyView> {
        let row = self.row.as_ref()?;
        let (state, words) = match &row.settled {
            Some((name, at)) => {
                ("approved", t!(l, "answer.settled", name = name, time = format::date_time(l, *at)).into_owned())
            }
            None => ("draft", t!(l, "answer.not_settled").into_owned()),
        };
        let department = row.department.as_ref().map(|name| view! { <p>{t!(l, "answer.department", name = name)}</p> });
        let (names, total) = &self.sharing;
        let sharing = (*total > 0).then(|| {
            let more = total.saturating_sub(names.len());
            let names = names.join("・");
            let text = if more > 0 {
                t!(l, "answer.sharing_more", names = names, n = more)
            } else {
                t!(l, "answer.sharing", names = names)
            };
            view! { <p>{text}</p> }
        });
        let routing = format!("{}/rows/{}/routing", self.base(), row.id);
        Some(
            view! {
                <p class="status-line" data-state=state>{words}</p>
                {department}
                <p><a href=routing>{t!(l, "routing.story_it")}</a></p>
                {sharing}
            }
            .into_any(),
        )
    }

    /// Whose answer it is: its own, or another row's.
    fn share(&self, l: Locale) -> AnyView {
        let v = &self.values;
        let e = &self.errors;
        let own_shared = self.sharing.1 > 0;
        let current = (v.versions.1 > 0).then_some(&v.ward_view).filter(|id| !id.is_empty());
        let is_other = |id: &String| self.answers.iter().any(|(other, _, _)| other.to_string() == *id);
        let mut options: Vec<(String, String)> = Vec::new();
        if let Some(id) = current.filter(|id| !is_other(id)) {
            let label = if own_shared { t!(l, "answer.shared_now") } else { t!(l, "answer.own_now") };
            options.push((id.clone(), label.into_owned()));
        }
        if options.is_empty() || own_shared {
            options.push((String::new(), t!(l, "desk.own_answer").into_owned()));
        }
        options.extend(self.answers.iter().map(|(id, name, start)| {
            let start = text::excerpt(&start.replace('\n', " "), 24);
            (id.to_string(), t!(l, "answer.share_with", name = name, start = start).into_owned())
        }));
        let view = form::Field::new(l, e, "ward_view", t!(l, "desk.ward_view"), &v.ward_view)
            .help(t!(l, "desk.ward_view_help"));
        let named = form::Field::new(l, e, "share_row", t!(l, "answer.share_row"), &v.share_row)
            .help(t!(l, "answer.share_row_help"));
        let open = !v.share_row.is_empty()
            || ["ward_view", "share_row", "drop_answer"].into_iter().any(|name| e.of(name).is_some());
        let drop = e.of("drop_answer").is_some().then(|| {
            view! {
                <div class="field">
                    <p class="field__error" id="e-drop_answer"><span class="visually-hidden">{t!(l, "form.error")}</span>{t!(l, "answer.drop_problem")}</p>
                    <label class="choice">
                        <input type="checkbox" id="f-drop_answer" name="drop_answer" value="1" checked=v.drop_answer aria-describedby="e-drop_answer" />
                        <span class="choice__label">{t!(l, "answer.drop")}</span>
                    </label>
                </div>
            }
        });
        view! {
            <details class="disclosure" open=open>
                <summary>{t!(l, "answer.share")}</summary>
                <div class="row-part__fields">
                    {form::select(l, &view, options)}
                    {form::input(l, &named, form::Input { autocomplete: "off", ..form::Input::default() })}
                    {drop}
                </div>
            </details>
        }
        .into_any()
    }

    fn hints(&self, l: Locale, action: &str) -> Option<AnyView> {
        let items = self.hints.iter().map(|hint| self.hint(l, hint, action)).collect_view();
        (!self.hints.is_empty()).then(|| {
            view! {
                <section class="findings" data-state="some" aria-labelledby="row-hints">
                    <h3 class="findings__title" id="row-hints">{t!(l, "answer.hints")}</h3>
                    <ul class="findings__list">{items}</ul>
                </section>
            }
            .into_any()
        })
    }

    fn hint(&self, l: Locale, hint: &HintLine, action: &str) -> AnyView {
        match hint {
            HintLine::Phrase(place) => {
                let Some(phrase) = self.phrases.get(*place) else { return ().into_any() };
                let words = t!(l, "answer.hint_phrase", text = phrase.text, plain = phrase.plain).into_owned();
                view! {
                    <li>
                        {words}" "
                        <button class="button" data-variant="text" data-size="sm" type="submit" name="act" value=format!("replace:{place}") formaction=format!("{action}#f-answer")>{t!(l, "answer.replace")}</button>
                    </li>
                }
                .into_any()
            }
            HintLine::Considering { sentence, lacks_what, lacks_when } => {
                let words = match (lacks_what, lacks_when) {
                    (true, true) => t!(l, "answer.hint_consider", text = sentence),
                    (true, false) => t!(l, "answer.hint_consider_what", text = sentence),
                    _ => t!(l, "answer.hint_consider_when", text = sentence),
                };
                let promise = self.row.as_ref().map(|row| {
                    let href = format!("/staff/consultations/{}/commitments/new?row={}", self.theme.0, row.id);
                    view! { " "<a href=href target="_blank" rel="noopener">{t!(l, "answer.promise")}</a> }
                });
                view! { <li>{words}{promise}</li> }.into_any()
            }
            HintLine::Blank(sentence) => view! { <li>{t!(l, "answer.hint_blank", text = sentence)}</li> }.into_any(),
            HintLine::Personal(stretch) => {
                view! { <li data-tone="personal">{t!(l, "answer.hint_personal", text = stretch)}</li> }.into_any()
            }
        }
    }

    /// 対応区分, and the reason where one of them needs it.
    fn marks(&self, l: Locale) -> Option<AnyView> {
        if self.dispositions.is_empty() {
            return None;
        }
        let v = &self.values;
        let none = std::iter::once((String::new(), t!(l, "desk.no_disposition").into_owned()));
        let marks = none.chain(self.dispositions.iter().map(|d| (d.code.clone(), d.printed.clone()))).collect();
        let mark = form::Field::new(l, &self.errors, "disposition", t!(l, "desk.disposition"), &v.disposition)
            .help(t!(l, "answer.disposition_help"));
        let wanting: Vec<&str> =
            self.dispositions.iter().filter(|d| d.reason_required).map(|d| d.printed.as_str()).collect();
        let reason = (!wanting.is_empty()).then(|| {
            let all = wanting.len() == self.dispositions.len();
            let help = if all {
                t!(l, "answer.reason_help_all")
            } else {
                t!(l, "answer.reason_help", marks = wanting.join("・"))
            };
            let field = form::Field::new(l, &self.errors, "reason", t!(l, "answer.reason"), &v.reason).help(help);
            form::text_area(l, &field, 3)
        });
        Some(view! { {form::select(l, &mark, marks)}{reason} }.into_any())
    }

    fn buttons(&self, l: Locale) -> AnyView {
        let stay = if self.values.go_on { "next" } else { "stay" };
        let field = form::Field::new(l, &self.errors, "then", t!(l, "answer.then"), stay);
        let options = [("stay", t!(l, "answer.then_stay")), ("next", t!(l, "answer.then_next"))];
        let radios = options
            .into_iter()
            .map(|(value, words)| {
                view! { <label class="choice"><input type="radio" name="then" value=value checked={value == stay} /><span class="choice__label">{words}</span></label> }
            })
            .collect_view();
        let is_settled = self.row.as_ref().is_some_and(|row| row.settled.is_some());
        let draft = if is_settled { t!(l, "answer.reopen") } else { t!(l, "answer.save_draft") };
        view! {
            <fieldset class="fieldset row-then">
                <legend class="fieldset__legend">{field.label}</legend>
                {radios}
            </fieldset>
            <div class="form__actions button-row">
                <button class="button" data-variant="solid" data-size="lg" type="submit" name="act" value="settle">{t!(l, "answer.settle")}</button>
                <button class="button" data-variant="outline" data-size="lg" type="submit" name="act" value="draft">{draft}</button>
            </div>
        }
        .into_any()
    }
}

/// A past answer, folded: who answered what and when is in sight, the texts are one key away.
fn past(l: Locale, card: &AnswerCard, action: &str) -> AnyView {
    let shared = (!card.words.is_empty())
        .then(|| view! { <p class="muted">{t!(l, "answer.shared_words", words = card.words.join("・"))}</p> });
    view! {
        <li class="past">
            <details>
                <summary>
                    <span class="past__text">{text::excerpt(&card.text.replace('\n', " "), 60)}</span>
                    <span class="past__facts">{facts(l, card)}</span>
                </summary>
                {shared}
                <h4>{t!(l, "desk.text")}</h4>
                <p class="originals__text">{card.text.clone()}</p>
                <h4>{t!(l, "desk.answer")}</h4>
                <p class="originals__text">{card.answer.clone()}</p>
                <p><a href=card.href() target="_blank" rel="noopener">{t!(l, "answer.see_published")}</a></p>
                <button class="button" data-variant="outline" data-size="sm" type="submit" name="act" value=format!("use:{}", card.id) formaction=format!("{action}#f-answer")>{t!(l, "answer.use_past")}</button>
            </details>
        </li>
    }
    .into_any()
}
