//! The table in the layouts that wards publish.

use super::fixture::{self, TestResult};
use super::seed;
use documents::{
    NO_OPINIONS, ResponseTable,
    printed::{AnnexKind, Block, Printed, Slot},
};
use domain::layout::{ColumnKind, CountTable, Grouping, Layout, LayoutPreset, Numbering};
use std::fmt::Write as _;

/// As text, for snapshots.
fn show(printed: &Printed) -> Result<String, std::fmt::Error> {
    let mut out = format!("# {}\n", printed.title);
    for (heading, value) in &printed.cover {
        writeln!(out, "{heading}: {value}")?;
    }
    for note in &printed.notes {
        writeln!(out, "{note}")?;
    }
    for (mark, words) in &printed.legend {
        writeln!(out, "凡例 {mark} {words}")?;
    }
    for counts in &printed.counts {
        writeln!(out, "[{}] {}", counts.title, counts.headings.join(" | "))?;
        for (label, numbers) in &counts.rows {
            writeln!(out, "  {label} {numbers:?}")?;
        }
    }
    let headings: Vec<&str> = printed.columns.iter().map(|(_, heading)| heading.as_str()).collect();
    writeln!(out, "| {} |", headings.join(" | "))?;
    for section in &printed.sections {
        writeln!(out, "## {:?} ({})", section.heading, section.anchor)?;
        for block in &section.blocks {
            match block {
                Block::Line { anchor, text } => writeln!(out, "---- {text} ({anchor})")?,
                Block::Group(group) => {
                    for row in &group.rows {
                        writeln!(out, "{} = {} {:?}", row.name, row.number, row.cells)?;
                    }
                    writeln!(out, "    {:?}", group.shared)?;
                }
            }
        }
    }
    for annex in &printed.annexes {
        writeln!(out, "[{}] {}", annex.title, annex.headings.join(" | "))?;
        for row in &annex.rows {
            writeln!(out, "  {row:?}")?;
        }
    }
    Ok(out)
}

#[test]
fn the_presets_as_printed() -> TestResult {
    for preset in LayoutPreset::ALL {
        let table = ResponseTable { layout: Layout::of(preset), ..fixture::full()? };
        insta::assert_snapshot!(format!("printed_{}", preset.code()), show(&table.printed())?);
    }
    Ok(())
}

/// The rows' names of a table with this grouping and numbering.
fn names(table: &ResponseTable, grouping: Grouping, numbering: Numbering) -> Vec<String> {
    let layout = Layout { grouping, numbering, ..Layout::default() };
    let printed = ResponseTable { layout, ..table.clone() }.printed();
    printed.rows().map(|row| format!("{}/{}", row.name, row.summary_id)).collect()
}

#[test]
fn rows_are_numbered_as_the_layout_says() -> TestResult {
    let table = fixture::full()?;
    let restart = ["1-1/11", "1-2/12", "1-3/13", "2-1/14", "2-2/15", "2-3/16"];
    let through = ["1/11", "2/12", "3/13", "4/14", "5/15", "6/16"];
    for (grouping, numbering, expected) in [
        (Grouping::Chapters, Numbering::PerChapter, restart),
        (Grouping::Chapters, Numbering::Through, through),
        (Grouping::ChapterLines, Numbering::PerChapter, restart),
        (Grouping::ChapterLines, Numbering::Through, through),
        (Grouping::Flat, Numbering::PerChapter, through),
        (Grouping::Flat, Numbering::Through, through),
        (Grouping::Dispositions, Numbering::PerChapter, ["1-1/11", "1-2/12", "2-1/13", "2-2/16", "3-1/15", "4-1/14"]),
        (Grouping::Dispositions, Numbering::Through, ["1/11", "2/12", "3/13", "4/16", "5/15", "6/14"]),
    ] {
        assert_eq!(names(&table, grouping, numbering), expected, "{grouping:?} {numbering:?}");
    }
    // Senders 1, 1, 2, 3, 5 and one of whom nothing is known.
    let mut table = table;
    let senders = [(11, 5), (12, 1), (13, 6), (14, 0), (15, 1), (16, 0)];
    for row in table.chapters.iter_mut().flat_map(|c| &mut c.groups).flat_map(|g| &mut g.rows) {
        row.sender = senders.iter().find(|(id, _)| *id == row.summary_id).map_or(0, |(_, sender)| *sender);
    }
    for numbering in Numbering::ALL {
        let expected = ["1-1/12", "1-2/15", "5-1/11", "6-1/13", "他-1/14", "他-2/16"];
        assert_eq!(names(&table, Grouping::Senders, numbering), expected);
    }
    Ok(())
}

