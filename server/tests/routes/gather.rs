//! Splitting, gathering, outlining and undoing on the desk.

mod undo;
mod walk;

use domain::Role;
use server::service::response::readiness;

use crate::{
    on_both_databases,
    support::{Browser, Reply, Site},
};

/// A theme with opinions, and a clerk at its desk.
struct Desk {
    theme: i64,
    clerk: Browser,
    chapter: i64,
    items: Vec<i64>,
    proposals: Vec<i64>,
    base: String,
}

const TEXTS: [&str; 4] = [
    "公園のベンチを増やしてほしい。",
    "公園のベンチを増やしてほしい。",
    "遊歩道に街灯を設置してください。",
    "①花壇を作ってほしい。②トイレを改修してほしい。",
];

async fn desk(site: &Site) -> Desk {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let theme = site.open_theme(&mut clerk, "kouen").await;
    let mut proposals = Vec::new();
    for (n, text) in TEXTS.iter().enumerate() {
        let mut author = site.resident(&format!("住民{n}")).await;
        proposals.push(site.propose(&mut author, "kouen", text).await);
    }
    let mut items = Vec::new();
    for proposal in &proposals {
        items.push(site.item(*proposal).await);
    }
    let chapter = site.chapter(&mut clerk, theme, "設備").await;
    Desk { theme, clerk, chapter, items, proposals, base: format!("/staff/consultations/{theme}/responses") }
}

impl Desk {
    /// Presses a button of the form around the opinions.
    async fn act(&mut self, act: &str, items: &[i64], fields: &[(&str, &str)]) -> Reply {
        let items: Vec<String> = items.iter().map(ToString::to_string).collect();
        let mut all = vec![("act", act), ("scope", "checked")];
        all.extend(items.iter().map(|id| ("items", id.as_str())));
        all.extend_from_slice(fields);
        self.clerk.post(&format!("{}/items", self.base), &all).await
    }

    /// Makes a row of opinions; gives its id.
    async fn row(&mut self, site: &Site, items: &[i64]) -> i64 {
        let chapter = self.chapter.to_string();
        self.act("new_row", items, &[("chapter", &chapter)]).await.assert_status(303);
        site.number("SELECT MAX(id) FROM summary").await
    }

    async fn undo_last(&mut self, site: &Site) -> Reply {
        let last = site.number("SELECT MAX(id) FROM desk_change WHERE undone_at IS NULL").await;
        self.undo(last).await
    }

    async fn undo(&mut self, change: i64) -> Reply {
        self.clerk.post(&format!("{}/changes/{change}/undo", self.base), &[]).await
    }

    /// The figures of the strip, in order.
    async fn figures(&mut self) -> Vec<i64> {
        let page = self.clerk.get(&self.base).await;
        let strip = page.text.split("class=\"desk-figures\"").nth(1).unwrap().split("</dl>").next().unwrap().to_owned();
        strip.split("<dd>").skip(1).map(|part| part.split('<').next().unwrap().parse().unwrap()).collect()
    }
}

/// Everything on the desk that undoing restores, as text.
pub async fn state(site: &Site) -> Vec<String> {
    site.texts(
        "SELECT 'c' || id || '|' || title || '|' || position || '|' || pinned_last || '|' || COALESCE(anchor, '-') FROM chapter \
         UNION ALL SELECT 's' || id || '|' || chapter_id || '|' || position || '|' || text || '|' || COALESCE(ward_view_id, 0) || '|' || \
            verbatim || '|' || COALESCE(confirmed_by, 0) || '|' || COALESCE(department_id, 0) FROM summary \
         UNION ALL SELECT 'l' || summary_id || '|' || opinion_item_id || '|' || again FROM summary_item \
         UNION ALL SELECT 'v' || id || '|' || text || '|' || COALESCE(disposition, '-') || '|' || state || '|' || reason FROM ward_view \
         UNION ALL SELECT 'i' || id || '|' || proposal_id || '|' || position || '|' || COALESCE(body, '-') || '|' || created_at || '|' || \
            COALESCE(anchor, '-') || '|' || COALESCE(page, 0) || '|' || COALESCE(out_of_scope, '-') FROM opinion_item \
         UNION ALL SELECT 't' || channel || status || received_on || '|' || submissions || '|' || opinions || '|' || people \
            FROM intake_tally WHERE submissions <> 0 ORDER BY 1",
    )
    .await
}

