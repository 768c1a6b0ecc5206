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
