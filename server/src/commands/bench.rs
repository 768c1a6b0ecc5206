//! `machikoe bench-data` and `machikoe bench-documents`

use std::{io::Read as _, process::ExitCode, sync::Arc, time::Instant};

use anyhow::Context as _;
use app::{
    pages::responses::{ResponsePage, Source, VersionView, Wanted},
    shell::{PageContext, render},
};
use clap::ValueEnum;
use documents::{Format, ResponseTable};
use domain::{Locale, ward::Ward};
use leptos::config::LeptosOptions;
use serde_json::{Value, json};
use server::{clock::Clock, config::Config, database::Database, demo, rendering::Renderer, state::App};

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

/// Loads a public comment with its response desk and prints how to use it, as one line of JSON.
pub async fn desk(config: Config, database: Database, items: usize, rows: usize) -> anyhow::Result<()> {
    let app = App::new(config, database.clone(), Clock::system()).await?;
    println!("{}", demo::bench_desk(&app, items, rows).await?);
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

/// What is made of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Document {
    /// In a process of its own, as the server makes it.
    Pdf,
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// For spreadsheets.
    Csv,
    /// For reading aloud.
    Txt,
    /// For programs.
    Json,
    /// The page as a visitor gets it: a long table is shown in parts, this is the first.
    Html,
}

/// Makes documents of a table of so many rows and prints a line of JSON for each. One process for each document keeps
/// the memory they need apart.
pub fn documents(config: &Config, rows: usize, only: Option<Document>, wait: bool) -> ExitCode {
    match measure(config, rows, only, wait) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("machikoe: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(config: &Config, rows: usize, only: Option<Document>, wait: bool) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let _inside = runtime.enter();
    // Leptos wants to know the executor once per process.
    let _ = any_spawner::Executor::init_tokio();
    let table = demo::bench_table(rows)?;
    for document in Document::value_variants().iter().filter(|document| only.is_none_or(|only| only == **document)) {
        let name = document.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        let mut line = json!({ "format": name, "rows": rows, "opinions": table.opinions });
        // A copy of its own: what it is made of belongs to what it needs.
        let (table, began) = (table.clone(), Instant::now());
        let made = runtime.block_on(make(config, *document, table));
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        let more = match made {
            Ok(bytes) => json!({ "ms": ms, "bytes": bytes }),
            Err(error) => json!({ "ms": ms, "error": format!("{error:#}") }),
        };
        if let (Value::Object(line), Value::Object(more)) = (&mut line, more) {
            line.extend(more);
        }
        println!("{line}");
    }
    if wait {
        std::io::stdin().lock().read_to_end(&mut Vec::new())?;
    }
    Ok(())
}

/// Makes one document; gives its size in bytes.
async fn make(config: &Config, document: Document, table: ResponseTable) -> anyhow::Result<usize> {
    let format = match document {
        Document::Pdf => return Ok(Renderer::new(config)?.pdf(&table, None).await.map(|pdf| pdf.len())?),
        Document::Html => return Ok(page(config, table).len()),
        Document::Docx => Format::Docx,
        Document::Xlsx => Format::Xlsx,
        Document::Csv => Format::Csv,
        Document::Txt => Format::Txt,
        Document::Json => Format::Json,
    };
    Ok(documents::render(&table, format)?.len())
}

fn page(config: &Config, table: ResponseTable) -> String {
    let context = PageContext {
        locale: Locale::Ja,
        ward: Arc::new(Ward {
            code: table.ward.code.clone(),
            name: table.ward.name.clone(),
            name_en: "Minamo City".to_owned(),
            demo: false,
        }),
        viewer: None,
        path: format!("/consultations/{}/responses", table.consultation.slug),
        base_url: config.base_url().into(),
        options: LeptosOptions::builder().output_name("machikoe").build(),
    };
    let versions = vec![VersionView { version: 1, published_at: table.published_at, note: String::new() }];
    let source = Source::Published { versions };
    render(&context, ResponsePage { table, document_href: None, source, wanted: Wanted::default() }).html
}
