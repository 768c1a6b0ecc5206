//! The outbox as people read it.

use std::path::Path;

use mail_parser::MessageParser;

/// A mail that was sent.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

impl Mail {
    /// The six digits in it.
    pub fn code(&self) -> String {
        let line = self.text.lines().find(|l| l.len() == 6 && l.chars().all(|c| c.is_ascii_digit()));
        line.unwrap_or_else(|| panic!("no code in {}", self.text)).to_owned()
    }
}

/// All mails to an address in a directory, the oldest first.
pub fn read(directory: &Path, address: &str) -> Vec<Mail> {
    let mut files: Vec<_> = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|f| f.path()).collect();
    files.sort();
    files
        .into_iter()
        .filter_map(|file| {
            let bytes = std::fs::read(file).unwrap();
            let mail = MessageParser::default().parse(&bytes).unwrap();
            let to = mail.to().unwrap().first().unwrap().address().unwrap();
            (to == address).then(|| Mail {
                subject: mail.subject().unwrap().to_owned(),
                text: mail.body_text(0).unwrap().replace("\r\n", "\n"),
            })
        })
        .collect()
}
