//! The table itself: which rows stand together, in which order, under which numbers.

use domain::layout::{ColumnKind, Grouping, Layout, Numbering};

use super::{Block, Group, PrintedRow, Section, chapter_anchor, spans};
use crate::model::{AnswerGroup, Chapter, DispositionLabel, FlatRow, NO_OPINIONS, ResponseTable, Row, chapter_heading};

/// Gives the rows their numbers, in printed order.
struct Numbers<'a> {
    layout: &'a Layout,
    /// Number of the part, from 1.
    part: usize,
    /// Rows so far.
    count: u32,
    sender: u32,
    of_sender: u32,
}

impl<'a> Numbers<'a> {
    const fn new(layout: &'a Layout) -> Self {
        Self { layout, part: 0, count: 0, sender: 0, of_sender: 0 }
    }

    /// A new part begins.
    fn start(&mut self) {
        self.part += 1;
        if self.layout.numbering == Numbering::PerChapter {
            self.count = 0;
        }
    }

    /// No. as printed, and No. that is unique in the table.
    fn next(&mut self, row: &Row) -> (String, String) {
        self.count += 1;
        let part = self.part;
        match (self.layout.grouping, self.layout.numbering) {
            (Grouping::Senders, _) => {
                self.of_sender = if row.sender == self.sender { self.of_sender + 1 } else { 1 };
                self.sender = row.sender;
                let sender = if row.sender == 0 { "他".to_owned() } else { row.sender.to_string() };
                same(format!("{sender}-{}", self.of_sender))
            }
            // The number the row was published under, not its position.
            (Grouping::Chapters | Grouping::ChapterLines, Numbering::PerChapter) => {
                (row.number.to_string(), format!("{part}-{}", row.number))
            }
            (Grouping::Dispositions, Numbering::PerChapter) if part > 0 => {
                (self.count.to_string(), format!("{part}-{}", self.count))
            }
            _ => same(self.count.to_string()),
        }
    }
}

fn same(number: String) -> (String, String) {
    (number.clone(), number)
}

impl ResponseTable {
    pub(super) fn sections(&self) -> Vec<Section> {
        let mut numbers = Numbers::new(&self.layout);
        match self.layout.grouping {
            Grouping::Chapters => self.by_chapter(&mut numbers),
            Grouping::ChapterLines => self.chapter_lines(&mut numbers),
            Grouping::Dispositions if !self.dispositions.is_empty() => self.by_disposition(&mut numbers),
            Grouping::Flat | Grouping::Dispositions => one_section(self.blocks(self.rows(), &mut numbers)),
            Grouping::Senders => {
                let mut rows: Vec<FlatRow<'_>> = self.rows().collect();
                // Stable: a sender's opinions stay in the order of the table; rows of nobody known are last.
                rows.sort_by_key(|f| if f.row.sender == 0 { u32::MAX } else { f.row.sender });
                one_section(self.blocks(rows, &mut numbers))
            }
        }
    }

    fn by_chapter(&self, numbers: &mut Numbers<'_>) -> Vec<Section> {
        let section = |(index, chapter): (usize, &Chapter)| {
            numbers.start();
            Section {
                anchor: chapter_anchor(chapter),
                heading: Some(self.chapter_heading(index, chapter)),
                blocks: self.blocks(chapter.rows(index), numbers),
            }
        };
        self.chapters.iter().enumerate().map(section).collect()
    }

    fn chapter_lines(&self, numbers: &mut Numbers<'_>) -> Vec<Section> {
        let mut blocks = Vec::new();
        for (index, chapter) in self.chapters.iter().enumerate() {
            numbers.start();
            let anchor = chapter_anchor(chapter);
            let rows = self.blocks(chapter.rows(index), numbers);
            let nothing =
                rows.is_empty().then(|| Block::Line { anchor: format!("{anchor}-none"), text: NO_OPINIONS.to_owned() });
            blocks.push(Block::Line { anchor, text: self.chapter_heading(index, chapter) });
            blocks.extend(rows.into_iter().chain(nothing));
        }
        one_section(blocks)
    }

