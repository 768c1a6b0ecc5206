use super::*;

fn shown<'a>(corpus: &Corpus<'a>, text: usize) -> Vec<&'a str> {
    let mut words: Vec<&str> = corpus.texts[text].iter().map(|term| term.shown).collect();
    words.sort_unstable();
    words
}

#[test]
fn words_are_cut_out_without_a_dictionary() {
    let corpus = Corpus::of(&["令和7年度から、区ホームページにＡＩチャットボットを30件以上、子どもや犬のために三割"]);
    assert_eq!(shown(&corpus, 0), ["ホームページ", "令和", "子ども", "犬", "ＡＩ", "チャットボット"].sorted());
}

trait Sorted {
    fn sorted(self) -> Self;
}

impl<const N: usize> Sorted for [&str; N] {
    fn sorted(mut self) -> Self {
        self.sort_unstable();
        self
    }
}

#[test]
fn compounds_are_cut_where_other_texts_show_a_word() {
    let corpus =
        Corpus::of(&["放置自転車対策", "自転車が多い", "防災無線", "防災備蓄品", "コミュニティバス", "バス停"]);
    assert_eq!(shown(&corpus, 0), ["放置自転車対策", "自転車"]);
    assert_eq!(shown(&corpus, 2), ["防災", "防災無線"]);
    assert_eq!(shown(&corpus, 4), ["コミュニティバス", "バス"].sorted());
}

#[test]
fn one_word_in_several_spellings_is_one_term() {
    for (a, b) in [
        ("サーバー", "サーバ"),
        ("ＤＸ", "dx"),
        ("ｶﾞｰﾄﾞﾚｰﾙ", "ガードレール"),
        ("渡邊橋", "渡辺橋"),
        ("こども", "子供"),
        ("スマホ", "スマートフォン"),
        ("ごみ", "ゴミ"),
    ] {
        let corpus = Corpus::of(&[a, b]);
        assert_eq!(corpus.size, 1, "{a} / {b}");
    }
    assert_eq!(Corpus::of(&["ビル", "ビール"]).size, 2);
}

#[test]
fn every_word_of_two_scripts_is_found() {
    for (word, name) in MIXED {
        let corpus = Corpus::of(&[word, name]);
        assert_eq!((shown(&corpus, 0), corpus.size), (vec![word], 1), "{word}");
    }
}
