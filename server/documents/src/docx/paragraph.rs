//! Paragraphs and runs. User text enters the document here and nowhere else.

use super::xml::Xml;
use crate::clean;
use std::io;

const KEEP_SPACES: (&str, &str) = ("xml:space", "preserve");

/// A paragraph of one text, `\n` as a line break.
pub(super) fn paragraph(xml: &mut Xml, style: &str, text: &str) -> io::Result<()> {
    with(xml, style, |xml| run(xml, None, text))
}

/// A paragraph with what `content` writes in it.
pub(super) fn with(xml: &mut Xml, style: &str, content: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    xml.element("w:p", &[], |xml| {
        xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", style))?;
        content(xml)
    })
}

/// A run of text in the paragraph's style, or in a character style. An empty text writes nothing.
pub(super) fn run(xml: &mut Xml, style: Option<&str>, text: &str) -> io::Result<()> {
    let text = clean::text(text);
    if text.is_empty() {
        return Ok(());
    }
    xml.element("w:r", &[], |xml| {
        if let Some(style) = style {
            xml.element("w:rPr", &[], |xml| xml.value("w:rStyle", style))?;
        }
        for (position, line) in text.split('\n').enumerate() {
            if position > 0 {
                xml.flag("w:br")?;
            }
            if !line.is_empty() {
                xml.text("w:t", &[KEEP_SPACES], line)?;
            }
        }
        Ok(())
    })
}

/// The tab between a heading and its value.
pub(super) fn tab(xml: &mut Xml) -> io::Result<()> {
    xml.element("w:r", &[], |xml| xml.flag("w:tab"))
}
