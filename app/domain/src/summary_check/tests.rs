use proptest::prelude::*;

use super::*;

/// Codes and stretches, in order.
fn found(originals: &[&str], summary: &str) -> Vec<(&'static str, String)> {
    check(originals, summary).into_iter().map(|finding| (finding.kind.code(), finding.text)).collect()
}

/// The stretches of one code.
fn of(code: &str, originals: &[&str], summary: &str) -> Vec<String> {
    found(originals, summary).into_iter().filter(|(kind, _)| *kind == code).map(|(_, text)| text).collect()
}

fn personal(text: &str) -> Vec<(&'static str, String)> {
    personal_data(text).into_iter().map(|finding| (finding.kind.code(), finding.text)).collect()
}

const HOME_PAGE: &str = "暫定版P2に「利用者起点でのサービス改革の必要性」とあります。一方でHP上、パブリックコメントについては、トップページから\
辿る必要があり見つけづらいため、トップページにバナーを入れるなど、容易にアクセスできるようにして頂きたいです。";

#[test]
fn a_careful_summary_has_no_findings() {
    for (original, summary) in [
        (
            "区ホームページが見づらく、必要な情報が見つけられない。",
            "区ホームページが見づらく、必要な情報が見つからない。",
        ),
        ("令和７年度から三割に増やし、２，０００円を補助してほしい。", "2025年度から30％とし、2千円の補助を求める。"),
        ("五反田駅周辺での浸水を知らない人が増えています。", "五反田駅周辺の浸水を知らない人が増加している。"),
        ("私は、この計画に賛成できません。", "計画に反対する。"),
        ("歩道を広げるべきではないでしょうか。", "歩道を広げるべきである。"),
        ("スマホが無いと利用できないのは困ります。", "スマートフォンがないと利用できないことは困る。"),
        ("ゴミ箱は必要ないと思います。", "ゴミ箱は不要である。"),
        ("区道を使えないのは不便です。", "区道の使用不可は不便である。"),
    ] {
        assert_eq!(found(&[original], summary), [], "{original} → {summary}");
    }
}

#[test]
fn lost_and_invented_numbers_are_pointed_out() {
    let original = "令和7年2月1日から放置自転車が30台あり、三割は1万2千円の自転車です。5年前は3人でした。";
    assert_eq!(
        of("number_lost", &[original], "放置自転車が多い。"),
        ["令和7年", "2月", "1日", "30台", "三割", "1万2千円", "5年", "3人"]
    );
    assert_eq!(of("number_added", &[original], "2025年2月1日に30％が12,000円、50台、3年"), ["50台", "3年"]);
    assert_eq!(of("number_lost", &["P5に「伝達」とある。"], "暫定版に「伝達」とある。"), ["P5"]);
    assert_eq!(of("number_lost", &["ｐ．５に記載"], "5ページに記載"), [""; 0]);
    assert_eq!(of("number_added", &["二〇二五年の3.5%"], "２０２５年の３．５０％"), [""; 0]);
    assert_eq!(of("number_lost", &["3割5分を超えた"], "35％を超えた"), [""; 0]);
}

#[test]
fn what_only_looks_like_a_number_is_none() {
    let original = "一方、一人ひとりが十分に話し、一部は統一して、千葉や三田や六本木や十条や二番町の、一時的な二次的な第一歩。①と②。";
    assert_eq!(of("number_lost", &[original], "要約"), [""; 0]);
    assert_eq!(of("number_lost", &["1. 道を広げる\n（2） 木を植える\n３）花"], "道と木と花"), [""; 0]);
    assert_eq!(of("number_added", &["道を広げる"], "道を広げる（他3件）"), [""; 0]);
    assert_eq!(of("number_lost", &["5GとCO2とR6"], "5G、CO2、R6"), [""; 0]);
}

