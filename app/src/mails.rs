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

fn compose(l: Locale, ward: &Ward, subject: &str, paragraphs: &[String]) -> Mail {
    let site = t!(l, "site.name", ward = ward.name_in(l));
    let mut body = paragraphs.join("\n\n");
    body.push_str(&format!("\n\n--\n{site}\n{}\n", t!(l, "mail.footer")));
    Mail { subject: format!("【{site}】{subject}"), body }
}

/// The code that confirms an address.
#[must_use]
pub fn confirm_address(l: Locale, ward: &Ward, name: &str, code: &str, link: &str) -> Mail {
    compose(
        l,
        ward,
        &t!(l, "mail.confirm_subject"),
        &[
            t!(l, "mail.greeting", name = name).into_owned(),
            t!(l, "mail.confirm_text").into_owned(),
            code.to_owned(),
            t!(l, "mail.confirm_link", link = link).into_owned(),
            t!(l, "mail.not_you").into_owned(),
        ],
    )
}

/// Somebody tried to sign up with an address that has an account.
#[must_use]
pub fn already_registered(l: Locale, ward: &Ward, name: &str, sign_in: &str, reset: &str) -> Mail {
    compose(
        l,
        ward,
        &t!(l, "mail.already_subject"),
        &[
            t!(l, "mail.greeting", name = name).into_owned(),
            t!(l, "mail.already_text").into_owned(),
            t!(l, "mail.already_links", sign_in = sign_in, reset = reset).into_owned(),
            t!(l, "mail.not_you").into_owned(),
        ],
    )
}

/// The code that sets a new password.
#[must_use]
pub fn reset_password(l: Locale, ward: &Ward, name: &str, code: &str, link: &str) -> Mail {
    compose(
        l,
        ward,
        &t!(l, "mail.reset_subject"),
        &[
            t!(l, "mail.greeting", name = name).into_owned(),
            t!(l, "mail.reset_text").into_owned(),
            code.to_owned(),
            t!(l, "mail.reset_link", link = link).into_owned(),
            t!(l, "mail.not_you").into_owned(),
        ],
    )
}

/// The link with which a new member of staff sets a password.
#[must_use]
pub fn staff_invitation(l: Locale, ward: &Ward, name: &str, link: &str) -> Mail {
    compose(
        l,
        ward,
        &t!(l, "mail.invite_subject"),
        &[t!(l, "mail.greeting", name = name).into_owned(), t!(l, "mail.invite_text", link = link).into_owned()],
    )
}

/// The password was changed, in case it was somebody else.
#[must_use]
pub fn password_changed(l: Locale, ward: &Ward, name: &str) -> Mail {
    compose(
        l,
        ward,
        &t!(l, "mail.changed_subject"),
        &[t!(l, "mail.greeting", name = name).into_owned(), t!(l, "mail.changed_text").into_owned()],
    )
}

/// A proposal was received.
#[must_use]
pub fn proposal_received(l: Locale, ward: &Ward, name: &str, theme: &str, receipt: &str, link: &str) -> Mail {
    compose(
        l,
        ward,
        &t!(l, "mail.received_subject"),
        &[
            t!(l, "mail.greeting", name = name).into_owned(),
            t!(l, "mail.received_text", theme = theme).into_owned(),
            t!(l, "mail.received_number", receipt = receipt).into_owned(),
            t!(l, "mail.received_link", link = link).into_owned(),
        ],
    )
}

/// A proposal was hidden by staff.
#[must_use]
pub fn proposal_hidden(l: Locale, ward: &Ward, name: &str, theme: &str, headline: &str, reason: &str, link: &str, contact: &str) -> Mail {
    compose(
        l,
        ward,
        &t!(l, "mail.hidden_subject"),
        &[
            t!(l, "mail.greeting", name = name).into_owned(),
            t!(l, "mail.hidden_text", theme = theme, headline = headline).into_owned(),
            t!(l, "mail.hidden_reason", reason = reason).into_owned(),
            t!(l, "mail.hidden_contact", link = link, contact = contact).into_owned(),
        ],
    )
}

/// A hidden proposal is shown again.
#[must_use]
pub fn proposal_restored(l: Locale, ward: &Ward, name: &str, theme: &str, headline: &str, link: &str) -> Mail {
    compose(
        l,
        ward,
        &t!(l, "mail.restored_subject"),
        &[
            t!(l, "mail.greeting", name = name).into_owned(),
            t!(l, "mail.restored_text", theme = theme, headline = headline).into_owned(),
            link.to_owned(),
        ],
    )
}

/// The ward's view is out: `rows` are the names and links of the rows that answer this person.
#[must_use]
pub fn answer_published(l: Locale, ward: &Ward, name: &str, theme: &str, rows: &[(String, String)]) -> Mail {
    let list: Vec<String> = rows.iter().map(|(row, link)| t!(l, "mail.answer_row", row = row, link = link).into_owned()).collect();
    compose(
        l,
        ward,
        &t!(l, "mail.answer_subject"),
        &[
            t!(l, "mail.greeting", name = name).into_owned(),
            t!(l, "mail.answer_text", theme = theme).into_owned(),
            list.join("\n"),
            t!(l, "mail.answer_thanks").into_owned(),
        ],
    )
}
