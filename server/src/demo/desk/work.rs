//! The steps themselves: each by the function that staff use.

use std::{collections::HashMap, fmt::Debug};

use anyhow::{Context as _, bail};

use super::{Hands, Step};
use crate::{
    ctx::Ctx,
    demo::data,
    repository,
    service::{
        Checked, approval, commitment, intake, plan_change,
        response::{self, gather, outline, row, scope},
        routing,
    },
};

/// What came of a form, when nothing was wrong with it.
fn done<T, E: Debug>(outcome: Result<T, E>) -> anyhow::Result<T> {
    outcome.map_err(|wrong| anyhow::anyhow!("{wrong:?}"))
}

fn agreed(outcome: Checked<approval::Outcome>) -> anyhow::Result<()> {
    match done(outcome)? {
        approval::Outcome::Done => Ok(()),
        approval::Outcome::Refused(why) => bail!("{why:?}"),
    }
}

/// A theme's desk while it is worked on.
pub(super) struct Work<'a> {
    pub(super) hands: &'a Hands,
    pub(super) theme: i64,
    /// Ids of the letters in the order of the file.
    pub(super) letters: &'a [i64],
    /// Ids of the rows by key.
    pub(super) rows: HashMap<&'a str, i64>,
}

impl<'a> Work<'a> {
    /// Takes one step.
    pub(super) async fn take(&mut self, ctx: &Ctx, step: Step<'a>) -> anyhow::Result<()> {
        match step {
            Step::Outline => done(outline::from_draft(ctx, self.theme).await?).map(drop),
            Step::Split(split) => {
                let letter = self.letter(split.letter)?;
                done(intake::split::on_desk(ctx, self.theme, letter, &split.parts).await?).map(drop)
            }
            Step::Exclude(out) => {
                let items = self.items(ctx, &out.items).await?;
                done(scope::exclude(ctx, self.theme, &items, &out.reason).await?).map(drop)
            }
            Step::Gather(row) => self.gather(ctx, row).await,
            Step::Confirm(row) => self.confirm(ctx, row).await,
            Step::Give(row, given) => self.give(ctx, row, given).await,
            Step::Ask(row, asked) => self.ask(ctx, row, asked).await,
            Step::Reply(row, reply) => self.reply(ctx, row, reply).await,
            Step::Answer(row, answer) => self.answer(ctx, row, answer).await,
            Step::Share(row, other) => self.share(ctx, row, other).await,
            Step::Change(change) => self.change(ctx, change).await,
            Step::Promise(promise) => self.promise(ctx, promise).await,
            Step::Report(promise, report) => self.report(ctx, promise, report).await,
            Step::PutUp(correction) => self.put_up(ctx, correction).await,
            Step::Decide(step, comment) => self.decide(ctx, step, comment).await,
            Step::Publish(correction) => self.publish(ctx, correction).await,
        }
    }

    fn letter(&self, number: usize) -> anyhow::Result<i64> {
        let at = number.checked_sub(1).and_then(|n| self.letters.get(n));
        at.copied().with_context(|| format!("no letter {number}"))
    }

    /// The ids of opinions such as 「7.2」.
    async fn items(&self, ctx: &Ctx, names: &[String]) -> anyhow::Result<Vec<i64>> {
        let known = repository::proposal::items(ctx.db(), self.theme).await?;
        let mut ids = Vec::new();
        for name in names {
            let (letter, position) = name.split_once('.').unwrap_or((name, "1"));
            let (letter, position) = (self.letter(letter.parse()?)?, position.parse::<i64>()?);
            let found = known.iter().find(|(item, _)| item.proposal_id == letter && item.position == position);
            ids.push(found.with_context(|| format!("no opinion {name}"))?.0.id);
        }
        Ok(ids)
    }

    fn row(&self, key: &str) -> anyhow::Result<i64> {
        self.rows.get(key).copied().with_context(|| format!("no row {key}"))
    }

    /// The name of a row, 「1-2」: by its key, unless it is a name already.
    async fn name(&self, ctx: &Ctx, key: &str) -> anyhow::Result<String> {
        match self.rows.get(key) {
            Some(id) => Ok(repository::row::name(ctx.db(), self.theme, *id).await?),
            None => Ok(key.to_owned()),
        }
    }

    async fn gather(&mut self, ctx: &Ctx, row: &'a data::DeskRow) -> anyhow::Result<()> {
        let chapters = repository::row::chapters(ctx.db(), self.theme).await?;
        let chapter = chapters.iter().find(|c| c.title == row.chapter);
        let chapter = chapter.with_context(|| format!("no chapter {}", row.chapter))?.id.to_string();
        let new = gather::NewRow { chapter, text: row.text.clone(), items: self.items(ctx, &row.items).await? };
        let made = done(gather::new_row(ctx, self.theme, &new).await?)?;
        self.rows.insert(&row.key, made.row);
        if !row.again.is_empty() {
            let items = self.items(ctx, &row.again).await?;
            done(gather::repeat(ctx, self.theme, &made.row.to_string(), &items).await?)?;
        }
        Ok(())
    }

    async fn confirm(&self, ctx: &Ctx, row: &data::DeskRow) -> anyhow::Result<()> {
        let id = self.row(&row.key)?;
        let version = repository::response::summary(ctx.db(), id).await?.context("row")?.version;
        match done(row::confirm(ctx, self.theme, id, version, false).await?)? {
            row::Confirmed::Done => Ok(()),
            other => bail!("{} is not confirmed: {other:?}", row.key),
        }
    }

