//! The demonstration: an invented ward with lively themes, loaded into an empty database. Also the data that
//! `make bench` measures with.

mod bench;
mod bench_desk;
mod bench_import;
mod data;
mod desk;
mod documents;
mod responses;
mod submissions;

use std::collections::HashMap;

use anyhow::{Context as _, bail};
use chrono::{Days, NaiveDate};
use domain::{
    ConsultationKind, ConsultationState, Millis, Role,
    account::email_key,
    disposition::DispositionPreset,
    rules::{Rules, holidays::next_workday},
    ward::Ward,
    wareki,
};
use sea_orm::{ActiveModelTrait as _, Set};

pub use bench::bench;
pub use bench_desk::{bench_desk, bench_table};
pub use bench_import::bench_import;

use crate::{
    clock::Clock,
    config::Config,
    ctx::Ctx,
    database::{Database, WriteTransaction},
    entity::{account, consultation, question},
    markdown, repository, service,
    state::App,
};
use submissions::likes_of;

/// The password of every account of the demonstration.
pub const PASSWORD: &str = "minamo-demo-2026-tanoshii";

const DAY: Millis = 86_400_000;

/// Loads the demonstration.
///
/// # Errors
/// When the database isn't empty.
pub async fn load(config: &Config, database: Database, clock: Clock) -> anyhow::Result<()> {
    let demo: data::Demo = serde_json::from_str(include_str!("../../demo/demo.json")).context("demo.json")?;
    let desks: data::DeskFile = serde_json::from_str(include_str!("../../demo/desk.json")).context("desk.json")?;
    if repository::account::count(database.reader()).await? > 0 {
        bail!("the database isn't empty: the demonstration is for a new one");
    }
    let ward = Ward { code: demo.ward.code, name: demo.ward.name, name_en: demo.ward.name_en, demo: true };
    service::setup::set_ward(&database, &ward).await?;
    let all: Vec<&data::Department> = demo.departments.iter().chain(&desks.departments).collect();
    for d in &all {
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
    let departments = all.iter().filter_map(|d| by_name.get(&d.name).map(|id| (d.key.clone(), *id))).collect();
    let rules = Rules::from_preset(demo.ward.rules_preset);
    repository::setting::set_rules(&tx, &rules).await?;
    let accounts = HashMap::new();
    let mut loader = Loader { tx, ctx, hash, departments, accounts, staff: 0, clerks: HashMap::new(), rules };
    loader.people(&demo.staff, &demo.residents).await?;
    for c in &demo.consultations {
        loader.consultation(c).await.with_context(|| format!("consultation {}", c.key))?;
    }
    loader.people(&desks.staff, &[]).await?;
    let (theme, letters) = loader.consultation(&desks.theme).await.context("desk.json")?;
    let Loader { tx, ctx, departments, accounts, .. } = loader;
    tx.commit().await?;
    // From here on it is what staff do, by the functions they do it with.
    let hands = desk::Hands::of(ctx, &accounts, departments).await?;
    desk::load(&hands, &desks, theme, &letters).await.context("desk.json")
}

/// A day so many days from another one.
fn day_from(day: NaiveDate, days: i64) -> anyhow::Result<NaiveDate> {
    let by = Days::new(days.unsigned_abs());
    let day = if days < 0 { day.checked_sub_days(by) } else { day.checked_add_days(by) };
    day.context("date out of range")
}

struct Loader {
    tx: WriteTransaction,
    ctx: Ctx,
    hash: String,
    departments: HashMap<String, i64>,
    accounts: HashMap<String, i64>,
    /// Who has signed what needs one signature.
    staff: i64,
    /// The first member of staff of each department.
    clerks: HashMap<String, i64>,
    /// The ward's rules.
    rules: Rules,
}

impl Loader {
    fn today(&self) -> NaiveDate {
        wareki::date_of(self.ctx.now)
    }

    fn day(&self, from_today: i64) -> anyhow::Result<NaiveDate> {
        day_from(self.today(), from_today)
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
            self.clerks.entry(s.department.clone()).or_insert(id);
            self.accounts.insert(s.email.clone(), id);
        }
        for r in residents {
            let id = self.person(&r.email, &r.display_name, Role::Resident, None).await?;
            self.accounts.insert(r.email.clone(), id);
        }
        Ok(())
    }

    /// The ward's rules, but for what the theme has otherwise.
    fn rules_of(&self, c: &data::Consultation) -> anyhow::Result<Rules> {
        let mut rules = serde_json::to_value(&self.rules)?;
        let fields = rules.as_object_mut().context("rules")?;
        for (name, value) in &c.rules {
            let known = fields.get_mut(name).with_context(|| format!("no rule {name}"))?;
            *known = value.clone();
        }
        Ok(serde_json::from_value(rules)?)
    }

    /// Loads a theme; gives its id and those of its proposals in the order of the file.
    async fn consultation(&mut self, c: &data::Consultation) -> anyhow::Result<(i64, Vec<i64>)> {
        let made = self.theme(c).await?.insert(&self.tx).await?;
        let questions = self.questions(made.id, &c.questions).await?;
        self.documents(&made, c).await?;
        let proposals = self.proposals(&made, c, &questions).await?;
        if let Some(responses) = &c.responses {
            self.responses(&made, responses, &proposals).await?;
        }
        Ok((made.id, proposals))
    }

    async fn theme(&self, c: &data::Consultation) -> anyhow::Result<consultation::ActiveModel> {
        let rules = self.rules_of(c)?;
        let opens_at = wareki::start_of_day_ms(self.day(c.opens_in_days)?);
        let state = if c.published { ConsultationState::Published } else { ConsultationState::Draft };
        let preset = match &c.disposition_preset {
            Some(code) => DispositionPreset::from_code(code).context("disposition_preset")?,
            None if c.responses.is_some() => DispositionPreset::SixMarks,
            None => DispositionPreset::None,
        };
        let publish_at = match c.published_in_days {
            Some(days) => wareki::start_of_day_ms(self.day(days)?),
            None => (opens_at - 14 * DAY).min(self.ctx.now),
        };
        let day = |days: Option<i64>| days.map(|days| self.day(days)).transpose();
        let staff = self.clerks.get(&c.department).copied().unwrap_or(self.staff);
        let cover = match c.key.as_str() {
            "bousai-kenshou" => Some(self.picture("cover.jpg", publish_at, staff).await?),
            _ => None,
        };
        Ok(consultation::ActiveModel {
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
            closes_at: Set(rules.closes_at(self.day(c.closes_in_days)?)),
            created_by: Set(staff),
            created_at: Set(publish_at),
            updated_at: Set(publish_at),
            version: Set(1),
            proposal_count: Set(0),
            publish_at: Set(c.published.then_some(publish_at)),
            result_at: Set(c.responses.as_ref().map(|r| self.ctx.now - r.published_days_ago * DAY)),
            cover_upload_id: Set(cover),
            rules: Set(serde_json::to_string(&rules)?),
            rules_reason: Set(c.rules_reason.clone()),
            gazette_on: Set(day(c.gazette_in_days)?.map(|day| day.to_string())),
            result_planned_on: Set(day(c.result_planned_in_days)?.map(|day| next_workday(day).to_string())),
            ..Default::default()
        })
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
}