    /// Rows without 対応区分 are last. A 対応区分 without rows has no part.
    fn by_disposition(&self, numbers: &mut Numbers<'_>) -> Vec<Section> {
        let mut parts: Vec<Vec<FlatRow<'_>>> = vec![Vec::new(); self.dispositions.len() + 1];
        for flat in self.rows() {
            let code = flat.group.disposition.as_deref();
            let kind = self.dispositions.iter().position(|d| Some(d.code.as_str()) == code);
            if let Some(part) = parts.get_mut(kind.unwrap_or(self.dispositions.len())) {
                part.push(flat);
            }
        }
        let kinds = self.dispositions.iter().map(Some).chain([None]);
        let mut section = |(kind, rows): (Option<&DispositionLabel>, Vec<FlatRow<'_>>)| {
            numbers.start();
            let label = kind.map_or("区分なし", |d| self.layout.explanation(&d.code).unwrap_or(&d.label));
            let opinions = rows.iter().map(|f| u64::from(f.row.same_count)).sum();
            Section {
                anchor: format!("disposition-{}", kind.map_or("none", |d| d.code.as_str())),
                heading: Some(self.with_count(format!("{}. {label}", numbers.part), opinions)),
                blocks: self.blocks(rows, numbers),
            }
        };
        kinds.zip(parts).filter(|(_, rows)| !rows.is_empty()).map(&mut section).collect()
    }

    fn chapter_heading(&self, index: usize, chapter: &Chapter) -> String {
        let opinions = chapter.groups.iter().flat_map(|g| &g.rows).map(|row| u64::from(row.same_count)).sum();
        self.with_count(chapter_heading(index, chapter), opinions)
    }

    fn with_count(&self, heading: String, opinions: u64) -> String {
        if self.layout.section_counts { format!("{heading}（{opinions}件）") } else { heading }
    }

    /// Rows that follow each other and share an answer stand together.
    fn blocks<'a>(&self, rows: impl IntoIterator<Item = FlatRow<'a>>, numbers: &mut Numbers<'_>) -> Vec<Block> {
        let mut groups: Vec<Group> = Vec::new();
        for flat in rows {
            let (number, name) = numbers.next(flat.row);
            let columns = self.layout.columns.iter().filter(|c| !spans(c.kind));
            let cells = columns.map(|c| self.cell(&flat, c.kind, &number)).collect();
            let chapter = flat.chapter_index + 1;
            let row = PrintedRow { summary_id: flat.row.summary_id, chapter, number, name, cells };
            match groups.last_mut() {
                Some(last) if flat.group.ward_view_id != 0 && last.ward_view_id == flat.group.ward_view_id => {
                    last.rows.push(row);
                }
                _ => groups.push(Group {
                    ward_view_id: flat.group.ward_view_id,
                    disposition: self.disposition_of(flat.group).map(|d| d.code.clone()),
                    shared: self.shared_cells(flat.group),
                    rows: vec![row],
                }),
            }
        }
        groups.into_iter().map(Block::Group).collect()
    }

    fn cell(&self, flat: &FlatRow<'_>, kind: ColumnKind, number: &str) -> String {
        let row = flat.row;
        match kind {
            ColumnKind::Number => number.to_owned(),
            ColumnKind::Area => self.ward.name.clone(),
            ColumnKind::Chapter => flat.chapter.title.clone(),
            ColumnKind::Place if row.place.is_empty() => flat.chapter.title.clone(),
            ColumnKind::Place => row.place.clone(),
            ColumnKind::Original => row.originals.join("\n\n"),
            ColumnKind::Text if self.layout.others || row.same_count == 0 => row.printed_text(),
            ColumnKind::Text => row.text.clone(),
            ColumnKind::People => row.people.to_string(),
            ColumnKind::Count => row.same_count.to_string(),
            ColumnKind::Answer | ColumnKind::Disposition | ColumnKind::Reason | ColumnKind::Department => String::new(),
        }
    }

    fn shared_cells(&self, group: &AnswerGroup) -> Vec<String> {
        let shared = self.layout.columns.iter().filter(|c| spans(c.kind));
        let text = |kind: ColumnKind| match kind {
            ColumnKind::Disposition => self.disposition_of(group).map(DispositionLabel::printed).unwrap_or_default(),
            ColumnKind::Reason => group.reason.clone().unwrap_or_default(),
            ColumnKind::Department => group.department.clone().unwrap_or_default(),
            _ => self.answer_cell(group),
        };
        shared.map(|c| text(c.kind)).collect()
    }

    /// Without columns of their own, 対応区分 and reason stand in the cell of the answer; the 対応区分 doesn't where it is
    /// the heading of the part.
    fn answer_cell(&self, group: &AnswerGroup) -> String {
        let told = self.layout.has(ColumnKind::Disposition) || self.layout.grouping == Grouping::Dispositions;
        let label = self.disposition_of(group).filter(|_| !told).map(|d| format!("【{}】", d.printed()));
        let reason =
            group.reason.as_deref().filter(|reason| !reason.is_empty() && !self.layout.has(ColumnKind::Reason));
        let reason = reason.map(|reason| format!("（理由）{reason}"));
        let lines = [label, Some(group.answer.clone()).filter(|answer| !answer.is_empty()), reason];
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

fn one_section(blocks: Vec<Block>) -> Vec<Section> {
    vec![Section { anchor: "table".to_owned(), heading: None, blocks }]
}
