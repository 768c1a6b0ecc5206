//! Markdown of staff to HTML: rendered once when it is saved, sanitised, headings one level below the page's.

use domain::draft_text::{BlockKind, NewBlock};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Renders Markdown; raw HTML is shown as text, links open only http, https, mailto and tel.
#[must_use]
pub fn render(markdown: &str) -> String {
    to_html(events(markdown))
}

/// Cuts a text into what an opinion can name: headings, paragraphs, items of lists (with what hangs under them), tables
/// and quotations, each with its plain text and with HTML that is as harmless as [`render`]'s. Lines between paragraphs
/// are left out.
#[must_use]
pub fn blocks(markdown: &str) -> Vec<NewBlock> {
    let mut cutter = Cutter::default();
    for event in events(markdown) {
        cutter.take(event);
    }
    cutter.cut();
    cutter.blocks
}

fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(markdown, options).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::SoftBreak => Event::HardBreak,
        other => other,
    })
}

fn to_html<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let events = events.map(|event| match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: below_page(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below_page(level))),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    let safe = ammonia::Builder::default()
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .link_rel(Some("noopener noreferrer"))
        .clean(&out)
        .to_string();
    safe.replace("<table>", "<div class=\"table-scroll\" tabindex=\"0\"><table>").replace("</table>", "</table></div>")
}

const fn below_page(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H2,
        HeadingLevel::H3 => HeadingLevel::H3,
        HeadingLevel::H4 => HeadingLevel::H4,
        HeadingLevel::H5 => HeadingLevel::H5,
        HeadingLevel::H6 => HeadingLevel::H6,
    }
}

/// Collects the events of one block after the other.
#[derive(Default)]
struct Cutter<'a> {
    blocks: Vec<NewBlock>,
    open: Vec<Event<'a>>,
    kind: Option<BlockKind>,
    /// How many tags of the block are open, the outermost list not counted.
    depth: usize,
    /// The outermost list.
    list: Option<List>,
}

/// A list, and the number of its next item when they are numbered.
#[derive(Clone, Copy)]
struct List {
    next: Option<u64>,
}

impl<'a> Cutter<'a> {
    fn take(&mut self, event: Event<'a>) {
        // What was HTML is text by now.
        let event = match event {
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            other => other,
        };
        match (&event, self.depth, self.list) {
            (Event::Start(Tag::List(first)), 0, None) => self.list = Some(List { next: *first }),
            (Event::End(TagEnd::List(_)), 0, Some(_)) => self.list = None,
            (Event::Start(tag), 0, _) => {
                self.kind = Some(match tag {
                    Tag::Heading { level, .. } => BlockKind::Heading(number(*level)),
                    Tag::Item => BlockKind::Item,
                    Tag::Table(_) => BlockKind::Table,
                    Tag::BlockQuote(_) => BlockKind::Quote,
                    _ => BlockKind::Paragraph,
                });
                self.depth = 1;
                self.open.push(event);
            }
            (Event::Rule, 0, _) => {}
            (Event::Start(_), ..) => {
                self.depth += 1;
                self.open.push(event);
            }
            (Event::End(_), ..) => {
                self.depth = self.depth.saturating_sub(1);
                self.open.push(event);
                if self.depth == 0 {
                    self.cut();
                }
            }
            _ => self.open.push(event),
        }
    }

    /// Ends the block.
    fn cut(&mut self) {
        let events = std::mem::take(&mut self.open);
        let kind = self.kind.take().unwrap_or(BlockKind::Paragraph);
        let text = plain(&events);
        if text.is_empty() {
            return;
        }
        let html = match (kind, self.list) {
            (BlockKind::Item, Some(List { next })) => {
                self.list = Some(List { next: next.map(|number| number.saturating_add(1)) });
                let (start, end) = (Event::Start(Tag::List(next)), Event::End(TagEnd::List(next.is_some())));
                to_html([start].into_iter().chain(events).chain([end]))
            }
            _ => to_html(events.into_iter()),
        };
        self.blocks.push(NewBlock { kind, text, html });
    }
}

const fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The text of some events: a line for each paragraph and each row, cells set apart.
fn plain(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    let end_line = |text: &mut String| {
        while text.ends_with(['\t', ' ']) {
            text.pop();
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
    };
    for event in events {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(words),
            Event::HardBreak => text.push('\n'),
            Event::End(TagEnd::TableCell) => text.push('\t'),
            Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead | TagEnd::Heading(_),
            )
            | Event::Start(Tag::List(_)) => end_line(&mut text),
            _ => {}
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_member_of_staff_pastes_becomes_script() {
        let html = render(
            "# 見出し\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](data:text/html,z) <b onclick=x>b</b>\n\n|a|b|\n|-|-|\n|1|2|",
        );
        assert!(!html.contains("<script") && !html.contains("javascript:") && !html.contains("<b onclick"), "{html}");
        assert!(html.contains("<h2>見出し</h2>"));
        assert!(html.contains("<div class=\"table-scroll\" tabindex=\"0\"><table>"));
    }

    fn cut(markdown: &str) -> Vec<(&'static str, String)> {
        blocks(markdown).into_iter().map(|block| (block.kind.code(), block.text)).collect()
    }

    #[test]
    fn a_text_is_cut_into_what_an_opinion_can_name() {
        let text = "# 計画\n\n前文です。\n二行目です。\n\n## 1 目標\n\n- 一つ目\n  - 細目\n- 二つ目\n\n  続き\n\n3. 三\n4. 四\n\n> 注です。\n\n|年度|件数|\n|-|-|\n|令和8年度|10|\n\n---\n\n```\nコード\n```\n";
        let expected = [
            ("heading-1", "計画"),
            ("paragraph", "前文です。\n二行目です。"),
            ("heading-2", "1 目標"),
            ("item", "一つ目\n細目"),
            ("item", "二つ目\n続き"),
            ("item", "三"),
            ("item", "四"),
            ("quote", "注です。"),
            ("table", "年度\t件数\n令和8年度\t10"),
            ("paragraph", "コード"),
        ];
        assert_eq!(cut(text), expected.map(|(kind, text)| (kind, text.to_owned())));
        let html: Vec<String> = blocks(text).into_iter().map(|block| block.html).collect();
        assert!(html[3].starts_with("<ul>") && html[3].contains("<li>細目</li>"), "{}", html[3]);
        assert!(html[6].starts_with("<ol start=\"4\">"), "{}", html[6]);
        assert!(html[8].starts_with("<div class=\"table-scroll\""), "{}", html[8]);
    }

    #[test]
    fn a_block_is_as_harmless_as_a_whole_text() {
        let text = "<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n- <img src=x onerror=alert(1)>\n\n> <iframe src=//evil.example>\n\n# <svg onload=alert(1)>";
        for block in blocks(text) {
            for bad in ["<script", "href=\"javascript", "<img", "<iframe", "<svg"] {
                assert!(!block.html.contains(bad), "{}", block.html);
            }
        }
        assert_eq!(blocks(" \n\n---\n"), []);
    }
}
