//! What would be published: the table, built from the desk in a fixed number of statements, with what keeps it from
//! being published.

mod checks;

use std::collections::{BTreeMap, HashMap, HashSet};

use app::pages::{
    staff::approval::{Checks, page_place},
    submissions::eligibility_words,
};
use documents::{
    AnswerGroup, ChannelCount, Chapter, Commitment, ConsultationRef, Contact, DispositionLabel, OutOfScope, PlanChange,
    ResponseTable, Row, Ward, printed::prints_originals,
};
use domain::{Channel, Locale, layout::Layout, workflow::Workflow};
use sea_orm::ConnectionTrait;

use crate::{
    ctx::Ctx,
    error::Result,
    repository::approval::{self, Consequence, Fact, Line, Opinion},
    service::consultation::Loaded,
};

/// Which row answers which opinion item, as (row, item, 1 where it is repeated there).
pub type Links = Vec<(i64, i64, i64)>;

/// A table built from the desk.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The table.
    pub table: ResponseTable,
    /// Which row answers which item, sorted.
    pub links: Links,
    /// What keeps it from being put up for decision.
    pub checks: Checks,
    /// The ward's steps of approval.
    pub workflow: Workflow,
}

/// Builds the table of a theme from its desk, and checks it: four statements, and one more where the layout prints the
/// opinions as sent. `version` is the one it would be published as.
///
/// # Errors
/// When the database is away.
pub async fn compose<C: ConnectionTrait>(db: &C, ctx: &Ctx, theme: &Loaded, version: i64) -> Result<Composed> {
    let id = theme.row.id;
    let outline = approval::lines(db, id).await?;
    let opinions = approval::opinions(db, id).await?;
    let consequences = approval::consequences(db, id).await?;
    let facts = Facts::of(approval::facts(db, id).await?);
    let layout = facts.layout(theme);
    let originals = if prints_originals(&layout) {
        approval::originals(db, id).await?.into_iter().map(|o| (o.item, o.text)).collect()
    } else {
        HashMap::new()
    };
    let mut table = cover(ctx, theme, &facts, version);
    table.layout = layout;
    let received = Received::of(&opinions);
    received.count(&mut table);
    table.summarised = outline.iter().any(|line| line.verbatim == Some(0));
    let rows = rows_of(&opinions);
    table.chapters = chapters(theme, &facts, &outline, &Gathered { rows: &rows, originals, received: &received });
    follow_up(&mut table, &facts, consequences);
    let mut links: Links = opinions
        .iter()
        .filter(|o| o.out_of_scope.is_none())
        .filter_map(|o| Some((o.summary_id?, o.item, o.again.unwrap_or(0))))
        .collect();
    links.sort_unstable();
    let workflow = facts.workflow();
    let checks = checks::checks(theme, &table, &outline, &opinions, workflow.confirm_summaries);
    Ok(Composed { table, links, checks, workflow })
}

/// Departments, settings and the outline of the draft.
struct Facts {
    departments: HashMap<i64, Fact>,
    settings: HashMap<String, String>,
    /// The heading that each paragraph of the draft stands under.
    headings: HashMap<String, String>,
}

impl Facts {
    fn of(found: Vec<Fact>) -> Self {
        let mut facts = Self { departments: HashMap::new(), settings: HashMap::new(), headings: HashMap::new() };
        let mut heading = String::new();
        for fact in found {
            match fact.kind {
                1 => {
                    facts.departments.insert(fact.id, fact);
                }
                2 => {
                    facts.settings.insert(fact.a, fact.b);
                }
                _ => {
                    if fact.c.starts_with("heading") {
                        heading = fact.b;
                    }
                    facts.headings.insert(fact.a, heading.clone());
                }
            }
        }
        facts
    }

    fn department(&self, id: i64) -> String {
        self.departments.get(&id).map(|d| d.a.clone()).unwrap_or_default()
    }

    /// The theme's own layout, else the ward's, else the usual one.
    fn layout(&self, theme: &Loaded) -> Layout {
        let read = |json: &str| serde_json::from_str(json).ok();
        read(&theme.row.layout).or_else(|| read(self.settings.get("layout")?)).unwrap_or_default()
    }

