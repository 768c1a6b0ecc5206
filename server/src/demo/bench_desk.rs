//! A closed public comment whose response desk is filled in and only waits for its decision, and the same kind of table
//! in memory: for `make bench`.

mod table;
mod texts;

use std::{io::Write as _, ops::Range};

use anyhow::{Context as _, bail, ensure};
use chrono::{Days, TimeDelta};
use domain::{
    Role,
    disposition::{DispositionPreset, DispositionSet},
    summary_check, wareki,
};
use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};

pub use table::bench_table;

use super::{
    DAY,
    bench_import::{bring_in, staff, theme},
};
use crate::{
    ctx::Ctx,
    database::WriteTransaction,
    entity::{chapter, consultation, summary, summary_item, ward_view},
    repository,
    service::{self, response, upload::Incoming},
    state::App,
};
use texts::{CHAPTERS, answer, mix, opinion, own};

/// How many rows share an answer, again and again: 5,000 rows have 3,000 answers.
const SHARED: [usize; 12] = [1, 1, 2, 1, 1, 5, 1, 1, 2, 1, 1, 3];
/// How many opinions a letter holds, again and again: 20,000 opinions come in 12,500 letters.
const PARTS: [usize; 5] = [3, 1, 2, 1, 1];
/// One in so many opinions is 対象外.
const OUTSIDE: usize = 97;
/// One in so many opinions is repeated in another row.
const AGAIN: usize = 150;
/// One in so many people gave a mail address.
const MAILED: usize = 8;
/// One in so many people sent two letters.
const LETTERS: usize = 9;

/// Which rows stand in which chapter, and which of them share an answer.
struct Outline {
    /// The chapter of each answer (from 0) with its rows (from 0), in order.
    answers: Vec<(usize, Range<usize>)>,
}

impl Outline {
    fn new(rows: usize) -> Self {
        let mut sizes = SHARED.into_iter().cycle();
        let mut answers = Vec::new();
        for chapter in 0..CHAPTERS.len() {
            let (mut from, end) = (rows * chapter / CHAPTERS.len(), rows * (chapter + 1) / CHAPTERS.len());
            while from < end {
                let until = (from + sizes.next().unwrap_or(1)).min(end);
                answers.push((chapter, from..until));
                from = until;
            }
        }
        Self { answers }
    }

    /// The chapter of each row.
    fn chapters(&self) -> Vec<usize> {
        self.answers.iter().flat_map(|(chapter, rows)| rows.clone().map(|_| *chapter)).collect()
    }
}

/// A 対応区分 that looks random.
fn disposition(of: &DispositionSet, seed: u64) -> Option<String> {
    let place = mix(seed ^ 5).checked_rem(of.0.len() as u64)?;
    usize::try_from(place).ok().and_then(|place| of.0.get(place)).map(|used| used.code.clone())
}

/// The row that counts an opinion: each row has one at least, and the first ones have most.
fn row_of(item: usize, rows: usize) -> usize {
    if item < rows {
        // Not in the order of the table: neighbours in it came at different times.
        let step = (rows * 2 / 3 + 1..rows * 2).find(|step| gcd(*step, rows) == 1).unwrap_or(1);
        return item * step % rows;
    }
    let rows = rows as u64;
    let (some, more) = (mix(item as u64) % rows, mix(item as u64 ^ 1) % rows);
    usize::try_from(some * more / rows).unwrap_or_default()
}

const fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn is_outside(item: usize, rows: usize) -> bool {
    item >= rows && item.is_multiple_of(OUTSIDE)
}

