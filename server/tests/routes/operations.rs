//! What those who run the site rely on: answers about its health, a database that goes and comes back, migrations.

use migrations::MigratorTrait as _;
use sea_orm::ConnectionTrait as _;

use crate::{
    on_both_databases,
    support::{Backend, Site, databases},
};

on_both_databases! {
    async fn the_process_and_the_database_are_asked_apart(site) {
        let mut visitor = site.visitor();
        let health = visitor.get("/healthz").await;
        assert_eq!((health.status, health.text.as_str(), health.header("cache-control")), (200, "ok\n", "no-store"));
        let ready = visitor.get("/readyz").await;
        assert_eq!((ready.status, ready.text.as_str(), ready.header("cache-control")), (200, "ready\n", "no-store"));
        let (_, statements) = site.statements(visitor.get("/healthz")).await;
        assert_eq!(statements, 0, "the process answers without the database");
    }

    async fn migrations_go_down_and_up_again_and_keep_what_they_can(site) {
        let site = site.demo().await;
        let db = databases::connect(&site.app.config.database_url()).await;
        let before = site.number("SELECT COUNT(*) FROM proposal").await;
        let pages = ["/", "/consultations/bousai-kenshou/proposals", "/consultations/digital-houshin/responses"];
        let documents = site.number("SELECT COUNT(*) FROM document").await;
        // Back to the first release, with the data of today, and here again.
        let later = migrations::Migrator::migrations().len() - 5;
        migrations::Migrator::down(&db, Some(u32::try_from(later).unwrap())).await.unwrap();
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, before);
        migrations::Migrator::up(&db, None).await.unwrap();
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, before);
        let tally = "SELECT CAST(SUM(submissions) AS BIGINT) FROM intake_tally";
        assert_eq!(site.number(tally).await, before, "what is there is counted");
        assert_eq!(site.number("SELECT COUNT(*) FROM document_version").await, documents, "and each file is a version");
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal WHERE received_on NOT LIKE '20__-__-__'").await, 0);
        for page in pages {
            assert_eq!(site.visitor().get(page).await.status, 200, "{page}");
        }
        site.signed_in("resident01@example.jp", server::demo::PASSWORD).await;
        migrations::Migrator::down(&db, None).await.unwrap();
        assert_eq!(site.visitor().get("/consultations").await.status, 500, "nothing is left");
        migrations::Migrator::up(&db, None).await.unwrap();
        assert_eq!(site.visitor().get("/consultations").await.status, 200);
        assert_eq!(site.number("SELECT COUNT(*) FROM account").await, 0);
        db.close().await.unwrap();
        let site = site.demo().await;
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, before);
    }

    async fn the_demonstration_is_for_empty_databases_only(site) {
        let site = site.demo().await;
        let again = server::demo::load(&site.app.config, site.app.database.clone(), site.clock.clone()).await;
        assert!(again.unwrap_err().to_string().contains("isn't empty"));
    }
}

#[tokio::test]
async fn a_database_that_goes_away_is_a_503_and_comes_back_by_itself() {
    let site = Site::new(Backend::Postgres).await.demo().await;
    let mut resident = site.signed_in("resident01@example.jp", server::demo::PASSWORD).await;
    let url = site.app.config.database_url();
    let (server, name) = url.rsplit_once('/').unwrap();
    let admin = databases::connect(&format!("{server}/postgres")).await;
    let say = |sql: String| {
        let admin = admin.clone();
        async move { admin.execute_unprepared(&sql).await.unwrap() }
    };
    say(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
    say(format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")).await;
    for (language, words) in [("ja", "ただいまご利用いただけません"), ("en", "<html lang=\"en\">")] {
        let mut visitor = site.visitor();
        visitor.language = language;
        let page = visitor.get("/consultations").await;
        page.assert_status(503).assert_shows(words);
        assert_eq!(page.header("retry-after"), "10");
    }
    resident.get("/account").await.assert_status(503);
    let new = "/consultations/bousai-kenshou/proposals/new";
    let lost = resident.post(new, &[("body", "送れなかった意見")]).await;
    assert_eq!(lost.status, 503);
    assert_eq!(site.visitor().get("/readyz").await.status, 503);
    assert_eq!(site.visitor().get("/healthz").await.status, 200);
    say(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
    assert_eq!(site.visitor().get("/consultations").await.status, 200);
    assert_eq!(resident.get("/account").await.status, 200, "and nobody was signed out");
    assert_eq!(site.visitor().get("/readyz").await.status, 200);
    admin.close().await.unwrap();
}

#[tokio::test]
async fn a_new_database_is_brought_up_to_date_and_undone_without_a_rest() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let directory = tempfile::tempdir().unwrap();
        let db = databases::connect(&databases::empty(backend, directory.path()).await).await;
        for _ in 0..2 {
            migrations::Migrator::up(&db, None).await.unwrap();
            migrations::Migrator::down(&db, None).await.unwrap();
        }
        assert!(migrations::Migrator::get_applied_migrations(&db).await.unwrap().is_empty());
        db.close().await.unwrap();
    }
}
