//! Random work on a desk: whatever is done in whatever order, the counts reconcile after every step, and taking
//! everything back gives exactly what was there before.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Role,
    id::{AccountId, DepartmentId, SessionId},
};
use server::{
    ctx::{Actor, Ctx, Inner},
    service::{
        self,
        consultation::{Loaded, loaded},
        intake,
        response::{
            Direction, delete_row,
            gather::{self, Merge, NewRow},
            journal::{Undone, undo},
            outline, readiness, scope,
        },
    },
};

use super::state;
use crate::support::{Backend, Site};

const STEPS: usize = 400;
const SEEDS: [u64; 2] = [0x5EED, 20_261_121];

/// A small generator of numbers (SplitMix64): the same walk every time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.throw() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    fn one(&mut self, of: &[i64]) -> i64 {
        of.get(self.below(of.len())).copied().unwrap_or(999_999)
    }

    fn some(&mut self, of: &[i64]) -> Vec<i64> {
        let count = 1 + self.below(3);
        (0..count).map(|_| self.one(of)).collect()
    }
}

/// A theme with twelve submissions of eight people, one of them hidden, and who works on it.
async fn start(site: &Site) -> (Ctx, i64) {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let theme = site.open_theme(&mut clerk, "kouen").await;
    for person in 0..8 {
        let mut author = site.resident(&format!("住民{person}")).await;
        for n in 0..=(person % 2) {
            site.propose(&mut author, "kouen", &format!("意見{person}の{n}。\n\n続き。")).await;
        }
    }
    let account = site.number("SELECT id FROM account WHERE role = 'clerk'").await;
    let department = site.number("SELECT department_id FROM consultation").await;
    let system = Ctx::system(&site.app);
    let ctx = Ctx::new(Inner {
        app: site.app.clone(),
        actor: Some(Actor {
            id: AccountId(account),
            name: "水野".to_owned(),
            email: "m@example.jp".to_owned(),
            role: Role::Clerk,
            department: Some(DepartmentId(department)),
            session: SessionId(1),
        }),
        locale: system.locale,
        now: system.now,
        request_id: "walk".to_owned(),
        ip: None,
        path: "/".to_owned(),
    });
    let hidden = site.number("SELECT MAX(id) FROM proposal").await;
    service::proposal::moderate(&ctx, hidden, Some("個人情報")).await.unwrap().unwrap();
    (ctx, theme)
}

const SHOWN: &str = "opinion_item i JOIN proposal p ON p.id = i.proposal_id WHERE p.state = 'published'";

/// What there is to choose from.
struct There {
    items: Vec<i64>,
    gathered: Vec<i64>,
    rows: Vec<i64>,
    chapters: Vec<i64>,
    proposals: Vec<i64>,
    changes: Vec<i64>,
}

async fn there(site: &Site) -> There {
    There {
        items: site.numbers(&format!("SELECT i.id FROM {SHOWN} ORDER BY i.id")).await,
        gathered: site
            .numbers(&format!(
                "SELECT i.id FROM {SHOWN} AND i.id IN (SELECT opinion_item_id FROM summary_item) ORDER BY i.id"
            ))
            .await,
        rows: site.numbers("SELECT id FROM summary ORDER BY id").await,
        chapters: site.numbers("SELECT id FROM chapter ORDER BY id").await,
        proposals: site.numbers("SELECT id FROM proposal ORDER BY id").await,
        changes: site.numbers("SELECT id FROM desk_change WHERE undone_at IS NULL ORDER BY id").await,
    }
}

/// The opinions of a row.
async fn linked(site: &Site, row: i64) -> Vec<i64> {
    site.numbers(&format!("SELECT opinion_item_id FROM summary_item WHERE summary_id = {row} ORDER BY 1")).await
}

/// One step; says what was done.
async fn step(site: &Site, ctx: &Ctx, theme: i64, dice: &mut Dice) -> &'static str {
    let found = there(site).await;
    let items = dice.some(&found.items);
    let row = dice.one(&found.rows);
    let target = dice.one(&found.rows).to_string();
    let chapter = dice.one(&found.chapters);
    match dice.below(20) {
        0 | 1 => {
            let new = NewRow { chapter: chapter.to_string(), text: String::new(), items };
            done(gather::new_row(ctx, theme, &new).await.unwrap().is_ok(), "new row")
        }
        2 | 3 => done(gather::gather(ctx, theme, &target, &items).await.unwrap().is_ok(), "gather"),
        4 | 5 => {
            done(gather::repeat(ctx, theme, &target, &[dice.one(&found.gathered)]).await.unwrap().is_ok(), "repeat")
        }
        6 => match gather::take_out(ctx, theme, row, &[dice.one(&linked(site, row).await)]).await {
            Ok(taken) => done(taken.is_ok(), "take out"),
            Err(_) => "nothing",
        },
        7 => {
            let links = linked(site, row).await;
            match gather::split_row(ctx, theme, row, &links[..links.len() / 2]).await {
                Ok(split) => done(split.is_ok(), "split row"),
                Err(_) => "nothing",
            }
        }
        8 => done(scope::exclude(ctx, theme, &items, "対象でないため").await.unwrap().is_ok(), "exclude"),
        9 => done(scope::include(ctx, theme, &items).await.unwrap().is_ok(), "include"),
        10 => merge(site, ctx, theme, row, &target).await,
        11 => done(delete_row(ctx, theme, row).await.is_ok(), "delete row"),
        12 => {
            let proposal = dice.one(&found.proposals);
            let parts: Vec<String> = (0..=dice.below(3)).map(|n| format!("部分{n}")).collect();
            done(intake::split::on_desk(ctx, theme, proposal, &parts).await.unwrap().is_ok(), "cut")
        }
        13 => {
            let direction = if dice.below(2) == 0 { Direction::Up } else { Direction::Down };
            done(outline::move_row(ctx, theme, row, direction).await.is_ok(), "move row")
        }
        14 => match outline::place_row(ctx, theme, row, chapter, Some(dice.below(4))).await {
            Ok(placed) => done(placed.is_ok(), "place row"),
            Err(_) => "nothing",
        },
        15 => chapters(ctx, theme, chapter, dice.one(&found.chapters), dice.below(6)).await,
        _ => take_back(site, ctx, theme, &found.changes, dice).await,
    }
}

