use proptest::prelude::*;

use super::*;

#[test]
fn a_real_letter_falls_into_its_four_opinions() {
    let letter = "①情報公開請求は未だに電子申請できないのか。②できないのであれば理由は。\
                  ③情報公開申請の窓口は未だに各課が担っているのか。④情報公開請求のDX化の予定は";
    assert_eq!(
        split(letter),
        [
            "①情報公開請求は未だに電子申請できないのか。",
            "②できないのであれば理由は。",
            "③情報公開申請の窓口は未だに各課が担っているのか。",
            "④情報公開請求のDX化の予定は"
        ]
    );
}

#[test]
fn every_way_of_numbering_is_understood() {
    for (text, parts) in [
        ("1. 駐輪場を増やす\n2. 公園を広げる", vec!["1. 駐輪場を増やす", "2. 公園を広げる"]),
        ("１．駐輪場\n続き\n２．公園\n３．道路", vec!["１．駐輪場\n続き", "２．公園", "３．道路"]),
        ("1）駐輪場\n2）公園", vec!["1）駐輪場", "2）公園"]),
        ("(1) 駐輪場 (2) 公園", vec!["(1) 駐輪場", "(2) 公園"]),
        ("（１）駐輪場\r\n（２）公園", vec!["（１）駐輪場", "（２）公園"]),
        ("一、駐輪場\n二、公園", vec!["一、駐輪場", "二、公園"]),
        ("一、駐輪場を増やす。二、公園を広げる。", vec!["一、駐輪場を増やす。", "二、公園を広げる。"]),
        ("１　駐輪場\n２　公園", vec!["１　駐輪場", "２　公園"]),
        ("・駐輪場\n・公園\n 広げる\n・道路", vec!["・駐輪場", "・公園\n 広げる", "・道路"]),
        ("次の点です。\n● 駐輪場\n● 公園", vec!["次の点です。\n● 駐輪場", "● 公園"]),
        ("私の意見は、①駐輪場、②公園です。", vec!["私の意見は、①駐輪場、", "②公園です。"]),
        ("1. 駐輪場\n ①屋根\n ②照明\n2. 公園", vec!["1. 駐輪場\n ①屋根\n ②照明", "2. 公園"]),
        ("①駐輪場。\n②公園。③道路。", vec!["①駐輪場。", "②公園。", "③道路。"]),
        ("①\n②公園を広げる\n③", vec!["①\n②公園を広げる", "③"]),
        ("十、あ\n一、駐輪場\n二、公園", vec!["十、あ\n一、駐輪場", "二、公園"]),
        ("Ⅰ 駐輪場\nⅡ 公園", vec!["Ⅰ 駐輪場", "Ⅱ 公園"]),
        ("【A】\n1. あ\n2. い\n【B】\n1. う", vec!["【A】\n1. あ", "2. い\n【B】", "1. う"]),
        ("駐輪場を増やす。\n\n　\n公園を広げる。", vec!["駐輪場を増やす。", "公園を広げる。"]),
        (
            "【駐輪場】\n\n増やしてください\n\n【公園】\n\n広げて",
            vec!["【駐輪場】\n\n増やしてください", "【公園】\n\n広げて"],
        ),
    ] {
        assert_eq!(split(text), parts, "{text}");
    }
}

#[test]
fn what_is_no_series_stays_whole() {
    for text in [
        "一つの意見です。\n改行しても一つです。",
        "①と②の案を比べると、①がよい。",
        "②について賛成、①について反対です。",
        "①の案がよい。②の案は困る。",
        "予算は1.5倍、2.5倍と増えている。",
        "令和7年2月1日から、唯一、続いている。",
        "第3条(1)は不要で、第4条(2)は必要です。",
        "・一行だけの箇条書き",
        "3. この章について",
        "賛成です",
    ] {
        assert_eq!(split(text), [text], "{text}");
    }
    assert!(split(" \n\u{3000}").is_empty());
    assert!(split("").is_empty());
}

fn without_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

proptest! {
    #[test]
    fn nothing_is_lost(text in "([①②③④⑴⑵]|[（(][1-3１-３][)）]|[1-4１-３][.．)）、　]|[一二三十]、|[・●■-] |[あいう]{1,6}|[。、\n]|\n\n|\r\n){0,24}") {
        let parts = split(&text);
        prop_assert_eq!(without_space(&parts.concat()), without_space(&text));
        prop_assert!(parts.iter().all(|part| !part.is_empty() && part.trim() == part));
    }

    #[test]
    fn nothing_of_any_text_is_lost(text in any::<String>()) {
        prop_assert_eq!(without_space(&split(&text).concat()), without_space(&text));
    }

    #[test]
    fn numbered_lines_come_back_one_by_one(lines in proptest::collection::vec("[あ-ん]{2,12}", 2..12)) {
        let numbered: Vec<String> = lines.iter().zip(1..).map(|(line, n)| format!("{n}. {line}")).collect();
        prop_assert_eq!(split(&numbered.join("\n")), numbered);
    }
}
