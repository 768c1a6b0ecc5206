//! Which part of a table is on the page: a chapter, a 対応区分, or one part of a long table.

use documents::printed::{Block, Group, Printed, PrintedRow, Section};

/// A table with more rows is shown chapter by chapter, and a chapter with more rows in several parts.
pub const ROWS_MAX: usize = 300;

/// The 対応区分 of rows that have none, in addresses.
pub const WITHOUT: &str = "-";

/// Rows by their 対応区分.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// All rows.
    #[default]
    Any,
    /// Those without a 対応区分.
    Without,
    /// Those with the 対応区分 of this code.
    Code(String),
}

impl Outcome {
    fn is_of(&self, code: Option<&str>) -> bool {
        match self {
            Self::Any => true,
            Self::Without => code.is_none(),
            Self::Code(wanted) => code == Some(wanted),
        }
    }
}

/// What a reader asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Id of a chapter.
    pub chapter: Option<i64>,
    /// Code of a 対応区分, or [`WITHOUT`].
    pub disposition: Option<String>,
    /// A part of a long table, from 1.
    pub part: Option<usize>,
    /// The part in which this row is, whatever else is asked for.
    pub row: Option<i64>,
}

/// A part of a long table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its heading.
    pub title: Option<String>,
    /// Numbers of its first and last row; none where it has no row.
    pub numbers: Option<(String, String)>,
    /// Its rows, as ids of summaries.
    pub rows: Vec<i64>,
}

/// What is on the page.
#[derive(Clone, Debug)]
pub struct Narrowed {
    /// The sections.
    pub sections: Vec<Section>,
    /// How many rows fit what is asked for, on all pages.
    pub fitting: usize,
    /// The parts of a long table; none of one that fits on a page.
    pub parts: Vec<Part>,
    /// The part that is shown, from 0.
    pub part: usize,
}

/// Takes what is asked for out of a table. `chapter` is the number of a chapter, from 1; `part` counts from 0.
#[must_use]
pub fn narrow(printed: &Printed, chapter: Option<usize>, outcome: &Outcome, part: usize, row: Option<i64>) -> Narrowed {
    let fits = |group: &Group, row: &PrintedRow| {
        chapter.is_none_or(|number| row.chapter == number) && outcome.is_of(group.disposition.as_deref())
    };
    let sections: Vec<Section> = if chapter.is_none() && *outcome == Outcome::Any {
        printed.sections.clone()
    } else {
        printed.sections.iter().filter_map(|section| only(section, &fits)).collect()
    };
    let fitting = sections.iter().map(Section::row_count).sum();
    if fitting <= ROWS_MAX {
        return Narrowed { sections, fitting, parts: Vec::new(), part: 0 };
    }
    let pieces: Vec<Section> = sections.into_iter().flat_map(runs).flat_map(cut).collect();
    let found = row.and_then(|id| pieces.iter().position(|piece| rows(piece).any(|r| r.summary_id == id)));
    let part = found.unwrap_or(part).min(pieces.len().saturating_sub(1));
    let parts = pieces.iter().map(Part::of).collect();
    Narrowed { sections: pieces.into_iter().nth(part).into_iter().collect(), fitting, parts, part }
}

/// The rows of a section.
pub fn rows(section: &Section) -> impl Iterator<Item = &PrintedRow> {
    section.blocks.iter().flat_map(|block| match block {
        Block::Group(group) => group.rows.as_slice(),
        Block::Line { .. } => &[],
    })
}

/// The rows that fit, and the lines above them; nothing when none fits.
fn only(section: &Section, fits: &impl Fn(&Group, &PrintedRow) -> bool) -> Option<Section> {
    let mut blocks = Vec::new();
    let mut line = None;
    for block in &section.blocks {
        match block {
            Block::Line { .. } => line = Some(block.clone()),
            Block::Group(group) => {
                let rows: Vec<PrintedRow> = group.rows.iter().filter(|row| fits(group, row)).cloned().collect();
                if !rows.is_empty() {
                    blocks.extend(line.take());
                    blocks.push(Block::Group(Group { rows, ..group.clone() }));
                }
            }
        }
    }
    (!blocks.is_empty()).then(|| Section { blocks, ..section.clone() })
}

