//! Random tokens and codes, and the hashes under which they are stored.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
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
