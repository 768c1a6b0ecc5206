//! The text to be read aloud, read back line by line.

use super::fixture::{self, TestResult};
use super::seed;
use documents::{
    Format, NO_OPINIONS, ResponseTable, clean,
    printed::{Block, Printed, spans},
    txt,
};
use domain::layout::{ColumnKind, Grouping, Layout, LayoutPreset};
use std::collections::HashSet;

const EMPTY: &str = "（記載なし）";

/// What was read: numbers of the rows with their own values, and the answer they share.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    rows: Vec<(String, Vec<(String, String)>)>,
    shared: Vec<(String, String)>,
}

fn is_number(line: &str) -> bool {
    line.strip_prefix("番号")
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == 'の' || c == '他'))
}

/// The column whose value begins in `line`, and the value; 「（番号1、2に共通）」 after the heading is skipped.
fn field<'a>(line: &'a str, headings: &[String]) -> Option<(String, &'a str)> {
    headings.iter().find_map(|heading| {
        let rest = line.strip_prefix(heading.as_str())?;
        let rest = match rest.strip_prefix("（番号") {
            Some(rest) => rest.split_once("に共通）")?.1,
            None => rest,
        };
        Some((heading.clone(), rest.strip_prefix('：')?))
    })
}

/// A reader that knows the columns and the headings of the parts, and nothing else of the table.
fn read(text: &str, printed: &Printed) -> TestResult<Vec<Read>> {
    let parts: HashSet<String> = printed
        .sections
        .iter()
        .flat_map(|section| {
            let lines = section.blocks.iter().filter_map(|block| match block {
                Block::Line { text, .. } => Some(text.as_str()),
                Block::Group(_) => None,
            });
            section.heading.as_deref().into_iter().chain(lines).map(clean::one_line).collect::<Vec<_>>()
        })
        .chain(printed.annexes.iter().map(|annex| annex.title.to_owned()))
        .collect();
    let own: Vec<String> = printed.columns.iter().filter(|(k, _)| !spans(*k)).map(|(_, h)| h.clone()).collect();
    let mut shared: Vec<String> = printed.columns.iter().filter(|(k, _)| spans(*k)).map(|(_, h)| h.clone()).collect();
    shared.push("対応区分".to_owned());

    let mut found: Vec<Read> = Vec::new();
    let mut value: Option<&mut String> = None;
    for line in text.lines().skip_while(|line| !is_number(line)) {
        if printed.annexes.iter().any(|annex| annex.title == line) {
            break;
        }
        if is_number(line) {
            if found.last().is_none_or(|group| !group.shared.is_empty()) {
                found.push(Read::default());
            }
            found.last_mut().ok_or("group")?.rows.push((line.to_owned(), Vec::new()));
            value = None;
        } else if parts.contains(line) || line == NO_OPINIONS {
            value = None;
        } else if let Some((heading, text)) = field(line, &shared) {
            let fields = &mut found.last_mut().ok_or("answer without a row")?.shared;
            fields.push((heading, text.to_owned()));
            value = fields.last_mut().map(|(_, text)| text);
        } else if let Some((heading, text)) = field(line, &own) {
            let fields = &mut found.last_mut().and_then(|g| g.rows.last_mut()).ok_or("value without a row")?.1;
            fields.push((heading, text.to_owned()));
            value = fields.last_mut().map(|(_, text)| text);
        } else if let Some(value) = &mut value {
            value.push('\n');
            value.push_str(line);
        } else {
            assert_eq!(line, "", "outside");
        }
    }
    for group in &mut found {
        let values = group.rows.iter_mut().flat_map(|(_, fields)| fields).chain(&mut group.shared);
        values.for_each(|(_, value)| *value = value.trim_end_matches('\n').to_owned());
    }
    Ok(found)
}

fn said(text: &str) -> String {
    let text = clean::text(text);
    let text = text.trim_end_matches('\n');
    if text.trim().is_empty() { EMPTY.to_owned() } else { text.to_owned() }
}

