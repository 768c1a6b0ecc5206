//! Named styles. The names are Japanese where Word has none of its own, so that staff find them in the gallery.

use super::{
    columns::measure,
    parts::W,
    xml::{Attributes, Xml},
};
use crate::{clean, printed::Printed};
use std::io;

/// Font of all text. It ships with Office on Windows and Mac; `fontTable.xml` says what to take instead.
pub(super) const FONT: &str = "游ゴシック";

pub(super) const TITLE: &str = "Title";
pub(super) const HEADING_1: &str = "Heading1";
pub(super) const HEADING_2: &str = "Heading2";
pub(super) const FOOTER: &str = "Footer";
pub(super) const PUBLISHER: &str = "Publisher";
pub(super) const COVER: &str = "Cover";
pub(super) const COVER_LABEL: &str = "CoverLabel";
pub(super) const NOTE: &str = "Note";
pub(super) const LEGEND_TITLE: &str = "LegendTitle";
pub(super) const LEGEND: &str = "Legend";
pub(super) const GAP: &str = "Gap";
pub(super) const CELL: &str = "TableText";
pub(super) const CELL_HEADING: &str = "TableHeading";
pub(super) const CELL_CENTRE: &str = "TableCentre";
pub(super) const COUNT_LABEL: &str = "CountLabel";
pub(super) const COUNT: &str = "Count";
pub(super) const CELL_CHAPTER: &str = "TableChapter";
pub(super) const TABLE: &str = "ResultTable";
pub(super) const LINK: &str = "Hyperlink";

/// Shading of a header row, and of a chapter's line in a table.
const HEADER_GREY: &str = "D9D9D9";
pub(super) const LINE_GREY: &str = "F2F2F2";

/// A paragraph style. Sizes are half points, spaces twentieths of a point.
struct Paragraph<'a> {
    id: &'a str,
    name: &'a str,
    based_on: &'a str,
    next: &'a str,
    size: Option<u32>,
    bold: bool,
    centred: Option<&'a str>,
    before: u32,
    after: u32,
    keep_next: bool,
    outline: Option<&'a str>,
    /// Hanging indent; what follows a tab begins there.
    hanging: u32,
    line_below: bool,
}

const PLAIN: Paragraph<'static> = Paragraph {
    id: "",
    name: "",
    based_on: "Normal",
    next: "Normal",
    size: None,
    bold: false,
    centred: None,
    before: 0,
    after: 0,
    keep_next: false,
    outline: None,
    hanging: 0,
    line_below: false,
};

/// `word/styles.xml`. The cover block's second column begins where its longest heading ends.
pub(super) fn styles(printed: &Printed) -> io::Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.element("w:styles", &[W], |xml| {
        defaults(xml)?;
        let normal: Attributes<'_> = &[("w:type", "paragraph"), ("w:default", "1"), ("w:styleId", "Normal")];
        xml.element("w:style", normal, |xml| {
            xml.value("w:name", "Normal")?;
            xml.flag("w:qFormat")
        })?;
        paragraphs(printed).iter().chain(&cells()).try_for_each(|style| paragraph(xml, style))?;
        characters(xml)?;
        plain_table(xml)?;
        result_table(xml)
    })?;
    Ok(xml.finish())
}

