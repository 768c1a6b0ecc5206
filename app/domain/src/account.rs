//! Accounts: roles, e-mail addresses, display names and passwords.

use serde::{Deserialize, Serialize};

use crate::{Problem, text};

/// What an account may do, see [`crate::permission`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 区民: posts opinions and likes others'.
    Resident,
    /// 担当: runs the themes of the own department and drafts the answers.
    Clerk,
    /// 承認者: as the clerk, and publishes the answers.
    Approver,
    /// 管理者: everything, in every department.
    Admin,
    /// 監査: reads everything, changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Resident, Self::Clerk, Self::Approver, Self::Admin, Self::Auditor];

    /// The stable code, used in the database and on the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Clerk => "clerk",
            Self::Approver => "approver",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// Whether the role belongs to the ward's staff.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Resident)
    }
}

/// Longest display name in graphemes.
pub const DISPLAY_NAME_MAX: usize = 40;
/// Shortest password in code points: NIST SP 800-63B-4 asks for 15 where it is the only factor; ASVS 5.0
/// 6.2.1 for 8 with 15 advised. 10 with a blocklist and rate limits is what residents of every age can bear;
/// staff need [`STAFF_PASSWORD_MIN`].
pub const PASSWORD_MIN: usize = 10;
/// Shortest password of a staff account (NIST SP 800-63B-4 §3.1.1).
pub const STAFF_PASSWORD_MIN: usize = 15;
/// Longest password in code points (ASVS 5.0 6.2.9 asks for at least 64).
pub const PASSWORD_MAX: usize = 200;

/// Checks an e-mail address loosely: one `@`, a dot in the domain, no spaces. Full-width input is folded.
/// What is mailed to it decides whether it exists.
///
/// # Errors
/// [`Problem::Required`] or [`Problem::Email`].
pub fn email(input: &str) -> Result<String, Problem> {
    let folded: String = unicode_normalization::UnicodeNormalization::nfkc(input.trim()).collect();
    if folded.is_empty() {
        return Err(Problem::Required);
    }
    let Some((local, host)) = folded.split_once('@') else { return Err(Problem::Email) };
    let plain = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_graphic() && !"()<>[]:;,\\\"@".contains(c));
    let host_ok = host.contains('.') && host.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
    if folded.len() > 254 || local.len() > 64 || !plain(local) || !plain(host) || !host_ok {
        return Err(Problem::Email);
    }
    Ok(folded)
}

/// The key under which an address is unique: addresses that differ in case only are one.
#[must_use]
pub fn email_key(email: &str) -> String {
    text::fold(email)
}

/// Checks a display name: any script, one line.
///
/// # Errors
/// As [`text::required_line`].
pub fn display_name(input: &str) -> Result<String, Problem> {
    text::required_line(input, DISPLAY_NAME_MAX)
}

/// Checks a new password and gives the form that is hashed: NFKC, so that full-width input of an IME and
/// half-width input are the same password (NIST SP 800-63B-4 §3.1.1.2).
///
/// # Errors
/// [`Problem::TooShort`], [`Problem::TooLong`] or [`Problem::PasswordCommon`].
pub fn new_password(input: &str, role: Role, email: &str, display_name: &str) -> Result<String, Problem> {
    let password = password_key(input);
    let length = password.chars().count();
    let min = if role.is_staff() { STAFF_PASSWORD_MIN } else { PASSWORD_MIN };
    if length == 0 {
        return Err(Problem::Required);
    }
    if length < min {
        return Err(Problem::TooShort { min });
    }
    if length > PASSWORD_MAX {
        return Err(Problem::TooLong { max: PASSWORD_MAX, actual: length });
    }
    let lower = password.to_lowercase();
    let local_part = email.split('@').next().unwrap_or_default().to_lowercase();
    let own = |word: &str| word.chars().count() >= 4 && lower.replace(word, "").chars().count() < 4;
    if is_common(&lower) || own(&local_part) || own(&text::fold(display_name)) {
        return Err(Problem::PasswordCommon);
    }
    Ok(password)
}

/// The form of a password that is hashed and compared.
#[must_use]
pub fn password_key(input: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfkc(input).collect()
}

/// Words that, alone or with digits and marks around them, are the first to be tried.
const COMMON: [&str; 24] = [
    "password",
    "passw0rd",
    "qwerty",
    "qwertyuiop",
    "asdfghjkl",
    "letmein",
    "welcome",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "dragon",
    "monkey",
    "abcdefgh",
    "abcdefghij",
    "administrator",
    "admin",
    "machikoe",
    "shinagawa",
    "sakura",
    "doraemon",
    "pokemon",
    "パスワード",
];

fn is_common(lower: &str) -> bool {
    let letters: String = lower.chars().filter(|c| c.is_alphabetic()).collect();
    let repeated = lower.chars().collect::<std::collections::BTreeSet<_>>().len() <= 3;
    let mut digits = lower.chars().filter_map(|c| c.to_digit(10)).peekable();
    let all_digits = lower.chars().all(|c| c.is_ascii_digit());
    let run = all_digits && {
        let steps: Vec<u32> = std::iter::from_fn(|| {
            let a = digits.next()?;
            digits.peek().map(|b| (b + 10 - a) % 10)
        })
        .collect();
        steps.iter().all(|s| *s == 1) || steps.iter().all(|s| *s == 9)
    };
    let doubled = COMMON.iter().any(|w| !letters.is_empty() && letters.replace(w, "").is_empty());
    repeated || run || doubled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_mail_addresses_are_read_leniently_and_refused_clearly() {
        assert_eq!(email(" ｔａｒｏ＠example.jp ").as_deref(), Ok("taro@example.jp"));
        assert_eq!(email(""), Err(Problem::Required));
        for bad in [
            "taro",
            "taro@",
            "@example.jp",
            "a b@example.jp",
            "taro@example",
            "taro@example..jp",
            "a@b@c.jp",
            "a\r\nBcc:x@y.jp",
        ] {
            assert_eq!(email(bad), Err(Problem::Email), "{bad}");
        }
        assert_eq!(email_key("Taro@Example.JP"), "taro@example.jp");
    }

    #[test]
    fn weak_passwords_are_refused_and_spaces_and_kana_are_welcome() {
        let check = |p| new_password(p, Role::Resident, "yamada.taro@example.jp", "やまだ太郎");
        assert_eq!(check("short"), Err(Problem::TooShort { min: 10 }));
        assert_eq!(check("1234567890"), Err(Problem::PasswordCommon));
        assert_eq!(check("aaaaaaaaaaaa"), Err(Problem::PasswordCommon));
        assert_eq!(check("password2026"), Err(Problem::PasswordCommon));
        assert_eq!(check("yamada.taro12"), Err(Problem::PasswordCommon));
        assert!(check("かわべの さくらは 満開").is_ok());
        assert_eq!(check("ｋａｗａｂｅ　ｎｏ　ｈａｓｈｉ").as_deref(), Ok("kawabe no hashi"));
        assert_eq!(new_password("kawabe hashi", Role::Clerk, "a@b.jp", "担当"), Err(Problem::TooShort { min: 15 }));
    }

    #[test]
    fn any_japanese_name_will_do() {
        for name in ["髙﨑", "𠮷野家の近所の人", "ソフィア・グエン", "はなこ👩‍🦽", "M"] {
            assert_eq!(display_name(name).as_deref(), Ok(name));
        }
        assert_eq!(display_name(" 　 "), Err(Problem::Required));
    }
}