/// Loads a public comment that is over, with `items` opinions and `rows` rows of the desk: all opinions in scope are
/// counted in one row each, all rows are answered and confirmed. Gives what is needed to work on it.
///
/// # Errors
/// When the demonstration isn't loaded, something refuses, or the desk isn't ready for its decision.
pub async fn bench_desk(app: &App, items: usize, rows: usize) -> anyhow::Result<Value> {
    ensure!(rows > 0 && items >= rows, "a desk needs a row, and an opinion for each row");
    let name = format!("bench-desk-{items}-{rows}");
    let (clerk, clerk_session) = staff(app, &format!("{name}-clerk"), Role::Clerk).await?;
    let (checker, checker_session) = staff(app, &format!("{name}-checker"), Role::Clerk).await?;
    let (_, approver_session) = staff(app, &format!("{name}-approver"), Role::Approver).await?;
    let outline = Outline::new(rows);
    let theme = put_theme(&clerk, &name).await?;
    let file = letters(app, &theme, items, &outline.chapters())?;
    let taken = bring_in(&clerk, theme.id, file, true).await?;
    let tx = app.database.write().await?;
    let desk = Desk { tx: &tx, by: actor(&clerk)?, second: actor(&checker)?, now: clerk.now, theme: theme.id };
    let outside = desk.fill(items, rows, &outline).await?;
    tx.commit().await?;
    let ready = response::readiness(clerk.db(), &service::consultation::loaded(&clerk, theme.id).await?).await?;
    ensure!(ready.is_ready(), "the desk isn't ready for its decision: {ready:?}");
    Ok(json!({
        "theme": theme.id,
        "slug": theme.slug,
        "items": items,
        "submissions": taken.work.submissions,
        "opinions": items - outside,
        "rows": rows,
        "answers": outline.answers.len(),
        "clerk": clerk_session,
        "checker": checker_session,
        "approver": approver_session,
    }))
}

fn actor(ctx: &Ctx) -> anyhow::Result<i64> {
    Ok(ctx.actor.as_ref().context("nobody is signed in")?.id.0)
}

/// A public comment that ended ten days ago.
async fn put_theme(ctx: &Ctx, slug: &str) -> anyhow::Result<consultation::Model> {
    let tx = ctx.app.database.write().await?;
    let new = consultation::ActiveModel {
        slug: Set(slug.to_owned()),
        title: Set("計測用のパブリックコメント（回答の作成）".to_owned()),
        disposition_preset: Set(DispositionPreset::SixMarks.code().to_owned()),
        opens_at: Set(ctx.now - 40 * DAY),
        closes_at: Set(ctx.now - 10 * DAY),
        publish_at: Set(Some(ctx.now - 40 * DAY)),
        ..theme(ctx, 0)
    };
    let made = new.insert(&tx).await?;
    tx.commit().await?;
    Ok(made)
}

/// The table of all letters, in the order in which they came. `chapters`: of each row.
fn letters(app: &App, theme: &consultation::Model, items: usize, chapters: &[usize]) -> anyhow::Result<Incoming> {
    let (file, path) = app.files.spool()?.into_parts();
    let mut out = csv::Writer::from_writer(file);
    out.write_record(["整理番号", "提出方法", "収受日", "氏名", "住所", "応募資格", "メールアドレス", "意見"])?;
    let last = wareki::date_of(theme.closes_at);
    let (mut at, mut n) = (0, 0);
    for parts in PARTS.into_iter().cycle() {
        if at == items {
            break;
        }
        let until = (at + parts).min(items);
        let texts: Vec<String> = (at..until).map(|item| text(item, chapters)).collect();
        let channel = ["郵送", "FAX", "電子メール", "持参"].get(n % 4).copied().unwrap_or("郵送");
        let person = if n.is_multiple_of(LETTERS) { n / 2 } else { n };
        let mail = if person.is_multiple_of(MAILED) { format!("bench-{person}@example.jp") } else { String::new() };
        let day = last.checked_sub_days(Days::new(20 - u64::try_from(n * 20 / items)?)).context("day")?;
        out.write_record([
            n.to_string(),
            channel.to_owned(),
            day.to_string(),
            format!("計測 {person}"),
            format!("みなも区本町{}-{}", person % 90 + 1, person / 90),
            "在住".to_owned(),
            mail,
            letter(&texts),
        ])?;
        (at, n) = (until, n + 1);
    }
    out.flush()?;
    let mut file = out.into_inner().map_err(csv::IntoInnerError::into_error)?;
    file.flush()?;
    let size = file.metadata()?.len();
    Ok(Incoming { field: "file".to_owned(), file_name: format!("{}.csv", theme.slug), path, size })
}

