//! `machikoe bench-data`

use server::{clock::Clock, config::Config, database::Database, demo, state::App};

/// Loads data for measurements and prints how to use it, as one line of JSON.
pub async fn run(config: Config, database: Database, proposals: usize, likes: usize) -> anyhow::Result<()> {
    let app = App::new(config, database, Clock::system()).await?;
    println!("{}", demo::bench(&app, proposals, likes).await?);
    Ok(())
}
