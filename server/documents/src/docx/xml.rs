//! A thin layer over quick-xml's writer that cannot leave an element open.

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};
use std::io;

/// Attributes as (name, value); values are escaped.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// One XML part being written.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// A part that begins with its declaration.
    pub(super) fn new() -> io::Result<Self> {
        let mut writer = Writer::new(Vec::new());
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))))?;
        Ok(Self(writer))
    }

    /// An element with what `content` writes in it.
    pub(super) fn element(
        &mut self,
        name: &str,
        attributes: Attributes<'_>,
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Start(start))?;
        content(self)?;
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Empty(start))
    }

    /// `<name w:val="value"/>`, the form of most properties.
    pub(super) fn value(&mut self, name: &str, value: &str) -> io::Result<()> {
        self.empty(name, &[("w:val", value)])
    }

    /// `<name/>`: a property that is switched on.
    pub(super) fn flag(&mut self, name: &str) -> io::Result<()> {
        self.empty(name, &[])
    }

    /// An element with a text. The text must consist of XML characters; [`crate::clean::text`] sees to that.
    pub(super) fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> io::Result<()> {
        self.element(name, attributes, |xml| xml.0.write_event(Event::Text(BytesText::new(text))))
    }

    /// The finished part.
    pub(super) fn finish(self) -> Vec<u8> {
        self.0.into_inner()
    }
}
