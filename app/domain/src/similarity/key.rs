use std::sync::LazyLock;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, char::is_combining_mark, is_nfkc_quick};
use xxhash_rust::xxh3::xxh3_64;

/// 旧字体 and 異体字 that people mix, each group led by the form it is folded to (common in names, places and old
/// orthography; after 常用漢字表 and the MJ 縮退マップ). Forms that Unicode itself folds (NFKC) are not repeated here.
const VARIANTS: &str = "高髙 崎﨑嵜 辺邊邉 斉齊齋斎 浜濱濵 吉𠮷 沢澤 広廣 国國囯 桜櫻 真眞 恵惠 竜龍 滝瀧 島嶋嶌 岳嶽 黒黑 学學斈 会會 区區 県縣 栄榮 円圓 鉄鐵鐡 静靜 徳德 済濟 寿壽 芸藝 児兒 \
実實 豊豐 弥彌 礼禮 禄祿 与與 万萬 号號 柳栁桺 桑桒 渕淵渊 富冨 峰峯 館舘 槙槇 穎頴 薮藪 籠篭 鴎鷗 頼賴 荘莊 蔵藏 囲圍 応應 体體躰軆 余餘 経經 関關 気氣 鶏鷄 芦蘆 塩鹽 \
駅驛 帰歸 旧舊 拡擴 覚覺 楽樂 観觀 権權 勧勸 歓歡 顔顏 亀龜 戯戲 犠犧 挙擧 暁曉 駆驅 勲勳 薫薰 径徑 茎莖 軽輕 継繼 渓溪 蛍螢 撃擊 倹儉 剣劍 険險 検檢 献獻 厳嚴 効效 \
黄黃 剤劑 雑雜 参參 惨慘 桟棧 蚕蠶 賛贊 残殘 歯齒 湿濕 写寫 釈釋 収收 従從 渋澁 獣獸 縦縱 粛肅 処處 叙敍敘 将將 称稱 焼燒 証證 奨獎 条條 状狀 乗乘 剰剩 浄淨 畳疊 縄繩 \
壌壤 嬢孃 譲讓 醸釀 触觸 嘱囑 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 摂攝 窃竊 専專 浅淺 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 壮壯 争爭 捜搜 挿插 巣巢 \
装裝 総總 騒騷 続續 堕墮 対對 帯帶 滞滯 台臺 択擇 担擔 胆膽 団團 断斷 弾彈 遅遲 痴癡 昼晝 虫蟲 鋳鑄 庁廳 聴聽 鎮鎭 逓遞 点點 転轉 伝傳 灯燈 当當 党黨 盗盜 稲稻 闘鬪 \
独獨 読讀 届屆 弐貳 悩惱 脳腦 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 蛮蠻 秘祕 仏佛 払拂 並竝 変變 弁辨瓣辯 舗舖 宝寶 褒襃 翻飜 毎每 満滿 黙默 訳譯 薬藥 予豫 誉譽 揺搖 \
様樣 謡謠 来來 乱亂 覧覽 両兩 猟獵 緑綠 塁壘 励勵 霊靈 隷隸 齢齡 恋戀 炉爐 労勞 郎郞 楼樓 録錄 湾灣 亜亞 悪惡 圧壓 医醫 壱壹 隠隱 営營 衛衞 艶艷 横橫 欧歐 殴毆 仮假 \
価價 画畫 壊壞 懐懷 絵繪 殻殼 缶罐 陥陷 巌巖 尭堯 曽曾 遥遙 凜凛 昇曻 鎌鐮 頬頰 剥剝 填塡 叱𠮟 瓶甁 温溫 掲揭 渇渴 巻卷 圏圈 鉱鑛 砕碎 糸絲 辞辭 質貭 稚穉 単單 土圡 \
丈𠀋 橋𣘺 槌鎚 桧檜 侠俠 晋晉 慎愼";

