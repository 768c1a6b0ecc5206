//! The response desks: one in the middle of its work, and one whose published answers are followed up. Everything is
//! done by the functions that staff use, by the hands that would do it and on the days they would.

mod work;

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::NaiveDate;
use domain::{
    Millis, Role,
    id::{AccountId, DepartmentId, SessionId},
    rules::holidays::{is_workday, next_workday},
    wareki,
};

use super::{data, day_from};
use crate::{
    ctx::{Actor, Ctx, Inner},
    entity::account,
    repository,
};

use work::Work;

const MINUTE: Millis = 60_000;

/// The staff of the demonstration.
pub(super) struct Hands {
    ctx: Ctx,
    staff: HashMap<String, account::Model>,
    departments: HashMap<String, i64>,
}

impl Hands {
    /// The staff among `accounts`, and departments by key.
    pub(super) async fn of(
        ctx: Ctx,
        accounts: &HashMap<String, i64>,
        departments: HashMap<String, i64>,
    ) -> anyhow::Result<Self> {
        let mut staff = HashMap::new();
        for (email, id) in accounts.iter().filter(|(email, _)| !email.starts_with("resident")) {
            let account = repository::account::by_id(ctx.db(), *id).await?.context("account")?;
            staff.insert(email.clone(), account);
        }
        Ok(Self { ctx, staff, departments })
    }

    /// A working day about so many days from today; what lies in the past stays there.
    fn workday(&self, from_today: i64) -> anyhow::Result<NaiveDate> {
        let mut day = day_from(wareki::date_of(self.ctx.now), from_today)?;
        if from_today > 0 {
            return Ok(next_workday(day));
        }
        while !is_workday(day) {
            day = day_from(day, -1)?;
        }
        Ok(day)
    }

    /// Somebody at work, so many minutes after nine on a day of the past.
    fn at_work(&self, email: &str, days_ago: i64, minutes: i64) -> anyhow::Result<Ctx> {
        let account = self.staff.get(email).with_context(|| format!("no staff {email}"))?;
        let now = wareki::start_of_day_ms(self.workday(-days_ago)?) + (9 * 60 + minutes) * MINUTE;
        let actor = Actor {
            id: AccountId(account.id),
            name: account.display_name.clone(),
            email: account.email.clone(),
            role: Role::from_code(&account.role).context("role")?,
            department: account.department_id.map(DepartmentId),
            session: SessionId(0),
        };
        Ok(Ctx::new(Inner {
            app: self.ctx.app.clone(),
            actor: Some(actor),
            locale: self.ctx.locale,
            now,
            request_id: self.ctx.request_id.clone(),
            ip: None,
            path: self.ctx.path.clone(),
        }))
    }

    fn department(&self, key: &str) -> anyhow::Result<String> {
        Ok(self.departments.get(key).with_context(|| format!("no department {key}"))?.to_string())
    }

    fn day(&self, from_today: i64) -> anyhow::Result<String> {
        Ok(self.workday(from_today)?.to_string())
    }

    /// Nobody is written to about what was done here.
    async fn write_to_nobody(&self) -> anyhow::Result<()> {
        let tx = self.ctx.write().await?;
        repository::mail::cancel(&tx, "").await?;
        tx.commit().await?;
        Ok(())
    }
}

