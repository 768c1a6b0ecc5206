//! The presets, each after a document that a ward or city has published.

use super::{
    Column,
    ColumnKind::{self, Answer, Area, Chapter, Disposition, Number, Original, People, Place, Text},
    CountTable, CoverKind, CoverLine, CoverNumbering, Explanation, Grouping, Layout, LayoutPreset, Numbering,
};

/// Printed when a row is a summary.
pub const SUMMARY_NOTE: &str = "※ご意見については、趣旨を損なわない範囲で要約しています。";
/// As [`SUMMARY_NOTE`], in a table whose column is called 意見の概要.
const OUTLINE_NOTE: &str = "※ご意見は、趣旨を損なわない範囲で要約して掲載しています。";
const GATHERED_NOTE: &str = "※同じ趣旨のご意見は、まとめて掲載しています。";

fn columns(columns: &[(ColumnKind, &str)]) -> Vec<Column> {
    columns.iter().map(|(kind, heading)| Column { kind: *kind, heading: (*heading).to_owned() }).collect()
}

fn cover(lines: &[(CoverKind, &str)]) -> Vec<CoverLine> {
    lines.iter().map(|(kind, heading)| CoverLine { kind: *kind, heading: (*heading).to_owned() }).collect()
}

fn explanations(explanations: &[(&str, &str)]) -> Vec<Explanation> {
    explanations.iter().map(|(code, text)| Explanation { code: (*code).to_owned(), text: (*text).to_owned() }).collect()
}

fn notes(notes: &[&str]) -> Vec<String> {
    notes.iter().map(|note| (*note).to_owned()).collect()
}

impl Layout {
    /// The layout of a preset.
    #[must_use]
    pub fn of(preset: LayoutPreset) -> Self {
        let layout = match preset {
            LayoutPreset::Shinagawa => shinagawa(),
            LayoutPreset::ShinagawaCounts => shinagawa_counts(),
            LayoutPreset::ShinagawaOriginal => shinagawa_original(),
            LayoutPreset::Nerima => nerima(),
            LayoutPreset::NerimaCounts => nerima_counts(),
            LayoutPreset::Setagaya => setagaya(),
            LayoutPreset::SetagayaOutcome => setagaya_outcome(),
            LayoutPreset::Yokohama => yokohama(),
            LayoutPreset::Chiba => chiba(),
            LayoutPreset::Zama => zama(),
        };
        Self { preset, ..layout }
    }
}

/// F1. The published heading says 「パブリックコメントへご意見と区の考え方」; this one fits every kind of theme.
fn shinagawa() -> Layout {
    Layout {
        preset: LayoutPreset::Shinagawa,
        title: "{theme}　ご意見（要旨）と区の考え方".to_owned(),
        cover: cover(&[
            (CoverKind::Period, "実施期間"),
            (CoverKind::Methods, "応募方法"),
            (CoverKind::Counts, "意見数"),
            (CoverKind::PublishedOn, "公表日"),
        ]),
        cover_numbering: CoverNumbering::None,
        columns: columns(&[(Number, "No."), (Text, "ご意見（要旨）"), (Answer, "区の考え方")]),
        grouping: Grouping::Chapters,
        numbering: Numbering::PerChapter,
        others: true,
        section_counts: false,
        legend: false,
        explanations: vec![],
        counts: vec![],
        summary_note: SUMMARY_NOTE.to_owned(),
        notes: vec![],
        portrait: false,
    }
}

/// F2.
fn shinagawa_counts() -> Layout {
    Layout {
        title: "{theme}　ご意見の要旨と区の考え方".to_owned(),
        cover: cover(&[
            (CoverKind::Period, "募集期間"),
            (CoverKind::Publicity, "計画案の公表方法"),
            (CoverKind::Methods, "受付方法"),
            (CoverKind::Situation, "意見応募状況"),
            (CoverKind::Places, "閲覧場所"),
            (CoverKind::Contact, "問い合わせ先"),
        ]),
        cover_numbering: CoverNumbering::Plain,
        columns: columns(&[(Number, "番号"), (Text, "意見の要旨"), (Answer, "区の考え方")]),
        counts: vec![CountTable::Chapters],
        notes: notes(&[
            GATHERED_NOTE,
            "※お一人で複数回応募された場合、応募者数は1名として数えています。",
            "※計画に関係のないご意見は、掲載していません。",
        ]),
        ..shinagawa()
    }
}

/// F3.
fn shinagawa_original() -> Layout {
    Layout {
        title: "{theme}　寄せられた意見と意見への対応".to_owned(),
        cover: cover(&[
            (CoverKind::Period, "意見募集期間"),
            (CoverKind::Submitters, "意見提出者数（団体を含む）"),
            (CoverKind::Opinions, "意見件数"),
        ]),
        columns: columns(&[
            (Number, "番号"),
            (Original, "寄せられた意見"),
            (Text, "寄せられた意見の要約"),
            (Answer, "意見への対応"),
        ]),
        others: false,
        section_counts: true,
        counts: vec![CountTable::Chapters],
        // The original stands beside each summary.
        summary_note: String::new(),
        notes: notes(&[
            "※複数の分野にわたるご意見は、分割して掲載しています。",
            "※個人情報の保護のため、最小限の修正をしています。",
        ]),
        ..shinagawa()
    }
}

