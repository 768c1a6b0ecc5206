//! Invented tables: whatever is in the model is in the files, in every layout.

use super::{csv, fixture, xlsx};
use documents::{AnswerGroup, Chapter, Format, ResponseTable, Row, printed::spans, xlsx::DATA_SHEET};
use domain::layout::{ColumnKind, CountTable, Grouping, Layout, LayoutPreset, Numbering};
use proptest::{collection::vec, prelude::*};
use std::{
    collections::{BTreeSet, HashSet},
    error::Error,
};

/// Rows as text, 同趣旨件数, 再掲 and sender; ids and numbers follow from the position.
type Rows = Vec<(String, u32, u32, u32)>;
/// Chapters of answers with a 対応区分.
type Shape = Vec<Vec<(String, Option<u8>, Rows)>>;

fn shapes() -> impl Strategy<Value = Shape> {
    let text = || prop_oneof![Just("=1+1".to_owned()), ".{0,40}", "[\\PC\r\n\t]{0,200}"];
    let rows = vec((text(), 0_u32..5, 0_u32..2, 0_u32..4), 1..4);
    vec(vec((text(), proptest::option::of(0_u8..4), rows), 0..4), 0..4)
}

fn table(shape: Shape) -> Result<ResponseTable, Box<dyn Error>> {
    let mut table = fixture::small()?;
    let codes = ["adopted", "noted", "other", "unknown"];
    let mut next_id = 0;
    let mut id = || {
        next_id += 1;
        next_id
    };
    table.chapters.clear();
    for groups in shape {
        let mut number = 0;
        let mut chapter = Chapter { id: id(), title: "章".to_owned(), groups: Vec::new() };
        for (answer, disposition, rows) in groups {
            let mut group = AnswerGroup {
                ward_view_id: id(),
                answer,
                disposition: disposition.and_then(|i| codes.get(usize::from(i))).map(|code| (*code).to_owned()),
                ..AnswerGroup::default()
            };
            for (text, same_count, again, sender) in rows {
                number += 1;
                group.rows.push(Row { summary_id: id(), number, text, same_count, again, sender, ..Row::default() });
            }
            chapter.groups.push(group);
        }
        table.chapters.push(chapter);
    }
    let opinions = u32::try_from(table.opinions_in_rows())?;
    table.opinions = opinions;
    table.by_channel.truncate(1);
    for channel in &mut table.by_channel {
        (channel.opinions, channel.submitters) = (opinions, table.submitters);
    }
    Ok(table)
}

fn check_files(shape: Shape) -> Result<(), Box<dyn Error>> {
    let table = table(shape)?;
    let records = csv::read(&table, Format::Csv)?;
    let (_, body) = records.split_first().ok_or("no header")?;
    assert_eq!(body.len(), table.rows().count());

    let ids: HashSet<&str> = body.iter().filter_map(|record| record.get(1)).map(String::as_str).collect();
    assert_eq!(ids.len(), body.len());

    let counted: Vec<u64> =
        body.iter().map(|r| Ok(r.get(10).ok_or("short")?.parse()?)).collect::<Result<_, Box<dyn Error>>>()?;
    let sum: u64 = counted.iter().sum();
    assert_eq!(sum, table.opinions_in_rows());
    assert_eq!(sum, table.opinions_by_chapter().iter().map(|c| c.opinions).sum::<u64>());
    assert_eq!(sum, table.opinions_by_disposition().iter().map(|c| c.opinions).sum::<u64>());

    let book = xlsx::Book::of(&table)?;
    assert_eq!(book.rows(DATA_SHEET)?, csv::read(&table, Format::CsvUtf8)?);
    book.assert_no_formula()
}

/// Every layout that the enums allow: the presets, and each grouping with each numbering.
fn layouts() -> Vec<Layout> {
    let mixed = Grouping::ALL.into_iter().flat_map(|grouping| {
        Numbering::ALL.map(|numbering| Layout {
            grouping,
            numbering,
            columns: ColumnKind::ALL
                .map(|kind| domain::layout::Column { kind, heading: kind.code().to_owned() })
                .to_vec(),
            counts: CountTable::ALL.to_vec(),
            section_counts: true,
            ..Layout::default()
        })
    });
    LayoutPreset::ALL.into_iter().map(Layout::of).chain(mixed).collect()
}