const fn done(is_done: bool, what: &'static str) -> &'static str {
    if is_done { what } else { "nothing" }
}

async fn merge(site: &Site, ctx: &Ctx, theme: i64, row: i64, into: &str) -> &'static str {
    let version = async |row: &str| {
        site.numbers(&format!("SELECT version FROM summary WHERE id = {row}")).await.pop().unwrap_or_default()
    };
    let versions = (version(&row.to_string()).await, version(into).await);
    let input = Merge { into: into.to_owned(), text: "二つを一つに".to_owned(), versions };
    match gather::merge(ctx, theme, row, &input).await {
        Ok(merged) => done(merged.is_ok(), "merge"),
        Err(_) => "nothing",
    }
}

async fn chapters(ctx: &Ctx, theme: i64, chapter: i64, other: i64, which: usize) -> &'static str {
    match which {
        0 | 1 => done(outline::put_chapter(ctx, theme, None, "章").await.unwrap().is_ok(), "add chapter"),
        2 => match outline::put_chapter(ctx, theme, Some(chapter), "全般・その他").await {
            Ok(named) => done(named.is_ok(), "rename chapter"),
            Err(_) => "nothing",
        },
        3 => done(outline::move_chapter(ctx, theme, chapter, Direction::Down).await.is_ok(), "move chapter"),
        4 => done(outline::delete_chapter(ctx, theme, chapter).await.is_ok(), "delete chapter"),
        _ => match outline::merge_chapter(ctx, theme, chapter, other).await {
            Ok(merged) => done(merged.is_ok(), "merge chapters"),
            Err(_) => "nothing",
        },
    }
}

/// Takes back the last change or any other. When it isn't possible, nothing is touched.
async fn take_back(site: &Site, ctx: &Ctx, theme: i64, changes: &[i64], dice: &mut Dice) -> &'static str {
    let Some(last) = changes.last() else { return "nothing" };
    let change = if dice.below(2) == 0 { *last } else { dice.one(changes) };
    let before = state(site).await;
    match undo(ctx, theme, change).await.unwrap() {
        Undone::Done => "undo",
        refused => {
            assert_ne!(change, *last, "the last change can always be taken back: {refused:?}");
            assert_eq!(state(site).await, before, "refused, and nothing was touched");
            "refused undo"
        }
    }
}

/// Opinions of shown submissions, with a condition.
async fn count(site: &Site, condition: &str) -> i64 {
    let counted = "FROM opinion_item i JOIN proposal p ON p.id = i.proposal_id WHERE p.state = 'published'";
    site.number(&format!("SELECT COUNT(*) {counted} AND {condition}")).await
}

/// What has to be true at every moment.
async fn check(site: &Site, theme: &Loaded, step: &str) {
    let in_rows = "SELECT COUNT(*) FROM summary_item l JOIN opinion_item i ON i.id = l.opinion_item_id \
                   JOIN proposal p ON p.id = i.proposal_id WHERE l.again = 0 AND p.state = 'published' AND i.out_of_scope IS NULL";
    let same = site.number(in_rows).await;
    let counted = "EXISTS (SELECT 1 FROM summary_item l WHERE l.opinion_item_id = i.id AND l.again = 0)";
    let unplaced = count(site, &format!("i.out_of_scope IS NULL AND NOT {counted}")).await;
    let outside = count(site, "i.out_of_scope IS NOT NULL").await;
    assert_eq!(same + unplaced + outside, count(site, "1 = 1").await, "after {step}");
    let found = readiness(site.app.database.reader(), theme).await.unwrap();
    let figures = &found.figures;
    assert_eq!((figures.placed, found.unplaced, figures.out_of_scope), (same, unplaced, outside), "after {step}");
    assert_eq!(found.gathered, same, "the rows add up after {step}");
    let twice = "SELECT COUNT(*) FROM (SELECT opinion_item_id FROM summary_item WHERE again = 0 GROUP BY opinion_item_id HAVING COUNT(*) > 1) t";
    assert_eq!(site.number(twice).await, 0, "counted twice after {step}");
    let outside = "SELECT COUNT(*) FROM summary_item l JOIN opinion_item i ON i.id = l.opinion_item_id WHERE i.out_of_scope IS NOT NULL";
    assert_eq!(site.number(outside).await, 0, "out of scope and in a row after {step}");
    let lost = "SELECT COUNT(*) FROM summary_item l WHERE again = 1 AND NOT EXISTS (SELECT 1 FROM summary_item o WHERE o.opinion_item_id = l.opinion_item_id AND o.again = 0)";
    assert_eq!(site.number(lost).await, 0, "repeated and counted nowhere after {step}");
    numbers(site, theme.row.id, step).await;
    assert_eq!(tallied(site, theme.row.id).await, recounted(site, theme.row.id).await, "after {step}");
}

