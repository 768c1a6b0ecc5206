//! Sets whole documents and reads them back with poppler's programs.

#[path = "../../../documents/tests/it/fixture.rs"]
mod fixture;
#[path = "../../../documents/tests/it/seed.rs"]
mod seed;

mod breaks;
mod reading;

use std::path::Path;

use documents::{NO_OPINIONS, ResponseTable};
use domain::layout::{Layout, LayoutPreset};
use fixture::TestResult;
use pdf::{Fonts, PdfError};
use reading::{expected, text};

/// Sets a table; the PDF stays in the target directory, to be looked at.
fn set(name: &str, table: &ResponseTable, mark: Option<&str>) -> TestResult<Vec<u8>> {
    let pdf = pdf::render(table, &Fonts::find(None)?, mark)?;
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pdf")), &pdf)?;
    Ok(pdf)
}

/// Every text of the table is in the PDF. One so long that a page may end in it is passed over: what stands beside it
/// comes between, see [`breaks`].
fn assert_complete(pdf: &[u8], table: &ResponseTable) -> TestResult {
    let fonts = Fonts::find(None)?;
    let text = text(pdf, table)?;
    let printed = table.printed();
    let shared = printed.groups().flat_map(|group| &group.shared);
    let own = printed.rows().flat_map(|row| &row.cells);
    let annexes = printed.annexes.iter().flat_map(|annex| annex.rows.iter().flatten());
    let cover = printed.cover.iter().flat_map(|(heading, value)| [heading, value]);
    for said in shared.chain(own).chain(annexes).chain(cover).chain(&printed.notes).chain([&printed.title]) {
        if said.chars().count() > 500 || said.lines().count() > 12 {
            continue;
        }
        let wanted = expected(said, &fonts);
        assert!(text.contains(&wanted), "{wanted:?} is not in {text}");
    }
    Ok(())
}

#[test]
fn it_is_pdf_ua_1_and_pdf_a_2a_in_japanese_with_title_author_and_date() -> TestResult {
    let pdf = set("seed", &seed::table()?, None)?;
    let metadata = reading::metadata(&pdf)?;
    for wanted in [
        "<pdfuaid:part>1</pdfuaid:part>",
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>",
        ">品川区DX推進基本方針(暫定版)　ご意見（要旨）と区の考え方</rdf:li>",
        "<dc:creator><rdf:Seq><rdf:li>品川区</rdf:li>",
        "<rdf:li>ja-JP</rdf:li>",
        "<xmp:CreateDate>2025-04-21",
    ] {
        assert!(metadata.contains(wanted), "{wanted} is not in {metadata}");
    }
    Ok(())
}

#[test]
fn the_seed_table_is_printed_whole() -> TestResult {
    let table = seed::table()?;
    let pdf = set("seed", &table, None)?;
    assert_complete(&pdf, &table)?;
    let (format, _) = reading::pages(&pdf)?;
    assert!(format.starts_with("841.89 x 595.276 pts (A4)"), "{format}");
    Ok(())
}

#[test]
fn headings_column_heads_row_heads_and_spans_are_tagged() -> TestResult {
    let mut table = fixture::small()?;
    table.layout = Layout::of(LayoutPreset::Shinagawa);
    let tags = reading::structure(&set("small", &table, None)?)?;
    let count = |tag: &str| tags.lines().filter(|line| line.trim().starts_with(tag)).count();
    assert_eq!((count("H1"), count("H2"), count("Table")), (1, 2, 3), "{tags}");
    // One answer for two rows, and as many heads as there are rows of the cover and of the table.
    assert_eq!(count("/RowSpan 2"), 1, "{tags}");
    let heads = table.rows().count() + table.printed().cover.len();
    assert_eq!((count("/Scope /Row"), count("/Scope /Column")), (heads, 6), "{tags}");
    Ok(())
}

#[test]
fn nasty_text_is_printed_exactly_and_runs_nothing() -> TestResult {
    let table = fixture::nasty()?;
    let pdf = set("nasty", &table, None)?;
    assert_complete(&pdf, &table)?;
    // Of the long ones every character: an opinion, another and the answer.
    let text = text(&pdf, &table)?.replace(NO_OPINIONS, "");
    for (part, times) in [("あ", 2_000), ("改行", 80), ("xxxxxxxxxx", 30)] {
        assert_eq!(text.matches(part).count(), 3 * times, "{part}");
    }
    // Typst's own markup, in every place where text may stand.
    let markup =
        "#panic(\"x\") #read(\"/etc/passwd\") $x$ *a* _b_ `c` [d] @e <f> // g\n= h\n- i\n\\ https://example.jp/~j";
    let mut table = fixture::full()?;
    for group in table.chapters.iter_mut().flat_map(|chapter| &mut chapter.groups) {
        markup.clone_into(&mut group.answer);
        for row in &mut group.rows {
            markup.clone_into(&mut row.text);
        }
    }
    markup.clone_into(&mut table.consultation.title);
    markup.clone_into(&mut table.methods);
    markup.clone_into(&mut table.ward.name);
    table.layout.notes = vec![markup.to_owned()];
    for column in &mut table.layout.columns {
        markup.clone_into(&mut column.heading);
    }
    assert_complete(&set("markup", &table, Some(markup))?, &table)
}

