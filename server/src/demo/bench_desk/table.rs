//! A finished table, put together in memory.

use anyhow::bail;
use documents::{
    AnswerGroup, ChannelCount, Chapter, Commitment, ConsultationRef, Contact, DispositionLabel, OutOfScope, PlanChange,
    ResponseTable, Row, Ward,
};
use domain::{
    disposition::{DispositionPreset, DispositionSet},
    layout::{Layout, LayoutPreset},
};

use super::{
    Outline, disposition,
    texts::{CHAPTERS, answer, mix, opinion},
};

/// A table of so many rows as a ward would publish it, with texts of 100 to 600 characters.
///
/// # Errors
/// When its counts don't agree.
pub fn bench_table(rows: usize) -> anyhow::Result<ResponseTable> {
    let outline = Outline::new(rows);
    let dispositions = DispositionSet::of(DispositionPreset::SixMarks);
    let mut table = cover(&dispositions)?;
    let mut groups: Vec<Vec<AnswerGroup>> = CHAPTERS.iter().map(|_| Vec::new()).collect();
    let mut numbers = [0; CHAPTERS.len()];
    for (group, (chapter, own)) in (1_i64..).zip(&outline.answers) {
        let seed = u64::try_from(group)?;
        let mut made = AnswerGroup {
            ward_view_id: group,
            answer: answer(*chapter, seed),
            disposition: disposition(&dispositions, seed),
            department: Some("政策経営部 企画課".to_owned()),
            ..AnswerGroup::default()
        };
        for row in own.clone() {
            let Some(number) = numbers.get_mut(*chapter) else { bail!("there is no chapter {chapter}") };
            *number += 1;
            made.rows.push(line(*chapter, row, *number)?);
        }
        let Some(chapter) = groups.get_mut(*chapter) else { bail!("there is no chapter {chapter}") };
        chapter.push(made);
    }
    table.chapters = (1_i64..)
        .zip(CHAPTERS.into_iter().zip(groups))
        .filter(|(_, (_, groups))| !groups.is_empty())
        .map(|(id, (title, groups))| Chapter { id, title: title.to_owned(), groups })
        .collect();
    count(&mut table)?;
    follow_up(&mut table);
    let faults = table.reconcile();
    if !faults.is_empty() {
        bail!("the table doesn't agree with itself: {faults:?}");
    }
    Ok(table)
}

fn line(chapter: usize, row: usize, number: u32) -> anyhow::Result<Row> {
    let seed = u64::try_from(row)?;
    // One in three stands for several.
    let opinions = if mix(seed).is_multiple_of(3) { u32::try_from(mix(seed ^ 3) % 8)? + 2 } else { 1 };
    Ok(Row {
        summary_id: i64::try_from(row)? + 1,
        number,
        text: opinion(chapter, seed),
        same_count: opinions,
        people: opinions,
        place: format!("{}ページ", seed % 80 + 1),
        sender: u32::try_from(seed % 900 + 1)?,
        ..Row::default()
    })
}

fn cover(dispositions: &DispositionSet) -> anyhow::Result<ResponseTable> {
    Ok(ResponseTable {
        ward: Ward { code: "131091".to_owned(), name: "みなも区".to_owned() },
        consultation: ConsultationRef {
            id: 1,
            slug: "bench".to_owned(),
            title: "みなも区基本計画（素案）".to_owned(),
            department: "政策経営部 企画課".to_owned(),
            url: "https://machikoe.example.jp/consultations/bench/responses".to_owned(),
        },
        opens_on: "2026-09-01".parse()?,
        closes_on: "2026-09-30".parse()?,
        methods: "区ホームページ、郵送、FAX、持参".to_owned(),
        version: 1,
        // 2026-11-20 10:00 in Japan.
        published_at: 1_795_136_400_000,
        summarised: true,
        dispositions: dispositions
            .0
            .iter()
            .map(|d| DispositionLabel { code: d.code.clone(), mark: d.mark.clone(), label: d.label.clone() })
            .collect(),
        layout: Layout::of(LayoutPreset::default()),
        publicity: "区ホームページ、図書館、区政資料コーナー".to_owned(),
        eligible: "区内に在住・在勤・在学の方".to_owned(),
        places: "企画課、各出張所、各図書館".to_owned(),
        contact: Contact {
            department: "政策経営部 企画課".to_owned(),
            phone: "03-0000-0000".to_owned(),
            ..Contact::default()
        },
        ..ResponseTable::default()
    })
}

/// Opinions and people: half of them came by the site, half by post.
fn count(table: &mut ResponseTable) -> anyhow::Result<()> {
    table.opinions = u32::try_from(table.opinions_in_rows())?;
    table.submitters = table.opinions.div_ceil(2);
    let (opinions, people) = (table.opinions / 2, table.submitters / 2);
    let channel = |code: &str, label: &str, submitters: u32, opinions: u32| ChannelCount {
        code: code.to_owned(),
        label: label.to_owned(),
        submitters,
        opinions,
    };
    table.by_channel = vec![
        channel("web", "区ホームページ", table.submitters - people, table.opinions - opinions),
        channel("post", "郵送", people, opinions),
    ];
    table.out_of_scope =
        vec![OutOfScope { reason: "計画の内容に関係のないご意見".to_owned(), opinions: 3 }];
    Ok(())
}

/// 修正箇所 for one row in a hundred, 約束 for one answer in two hundred.
fn follow_up(table: &mut ResponseTable) {
    let rows: Vec<i64> = table.rows().step_by(100).map(|flat| flat.row.summary_id).collect();
    table.plan_changes = (1_i64..)
        .zip(rows)
        .map(|(id, row)| PlanChange {
            id,
            place: format!("第{}章", id % 7 + 1),
            before: "施設の整備を進めます。".to_owned(),
            after: "令和9年度までに、施設の整備を進めます。".to_owned(),
            reason: "ご意見を踏まえ、時期を記載しました。".to_owned(),
            rows: vec![row],
        })
        .collect();
    let answers: Vec<i64> =
        table.chapters.iter().flat_map(|c| &c.groups).step_by(200).map(|group| group.ward_view_id).collect();
    table.commitments = (1_i64..)
        .zip(answers)
        .map(|(id, ward_view_id)| Commitment {
            id,
            ward_view_id,
            text: "案内の表示を見直す。".to_owned(),
            department: "政策経営部 企画課".to_owned(),
            due_on: None,
        })
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_rows_asked_for_and_agrees_with_itself() -> anyhow::Result<()> {
        for rows in [1, 12, 600] {
            let table = bench_table(rows)?;
            assert_eq!(table.rows().count(), rows);
            assert_eq!(table.chapters.len(), rows.min(12));
        }
        Ok(())
    }

    #[test]
    fn texts_are_as_long_as_they_are_meant_to_be() -> anyhow::Result<()> {
        let table = bench_table(600)?;
        let lengths: Vec<usize> = table.rows().map(|flat| flat.row.text.chars().count()).collect();
        assert!(lengths.iter().all(|n| (100..=620).contains(n)));
        assert!(lengths.iter().any(|n| *n > 400));
        Ok(())
    }
}
