//! The counts are true after whatever is done to submissions, in whatever order.

use sea_orm::DbBackend;
use server::{
    ctx::{Actor, Inner},
    service::intake::{
        bulk::{self, Filter, Scope},
        correction, split,
    },
};

use super::*;

/// Numbers that are the same every time (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Everything the way an administrator asks for it, without the pages.
fn admin(site: &Site, account: i64) -> Ctx {
    let Inner { app, locale, now, request_id, ip, path, .. } = &*Ctx::system(&site.app);
    Ctx::new(Inner {
        app: app.clone(),
        actor: Some(Actor {
            id: domain::id::AccountId(account),
            name: "管理者".to_owned(),
            email: String::new(),
            role: Role::Admin,
            department: None,
            session: domain::id::SessionId(0),
        }),
        locale: *locale,
        now: *now,
        request_id: request_id.clone(),
        ip: *ip,
        path: path.clone(),
    })
}

async fn act(site: &Site, ctx: &Ctx, theme: i64, dice: &mut Dice, known: &mut Vec<(i64, String)>) {
    const STATES: [&str; 5] = ["unread", "accepted", "out_of_scope", "late", "duplicate"];
    let chosen = if known.is_empty() { None } else { Some(known[dice.below(known.len())].clone()) };
    let (kind, Some((id, number))) = (dice.below(12), chosen) else {
        known.push(send(site, dice).await);
        return;
    };
    // What is refused (a withdrawn one can't be hidden) must leave the counts true as well.
    match kind {
        0..=4 => known.push(send(site, dice).await),
        5 => drop(service::intake::set_state(ctx, id, dice.pick(&STATES), "").await),
        6 | 7 => {
            let scope = if kind == 6 {
                let few = dice.below(8) + 1;
                Scope::Checked((0..few).map(|_| known[dice.below(known.len())].0).collect())
            } else {
                let channel = (dice.below(6) > 0).then(|| dice.pick(&Channel::ALL[..3]));
                Scope::Filtered(Filter { channel, ..Filter::default() })
            };
            let state = dice.pick(&STATES).to_owned();
            let input = bulk::Input { act: "state".to_owned(), state, ..bulk::Input::default() };
            drop(bulk::run(ctx, theme, &scope, &input).await.unwrap());
        }
        8 => drop(service::proposal::moderate(ctx, id, dice.pick(&[Some("個人情報"), None])).await),
        9 => {
            let key = site.app.seal.receipt_key(&number);
            let found = service::submission::receipt::hold(ctx, &number, &key).await.unwrap();
            drop(service::submission::receipt::withdraw(ctx, &found).await);
        }
        10 => {
            let parts: Vec<String> = (0..=dice.below(4)).map(|n| format!("意見{n}")).collect();
            split::run(ctx, id, &parts).await.unwrap().unwrap();
        }
        _ => drop(correction::request(ctx, id, "ご住所をお知らせください。", "2026-12-01").await),
    }
}

async fn send(site: &Site, dice: &mut Dice) -> (i64, String) {
    let channel = dice.pick(&Channel::ALL[..3]);
    let eligibility = dice.pick(&[None, Some(Eligibility::Resident), Some(Eligibility::Business)]);
    let intake = dice.pick(&[IntakeState::Unread, IntakeState::Accepted, IntakeState::Late]);
    let day = wareki::date_of(site.clock.now()) - chrono::TimeDelta::days(i64::try_from(dice.below(4)).unwrap());
    let (who, words, items) = (dice.below(9), dice.below(20), dice.below(3));
    sent(site, "keikaku", |new| {
        new.channel = channel;
        new.eligibility = eligibility;
        new.intake = intake;
        new.received_on = day;
        new.body = format!("木陰を{words}か所に増やしてほしい。");
        new.items = (0..items).map(|n| NewItem { body: Some(format!("意見{n}")), ..NewItem::default() }).collect();
        // Some tell nothing of themselves: each of them is somebody new.
        if who < 7 {
            new.identity = person(&format!("人{who}"));
        }
    })
    .await
}

