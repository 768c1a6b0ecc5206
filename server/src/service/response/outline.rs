//! The outline: chapters and the places of rows. Numbers are never stored: they follow from the order, start anew in each
//! chapter, and 全般・その他 is always last.

use domain::{FieldErrors, permission::ConsultationAction, text};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{
    begin,
    desk::{Direction, own_chapter, own_summary},
    gather::{Outcome, Refused},
    journal::{Kind, Label, Recorder, Touched},
};
use crate::{
    audit,
    ctx::Ctx,
    database::WriteTransaction,
    entity::{chapter, summary},
    error::{AppError, Result},
    repository,
    service::{Checked, consultation::for_staff},
};

/// Longest title of a chapter in graphemes.
pub const CHAPTER_MAX: usize = 80;
/// Most chapters made from a draft at once.
const HEADINGS_MAX: usize = 100;
/// Room between two rows, so that one fits in between without moving the others.
const STRIDE: i64 = 1024;
/// The title of what stands last.
pub const LAST: &str = "全般・その他";

/// Whether a chapter with this title stands last by itself.
fn is_last(title: &str) -> bool {
    matches!(title, "全般・その他" | "全般、その他" | "全般及びその他" | "その他")
}

/// A place between rows, and the rows that have to make room for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Room {
    /// The position.
    pub position: i64,
    shifted: Vec<(i64, i64)>,
}

impl Room {
    /// The place before the row at `index` of rows in order (id, position).
    fn at(rows: &[(i64, i64)], index: usize) -> Self {
        let before = index.checked_sub(1).and_then(|i| rows.get(i)).map(|(_, position)| *position);
        let next = rows.get(index).map(|(_, position)| *position);
        let position = match (before, next) {
            (None, None) => STRIDE,
            (Some(before), None) => before + STRIDE,
            (None, Some(next)) => next - STRIDE,
            (Some(before), Some(next)) if next - before > 1 => before + (next - before) / 2,
            (Some(before), Some(_)) => {
                let places = (2_i64..).map(|n| before + n * STRIDE);
                let shifted = rows.iter().skip(index).map(|(id, _)| *id).zip(places).collect();
                return Self { position: before + STRIDE, shifted };
            }
        };
        Self { position, shifted: vec![] }
    }

    /// The rows that move.
    pub(super) fn rows(&self) -> impl Iterator<Item = i64> {
        self.shifted.iter().map(|(id, _)| *id)
    }

    /// Moves them.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) async fn make_room(&self, tx: &WriteTransaction) -> Result<()> {
        for (id, position) in &self.shifted {
            set_position(tx, *id, *position).await?;
        }
        Ok(())
    }
}

async fn set_position(tx: &WriteTransaction, row: i64, position: i64) -> Result<()> {
    let changes = summary::ActiveModel { id: Unchanged(row), position: Set(position), ..Default::default() };
    repository::response::update_summary(tx, changes).await?;
    Ok(())
}

/// The position at the end of a chapter.
///
/// # Errors
/// When the database is away.
pub(super) async fn end<C: ConnectionTrait>(db: &C, chapter: i64) -> Result<i64> {
    let rows = repository::desk::positions(db, chapter).await?;
    Ok(Room::at(&rows, rows.len()).position)
}

/// The place right behind a row.
///
/// # Errors
/// When the database is away.
pub(super) async fn behind<C: ConnectionTrait>(db: &C, row: &summary::Model) -> Result<Room> {
    let rows = repository::desk::positions(db, row.chapter_id).await?;
    let index = rows.iter().position(|(id, _)| *id == row.id).map_or(rows.len(), |i| i + 1);
    Ok(Room::at(&rows, index))
}

