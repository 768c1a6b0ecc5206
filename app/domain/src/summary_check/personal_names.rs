use super::scan::{Scan, Span};
use crate::similarity::{Script, script};

/// What follows a name.
const TITLES: [&str; 7] = ["さん", "さま", "様", "氏", "殿", "ちゃん", "くん"];
/// What a name doesn't end in: people named by what they are (職員さん, 区長さん, お客様), and words that only look so.
const NO_NAMES: &str = "皆 皆々 客 子 母 父 兄 姉 妹 弟 孫 奥 嫁 婆 爺 祖母 祖父 旦那 医者 先生 学生 生徒 議員 職員 店員 社員 係員 委員 \
会員 役員 員 住民 区民 市民 町民 民 業者 患者 利用者 高齢者 障害者 保護者 歩行者 運転手 者 近所 隣 屋 達 方 区長 会長 \
課長 部長 町長 市長 校長 園長 館長 所長 店長 社長 院長 議長 看護師 保育士 介護士 師 士 官 係 役所 会社 社 店 業 主人 \
隣人 友人 老人 大人 外国人 人 家族 親 赤 猫 犬 象 熊 神 仏 王 何 同 多 異 一 仕 模 有 各 別 左 無 両 彼 某 諸 \
担当 お客 ボランティア スタッフ ヘルパー ドライバー ママ パパ オーナー ガイド メーカー ユーザー サポーター 商店 工務店 商店街 \
町会 組合 施設 病院 本 御 貴 沢山 知事 大臣 若者 上 下 様";
const LONGEST: usize = 8;

/// Names of people: by what follows them (様, さん, 氏), or in 「…と申します」.
pub(super) fn find(scan: &Scan) -> Vec<Span> {
    let mut spans = Vec::new();
    for i in 0..scan.len() {
        let title = scan.word(i, &TITLES).filter(|(title, end)| !is_other_word(scan, title, *end));
        let found = match title {
            Some((title, end)) => name_before(scan, i, title).map(|start| Span { start, end }),
            None => {
                let is_said = scan.starts(i, "と申し") || scan.starts(i, "ともうし");
                let start = if is_said { name_before(scan, i, "と申し") } else { None };
                start.map(|start| Span { start, end: i })
            }
        };
        spans.extend(found);
    }
    spans
}

/// 様子, 様々, 多様性, 氏名, 殿町: the sign goes on.
fn is_other_word(scan: &Scan, title: &str, end: usize) -> bool {
    matches!(title, "様" | "氏" | "殿") && scan.is(end, |c| matches!(script(c), Script::Kanji | Script::Katakana))
}

/// Where the name that ends before `i` begins.
fn name_before(scan: &Scan, i: usize, title: &str) -> Option<usize> {
    let kind = script(scan.before(i)?);
    let is_part = |c: char| script(c) == kind || (c == '・' && kind == Script::Katakana) || c == ' ';
    if !matches!(kind, Script::Kanji | Script::Katakana) {
        return None;
    }
    let mut start = scan.run_back(i, is_part);
    start = scan.run(start, |c| c == ' ' || c == '・');
    let name = scan.slice(start, i);
    let length = i.checked_sub(start)?;
    let is_short = length < 2 && !matches!(title, "様" | "さん" | "さま");
    // Longer runs are a sentence without particles, whose last four may be the name.
    let start = if length > LONGEST { i.saturating_sub(4) } else { start };
    let is_no_name = NO_NAMES.split_whitespace().any(|word| name.ends_with(word));
    (length > 0 && !is_short && !is_no_name).then_some(start)
}
