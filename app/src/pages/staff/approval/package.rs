//! 起案書: what was put up for decision, who decided what when, as plain text for the ward's own 電子決裁. Always in
//! Japanese, as the table itself.

use domain::{
    Locale, Millis,
    workflow::{ApprovalState, StepState},
};

use crate::format;

/// What is printed on every page of a table that isn't decided on: 「案」.
#[must_use]
pub fn mark() -> String {
    t!(Locale::Ja, "approval.mark").into_owned()
}

/// A step as it is recorded.
#[derive(Clone, Debug)]
pub struct RecordedStep {
    /// What it is called.
    pub name: String,
    /// What became of it.
    pub state: StepState,
    /// Who decided and when.
    pub decided: Option<(String, Millis)>,
    /// The remark with the decision.
    pub comment: String,
}

/// What is recorded.
#[derive(Clone, Debug)]
pub struct Record {
    /// The theme's title.
    pub theme: String,
    /// The number of what was put up.
    pub number: i64,
    /// Who put it up and when.
    pub drafted: (String, Millis),
    /// The remark with which it was put up.
    pub note: String,
    /// Where it stands.
    pub state: ApprovalState,
    /// Its steps in order.
    pub steps: Vec<RecordedStep>,
    /// 提出者数.
    pub submitters: u32,
    /// 意見件数.
    pub opinions: u32,
    /// Rows of the table.
    pub rows: usize,
    /// The check sum of what was put up.
    pub sha256: String,
}

impl Record {
    /// The lines of the record.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let l = Locale::Ja;
        let field = |label: std::borrow::Cow<'static, str>, value: &str| format!("{label}：{value}");
        let signed = |(by, at): &(String, Millis)| format!("{by}　{}", format::date_time(l, *at));
        let indented = |text: &str| text.lines().map(|line| format!("　{line}")).collect::<Vec<_>>();
        let counts = t!(
            l,
            "approval.package_counts_value",
            people = self.submitters,
            opinions = self.opinions,
            rows = self.rows
        );
        let mut lines = vec![
            t!(l, "approval.package_title").into_owned(),
            String::new(),
            field(t!(l, "approval.package_theme"), &self.theme),
            t!(l, "approval.round", n = self.number).into_owned(),
            field(t!(l, "approval.package_counts"), &counts),
            field(t!(l, "approval.package_state"), &t!(l, format!("approval.state.{}", self.state.code()))),
            String::new(),
            field(t!(l, "approval.package_drafted"), &signed(&self.drafted)),
        ];
        lines.extend(indented(&self.note));
        for (n, step) in (1..).zip(&self.steps) {
            let label = t!(l, "approval.package_step", n = n, name = step.name);
            let outcome = match &step.decided {
                Some(decided) => {
                    let state = t!(l, format!("approval.step.{}", step.state.code()));
                    format!("{state}　{}", signed(decided))
                }
                None => t!(l, "approval.package_waiting").into_owned(),
            };
            lines.push(field(label, &outcome));
            lines.extend(indented(&step.comment));
        }
        lines.push(String::new());
        lines.push(t!(l, "approval.package_sha").into_owned());
        lines.push(self.sha256.clone());
        lines
    }
}
