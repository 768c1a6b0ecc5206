//! How wide the columns of the sheet to print are.

use domain::layout::ColumnKind;

/// Digits that fit beside each other on a page, lying and upright, at a size that can be read.
const LANDSCAPE: u32 = 134;
const PORTRAIT: u32 = 96;
/// A column of text is never narrower; the page is then printed smaller.
const LEAST_TEXT: u32 = 24;

/// Width in digits of a column that needs no more; `None` for running text, which shares what is left.
const fn fixed(kind: ColumnKind) -> Option<u32> {
    match kind {
        ColumnKind::Number | ColumnKind::People | ColumnKind::Count => Some(7),
        ColumnKind::Area => Some(10),
        ColumnKind::Chapter | ColumnKind::Place => Some(20),
        ColumnKind::Disposition | ColumnKind::Department => Some(14),
        ColumnKind::Reason => Some(24),
        ColumnKind::Original | ColumnKind::Text | ColumnKind::Answer => None,
    }
}

/// Widths in digits, in the order of the columns.
pub(super) fn widths(columns: &[(ColumnKind, String)], portrait: bool) -> Vec<u32> {
    let page = if portrait { PORTRAIT } else { LANDSCAPE };
    let taken: u32 = columns.iter().filter_map(|(kind, _)| fixed(*kind)).sum();
    let texts = columns.iter().filter(|(kind, _)| fixed(*kind).is_none()).count();
    let texts = u32::try_from(texts).unwrap_or(u32::MAX).max(1);
    let text = (page.saturating_sub(taken) / texts).max(LEAST_TEXT);
    columns.iter().map(|(kind, _)| fixed(*kind).unwrap_or(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::layout::{Layout, LayoutPreset};

    #[test]
    fn text_gets_what_is_left() {
        let of = |preset, portrait| {
            let columns: Vec<_> = Layout::of(preset).columns.into_iter().map(|c| (c.kind, c.heading)).collect();
            widths(&columns, portrait)
        };
        assert_eq!(of(LayoutPreset::Shinagawa, false), [7, 63, 63]);
        assert_eq!(of(LayoutPreset::Shinagawa, true), [7, 44, 44]);
        assert_eq!(of(LayoutPreset::Nerima, false), [7, 56, 56, 14]);
        assert_eq!(of(LayoutPreset::Chiba, true), [7, 10, 20, 26, 7, 26]);
        let all: Vec<_> = ColumnKind::ALL.map(|kind| (kind, String::new())).into();
        assert!(widths(&all, true).iter().all(|width| *width >= 7));
    }
}