/// A section in pieces that begin with a line; lines that follow each other stay together.
fn runs(section: Section) -> Vec<Section> {
    let Section { anchor, heading, blocks } = section;
    let is_line = |block: Option<&Block>| matches!(block, Some(Block::Line { .. }));
    let mut runs: Vec<Vec<Block>> = vec![Vec::new()];
    for block in blocks {
        match runs.last_mut() {
            Some(run) if run.is_empty() || !is_line(Some(&block)) || is_line(run.last()) => run.push(block),
            _ => runs.push(vec![block]),
        }
    }
    runs.into_iter().map(|blocks| Section { anchor: anchor.clone(), heading: heading.clone(), blocks }).collect()
}

/// A piece in parts of [`ROWS_MAX`] rows at most, each under the same lines. Rows that share an answer are torn apart
/// only where they don't fit on a page.
fn cut(section: Section) -> Vec<Section> {
    let Section { anchor, heading, blocks } = section;
    let (lines, groups): (Vec<Block>, Vec<Block>) =
        blocks.into_iter().partition(|block| matches!(block, Block::Line { .. }));
    let mut parts = vec![lines.clone()];
    let mut room = ROWS_MAX;
    let mut put = |group: Option<Group>, more: bool| {
        if let (Some(last), Some(group)) = (parts.last_mut(), group) {
            last.push(Block::Group(group));
        }
        if more {
            parts.push(lines.clone());
        }
    };
    for block in groups {
        let Block::Group(mut rest) = block else { continue };
        if rest.rows.len() > room && (room < ROWS_MAX && rest.rows.len() <= ROWS_MAX || room == 0) {
            put(None, true);
            room = ROWS_MAX;
        }
        while rest.rows.len() > room {
            let tail = Group { rows: rest.rows.split_off(room), ..rest.clone() };
            put(Some(std::mem::replace(&mut rest, tail)), true);
            room = ROWS_MAX;
        }
        room -= rest.rows.len();
        put(Some(rest), false);
    }
    parts.into_iter().map(|blocks| Section { anchor: anchor.clone(), heading: heading.clone(), blocks }).collect()
}

