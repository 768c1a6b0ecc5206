//! Writing the rows of a table: ids and receipt numbers by the hundred, people known by name and place, texts with their
//! groups.

use std::collections::{HashMap, HashSet};

use domain::{Channel, Locale, Millis, ProposalState, ReceiptNumber, similarity, wareki};
use sea_orm::{
    ActiveValue::{NotSet, Unchanged},
    DbErr, Set,
};

use super::{
    commit::{PAGE, Work},
    pipeline::{Placed, TextPlace},
};
use crate::{
    ctx::Ctx,
    database::WriteTransaction,
    entity::{identity, opinion_item, proposal, staff_note, text_band, text_group, text_variant},
    repository,
    service::{consultation::Loaded, submission::eligibility_code},
};

const HOUR: Millis = similarity::BURST_WINDOW_MS;

/// A group or wording that the import touches.
#[derive(Debug)]
struct Slot {
    id: i64,
    /// Submissions that were added and are not in its stored size.
    added: i64,
}

/// Writes submissions by the hundred.
pub(super) struct Writer<'a> {
    ctx: &'a Ctx,
    import: i64,
    consultation: i64,
    actor: Option<i64>,
    /// Who is counted, by the first half of the key of the person.
    people: HashMap<u128, Box<str>>,
    receipts: HashSet<u64>,
    groups: HashMap<usize, Slot>,
    variants: HashMap<usize, Slot>,
    work: Work,
}

/// Rows of the texts that a batch brought.
#[derive(Default)]
struct NewTexts {
    groups: Vec<usize>,
    /// Number, group, hash, row of the batch that stands for it, bands.
    variants: Vec<(usize, usize, i64, usize, Vec<i64>)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(ctx: &'a Ctx, theme: &Loaded, import: i64) -> Self {
        Self {
            ctx,
            import,
            consultation: theme.row.id,
            actor: ctx.actor.as_ref().map(|actor| actor.id.0),
            people: HashMap::new(),
            receipts: HashSet::new(),
            groups: HashMap::new(),
            variants: HashMap::new(),
            work: Work::default(),
        }
    }

    pub(super) async fn known_people(&mut self, tx: &WriteTransaction) -> Result<(), DbErr> {
        let mut after = String::new();
        loop {
            let some = repository::imports::known_people(tx, self.consultation, &after, PAGE).await?;
            let Some(last) = some.last() else { return Ok(()) };
            after.clone_from(&last.match_key);
            for person in some {
                self.people.insert(short(&person.match_key), person.submitter.into());
            }
        }
    }

    pub(super) async fn write(&mut self, tx: &WriteTransaction, rows: Vec<Placed>) -> Result<(), DbErr> {
        if rows.is_empty() {
            return Ok(());
        }
        let ids = repository::imports::take_ids(tx, "proposal", rows.len()).await?;
        let receipts = self.receipts(tx, rows.len()).await?;
        let new = self.place(tx, &rows).await?;
        let (mut proposals, mut items, mut identities, mut notes) = (vec![], vec![], vec![], vec![]);
        for ((placed, &id), receipt) in rows.into_iter().zip(&ids).zip(receipts) {
            let Placed { submission, person, text } = placed;
            let submitter = self.submitter(person.as_deref(), &receipt);
            if !submission.identity.is_empty() {
                identities.push(self.identity_row(id, &submission.identity, person));
            }
            for (position, item) in (1_i64..).zip(&submission.items) {
                items.push(opinion_item::ActiveModel {
                    id: NotSet,
                    proposal_id: Set(id),
                    position: Set(position),
                    created_at: Set(self.ctx.now),
                    body: Set(item.body.clone()),
                    anchor: Set(item.anchor.clone()),
                    page: Set(item.page),
                    out_of_scope: Set(None),
                });
            }
            notes.extend(submission.note.clone().map(|body| staff_note::ActiveModel {
                id: NotSet,
                proposal_id: Set(id),
                account_id: Set(self.actor.unwrap_or_default()),
                body: Set(body),
                created_at: Set(self.ctx.now),
            }));
            self.work.submissions += 1;
            self.work.opinions += i64::try_from(submission.items.len()).unwrap_or_default();
            proposals.push(self.proposal_row(id, submitter, receipt, submission, text.as_ref()));
        }
        repository::imports::insert_all(tx, proposals).await?;
        repository::imports::insert_all(tx, items).await?;
        repository::imports::insert_all(tx, identities).await?;
        repository::imports::insert_all(tx, notes).await?;
        self.store(tx, new, &ids).await
    }