/// From variant to the form it is folded to, sorted by variant.
static FOLDED: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut pairs: Vec<(char, char)> = VARIANTS
        .split_whitespace()
        .filter_map(|group| {
            let mut forms = group.chars();
            forms.next().map(|lead| forms.map(move |form| (form, lead)))
        })
        .flatten()
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
});

/// The form under which texts count as the same, whatever their width, case, kana, spaces, punctuation and old or variant
/// kanji. For comparing only: the text itself is kept as written.
///
/// NFKC → lower case → katakana to hiragana → without spaces, punctuation, symbols and the hyphen and long-vowel family →
/// 異体字 folded → without variation selectors and joiners. Folding a key again changes nothing. A text of symbols only
/// (👍) keeps them, or all such texts would be the same.
///
/// Stored: a change here needs every stored key, hash and band computed anew.
#[must_use]
pub fn key(text: &str) -> String {
    let folded = normalise(text.to_owned());
    let key = normalise(folded.chars().flat_map(lower).filter(|c| is_kept(*c)).flat_map(fold).collect());
    if key.is_empty() {
        return normalise(folded.chars().flat_map(lower).filter(|c| !is_unseen(*c)).collect());
    }
    key
}

/// A 64-bit number of a [`key`] (XXH3): the same on every platform and in every release. Equal keys have equal hashes;
/// the hash is not meant to withstand forgery, so compare the keys where it matters.
#[must_use]
pub fn hash(key: &str) -> i64 {
    xxh3_64(key.as_bytes()).cast_signed()
}

/// NFKC, without the work for what is NFKC already.
fn normalise(text: String) -> String {
    if text.chars().all(is_plain) || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    // A plain character changes nothing before it, so that only the stretches of others count, each with the plain
    // character before it (か and a combining ゛ become one).
    let mut normal = String::with_capacity(text.len());
    let mut stretch = String::new();
    for c in text.chars() {
        if is_plain(c) {
            flush(&mut stretch, &mut normal);
        }
        stretch.push(c);
    }
    flush(&mut stretch, &mut normal);
    normal
}

fn flush(stretch: &mut String, normal: &mut String) {
    if stretch.chars().nth(1).is_none() && stretch.chars().all(is_plain) {
        normal.push_str(stretch);
    } else {
        normal.extend(stretch.nfkc());
    }
    stretch.clear();
}

/// Most of Japanese text: characters that NFKC leaves as they are and that never join what stands before them.
fn is_plain(c: char) -> bool {
    is_kana_or_kanji(c) || matches!(c, ' '..='~' | '\n' | '、'..='】' | 'ー')
}

fn is_kana_or_kanji(c: char) -> bool {
    matches!(c, '一'..='\u{9FFF}' | 'ぁ'..='ゖ' | 'ァ'..='ヺ')
}

/// Letters, digits and the marks that belong to them, but not the long-vowel sign.
fn is_kept(c: char) -> bool {
    is_kana_or_kanji(c) || c != 'ー' && (c.is_alphanumeric() || is_combining_mark(c)) && !is_unseen(c)
}

/// Spaces, controls, joiners, variation selectors (IVS too) and enclosing marks.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{20DD}'..='\u{20E4}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{E0000}'..='\u{E0FFF}')
}

fn lower(c: char) -> impl Iterator<Item = char> {
    let (plain, cased) = if is_kana_or_kanji(c) { (Some(c), None) } else { (None, Some(c.to_lowercase())) };
    plain.into_iter().chain(cased.into_iter().flatten())
}

/// Katakana to hiragana, and a variant kanji to its usual form.
fn fold(c: char) -> impl Iterator<Item = char> {
    let code = u32::from(c);
    let (folded, mark) = match c {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => (char::from_u32(code - 0x60).unwrap_or(c), None),
        'ヷ' => ('わ', Some('\u{3099}')),
        'ヸ' => ('ゐ', Some('\u{3099}')),
        'ヹ' => ('ゑ', Some('\u{3099}')),
        'ヺ' => ('を', Some('\u{3099}')),
        'ς' => ('σ', None),
        _ if code >= 0x3400 => (usual_form(c), None),
        _ => (c, None),
    };
    std::iter::once(folded).chain(mark)
}

