//! The words of every mail. Plain text; subjects stay short for phones.

use domain::{Locale, Millis, ward::Ward};

/// A mail ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The subject line.
    pub subject: String,
    /// The plain text.
    pub body: String,
}

/// Who a mail is for.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The language they are written to in.
    pub locale: Locale,
    /// The ward that writes.
    pub ward: &'a Ward,
    /// Their display name; empty when it isn't known.
    pub name: &'a str,
}

fn compose(to: Reader<'_>, subject: &str, paragraphs: &[String]) -> Mail {
    let Reader { locale: l, ward, name } = to;
    let greeting = if name.is_empty() { t!(l, "mail.greeting_unnamed") } else { t!(l, "mail.greeting", name = name) };
    let site = t!(l, "site.name", ward = ward.name_in(l));
    let body = format!("{greeting}\n\n{}\n\n--\n{site}\n{}\n", paragraphs.join("\n\n"), t!(l, "mail.footer"));
    Mail { subject: format!("【{site}】{subject}"), body }
}

/// The code that confirms an address.
#[must_use]
pub fn confirm_address(to: Reader<'_>, code: &str, link: &str) -> Mail {
    let l = to.locale;
    compose(
        to,
        &t!(l, "mail.confirm_subject"),
        &[
            t!(l, "mail.confirm_text").into_owned(),
            code.to_owned(),
            t!(l, "mail.confirm_link", link = link).into_owned(),
            t!(l, "mail.not_you").into_owned(),
        ],
    )
}

/// Somebody tried to sign up with an address that has an account.
#[must_use]
pub fn already_registered(to: Reader<'_>, sign_in: &str, reset: &str) -> Mail {
    let l = to.locale;
    compose(
        to,
        &t!(l, "mail.already_subject"),
        &[
            t!(l, "mail.already_text").into_owned(),
            t!(l, "mail.already_links", sign_in = sign_in, reset = reset).into_owned(),
            t!(l, "mail.not_you").into_owned(),
        ],
    )
}

/// The code that sets a new password.
#[must_use]
pub fn reset_password(to: Reader<'_>, code: &str, link: &str) -> Mail {
    let l = to.locale;
    compose(
        to,
        &t!(l, "mail.reset_subject"),
        &[
            t!(l, "mail.reset_text").into_owned(),
            code.to_owned(),
            t!(l, "mail.reset_link", link = link).into_owned(),
            t!(l, "mail.not_you").into_owned(),
        ],
    )
}

/// The link with which a new member of staff sets a password.
#[must_use]
pub fn staff_invitation(to: Reader<'_>, link: &str) -> Mail {
    let l = to.locale;
    compose(to, &t!(l, "mail.invite_subject"), &[t!(l, "mail.invite_text", link = link).into_owned()])
}

/// The password was changed, in case it was somebody else.
#[must_use]
pub fn password_changed(to: Reader<'_>) -> Mail {
    let l = to.locale;
    compose(to, &t!(l, "mail.changed_subject"), &[t!(l, "mail.changed_text").into_owned()])
}

/// A proposal was received.
#[must_use]
pub fn proposal_received(to: Reader<'_>, theme: &str, receipt: &str, link: &str) -> Mail {
    let l = to.locale;
    compose(
        to,
        &t!(l, "mail.received_subject"),
        &[
            t!(l, "mail.received_text", theme = theme).into_owned(),
            t!(l, "mail.received_number", receipt = receipt).into_owned(),
            t!(l, "mail.received_link", link = link).into_owned(),
        ],
    )
}

/// A proposal was hidden by staff.
#[must_use]
pub fn proposal_hidden(to: Reader<'_>, theme: &str, headline: &str, reason: &str, link: &str, contact: &str) -> Mail {
    let l = to.locale;
    compose(
        to,
        &t!(l, "mail.hidden_subject"),
        &[
            t!(l, "mail.hidden_text", theme = theme, headline = headline).into_owned(),
            t!(l, "mail.hidden_reason", reason = reason).into_owned(),
            t!(l, "mail.hidden_contact", link = link, contact = contact).into_owned(),
        ],
    )
}

/// A hidden proposal is shown again.
#[must_use]
pub fn proposal_restored(to: Reader<'_>, theme: &str, headline: &str, link: &str) -> Mail {
    let l = to.locale;
    compose(
        to,
        &t!(l, "mail.restored_subject"),
        &[t!(l, "mail.restored_text", theme = theme, headline = headline).into_owned(), link.to_owned()],
    )
}

/// The ward's view is out: `rows` are the names and links of the rows that answer this person.
#[must_use]
pub fn answer_published(to: Reader<'_>, theme: &str, rows: &[(String, String)]) -> Mail {
    let l = to.locale;
    let list: Vec<String> =
        rows.iter().map(|(row, link)| t!(l, "mail.answer_row", row = row, link = link).into_owned()).collect();
    compose(
        to,
        &t!(l, "mail.answer_subject"),
        &[
            t!(l, "mail.answer_text", theme = theme).into_owned(),
            list.join("\n"),
            t!(l, "mail.answer_thanks").into_owned(),
        ],
    )
}

