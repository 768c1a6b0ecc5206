//! The response desk.

mod changes;
mod clusters;
mod items;
mod outline;
mod publish;
mod row;
mod split;

use app::pages::staff::desk::{DeskPage, Done, Filters, ItemCard, OutlineChapter, OutlineRow, Refusal, Strip, Tools};
use axum::extract::{Path, Query};
use domain::{
    Channel, FieldErrors,
    permission::{ConsultationAction, consultation},
};
use serde::Deserialize;

use self::items::FilterQuery;
use crate::{
    ctx::Ctx,
    error::Result,
    render,
    repository::{
        self,
        desk::{ChapterLine, Figures, ItemLine, RowLine},
    },
    service::{
        consultation::{Loaded, for_staff},
        response::gather::{self, Refused},
    },
    web::routes::{Access, Answer, Routes},
};

/// Opinions on a page.
const ITEMS: usize = 50;
/// Rows of a chapter on a page.
const ROWS: usize = 50;
/// Characters of an answer in the outline.
const ANSWER: usize = 100;
/// With so many rows the whole outline is shown; with more, one chapter.
const WHOLE: i64 = 100;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/staff/consultations/{id}/responses", Access::Staff, desk);
    let routes = items::routes(routes);
    let routes = split::routes(routes);
    let routes = clusters::routes(routes);
    let routes = changes::routes(routes);
    let routes = outline::routes(routes);
    let routes = row::routes(routes);
    publish::routes(routes)
}

fn base(id: i64) -> String {
    format!("/staff/consultations/{id}/responses")
}

/// Where the desk is opened: the page of opinions and of rows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct PlaceQuery {
    /// The last opinion of the page before.
    after: String,
    /// The chapter whose rows are shown.
    open: String,
    /// The number of the last row of the page before.
    rows: String,
    /// The chapter of the next new row.
    to: String,
    notice: String,
    what: String,
}

/// What the desk shows beside what is stored.
#[derive(Debug, Default)]
struct Show {
    filters: FilterQuery,
    place: PlaceQuery,
    done: Option<Done>,
    tools: Tools,
    refusal: Option<Refusal>,
    chapter_title: String,
    errors: FieldErrors,
}

async fn desk(
    ctx: Ctx,
    Path(id): Path<i64>,
    Query(filters): Query<FilterQuery>,
    Query(place): Query<PlaceQuery>,
) -> Answer {
    let done = done(&place.notice, &place.what);
    let tools = Tools { chapter: place.to.clone(), ..Tools::default() };
    let page = desk_page(&ctx, id, Show { filters, place, done, tools, ..Show::default() }).await?;
    Ok(render::page(&ctx, page))
}

fn done(notice: &str, what: &str) -> Option<Done> {
    let n = || what.parse().unwrap_or_default();
    Some(match notice {
        "saved" => Done::Saved,
        "deleted" => Done::Deleted,
        "undone" => Done::Undone,
        "gathered" => Done::Gathered(domain::text::excerpt(what, 20)),
        "excluded" => Done::Excluded,
        "included" => Done::Included,
        "taken-out" => Done::TakenOut,
        "split" => Done::Split(n()),
        "chapters" => Done::Chapters(n()),
        _ => return None,
    })
}

/// The page with why nothing was done, and everything that was typed.
async fn refused(ctx: &Ctx, id: i64, show: Show) -> Answer {
    Ok(render::invalid(ctx, desk_page(ctx, id, show).await?))
}

