use super::*;
use crate::{Problem, disposition::DispositionPreset};
use serde::de::DeserializeOwned;
use std::fmt::Debug;

fn headings(preset: LayoutPreset) -> Vec<String> {
    Layout::of(preset).columns.into_iter().map(|c| c.heading).collect()
}

#[test]
fn columns_are_headed_as_published() {
    let published: [(LayoutPreset, &[&str]); 10] = [
        (LayoutPreset::Shinagawa, &["No.", "ご意見（要旨）", "区の考え方"]),
        (LayoutPreset::ShinagawaCounts, &["番号", "意見の要旨", "区の考え方"]),
        (LayoutPreset::ShinagawaOriginal, &["番号", "寄せられた意見", "寄せられた意見の要約", "意見への対応"]),
        (LayoutPreset::Nerima, &["№", "意見の概要", "区の考え方", "対応状況"]),
        (LayoutPreset::NerimaCounts, &["番号", "意見の概要", "区の考え方", "対応状況"]),
        (LayoutPreset::Setagaya, &["該当項目", "意見概要", "区の考え方"]),
        (LayoutPreset::SetagayaOutcome, &["番号", "該当項目", "意見概要", "区の考え方"]),
        (LayoutPreset::Yokohama, &["No.", "ご意見（要旨）", "区の考え方"]),
        (LayoutPreset::Chiba, &["NO", "区", "章", "意見の概要", "人数", "市・区の考え方"]),
        (LayoutPreset::Zama, &["番号", "意見", "回答"]),
    ];
    assert_eq!(published.map(|(preset, _)| preset), LayoutPreset::ALL);
    for (preset, expected) in published {
        assert_eq!(headings(preset), expected, "{preset:?}");
    }
}

#[test]
fn every_preset_is_sound_and_survives_json() {
    for preset in LayoutPreset::ALL {
        let layout = Layout::of(preset);
        assert_eq!(layout.preset, preset);
        assert_eq!(layout.check(), Ok(()), "{preset:?}");
        let json = serde_json::to_string(&layout).unwrap();
        assert_eq!(serde_json::from_str::<Layout>(&json).unwrap(), layout);
    }
}

#[test]
fn an_older_stored_layout_still_parses() {
    // Stored before numbers on the cover, counts in headings and explanations existed.
    let json = r#"{"preset":"nerima","title":"{theme}","cover":[{"kind":"period","heading":"期間"}],
        "columns":[{"kind":"text","heading":"意見"},{"kind":"answer","heading":"回答"}],"grouping":"flat",
        "numbering":"through","others":false,"legend":true,"counts":["channels"],"summary_note":"","notes":[],
        "portrait":true,"field_of_the_future":1}"#;
    let layout: Layout = serde_json::from_str(json).unwrap();
    assert_eq!(layout.check(), Ok(()));
    assert_eq!((layout.cover_numbering, layout.section_counts), (CoverNumbering::None, false));
    assert_eq!((layout.grouping, layout.portrait), (Grouping::Flat, true));
    assert_eq!(serde_json::from_str::<Layout>("{}").unwrap(), Layout::default());
}

#[test]
fn explanations_name_existing_dispositions() {
    for preset in LayoutPreset::ALL {
        for explanation in Layout::of(preset).explanations {
            let known = DispositionPreset::ALL.iter().any(|d| d.find(&explanation.code).is_some());
            assert!(known, "{preset:?} {}", explanation.code);
        }
        for disposition in preset.dispositions().dispositions() {
            let layout = Layout::of(preset);
            let named = layout.legend || layout.grouping == Grouping::Dispositions;
            assert!(!named || layout.explanation(disposition.code).is_some(), "{preset:?} {}", disposition.code);
        }
    }
}