    /// Gives every new text of a batch its id and counts the others.
    async fn place(&mut self, tx: &WriteTransaction, rows: &[Placed]) -> Result<NewTexts, DbErr> {
        let mut new = NewTexts::default();
        for (index, text) in rows.iter().enumerate().filter_map(|(index, row)| Some((index, row.text.as_ref()?))) {
            let (group, variant) = (text.group, text.variant);
            let slot = self.groups.entry(group.0).or_insert_with(|| {
                if group.1.is_none() {
                    new.groups.push(group.0);
                }
                Slot { id: group.1.unwrap_or_default(), added: 0 }
            });
            slot.added += 1;
            let slot = self.variants.entry(variant.0).or_insert_with(|| {
                if variant.1.is_none() {
                    new.variants.push((variant.0, group.0, text.hash, index, text.bands.clone()));
                }
                Slot { id: variant.1.unwrap_or_default(), added: 0 }
            });
            slot.added += 1;
        }
        let group_ids = repository::imports::take_ids(tx, "text_group", new.groups.len()).await?;
        for (number, id) in new.groups.iter().zip(group_ids) {
            if let Some(slot) = self.groups.get_mut(number) {
                slot.id = id;
            }
        }
        let variant_ids = repository::imports::take_ids(tx, "text_variant", new.variants.len()).await?;
        for ((number, ..), id) in new.variants.iter().zip(variant_ids) {
            if let Some(slot) = self.variants.get_mut(number) {
                slot.id = id;
            }
        }
        Ok(new)
    }

    /// Stores the new texts of a batch with the sizes they have so far.
    async fn store(&mut self, tx: &WriteTransaction, new: NewTexts, proposals: &[i64]) -> Result<(), DbErr> {
        let hour = self.ctx.now.div_euclid(HOUR);
        let mut groups = Vec::with_capacity(new.groups.len());
        for number in new.groups {
            let Some(slot) = self.groups.get_mut(&number) else { continue };
            let size = std::mem::take(&mut slot.added);
            groups.push(text_group::ActiveModel {
                id: Set(slot.id),
                consultation_id: Set(self.consultation),
                size: Set(size),
                hour: Set(hour),
                hour_size: Set(size),
                peak_size: Set(size),
                peak_at: Set(hour * HOUR),
                created_at: Set(self.ctx.now),
            });
        }
        let (mut variants, mut bands) = (Vec::with_capacity(new.variants.len()), Vec::new());
        for (number, group, hash, index, own_bands) in new.variants {
            let group = self.groups.get(&group).map(|slot| slot.id).unwrap_or_default();
            let Some(slot) = self.variants.get_mut(&number) else { continue };
            variants.push(text_variant::ActiveModel {
                id: Set(slot.id),
                consultation_id: Set(self.consultation),
                text_group_id: Set(group),
                fold_hash: Set(hash),
                proposal_id: Set(proposals.get(index).copied().unwrap_or_default()),
                size: Set(std::mem::take(&mut slot.added)),
            });
            let id = slot.id;
            bands.extend(own_bands.into_iter().map(|band| text_band::ActiveModel {
                consultation_id: Set(self.consultation),
                band: Set(band),
                text_variant_id: Set(id),
            }));
        }
        repository::imports::insert_all(tx, groups).await?;
        repository::imports::insert_all(tx, variants).await?;
        repository::imports::insert_all(tx, bands).await
    }

