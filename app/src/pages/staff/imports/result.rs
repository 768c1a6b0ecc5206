use domain::{Locale, Millis};
use leptos::prelude::*;

use super::{Done, FINDINGS_SHOWN, IN_THE_WAY_SHOWN, ImportState, RowFinding, mapping, path, trail};
use crate::{
    components::{badge, breadcrumb, notice, time},
    pages::staff::{StaffTab, ThemeTab, frame, head, scroll, theme_tabs},
    shell::{Head, Page, PageContext},
};

/// What a table holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// 提出数: rows.
    pub submissions: u64,
    /// 意見件数.
    pub opinions: u64,
    /// 提出者数, as far as names and places tell.
    pub people: u64,
    /// Those received after the period.
    pub late: u64,
    /// Different texts.
    pub texts: u64,
    /// Groups of two or more same or nearly same texts.
    pub groups: u64,
    /// Submissions in these groups.
    pub grouped: u64,
    /// What has to be corrected.
    pub errors: u64,
    /// What is worth knowing.
    pub remarks: u64,
}

/// A submission that was worked on after the import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InTheWay {
    /// Its id.
    pub id: i64,
    /// Its receipt number.
    pub receipt: String,
}

/// What the page shows.
#[derive(Debug)]
pub enum Step {
    /// The dry run's result.
    Checked {
        /// Proves that what is brought in is what was checked.
        token: String,
        /// What was found, errors first.
        found: Vec<RowFinding>,
    },
    /// It is in.
    Committed {
        /// When.
        at: Option<Millis>,
    },
    /// It is out again.
    Undone {
        /// When.
        at: Option<Millis>,
        /// By whom.
        by: String,
    },
}

/// `/staff/consultations/{id}/import/{import}` after the dry run.
#[derive(Debug)]
pub struct ResultPage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// Id of the import.
    pub import: i64,
    /// What the file was called.
    pub file_name: String,
    /// Who uploaded it.
    pub by: String,
    /// Letters and heading of each column.
    pub columns: Vec<(String, String)>,
    /// What the table holds.
    pub counts: Counts,
    /// Where it stands.
    pub step: Step,
    /// Whether the same file was brought into this theme before.
    pub twice: bool,
    /// What stands in the way of undoing it; one more than is shown says that there are more.
    pub in_the_way: Vec<InTheWay>,
    /// What was done a moment ago.
    pub done: Option<Done>,
}

