//! The small parts around the text: types, relations, properties, settings, fonts, footer.

use super::{
    styles::{self, FONT},
    xml::{Attributes, Xml},
};
use crate::{ResponseTable, clean, printed::Printed};
use chrono::DateTime;
use std::io;

/// Namespace of WordprocessingML.
pub(super) const W: (&str, &str) = ("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main");

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// Relation id of the footer, used by the section in `document.xml`.
pub(super) const FOOTER_ID: &str = "rId4";
/// Namespace of relation ids.
pub(super) const R: (&str, &str) = ("xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships");

/// A part with one root element.
fn part(
    name: &str,
    attributes: Attributes<'_>,
    content: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.element(name, attributes, content)?;
    Ok(xml.finish())
}

pub(super) fn content_types() -> io::Result<Vec<u8>> {
    let namespace = format!("{PACKAGE}/content-types");
    part("Types", &[("xmlns", &namespace)], |xml| {
        let rels = "application/vnd.openxmlformats-package.relationships+xml";
        xml.empty("Default", &[("Extension", "rels"), ("ContentType", rels)])?;
        xml.empty("Default", &[("Extension", "xml"), ("ContentType", "application/xml")])?;
        for (name, kind) in [
            ("document", "document.main"),
            ("styles", "styles"),
            ("settings", "settings"),
            ("fontTable", "fontTable"),
            ("footer1", "footer"),
        ] {
            let (name, kind) = (format!("/word/{name}.xml"), format!("{WORD_TYPE}.{kind}+xml"));
            xml.empty("Override", &[("PartName", &name), ("ContentType", &kind)])?;
        }
        let core = "application/vnd.openxmlformats-package.core-properties+xml";
        xml.empty("Override", &[("PartName", "/docProps/core.xml"), ("ContentType", core)])?;
        let app = "application/vnd.openxmlformats-officedocument.extended-properties+xml";
        xml.empty("Override", &[("PartName", "/docProps/app.xml"), ("ContentType", app)])
    })
}

fn relations(relations: &[(&str, &str, String)]) -> io::Result<Vec<u8>> {
    let namespace = format!("{PACKAGE}/relationships");
    part("Relationships", &[("xmlns", &namespace)], |xml| {
        relations.iter().try_for_each(|(id, target, kind)| {
            xml.empty("Relationship", &[("Id", *id), ("Type", kind.as_str()), ("Target", *target)])
        })
    })
}

pub(super) fn package_relations() -> io::Result<Vec<u8>> {
    relations(&[
        ("rId1", "word/document.xml", format!("{OFFICE}/relationships/officeDocument")),
        ("rId2", "docProps/core.xml", format!("{PACKAGE}/relationships/metadata/core-properties")),
        ("rId3", "docProps/app.xml", format!("{OFFICE}/relationships/extended-properties")),
    ])
}

pub(super) fn document_relations() -> io::Result<Vec<u8>> {
    let word = |id, target, kind: &str| (id, target, format!("{OFFICE}/relationships/{kind}"));
    relations(&[
        word("rId1", "styles.xml", "styles"),
        word("rId2", "settings.xml", "settings"),
        word("rId3", "fontTable.xml", "fontTable"),
        word(FOOTER_ID, "footer1.xml", "footer"),
    ])
}

/// Title, ward and moment of publication. A moment that the calendar doesn't know is left out.
pub(super) fn core_properties(table: &ResponseTable, printed: &Printed) -> io::Result<Vec<u8>> {
    let namespace = format!("{PACKAGE}/metadata/core-properties");
    let attributes = [
        ("xmlns:cp", namespace.as_str()),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    part("cp:coreProperties", &attributes, |xml| {
        let ward = clean::one_line(&table.ward.name);
        xml.text("dc:title", &[], &clean::one_line(&printed.title))?;
        xml.text("dc:creator", &[], &ward)?;
        xml.text("cp:lastModifiedBy", &[], &ward)?;
        if let Some(moment) = DateTime::from_timestamp_millis(table.published_at) {
            let moment = moment.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            for name in ["dcterms:created", "dcterms:modified"] {
                xml.text(name, &[("xsi:type", "dcterms:W3CDTF")], &moment)?;
            }
        }
        xml.text("dc:language", &[], "ja-JP")
    })
}

pub(super) fn app_properties(table: &ResponseTable) -> io::Result<Vec<u8>> {
    let namespace = format!("{OFFICE}/extended-properties");
    part("Properties", &[("xmlns", &namespace)], |xml| xml.text("Company", &[], &clean::one_line(&table.ward.name)))
}

pub(super) fn settings() -> io::Result<Vec<u8>> {
    part("w:settings", &[W], |xml| {
        xml.empty("w:zoom", &[("w:percent", "100")])?;
        xml.value("w:defaultTabStop", "840")?;
        xml.value("w:characterSpacingControl", "compressPunctuation")?;
        xml.element("w:compat", &[], |xml| {
            // 15: the layout of Word 2013 and later. Without it Word opens the document in compatibility mode.
            let uri = "http://schemas.microsoft.com/office/word";
            xml.empty("w:compatSetting", &[("w:name", "compatibilityMode"), ("w:uri", uri), ("w:val", "15")])
        })?;
        xml.empty("w:themeFontLang", &[("w:val", "en-US"), ("w:eastAsia", "ja-JP")])?;
        xml.value("w:decimalSymbol", ".")?;
        xml.value("w:listSeparator", ",")
    })
}

/// What takes the font's place where it is missing: the same font under its Latin name, else any Japanese gothic.
pub(super) fn font_table() -> io::Result<Vec<u8>> {
    part("w:fonts", &[W], |xml| {
        xml.element("w:font", &[("w:name", FONT)], |xml| {
            xml.value("w:altName", "Yu Gothic")?;
            xml.value("w:panose1", "020B0400000000000000")?;
            // 80: Shift_JIS, in the old Windows sense of "a Japanese font".
            xml.value("w:charset", "80")?;
            xml.value("w:family", "swiss")?;
            xml.value("w:pitch", "variable")
        })
    })
}

/// 「1 / 3」 in the middle.
pub(super) fn footer() -> io::Result<Vec<u8>> {
    part("w:ftr", &[W], |xml| {
        xml.element("w:p", &[], |xml| {
            xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", styles::FOOTER))?;
            field(xml, " PAGE ")?;
            xml.element("w:r", &[], |xml| xml.text("w:t", &[("xml:space", "preserve")], " / "))?;
            field(xml, " NUMPAGES ")
        })
    })
}

/// A field that the program fills in when it lays out the page.
fn field(xml: &mut Xml, code: &str) -> io::Result<()> {
    let mark = |xml: &mut Xml, kind| xml.element("w:r", &[], |xml| xml.empty("w:fldChar", &[("w:fldCharType", kind)]));
    mark(xml, "begin")?;
    xml.element("w:r", &[], |xml| xml.text("w:instrText", &[("xml:space", "preserve")], code))?;
    mark(xml, "separate")?;
    xml.element("w:r", &[], |xml| xml.text("w:t", &[], "1"))?;
    mark(xml, "end")
}
