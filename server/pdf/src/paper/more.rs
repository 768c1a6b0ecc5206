//! What follows the table: 修正箇所, 今後の取組, 正誤.

use documents::printed::{Annex, AnnexKind};

use super::{Cell, Head, Look, Sheet};
use crate::{
    Glyphs,
    measure::{self, Page},
};

/// Widths of the columns in millimetres; without one, a column holds long texts and shares what is left.
const fn widths(kind: AnnexKind) -> &'static [Option<f64>] {
    match kind {
        AnnexKind::PlanChanges => &[Some(32.0), None, None, None, Some(30.0)],
        AnnexKind::Commitments => &[None, Some(40.0), Some(40.0), Some(30.0)],
        AnnexKind::Corrections => &[Some(16.0), Some(40.0), None, None],
    }
}

/// An annex under its heading.
pub(super) fn sheet(annex: &Annex, page: Page, glyphs: &Glyphs) -> Sheet {
    let of = widths(annex.kind);
    let fixed: Vec<Option<f64>> = (0..annex.headings.len()).map(|place| of.get(place).copied().flatten()).collect();
    let widths = page.share(&fixed, &vec![1.0; fixed.len()]);
    let heads = annex.headings.iter().zip(&widths);
    let row = |row: &Vec<String>| {
        let texts: Vec<String> = row.iter().map(|text| glyphs.printable(text)).collect();
        let cells = texts.iter().zip(&widths).zip(&fixed);
        let high = cells.map(|((text, width), fixed)| measure::height(text, *width, fixed.is_none()));
        let keep = high.fold(0.0, f64::max) <= page.together;
        let cells = (0..).zip(texts).zip(&fixed);
        let cell = |((place, text), fixed): ((usize, String), &Option<f64>)| Cell {
            h: place == 0,
            k: keep,
            a: if fixed.is_none() { Look::Text } else { Look::Short },
            ..Cell::new(text)
        };
        cells.map(cell).collect::<Vec<_>>()
    };
    Sheet {
        heading: glyphs.printable(annex.title),
        columns: heads.map(|(text, width)| Head { heading: (*text).to_owned(), width: *width }).collect(),
        cells: annex.rows.iter().flat_map(row).collect(),
    }
}
