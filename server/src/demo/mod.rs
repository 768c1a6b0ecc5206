//! The demonstration: an invented ward with lively themes, loaded into an empty database. Also the data that
//! `make bench` measures with.

mod bench;
mod data;

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context as _, bail};
use chrono::{Days, NaiveDate};
use domain::{
    Channel, ConsultationKind, ConsultationState, IntakeState, Millis, Role, account::email_key,
    disposition::DispositionPreset, identity::Identity, ward::Ward, wareki,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Unchanged, ConnectionTrait, Set};

pub use bench::bench;

use crate::{
    clock::Clock,
    config::Config,
    ctx::Ctx,
    database::{Database, WriteTransaction},
    entity::{
        account, chapter, consultation, document, proposal, proposal_like, publication, question, summary, upload,
        ward_view,
    },
    markdown, repository,
    service::{self, consultation::Loaded, submission::NewSubmission},
    state::App,
};

/// The password of every account of the demonstration.
pub const PASSWORD: &str = "minamo-demo-2026-tanoshii";

const DAY: Millis = 86_400_000;

/// Loads the demonstration.
///
/// # Errors
/// When the database isn't empty.
pub async fn load(config: &Config, database: Database, clock: Clock) -> anyhow::Result<()> {
    let demo: data::Demo = serde_json::from_str(include_str!("../../demo/demo.json")).context("demo.json")?;
    if repository::account::count(database.reader()).await? > 0 {
        bail!("the database isn't empty: the demonstration is for a new one");
    }
    let ward = Ward { code: demo.ward.code, name: demo.ward.name, name_en: demo.ward.name_en, demo: true };
    service::setup::set_ward(&database, &ward).await?;
    for d in &demo.departments {
        let department = service::setup::Department {
            name: d.name.clone(),
            name_en: d.name_en.clone(),
            phone: d.phone.clone(),
            fax: d.fax.clone(),
            email: d.email.clone(),
            counter: d.counter.clone(),
        };
        service::setup::put_department(&database, department).await?;
    }
    let app = App::new(config.clone(), database, clock).await?;
    let ctx = Ctx::system(&app);
    let hash = app.hasher.hash(PASSWORD.to_owned()).await?;
    let tx = app.database.write().await?;
    let by_name: HashMap<String, i64> =
        repository::setting::departments(&tx).await?.into_iter().map(|d| (d.name, d.id)).collect();
    let departments =
        demo.departments.iter().filter_map(|d| by_name.get(&d.name).map(|id| (d.key.clone(), *id))).collect();
    let mut loader = Loader { tx, ctx, hash, departments, accounts: HashMap::new(), staff: 0 };
    loader.people(&demo.staff, &demo.residents).await?;
    for c in &demo.consultations {
        loader.consultation(c).await.with_context(|| format!("consultation {}", c.key))?;
    }
    loader.tx.commit().await?;
    Ok(())
}

struct Loader {
    tx: WriteTransaction,
    ctx: Ctx,
    hash: String,
    departments: HashMap<String, i64>,
    accounts: HashMap<String, i64>,
    staff: i64,
}

impl Loader {
    fn today(&self) -> NaiveDate {
        wareki::date_of(self.ctx.now)
    }

    fn day(&self, from_today: i64) -> anyhow::Result<NaiveDate> {
        let days = Days::new(from_today.unsigned_abs());
        let today = self.today();
        let day = if from_today < 0 { today.checked_sub_days(days) } else { today.checked_add_days(days) };
        day.context("date out of range")
    }

    async fn person(&self, email: &str, name: &str, role: Role, department: Option<i64>) -> anyhow::Result<i64> {
        let made = account::ActiveModel {
            email: Set(email.to_owned()),
            email_key: Set(email_key(email)),
            display_name: Set(name.to_owned()),
            role: Set(role.code().to_owned()),
            password_hash: Set(Some(self.hash.clone())),
            created_at: Set(self.ctx.now - 200 * DAY),
            department_id: Set(department),
            email_verified_at: Set(Some(self.ctx.now - 200 * DAY)),
            ..Default::default()
        }
        .insert(&self.tx)
        .await?;
        Ok(made.id)
    }

    async fn people(&mut self, staff: &[data::Staff], residents: &[data::Resident]) -> anyhow::Result<()> {
        for s in staff {
            let role = Role::from_code(&s.role).context("role")?;
            let department = self.departments.get(&s.department).copied();
            let id = self.person(&s.email, &s.name, role, department).await?;
            self.staff = id;
            self.accounts.insert(s.email.clone(), id);
        }
        for r in residents {
            let id = self.person(&r.email, &r.display_name, Role::Resident, None).await?;
            self.accounts.insert(r.email.clone(), id);
        }
        Ok(())
    }