impl Part {
    fn of(section: &Section) -> Self {
        let line = section.blocks.iter().find_map(|block| match block {
            Block::Line { text, .. } => Some(text.clone()),
            Block::Group(_) => None,
        });
        let first = rows(section).next().map(|row| row.number.clone());
        let last = rows(section).last().map(|row| row.number.clone());
        Self {
            title: section.heading.clone().or(line),
            numbers: first.zip(last),
            rows: rows(section).map(|row| row.summary_id).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use documents::{AnswerGroup, Chapter, ResponseTable, Row};
    use domain::layout::{Grouping, Layout, LayoutPreset};

    use super::*;

    /// Chapters with so many rows in groups of `size`.
    fn table(chapters: &[usize], size: usize, grouping: Grouping) -> ResponseTable {
        let mut id = 0;
        let chapter = |(index, rows): (usize, &usize)| {
            let rows: Vec<Row> = (1..=*rows)
                .map(|number| {
                    id += 1;
                    Row { summary_id: id, number: u32::try_from(number).unwrap(), same_count: 1, ..Row::default() }
                })
                .collect();
            let group = |rows: &[Row]| AnswerGroup {
                ward_view_id: rows[0].summary_id,
                rows: rows.to_vec(),
                disposition: (index == 0).then(|| "other".to_owned()),
                ..AnswerGroup::default()
            };
            let title = format!("章{}", index + 1);
            Chapter { id: i64::try_from(index).unwrap() + 10, title, groups: rows.chunks(size).map(group).collect() }
        };
        ResponseTable {
            chapters: chapters.iter().enumerate().map(chapter).collect(),
            dispositions: vec![documents::DispositionLabel { code: "other".to_owned(), ..Default::default() }],
            layout: Layout { grouping, ..Layout::of(LayoutPreset::Shinagawa) },
            ..ResponseTable::default()
        }
    }

    fn ids(narrowed: &Narrowed) -> Vec<i64> {
        narrowed.sections.iter().flat_map(rows).map(|row| row.summary_id).collect()
    }

    #[test]
    fn a_table_that_fits_on_a_page_is_shown_whole() {
        for grouping in Grouping::ALL {
            let printed = table(&[200, 100], 3, grouping).printed();
            let all = narrow(&printed, None, &Outcome::Any, 0, None);
            assert_eq!((all.fitting, all.parts.len(), ids(&all).len()), (300, 0, 300), "{grouping:?}");
        }
    }

    #[test]
    fn every_row_of_a_long_table_is_in_exactly_one_part() {
        for grouping in Grouping::ALL {
            for (chapters, size) in [(&[301, 1, 299][..], 7), (&[700][..], 700), (&[2, 650, 3][..], 299)] {
                let printed = table(chapters, size, grouping).printed();
                let first = narrow(&printed, None, &Outcome::Any, 0, None);
                let mut seen: Vec<i64> = Vec::new();
                for part in 0..first.parts.len() {
                    let shown = narrow(&printed, None, &Outcome::Any, part, None);
                    let rows = ids(&shown);
                    assert!(rows.len() <= ROWS_MAX, "{grouping:?} {chapters:?} {size}: {}", rows.len());
                    for id in &rows {
                        assert_eq!(narrow(&printed, None, &Outcome::Any, 0, Some(*id)).part, part);
                    }
                    seen.extend(rows);
                }
                let all: Vec<i64> = printed.rows().map(|row| row.summary_id).collect();
                assert_eq!(seen, all, "{grouping:?} {chapters:?} {size}");
            }
        }
    }

    #[test]
    fn a_long_table_is_shown_chapter_by_chapter() {
        for grouping in [Grouping::Chapters, Grouping::ChapterLines] {
            let printed = table(&[301, 1, 299], 1, grouping).printed();
            let shown = narrow(&printed, None, &Outcome::Any, 1, None);
            let titles: Vec<&str> = shown.parts.iter().filter_map(|part| part.title.as_deref()).collect();
            assert_eq!(titles, ["1. 章1", "1. 章1", "2. 章2", "3. 章3"]);
            assert_eq!(shown.parts[1].numbers, Some(("301".to_owned(), "301".to_owned())));
            assert_eq!(ids(&shown), [301]);
            assert_eq!(narrow(&printed, None, &Outcome::Any, 99, None).part, 3);
        }
    }

    #[test]
    fn rows_are_narrowed_to_a_chapter_and_a_disposition() {
        let other = Outcome::Code("other".to_owned());
        for grouping in Grouping::ALL {
            let printed = table(&[4, 3], 2, grouping).printed();
            assert_eq!(ids(&narrow(&printed, Some(2), &Outcome::Any, 0, None)), [5, 6, 7], "{grouping:?}");
            assert_eq!(ids(&narrow(&printed, None, &other, 0, None)), [1, 2, 3, 4], "{grouping:?}");
            assert_eq!(ids(&narrow(&printed, None, &Outcome::Without, 0, None)), [5, 6, 7], "{grouping:?}");
            assert_eq!(narrow(&printed, Some(2), &other, 0, None).fitting, 0);
        }
        let lines = table(&[4, 3], 2, Grouping::ChapterLines).printed();
        let shown = narrow(&lines, Some(2), &Outcome::Any, 0, None);
        let first = shown.sections[0].blocks.first();
        assert!(matches!(first, Some(Block::Line { text, .. }) if text == "2. 章2"), "{first:?}");
    }
}
