//! What keeps a table from being published.

use super::fixture::{self, TestResult};
use super::seed;
use documents::{AnswerGroup, Mismatch, ResponseTable};

fn reconciled() -> TestResult<ResponseTable> {
    let mut table = fixture::full()?;
    let group = table.chapters.last_mut().and_then(|c| c.groups.first_mut()).ok_or("no group")?;
    group.disposition = Some("other".to_owned());
    Ok(table)
}

#[test]
fn published_tables_agree_with_themselves() -> TestResult {
    for table in [seed::table()?, reconciled()?, fixture::large(100)?, ResponseTable::default()] {
        assert_eq!(table.reconcile(), []);
    }
    Ok(())
}

#[test]
fn every_disagreement_is_told() -> TestResult {
    type Change = fn(&mut ResponseTable);
    let disagreements: Vec<(Change, Vec<Mismatch>)> = vec![
        (
            |t| t.chapters[0].groups[0].rows[0].same_count = 5,
            vec![Mismatch::Rows { counted: 10, opinions: 9 }, Mismatch::Dispositions { counted: 10, opinions: 9 }],
        ),
        (
            |t| t.chapters[0].groups[0].disposition = None,
            vec![Mismatch::Dispositions { counted: 4, opinions: 9 }, Mismatch::NoDisposition { ward_view_id: 21 }],
        ),
        (
            |t| t.chapters[0].groups[0].disposition = Some("unknown".to_owned()),
            vec![Mismatch::Dispositions { counted: 4, opinions: 9 }, Mismatch::NoDisposition { ward_view_id: 21 }],
        ),
        (|t| t.by_channel[0].submitters = 3, vec![Mismatch::ChannelSubmitters { counted: 4, submitters: 5 }]),
        (|t| t.by_channel[1].opinions = 2, vec![Mismatch::ChannelOpinions { counted: 10, opinions: 9 }]),
        (
            |t| {
                t.submitters = 0;
                t.by_channel.iter_mut().for_each(|c| c.submitters = 0);
            },
            vec![Mismatch::People { submitters: 0, opinions: 9 }],
        ),
        (
            |t| t.chapters[0].groups[0].answer = "　\n".to_owned(),
            vec![Mismatch::Unanswered { summary_id: 11 }, Mismatch::Unanswered { summary_id: 12 }],
        ),
        (|t| t.chapters[0].groups[0].rows[1].text.clear(), vec![Mismatch::Empty { summary_id: 12 }]),
        (|t| t.chapters[1].groups[2].rows[0].again = 0, vec![Mismatch::StandsForNothing { summary_id: 16 }]),
        (
            |t| t.chapters[0].groups[0].rows[1].number = 3,
            vec![Mismatch::Number { summary_id: 12, expected: 2, found: 3 }],
        ),
        (|t| t.chapters[0].groups[0].rows[0].originals.clear(), vec![Mismatch::NoOriginal { summary_id: 11 }]),
        (
            |t| t.chapters[1].groups.push(fixture::answer(26, "だれに？", vec![])),
            vec![Mismatch::AnswersNothing { ward_view_id: 26 }, Mismatch::NoDisposition { ward_view_id: 26 }],
        ),
        (|t| t.plan_changes[0].rows.push(99), vec![Mismatch::PlanChangeRow { id: 31, summary_id: 99 }]),
        (|t| t.commitments[0].ward_view_id = 98, vec![Mismatch::CommitmentAnswer { id: 41, ward_view_id: 98 }]),
        (
            |t| {
                let mut row = t.chapters[0].groups[0].rows[1].clone();
                (row.same_count, row.again, row.number) = (0, 1, 4);
                let group =
                    AnswerGroup {
                        rows: vec![row], answer: "別の答え".to_owned(), ..t.chapters[0].groups[0].clone()
                    };
                t.chapters[0].groups.push(group);
            },
            vec![Mismatch::Twice { summary_id: 12 }, Mismatch::TwoAnswers { ward_view_id: 21 }],
        ),
    ];
    for (change, expected) in disagreements {
        let mut table = reconciled()?;
        change(&mut table);
        assert_eq!(table.reconcile(), expected);
        assert!(expected.iter().all(|mismatch| !mismatch.code().is_empty()));
    }
    Ok(())
}