/// The desk in six statements: its figures with the last change, where publishing stands, chapters, rows, opinions, and
/// the headings of the draft.
async fn desk_page(ctx: &Ctx, id: i64, show: Show) -> Result<DeskPage> {
    let theme = for_staff(ctx, id, ConsultationAction::ReadQueue).await?;
    let db = ctx.db();
    let (figures, last) = repository::desk::status(db, id).await?;
    let publishing = publish::panel(ctx, &theme).await?;
    let chapters = repository::desk::chapter_lines(db, id).await?;
    let open = opened(&figures, &chapters, &show.place);
    let rows = rows(ctx, id, open, figures.rows).await?;
    let filter = show.filters.read();
    let after = show.place.after.parse().unwrap_or_default();
    let mut lines = repository::desk::item_lines(db, id, &filter, after, limit(ITEMS) + 1).await?;
    let more = lines.len() > ITEMS;
    lines.truncate(ITEMS);
    let headings = repository::desk::headings(db, id).await?;
    let query = show.filters.canonical();
    let link = |after: Option<i64>| {
        let after = after.map(|a| format!("after={a}"));
        let parts: Vec<String> = Some(query.clone()).filter(|q| !q.is_empty()).into_iter().chain(after).collect();
        if parts.is_empty() { base(id) } else { format!("{}?{}", base(id), parts.join("&")) }
    };
    let row_name = match filter.row.map(|row| (row, name_of(row, &lines, &chapters, &rows))) {
        Some((row, None)) => Some(repository::row::name(db, id, row).await?),
        found => found.and_then(|(_, name)| name),
    };
    Ok(DeskPage {
        id,
        may_edit: may_edit(ctx, &theme),
        strip: strip(&figures),
        last: last.map(changes::view),
        filters: Filters { row_name: row_name.unwrap_or_default(), query: query.clone(), ..items::typed(&filter) },
        first: (after > 0).then(|| link(None)),
        next: lines.last().filter(|_| more).map(|last| link(Some(last.id))),
        items: lines.into_iter().map(|line| card(line, &headings)).collect(),
        chapters: outline(&theme, chapters, &rows, open, &query),
        headings: headings.into_iter().map(|(anchor, level, text)| (anchor, indented(level, &text))).collect(),
        tools: Tools { max: gather::AT_ONCE, ..show.tools },
        refusal: show.refusal,
        chapter_title: show.chapter_title,
        errors: show.errors,
        done: show.done,
        publishing,
        theme: theme.row.title,
    })
}

fn limit(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn may_edit(ctx: &Ctx, theme: &Loaded) -> bool {
    consultation(ctx.role(), ctx.tie(theme.row.department_id), ConsultationAction::DraftResponses, theme.phase)
}

const fn strip(f: &Figures) -> Strip {
    Strip {
        people: f.people,
        submissions: f.submissions,
        opinions: f.opinions(),
        placed: f.placed,
        unplaced: f.unplaced(),
        out_of_scope: f.out_of_scope,
        rows: f.rows,
        unanswered: f.unanswered,
        unconfirmed: f.unconfirmed,
    }
}

/// A heading as a list shows it, with its level.
fn indented(level: u8, text: &str) -> String {
    format!("{}{text}", "\u{3000}".repeat(usize::from(level.saturating_sub(1))))
}

/// Which rows are shown: of one chapter (by default the first that has rows) behind a number, or all.
#[derive(Clone, Copy, Debug)]
struct Open {
    chapter: Option<i64>,
    after: i64,
}

fn opened(figures: &Figures, chapters: &[ChapterLine], place: &PlaceQuery) -> Open {
    if figures.rows <= WHOLE {
        return Open { chapter: None, after: 0 };
    }
    let asked = place.open.parse().ok().filter(|id| chapters.iter().any(|c| c.id == *id));
    let first = chapters.iter().find(|c| c.rows > 0).map(|c| c.id);
    Open { chapter: asked.or(first), after: place.rows.parse().unwrap_or_default() }
}

async fn rows(ctx: &Ctx, id: i64, open: Open, all: i64) -> Result<Vec<RowLine>> {
    let most = if open.chapter.is_some() { limit(ROWS) + 1 } else { WHOLE };
    if all == 0 {
        return Ok(vec![]);
    }
    Ok(repository::desk::row_lines(ctx.db(), id, open.chapter, open.after, most).await?)
}

/// The name of a row that is somewhere on the page.
fn name_of(row: i64, lines: &[ItemLine], chapters: &[ChapterLine], rows: &[RowLine]) -> Option<String> {
    let counted = lines.iter().filter(|l| l.row_id == Some(row)).find_map(|l| l.row_chapter.zip(l.row_number));
    let shown = || {
        let line = rows.iter().find(|r| r.id == row)?;
        Some((chapters.iter().find(|c| c.id == line.chapter_id)?.number?, line.number))
    };
    counted.or_else(shown).map(|(chapter, number)| format!("{chapter}-{number}"))
}

fn card(line: ItemLine, headings: &[(String, u8, String)]) -> ItemCard {
    let text = line.text().to_owned();
    let about = line.anchor.as_ref().and_then(|anchor| headings.iter().find(|(a, _, _)| a == anchor));
    ItemCard {
        id: line.id,
        proposal: line.proposal_id,
        receipt: line.receipt_number,
        at: line.created_at,
        channel: Channel::from_code(&line.channel).unwrap_or_default(),
        title: line.title,
        whole: line.part.is_some().then_some(line.whole),
        text,
        place: (line.place, line.siblings),
        page: line.page,
        about: about.map(|(_, _, text)| text.clone()),
        out_of_scope: line.out_of_scope,
        group: line.text_group_id.zip(line.group_size).filter(|(_, size)| *size > 1),
        row: line
            .row_id
            .zip(line.row_chapter.zip(line.row_number))
            .map(|(row, (chapter, number))| (row, format!("{chapter}-{number}"))),
        again: line.again,
    }
}

/// The outline with what is shown of it.
fn outline(
    theme: &Loaded,
    chapters: Vec<ChapterLine>,
    rows: &[RowLine],
    open: Open,
    query: &str,
) -> Vec<OutlineChapter> {
    let ends: Vec<(bool, bool)> = chapters
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let same = |other: Option<&ChapterLine>| other.is_some_and(|o| o.pinned_last == c.pinned_last);
            (same(i.checked_sub(1).and_then(|i| chapters.get(i))), same(chapters.get(i + 1)))
        })
        .collect();
    let link = |chapter: i64, rows: Option<i64>| {
        let query = Some(query.to_owned()).filter(|q| !q.is_empty());
        let rows = rows.map(|r| format!("rows={r}"));
        let parts: Vec<String> = query.into_iter().chain([format!("open={chapter}")]).chain(rows).collect();
        format!("{}?{}#chapter-{chapter}", base(theme.row.id), parts.join("&"))
    };
    chapters
        .into_iter()
        .zip(ends)
        .map(|(c, moves)| {
            let is_open = open.chapter.is_none_or(|o| o == c.id);
            let mut own: Vec<&RowLine> = rows.iter().filter(|r| r.chapter_id == c.id).collect();
            let more = open.chapter.is_some() && own.len() > ROWS;
            if open.chapter.is_some() {
                own.truncate(ROWS);
            }
            let last = own.last().map(|r| r.number);
            OutlineChapter {
                id: c.id,
                number: c.number,
                pinned: c.pinned_last == 1,
                count: c.rows,
                open: is_open,
                first: (c.rows > 0 && (!is_open || open.after > 0)).then(|| link(c.id, None)),
                next: last.filter(|_| more).map(|last| link(c.id, Some(last))),
                rows: own.into_iter().map(|r| outline_row(theme, c.number, r)).collect(),
                title: c.title,
                moves,
            }
        })
        .collect()
}

