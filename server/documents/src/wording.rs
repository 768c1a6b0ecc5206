//! Words around the result table, the same in Word and text.

use crate::{
    ResponseTable,
    printed::{Annex, AnnexKind},
};
use domain::layout::{ColumnKind, CoverKind, Layout};

/// Heading of the tables of counts.
pub(crate) const COUNTS: &str = "意見の件数";

/// Who publishes: 「品川区　DX推進課」, from the second version on with 「（第2版）」. Without the names where the cover
/// block has them.
pub(crate) fn publisher(table: &ResponseTable) -> String {
    let names = if table.layout.cover.iter().any(|line| line.kind == CoverKind::Body) {
        ["", ""]
    } else {
        [table.ward.name.as_str(), table.consultation.department.as_str()]
    };
    let names = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join("　");
    if table.version > 1 { format!("{names}（第{}版）", table.version) } else { names }
}

/// Heading of the result table, made of its columns: 「ご意見（要旨）と区の考え方」.
pub(crate) fn result(layout: &Layout) -> String {
    let opinion = layout.heading(ColumnKind::Text).or_else(|| layout.heading(ColumnKind::Original));
    let answer = layout.heading(ColumnKind::Answer).unwrap_or("区の考え方");
    format!("{}と{answer}", opinion.unwrap_or("ご意見"))
}

/// The column of an annex that names rows of the result table; a table without numbers has none.
pub(crate) fn names_column(annex: &Annex, layout: &Layout) -> Option<usize> {
    let named = annex.kind != AnnexKind::Corrections && layout.has(ColumnKind::Number);
    annex.headings.len().checked_sub(1).filter(|_| named)
}