#[test]
fn faults_are_found() {
    type Change = fn(&mut Layout);
    let text = |part, index, problem| LayoutFault::Text { part, index, problem };
    let wrong: [(LayoutFault, Change); 16] = [
        (LayoutFault::TitleWithoutTheme, |l| l.title = "ご意見と区の考え方".to_owned()),
        (text(LayoutPart::Title, 0, Problem::TooLong { max: 100, actual: 107 }), |l| {
            l.title = format!("{THEME}{}", "題".repeat(100));
        }),
        (LayoutFault::NoOpinions, |l| l.columns.retain(|c| c.kind != ColumnKind::Text)),
        (LayoutFault::NoAnswers, |l| l.columns.retain(|c| c.kind != ColumnKind::Answer)),
        (LayoutFault::ColumnTwice(ColumnKind::Text), |l| {
            let text = l.columns.iter().find(|c| c.kind == ColumnKind::Text).cloned();
            l.columns.extend(text.clone());
            l.columns.extend(text);
        }),
        (text(LayoutPart::Columns, 0, Problem::Required), |l| l.columns[0].heading = "　".to_owned()),
        (text(LayoutPart::Columns, 2, Problem::TooLong { max: 20, actual: 21 }), |l| {
            l.columns[2].heading = "字".repeat(21);
        }),
        (LayoutFault::TooMany { part: LayoutPart::Columns, max: 8 }, |l| {
            l.columns = ColumnKind::ALL.map(|kind| Column { kind, heading: "列".to_owned() }).to_vec();
        }),
        (LayoutFault::CoverTwice(CoverKind::Period), |l| l.cover.push(l.cover[0].clone())),
        (text(LayoutPart::Cover, 1, Problem::ControlCharacters), |l| l.cover[1].heading = "応\0募".to_owned()),
        (LayoutFault::CountsTwice(CountTable::Channels), |l| l.counts = vec![CountTable::Channels; 2]),
        (LayoutFault::ExplainedTwice(1), |l| {
            l.explanations = vec![Explanation { code: "other".to_owned(), text: "その他".to_owned() }; 2];
        }),
        (text(LayoutPart::Explanations, 0, Problem::TooLong { max: 40, actual: 41 }), |l| {
            l.explanations = vec![Explanation { code: "other".to_owned(), text: "他".repeat(41) }];
        }),
        (text(LayoutPart::SummaryNote, 0, Problem::TooLong { max: 200, actual: 201 }), |l| {
            l.summary_note = "注".repeat(201);
        }),
        (text(LayoutPart::Notes, 1, Problem::Required), |l| l.notes = vec!["注".to_owned(), String::new()]),
        (LayoutFault::TooMany { part: LayoutPart::Notes, max: 10 }, |l| l.notes = vec!["注".to_owned(); 11]),
    ];
    for (fault, change) in wrong {
        let mut layout = Layout::default();
        change(&mut layout);
        assert_eq!(layout.check(), Err(vec![fault]));
        assert!(LayoutPart::ALL.contains(&fault.part()) && !fault.code().is_empty());
    }
    let bare = Layout { cover: vec![], notes: vec![], summary_note: String::new(), ..Layout::default() };
    assert_eq!(bare.check(), Ok(()));
}

#[test]
fn cover_lines_are_numbered() {
    assert_eq!(CoverNumbering::None.number(1, "期間"), "期間");
    assert_eq!(CoverNumbering::Plain.number(4, "意見応募状況"), "4　意見応募状況");
    assert_eq!(CoverNumbering::Parentheses.number(2, "提出人数及び件数"), "(2) 提出人数及び件数");
    assert_eq!(CoverNumbering::Circled.number(1, "実施期間"), "① 実施期間");
    assert_eq!(CoverNumbering::Circled.number(20, "実施期間"), "⑳ 実施期間");
    assert_eq!(CoverNumbering::Circled.number(21, "実施期間"), "(21) 実施期間");
}

fn codes_are_the_names_in_json<T: Serialize + DeserializeOwned + PartialEq + Debug + Copy>(
    all: &[T],
    code: fn(T) -> &'static str,
    from_code: fn(&str) -> Option<T>,
) {
    for value in all {
        let json = serde_json::to_string(value).unwrap();
        assert_eq!(json, format!("\"{}\"", code(*value)));
        assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value);
        assert_eq!(from_code(code(*value)), Some(*value));
    }
    assert_eq!(from_code("nothing_such"), None);
}

#[test]
fn codes_are_stable() {
    macro_rules! check {
        ($($kind:ident),+) => {
            $(codes_are_the_names_in_json(&$kind::ALL, $kind::code, $kind::from_code);)+
        };
    }
    check!(LayoutPreset, ColumnKind, CoverKind, CoverNumbering, CountTable, Grouping, Numbering, LayoutPart);
}
