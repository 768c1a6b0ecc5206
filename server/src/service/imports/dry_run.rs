//! The dry run: every row through the same checks as at the import, and what the table would add up to.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use app::pages::staff::imports::RowFinding;
use chrono::NaiveDate;
use domain::{IntakeState, similarity};
use spreadsheet::{Fault, Limits};

use super::{Report, check::Checker, mapping::Stored, pipeline::Texts};
use crate::service::consultation::Loaded;

/// So many errors and so many remarks are kept with their places; the rest is counted.
const KEPT: usize = 5000;

/// Checks every row of a table.
///
/// # Errors
/// When the file can't be read any more as it was when it was uploaded.
pub(super) fn run(path: &Path, theme: &Loaded, stored: &Stored, today: NaiveDate) -> Result<Report, Fault> {
    let table = spreadsheet::open(path, Limits::default())?;
    let mut checker = Checker::new(&theme.rules, theme.period, today, &stored.mapping);
    let mut report = Report::default();
    let (mut errors, mut remarks) = (Vec::new(), Vec::new());
    let mut texts = Texts::default();
    let mut variants: HashSet<usize> = HashSet::new();
    let mut groups: HashMap<usize, u64> = HashMap::new();
    let mut people: HashSet<i64> = HashSet::new();
    let mut found = Vec::new();
    for row in table.rows() {
        let submission = checker.row(&row?, &mut found);
        report.submissions += 1;
        for finding in found.drain(..) {
            keep(&mut report, &mut errors, &mut remarks, finding);
        }
        let Some(submission) = submission else { continue };
        report.opinions += submission.items.len() as u64;
        report.late += u64::from(submission.intake == IntakeState::Late);
        match submission.identity.match_text() {
            Some(text) => drop(people.insert(similarity::hash(&text))),
            None => report.people += 1,
        }
        if let Some(place) = texts.place(&submission.body) {
            variants.insert(place.variant.0);
            *groups.entry(place.group.0).or_default() += 1;
        }
    }
    report.people += people.len() as u64;
    report.texts = variants.len() as u64;
    report.groups = groups.values().filter(|size| **size > 1).count() as u64;
    report.grouped = groups.values().filter(|size| **size > 1).sum();
    errors.append(&mut remarks);
    report.found = errors;
    Ok(report)
}

fn keep(report: &mut Report, errors: &mut Vec<RowFinding>, remarks: &mut Vec<RowFinding>, finding: RowFinding) {
    let (count, list) =
        if finding.finding.is_error() { (&mut report.errors, errors) } else { (&mut report.remarks, remarks) };
    *count += 1;
    if list.len() < KEPT {
        list.push(finding);
    }
}
