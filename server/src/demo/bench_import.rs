//! A table of many submissions, most of them copies of a few texts, brought into a theme of its own: for `make bench`.

use std::{
    io::{BufWriter, Write as _},
    time::Instant,
};

use anyhow::{Context as _, bail};
use app::pages::staff::imports::MappingInput;
use domain::{
    ConsultationKind, ConsultationState, Locale, Role,
    disposition::DispositionPreset,
    id::{AccountId, DepartmentId, SessionId},
    wareki,
};
use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};

use super::DAY;
use crate::{
    ctx::{Actor, Ctx, Inner},
    entity::{account, consultation, session},
    repository, secret,
    service::{
        imports::{self, Outcome, Report, Work, mapping::Stored},
        upload::Incoming,
    },
    state::App,
};

/// So many texts are sent again and again.
const COPIED: usize = 40;
/// Of so many submissions one has a text of its own: 96 % are copies.
const OWN: usize = 25;
/// People send two letters each, some of them.
const LETTERS: usize = 9;

/// What was brought in, and how many seconds each part of it took.
pub(super) struct Taken {
    pub(super) work: Work,
    report: Report,
    uploaded: f64,
    checked: f64,
    committed: f64,
}

/// Makes a theme, a clerk with a session and a table of `rows` submissions, and brings the table in as the clerk would.
///
/// # Errors
/// When the demonstration isn't loaded, or something refuses.
pub async fn bench_import(app: &App, rows: usize) -> anyhow::Result<Value> {
    let (ctx, token) = staff(app, &format!("bench-clerk-{rows}"), Role::Clerk).await?;
    let theme = put_theme(&ctx, rows).await?;
    let file = table(app, rows)?;
    let size = file.size;
    let Taken { work, report, uploaded, checked, committed } = bring_in(&ctx, theme, file, false).await?;
    Ok(json!({
        "theme": theme,
        "session": token,
        "rows": work.submissions,
        "fileBytes": size,
        "groups": report.groups,
        "grouped": report.grouped,
        "uploadSeconds": uploaded,
        "checkSeconds": checked,
        "importSeconds": committed,
        "groupingSeconds": work.grouping.as_secs_f64(),
    }))
}

/// Brings a table into a theme as a clerk would; `split`: numbered parts of a letter become opinions of their own.
pub(super) async fn bring_in(ctx: &Ctx, theme: i64, file: Incoming, split: bool) -> anyhow::Result<Taken> {
    let began = Instant::now();
    let Ok(import) = imports::take(ctx, theme, Some(file)).await? else { bail!("the table was refused") };
    let uploaded = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let input = MappingInput { split, ..input(ctx, import).await? };
    if let Err(why) = imports::check(ctx, theme, import, &input).await? {
        bail!("the dry run was not made: {why:?}");
    }
    let checked = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let row = repository::imports::by_id(ctx.db(), import).await?.context("the import is gone")?;
    let report: Report = serde_json::from_str(&row.problems)?;
    let Outcome::Committed(work) = imports::commit(ctx, theme, import, &report.token).await? else {
        bail!("the table was not brought in: {} errors", report.errors);
    };
    let committed = began.elapsed().as_secs_f64();
    Ok(Taken { work, report, uploaded, checked, committed })
}

async fn input(ctx: &Ctx, import: i64) -> anyhow::Result<MappingInput> {
    let row = repository::imports::by_id(ctx.db(), import).await?.context("the import is gone")?;
    let stored: Stored = serde_json::from_str(&row.mapping)?;
    Ok(stored.mapping.input())
}

/// Somebody of the first department, signed in, with the value of the session's cookie. `name` is part of the address.
pub(super) async fn staff(app: &App, name: &str, role: Role) -> anyhow::Result<(Ctx, String)> {
    let system = Ctx::system(app);
    let departments = repository::setting::departments(app.database.reader()).await?;
    let department = departments.first().context("load the demonstration first")?.id;
    let email = format!("{name}@example.jp");
    let tx = app.database.write().await?;
    let made = account::ActiveModel {
        email: Set(email.clone()),
        email_key: Set(email.clone()),
        display_name: Set("計測用の職員".to_owned()),
        role: Set(role.code().to_owned()),
        department_id: Set(Some(department)),
        created_at: Set(system.now),
        email_verified_at: Set(Some(system.now)),
        ..Default::default()
    }
    .insert(&tx)
    .await?;
    let token = secret::token();
    let session = session::ActiveModel {
        account_id: Set(made.id),
        token_hash: Set(secret::hash(&token)),
        user_agent: Set("bench".to_owned()),
        created_at: Set(system.now),
        last_seen_at: Set(system.now),
        expires_at: Set(system.now + DAY),
        ..Default::default()
    };
    repository::account::open_session(&tx, session).await?;
    tx.commit().await?;
    let actor = Actor {
        id: AccountId(made.id),
        name: made.display_name,
        email,
        role,
        department: Some(DepartmentId(department)),
        session: SessionId(0),
    };
    let ctx = Ctx::new(Inner {
        app: app.clone(),
        actor: Some(actor),
        locale: Locale::Ja,
        now: system.now,
        request_id: "bench".to_owned(),
        ip: None,
        path: "/".to_owned(),
    });
    Ok((ctx, token))
}

