//! Terms cut out of Japanese text without a dictionary, and how much each tells (TF-IDF).

mod lexicon;

use std::collections::{HashMap, HashSet};

use super::script::{Script, script};
use crate::text;
use lexicon::Lexicon;

/// Words that stand in opinions of every kind and so tell nothing about the matter.
const COMMON: &str = "意見 御意見 提案 要望 質問 必要 重要 大切 大事 可能 不可能 場合 現在 今後 今回 将来 最近 以前 以上 以下 以外 以降 問題 \
課題 理由 内容 状況 状態 対応 対策 検討 実施 実現 実際 具体 具体的 積極的 推進 計画 方針 基本 方法 方向 部分 全体 全部 \
一部 一方 一般 一番 一度 一緒 一人 二人 一つ 二つ 自分 自身 皆様 皆 是非 希望 期待 確認 説明 記載 理解 関係 関連 存在 \
利用 使用 活用 参考 指摘 区民 住民 市民 都民 区役所 役所 行政 自治体 当区 本区 同様 同時 時間 時期 十分 不十分 充分 \
普段 本当 結果 目的 効果 効果的 影響 改善 整備 充実 強化 向上 促進 支援 導入 設置 様々 色々 多数 多様 全員 全国 地域 \
地区 区内 場所 他 等 コメント パブリックコメント サービス ケース メリット デメリット ポイント イメージ 容易";
/// Single kanji that are grammar rather than matter, as nouns and as stems of verbs and adjectives.
const COMMON_SINGLE: &str = "人方時事物者所点声前後中上下間今年月日私我皆他等何各毎内外度回数性的化為様思考見言行来出入持使願頂欲良多少感知分取聞書食受伴及含求努進図於関対基有無在続\
次第例本身手目気心会話読高大小長新同全主当済置付住通合違過経始終決当限申増延足";
/// Signs of counting that follow a number.
const COUNTERS: &str =
    "年月日時分秒円人名件割倍回台本階個枚度歳才代号番丁目章節条項頁校園館棟戸軒社種点位級組班か箇所ヶ間半週";
const NUMERALS: &str = "〇一二三四五六七八九十百千万億";
/// Words in hiragana or of two scripts that carry the matter, each with the form it counts as.
const MIXED: [(&str, &str); 17] = [
    ("まちづくり", "まちづくり"),
    ("街づくり", "まちづくり"),
    ("ひきこもり", "引きこもり"),
    ("引きこもり", "引きこもり"),
    ("ひとり親", "ひとり親"),
    ("ひとり暮らし", "一人暮らし"),
    ("一人暮らし", "一人暮らし"),
    ("子育て", "子育て"),
    ("子ども", "子供"),
    ("こども", "子供"),
    ("障がい", "障害"),
    ("お年寄り", "高齢者"),
    ("いじめ", "いじめ"),
    ("みどり", "緑"),
    ("ごみ", "ゴミ"),
    ("いす", "椅子"),
    ("トイレ", "トイレ"),
];
/// Short forms, with the long ones they count as.
const ALIASES: [(&str, &str); 7] = [
    ("スマホ", "スマートフォン"),
    ("ウェブサイト", "ホームページ"),
    ("サイト", "ホームページ"),
    ("hp", "ホームページ"),
    ("パソコン", "pc"),
    ("ネット", "インターネット"),
    ("アプリケーション", "アプリ"),
];
/// A text counts by its most telling terms, so many.
const MOST_TERMS: usize = 64;
/// A term of one text in so many is as rare as can be.
const RARE: usize = 300;

/// A term of one text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term<'a> {
    /// Its number in the [`Corpus`]; a text's terms are sorted by it.
    pub(super) id: usize,
    /// How much it tells about the text: the squares of a text's weights add up to 1.
    pub(super) weight: f64,
    /// As it first stands in the text.
    pub(super) shown: &'a str,
    /// Whether it can be shown as a word: not the stem of a verb.
    pub(super) is_word: bool,
}

/// Texts as lists of weighted terms.
#[derive(Debug, Default)]
pub(super) struct Corpus<'a> {
    /// The terms of each text, in the order of the texts.
    pub(super) texts: Vec<Vec<Term<'a>>>,
    /// How many different terms there are.
    pub(super) size: usize,
}

