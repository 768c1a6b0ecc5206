//! The command line: `serve`, `migrate`, `ward`, `department`, `staff`, `demo`.

mod bench;
mod render;
mod serve;

use std::{
    io::{IsTerminal as _, Read as _},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use domain::{Role, ward::Ward};
use migrations::MigratorTrait as _;
use server::{clock::Clock, config::Config, ctx::Ctx, database::Database, demo, service, state::App};

/// A citizen participation platform for Japan's wards and cities.
#[derive(Debug, Parser)]
#[command(name = "machikoe", version)]
pub struct Arguments {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site (and bring the database up to date first).
    Serve,
    /// Bring the database up to date, or back.
    Migrate {
        /// Undo this many migrations instead.
        #[arg(long)]
        down: Option<u32>,
    },
    /// Set name and code of the ward.
    Ward {
        /// 全国地方公共団体コード, six digits.
        #[arg(long)]
        code: String,
        /// Japanese name.
        #[arg(long)]
        name: String,
        /// English name.
        #[arg(long)]
        name_en: String,
    },
    /// Make a department, or change how to reach it.
    Department {
        /// Japanese name; an existing department of this name is changed.
        #[arg(long)]
        name: String,
        /// English name.
        #[arg(long, default_value = "")]
        name_en: String,
        /// Telephone.
        #[arg(long, default_value = "")]
        phone: String,
        /// FAX.
        #[arg(long, default_value = "")]
        fax: String,
        /// E-mail.
        #[arg(long, default_value = "")]
        email: String,
        /// Where the counter is.
        #[arg(long, default_value = "")]
        counter: String,
    },
    /// Staff accounts.
    Staff {
        #[command(subcommand)]
        command: StaffCommand,
    },
    /// Load the demonstration into an empty database.
    Demo,
    /// Make one PDF: a job on standard input, the PDF on standard output. The server starts this itself.
    #[command(hide = true)]
    RenderPdf {
        /// Most memory it may use, in mebibytes of address space.
        #[arg(long)]
        memory_mib: u64,
    },
    /// Load data for measurements and print how to use it.
    #[command(hide = true)]
    BenchData {
        /// How many proposals.
        #[arg(long, default_value_t = 1000)]
        proposals: usize,
        /// How many likes.
        #[arg(long, default_value_t = 20_000)]
        likes: usize,
        /// Instead, import a table of so many submissions and print how that went.
        #[arg(long)]
        import: Option<usize>,
        /// Instead, load a public comment that is over with a response desk that waits for its decision.
        #[arg(long)]
        desk: bool,
        /// How many opinions that one has.
        #[arg(long, default_value_t = 20_000)]
        items: usize,
        /// How many rows its desk has.
        #[arg(long, default_value_t = 5000)]
        rows: usize,
    },
    /// Make documents of a table put together in memory, and print of each how long it took.
    #[command(hide = true)]
    BenchDocuments {
        /// How many rows.
        #[arg(long, default_value_t = 600)]
        rows: usize,
        /// Which document; all, one after the other, when none is named.
        #[arg(long, value_enum)]
        format: Option<bench::Document>,
        /// Stay until standard input ends, so that somebody can look at the memory this process needed.
        #[arg(long)]
        wait: bool,
    },
}

impl Arguments {
    /// Runs the command if it needs no database: making a PDF, in the process the server starts for it, and measuring
    /// documents.
    #[must_use]
    pub fn run_alone(&self) -> Option<ExitCode> {
        match self.command {
            Command::RenderPdf { memory_mib } => Some(render::run(self.config.font_dir.as_deref(), memory_mib)),
            Command::BenchDocuments { rows, format, wait } => Some(bench::documents(&self.config, rows, format, wait)),
            _ => None,
        }
    }
}

#[derive(Debug, Subcommand)]
enum StaffCommand {
    /// Make a staff account. The password is read from standard input; without one a link to set it is mailed.
    Add {
        /// E-mail address.
        #[arg(long)]
        email: String,
        /// Name.
        #[arg(long)]
        name: String,
        /// Department, made when it isn't there.
        #[arg(long)]
        department: String,
        /// clerk, approver, admin or auditor.
        #[arg(long)]
        role: String,
    },
}

/// Runs a command.
///
/// # Errors
/// With a line for the person at the terminal.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let config = arguments.config;
    config.check()?;
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("can't create the data directory {}", config.data_dir.display()))?;
    let database = Database::connect(&config.database_url()).await?;
    if let Command::Migrate { down: Some(steps) } = arguments.command {
        migrations::Migrator::down(database.reader(), Some(steps)).await?;
        println!("undone: {steps}");
        return Ok(());
    }
    migrations::Migrator::up(database.reader(), None).await.context("can't bring the database up to date")?;
    match arguments.command {
        Command::Serve => serve::run(config, database).await,
        Command::Migrate { .. } => {
            println!("the database is up to date");
            Ok(())
        }
        Command::Ward { code, name, name_en } => {
            service::setup::set_ward(&database, &Ward { code, name, name_en, demo: false }).await
        }
        Command::Department { name, name_en, phone, fax, email, counter } => {
            let department = service::setup::Department { name, name_en, phone, fax, email, counter };
            service::setup::put_department(&database, department).await
        }
        Command::Staff { command: StaffCommand::Add { email, name, department, role } } => {
            let role = Role::from_code(&role).filter(|r| r.is_staff());
            let Some(role) = role else { bail!("--role is clerk, approver, admin or auditor") };
            let app = App::new(config, database, Clock::system()).await?;
            let new = service::account::NewStaff { email, name, department, role, password: read_password()? };
            let mailed = new.password.is_none();
            service::account::add_staff(&Ctx::system(&app), &new).await?;
            println!(
                "{} was added{}",
                new.email,
                if mailed { "; a link to set the password is in the outbox" } else { "" }
            );
            Ok(())
        }
        Command::Demo => {
            demo::load(&config, database, Clock::system()).await?;
            println!("the demonstration is loaded; every account's password is {}", demo::PASSWORD);
            Ok(())
        }
        Command::RenderPdf { .. } => bail!("making a PDF needs no database"),
        Command::BenchDocuments { .. } => bail!("measuring documents needs no database"),
        Command::BenchData { import: Some(rows), .. } => bench::import(config, database, rows).await,
        Command::BenchData { desk: true, items, rows, .. } => bench::desk(config, database, items, rows).await,
        Command::BenchData { proposals, likes, .. } => bench::run(config, database, proposals, likes).await,
    }
}

/// A password from standard input; `None` at a terminal or when nothing comes.
fn read_password() -> anyhow::Result<Option<String>> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    let mut text = String::new();
    input.read_to_string(&mut text).context("can't read the password")?;
    let password = text.lines().next().unwrap_or_default().to_owned();
    Ok(Some(password).filter(|p| !p.is_empty()))
}
