//! `machikoe serve`

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use server::{
    clock::Clock,
    config::Config,
    database::Database,
    jobs,
    mail::{transport::Transport, worker},
    service,
    state::App,
    web,
};
use tokio::{net::TcpListener, sync::watch};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// How long open requests may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(30);

/// Serves until SIGTERM or ctrl-C, then finishes what is open.
pub async fn run(config: Config, database: Database) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,tower_http=warn"));
    tracing_subscriber::registry().with(filter).with(tracing_subscriber::fmt::layer().with_target(false)).init();
    // Leptos wants to know the executor once per process.
    let _ = any_spawner::Executor::init_tokio();
    if !config.site_root.join("pkg").is_dir() {
        tracing::warn!(site_root = %config.site_root.display(), "no built site here: pages will have no style (see `make build`)");
    }
    let transport = Transport::new(&config)?;
    let addr = config.addr;
    let app = App::new(config, database.clone(), Clock::system()).await?;
    if let Some(warning) = app.renderer.font_warning() {
        tracing::warn!("{warning}");
    }
    let listener = TcpListener::bind(addr).await.with_context(|| format!("can't listen on {addr} (MACHIKOE_ADDR)"))?;
    let (stop, stopping) = watch::channel(false);
    let mailer = tokio::spawn(worker::run(app.clone(), transport, stopped(stopping.clone())));
    let keeper = tokio::spawn(tidy(app.clone(), stopping.clone()));
    let jobs = tokio::spawn(jobs::run(app.clone(), stopped(stopping.clone())));
    tracing::info!("serving {} on {addr}", app.base_url);
    // Answers are written in pieces: without this, each would wait for the reader's acknowledgement of the one before.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    let service = web::router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let serving =
        tokio::spawn(async move { axum::serve(listener, service).with_graceful_shutdown(stopped(stopping)).await });
    signal().await;
    tracing::info!("finishing open requests");
    let _ = stop.send(true);
    if tokio::time::timeout(GRACE, serving).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    let _ = tokio::join!(mailer, keeper, jobs);
    database.close().await;
    Ok(())
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Every ten minutes: sessions and codes that are over, rate limits that are quiet.
async fn tidy(app: App, stopping: watch::Receiver<bool>) {
    let stop = stopped(stopping);
    tokio::pin!(stop);
    loop {
        if let Err(error) = service::setup::tidy(&app).await {
            tracing::warn!(%error, "tidying up");
        }
        app.limits.tidy();
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(Duration::from_mins(10)) => {}
        }
    }
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