impl<'a> Corpus<'a> {
    /// Cuts and weighs `texts`. Compounds are cut at the words that the other texts use, so the texts are their own
    /// dictionary: 放置自転車対策 holds 自転車 when that stands alone or begins or ends several other compounds.
    pub(super) fn of(texts: &[&'a str]) -> Self {
        let runs: Vec<Vec<Run<'a>>> = texts.iter().map(|text| runs(text)).collect();
        let mut cutter = Cutter { lexicon: Lexicon::of(runs.iter().flatten()), ..Cutter::default() };
        let mut all: Vec<Vec<Term<'a>>> = runs.iter().map(|runs| cutter.terms(runs)).collect();
        let mut uses = vec![0_usize; cutter.ids.len()];
        for term in all.iter().flatten() {
            if let Some(uses) = uses.get_mut(term.id) {
                *uses += 1;
            }
        }
        for terms in &mut all {
            weigh(terms, &uses, texts.len());
        }
        Self { texts: all, size: uses.len() }
    }
}

/// TF-IDF, the strongest [`MOST_TERMS`], normalised. A term of one text only counts like one of two, and in many texts the
/// rarest (up to one text in [`RARE`]) count alike: what no other text says mustn't outweigh what they have in common.
fn weigh(terms: &mut Vec<Term>, uses: &[usize], texts: usize) {
    for term in terms.iter_mut() {
        let frequency = if term.weight > 1.0 { 1.0 + term.weight.ln() } else { term.weight };
        let uses = uses.get(term.id).copied().unwrap_or(1).max(2).max(texts / RARE);
        term.weight = frequency * (float(texts) / float(uses)).ln_1p();
    }
    if terms.len() > MOST_TERMS {
        terms.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.id.cmp(&b.id)));
        terms.truncate(MOST_TERMS);
        terms.sort_unstable_by_key(|term| term.id);
    }
    let norm = terms.iter().map(|term| term.weight * term.weight).sum::<f64>().sqrt();
    for term in terms.iter_mut().filter(|_| norm > 0.0) {
        term.weight /= norm;
    }
}

/// At most `most` of the terms, those with the greatest weight first; none that is part of another one shown.
pub(super) fn words<'a>(mut terms: Vec<Term<'a>>, most: usize) -> Vec<String> {
    terms.sort_by(|a, b| b.is_word.cmp(&a.is_word).then(b.weight.total_cmp(&a.weight)).then(a.id.cmp(&b.id)));
    let has_words = terms.first().is_some_and(|term| term.is_word);
    let mut words: Vec<&'a str> = Vec::new();
    for term in terms.iter().filter(|term| term.is_word || !has_words) {
        if let Some(wider) = words.iter_mut().find(|word| term.shown.contains(**word)) {
            // 自転車 gives way to 放置自転車, once.
            *wider = term.shown;
        } else if words.len() < most && !words.iter().any(|word| word.contains(term.shown)) {
            words.push(term.shown);
        }
    }
    let is_within_another = |word: &&str| words.iter().any(|other| other.len() > word.len() && other.contains(*word));
    let mut seen = HashSet::new();
    words.iter().copied().filter(|word| !is_within_another(word) && seen.insert(*word)).map(str::to_owned).collect()
}

pub(super) fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A stretch in one script, or a word of [`MIXED`].
#[derive(Clone, Copy, Debug)]
struct Run<'a> {
    kind: RunKind,
    text: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum RunKind {
    /// Two kanji or more.
    Kanji,
    Katakana,
    Latin,
    /// A word of [`MIXED`].
    Mixed,
    /// One kanji that stands alone: 桜.
    Noun,
    /// One kanji of a verb or an adjective: 暗い.
    Stem,
}

fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut rest = text;
    let mut before = Script::Other;
    while let Some(first) = rest.chars().next() {
        let kind = script(first);
        if let Some(word) = mixed(rest, first) {
            let (text, after) = rest.split_at_checked(word.len()).unwrap_or((rest, ""));
            runs.push(Run { kind: RunKind::Mixed, text });
            (rest, before) = (after, Script::Hiragana);
            continue;
        }
        let end = end_of_run(rest, kind);
        let (text, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        runs.extend(run(text, kind, before, after));
        (rest, before) = (after, kind);
    }
    runs
}

/// The word of [`MIXED`] that `rest`, whose first character is `first`, begins with.
fn mixed(rest: &str, first: char) -> Option<&'static str> {
    if !matches!(first, 'ま' | '街' | 'ひ' | '引' | '一' | '子' | 'こ' | '障' | 'お' | 'い' | 'み' | 'ご' | 'ト')
    {
        return None;
    }
    MIXED.iter().map(|(word, _)| *word).find(|word| rest.starts_with(word))
}

/// Where the run that `rest` begins with ends. Hiragana go one by one (one of them may begin a word of [`MIXED`]), kanji
/// end where such a word begins, Latin words keep their digits.
fn end_of_run(rest: &str, kind: Script) -> usize {
    let goes_on = |at: usize, c: char| match kind {
        Script::Hiragana | Script::Other => false,
        Script::Kanji => script(c) == kind && rest.get(at..).and_then(|rest| mixed(rest, c)).is_none(),
        Script::Letter => matches!(script(c), Script::Letter | Script::Digit) || c == '-',
        Script::Katakana | Script::Digit => script(c) == kind,
    };
    rest.char_indices().skip(1).find(|(at, c)| !goes_on(*at, *c)).map_or(rest.len(), |(at, _)| at)
}

