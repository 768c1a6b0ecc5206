//! What keeps people's texts theirs, whole, and the disk from filling up.

use super::{CONFIRM, NEW, SECRETS, SEND, comment, fill, keep, key_of, last_moment, number_of};
use crate::{on_both_databases, support::DAY};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

on_both_databases! {
    async fn no_cookie_opens_the_correction_of_somebody_else(site) {
        let theme = comment(&site, |_| ()).await;
        let receipt = site.submit(&mut site.visitor(), "keikaku", &[("text1", "送った文"), ("eligibility", "resident")]).await;
        let (number, key) = (number_of(&receipt), key_of(&receipt));
        let fields = format!("number={number}&key={key}&text1=%E8%A8%82%E6%AD%A3&name=Yamada-Naisho");
        assert_eq!(keep(&mut site.visitor(), theme, &fields).await.status, 200);
        let mut thief = site.visitor();
        thief.set_cookie("machikoe_form", &format!("receipt:{number}"));
        let page = thief.get(NEW).await;
        page.assert_status(200).assert_hides("Yamada-Naisho");
        page.assert_hides("訂正</textarea>");
        assert_eq!(thief.cookie("machikoe_form").unwrap().len(), 43, "it is given a token of ours instead");
        // Even a well-formed token of somebody's making is never the place of a receipt.
        let hashes = site.texts("SELECT token_hash FROM submission_draft").await;
        let token = "A".repeat(43);
        thief.set_cookie("machikoe_form", &token);
        fill(&mut thief, &[("text1", "自分の文"), ("save", "1")]).await.assert_status(303);
        let now = site.texts("SELECT token_hash FROM submission_draft").await;
        assert_eq!(now.len(), 2);
        assert!(!now.contains(&server::secret::hash(&token)) && now.contains(&hashes[0]), "a purpose of its own is in the hash");
    }

    async fn what_was_accepted_is_looked_at_again_when_it_says_something_else(site) {
        comment(&site, |_| ()).await;
        let base = [("text1", "はじめの文"), ("page1", "3"), ("eligibility", "resident"), ("name", "山田")];
        let receipt = site.submit(&mut site.visitor(), "keikaku", &base).await;
        let (number, key) = (number_of(&receipt), key_of(&receipt));
        let edit = format!("/receipts/{number}/edit");
        let mut fields: Vec<(&str, &str)> = base.into_iter().chain([("key", key.as_str())]).collect();
        let changes = [(0, ("text1", "直した文")), (1, ("page1", "4")), (2, ("eligibility", "interested")), (3, ("name", "鈴木"))];
        for state in ["accepted", "awaiting_correction"] {
            site.sql(&format!("DELETE FROM intake_tally WHERE submissions = 0; UPDATE intake_tally SET status = '{state}'; UPDATE proposal SET intake = '{state}'")).await;
            site.visitor().post(&edit, &fields).await.assert_status(303);
            assert_eq!(site.texts("SELECT intake FROM proposal").await, [state], "nothing changed");
        }
        for (at, change) in changes {
            site.sql("DELETE FROM intake_tally WHERE submissions = 0; UPDATE intake_tally SET status = 'accepted'; UPDATE proposal SET intake = 'accepted'").await;
            fields[at] = change;
            site.visitor().post(&edit, &fields).await.assert_status(303);
            assert_eq!(site.texts("SELECT intake FROM proposal").await, ["unread"], "{change:?}");
        }
        // What staff have ruled out stays ruled out.
        site.sql("DELETE FROM intake_tally WHERE submissions = 0; UPDATE intake_tally SET status = 'out_of_scope'; UPDATE proposal SET intake = 'out_of_scope'").await;
        fields[0] = ("text1", "また直した文");
        site.visitor().post(&edit, &fields).await.assert_status(303);
        assert_eq!(site.texts("SELECT intake FROM proposal").await, ["out_of_scope"]);
    }

    async fn a_letter_that_was_split_is_kept_and_shown_whole(site) {
        comment(&site, |_| ()).await;
        let letter = "前略。公園を増やしてください。道も直してください。草々";
        let receipt = site.submit(&mut site.visitor(), "keikaku", &[("text1", letter), ("eligibility", "resident")]).await;
        let (number, key) = (number_of(&receipt), key_of(&receipt));
        let (id, post) = (site.number("SELECT id FROM proposal").await, format!("/receipts/{number}/edit"));
        let edit = format!("{post}?key={key}");
        let split = async |from: usize, to: usize| {
            for n in from..=to {
                site.sql(&format!(
                    "INSERT INTO opinion_item (proposal_id, position, created_at, body) VALUES ({id}, {n}, 0, '{n}番の意見')"
                ))
                .await;
            }
        };
        site.sql("UPDATE opinion_item SET body = '1番の意見'").await;
        split(2, 20).await;
        let form = site.visitor().get(&edit).await;
        assert_eq!((form.field("text1").as_str(), form.field("text20").as_str()), ("1番の意見", "20番の意見"));
        split(21, 21).await;
        let form = site.visitor().get(&edit).await;
        assert_eq!(form.field("text1"), letter, "more than there are boxes: the letter itself");
        form.assert_hides("name=\"text2\"");
        let fields = [("key", key.as_str()), ("text1", "公園だけで結構です。"), ("eligibility", "resident")];
        site.visitor().post(&post, &fields).await.assert_status(303);
        let kept = site.texts("SELECT body FROM proposal_revision ORDER BY id").await;
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[0], letter, "the letter as it came");
        assert!(kept[1].contains("21番の意見"), "and as it was split");
        // One that is what its opinions say is kept once.
        site.visitor().post(&post, &fields).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal_revision").await, 3);
    }

    async fn a_letter_longer_than_a_box_fills_as_few_as_hold_it(site) {
        comment(&site, |_| ()).await;
        let receipt = site.submit(&mut site.visitor(), "keikaku", &[("text1", "短い文"), ("eligibility", "resident")]).await;
        let id = site.number("SELECT id FROM proposal").await;
        let line = "長い手紙の一行。".repeat(200);
        site.sql(&format!("UPDATE proposal SET body = '{}'", [line.as_str(); 5].join("\n"))).await;
        for n in 2..=21 {
            site.sql(&format!(
                "INSERT INTO opinion_item (proposal_id, position, created_at, body) VALUES ({id}, {n}, 0, '意見')"
            ))
            .await;
        }
        let edit = format!("/receipts/{}/edit?key={}", number_of(&receipt), key_of(&receipt));
        let form = site.visitor().get(&edit).await;
        let all = [form.field("text1"), form.field("text2")].concat();
        assert_eq!(all.matches(&line).count(), 5);
        form.assert_hides("name=\"text3\"");
    }

    async fn files_are_taken_only_so_often_and_while_the_call_is_open(site) {
        comment(&site, |rules| rules.attachments = true).await;
        let site = site.reopened(|config| "on".clone_into(&mut config.rate_limits)).await;
        let mut visitor = site.visitor();
        let form = visitor.get(NEW).await.value_of("form");
        let mut last = 303;
        for n in 0..16 {
            let name = format!("{n}.pdf");
            let parts: [(&str, Option<&str>, &str, &[u8]); 4] = [
                ("form", None, "text/plain", form.as_bytes()),
                ("text1", None, "text/plain", "なくならない文".as_bytes()),
                ("save", None, "text/plain", b"1"),
                ("files", Some(&name), "application/pdf", PDF),
            ];
            let reply = visitor.upload(NEW, &parts).await;
            if reply.status == 429 {
                reply.assert_shows("なくならない文");
            }
            last = reply.status;
        }
        assert_eq!(last, 429);
        // Texts are still welcome.
        let parts: [(&str, Option<&str>, &str, &[u8]); 3] =
            [("form", None, "text/plain", form.as_bytes()), ("text1", None, "text/plain", b"a"), ("save", None, "text/plain", b"1")];
        visitor.upload(NEW, &parts).await.assert_status(303);
    }

    async fn a_file_that_got_no_row_is_not_left_on_the_disk(site) {
        comment(&site, |rules| rules.attachments = true).await;
        let mut visitor = site.visitor();
        let form = visitor.get(NEW).await.value_of("form");
        let long = "長".repeat(500_000);
        let typed = |text: &'static str| -> (&str, Option<&str>, &str, &'static [u8]) { ("text1", None, "text/plain", text.as_bytes()) };
        let file: (&str, Option<&str>, &str, &[u8]) = ("files", Some("a.pdf"), "application/pdf", PDF);
        let token: (&str, Option<&str>, &str, &[u8]) = ("form", None, "text/plain", form.as_bytes());
        let stored = site.app.files.path(&sha256(PDF));
        // Too long a text is not kept, and its file isn't either.
        let reply = visitor.upload(NEW, &[token, ("text1", None, "text/plain", long.as_bytes()), file]).await;
        reply.assert_status(422);
        assert!(!stored.exists(), "after a text that was too long");
        // A file that somebody else's form has stays.
        visitor.upload(NEW, &[token, typed("文"), ("save", None, "text/plain", b"1"), file]).await.assert_status(303);
        assert!(stored.exists());
        let mut other = site.visitor();
        let theirs = other.get(NEW).await.value_of("form");
        let theirs: (&str, Option<&str>, &str, &[u8]) = ("form", None, "text/plain", theirs.as_bytes());
        other.upload(NEW, &[theirs, ("text1", None, "text/plain", long.as_bytes()), file]).await.assert_status(422);
        assert!(stored.exists());
        // After the deadline texts come back and files are not taken.
        site.clock.set(last_moment() + 1);
        let late: (&str, Option<&str>, &str, &[u8]) = ("files", Some("b.pdf"), "application/pdf", b"%PDF-1.7\nlate\n%%EOF\n");
        other.upload(NEW, &[theirs, typed("遅い文"), late]).await.assert_status(422);
        assert_eq!(site.number("SELECT COUNT(*) FROM upload").await, 1);
    }

    async fn an_address_gets_only_so_many_receipts(site) {
        comment(&site, |_| ()).await;
        let site = site.reopened(|config| "on".clone_into(&mut config.rate_limits)).await;
        for n in 0..11 {
            let address = if n % 2 == 0 { SECRETS[3] } else { "Naisho@example.jp" };
            let fields = [("text1", "意見"), ("eligibility", "resident"), ("email", address)];
            site.submit(&mut site.visitor(), "keikaku", &fields).await;
        }
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 11, "every submission is received");
        assert_eq!(site.number("SELECT COUNT(*) FROM mail WHERE LOWER(to_address) = 'naisho@example.jp'").await, 10);
    }

    async fn what_is_saved_while_the_form_is_being_sent_is_not_thrown_away(site) {
        comment(&site, |_| ()).await;
        let mut visitor = site.visitor();
        fill(&mut visitor, &[("text1", "送る文"), ("eligibility", "resident")]).await;
        let page = visitor.get(CONFIRM).await;
        let (form, seen) = (page.value_of("form"), page.value_of("seen"));
        let sending = [("form", form.as_str()), ("seen", seen.as_str())];
        let saving = [("form", form.as_str()), ("text1", "書き足した文"), ("eligibility", "resident"), ("save", "1")];
        site.slow("proposal").await;
        let (mut a, mut b) = (visitor.clone(), visitor.clone());
        let later = async {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            b.post(NEW, &saving).await
        };
        let (sent, saved) = tokio::join!(a.post(SEND, &sending), later);
        sent.assert_status(303);
        let kept = site.texts("SELECT payload FROM submission_draft").await;
        if saved.location() == format!("{NEW}?notice=saved") {
            assert!(kept.iter().any(|payload| payload.contains("書き足した文")), "it was said to be saved");
        } else {
            assert!(saved.location().starts_with("/receipts/") || saved.text.contains("書き足した文"), "{}", saved.status);
        }
    }

    async fn an_opinion_about_another_place_names_the_draft_of_that_day(site) {
        comment(&site, |_| ()).await;
        let fields = [("text1", "一"), ("page1", "3"), ("text2", "二"), ("page2", "5"), ("eligibility", "resident")];
        let receipt = site.submit(&mut site.visitor(), "keikaku", &fields).await;
        let (number, key) = (number_of(&receipt), key_of(&receipt));
        let first = site.clock.now();
        site.pass(DAY);
        let mut corrected: Vec<(&str, &str)> = fields.into_iter().chain([("key", key.as_str())]).collect();
        corrected[0] = ("text1", "一を直した");
        corrected[3] = ("page2", "6");
        site.visitor().post(&format!("/receipts/{number}/edit"), &corrected).await.assert_status(303);
        let made = site.numbers("SELECT created_at FROM opinion_item ORDER BY position").await;
        assert_eq!(made, [first, site.clock.now()]);
    }
}

fn sha256(bytes: &[u8]) -> String {
    server::secret::hash(std::str::from_utf8(bytes).unwrap())
}