async fn put_theme(ctx: &Ctx, rows: usize) -> anyhow::Result<i64> {
    let tx = ctx.app.database.write().await?;
    let made = theme(ctx, rows).insert(&tx).await?;
    tx.commit().await?;
    Ok(made.id)
}

pub(super) fn theme(ctx: &Ctx, rows: usize) -> consultation::ActiveModel {
    let department = ctx.actor.as_ref().and_then(|actor| actor.department).map_or(0, |department| department.0);
    consultation::ActiveModel {
        slug: Set(format!("bench-import-{rows}")),
        kind: Set(ConsultationKind::PublicComment.code().to_owned()),
        state: Set(ConsultationState::Published.code().to_owned()),
        title: Set(format!("計測用のパブリックコメント（{rows}通）")),
        summary: Set("性能を測るためのテーマです。".to_owned()),
        body_md: Set("計測用".to_owned()),
        body_html: Set("<p>計測用</p>".to_owned()),
        methods: Set("郵送、持参、FAX".to_owned()),
        disposition_preset: Set(DispositionPreset::None.code().to_owned()),
        cover_alt: Set(String::new()),
        department_id: Set(department),
        opens_at: Set(ctx.now - 30 * DAY),
        closes_at: Set(ctx.now + DAY),
        created_by: Set(ctx.actor.as_ref().map_or(0, |actor| actor.id.0)),
        created_at: Set(ctx.now),
        updated_at: Set(ctx.now),
        version: Set(1),
        proposal_count: Set(0),
        publish_at: Set(Some(ctx.now - 30 * DAY)),
        ..Default::default()
    }
}

/// The table, as Excel in Japan saves a CSV file.
fn table(app: &App, rows: usize) -> anyhow::Result<Incoming> {
    let spool = app.files.spool()?;
    let (file, path) = spool.into_parts();
    let mut out = BufWriter::new(file);
    let mut line = |text: String| out.write_all(&encoding_rs::SHIFT_JIS.encode(&text).0);
    line("整理番号,提出方法,収受日,氏名,住所,応募資格,意見\r\n".to_owned())?;
    let last_day = wareki::date_of(app.clock.now());
    for n in 0..rows {
        let channel = ["郵送", "FAX", "電子メール", "持参"].get(n % 4).copied().unwrap_or("郵送");
        let day = last_day - chrono::TimeDelta::days(i64::try_from(n % 20)?);
        let person = if n.is_multiple_of(LETTERS) { n / 2 } else { n };
        line(format!(
            "{n},{channel},{day},計測 {person},みなも区本町{}-{},在住,{}\r\n",
            person % 90 + 1,
            person / 90,
            text(n),
        ))?;
    }
    out.flush()?;
    let size = out.get_ref().metadata()?.len();
    Ok(Incoming { field: "file".to_owned(), file_name: format!("bench-{rows}.csv"), path, size })
}

const TOPICS: [&str; 8] = ["公園", "図書館", "駅前の広場", "通学路", "避難所", "駐輪場", "川沿いの遊歩道", "保育園"];
const WISHES: [&str; 10] = [
    "日陰を増やしてほしい",
    "夜も明るくしてほしい",
    "段差をなくしてほしい",
    "案内を分かりやすくしてほしい",
    "予算の内訳を示してほしい",
    "住民の声をもっと聞いてほしい",
    "計画を一度立ち止まって見直してほしい",
    "子どもが安心して使えるようにしてほしい",
    "費用の見通しを毎年公表してほしい",
    "工事の時期をずらしてほしい",
];

/// A letter of about 200 characters: one of a few that many send, or one's own.
fn text(n: usize) -> String {
    if n.is_multiple_of(OWN) { letter(n * 7 + COPIED, Some(n)) } else { letter(n % COPIED, None) }
}

fn letter(seed: usize, own: Option<usize>) -> String {
    let topic = TOPICS.get(seed % TOPICS.len()).copied().unwrap_or_default();
    let sentences = (0..5).scan(seed, |at, sentence| {
        *at = at.wrapping_mul(31).wrapping_add(sentence * 17 + seed / TOPICS.len() + 7);
        let place = TOPICS.get(*at / 11 % TOPICS.len()).copied().unwrap_or_default();
        let wish = WISHES.get(*at / 5 % WISHES.len()).copied().unwrap_or_default();
        Some(format!("{place}については、{wish}と考えます。"))
    });
    let sentences: String = sentences.collect();
    let own =
        own.map(|n| format!("私は{}丁目に{}年住み、{}人で暮らしています。", n % 60 + 1, n / 60 % 70 + 1, n / 4200 + 1));
    let own = own.unwrap_or_default();
    format!("{topic}についての素案を読みました。{sentences}{own}どうぞよろしくお願いします。")
}