    async fn give(&self, ctx: &Ctx, row: &data::DeskRow, given: &data::Given) -> anyhow::Result<()> {
        let giving = routing::Giving {
            rows: self.name(ctx, &row.key).await?,
            department: self.hands.department(&given.department)?,
            due_on: self.hands.day(given.due_in_days)?,
            note: given.note.clone(),
        };
        done(routing::give(ctx, self.theme, &giving).await?).map(drop)
    }

    async fn ask(&self, ctx: &Ctx, row: &data::DeskRow, asked: &data::Asked) -> anyhow::Result<()> {
        let asking = routing::Asking {
            department: self.hands.department(&asked.department)?,
            question: asked.question.clone(),
            due_on: self.hands.day(asked.due_in_days)?,
        };
        done(routing::ask(ctx, self.theme, self.row(&row.key)?, &asking).await?)
    }

    async fn reply(&self, ctx: &Ctx, row: &data::DeskRow, reply: &data::Reply) -> anyhow::Result<()> {
        let row = self.row(&row.key)?;
        let asked = repository::routing::referrals(ctx.db(), row).await?.into_iter().next().context("question")?;
        done(routing::reply(ctx, self.theme, row, asked.id, &reply.text).await?)
    }

    /// A row as its page shows it, with its answer.
    async fn shown(&self, ctx: &Ctx, row: i64) -> anyhow::Result<response::RowInput> {
        let record = repository::row::record(ctx.db(), self.theme, row).await?.context("row")?;
        let (summary, answer) = (record.summary, record.answer);
        Ok(response::RowInput {
            chapter: summary.chapter_id.to_string(),
            text: summary.text,
            ward_view: answer.as_ref().map(|a| a.id.to_string()).unwrap_or_default(),
            disposition: answer.as_ref().and_then(|a| a.disposition.clone()).unwrap_or_default(),
            reason: answer.as_ref().map(|a| a.reason.clone()).unwrap_or_default(),
            versions: (summary.version, answer.as_ref().map_or(0, |a| a.version)),
            answer: answer.map(|a| a.text).unwrap_or_default(),
            ..response::RowInput::default()
        })
    }

    async fn save(&self, ctx: &Ctx, row: i64, input: &response::RowInput) -> anyhow::Result<()> {
        match done(response::put_row(ctx, self.theme, Some(row), input).await?)? {
            row::RowSaved::Done(_) => Ok(()),
            row::RowSaved::Stale => bail!("row {row} is stale"),
        }
    }

    async fn answer(&self, ctx: &Ctx, row: &data::DeskRow, answer: &data::Answer) -> anyhow::Result<()> {
        let id = self.row(&row.key)?;
        let input = response::RowInput {
            answer: answer.text.clone(),
            disposition: answer.disposition.clone(),
            settling: if answer.settled { row::Settling::Settle } else { row::Settling::Draft },
            ..self.shown(ctx, id).await?
        };
        self.save(ctx, id, &input).await
    }

    async fn share(&self, ctx: &Ctx, row: &data::DeskRow, other: &str) -> anyhow::Result<()> {
        let id = self.row(&row.key)?;
        let share_row = self.name(ctx, other).await?;
        self.save(ctx, id, &response::RowInput { share_row, ..self.shown(ctx, id).await? }).await
    }

    async fn change(&self, ctx: &Ctx, change: &data::PlanChange) -> anyhow::Result<()> {
        let input = plan_change::Input {
            place: change.place.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
            reason: change.reason.clone(),
            rows: self.name(ctx, &change.row).await?,
            version: 0,
        };
        done(plan_change::put(ctx, self.theme, None, &input).await?).map(drop)
    }

    async fn promise(&self, ctx: &Ctx, promise: &data::Commitment) -> anyhow::Result<()> {
        let input = commitment::Input {
            row: self.name(ctx, &promise.row).await?,
            text: promise.text.clone(),
            department: self.hands.department(&promise.department)?,
            owner: promise.owner.clone(),
            due_on: self.hands.day(promise.due_in_days)?,
            version: 0,
        };
        done(commitment::put(ctx, self.theme, None, &input).await?).map(drop)
    }

    async fn report(&self, ctx: &Ctx, promise: &data::Commitment, report: &data::Report) -> anyhow::Result<()> {
        let known = repository::commitment::list(ctx.db(), self.theme).await?;
        let id = known.iter().find(|c| c.text == promise.text).context("promise")?.id;
        let report =
            commitment::Report { state: report.state.clone(), body: report.body.clone(), due_on: String::new() };
        done(commitment::report(ctx, self.theme, id, &report).await?)
    }

    /// Puts the wrong words right and the table up for decision.
    async fn put_up(&self, ctx: &Ctx, correction: &data::Correcting) -> anyhow::Result<()> {
        let row = gather::meant(ctx.db(), self.theme, &correction.row).await?.context("row")?.id;
        let shown = self.shown(ctx, row).await?;
        let answer = shown.answer.replace(&correction.before, &correction.after);
        if answer == shown.answer {
            bail!("{} doesn't say {}", correction.row, correction.before);
        }
        self.save(ctx, row, &response::RowInput { answer, ..shown }).await?;
        agreed(approval::draft(ctx, self.theme, &correction.note).await?)
    }

    async fn decide(&self, ctx: &Ctx, step: i64, comment: &str) -> anyhow::Result<()> {
        let put_up = repository::approval::newest(ctx.db(), self.theme).await?.context("nothing is put up")?;
        let decision = approval::Decision { step, agreed: true, comment: comment.to_owned() };
        done(approval::decide(ctx, self.theme, put_up.id, &decision).await?)
    }

    async fn publish(&self, ctx: &Ctx, correction: &data::Correcting) -> anyhow::Result<()> {
        agreed(response::publish(ctx, self.theme, None, &correction.reason).await?)
    }
}
