//! 「あと3日」: a mail to people whose opinion is still a draft, and to the clerks of the department.

use domain::{Millis, consultation::EARLY_NOTICE_DAYS, wareki};

use crate::{ctx::Ctx, error::Result, mail, repository, service::consultation::Loaded};

/// Mails of our own are not sent at night: 9:00 at the earliest.
const MORNING: Millis = 9 * 3_600_000;
/// How many are written to in one transaction; the others follow a minute later.
const AT_ONCE: u64 = 500;

/// Writes what is due. An event's key names theme and last day: an extension makes it due once more.
pub(super) async fn run(ctx: &Ctx) -> Result<()> {
    let today = wareki::date_of(ctx.now);
    let Some(last) = today.checked_add_signed(chrono::TimeDelta::days(EARLY_NOTICE_DAYS)) else { return Ok(()) };
    let closing = repository::consultation::closing_until(ctx.db(), ctx.now, wareki::end_of_day_ms(last)).await?;
    let then = ctx.at(ctx.now.max(wareki::start_of_day_ms(today) + MORNING));
    for row in closing {
        let loaded = Loaded::new(row, ctx.now);
        // Not a mail that comes when it is too late.
        if then.now <= loaded.row.closes_at {
            notify(&then, &loaded).await?;
        }
    }
    Ok(())
}

async fn notify(ctx: &Ctx, loaded: &Loaded) -> Result<()> {
    let row = &loaded.row;
    let event = format!("closing:{}:{}", row.id, loaded.period.closes_on);
    let drafting = repository::notice::drafting(ctx.db(), row.id, &event, AT_ONCE).await?;
    let staff_event = format!("{event}:staff");
    let clerks = repository::notice::staff(ctx.db(), row.department_id, &staff_event).await?;
    if drafting.is_empty() && clerks.is_empty() {
        return Ok(());
    }
    let days = (loaded.period.closes_on - wareki::date_of(ctx.now)).num_days();
    let tx = ctx.write().await?;
    for account in &drafting {
        let link = ctx.url(&format!("/consultations/{}/proposals/new", row.slug));
        let content = app::mails::closing_soon(mail::reader(ctx, account), &row.title, days, row.closes_at, &link);
        mail::enqueue(&tx, ctx, account, &event, content).await?;
    }
    for account in &clerks {
        let link = ctx.url(&format!("/staff/consultations/{}", row.id));
        let content =
            app::mails::closing_soon_staff(mail::reader(ctx, account), &row.title, days, row.closes_at, &link);
        mail::enqueue(&tx, ctx, account, &staff_event, content).await?;
    }
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(())
}
