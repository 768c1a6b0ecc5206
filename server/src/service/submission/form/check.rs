//! Whether a form may be sent, by the rules of its theme.

use app::pages::submissions::{NAMES, Place, SubmissionInput, page_number};
use domain::{
    FieldErrors, Problem,
    identity::Identity,
    proposal::BODY_MAX,
    rules::{Eligibility, IncompleteHandling, Rules},
    text,
};

use crate::service::{Checked, submission::NewItem};

/// A form that may be sent.
#[derive(Clone, Debug)]
pub struct Clean {
    /// 応募資格.
    pub eligibility: Eligibility,
    /// What the person said of themselves, without what isn't asked.
    pub identity: Identity,
    /// The opinions.
    pub items: Vec<NewItem>,
    /// All of the text.
    pub body: String,
    /// 回答対象外.
    pub no_reply: bool,
}

/// Checks a form against the rules of its theme and the places of its draft.
///
/// # Errors
/// What is wrong, by the names of the fields.
pub fn check(rules: &Rules, places: &[Place], input: &SubmissionInput) -> Checked<Clean> {
    let mut errors = FieldErrors::new();
    let items = check_opinions(places, input, &mut errors);
    let eligibility = match input.eligibility() {
        Some(kind) if rules.eligible.contains(&kind) => Some(kind),
        Some(_) => {
            errors.push("eligibility", Problem::UnknownChoice);
            None
        }
        None => {
            errors.push("eligibility", Problem::ChoiceRequired);
            None
        }
    };
    let checked = match rules.incomplete {
        IncompleteHandling::Refuse => input.identity.check_complete(rules, eligibility),
        IncompleteHandling::NoReply | IncompleteHandling::Equal => input.identity.check(rules, eligibility),
    };
    let identity = checked.unwrap_or_else(|wrong| {
        for (name, problem) in wrong.iter() {
            errors.push(name, problem);
        }
        Identity::default()
    });
    let body = items.iter().filter_map(|item| item.body.as_deref()).collect::<Vec<_>>().join("\n\n");
    let no_reply = identity.is_no_reply(rules, eligibility);
    match (errors.is_empty(), eligibility) {
        (true, Some(eligibility)) => Ok(Clean { eligibility, identity, items, body, no_reply }),
        _ => Err(errors),
    }
}

/// The opinions that hold something; the first one has to when none does.
fn check_opinions(places: &[Place], input: &SubmissionInput, errors: &mut FieldErrors) -> Vec<NewItem> {
    let nothing = input.opinions.iter().all(|opinion| opinion.text.trim().is_empty());
    let mut items = Vec::new();
    for (names, opinion) in NAMES.iter().zip(&input.opinions) {
        if opinion.is_empty() && !(nothing && items.is_empty()) {
            continue;
        }
        let body = errors.take(names.text, text::required(&opinion.text, BODY_MAX));
        let known = opinion.place.is_empty() || places.iter().any(|place| place.anchor == opinion.place);
        if !known {
            errors.push(names.place, Problem::UnknownChoice);
        }
        let page = errors.take(names.page, page_number(&opinion.page)).map(i64::from);
        let anchor = Some(opinion.place.clone()).filter(|anchor| !anchor.is_empty());
        items.push(NewItem { body: Some(body), anchor, page });
        if nothing {
            break;
        }
    }
    if input.opinions.is_empty() {
        errors.push("text1", Problem::Required);
    }
    items
}

#[cfg(test)]
mod tests {
    use app::pages::submissions::OpinionInput;

    use super::*;

    fn opinion(text: &str, page: &str) -> OpinionInput {
        OpinionInput { text: text.to_owned(), page: page.to_owned(), ..OpinionInput::default() }
    }

    fn typed(opinions: Vec<OpinionInput>) -> SubmissionInput {
        SubmissionInput { opinions, eligibility: "resident".to_owned(), ..SubmissionInput::default() }
    }

    #[test]
    fn empty_boxes_are_left_out_and_one_opinion_is_needed() {
        let rules = Rules::default();
        let clean =
            check(&rules, &[], &typed(vec![opinion("", ""), opinion("緑を", ""), opinion(" 水を ", "5")])).unwrap();
        assert_eq!(clean.body, "緑を\n\n水を");
        assert_eq!(clean.items.iter().map(|item| item.page).collect::<Vec<_>>(), [None, Some(5)]);
        for nothing in [vec![], vec![opinion("", ""), opinion(" ", "")]] {
            let errors = check(&rules, &[], &typed(nothing)).unwrap_err();
            assert_eq!(errors.iter().collect::<Vec<_>>(), [("text1", Problem::Required)]);
        }
        let errors = check(&rules, &[], &typed(vec![opinion("緑を", ""), opinion("", "3")])).unwrap_err();
        assert_eq!(errors.of("text2"), Some(Problem::Required), "a page without words is a forgotten opinion");
    }

    #[test]
    fn a_place_has_to_be_in_the_draft() {
        let place = Place { anchor: "p3".to_owned(), label: "第1章".to_owned(), level: Some(1) };
        let there = OpinionInput { place: "p3".to_owned(), ..opinion("緑を", "") };
        let gone = OpinionInput { place: "p9".to_owned(), ..opinion("緑を", "") };
        let rules = Rules::default();
        assert!(check(&rules, std::slice::from_ref(&place), &typed(vec![there])).is_ok());
        let errors = check(&rules, &[place], &typed(vec![gone])).unwrap_err();
        assert_eq!(errors.of("place1"), Some(Problem::UnknownChoice));
    }
}
