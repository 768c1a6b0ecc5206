//! One row at work: originals beside the 要旨, a second person's look, the answer, past answers, phrases.

use domain::Role;
use server::{ctx::Ctx, jobs, service};

use crate::{
    on_both_databases,
    support::{Browser, Reply, Site},
};

/// A theme with a chapter, two clerks and a row of one opinion.
struct Desk {
    theme: i64,
    chapter: i64,
    clerk: Browser,
    colleague: Browser,
    row: i64,
    path: String,
}

const OPINION: &str = "令和7年度までに、中央公園へベンチを30台増やすことには反対ではありません。";

async fn desk(site: &Site) -> Desk {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let colleague = site.staff("山田", "公園課", Role::Clerk).await;
    let theme = site.open_theme(&mut clerk, "kouen").await;
    let mut author = site.resident("花子").await;
    let proposal = site.propose(&mut author, "kouen", OPINION).await;
    let chapter = site.chapter(&mut clerk, theme, "設備").await;
    let row = site.row(&mut clerk, theme, chapter, &[proposal], "中央公園にベンチを増やしてほしい。", "").await;
    let path = rows(theme, row);
    Desk { theme, chapter, clerk, colleague, row, path }
}

fn rows(theme: i64, row: i64) -> String {
    format!("/staff/consultations/{theme}/responses/rows/{row}")
}

impl Desk {
    async fn open(&mut self) -> Reply {
        self.clerk.get(&self.path).await
    }

    async fn save(&mut self, site: &Site, changed: &[(&str, &str)]) -> Reply {
        let page = self.open().await;
        site.save_row(&page, &mut self.clerk, &self.path, changed).await
    }

    async fn settle(&mut self, site: &Site, answer: &str) {
        self.save(site, &[("answer", answer), ("disposition", "considered"), ("act", "settle")])
            .await
            .assert_status(303);
    }

    async fn add(&mut self, site: &Site, text: &str, answer: &str) -> i64 {
        let (theme, chapter) = (self.theme, self.chapter);
        site.row(&mut self.clerk, theme, chapter, &[], text, answer).await
    }
}

