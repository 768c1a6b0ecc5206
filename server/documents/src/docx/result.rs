//! The result table: a real table for each section, an answer merged over the rows it answers.

use super::{
    bookmark,
    paragraph::{run, with},
    styles::{CELL, CELL_CENTRE, CELL_CHAPTER},
    tables::{self, Frame, cell},
    xml::Xml,
};
use crate::{
    model::NO_OPINIONS,
    printed::{Block, Group, Printed, Section, spans},
};
use domain::layout::ColumnKind;
use std::io;

/// Writes the table of `section`. `bookmarks` counts the bookmarks of the document, whose ids must differ.
pub(super) fn write(
    xml: &mut Xml,
    printed: &Printed,
    section: &Section,
    widths: &[u32],
    bookmarks: &mut u32,
) -> io::Result<()> {
    let headings: Vec<&str> = printed.columns.iter().map(|(_, heading)| heading.as_str()).collect();
    let spanning: Vec<&str> =
        printed.columns.iter().filter(|(kind, _)| spans(*kind)).map(|(_, heading)| heading.as_str()).collect();
    let description = format!(
        "列は左から{}です。{}は、複数のご意見にまとめてお答えしている場合、それらの行にまたがります。",
        headings.join("、"),
        spanning.join("、")
    );
    let caption = section.heading.as_deref().unwrap_or(&printed.title);
    let frame = Frame { caption, description: &description, widths, sum: false };
    tables::table(xml, &frame, &headings, |xml| {
        section.blocks.iter().try_for_each(|block| match block {
            Block::Line { text, .. } if text == NO_OPINIONS => tables::line(xml, widths, CELL, text, false),
            Block::Line { text, .. } => tables::line(xml, widths, CELL_CHAPTER, text, true),
            Block::Group(group) => rows(xml, printed, group, widths, bookmarks),
        })
    })
}

fn rows(xml: &mut Xml, printed: &Printed, group: &Group, widths: &[u32], bookmarks: &mut u32) -> io::Result<()> {
    let (merged, slots) = (group.rows.len() > 1, printed.slots());
    for (position, row) in group.rows.iter().enumerate() {
        xml.element("w:tr", &[], |xml| {
            for (column, (((kind, _), slot), width)) in printed.columns.iter().zip(&slots).zip(widths).enumerate() {
                let continues = spans(*kind) && position > 0;
                let properties = |xml: &mut Xml| match (spans(*kind) && merged, continues) {
                    (true, false) => xml.value("w:vMerge", "restart"),
                    (true, true) => xml.flag("w:vMerge"),
                    (false, _) => Ok(()),
                };
                cell(xml, *width, properties, |xml| {
                    with(xml, style(*kind), |xml| {
                        if column == 0 {
                            *bookmarks = bookmarks.saturating_add(1);
                            mark(xml, *bookmarks, row.summary_id)?;
                        }
                        match group.text(*slot, position) {
                            Some(text) if !continues => run(xml, None, text),
                            _ => Ok(()),
                        }
                    })
                })?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

const fn style(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Number | ColumnKind::People | ColumnKind::Count | ColumnKind::Area => CELL_CENTRE,
        _ => CELL,
    }
}

fn mark(xml: &mut Xml, id: u32, summary_id: i64) -> io::Result<()> {
    let id = id.to_string();
    xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &bookmark(summary_id))])?;
    xml.empty("w:bookmarkEnd", &[("w:id", &id)])
}
