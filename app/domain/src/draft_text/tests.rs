use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, sample::subsequence};

use super::*;

fn block(kind: BlockKind, text: &str) -> NewBlock {
    NewBlock { kind, text: text.to_owned(), html: format!("<p>{text}</p>") }
}

fn paragraphs(texts: &[&str]) -> Vec<NewBlock> {
    texts.iter().map(|text| block(BlockKind::Paragraph, text)).collect()
}

fn shown(version: &CarriedOver) -> Vec<(&str, Change)> {
    version.blocks.iter().map(|b| (b.anchor.as_str(), b.change)).collect()
}

#[test]
fn a_first_version_is_numbered_through() {
    let version = first(paragraphs(&["はじめに", "本文"]));
    assert_eq!(shown(&version), [("p1", Change::Unchanged), ("p2", Change::Unchanged)]);
    assert_eq!((version.removed.len(), version.next_anchor), (0, 3));
    assert_eq!(first(Vec::new()).next_anchor, 1);
}

#[test]
fn a_new_version_tells_what_became_of_each_paragraph() {
    let old = first(vec![
        block(BlockKind::Heading(1), "第1章 基本方針"),
        block(BlockKind::Paragraph, "区は、誰もが使いやすい窓口をつくります。"),
        block(BlockKind::Paragraph, "自転車駐車場を駅前に整備します。"),
        block(BlockKind::Heading(1), "第2章 推進体制"),
        block(BlockKind::Paragraph, "進捗は毎年度公表します。"),
        block(BlockKind::Paragraph, "この段落はなくなります。"),
    ]);
    let new = carry_over(
        &old.blocks,
        old.next_anchor,
        vec![
            block(BlockKind::Heading(1), "第１章　基本方針"),
            block(BlockKind::Paragraph, "区は、誰もが安心して使いやすい窓口をつくります。"),
            block(BlockKind::Paragraph, "まったく新しく加わった段落です。"),
            block(BlockKind::Heading(1), "第2章 推進体制"),
            block(BlockKind::Paragraph, "進捗は毎年度公表します。"),
            block(BlockKind::Paragraph, "自転車駐車場を駅前に整備します。"),
        ],
    );
    assert_eq!(
        shown(&new),
        [
            ("p1", Change::Unchanged),
            ("p2", Change::Changed),
            ("p7", Change::Added),
            ("p4", Change::Unchanged),
            ("p5", Change::Unchanged),
            ("p3", Change::Moved),
        ]
    );
    assert_eq!((new.removed, new.next_anchor), (vec!["p6".to_owned()], 8));
}

#[test]
fn anchors_of_removed_paragraphs_never_come_back() {
    let one = first(paragraphs(&["駐輪場を増やします。", "公園を広げます。"]));
    let two = carry_over(&one.blocks, one.next_anchor, paragraphs(&["駐輪場を増やします。"]));
    let three = carry_over(&two.blocks, two.next_anchor, paragraphs(&["駐輪場を増やします。", "公園を広げます。"]));
    assert_eq!(shown(&three), [("p1", Change::Unchanged), ("p3", Change::Added)]);
    // Even if the number was not kept, a used one isn't given again.
    assert_eq!(carry_over(&one.blocks, 0, paragraphs(&["別"])).blocks[0].anchor, "p3");
}

#[test]
fn repeated_paragraphs_keep_their_places() {
    let old = first(paragraphs(&["同上", "あ", "同上", "い", "同上"]));
    let new = carry_over(&old.blocks, old.next_anchor, paragraphs(&["あ", "同上", "い", "同上"]));
    assert_eq!(
        shown(&new),
        [("p2", Change::Unchanged), ("p3", Change::Unchanged), ("p4", Change::Unchanged), ("p5", Change::Unchanged)]
    );
    assert_eq!(new.removed, ["p1"]);
}

#[test]
fn a_heading_becomes_no_paragraph_unless_word_for_word() {
    let old = first(vec![block(BlockKind::Heading(2), "計画の進め方について")]);
    let other = carry_over(&old.blocks, 2, paragraphs(&["計画の進め方についてお"]));
    assert_eq!(shown(&other), [("p2", Change::Added)]);
    let same = carry_over(&old.blocks, 2, paragraphs(&["計画の進め方について"]));
    assert_eq!(shown(&same), [("p1", Change::Changed)]);
}

#[test]
fn the_most_alike_paragraph_keeps_the_anchor() {
    let old = first(paragraphs(&["窓口の混雑を減らすため、予約制を導入します。"]));
    let texts = ["窓口の混雑を減らすため、受付を増やします。", "窓口の混雑を減らすため、予約制を全区で導入します。"];
    let new = carry_over(&old.blocks, 2, paragraphs(&texts));
    assert_eq!(shown(&new), [("p2", Change::Added), ("p1", Change::Changed)]);
}