fn usual_form(c: char) -> char {
    let found = FOLDED.binary_search_by_key(&c, |(variant, _)| *variant).ok();
    found.and_then(|at| FOLDED.get(at)).map_or(c, |(_, usual)| *usual)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_write_differently_has_one_key() {
        for (a, b) in [
            ("ＤＸ推進　について。", "dx推進について"),
            ("ｶﾞｰﾄﾞﾚｰﾙ", "がーどれーる"),
            ("サーバー", "サーバ"),
            ("1－2‐3—4〜5～6ｰ7", "1234567"),
            ("髙﨑さん、渡邊さん、渡邉さん", "高崎さん渡辺さん渡辺さん"),
            ("齋藤・齊藤・濵田・濱田・𠮷野", "斉藤斉藤浜田浜田吉野"),
            ("葛\u{E0100}飾区", "葛飾区"),
            ("か\u{3099}くせい", "がくせい"),
            ("か゛くせい", "学生".replace("学生", "がくせい").as_str()),
            ("①賛成です！！", "1 賛成です"),
            ("㈱まち\r\n\tこえ", "(株)まちこえ"),
            ("賛成\u{200D}です\u{FEFF}", "賛成です"),
            ("ヴァイオリン", "ゔぁいおりん"),
        ] {
            assert_eq!(key(a), key(b), "{a} / {b}");
        }
        assert_eq!(key("　サービスＤＸ・（案）　"), "さびすdx案");
    }

    #[test]
    fn different_words_keep_different_keys() {
        for (a, b) in
            [("賛成", "反対"), ("5ページ", "6ページ"), ("👍", "👎"), ("！", "？"), ("はは", "ばば"), ("大阪", "大坂")]
        {
            assert_ne!(key(a), key(b), "{a} / {b}");
        }
        assert_eq!(key(" \u{3000}\n"), "");
        assert_eq!(key("👍 "), key("👍"));
    }

    #[test]
    fn variants_lead_to_usual_forms_only() {
        for (variant, usual) in FOLDED.iter() {
            assert_eq!(usual_form(*usual), *usual, "{variant} → {usual}");
            assert_eq!(normalise(variant.to_string()), variant.to_string(), "NFKC folds {variant} already");
        }
        let mut variants: Vec<char> = FOLDED.iter().map(|(variant, _)| *variant).collect();
        variants.dedup();
        assert_eq!(variants.len(), FOLDED.len(), "a variant with two usual forms");
    }

    #[test]
    fn hashes_are_the_same_for_ever() {
        assert_eq!(hash(""), 0x2D06_8005_38D3_94C2);
        assert_eq!(hash("さびすdx案"), hash(&key("サービスＤＸ（案）")));
    }

    proptest! {
        #[test]
        fn stretches_normalise_as_the_whole(text in "([か-とカ-ト漢Ａ１ｶﾞa \\x{3099}\\x{309A}\\x{0301}\\x{1100}\\x{1161}\\x{11A8}㈱①゛가、]|\\PC){0,20}") {
            prop_assert_eq!(normalise(text.clone()), text.nfkc().collect::<String>());
        }

        #[test]
        fn a_key_is_its_own_key(text in any::<String>()) {
            let once = key(&text);
            prop_assert_eq!(key(&once), once);
        }

        #[test]
        fn spaces_and_punctuation_change_nothing(words in proptest::collection::vec("[ぁ-ゖァ-ヺ一-龠a-zA-Z0-9]{1,5}", 1..8)) {
            prop_assert_eq!(key(&words.join("、　\n")), key(&words.concat()));
        }
    }
}