on_both_databases! {
    async fn opinions_are_gathered_into_rows_by_hand(site) {
        let mut it = desk(&site).await;
        assert_eq!(it.figures().await, [4, 4, 4, 0, 4, 0, 0, 0, 0]);
        let page = it.clerk.get(&it.base).await;
        page.assert_shows("未整理の意見").assert_shows(TEXTS[2]).assert_shows("同じ文面の意見をまとめて入れる（2通）");
        let [a, b, c, _] = it.items[..] else { panic!() };
        // One opinion, word for word; the text needs no typing and no confirmation.
        let row = it.row(&site, &[a]).await;
        assert_eq!(site.texts("SELECT text FROM summary").await, [TEXTS[0]]);
        assert_eq!(site.number("SELECT verbatim FROM summary").await, 1);
        // The same words of another: still word for word.
        it.act("gather", &[b], &[("row", "１－１")]).await.assert_status(303);
        assert_eq!(site.number("SELECT verbatim FROM summary").await, 1);
        // Another opinion: somebody else has to look at it.
        it.act("gather", &[c], &[("row", "1-1")]).await.assert_status(303);
        assert_eq!(site.number("SELECT verbatim FROM summary").await, 0);
        assert_eq!(it.figures().await, [4, 4, 4, 3, 1, 0, 1, 1, 1]);
        let page = it.clerk.get(&it.base).await;
        page.assert_shows("（他2件）").assert_shows("要確認").assert_shows("未回答");
        assert!(!page.text.contains(TEXTS[2]) || page.text.matches(TEXTS[2]).count() == 0, "it is gathered");
        let all = it.clerk.get(&format!("{}?placed=any", it.base)).await;
        all.assert_shows(TEXTS[2]).assert_shows("No.1-1");
        // What a row gathers, taken out of it and made a row of its own right behind it.
        let of_row = it.clerk.get(&format!("{}?placed=any&row={row}", it.base)).await;
        of_row.assert_shows("No.1-1 にまとめた意見").assert_shows("この要旨から外す");
        let query = format!("row={row}");
        it.act("split_row", &[c], &[("query", &query)]).await.assert_status(303);
        assert_eq!(site.texts("SELECT text FROM summary ORDER BY position").await, [TEXTS[0], TEXTS[2]]);
        it.act("take_out", &[b], &[("query", &query)]).await.assert_status(303);
        assert_eq!(it.figures().await[3..5], [2, 2]);
        // Gathering what another row counts moves it.
        it.act("gather", &[c], &[("row", &row.to_string())]).await.assert_status(303);
        assert_eq!(site.number(&format!("SELECT COUNT(*) FROM summary_item WHERE summary_id = {row}")).await, 2);
        assert_eq!(site.number("SELECT COUNT(*) FROM summary_item").await, 2);
        for action in ["row.gather", "row.split", "row.take_out"] {
            assert!(site.number(&format!("SELECT COUNT(*) FROM audit_event WHERE action = '{action}'")).await > 0, "{action}");
        }
    }

    async fn what_fits_a_filter_is_gathered_at_once(site) {
        let mut it = desk(&site).await;
        let group = site.number("SELECT text_group_id FROM proposal ORDER BY id LIMIT 1").await;
        let page = it.clerk.get(&format!("{}?group={group}", it.base)).await;
        page.assert_shows("同じ文面、またはほぼ同じ文面の意見だけ").assert_hides(TEXTS[2]);
        let chapter = it.chapter.to_string();
        let query = format!("group={group}");
        let fields = [("scope", "all"), ("act", "new_row"), ("chapter", chapter.as_str()), ("query", &query)];
        it.clerk.post(&format!("{}/items", it.base), &fields).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM summary_item").await, 2);
        it.clerk.get(&format!("{}?q=%E8%A1%97%E7%81%AF", it.base)).await.assert_shows(TEXTS[2]).assert_hides("花壇");
        it.clerk.get(&format!("{}?channel=fax", it.base)).await.assert_shows("この条件に合う意見はありません");
    }

    async fn a_repetition_is_not_counted_twice(site) {
        let mut it = desk(&site).await;
        let [a, b, c, d] = it.items[..] else { panic!() };
        it.row(&site, &[a, b]).await;
        let second = it.row(&site, &[c, d]).await;
        it.act("repeat", &[a], &[("row", "1-2")]).await.assert_status(303);
        assert_eq!(it.figures().await[2..5], [4, 4, 0]);
        let theme = server::service::consultation::loaded(&server::ctx::Ctx::system(&site.app), it.theme).await.unwrap();
        let ready = readiness(site.app.database.reader(), &theme).await.unwrap();
        assert_eq!((ready.unplaced, ready.empty.count), (0, 0));
        it.clerk.get(&format!("{}?placed=again", it.base)).await.assert_shows("再掲1か所").assert_shows("No.1-1");
        // What is in no row can't be repeated, what is there already neither.
        it.act("take_out", &[d], &[("query", &format!("row={second}"))]).await.assert_status(303);
        it.act("repeat", &[d], &[("row", "1-1")]).await.assert_status(422);
        it.act("repeat", &[a], &[("row", "1-2")]).await.assert_status(422);
        // Gone from where it was counted, it is counted where it is repeated: no opinion is lost.
        let first = site.number("SELECT MIN(id) FROM summary").await;
        it.act("take_out", &[a], &[("query", &format!("row={first}"))]).await.assert_status(303);
        assert_eq!(site.number(&format!("SELECT again FROM summary_item WHERE opinion_item_id = {a}")).await, 0);
        assert_eq!(it.figures().await[2..5], [4, 3, 1]);
        // Deleting a row does the same.
        it.act("repeat", &[a], &[("row", "1-1")]).await.assert_status(303);
        it.clerk.post(&format!("{}/rows/{second}/delete", it.base), &[]).await.assert_status(303);
        assert_eq!(site.number(&format!("SELECT again FROM summary_item WHERE opinion_item_id = {a}")).await, 0);
    }

    async fn out_of_scope_needs_a_reason_and_can_be_taken_back(site) {
        let mut it = desk(&site).await;
        let [a, b, ..] = it.items[..] else { panic!() };
        it.row(&site, &[a, b]).await;
        let reply = it.act("exclude", &[b], &[("reason", "  "), ("text", "打ちかけの要旨"), ("row", "9-9")]).await;
        reply.assert_status(422).assert_shows("対象外とする理由");
        assert_eq!((reply.field("text"), reply.field("row")), ("打ちかけの要旨".to_owned(), "9-9".to_owned()));
        it.act("exclude", &[b], &[("reason", "案件と関係がないため")]).await.assert_status(303);
        assert_eq!(it.figures().await[2..6], [3, 1, 2, 1]);
        it.clerk.get(&format!("{}?placed=out", it.base)).await.assert_shows("対象外の理由：案件と関係がないため");
        it.act("gather", &[b], &[("row", "1-1")]).await.assert_status(422).assert_shows("先に「対象外を取り消す」");
        it.act("include", &[b], &[]).await.assert_status(303);
        assert_eq!(it.figures().await[2..6], [4, 1, 3, 0]);
        it.act("include", &[b], &[]).await.assert_status(422);
        let audit = site.texts("SELECT detail FROM audit_event WHERE action = 'desk.exclude'").await.concat();
        assert!(audit.contains("案件と関係がないため") && !audit.contains("ベンチ"), "{audit}");
    }

    async fn bad_input_loses_nothing(site) {
        let mut it = desk(&site).await;
        let [a, b, ..] = it.items[..] else { panic!() };
        it.row(&site, &[a]).await;
        let long = "長".repeat(8001);
        let chapter = it.chapter.to_string();
        let before = state(&site).await;
        for (act, items, fields, word) in [
            ("new_row", vec![], vec![("chapter", chapter.as_str())], "意見が選ばれていません"),
            ("new_row", vec![b], vec![("chapter", "0")], "章を選んでください"),
            ("new_row", vec![b], vec![("chapter", chapter.as_str()), ("text", &long)], "要旨"),
            ("gather", vec![b], vec![("row", "7-7")], "その番号の要旨はありません"),
            ("gather", vec![a], vec![("row", "1-1")], "すでにそのようになっています"),
            ("gather", vec![b, 999_999], vec![("row", "1-1")], "見つからないもの"),
        ] {
            let reply = it.act(act, &items, &fields).await;
            reply.assert_status(422).assert_shows(word);
            for (name, value) in fields.iter().filter(|(name, _)| *name == "text") {
                assert_eq!(reply.field(name), *value);
            }
            if items.contains(&b) {
                assert!(reply.text.contains(&format!("value=\"{b}\" checked")), "{act} keeps what was ticked");
            }
        }
        it.act("nonsense", &[b], &[]).await.assert_status(400);
        it.act("take_out", &[b], &[]).await.assert_status(400);
        assert_eq!(state(&site).await, before);
        assert_eq!(site.number("SELECT COUNT(*) FROM desk_change").await, 2);
    }

    async fn a_letter_is_cut_beside_its_original(site) {
        let mut it = desk(&site).await;
        let letter = it.proposals[3];
        let path = format!("{}/split/{letter}", it.base);
        let page = it.clerk.get(&path).await;
        page.assert_shows("分け方の案を入れてあります").assert_shows("受付番号");
        assert_eq!(page.field("item"), "①花壇を作ってほしい。\n-----\n②トイレを改修してほしい。");
        let check = it.clerk.post(&path, &[("act", "check"), ("mark", "-----"), ("item", "甲\r\n---\r\n乙")]).await;
        check.assert_status(200).assert_shows("原文と違う文字");
        assert_eq!(site.number("SELECT COUNT(*) FROM opinion_item").await, 4, "looking changes nothing");
        let long = format!("甲\n-----\n{}", "長".repeat(5001));
        let reply = it.clerk.post(&path, &[("act", "save"), ("mark", "-----"), ("item", &long)]).await;
        reply.assert_status(422);
        assert_eq!(reply.field("item"), long);
        let typed = page.field("item");
        it.clerk.post(&path, &[("act", "save"), ("mark", "-----"), ("item", &typed)]).await.assert_status(303);
        assert_eq!(it.figures().await[..5], [4, 4, 5, 0, 5]);
        let body = site.texts(&format!("SELECT body FROM proposal WHERE id = {letter}")).await.concat();
        assert_eq!(body, TEXTS[3], "the original stays");
        let desk = it.clerk.get(&it.base).await;
        desk.assert_shows("2件中1件目").assert_shows("原文の全体");
        // What a row gathers keeps its words.
        let parts = site.numbers(&format!("SELECT id FROM opinion_item WHERE proposal_id = {letter} ORDER BY position")).await;
        it.row(&site, &parts[1..]).await;
        let reply = it.clerk.post(&path, &[("act", "save"), ("mark", "-----"), ("item", TEXTS[3])]).await;
        reply.assert_status(422).assert_shows("すでに要旨にまとめた意見");
        it.clerk.get(&format!("{}/split/999999", it.base)).await.assert_status(404);
        let mut other = site.staff("山田", "道路課", Role::Clerk).await;
        other.get(&path).await.assert_status(403);
        other.post(&path, &[("mark", "-----"), ("item", "甲")]).await.assert_status(403);
    }

    async fn a_cut_from_the_intake_can_be_taken_back_on_the_desk(site) {
        let mut it = desk(&site).await;
        let before = state(&site).await;
        let row = it.proposals[3];
        it.clerk.post(&format!("/staff/proposals/{row}/split"), &[("item", "花壇"), ("item", "トイレ")]).await.assert_status(303);
        assert_eq!(it.figures().await[2], 5);
        it.undo_last(&site).await.assert_status(303);
        assert_eq!(state(&site).await, before);
        assert_eq!(it.figures().await[2], 4);
    }

    async fn suggestions_are_explained_and_become_rows(site) {
        let mut it = desk(&site).await;
        let path = format!("{}/clusters", it.base);
        let page = it.clerk.get(&path).await;
        page.assert_shows("ここに並ぶのは候補です").assert_shows("2件の候補").assert_shows("共通する言葉");
        let [a, b, ..] = it.items[..] else { panic!() };
        let (a, b) = (a.to_string(), b.to_string());
        let wrong = it.clerk.post(&path, &[("index", "0"), ("items", &a), ("chapter", "0"), ("text", "直した要旨")]).await;
        wrong.assert_status(422).assert_shows("章を選んでください").assert_shows("直した要旨");
        assert!(!wrong.text.contains(&format!("value=\"{b}\" checked")), "what was unticked stays so");
        let chapter = it.chapter.to_string();
        let fields = [("index", "0"), ("items", &a), ("items", &b), ("chapter", &chapter), ("text", "ベンチを増やす。")];
        it.clerk.post(&path, &fields).await.assert_status(303);
        assert_eq!(site.texts("SELECT text FROM summary").await, ["ベンチを増やす。"]);
        it.clerk.get(&path).await.assert_shows("候補はありません");
    }

    async fn the_outline_follows_the_draft_and_general_matters_stay_last(site) {
        let mut it = desk(&site).await;
        let from_draft = format!("{}/chapters/from-draft", it.base);
        it.clerk.post(&from_draft, &[]).await.assert_status(422).assert_shows("素案に見出しがない");
        let text = "# 公園計画\n\nはじめに。\n\n## 第1章　緑\n\n緑を増やします。\n\n### 樹木\n\n木を植えます。\n\n## 第2章　施設\n\nベンチを置きます。\n";
        let fields: [(&str, &str); 3] = [("document_title", "公園計画（素案）"), ("stage", "draft"), ("text", text)];
        let parts: Vec<_> = fields.iter().map(|(name, value)| (*name, None, "text/plain", value.as_bytes())).collect();
        it.clerk.upload(&format!("/staff/consultations/{}/documents", it.theme), &parts).await.assert_status(303);
        it.clerk.post(&from_draft, &[]).await.assert_status(303);
        let titles = "SELECT title FROM chapter ORDER BY pinned_last, position";
        assert_eq!(site.texts(titles).await, ["設備", "緑", "施設", "全般・その他"]);
        it.clerk.post(&from_draft, &[]).await.assert_status(422).assert_shows("すべて揃っています");
        // What is added later stands before 全般・その他.
        site.chapter(&mut it.clerk, it.theme, "資料").await;
        assert_eq!(site.texts(titles).await, ["設備", "緑", "施設", "資料", "全般・その他"]);
        let last = site.number("SELECT id FROM chapter WHERE pinned_last = 1").await;
        it.clerk.post(&format!("{}/chapters/{last}", it.base), &[("act", "up")]).await.assert_status(303);
        assert_eq!(site.texts(titles).await.pop().unwrap(), "全般・その他");
        // Opinions by the heading they are about, with what stands below it.
        let [a, b, ..] = it.items[..] else { panic!() };
        let anchor = site.texts("SELECT anchor FROM document_block WHERE text LIKE '木を%'").await.concat();
        site.sql(&format!("UPDATE opinion_item SET anchor = '{anchor}' WHERE id = {b}")).await;
        let heading = site.texts("SELECT anchor FROM chapter WHERE title = '緑'").await.concat();
        let found = it.clerk.get(&format!("{}?heading={heading}", it.base)).await;
        found.assert_shows("素案の章");
        assert!(found.text.contains(&format!("value=\"{b}\"")) && !found.text.contains(&format!("value=\"{a}\" ")));
        let other = site.texts("SELECT anchor FROM chapter WHERE title = '施設'").await.concat();
        it.clerk.get(&format!("{}?heading={other}", it.base)).await.assert_shows("この条件に合う意見はありません");
    }

    async fn rows_move_by_buttons_and_to_any_place(site) {
        let mut it = desk(&site).await;
        let [a, b, c, d] = it.items[..] else { panic!() };
        let mut rows = Vec::new();
        for item in [a, b, c] {
            rows.push(it.row(&site, &[item]).await);
        }
        let second = site.chapter(&mut it.clerk, it.theme, "運営").await;
        let first_chapter = it.chapter;
        it.chapter = second;
        let other = it.row(&site, &[d]).await;
        let order = "SELECT s.id FROM summary s JOIN chapter c ON c.id = s.chapter_id ORDER BY c.position, s.position";
        let shift = |row: i64| format!("/staff/consultations/{}/responses/rows/{row}/move", it.theme);
        let (up, down) = ([("direction", "up")], [("direction", "down")]);
        let to = it.clerk.post(&shift(rows[0]), &down).await.location();
        assert!(to.ends_with(&format!("#desk-{}", rows[0])), "{to}");
        assert_eq!(site.numbers(order).await, [rows[1], rows[0], rows[2], other]);
        it.clerk.post(&shift(rows[1]), &up).await.assert_status(303);
        assert_eq!(site.numbers(order).await, [rows[1], rows[0], rows[2], other], "the first stays");
        let chapter = second.to_string();
        it.clerk.post(&shift(rows[1]), &[("chapter", &chapter), ("number", "１")]).await.assert_status(303);
        assert_eq!(site.numbers(order).await, [rows[0], rows[2], rows[1], other]);
        it.clerk.post(&shift(rows[0]), &[("chapter", &chapter), ("number", "99")]).await.assert_status(303);
        assert_eq!(site.numbers(order).await, [rows[2], rows[1], other, rows[0]]);
        let first = first_chapter.to_string();
        for row in [rows[0], rows[1], other] {
            it.clerk.post(&shift(row), &[("chapter", &first), ("number", "2")]).await.assert_status(303);
        }
        assert_eq!(site.numbers(order).await, [rows[2], other, rows[1], rows[0]]);
        let page = it.clerk.get(&it.base).await;
        for name in ["No.1-1", "No.1-4"] {
            page.assert_shows(name);
        }
        page.assert_shows("行がない章は、公表する表に載りません");
        it.clerk.post(&shift(rows[0]), &[("chapter", "0")]).await.assert_status(422);
        it.clerk.post(&shift(rows[0]), &[("direction", "sideways")]).await.assert_status(400);
        // A chapter's rows go to another, and it goes.
        let path = format!("{}/chapters/{first_chapter}", it.base);
        it.clerk.post(&path, &[("act", "merge"), ("into", &first)]).await.assert_status(422);
        it.clerk.post(&path, &[("act", "merge"), ("into", &chapter)]).await.assert_status(303);
        assert_eq!(site.numbers(order).await, [rows[2], other, rows[1], rows[0]]);
        assert_eq!(site.number("SELECT COUNT(*) FROM chapter").await, 1);
        it.undo_last(&site).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM chapter").await, 2);
    }

    async fn two_rows_become_one_with_both_texts_in_sight(site) {
        let mut it = desk(&site).await;
        let [a, b, c, d] = it.items[..] else { panic!() };
        let chapter = it.chapter;
        let proposals = it.proposals.clone();
        let kept = site.row(&mut it.clerk, it.theme, chapter, &proposals[..1], "ベンチ", "置きます。").await;
        let gone = site.row(&mut it.clerk, it.theme, chapter, &proposals[2..3], "街灯", "検討します。").await;
        it.act("repeat", &[a], &[("row", "1-2")]).await.assert_status(303);
        it.act("gather", &[b], &[("row", "1-2")]).await.assert_status(303);
        let before = state(&site).await;
        let path = format!("{}/rows/{gone}/merge", it.base);
        it.clerk.get(&format!("{path}?into=9-9")).await.assert_status(422).assert_shows("その番号の要旨はありません");
        let page = it.clerk.get(&format!("{path}?into=1-1")).await;
        page.assert_shows("検討します。").assert_shows("置きます。").assert_shows("区の考え方は、No.1-1 のものが残ります。");
        assert_eq!(page.field("text"), "ベンチ\n\n街灯");
        let (from, into) = (page.value_of("from_version"), page.value_of("into_version"));
        let target = kept.to_string();
        let fields = |text: &'static str| {
            [("into", target.clone()), ("text", text.to_owned()), ("from_version", from.clone()), ("into_version", into.clone())]
        };
        let send = |fields: [(&'static str, String); 4]| fields.map(|(n, v)| (n, v));
        let empty = send(fields(""));
        let empty: Vec<(&str, &str)> = empty.iter().map(|(n, v)| (*n, v.as_str())).collect();
        it.clerk.post(&path, &empty).await.assert_status(422);
        // Somebody else adds an opinion in the meantime.
        let mut other = site.staff("山田", "公園課", Role::Clerk).await;
        let item = d.to_string();
        let added = [("act", "gather"), ("items", item.as_str()), ("row", "1-1")];
        other.post(&format!("{}/items", it.base), &added).await.assert_status(303);
        let full = send(fields("ベンチと街灯"));
        let full: Vec<(&str, &str)> = full.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let stale = it.clerk.post(&path, &full).await;
        stale.assert_status(409).assert_shows("ほかの職員が先に変更しました");
        assert_eq!(stale.field("text"), "ベンチと街灯");
        it.undo_last(&site).await.assert_status(303);
        let page = it.clerk.get(&format!("{path}?into=1-1")).await;
        let (from, into) = (page.value_of("from_version"), page.value_of("into_version"));
        let fields = [("into", target.as_str()), ("text", "ベンチと街灯"), ("from_version", &from), ("into_version", &into)];
        it.clerk.post(&path, &fields).await.assert_status(303);
        assert_eq!(site.texts("SELECT text FROM summary").await, ["ベンチと街灯"]);
        assert_eq!(site.numbers("SELECT opinion_item_id FROM summary_item WHERE again = 0 ORDER BY 1").await, [a, b, c]);
        assert_eq!(site.texts("SELECT text FROM ward_view").await, ["置きます。"]);
        it.undo_last(&site).await.assert_status(303);
        assert_eq!(state(&site).await, before, "both rows and both answers are back");
    }

    async fn readiness_names_what_is_missing(site) {
        let mut it = desk(&site).await;
        let chapter = it.chapter;
        let [p1, p2, p3, p4] = it.proposals[..] else { panic!() };
        let system = server::ctx::Ctx::system(&site.app);
        let theme = server::service::consultation::loaded(&system, it.theme).await.unwrap();
        site.row(&mut it.clerk, it.theme, chapter, &[p1, p2], "ベンチを増やす。", "置きます。").await;
        site.row(&mut it.clerk, it.theme, chapter, &[p3], TEXTS[2], "").await;
        site.row(&mut it.clerk, it.theme, chapter, &[], "意見のない行", "答え").await;
        let ready = readiness(site.app.database.reader(), &theme).await.unwrap();
        assert!(!ready.is_ready());
        assert_eq!(ready.unplaced, 1);
        assert_eq!(ready.empty.names(), ["1-3"]);
        assert_eq!(ready.unanswered.names(), ["1-2"]);
        assert_eq!(ready.unconfirmed.names(), ["1-1", "1-3"]);
        assert!(ready.unmarked.is_empty() && ready.unreasoned.is_empty());
        assert_eq!((ready.figures.rows, ready.figures.unanswered, ready.figures.unconfirmed), (3, 1, 2));
        // 修正する／しない asks for a reason.
        site.sql(&format!("UPDATE consultation SET disposition_preset = 'revision' WHERE id = {}", it.theme)).await;
        let theme = server::service::consultation::loaded(&system, it.theme).await.unwrap();
        let ready = readiness(site.app.database.reader(), &theme).await.unwrap();
        assert_eq!(ready.unmarked.names(), ["1-1", "1-2", "1-3"], "the old mark is none of these");
        site.sql("UPDATE ward_view SET disposition = 'unrevised'").await;
        let ready = readiness(site.app.database.reader(), &theme).await.unwrap();
        assert_eq!(ready.unreasoned.names(), ["1-1", "1-2", "1-3"]);
        site.sql("UPDATE ward_view SET reason = '予定がないため'").await;
        it.clerk.post(&format!("{}/rows/{}/delete", it.base, site.number("SELECT MAX(id) FROM summary").await), &[]).await;
        let last = site.item(p4).await;
        it.row(&site, &[last]).await;
        site.sql("UPDATE summary SET ward_view_id = (SELECT MIN(id) FROM ward_view), confirmed_by = 1, confirmed_at = 1").await;
        assert!(readiness(site.app.database.reader(), &theme).await.unwrap().is_ready());
        let (_, statements) = site.statements(readiness(site.app.database.reader(), &theme)).await;
        assert!(statements <= 3, "{statements}");
    }

    async fn published_numbers_that_change_are_named(site) {
        let mut it = desk(&site).await;
        let chapter = it.chapter;
        let [p1, p2, p3, p4] = it.proposals[..] else { panic!() };
        let one = site.row(&mut it.clerk, it.theme, chapter, &[p1, p2], "ベンチ", "置きます。").await;
        let two = site.row(&mut it.clerk, it.theme, chapter, &[p3], "街灯", "置きます。").await;
        let gone = site.row(&mut it.clerk, it.theme, chapter, &[p4], "花壇", "作ります。").await;
        site.close(it.theme).await;
        let mut approver = site.staff("課長", "公園課", Role::Approver).await;
        site.publish(&mut it.clerk, &mut approver, it.theme).await.assert_status(303);
        it.clerk.post(&format!("{}/rows/{two}/move", it.base), &[("direction", "up")]).await.assert_status(303);
        it.clerk.post(&format!("{}/rows/{gone}/delete", it.base), &[]).await.assert_status(303);
        let theme = server::service::consultation::loaded(&server::ctx::Ctx::system(&site.app), it.theme).await.unwrap();
        let ready = readiness(site.app.database.reader(), &theme).await.unwrap();
        let changed: Vec<(i64, &str, &str)> =
            ready.first_renumbered.iter().map(|r| (r.id, r.before.as_str(), r.now.as_str())).collect();
        assert_eq!(changed, [(two, "1-2", "1-1"), (one, "1-1", "1-2")]);
        assert_eq!((ready.renumbered, ready.gone), (2, 1));
    }

    async fn the_desk_of_many_is_read_in_pages(site) {
        let mut it = desk(&site).await;
        many(&site, it.theme, it.chapter).await;
        let (page, statements) = site.statements(it.clerk.get(&it.base)).await;
        assert!(statements <= 8, "{statements}");
        assert_eq!(page.text.matches("name=\"items\"").count(), 50);
        assert_eq!(page.text.matches("data-row").count(), 50);
        page.assert_shows("120行のうち1行目から50行目を表示しています").assert_shows("No.1-50");
        let href = |page: &Reply, start: &str| {
            let link = page.text.split("<a rel=\"next\" href=\"").skip(1).map(|l| l.split('"').next().unwrap().replace("&amp;", "&"));
            link.into_iter().find(|l| l.contains(start)).unwrap_or_else(|| panic!("no {start}"))
        };
        let rows = it.clerk.get(&href(&page, "rows=")).await;
        rows.assert_shows("51行目から100行目").assert_shows("No.1-100");
        let more = it.clerk.get(&href(&page, "after=")).await;
        assert!(!more.text.contains(&format!("name=\"items\" value=\"{}\"", it.items[0])), "another page");
        assert_eq!(more.text.matches("name=\"items\"").count(), 50);
        // After a move the page on which the row stands now is shown.
        let row = site.number("SELECT id FROM summary ORDER BY position, id LIMIT 1 OFFSET 70").await;
        let to = it.clerk.post(&format!("{}/rows/{row}/move", it.base), &[("direction", "up")]).await.location();
        it.clerk.get(to.split('#').next().unwrap()).await.assert_shows("No.1-70");
    }

    async fn the_desk_is_written_by_its_department_and_read_by_the_auditor(site) {
        let mut it = desk(&site).await;
        let [a, ..] = it.items[..] else { panic!() };
        it.row(&site, &[a]).await;
        let change = site.number("SELECT MAX(id) FROM desk_change").await;
        let item = a.to_string();
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        let page = auditor.get(&it.base).await;
        page.assert_status(200).assert_shows("No.1-1");
        assert!(!page.text.contains("name=\"items\"") && !page.text.contains("<button class=\"button\" data-variant=\"solid\" data-size=\"md\" type=\"submit\" name=\"act\""));
        auditor.get(&format!("{}/changes", it.base)).await.assert_status(200);
        auditor.get(&format!("{}/clusters", it.base)).await.assert_status(200);
        let mut stranger = site.staff("道路", "道路課", Role::Clerk).await;
        for path in ["", "/changes", "/clusters"] {
            stranger.get(&format!("{}{path}", it.base)).await.assert_status(403);
        }
        for browser in [&mut auditor, &mut stranger] {
            for (path, fields) in [
                ("items".to_owned(), vec![("act", "exclude"), ("items", item.as_str()), ("reason", "理由")]),
                (format!("changes/{change}/undo"), vec![]),
                ("chapters/from-draft".to_owned(), vec![]),
                ("clusters".to_owned(), vec![("items", item.as_str())]),
            ] {
                browser.post(&format!("{}/{path}", it.base), &fields).await.assert_status(403);
            }
        }
        // What belongs to another theme is not to be had through this one.
        let theme = site.open_theme(&mut it.clerk, "michi").await;
        let base = format!("/staff/consultations/{theme}/responses");
        it.clerk.post(&format!("{base}/changes/{change}/undo"), &[]).await.assert_status(404);
        it.clerk.post(&format!("{base}/items"), &[("act", "exclude"), ("items", &item), ("reason", "理由")]).await.assert_status(422);
        it.clerk.get(&format!("{base}/split/{}", it.proposals[0])).await.assert_status(404);
    }
}

/// Two hundred opinions and a hundred and twenty rows.
async fn many(site: &Site, theme: i64, chapter: i64) {
    for n in 0..200 {
        site.sql(&format!(
            "INSERT INTO proposal (consultation_id, submitter, channel, receipt_number, body, state, like_count, created_at, updated_at, intake, eligibility, received_on, no_reply, approval_only) \
             VALUES ({theme}, 'p{n}', 'online', '2026-X{n}', '意見その{n}', 'published', 0, {n}, {n}, 'accepted', 'unknown', '2026-11-20', 0, 0); \
             INSERT INTO opinion_item (proposal_id, position, created_at) VALUES ((SELECT MAX(id) FROM proposal), 1, {n})"
        ))
        .await;
    }
    for n in 0..120 {
        site.sql(&format!(
            "INSERT INTO summary (consultation_id, chapter_id, text, position, version, updated_at, updated_by, verbatim) \
             VALUES ({theme}, {chapter}, '要旨その{n}', {n}, 1, 0, 1, 0)"
        ))
        .await;
    }
}
