//! Where a theme's table stands between desk and publication: everything the page shows, in few statements.

use std::collections::BTreeMap;

use app::pages::staff::approval::{
    ApprovalPage, Changes, Glyphs, May, PartChange, Remark, Round, RowRef, StepView, Typed,
};
use documents::ResponseTable;
use domain::{
    FieldErrors, Phase,
    permission::{ConsultationAction, consultation},
    workflow::{ApprovalState, Step, StepState},
};

use super::{decide::may_withdraw, decider, has_ended, reads_as_decider, reads_desk, theme_of};
use crate::{
    ctx::Ctx,
    error::Result,
    repository::{
        self,
        approval::{Happening, Stored},
    },
    service::response::{
        changes::changes,
        table::{Composed, Links, compose, row_names},
    },
};

/// What was put up with those who did something with it.
struct Put {
    round: Round,
    drafted_by: i64,
    decided_by: Vec<i64>,
}

/// Everything the page of approval shows to who asks.
///
/// # Errors
/// [`AppError::NotFound`](crate::error::AppError::NotFound) or [`AppError::Forbidden`](crate::error::AppError::Forbidden).
pub async fn overview(ctx: &Ctx, id: i64) -> Result<ApprovalPage> {
    let theme = theme_of(ctx, id).await?;
    let puts = puts(repository::approval::history(ctx.db(), id).await?);
    let read_desk = reads_desk(ctx, &theme);
    let rights = puts.iter().flat_map(|put| put.round.steps.iter().map(|s| &s.step));
    ctx.allow(read_desk || reads_as_decider(ctx, rights))?;
    let stored = repository::approval::stored(ctx.db(), id).await?;
    let put_up = stored.iter().find(|s| s.kind == 1);
    let versions: Vec<&Stored> = stored.iter().filter(|s| s.kind == 2).collect();
    let next = versions.first().map_or(1, |v| v.version + 1);
    let composed = compose(ctx.db(), ctx, &theme, next).await?;
    let tie = ctx.tie(theme.row.department_id);
    let may = |action| consultation(ctx.role(), tie, action, Phase::UnderReview);
    let newest = puts.first();
    let state = newest.map(|put| put.round.state);
    let running = matches!(state, Some(ApprovalState::Open | ApprovalState::Approved));
    let since = match put_up.filter(|_| running) {
        Some(stored) => difference(stored, &composed)?,
        None => Changes::default(),
    };
    let corrected = versions.first().map(|stored| difference(stored, &composed)).transpose()?;
    let who = decider(ctx, theme.row.department_id)?;
    let decide = newest.is_some_and(|put| {
        put.round
            .due()
            .is_some_and(|(_, step)| composed.workflow.may_decide(step, who, put.drafted_by, &put.decided_by))
    });
    let withdraw = match newest.filter(|_| running) {
        Some(put) => may_withdraw(ctx, theme.row.department_id, put.drafted_by)?,
        None => false,
    };
    let glyphs = glyphs(ctx, &composed.table).await?;
    Ok(ApprovalPage {
        id,
        closed: has_ended(theme.phase),
        may: May {
            read_desk,
            draft: may(ConsultationAction::DraftResponses),
            decide,
            withdraw,
            comment: newest.is_some(),
            publish: may(ConsultationAction::PublishResponses),
        },
        scheduled: versions.first().filter(|v| v.at > ctx.now).map(|v| (v.version, v.at)),
        published: versions.iter().find(|v| v.at <= ctx.now).map(|v| (v.version, v.at)),
        theme: theme.row.title,
        table: composed.table,
        checks: composed.checks,
        glyphs,
        workflow: composed.workflow,
        rounds: puts.into_iter().map(|put| put.round).collect(),
        since,
        corrected,
        typed: Typed::default(),
        errors: FieldErrors::new(),
        refused: None,
        done: None,
    })
}

/// What the desk says otherwise than what is stored.
fn difference(stored: &Stored, now: &Composed) -> Result<Changes> {
    let table: ResponseTable = serde_json::from_str(&stored.response_table).map_err(anyhow::Error::from)?;
    let mut found = changes(&table, &now.table);
    let links: Option<Links> = stored.links.as_deref().and_then(|json| serde_json::from_str(json).ok());
    if found.is_empty() && links.is_some_and(|links| links != now.links) {
        found.parts.push(PartChange::Links);
    }
    Ok(found)
}

fn puts(history: Vec<Happening>) -> Vec<Put> {
    let mut puts: Vec<Put> = Vec::new();
    for it in history {
        let name = it.name.unwrap_or_default();
        if it.kind == 1 {
            puts.push(Put {
                round: Round {
                    id: it.approval,
                    state: ApprovalState::from_code(&it.state).unwrap_or_default(),
                    by: name,
                    at: it.at,
                    note: it.a,
                    sha256: it.b,
                    closed: it.c,
                    closed_at: it.closed_at,
                    steps: vec![],
                    remarks: vec![],
                },
                drafted_by: it.account.unwrap_or(0),
                decided_by: vec![],
            });
            continue;
        }
        let Some(put) = puts.last_mut().filter(|put| put.round.id == it.approval) else { continue };
        if it.kind == 2 {
            put.decided_by.extend(it.account);
            put.round.steps.push(StepView {
                step: Step::of(&it.a, &it.b),
                state: StepState::from_code(&it.state).unwrap_or_default(),
                comment: it.c,
                decided: it.account.map(|_| (name, it.at)),
            });
        } else {
            put.round.remarks.push(Remark { by: name, at: it.at, body: it.a });
        }
    }
    puts
}

/// The characters that the PDF's font lacks, with the rows they stand in.
async fn glyphs(ctx: &Ctx, table: &ResponseTable) -> Result<Glyphs> {
    // Every text of the table is in its JSON.
    let json = serde_json::to_string(table).map_err(anyhow::Error::from)?;
    let app = ctx.app.clone();
    // The font is read from the disk the first time.
    let found = tokio::task::spawn_blocking(move || (app.renderer.missing(&json), app.renderer.font_warning()));
    let (missing, warning) = found.await.map_err(anyhow::Error::from)?;
    let names = row_names(table);
    let mut rows: BTreeMap<char, Vec<RowRef>> = missing.iter().map(|c| (*c, vec![])).collect();
    if !rows.is_empty() {
        for flat in table.rows() {
            let row = flat.row;
            let texts = [&row.text, &flat.group.answer].into_iter().chain(&flat.group.reason).chain(&row.originals);
            let all: String = texts.map(String::as_str).collect();
            for (c, found) in &mut rows {
                if all.contains(*c) {
                    let name = names.get(&row.summary_id).cloned().unwrap_or_default();
                    found.push(RowRef { id: row.summary_id, name });
                }
            }
        }
    }
    let missing = missing.into_iter().filter_map(|c| rows.remove(&c).map(|found| (c, found))).collect();
    Ok(Glyphs { missing, no_font: warning.is_some() })
}