fn run<'a>(text: &'a str, kind: Script, before: Script, after: &str) -> Option<Run<'a>> {
    match kind {
        Script::Kanji => {
            let text = if before == Script::Digit { text.trim_start_matches(|c| COUNTERS.contains(c)) } else { text };
            kanji_run(text, after)
        }
        Script::Katakana => {
            let text = text.trim_start_matches('ー');
            text.chars().nth(1).is_some().then_some(Run { kind: RunKind::Katakana, text })
        }
        Script::Letter => {
            let text = text.trim_end_matches('-');
            let letters = text.chars().filter(|c| script(*c) == Script::Letter).count();
            (letters > 1).then_some(Run { kind: RunKind::Latin, text })
        }
        Script::Hiragana | Script::Digit | Script::Other => None,
    }
}

fn kanji_run<'a>(text: &'a str, after: &str) -> Option<Run<'a>> {
    let counted = text.trim_start_matches(|c| NUMERALS.contains(c));
    if counted.len() < text.len() && counted.chars().all(|c| COUNTERS.contains(c)) {
        return None;
    }
    if text.chars().nth(1).is_some() {
        return Some(Run { kind: RunKind::Kanji, text });
    }
    if text.is_empty() || text.chars().all(|c| COMMON_SINGLE.contains(c) || COUNTERS.contains(c) || c == '区') {
        return None;
    }
    // A noun stands before a particle; other hiragana belong to the word.
    let next = after.chars().next().unwrap_or('。');
    let is_noun = script(next) != Script::Hiragana || "をがはのにでもとやへ".contains(next);
    Some(Run { kind: if is_noun { RunKind::Noun } else { RunKind::Stem }, text })
}

/// Gives terms their numbers and remembers how each run is cut.
#[derive(Debug, Default)]
struct Cutter<'a> {
    lexicon: Lexicon<'a>,
    ids: HashMap<String, usize>,
    cuts: HashMap<(RunKind, &'a str), Vec<Term<'a>>>,
    common: Option<HashSet<&'static str>>,
}

impl<'a> Cutter<'a> {
    /// The terms of one text, each once, sorted by number; the weight is how often it stands there.
    fn terms(&mut self, runs: &[Run<'a>]) -> Vec<Term<'a>> {
        let mut terms: Vec<Term<'a>> = Vec::with_capacity(runs.len());
        for run in runs {
            if let Some(cut) = self.cuts.get(&(run.kind, run.text)) {
                terms.extend(cut);
            } else {
                let cut = self.cut(*run);
                terms.extend(&cut);
                self.cuts.insert((run.kind, run.text), cut);
            }
        }
        terms.sort_by_key(|term| term.id);
        terms.dedup_by(|next, kept| {
            let same = next.id == kept.id;
            kept.weight += if same { next.weight } else { 0.0 };
            same
        });
        terms
    }

    /// A compound of up to 4 kanji counts as a word, its parts half; of a longer one the parts count, the whole half.
    fn cut(&mut self, run: Run<'a>) -> Vec<Term<'a>> {
        let parts = match run.kind {
            RunKind::Kanji | RunKind::Katakana => self.lexicon.parts(run),
            _ => Vec::new(),
        };
        let is_long = run.kind == RunKind::Kanji && run.text.chars().nth(4).is_some() && !parts.is_empty();
        let whole = if is_long || run.kind == RunKind::Stem { 0.5 } else { 1.0 };
        let pieces = [(run.text, whole)].into_iter().chain(parts.into_iter().map(|part| (part, 1.5 - whole)));
        pieces.filter_map(|(text, weight)| self.term(Run { kind: run.kind, text }, weight)).collect()
    }

    fn term(&mut self, run: Run<'a>, weight: f64) -> Option<Term<'a>> {
        let name = name(run);
        let common = self.common.get_or_insert_with(|| COMMON.split_whitespace().collect());
        if name.is_empty() || common.contains(name.as_str()) {
            return None;
        }
        let next = self.ids.len();
        let id = *self.ids.entry(name).or_insert(next);
        Some(Term { id, weight, shown: run.text, is_word: run.kind != RunKind::Stem })
    }
}

/// The form under which terms are the same: folded width and case, サーバ for サーバー, usual kanji, long forms.
fn name(run: Run) -> String {
    let folded = match run.kind {
        RunKind::Kanji | RunKind::Noun | RunKind::Stem => return super::key(run.text),
        RunKind::Mixed => {
            let known = MIXED.iter().find(|(word, _)| *word == run.text);
            return known.map_or(run.text, |(_, name)| name).to_owned();
        }
        RunKind::Katakana | RunKind::Latin => text::fold(run.text),
    };
    let folded = match folded.strip_suffix('ー') {
        Some(short) if short.chars().nth(2).is_some() => short,
        _ => &folded,
    };
    ALIASES.iter().find(|(short, _)| *short == folded).map_or(folded, |(_, long)| long).to_owned()
}

#[cfg(test)]
mod tests;
