//! What people sent, by every channel, and what staff have done with it so far.

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::NaiveDate;
use domain::{Channel, ConsultationKind, IntakeState, Millis, identity::Identity, rules::Eligibility, wareki};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Unchanged, ConnectionTrait, Set};

use super::{Loader, data};
use crate::{
    ctx::Ctx,
    entity::{consultation, document_block, proposal, proposal_like, staff_note},
    repository,
    service::{
        self,
        consultation::Loaded,
        submission::{AttachmentKind, NewItem, NewSubmission},
    },
};

/// A theme while its submissions are recorded.
struct Theme<'a> {
    made: &'a consultation::Model,
    questions: &'a HashMap<String, i64>,
    blocks: Vec<document_block::Model>,
    residents: Vec<i64>,
}

impl Theme<'_> {
    /// The anchor of the paragraph with these words, and the page.
    fn place(&self, about: Option<&str>, page: Option<i64>) -> anyhow::Result<(Option<String>, Option<i64>)> {
        let Some(words) = about else { return Ok((None, page)) };
        let block = self.blocks.iter().find(|block| block.text.contains(words));
        Ok((Some(block.with_context(|| format!("no paragraph with {words}"))?.anchor.clone()), page))
    }

    fn items(&self, p: &data::Proposal) -> anyhow::Result<Vec<NewItem>> {
        if p.items.is_empty() {
            let (anchor, page) = self.place(p.about.as_deref(), p.page)?;
            return Ok(vec![NewItem { body: None, anchor, page }]);
        }
        let item = |item: &data::Item| {
            let (anchor, page) = self.place(item.about.as_deref(), item.page)?;
            Ok(NewItem { body: Some(item.body.clone()), anchor, page })
        };
        p.items.iter().map(item).collect()
    }
}

impl Loader {
    /// Records what was sent to a theme; gives the ids in the order of the file, copies left out.
    pub(super) async fn proposals(
        &self,
        made: &consultation::Model,
        c: &data::Consultation,
        questions: &HashMap<String, i64>,
    ) -> anyhow::Result<Vec<i64>> {
        let mut residents: Vec<i64> =
            self.accounts.iter().filter(|(e, _)| e.starts_with("resident")).map(|(_, id)| *id).collect();
        residents.sort_unstable();
        let blocks = repository::draft::current_blocks(&self.tx, made.id).await?;
        let theme = Theme { made, questions, blocks, residents };
        let mut ids = Vec::new();
        for (n, p) in c.proposals.iter().enumerate() {
            let at = wareki::start_of_day_ms(self.day(-p.days_ago)?) + p.hour * 3_600_000 + p.minute * 60_000;
            let row = self.proposal(&theme, p, at).await.with_context(|| format!("proposal {n}"))?;
            self.likes(&theme, &row, n, p).await?;
            self.handle(row.clone(), p).await.with_context(|| format!("proposal {n}"))?;
            for (position, letter) in (1..).zip(&p.copies) {
                self.copy(&theme, p, letter, at + position * p.copies_every_minutes * 60_000).await?;
            }
            ids.push(row.id);
        }
        Ok(ids)
    }

    /// When something was sent: within the call, and not in the future.
    fn moment(&self, made: &consultation::Model, at: Millis) -> Ctx {
        self.ctx.at(at.clamp(made.opens_at, self.ctx.now - 60_000))
    }

    async fn proposal(&self, theme: &Theme<'_>, p: &data::Proposal, at: Millis) -> anyhow::Result<proposal::Model> {
        let ctx = self.moment(theme.made, at);
        let account = |email: &String| self.accounts.get(email).copied().with_context(|| format!("no account {email}"));
        let author = p.author.as_ref().map(account).transpose()?;
        let channel = p.channel.as_deref().and_then(Channel::from_code).unwrap_or_default();
        let items = theme.items(p)?;
        let told: Vec<&str> = p.items.iter().map(|item| item.body.as_str()).collect();
        let body = if told.is_empty() { p.body.clone() } else { told.join("\n\n") };
        let day = |days: Option<i64>| days.map(|days| self.day(-days)).transpose();
        let own = NewSubmission::of_text(&ctx, channel, body);
        let loaded = Loaded::new(theme.made.clone(), ctx.now);
        let scan = match &p.scan {
            Some(name) => vec![(self.picture(name, ctx.now, theme.made.created_by).await?, AttachmentKind::Scan)],
            None => vec![],
        };
        let on_paper = loaded.kind == ConsultationKind::PublicComment && channel != Channel::Web;
        let new = NewSubmission {
            title: p.title.clone(),
            question: p.question.as_ref().and_then(|q| theme.questions.get(q)).copied(),
            eligibility: p.eligibility.as_deref().and_then(Eligibility::from_code),
            items,
            account: author,
            identity: identity(p, author.is_some()),
            received_on: day(p.received_days_ago)?.unwrap_or(own.received_on),
            postmarked_on: day(p.postmarked_days_ago)?,
            entered_by: on_paper.then_some(theme.made.created_by),
            scribe: p.scribe.clone(),
            intake: p
                .intake
                .as_deref()
                .map_or(Some(IntakeState::Accepted), IntakeState::from_code)
                .context("intake")?,
            attachments: scan,
            ..own
        };
        Ok(service::submission::record(&self.tx, &ctx, &loaded, new).await?)
    }