    async fn consultation(&mut self, c: &data::Consultation) -> anyhow::Result<()> {
        let opens_at = wareki::start_of_day_ms(self.day(c.opens_in_days)?);
        let closes_at = wareki::end_of_day_ms(self.day(c.closes_in_days)?);
        let state = if c.published { ConsultationState::Published } else { ConsultationState::Draft };
        let result_at = c.responses.as_ref().map(|r| self.ctx.now - r.published_days_ago * DAY);
        let preset = if c.responses.is_some() { DispositionPreset::SixMarks } else { DispositionPreset::None };
        let publish_at = (opens_at - 14 * DAY).min(self.ctx.now);
        let made = consultation::ActiveModel {
            slug: Set(c.slug.clone()),
            kind: Set(ConsultationKind::from_code(&c.kind).context("kind")?.code().to_owned()),
            state: Set(state.code().to_owned()),
            title: Set(c.title.clone()),
            summary: Set(c.summary.clone()),
            body_html: Set(markdown::render(&c.body)),
            body_md: Set(c.body.clone()),
            methods: Set(c.methods.clone()),
            disposition_preset: Set(preset.code().to_owned()),
            cover_alt: Set(c.cover_alt.clone()),
            department_id: Set(*self.departments.get(&c.department).context("department")?),
            opens_at: Set(opens_at),
            closes_at: Set(closes_at),
            created_by: Set(self.staff),
            created_at: Set(publish_at),
            updated_at: Set(publish_at),
            version: Set(1),
            proposal_count: Set(0),
            publish_at: Set(c.published.then_some(publish_at)),
            result_at: Set(result_at),
            cover_upload_id: Set(self.cover(c).await?),
            ..Default::default()
        }
        .insert(&self.tx)
        .await?;
        let questions = self.questions(made.id, &c.questions).await?;
        let proposals = self.proposals(&made, c, &questions).await?;
        self.documents(&made, c).await?;
        if let Some(responses) = &c.responses {
            self.responses(&made, responses, &proposals).await?;
        }
        Ok(())
    }

    async fn upload(&self, bytes: &[u8], kind: &str, name: &str, size: Option<(i64, i64)>) -> anyhow::Result<i64> {
        let stored = self.ctx.app.files.put(bytes.to_vec()).await?;
        let made = upload::ActiveModel {
            sha256: Set(stored.sha256),
            content_type: Set(kind.to_owned()),
            file_name: Set(name.to_owned()),
            size: Set(stored.size),
            created_at: Set(self.ctx.now),
            created_by: Set(self.staff),
            width: Set(size.map(|s| s.0)),
            height: Set(size.map(|s| s.1)),
            ..Default::default()
        }
        .insert(&self.tx)
        .await?;
        Ok(made.id)
    }

    async fn cover(&self, c: &data::Consultation) -> anyhow::Result<Option<i64>> {
        if c.key != "bousai-kenshou" {
            return Ok(None);
        }
        let (jpeg, width, height) = crate::files::clean_image(include_bytes!("../../demo/cover.jpg"))
            .map_err(|problem| anyhow::anyhow!("cover.jpg: {problem:?}"))?;
        Ok(Some(self.upload(&jpeg, "image/jpeg", "cover.jpg", Some((width, height))).await?))
    }

    async fn documents(&self, made: &consultation::Model, c: &data::Consultation) -> anyhow::Result<()> {
        if c.key != "digital-houshin" {
            return Ok(());
        }
        let title = "みなも区デジタル推進方針（素案）概要";
        let upload = self
            .upload(include_bytes!("../../demo/draft.pdf"), "application/pdf", &format!("{title}.pdf"), None)
            .await?;
        document::ActiveModel {
            consultation_id: Set(made.id),
            position: Set(1),
            title: Set(title.to_owned()),
            upload_id: Set(upload),
            ..Default::default()
        }
        .insert(&self.tx)
        .await?;
        Ok(())
    }

    async fn questions(&self, consultation: i64, questions: &[data::Question]) -> anyhow::Result<HashMap<String, i64>> {
        let mut ids = HashMap::new();
        for (position, q) in (1_i64..).zip(questions) {
            let made = question::ActiveModel {
                consultation_id: Set(consultation),
                position: Set(position),
                title: Set(q.title.clone()),
                body: Set(q.body.clone()),
                ..Default::default()
            }
            .insert(&self.tx)
            .await?;
            ids.insert(q.key.clone(), made.id);
        }
        Ok(ids)
    }

