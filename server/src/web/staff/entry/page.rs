//! The desk's page from what is stored and what was typed.

use std::collections::HashMap;

use app::pages::staff::entry::{EntryPage, Focus, Found, FoundText, Place, Recorded, Scan, Sheet, TodayRow};
use domain::{Channel, FieldErrors, IntakeState, similarity, text, wareki};

use super::{address, written};
use crate::{
    ctx::Ctx,
    entity::proposal,
    error::Result,
    repository, secret,
    service::{
        consultation::Loaded,
        entry::{self as desk, Match, Refusal},
    },
};

/// So many of today's sheets are listed.
const LISTED: u64 = 30;
/// Characters of a place of the draft, and of a text in lists.
const EXCERPT: usize = 60;
/// Characters of another text of the same person.
const BEGINNING: usize = 200;

/// An empty sheet, as the one before it went: the same channel, day and hand.
pub(super) async fn fresh(ctx: &Ctx, theme: &Loaded, after: Option<i64>) -> Result<EntryPage> {
    let today = today(ctx, theme).await?;
    let before = after.and_then(|id| today.0.iter().find(|row| row.id == id));
    let day = before.and_then(|row| row.received_on.parse().ok()).unwrap_or_else(|| wareki::date_of(ctx.now));
    let first = Channel::Post.code();
    let sheet = Sheet {
        token: secret::token(),
        channel: before.map_or(first, |row| row.channel.as_str()).to_owned(),
        received_on: written(ctx, day),
        scribe: before.and_then(|row| row.scribe.clone()).unwrap_or_default(),
        intake: IntakeState::Accepted.code().to_owned(),
        ..Sheet::default()
    };
    let recorded = match before {
        Some(row) => Some(recorded(ctx, row).await?),
        None => None,
    };
    let page = page(ctx, theme, sheet, today, Focus::Channel).await?;
    Ok(EntryPage { recorded, ..page })
}

/// The sheet as it was typed, with what came of it.
pub(super) async fn again(
    ctx: &Ctx,
    theme: &Loaded,
    sheet: &Sheet,
    refusal: Refusal,
    focus: Focus,
) -> Result<EntryPage> {
    let today = today(ctx, theme).await?;
    let mut sheet = sheet.clone();
    let scan = desk::scan(ctx, theme, &sheet.scan).await?.map(|upload| Scan {
        href: format!("{}/scans/{}", address(theme.row.id), sheet.scan),
        file_name: upload.file_name,
        picture: upload.width.zip(upload.height),
    });
    if scan.is_none() {
        sheet.scan.clear();
    }
    let found = found(ctx, &sheet, refusal.found).await?;
    let page = page(ctx, theme, sheet, today, focus).await?;
    Ok(EntryPage { errors: refusal.errors, concerns: refusal.concerns, found, scan, ..page })
}

type Today = (Vec<proposal::Model>, u64);

/// What this clerk entered today, and how many that are.
async fn today(ctx: &Ctx, theme: &Loaded) -> Result<Today> {
    let since = wareki::start_of_day_ms(wareki::date_of(ctx.now));
    let (db, id, actor) = (ctx.db(), theme.row.id, ctx.actor()?.id.0);
    let rows = repository::entry::entered_since(db, id, actor, since, LISTED).await?;
    let listed = u64::try_from(rows.len()).unwrap_or_default();
    let count =
        if listed < LISTED { listed } else { repository::entry::count_entered_since(db, id, actor, since).await? };
    Ok((rows, count))
}

async fn page(ctx: &Ctx, theme: &Loaded, sheet: Sheet, today: Today, focus: Focus) -> Result<EntryPage> {
    let places = repository::draft::current_blocks(ctx.db(), theme.row.id).await?;
    Ok(EntryPage {
        theme: (theme.row.id, theme.row.title.clone()),
        shut: desk::shut(theme),
        asked: theme.rules.identity,
        postmark: theme.rules.postmark,
        sheet,
        errors: FieldErrors::new(),
        concerns: vec![],
        found: vec![],
        departments: super::super::departments(ctx).await?,
        places: places
            .into_iter()
            .map(|block| Place { anchor: block.anchor, text: text::excerpt(&block.text, EXCERPT) })
            .collect(),
        scan: None,
        recorded: None,
        today: today
            .0
            .into_iter()
            .map(|row| TodayRow {
                id: row.id,
                channel: channel(&row),
                at: row.created_at,
                intake: intake(&row),
                excerpt: text::excerpt(&row.body, EXCERPT),
                receipt: row.receipt_number,
            })
            .collect(),
        today_count: today.1,
        focus,
    })
}

fn channel(row: &proposal::Model) -> Channel {
    Channel::from_code(&row.channel).unwrap_or_default()
}

fn intake(row: &proposal::Model) -> IntakeState {
    IntakeState::from_code(&row.intake).unwrap_or_default()
}

async fn recorded(ctx: &Ctx, row: &proposal::Model) -> Result<Recorded> {
    let variant = match row.text_variant_id {
        Some(id) => repository::text_group::variant(ctx.db(), id).await?,
        None => None,
    };
    Ok(Recorded {
        id: row.id,
        receipt: row.receipt_number.clone(),
        channel: channel(row),
        received_on: row.received_on.parse().ok(),
        intake: intake(row),
        no_reply: row.no_reply != 0,
        same_text: variant.map_or(0, |variant| variant.size - 1),
    })
}

/// Earlier submissions with the names of who entered them and their texts beside the one that was typed.
async fn found(ctx: &Ctx, sheet: &Sheet, matches: Vec<Match>) -> Result<Vec<Found>> {
    let officers = matches.iter().filter_map(|m| m.row.entered_by).collect();
    let names: HashMap<i64, String> = repository::account::names(ctx.db(), officers).await?;
    let typed = text::normalise_newlines(&sheet.body);
    let key = similarity::key(&typed);
    Ok(matches
        .into_iter()
        .map(|m| Found {
            id: m.row.id,
            channel: channel(&m.row),
            received_on: m.row.received_on.parse().ok(),
            entered_by: m.row.entered_by.map(|id| names.get(&id).cloned().unwrap_or_default()),
            entered_at: m.row.created_at,
            likeness: m.likeness,
            text: compared(&m.row.body, typed.trim(), &key),
            receipt: m.row.receipt_number,
        })
        .collect())
}

fn compared(old: &str, typed: &str, key: &str) -> FoundText {
    let old_key = similarity::key(old);
    if old_key == key {
        FoundText::Same
    } else if similarity::resemblance(&old_key, key) >= similarity::NEAR {
        FoundText::Differs(similarity::differences(old, typed))
    } else {
        FoundText::Other(text::excerpt(old, BEGINNING))
    }
}