/// What the submissions themselves say, counted in another way than the site does it.
async fn recounted(site: &Site, theme: i64) -> BTreeMap<String, [i64; 3]> {
    let rows = site
        .texts(&format!(
            "SELECT p.channel || '|' || p.eligibility || '|' || CASE WHEN p.state = 'published' THEN p.intake ELSE \
             p.state END || '|' || p.received_on || '|' || (SELECT COUNT(*) FROM opinion_item i WHERE \
             i.proposal_id = p.id) || '|' || p.submitter FROM proposal p WHERE p.consultation_id = {theme} ORDER BY p.id"
        ))
        .await;
    let mut met = BTreeSet::new();
    let mut counts: BTreeMap<String, [i64; 3]> = BTreeMap::new();
    for row in rows {
        let parts: Vec<&str> = row.splitn(6, '|').collect();
        let counted = ["unread", "accepted", "awaiting_correction"].contains(&parts[2]);
        let sums = counts.entry(parts[..4].join("|")).or_default();
        sums[0] += i64::from(counted && met.insert(parts[5].to_owned()));
        sums[1] += 1;
        sums[2] += parts[4].parse::<i64>().unwrap();
    }
    counts
}

async fn kept(site: &Site, theme: i64) -> BTreeMap<String, [i64; 3]> {
    let rows = site
        .texts(&format!(
            "SELECT channel || '|' || eligibility || '|' || status || '|' || received_on || '|' || people || '|' || \
             submissions || '|' || opinions FROM intake_tally WHERE consultation_id = {theme} AND \
             (submissions <> 0 OR opinions <> 0 OR people <> 0)"
        ))
        .await;
    rows.iter()
        .map(|row| {
            let parts: Vec<&str> = row.split('|').collect();
            (parts[..4].join("|"), [4, 5, 6].map(|n: usize| parts[n].parse().unwrap()))
        })
        .collect()
}

fn sum<'a>(lines: impl Iterator<Item = (&'a String, &'a [i64; 3])>) -> [i64; 3] {
    lines.fold([0; 3], |sum, (_, line)| [0, 1, 2].map(|n: usize| sum[n] + line[n]))
}

/// Every table of the page sums up to its totals, and those are what the submissions say.
async fn pages_agree(clerk: &mut Browser, theme: i64, expected: &BTreeMap<String, [i64; 3]>) {
    let page = open_page(clerk, &queue(theme)).await;
    let counts = |key: &&String| {
        let status = key.split('|').nth(2).unwrap();
        ["unread", "accepted", "awaiting_correction"].contains(&status)
    };
    let total = sum(expected.iter().filter(|(key, _)| counts(key)));
    if total == [0; 3] {
        // After everything was set aside there are no days to list.
        page.assert_hides("intake-by-day");
        return;
    }
    for id in ["intake-by-channel", "intake-by-eligibility", "intake-by-day"] {
        let lines = table(&page, id);
        assert_eq!(lines["合計"], total, "{id}");
        assert_eq!(sum(lines.iter().filter(|(name, _)| *name != "合計")), total, "{id}");
    }
    let states = table(&page, "intake-by-state");
    let total_line =
        states.get("件数に含める合計").or_else(|| states.get("合計")).unwrap_or_else(|| panic!("{states:?}"));
    assert_eq!(*total_line, total);
    let counted = ["未確認", "受理", "補正待ち"];
    assert_eq!(sum(states.iter().filter(|(name, _)| counted.contains(&name.as_str()))), total);
    let everything: i64 = expected.values().map(|line| line[1]).sum();
    let listed: i64 = states.iter().filter(|(name, _)| !name.ends_with("合計")).map(|(_, line)| line[1]).sum();
    assert_eq!(listed, everything, "{states:?}");
    page.assert_shows(&format!("{everything}通の提出があります。"));
}

on_both_databases! {
    async fn sums_by_channel_eligibility_state_and_day_always_equal_the_totals(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let ctx = admin(&site, site.number("SELECT id FROM account").await);
        let sqlite = site.app.database.reader().get_database_backend() == DbBackend::Sqlite;
        let mut dice = Dice(0x5EED_0001);
        let mut known = Vec::new();
        for step in 0..if sqlite { 400 } else { 80 } {
            act(&site, &ctx, theme, &mut dice, &mut known).await;
            let expected = recounted(&site, theme).await;
            assert_eq!(kept(&site, theme).await, expected, "after step {step}");
            if step % 20 == 19 {
                pages_agree(&mut clerk, theme, &expected).await;
                let shown = site.number("SELECT COUNT(*) FROM proposal WHERE state = 'published'").await;
                assert_eq!(site.number("SELECT proposal_count FROM consultation").await, shown);
            }
        }
        assert!(!sqlite || known.len() > 120, "{}: the way of the many was not gone", known.len());
    }
}
