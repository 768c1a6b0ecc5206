//! Short texts made of published tables: a box for the 広報紙, a committee slide, the yearly list.

mod yearly;

pub use yearly::{YEARLY_HEADERS, Yearly, YearlyRow};

use crate::{
    ResponseTable, clean,
    model::{FlatRow, NO_OPINIONS},
};
use domain::wareki;

/// Most opinions on a committee slide when staff chose none.
const MAIN_OPINIONS: usize = 5;

/// The box 「意見募集の結果」 of a ward's newspaper (広報しながわ style), one line for each of 計画等の名称, 内容,
/// 人数・意見数 (「6人から18件」) and 閲覧場所・問い合わせ.
#[must_use]
pub fn bulletin(table: &ResponseTable) -> String {
    let period = wareki::period(table.opens_on, table.closes_on);
    let counts = match table.opinions {
        0 => NO_OPINIONS.trim_end_matches('。').to_owned(),
        opinions => format!("{}人から{opinions}件", table.submitters),
    };
    let url = &table.consultation.url;
    let site = if url.is_empty() { String::new() } else { format!("区ホームページ（{url}）") };
    let places = joined([table.places.as_str(), site.as_str()], "、");
    let contact = match table.contact.printed() {
        contact if contact.is_empty() => table.consultation.department.clone(),
        contact => contact,
    };
    lines(&[
        "意見募集（パブリックコメント）の結果".to_owned(),
        format!("計画等の名称：{}", table.consultation.title),
        format!("内容：{period}に募集したご意見の要旨と区の考え方"),
        format!("人数・意見数：{counts}"),
        format!("閲覧場所：{places}"),
        format!("問い合わせ：{contact}"),
    ])
}

/// The slide 「パブリックコメントの実施結果について」 of a committee: ①実施期間 ②応募方法 ③意見数 ④ご意見と区の考え方, then
/// the main opinions, one line each.
///
/// `main` names the rows that staff chose, as ids of summaries; they are shown in the order of the table. When none of
/// them is in the table, the five rows that stand for the most opinions are shown, the most frequent first.
#[must_use]
pub fn committee(table: &ResponseTable, main: &[i64]) -> String {
    let mut output = vec![
        "パブリックコメントの実施結果について".to_owned(),
        String::new(),
        format!("① 実施期間：{}", wareki::period(table.opens_on, table.closes_on)),
        format!("② 応募方法：{}", table.methods),
        format!("③ 意見数：延べ{}件（{}名より）", table.opinions, table.submitters),
        format!("④ 寄せられたご意見と区の考え方　※資料「{}」参照", table.title()),
        String::new(),
    ];
    let rows = main_rows(table, main);
    if rows.is_empty() {
        output.push(NO_OPINIONS.to_owned());
    } else {
        output.push(if table.summarised { "＜主なご意見（要約）＞" } else { "＜主なご意見＞" }.to_owned());
    }
    output.extend(rows.into_iter().map(|flat| {
        let text = if table.layout.others { flat.row.printed_text() } else { flat.row.text.clone() };
        format!("・{text}")
    }));
    lines(&output)
}

fn main_rows<'a>(table: &'a ResponseTable, main: &[i64]) -> Vec<FlatRow<'a>> {
    let chosen: Vec<FlatRow<'_>> = table.rows().filter(|flat| main.contains(&flat.row.summary_id)).collect();
    if !chosen.is_empty() {
        return chosen;
    }
    // Rows that only repeat what is counted elsewhere (再掲) would show an opinion twice.
    let mut rows: Vec<FlatRow<'_>> = table.rows().filter(|f| f.row.same_count > 0 || f.row.again == 0).collect();
    // Stable: rows that stand for equally many stay in the order of the table.
    rows.sort_by_key(|flat| std::cmp::Reverse(flat.row.same_count));
    rows.truncate(MAIN_OPINIONS);
    rows
}

/// The parts that say something.
fn joined<'a>(parts: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(between)
}

/// Cleaned lines, each on one physical line, without those whose value is empty.
fn lines(lines: &[String]) -> String {
    let kept = lines.iter().filter(|line| !line.ends_with('：'));
    let mut output: String = kept.map(|line| clean::one_line(line)).collect::<Vec<_>>().join("\n");
    output.push('\n');
    output
}
