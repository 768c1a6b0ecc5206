//! Files as strangers send them, read through the public interface.

// `cfg(test)` tells clippy that helpers in the modules are test code too.
#[cfg(test)]
mod csv;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod kind;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod support;
#[cfg(test)]
mod xlsx;

use spreadsheet::{Encoding, Fault, Limits, LooksLike, column_letter};

#[test]
fn columns_are_lettered_as_in_excel() {
    let letters = [0, 1, 25, 26, 27, 51, 52, 701, 702, 16_383].map(column_letter);
    assert_eq!(letters, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA", "XFD"]);
    assert!(column_letter(usize::MAX).len() > 10);
}

#[test]
fn the_limits_are_those_the_manual_states() {
    let limits = Limits::default();
    assert_eq!((limits.max_bytes, limits.max_unpacked), (104_857_600, 419_430_400));
    assert_eq!((limits.max_rows, limits.max_columns, limits.max_cell_chars), (300_000, 100, 100_000));
}

#[test]
fn codes_are_all_different_and_logs_show_nothing_of_the_file() {
    let encodings = [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Cp932, Encoding::Utf16Le, Encoding::Utf16Be];
    let mut codes: Vec<_> = encodings.map(Encoding::code).to_vec();
    codes.dedup();
    assert_eq!(codes, ["utf8", "utf8_bom", "cp932", "utf16le", "utf16be"]);
    let fault = Fault::DuplicateHeader { name: "山田太郎".to_owned() };
    assert_eq!(fault.code(), "duplicate_header");
    assert!(!fault.to_string().contains("山田"));
    assert_eq!(Fault::NotATable { looks_like: LooksLike::OldExcel }.to_string(), "the file is no table but old_excel");
}

#[test]
fn a_file_that_is_not_there_is_a_fault() {
    let missing = std::path::Path::new("/nonexistent/表.csv");
    assert_eq!(spreadsheet::open(missing, Limits::default()).err(), Some(Fault::Damaged));
}
