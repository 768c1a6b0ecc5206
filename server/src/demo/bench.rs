//! One theme with many proposals and likes, for `make bench`.

use domain::{Channel, ConsultationKind, ConsultationState, IntakeState, Role, disposition::DispositionPreset};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{DAY, likes_of};
use crate::{
    ctx::Ctx,
    entity::{account, consultation, proposal, session},
    repository, secret,
    service::{self, consultation::Loaded, submission::NewSubmission},
    state::App,
};

/// How many people like, and are signed in.
const PEOPLE: usize = 200;
const SIGNED_IN: usize = 50;

/// Loads the data; gives what a load generator needs to know.
///
/// # Errors
/// When the database refuses.
pub async fn bench(app: &App, proposals: usize, likes: usize) -> anyhow::Result<serde_json::Value> {
    let ctx = Ctx::system(app);
    let departments = repository::setting::departments(app.database.reader()).await?;
    let department =
        departments.first().map(|d| d.id).ok_or_else(|| anyhow::anyhow!("load the demonstration first"))?;
    let tx = app.database.write().await?;
    let mut people = Vec::new();
    let mut sessions = Vec::new();
    for n in 0..PEOPLE {
        let person = account::ActiveModel {
            email: Set(format!("bench{n:04}@example.jp")),
            email_key: Set(format!("bench{n:04}@example.jp")),
            display_name: Set(format!("計測用の区民{n}")),
            role: Set(Role::Resident.code().to_owned()),
            created_at: Set(ctx.now),
            email_verified_at: Set(Some(ctx.now)),
            ..Default::default()
        }
        .insert(&tx)
        .await?;
        if n < SIGNED_IN {
            let token = secret::token();
            let row = session::ActiveModel {
                account_id: Set(person.id),
                token_hash: Set(secret::hash(&token)),
                user_agent: Set("bench".to_owned()),
                created_at: Set(ctx.now),
                last_seen_at: Set(ctx.now),
                expires_at: Set(ctx.now + 30 * DAY),
                ..Default::default()
            };
            repository::account::open_session(&tx, row).await?;
            sessions.push(token);
        }
        people.push(person.id);
    }
    let theme = theme(&ctx, department).insert(&tx).await?;
    let mut first = 0;
    for n in 0..proposals {
        let own = likes / proposals.max(1) + usize::from(n < likes % proposals.max(1));
        let author = people.iter().copied().cycle().nth(n % PEOPLE).unwrap_or_default();
        let row = opinion(&tx, &ctx, &theme, author, n, own.min(PEOPLE - 1)).await?;
        let fans = people.iter().copied().cycle().skip(n % PEOPLE + 1).take(own.min(PEOPLE - 1));
        likes_of(&tx, row.id, fans, ctx.now).await?;
        // One that none of the signed-in people wrote or likes yet.
        if author == people.last().copied().unwrap_or_default() {
            first = row.id;
        }
    }
    tx.commit().await?;
    Ok(json!({ "slug": theme.slug, "proposal": first, "sessions": sessions }))
}

fn theme(ctx: &Ctx, department: i64) -> consultation::ActiveModel {
    consultation::ActiveModel {
        slug: Set("bench".to_owned()),
        kind: Set(ConsultationKind::OpenDialogue.code().to_owned()),
        state: Set(ConsultationState::Published.code().to_owned()),
        title: Set("計測用のテーマ".to_owned()),
        summary: Set("性能を測るためのテーマです。".to_owned()),
        body_md: Set("計測用".to_owned()),
        body_html: Set("<p>計測用</p>".to_owned()),
        methods: Set("本サイト".to_owned()),
        disposition_preset: Set(DispositionPreset::None.code().to_owned()),
        cover_alt: Set(String::new()),
        department_id: Set(department),
        opens_at: Set(ctx.now - 10 * DAY),
        closes_at: Set(ctx.now + 10 * DAY),
        created_by: Set(1),
        created_at: Set(ctx.now),
        updated_at: Set(ctx.now),
        version: Set(1),
        proposal_count: Set(0),
        publish_at: Set(Some(ctx.now - 10 * DAY)),
        ..Default::default()
    }
}

async fn opinion<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    theme: &consultation::Model,
    author: i64,
    n: usize,
    fans: usize,
) -> anyhow::Result<proposal::Model> {
    let ctx = ctx.at(ctx.now - DAY + i64::try_from(n)? * 1000);
    let body = "川沿いの道に、夜でも見える避難の案内がほしいです。子どもと歩いていて、どこへ逃げればよいか分からないことがありました。";
    let new = NewSubmission {
        title: Some(format!("夜の避難案内について {n}")),
        account: Some(author),
        intake: IntakeState::Accepted,
        ..NewSubmission::of_text(&ctx, Channel::Web, body.repeat(3))
    };
    let row = service::submission::record(tx, &ctx, &Loaded::new(theme.clone(), ctx.now), new).await?;
    let counted =
        proposal::ActiveModel { id: Unchanged(row.id), like_count: Set(i64::try_from(fans)?), ..Default::default() };
    Ok(repository::proposal::update(tx, counted).await?)
}
