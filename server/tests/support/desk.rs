//! Staff's work on a theme, as staff do it.

use super::{Browser, Site};

impl Site {
    /// Adds a chapter to a theme's table; gives its id.
    pub async fn chapter(&self, clerk: &mut Browser, theme: i64, title: &str) -> i64 {
        let path = format!("/staff/consultations/{theme}/responses/chapters");
        clerk.post(&path, &[("chapter_title", title)]).await.assert_status(303);
        self.number(&format!("SELECT MAX(id) FROM chapter WHERE consultation_id = {theme}")).await
    }

    /// The opinion item that a proposal is.
    pub async fn item(&self, proposal: i64) -> i64 {
        self.number(&format!("SELECT id FROM opinion_item WHERE proposal_id = {proposal}")).await
    }

    /// Adds a row with an answer of its own; gives its id.
    pub async fn row(
        &self,
        clerk: &mut Browser,
        theme: i64,
        chapter: i64,
        proposals: &[i64],
        text: &str,
        answer: &str,
    ) -> i64 {
        let chapter = chapter.to_string();
        let mut items = Vec::new();
        for proposal in proposals {
            items.push(self.item(*proposal).await.to_string());
        }
        let mut fields =
            vec![("chapter", chapter.as_str()), ("text", text), ("answer", answer), ("disposition", "considered")];
        fields.extend(items.iter().map(|item| ("items", item.as_str())));
        clerk.post(&format!("/staff/consultations/{theme}/responses/rows/new"), &fields).await.assert_status(303);
        self.number(&format!("SELECT MAX(id) FROM summary WHERE consultation_id = {theme}")).await
    }

    /// Sends a row's form as it is on the page, with some fields changed.
    pub async fn save_row(
        &self,
        page: &super::Reply,
        clerk: &mut Browser,
        path: &str,
        changed: &[(&str, &str)],
    ) -> super::Reply {
        let mut fields: Vec<(String, String)> = ["row_version", "answer_version", "text", "answer"]
            .into_iter()
            .map(|name| (name.to_owned(), page.field(name)))
            .collect();
        for name in ["chapter", "ward_view", "disposition"] {
            fields.push((name.to_owned(), page.chosen(name)));
        }
        for input in page.text.split("<input").skip(1).filter_map(|i| i.split('>').next()) {
            if input.contains("name=\"items\"") && input.contains("checked") {
                fields.push((
                    "items".to_owned(),
                    input.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned(),
                ));
            }
        }
        for (name, value) in changed {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        clerk.post(path, &fields).await
    }
}
