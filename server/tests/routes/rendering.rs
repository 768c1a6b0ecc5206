//! PDFs: made in a process of their own that may take too long, too much memory or find no font, kept once they are
//! made, and made ahead.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use app::rendering::RenderError;
use documents::ResponseTable;
use futures::{StreamExt as _, stream::FuturesUnordered};
use server::{ctx::Ctx, jobs::renditions, rendering, service};

use crate::{
    on_both_databases,
    support::{Backend, HOUR, MINUTE, Site},
};

/// The theme of the demonstration that has a result.
const THEME: &str = "digital-houshin";
const REAL: &str = env!("CARGO_BIN_EXE_machikoe");

/// The published table of the demonstration with its version.
async fn published(site: &Site) -> (i64, ResponseTable) {
    let ctx = Ctx::system(&site.app);
    let table = service::response::published(&ctx, THEME).await.unwrap();
    let sql = format!(
        "SELECT MAX(p.id) FROM publication p JOIN consultation c ON c.id = p.consultation_id WHERE c.slug = '{THEME}'"
    );
    let id = site.number(&sql).await;
    (id, table)
}

async fn kept(site: &Site) -> Vec<String> {
    site.texts("SELECT sha256 FROM rendition WHERE format = 'pdf' ORDER BY publication_id").await
}

/// A program in place of the real one.
fn script(directory: &Path, text: &str) -> PathBuf {
    let path = directory.join("render.sh");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// A site of its own whose renderer has other settings.
async fn site(change: impl FnOnce(&mut server::config::Config)) -> Site {
    Site::new(Backend::Sqlite).await.reopened(change).await
}

on_both_databases! {
    async fn the_pdf_of_a_version_is_made_once_and_kept(site) {
        let site = site.demo().await;
        let ctx = Ctx::system(&site.app);
        let (id, table) = published(&site).await;
        let made = rendering::published_pdf(&ctx, id, &table).await.unwrap().unwrap();
        assert!(made.starts_with(b"%PDF-1.7"));
        let names = kept(&site).await;
        assert_eq!(names.len(), 1);
        let file = site.app.renditions.path(&names[0]);
        assert!(std::fs::read(&file).unwrap() == made);
        // What is kept is what is given out: it is not made again.
        let marked: Vec<u8> = made.iter().rev().copied().collect();
        std::fs::write(&file, &marked).unwrap();
        assert!(rendering::published_pdf(&ctx, id, &table).await.unwrap().unwrap() == marked);
        // A file that is gone, or not whole, is made again, with the same bytes.
        for damage in [None, Some(&made[..1000])] {
            std::fs::remove_file(&file).unwrap();
            if let Some(rest) = damage {
                std::fs::write(&file, rest).unwrap();
            }
            assert!(rendering::published_pdf(&ctx, id, &table).await.unwrap().unwrap() == made);
            assert!(std::fs::read(&file).unwrap() == made);
        }
        assert_eq!(kept(&site).await, names);
    }

    async fn pdfs_are_made_ahead_for_what_is_out_and_forgotten_with_it(site) {
        let site = site.demo().await;
        let (id, mut table) = published(&site).await;
        let out = site.number("SELECT COUNT(DISTINCT consultation_id) FROM publication").await;
        // A version that isn't out yet.
        let then = site.clock.now() + HOUR;
        table.version += 1;
        let json = serde_json::to_string(&table).unwrap().replace('\'', "''");
        site.sql(&format!(
            "INSERT INTO publication (consultation_id, version, response_table, published_at, published_by, note) \
             SELECT consultation_id, version + 1, '{json}', {then}, published_by, '' FROM publication WHERE id = {id}"
        ))
        .await;
        renditions::run(&Ctx::system(&site.app)).await.unwrap();
        let made = site.numbers("SELECT publication_id FROM rendition").await;
        assert!(made.len() == usize::try_from(out).unwrap() && made.contains(&id), "{made:?}");
        site.pass(2 * HOUR);
        renditions::run(&Ctx::system(&site.app)).await.unwrap();
        let newer = site.number("SELECT MAX(publication_id) FROM rendition").await;
        assert!(newer > id, "it is made once it is out");
        // A version that is taken away takes its file with it, though not at once: a file is there before it is noted.
        let [old_file, file] = [id, newer].map(|version| {
            let site = &site;
            async move {
                let sql = format!("SELECT sha256 FROM rendition WHERE publication_id = {version}");
                site.app.renditions.path(&site.texts(&sql).await[0])
            }
        });
        let (old_file, file) = (old_file.await, file.await);
        site.sql(&format!("DELETE FROM publication WHERE id = {newer}")).await;
        assert_eq!(site.numbers("SELECT publication_id FROM rendition").await.len(), made.len());
        for (ago, there) in [(HOUR / 2, true), (2 * HOUR, false)] {
            let at = u64::try_from(site.clock.now() - ago).unwrap();
            for file in [&old_file, &file] {
                let file = std::fs::File::options().write(true).open(file).unwrap();
                file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_millis(at)).unwrap();
            }
            renditions::run(&Ctx::system(&site.app)).await.unwrap();
            assert_eq!((file.exists(), old_file.exists()), (there, true));
        }
    }

    async fn what_can_not_be_made_is_tried_again_after_longer_and_longer_pauses(site) {
        let site = site.demo().await;
        let directory = tempfile::tempdir().unwrap();
        let calls = directory.path().join("calls");
        let program = script(directory.path(), &format!("echo call >> {}\nexit 1", calls.display()));
        let site = site.reopened(|config| config.pdf_program = Some(program)).await;
        site.sql("DELETE FROM publication_item").await;
        site.sql("DELETE FROM publication WHERE id <> (SELECT MAX(id) FROM publication)").await;
        let mut seen = Vec::new();
        for _ in 0..8 {
            renditions::run(&Ctx::system(&site.app)).await.unwrap();
            seen.push(std::fs::read_to_string(&calls).unwrap().lines().count());
            site.pass(MINUTE);
        }
        assert_eq!(seen, [1, 2, 2, 3, 3, 3, 3, 4]);
    }
}

