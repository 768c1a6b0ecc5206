//! Tables of plain cells, and what all tables have in common.

use super::{
    bookmark,
    paragraph::{paragraph, run, with},
    styles::{self, CELL, CELL_HEADING, LINK, TABLE},
    xml::Xml,
};
use crate::clean;
use std::io;

/// A table's frame. `caption` and `description` are read out by screen readers and not printed.
pub(super) struct Frame<'a> {
    pub(super) caption: &'a str,
    pub(super) description: &'a str,
    /// Column widths in twentieths of a point.
    pub(super) widths: &'a [u32],
    /// Whether the last row is a sum.
    pub(super) sum: bool,
}

/// What stands in a plain cell.
pub(super) enum Cell {
    /// A text in a paragraph style.
    Text(&'static str, String),
    /// Names of rows of the result table, each a link to the row's bookmark.
    Rows(Vec<(String, Option<i64>)>),
}

impl Cell {
    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        match self {
            Self::Text(style, text) => paragraph(xml, style, text),
            Self::Rows(rows) => with(xml, CELL, |xml| {
                for (position, (name, row)) in rows.iter().enumerate() {
                    if position > 0 {
                        // Each on a line of its own: Word would break a number at its hyphen.
                        run(xml, None, "、\n")?;
                    }
                    match row {
                        Some(id) => {
                            let anchor = bookmark(*id);
                            xml.element("w:hyperlink", &[("w:anchor", &anchor), ("w:history", "1")], |xml| {
                                run(xml, Some(LINK), name)
                            })?;
                        }
                        None => run(xml, None, name)?,
                    }
                }
                Ok(())
            }),
        }
    }
}

/// A table: properties, grid, the header row that repeats on every page, and what `rows` writes.
pub(super) fn table(
    xml: &mut Xml,
    frame: &Frame<'_>,
    headings: &[&str],
    rows: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.element("w:tbl", &[], |xml| {
        properties(xml, frame)?;
        xml.element("w:tblGrid", &[], |xml| {
            frame.widths.iter().try_for_each(|width| xml.empty("w:gridCol", &[("w:w", &width.to_string())]))
        })?;
        xml.element("w:tr", &[], |xml| {
            xml.element("w:trPr", &[], |xml| {
                xml.flag("w:cantSplit")?;
                xml.flag("w:tblHeader")
            })?;
            headings.iter().zip(frame.widths).try_for_each(|(heading, width)| {
                cell(xml, *width, |_| Ok(()), |xml| paragraph(xml, CELL_HEADING, heading))
            })
        })?;
        rows(xml)
    })
}

/// A table of plain cells.
pub(super) fn plain(xml: &mut Xml, frame: &Frame<'_>, headings: &[&str], rows: &[Vec<Cell>]) -> io::Result<()> {
    table(xml, frame, headings, |xml| {
        rows.iter().try_for_each(|row| {
            xml.element("w:tr", &[], |xml| {
                row.iter()
                    .zip(frame.widths)
                    .try_for_each(|(content, width)| cell(xml, *width, |_| Ok(()), |xml| content.write(xml)))
            })
        })
    })
}

/// A cell: its width, what `properties` adds in the schema's order (gridSpan, vMerge, shd), and its paragraphs.
pub(super) fn cell(
    xml: &mut Xml,
    width: u32,
    properties: impl FnOnce(&mut Xml) -> io::Result<()>,
    content: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.element("w:tc", &[], |xml| {
        xml.element("w:tcPr", &[], |xml| {
            xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")])?;
            properties(xml)
        })?;
        content(xml)
    })
}

/// A row that is one cell across the table.
pub(super) fn line(xml: &mut Xml, widths: &[u32], style: &str, text: &str, shaded: bool) -> io::Result<()> {
    xml.element("w:tr", &[], |xml| {
        let properties = |xml: &mut Xml| {
            xml.value("w:gridSpan", &widths.len().to_string())?;
            if shaded { styles::shade(xml, styles::LINE_GREY) } else { Ok(()) }
        };
        cell(xml, widths.iter().sum(), properties, |xml| paragraph(xml, style, text))
    })
}

fn properties(xml: &mut Xml, frame: &Frame<'_>) -> io::Result<()> {
    xml.element("w:tblPr", &[], |xml| {
        xml.value("w:tblStyle", TABLE)?;
        let width: u32 = frame.widths.iter().sum();
        xml.empty("w:tblW", &[("w:w", &width.to_string()), ("w:type", "dxa")])?;
        xml.empty("w:tblLayout", &[("w:type", "fixed")])?;
        xml.empty(
            "w:tblLook",
            &[
                ("w:val", if frame.sum { "0660" } else { "0620" }),
                ("w:firstRow", "1"),
                ("w:lastRow", if frame.sum { "1" } else { "0" }),
                ("w:firstColumn", "0"),
                ("w:lastColumn", "0"),
                ("w:noHBand", "1"),
                ("w:noVBand", "1"),
            ],
        )?;
        xml.value("w:tblCaption", &clean::one_line(frame.caption))?;
        xml.value("w:tblDescription", &clean::one_line(frame.description))
    })
}