    /// Adds to the sizes of what was stored before.
    pub(super) async fn finish(self, tx: &WriteTransaction) -> Result<Work, DbErr> {
        for slot in self.variants.values().filter(|slot| slot.added > 0) {
            repository::text_group::grow_variant(tx, slot.id, slot.added).await?;
        }
        let hour = self.ctx.now.div_euclid(HOUR);
        for slot in self.groups.values().filter(|slot| slot.added > 0) {
            let Some(group) = repository::text_group::group(tx, slot.id).await? else { continue };
            let hour_size = if group.hour == hour { group.hour_size + slot.added } else { slot.added };
            let peaks = hour_size > group.peak_size;
            let changes = text_group::ActiveModel {
                id: Unchanged(slot.id),
                size: Set(group.size + slot.added),
                hour: Set(hour),
                hour_size: Set(hour_size),
                peak_size: Set(if peaks { hour_size } else { group.peak_size }),
                peak_at: Set(if peaks { hour * HOUR } else { group.peak_at }),
                ..Default::default()
            };
            repository::text_group::update_group(tx, changes).await?;
        }
        Ok(self.work)
    }

    /// So many new receipt numbers that nobody has.
    async fn receipts(&mut self, tx: &WriteTransaction, count: usize) -> Result<Vec<String>, DbErr> {
        let year = wareki::fiscal_year(wareki::date_of(self.ctx.now));
        let mut numbers: Vec<String> = Vec::with_capacity(count);
        while numbers.len() < count {
            let mut fresh = Vec::with_capacity(count - numbers.len());
            while fresh.len() < count - numbers.len() {
                // The bits that a receipt number shows.
                let bits = rand::random::<u64>() & 0xFF_FFFF_FFFF;
                if self.receipts.insert(bits) {
                    fresh.push(ReceiptNumber::new(year, bits).to_string());
                }
            }
            let taken = repository::imports::receipts_taken(tx, &fresh).await?;
            numbers.extend(fresh.into_iter().filter(|number| !taken.contains(number)));
        }
        Ok(numbers)
    }

    /// Who is counted: the person known by name and place, or somebody new.
    fn submitter(&mut self, person: Option<&str>, receipt: &str) -> String {
        let new = || format!("person:{receipt}");
        match person {
            Some(key) => self.people.entry(short(key)).or_insert_with(|| new().into()).to_string(),
            None => new(),
        }
    }

    fn proposal_row(
        &self,
        id: i64,
        submitter: String,
        receipt: String,
        submission: super::check::Submission,
        text: Option<&TextPlace>,
    ) -> proposal::ActiveModel {
        let slot = |slots: &HashMap<usize, Slot>, number: usize| slots.get(&number).map(|slot| slot.id);
        proposal::ActiveModel {
            id: Set(id),
            consultation_id: Set(self.consultation),
            submitter: Set(submitter),
            channel: Set(Channel::code(submission.channel).to_owned()),
            receipt_number: Set(receipt),
            title: Set(submission.title),
            body: Set(submission.body),
            state: Set(ProposalState::Published.code().to_owned()),
            like_count: Set(0),
            // One moment for all: their ids tell their order.
            created_at: Set(self.ctx.now),
            updated_at: Set(self.ctx.now),
            intake: Set(submission.intake.code().to_owned()),
            eligibility: Set(eligibility_code(submission.eligibility).to_owned()),
            received_on: Set(submission.received.to_string()),
            postmarked_on: Set(submission.postmarked.map(|day| day.to_string())),
            entered_by: Set(self.actor),
            bulk_import_id: Set(Some(self.import)),
            text_variant_id: Set(text.and_then(|text| slot(&self.variants, text.variant.0))),
            text_group_id: Set(text.and_then(|text| slot(&self.groups, text.group.0))),
            no_reply: Set(submission.no_reply.into()),
            approval_only: Set(0),
            ..Default::default()
        }
    }

    fn identity_row(
        &self,
        proposal: i64,
        fields: &domain::identity::Identity,
        person: Option<String>,
    ) -> identity::ActiveModel {
        // Letters to a ward are Japanese, whatever language the clerk reads the site in.
        let locale = Locale::Ja.tag();
        repository::submission::identity_row((self.consultation, proposal), fields, person, locale, self.ctx.now)
    }
}

/// The first 128 bits of a person's key, which tell people apart in less memory.
fn short(match_key: &str) -> u128 {
    match_key.get(..32).and_then(|half| u128::from_str_radix(half, 16).ok()).unwrap_or_default()
}
