//! From a row to its page.

use app::pages::staff::desk::{DispositionChoice, Newer, RowDone, RowForm, RowHead, RowValues, Ways};
use domain::FieldErrors;

use super::look::{self, Looked};
use crate::{
    ctx::Ctx,
    error::Result,
    repository::row::{Placed, Record},
    service::{
        past_answer::{self, Past},
        response::row::Opened,
    },
    web::staff::answers::card,
};

/// So many past answers are shown beside an answer.
const PAST: usize = 5;

/// What a page says besides what is saved and typed.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// What is wrong.
    pub errors: FieldErrors,
    /// What was done a moment ago.
    pub done: Option<RowDone>,
    /// What somebody else saved.
    pub newer: Option<Newer>,
    /// Which opinions are chosen; all for `None`.
    pub chosen: Option<Vec<i64>>,
}

/// The row as it is saved.
pub(super) fn saved_values(opened: &Opened) -> RowValues {
    let Some(Record { summary, answer, .. }) = &opened.record else { return RowValues::default() };
    RowValues {
        chapter: summary.chapter_id.to_string(),
        text: summary.text.clone(),
        ward_view: answer.as_ref().map(|a| a.id.to_string()).unwrap_or_default(),
        answer: answer.as_ref().map(|a| a.text.clone()).unwrap_or_default(),
        disposition: answer.as_ref().and_then(|a| a.disposition.clone()).unwrap_or_default(),
        reason: answer.as_ref().map(|a| a.reason.clone()).unwrap_or_default(),
        versions: (summary.version, answer.as_ref().map_or(0, |a| a.version)),
        ..RowValues::default()
    }
}

/// What was typed on an old page, to be saved over what somebody else saved; and that.
pub(super) fn stale(opened: &Opened, typed: RowValues) -> (RowValues, Newer) {
    let saved = saved_values(opened);
    let at = |record: &Record| {
        record.answer.as_ref().map_or(record.summary.updated_at, |a| a.updated_at.max(record.summary.updated_at))
    };
    let printed = |code: &str| opened.consultation.dispositions.find(code).map(domain::disposition::Used::printed);
    let newer = Newer {
        disposition: printed(&saved.disposition).unwrap_or_default(),
        at: opened.record.as_ref().map_or(0, at),
        text: saved.text,
        answer: saved.answer,
        reason: saved.reason,
    };
    (RowValues { versions: saved.versions, ..typed }, newer)
}

fn ways(around: &[Placed]) -> Ways {
    let way = |kind: &str| around.iter().find(|p| p.kind == kind).map(|p| (p.id, p.name()));
    Ways { previous: way("previous"), next: way("next"), open: way("open") }
}

fn head(ctx: &Ctx, record: &Record, around: &[Placed], typed: &str) -> RowHead {
    let row = &record.summary;
    let own = ctx.actor.as_ref().map(|a| a.id.0);
    let settled = record.answer.as_ref().filter(|a| a.state == "settled").and_then(|a| a.settled_at);
    RowHead {
        id: row.id,
        name: around.iter().find(|p| p.kind == "here").map(Placed::name).unwrap_or_default(),
        verbatim: row.verbatim == 1,
        confirmed: row.confirmed_at.map(|at| (record.confirmer.clone().unwrap_or_default(), at)),
        rewritten: domain::text::normalise_newlines(typed).trim() != row.text,
        written: (record.writer.clone(), row.updated_at),
        mine: own == Some(row.updated_by),
        settled: settled.map(|at| (record.settler.clone().unwrap_or_default(), at)),
        department: record.department.clone(),
    }
}

/// The page of a row with what is typed. One statement, for what was answered before.
pub(super) async fn page(ctx: &Ctx, opened: Opened, values: RowValues, shown: Shown) -> Result<RowForm> {
    let row = opened.record.as_ref().map_or(0, |r| r.summary.id);
    let past = past_answer::resembling(ctx, &values.text, row, PAST).await?;
    let Looked { originals, more, findings, verbatim } =
        look::look(&opened.items, &values.text, shown.chosen.as_deref());
    let opinions = opened.items.first().map_or(0, |item| usize::try_from(item.total).unwrap_or_default());
    let sharing: Vec<&Placed> = opened.around.iter().filter(|p| p.kind == "sharing").collect();
    let total = sharing.first().map_or(0, |p| usize::try_from(p.total).unwrap_or_default());
    let answers = opened.around.iter().filter(|p| p.kind == "answer");
    let theme = &opened.consultation;
    Ok(RowForm {
        theme: (theme.row.id, theme.row.title.clone()),
        row: opened.record.as_ref().map(|record| head(ctx, record, &opened.around, &values.text)),
        whole: opened.whole,
        chapters: opened.chapters.iter().map(|c| (c.id, c.title.clone())).collect(),
        ways: ways(&opened.around),
        sharing: (sharing.iter().map(|p| p.name()).collect(), total),
        answers: answers
            .filter_map(|p| p.ward_view_id.map(|id| (id, p.name(), p.start.clone().unwrap_or_default())))
            .collect(),
        originals,
        opinions,
        more_originals: more || opinions > opened.items.len(),
        dispositions: theme
            .dispositions
            .0
            .iter()
            .map(|d| DispositionChoice {
                code: d.code.clone(),
                printed: d.printed(),
                reason_required: d.reason_required,
            })
            .collect(),
        verbatim,
        findings,
        hints: look::hints(&values.answer, &values.reason, &opened.phrases),
        past: past.into_iter().map(|Past { row, words, .. }| card(row, words)).collect(),
        phrases: opened.phrases,
        values,
        errors: shown.errors,
        newer: shown.newer,
        done: shown.done,
    })
}