    async fn proposals(
        &self,
        made: &consultation::Model,
        c: &data::Consultation,
        questions: &HashMap<String, i64>,
    ) -> anyhow::Result<Vec<i64>> {
        let residents: Vec<i64> = {
            let mut ids: Vec<i64> =
                self.accounts.iter().filter(|(e, _)| e.starts_with("resident")).map(|(_, id)| *id).collect();
            ids.sort_unstable();
            ids
        };
        let mut ids = Vec::new();
        for (n, p) in (0_u64..).zip(&c.proposals) {
            let day = self.day(-p.days_ago)?;
            let at = wareki::start_of_day_ms(day) + p.hour * 3_600_000 + p.minute * 60_000;
            let at = at.clamp(made.opens_at, self.ctx.now - 60_000);
            let author = p.author.as_ref().and_then(|a| self.accounts.get(a)).copied();
            let identity = match (author, &p.submitter) {
                (Some(_), _) => Identity::default(),
                (None, Some(letter)) => Identity {
                    name: format!("水面 {letter}"),
                    address: format!("みなも区本町1丁目（{letter}）"),
                    ..Identity::default()
                },
                (None, None) => bail!("proposal {n} has no author"),
            };
            let likes = usize::try_from(p.likes)?;
            let channel = p.channel.as_deref().and_then(Channel::from_code).unwrap_or_default();
            let ctx = self.ctx.at(at);
            let new = NewSubmission {
                title: p.title.clone(),
                question: p.question.as_ref().and_then(|q| questions.get(q)).copied(),
                account: author,
                identity,
                intake: IntakeState::Accepted,
                ..NewSubmission::of_text(&ctx, channel, p.body.clone())
            };
            let loaded = Loaded::new(made.clone(), at);
            let row = service::submission::record(&self.tx, &ctx, &loaded, new).await?;
            let liked = proposal::ActiveModel {
                id: Unchanged(row.id),
                like_count: Set(p.likes),
                ..Default::default()
            };
            let row = repository::proposal::update(&self.tx, liked).await?;
            let start = usize::try_from(n * 7)? % residents.len().max(1);
            let fans = residents
                .iter()
                .cycle()
                .skip(start)
                .take(residents.len())
                .filter(|id| Some(**id) != author)
                .take(likes);
            likes_of(&self.tx, row.id, fans.copied(), at).await?;
            ids.push(row.id);
        }
        Ok(ids)
    }

    async fn responses(
        &self,
        made: &consultation::Model,
        r: &data::Responses,
        proposals: &[i64],
    ) -> anyhow::Result<()> {
        let items: HashMap<i64, i64> = repository::proposal::items(&self.tx, made.id)
            .await?
            .into_iter()
            .map(|(item, proposal)| (proposal.id, item.id))
            .collect();
        let mut answers = BTreeSet::new();
        for (position, c) in (1_i64..).zip(&r.chapters) {
            let chapter = chapter::ActiveModel {
                consultation_id: Set(made.id),
                position: Set(position),
                title: Set(c.title.clone()),
                ..Default::default()
            }
            .insert(&self.tx)
            .await?;
            let mut row_position = 0;
            for g in &c.groups {
                let view = self.ward_view(made.id, g).await?;
                for row in &g.rows {
                    row_position += 1;
                    let summary = self.summary(made.id, chapter.id, view, row_position, &row.text).await?;
                    let linked: Vec<i64> = row
                        .proposals
                        .iter()
                        .filter_map(|i| proposals.get(*i))
                        .filter_map(|p| items.get(p))
                        .copied()
                        .collect();
                    repository::response::set_items(&self.tx, summary, &linked).await?;
                    answers.extend(linked.into_iter().map(|item| (summary, item)));
                }
            }
        }
        let loading = service::response::load(&self.tx, Loaded::new(made.clone(), self.ctx.now)).await?;
        let mut table = service::response::table(&self.tx, &self.ctx, &loading, 1).await?;
        table.published_at = made.result_at.context("result")?;
        let row = publication::ActiveModel {
            consultation_id: Set(made.id),
            version: Set(1),
            response_table: Set(serde_json::to_string(&table)?),
            published_at: Set(table.published_at),
            published_by: Set(self.staff),
            ..Default::default()
        };
        repository::response::publish(&self.tx, row, &answers).await?;
        Ok(())
    }

    async fn ward_view(&self, consultation: i64, g: &data::Group) -> anyhow::Result<i64> {
        let made = ward_view::ActiveModel {
            consultation_id: Set(consultation),
            text: Set(g.answer.clone()),
            disposition: Set(Some(g.disposition.clone())),
            version: Set(1),
            updated_at: Set(self.ctx.now),
            updated_by: Set(self.staff),
            ..Default::default()
        };
        Ok(made.insert(&self.tx).await?.id)
    }

    async fn summary(
        &self,
        consultation: i64,
        chapter: i64,
        view: i64,
        position: i64,
        text: &str,
    ) -> anyhow::Result<i64> {
        let made = summary::ActiveModel {
            consultation_id: Set(consultation),
            chapter_id: Set(chapter),
            ward_view_id: Set(Some(view)),
            position: Set(position),
            text: Set(text.to_owned()),
            version: Set(1),
            updated_at: Set(self.ctx.now),
            updated_by: Set(self.staff),
            ..Default::default()
        };
        Ok(made.insert(&self.tx).await?.id)
    }
}

/// Inserts the likes themselves; the count is set by the caller.
async fn likes_of<C: ConnectionTrait>(
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
