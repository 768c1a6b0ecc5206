//! `word/document.xml`: title, cover block, counts, the result table, and what follows from it.

use super::{
    columns::{self, CELL_SPACE, Paper, Want, measure},
    paragraph::{paragraph, run, tab, with},
    parts::{FOOTER_ID, R, W},
    result,
    styles::{self, CELL, COUNT, COUNT_LABEL, HEADING_1, HEADING_2},
    tables::{self, Cell, Frame},
    xml::Xml,
};
use crate::{
    ResponseTable, clean,
    model::NO_OPINIONS,
    printed::{Annex, AnnexKind, Counts, Printed},
    wording as words,
};
use std::{collections::HashMap, io};

/// Writes the document's text.
pub(super) fn document(table: &ResponseTable, printed: &Printed) -> io::Result<Vec<u8>> {
    let paper = Paper { portrait: table.layout.portrait };
    let names = printed.rows().map(|row| (row.name.as_str(), row.summary_id)).collect();
    let body = Body { table, printed, paper, names };
    let mut xml = Xml::new()?;
    xml.element("w:document", &[W, R], |xml| {
        xml.element("w:body", &[], |xml| {
            body.cover(xml)?;
            body.counts(xml)?;
            body.sections(xml)?;
            printed.annexes.iter().try_for_each(|annex| body.annex(xml, annex))?;
            body.page(xml)
        })
    })?;
    Ok(xml.finish())
}

struct Body<'a> {
    table: &'a ResponseTable,
    printed: &'a Printed,
    paper: Paper,
    /// Ids of the rows by the name under which the annexes speak of them.
    names: HashMap<&'a str, i64>,
}

impl Body<'_> {
    fn cover(&self, xml: &mut Xml) -> io::Result<()> {
        paragraph(xml, styles::TITLE, &self.printed.title)?;
        let publisher = words::publisher(self.table);
        if !publisher.is_empty() {
            paragraph(xml, styles::PUBLISHER, &publisher)?;
        }
        for (heading, value) in &self.printed.cover {
            with(xml, styles::COVER, |xml| {
                run(xml, Some(styles::COVER_LABEL), heading)?;
                tab(xml)?;
                run(xml, None, value)
            })?;
        }
        for note in &self.printed.notes {
            paragraph(xml, styles::NOTE, note)?;
        }
        if self.printed.legend.is_empty() {
            return Ok(());
        }
        paragraph(xml, styles::LEGEND_TITLE, "【凡例】")?;
        self.printed.legend.iter().try_for_each(|(mark, label)| {
            with(xml, styles::LEGEND, |xml| {
                run(xml, None, mark)?;
                tab(xml)?;
                run(xml, None, label)
            })
        })
    }

    fn counts(&self, xml: &mut Xml) -> io::Result<()> {
        if self.printed.counts.is_empty() {
            return Ok(());
        }
        paragraph(xml, HEADING_1, words::COUNTS)?;
        self.printed.counts.iter().try_for_each(|counts| {
            paragraph(xml, HEADING_2, &counts.title)?;
            count_table(xml, counts, self.paper.text_width())?;
            gap(xml)
        })
    }

    /// Chapters are second-level headings when other parts stand beside the table, else first-level ones.
    fn sections(&self, xml: &mut Xml) -> io::Result<()> {
        let alone = self.printed.counts.is_empty() && self.printed.annexes.is_empty();
        if !alone {
            paragraph(xml, HEADING_1, &words::result(&self.table.layout))?;
        }
        if let Some(nothing) = self.printed.nothing {
            return paragraph(xml, "Normal", nothing);
        }
        let widths = columns::of_result(self.printed, self.paper.text_width());
        let mut bookmarks = 0;
        self.printed.sections.iter().try_for_each(|section| {
            if let Some(heading) = &section.heading {
                paragraph(xml, if alone { HEADING_1 } else { HEADING_2 }, heading)?;
            } else if alone {
                gap(xml)?;
            }
            if section.blocks.is_empty() {
                return paragraph(xml, "Normal", NO_OPINIONS);
            }
            result::write(xml, self.printed, section, &widths, &mut bookmarks)?;
            gap(xml)
        })
    }

    /// A first-level heading with a table over the whole width.
    fn annex(&self, xml: &mut Xml, annex: &Annex) -> io::Result<()> {
        let wants: Vec<(Want, u32)> = annex
            .headings
            .iter()
            .enumerate()
            .map(|(column, heading)| {
                let texts =
                    annex.rows.iter().filter_map(|row| row.get(column)).flat_map(|text| text.split(['\n', '、']));
                (want(annex.kind, column), texts.map(measure).max().unwrap_or(0).max(measure(heading)))
            })
            .collect();
        let widths = columns::widths(&wants, self.paper.text_width());
        let names = words::names_column(annex, &self.table.layout);
        let cell = |(column, text): (usize, &String)| {
            if names == Some(column) { self.links(text) } else { Cell::Text(CELL, text.clone()) }
        };
        let rows: Vec<Vec<Cell>> = annex.rows.iter().map(|row| row.iter().enumerate().map(cell).collect()).collect();
        let description = format!("列は左から{}です。", annex.headings.join("、"));
        paragraph(xml, HEADING_1, annex.title)?;
        let frame = Frame { caption: annex.title, description: &description, widths: &widths, sum: false };
        tables::plain(xml, &frame, &annex.headings, &rows)?;
        gap(xml)
    }

    /// 「No.1-2、No.2-1」, each number with the row it names.
    fn links(&self, text: &str) -> Cell {
        let row = |name: &str| self.names.get(name.strip_prefix("No.")?).copied();
        let parts = text.split('、').filter(|name| !name.is_empty());
        Cell::Rows(parts.map(|name| (name.to_owned(), row(name))).collect())
    }

    /// Paper, margins and footer of the whole document.
    fn page(&self, xml: &mut Xml) -> io::Result<()> {
        let (width, height) = self.paper.size();
        let (width, height, margin) = (width.to_string(), height.to_string(), Paper::margin().to_string());
        xml.element("w:sectPr", &[], |xml| {
            xml.empty("w:footerReference", &[("w:type", "default"), ("r:id", FOOTER_ID)])?;
            let mut size = vec![("w:w", width.as_str()), ("w:h", height.as_str())];
            if !self.paper.portrait {
                size.push(("w:orient", "landscape"));
            }
            xml.empty("w:pgSz", &size)?;
            let sides = ["w:top", "w:right", "w:bottom", "w:left"].map(|side| (side, margin.as_str()));
            let edges = [("w:header", "567"), ("w:footer", "567"), ("w:gutter", "0")];
            xml.empty("w:pgMar", &sides.into_iter().chain(edges).collect::<Vec<_>>())
        })
    }
}