/// Adds a chapter at the end, or renames one. 全般・その他 stands last by itself.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: the title.
pub async fn put_chapter(ctx: &Ctx, id: i64, chapter: Option<i64>, title: &str) -> Result<Checked<()>> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let title = match text::required_line(title, CHAPTER_MAX) {
        Ok(title) => title,
        Err(problem) => return Ok(Err(FieldErrors::one("chapter_title", problem))),
    };
    let (tx, _) = begin(ctx, id).await?;
    let pinned_last = Set(i64::from(is_last(&title)));
    let journal = Recorder::begin(&tx, id, Touched::default().chapters(chapter)).await?;
    let (saved, kind) = match chapter {
        Some(chapter) => {
            own_chapter(&tx, id, chapter).await?;
            let changes =
                chapter::ActiveModel { id: Unchanged(chapter), title: Set(title), pinned_last, ..Default::default() };
            (repository::response::update_chapter(&tx, changes).await?, Kind::ChapterRename)
        }
        None => {
            let last = repository::desk::chapters(&tx, id).await?.iter().map(|c| c.position).max().unwrap_or(0);
            let row = chapter::ActiveModel {
                consultation_id: Set(id),
                position: Set(last + 1),
                title: Set(title),
                pinned_last,
                ..Default::default()
            };
            (repository::response::insert_chapter(&tx, row).await?, Kind::ChapterAdd)
        }
    };
    journal.finish(&tx, ctx, kind, &Label::of(saved.title.clone(), 1)).await?;
    audit::record(&tx, ctx, "chapter.save", ("consultation", id), json!({ "chapter": saved.id, "title": saved.title }))
        .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Deletes a chapter without rows.
///
/// # Errors
/// [`AppError::Conflict`] when it has rows.
pub async fn delete_chapter(ctx: &Ctx, id: i64, chapter: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let row = own_chapter(&tx, id, chapter).await?;
    if !repository::desk::positions(&tx, chapter).await?.is_empty() {
        return Err(AppError::Conflict);
    }
    let journal = Recorder::begin(&tx, id, Touched::default().chapters([chapter])).await?;
    repository::response::delete_chapter(&tx, chapter).await?;
    journal.finish(&tx, ctx, Kind::ChapterDelete, &Label::of(row.title.clone(), 1)).await?;
    audit::record(&tx, ctx, "chapter.delete", ("consultation", id), json!({ "title": row.title })).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves a chapter past its neighbour. What stands last stays there.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn move_chapter(ctx: &Ctx, id: i64, chapter: i64, direction: Direction) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let own = own_chapter(&tx, id, chapter).await?;
    let mut group = repository::desk::chapters(&tx, id).await?;
    group.retain(|c| c.pinned_last == own.pinned_last);
    let ids: Vec<(i64, i64)> = group.iter().map(|c| (c.id, c.position)).collect();
    let journal = Recorder::begin(&tx, id, Touched::default().chapters(group.iter().map(|c| c.id))).await?;
    for (id, position) in swapped(&ids, chapter, direction) {
        let changes = chapter::ActiveModel { id: Unchanged(id), position: Set(position), ..Default::default() };
        repository::response::update_chapter(&tx, changes).await?;
    }
    journal.finish(&tx, ctx, Kind::ChapterMove, &Label::of(own.title, 1)).await?;
    audit::record(&tx, ctx, "chapter.move", ("consultation", id), json!({ "chapter": chapter })).await?;
    tx.commit().await?;
    Ok(())
}

/// The new positions after something moved past its neighbour: of the two, or of all where two share a position.
fn swapped(places: &[(i64, i64)], id: i64, direction: Direction) -> Vec<(i64, i64)> {
    let Some(place) = places.iter().position(|(i, _)| *i == id) else { return vec![] };
    let other = match direction {
        Direction::Up => place.checked_sub(1),
        Direction::Down => Some(place + 1),
    };
    let Some((own, other)) = other.and_then(|o| places.get(place).zip(places.get(o)).map(|p| (p, o))) else {
        return vec![];
    };
    let ((one, at), (two, there)) = (*own.0, *own.1);
    if at != there {
        return vec![(one, there), (two, at)];
    }
    let mut order: Vec<i64> = places.iter().map(|(i, _)| *i).collect();
    order.swap(place, other);
    order.into_iter().zip((1_i64..).map(|n| n * STRIDE)).collect()
}

