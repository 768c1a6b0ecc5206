//! The choices of a [`Layout`](super::Layout), each with a stable code that is the same in JSON and forms.

use serde::{Deserialize, Serialize};

use crate::{disposition::DispositionPreset, rules::coded};

coded! {
    /// Published formats to start from. The letters are those of the collection of formats they were taken from.
    #[derive(Default)]
    LayoutPreset {
        /// F1 品川区 DX推進基本方針 (2025): No.／ご意見(要旨)／区の考え方, chapters of the plan, one answer for several rows.
        #[default]
        Shinagawa = "shinagawa",
        /// F2 品川区 子ども・子育て計画 (2015): numbered cover (募集期間・公表方法・受付方法・応募状況), counts by content, 同趣旨
        /// gathered.
        ShinagawaCounts = "shinagawa_counts",
        /// F3 品川区 長期基本計画 (2019): 番号／寄せられた意見(原文)／要約／意見への対応, counts by field.
        ShinagawaOriginal = "shinagawa_original",
        /// F5 練馬区 ビジョン: №／意見の概要／区の考え方／対応状況 with a 凡例, chapter headings inside the table.
        Nerima = "nerima",
        /// F6 練馬区 文化・学習系プラン: the same with 内訳 by channel and counts by chapter and by 対応状況.
        NerimaCounts = "nerima_counts",
        /// F7 世田谷区 基本計画 (2023): 該当項目／意見概要／区の考え方, 「（他3件）」, counts by item.
        Setagaya = "setagaya",
        /// F7 世田谷区 基本構想 (earlier): grouped by outcome, 「計画に反映したもの（108件）」.
        SetagayaOutcome = "setagaya_outcome",
        /// F10 横浜市 年次一覧. That list has one line per plan and is printed elsewhere, for all themes together; a ward
        /// that chooses this preset prints the table of a theme with the list's headings (意見募集期間, 実施機関,
        /// 意見提出者数, 意見数, 案の修正の有無) as its cover and the columns of [`Self::Shinagawa`].
        Yokohama = "yokohama",
        /// F11 千葉市 区基本計画: NO／区／章／意見の概要／人数／市・区の考え方.
        Chiba = "chiba",
        /// F12 座間市 都市マスタープラン (2010): 番号／意見／回答, numbered by sender, with 計画に反映した数.
        Zama = "zama",
    }
}

impl LayoutPreset {
    /// The 対応区分 that the published format goes with; only a recommendation.
    #[must_use]
    pub const fn dispositions(self) -> DispositionPreset {
        match self {
            Self::Nerima | Self::NerimaCounts | Self::SetagayaOutcome => DispositionPreset::SixMarks,
            Self::Yokohama => DispositionPreset::Revision,
            Self::Shinagawa
            | Self::ShinagawaCounts
            | Self::ShinagawaOriginal
            | Self::Setagaya
            | Self::Chiba
            | Self::Zama => DispositionPreset::None,
        }
    }
}

coded! {
    /// A column of the table.
    ColumnKind {
        /// No. of the row.
        Number = "number",
        /// Name of the ward or area.
        Area = "area",
        /// Title of the chapter.
        Chapter = "chapter",
        /// Where in the draft: page or heading (該当項目); the chapter for an opinion about no place of its own.
        Place = "place",
        /// The opinion as sent (原文).
        Original = "original",
        /// ご意見（要旨）.
        Text = "text",
        /// 人数: how many people the row stands for.
        People = "people",
        /// 件数: how many opinions the row stands for.
        Count = "count",
        /// 区の考え方; spans the rows it answers.
        Answer = "answer",
        /// 対応区分; spans like the answer.
        Disposition = "disposition",
        /// 修正しない理由 and the like; spans like the answer.
        Reason = "reason",
        /// 所管課; spans like the answer.
        Department = "department",
    }
}

coded! {
    /// A line of the cover block. A line that has nothing to say is not printed.
    CoverKind {
        /// 実施期間 in 和暦.
        Period = "period",
        /// 応募方法 as announced.
        Methods = "methods",
        /// 計画案の公表方法.
        Publicity = "publicity",
        /// 意見を提出できるもの.
        Eligible = "eligible",
        /// 「延べ18件（6名）」.
        Counts = "counts",
        /// 提出人数及び件数, 「6名（18件）」.
        PeopleAndOpinions = "people_and_opinions",
        /// 意見応募状況, 「応募者数6名、意見件数18件（内訳：郵送1名3件、FAX1名1件）」.
        Situation = "situation",
        /// 提出者数 alone, 「6名」.
        Submitters = "submitters",
        /// 意見件数 alone, 「18件」.
        Opinions = "opinions",
        /// 内訳 by channel, 「郵送4名、FAX2名」.
        Channels = "channels",
        /// 計画に反映した数.
        Reflected = "reflected",
        /// 案の修正の有無, 「有（3か所）」.
        Revised = "revised",
        /// 公表日.
        PublishedOn = "published_on",
        /// 実施機関: the ward and the department.
        Body = "body",
        /// 閲覧場所.
        Places = "places",
        /// 問い合わせ先.
        Contact = "contact",
    }
}

coded! {
    /// How the lines of the cover block are numbered.
    #[derive(Default)]
    CoverNumbering {
        /// Not at all.
        #[default]
        None = "none",
        /// 「1　募集期間」.
        Plain = "plain",
        /// 「(1) 募集期間」.
        Parentheses = "parentheses",
        /// 「① 募集期間」; from the 21st line on as [`Self::Parentheses`].
        Circled = "circled",
    }
}

impl CoverNumbering {
    /// A heading with its number, from 1.
    #[must_use]
    pub fn number(self, number: u32, heading: &str) -> String {
        match self {
            Self::None => heading.to_owned(),
            Self::Plain => format!("{number}　{heading}"),
            Self::Circled if (1..=20).contains(&number) => {
                let circled = char::from_u32(u32::from('①') + number - 1).unwrap_or('○');
                format!("{circled} {heading}")
            }
            Self::Parentheses | Self::Circled => format!("({number}) {heading}"),
        }
    }
}

coded! {
    /// What is counted in a table of its own.
    CountTable {
        /// Opinions by chapter.
        Chapters = "chapters",
        /// Opinions by 対応区分.
        Dispositions = "dispositions",
        /// People and opinions by channel.
        Channels = "channels",
    }
}

coded! {
    /// What stands together.
    #[derive(Default)]
    Grouping {
        /// A heading and a table for each chapter.
        #[default]
        Chapters = "chapters",
        /// One table with the chapters as lines in it.
        ChapterLines = "chapter_lines",
        /// One table without chapters.
        Flat = "flat",
        /// A heading and a table for each 対応区分, 「計画に反映したもの」. One table while the theme has no 対応区分.
        Dispositions = "dispositions",
        /// One table in the order of the senders; a sender's opinions are numbered 1-1, 1-2 whatever [`Numbering`] says.
        Senders = "senders",
    }
}

coded! {
    /// How rows are numbered.
    #[derive(Default)]
    Numbering {
        /// From 1 in each part: chapter or 対応区分. A table of one part is numbered from 1 through.
        #[default]
        PerChapter = "per_chapter",
        /// From 1 through the whole table.
        Through = "through",
    }
}
