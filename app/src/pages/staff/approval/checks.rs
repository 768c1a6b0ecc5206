//! What has to be right before a table is put up for decision: every sum on screen, and what to do about the rest.

use documents::{Mismatch, ResponseTable};
use domain::Locale;
use leptos::prelude::*;

/// A row by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRef {
    /// The summary's id.
    pub id: i64,
    /// How it is called, 「1-2」.
    pub name: String,
}

/// What keeps a table from being put up for decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    /// Opinions in scope that are counted in no row.
    pub unplaced: usize,
    /// Rows whose answer is missing or a draft.
    pub unanswered: Vec<RowRef>,
    /// Rows without a 対応区分 where the theme uses them.
    pub unmarked: Vec<RowRef>,
    /// Rows without the reason that their 対応区分 asks for.
    pub unexplained: Vec<RowRef>,
    /// Summaries that no second person has confirmed.
    pub unconfirmed: Vec<RowRef>,
    /// Rows that stand for no opinion.
    pub empty: Vec<RowRef>,
    /// Rows that opinions outside the scope are still in.
    pub outside_in_rows: Vec<RowRef>,
    /// Opinions outside the scope without a reason.
    pub outside_without_reason: usize,
    /// Where the table doesn't agree with itself.
    pub mismatches: Vec<Mismatch>,
    /// Chapters without rows before others: they aren't printed, so that numbers differ from the desk's. Stands in no
    /// way.
    pub left_out: usize,
}

impl Checks {
    /// Whether nothing stands in the way.
    #[must_use]
    pub const fn is_ready(&self) -> bool {
        self.unplaced == 0
            && self.unanswered.is_empty()
            && self.unmarked.is_empty()
            && self.unexplained.is_empty()
            && self.unconfirmed.is_empty()
            && self.empty.is_empty()
            && self.outside_in_rows.is_empty()
            && self.outside_without_reason == 0
            && self.mismatches.is_empty()
    }
}

/// Characters that the PDF's font lacks, each with the rows it stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glyphs {
    /// What is missing.
    pub missing: Vec<(char, Vec<RowRef>)>,
    /// Said when there is no Japanese font at all.
    pub no_font: bool,
}

/// Most rows that a line names.
const NAMED: usize = 20;

struct Line {
    ok: bool,
    text: String,
    /// What to do, when it isn't.
    todo: Option<AnyView>,
}

fn rows(base: &str, rows: &[RowRef]) -> AnyView {
    let links = rows
        .iter()
        .take(NAMED)
        .map(|row| view! { <li><a href=format!("{base}/rows/{}", row.id)>{format!("No.{}", row.name)}</a></li> })
        .collect_view();
    let more = (rows.len() > NAMED).then(|| view! { <li>{format!("＋{}", rows.len() - NAMED)}</li> });
    view! { <ul class="cluster">{links}{more}</ul> }.into_any()
}

/// The checks, one line each, with ✓ or what to do. `base` is the address of the desk.
#[must_use]
pub fn panel(l: Locale, base: &str, table: &ResponseTable, checks: &Checks, glyphs: &Glyphs) -> AnyView {
    let mut lines = sums(l, table);
    lines.extend(places(l, base, table, checks));
    lines.extend(of_rows(l, base, checks));
    lines.extend(others(l, base, table, checks));
    let items = lines
        .into_iter()
        .map(|line| {
            let (state, mark) = if line.ok { ("ok", t!(l, "approval.ok")) } else { ("todo", t!(l, "approval.todo")) };
            view! {
                <li class="check" data-state=state>
                    <p class="check__text"><span class="visually-hidden">{mark}</span>{line.text}</p>
                    {line.todo}
                </li>
            }
        })
        .collect_view();
    let left_out = (checks.left_out > 0).then(|| {
        view! { <p class="check-note">{t!(l, "approval.left_out", n = checks.left_out)}</p> }
    });
    view! { <ul class="check-list">{items}</ul>{left_out}{font(l, base, glyphs)} }.into_any()
}

/// Σ同趣旨 = 意見件数, Σ区分 = 意見件数, Σ経路 = 意見件数, 提出者数.
fn sums(l: Locale, table: &ResponseTable) -> Vec<Line> {
    let (opinions, people) = (u64::from(table.opinions), u64::from(table.submitters));
    let of_channels =
        |of: fn(&documents::ChannelCount) -> u32| -> u64 { table.by_channel.iter().map(|c| u64::from(of(c))).sum() };
    let line = |text: String, ok: bool| Line { ok, text, todo: None };
    let rows = table.opinions_in_rows();
    let mut lines = vec![line(t!(l, "approval.sum_rows", n = rows, all = opinions).into_owned(), rows == opinions)];
    if !table.dispositions.is_empty() {
        let counts = table.opinions_by_disposition();
        let n: u64 = counts.iter().filter(|c| !c.code.is_empty()).map(|c| c.opinions).sum();
        lines.push(line(t!(l, "approval.sum_dispositions", n = n, all = opinions).into_owned(), n == opinions));
    }
    let n = of_channels(|c| c.opinions);
    lines.push(line(t!(l, "approval.sum_channel_opinions", n = n, all = opinions).into_owned(), n == opinions));
    let n = of_channels(|c| c.submitters);
    lines.push(line(t!(l, "approval.sum_channel_people", n = n, all = people).into_owned(), n == people));
    lines
}

