//! Tables made for the tests, and short ways to write one.

use documents::{
    AnswerGroup, ChannelCount, Chapter, Commitment, ConsultationRef, Contact, Correction, DispositionLabel, OutOfScope,
    PlanChange, ResponseTable, Row, Ward,
};
use domain::layout::{Layout, LayoutPreset};
use std::error::Error;

pub(crate) type TestResult<T = ()> = Result<T, Box<dyn Error>>;

pub(crate) fn row(summary_id: i64, number: u32, same_count: u32, text: &str) -> Row {
    let sender = u32::try_from(summary_id % 7 + 1).unwrap_or_default();
    Row { summary_id, number, same_count, people: same_count, sender, text: text.to_owned(), ..Row::default() }
}

pub(crate) fn answer(ward_view_id: i64, answer: &str, rows: Vec<Row>) -> AnswerGroup {
    AnswerGroup { ward_view_id, answer: answer.to_owned(), rows, ..AnswerGroup::default() }
}

pub(crate) fn chapter(id: i64, title: &str, groups: Vec<AnswerGroup>) -> Chapter {
    Chapter { id, title: title.to_owned(), groups }
}

fn dispositions() -> Vec<DispositionLabel> {
    [("adopted", "◎", "反映"), ("noted", "△", "検討"), ("other", "", "その他")]
        .map(|(code, mark, label)| DispositionLabel {
            code: code.to_owned(),
            mark: mark.to_owned(),
            label: label.to_owned(),
        })
        .to_vec()
}

/// Five rows, two chapters, three 対応区分, one answer for two rows.
pub(crate) fn small() -> TestResult<ResponseTable> {
    let adopted = |group: AnswerGroup, code: &str| AnswerGroup { disposition: Some(code.to_owned()), ..group };
    Ok(ResponseTable {
        ward: Ward { code: "131091".to_owned(), name: "品川区".to_owned() },
        consultation: ConsultationRef {
            id: 3,
            slug: "park-plan".to_owned(),
            title: "公園整備計画（素案）".to_owned(),
            department: "公園課".to_owned(),
            url: "https://machikoe.example.jp/consultations/park-plan/responses".to_owned(),
        },
        opens_on: "2024-12-20".parse()?,
        closes_on: "2025-01-20".parse()?,
        methods: "区ホームページ、郵送".to_owned(),
        version: 2,
        published_at: 1_745_164_800_000, // 2025-04-21 01:00 JST, still the 20th in UTC
        submitters: 5,
        opinions: 9,
        by_channel: vec![
            ChannelCount {
                code: "web".to_owned(), label: "区ホームページ".to_owned(), submitters: 4, opinions: 8
            },
            ChannelCount { code: "post".to_owned(), label: "郵送".to_owned(), submitters: 1, opinions: 1 },
        ],
        summarised: true,
        dispositions: dispositions(),
        chapters: vec![
            chapter(
                1,
                "遊具について",
                vec![
                    adopted(
                        answer(
                            21,
                            "ブランコを2基ふやします。\n設置は令和7年度です。",
                            vec![
                                row(11, 1, 4, "ブランコがほしい。"),
                                row(12, 2, 1, "遊具が少ない, 「とても」\"少ない\"。"),
                            ],
                        ),
                        "adopted",
                    ),
                    adopted(answer(22, "=今後の参考とします。", vec![row(13, 3, 1, "-砂場\r\n+水道\r\n")]), "noted"),
                ],
            ),
            chapter(
                2,
                "全般・その他",
                vec![
                    answer(23, "ありがとうございます。", vec![row(14, 1, 2, "よい計画だと思う。")]),
                    adopted(answer(24, "計画の対象外です。", vec![row(15, 2, 1, "駅前の自転車")]), "other"),
                ],
            ),
        ],
        ..ResponseTable::default()
    })
}

/// [`small`] with everything that a table may have.
pub(crate) fn full() -> TestResult<ResponseTable> {
    let mut table = ResponseTable {
        layout: Layout::of(LayoutPreset::ShinagawaOriginal),
        publicity: "区ホームページ、図書館".to_owned(),
        eligible: "区内に在住・在勤・在学の方".to_owned(),
        places: "公園課、区政資料コーナー".to_owned(),
        contact: Contact {
            department: "公園課".to_owned(),
            phone: "03-1234-5678".to_owned(),
            fax: "03-1234-5679".to_owned(),
            email: "kouen@city.example.jp".to_owned(),
            counter: "本庁舎5階".to_owned(),
        },
        out_of_scope: vec![
            OutOfScope { reason: "計画に関係のないもの".to_owned(), opinions: 2 },
            OutOfScope { reason: "①賛否のみのもの".to_owned(), opinions: 1 },
        ],
        plan_changes: plan_changes(),
        commitments: vec![Commitment {
            id: 41,
            ward_view_id: 21,
            text: "ブランコを2基ふやす。".to_owned(),
            department: "公園課".to_owned(),
            due_on: Some("2026-03-31".parse()?),
        }],
        ..small()?
    };
    table.corrections = vec![Correction {
        version: 2,
        published_at: table.published_at,
        reason: "表記の誤り".to_owned(),
        changes: vec!["No.1-1 の区の考え方を訂正しました。".to_owned(), "No.2-1 の要旨を訂正しました。".to_owned()],
    }];
    for group in table.chapters.iter_mut().flat_map(|chapter| &mut chapter.groups) {
        group.department = Some("公園課".to_owned());
        group.reason = Some(format!("理由{}", group.ward_view_id));
        for row in &mut group.rows {
            row.place = format!("{}ページ", row.summary_id);
            row.originals = vec![format!("{}　原文①", row.text), "二人目の\n原文".to_owned()];
        }
    }
    // One row that only repeats an opinion counted elsewhere.
    let mut again = row(16, 3, 0, "ブランコの安全");
    (again.again, again.originals) = (1, vec!["ブランコの安全も".to_owned()]);
    let last = table.chapters.last_mut().ok_or("no chapter")?;
    last.groups
        .push(AnswerGroup { disposition: Some("noted".to_owned()), ..answer(25, "点検します。", vec![again]) });
    Ok(table)
}

