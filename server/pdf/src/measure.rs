//! How wide columns are and how high cells become: enough to decide which rows stay together on a page. All in
//! millimetres on A4 (ISO 216: 210 × 297).

use domain::layout::ColumnKind;

/// Margin on all four sides of a page.
pub(crate) const MARGIN: f64 = 15.0;
/// Width of a full-width character in the table, 9.5 pt.
const CHARACTER: f64 = 9.5 * 0.3528;
/// From one line of a cell to the next.
const LINE: f64 = 4.75;
/// Above and below the text of a cell, together.
const PADDING: f64 = 3.6;
/// Left and right of the text, together, in a column for long texts and in a narrow one.
const WIDE_INSET: f64 = 5.0;
const NARROW_INSET: f64 = 2.8;

/// A page, upright or lying.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    /// Between the margins.
    pub(crate) width: f64,
    /// What may stay together: less than half of what is between the margins, or pages would be left half empty.
    pub(crate) together: f64,
    portrait: bool,
}

impl Page {
    pub(crate) fn new(portrait: bool) -> Self {
        let (width, height) = if portrait { (210.0, 297.0) } else { (297.0, 210.0) };
        Self { width: width - 2.0 * MARGIN, together: (height - 2.0 * MARGIN) * 0.42, portrait }
    }

    /// Widths of the columns: short ones get what they need, long texts share the rest.
    pub(crate) fn widths(self, columns: &[ColumnKind], longest_number: &str) -> Vec<f64> {
        let fixed: Vec<Option<f64>> = columns.iter().map(|kind| self.fixed(*kind, longest_number)).collect();
        let weights: Vec<f64> = columns.iter().map(|kind| weight(*kind)).collect();
        self.share(&fixed, &weights)
    }

    /// The page's width shared out: what is fixed (at most six tenths of the page), then the rest by weight.
    pub(crate) fn share(self, fixed: &[Option<f64>], weights: &[f64]) -> Vec<f64> {
        let wanted: f64 = fixed.iter().flatten().sum();
        let shrink = if wanted > self.width * 0.6 { self.width * 0.6 / wanted } else { 1.0 };
        let free: f64 = fixed.iter().zip(weights).filter(|(f, _)| f.is_none()).map(|(_, w)| w).sum();
        if free <= 0.0 {
            // Nothing but short columns: they fill the page.
            return fixed.iter().map(|f| f.unwrap_or(0.0) * self.width / wanted.max(1.0)).collect();
        }
        let rest = self.width - wanted * shrink;
        fixed.iter().zip(weights).map(|(f, w)| f.map_or(rest * w / free, |f| f * shrink)).collect()
    }

    fn fixed(self, kind: ColumnKind, longest_number: &str) -> Option<f64> {
        let (lying, upright) = match kind {
            ColumnKind::Number => {
                let width = (units(longest_number) * CHARACTER + NARROW_INSET + 1.0).clamp(10.0, 26.0);
                (width, width)
            }
            ColumnKind::People | ColumnKind::Count => (14.0, 12.0),
            ColumnKind::Area => (20.0, 16.0),
            ColumnKind::Disposition => (26.0, 19.0),
            ColumnKind::Chapter | ColumnKind::Place | ColumnKind::Department => (30.0, 22.0),
            ColumnKind::Text | ColumnKind::Original | ColumnKind::Answer | ColumnKind::Reason => return None,
        };
        Some(if self.portrait { upright } else { lying })
    }
}

/// Whether a column holds long texts.
pub(crate) const fn is_wide(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Text | ColumnKind::Original | ColumnKind::Answer | ColumnKind::Reason)
}

const fn weight(kind: ColumnKind) -> f64 {
    match kind {
        ColumnKind::Original => 1.2,
        ColumnKind::Reason => 0.7,
        _ => 1.0,
    }
}

/// Width of a column that holds short headings, of which the longest should stand on one line.
pub(crate) fn width_of_heads<'a>(heads: impl Iterator<Item = &'a str>) -> f64 {
    let longest = heads.map(units).fold(0.0, f64::max);
    (longest * CHARACTER + NARROW_INSET + 1.0).clamp(30.0, 60.0)
}

/// Height of a cell with this text in a column of this width; rather too much than too little.
pub(crate) fn height(text: &str, width: f64, wide: bool) -> f64 {
    let room = width - if wide { WIDE_INSET } else { NARROW_INSET };
    // A line may be one character shorter, so that none begins with 「。」 (行頭禁則).
    let room = (room / CHARACTER - 1.0).max(1.0);
    let lines: f64 = text.split('\n').map(|line| (units(line) / room).ceil().max(1.0)).sum();
    lines * LINE + PADDING
}

/// Width of a line in full-width characters.
fn units(line: &str) -> f64 {
    line.chars().map(|c| if c.is_ascii() || matches!(c, '\u{FF61}'..='\u{FF9F}') { 0.6 } else { 1.0 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_page_whatever_they_are() {
        use ColumnKind::{Answer, Area, Chapter, Count, Department, Disposition, Number, People, Place, Text};
        for portrait in [true, false] {
            let page = Page::new(portrait);
            for columns in [
                &[Number, Text, Answer][..],
                &[Number],
                &[Area, Chapter, Place, People, Count, Disposition, Department, Number, Text, Answer],
                &[Number, Count],
            ] {
                let widths = page.widths(columns, "2-13");
                assert!((widths.iter().sum::<f64>() - page.width).abs() < 0.01, "{columns:?} {widths:?}");
                assert!(widths.iter().all(|w| *w > 5.0), "{columns:?} {widths:?}");
            }
        }
    }

    #[test]
    fn newlines_and_long_lines_make_cells_higher() {
        let one = height("短い", 60.0, true);
        assert!((height("短い\n短い\n", 60.0, true) - one - 2.0 * LINE).abs() < 0.01);
        assert!(height(&"長".repeat(100), 60.0, true) > one + 5.0 * LINE);
    }
}