fn places(l: Locale, base: &str, table: &ResponseTable, checks: &Checks) -> Vec<Line> {
    let to_desk = |text: String| view! { <p><a href=base.to_owned()>{text}</a></p> }.into_any();
    let unplaced = checks.unplaced;
    let placed = if unplaced == 0 {
        Line { ok: true, text: t!(l, "approval.all_placed").into_owned(), todo: None }
    } else {
        let text = t!(l, "approval.unplaced", n = unplaced).into_owned();
        Line { ok: false, text, todo: Some(to_desk(t!(l, "approval.unplaced_do").into_owned())) }
    };
    let outside: u32 = table.out_of_scope.iter().map(|o| o.opinions).sum();
    let reasons: Vec<String> = table
        .out_of_scope
        .iter()
        .filter(|o| !o.reason.trim().is_empty())
        .map(|o| t!(l, "approval.reason_count", reason = o.reason, n = o.opinions).into_owned())
        .collect();
    let without = checks.outside_without_reason;
    let text = match (outside, without) {
        (0, _) => t!(l, "approval.outside_none").into_owned(),
        (n, 0) => t!(l, "approval.outside", n = n, reasons = reasons.join(&t!(l, "approval.comma"))).into_owned(),
        (n, without) => t!(l, "approval.outside_unexplained", n = n, without = without).into_owned(),
    };
    let todo = (without > 0).then(|| to_desk(t!(l, "approval.outside_do").into_owned()));
    vec![placed, Line { ok: without == 0, text, todo }]
}

fn of_rows(l: Locale, base: &str, checks: &Checks) -> Vec<Line> {
    let line = |found: &[RowRef], good: Option<String>, bad: String| {
        if found.is_empty() {
            return good.map(|text| Line { ok: true, text, todo: None });
        }
        Some(Line { ok: false, text: bad, todo: Some(rows(base, found)) })
    };
    let good = |text: std::borrow::Cow<'static, str>| Some(text.into_owned());
    let n = |found: &[RowRef]| found.len();
    let c = checks;
    [
        line(
            &c.unanswered,
            good(t!(l, "approval.all_answered")),
            t!(l, "approval.unanswered", n = n(&c.unanswered)).into_owned(),
        ),
        line(&c.unmarked, None, t!(l, "approval.unmarked", n = n(&c.unmarked)).into_owned()),
        line(&c.unexplained, None, t!(l, "approval.unexplained", n = n(&c.unexplained)).into_owned()),
        line(
            &c.unconfirmed,
            good(t!(l, "approval.all_confirmed")),
            t!(l, "approval.unconfirmed", n = n(&c.unconfirmed)).into_owned(),
        ),
        line(&c.empty, None, t!(l, "approval.empty_rows", n = n(&c.empty)).into_owned()),
        line(&c.outside_in_rows, None, t!(l, "approval.outside_in_rows", n = n(&c.outside_in_rows)).into_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the lines above don't say yet.
fn others(l: Locale, base: &str, table: &ResponseTable, checks: &Checks) -> Vec<Line> {
    let name = |id: i64| {
        let found = table.rows().find(|flat| flat.row.summary_id == id);
        found.map(|f| format!("{}-{}", f.chapter_index + 1, f.row.number)).unwrap_or_default()
    };
    let mut found = Vec::new();
    for mismatch in &checks.mismatches {
        let (key, row) = match mismatch {
            Mismatch::Empty { summary_id } => ("approval.no_text", Some(*summary_id)),
            Mismatch::NoOriginal { summary_id } => ("approval.no_original", Some(*summary_id)),
            Mismatch::PlanChangeRow { summary_id, .. } => ("approval.plan_change_row", Some(*summary_id)),
            Mismatch::People { .. } => ("approval.people", None),
            Mismatch::Twice { summary_id } | Mismatch::Number { summary_id, .. } => {
                ("approval.numbering", Some(*summary_id))
            }
            Mismatch::TwoAnswers { .. } | Mismatch::AnswersNothing { .. } | Mismatch::CommitmentAnswer { .. } => {
                ("approval.answers", None)
            }
            // Said by a line of their own.
            Mismatch::Rows { .. }
            | Mismatch::Dispositions { .. }
            | Mismatch::ChannelSubmitters { .. }
            | Mismatch::ChannelOpinions { .. }
            | Mismatch::Unanswered { .. }
            | Mismatch::StandsForNothing { .. }
            | Mismatch::NoDisposition { .. } => continue,
        };
        let row = row.map(|id| RowRef { id, name: name(id) });
        match found.iter_mut().find(|(known, _): &&mut (&str, Vec<RowRef>)| *known == key) {
            Some((_, all)) => all.extend(row),
            None => found.push((key, row.into_iter().collect())),
        }
    }
    found
        .into_iter()
        .map(|(key, all)| Line {
            ok: false,
            text: t!(l, key).into_owned(),
            todo: (!all.is_empty()).then(|| rows(base, &all)),
        })
        .collect()
}

/// What the PDF can't show. It can be published nevertheless: what people wrote stays as they wrote it.
fn font(l: Locale, base: &str, glyphs: &Glyphs) -> AnyView {
    if glyphs.no_font {
        return view! { <p class="check-note">{t!(l, "approval.no_font")}</p> }.into_any();
    }
    if glyphs.missing.is_empty() {
        return view! { <p class="check-note" data-state="ok">{t!(l, "approval.glyphs_ok")}</p> }.into_any();
    }
    let items = glyphs
        .missing
        .iter()
        .take(NAMED)
        .map(|(c, found)| {
            view! { <li><strong>{t!(l, "approval.glyph", c = c, code = format!("U+{:04X}", u32::from(*c)))}</strong>{rows(base, found)}</li> }
        })
        .collect_view();
    view! { <div class="check-note"><p>{t!(l, "approval.glyphs", n = glyphs.missing.len())}</p><ul>{items}</ul></div> }
        .into_any()
}
