//! The words in tables of wards: headings, channels, eligibilities, days.

use app::pages::staff::imports::Target;
use chrono::NaiveDate;
use domain::{Channel, rules::Eligibility, similarity::key, wareki};

/// Without what stands in brackets, and folded: 「ご意見（必須）」 is 「ご意見」.
pub(super) fn folded(text: &str) -> String {
    let mut depth = 0_u32;
    let outside: String = text
        .chars()
        .filter(|c| match c {
            '(' | '（' | '[' | '［' | '【' | '〔' => {
                depth += 1;
                false
            }
            ')' | '）' | ']' | '］' | '】' | '〕' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect();
    let outside = key(&outside);
    if outside.is_empty() { key(text) } else { outside }
}

pub(super) type Words = &'static [&'static str];

/// Headings of each target: the whole of them, then parts of them. What is more special comes first.
pub(super) const NAMES: &[(Target, Words, Words)] = &[
    (Target::Representative, &["代表者名", "代表者氏名"], &["代表者"]),
    (Target::Organisation, &["団体", "事業者名", "法人名", "会社名"], &["団体名", "事業者名", "法人名", "事業所名"]),
    (Target::Workplace, &["勤務先名", "勤務先名称", "会社名"], &["勤務先"]),
    (Target::School, &["学校", "通学先"], &["学校名", "通学先"]),
    (Target::Interest, &["利害", "利害関係", "利害関係の内容"], &["利害"]),
    (Target::Postmarked, &["消印"], &["消印"]),
    (
        Target::Received,
        &["受付日", "受理日", "受領日", "到着日", "提出日", "受付日時", "日付"],
        &["収受", "受付日", "受理日", "受領日", "到着日", "提出日", "送信日", "回答日", "受信日"],
    ),
    (Target::Channel, &["経路", "提出経路", "受付方法", "応募方法", "媒体"], &["提出方法", "受付方法", "経路"]),
    (Target::Eligibility, &["資格", "区分", "提出者区分", "在住在勤の別"], &["応募資格", "資格区分", "提出者区分"]),
    (Target::Phone, &["電話", "tel", "連絡先電話番号"], &["電話番号"]),
    (
        Target::Email,
        &["メール", "eメール", "email", "mail", "電子メール", "メアド"],
        &["メールアドレス", "mailaddress"],
    ),
    (Target::Kana, &["フリガナ", "かな", "氏名かな", "氏名カナ", "よみがな", "読み"], &["ふりがな", "よみがな"]),
    (Target::Address, &["所在地", "ご住所", "住所所在地"], &["住所", "所在地"]),
    (Target::Name, &["お名前", "名前", "ご氏名", "提出者", "提出者名", "氏名団体名"], &["氏名", "お名前"]),
    (
        Target::External,
        &["番号", "no", "id", "外部番号", "受付番号", "管理番号", "連番", "通し番号", "意見番号"],
        &["整理番号", "受付番号", "管理番号"],
    ),
    (
        Target::Place,
        &["頁", "ページ", "ページ番号", "該当ページ", "箇所", "項目"],
        &["該当箇所", "該当頁", "該当ページ", "意見箇所"],
    ),
    (Target::Title, &["件名", "タイトル", "意見の題名", "表題"], &["題名", "件名", "タイトル"]),
    (Target::Note, &["メモ", "備考欄", "特記事項", "摘要"], &["備考"]),
    (
        Target::Body,
        &["ご意見", "本文", "内容", "意見内容", "意見の内容", "ご意見の内容", "意見本文", "自由記述", "自由意見"],
        &["意見", "本文", "自由記述"],
    ),
];

const CHANNELS: &[(Channel, Words, Words)] = &[
    (
        Channel::Web,
        &["web", "hp", "ホームページ", "フォーム", "インターネット", "区ホームページ"],
        &["ウェブ", "電子申請", "入力フォーム", "専用フォーム", "インターネット", "ホームページ"],
    ),
    (Channel::Post, &["封書", "はがき", "手紙"], &["郵送", "郵便"]),
    (Channel::Counter, &["来庁", "直接"], &["持参", "窓口"]),
    (Channel::Fax, &[], &["fax", "ファクス", "ファックス", "ファクシミリ"]),
    (Channel::Email, &["mail", "email"], &["メール"]),
    (Channel::Phone, &["tel"], &["電話"]),
    (Channel::Hearing, &[], &["ヒアリング"]),
    (Channel::Workshop, &["ws"], &["ワークショップ"]),
    (Channel::Survey, &[], &["アンケート"]),
];

const ELIGIBILITIES: &[(Eligibility, Words, Words)] = &[
    (Eligibility::Resident, &["区民", "住民", "区内に住所を有する者", "区内に住所を有する方"], &["在住"]),
    (Eligibility::Worker, &["区内に勤務する者", "区内に勤務する方", "区内勤務"], &["在勤"]),
    (Eligibility::Student, &["区内に在学する者", "区内に通学する方", "区内通学", "通学"], &["在学"]),
    (Eligibility::Business, &["区内に事務所又は事業所を有する個人及び法人その他の団体"], &["事業者", "団体", "法人"]),
    (Eligibility::Interested, &[], &["利害関係"]),
];

/// Words that say that the eligibility is not known.
const UNKNOWN: Words = &["不明", "未記入", "無記入", "記載なし", "記入なし", "なし", "unknown"];

/// The channel a word means; `None` when it means none, or several.
#[must_use]
pub fn channel(text: &str) -> Option<Channel> {
    Channel::from_code(text.trim()).or_else(|| meant(CHANNELS, text, Channel::official_label))
}

/// What a word says about somebody's eligibility.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// This.
    Kind(Eligibility),
    /// That it isn't known.
    NotKnown,
}