#[test]
fn names_and_key_terms_that_are_gone_are_pointed_out() {
    let original = "五反田駅や目黒通り、戸越公園、大井第一小学校でＷｉ－Ｆｉとデジタルサイネージが使えます。「あんしん歩行」を道路課へ。";
    assert_eq!(
        of("term_lost", &[original], "使えるようにしてほしい。"),
        [
            "五反田駅",
            "目黒通り",
            "戸越公園",
            "大井第一小学校",
            "Ｗｉ－Ｆｉ",
            "デジタルサイネージ",
            "あんしん歩行",
            "道路課"
        ]
    );
    let kept = "五反田駅、目黒通り、戸越公園、大井第一小学校のwi-fi、ﾃﾞｼﾞﾀﾙｻｲﾈｰｼﾞ、あんしん歩行、道路課";
    assert_eq!(of("term_lost", &[original], kept), [""; 0]);
    assert_eq!(of("term_lost", &["AIを使う"], "MAILを使う"), ["AI"]);
    let summary = "ホームページのトップページにバナーを入れてほしい。";
    assert_eq!(of("term_lost", &["「A」と「0-9」と「Wi-Fi 6」"], "「A」「0-9」「Wi-Fi 6」"), [""; 0]);
    let quoted = "利用者起点でのサービス改革の必要性";
    assert_eq!(of("term_lost", &[HOME_PAGE], summary), [quoted, "アクセス"]);
    assert_eq!(of("term_lost", &[HOME_PAGE], "バナーを。"), [quoted, "HP", "トップページ", "アクセス"]);
}

#[test]
fn words_that_end_like_names_are_none() {
    let original = "課題を区分し、各駅や区立図書館、地区の予定通り、市場や町会、区民と区内と全区で、最寄り駅の線路の一部、都市計画、関係各課。以下の通り。";
    assert_eq!(of("term_lost", &[original], "要約"), [""; 0]);
}

#[test]
fn a_changed_direction_is_pointed_out() {
    let original = "駐輪場の廃止には反対です。歩行者が安心して通れません。";
    assert_eq!(
        found(&[original], "駐輪場の廃止について、歩行者が安心して通れるようにしてほしい。"),
        [("direction_lost", "反対".to_owned()), ("negation_lost", "通れません".to_owned())]
    );
    assert_eq!(
        found(&["樹木を残してください。"], "樹木を残すべきではない。"),
        [("negation_added", "残すべきではない".to_owned())]
    );
    assert_eq!(
        found(&["公園の整備に賛成です"], "公園の整備に反対である"),
        [("direction_lost", "賛成".to_owned()), ("direction_added", "反対".to_owned())]
    );
    assert_eq!(of("direction_lost", &["工事を中止しないでください"], "工事を中止してほしい"), ["中止しない"]);
    assert_eq!(of("direction_added", &["工事を中止しないでください"], "工事を中止してほしい"), ["中止"]);
    assert_eq!(of("direction_added", &["駅の反対側の道"], "駅の反対側の道に反対"), ["反対"]);
}

#[test]
fn must_and_requests_and_look_alikes_deny_nothing() {
    for text in [
        "早く直さなければなりません。",
        "直してもらえないか。",
        "直していただけませんか。",
        "直すべきではないでしょうか。",
        "道が少ないし危ない。",
        "もったいない。",
        "区民だけでなく来街者も",
        "間違いないと思う",
        "そうするしかありません",
        "事故をなくしてほしい",
        "必ず直す。まずは調べる。",
        "申し訳ありませんが",
        "すみませんが",
        "年齢を問わず、",
        "改善にとどまらず、",
        "やむを得ない",
    ] {
        assert_eq!(of("negation_lost", &[text], "要約"), [""; 0], "{text}");
        assert_eq!(of("negation_added", &["原文"], text), [""; 0], "{text}");
    }
    for text in ["直らないから困る", "使いません。", "知らなかった", "放置せずに", "説明がなく困る", "入れないで"]
    {
        assert_eq!(of("negation_lost", &[text], "要約").len(), 1, "{text}");
    }
}

#[test]
fn a_fact_of_any_original_is_named_once_where_it_first_stands() {
    let originals = ["ベンチを30台、置いてほしい。", "ベンチを３０台、木も50本", "50本の木と30台のベンチ"];
    let findings = check(&originals, "ベンチと木を置いてほしい。");
    let places: Vec<_> = findings.iter().map(|finding| (finding.place, finding.text.as_str())).collect();
    assert_eq!(places, [(Place::Original(0), "30台"), (Place::Original(1), "50本")]);
    assert_eq!(of("number_added", &originals, "ベンチを30台、木を50本"), [""; 0]);
}

