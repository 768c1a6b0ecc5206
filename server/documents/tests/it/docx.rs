//! The Word document, unzipped and read back as XML.

use super::fixture::{self, TestResult};
use super::seed;
use documents::{
    Format, NO_OPINIONS, ResponseTable, clean, docx,
    printed::{Block, Group, Printed, spans},
};
use domain::layout::{CountTable, Layout, LayoutPreset};
use quick_xml::{Reader, escape::unescape, events::Event};
use std::{
    collections::HashSet,
    io::{Cursor, Read},
};

/// An element with what is in it.
#[derive(Clone, Debug, Default)]
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
    text: String,
}

impl Node {
    /// Parses a whole part; an error means that it is not well-formed.
    fn parse(xml: &str) -> TestResult<Self> {
        let mut reader = Reader::from_str(xml);
        let mut open = vec![Self::default()];
        loop {
            let event = reader.read_event()?;
            let (start, closed) = match &event {
                Event::Start(start) => (Some(start), false),
                Event::Empty(start) => (Some(start), true),
                Event::End(_) => (None, true),
                Event::Text(text) => {
                    open.last_mut().ok_or("text")?.text.push_str(&text.xml10_content());
                    continue;
                }
                Event::GeneralRef(entity) => {
                    let text = unescape(&format!("&{};", entity.xml10_content()))?.into_owned();
                    open.last_mut().ok_or("text")?.text.push_str(&text);
                    continue;
                }
                Event::Eof => break,
                _ => continue,
            };
            if let Some(start) = start {
                let mut node = Self { name: start.name().as_ref().to_owned(), ..Self::default() };
                for attribute in start.attributes() {
                    let attribute = attribute?;
                    node.attributes
                        .push((attribute.key.as_ref().to_owned(), unescape(attribute.value.as_ref())?.into_owned()));
                }
                open.push(node);
            }
            if closed {
                let node = open.pop().ok_or("end")?;
                open.last_mut().ok_or("end")?.children.push(node);
            }
        }
        let mut root = open.pop().ok_or("no root")?;
        assert!(open.is_empty(), "an element is open");
        Ok(root.children.pop().ok_or("no root")?)
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|node| node.name == name)
    }

    fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |node| node.name == name)
    }

    /// The element and all below it, in document order.
    fn all(&self) -> Vec<&Self> {
        let mut nodes = vec![self];
        nodes.extend(self.children.iter().flat_map(Self::all));
        nodes
    }

    fn count(&self, name: &str) -> usize {
        self.all().into_iter().filter(|node| node.name == name).count()
    }

    /// What a reader sees: texts, with breaks as `\n` and tabs as `\t`; paragraphs follow without a sign.
    fn shown(&self) -> String {
        let shown = |node: &Self| match node.name.as_str() {
            "w:t" => node.text.clone(),
            "w:br" => "\n".to_owned(),
            "w:tab" => "\t".to_owned(),
            _ => String::new(),
        };
        self.all().into_iter().filter(|node| node.name != "w:tabs").map(shown).collect()
    }

    fn style(&self) -> Option<&str> {
        self.child("w:pPr")?.child("w:pStyle")?.attribute("w:val")
    }

    fn value(&self, path: &[&str]) -> Option<&str> {
        let node = path.iter().try_fold(self, |node, name| node.child(name))?;
        node.attribute("w:val")
    }
}

/// A document's parts.
struct Document {
    parts: Vec<(String, String)>,
    body: Node,
}

impl Document {
    fn of(table: &ResponseTable) -> TestResult<Self> {
        let mut archive = zip::ZipArchive::new(Cursor::new(documents::render(table, Format::Docx)?))?;
        let mut parts = Vec::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index)?;
            let (name, mut xml) = (file.name()?.into_owned(), String::new());
            file.read_to_string(&mut xml)?;
            parts.push((name, xml));
        }
        let find = parts.iter().find(|(name, _)| name == "word/document.xml").ok_or("no document")?;
        let body = Node::parse(&find.1)?.child("w:body").ok_or("no body")?.clone();
        Ok(Self { parts, body })
    }

    fn part(&self, name: &str) -> TestResult<Node> {
        let (_, xml) = self.parts.iter().find(|(part, _)| part == name).ok_or(name)?;
        Node::parse(xml)
    }

    fn tables(&self) -> Vec<&Node> {
        self.body.children("w:tbl").collect()
    }

    /// Paragraphs outside tables in one style.
    fn styled(&self, style: &str) -> Vec<String> {
        self.body.children("w:p").filter(|p| p.style() == Some(style)).map(Node::shown).collect()
    }

    fn headings(&self) -> Vec<String> {
        let heading = |p: &&Node| matches!(p.style(), Some("Heading1" | "Heading2"));
        self.body.children("w:p").filter(heading).map(Node::shown).collect()
    }
}