fn check_layout(table: &ResponseTable) {
    let printed = table.printed();
    assert_eq!(printed, table.printed(), "always the same");

    let all: BTreeSet<i64> = table.rows().map(|flat| flat.row.summary_id).collect();
    let rows: Vec<_> = printed.rows().collect();
    assert_eq!(rows.len(), all.len(), "every row once");
    assert_eq!(rows.iter().map(|row| row.summary_id).collect::<BTreeSet<_>>(), all);
    assert_eq!(rows.iter().map(|row| &row.name).collect::<HashSet<_>>().len(), rows.len(), "names are unique");
    assert_eq!(printed.nothing.is_some(), rows.is_empty());

    let anchors: Vec<&str> = printed.sections.iter().map(|section| section.anchor.as_str()).collect();
    assert_eq!(anchors.iter().collect::<HashSet<_>>().len(), anchors.len());

    let own = printed.columns.iter().filter(|(kind, _)| !spans(*kind)).count();
    for group in printed.groups() {
        assert!(!group.rows.is_empty());
        assert_eq!(group.shared.len(), printed.columns.len() - own);
        assert!(group.rows.iter().all(|row| row.cells.len() == own));
    }
    check_numbers(table, &printed);
    for counts in &printed.counts {
        let opinions = counts.headings.len() - 2;
        let values: Vec<u64> = counts.rows.iter().filter_map(|(_, numbers)| numbers.get(opinions).copied()).collect();
        let parts: u64 = values.iter().rev().skip(1).sum();
        assert_eq!(parts, u64::from(table.opinions), "{}", counts.title);
        assert_eq!(values.last(), Some(&parts), "{}", counts.title);
    }
}

fn check_numbers(table: &ResponseTable, printed: &documents::printed::Printed) {
    let numbers = |rows: Vec<&str>| rows.iter().map(|n| n.parse().unwrap_or(0)).collect::<Vec<usize>>();
    let through = numbers(printed.rows().map(|row| row.number.as_str()).collect());
    let layout = &table.layout;
    match (layout.grouping, layout.numbering) {
        (Grouping::Senders, _) => {}
        (_, Numbering::Through) | (Grouping::Flat, _) => {
            assert_eq!(through, (1..=through.len()).collect::<Vec<_>>(), "numbers run through");
        }
        (Grouping::ChapterLines, Numbering::PerChapter) => {
            let expected: Vec<usize> = table
                .chapters
                .iter()
                .flat_map(|chapter| 1..=chapter.groups.iter().map(|g| g.rows.len()).sum::<usize>())
                .collect();
            assert_eq!(through, expected, "numbers begin anew");
        }
        (Grouping::Chapters | Grouping::Dispositions, Numbering::PerChapter) => {
            let expected: Vec<usize> = printed.sections.iter().flat_map(|section| 1..=section.row_count()).collect();
            assert_eq!(through, expected, "numbers begin anew");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn files_hold_every_row(shape in shapes()) {
        check_files(shape).map_err(|error| TestCaseError::fail(error.to_string()))?;
    }

    #[test]
    fn every_layout_prints_every_row_once(shape in shapes()) {
        let table = table(shape).map_err(|error| TestCaseError::fail(error.to_string()))?;
        for layout in layouts() {
            check_layout(&ResponseTable { layout: layout.clone(), ..table.clone() });
            check_layout(&ResponseTable { layout, dispositions: Vec::new(), ..table.clone() });
        }
    }

    #[test]
    fn sums_of_an_invented_table_reconcile(shape in shapes()) {
        let table = table(shape).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let sums = ["rows", "channel_opinions", "channel_submitters", "number", "twice", "two_answers"];
        prop_assert!(table.reconcile().iter().all(|mismatch| !sums.contains(&mismatch.code())));
    }
}