/// F5.
fn nerima() -> Layout {
    Layout {
        title: "{theme}に寄せられた意見と区の考え方".to_owned(),
        cover: cover(&[
            (CoverKind::Period, "意見募集期間"),
            (CoverKind::Methods, "提出方法"),
            (CoverKind::Opinions, "意見件数"),
            (CoverKind::Submitters, "提出者数"),
        ]),
        columns: columns(&[(Number, "№"), (Text, "意見の概要"), (Answer, "区の考え方"), (Disposition, "対応状況")]),
        grouping: Grouping::ChapterLines,
        numbering: Numbering::Through,
        legend: true,
        explanations: explanations(&[
            ("reflected", "計画に反映します"),
            ("included", "趣旨を計画に記載しています"),
            ("implemented", "既に実施しています"),
            ("considered", "事業の実施等にあたり検討します"),
            ("difficult", "趣旨を反映できません"),
            ("other", "その他"),
        ]),
        summary_note: OUTLINE_NOTE.to_owned(),
        ..shinagawa()
    }
}

/// F6.
fn nerima_counts() -> Layout {
    Layout {
        cover: cover(&[
            (CoverKind::Period, "意見募集期間"),
            (CoverKind::Opinions, "意見件数"),
            (CoverKind::Submitters, "提出者数"),
            (CoverKind::Channels, "提出者数の内訳"),
        ]),
        columns: columns(&[(Number, "番号"), (Text, "意見の概要"), (Answer, "区の考え方"), (Disposition, "対応状況")]),
        counts: vec![CountTable::Chapters, CountTable::Dispositions],
        ..nerima()
    }
}

/// F7 of 2023: no numbers, the place comes first.
fn setagaya() -> Layout {
    Layout {
        title: "{theme}に対する区民意見募集の結果".to_owned(),
        cover: cover(&[(CoverKind::Period, "募集期間"), (CoverKind::PeopleAndOpinions, "提出人数及び件数")]),
        cover_numbering: CoverNumbering::Parentheses,
        columns: columns(&[(Place, "該当項目"), (Text, "意見概要"), (Answer, "区の考え方")]),
        grouping: Grouping::Flat,
        numbering: Numbering::Through,
        counts: vec![CountTable::Chapters],
        summary_note: OUTLINE_NOTE.to_owned(),
        notes: notes(&["※個別の事業に関するご意見は、所管する部署に伝えています。"]),
        ..shinagawa()
    }
}

/// F7 of the 基本構想: by outcome.
fn setagaya_outcome() -> Layout {
    Layout {
        columns: columns(&[(Number, "番号"), (Place, "該当項目"), (Text, "意見概要"), (Answer, "区の考え方")]),
        grouping: Grouping::Dispositions,
        section_counts: true,
        explanations: explanations(&[
            ("reflected", "計画（案）に反映したもの"),
            ("partly-reflected", "計画（案）に一部反映したもの"),
            ("revised", "計画（案）を修正したもの"),
            ("included", "計画（案）に趣旨を記載しているもの"),
            ("implemented", "既に取り組んでいるもの"),
            ("considered", "今後の取組の中で検討するもの"),
            ("reference", "今後の参考とするもの"),
            ("difficult", "反映することが難しいもの"),
            ("unrevised", "計画（案）を修正しないもの"),
            ("other", "その他のご意見"),
        ]),
        counts: vec![CountTable::Dispositions],
        ..setagaya()
    }
}

/// F10: the headings of the yearly list over the table of F1.
fn yokohama() -> Layout {
    Layout {
        cover: cover(&[
            (CoverKind::Period, "意見募集期間"),
            (CoverKind::Body, "実施機関"),
            (CoverKind::Submitters, "意見提出者数"),
            (CoverKind::Opinions, "意見数"),
            (CoverKind::Revised, "案の修正の有無"),
        ]),
        ..shinagawa()
    }
}

/// F11: 人数 instead of 「（他3件）」.
fn chiba() -> Layout {
    Layout {
        title: "{theme}に対する意見の概要と考え方".to_owned(),
        cover: cover(&[
            (CoverKind::Period, "意見募集期間"),
            (CoverKind::Methods, "提出方法"),
            (CoverKind::PeopleAndOpinions, "提出人数及び件数"),
        ]),
        columns: columns(&[
            (Number, "NO"),
            (Area, "区"),
            (Chapter, "章"),
            (Text, "意見の概要"),
            (People, "人数"),
            (Answer, "市・区の考え方"),
        ]),
        grouping: Grouping::Flat,
        numbering: Numbering::Through,
        others: false,
        summary_note: OUTLINE_NOTE.to_owned(),
        ..shinagawa()
    }
}

/// F12.
fn zama() -> Layout {
    Layout {
        title: "{theme}に対する意見と回答".to_owned(),
        cover: cover(&[
            (CoverKind::Period, "募集期間"),
            (CoverKind::Eligible, "意見を提出できるもの"),
            (CoverKind::Methods, "提出方法"),
            (CoverKind::Submitters, "意見提出者数"),
            (CoverKind::Opinions, "意見総数"),
            (CoverKind::Reflected, "計画に反映した数"),
        ]),
        columns: columns(&[(Number, "番号"), (Text, "意見"), (Answer, "回答")]),
        grouping: Grouping::Senders,
        numbering: Numbering::Through,
        ..shinagawa()
    }
}
