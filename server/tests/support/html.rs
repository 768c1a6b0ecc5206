//! Reading pages as people do.

use super::Reply;

/// The text of a piece of HTML: without tags and comments, with character references read.
pub fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let tag = &rest[start..];
        let end = if tag.starts_with("<!--") { tag.find("-->").map(|e| e + 3) } else { tag.find('>').map(|e| e + 1) };
        rest = end.map_or("", |e| &tag[e..]);
    }
    text.push_str(rest);
    unescape(&text)
}

/// Character references as characters.
pub fn unescape(text: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
    named.into_iter().fold(text.to_owned(), |text, (name, c)| text.replace(name, c))
}

/// A row of a published table as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRow {
    /// The fragment that leads to it.
    pub anchor: String,
    /// No.
    pub number: String,
    /// ご意見（要旨）.
    pub opinion: String,
    /// 区の考え方.
    pub answer: String,
    /// 対応区分 as printed; empty without one.
    pub disposition: String,
}

impl Reply {
    /// What a field holds as a browser would show it: an input's value or a text area's text.
    pub fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\"");
        let Some(area) =
            self.text.split("<textarea").skip(1).find(|area| area.split('>').next().unwrap().contains(&mark))
        else {
            return unescape(&self.value_of(name));
        };
        let text = area.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
        // Browsers drop the newline after the tag (HTML §13.2.6.4.7).
        unescape(text.strip_prefix('\n').unwrap_or(text))
    }

    /// The chosen option of a select; nothing when there is no such select or nothing is chosen.
    pub fn chosen(&self, name: &str) -> String {
        let Some(select) = self.text.split(&format!("name=\"{name}\"")).nth(1) else { return String::new() };
        let options = select.split("</select>").next().unwrap().split("<option").skip(1);
        let chosen = options.filter_map(|o| o.split('>').next()).find(|tag| tag.contains("selected"));
        let value = chosen.and_then(|tag| tag.split("value=\"").nth(1)).and_then(|v| v.split('"').next());
        value.map(unescape).unwrap_or_default()
    }

    /// What stands between two marks of the page.
    pub fn between(&self, start: &str, end: &str) -> &str {
        let (_, rest) = self.text.split_once(start).unwrap_or_else(|| panic!("no {start} in\n{}", self.text));
        rest.split(end).next().unwrap()
    }

    /// The rows of a published table.
    pub fn rows(&self) -> Vec<ReadRow> {
        let mut rows: Vec<ReadRow> = Vec::new();
        let groups = self.text.split("<tbody").skip(1);
        for group in
            groups.filter(|group| group.split('>').next().is_some_and(|tag| tag.contains("response-table__group")))
        {
            let mut shared: Option<(String, String)> = None;
            for row in group.split("</tbody>").next().unwrap().split("<tr").skip(1) {
                let anchor = row.split("id=\"").nth(1).unwrap().split('"').next().unwrap();
                let number = row.split("<th").nth(1).unwrap().split("</th>").next().unwrap();
                let opinion = row.split("response-table__opinion").nth(1).unwrap().split("</td>").next().unwrap();
                if let Some(cell) = row.split("response-table__answer").nth(1) {
                    let answer = cell.split("response-table__text").nth(1).unwrap().split("</p>").next().unwrap();
                    let mark = cell.split("class=\"disposition\"").nth(1).map(|m| m.split("</span>").next().unwrap());
                    let inner = |html: &str| plain(html.split_once('>').unwrap().1);
                    shared = Some((inner(answer), mark.map(inner).unwrap_or_default()));
                }
                let (answer, disposition) = shared.clone().unwrap();
                let inner = |html: &str| plain(html.split_once('>').unwrap().1);
                rows.push(ReadRow {
                    anchor: anchor.to_owned(),
                    number: inner(number),
                    opinion: inner(opinion),
                    answer,
                    disposition,
                });
            }
        }
        rows
    }

    /// Fails with the page when the status is another.
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{} {}", self.location(), self.text);
        self
    }
}