/// Moves a row past its neighbour in its chapter.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn move_row(ctx: &Ctx, id: i64, row: i64, direction: Direction) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let own = own_summary(&tx, id, row).await?;
    let places = repository::desk::positions(&tx, own.chapter_id).await?;
    let moved = swapped(&places, row, direction);
    let name = repository::row::name(&tx, id, row).await?;
    let journal = Recorder::begin(&tx, id, Touched::default().heads(moved.iter().map(|(id, _)| *id))).await?;
    for (id, position) in &moved {
        set_position(&tx, *id, *position).await?;
    }
    let now = repository::row::name(&tx, id, row).await?;
    journal.finish(&tx, ctx, Kind::RowMove, &Label::of(format!("{name} → {now}"), 1)).await?;
    audit::record(&tx, ctx, "row.move", ("consultation", id), json!({ "row": row })).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves a row to a place of a chapter: before the row that has this number there now, or to the end (`None`, or a number
/// beyond it).
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`]. Inner: why not.
pub async fn place_row(ctx: &Ctx, id: i64, row: i64, chapter: i64, number: Option<usize>) -> Outcome<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let own = own_summary(&tx, id, row).await?;
    if own_chapter(&tx, id, chapter).await.is_err() {
        return Ok(Err(Refused::UnknownChapter));
    }
    let mut places = repository::desk::positions(&tx, chapter).await?;
    places.retain(|(other, _)| *other != row);
    let index = number.map_or(places.len(), |n| n.saturating_sub(1).min(places.len()));
    let room = Room::at(&places, index);
    let name = repository::row::name(&tx, id, row).await?;
    let journal = Recorder::begin(&tx, id, Touched::default().heads([row]).heads(room.rows())).await?;
    room.make_room(&tx).await?;
    let changes = summary::ActiveModel {
        id: Unchanged(row),
        chapter_id: Set(chapter),
        position: Set(room.position),
        // Whoever has the row open in its old chapter finds out.
        version: Set(own.version + i64::from(own.chapter_id != chapter)),
        ..Default::default()
    };
    repository::response::update_summary(&tx, changes).await?;
    let now = repository::row::name(&tx, id, row).await?;
    journal.finish(&tx, ctx, Kind::RowMove, &Label::of(format!("{name} → {now}"), 1)).await?;
    let detail = json!({ "row": row, "chapter": chapter });
    audit::record(&tx, ctx, "row.move", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Puts all rows of a chapter at the end of another, and deletes it.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`]. Inner: why not.
pub async fn merge_chapter(ctx: &Ctx, id: i64, chapter: i64, into: i64) -> Outcome<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let own = own_chapter(&tx, id, chapter).await?;
    if chapter == into || own_chapter(&tx, id, into).await.is_err() {
        return Ok(Err(Refused::UnknownChapter));
    }
    let rows = repository::desk::positions(&tx, chapter).await?;
    let mut position = end(&tx, into).await?;
    let touched = Touched::default().chapters([chapter]).heads(rows.iter().map(|(id, _)| *id));
    let journal = Recorder::begin(&tx, id, touched).await?;
    for (row, _) in &rows {
        let old = own_summary(&tx, id, *row).await?;
        let changes = summary::ActiveModel {
            id: Unchanged(*row),
            chapter_id: Set(into),
            position: Set(position),
            version: Set(old.version + 1),
            ..Default::default()
        };
        repository::response::update_summary(&tx, changes).await?;
        position += STRIDE;
    }
    repository::response::delete_chapter(&tx, chapter).await?;
    journal.finish(&tx, ctx, Kind::ChapterMerge, &Label::of(own.title, rows.len())).await?;
    let detail = json!({ "chapter": chapter, "into": into, "rows": rows.len() });
    audit::record(&tx, ctx, "chapter.merge", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// A heading without the number the draft gives it, 「第1章　」 or 「2. 」: the table numbers its chapters itself.
fn unnumbered(heading: &str) -> &str {
    let is_number = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c) || "一二三四五六七八九十".contains(c);
    let heading = heading.trim();
    let rest = match heading.strip_prefix('第') {
        Some(rest) => rest.trim_start_matches(is_number).strip_prefix(['章', '編', '部', '節']),
        None => {
            let digits = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
            let rest = heading.trim_start_matches(digits);
            rest.strip_prefix(['.', '．', '、', ' ', '\u{3000}']).filter(|_| rest.len() < heading.len())
        }
    };
    rest.map(str::trim_start).filter(|rest| !rest.is_empty()).unwrap_or(heading)
}

/// The headings of a draft that become chapters: those of the highest level that has two or more.
#[must_use]
pub fn chapter_headings(headings: &[(String, u8, String)]) -> Vec<(String, String)> {
    let of = |level: u8| headings.iter().filter(move |(_, l, _)| *l == level);
    let level = (1..=6).find(|level| of(*level).count() > 1).or_else(|| headings.first().map(|(_, level, _)| *level));
    of(level.unwrap_or_default())
        .take(HEADINGS_MAX)
        .map(|(anchor, _, text)| (anchor.clone(), text::excerpt(unnumbered(text), CHAPTER_MAX - 1)))
        .filter(|(_, title)| !title.is_empty())
        .collect()
}