/// The numbers that the desk shows run from 1 in each chapter, and chapters from 1, as the order says.
async fn numbers(site: &Site, theme: i64, step: &str) {
    let order = site
        .texts(
            "SELECT s.id || '|' || s.chapter_id FROM summary s JOIN chapter c ON c.id = s.chapter_id \
             ORDER BY c.pinned_last, c.position, c.id, s.position, s.id",
        )
        .await;
    let shown = service::response::counts::numbered(site.app.database.reader(), theme).await.unwrap();
    let (mut chapter, mut number, mut at) = (0, 0, String::new());
    let mut expected = Vec::new();
    for row in order {
        let (id, own) = row.split_once('|').unwrap();
        (chapter, number) = if own == at { (chapter, number + 1) } else { (chapter + 1, 1) };
        own.clone_into(&mut at);
        expected.push((id.parse::<i64>().unwrap(), format!("{chapter}-{number}")));
    }
    assert_eq!(shown, expected, "after {step}");
}

/// The kept counts.
async fn tallied(site: &Site, theme: i64) -> BTreeMap<String, [i64; 3]> {
    let rows = site
        .texts(&format!(
            "SELECT channel || '|' || status || '|' || received_on || '|' || people || '|' || submissions || '|' || opinions \
             FROM intake_tally WHERE consultation_id = {theme} AND submissions <> 0"
        ))
        .await;
    let read = |row: &String| {
        let parts: Vec<&str> = row.split('|').collect();
        (parts[..3].join("|"), [3, 4, 5].map(|n: usize| parts[n].parse().unwrap()))
    };
    rows.iter().map(read).collect()
}

/// What the submissions themselves say, counted in another way than the site does it.
async fn recounted(site: &Site, theme: i64) -> BTreeMap<String, [i64; 3]> {
    let rows = site
        .texts(&format!(
            "SELECT p.channel || '|' || CASE WHEN p.state = 'published' THEN p.intake ELSE p.state END || '|' || p.received_on || '|' || \
             (SELECT COUNT(*) FROM opinion_item i WHERE i.proposal_id = p.id) || '|' || p.submitter \
             FROM proposal p WHERE p.consultation_id = {theme} ORDER BY p.id"
        ))
        .await;
    let mut met = BTreeSet::new();
    let mut counts: BTreeMap<String, [i64; 3]> = BTreeMap::new();
    for row in rows {
        let parts: Vec<&str> = row.splitn(5, '|').collect();
        let counts_here = parts[1] != "hidden";
        let sums = counts.entry(parts[..3].join("|")).or_default();
        sums[0] += i64::from(counts_here && met.insert(parts[4].to_owned()));
        sums[1] += 1;
        sums[2] += parts[3].parse::<i64>().unwrap();
    }
    counts
}

async fn walk(seed: u64) {
    let site = Site::new(Backend::Sqlite).await;
    let (ctx, theme) = start(&site).await;
    let facts = loaded(&ctx, theme).await.unwrap();
    let first = state(&site).await;
    outline::put_chapter(&ctx, theme, None, "設備").await.unwrap().unwrap();
    let mut dice = Dice(seed);
    let mut done_so_far = BTreeMap::<&str, usize>::new();
    for _ in 0..STEPS {
        let what = step(&site, &ctx, theme, &mut dice).await;
        *done_so_far.entry(what).or_default() += 1;
        check(&site, &facts, what).await;
    }
    for what in ["new row", "gather", "repeat", "take out", "split row", "exclude", "merge", "cut", "place row", "undo"]
    {
        assert!(done_so_far.contains_key(what), "the walk never came to {what}: {done_so_far:?}");
    }
    // Everything that stands, the last first.
    for change in site.numbers("SELECT id FROM desk_change WHERE undone_at IS NULL ORDER BY id DESC").await {
        assert_eq!(undo(&ctx, theme, change).await.unwrap(), Undone::Done, "{change}");
    }
    assert_eq!(state(&site).await, first);
    check(&site, &facts, "taking everything back").await;
}

#[tokio::test]
async fn random_work_always_reconciles_and_can_be_taken_back() {
    for seed in SEEDS {
        walk(seed).await;
    }
}