/// Several opinions are numbered, so that they are cut apart.
fn letter(texts: &[String]) -> String {
    match texts {
        [only] => only.clone(),
        several => {
            let numbered: Vec<String> =
                ['①', '②', '③'].into_iter().zip(several).map(|(mark, text)| format!("{mark}{text}")).collect();
            numbered.join("\n")
        }
    }
}

/// What an opinion says: what its row is about, in the words of others or with words of its own.
fn text(item: usize, chapters: &[usize]) -> String {
    let row = row_of(item, chapters.len());
    let chapter = chapters.get(row).copied().unwrap_or_default();
    let seed = row as u64;
    match mix(item as u64) % 3 {
        // The same wording as others.
        0 => opinion(chapter, seed),
        // Nearly the same.
        1 => format!("{}{}", own(item as u64), opinion(chapter, seed)),
        // In other words.
        _ => opinion(chapter, seed.wrapping_add(mix(item as u64))),
    }
}

/// The desk of a theme, while it is filled in.
struct Desk<'a> {
    tx: &'a WriteTransaction,
    by: i64,
    /// Who confirms.
    second: i64,
    now: domain::Millis,
    theme: i64,
}

impl Desk<'_> {
    /// Puts every opinion into its place; gives how many are 対象外.
    async fn fill(&self, items: usize, rows: usize, outline: &Outline) -> anyhow::Result<usize> {
        let limit = i64::try_from(items + 1)?;
        let found = repository::desk::texts_of_items(self.tx, self.theme, limit).await?;
        ensure!(found.len() == items, "{} opinions came in instead of {items}", found.len());
        let (mut outside, mut gathered) = (Vec::new(), vec![Vec::new(); rows]);
        for (place, (id, text)) in found.iter().enumerate() {
            match gathered.get_mut(row_of(place, rows)) {
                _ if is_outside(place, rows) => outside.push(*id),
                Some(row) => row.push((*id, text.as_str())),
                None => bail!("there is no such row"),
            }
        }
        repository::desk::set_scope(self.tx, &outside, Some("計画の内容に関係のないご意見")).await?;
        let chapters = self.chapters().await?;
        let summaries = repository::imports::take_ids(self.tx, "summary", rows).await?;
        let answers = repository::imports::take_ids(self.tx, "ward_view", outline.answers.len()).await?;
        self.answers(&answers, outline).await?;
        self.rows(&chapters, &summaries, &answers, outline, &gathered).await?;
        self.links(&summaries, &gathered).await?;
        Ok(outside.len())
    }

    async fn chapters(&self) -> anyhow::Result<Vec<i64>> {
        let mut ids = Vec::new();
        for (position, title) in (1_i64..).zip(CHAPTERS) {
            let new = chapter::ActiveModel {
                consultation_id: Set(self.theme),
                position: Set(position),
                title: Set(title.to_owned()),
                pinned_last: Set(i64::from(ids.len() + 1 == CHAPTERS.len())),
                ..Default::default()
            };
            ids.push(repository::response::insert_chapter(self.tx, new).await?.id);
        }
        Ok(ids)
    }

    /// The answers, all settled.
    async fn answers(&self, ids: &[i64], outline: &Outline) -> anyhow::Result<()> {
        let dispositions = DispositionSet::of(DispositionPreset::SixMarks);
        let made = ids.iter().zip(&outline.answers).map(|(id, (chapter, rows))| ward_view::ActiveModel {
            id: Set(*id),
            consultation_id: Set(self.theme),
            text: Set(answer(*chapter, rows.start as u64)),
            disposition: Set(disposition(&dispositions, rows.start as u64)),
            reason: Set(String::new()),
            state: Set("settled".to_owned()),
            settled_by: Set(Some(self.by)),
            settled_at: Set(Some(self.now)),
            version: Set(1),
            updated_at: Set(self.now),
            updated_by: Set(self.by),
        });
        Ok(repository::imports::insert_all(self.tx, made.collect()).await?)
    }

    /// The rows: the words of its first opinion, or a 要旨 that somebody else has confirmed.
    async fn rows(
        &self,
        chapters: &[i64],
        ids: &[i64],
        answers: &[i64],
        outline: &Outline,
        gathered: &[Vec<(i64, &str)>],
    ) -> anyhow::Result<()> {
        let departments = repository::setting::departments(self.tx).await?;
        let others = departments.get(1..).unwrap_or_default();
        let due = (wareki::date_of(self.now) + TimeDelta::days(14)).to_string();
        let mut made = Vec::with_capacity(ids.len());
        for (answer, (chapter, rows)) in answers.iter().zip(&outline.answers) {
            let chapter_id = chapters.get(*chapter).context("chapter")?;
            for row in rows.clone() {
                let texts: Vec<&str> = gathered.get(row).into_iter().flatten().map(|(_, text)| *text).collect();
                let text = match texts.as_slice() {
                    [only] if row.is_multiple_of(2) => (*only).to_owned(),
                    _ => opinion(*chapter, row as u64),
                };
                let verbatim = summary_check::is_verbatim(&texts, &text);
                // One row in ten is another department's.
                let other = others.get(row / 10 % others.len().max(1)).filter(|_| row.is_multiple_of(10));
                made.push(summary::ActiveModel {
                    id: Set(*ids.get(row).context("row")?),
                    consultation_id: Set(self.theme),
                    chapter_id: Set(*chapter_id),
                    position: Set(i64::try_from(row)? + 1),
                    text: Set(text),
                    version: Set(1),
                    updated_at: Set(self.now),
                    updated_by: Set(self.by),
                    ward_view_id: Set(Some(*answer)),
                    verbatim: Set(verbatim.into()),
                    confirmed_by: Set((!verbatim).then_some(self.second)),
                    confirmed_at: Set((!verbatim).then_some(self.now)),
                    department_id: Set(other.map(|department| department.id)),
                    due_on: Set(other.map(|_| due.clone())),
                    reminded_on: Set(None),
                });
            }
        }
        Ok(repository::imports::insert_all(self.tx, made).await?)
    }

    /// Which row counts which opinion, and which repeats it.
    async fn links(&self, rows: &[i64], gathered: &[Vec<(i64, &str)>]) -> anyhow::Result<()> {
        let link = |row: i64, item: i64, again: bool| summary_item::ActiveModel {
            summary_id: Set(row),
            opinion_item_id: Set(item),
            again: Set(again.into()),
        };
        let mut links = Vec::new();
        for ((row, next), items) in rows.iter().zip(rows.iter().cycle().skip(1)).zip(gathered) {
            for (item, _) in items {
                links.push(link(*row, *item, false));
                if row != next && mix(item.unsigned_abs()).is_multiple_of(AGAIN as u64) {
                    links.push(link(*next, *item, true));
                }
            }
        }
        Ok(repository::imports::insert_all(self.tx, links).await?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_row_stands_in_one_place() {
        for rows in [1, 11, 600, 5000] {
            let outline = Outline::new(rows);
            let all: Vec<usize> = outline.answers.iter().flat_map(|(_, rows)| rows.clone()).collect();
            assert_eq!(all, (0..rows).collect::<Vec<_>>());
        }
        let answers = Outline::new(5000).answers.len();
        assert!((2950..3100).contains(&answers), "{answers}");
    }

    #[test]
    fn every_row_has_an_opinion_of_its_own() {
        for rows in [1, 2, 3, 11, 600] {
            let first: HashSet<usize> = (0..rows).map(|item| row_of(item, rows)).collect();
            assert_eq!(first.len(), rows);
            assert!((rows..rows * 4).all(|item| row_of(item, rows) < rows));
        }
    }
}
