//! `machikoe bench-data`

use anyhow::Context as _;
use server::{clock::Clock, config::Config, database::Database, demo, state::App};

/// Loads data for measurements and prints how to use it, as one line of JSON.
pub async fn run(config: Config, database: Database, proposals: usize, likes: usize) -> anyhow::Result<()> {
    let app = App::new(config, database, Clock::system()).await?;
    println!("{}", demo::bench(&app, proposals, likes).await?);
    Ok(())
}

/// Imports a table of so many rows and prints how long it took and how much memory this process needed at the most, as
/// one line of JSON.
pub async fn import(config: Config, database: Database, rows: usize) -> anyhow::Result<()> {
    let app = App::new(config, database.clone(), Clock::system()).await?;
    let mut measured = demo::bench_import(&app, rows).await?;
    if let Some(measured) = measured.as_object_mut() {
        measured.insert("peakMiB".to_owned(), peak_mib()?.into());
    }
    println!("{measured}");
    database.close().await;
    Ok(())
}

/// The most memory this process ever had, in mebibytes (`VmHWM` of proc(5)).
fn peak_mib() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
    let kib: u64 = line.split_whitespace().next().context("VmHWM")?.parse()?;
    Ok(kib.div_ceil(1024))
}
