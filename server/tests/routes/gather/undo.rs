//! Taking changes back, one kind after the other, and when it is refused.

use domain::Role;

use super::{desk, state};
use crate::on_both_databases;

/// A kind of change, the path of the form that makes it, and its fields.
type Step<'a> = (&'a str, String, Vec<(&'a str, String)>);

on_both_databases! {
    async fn every_kind_of_change_can_be_taken_back_exactly(site) {
        let mut it = desk(&site).await;
        let [a, b, c, d] = it.items[..] else { panic!() };
        let chapter = it.chapter.to_string();
        let proposal = it.proposals[3];
        let first = it.row(&site, &[a, b]).await;
        let second = it.row(&site, &[c]).await;
        let empty = site.chapter(&mut it.clerk, it.theme, "空の章").await;
        let base = it.base.clone();
        let of_first = format!("row={first}");
        let to_empty = empty.to_string();
        let items = |ids: &[i64]| ids.iter().map(|i| ("items", i.to_string())).collect::<Vec<_>>();
        let path = |rest: &str| format!("{base}/{rest}");
        let (first, second) = (first.to_string(), second.to_string());
        let owned = |fields: &[(&'static str, &str)]| fields.iter().map(|(n, v)| (*n, (*v).to_owned())).collect::<Vec<_>>();
        let with = |fields: &[(&'static str, &str)], ids: &[i64]| [owned(fields), items(ids)].concat();
        let steps: Vec<Step> = vec![
            ("gather", path("items"), with(&[("act", "gather"), ("row", "1-2")], &[d])),
            ("gather", path("items"), with(&[("act", "new_row"), ("chapter", &chapter)], &[d, b])),
            ("repeat", path("items"), with(&[("act", "repeat"), ("row", "1-2")], &[a])),
            ("take_out", path("items"), with(&[("act", "take_out"), ("query", &of_first)], &[a])),
            ("row_split", path("items"), with(&[("act", "split_row"), ("query", &of_first)], &[b])),
            ("out_of_scope", path("items"), with(&[("act", "exclude"), ("reason", "対象でないため")], &[a, d])),
            ("item_split", path(&format!("split/{proposal}")), owned(&[("mark", "-----"), ("item", "花壇\n-----\nトイレ")])),
            ("row_move", path(&format!("rows/{first}/move")), owned(&[("direction", "down")])),
            ("row_move", path(&format!("rows/{second}/move")), owned(&[("chapter", &to_empty), ("number", "1")])),
            ("row_delete", path(&format!("rows/{first}/delete")), vec![]),
            ("chapter_add", path("chapters"), owned(&[("chapter_title", "もう一章")])),
            ("chapter_rename", path(&format!("chapters/{chapter}")), owned(&[("act", "rename"), ("title", "全般・その他")])),
            ("chapter_move", path(&format!("chapters/{chapter}")), owned(&[("act", "down")])),
            ("chapter_delete", path(&format!("chapters/{empty}")), owned(&[("act", "delete")])),
            ("chapter_merge", path(&format!("chapters/{chapter}")), owned(&[("act", "merge"), ("into", &to_empty)])),
            ("row_save", path("rows/new"), with(&[("chapter", &chapter), ("text", "新しい行"), ("answer", "答え"), ("act", "draft")], &[d])),
        ];
        for (kind, path, fields) in steps {
            let before = state(&site).await;
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            it.clerk.post(&path, &fields).await.assert_status(303);
            assert_ne!(state(&site).await, before, "{kind} changes something");
            assert_eq!(site.texts("SELECT kind FROM desk_change ORDER BY id DESC LIMIT 1").await, [kind]);
            let desk = it.clerk.get(&it.base).await;
            desk.assert_shows("直前の変更：").assert_shows("水野");
            it.undo_last(&site).await.assert_status(303);
            assert_eq!(state(&site).await, before, "{kind} is taken back exactly");
        }
        // 対象外 taken back by its own button is a change as well.
        it.act("exclude", &[d], &[("reason", "対象でないため")]).await.assert_status(303);
        let before = state(&site).await;
        it.act("include", &[d], &[]).await.assert_status(303);
        it.undo_last(&site).await.assert_status(303);
        assert_eq!(state(&site).await, before);
        assert!(site.number("SELECT COUNT(*) FROM audit_event WHERE action = 'desk.undo'").await > 15);
        let page = it.clerk.get(&format!("{}/changes", it.base)).await;
        page.assert_shows("水野が取り消しました").assert_shows("を別の行に分けた");
    }

    async fn what_somebody_changed_since_is_not_taken_back(site) {
        let mut it = desk(&site).await;
        let [a, b, c, d] = it.items[..] else { panic!() };
        let row = it.row(&site, &[a]).await;
        let gathered = site.number("SELECT MAX(id) FROM desk_change").await;
        let apart = it.row(&site, &[c]).await;
        let mut other = site.staff("山田", "公園課", Role::Clerk).await;
        let item = b.to_string();
        let added = [("act", "gather"), ("items", item.as_str()), ("row", "1-1")];
        other.post(&format!("{}/items", it.base), &added).await.assert_status(303);
        let before = state(&site).await;
        let refused = it.undo(gathered).await;
        refused.assert_status(409).assert_shows("その後、山田さんが同じところを変更しています");
        assert_eq!(state(&site).await, before);
        // Another row's change in between doesn't stand in the way; and twice is once.
        let last = site.number("SELECT MAX(id) FROM desk_change").await;
        it.act("gather", &[d], &[("row", "1-2")]).await.assert_status(303);
        it.undo(last).await.assert_status(303);
        it.undo(last).await.assert_status(409).assert_shows("すでに取り消されています");
        it.undo(gathered).await.assert_status(303);
        assert_eq!(site.numbers("SELECT id FROM summary").await, [apart]);
        // What the journal doesn't keep, but stands in the way: the row was given to another department.
        let chapter = it.chapter.to_string();
        it.act("new_row", &[a], &[("chapter", &chapter)]).await.assert_status(303);
        let department = site.number("SELECT MAX(id) FROM department").await;
        site.sql(&format!("UPDATE summary SET department_id = {department} WHERE id > {apart} AND id <> {row}")).await;
        it.undo_last(&site).await.assert_status(409).assert_shows("その後、同じところが変更されています");
        it.undo(999_999).await.assert_status(404);
    }

    async fn a_department_given_to_a_row_outlives_an_undo_of_something_else(site) {
        let mut it = desk(&site).await;
        let [a, b, ..] = it.items[..] else { panic!() };
        let row = it.row(&site, &[a]).await;
        it.act("gather", &[b], &[("row", "1-1")]).await.assert_status(303);
        let department = site.number("SELECT MAX(id) FROM department").await;
        site.sql(&format!("UPDATE summary SET department_id = {department}, due_on = '2026-12-01' WHERE id = {row}")).await;
        it.undo_last(&site).await.assert_status(303);
        assert_eq!(site.number(&format!("SELECT department_id FROM summary WHERE id = {row}")).await, department);
        assert_eq!(site.number("SELECT COUNT(*) FROM summary_item").await, 1);
    }

    async fn a_page_that_is_open_finds_out_about_an_undo(site) {
        let mut it = desk(&site).await;
        let [a, b, ..] = it.items[..] else { panic!() };
        let row = it.row(&site, &[a]).await;
        it.act("gather", &[b], &[("row", "1-1")]).await.assert_status(303);
        let path = format!("{}/rows/{row}", it.base);
        let open = it.clerk.get(&path).await;
        it.undo_last(&site).await.assert_status(303);
        site.save_row(&open, &mut it.clerk, &path, &[("text", "古い画面から")]).await.assert_status(409);
    }
}
