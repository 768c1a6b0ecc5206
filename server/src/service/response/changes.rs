//! What differs between two tables: for the list of corrections (正誤), and for those who see that the desk has changed.

use std::collections::{HashMap, HashSet};

use app::pages::staff::approval::{ChangedRow, Changes, PartChange, RowChange};
use documents::{FlatRow, ResponseTable};

use super::table::row_names;

/// What is different in `new`. Moments, versions and earlier corrections are not compared.
#[must_use]
pub fn changes(old: &ResponseTable, new: &ResponseTable) -> Changes {
    Changes { rows: rows(old, new), parts: parts(old, new) }
}

fn rows(old: &ResponseTable, new: &ResponseTable) -> Vec<ChangedRow> {
    let (old_names, new_names) = (row_names(old), row_names(new));
    let name = |names: &HashMap<i64, String>, id: i64| names.get(&id).cloned().unwrap_or_default();
    let before: HashMap<i64, FlatRow<'_>> = old.rows().map(|flat| (flat.row.summary_id, flat)).collect();
    let mut found = Vec::new();
    for flat in new.rows() {
        let id = flat.row.summary_id;
        let to = name(&new_names, id);
        let changes = match before.get(&id) {
            None => vec![RowChange::Added],
            Some(was) => {
                let from = name(&old_names, id);
                let moved = (from != to).then(|| RowChange::Number { from, to: to.clone() });
                moved.into_iter().chain(contents(old, was, new, &flat)).collect()
            }
        };
        if !changes.is_empty() {
            found.push(ChangedRow { id, name: to, changes });
        }
    }
    let gone = old.rows().filter(|flat| !new_names.contains_key(&flat.row.summary_id)).map(|flat| {
        let id = flat.row.summary_id;
        ChangedRow { id, name: name(&old_names, id), changes: vec![RowChange::Removed] }
    });
    found.extend(gone);
    found
}

/// What a row says otherwise.
fn contents(old: &ResponseTable, was: &FlatRow<'_>, new: &ResponseTable, is: &FlatRow<'_>) -> Vec<RowChange> {
    let (a, b) = (was.row, is.row);
    let mark = |table: &ResponseTable, flat: &FlatRow<'_>| {
        flat.group.disposition.as_deref().map(|code| table.disposition_label(code).unwrap_or_else(|| code.to_owned()))
    };
    [
        (a.text != b.text, RowChange::Text),
        (was.group.answer != is.group.answer, RowChange::Answer),
        (mark(old, was) != mark(new, is), RowChange::Disposition),
        (was.group.reason != is.group.reason, RowChange::Reason),
        (was.group.department != is.group.department, RowChange::Department),
        ((a.same_count, a.again, a.people) != (b.same_count, b.again, b.people), RowChange::Count),
        ((&a.originals, &a.place, a.sender) != (&b.originals, &b.place, b.sender), RowChange::Source),
    ]
    .into_iter()
    .filter_map(|(differs, change)| differs.then_some(change))
    .collect()
}

fn parts(old: &ResponseTable, new: &ResponseTable) -> Vec<PartChange> {
    let counts = |t: &ResponseTable| (t.submitters, t.opinions, t.by_channel.clone());
    let theme = |t: &ResponseTable| {
        (t.consultation.title.clone(), t.consultation.slug.clone(), t.consultation.department.clone())
    };
    let cover = |t: &ResponseTable| {
        (
            (t.ward.clone(), theme(t), t.opens_on, t.closes_on, t.methods.clone()),
            (t.contact.clone(), t.publicity.clone(), t.eligible.clone(), t.places.clone()),
        )
    };
    // Chapters that are in both, by their titles: new and gone ones show by their rows.
    let titles: HashMap<i64, &str> = old.chapters.iter().map(|c| (c.id, c.title.as_str())).collect();
    let renamed = new.chapters.iter().any(|c| titles.get(&c.id).is_some_and(|title| *title != c.title));
    [
        (counts(old) != counts(new), PartChange::Counts),
        (old.out_of_scope != new.out_of_scope, PartChange::OutOfScope),
        (cover(old) != cover(new), PartChange::Cover),
        ((&old.dispositions, &old.reflecting) != (&new.dispositions, &new.reflecting), PartChange::Dispositions),
        (renamed, PartChange::Chapters),
        (old.plan_changes != new.plan_changes, PartChange::PlanChanges),
        (old.commitments != new.commitments, PartChange::Commitments),
        (old.layout != new.layout, PartChange::Layout),
        (old.summarised != new.summarised, PartChange::Note),
    ]
    .into_iter()
    .filter_map(|(differs, part)| differs.then_some(part))
    .collect()
}

/// The rows that say something else than before, or are new: what their authors are told of.
#[must_use]
pub fn news(old: &ResponseTable, new: &ResponseTable) -> HashSet<i64> {
    let said = |flat: &FlatRow<'_>| (flat.row.text.clone(), flat.group.answer.clone(), flat.group.disposition.clone());
    let before: HashMap<i64, _> = old.rows().map(|flat| (flat.row.summary_id, said(&flat))).collect();
    let changed = |flat: &FlatRow<'_>| before.get(&flat.row.summary_id) != Some(&said(flat));
    new.rows().filter(changed).map(|flat| flat.row.summary_id).collect()
}

#[cfg(test)]
mod tests {
    use documents::{AnswerGroup, Chapter, Row};
    use domain::Locale;

    use super::*;

    fn table(rows: &[(i64, &str)]) -> ResponseTable {
        let group = |(n, (id, text)): (u32, &(i64, &str))| AnswerGroup {
            ward_view_id: *id,
            answer: "考え方".to_owned(),
            rows: vec![Row { summary_id: *id, number: n, text: (*text).to_owned(), same_count: 1, ..Row::default() }],
            ..AnswerGroup::default()
        };
        let groups = (1..).zip(rows).map(group).collect();
        ResponseTable {
            chapters: vec![Chapter { id: 1, title: "設備".to_owned(), groups }],
            ..ResponseTable::default()
        }
    }

    #[test]
    fn a_number_never_changes_silently() {
        let old = table(&[(1, "あ"), (2, "い"), (3, "う")]);
        let new = table(&[(4, "え"), (1, "あ"), (3, "ウ")]);
        assert_eq!(
            changes(&old, &new).lines(Locale::Ja),
            [
                "No.1-1 を追加しました。",
                "番号を改めました：No.1-1 → No.1-2",
                "No.1-3 のご意見（要旨）を改めました。",
                "No.1-2 を削除しました（番号は訂正前のものです）。",
            ]
        );
        assert_eq!(news(&old, &new), HashSet::from([3, 4]), "a number alone is no news to an author");
    }

    #[test]
    fn the_same_table_at_another_time_is_the_same() {
        let old = table(&[(1, "あ")]);
        let new = ResponseTable { version: 2, published_at: 99, ..old.clone() };
        assert!(changes(&old, &new).is_empty());
    }

    #[test]
    fn what_stands_beside_the_rows_is_compared_too() {
        let old = table(&[(1, "あ")]);
        let mut new = ResponseTable { submitters: 1, ..old.clone() };
        new.contact.phone = "03-0000-0000".to_owned();
        new.chapters[0].title = "施設".to_owned();
        assert_eq!(changes(&old, &new).parts, [PartChange::Counts, PartChange::Cover, PartChange::Chapters]);
    }
}
