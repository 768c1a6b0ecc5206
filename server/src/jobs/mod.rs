//! What happens by itself besides mail: jobs that run every minute in every process. Each looks for what is due and
//! does it once, whoever else looks: it may run twice at a time, late, or after a day without power.
//!
//! Phases, openings, closings and scheduled publications need no job: they follow from the clock.

mod early_notice;
pub mod renditions;

use std::{pin::Pin, time::Duration};

use crate::{ctx::Ctx, error::Result, service, state::App};

/// How often the jobs look for what is due.
const EVERY: Duration = Duration::from_mins(1);

type Running = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// A job.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Its name, for the log.
    pub name: &'static str,
    /// Does what is due at the context's time.
    pub run: fn(Ctx) -> Running,
}

/// Every job, in the order in which they run.
pub const JOBS: &[Job] = &[
    Job { name: "reminders", run: |ctx| Box::pin(async move { service::routing::remind_due(&ctx).await }) },
    Job { name: "commitments", run: |ctx| Box::pin(async move { service::commitment::remind_due(&ctx).await }) },
    Job { name: "early_notice", run: |ctx| Box::pin(async move { early_notice::run(&ctx).await }) },
    Job { name: "past_answers", run: |ctx| Box::pin(async move { service::past_answer::index_due(&ctx).await }) },
    Job { name: "identity_disposal", run: |ctx| Box::pin(async move { service::identity::dispose_due(&ctx).await }) },
    Job { name: "renditions", run: |ctx| Box::pin(async move { renditions::start(&ctx) }) },
];

/// Runs every job once, at the time of the application's clock. A job that fails doesn't keep the others from running.
///
/// # Errors
/// The first job's error.
pub async fn run_due(app: &App) -> Result<()> {
    let mut first = Ok(());
    for job in JOBS {
        if let Err(error) = (job.run)(Ctx::system(app)).await {
            tracing::warn!(job = job.name, %error, "job");
            first = first.and(Err(error));
        }
    }
    first
}

/// Runs the jobs every minute until `stop` is done.
pub async fn run(app: App, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        // What failed is in the log, and is due again in a minute.
        let _ = run_due(&app).await;
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