#[test]
fn a_published_number_is_kept() -> TestResult {
    let mut table = fixture::small()?;
    let row = table.chapters.first_mut().and_then(|c| c.groups.last_mut()).and_then(|g| g.rows.last_mut());
    row.ok_or("no row")?.number = 7;
    assert_eq!(names(&table, Grouping::Chapters, Numbering::PerChapter).get(2).map(String::as_str), Some("1-7/13"));
    Ok(())
}

#[test]
fn the_seed_is_printed_as_published() -> TestResult {
    let printed = seed::table()?.printed();
    assert_eq!(printed.title, "品川区DX推進基本方針(暫定版)　ご意見（要旨）と区の考え方");
    assert_eq!(printed.notes, ["※ご意見については、趣旨を損なわない範囲で要約しています。"]);
    let sections: Vec<(&str, usize)> =
        printed.sections.iter().map(|s| (s.heading.as_deref().unwrap_or_default(), s.row_count())).collect();
    assert_eq!(
        sections,
        [
            ("1. サービスDXに関するご意見", 2),
            ("2. 地域DXに関するご意見", 4),
            ("3. シゴトDXに関するご意見", 2),
            ("4. 全般・その他ご意見", 5),
        ]
    );
    let first = printed.groups().next().ok_or("no group")?;
    assert_eq!((first.rows.len(), first.shared.len()), (2, 1));
    assert!(printed.legend.is_empty() && printed.counts.is_empty() && printed.annexes.is_empty());
    Ok(())
}

#[test]
fn no_opinions_are_said_once() -> TestResult {
    for preset in LayoutPreset::ALL {
        let mut table = ResponseTable { layout: Layout::of(preset), ..seed::table()? };
        table.chapters.iter_mut().for_each(|chapter| chapter.groups.clear());
        let printed = table.printed();
        assert_eq!(printed.nothing, Some(NO_OPINIONS), "{preset:?}");
        assert_eq!(printed.sections, []);
    }
    let mut table = fixture::small()?;
    table.chapters.first_mut().ok_or("no chapter")?.groups.clear();
    assert_eq!(table.printed().sections.first().map(|s| s.blocks.len()), Some(0));
    table.layout = Layout::of(LayoutPreset::Nerima);
    let printed = table.printed();
    let lines: Vec<&str> = printed
        .sections
        .iter()
        .flat_map(|s| &s.blocks)
        .filter_map(|block| match block {
            Block::Line { text, .. } => Some(text.as_str()),
            Block::Group(_) => None,
        })
        .collect();
    assert_eq!(lines, ["1. 遊具について", NO_OPINIONS, "2. 全般・その他"]);
    Ok(())
}

#[test]
fn a_disposition_without_a_column_stands_in_the_answer() -> TestResult {
    let mut table = fixture::full()?;
    let answer = |table: &ResponseTable| {
        let printed = table.printed();
        let slot = printed.slots().into_iter().zip(&printed.columns).find(|(_, (kind, _))| *kind == ColumnKind::Answer);
        printed.groups().next().and_then(|g| g.text(slot?.0, 0).map(ToOwned::to_owned)).unwrap_or_default()
    };
    table.layout = Layout::default();
    assert_eq!(answer(&table), "【◎ 反映】\nブランコを2基ふやします。\n設置は令和7年度です。\n（理由）理由21");
    table.layout = Layout::of(LayoutPreset::Nerima);
    assert_eq!(answer(&table), "ブランコを2基ふやします。\n設置は令和7年度です。\n（理由）理由21");
    table.layout = Layout::of(LayoutPreset::SetagayaOutcome);
    assert_eq!(answer(&table), "ブランコを2基ふやします。\n設置は令和7年度です。\n（理由）理由21");
    assert_eq!(table.printed().sections.first().and_then(|s| s.heading.clone()).as_deref(), Some("1. 反映（5件）"));
    Ok(())
}