#[test]
fn findings_point_to_their_stretch() {
    let original = "放置自転車は30台、反対です。";
    let summary = "①放置自転車は40台、090-1234-5678";
    for finding in check(&[original], summary) {
        let text = if finding.place == Place::Summary { summary } else { original };
        assert_eq!(text.get(finding.start..finding.end), Some(finding.text.as_str()));
    }
    assert_eq!(
        found(&[original], summary),
        [
            ("number_lost", "30台".to_owned()),
            ("direction_lost", "反対".to_owned()),
            ("machine_dependent", "①".to_owned()),
            ("number_added", "40台".to_owned()),
            ("phone", "090-1234-5678".to_owned()),
        ]
    );
}

#[test]
fn personal_data_is_found() {
    for (text, code, stretch) in [
        ("電話は03-1234-5678へ", "phone", "03-1234-5678"),
        ("０９０ー１２３４ー５６７８です", "phone", "０９０ー１２３４ー５６７８"),
        ("03(1234)5678 2025年", "phone", "03(1234)5678"),
        ("09012345678", "phone", "09012345678"),
        ("+81 3-1234-5678", "phone", "+81 3-1234-5678"),
        ("+81-3-1234-5678", "phone", "+81-3-1234-5678"),
        ("メールはtaro.yamada@example.co.jp。", "email", "taro.yamada@example.co.jp"),
        ("〒140-0005 品川区", "postal_code", "〒140-0005"),
        ("〒1400005", "postal_code", "〒1400005"),
        ("私は大井1-2-3に住む", "address", "大井1-2-3"),
        ("東五反田一丁目二番三号です", "address", "東五反田一丁目二番三号"),
        ("広町2丁目1番36号の前", "address", "広町2丁目1番36号"),
        ("本町１－２の角", "address", "本町１－２"),
        ("コーポ大井201号室", "address", "コーポ大井201号室"),
        ("中延5番地の者", "address", "中延5番地"),
        ("隣の山田様が", "name", "山田様"),
        ("鈴木さんの家", "name", "鈴木さん"),
        ("田中太郎氏の話", "name", "田中太郎氏"),
        ("山田と申します", "name", "山田"),
        ("スミスさんが", "name", "スミスさん"),
        ("氏名：山田 太郎\n本文", "name", "氏名：山田 太郎"),
        ("72歳の男性です", "profile", "72歳の男性"),
        ("８０歳一人暮らし", "profile", "８０歳一人暮らし"),
        ("大井町在住の30代女性です", "profile", "30代女性"),
    ] {
        assert_eq!(personal(text), [(code, stretch.to_owned())], "{text}");
    }
}

#[test]
fn what_is_about_nobody_is_no_personal_data() {
    for text in [
        "大崎3丁目の交差点",
        "図1-2と施策2-1、第3章1-2-3",
        "令和7-2-1と2025-2-1",
        "皆様、お客様、区長さん、職員さん、子どもさん、業者さんの様子や仕様、多様性",
        "たくさんの氏名と同様の模様、様々、多種多様様々",
        "30代の女性が多い",
        "2,000円で1,500件、100-200人",
        "3番出口と1号線",
        "大崎3丁目で5人",
        "@マークと a@b",
        "品川区在住の方",
        "電話で話した。氏名は書かない。",
    ] {
        assert_eq!(personal(text), [], "{text}");
    }
}

#[test]
fn personal_data_of_an_original_should_be_lost() {
    let original = "氏名：山田太郎、大井1-2-3、090-1234-5678。ベンチを置いてください。";
    assert_eq!(found(&[original], "ベンチを置いてほしい。"), []);
}

