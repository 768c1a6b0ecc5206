//! What would be published: the table, built from the desk.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use documents::{AnswerGroup, ChannelCount, Chapter, ConsultationRef, DispositionLabel, ResponseTable, Row, Ward};
use domain::Channel;
use sea_orm::ConnectionTrait;

use super::{Item, Loading, in_scope};
use crate::{ctx::Ctx, error::Result, repository};

/// Builds the table from the desk. `version` is the one it would be published as.
///
/// # Errors
/// When the database is away.
pub async fn table<C: ConnectionTrait>(db: &C, ctx: &Ctx, loading: &Loading, version: i64) -> Result<ResponseTable> {
    let row = &loading.consultation.row;
    let department = repository::setting::department(db, row.department_id).await?;
    let ward = &ctx.app.ward;
    // A person who wrote by several channels is counted once, at the first: the channels add up to the whole.
    let mut people: BTreeSet<&str> = BTreeSet::new();
    let mut channels: BTreeMap<Channel, (u32, u32)> = BTreeMap::new();
    let mut in_order: Vec<&Item> = loading.items.values().collect();
    in_order.sort_by_key(|item| (item.proposal.id, item.row.id));
    for item in in_order {
        let channel = Channel::from_code(&item.proposal.channel).unwrap_or_default();
        let (submitters, opinions) = channels.entry(channel).or_default();
        *submitters += u32::from(people.insert(&item.proposal.submitter));
        *opinions += 1;
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(ResponseTable {
        ward: Ward { code: ward.code.clone(), name: ward.name.clone() },
        consultation: ConsultationRef {
            id: row.id,
            slug: row.slug.clone(),
            title: row.title.clone(),
            department: department.map(|d| d.name).unwrap_or_default(),
            url: ctx.url(&format!("/consultations/{}", row.slug)),
        },
        opens_on: loading.consultation.period.opens_on,
        closes_on: loading.consultation.period.closes_on,
        methods: row.methods.clone(),
        version: u32::try_from(version).unwrap_or(1),
        published_at: ctx.now,
        submitters: count(people.len()),
        opinions: count(loading.items.len()),
        by_channel: channels
            .into_iter()
            .map(|(channel, (submitters, opinions))| ChannelCount {
                code: channel.code().to_owned(),
                label: channel.official_label().to_owned(),
                submitters,
                opinions,
            })
            .collect(),
        summarised: is_summarised(loading),
        dispositions: loading
            .consultation
            .preset
            .dispositions()
            .iter()
            .map(|d| DispositionLabel { code: d.code.to_owned(), mark: d.mark.to_owned(), label: d.label.to_owned() })
            .collect(),
        chapters: chapters(loading),
    })
}

/// Whether any row is not the opinion itself, word for word.
fn is_summarised(loading: &Loading) -> bool {
    loading.desk.summaries.iter().any(|s| {
        let mut items = in_scope(loading, s.id);
        let first = items.next().map(|i| i.text().trim());
        first != Some(s.text.trim()) || items.next().is_some()
    })
}

fn chapters(loading: &Loading) -> Vec<Chapter> {
    loading
        .desk
        .chapters
        .iter()
        .map(|chapter| {
            let mut groups: Vec<AnswerGroup> = Vec::new();
            let rows = loading.desk.summaries.iter().filter(|s| s.chapter_id == chapter.id);
            for (number, summary) in (1_u32..).zip(rows) {
                let row = Row {
                    summary_id: summary.id,
                    number,
                    text: summary.text.clone(),
                    same_count: u32::try_from(in_scope(loading, summary.id).count()).unwrap_or(u32::MAX),
                };
                let answer = summary.ward_view_id.and_then(|v| loading.desk.ward_views.get(&v));
                match (groups.last_mut(), answer) {
                    (Some(last), Some(answer)) if last.ward_view_id == answer.id => last.rows.push(row),
                    _ => groups.push(AnswerGroup {
                        ward_view_id: answer.map_or(0, |a| a.id),
                        answer: answer.map(|a| a.text.clone()).unwrap_or_default(),
                        disposition: answer.and_then(|a| a.disposition.clone()),
                        rows: vec![row],
                    }),
                }
            }
            Chapter { id: chapter.id, title: chapter.title.clone(), groups }
        })
        .filter(|chapter| !chapter.groups.is_empty())
        .collect()
}

/// Whether two tables say the same, whenever they were made.
#[must_use]
pub fn same_content(a: &ResponseTable, b: &ResponseTable) -> bool {
    let plain = |t: &ResponseTable| ResponseTable { version: 0, published_at: 0, ..t.clone() };
    plain(a) == plain(b)
}

/// How rows are called: 「1-2」 by summary id.
#[must_use]
pub fn row_names(table: &ResponseTable) -> HashMap<i64, String> {
    table.rows().map(|r| (r.row.summary_id, format!("{}-{}", r.chapter_index + 1, r.row.number))).collect()
}