    fn workflow(&self) -> Workflow {
        self.settings.get("workflow").and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// Where in the draft an opinion belongs: the heading of its paragraph, else its page.
    fn place(&self, opinion: &Opinion) -> String {
        let heading = opinion.anchor.as_ref().and_then(|anchor| self.headings.get(anchor));
        match (heading, opinion.page) {
            (Some(heading), _) if !heading.is_empty() => heading.clone(),
            (_, Some(page)) => page_place(page),
            _ => String::new(),
        }
    }
}

/// Everything above the table but for the counts.
fn cover(ctx: &Ctx, theme: &Loaded, facts: &Facts, version: i64) -> ResponseTable {
    let row = &theme.row;
    let ward = &ctx.app.ward;
    let department = facts.departments.get(&row.department_id);
    let part = |of: fn(&Fact) -> &String| department.map(|d| of(d).clone()).unwrap_or_default();
    let eligible: Vec<String> = if theme.has_rules() {
        theme.rules.eligible.iter().map(|kind| eligibility_words(Locale::Ja, *kind)).collect()
    } else {
        vec![]
    };
    let places = match (row.places.is_empty(), theme.has_rules()) {
        (true, true) => theme.rules.result_places.join("、"),
        _ => row.places.clone(),
    };
    ResponseTable {
        ward: Ward { code: ward.code.clone(), name: ward.name.clone() },
        consultation: ConsultationRef {
            id: row.id,
            slug: row.slug.clone(),
            title: row.title.clone(),
            department: part(|d| &d.a),
            url: address(ctx, &row.slug),
        },
        opens_on: theme.period.opens_on,
        closes_on: theme.period.closes_on,
        methods: row.methods.clone(),
        version: u32::try_from(version).unwrap_or(1),
        published_at: ctx.now,
        dispositions: theme
            .dispositions
            .0
            .iter()
            .map(|d| DispositionLabel { code: d.code.clone(), mark: d.mark.clone(), label: d.label.clone() })
            .collect(),
        reflecting: theme.dispositions.0.iter().filter(|d| d.reflected).map(|d| d.code.clone()).collect(),
        contact: Contact {
            department: part(|d| &d.a),
            phone: part(|d| &d.b),
            fax: part(|d| &d.c),
            email: part(|d| &d.d),
            counter: part(|d| &d.e),
        },
        publicity: row.publicity.clone(),
        places,
        eligible: eligible.join("、"),
        ..ResponseTable::default()
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What was received, counted.
struct Received<'a> {
    /// The number of each person, from 1 in order of receipt.
    people: HashMap<&'a str, u32>,
    /// People and opinions of each channel. A person who wrote by several is counted once, at the first: the channels
    /// add up to the whole.
    channels: BTreeMap<Channel, (u32, u32)>,
    opinions: u32,
    outside: BTreeMap<&'a str, u32>,
}

impl<'a> Received<'a> {
    fn of(opinions: &'a [Opinion]) -> Self {
        let mut found =
            Self { people: HashMap::new(), channels: BTreeMap::new(), opinions: 0, outside: BTreeMap::new() };
        // An opinion in several rows is several lines.
        let mut seen = HashSet::new();
        for opinion in opinions.iter().filter(|o| seen.insert(o.item)) {
            let channel = Channel::from_code(&opinion.channel).unwrap_or_default();
            let (people, of_channel) = found.channels.entry(channel).or_default();
            let next = count(found.people.len()) + 1;
            found.people.entry(&opinion.submitter).or_insert_with(|| {
                *people += 1;
                next
            });
            match &opinion.out_of_scope {
                None => {
                    *of_channel += 1;
                    found.opinions += 1;
                }
                Some(reason) => *found.outside.entry(reason).or_default() += 1,
            }
        }
        found
    }

    fn count(&self, table: &mut ResponseTable) {
        table.submitters = count(self.people.len());
        table.opinions = self.opinions;
        table.by_channel = self
            .channels
            .iter()
            .map(|(channel, (submitters, opinions))| ChannelCount {
                code: channel.code().to_owned(),
                label: channel.official_label().to_owned(),
                submitters: *submitters,
                opinions: *opinions,
            })
            .collect();
        let mut outside: Vec<OutOfScope> = self
            .outside
            .iter()
            .map(|(reason, opinions)| OutOfScope { reason: (*reason).to_owned(), opinions: *opinions })
            .collect();
        outside.sort_by_key(|o| std::cmp::Reverse(o.opinions));
        table.out_of_scope = outside;
    }
}

/// The opinions in scope by the row they are in.
fn rows_of(opinions: &[Opinion]) -> HashMap<i64, Vec<&Opinion>> {
    let mut rows: HashMap<i64, Vec<&Opinion>> = HashMap::new();
    for opinion in opinions.iter().filter(|o| o.out_of_scope.is_none()) {
        if let Some(row) = opinion.summary_id {
            rows.entry(row).or_default().push(opinion);
        }
    }
    rows
}

struct Gathered<'a> {
    rows: &'a HashMap<i64, Vec<&'a Opinion>>,
    originals: HashMap<i64, String>,
    received: &'a Received<'a>,
}

impl Gathered<'_> {
    fn row(&self, facts: &Facts, id: i64, number: u32, text: &str) -> Row {
        let opinions = self.rows.get(&id).map(Vec::as_slice).unwrap_or_default();
        let again = opinions.iter().filter(|o| o.again == Some(1)).count();
        let people: HashSet<&str> = opinions.iter().map(|o| o.submitter.as_str()).collect();
        // What is counted here stands first: the row is about it.
        let first = opinions.iter().find(|o| o.again != Some(1)).or_else(|| opinions.first());
        Row {
            summary_id: id,
            number,
            text: text.to_owned(),
            same_count: count(opinions.len() - again),
            again: count(again),
            people: count(people.len()),
            originals: opinions.iter().filter_map(|o| self.originals.get(&o.item).cloned()).collect(),
            place: first.map(|o| facts.place(o)).unwrap_or_default(),
            sender: first.and_then(|o| self.received.people.get(o.submitter.as_str()).copied()).unwrap_or(0),
        }
    }
}

