//! The filters of the queue: as typed, as read, and as they stand in an address.

use app::pages::staff::intake::Filters;
use domain::{
    Channel, FieldErrors, IntakeState, Problem, ProposalState, ReceiptNumber, intake::UNKNOWN_ELIGIBILITY,
    rules::Eligibility, wareki,
};
use serde::Deserialize;

use crate::repository::intake::{Assigned, Filter, Order};

/// Longest search text in characters.
const WORDS_MAX: usize = 200;

/// The filters as they come with an address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FilterQuery {
    state: String,
    channel: String,
    eligibility: String,
    department: String,
    from: String,
    to: String,
    group: String,
    q: String,
    number: String,
    import: String,
    anchor: String,
    page: String,
    order: String,
}

/// The filters as they were understood. What could not be read narrows nothing.
#[derive(Debug)]
pub(super) struct Asked {
    pub filter: Filter,
    pub order: Order,
    pub errors: FieldErrors,
    pub number_wrong: bool,
}

impl FilterQuery {
    /// From the query part of an address.
    pub fn parse(query: &str) -> Self {
        axum::extract::Query::try_from_uri(&format!("/?{query}").parse().unwrap_or_default())
            .map(|axum::extract::Query(query)| query)
            .unwrap_or_default()
    }

    /// Reads the filters.
    pub fn read(&self) -> Asked {
        let mut errors = FieldErrors::new();
        let mut day = |name: &'static str, typed: &str| match typed.trim() {
            "" => None,
            typed => wareki::parse(typed).map_err(|_| errors.push(name, Problem::Date)).ok(),
        };
        let (mut from, mut to) = (day("from", &self.from), day("to", &self.to));
        if let (Some(first), Some(last)) = (from, to)
            && last < first
        {
            errors.push("to", Problem::EndBeforeStart);
            (from, to) = (None, None);
        }
        let number = ReceiptNumber::parse(&self.number);
        let number_wrong = number.is_none() && !self.number.trim().is_empty();
        let filter = Filter {
            status: status(&self.state),
            channel: Channel::from_code(&self.channel),
            eligibility: eligibility(&self.eligibility),
            assigned: match self.department.as_str() {
                "none" => Some(Assigned::Nobody),
                id => id.parse().ok().map(Assigned::To),
            },
            from,
            to,
            group: self.group.parse().ok(),
            q: self.q.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS_MAX).collect(),
            number,
            import: self.import.parse().ok(),
            anchor: Some(self.anchor.clone()).filter(|a| !a.is_empty() && a.len() <= 40),
            page: self.page.parse().ok(),
        };
        let order = if self.order == "oldest" { Order::Oldest } else { Order::Newest };
        Asked { filter, order, errors, number_wrong }
    }

    /// What holds, as in an address: the same filters always look the same.
    pub fn canonical(filter: &Filter, order: Order) -> String {
        let assigned = filter.assigned.map(|assigned| match assigned {
            Assigned::Nobody => "none".to_owned(),
            Assigned::To(department) => department.to_string(),
        });
        let parts = [
            ("state", filter.status.map(str::to_owned)),
            ("channel", filter.channel.map(|channel| channel.code().to_owned())),
            ("eligibility", filter.eligibility.map(str::to_owned)),
            ("department", assigned),
            ("from", filter.from.map(|day| day.to_string())),
            ("to", filter.to.map(|day| day.to_string())),
            ("group", filter.group.map(|group| group.to_string())),
            ("q", Some(filter.q.clone()).filter(|q| !q.is_empty())),
            ("number", filter.number.as_ref().map(ToString::to_string)),
            ("import", filter.import.map(|import| import.to_string())),
            ("anchor", filter.anchor.clone()),
            ("page", filter.page.map(|page| page.to_string())),
            ("order", (order == Order::Oldest).then(|| "oldest".to_owned())),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| format!("{name}={}", app::shell::percent(&value))))
            .collect();
        parts.join("&")
    }

    /// For the form that shows them again.
    pub fn into_typed(self) -> Filters {
        Filters {
            state: self.state,
            channel: self.channel,
            eligibility: self.eligibility,
            department: self.department,
            from: self.from,
            to: self.to,
            group: self.group,
            q: self.q,
            number: self.number,
            import: self.import,
            anchor: self.anchor,
            page: self.page,
            order: self.order,
        }
    }
}

fn status(code: &str) -> Option<&'static str> {
    let hidden = [ProposalState::Hidden, ProposalState::Withdrawn].into_iter().map(ProposalState::code);
    IntakeState::ALL.into_iter().map(IntakeState::code).chain(hidden).find(|known| *known == code)
}

fn eligibility(code: &str) -> Option<&'static str> {
    Eligibility::from_code(code).map(Eligibility::code).or((code == UNKNOWN_ELIGIBILITY).then_some(UNKNOWN_ELIGIBILITY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_survive_their_address() {
        let address = "state=late&channel=fax&eligibility=unknown&department=none&from=2026-11-01&to=2026-11-05&group=7\
                       &q=%E8%B1%AA%E9%9B%A8%20100%25&import=3&anchor=p12&page=5&order=oldest";
        let asked = FilterQuery::parse(address).read();
        assert!(asked.errors.is_empty());
        assert_eq!(asked.filter.q, "豪雨 100%");
        assert_eq!(FilterQuery::canonical(&asked.filter, asked.order), address);
    }

    #[test]
    fn what_can_not_be_read_narrows_nothing() {
        let asked =
            FilterQuery::parse("state=x&from=%E4%BB%A4%E5%92%8C7%E5%B9%B42%E6%9C%8830%E6%97%A5&number=abc").read();
        assert_eq!(asked.filter, Filter::default());
        assert_eq!(asked.errors, FieldErrors::one("from", Problem::Date));
        assert!(asked.number_wrong);
        let turned = FilterQuery::parse("from=2026-11-05&to=2026-11-01").read();
        assert_eq!(turned.filter, Filter::default());
        assert_eq!(turned.errors.of("to"), Some(Problem::EndBeforeStart));
    }
}
