//! The timeline of a theme, and 策定経緯: what happened so far.

use chrono::NaiveDate;
use domain::{
    Locale, Millis,
    consultation::{Period, Stage},
    document::DocumentStage,
};
use leptos::prelude::*;

use crate::{components::plain_lines, format};

/// The days of the timeline.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The stage it stands in.
    pub stage: Stage,
    /// Today, in Japan.
    pub today: NaiveDate,
    /// The day it became or becomes public.
    pub published: Option<NaiveDate>,
    /// When opinions are taken.
    pub period: Period,
    /// The day of the result, out or planned.
    pub result: Option<NaiveDate>,
    /// Whether that day is only planned.
    pub result_planned: bool,
    /// From which day the progress is reported.
    pub progress: Option<NaiveDate>,
}

impl Timeline {
    /// The days of a stage in words, and whether they are still to come.
    fn date(&self, l: Locale, stage: Stage) -> (Option<String>, bool) {
        let ahead = |day: NaiveDate| day > self.today;
        match stage {
            Stage::Preparation => {
                (self.published.map(|day| t!(l, "timeline.until", date = format::day(l, day)).into_owned()), false)
            }
            Stage::Announcement => (self.published.map(|day| format::day(l, day)), self.published.is_some_and(ahead)),
            Stage::Call => (Some(format::period(l, self.period)), ahead(self.period.opens_on)),
            Stage::Review => {
                let first = self.period.closes_on.succ_opt().unwrap_or(self.period.closes_on);
                (Some(t!(l, "timeline.from", date = format::day(l, first)).into_owned()), ahead(first))
            }
            Stage::Result => (self.result.map(|day| format::day(l, day)), self.result_planned),
            Stage::Progress => {
                let from = |day| t!(l, "timeline.from", date = format::day(l, day)).into_owned();
                (self.progress.map(from), self.progress.is_some_and(ahead))
            }
        }
    }

    /// The stages in a row; the one it stands in is marked.
    pub(super) fn view(&self, l: Locale) -> AnyView {
        let items = Stage::ALL
            .into_iter()
            .map(|stage| {
                let state = match stage.cmp(&self.stage) {
                    std::cmp::Ordering::Less => "done",
                    std::cmp::Ordering::Equal => "current",
                    std::cmp::Ordering::Greater => "upcoming",
                };
                let current = (state == "current").then_some("step");
                let date = match self.date(l, stage) {
                    (Some(date), true) => t!(l, "timeline.planned", date = date).into_owned(),
                    (Some(date), false) => date,
                    (None, _) => t!(l, "timeline.undecided").into_owned(),
                };
                view! {
                    <li class="timeline__item" data-state=state aria-current=current>
                        <span class="timeline__label">{t!(l, format!("timeline.{}", stage.code()))}</span>
                        <span class="timeline__date">{date}</span>
                    </li>
                }
            })
            .collect_view();
        view! { <ol class="timeline" data-layout="row" aria-label=t!(l, "timeline.label")>{items}</ol> }.into_any()
    }
}

/// What happened to a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It became public; `announced` when the call was still to come.
    Published {
        /// Before it opened.
        announced: bool,
    },
    /// The call opened.
    Opened,
    /// The period was made longer.
    Extended {
        /// The new last day.
        closes_on: NaiveDate,
        /// Why.
        reason: String,
        /// Whether the call was over before.
        reopened: bool,
    },
    /// The call closed; the numbers are known once the result is out.
    Closed {
        /// Opinions and the people who sent them.
        counts: Option<(i64, i64)>,
    },
    /// A document was put up.
    Document {
        /// Its title.
        title: String,
        /// How far it had come.
        stage: DocumentStage,
    },
    /// A version of the ward's view was published.
    Result {
        /// Its number, from 1 on.
        version: i64,
    },
    /// Progress is reported from here on.
    Progress,
    /// The theme it came from opened.
    Origin {
        /// Its address.
        slug: String,
        /// Its title.
        title: String,
    },
    /// A theme that takes it up became public.
    Successor {
        /// Its address.
        slug: String,
        /// Its title.
        title: String,
    },
}

/// 策定経緯, the oldest first.
pub(super) fn history(l: Locale, slug: &str, history: Vec<(Millis, Happening)>) -> Option<AnyView> {
    (!history.is_empty()).then(|| {
        let items = history
            .into_iter()
            .map(|(at, what)| {
                view! { <li class="history__item"><time class="history__date" datetime=format::iso(at)>{format::date(l, at)}</time><div class="history__text">{happening(l, slug, what)}</div></li> }
            })
            .collect_view();
        view! {
            <section class="section" aria-labelledby="history">
                <h2 class="section__title" id="history">{t!(l, "rules.history.title")}</h2>
                <ol class="history">{items}</ol>
            </section>
        }
        .into_any()
    })
}

fn happening(l: Locale, slug: &str, what: Happening) -> AnyView {
    let plain = |text: std::borrow::Cow<'static, str>| view! { <p>{text}</p> }.into_any();
    let linked = |slug: String, text: std::borrow::Cow<'static, str>| {
        view! { <p><a href=format!("/consultations/{slug}")>{text}</a></p> }.into_any()
    };
    match what {
        Happening::Published { announced: true } => plain(t!(l, "rules.history.announced")),
        Happening::Published { announced: false } => plain(t!(l, "rules.history.published")),
        Happening::Opened => plain(t!(l, "rules.history.opened")),
        Happening::Extended { closes_on, reason, reopened } => {
            let day = format::day(l, closes_on);
            let text = if reopened {
                t!(l, "rules.history.reopened", day = day)
            } else {
                t!(l, "rules.history.extended", day = day)
            };
            let reason = t!(l, "rules.history.reason", reason = reason).into_owned();
            view! { <p>{text}</p><p>{plain_lines(&reason)}</p> }.into_any()
        }
        Happening::Closed { counts } => {
            let counts = counts.map(|(opinions, people)| {
                let text = if opinions == 0 {
                    t!(l, "rules.history.counts_none")
                } else {
                    t!(l, "rules.history.counts", opinions = opinions, people = people)
                };
                view! { <p>{text}</p> }
            });
            view! { <p>{t!(l, "rules.history.closed")}</p>{counts} }.into_any()
        }
        Happening::Document { title, stage: DocumentStage::Initial } => {
            plain(t!(l, "rules.history.document", title = title))
        }
        Happening::Document { title, stage } => {
            let stage = t!(l, format!("rules.history.stage.{}", stage.code()));
            plain(t!(l, "rules.history.document_stage", title = title, stage = stage))
        }
        Happening::Result { version } => {
            let text = if version <= 1 {
                t!(l, "rules.history.result")
            } else {
                t!(l, "rules.history.result_again", version = version)
            };
            linked(format!("{slug}/responses"), text)
        }
        Happening::Progress => plain(t!(l, "rules.history.progress")),
        Happening::Origin { slug, title } => linked(slug, t!(l, "rules.history.origin", title = title)),
        Happening::Successor { slug, title } => linked(slug, t!(l, "rules.history.successor", title = title)),
    }
}