fn plan_changes() -> Vec<PlanChange> {
    vec![
        PlanChange {
            id: 31,
            place: "第2章　12ページ".to_owned(),
            before: "遊具を\n設置する。".to_owned(),
            after: "ブランコなどの遊具を設置する。".to_owned(),
            reason: "ご意見を踏まえ、具体的に記載しました。".to_owned(),
            rows: vec![11, 12],
        },
        PlanChange {
            id: 32,
            place: "第3章".to_owned(),
            after: "=追加".to_owned(),
            rows: vec![14],
            ..PlanChange::default()
        },
    ]
}

/// `rows` rows in ten chapters, two rows to an answer.
pub(crate) fn large(rows: u32) -> TestResult<ResponseTable> {
    let mut table = small()?;
    table.chapters.clear();
    let each = rows.div_ceil(10);
    for c in 0..10_u32 {
        let numbers: Vec<u32> = (1..=each.min(rows.saturating_sub(c * each))).collect();
        let groups = numbers.chunks(2).map(|pair| {
            let id = |n: &u32| i64::from(c * each + n);
            let rows: Vec<Row> = pair
                .iter()
                .map(|n| row(id(n), *n, 1, &format!("意見{} {}", id(n), "公園を広く。".repeat(8))))
                .collect();
            let view = pair.first().map(id).unwrap_or_default();
            let disposition = Some(if c % 2 == 0 { "adopted" } else { "noted" }.to_owned());
            AnswerGroup {
                disposition, ..answer(view, &format!("考え方{view} {}", "検討します。".repeat(9)), rows)
            }
        });
        table.chapters.push(chapter(i64::from(c) + 1, &format!("第{c}の項目"), groups.collect()));
    }
    (table.opinions, table.submitters) = (rows, rows);
    table.by_channel.truncate(1);
    for channel in &mut table.by_channel {
        (channel.opinions, channel.submitters) = (rows, rows);
    }
    Ok(table)
}

/// Texts that break careless writers.
pub(crate) fn nasty_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+81-3-0000-0000",
        "-2+3",
        "@SUM(A1:A9)",
        "\t=1+1",
        "\r=1+1",
        "＝全角の式",
        "'引用符",
        "</td><script>alert(1)</script>&amp;]]>",
        "a\u{0}b\u{8}c\u{1B}[31m\u{7F}\u{9F}",
        "user\u{202E}gpj.exe\u{2066}x\u{2069}",
        "_x0041_ と _x005F_",
        "一行目\r\n二行目\r三行目\u{2028}四行目\n\n",
        "𠮷野家 髙﨑 葛\u{E0100}城 ①㈱㋿ か\u{3099}",
        "外字\u{E000}\u{F8FF}",
        "👨‍👩‍👧‍👦🇯🇵👍🏽",
        "\u{FEFF}先頭のBOM",
        "カンマ, \"引用\", 'アポストロフィ'; セミコロン",
        "",
        "　",
        "&P & &N",
    ]
    .map(ToOwned::to_owned)
    .to_vec();
    texts.push("あ".repeat(2_000));
    texts.push("x".repeat(300));
    texts.push("改行\n".repeat(80));
    texts
}

/// Every nasty text as an opinion, as an answer, and in every heading.
pub(crate) fn nasty() -> TestResult<ResponseTable> {
    let mut table = small()?;
    let texts = nasty_texts();
    let groups = (1_u32..).zip(&texts).map(|(n, text)| {
        let id = i64::from(n);
        let rows = vec![row(1_000 + id, 2 * n - 1, 1, text), row(2_000 + id, 2 * n, 3, text)];
        AnswerGroup { disposition: Some("adopted".to_owned()), ..answer(id, text, rows) }
    });
    table.chapters = vec![chapter(1, "=1+1\u{202E}<b>", groups.collect())];
    for (position, text) in (0..).zip(texts.iter().take(10)) {
        table.chapters.push(chapter(10 + position, text, Vec::new()));
    }
    "=title\u{0}&P".clone_into(&mut table.consultation.title);
    "=methods\n郵送".clone_into(&mut table.methods);
    "@課\u{8}".clone_into(&mut table.consultation.department);
    Ok(table)
}
