//! Databases of their own for every test: a copied SQLite file, or a PostgreSQL database made from a template in a
//! throw-away cluster (or on the server that `TEST_DATABASE_URL` names).

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use migrations::MigratorTrait as _;
use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection};
use tokio::sync::OnceCell;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

static NEXT: AtomicU32 = AtomicU32::new(1);
static SQLITE_TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
static POSTGRES: OnceCell<String> = OnceCell::const_new();

/// The address of a new, migrated database.
pub async fn fresh(backend: Backend, directory: &Path) -> String {
    match backend {
        Backend::Sqlite => {
            let template = SQLITE_TEMPLATE.get_or_init(sqlite_template).await;
            let file = directory.join("machikoe.sqlite");
            std::fs::write(&file, template).unwrap();
            format!("sqlite://{}?mode=rwc", file.display())
        }
        Backend::Postgres => {
            let server = POSTGRES.get_or_init(postgres_template).await;
            let name = unique();
            create(server, &name, Some(&template_name())).await;
            format!("{server}/{name}")
        }
    }
}

/// The address of a new, empty database.
pub async fn empty(backend: Backend, directory: &Path) -> String {
    match backend {
        Backend::Sqlite => format!("sqlite://{}?mode=rwc", directory.join("empty.sqlite").display()),
        Backend::Postgres => {
            let server = POSTGRES.get_or_init(postgres_template).await;
            let name = unique();
            create(server, &name, None).await;
            format!("{server}/{name}")
        }
    }
}

/// A plain connection.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.unwrap()
}

fn unique() -> String {
    format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

fn template_name() -> String {
    format!("template_{}", std::process::id())
}

async fn sqlite_template() -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("template.sqlite");
    let db = connect(&format!("sqlite://{}?mode=rwc", file.display())).await;
    migrations::Migrator::up(&db, None).await.unwrap();
    db.close().await.unwrap();
    std::fs::read(file).unwrap()
}

async fn create(server: &str, name: &str, template: Option<&str>) {
    let admin = connect(&format!("{server}/postgres")).await;
    let from = template.map(|t| format!(" TEMPLATE {t}")).unwrap_or_default();
    let mut tries = 0;
    // Two tests can't copy the template in the same instant.
    while let Err(error) = admin.execute_unprepared(&format!("CREATE DATABASE {name}{from}")).await {
        tries += 1;
        assert!(tries < 50, "{error}");
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    admin.close().await.unwrap();
}

async fn postgres_template() -> String {
    let server = match std::env::var("TEST_DATABASE_URL") {
        Ok(url) => url.rsplit_once('/').map_or(url.clone(), |(server, _)| server.to_owned()),
        Err(_) => start_cluster(),
    };
    create(&server, &template_name(), None).await;
    let db = connect(&format!("{server}/{}", template_name())).await;
    migrations::Migrator::up(&db, None).await.unwrap();
    db.close().await.unwrap();
    server
}

/// Where Debian keeps PostgreSQL's programs, or wherever they are on the path.
fn program(name: &str) -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin").join(name))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| name.into())
}

/// Runs a program of PostgreSQL's, as its own user when we are root (it refuses to run as root).
fn postgres(name: &str, arguments: &[&str]) {
    let root = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap()) == 0;
    let mut command = if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program(name));
        command
    } else {
        Command::new(program(name))
    };
    let output = command.args(arguments).current_dir("/").stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

#[expect(clippy::zombie_processes, reason = "the watcher outlives this process on purpose")]
/// Starts a cluster of our own that ends with this process, however it ends.
fn start_cluster() -> String {
    let directory = std::env::temp_dir().join(format!("machikoe-postgres-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir(&directory).unwrap();
    let data = directory.join("data");
    let data = data.to_str().unwrap();
    // Its user must be able to write there.
    assert!(Command::new("chmod").args(["0777", directory.to_str().unwrap()]).status().unwrap().success());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    postgres("initdb", &["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]);
    let options = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=400"
    );
    let log = directory.join("log");
    postgres("pg_ctl", &["-D", data, "-w", "-o", &options, "-l", log.to_str().unwrap(), "start"]);
    let watch = format!(
        "while kill -0 {} 2>/dev/null; do sleep 1; done; kill -QUIT $(head -n 1 {data}/postmaster.pid); sleep 1; rm -rf {}",
        std::process::id(),
        directory.display()
    );
    Command::new("setsid")
        .args(["sh", "-c", &watch])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    format!("postgres://postgres@127.0.0.1:{port}")
}