/// The tables that hold the result: those after the count tables, one for each section with blocks.
fn result_tables<'a>(document: &'a Document, printed: &Printed) -> Vec<&'a Node> {
    let sections = printed.sections.iter().filter(|section| !section.blocks.is_empty()).count();
    document.tables().into_iter().skip(printed.counts.len()).take(sections).collect()
}

/// Every cell of `rows` against the group, merges included.
fn assert_group(printed: &Printed, group: &Group, rows: &mut dyn Iterator<Item = &Node>) -> TestResult {
    let slots = printed.slots();
    for position in 0..group.rows.len() {
        let cells: Vec<&Node> = rows.next().ok_or("a row is missing")?.children("w:tc").collect();
        assert_eq!(cells.len(), printed.columns.len());
        for (((kind, _), slot), cell) in printed.columns.iter().zip(&slots).zip(cells) {
            let merge = cell.child("w:tcPr").ok_or("tcPr")?.child("w:vMerge").map(|m| m.attribute("w:val"));
            let text = clean::text(group.text(*slot, position).ok_or("no text")?);
            let (expected_merge, expected) = match (spans(*kind) && group.rows.len() > 1, position) {
                (true, 0) => (Some(Some("restart")), text),
                (true, _) => (Some(None), String::new()),
                (false, _) => (None, text),
            };
            assert_eq!(merge, expected_merge);
            assert_eq!(cell.shown(), expected);
            assert_eq!(cell.children("w:p").count(), 1);
        }
    }
    Ok(())
}

fn assert_says(table: &ResponseTable) -> TestResult {
    let (printed, document) = (table.printed(), Document::of(table)?);
    assert_eq!(document.styled("Title"), [clean::text(&printed.title)]);
    let cover: Vec<String> =
        printed.cover.iter().map(|(h, v)| format!("{}\t{}", clean::text(h), clean::text(v))).collect();
    assert_eq!(document.styled("Cover"), cover);
    assert_eq!(document.styled("Note"), printed.notes.iter().map(|n| clean::text(n)).collect::<Vec<_>>());
    let legend: Vec<String> = printed.legend.iter().map(|(mark, words)| format!("{mark}\t{words}")).collect();
    assert_eq!(document.styled("Legend"), legend);

    for (section, found) in
        printed.sections.iter().filter(|s| !s.blocks.is_empty()).zip(result_tables(&document, &printed))
    {
        let mut rows = found.children("w:tr");
        let header: Vec<String> = rows.next().ok_or("no header")?.children("w:tc").map(Node::shown).collect();
        assert_eq!(header, printed.columns.iter().map(|(_, h)| clean::text(h)).collect::<Vec<_>>());
        for block in &section.blocks {
            match block {
                Block::Line { text, .. } => {
                    let line = rows.next().ok_or("no line")?;
                    assert_eq!(line.children("w:tc").count(), 1);
                    assert_eq!(line.shown(), clean::text(text));
                    let cell = line.child("w:tc").ok_or("no cell")?;
                    let span = printed.columns.len().to_string();
                    assert_eq!(cell.value(&["w:tcPr", "w:gridSpan"]), Some(span.as_str()));
                }
                Block::Group(group) => assert_group(&printed, group, &mut rows)?,
            }
        }
        assert!(rows.next().is_none(), "too many rows");
    }
    assert_annexes(&printed, &document);
    let headings = document.headings();
    for heading in printed.sections.iter().filter_map(|s| s.heading.as_deref()) {
        assert!(headings.contains(&clean::text(heading)), "{heading}");
    }
    Ok(())
}

