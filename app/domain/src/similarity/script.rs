/// What a character is written in, for cutting words out of Japanese text without a dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// 漢字, with 々, 〆, 〇 and the ヶ of place names.
    Kanji,
    /// Katakana of either width, with the long-vowel sign.
    Katakana,
    Hiragana,
    /// Letters of any other script, mostly Latin, of either width.
    Letter,
    /// 0 to 9 of either width.
    Digit,
    /// Spaces, punctuation, symbols.
    Other,
}

/// The script of a character.
pub(crate) fn script(c: char) -> Script {
    match c {
        'ぁ'..='ゖ' | 'ゝ'..='ゟ' => Script::Hiragana,
        '一'..='\u{9FFF}'
        | '々'
        | '〇'
        | '〆'
        | 'ヵ'
        | 'ヶ'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' => Script::Kanji,
        'ァ'..='ヺ' | 'ー' | 'ヽ' | 'ヾ' | 'ｦ'..='ﾟ' => Script::Katakana,
        '0'..='9' | '０'..='９' => Script::Digit,
        // Punctuation and symbols; some of them (Ⅳ, ⓐ) are alphabetic to Unicode.
        '\0'..='@' | '\u{2000}'..='\u{2BFF}' => Script::Other,
        c if c.is_alphabetic() => Script::Letter,
        _ => Script::Other,
    }
}