/// A submission to a public comment was received: its number, the link that shows it, and a copy of it.
#[must_use]
pub fn submission_received(to: Reader<'_>, theme: &str, receipt: &str, link: &str, copy: &str) -> Mail {
    let l = to.locale;
    compose(
        to,
        &t!(l, "mail.received_subject"),
        &[
            t!(l, "mail.received_text", theme = theme).into_owned(),
            t!(l, "mail.received_number", receipt = receipt).into_owned(),
            t!(l, "mail.submission_link", link = link).into_owned(),
            t!(l, "mail.submission_copy", copy = copy).into_owned(),
            t!(l, "mail.submission_not_you").into_owned(),
        ],
    )
}

/// Staff ask for a correction of a submission: what (`message`), until when (a day in words), and where (`link`).
#[must_use]
pub fn correction_requested(
    to: Reader<'_>,
    theme: &str,
    receipt: &str,
    message: &str,
    until: &str,
    link: &str,
) -> Mail {
    let l = to.locale;
    compose(
        to,
        &t!(l, "mail.correction_subject"),
        &[
            t!(l, "mail.correction_text", theme = theme).into_owned(),
            t!(l, "mail.received_number", receipt = receipt).into_owned(),
            t!(l, "mail.correction_message", message = message).into_owned(),
            t!(l, "mail.correction_link", until = until, link = link).into_owned(),
        ],
    )
}

fn soon_subject(l: Locale, days: i64) -> String {
    if days <= 0 { t!(l, "rules.mail.soon_subject_last") } else { t!(l, "rules.mail.soon_subject", days = days) }
        .into_owned()
}

/// A call ends in a few days, and this person's opinion is still a draft.
#[must_use]
pub fn closing_soon(to: Reader<'_>, theme: &str, days: i64, closes_at: Millis, link: &str) -> Mail {
    let l = to.locale;
    let at = crate::format::date_time(l, closes_at);
    compose(
        to,
        &soon_subject(l, days),
        &[
            t!(l, "rules.mail.soon_draft", theme = theme).into_owned(),
            t!(l, "rules.mail.soon_until", at = at, link = link).into_owned(),
            t!(l, "rules.mail.soon_no_need").into_owned(),
        ],
    )
}

/// A call of the reader's department ends in a few days.
#[must_use]
pub fn closing_soon_staff(to: Reader<'_>, theme: &str, days: i64, closes_at: Millis, link: &str) -> Mail {
    let l = to.locale;
    let at = crate::format::date_time(l, closes_at);
    compose(
        to,
        &soon_subject(l, days),
        &[
            t!(l, "rules.mail.soon_staff", theme = theme, at = at).into_owned(),
            t!(l, "rules.mail.soon_staff_link", link = link).into_owned(),
        ],
    )
}

/// A promise of the ward went on: where it stands, and the report.
#[must_use]
pub fn commitment_progress(
    to: Reader<'_>,
    theme: &str,
    promise: &str,
    state: domain::commitment::CommitmentState,
    report: &str,
    link: &str,
) -> Mail {
    let l = to.locale;
    let state = crate::wording::commitment(l, state);
    compose(
        to,
        &t!(l, "commitment.mail_subject", state = state),
        &[
            t!(l, "commitment.mail_text", theme = theme).into_owned(),
            t!(l, "commitment.mail_promise", promise = promise).into_owned(),
            t!(l, "commitment.mail_report", state = state, report = report).into_owned(),
            t!(l, "commitment.mail_link", link = link).into_owned(),
        ],
    )
}

/// A promise of the reader's department is due soon, or overdue.
#[must_use]
pub fn commitment_due(to: Reader<'_>, promise: &str, due: chrono::NaiveDate, late: bool, link: &str) -> Mail {
    let l = to.locale;
    let due = crate::format::day(l, due);
    let subject = if late { t!(l, "commitment.mail_late") } else { t!(l, "commitment.mail_soon") };
    compose(
        to,
        &subject,
        &[
            t!(l, "commitment.mail_due", due = due).into_owned(),
            t!(l, "commitment.mail_promise", promise = promise).into_owned(),
            t!(l, "commitment.mail_due_link", link = link).into_owned(),
        ],
    )
}

/// Rows of the response desk given to a department.
#[derive(Clone, Copy, Debug)]
pub struct RowsGiven<'a> {
    /// The theme's title.
    pub theme: &'a str,
    /// How many rows.
    pub rows: usize,
    /// Until when.
    pub due_on: Option<chrono::NaiveDate>,
    /// What the giver says; may be empty.
    pub note: &'a str,
    /// The department's board.
    pub link: &'a str,
}

