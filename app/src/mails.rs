//! The words of every mail. Plain text; subjects stay short for phones.

use domain::{Locale, ward::Ward};

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
    /// Their display name.
    pub name: &'a str,
}

fn compose(to: Reader<'_>, subject: &str, paragraphs: &[String]) -> Mail {
    let Reader { locale: l, ward, name } = to;
    let greeting = t!(l, "mail.greeting", name = name);
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