impl Page for ResultPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "imports.result_of", file = self.file_name).into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let id = self.theme.0;
        let trail = trail(l, &self.theme);
        let title = match self.step {
            Step::Checked { .. } => t!(l, "imports.checked_title"),
            Step::Committed { .. } | Step::Undone { .. } => t!(l, "imports.result_title"),
        };
        let step = match &self.step {
            Step::Checked { token, found } => self.checked(l, token, found),
            Step::Committed { at } => self.committed(l, *at),
            Step::Undone { at, by } => undone(l, *at, by),
        };
        let body = view! {
            {breadcrumb(l, trail, self.file_name.clone())}
            {self.done.map(|done| done.notice(l))}
            <h1 class="page__title">{title}</h1>
            <p class="page__lead">{t!(l, "imports.result_lead", file = self.file_name, by = self.by)}</p>
            {theme_tabs(cx, id, ThemeTab::Import)}
            {self.in_the_way(l)}
            {self.facts(l)}
            {step}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

fn undone(l: Locale, at: Option<Millis>, by: &str) -> AnyView {
    view! {
        <p class="status-line" data-state="draft">{ImportState::Undone.badge(l)}" "{at.map(|at| time(l, at))}" "{by.to_owned()}</p>
        <p>{t!(l, "imports.undone_text")}</p>
    }
    .into_any()
}

impl ResultPage {
    fn path(&self, rest: &str) -> String {
        path(self.theme.0, &format!("/{}{rest}", self.import))
    }

    fn facts(&self, l: Locale) -> AnyView {
        let counts = self.counts;
        let fact = |name: String, n: u64| view! { <div><dt>{name}</dt><dd>{n}</dd></div> };
        // While rows are left out because of what is wrong with them, sums would mislead.
        if counts.errors > 0 {
            return view! { <dl class="facts">{fact(t!(l, "imports.rows").into_owned(), counts.submissions)}</dl> }
                .into_any();
        }
        view! {
            <dl class="facts">
                {fact(t!(l, "imports.submissions").into_owned(), counts.submissions)}
                {fact(t!(l, "imports.opinions").into_owned(), counts.opinions)}
                {fact(t!(l, "imports.people").into_owned(), counts.people)}
                {fact(t!(l, "imports.late").into_owned(), counts.late)}
                {fact(t!(l, "imports.texts").into_owned(), counts.texts)}
                <div>
                    <dt>{t!(l, "imports.groups")}</dt>
                    <dd>{t!(l, "imports.groups_of", groups = counts.groups, n = counts.grouped)}</dd>
                </div>
            </dl>
        }
        .into_any()
    }

    fn checked(&self, l: Locale, token: &str, found: &[RowFinding]) -> AnyView {
        let (errors, remarks) = (self.counts.errors, self.counts.remarks);
        let (kind, title, text) = if errors > 0 {
            ("error", t!(l, "imports.errors", n = errors), t!(l, "imports.errors_text"))
        } else if remarks > 0 {
            ("warning", t!(l, "imports.remarks", n = remarks), t!(l, "imports.remarks_text"))
        } else {
            ("success", t!(l, "imports.clean"), t!(l, "imports.clean_text"))
        };
        let commit = (errors == 0).then(|| {
            view! {
                <form method="post" action=self.path("/commit")>
                    <input type="hidden" name="token" value=token.to_owned() />
                    <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "imports.commit", n = self.counts.submissions)}</button>
                    <p class="muted">{t!(l, "imports.commit_text")}</p>
                </form>
            }
        });
        view! {
            {self.twice.then(|| mapping::twice(l))}
            {notice(kind, title.into_owned(), view! { <p>{text}</p> }.into_any())}
            {commit}
            <p><a class="button" data-variant="outline" data-size="md" href=self.path("?step=mapping")>{t!(l, "imports.back_to_mapping")}</a></p>
            {self.found(l, found)}
            {mapping::discard(l, self.theme.0, self.import)}
        }
        .into_any()
    }

    fn found(&self, l: Locale, found: &[RowFinding]) -> Option<AnyView> {
        let total = self.counts.errors + self.counts.remarks;
        (total > 0).then(|| {
            let rows = found.iter().take(FINDINGS_SHOWN).map(|f| self.finding(l, f)).collect_view();
            let table = view! {
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t!(l, "imports.row")}</th>
                            <th scope="col">{t!(l, "imports.column")}</th>
                            <th scope="col">{t!(l, "imports.severity")}</th>
                            <th scope="col">{t!(l, "imports.what")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            };
            let shown = u64::try_from(found.len().min(FINDINGS_SHOWN)).unwrap_or_default();
            let partly =
                (shown < total).then(|| view! { <p>{t!(l, "imports.shown", shown = shown, total = total)}</p> });
            view! {
                <section class="section">
                    <h2 class="section__title">{t!(l, "imports.found")}</h2>
                    {partly}
                    <p><a href=self.path("/problems.csv")>{t!(l, "imports.problems_csv")}</a></p>
                    {scroll(t!(l, "imports.found").into_owned(), table.into_any())}
                </section>
            }
            .into_any()
        })
    }

    fn finding(&self, l: Locale, found: &RowFinding) -> AnyView {
        let place = found.column.and_then(|index| self.columns.get(index));
        let place = place.map(|(letter, heading)| format!("{letter} {heading}")).unwrap_or_default();
        let severity = if found.finding.is_error() {
            badge("review", t!(l, "imports.error").into_owned())
        } else {
            badge("neutral", t!(l, "imports.remark").into_owned())
        };
        view! {
            <tr>
                <th scope="row">{t!(l, "imports.row_n", row = found.row)}</th>
                <td>{place}</td>
                <td>{severity}</td>
                <td>{found.finding.words(l)}</td>
            </tr>
        }
        .into_any()
    }

    fn committed(&self, l: Locale, at: Option<Millis>) -> AnyView {
        let queue = format!("/staff/consultations/{}/intake?import={}", self.theme.0, self.import);
        let groups = format!("/staff/consultations/{}/groups", self.theme.0);
        view! {
            <p class="status-line" data-state="published">{ImportState::Committed.badge(l)}" "{at.map(|at| time(l, at))}</p>
            <p class="button-row">
                <a class="button" data-variant="solid" data-size="md" href=queue>{t!(l, "imports.to_queue")}</a>
                <a class="button" data-variant="outline" data-size="md" href=groups>{t!(l, "imports.to_groups")}</a>
            </p>
            <section class="panel">
                <h2 class="panel__title">{t!(l, "imports.undo_title")}</h2>
                <p>{t!(l, "imports.undo_text")}</p>
                <form method="post" action=self.path("/undo")>
                    <button class="button" data-variant="danger" data-size="md" type="submit">{t!(l, "imports.undo")}</button>
                </form>
            </section>
        }
        .into_any()
    }

    fn in_the_way(&self, l: Locale) -> Option<AnyView> {
        (!self.in_the_way.is_empty()).then(|| {
            let items = self.in_the_way.iter().take(IN_THE_WAY_SHOWN).map(|p| {
                view! { <li><a href=format!("/staff/proposals/{}", p.id)>{p.receipt.clone()}</a></li> }
            });
            let more = (self.in_the_way.len() > IN_THE_WAY_SHOWN)
                .then(|| view! { <p>{t!(l, "imports.in_the_way_more", n = IN_THE_WAY_SHOWN)}</p> });
            let body = view! {
                <p>{t!(l, "imports.in_the_way_text")}</p>
                <ul>{items.collect_view()}</ul>
                {more}
            };
            notice("error", t!(l, "imports.in_the_way").into_owned(), body.into_any())
        })
    }
}
