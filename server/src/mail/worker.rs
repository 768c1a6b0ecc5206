//! Sends what is in the outbox, with growing pauses when the mail server is away. Safe with several processes.

use std::time::Duration;

use domain::Millis;

use super::transport::{SendError, Transport};
use crate::{entity::mail, error::Result, repository, state::App};

/// How long a process may take for one mail before another may try.
const CLAIM_MS: Millis = 120_000;
/// After so many failures a mail is given up (two days with the pauses below).
const MAX_ATTEMPTS: i64 = 16;

/// The pause after the n-th failure: half a minute, doubled each time, at most six hours.
#[must_use]
pub fn pause(attempts: i64) -> Millis {
    let doubled = 30_000_i64.saturating_mul(1 << attempts.clamp(0, 20));
    doubled.min(6 * 3_600_000)
}

/// Runs until `stop` is done.
pub async fn run(app: App, transport: Transport, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        match deliver(&app, &transport).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(%error, "outbox"),
        }
        tokio::select! {
            () = &mut stop => return,
            () = app.mail_bell.notified() => {}
            // Retries, and mails that another process wrote.
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
        }
    }
}

/// Sends what is due once; gives how many mails were tried.
///
/// # Errors
/// When the database is away.
pub async fn deliver(app: &App, transport: &Transport) -> Result<usize> {
    let due = repository::mail::due(app.database.reader(), app.clock.now(), 20).await?;
    let mut tried = 0;
    for row in due {
        let now = app.clock.now();
        let tx = app.database.write().await?;
        let mine = repository::mail::claim(&tx, row.id, now, now + CLAIM_MS).await?;
        tx.commit().await?;
        if mine {
            tried += 1;
            deliver_one(app, transport, &row).await?;
        }
    }
    Ok(tried)
}

async fn deliver_one(app: &App, transport: &Transport, row: &mail::Model) -> Result<()> {
    let outcome = transport.send(&app.config, row).await;
    let now = app.clock.now();
    let tx = app.database.write().await?;
    match outcome {
        Ok(()) => repository::mail::sent(&tx, row.id, now).await?,
        Err(error) => {
            // The address is personal: the log names the mail by its number.
            tracing::warn!(mail = row.id, attempts = row.attempts + 1, %error, "mail did not leave");
            let over = matches!(error, SendError::Never(_)) || row.attempts + 1 >= MAX_ATTEMPTS;
            let due = now + pause(row.attempts);
            repository::mail::failed(&tx, row, &error.to_string(), due, over.then_some(now)).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn pauses_grow_and_stay_bearable() {
        assert_eq!(pause(0), 30_000);
        assert_eq!(pause(3), 240_000);
        assert_eq!(pause(12), 6 * 3_600_000);
        assert!((0..super::MAX_ATTEMPTS).map(pause).sum::<i64>() > 36 * 3_600_000);
    }
}
