//! A cut text in one field: its parts with a line of signs between them.

/// Lines that can stand between parts, the first choice first.
pub const MARKS: [&str; 5] = ["-----", "=====", "*****", "+++++", "#####"];

/// Fewest signs of such a line.
const FEWEST: usize = 3;

/// The signs that people type for the one of a mark, with and without an input method.
const fn alike(sign: char) -> &'static str {
    match sign {
        '-' => "-－ー―—–‐−─━",
        '=' => "=＝",
        '*' => "*＊",
        '+' => "+＋",
        '#' => "#＃",
        _ => "",
    }
}

/// Whether a line is a mark as people type it: three or more of its signs and nothing else.
fn is_mark(line: &str, mark: &str) -> bool {
    let line = line.trim();
    let signs = mark.chars().next().map_or("", alike);
    line.chars().count() >= FEWEST && line.chars().all(|c| signs.contains(c))
}

/// The line to put between the parts of a text: the first of [`MARKS`] that the text doesn't have itself.
#[must_use]
pub fn separator(text: &str) -> &'static str {
    let free = |mark: &&str| !text.lines().any(|line| is_mark(line, mark));
    MARKS.into_iter().find(free).unwrap_or("-----")
}

/// Parts in one text, with the mark between them.
#[must_use]
pub fn marked(parts: &[String], mark: &str) -> String {
    parts.join(&format!("\n{mark}\n"))
}

/// The parts of such a text, each without outer space; empty ones are none. A mark that isn't one of [`MARKS`] parts
/// nothing.
#[must_use]
pub fn parts(text: &str, mark: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in text.lines() {
        if MARKS.contains(&mark) && is_mark(line, mark) {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_of_signs_part_a_text_however_they_are_typed() {
        for line in ["-----", "---", " －－－－ ", "ーーー", "──────"] {
            assert_eq!(parts(&format!("甲\n続き\n{line}\n乙"), "-----"), ["甲\n続き", "乙"], "{line}");
        }
        assert_eq!(parts("甲\n--\n乙", "-----"), ["甲\n--\n乙"]);
        assert_eq!(parts("-----\n甲\n-----\n \n-----", "-----"), ["甲"]);
        assert_eq!(parts("甲\nabc\n乙", "abc"), ["甲\nabc\n乙"]);
    }

    #[test]
    fn a_text_with_such_a_line_of_its_own_gets_another() {
        assert_eq!(separator("甲\n----------\n乙"), "=====");
        assert_eq!(separator("甲\nーーーー\n＝＝＝＝\n乙"), "*****");
        assert_eq!(separator("甲---乙"), "-----");
    }

    proptest! {
        #[test]
        fn what_was_joined_comes_apart_again(texts in proptest::collection::vec(r"[あ-んa-z=*+#＝－ \n-]{0,30}", 0..6)) {
            let clean: Vec<String> = texts.iter().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect();
            let all = clean.join("\n");
            let mark = separator(&all);
            prop_assume!(!all.lines().any(|line| is_mark(line, mark)));
            let lines = |t: &String| t.lines().collect::<Vec<_>>().join("\n");
            let expected: Vec<String> = clean.iter().map(lines).collect();
            prop_assert_eq!(parts(&marked(&clean, mark), mark), expected);
        }
    }
}
