//! Cell formats. 游ゴシック ships with Excel on Windows and Mac; other programs substitute it.

use rust_xlsxwriter::{Color, FontScheme, Format, FormatAlign, FormatBorder};

/// Default row height in pixels for 10 pt 游ゴシック.
pub(super) const ROW_PIXELS: u32 = 23;
/// Default column width in pixels; selects digits of 7 pixels, those of 10 pt 游ゴシック.
pub(super) const COLUMN_PIXELS: u32 = 64;

const FONT: &str = "游ゴシック";
/// Windows character set SHIFTJIS: makes programs without the font choose a Japanese one.
const SHIFTJIS: u8 = 128;
const GREY: Color = Color::RGB(0xD9_D9_D9);
const LIGHT_GREY: Color = Color::RGB(0xF2_F2_F2);

/// The formats of one workbook.
pub(super) struct Style {
    /// Default of the workbook.
    pub(super) base: Format,
    /// Document title, 14 pt.
    pub(super) title: Format,
    /// Line of the cover block.
    pub(super) cover: Format,
    /// Title of a table of counts.
    pub(super) total_title: Format,
    /// Number in a table of counts.
    pub(super) total: Format,
    /// Publishing department, right-aligned.
    pub(super) publisher: Format,
    /// Header cell of any table.
    pub(super) header: Format,
    /// Chapter line across the table.
    pub(super) chapter: Format,
    /// Number of a row, centred.
    pub(super) number: Format,
    /// Opinion or answer: wrapped and bordered.
    pub(super) text: Format,
    /// 対応区分: centred, wrapped and bordered.
    pub(super) label: Format,
    /// Text in a flat table.
    pub(super) flat_text: Format,
    /// Number in a flat table.
    pub(super) flat_number: Format,
}

impl Style {
    pub(super) fn new() -> Self {
        let base = Format::new()
            .set_font_name(FONT)
            .set_font_size(10)
            .set_font_scheme(FontScheme::None)
            .set_font_charset(SHIFTJIS)
            .set_align(FormatAlign::Top);
        let wrapped = base.clone().set_text_wrap().set_quote_prefix();
        let bordered = wrapped.clone().set_border(FormatBorder::Thin);
        Self {
            title: wrapped.clone().set_bold().set_font_size(14),
            publisher: wrapped.clone().set_align(FormatAlign::Right),
            total_title: base.clone().set_quote_prefix().set_bold(),
            total: base.clone().set_border(FormatBorder::Thin),
            cover: wrapped,
            header: bordered
                .clone()
                .set_bold()
                .set_background_color(GREY)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            chapter: bordered
                .clone()
                .set_bold()
                .set_background_color(LIGHT_GREY)
                .set_align(FormatAlign::VerticalCenter),
            number: base.clone().set_border(FormatBorder::Thin).set_align(FormatAlign::Center),
            label: bordered.clone().set_align(FormatAlign::Center),
            text: bordered,
            flat_text: base.clone().set_quote_prefix(),
            flat_number: base.clone(),
            base,
        }
    }
}