#[test]
fn what_the_font_lacks_is_told_and_prints_as_a_geta_mark() -> TestResult {
    let fonts = Fonts::find(None)?;
    assert_eq!(fonts.missing("髙﨑①㈱、葛\u{E0100}飾区\r\n\t=1+1\u{200B}"), Vec::<char>::new());
    assert_eq!(fonts.missing("笑😀顔ก😀"), ['😀', 'ก']);
    assert_eq!(fonts.glyphs().missing("笑😀顔"), fonts.missing("笑😀顔"));
    let mut table = fixture::small()?;
    let said = "家族👨\u{200D}👩\u{200D}👧の旗🇯🇵とกำ字";
    for group in table.chapters.iter_mut().flat_map(|chapter| &mut chapter.groups) {
        said.clone_into(&mut group.answer);
    }
    let raw = reading::raw(&set("missing", &table, None)?)?;
    assert!(raw.contains("家族〓の旗〓と〓字"), "{raw}");
    Ok(())
}

/// Han and Hangul are all alike: a sample stands for them.
#[test]
fn no_character_keeps_a_document_from_being_made() -> TestResult {
    let all = ('\u{1}'..=char::MAX).filter(|c| match u32::from(*c) {
        0x3400..=0x9FFF | 0xAC00..=0xD7A3 => u32::from(*c) % 97 == 0,
        0x1_3000..=0x1_BBFF | 0x2_0000.. => u32::from(*c) % 499 == 0,
        _ => true,
    });
    let all: Vec<char> = all.collect();
    let texts = (1_i64..).zip(all.chunks(400)).map(|(id, some)| {
        // Each with a letter before it, so that marks have something to stand on.
        let text: String = some.iter().flat_map(|c| ['あ', *c]).collect();
        fixture::answer(id, &text, vec![fixture::row(id, 1, 1, &some.iter().collect::<String>())])
    });
    let mut table = fixture::small()?;
    table.chapters = vec![fixture::chapter(1, "すべての文字", texts.collect())];
    let raw = reading::raw(&set("characters", &table, None)?)?;
    assert!(raw.contains('龍') || raw.contains('〓'), "{raw}");
    Ok(())
}

#[test]
fn every_layout_is_printed_whole() -> TestResult {
    for preset in LayoutPreset::ALL {
        for portrait in [false, true] {
            let mut table = fixture::full()?;
            table.layout = Layout { portrait, ..Layout::of(preset) };
            let name = format!("{}-{}", preset.code(), if portrait { "portrait" } else { "landscape" });
            let pdf = set(&name, &table, None)?;
            assert_complete(&pdf, &table).map_err(|error| format!("{name}: {error}"))?;
            let (format, _) = reading::pages(&pdf)?;
            assert!(format.starts_with(if portrait { "595.276" } else { "841.89" }), "{name} {format}");
        }
    }
    Ok(())
}

#[test]
fn a_draft_says_so_on_every_page() -> TestResult {
    let table = fixture::large(60)?;
    let pdf = set("draft", &table, Some("案"))?;
    let raw = reading::raw(&pdf)?;
    let (_, pages) = reading::pages(&pdf)?;
    assert!(pages > 2);
    assert_eq!(raw.lines().filter(|line| line.trim_matches(['\u{C}', ' ']) == "案").count(), pages, "{raw}");
    let metadata = reading::metadata(&pdf)?;
    assert!(metadata.contains(">【案】公園整備計画"), "{metadata}");
    Ok(())
}

#[test]
fn no_opinion_is_a_proper_result() -> TestResult {
    let mut table = seed::table()?;
    table.chapters.clear();
    let text = text(&set("empty", &table, None)?, &table)?;
    assert_eq!(text.matches(NO_OPINIONS).count(), 1, "{text}");
    // A table that knows nothing at all.
    set("nothing", &ResponseTable::default(), None)?;
    Ok(())
}

#[test]
fn equal_tables_give_equal_bytes() -> TestResult {
    let table = fixture::full()?;
    let fonts = Fonts::find(None)?;
    let first = pdf::render(&table, &fonts, None)?;
    assert!(first == pdf::render(&table, &Fonts::find(None)?, None)?);
    assert!(first != pdf::render(&table, &fonts, Some("案"))?);
    Ok(())
}

#[test]
fn six_hundred_rows_are_printed_whole() -> TestResult {
    let table = fixture::large(600)?;
    assert_complete(&set("large", &table, None)?, &table)
}

#[test]
fn without_a_japanese_font_the_package_is_named() -> TestResult {
    let empty = tempfile::tempdir()?;
    let Err(error) = Fonts::find(Some(empty.path())) else { return Err("found a font in an empty folder".into()) };
    assert!(matches!(error, PdfError::NoFont) && error.to_string().contains("fonts-noto-cjk"), "{error}");
    assert_eq!(pdf::installed(Some(empty.path())), None);
    // A file of that name that is no font.
    std::fs::write(empty.path().join("NotoSansCJK-Regular.ttc"), "no font")?;
    assert!(matches!(Fonts::find(Some(empty.path())), Err(PdfError::NoFont)));
    // The folder that is named is the one that is used.
    let files = pdf::installed(None).ok_or("no font")?;
    let folder = files.first().and_then(|file| file.parent()).ok_or("no folder")?;
    assert_eq!(pdf::installed(Some(folder)), Some(files.clone()));
    Ok(())
}