/// A department is asked to answer rows.
#[must_use]
pub fn rows_given(to: Reader<'_>, given: &RowsGiven<'_>) -> Mail {
    let l = to.locale;
    let mut paragraphs = vec![t!(l, "routing.mail_given", theme = given.theme, n = given.rows).into_owned()];
    if let Some(day) = given.due_on {
        paragraphs.push(t!(l, "routing.mail_until", day = crate::format::day(l, day)).into_owned());
    }
    if !given.note.is_empty() {
        paragraphs.push(t!(l, "routing.mail_note", note = given.note).into_owned());
    }
    paragraphs.push(t!(l, "routing.mail_board", link = given.link).into_owned());
    compose(to, &t!(l, "routing.mail_given_subject"), &paragraphs)
}

/// A department is asked about a row (合議).
#[must_use]
pub fn row_asked(to: Reader<'_>, theme: &str, question: &str, due_on: Option<chrono::NaiveDate>, link: &str) -> Mail {
    let l = to.locale;
    let mut paragraphs = vec![
        t!(l, "routing.mail_asked", theme = theme).into_owned(),
        t!(l, "routing.mail_question", question = question).into_owned(),
    ];
    if let Some(day) = due_on {
        paragraphs.push(t!(l, "routing.mail_until", day = crate::format::day(l, day)).into_owned());
    }
    paragraphs.push(t!(l, "routing.mail_reply_link", link = link).into_owned());
    compose(to, &t!(l, "routing.mail_asked_subject"), &paragraphs)
}

/// A department has replied.
#[must_use]
pub fn row_replied(to: Reader<'_>, theme: &str, answer: &str, link: &str) -> Mail {
    let l = to.locale;
    compose(
        to,
        &t!(l, "routing.mail_replied_subject"),
        &[
            t!(l, "routing.mail_replied", theme = theme).into_owned(),
            t!(l, "routing.mail_answer", answer = answer).into_owned(),
            link.to_owned(),
        ],
    )
}

/// Rows or questions are due soon, or overdue.
#[must_use]
pub fn rows_due(to: Reader<'_>, theme: &str, number: i64, day: chrono::NaiveDate, late: bool, link: &str) -> Mail {
    let l = to.locale;
    let day = crate::format::day(l, day);
    let (subject, text) = if late {
        (t!(l, "routing.mail_late_subject"), t!(l, "routing.mail_late", theme = theme, n = number, day = day))
    } else {
        (t!(l, "routing.mail_soon_subject"), t!(l, "routing.mail_soon", theme = theme, n = number, day = day))
    };
    compose(to, &subject, &[text.into_owned(), t!(l, "routing.mail_board", link = link).into_owned()])
}

/// A table was put up for decision, and the reader takes the step that is due.
#[must_use]
pub fn approval_due(to: Reader<'_>, theme: &str, step: &str, by: &str, note: &str, link: &str) -> Mail {
    let l = to.locale;
    let mut paragraphs = vec![t!(l, "approval.mail_waiting", theme = theme, by = by, step = step).into_owned()];
    if !note.is_empty() {
        paragraphs.push(t!(l, "approval.mail_note", note = note).into_owned());
    }
    paragraphs.push(link.to_owned());
    compose(to, &t!(l, "approval.mail_waiting_subject", step = step), &paragraphs)
}

/// Every step has agreed to what the reader put up.
#[must_use]
pub fn approval_done(to: Reader<'_>, theme: &str, link: &str) -> Mail {
    let l = to.locale;
    let paragraphs = [t!(l, "approval.mail_approved", theme = theme).into_owned(), link.to_owned()];
    compose(to, &t!(l, "approval.mail_approved_subject"), &paragraphs)
}

/// What the reader put up was sent back.
#[must_use]
pub fn approval_sent_back(to: Reader<'_>, theme: &str, step: &str, by: &str, comment: &str, link: &str) -> Mail {
    let l = to.locale;
    let paragraphs = [
        t!(l, "approval.mail_sent_back", theme = theme, step = step, by = by).into_owned(),
        t!(l, "approval.mail_comment", comment = comment).into_owned(),
        link.to_owned(),
    ];
    compose(to, &t!(l, "approval.mail_sent_back_subject"), &paragraphs)
}

/// The ward's view on a theme that the reader follows is out, for the first time or corrected; `stop` leads to where the
/// reader can stop following it.
#[must_use]
pub fn followed_published(to: Reader<'_>, theme: &str, corrected: bool, link: &str, stop: &str) -> Mail {
    let l = to.locale;
    let (subject, text) = if corrected {
        (t!(l, "follow.mail_corrected_subject"), t!(l, "follow.mail_corrected", theme = theme, link = link))
    } else {
        (t!(l, "follow.mail_subject"), t!(l, "follow.mail_text", theme = theme, link = link))
    };
    compose(to, &subject, &[text.into_owned(), t!(l, "follow.mail_why", link = stop).into_owned()])
}