#[tokio::test]
async fn a_pdf_that_takes_too_long_is_given_up_and_the_next_one_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let (slow, pid) = (directory.path().join("slow"), directory.path().join("pid"));
    let (s, p) = (slow.display(), pid.display());
    let text = format!("if [ -e {s} ]; then echo $$ > {p}; exec /bin/sleep 60; fi\nexec {REAL} \"$@\"");
    let program = script(directory.path(), &text);
    std::fs::write(&slow, "").unwrap();
    let site = site(|config| (config.pdf_program, config.pdf_seconds) = (Some(program), 10)).await;
    let table = ResponseTable::default();
    assert_eq!(site.app.renderer.pdf(&table, None).await, Err(RenderError::TimedOut));
    let pid = std::fs::read_to_string(&pid).unwrap();
    assert!(!Path::new("/proc").join(pid.trim()).exists(), "it still runs");
    std::fs::remove_file(&slow).unwrap();
    assert!(site.app.renderer.pdf(&table, Some("案")).await.unwrap().starts_with(b"%PDF-"));
}

#[tokio::test]
async fn a_pdf_that_takes_too_much_memory_is_given_up_and_the_next_one_is_made() {
    let site = site(|config| config.pdf_memory_mib = 512).await;
    let mut table = ResponseTable::default();
    table.consultation.title = "a".repeat(100 << 20);
    assert_eq!(site.app.renderer.pdf(&table, None).await, Err(RenderError::OutOfMemory));
    assert!(site.app.renderer.pdf(&ResponseTable::default(), None).await.unwrap().starts_with(b"%PDF-"));
}

#[tokio::test]
async fn without_a_font_everything_else_works_and_the_package_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().to_owned();
    let site = Site::new(Backend::Sqlite).await.demo().await.reopened(|config| config.font_dir = Some(folder)).await;
    let table = ResponseTable::default();
    assert_eq!(site.app.renderer.pdf(&table, None).await, Err(RenderError::NoFont));
    assert_eq!(site.app.renderer.missing("😀"), Vec::<char>::new());
    let ready = site.visitor().get("/readyz").await;
    assert_eq!(ready.status, 200);
    let warning = ready.text.strip_prefix("ready\n").unwrap();
    assert!(warning.starts_with("warning: ") && warning.contains("fonts-noto-cjk"), "{warning}");
    assert_eq!(site.visitor().get(&format!("/consultations/{THEME}/responses.csv")).await.status, 200);
    for locale in domain::Locale::ALL {
        assert!(RenderError::NoFont.words(locale).contains("fonts-noto-cjk"));
    }
    // The folder is looked at anew: nobody has to restart the site.
    for file in pdf::installed(None).unwrap() {
        std::os::unix::fs::symlink(&file, directory.path().join(file.file_name().unwrap())).unwrap();
    }
    assert_eq!(site.visitor().get("/readyz").await.text, "ready\n");
    assert!(site.app.renderer.pdf(&table, None).await.unwrap().starts_with(b"%PDF-"));
}

#[tokio::test]
async fn characters_the_font_lacks_are_known_before() {
    let site = site(|_| ()).await;
    assert_eq!(site.app.renderer.missing("髙﨑さんと😀"), ['😀']);
}

#[tokio::test]
async fn those_who_would_wait_too_long_are_sent_away() {
    let directory = tempfile::tempdir().unwrap();
    let program = script(directory.path(), "exec /bin/sleep 60");
    let site = site(|config| config.pdf_program = Some(program)).await;
    let table = ResponseTable::default();
    let mut asking: FuturesUnordered<_> = (0..24).map(|_| site.app.renderer.pdf(&table, None)).collect();
    for _ in 0..3 {
        assert_eq!(asking.next().await.unwrap(), Err(RenderError::Busy));
    }
    assert!(futures::poll!(asking.next()).is_pending(), "the others wait for their turn");
}

#[tokio::test]
async fn a_program_that_fails_is_a_failure_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    for (text, error) in [
        ("exit 1", RenderError::Failed),
        ("echo no PDF", RenderError::Failed),
        ("exit 3", RenderError::NoFont),
        ("exit 4", RenderError::OutOfMemory),
        ("kill -KILL $$", RenderError::OutOfMemory),
        ("kill -SEGV $$", RenderError::Failed),
    ] {
        let program = script(directory.path(), text);
        let site = site(|config| config.pdf_program = Some(program)).await;
        assert_eq!(site.app.renderer.pdf(&ResponseTable::default(), None).await, Err(error), "{text}");
    }
    let site = site(|config| config.pdf_program = Some("/no/such/program".into())).await;
    assert_eq!(site.app.renderer.pdf(&ResponseTable::default(), None).await, Err(RenderError::Failed));
}
