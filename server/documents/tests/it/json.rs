//! The JSON, read back as plain values and compared with the model.

use super::fixture::{self, TestResult};
use super::seed;
use documents::{Format, ResponseTable, printed::prints_originals};
use serde_json::{Value, json};

fn read(table: &ResponseTable) -> TestResult<Value> {
    Ok(serde_json::from_slice(&documents::render(table, Format::Json)?)?)
}

fn rows(table: &ResponseTable) -> Vec<Value> {
    let originals = prints_originals(&table.layout);
    let row = |flat: documents::FlatRow<'_>| {
        let (row, group) = (flat.row, flat.group);
        json!({
            "id": table.row_id(row),
            "url": format!("{}#row-{}", table.consultation.url, row.summary_id),
            "chapter": flat.chapter_index + 1,
            "number": row.number,
            "text": row.text,
            "originals": if originals { row.originals.clone() } else { Vec::new() },
            "same_count": row.same_count,
            "again_count": row.again,
            "people": if row.people == 0 { None } else { Some(row.people) },
            "place": if row.place.is_empty() { None } else { Some(&row.place) },
            "ward_view_id": group.ward_view_id,
            "answer": group.answer,
            "disposition": table.disposition_of(group).map(|d| &d.code),
            "reason": group.reason,
            "department": group.department,
        })
    };
    table.rows().map(row).collect()
}

#[test]
fn says_what_the_table_says_to_the_letter() -> TestResult {
    for table in [seed::table()?, fixture::small()?, fixture::full()?, fixture::nasty()?, fixture::large(5_000)?] {
        let document = read(&table)?;
        assert_eq!(document.get("rows"), Some(&Value::Array(rows(&table))));
        let chapters: Vec<Value> = (1..)
            .zip(&table.chapters)
            .map(|(number, c)| json!({"id": c.id, "number": number, "title": c.title}))
            .collect();
        assert_eq!(document.get("chapters"), Some(&Value::Array(chapters)));
        assert_eq!(document.pointer("/counts/opinions"), Some(&json!(table.opinions)));
        assert_eq!(document.pointer("/counts/submitters"), Some(&json!(table.submitters)));
        assert_eq!(document.pointer("/consultation/title"), Some(&json!(table.consultation.title)));
    }
    Ok(())
}

#[test]
fn full_table_as_published() -> TestResult {
    let document = read(&fixture::full()?)?;
    insta::assert_snapshot!("full_json", serde_json::to_string_pretty(&document)?);
    Ok(())
}

#[test]
fn every_code_is_in_the_code_list() -> TestResult {
    for table in [fixture::full()?, fixture::nasty()?, fixture::large(100)?] {
        let document = read(&table)?;
        let codes = |pointer: &str| -> Vec<Value> {
            let list = document.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
            list.into_iter().filter_map(|entry| entry.get("code").cloned()).filter(|code| !code.is_null()).collect()
        };
        let known = codes("/codes/dispositions");
        assert!(!known.is_empty() && codes("/counts/by_disposition").iter().all(|code| known.contains(code)));
        let used = document.get("rows").and_then(Value::as_array).ok_or("no rows")?;
        assert!(
            used.iter().filter_map(|row| row.get("disposition")).all(|code| code.is_null() || known.contains(code))
        );
        assert_eq!(codes("/counts/by_channel"), codes("/codes/channels"));
    }
    Ok(())
}

#[test]
fn moments_are_japanese_and_impossible_ones_absent() -> TestResult {
    let mut table = fixture::small()?;
    assert_eq!(read(&table)?.pointer("/publication/published_at"), Some(&json!("2025-04-21T01:00:00+09:00")));
    table.published_at = i64::MAX;
    assert_eq!(read(&table)?.pointer("/publication/published_at"), Some(&Value::Null));
    Ok(())
}

#[test]
fn a_failing_target_is_an_error() -> TestResult {
    let mut room = [0_u8; 100];
    assert!(documents::json::write(&seed::table()?, room.as_mut_slice()).is_err());
    Ok(())
}
