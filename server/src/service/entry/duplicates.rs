//! Looks for what may be the same sheet: by the text, by the person, and by what another officer entered a moment ago.

use std::cmp::Reverse;

use app::pages::staff::entry::Likeness;
use domain::{Millis, similarity};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    ctx::Ctx,
    entity::proposal,
    repository,
    service::{
        consultation::Loaded,
        submission::{self, NewSubmission},
    },
};

/// Another officer's entry of the same text within so many milliseconds is likely the same sheet.
const MOMENT: Millis = 30 * 60_000;
/// From so many submissions on a text is known to be sent by many: that two of them came on one day says nothing any
/// more when both senders are known and differ.
const MASS: i64 = 5;
/// How many of a group are looked at, the latest first.
const LOOKED_AT: u64 = 20;
/// How many are shown at most.
const SHOWN: usize = 5;

/// An earlier submission that may be the same.
#[derive(Clone, Debug)]
pub struct Match {
    /// The submission.
    pub row: proposal::Model,
    /// What speaks for it, the strongest first.
    pub likeness: Vec<Likeness>,
}

/// Where a text belongs among those that are there.
struct Neighbours {
    group: i64,
    size: i64,
}

/// Earlier submissions that the clerk should compare. A text alone is no reason: the same letter may come from many
/// people. It is one together with the person or the day, or when nothing tells the senders apart.
pub(super) async fn find<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    theme: &Loaded,
    new: &NewSubmission,
) -> Result<Vec<Match>, DbErr> {
    let key = similarity::key(&new.body);
    let person = submission::match_key(ctx, theme.row.id, &new.identity);
    let mut found: Vec<Match> = Vec::new();
    if let Some(person) = &person {
        let rows = repository::entry::of_person(tx, theme.row.id, person, LOOKED_AT).await?;
        found.extend(rows.into_iter().map(|row| Match { likeness: vec![Likeness::SamePerson], row }));
    }
    if let Some(near) = neighbours(tx, theme.row.id, &key).await? {
        let rows = repository::entry::of_group(tx, near.group, LOOKED_AT).await?;
        let people = repository::entry::match_keys(tx, rows.iter().map(|row| row.id).collect()).await?;
        for row in rows {
            let theirs = people.get(&row.id);
            let strangers = person.as_ref().zip(theirs).is_some_and(|(mine, theirs)| mine != theirs);
            let told_apart = strangers && near.size >= MASS;
            let just_now =
                row.entered_by.is_some() && row.entered_by != new.entered_by && row.created_at >= ctx.now - MOMENT;
            let same_day = row.received_on == new.received_on.to_string();
            let same_person = person.is_some() && person.as_ref() == theirs;
            if same_person || person.is_none() || ((same_day || just_now) && !told_apart) {
                note(&mut found, row, just_now && !told_apart, &key);
            }
        }
    }
    found.sort_by_key(|m| {
        (m.likeness.first().map_or(9, |first| rank(*first)), Reverse(m.likeness.len()), Reverse(m.row.id))
    });
    found.truncate(SHOWN);
    Ok(found)
}

/// Adds what is alike about the text to a submission that is found already, or that is new.
fn note(found: &mut Vec<Match>, row: proposal::Model, just_now: bool, key: &str) {
    let text = if similarity::key(&row.body) == key { Likeness::SameText } else { Likeness::NearText };
    let alike = just_now.then_some(Likeness::JustNow).into_iter().chain([text]);
    match found.iter_mut().find(|known| known.row.id == row.id) {
        Some(known) => known.likeness.extend(alike),
        None => found.push(Match { likeness: alike.collect(), row }),
    }
}

const fn rank(likeness: Likeness) -> u8 {
    match likeness {
        Likeness::SamePerson => 0,
        Likeness::JustNow => 1,
        Likeness::SameText => 2,
        Likeness::NearText => 3,
    }
}

/// The group of this text, or of the one it resembles most.
async fn neighbours<C: ConnectionTrait>(tx: &C, theme: i64, key: &str) -> Result<Option<Neighbours>, DbErr> {
    if key.is_empty() {
        return Ok(None);
    }
    let known = repository::text_group::variant_by_hash(tx, theme, similarity::hash(key)).await?;
    let group = match known {
        Some(variant) => Some(variant.text_group_id),
        None => match similarity::signature(key) {
            Some(signature) => nearest(tx, theme, key, &signature.bands()).await?,
            None => None,
        },
    };
    let Some(group) = group else { return Ok(None) };
    let size = repository::text_group::group(tx, group).await?.map_or(0, |row| row.size);
    Ok(Some(Neighbours { group, size }))
}

async fn nearest<C: ConnectionTrait>(tx: &C, theme: i64, key: &str, bands: &[i64]) -> Result<Option<i64>, DbErr> {
    let candidates = repository::text_group::candidates(tx, theme, bands).await?;
    Ok(candidates
        .into_iter()
        .map(|(variant, text)| (similarity::resemblance(key, &similarity::key(&text)), variant.text_group_id))
        .filter(|(likeness, _)| *likeness >= similarity::NEAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, group)| group))
}