/// The eligibility a word means; `None` when nobody knows that word, or it means several.
#[must_use]
pub fn eligibility(text: &str) -> Option<Said> {
    if UNKNOWN.iter().any(|word| key(word) == key(text)) {
        return Some(Said::NotKnown);
    }
    let coded = Eligibility::from_code(text.trim());
    coded.or_else(|| meant(ELIGIBILITIES, text, |_| "")).map(Said::Kind)
}

/// What a word means: by the whole of it, or by the one known part it holds.
fn meant<T: Copy>(words: &[(T, Words, Words)], text: &str, label: impl Fn(T) -> &'static str) -> Option<T> {
    let text = folded(text);
    let whole = words.iter().find(|(meaning, names, parts)| {
        let label = label(*meaning);
        std::iter::once(&label).chain(*names).chain(*parts).any(|name| !name.is_empty() && key(name) == text)
    });
    if let Some((meaning, ..)) = whole {
        return Some(*meaning);
    }
    let mut held =
        words.iter().filter(|(_, _, parts)| parts.iter().any(|part| text.contains(key(part).as_str()))).map(|w| w.0);
    let first = held.next()?;
    held.next().is_none().then_some(first)
}

/// Reads a day, with or without a time of day after it as spreadsheets and forms write it.
///
/// # Errors
/// As [`wareki::parse`].
pub fn day(text: &str) -> Result<NaiveDate, wareki::ParseDateError> {
    let text = text.trim();
    wareki::parse(text).or_else(|error| {
        let is_time = |rest: &str| {
            rest.contains(':') && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z' | '+'))
        };
        let parts = text.rsplit_once(['T', ' ', '\u{3000}']);
        match parts {
            Some((day, time)) if is_time(time) => wareki::parse(day),
            _ => Err(error),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_channels_are_read() {
        for (text, expected) in [
            ("郵送", Some(Channel::Post)),
            ("post", Some(Channel::Post)),
            ("ＦＡＸ", Some(Channel::Fax)),
            ("ファクス", Some(Channel::Fax)),
            ("電子メール", Some(Channel::Email)),
            ("Ｅメール", Some(Channel::Email)),
            ("e-mail", Some(Channel::Email)),
            ("持参（窓口）", Some(Channel::Counter)),
            ("窓口へ持参", Some(Channel::Counter)),
            ("電子申請システム", Some(Channel::Web)),
            ("インターネット", Some(Channel::Web)),
            ("電話", Some(Channel::Phone)),
            ("アンケート", Some(Channel::Survey)),
            ("メール・郵送", None),
            ("伝書鳩", None),
            ("", None),
        ] {
            assert_eq!(channel(text), expected, "{text}");
        }
    }

    #[test]
    fn words_for_eligibility_are_read() {
        for (text, expected) in [
            ("区内在住", Some(Said::Kind(Eligibility::Resident))),
            ("在勤", Some(Said::Kind(Eligibility::Worker))),
            ("区内在学者", Some(Said::Kind(Eligibility::Student))),
            ("区内事業者・団体", Some(Said::Kind(Eligibility::Business))),
            ("利害関係人", Some(Said::Kind(Eligibility::Interested))),
            ("resident", Some(Said::Kind(Eligibility::Resident))),
            ("不明", Some(Said::NotKnown)),
            ("在住・在勤", None),
            ("宇宙人", None),
        ] {
            assert_eq!(eligibility(text), expected, "{text}");
        }
    }

    #[test]
    fn a_day_may_have_a_time_after_it() {
        let feb = NaiveDate::from_ymd_opt(2025, 2, 1);
        for text in ["令和7年2月1日", "2025-02-01T14:05:00", "2025/2/1 9:30", "R7.2.1", "2025/02/01 09:30:59.123"]
        {
            assert_eq!(day(text).ok(), feb, "{text}");
        }
        assert_eq!(day("令和7年2月30日"), Err(wareki::ParseDateError::NoSuchDay));
        assert_eq!(day("2025/2/1 あとで"), Err(wareki::ParseDateError::Form));
    }
}