/// Count tables before the result and annexes after it, cell by cell.
fn assert_annexes(printed: &Printed, document: &Document) {
    let tables = document.tables();
    let cells = |table: &Node| -> Vec<Vec<String>> {
        table.children("w:tr").map(|row| row.children("w:tc").map(Node::shown).collect()).collect()
    };
    let counts = printed.counts.iter().map(|counts| {
        let row = |(label, values): &(String, Vec<u64>)| {
            std::iter::once(clean::text(label)).chain(values.iter().map(ToString::to_string)).collect()
        };
        std::iter::once(counts.headings.clone()).chain(counts.rows.iter().map(row)).collect::<Vec<Vec<String>>>()
    });
    for (expected, found) in counts.zip(&tables) {
        assert_eq!(cells(found), expected);
    }
    let first = tables.len().saturating_sub(printed.annexes.len());
    for (annex, found) in printed.annexes.iter().zip(tables.into_iter().skip(first)) {
        let rows = annex.rows.iter().map(|row| row.iter().map(|t| clean::text(t)).collect());
        let headings = annex.headings.iter().map(ToString::to_string).collect();
        let expected: Vec<Vec<String>> = std::iter::once(headings).chain(rows).collect();
        // The numbers of a row stand below each other.
        let found: Vec<Vec<String>> =
            cells(found).into_iter().map(|row| row.iter().map(|t| t.replace("、\nNo.", "、No.")).collect()).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn the_document_says_what_is_printed() -> TestResult {
    for table in [seed::table()?, fixture::small()?, fixture::nasty()?, fixture::full()?] {
        for preset in LayoutPreset::ALL {
            assert_says(&ResponseTable { layout: Layout::of(preset), ..table.clone() })?;
        }
        let layout = Layout {
            counts: vec![CountTable::Chapters, CountTable::Dispositions, CountTable::Channels],
            ..Layout::default()
        };
        assert_says(&ResponseTable { layout, ..table })?;
    }
    Ok(())
}

#[test]
fn every_table_repeats_its_header_and_is_described() -> TestResult {
    for table in [seed::table()?, fixture::full()?, fixture::nasty()?] {
        let document = Document::of(&table)?;
        let tables = document.tables();
        assert_eq!(document.body.count("w:tbl"), tables.len());
        assert_eq!(document.body.count("w:tblHeader"), tables.len());
        assert_eq!(document.body.count("w:cantSplit"), tables.len());
        for table in tables {
            let header = table.child("w:tr").ok_or("no row")?;
            assert_eq!(header.count("w:tblHeader"), 1);
            let properties = table.child("w:tblPr").ok_or("tblPr")?;
            for name in ["w:tblCaption", "w:tblDescription"] {
                assert!(!properties.value(&[name]).ok_or(name)?.is_empty());
            }
            let widths: Vec<&str> = table
                .child("w:tblGrid")
                .ok_or("grid")?
                .children("w:gridCol")
                .filter_map(|c| c.attribute("w:w"))
                .collect();
            let sum = widths.iter().map(|w| w.parse::<u32>()).sum::<Result<u32, _>>()?;
            assert_eq!(properties.child("w:tblW").and_then(|w| w.attribute("w:w")), Some(sum.to_string().as_str()));
            let cells: Vec<Option<&str>> =
                header.children("w:tc").map(|c| c.child("w:tcPr")?.child("w:tcW")?.attribute("w:w")).collect();
            assert_eq!(cells, widths.into_iter().map(Some).collect::<Vec<_>>());
        }
    }
    Ok(())
}

#[test]
fn a_shared_answer_is_one_merged_cell() -> TestResult {
    let document = Document::of(&seed::table()?)?;
    let merges: Vec<Option<&str>> =
        document.body.all().into_iter().filter(|n| n.name == "w:vMerge").map(|n| n.attribute("w:val")).collect();
    assert_eq!(merges, [Some("restart"), None]);
    Ok(())
}

#[test]
fn the_parts_are_well_formed_and_fit_together() -> TestResult {
    for table in [seed::table()?, fixture::nasty()?, fixture::full()?, ResponseTable::default()] {
        let document = Document::of(&table)?;
        for (name, xml) in &document.parts {
            Node::parse(xml).map_err(|error| format!("{name}: {error}"))?;
            let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
            assert!(xml.chars().all(allowed), "{name}");
        }
        let types = document.part("[Content_Types].xml")?;
        for part in types.children("Override").filter_map(|o| o.attribute("PartName")) {
            document.part(part.trim_start_matches('/'))?;
        }
        for (relations, folder) in [("_rels/.rels", ""), ("word/_rels/document.xml.rels", "word/")] {
            for target in document.part(relations)?.children.iter().filter_map(|r| r.attribute("Target")) {
                document.part(&format!("{folder}{target}"))?;
            }
        }
        assert_styles(&document)?;
        // Word wants a paragraph after each table, and the section last.
        let names: Vec<&str> = document.body.children.iter().map(|n| n.name.as_str()).collect();
        assert_eq!(names.last(), Some(&"w:sectPr"));
        assert!(names.windows(2).all(|pair| !matches!(pair, ["w:tbl", next] if *next != "w:p")));
    }
    Ok(())
}

/// Every style that is used exists, and every link has its bookmark.
fn assert_styles(document: &Document) -> TestResult {
    let styles = document.part("word/styles.xml")?;
    let known: HashSet<&str> = styles.children("w:style").filter_map(|s| s.attribute("w:styleId")).collect();
    let nodes = document.body.all();
    let used = |name: &str| -> HashSet<&str> {
        nodes.iter().filter(|n| n.name == name).filter_map(|n| n.attribute("w:val")).collect()
    };
    for name in ["w:pStyle", "w:rStyle", "w:tblStyle"] {
        assert!(used(name).is_subset(&known), "{name}: {:?}", used(name).difference(&known));
    }
    let names: Vec<&str> =
        nodes.iter().filter(|n| n.name == "w:bookmarkStart").filter_map(|n| n.attribute("w:name")).collect();
    let unique: HashSet<&str> = names.iter().copied().collect();
    assert_eq!(unique.len(), names.len());
    let ids: HashSet<&str> =
        nodes.iter().filter(|n| n.name == "w:bookmarkStart").filter_map(|n| n.attribute("w:id")).collect();
    assert_eq!(ids.len(), names.len());
    assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')));
    let anchors: HashSet<&str> =
        nodes.iter().filter(|n| n.name == "w:hyperlink").filter_map(|n| n.attribute("w:anchor")).collect();
    assert!(anchors.is_subset(&unique), "{anchors:?}");
    Ok(())
}

#[test]
fn a_change_leads_to_the_rows_that_caused_it() -> TestResult {
    let table = ResponseTable { layout: Layout::default(), ..fixture::full()? };
    let document = Document::of(&table)?;
    let links: Vec<(Option<&str>, String)> = document
        .body
        .all()
        .into_iter()
        .filter(|n| n.name == "w:hyperlink")
        .map(|n| (n.attribute("w:anchor"), n.shown()))
        .collect();
    let (first, second) = (docx::bookmark(11), docx::bookmark(12));
    assert!(links.contains(&(Some(first.as_str()), "No.1-1".to_owned())), "{links:?}");
    assert!(links.contains(&(Some(second.as_str()), "No.1-2".to_owned())), "{links:?}");
    Ok(())
}

#[test]
fn the_document_is_set_up_for_staff() -> TestResult {
    let mut table = seed::table()?;
    let document = Document::of(&table)?;
    let core = document.part("docProps/core.xml")?;
    let property = |name: &str| core.child(name).map(|n| n.text.clone());
    assert_eq!(property("dc:title"), Some(table.title()));
    assert_eq!(property("dc:creator").as_deref(), Some("品川区"));
    assert_eq!(property("dcterms:created").as_deref(), Some("2025-04-21T01:00:00Z"));
    let styles = document.part("word/styles.xml")?;
    let fonts = styles.all().into_iter().find(|n| n.name == "w:rFonts").ok_or("no font")?.clone();
    assert_eq!(fonts.attribute("w:eastAsia"), Some("游ゴシック"));
    assert_eq!(
        styles.all().into_iter().find_map(|n| n.attribute("w:eastAsia").filter(|v| *v == "ja-JP")),
        Some("ja-JP")
    );
    let names: Vec<&str> = styles.children("w:style").filter_map(|s| s.value(&["w:name"])).collect();
    for name in ["Normal", "Title", "heading 1", "heading 2", "表内", "表内 見出し", "結果表"] {
        assert!(names.contains(&name), "{name}");
    }
    let fields: Vec<String> = document
        .part("word/footer1.xml")?
        .all()
        .into_iter()
        .filter(|n| n.name == "w:instrText")
        .map(|n| n.text.trim().to_owned())
        .collect();
    assert_eq!(fields, ["PAGE", "NUMPAGES"]);
    for (portrait, width, height, orientation) in
        [(false, "16838", "11906", Some("landscape")), (true, "11906", "16838", None)]
    {
        table.layout.portrait = portrait;
        let document = Document::of(&table)?;
        let size = document.body.child("w:sectPr").and_then(|s| s.child("w:pgSz")).ok_or("no size")?;
        assert_eq!((size.attribute("w:w"), size.attribute("w:h")), (Some(width), Some(height)));
        assert_eq!(size.attribute("w:orient"), orientation);
    }
    Ok(())
}

#[test]
fn without_opinions_the_document_says_so() -> TestResult {
    let mut table = seed::table()?;
    table.chapters.clear();
    let document = Document::of(&table)?;
    assert_eq!(document.styled("Normal"), [NO_OPINIONS]);
    assert!(document.tables().is_empty());
    let mut table = seed::table()?;
    table.chapters.push(fixture::chapter(9, "その他", Vec::new()));
    assert_eq!(Document::of(&table)?.styled("Normal"), [NO_OPINIONS]);
    Ok(())
}

#[test]
fn five_thousand_rows_are_all_there() -> TestResult {
    let table = fixture::large(5_000)?;
    let document = Document::of(&table)?;
    assert_eq!(document.body.count("w:tr"), 5_000 + document.tables().len());
    assert_eq!(document.body.count("w:bookmarkStart"), 5_000);
    assert_eq!(document.body.count("w:vMerge"), 5_000);
    Ok(())
}
