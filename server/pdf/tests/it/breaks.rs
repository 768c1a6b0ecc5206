//! Cells of every height, alone and under one answer, wherever a page ends: nothing is cut off.

use documents::AnswerGroup;

use super::{
    fixture::{TestResult, answer, chapter, row, small},
    reading, set,
};

/// A text of about so many characters in lines of about so many; the same for the same numbers.
fn filled(id: i64, characters: usize, line: usize, end: &str) -> String {
    let text: String = (1..=characters).map(|n| if n % line == 0 { '\n' } else { '文' }).collect();
    format!("{text}{end}{id}了")
}

/// Longest texts of a group, in characters: a line, a paragraph, half a page, more than a page.
const LENGTHS: [usize; 4] = [60, 300, 900, 2_600];

/// Groups of one to six rows whose heights go through everything from one line to three pages.
fn groups() -> Vec<AnswerGroup> {
    let mut id = 0;
    let mut next = 7_usize;
    // A generator of Lehmer's (Park and Miller 1988): chance that is the same every time.
    let mut chance = |most: usize| {
        next = next * 48_271 % 0x7FFF_FFFF;
        next % most
    };
    (1..=45)
        .map(|group| {
            let rows = 1 + chance(6);
            let longest = LENGTHS.get(chance(LENGTHS.len())).copied().unwrap_or(1);
            let rows = (0..rows).map(|_| {
                id += 1;
                row(id, u32::try_from(id).unwrap_or(0), 1, &filled(id, chance(longest), 5 + chance(200), "意"))
            });
            let rows: Vec<_> = rows.collect();
            let longest = LENGTHS.get(chance(LENGTHS.len())).copied().unwrap_or(1);
            answer(group, &filled(group, chance(longest), 5 + chance(200), "答"), rows)
        })
        .collect()
}

#[test]
fn nothing_is_cut_off_where_a_page_ends() -> TestResult {
    for portrait in [false, true] {
        let mut table = small()?;
        table.layout.portrait = portrait;
        table.chapters = vec![chapter(1, "長さの異なるご意見", groups())];
        let pdf = set(if portrait { "breaks-portrait" } else { "breaks" }, &table, None)?;
        let text = reading::text(&pdf, &table)?;
        let printed = table.printed();
        let all = || printed.groups().flat_map(|g| g.shared.iter().chain(g.rows.iter().flat_map(|r| &r.cells)));
        let wanted: usize = all().map(|text| text.matches('文').count()).sum();
        assert_eq!(text.matches('文').count(), wanted);
        for ending in all().filter_map(|text| text.rsplit('文').next()).filter(|ending| ending.ends_with('了')) {
            let ending: String = ending.split_whitespace().collect();
            assert!(text.contains(&ending), "{ending} is cut off");
        }
    }
    Ok(())
}