/// Styles of the text outside tables.
fn paragraphs(printed: &Printed) -> [Paragraph<'static>; 10] {
    let longest = printed.cover.iter().map(|(heading, _)| measure(&clean::one_line(heading))).max().unwrap_or(0);
    // Set in bold 10.5 pt, with some air before the value.
    let cover = (longest.saturating_mul(11) / 10 + 320).clamp(1_260, 4_200);
    let heading = Paragraph { bold: true, keep_next: true, line_below: true, ..PLAIN };
    [
        Paragraph {
            id: TITLE,
            name: "Title",
            size: Some(30),
            bold: true,
            centred: Some("center"),
            after: 120,
            keep_next: true,
            ..PLAIN
        },
        Paragraph {
            id: HEADING_1,
            name: "heading 1",
            size: Some(24),
            before: 320,
            after: 120,
            outline: Some("0"),
            ..heading
        },
        Paragraph {
            id: HEADING_2,
            name: "heading 2",
            size: Some(22),
            bold: true,
            keep_next: true,
            before: 240,
            after: 80,
            outline: Some("1"),
            ..PLAIN
        },
        Paragraph { id: FOOTER, name: "footer", next: FOOTER, size: Some(18), centred: Some("center"), ..PLAIN },
        Paragraph { id: PUBLISHER, name: "発行者", centred: Some("right"), after: 160, ..PLAIN },
        Paragraph { id: COVER, name: "実施概要", next: COVER, after: 40, hanging: cover, ..PLAIN },
        Paragraph { id: NOTE, name: "注記", next: NOTE, size: Some(20), before: 60, hanging: 200, ..PLAIN },
        Paragraph {
            id: LEGEND_TITLE,
            name: "凡例の見出し",
            next: LEGEND,
            size: Some(20),
            before: 160,
            keep_next: true,
            ..PLAIN
        },
        Paragraph { id: LEGEND, name: "凡例", next: LEGEND, size: Some(20), hanging: 480, ..PLAIN },
        Paragraph { id: GAP, name: "表の後", size: Some(12), ..PLAIN },
    ]
}

/// Styles of the text in cells.
fn cells() -> [Paragraph<'static>; 6] {
    let cell = Paragraph { size: Some(20), ..PLAIN };
    [
        Paragraph { id: CELL, name: "表内", next: CELL, ..cell },
        Paragraph {
            id: CELL_HEADING,
            name: "表内 見出し",
            next: CELL,
            bold: true,
            centred: Some("center"),
            keep_next: true,
            ..cell
        },
        Paragraph { id: CELL_CENTRE, name: "表内 中央", next: CELL, centred: Some("center"), ..cell },
        // Count tables are short: they stay on one page.
        Paragraph { id: COUNT_LABEL, name: "件数表 項目", next: COUNT_LABEL, keep_next: true, ..cell },
        Paragraph { id: COUNT, name: "件数表 数", next: COUNT, centred: Some("right"), keep_next: true, ..cell },
        Paragraph { id: CELL_CHAPTER, name: "表内 章", next: CELL, bold: true, keep_next: true, ..cell },
    ]
}

fn defaults(xml: &mut Xml) -> io::Result<()> {
    xml.element("w:docDefaults", &[], |xml| {
        xml.element("w:rPrDefault", &[], |xml| {
            xml.element("w:rPr", &[], |xml| {
                let fonts = ["w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"].map(|script| (script, FONT));
                xml.empty("w:rFonts", &fonts)?;
                xml.value("w:kern", "2")?;
                xml.value("w:sz", "21")?;
                xml.value("w:szCs", "21")?;
                xml.empty("w:lang", &[("w:val", "en-US"), ("w:eastAsia", "ja-JP"), ("w:bidi", "ar-SA")])
            })
        })?;
        xml.element("w:pPrDefault", &[], |xml| {
            xml.element("w:pPr", &[], |xml| {
                // No single lines at the top or bottom of a page.
                xml.flag("w:widowControl")?;
                // No grid: 游ゴシック would take two of its lines.
                xml.value("w:snapToGrid", "0")?;
                xml.empty("w:spacing", &[("w:after", "0"), ("w:line", "240"), ("w:lineRule", "auto")])
            })
        })
    })
}

/// One paragraph style; the order of the elements is the schema's.
fn paragraph(xml: &mut Xml, style: &Paragraph<'_>) -> io::Result<()> {
    let own_name = !matches!(style.id, TITLE | HEADING_1 | HEADING_2 | FOOTER);
    let mut attributes = vec![("w:type", "paragraph"), ("w:styleId", style.id)];
    if own_name {
        attributes.push(("w:customStyle", "1"));
    }
    xml.element("w:style", &attributes, |xml| {
        xml.value("w:name", style.name)?;
        xml.value("w:basedOn", style.based_on)?;
        xml.value("w:next", style.next)?;
        xml.flag("w:qFormat")?;
        xml.element("w:pPr", &[], |xml| paragraph_properties(xml, style))?;
        xml.element("w:rPr", &[], |xml| {
            if style.bold {
                xml.flag("w:b")?;
                xml.flag("w:bCs")?;
            }
            let Some(size) = style.size.map(|size| size.to_string()) else { return Ok(()) };
            xml.value("w:sz", &size)?;
            xml.value("w:szCs", &size)
        })
    })
}