#[test]
fn characters_that_do_not_print_everywhere_are_found() {
    let find = |text| -> Vec<(&str, String)> {
        machine_dependent(text).into_iter().map(|finding| (finding.kind.code(), finding.text)).collect()
    };
    let dependent = |text: &str| ("machine_dependent", text.to_owned());
    let rare = |text: &str| ("rare_character", text.to_owned());
    assert_eq!(
        find("①㈱まち、Ⅳ章、5㎡、ｶﾞｰﾄﾞﾚｰﾙ、\u{E001}、①"),
        [dependent("①㈱"), dependent("Ⅳ"), dependent("㎡"), dependent("ｶﾞｰﾄﾞﾚｰﾙ"), dependent("\u{E001}"), dependent("①")]
    );
    assert_eq!(
        find("髙橋と山﨑と𠮷野、葛\u{E0100}飾区、😀"),
        [rare("髙"), rare("﨑"), rare("𠮷"), rare("\u{E0100}"), rare("😀")]
    );
    assert_eq!(find("高橋、★☆♪、ー〜～−、鷗外、1/2、「」。\r\n\t"), []);
}

#[test]
fn word_for_word_means_but_for_white_space_at_ends() {
    assert!(is_verbatim(&["道を広く。\r\n木を植える。  \r\n"], "道を広く。\n木を植える。"));
    assert!(is_verbatim(&["同じ", " 同じ\n"], "同じ"));
    assert!(!is_verbatim(&["同じ", "同じ。"], "同じ"));
    assert!(!is_verbatim(&["道を 広く"], "道を広く"));
    assert!(!is_verbatim(&[], ""));
}

#[test]
fn codes_are_all_different() {
    let codes: std::collections::HashSet<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(codes.len(), Kind::ALL.len());
}

/// Texts with much of what the rules look for.
fn opinion() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "五反田駅",
        "区立",
        "公園",
        "反対",
        "賛成",
        "できない",
        "ません",
        "か",
        "必要",
        "ない",
        "令和7年",
        "三割",
        "3割5分",
        "30",
        "％",
        "2,000円",
        "1-2-3",
        "丁目",
        "番",
        "号",
        "090-",
        "1234",
        "-5678",
        "@",
        "a.jp",
        "さん",
        "様",
        "山田",
        "「",
        "」",
        "、",
        "。",
        "\n",
        "①",
        "髙",
        "サーバー",
        "ー",
        "DX",
        "P5",
        "一人",
        "ず、",
        "歳",
        "男性",
        "氏名：",
        "億",
        "万",
        ".",
        ",",
        " ",
        "〒",
        "(",
        ")",
        "は",
        "を",
        "道",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..25).prop_map(|pieces| pieces.concat()), any::<String>()]
}

proptest! {
    #[test]
    fn the_same_text_loses_and_adds_nothing(text in opinion()) {
        let findings = check(&[&text], &text);
        prop_assert!(findings.iter().all(|finding| finding.place == Place::Summary), "{findings:?}");
        let changed = [Kind::NumberAdded, Kind::NegationAdded, Kind::DirectionAdded];
        prop_assert!(findings.iter().all(|finding| !changed.contains(&finding.kind)), "{findings:?}");
        prop_assert!(is_verbatim(&[&text], &text));
    }

    #[test]
    fn findings_are_in_order_and_point_into_their_text(a in opinion(), b in opinion(), summary in opinion()) {
        let originals = [a.as_str(), b.as_str()];
        let findings = check(&originals, &summary);
        for finding in &findings {
            let text = match finding.place { Place::Original(at) => originals[at], Place::Summary => summary.as_str() };
            prop_assert_eq!(text.get(finding.start..finding.end), Some(finding.text.as_str()));
            prop_assert!(!finding.text.is_empty());
        }
        prop_assert!(findings.windows(2).all(|pair| (pair[0].place, pair[0].start) <= (pair[1].place, pair[1].start)));
        let mut once = findings.clone();
        once.dedup();
        prop_assert_eq!(once.len(), findings.len());
    }

    #[test]
    fn a_number_that_is_gone_is_always_found(number in 2_u32..100_000, text in "[あ-ん、。]{0,20}") {
        let original = format!("{text}で{number}件です");
        prop_assert_eq!(of("number_lost", &[&original], &text), [format!("{number}件")]);
        prop_assert_eq!(of("number_added", &[&text], &original), [format!("{number}件")]);
    }
}