    /// The same letter of somebody else.
    async fn copy(
        &self,
        theme: &Theme<'_>,
        p: &data::Proposal,
        letter: &data::Letter,
        at: Millis,
    ) -> anyhow::Result<()> {
        let ctx = self.moment(theme.made, at);
        let body = if letter.ending.is_empty() { p.body.clone() } else { format!("{}\n\n{}", p.body, letter.ending) };
        let channel = p.channel.as_deref().and_then(Channel::from_code).unwrap_or_default();
        let new = NewSubmission {
            eligibility: p.eligibility.as_deref().and_then(Eligibility::from_code),
            items: theme.items(p)?,
            identity: Identity { name: letter.name.clone(), address: letter.address.clone(), ..Identity::default() },
            intake: p
                .intake
                .as_deref()
                .map_or(Some(IntakeState::Accepted), IntakeState::from_code)
                .context("intake")?,
            ..NewSubmission::of_text(&ctx, channel, body)
        };
        service::submission::record(&self.tx, &ctx, &Loaded::new(theme.made.clone(), ctx.now), new).await?;
        Ok(())
    }

    async fn likes(
        &self,
        theme: &Theme<'_>,
        row: &proposal::Model,
        n: usize,
        p: &data::Proposal,
    ) -> anyhow::Result<()> {
        let liked = proposal::ActiveModel { id: Unchanged(row.id), like_count: Set(p.likes), ..Default::default() };
        repository::proposal::update(&self.tx, liked).await?;
        let all = theme.residents.len();
        let start = (n * 7) % all.max(1);
        let fans = theme
            .residents
            .iter()
            .cycle()
            .skip(start)
            .take(all)
            .filter(|id| Some(**id) != row.account_id)
            .take(usize::try_from(p.likes)?);
        likes_of(&self.tx, row.id, fans.copied(), row.created_at).await
    }

    /// What staff have done with it: assigned, asked for a correction, noted.
    async fn handle(&self, row: proposal::Model, p: &data::Proposal) -> anyhow::Result<()> {
        let mut changes = proposal::ActiveModel { id: Unchanged(row.id), ..Default::default() };
        if let Some(key) = &p.assigned {
            changes.assigned_department_id = Set(Some(*self.departments.get(key).context("department")?));
        }
        if let Some(correction) = &p.correction {
            let until: NaiveDate = self.day(correction.until_in_days)?;
            changes.intake = Set(IntakeState::AwaitingCorrection.code().to_owned());
            changes.correction_note = Set(Some(correction.note.clone()));
            changes.correction_until = Set(Some(until.to_string()));
        }
        if p.approval_only {
            changes.approval_only = Set(1);
        }
        if changes.is_changed() {
            service::submission::change(&self.tx, &row, changes).await?;
        }
        for note in &p.notes {
            let new = staff_note::ActiveModel {
                proposal_id: Set(row.id),
                account_id: Set(*self.accounts.get(&note.by).context("staff")?),
                body: Set(note.text.clone()),
                created_at: Set(self.noted_at(&row, note)?),
                ..Default::default()
            };
            repository::submission::add_note(&self.tx, new).await?;
        }
        Ok(())
    }

    /// Half past four of the day, but after what it is about and not in the future.
    fn noted_at(&self, row: &proposal::Model, note: &data::Note) -> anyhow::Result<Millis> {
        let at = wareki::start_of_day_ms(self.day(-note.days_ago)?) + 16 * 3_600_000 + 30 * 60_000;
        Ok(at.max(row.created_at + 1).min(self.ctx.now.max(row.created_at + 1)))
    }
}

/// Who sent it.
fn identity(p: &data::Proposal, has_account: bool) -> Identity {
    match (&p.identity, &p.submitter) {
        (Some(identity), _) => identity.clone(),
        (None, Some(letter)) if !has_account => Identity {
            name: format!("水面 {letter}"),
            address: format!("みなも区本町1丁目（{letter}）"),
            ..Identity::default()
        },
        _ => Identity::default(),
    }
}

/// Inserts the likes themselves; the count is set by the caller.
pub(super) async fn likes_of<C: ConnectionTrait>(
    tx: &C,
    proposal: i64,
    accounts: impl Iterator<Item = i64>,
    at: Millis,
) -> anyhow::Result<()> {
    use sea_orm::EntityTrait as _;
    let rows: Vec<_> = accounts
        .map(|account| proposal_like::ActiveModel {
            proposal_id: Set(proposal),
            account_id: Set(account),
            created_at: Set(at),
        })
        .collect();
    if !rows.is_empty() {
        proposal_like::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