/// One thing that somebody does.
enum Step<'a> {
    Outline,
    Split(&'a data::Split),
    Exclude(&'a data::OutOfScope),
    Gather(&'a data::DeskRow),
    Confirm(&'a data::DeskRow),
    Give(&'a data::DeskRow, &'a data::Given),
    Ask(&'a data::DeskRow, &'a data::Asked),
    Reply(&'a data::DeskRow, &'a data::Reply),
    Answer(&'a data::DeskRow, &'a data::Answer),
    Share(&'a data::DeskRow, &'a str),
    Change(&'a data::PlanChange),
    Promise(&'a data::Commitment),
    Report(&'a data::Commitment, &'a data::Report),
    PutUp(&'a data::Correcting),
    Decide(i64, &'a str),
    Publish(&'a data::Correcting),
}

/// What is done when and by whom: days ago, who, at which desk, what.
type Plan<'a> = Vec<(i64, &'a str, Desk, Step<'a>)>;

#[derive(Clone, Copy)]
enum Desk {
    InProgress,
    Published,
}

/// Brings the desk of `theme` to where it stands, and follows the published answers of another theme up: one day after
/// the other, so that what is written down of it stands in the order of time.
pub(super) async fn load(hands: &Hands, file: &data::DeskFile, theme: i64, letters: &[i64]) -> anyhow::Result<()> {
    let published = repository::consultation::by_slug(hands.ctx.db(), &file.published.slug).await?.context("theme")?.id;
    let mut desk = Work { hands, theme, letters, rows: HashMap::new() };
    let mut other = Work { hands, theme: published, letters: &[], rows: HashMap::new() };
    let mut plan = in_progress(&file.desk);
    plan.extend(after_publication(&file.published));
    plan.sort_by_key(|(days_ago, ..)| std::cmp::Reverse(*days_ago));
    for (n, (days_ago, who, at, step)) in (0_i64..).zip(plan) {
        let ctx = hands.at_work(who, days_ago, 4 * n)?;
        let work = match at {
            Desk::InProgress => &mut desk,
            Desk::Published => &mut other,
        };
        work.take(&ctx, step).await.with_context(|| format!("step {n}, {days_ago} days ago, by {who}"))?;
    }
    hands.write_to_nobody().await
}

/// Some of it gathered, given, answered.
fn in_progress(desk: &data::Desk) -> Plan<'_> {
    let clerk = desk.clerk.as_str();
    let mut plan: Vec<(i64, &str, Step)> = vec![(desk.outline_days_ago, clerk, Step::Outline)];
    plan.extend(desk.splits.iter().map(|split| (split.days_ago, clerk, Step::Split(split))));
    plan.extend(desk.out_of_scope.iter().map(|out| (out.days_ago, clerk, Step::Exclude(out))));
    plan.extend(desk.rows.iter().map(|row| (row.days_ago, clerk, Step::Gather(row))));
    for row in &desk.rows {
        plan.extend(row.confirmed_days_ago.map(|days| (days, desk.second.as_str(), Step::Confirm(row))));
        plan.extend(row.given.iter().map(|given| (given.days_ago, given.by.as_str(), Step::Give(row, given))));
        if let Some(asked) = &row.asked {
            plan.push((asked.days_ago, &asked.by, Step::Ask(row, asked)));
            plan.extend(asked.reply.iter().map(|reply| (reply.days_ago, reply.by.as_str(), Step::Reply(row, reply))));
        }
        plan.extend(row.answer.iter().map(|answer| (answer.days_ago, answer.by.as_str(), Step::Answer(row, answer))));
        let shares = row.same_answer_as.as_deref().zip(row.answered_days_ago);
        plan.extend(shares.map(|(other, days)| (days, clerk, Step::Share(row, other))));
    }
    plan.extend(follow_up(clerk, &desk.plan_changes, &desk.commitments));
    at(Desk::InProgress, plan)
}

/// What the answers changed in the draft, what they promised and what became of it, and a second version that corrects
/// the first.
fn after_publication(published: &data::Published) -> Plan<'_> {
    let (clerk, approver) = (published.clerk.as_str(), published.approver.as_str());
    let correction = &published.correction;
    let mut plan = vec![
        (correction.drafted_days_ago, clerk, Step::PutUp(correction)),
        (correction.checked_days_ago, &published.second, Step::Decide(1, &correction.checked)),
        (correction.published_days_ago, approver, Step::Decide(2, "")),
        (correction.published_days_ago, approver, Step::Publish(correction)),
    ];
    plan.extend(follow_up(clerk, &published.plan_changes, &published.commitments));
    at(Desk::Published, plan)
}

fn at<'a>(desk: Desk, plan: Vec<(i64, &'a str, Step<'a>)>) -> Plan<'a> {
    plan.into_iter().map(|(days_ago, who, step)| (days_ago, who, desk, step)).collect()
}

fn follow_up<'a>(
    clerk: &'a str,
    changes: &'a [data::PlanChange],
    promises: &'a [data::Commitment],
) -> Vec<(i64, &'a str, Step<'a>)> {
    let mut plan: Vec<_> = changes.iter().map(|change| (change.days_ago, clerk, Step::Change(change))).collect();
    for promise in promises {
        plan.push((promise.days_ago, clerk, Step::Promise(promise)));
        plan.extend(promise.reports.iter().map(|r| (r.days_ago, r.by.as_str(), Step::Report(promise, r))));
    }
    plan
}