fn paragraph_properties(xml: &mut Xml, style: &Paragraph<'_>) -> io::Result<()> {
    if style.keep_next {
        xml.flag("w:keepNext")?;
    }
    if style.line_below {
        xml.element("w:pBdr", &[], |xml| {
            xml.empty("w:bottom", &[("w:val", "single"), ("w:sz", "6"), ("w:space", "2"), ("w:color", "7F7F7F")])
        })?;
    }
    let hanging = style.hanging.to_string();
    if style.hanging > 0 {
        xml.element("w:tabs", &[], |xml| xml.empty("w:tab", &[("w:val", "left"), ("w:pos", &hanging)]))?;
    }
    xml.empty("w:spacing", &[("w:before", &style.before.to_string()), ("w:after", &style.after.to_string())])?;
    if style.hanging > 0 {
        xml.empty("w:ind", &[("w:left", &hanging), ("w:hanging", &hanging)])?;
    }
    if let Some(side) = style.centred {
        xml.value("w:jc", side)?;
    }
    style.outline.map_or(Ok(()), |level| xml.value("w:outlineLvl", level))
}

fn characters(xml: &mut Xml) -> io::Result<()> {
    let label: Attributes<'_> = &[("w:type", "character"), ("w:customStyle", "1"), ("w:styleId", COVER_LABEL)];
    xml.element("w:style", label, |xml| {
        xml.value("w:name", "実施概要 項目")?;
        xml.flag("w:qFormat")?;
        xml.element("w:rPr", &[], |xml| xml.flag("w:b"))
    })?;
    xml.element("w:style", &[("w:type", "character"), ("w:styleId", LINK)], |xml| {
        xml.value("w:name", "Hyperlink")?;
        xml.element("w:rPr", &[], |xml| {
            xml.value("w:color", "0563C1")?;
            xml.value("w:u", "single")
        })
    })
}

/// Word's own base of all tables.
fn plain_table(xml: &mut Xml) -> io::Result<()> {
    xml.element("w:style", &[("w:type", "table"), ("w:default", "1"), ("w:styleId", "TableNormal")], |xml| {
        xml.value("w:name", "Normal Table")?;
        xml.value("w:uiPriority", "99")?;
        xml.flag("w:semiHidden")?;
        xml.flag("w:unhideWhenUsed")
    })
}

fn result_table(xml: &mut Xml) -> io::Result<()> {
    let attributes: Attributes<'_> = &[("w:type", "table"), ("w:customStyle", "1"), ("w:styleId", TABLE)];
    xml.element("w:style", attributes, |xml| {
        xml.value("w:name", "結果表")?;
        xml.value("w:basedOn", "TableNormal")?;
        xml.flag("w:qFormat")?;
        xml.element("w:tblPr", &[], |xml| {
            xml.element("w:tblBorders", &[], |xml| {
                ["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"].iter().try_for_each(|side| {
                    xml.empty(side, &[("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", "595959")])
                })
            })?;
            xml.element("w:tblCellMar", &[], |xml| {
                [("w:top", "50"), ("w:left", "100"), ("w:bottom", "50"), ("w:right", "100")]
                    .iter()
                    .try_for_each(|(side, width)| xml.empty(side, &[("w:w", width), ("w:type", "dxa")]))
            })
        })?;
        conditional(xml, "firstRow", |xml| {
            xml.element("w:tcPr", &[], |xml| {
                shade(xml, HEADER_GREY)?;
                xml.value("w:vAlign", "center")
            })
        })?;
        conditional(xml, "lastRow", |xml| xml.element("w:rPr", &[], |xml| xml.flag("w:b")))
    })
}

fn conditional(xml: &mut Xml, part: &str, content: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    xml.element("w:tblStylePr", &[("w:type", part)], content)
}

/// A background.
pub(super) fn shade(xml: &mut Xml, colour: &str) -> io::Result<()> {
    xml.empty("w:shd", &[("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)])
}