#[test]
fn reflected_opinions_are_counted_once() -> TestResult {
    let mut table = fixture::full()?;
    // Rows 11, 12 and 14 caused changes: 4 + 1 + 2 opinions; no preset code is in use.
    assert_eq!(table.reflected(), 7);
    table.reflecting = vec!["adopted".to_owned()];
    assert_eq!(table.reflected(), 7);
    table.plan_changes.clear();
    assert_eq!(table.reflected(), 5);
    table.reflecting.clear();
    assert_eq!(table.reflected(), 0);
    table.chapters.iter_mut().flat_map(|c| &mut c.groups).for_each(|g| g.disposition = Some("revised".to_owned()));
    assert_eq!(table.reflected(), 9);
    Ok(())
}

#[test]
fn annexes_name_the_rows_as_printed() -> TestResult {
    let mut table = fixture::full()?;
    let related = |table: &ResponseTable| -> Vec<String> {
        let annexes = table.printed().annexes;
        let changes = annexes.iter().filter(|a| a.kind == AnnexKind::PlanChanges);
        changes.flat_map(|a| &a.rows).filter_map(|row| row.last().cloned()).collect()
    };
    assert_eq!(related(&table), ["No.1-1、No.1-2", "No.2-1"]);
    table.layout.numbering = Numbering::Through;
    assert_eq!(related(&table), ["No.1、No.2", "No.4"]);
    // A table without numbers can't name its rows.
    table.layout = Layout::of(LayoutPreset::Setagaya);
    assert_eq!(related(&table), ["ご意見を踏まえ、具体的に記載しました。", ""]);
    for annex in table.printed().annexes {
        assert!(annex.rows.iter().all(|row| row.len() == annex.headings.len()), "{}", annex.title);
    }
    Ok(())
}

#[test]
fn out_of_scope_opinions_are_told() -> TestResult {
    let mut table = fixture::full()?;
    assert_eq!(
        table.printed().notes.last().map(String::as_str),
        Some(
            "※このほかに、今回の募集の対象とならないご意見が3件ありました（計画に関係のないもの 2件、①賛否のみのもの 1件）。"
        )
    );
    for outside in &mut table.out_of_scope {
        outside.reason.clear();
    }
    assert_eq!(
        table.printed().notes.last().map(String::as_str),
        Some("※このほかに、今回の募集の対象とならないご意見が3件ありました。")
    );
    table.out_of_scope.clear();
    assert_eq!(table.printed().notes.len(), 2);
    Ok(())
}

#[test]
fn slots_lead_to_every_text() -> TestResult {
    let layout = Layout { columns: Layout::of(LayoutPreset::Chiba).columns, ..Layout::default() };
    let printed = ResponseTable { layout, ..fixture::full()? }.printed();
    assert_eq!(
        printed.slots(),
        [Slot::Own(0), Slot::Own(1), Slot::Own(2), Slot::Own(3), Slot::Own(4), Slot::Shared(0)]
    );
    let group = printed.groups().next().ok_or("no group")?;
    assert_eq!(group.text(Slot::Own(2), 1), Some("遊具について"));
    assert_eq!(group.text(Slot::Own(9), 1), None);
    assert_eq!(group.text(Slot::Own(0), 9), None);
    Ok(())
}

#[test]
fn an_older_publication_still_parses() -> TestResult {
    // As stored by the first version: without layout, without anything that came later.
    let json = r#"{"ward":{"code":"131091","name":"品川区"},"consultation":{"id":1,"slug":"a","title":"計画","department":"課",
        "url":"https://example.jp/consultations/a"},"opens_on":"2025-02-01","closes_on":"2025-02-28","methods":"郵送",
        "version":1,"published_at":0,"submitters":1,"opinions":1,"by_channel":[],"summarised":false,"dispositions":[],
        "chapters":[{"id":1,"title":"章","groups":[{"ward_view_id":1,"answer":"答え","disposition":null,
        "rows":[{"summary_id":1,"number":1,"text":"意見","same_count":1}]}]}]}"#;
    let table: ResponseTable = serde_json::from_str(json)?;
    for preset in LayoutPreset::ALL {
        let printed = ResponseTable { layout: Layout::of(preset), ..table.clone() }.printed();
        assert_eq!(printed.rows().count(), 1, "{preset:?}");
    }
    let layout = Layout { counts: CountTable::ALL.to_vec(), ..Layout::default() };
    let counted = ResponseTable { layout, ..table }.printed().counts;
    assert_eq!(counted.len(), 1, "no 対応区分 and no channels, no tables of them: {counted:?}");
    Ok(())
}