/// Makes a chapter of each main heading of the draft that has none yet, and 全般・その他 at the end. Gives how many were made.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: [`Refused::Nothing`] without headings, [`Refused::AlreadySo`] when all are there.
pub async fn from_draft(ctx: &Ctx, id: i64) -> Outcome<usize> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let headings = chapter_headings(&repository::desk::headings(&tx, id).await?);
    if headings.is_empty() {
        return Ok(Err(Refused::Nothing));
    }
    let there = repository::desk::chapters(&tx, id).await?;
    let mut position = there.iter().map(|c| c.position).max().unwrap_or(0);
    let mut new: Vec<chapter::ActiveModel> = Vec::new();
    let is_there =
        |anchor: &str, title: &str| there.iter().any(|c| c.anchor.as_deref() == Some(anchor) || c.title == title);
    let last = (!there.iter().any(|c| c.pinned_last == 1)).then(|| (None, LAST.to_owned()));
    let headings = headings.into_iter().filter(|(anchor, title)| !is_there(anchor, title));
    for (anchor, title) in headings.map(|(anchor, title)| (Some(anchor), title)).chain(last) {
        position += 1;
        new.push(chapter::ActiveModel {
            consultation_id: Set(id),
            position: Set(position),
            pinned_last: Set(i64::from(anchor.is_none() || is_last(&title))),
            title: Set(title),
            anchor: Set(anchor),
            ..Default::default()
        });
    }
    if new.is_empty() {
        return Ok(Err(Refused::AlreadySo));
    }
    let made = new.len();
    let journal = Recorder::begin(&tx, id, Touched::default()).await?;
    for row in new {
        repository::response::insert_chapter(&tx, row).await?;
    }
    journal.finish(&tx, ctx, Kind::ChaptersFromDraft, &Label::of("", made)).await?;
    audit::record(&tx, ctx, "chapter.from_draft", ("consultation", id), json!({ "chapters": made })).await?;
    tx.commit().await?;
    Ok(Ok(made))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_found_or_made() {
        assert_eq!(Room::at(&[], 0), Room { position: STRIDE, shifted: vec![] });
        assert_eq!(Room::at(&[(1, 5)], 1).position, 5 + STRIDE);
        assert_eq!(Room::at(&[(1, 5)], 0).position, 5 - STRIDE);
        assert_eq!(Room::at(&[(1, 2), (2, 8)], 1), Room { position: 5, shifted: vec![] });
        let made = Room::at(&[(1, 1), (2, 2), (3, 3)], 1);
        assert_eq!(made.position, 1 + STRIDE);
        assert_eq!(made.shifted, [(2, 1 + 2 * STRIDE), (3, 1 + 3 * STRIDE)]);
    }

    #[test]
    fn moving_stops_at_the_ends_and_parts_equals() {
        let places = [(1, 10), (2, 20), (3, 30)];
        assert_eq!(swapped(&places, 2, Direction::Up), [(2, 10), (1, 20)]);
        assert_eq!(swapped(&places, 2, Direction::Down), [(2, 30), (3, 20)]);
        assert!(swapped(&places, 1, Direction::Up).is_empty());
        assert!(swapped(&places, 3, Direction::Down).is_empty());
        assert!(swapped(&places, 9, Direction::Down).is_empty());
        let tied = swapped(&[(1, 1), (2, 1)], 2, Direction::Up);
        assert_eq!(tied, [(2, STRIDE), (1, 2 * STRIDE)]);
    }

    #[test]
    fn the_main_headings_become_chapters() {
        let heading = |anchor: &str, level: u8, text: &str| (anchor.to_owned(), level, text.to_owned());
        let of = |headings: &[(String, u8, String)]| -> Vec<String> {
            chapter_headings(headings).into_iter().map(|(_, title)| title).collect()
        };
        let plan = [
            heading("p1", 1, "公園計画（素案）"),
            heading("p2", 2, "第1章　現状"),
            heading("p3", 3, "1　面積"),
            heading("p4", 2, "第2章　方針"),
        ];
        assert_eq!(of(&plan), ["現状", "方針"], "the table has numbers of its own");
        let others = [heading("p1", 2, "1. 目的"), heading("p2", 2, "２　方針"), heading("p3", 2, "3つの柱")];
        assert_eq!(of(&others), ["目的", "方針", "3つの柱"]);
        assert_eq!(of(&plan[..1]), ["公園計画（素案）"]);
        assert!(of(&[]).is_empty());
    }
}
