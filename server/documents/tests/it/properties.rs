//! Invented tables: whatever is in the model is in the files.

use super::{csv, fixture, xlsx};
use documents::{AnswerGroup, Chapter, ResponseTable, Row, xlsx::DATA_SHEET};
use proptest::{collection::vec, prelude::*};
use std::{collections::HashSet, error::Error};

/// Rows as (text, 同趣旨件数); ids and numbers follow from the position.
type Shape = Vec<Vec<(String, Option<u8>, Vec<(String, u32)>)>>;

fn shapes() -> impl Strategy<Value = Shape> {
    let text = || prop_oneof![Just("=1+1".to_owned()), ".{0,40}", "[\\PC\r\n\t]{0,200}"];
    let rows = vec((text(), 1_u32..5), 1..4);
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
                rows: Vec::new(),
            };
            for (text, same_count) in rows {
                number += 1;
                group.rows.push(Row { summary_id: id(), number, text, same_count });
            }
            chapter.groups.push(group);
        }
        table.chapters.push(chapter);
    }
    Ok(table)
}

fn check(shape: Shape) -> Result<(), Box<dyn Error>> {
    let table = table(shape)?;
    let records = csv::read(&table)?;
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
    assert_eq!(book.rows(DATA_SHEET)?.len(), body.len() + 1);
    book.assert_no_formula()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn files_hold_every_row(shape in shapes()) {
        check(shape).map_err(|error| TestCaseError::fail(error.to_string()))?;
    }
}