const fn want(kind: AnnexKind, column: usize) -> Want {
    match (kind, column) {
        (AnnexKind::PlanChanges, 0) => Want::Content(1_500, 2_200),
        (AnnexKind::PlanChanges, 4) | (AnnexKind::Commitments, 3) => Want::Content(1_200, 1_700),
        (AnnexKind::Commitments, 1) => Want::Content(1_300, 2_200),
        (AnnexKind::Commitments, 2) | (AnnexKind::Corrections, 1) => Want::Content(1_600, 2_300),
        (AnnexKind::Corrections, 0) => Want::Content(900, 1_100),
        (AnnexKind::PlanChanges, 3) | (AnnexKind::Corrections, 2) => Want::Share(8),
        _ => Want::Share(10),
    }
}

/// Two tables that touch become one, and the last element before the section must be a paragraph.
fn gap(xml: &mut Xml) -> io::Result<()> {
    with(xml, styles::GAP, |_| Ok(()))
}

fn count_table(xml: &mut Xml, counts: &Counts, total: u32) -> io::Result<()> {
    let headings: Vec<&str> = counts.headings.iter().map(String::as_str).collect();
    let numbers = u32::try_from(counts.headings.len().saturating_sub(1)).unwrap_or(0);
    let number_width = 1_900;
    let longest = counts.rows.iter().map(|(label, _)| measure(&clean::one_line(label))).max().unwrap_or(0);
    let most = total.saturating_sub(numbers * number_width).max(2_400);
    let label_width = longest.saturating_add(CELL_SPACE).clamp(2_400, most);
    let widths: Vec<u32> = std::iter::once(label_width).chain((0..numbers).map(|_| number_width)).collect();
    let rows: Vec<Vec<Cell>> = counts
        .rows
        .iter()
        .map(|(label, values)| {
            let values = values.iter().map(|value| Cell::Text(COUNT, value.to_string()));
            std::iter::once(Cell::Text(COUNT_LABEL, label.clone())).chain(values).collect()
        })
        .collect();
    let description = format!("列は左から{}です。最後の行は合計です。", headings.join("、"));
    let frame = Frame { caption: &counts.title, description: &description, widths: &widths, sum: true };
    tables::plain(xml, &frame, &headings, &rows)
}
