//! What Typst sees: one template, one file of data, our fonts, and nothing else of the machine.

use std::sync::LazyLock;

use typst::{
    Feature, Library, LibraryExt as _, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::Fonts;

const TEMPLATE: &str = include_str!("template.typ");

/// The names are constant: each new one would stay in memory for ever.
static MAIN: LazyLock<Option<FileId>> = LazyLock::new(|| id("template.typ"));
static DATA: LazyLock<Option<FileId>> = LazyLock::new(|| id("data.json"));
/// With row headers in tables, which Typst keeps behind a feature.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

fn id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

/// One document.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    fonts: &'a Fonts,
    template: Source,
    data: Bytes,
}

impl<'a> Document<'a> {
    /// A document with this data (JSON).
    pub(crate) fn new(fonts: &'a Fonts, data: Vec<u8>) -> Self {
        let template = match *MAIN {
            Some(id) => Source::new(id, TEMPLATE.to_owned()),
            None => Source::detached(TEMPLATE),
        };
        Self { fonts, template, data: Bytes::new(data) }
    }
}

impl World for Document<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if Some(id) == *DATA { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
