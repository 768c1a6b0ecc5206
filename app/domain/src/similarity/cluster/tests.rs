use proptest::prelude::*;

use super::*;

/// Opinions as wards receive them, each with the matter it is about.
pub(crate) const OPINIONS: [(&str, &str); 26] = [
    ("bicycles", "駅前の放置自転車が多く、歩道を歩きにくいです。駐輪場を増やしてください。"),
    ("bicycles", "自転車の駐輪場が足りません。五反田駅の周りに放置自転車があふれています。"),
    ("bicycles", "放置自転車の撤去をもっと頻繁に行ってほしい。ベビーカーで歩道を通れません。"),
    ("bicycles", "買い物のときに停められる駐輪場を商店街の近くに整備してほしいです。"),
    (
        "home page",
        "区ホームページが見づらく、必要な情報が見つけられない。DX推進の第一歩として区ホームページを見直していただきたい",
    ),
    ("home page", "ホームページのトップページにバナーを入れるなど、容易にアクセスできるようにして頂きたいです。"),
    ("home page", "ホームページの検索がうまく動かず、トップページから情報を探すのに時間がかかる。"),
    (
        "open data",
        "区が持っているデータをオープンデータ化して区民が容易に生活や活動に役立てられるようにして頂きたいです。",
    ),
    (
        "open data",
        "オープンデータについての記載が見当たらない。大田区ではホームページで公開しており、品川区もオープンデータを公開していただきたい",
    ),
    ("open data", "オープンデータを機械判読できる形式で公開し、データの更新日も示してほしい。"),
    ("dogs", "公園で犬を放している人がいて怖いです。ドッグランを作ってください。"),
    ("dogs", "ドッグランが区内に少ない。犬と遊べる公園を増やしてほしい。"),
    ("dogs", "犬のフンの始末をしない飼い主が公園にいます。注意の看板を立ててください。"),
    (
        "flood",
        "過去の大水害の浸水の被害を知らない人が増えています。防災意識を高めるため、浸水の記録をわかりやすく伝えてください。",
    ),
    ("flood", "ハザードマップを見ても自宅が浸水するのか分かりません。浸水の深さを電柱に表示してほしい。"),
    ("bus", "コミュニティバスの本数を増やしてください。高齢者が病院に行くのに使っています。"),
    ("bus", "コミュニティバスの路線を大井町駅まで延ばしてほしい。"),
    ("bus", "高齢者の足としてコミュニティバスは欠かせません。運賃は据え置いてください。"),
    ("nursery", "保育園の待機児童がまだいます。認可保育園を増やしてほしい。"),
    ("nursery", "認可保育園に入れず、仕事に戻れません。待機児童の解消を急いでください。"),
    ("trees", "街路樹の桜を切らないでください。夏の日陰がなくなります。"),
    ("trees", "街路樹の伐採に反対します。緑が減ると夏の暑さがひどくなります。"),
    ("alone", "図書館の開館時間を夜9時まで延ばしてほしい。"),
    ("alone", "管理職の人事評価に意識改革の結果を取り入れることをお願いしたい。"),
    ("alone", "学校給食の牛乳を選べるようにしてください。"),
    ("alone", "町会の回覧板を電子化してはどうか。"),
];

fn texts() -> Vec<(i64, &'static str)> {
    (100..).zip(OPINIONS).map(|(id, (_, text))| (id, text)).collect()
}

fn matter(id: i64) -> &'static str {
    OPINIONS[usize::try_from(id - 100).unwrap()].0
}

#[test]
fn opinions_about_one_matter_come_together_and_no_others() {
    let clusters = clusters(&texts());
    for cluster in &clusters {
        let matters: std::collections::BTreeSet<_> = cluster.members.iter().map(|id| matter(*id)).collect();
        assert_eq!(matters.len(), 1, "{cluster:?}");
        assert!(!matters.contains("alone"), "{cluster:?}");
        assert!((1..=5).contains(&cluster.words.len()), "{cluster:?}");
    }
    let gathered: usize = clusters.iter().map(|cluster| cluster.members.len()).sum();
    assert!(gathered >= 16, "{gathered} of 22");
    let bus = clusters.iter().find(|cluster| cluster.members.contains(&115)).unwrap();
    assert!(bus.words.contains(&"コミュニティバス".to_owned()), "{bus:?}");
}