/// The chapters that have rows; rows that follow each other and share an answer stand together.
fn chapters(theme: &Loaded, facts: &Facts, lines: &[Line], gathered: &Gathered<'_>) -> Vec<Chapter> {
    let own = facts.department(theme.row.department_id);
    let mut chapters: Vec<Chapter> = Vec::new();
    let mut number = 0;
    for line in lines {
        let Some(summary) = line.summary_id else { continue };
        if chapters.last().is_none_or(|c| c.id != line.chapter_id) {
            chapters.push(Chapter { id: line.chapter_id, title: line.chapter.clone(), groups: vec![] });
            number = 0;
        }
        number += 1;
        let row = gathered.row(facts, summary, number, line.text.as_deref().unwrap_or_default());
        let department = line.department_id.map_or_else(|| own.clone(), |id| facts.department(id));
        let Some(chapter) = chapters.last_mut() else { continue };
        match chapter.groups.last_mut() {
            Some(group) if line.ward_view_id == Some(group.ward_view_id) => {
                group.rows.push(row);
                let names = group.department.get_or_insert_default();
                if !names.split('、').any(|name| name == department) {
                    names.push('、');
                    names.push_str(&department);
                }
            }
            _ => chapter.groups.push(AnswerGroup {
                ward_view_id: line.ward_view_id.unwrap_or(0),
                answer: line.answer.clone().unwrap_or_default(),
                disposition: line.disposition.clone(),
                reason: line.reason.clone().filter(|reason| !reason.is_empty()),
                department: Some(department),
                rows: vec![row],
            }),
        }
    }
    chapters
}

/// 修正箇所, and the 約束 of answers that are in the table.
fn follow_up(table: &mut ResponseTable, facts: &Facts, consequences: Vec<Consequence>) {
    let answers: HashSet<i64> = table.rows().map(|flat| flat.group.ward_view_id).collect();
    for it in consequences {
        if it.kind == 2 {
            if answers.contains(&it.ward_view_id) {
                table.commitments.push(Commitment {
                    id: it.id,
                    ward_view_id: it.ward_view_id,
                    text: it.a,
                    department: facts.department(it.department_id),
                    due_on: it.b.parse().ok(),
                });
            }
            continue;
        }
        match table.plan_changes.last_mut() {
            Some(last) if last.id == it.id => last.rows.extend(it.link),
            _ => table.plan_changes.push(PlanChange {
                id: it.id,
                place: it.a,
                before: it.b,
                after: it.c,
                reason: it.d,
                rows: it.link.into_iter().collect(),
            }),
        }
    }
}

/// Whether two tables say the same, whenever they were made and whatever was corrected before.
#[must_use]
pub fn same_content(a: &ResponseTable, b: &ResponseTable) -> bool {
    plain(a) == plain(b)
}

/// A table without what is only known when it is published: version, moment, corrections, and the address of the site.
#[must_use]
pub fn plain(table: &ResponseTable) -> ResponseTable {
    let consultation = ConsultationRef { url: String::new(), ..table.consultation.clone() };
    ResponseTable { version: 0, published_at: 0, corrections: vec![], consultation, ..table.clone() }
}

/// The address of a theme's published table, as the table names it.
#[must_use]
pub fn address(ctx: &Ctx, slug: &str) -> String {
    ctx.url(&format!("/consultations/{slug}/responses"))
}

/// How rows are called: 「1-2」 by summary id.
#[must_use]
pub fn row_names(table: &ResponseTable) -> HashMap<i64, String> {
    table.rows().map(|r| (r.row.summary_id, format!("{}-{}", r.chapter_index + 1, r.row.number))).collect()
}
