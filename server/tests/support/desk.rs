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

    /// Adds a row with an answer of its own, which is settled unless it is empty; gives its id.
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
        fields.push(("act", if answer.is_empty() { "draft" } else { "settle" }));
        fields.extend(items.iter().map(|item| ("items", item.as_str())));
        clerk.post(&format!("/staff/consultations/{theme}/responses/rows/new"), &fields).await.assert_status(303);
        self.number(&format!("SELECT MAX(id) FROM summary WHERE consultation_id = {theme}")).await
    }

    /// Sends a row's form as it is on the page, with some fields changed. An answer with its 対応区分 is settled.
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
        if page.text.contains("name=\"reason\"") {
            fields.push(("reason".to_owned(), page.field("reason")));
        }
        for name in ["chapter", "ward_view", "disposition"] {
            fields.push((name.to_owned(), page.chosen(name)));
        }
        for input in page.text.split("<input").skip(1).filter_map(|i| i.split('>').next()) {
            let value = || input.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            if input.contains("name=\"items\"") && input.contains("checked") {
                fields.push(("items".to_owned(), value()));
            }
            if input.contains("name=\"shown\"") {
                fields.push(("shown".to_owned(), value()));
            }
        }
        for (name, value) in changed {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let is_filled = |name: &str| fields.iter().any(|(n, v)| n == name && !v.is_empty());
        if !fields.iter().any(|(name, _)| name == "act") {
            let act = if is_filled("answer") && is_filled("disposition") { "settle" } else { "draft" };
            fields.push(("act".to_owned(), act.to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        clerk.post(path, &fields).await
    }

    /// Somebody of the theme's department with a role, signed in.
    async fn colleague(&self, name: &str, theme: i64, role: domain::Role) -> Browser {
        let email = format!("{}@staff.example.jp", super::hex(&format!("{name}{theme}")));
        if self.number(&format!("SELECT COUNT(*) FROM account WHERE email = '{email}'")).await > 0 {
            return self.signed_in(&email, super::PASSWORD).await;
        }
        let query = "SELECT d.name FROM department d JOIN consultation c ON c.department_id = d.id WHERE c.id = ";
        let department = self.texts(&format!("{query}{theme}")).await.remove(0);
        self.staff(&format!("{name}{theme}"), &department, role).await
    }

    /// A second person confirms every summary that isn't the opinion word for word.
    pub async fn confirm_rows(&self, theme: i64) {
        let mut second = self.colleague("確認", theme, domain::Role::Clerk).await;
        let open = "SELECT id FROM summary WHERE verbatim = 0 AND confirmed_at IS NULL AND consultation_id = ";
        for row in self.numbers(&format!("{open}{theme}")).await {
            let version = self.number(&format!("SELECT version FROM summary WHERE id = {row}")).await.to_string();
            let path = format!("/staff/consultations/{theme}/responses/rows/{row}/confirm");
            second.post(&path, &[("row_version", &version), ("not_personal", "1")]).await.assert_status(303);
        }
    }

    /// Puts a theme's table up for decision (起案) and has it agreed to by colleagues in both usual steps (確認, 決裁).
    /// Gives the answer to 起案; when that was refused, nothing is decided.
    pub async fn approve(&self, drafter: &mut Browser, theme: i64) -> super::Reply {
        self.confirm_rows(theme).await;
        let path = format!("/staff/consultations/{theme}/approval");
        let reply = drafter.post(&path, &[("note", "")]).await;
        if reply.status == 303 {
            let query = format!("SELECT MAX(id) FROM approval WHERE consultation_id = {theme}");
            let path = format!("{path}/{}", self.number(&query).await);
            for (name, role, step) in [("確認", domain::Role::Clerk, "1"), ("決裁", domain::Role::Approver, "2")] {
                let mut colleague = self.colleague(name, theme, role).await;
                colleague.post(&path, &[("act", "approve"), ("step", step)]).await.assert_status(303);
            }
        }
        reply
    }

    /// 起案, 確認, 決裁 and 公表, as staff do it; a later version says why. Gives the answer to the last thing that was
    /// tried.
    pub async fn publish(&self, drafter: &mut Browser, approver: &mut Browser, theme: i64) -> super::Reply {
        let reply = self.approve(drafter, theme).await;
        if reply.status != 303 {
            return reply;
        }
        let path = format!("/staff/consultations/{theme}/responses/publish");
        approver.post(&path, &[("reason", "誤りがあったため")]).await
    }
}
