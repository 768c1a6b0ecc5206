//! Random tokens and codes, and the hashes under which they are stored.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// 256 random bits, safe in cookies and URLs.
#[must_use]
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Six digits, for codes that people type.
#[must_use]
pub fn digits() -> String {
    // 2^64 is so much larger than 10^6 that the bias doesn't matter.
    format!("{:06}", rand::random::<u64>() % 1_000_000)
}

/// The SHA-256 of a token, in hexadecimal: a copy of the database opens no session.
#[must_use]
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The installation's own secret, kept in its settings: what is derived from it can be made again (a receipt's link in
/// a second mail) and be guessed by nobody.
#[derive(Clone)]
pub struct Seal(Vec<u8>);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// From the stored form.
    #[must_use]
    pub fn new(stored: &str) -> Self {
        Self(stored.as_bytes().to_vec())
    }

    fn mac(&self, purpose: &str, text: &str) -> Vec<u8> {
        // HMAC takes keys of every length (RFC 2104 §2), so there is always a result.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return Vec::new() };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    /// The key in a receipt's link: 128 bits that belong to this number and nothing else.
    #[must_use]
    pub fn receipt_key(&self, number: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac("receipt", number).get(..16).unwrap_or_default())
    }

    /// Whether `key` opens the receipt; takes the same time whatever is wrong with it.
    #[must_use]
    pub fn opens_receipt(&self, number: &str, key: &str) -> bool {
        let right = self.receipt_key(number);
        !right.is_empty()
            && right.len() == key.len()
            && right.bytes().zip(key.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
    }

    /// What tells one person from another within a consultation, without telling who it is.
    #[must_use]
    pub fn person_key(&self, consultation: i64, match_text: &str) -> String {
        hex(&self.mac(&format!("person:{consultation}"), match_text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_opened_by_its_own_key_only() {
        let seal = Seal::new("a secret");
        let key = seal.receipt_key("R8-AAAA-BBBB");
        assert_eq!(key.len(), 22);
        assert!(seal.opens_receipt("R8-AAAA-BBBB", &key));
        assert!(!seal.opens_receipt("R8-AAAA-BBBC", &key));
        assert!(!seal.opens_receipt("R8-AAAA-BBBB", ""));
        assert!(!Seal::new("another").opens_receipt("R8-AAAA-BBBB", &key));
        assert_ne!(seal.person_key(1, "山田\n本町"), seal.person_key(2, "山田\n本町"));
    }
}