fn outline_row(theme: &Loaded, chapter: Option<i64>, row: &RowLine) -> OutlineRow {
    OutlineRow {
        id: row.id,
        name: format!("{}-{}", chapter.unwrap_or_default(), row.number),
        number: row.number,
        text: row.text.clone(),
        opinions: row.opinions,
        repeated: row.repeated,
        department: row.department.clone(),
        due_on: row.due_on.as_deref().and_then(|day| day.parse().ok()),
        disposition: row
            .disposition
            .as_deref()
            .and_then(|code| theme.dispositions.find(code))
            .map(|d| (d.code.clone(), d.printed())),
        answer: domain::text::excerpt(row.answer.as_deref().unwrap_or_default(), ANSWER),
        settled: row.state.as_deref() == Some("settled"),
        unconfirmed: row.verbatim == 0 && row.confirmed_by.is_none(),
        sharing: row.sharing,
    }
}

/// Why nothing was done, for the page.
const fn refusal(refused: &Refused) -> Refusal {
    match refused {
        Refused::Nothing => Refusal::Nothing,
        Refused::TooMany => Refusal::TooMany(gather::AT_ONCE),
        Refused::UnknownItem => Refusal::UnknownItem,
        Refused::UnknownRow => Refusal::UnknownRow,
        Refused::UnknownChapter => Refusal::UnknownChapter,
        Refused::OutOfScope => Refusal::OutOfScope,
        Refused::NotPlaced => Refusal::NotPlaced,
        Refused::AlreadySo => Refusal::AlreadySo,
        Refused::AllOfRow => Refusal::AllOfRow,
        Refused::Reason(problem) => Refusal::Reason(*problem),
        Refused::Text(problem) => Refusal::Text(*problem),
        Refused::Stale => Refusal::Stale,
    }
}
