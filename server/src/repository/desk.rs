//! The response desk in figures and pages: added up, numbered and narrowed in SQL, so that twenty thousand opinions and
//! five thousand rows are never loaded at once.

mod counts;
mod items;
pub mod journal;
mod links;
mod outline;

pub use counts::{Figures, NumberedRow, figures, numbered_rows, status};
pub use items::{Filter, ItemLine, Placed, item_ids, item_lines, texts_of_items};
pub use links::{
    ItemFact, bump, hand_over, item_facts, item_text, link, links_of_items, links_of_row, set_scope, unlink,
};
pub use outline::{ChapterLine, RowLine, chapter_lines, chapters, headings, positions, row_lines};

use domain::IntakeState;

/// The condition under which the submission `p` counts.
pub(super) fn counted() -> String {
    let codes: Vec<String> =
        IntakeState::ALL.into_iter().filter(|s| s.counts()).map(|s| format!("'{}'", s.code())).collect();
    format!("p.state = 'published' AND p.intake IN ({})", codes.join(", "))
}
