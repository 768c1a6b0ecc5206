//! Paper and column widths, in twentieths of a point (dxa).

use crate::{clean, printed::Printed};
use domain::layout::ColumnKind;

/// Space around the text: 20 mm.
const MARGIN: u32 = 1_134;
/// A4.
const LONG: u32 = 16_838;
const SHORT: u32 = 11_906;

/// Width of one half-width character in 10 pt.
const HALF_WIDTH: u32 = 100;
/// Space at both sides of a cell's text, with a little in hand for bold headings.
pub(super) const CELL_SPACE: u32 = 280;

/// A4, lying or upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paper {
    pub(super) portrait: bool,
}

impl Paper {
    pub(super) const fn size(self) -> (u32, u32) {
        if self.portrait { (SHORT, LONG) } else { (LONG, SHORT) }
    }

    pub(super) const fn margin() -> u32 {
        MARGIN
    }

    /// Width between the margins.
    pub(super) const fn text_width(self) -> u32 {
        self.size().0 - 2 * MARGIN
    }
}

/// Width of one line of text in 10 pt. Word puts a quarter of a character between Latin letters or digits and Japanese.
pub(super) fn measure(line: &str) -> u32 {
    let (mut width, mut before) = (0_u32, None);
    for c in line.chars() {
        let narrow = c.is_ascii() || ('\u{FF61}'..='\u{FF9F}').contains(&c);
        let word = c.is_ascii_alphanumeric();
        let meets = before.is_some_and(|(was_word, was_narrow): (bool, bool)| {
            (word && !was_word && !was_narrow) || (was_word && !word && !narrow)
        });
        width = width.saturating_add(if narrow { HALF_WIDTH } else { 2 * HALF_WIDTH });
        width = width.saturating_add(if meets { HALF_WIDTH / 2 } else { 0 });
        before = Some((word, narrow));
    }
    width
}

/// How a column takes its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// As wide as its content, within these limits.
    Content(u32, u32),
    /// This share of what the others leave.
    Share(u32),
}

const fn want(kind: ColumnKind) -> Want {
    match kind {
        ColumnKind::Number => Want::Content(620, 1_500),
        ColumnKind::People | ColumnKind::Count => Want::Content(700, 1_100),
        ColumnKind::Area => Want::Content(900, 1_500),
        ColumnKind::Chapter | ColumnKind::Place => Want::Content(1_300, 2_200),
        ColumnKind::Disposition => Want::Content(1_100, 1_900),
        ColumnKind::Department => Want::Content(1_100, 1_700),
        ColumnKind::Original | ColumnKind::Text | ColumnKind::Answer => Want::Share(10),
        ColumnKind::Reason => Want::Share(6),
    }
}

/// Widths of the result table's columns; they fill `total` exactly.
pub(super) fn of_result(printed: &Printed, total: u32) -> Vec<u32> {
    let mut wants: Vec<(Want, u32)> =
        printed.columns.iter().map(|(kind, heading)| (want(*kind), measure(&clean::one_line(heading)))).collect();
    for (slot, (want, longest)) in printed.slots().into_iter().zip(&mut wants) {
        if matches!(want, Want::Content(..)) {
            let cells = printed.groups().flat_map(|g| (0..g.rows.len()).filter_map(move |row| g.text(slot, row)));
            let lines = cells.flat_map(str::lines).map(measure);
            *longest = lines.max().unwrap_or(0).max(*longest);
        }
    }
    widths(&wants, total)
}

/// Widths for `wants` with the width of the longest line of each; they fill `total` exactly.
pub(super) fn widths(wants: &[(Want, u32)], total: u32) -> Vec<u32> {
    let content = |want: Want, longest: u32| match want {
        Want::Content(least, most) => longest.saturating_add(CELL_SPACE).clamp(least, most),
        Want::Share(_) => 0,
    };
    let shares: u32 = wants.iter().map(|(want, _)| if let Want::Share(share) = want { *share } else { 0 }).sum();
    let fixed: u32 = wants.iter().map(|(want, longest)| content(*want, *longest)).sum();
    // Columns of running text get half of the page at least; without any, the others stretch over the whole.
    let room = if shares == 0 { total } else { fixed.min(total / 2) };
    let mut widths: Vec<u32> = wants
        .iter()
        .map(|(want, longest)| match want {
            Want::Share(share) => (total - room) * share / shares.max(1),
            Want::Content(..) => content(*want, *longest) * room / fixed.max(1),
        })
        .collect();
    let rest = total.saturating_sub(widths.iter().sum());
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_page() {
        let number = (Want::Content(620, 1_500), 300);
        let text = (Want::Share(10), 0);
        for total in [9_638, 14_570] {
            assert_eq!(widths(&[number, text, text], total), [620, (total - 620) / 2, (total - 620) / 2]);
            let wide = [(Want::Content(1_300, 2_200), 9_000); 7];
            let all: Vec<(Want, u32)> = wide.into_iter().chain([text]).collect();
            let widths = widths(&all, total);
            assert_eq!(widths.iter().sum::<u32>(), total);
            assert!(widths.last().is_some_and(|w| *w >= total / 2));
        }
        assert_eq!(widths(&[number, number], 1_000), [500, 500]);
        assert_eq!(widths(&[], 1_000), Vec::<u32>::new());
    }

    #[test]
    fn text_is_measured_as_word_sets_it() {
        assert_eq!(measure("No.1"), 400);
        assert_eq!(measure("意見ｶﾅ"), 600);
        assert_eq!(measure("令和7年"), 800);
        assert_eq!(measure("（P12）"), 700 + 2 * 50);
    }
}
