//! The counts of a theme: 提出者数, 提出数, 意見件数, and where they come from. Every table sums up to the totals.

use domain::Locale;
use leptos::prelude::*;

use crate::pages::staff::scroll;

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// 提出者数.
    pub people: i64,
    /// 提出数.
    pub submissions: i64,
    /// 意見件数.
    pub opinions: i64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.people += other.people;
        self.submissions += other.submissions;
        self.opinions += other.opinions;
    }
}

/// A line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub label: String,
    /// Link to the submissions it counts.
    pub href: Option<String>,
    /// Whether it is part of the total.
    pub counted: bool,
    /// The counts.
    pub counts: Counts,
}

/// The name of the line that holds all earlier days.
#[must_use]
pub fn days_before(l: Locale) -> String {
    t!(l, "intake.counts.days_before").into_owned()
}

/// The counts of a theme.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Everything that counts.
    pub total: Counts,
    /// 経路別.
    pub by_channel: Vec<Line>,
    /// 状態別.
    pub by_state: Vec<Line>,
    /// 応募資格別.
    pub by_eligibility: Vec<Line>,
    /// 収受日別, the latest first.
    pub by_day: Vec<Line>,
}

impl Figures {
    /// The counts on the page.
    #[must_use]
    pub fn view(&self, l: Locale) -> AnyView {
        let Counts { people, submissions, opinions } = self.total;
        let stat = |label: String, number: i64, unit: String| {
            view! { <div class="stat"><dt>{label}</dt><dd>{number}<small>{unit}</small></dd></div> }
        };
        let days = self.by_day.len();
        view! {
            <section>
                <h2 class="visually-hidden">{t!(l, "intake.counts.title")}</h2>
                <dl class="stat-row">
                    {stat(t!(l, "intake.counts.people").into_owned(), people, t!(l, "intake.counts.people_unit").into_owned())}
                    {stat(t!(l, "intake.counts.submissions").into_owned(), submissions, t!(l, "intake.counts.submissions_unit").into_owned())}
                    {stat(t!(l, "intake.counts.opinions").into_owned(), opinions, t!(l, "intake.counts.opinions_unit").into_owned())}
                </dl>
                <p class="intake__help">{t!(l, "intake.counts.note")}</p>
                <details class="disclosure" open>
                    <summary>{t!(l, "intake.counts.details")}</summary>
                    <div class="intake__figures-tables">
                        {self.table(l, "intake-by-channel", t!(l, "intake.counts.by_channel").into_owned(), &self.by_channel)}
                        {self.table(l, "intake-by-state", t!(l, "intake.counts.by_state").into_owned(), &self.by_state)}
                        {self.table(l, "intake-by-eligibility", t!(l, "intake.counts.by_eligibility").into_owned(), &self.by_eligibility)}
                    </div>
                </details>
                {(days > 0).then(|| view! {
                    <details class="disclosure">
                        <summary>{t!(l, "intake.counts.days", n = days)}</summary>
                        <div>{self.table(l, "intake-by-day", t!(l, "intake.counts.by_day").into_owned(), &self.by_day)}</div>
                    </details>
                })}
            </section>
        }
        .into_any()
    }

    fn table(&self, l: Locale, id: &'static str, caption: String, lines: &[Line]) -> AnyView {
        let counted_apart = lines.iter().any(|line| !line.counted);
        let total = if counted_apart { t!(l, "intake.counts.counted") } else { t!(l, "intake.counts.total") };
        let cells = |counts: Counts, counted: bool| {
            view! {
                <td data-align="end">{counted.then_some(counts.people)}</td>
                <td data-align="end">{counts.submissions}</td>
                <td data-align="end">{counts.opinions}</td>
            }
        };
        let rows = lines
            .iter()
            .map(|line| {
                let name = match line.href.clone() {
                    Some(href) => view! { <a href=href>{line.label.clone()}</a> }.into_any(),
                    None => line.label.clone().into_any(),
                };
                let apart = (!line.counted).then(|| t!(l, "intake.counts.not_counted"));
                view! { <tr><th scope="row">{name}{apart}</th>{cells(line.counts, line.counted)}</tr> }
            })
            .collect_view();
        let table = view! {
            <table class="table" id=id>
                <caption>{caption.clone()}</caption>
                <thead>
                    <tr>
                        <th scope="col"><span class="visually-hidden">{caption.clone()}</span></th>
                        <th scope="col" data-align="end">{t!(l, "intake.counts.people")}</th>
                        <th scope="col" data-align="end">{t!(l, "intake.counts.submissions")}</th>
                        <th scope="col" data-align="end">{t!(l, "intake.counts.opinions")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">{total}</th>{cells(self.total, true)}</tr></tfoot>
            </table>
        };
        scroll(caption, table.into_any())
    }
}
