//! What keeps a table from being put up for decision.

use std::collections::HashSet;

use app::pages::staff::approval::{Checks, RowRef};
use documents::ResponseTable;

use super::row_names;
use crate::{
    repository::approval::{Line, Opinion},
    service::consultation::Loaded,
};

/// What keeps the table from being put up for decision.
pub(super) fn checks(
    theme: &Loaded,
    table: &ResponseTable,
    lines: &[Line],
    opinions: &[Opinion],
    second: bool,
) -> Checks {
    let mut found = Checks::default();
    let names = row_names(table);
    let name = |id: i64| RowRef { id, name: names.get(&id).cloned().unwrap_or_default() };
    for line in lines {
        let Some(id) = line.summary_id else { continue };
        let answered =
            line.state.as_deref() == Some("settled") && line.answer.as_deref().is_some_and(|a| !a.trim().is_empty());
        let mark = line.disposition.as_deref().and_then(|code| theme.dispositions.find(code));
        if !answered {
            found.unanswered.push(name(id));
        }
        if mark.is_none() && !theme.dispositions.is_empty() {
            found.unmarked.push(name(id));
        }
        if mark.is_some_and(|m| m.reason_required) && line.reason.as_deref().is_none_or(|r| r.trim().is_empty()) {
            found.unexplained.push(name(id));
        }
        if second && line.verbatim == Some(0) && line.confirmed_at.is_none() {
            found.unconfirmed.push(name(id));
        }
    }
    found.empty =
        table.rows().filter(|f| f.row.same_count + f.row.again == 0).map(|f| name(f.row.summary_id)).collect();
    let placed: HashSet<i64> =
        opinions.iter().filter(|o| o.summary_id.is_some() && o.again == Some(0)).map(|o| o.item).collect();
    let (outside, inside): (Vec<&Opinion>, Vec<&Opinion>) = opinions.iter().partition(|o| o.out_of_scope.is_some());
    let unplaced: HashSet<i64> = inside.iter().map(|o| o.item).filter(|item| !placed.contains(item)).collect();
    found.unplaced = unplaced.len();
    // What is outside the scope and still in a row would be printed without being counted.
    found.outside_in_rows = outside.iter().filter_map(|o| o.summary_id).map(name).collect();
    found.outside_without_reason =
        outside.iter().filter(|o| o.out_of_scope.as_deref().is_none_or(|r| r.trim().is_empty())).count();
    found.left_out = empty_chapters(lines);
    found.mismatches = table.reconcile();
    found
}

/// Chapters without rows that stand before one with rows: they aren't printed, and what follows has another number there.
fn empty_chapters(lines: &[Line]) -> usize {
    let last = lines.iter().rposition(|line| line.summary_id.is_some()).unwrap_or(0);
    lines.iter().take(last).filter(|line| line.summary_id.is_none()).count()
}