/// What must be read for `printed`.
fn expected(table: &ResponseTable, printed: &Printed) -> Vec<Read> {
    let layout = &table.layout;
    let told = layout.has(ColumnKind::Disposition) || layout.grouping == Grouping::Dispositions;
    let groups = printed.groups().map(|group| {
        let row = |row: &documents::printed::PrintedRow| {
            let columns = printed.columns.iter().filter(|(kind, _)| !spans(*kind)).zip(&row.cells);
            let fields = columns.filter(|((kind, _), _)| *kind != ColumnKind::Number).map(|((kind, heading), text)| {
                let text = match kind {
                    ColumnKind::People => format!("{text}人"),
                    ColumnKind::Count => format!("{text}件"),
                    _ => said(text),
                };
                (heading.clone(), text)
            });
            (format!("番号{}", row.number.replace('-', "の")), fields.collect())
        };
        let label = table.dispositions.iter().find(|d| Some(&d.code) == group.disposition.as_ref());
        let mut shared = Vec::new();
        for ((kind, heading), text) in printed.columns.iter().filter(|(kind, _)| spans(*kind)).zip(&group.shared) {
            match (kind, label) {
                (ColumnKind::Disposition, Some(label)) => shared.push((heading.clone(), label.label.clone())),
                (ColumnKind::Answer, Some(label)) if !told => {
                    let sign = format!("【{}】", label.printed());
                    let text = text.strip_prefix(&sign).unwrap_or("no sign");
                    shared.push((heading.clone(), said(text.strip_prefix('\n').unwrap_or(text))));
                    shared.push(("対応区分".to_owned(), label.label.clone()));
                }
                (ColumnKind::Reason | ColumnKind::Department, _) if text.is_empty() => {}
                _ => shared.push((heading.clone(), said(text))),
            }
        }
        Read { rows: group.rows.iter().map(row).collect(), shared }
    });
    groups.collect()
}

#[test]
fn numbers_opinions_and_answers_are_read_back() -> TestResult {
    for table in [seed::table()?, fixture::small()?, fixture::nasty()?, fixture::full()?] {
        for preset in LayoutPreset::ALL {
            let table = ResponseTable { layout: Layout::of(preset), ..table.clone() };
            let printed = table.printed();
            let found = read(&txt::text(&table), &printed)?;
            assert_eq!(found, expected(&table, &printed), "{}", preset.code());
            assert_eq!(found.iter().map(|group| group.rows.len()).sum::<usize>(), table.rows().count());
        }
    }
    Ok(())
}

#[test]
fn the_file_has_bom_and_crlf() -> TestResult {
    for table in [seed::table()?, fixture::nasty()?] {
        let bytes = documents::render(&table, Format::Txt)?;
        let text = String::from_utf8(bytes)?;
        let rest = text.strip_prefix('\u{FEFF}').ok_or("no BOM")?;
        assert!(!rest.contains('\u{FEFF}'));
        assert_eq!(rest.matches('\n').count(), rest.matches("\r\n").count());
        assert_eq!(rest.matches('\r').count(), rest.matches("\r\n").count());
        assert_eq!(rest.replace("\r\n", "\n"), txt::text(&table));
        assert!(!rest.chars().any(|c| c.is_control() && c != '\r' && c != '\n'));
    }
    Ok(())
}

#[test]
fn nothing_is_told_by_a_sign_alone() -> TestResult {
    for preset in LayoutPreset::ALL {
        let table = ResponseTable { layout: Layout::of(preset), ..fixture::full()? };
        let text = txt::text(&table);
        for sign in ["◎", "△", "※", "～", "──", "----", "【"] {
            assert!(!text.contains(sign), "{}: {sign}", preset.code());
        }
        assert!(text.contains("（金曜日）から令和7年1月20日（月曜日）まで"));
    }
    Ok(())
}

#[test]
fn the_seed_table_as_text() -> TestResult {
    insta::assert_snapshot!("seed_txt", txt::text(&seed::table()?));
    Ok(())
}

#[test]
fn everything_as_text() -> TestResult {
    insta::assert_snapshot!("full_txt", txt::text(&fixture::full()?));
    Ok(())
}

#[test]
fn without_opinions_the_text_says_so() -> TestResult {
    let mut table = seed::table()?;
    table.chapters.clear();
    assert!(txt::text(&table).ends_with(&format!("{NO_OPINIONS}\n")));
    Ok(())
}

#[test]
fn five_thousand_rows_are_all_read() -> TestResult {
    let table = fixture::large(5_000)?;
    let printed = table.printed();
    assert_eq!(read(&txt::text(&table), &printed)?, expected(&table, &printed));
    Ok(())
}
