//! Opinions of a row put together for reading: nearly same ones once, and what to look at in the 要旨.

use std::collections::HashMap;

use app::pages::staff::desk::{FindingLine, HintLine, Original};
use domain::{
    phrase::{self, Hint, Phrase},
    similarity::{self, Piece},
    summary_check::{self, Place},
};

use crate::repository::row::ItemLine;

/// So many different opinions are on the page; the others are on a page of their own.
pub(super) const SHOWN: usize = 20;
/// So many other wordings of one opinion are shown.
const WORDINGS: usize = 5;
/// The 要旨 is compared letter by letter with so many opinions.
const COMPARED: usize = 6;
/// Texts with more characters than these aren't compared letter by letter.
const COMPARED_LENGTH: usize = 5000;

/// Opinions that are nearly the same.
struct Group<'a> {
    lines: Vec<&'a ItemLine>,
    /// Different wordings, each with how often it came, the commonest first.
    wordings: Vec<(&'a str, usize)>,
}

/// The opinions of a row in their order, nearly same ones together.
fn groups(items: &[ItemLine]) -> Vec<Group<'_>> {
    let mut found: Vec<(Group<'_>, HashMap<String, usize>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for line in items {
        let key = similarity::key(&line.text);
        let name = line.text_group.map_or_else(|| key.clone(), |group| format!("#{group}"));
        let place = *places.entry(name).or_insert(found.len());
        if place == found.len() {
            found.push((Group { lines: Vec::new(), wordings: Vec::new() }, HashMap::new()));
        }
        let Some((group, wordings)) = found.get_mut(place) else { continue };
        group.lines.push(line);
        let wording = *wordings.entry(key).or_insert(group.wordings.len());
        match group.wordings.get_mut(wording) {
            Some((_, count)) => *count += 1,
            None => group.wordings.push((&line.text, 1)),
        }
    }
    let mut groups: Vec<Group<'_>> = found.into_iter().map(|(group, _)| group).collect();
    for group in &mut groups {
        group.wordings.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    }
    groups
}

/// What the page shows of a row's opinions and of its 要旨.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub originals: Vec<Original>,
    /// Whether some opinions aren't shown.
    pub more: bool,
    pub findings: Vec<FindingLine>,
    /// Whether the 要旨 says word for word what they say.
    pub verbatim: bool,
}

/// Looks at opinions and 要旨. `chosen` are the ids that stay in the row, all of them for `None`.
pub(super) fn look(items: &[ItemLine], summary: &str, chosen: Option<&[i64]>) -> Looked {
    let groups = groups(items);
    // One text of each wording is compared; the number is that of the opinion on the page.
    let texts: Vec<(&str, usize)> =
        (1..).zip(&groups).flat_map(|(n, group)| group.wordings.iter().map(move |(text, _)| (*text, n))).collect();
    let plain: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
    let all: Vec<&str> = items.iter().map(|line| line.text.as_str()).collect();
    let verbatim = summary_check::is_verbatim(&all, summary);
    // Without opinions nothing was lost or added: only the 要旨 itself is looked at.
    let compared = if plain.is_empty() { &[summary][..] } else { &plain };
    let findings = summary_check::check(compared, summary)
        .into_iter()
        .map(|finding| FindingLine {
            code: finding.kind.code(),
            original: match finding.place {
                Place::Original(at) if groups.len() > 1 => texts.get(at).map(|(_, n)| *n),
                _ => None,
            },
            personal: finding.kind.is_personal(),
            text: finding.text,
        })
        .collect();
    let original = |(place, group): (usize, &Group<'_>)| original(place, group, summary, chosen);
    Looked {
        originals: groups.iter().take(SHOWN).enumerate().filter_map(original).collect(),
        more: groups.len() > SHOWN,
        findings,
        verbatim,
    }
}

fn original(place: usize, group: &Group<'_>, summary: &str, chosen: Option<&[i64]>) -> Option<Original> {
    let first = group.lines.first()?;
    let (text, _) = *group.wordings.first()?;
    let ids: Vec<i64> = group.lines.iter().map(|line| line.id).collect();
    Some(Original {
        count: group.lines.len(),
        receipt: first.receipt_number.clone(),
        title: first.title.clone(),
        text: text.to_owned(),
        again: group.lines.iter().all(|line| line.again == 1),
        wordings: group
            .wordings
            .iter()
            .skip(1)
            .take(WORDINGS)
            .filter_map(|(other, _)| difference(text, other))
            .collect(),
        difference: difference(text, summary).filter(|_| place < COMPARED && !summary.trim().is_empty()),
        chosen: chosen.is_none_or(|chosen| ids.iter().any(|id| chosen.contains(id))),
        ids: ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
    })
}

/// What differs between two texts; `None` when nothing does, or they are too long.
fn difference(old: &str, new: &str) -> Option<Vec<Piece>> {
    let is_long = |text: &str| text.chars().nth(COMPARED_LENGTH).is_some();
    let (old, new) = (old.trim(), new.trim());
    (old != new && !is_long(old) && !is_long(new)).then(|| similarity::differences(old, new))
}

/// What to look at in an answer and its reason.
pub(super) fn hints(answer: &str, reason: &str, phrases: &[Phrase]) -> Vec<HintLine> {
    let personal = [answer, reason].into_iter().flat_map(summary_check::personal_data);
    let personal = personal.map(|finding| HintLine::Personal(finding.text));
    let wording = phrase::hints(answer, phrases).into_iter().map(|hint| match hint {
        Hint::Phrase(place) => HintLine::Phrase(place),
        Hint::Considering { sentence, lacks_what, lacks_when } => {
            HintLine::Considering { sentence, lacks_what, lacks_when }
        }
        Hint::Blank(sentence) => HintLine::Blank(sentence),
    });
    personal.chain(wording).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: i64, text: &str, text_group: Option<i64>) -> ItemLine {
        ItemLine {
            id,
            again: 0,
            proposal_id: id,
            receipt_number: format!("R{id}"),
            channel: "web".to_owned(),
            title: None,
            text: text.to_owned(),
            text_group,
            total: 0,
        }
    }

    #[test]
    fn copies_are_shown_once_with_their_other_wordings() {
        let items = [
            line(1, "ベンチを増やしてください", Some(7)),
            line(2, "日陰がほしい", None),
            line(3, "ベンチを増やして下さい", Some(7)),
            line(4, "ベンチを増やして下さい。", Some(7)),
            line(5, "日陰が ほしい。", None),
        ];
        let found = look(&items, "ベンチと日陰を増やしてほしい", None);
        let shown: Vec<(&str, usize, &str)> =
            found.originals.iter().map(|o| (o.ids.as_str(), o.count, o.text.as_str())).collect();
        assert_eq!(shown, [("1,3,4", 3, "ベンチを増やして下さい"), ("2,5", 2, "日陰がほしい")]);
        assert_eq!(found.originals.first().map(|o| o.wordings.len()), Some(1));
        assert!(!found.more && !found.verbatim);
        let none = look(&items, "ベンチ", Some(&[2]));
        assert_eq!(none.originals.iter().map(|o| o.chosen).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn findings_name_the_opinion_on_the_page() {
        let items = [line(1, "令和7年に30台を置く", None), line(2, "賛成です", None)];
        let found = look(&items, "令和7年に置く", None);
        let number = found.findings.iter().find(|f| f.code == "number_lost");
        assert_eq!(number.map(|f| f.original), Some(Some(1)));
        assert!(look(&items[..1], &items[0].text, None).verbatim);
    }
}