#[test]
fn the_same_opinion_sent_often_is_one_cluster() {
    let many: Vec<(i64, String)> = (0..200)
        .map(|id| (id, format!("{}樹木の伐採に反対します。", " ".repeat(usize::try_from(id).unwrap()))))
        .collect();
    let many: Vec<(i64, &str)> = many.iter().map(|(id, text)| (*id, text.as_str())).collect();
    let found = clusters(&many);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].members, (0..200).collect::<Vec<i64>>());
    assert_eq!(found[0].words, ["樹木", "伐採", "反対"]);
}

#[test]
fn opposite_sides_do_not_come_together() {
    let texts = [
        (1, "駅前広場の再開発に賛成です。"),
        (2, "駅前広場の再開発に反対です。"),
        (3, "駅前広場の再開発には賛成できません。"),
    ];
    let found = clusters(&texts);
    assert_eq!(found.iter().map(|cluster| cluster.members.clone()).collect::<Vec<_>>(), [vec![2, 3]]);
}

#[test]
fn short_and_empty_texts_do_no_harm() {
    assert_eq!(clusters(&[]), []);
    assert_eq!(clusters(&[(1, ""), (2, " \n"), (3, "。"), (4, "はい"), (5, "自転車")]), []);
    let found = clusters(&[(1, "はい。"), (2, "はい"), (3, "👍"), (4, "👍")]);
    assert_eq!(
        found,
        [
            Cluster { members: vec![1, 2], words: vec!["はい。".to_owned()] },
            Cluster { members: vec![3, 4], words: vec!["👍".to_owned()] },
        ]
    );
}

/// A text of pieces that real opinions share.
pub(crate) fn opinion() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> =
        OPINIONS.iter().flat_map(|(_, text)| text.split_inclusive(['。', '、', 'を', 'の'])).collect();
    prop_oneof![8 => prop::collection::vec(prop::sample::select(pieces), 0..6).prop_map(|pieces| pieces.concat()), 1 => any::<String>()]
}

proptest! {
    #[test]
    fn clusters_are_disjoint_and_in_order(texts in prop::collection::vec(opinion(), 0..40)) {
        let texts: Vec<(i64, &str)> = (0..).zip(texts.iter().map(String::as_str)).collect();
        let found = clusters(&texts);
        let mut members: Vec<i64> = found.iter().flat_map(|cluster| cluster.members.clone()).collect();
        let all = members.len();
        members.sort_unstable();
        members.dedup();
        prop_assert_eq!(members.len(), all);
        for cluster in &found {
            prop_assert!(cluster.members.len() >= 2 && cluster.members.is_sorted());
            prop_assert!((1..=5).contains(&cluster.words.len()));
            let says = |word: &String| cluster.members.iter().any(|id| texts.iter().any(|(own, text)| own == id && text.contains(word.as_str())));
            prop_assert!(cluster.words.iter().all(says), "{cluster:?}");
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].members.len() >= pair[1].members.len()));
        prop_assert_eq!(clusters(&texts), found);
    }

    #[test]
    fn equal_texts_are_never_parted(texts in prop::collection::vec(opinion().prop_filter("empty", |text| !key(text).is_empty()), 1..15), again in any::<prop::sample::Index>()) {
        let mut texts: Vec<(i64, &str)> = (0..).zip(texts.iter().map(String::as_str)).collect();
        let twin = texts[again.index(texts.len())];
        texts.push((-1, twin.1));
        let found = clusters(&texts);
        prop_assert!(found.iter().any(|cluster| cluster.members.contains(&-1) && cluster.members.contains(&twin.0)));
    }
}
