//! Who is told when a version comes out: each author with the way to the very rows, and everybody who follows the theme.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use documents::ResponseTable;
use domain::account::email_key;
use sea_orm::ConnectionTrait;

use super::{changes::news, reading::row_path, row_names};
use crate::{
    ctx::Ctx,
    entity::{account, identity},
    error::Result,
    mail,
    repository::{self, approval::Author},
    service::submission::locale_of,
};

/// What the keys of the mails about a version begin with.
pub(super) fn event(consultation: i64, version: i64) -> String {
    format!("answered:{consultation}:{version}")
}

/// Names and links of rows, in their order.
type Rows = Vec<(String, String)>;

/// Tells everybody about a version, once each: authors of the rows that are new to them, and those who follow the theme.
/// `before` is the version before with the rows that answered items in it.
///
/// # Errors
/// When the database refuses.
pub(super) async fn tell<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    table: &ResponseTable,
    answers: &BTreeSet<(i64, i64)>,
    before: Option<(&ResponseTable, &BTreeSet<(i64, i64)>)>,
) -> Result<()> {
    let told = tell_authors(tx, ctx, table, answers, before).await?;
    tell_followers(tx, ctx, table, &told).await
}

/// Gives the accounts that were written to.
async fn tell_authors<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    table: &ResponseTable,
    answers: &BTreeSet<(i64, i64)>,
    before: Option<(&ResponseTable, &BTreeSet<(i64, i64)>)>,
) -> Result<BTreeSet<i64>> {
    let consultation = table.consultation.id;
    let authors: HashMap<i64, Author> =
        repository::approval::authors(tx, consultation).await?.into_iter().map(|a| (a.item, a)).collect();
    let (by_account, mut by_letter) = rows_of_authors(ctx, table, answers, before, &authors);
    let title = &table.consultation.title;
    let event = event(consultation, i64::from(table.version));
    let ids: Vec<i64> = by_account.keys().copied().collect();
    for account in repository::approval::accounts(tx, &ids).await? {
        let Some(rows) = by_account.get(&account.id) else { continue };
        let content = app::mails::answer_published(mail::reader(ctx, &account), title, rows);
        mail::enqueue(tx, ctx, &account, &event, content).await?;
    }
    // People without an account who gave an address: one mail each, whatever they sent.
    let mut by_address: BTreeMap<String, (identity::Model, Rows)> = BTreeMap::new();
    for person in repository::submission::addressees(tx, consultation).await? {
        let Some(rows) = by_letter.remove(&person.proposal_id) else { continue };
        let key = email_key(&person.email);
        let (_, all) = by_address.entry(key).or_insert_with(|| (person, Rows::new()));
        for row in rows {
            add(all, row);
        }
    }
    for (person, rows) in by_address.into_values() {
        let reader = mail::reader_of(ctx, locale_of(Some(&person)), &person.name);
        mail::enqueue_to(tx, ctx, &person.email, &event, app::mails::answer_published(reader, title, &rows)).await?;
    }
    Ok(ids.into_iter().collect())
}

/// The rows that are news, by account and by submission without one, in printed order.
fn rows_of_authors(
    ctx: &Ctx,
    table: &ResponseTable,
    answers: &BTreeSet<(i64, i64)>,
    before: Option<(&ResponseTable, &BTreeSet<(i64, i64)>)>,
    authors: &HashMap<i64, Author>,
) -> (BTreeMap<i64, Rows>, BTreeMap<i64, Rows>) {
    let changed = before.map(|(old, _)| news(old, table));
    let names = row_names(table);
    let mut items: HashMap<i64, Vec<i64>> = HashMap::new();
    for (row, item) in answers {
        items.entry(*row).or_default().push(*item);
    }
    let (mut by_account, mut by_letter) = (BTreeMap::new(), BTreeMap::new());
    for flat in table.rows() {
        let row = flat.row.summary_id;
        let same = changed.as_ref().is_some_and(|changed| !changed.contains(&row));
        let name = names.get(&row).cloned().unwrap_or_default();
        let link = ctx.url(&row_path(table, row));
        for item in items.get(&row).into_iter().flatten() {
            // An opinion that came to the row since then is news to its author, whatever the row says.
            let known = before.is_some_and(|(_, old)| old.contains(&(row, *item)));
            let Some(author) = authors.get(item).filter(|_| !(same && known)) else { continue };
            let rows: &mut Rows = match author.account_id {
                Some(account) => by_account.entry(account).or_default(),
                None => by_letter.entry(author.proposal).or_default(),
            };
            add(rows, (name.clone(), link.clone()));
        }
    }
    (by_account, by_letter)
}

async fn tell_followers<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    table: &ResponseTable,
    told: &BTreeSet<i64>,
) -> Result<()> {
    let theme = &table.consultation;
    let event = event(theme.id, i64::from(table.version));
    let link = ctx.url(&format!("/consultations/{}/responses", theme.slug));
    let stop = ctx.url(&format!("/consultations/{}/follow", theme.slug));
    let followers: Vec<account::Model> = repository::follow::followers(tx, theme.id).await?;
    for account in followers.into_iter().filter(|account| !told.contains(&account.id)) {
        let reader = mail::reader(ctx, &account);
        let content = app::mails::followed_published(reader, &theme.title, table.version > 1, &link, &stop);
        mail::enqueue(tx, ctx, &account, &event, content).await?;
    }
    Ok(())
}

fn add(rows: &mut Rows, row: (String, String)) {
    if !rows.contains(&row) {
        rows.push(row);
    }
}