/// The text of an element without its marks.
fn plain(html: &str) -> String {
    html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

on_both_databases! {
    async fn lost_numbers_and_negations_are_pointed_out_and_nothing_is_blocked(site) {
        let mut it = desk(&site).await;
        let page = it.open().await;
        page.assert_shows(OPINION);
        for lost in ["原文の「30台」が、要旨にありません。", "原文の「令和7年度", "<del>", "<ins>"] {
            page.assert_shows(lost);
        }
        // Words for those who see no colour.
        page.assert_shows("（ここから、無い部分：");
        it.save(&site, &[("text", "ベンチ50台の増設に賛成。")]).await.assert_status(303);
        let page = it.open().await;
        page.assert_shows("要旨の「50台」は、どの原文にもありません。");
        // Looking without saving keeps everything that is typed.
        let typed = [
            ("text", "令和7年度までに、中央公園のベンチを30台増やすことに反対ではない。①"),
            ("answer", "書きかけの答え"),
            ("disposition", "reflected"),
            ("act", "check"),
            ("then", "next"),
        ];
        let before = site.numbers("SELECT version FROM summary").await;
        let look = it.save(&site, &typed).await;
        look.assert_status(200).assert_shows("まだ保存していません");
        look.assert_shows("機種依存文字「①」があります。");
        look.assert_hides("どの原文にもありません");
        assert_eq!((look.field("text").as_str(), look.field("answer").as_str()), (typed[0].1, typed[1].1));
        assert_eq!(look.chosen("disposition"), "reflected");
        assert_eq!(site.numbers("SELECT version FROM summary").await, before);
        assert_eq!(site.texts("SELECT text FROM ward_view").await, [""]);
    }

    async fn copies_are_shown_once_and_what_isnt_shown_stays_in_the_row(site) {
        let mut it = desk(&site).await;
        let mut items = Vec::new();
        for n in 0..25 {
            let mut author = site.resident(&format!("住民{n}")).await;
            let text = if n < 3 { "駅前の放置自転車をなくしてほしい。".to_owned() } else { format!("{}についての意見です。", ["桜", "橋", "川", "坂", "祭", "鳥", "海", "山", "空", "星", "月", "風", "雨", "雪", "花", "森", "池", "畑", "寺", "駅", "港", "塔"][n - 3]) };
            items.push(site.item(site.propose(&mut author, "kouen", &text).await).await.to_string());
        }
        let chapter = it.chapter.to_string();
        let mut fields = vec![("chapter", chapter.as_str()), ("text", "放置自転車"), ("act", "draft")];
        fields.extend(items.iter().map(|item| ("items", item.as_str())));
        let new = format!("/staff/consultations/{}/responses/rows/new", it.theme);
        it.clerk.post(&new, &fields).await.assert_status(303);
        let row = site.number("SELECT MAX(id) FROM summary").await;
        let path = rows(it.theme, row);
        let page = it.clerk.get(&path).await;
        page.assert_shows("原文（25件）");
        page.assert_shows("ほぼ同じ文面 3件");
        assert_eq!(page.text.matches(">駅前の放置自転車をなくしてほしい。<").count(), 1);
        page.assert_shows(&format!("{path}/originals"));
        let all = it.clerk.get(&format!("{path}/originals")).await;
        assert_eq!(all.assert_status(200).text.matches("駅前の放置自転車をなくしてほしい。").count(), 3);
        // The three copies go together; opinions that weren't on the page stay.
        let copies = items[..3].join(",");
        page.assert_shows(&format!("value=\"{copies}\""));
        let kept: Vec<String> = page.text.split("<input").filter(|i| i.contains("name=\"items\"")).map(|i| i.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()).filter(|v| *v != copies).collect();
        let shown: Vec<String> = kept.iter().cloned().chain([copies]).collect();
        let version = page.field("row_version");
        let mut fields = vec![("chapter", chapter.as_str()), ("text", "放置自転車"), ("act", "draft"), ("row_version", version.as_str())];
        fields.extend(kept.iter().map(|v| ("items", v.as_str())));
        fields.extend(shown.iter().map(|v| ("shown", v.as_str())));
        it.clerk.post(&path, &fields).await.assert_status(303);
        assert_eq!(site.number(&format!("SELECT COUNT(*) FROM summary_item WHERE summary_id = {row}")).await, 22);
    }

    async fn an_opinion_that_another_row_counts_is_only_repeated_and_never_lost_from_the_count(site) {
        let mut it = desk(&site).await;
        let item = site.number("SELECT id FROM opinion_item").await.to_string();
        let chapter = it.chapter.to_string();
        let new = format!("/staff/consultations/{}/responses/rows/new", it.theme);
        let fields = [("chapter", chapter.as_str()), ("text", "再掲の行"), ("items", item.as_str())];
        it.clerk.post(&new, &fields).await.assert_status(303);
        let other = site.number("SELECT MAX(id) FROM summary").await;
        let again = |row: i64| format!("SELECT again FROM summary_item WHERE summary_id = {row}");
        assert_eq!((site.numbers(&again(it.row)).await, site.numbers(&again(other)).await), (vec![0], vec![1]));
        it.clerk.get(&rows(it.theme, other)).await.assert_shows("再掲");
        // Taken out of the row that counts it, the other one counts it.
        it.save(&site, &[("items", "")]).await.assert_status(303);
        assert_eq!((site.numbers(&again(it.row)).await, site.numbers(&again(other)).await), (vec![], vec![0]));
        // An opinion of another theme doesn't come in.
        let fields = [("chapter", chapter.as_str()), ("text", "よその意見"), ("items", "999999")];
        it.clerk.post(&new, &fields).await.assert_status(422);
        // Everything can be taken back.
        let last = site.number("SELECT MAX(id) FROM desk_change").await;
        assert_eq!(site.texts(&format!("SELECT kind FROM desk_change WHERE id = {last}")).await, ["row_save"]);
    }

    async fn a_second_person_confirms_what_isnt_word_for_word(site) {
        let mut it = desk(&site).await;
        let confirm = format!("{}/confirm", it.path);
        let page = it.open().await;
        page.assert_shows("あなたとは別の職員が、確認します");
        page.assert_hides(&format!("formaction=\"{confirm}\""));
        let version = page.field("row_version");
        it.clerk
            .post(&confirm, &[("row_version", &version)])
            .await
            .assert_status(422)
            .assert_shows("要旨を書いた人は、確認できません");
        // What is typed and not saved isn't lost by it.
        let answer = page.field("answer_version");
        let typed = [("row_version", version.as_str()), ("answer_version", answer.as_str()), ("answer", "書きかけ")];
        let unsaved = it.colleague.post(&confirm, &typed).await;
        unsaved.assert_status(422).assert_shows("保存していない入力があります");
        assert_eq!(unsaved.field("answer"), "書きかけ");
        it.colleague.get(&it.path).await.assert_shows(&format!("formaction=\"{confirm}\""));
        it.colleague.post(&confirm, &[("row_version", &version)]).await.assert_status(303);
        it.open().await.assert_shows("山田さんが確認しました");
        assert_eq!(site.number("SELECT COUNT(*) FROM audit_event WHERE action = 'row.confirm'").await, 1);
        // The answer may be written without asking again, a change of the text asks again.
        it.settle(&site, "増やします。").await;
        it.open().await.assert_shows("山田さんが確認しました");
        it.save(&site, &[("text", "ベンチを増やす。")]).await.assert_status(303);
        it.open().await.assert_hides("山田さんが確認しました");
        assert_eq!(site.number("SELECT COUNT(*) FROM summary WHERE confirmed_by IS NOT NULL").await, 0);
        it.colleague.post(&confirm, &[("row_version", &version)]).await.assert_status(409).assert_shows("ベンチを増やす。");
        // Who only wrote the answer may confirm.
        let page = it.colleague.get(&it.path).await;
        let path = it.path.clone();
        site.save_row(&page, &mut it.colleague, &path, &[("answer", "来年度に増やします。")]).await.assert_status(303);
        let version = it.open().await.field("row_version");
        it.colleague.post(&confirm, &[("row_version", &version)]).await.assert_status(303);
        // Opinions that come or go ask again as well.
        let tx = site.app.database.write().await.unwrap();
        service::response::refresh_verbatim(&tx, it.row).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(site.number("SELECT COUNT(*) FROM summary WHERE confirmed_by IS NOT NULL").await, 0);
        // Word for word needs nobody.
        it.save(&site, &[("text", OPINION)]).await.assert_status(303);
        assert_eq!(site.number("SELECT verbatim FROM summary").await, 1);
        let page = it.open().await;
        page.assert_shows("原文のとおりです");
        page.assert_hides("別の職員による確認");
    }

    async fn a_settled_answer_has_everything_it_needs_and_can_be_opened_again(site) {
        let mut it = desk(&site).await;
        let bare = it.save(&site, &[("act", "settle"), ("answer", ""), ("disposition", "")]).await;
        bare.assert_status(422);
        for field in ["answer", "disposition"] {
            bare.assert_shows(&format!("id=\"e-{field}\""));
        }
        it.save(&site, &[("act", "draft"), ("answer", "途中")]).await.assert_status(303);
        it.open().await.assert_shows("回答は、まだ確定していません");
        it.settle(&site, "来年度に設置します。").await;
        it.open().await.assert_shows("回答を確定しました（水野");
        assert_eq!(site.number("SELECT COUNT(*) FROM ward_view WHERE state = 'settled' AND settled_at IS NOT NULL").await, 1);
        // Saving the 要旨 alone leaves the answer as it was settled.
        let at = site.numbers("SELECT settled_at FROM ward_view").await;
        site.pass(crate::support::HOUR);
        it.save(&site, &[("text", "ベンチを30台")]).await.assert_status(303);
        assert_eq!(site.numbers("SELECT settled_at FROM ward_view").await, at);
        it.save(&site, &[("act", "draft")]).await.assert_status(303);
        assert_eq!(site.texts("SELECT state FROM ward_view").await, ["draft"]);
        assert_eq!(site.number("SELECT COUNT(*) FROM ward_view WHERE settled_by IS NOT NULL").await, 0);
        assert_eq!(it.open().await.field("answer"), "来年度に設置します。");
        // No texts of residents in the log.
        let details = site.texts("SELECT detail FROM audit_event WHERE action = 'row.save'").await;
        assert!(details.iter().all(|d| !d.contains("ベンチ") && !d.contains("設置")), "{details:?}");
    }

    async fn a_reason_is_asked_for_where_the_ward_asks_for_one(site) {
        let mut it = desk(&site).await;
        site.sql("UPDATE consultation SET disposition_preset = 'revision'").await;
        let page = it.open().await;
        page.assert_shows("name=\"reason\"");
        let fields = [("answer", "素案のとおりとします。"), ("disposition", "unrevised"), ("act", "settle")];
        let reply = it.save(&site, &fields).await;
        reply.assert_status(422).assert_shows("id=\"e-reason\"");
        assert_eq!(reply.field("answer"), "素案のとおりとします。");
        let with = [fields.as_slice(), &[("reason", "すでに設置しているため")]].concat();
        it.save(&site, &with).await.assert_status(303);
        assert_eq!(site.texts("SELECT reason FROM ward_view").await, ["すでに設置しているため"]);
        assert_eq!(it.open().await.field("reason"), "すでに設置しているため");
        // Of two people who write a reason, the second sees both.
        let path = it.path.clone();
        let (one, two) = (it.clerk.get(&path).await, it.colleague.get(&path).await);
        site.save_row(&one, &mut it.clerk, &path, &[("reason", "一人目の理由")]).await.assert_status(303);
        let typed = [("reason", "二人目の理由"), ("disposition", "revised")];
        let conflict = site.save_row(&two, &mut it.colleague, &path, &typed).await;
        conflict.assert_status(409).assert_shows("一人目の理由");
        conflict.assert_shows("修正しない");
        assert_eq!((conflict.field("reason"), conflict.chosen("disposition")), ("二人目の理由".to_owned(), "revised".to_owned()));
    }

    async fn what_looks_like_personal_data_is_settled_by_an_explicit_mark_only(site) {
        let mut it = desk(&site).await;
        let text = "連絡先は090-1234-5678です。";
        it.save(&site, &[("text", text), ("act", "draft")]).await.assert_status(303);
        it.open().await.assert_shows("電話番号と思われる「090-1234-5678」があります。");
        let fields = [("answer", "設置します。"), ("disposition", "considered"), ("act", "settle")];
        let refused = it.save(&site, &fields).await;
        refused.assert_status(422).assert_shows("個人を特定できるおそれのある記述があります");
        assert_eq!(refused.field("answer"), "設置します。");
        it.save(&site, &[fields.as_slice(), &[("not_personal", "1")]].concat()).await.assert_status(303);
        let confirm = format!("{}/confirm", it.path);
        let version = it.open().await.field("row_version");
        it.colleague.post(&confirm, &[("row_version", &version)]).await.assert_status(422);
        it.colleague.post(&confirm, &[("row_version", &version), ("not_personal", "1")]).await.assert_status(303);
        // The answer is looked at as well.
        it.save(&site, &[("text", "ベンチ"), ("act", "draft")]).await.assert_status(303);
        let fields = [("answer", "090-1234-5678にお電話しました。"), ("disposition", "considered"), ("act", "settle")];
        it.save(&site, &fields).await.assert_status(422).assert_shows("「090-1234-5678」から、個人が特定されるおそれ");
    }

    async fn an_answer_is_shared_by_number_and_nothing_typed_is_lost_unasked(site) {
        let mut it = desk(&site).await;
        it.settle(&site, "共通の答えです。").await;
        let second = it.add(&site, "二つ目", "").await;
        let path = rows(it.theme, second);
        let page = it.clerk.get(&path).await;
        page.assert_shows("No.1-1 と共通：共通の答えです。");
        for (number, problem) in [("9-9", "e-share_row"), ("あ", "e-share_row")] {
            let reply = site.save_row(&page, &mut it.clerk, &path, &[("share_row", number)]).await;
            reply.assert_status(422).assert_shows(problem);
            assert_eq!(reply.field("share_row"), number);
        }
        let typed = [("share_row", "Ｎｏ.１－１"), ("answer", "自分で書いた答え"), ("act", "draft")];
        let refused = site.save_row(&page, &mut it.clerk, &path, &typed).await;
        refused.assert_status(422).assert_shows("入力した考え方は残りません");
        assert_eq!(refused.field("answer"), "自分で書いた答え");
        let agreed = [typed.as_slice(), &[("drop_answer", "1")]].concat();
        site.save_row(&page, &mut it.clerk, &path, &agreed).await.assert_status(303);
        let page = it.clerk.get(&path).await;
        assert_eq!(page.field("answer"), "共通の答えです。");
        page.assert_shows("この考え方は、No.1-1 と共通です");
        assert_eq!(site.number("SELECT COUNT(*) FROM ward_view").await, 1);
        // Its own again: the shared one stays with the other row.
        site.save_row(&page, &mut it.clerk, &path, &[("ward_view", ""), ("answer", "別の答え")]).await.assert_status(303);
        assert_eq!(it.open().await.field("answer"), "共通の答えです。");
        assert_eq!(site.number("SELECT COUNT(*) FROM ward_view").await, 2);
        // A row without an answer has none to share.
        it.add(&site, "三つ目", "").await;
        let reply = it.save(&site, &[("share_row", "1-3")]).await;
        reply.assert_status(422).assert_shows("この行には区の考え方がまだありません");
    }

    async fn saving_goes_on_to_the_next_row_without_an_answer(site) {
        let mut it = desk(&site).await;
        let second = it.add(&site, "二つ目", "答え").await;
        let third = it.add(&site, "三つ目", "").await;
        let page = it.open().await;
        page.assert_shows(&format!("href=\"{}\"", rows(it.theme, second)));
        page.assert_shows("次の未回答の行（No.1-3）");
        page.assert_hides("前の行");
        let go = |answer: &'static str| [("answer", answer), ("disposition", "considered"), ("act", "settle"), ("then", "next")];
        let reply = it.save(&site, &go("一つ目の答え")).await;
        assert_eq!(reply.location(), format!("{}?notice=next&then=next", rows(it.theme, third)));
        let next = it.clerk.get(&reply.location()).await;
        next.assert_shows("次の未回答の行です");
        assert!(next.text.contains("value=\"next\" checked"), "the choice stays");
        let last = site.save_row(&next, &mut it.clerk, &rows(it.theme, third), &go("三つ目の答え")).await;
        assert_eq!(last.location(), format!("{}?notice=last", rows(it.theme, third)));
        it.clerk.get(&last.location()).await.assert_shows("未回答の行はありません");
        let stay = it.save(&site, &[]).await;
        assert_eq!(stay.location(), format!("{}?notice=saved", it.path));
    }

    async fn one_row_of_thousands_takes_few_statements(site) {
        let mut it = desk(&site).await;
        let (theme, chapter) = (it.theme, it.chapter);
        site.sql(&format!(
            "INSERT INTO ward_view (text, disposition, consultation_id, version, updated_at, updated_by, reason, state) \
             SELECT '答え', 'considered', {theme}, 1, 0, 1, '', 'draft' FROM summary"
        ))
        .await;
        site.sql(&format!(
            "INSERT INTO summary (text, consultation_id, chapter_id, position, version, updated_at, updated_by, ward_view_id, verbatim) \
             WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
             SELECT 'ベンチを増やしてほしい', {theme}, {chapter}, i, 1, 0, 1, (SELECT MAX(id) FROM ward_view), 0 FROM n"
        ))
        .await;
        site.sql("UPDATE summary SET ward_view_id = (SELECT MAX(id) FROM ward_view)").await;
        let (page, statements) = site.statements(it.clerk.get(&it.path)).await;
        page.assert_status(200).assert_shows("ほか4969行と共通です");
        assert!(statements <= 8, "{statements} statements");
        assert!(page.text.len() < 120_000, "{} bytes", page.text.len());
        let middle = site.number("SELECT id FROM summary WHERE position = 2500").await;
        let page = it.clerk.get(&rows(theme, middle)).await;
        page.assert_shows("No.1-2500 の要旨");
        page.assert_shows("No.1-2499");
        page.assert_shows("No.1-2501");
        let (new, statements) = site.statements(it.clerk.get(&format!("/staff/consultations/{theme}/responses/rows/new?chapter={chapter}"))).await;
        new.assert_status(200);
        assert!(statements <= 8, "{statements} statements");
    }

    async fn a_department_that_was_given_a_row_writes_its_answer_and_nothing_else(site) {
        let mut it = desk(&site).await;
        let mut other = site.staff("佐藤", "道路課", Role::Clerk).await;
        other.get(&it.path).await.assert_status(403);
        let road = site.number("SELECT id FROM department WHERE name = '道路課'").await;
        site.sql(&format!("UPDATE summary SET department_id = {road}")).await;
        let page = other.get(&it.path).await;
        page.assert_status(200).assert_shows(OPINION);
        page.assert_shows("回答する課：道路課");
        page.assert_hides("name=\"text\"");
        page.assert_hides("花子");
        let (version, chapter) = (page.field("row_version"), it.chapter.to_string());
        let answer_version = page.field("answer_version");
        let fields = [
            ("row_version", version.as_str()),
            ("answer_version", answer_version.as_str()),
            ("text", "書き換え"),
            ("chapter", chapter.as_str()),
            ("shown", "1"),
            ("answer", "道路課が設置します。"),
            ("disposition", "considered"),
            ("act", "settle"),
        ];
        other.post(&it.path, &fields).await.assert_status(303);
        let page = it.open().await;
        assert_eq!(page.field("text"), "中央公園にベンチを増やしてほしい。");
        assert_eq!(page.field("answer"), "道路課が設置します。");
        assert_eq!(site.number("SELECT COUNT(*) FROM summary_item").await, 1);
        other.post(&format!("{}/confirm", it.path), &[("row_version", &version)]).await.assert_status(403);
        other.get(&format!("/staff/consultations/{}/responses/rows/new", it.theme)).await.assert_status(403);
    }

    async fn past_answers_are_what_is_public_and_are_used_with_one_button(site) {
        let site = site.demo().await;
        let mut clerk = site.signed_in("clerk@minamo.example.jp", server::demo::PASSWORD).await;
        jobs::run_due(&site.app).await.unwrap();
        let all = "SELECT COUNT(*) FROM past_answer";
        let (rows, terms) = (site.number(all).await, site.number("SELECT COUNT(*) FROM past_answer_term").await);
        assert!(rows > 3 && terms > rows, "{rows} rows, {terms} terms");
        // Twice is once.
        jobs::run_due(&site.app).await.unwrap();
        assert_eq!((site.number(all).await, site.number("SELECT COUNT(*) FROM past_answer_term").await), (rows, terms));
        let theme = site.number("SELECT id FROM consultation WHERE slug = 'bousai-kenshou'").await;
        let text = site.texts("SELECT text FROM past_answer ORDER BY id").await.remove(0);
        let answer = site.texts("SELECT answer FROM past_answer ORDER BY id").await.remove(0);
        let past = site.number("SELECT MIN(id) FROM past_answer").await;
        site.sql(&format!("UPDATE consultation SET disposition_preset = 'six-marks' WHERE id = {theme}")).await;
        let mut admin = site.signed_in("admin@minamo.example.jp", server::demo::PASSWORD).await;
        let chapter = site.chapter(&mut admin, theme, "全般").await;
        let row = site.row(&mut admin, theme, chapter, &[], &text, "").await;
        let path = self::rows(theme, row);
        let (page, statements) = site.statements(admin.get(&path)).await;
        assert!(statements <= 8, "{statements} statements");
        page.assert_shows("共通する言葉：");
        page.assert_shows(&format!("value=\"use:{past}\""));
        assert!(page.text.matches("class=\"past\"").count() <= 5);
        // It comes behind what is typed, nothing is saved and nothing lost.
        let typed = [("answer", "書きかけ"), ("text", "直した要旨"), ("act", &*format!("use:{past}"))];
        let used = site.save_row(&page, &mut admin, &path, &typed).await;
        used.assert_status(200).assert_shows("まだ保存していません");
        assert_eq!(used.field("answer"), format!("書きかけ\n{answer}"));
        assert_eq!(used.field("text"), "直した要旨");
        assert_eq!(site.texts(&format!("SELECT v.text FROM summary s JOIN ward_view v ON v.id = s.ward_view_id WHERE s.id = {row}")).await, [""]);
        let gone = site.save_row(&page, &mut admin, &path, &[("answer", "書きかけ"), ("act", "use:999999")]).await;
        gone.assert_status(200).assert_shows("ほかの職員が削除したか");
        assert_eq!(gone.field("answer"), "書きかけ");
        // All staff search in all of them.
        let word: String = text.chars().take(4).collect();
        let found = clerk.get(&format!("/staff/answers?q={}", app::shell::percent(&word))).await;
        found.assert_status(200).assert_shows("#row-");
        clerk.get("/staff/answers?q=%25").await.assert_shows("見つかりませんでした");
        assert_eq!(site.visitor().get("/staff/answers").await.status, 303);
    }

    async fn a_newer_version_replaces_the_older_when_it_is_out_and_not_before(site) {
        let site = site.demo().await;
        jobs::run_due(&site.app).await.unwrap();
        let texts = "SELECT answer FROM past_answer ORDER BY id";
        let (theme, version) = (
            site.number("SELECT consultation_id FROM publication ORDER BY id LIMIT 1").await,
            site.number("SELECT id FROM publication ORDER BY id LIMIT 1").await,
        );
        let newest = site.number(&format!("SELECT MAX(version) FROM publication WHERE consultation_id = {theme}")).await;
        let old = site.texts(texts).await;
        let later = site.clock.now() + crate::support::DAY;
        site.sql(&format!(
            "INSERT INTO publication (response_table, consultation_id, version, published_at, published_by, note) \
             SELECT replace(response_table, '区', '当区'), consultation_id, {newest} + 1, {later}, published_by, '' \
             FROM publication WHERE id = {version}"
        ))
        .await;
        jobs::run_due(&site.app).await.unwrap();
        assert_eq!(site.texts(texts).await, old, "what is scheduled is not found");
        let context = Ctx::system(&site.app);
        let hit = service::past_answer::resembling(&context, &old[0], 0, 5).await.unwrap();
        assert!(!hit.is_empty() && hit.iter().all(|p| !p.row.answer.contains("当区")));
        site.clock.set(later);
        jobs::run_due(&site.app).await.unwrap();
        let new = site.texts(&format!("SELECT answer FROM past_answer WHERE consultation_id = {theme}")).await;
        assert!(new.iter().any(|a| a.contains("当区")), "{new:?}");
        assert_eq!(site.number(&format!("SELECT COUNT(DISTINCT publication_id) FROM past_answer WHERE consultation_id = {theme}")).await, 1);
        assert_eq!(site.texts(texts).await.len(), old.len());
    }

    async fn phrases_are_the_wards_own_and_come_with_plainer_words(site) {
        let mut it = desk(&site).await;
        let page = it.open().await;
        let seed = "いただいたご意見は、貴重なご提案として、参考とさせていただきます";
        page.assert_shows(seed);
        page.assert_shows("value=\"phrase:0:plain\"");
        let inserted = it.save(&site, &[("answer", "書きかけ"), ("act", "phrase:0:text")]).await;
        assert_eq!(inserted.assert_status(200).field("answer"), format!("書きかけ\n{seed}。"));
        inserted.assert_shows("次のように言い換えると");
        let replaced = it.save(&site, &[("answer", &format!("{seed}。")), ("act", "replace:0")]).await;
        let answer = replaced.field("answer");
        assert!(!answer.contains("参考とさせて") && answer.contains("〇〇"), "{answer}");
        replaced.assert_shows("書き入れていないところ");
        let promise = it.save(&site, &[("answer", "検討します。"), ("act", "check")]).await;
        promise.assert_shows("何を、いつまでに検討するのかを書き添えてください");
        promise.assert_shows(&format!("/staff/consultations/{}/commitments/new?row={}", it.theme, it.row));
        it.save(&site, &[("answer", "令和9年3月までに、設置について検討します。"), ("act", "check")])
            .await
            .assert_hides("commitments/new");
        // The ward changes them in its settings.
        let settings = "/staff/settings/phrases";
        it.clerk.get(settings).await.assert_status(403);
        it.clerk.post(settings, &[("text", "x"), ("plain", ""), ("order", "1")]).await.assert_status(403);
        let mut admin = site.staff("管理", "区政課", Role::Admin).await;
        admin.get(settings).await.assert_status(200).assert_shows(seed);
        let fields = [
            ("order", "2"), ("text", "二番目"), ("plain", "ふたつめ"),
            ("order", "1"), ("text", "一番目"), ("plain", ""),
            ("order", "3"), ("text", "消える"), ("plain", ""),
            ("delete", "2"),
        ];
        let more = admin.post(settings, &[fields.as_slice(), &[("more", "1")]].concat()).await;
        more.assert_status(200).assert_shows("6番目の定型文");
        more.assert_shows("二番目");
        let wrong = admin.post(settings, &[("order", "1"), ("text", ""), ("plain", "言い換えだけ")]).await;
        wrong.assert_status(422).assert_shows("言い換えだけ");
        admin.post(settings, &fields).await.assert_status(303);
        let page = it.open().await;
        page.assert_hides(seed);
        assert!(page.text.find("一番目").unwrap() < page.text.find("二番目").unwrap());
        page.assert_hides("消える");
        assert_eq!(site.number("SELECT COUNT(*) FROM audit_event WHERE action = 'phrases.save'").await, 1);
        // A ward may do without any.
        admin.post(settings, &[("order", ""), ("text", ""), ("plain", "")]).await.assert_status(303);
        it.open().await.assert_hides("定型文から選ぶ");
    }

    async fn what_is_typed_into_a_row_is_text_wherever_it_is_shown(site) {
        let mut it = desk(&site).await;
        let nasty = "</textarea><script>alert(1)</script>\"'&amp; 090-1234-5678";
        let fields = [("text", nasty), ("answer", nasty), ("act", "draft")];
        it.save(&site, &fields).await.assert_status(303);
        let page = it.open().await;
        page.assert_hides("<script>alert");
        assert_eq!((page.field("text").as_str(), page.field("answer").as_str()), (nasty, nasty));
        assert!(plain(&page.text).contains("電話番号と思われる"));
        it.save(&site, &[("act", "check"), ("share_row", "\"><script>alert(2)</script>")]).await.assert_hides("<script>alert");
        it.clerk.get("/staff/answers?q=%22%3E%3Cscript%3Ealert(1)").await.assert_hides("<script>alert");
        it.clerk.post(&it.path.clone(), &[("act", "nonsense")]).await.assert_status(400);
    }
}