#[test]
fn headings_make_the_outline_and_the_chapters() {
    let version = first(vec![
        block(BlockKind::Paragraph, "前文"),
        block(BlockKind::Heading(1), "第1章"),
        block(BlockKind::Heading(2), "1 現状"),
        block(BlockKind::Item, "項目"),
    ]);
    let outline = outline(&version.blocks);
    assert_eq!(outline, [("p2".to_owned(), 1, "第1章".to_owned()), ("p3".to_owned(), 2, "1 現状".to_owned())]);
    let chapter = |anchor| chapter_of(&version.blocks, anchor).map(|b| b.anchor.as_str());
    assert_eq!([chapter("p1"), chapter("p2"), chapter("p4"), chapter("p9")], [None, Some("p2"), Some("p3"), None]);
}

#[test]
fn codes_are_read_as_written() {
    for kind in (1..=6).map(BlockKind::Heading).chain([
        BlockKind::Paragraph,
        BlockKind::Item,
        BlockKind::Table,
        BlockKind::Quote,
    ]) {
        assert_eq!(BlockKind::from_code(kind.code()), Some(kind));
    }
    for change in Change::ALL {
        assert_eq!(Change::from_code(change.code()), Some(change));
        assert_eq!(serde_json::to_value(change).unwrap(), change.code());
    }
    assert_eq!(BlockKind::from_code("heading-7"), None);
    let version = first(vec![block(BlockKind::Heading(3), "節"), block(BlockKind::Table, "表")]);
    let json = serde_json::to_string(&version.blocks).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Block>>(&json).unwrap(), version.blocks);
    assert!(serde_json::from_str::<BlockKind>("\"chapter\"").is_err());
}

/// Distinct paragraphs that don't resemble each other.
fn distinct() -> impl Strategy<Value = Vec<NewBlock>> {
    proptest::collection::btree_set("[一-龠]{6,12}", 1..14).prop_map(|texts| {
        texts
            .iter()
            .map(|text| block(if text.len() % 4 == 0 { BlockKind::Heading(2) } else { BlockKind::Paragraph }, text))
            .collect()
    })
}

/// Paragraphs that repeat and resemble each other.
fn alike() -> impl Strategy<Value = Vec<NewBlock>> {
    proptest::collection::vec("[あい]{0,5}", 0..14)
        .prop_map(|texts| texts.iter().map(|text| block(BlockKind::Item, text)).collect())
}

fn anchors(blocks: &[Block]) -> BTreeMap<String, String> {
    blocks.iter().map(|b| (b.text.clone(), b.anchor.clone())).collect()
}

proptest! {
    #[test]
    fn anchors_are_unique_and_kept_and_removed_make_up_the_old(old in alike(), new in alike(), newer in alike()) {
        let one = first(old);
        let two = carry_over(&one.blocks, one.next_anchor, new);
        let three = carry_over(&two.blocks, two.next_anchor, newer);
        let mut ever = BTreeSet::new();
        for (before, after) in [(&one, &two), (&two, &three)] {
            let old: BTreeSet<&String> = before.blocks.iter().map(|b| &b.anchor).collect();
            let new: BTreeSet<&String> = after.blocks.iter().map(|b| &b.anchor).collect();
            prop_assert_eq!(new.len(), after.blocks.len());
            let kept: BTreeSet<&String> = after.blocks.iter().filter(|b| b.change != Change::Added).map(|b| &b.anchor).collect();
            let removed: BTreeSet<&String> = after.removed.iter().collect();
            prop_assert!(kept.is_disjoint(&removed));
            prop_assert_eq!(&kept | &removed, old.clone());
            ever.extend(old.into_iter().cloned());
            for added in after.blocks.iter().filter(|b| b.change == Change::Added) {
                prop_assert!(ever.insert(added.anchor.clone()), "{} was used before", added.anchor);
            }
        }
    }

    #[test]
    fn the_same_text_changes_nothing(old in alike()) {
        let one = first(old.clone());
        let two = carry_over(&one.blocks, one.next_anchor, old);
        prop_assert_eq!(two, one);
    }

    #[test]
    fn shuffling_keeps_every_anchor((old, shuffled) in distinct().prop_flat_map(|b| (Just(b.clone()), Just(b).prop_shuffle()))) {
        let one = first(old);
        let two = carry_over(&one.blocks, one.next_anchor, shuffled);
        prop_assert_eq!(anchors(&two.blocks), anchors(&one.blocks));
        prop_assert!(two.removed.is_empty());
        prop_assert!(two.blocks.iter().all(|b| matches!(b.change, Change::Unchanged | Change::Moved)));
    }

    #[test]
    fn inserting_and_deleting_leave_the_others_alone(
        (all, old, new) in distinct().prop_flat_map(|b| {
            let (some, others) = (0..=b.len(), 0..=b.len());
            (Just(b.clone()), subsequence(b.clone(), some), subsequence(b, others))
        }),
    ) {
        let one = first(old);
        let two = carry_over(&one.blocks, one.next_anchor, new);
        let (before, after) = (anchors(&one.blocks), anchors(&two.blocks));
        for text in all.iter().map(|b| &b.text) {
            if let (Some(before), Some(after)) = (before.get(text), after.get(text)) {
                prop_assert_eq!(before, after);
                prop_assert!(two.blocks.iter().any(|b| &b.text == text && b.change == Change::Unchanged));
            }
        }
    }
}
