//! Who gets which answer from which route: every route of the table, every role. A change of who may do what shows up
//! as a difference to be approved; a new route has to be added here before the tests pass.

use std::{collections::BTreeSet, fmt::Write as _};

use axum::http::Method;
use domain::Role;

use crate::{
    on_both_databases,
    support::{Browser, Reply, Site},
};

/// What is sent along.
#[derive(Clone, Copy)]
enum Body {
    /// Nothing: the page is opened.
    Page,
    /// A form.
    Form(&'static [(&'static str, &'static str)]),
    /// A form with files, and nothing chosen.
    Files,
}

use Body::{Files, Form, Page};

/// Every route with an address in which `@name` stands for what was prepared. In this order they are asked, all pages
/// before all actions; signing out comes last, since nobody is signed in after it.
const PREPARED: &[(&str, &str, Body)] = &[
    ("/healthz", "/healthz", Page),
    ("/readyz", "/readyz", Page),
    ("/about", "/about", Page),
    ("/about/{topic}", "/about/rules", Page),
    ("/language/{tag}", "/language/en", Page),
    ("/", "/", Page),
    ("/consultations", "/consultations", Page),
    ("/consultations/{slug}", "/consultations/@open", Page),
    ("/consultations/{slug}/cover", "/consultations/@open/cover", Page),
    ("/consultations/{slug}/documents/{id}", "/consultations/@open/documents/@document", Page),
    ("/consultations/{slug}/proposals", "/consultations/@open/proposals", Page),
    ("/consultations/{slug}/proposals/new", "/consultations/@open/proposals/new", Page),
    ("/consultations/{slug}/proposals/{id}", "/consultations/@open/proposals/@proposal", Page),
    ("/consultations/{slug}/proposals/{id}/edit", "/consultations/@open/proposals/@proposal/edit", Page),
    ("/consultations/{slug}/proposals/{id}/withdraw", "/consultations/@open/proposals/@proposal/withdraw", Page),
    ("/consultations/{slug}/proposals/confirm", "/consultations/@call/proposals/confirm", Page),
    ("/consultations/{slug}/draft", "/consultations/@call/draft", Page),
    ("/consultations/{slug}/documents/{id}/text", "/consultations/@call/documents/@text/text", Page),
    ("/consultations/{slug}/documents/{id}/text.txt", "/consultations/@call/documents/@text/text.txt", Page),
    (
        "/consultations/{slug}/documents/{id}/versions/{version}",
        "/consultations/@call/documents/@text/versions/@version",
        Page,
    ),
    ("/consultations/{slug}/paper-form", "/consultations/@call/paper-form", Page),
    ("/consultations/{slug}/qr.svg", "/consultations/@call/qr.svg", Page),
    ("/responses", "/responses", Page),
    ("/consultations/{slug}/{responses}", "/consultations/@done/responses", Page),
    ("/receipts", "/receipts", Page),
    ("/receipts/{number}", "/receipts/@receipt", Page),
    ("/receipts/{number}/edit", "/receipts/@letter/edit", Page),
    ("/receipts/{number}/withdraw", "/receipts/@letter/withdraw", Page),
    ("/account/sign-up", "/account/sign-up", Page),
    ("/account/confirm", "/account/confirm", Page),
    ("/account/confirm/resend", "/account/confirm/resend", Page),
    ("/account/sign-in", "/account/sign-in", Page),
    ("/account/sign-out-everywhere", "/account/sign-out-everywhere", Page),
    ("/account/reset", "/account/reset", Page),
    ("/account/reset/confirm", "/account/reset/confirm", Page),
    ("/account/invitation", "/account/invitation?account=1&token=x", Page),
    ("/account", "/account", Page),
    ("/account/profile", "/account/profile", Page),
    ("/staff", "/staff", Page),
    ("/staff/consultations", "/staff/consultations", Page),
    ("/staff/consultations/new", "/staff/consultations/new", Page),
    ("/staff/consultations/{id}", "/staff/consultations/@draft", Page),
    ("/staff/consultations/{id}/edit", "/staff/consultations/@draft/edit", Page),
    ("/staff/consultations/{id}/preview", "/staff/consultations/@draft/preview", Page),
    ("/staff/consultations/{id}/preview/cover", "/staff/consultations/@draft/preview/cover", Page),
    (
        "/staff/consultations/{id}/preview/documents/{document}",
        "/staff/consultations/@draft/preview/documents/@attachment",
        Page,
    ),
    ("/staff/consultations/{id}/proposals", "/staff/consultations/@finished/proposals", Page),
    ("/staff/moderation", "/staff/moderation", Page),
    ("/staff/proposals/{id}", "/staff/proposals/@proposal", Page),
    ("/staff/audit", "/staff/audit", Page),
    ("/staff/assigned", "/staff/assigned", Page),
    ("/staff/settings", "/staff/settings", Page),
    ("/staff/consultations/{id}/extension", "/staff/consultations/@comment/extension", Page),
    ("/staff/consultations/{id}/documents", "/staff/consultations/@comment/documents", Page),
    ("/staff/consultations/{id}/documents/new", "/staff/consultations/@comment/documents/new", Page),
    (
        "/staff/consultations/{id}/documents/{document}/versions/new",
        "/staff/consultations/@comment/documents/@text/versions/new",
        Page,
    ),
    (
        "/staff/consultations/{id}/documents/{document}/versions/{version}/text",
        "/staff/consultations/@comment/documents/@text/versions/@version/text",
        Page,
    ),
    ("/staff/consultations/{id}/preview/draft", "/staff/consultations/@comment/preview/draft", Page),
    (
        "/staff/consultations/{id}/preview/documents/{document}/text",
        "/staff/consultations/@comment/preview/documents/@text/text",
        Page,
    ),
    (
        "/staff/consultations/{id}/preview/documents/{document}/text.txt",
        "/staff/consultations/@comment/preview/documents/@text/text.txt",
        Page,
    ),
    (
        "/staff/consultations/{id}/preview/documents/{document}/versions/{version}",
        "/staff/consultations/@comment/preview/documents/@text/versions/@version",
        Page,
    ),
    ("/staff/consultations/{id}/entry", "/staff/consultations/@comment/entry", Page),
    // Only who is entering a sheet sees its scan there.
    ("/staff/consultations/{id}/entry/scans/{scan}", "/staff/consultations/@comment/entry/scans/nobodys", Page),
    ("/staff/consultations/{id}/poster", "/staff/consultations/@comment/poster", Page),
    ("/staff/consultations/{id}/qr.svg", "/staff/consultations/@comment/qr.svg", Page),
    ("/staff/consultations/{id}/import", "/staff/consultations/@comment/import", Page),
    ("/staff/consultations/{id}/import/example.csv", "/staff/consultations/@comment/import/example.csv", Page),
    ("/staff/consultations/{id}/import/{import}", "/staff/consultations/@comment/import/@import", Page),
    (
        "/staff/consultations/{id}/import/{import}/problems.csv",
        "/staff/consultations/@comment/import/@import/problems.csv",
        Page,
    ),
    ("/staff/consultations/{id}/intake", "/staff/consultations/@comment/intake", Page),
    ("/staff/consultations/{id}/identities", "/staff/consultations/@comment/identities", Page),
    ("/staff/consultations/{id}/groups", "/staff/consultations/@comment/groups", Page),
    ("/staff/consultations/{id}/groups/{group}", "/staff/consultations/@comment/groups/@group", Page),
    ("/staff/proposals/{id}/attachments/{attachment}", "/staff/proposals/@submission/attachments/@scan", Page),
    ("/staff/consultations/{id}/responses", "/staff/consultations/@finished/responses", Page),
    ("/staff/consultations/{id}/responses/preview", "/staff/consultations/@finished/responses/preview", Page),
    ("/staff/consultations/{id}/responses/rows/new", "/staff/consultations/@finished/responses/rows/new", Page),
    ("/staff/consultations/{id}/responses/rows/{row}", "/staff/consultations/@finished/responses/rows/@row", Page),
    ("/consultations/{slug}/commitments", "/consultations/@done/commitments", Page),
    ("/consultations/{slug}/follow", "/consultations/@open/follow", Page),
    ("/responses/years/{year}", "/responses/years/2026", Page),
    ("/staff/answers", "/staff/answers", Page),
    ("/staff/board", "/staff/board", Page),
    ("/staff/consultations/{id}/approval", "/staff/consultations/@finished/approval", Page),
    ("/staff/consultations/{id}/approval/{approval}", "/staff/consultations/@finished/approval/@approval", Page),
    (
        "/staff/consultations/{id}/approval/{approval}/{file}",
        "/staff/consultations/@finished/approval/@approval/package.zip",
        Page,
    ),
    ("/staff/consultations/{id}/commitments", "/staff/consultations/@finished/commitments", Page),
    ("/staff/consultations/{id}/commitments/new", "/staff/consultations/@finished/commitments/new", Page),
    ("/staff/consultations/{id}/commitments/{commitment}", "/staff/consultations/@finished/commitments/@promise", Page),
    ("/staff/consultations/{id}/layout", "/staff/consultations/@finished/layout", Page),
    ("/staff/consultations/{id}/outputs", "/staff/consultations/@finished/outputs", Page),
    ("/staff/consultations/{id}/outputs/bulletin.txt", "/staff/consultations/@finished/outputs/bulletin.txt", Page),
    ("/staff/consultations/{id}/outputs/committee.txt", "/staff/consultations/@finished/outputs/committee.txt", Page),
    ("/staff/consultations/{id}/plan-changes", "/staff/consultations/@finished/plan-changes", Page),
    ("/staff/consultations/{id}/plan-changes/new", "/staff/consultations/@finished/plan-changes/new", Page),
    ("/staff/consultations/{id}/plan-changes/{change}", "/staff/consultations/@finished/plan-changes/@change", Page),
    ("/staff/consultations/{id}/responses/changes", "/staff/consultations/@finished/responses/changes", Page),
    ("/staff/consultations/{id}/responses/clusters", "/staff/consultations/@finished/responses/clusters", Page),
    ("/staff/consultations/{id}/responses/items.csv", "/staff/consultations/@finished/responses/items.csv", Page),
    ("/staff/consultations/{id}/responses/items.json", "/staff/consultations/@finished/responses/items.json", Page),
    ("/staff/consultations/{id}/responses/preview.csv", "/staff/consultations/@finished/responses/preview.csv", Page),
    ("/staff/consultations/{id}/responses/preview.docx", "/staff/consultations/@finished/responses/preview.docx", Page),
    ("/staff/consultations/{id}/responses/preview.json", "/staff/consultations/@finished/responses/preview.json", Page),
    ("/staff/consultations/{id}/responses/preview.pdf", "/staff/consultations/@finished/responses/preview.pdf", Page),
    ("/staff/consultations/{id}/responses/preview.txt", "/staff/consultations/@finished/responses/preview.txt", Page),
    (
        "/staff/consultations/{id}/responses/preview.utf8.csv",
        "/staff/consultations/@finished/responses/preview.utf8.csv",
        Page,
    ),
    ("/staff/consultations/{id}/responses/preview.xlsx", "/staff/consultations/@finished/responses/preview.xlsx", Page),
    (
        "/staff/consultations/{id}/responses/rows/{row}/merge",
        "/staff/consultations/@finished/responses/rows/@row/merge",
        Page,
    ),
    (
        "/staff/consultations/{id}/responses/rows/{row}/originals",
        "/staff/consultations/@finished/responses/rows/@row/originals",
        Page,
    ),
    (
        "/staff/consultations/{id}/responses/rows/{row}/routing",
        "/staff/consultations/@finished/responses/rows/@row/routing",
        Page,
    ),
    (
        "/staff/consultations/{id}/responses/split/{proposal}",
        "/staff/consultations/@finished/responses/split/@answered",
        Page,
    ),
    ("/staff/consultations/{id}/routing", "/staff/consultations/@finished/routing", Page),
    ("/staff/settings/dispositions", "/staff/settings/dispositions", Page),
    ("/staff/settings/layout", "/staff/settings/layout", Page),
    ("/staff/settings/phrases", "/staff/settings/phrases", Page),
    ("/staff/settings/workflow", "/staff/settings/workflow", Page),
    ("/api/{*function}", "/api/like", Form(&[("proposal", "@proposal"), ("on", "true")])),
    ("/proposals/{id}/like", "/proposals/@proposal/like", Form(&[("on", "0")])),
    ("/consultations/{slug}/proposals/new", "/consultations/@open/proposals/new", Form(&[("body", "意見")])),
    (
        "/consultations/{slug}/proposals/{id}/edit",
        "/consultations/@open/proposals/@proposal/edit",
        Form(&[("body", "直した意見")]),
    ),
    ("/staff/proposals/{id}/hide", "/staff/proposals/@proposal/hide", Form(&[("reason", "個人情報")])),
    ("/staff/proposals/{id}/restore", "/staff/proposals/@proposal/restore", Form(&[])),
    ("/consultations/{slug}/proposals/{id}/withdraw", "/consultations/@open/proposals/@proposal/withdraw", Form(&[])),
    ("/staff/consultations/new", "/staff/consultations/new", Form(&[])),
    ("/staff/consultations/{id}/edit", "/staff/consultations/@draft/edit", Form(&[])),
    ("/staff/consultations/{id}/publish", "/staff/consultations/@draft/publish", Form(&[])),
    ("/staff/consultations/{id}/unpublish", "/staff/consultations/@draft/unpublish", Form(&[])),
    ("/staff/consultations/{id}/cover", "/staff/consultations/@draft/cover", Files),
    ("/staff/consultations/{id}/documents", "/staff/consultations/@draft/documents", Files),
    ("/consultations/{slug}/follow", "/consultations/@open/follow", Form(&[("act", "follow")])),
    ("/staff/consultations/{id}/approval", "/staff/consultations/@finished/approval", Form(&[])),
    (
        "/staff/consultations/{id}/approval/{approval}",
        "/staff/consultations/@finished/approval/@approval",
        Form(&[("act", "approve"), ("step", "1")]),
    ),
    ("/staff/consultations/{id}/commitments/new", "/staff/consultations/@finished/commitments/new", Form(&[])),
    (
        "/staff/consultations/{id}/commitments/{commitment}",
        "/staff/consultations/@finished/commitments/@promise",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/commitments/{commitment}/delete",
        "/staff/consultations/@finished/commitments/@promise/delete",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/commitments/{commitment}/report",
        "/staff/consultations/@finished/commitments/@promise/report",
        Form(&[]),
    ),
    ("/staff/consultations/{id}/layout", "/staff/consultations/@finished/layout", Form(&[])),
    (
        "/staff/consultations/{id}/plan-changes/draft",
        "/staff/consultations/@finished/plan-changes/draft",
        Form(&[("place", "第1章")]),
    ),
    ("/staff/consultations/{id}/plan-changes/new", "/staff/consultations/@finished/plan-changes/new", Form(&[])),
    (
        "/staff/consultations/{id}/plan-changes/{change}",
        "/staff/consultations/@finished/plan-changes/@change",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/plan-changes/{change}/move",
        "/staff/consultations/@finished/plan-changes/@change/move",
        Form(&[("direction", "up")]),
    ),
    (
        "/staff/consultations/{id}/plan-changes/{change}/delete",
        "/staff/consultations/@finished/plan-changes/@change/delete",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/responses/chapters/from-draft",
        "/staff/consultations/@finished/responses/chapters/from-draft",
        Form(&[]),
    ),
    ("/staff/consultations/{id}/responses/clusters", "/staff/consultations/@finished/responses/clusters", Form(&[])),
    ("/staff/consultations/{id}/responses/items", "/staff/consultations/@finished/responses/items", Form(&[])),
    (
        "/staff/consultations/{id}/responses/rows/{row}/confirm",
        "/staff/consultations/@finished/responses/rows/@row/confirm",
        Form(&[("row_version", "1")]),
    ),
    (
        "/staff/consultations/{id}/responses/rows/{row}/merge",
        "/staff/consultations/@finished/responses/rows/@row/merge",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/responses/rows/{row}/referrals",
        "/staff/consultations/@finished/responses/rows/@row/referrals",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/responses/rows/{row}/referrals/{referral}/reply",
        "/staff/consultations/@finished/responses/rows/@row/referrals/@referral/reply",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/responses/rows/{row}/referrals/{referral}/withdraw",
        "/staff/consultations/@finished/responses/rows/@row/referrals/@referral/withdraw",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/responses/rows/{row}/route",
        "/staff/consultations/@finished/responses/rows/@row/route",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/responses/split/{proposal}",
        "/staff/consultations/@finished/responses/split/@answered",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/responses/changes/{change}/undo",
        "/staff/consultations/@finished/responses/changes/@undo/undo",
        Form(&[]),
    ),
    ("/staff/consultations/{id}/routing", "/staff/consultations/@finished/routing", Form(&[])),
    ("/staff/settings/dispositions", "/staff/settings/dispositions", Form(&[])),
    ("/staff/settings/layout", "/staff/settings/layout", Form(&[])),
    ("/staff/settings/phrases", "/staff/settings/phrases", Form(&[])),
    ("/staff/settings/workflow", "/staff/settings/workflow", Form(&[])),
    ("/staff/consultations/{id}/responses/publish", "/staff/consultations/@finished/responses/publish", Form(&[])),
    ("/staff/consultations/{id}/responses/chapters", "/staff/consultations/@finished/responses/chapters", Form(&[])),
    (
        "/staff/consultations/{id}/responses/chapters/{chapter}",
        "/staff/consultations/@finished/responses/chapters/@chapter",
        Form(&[("act", "rename"), ("title", "全般")]),
    ),
    ("/staff/consultations/{id}/responses/rows/new", "/staff/consultations/@finished/responses/rows/new", Form(&[])),
    ("/staff/consultations/{id}/responses/rows/{row}", "/staff/consultations/@finished/responses/rows/@row", Form(&[])),
    (
        "/staff/consultations/{id}/responses/rows/{row}/move",
        "/staff/consultations/@finished/responses/rows/@row/move",
        Form(&[("direction", "up")]),
    ),
    (
        "/staff/consultations/{id}/responses/rows/{row}/delete",
        "/staff/consultations/@finished/responses/rows/@row/delete",
        Form(&[]),
    ),
    ("/consultations/{slug}/proposals/send", "/consultations/@call/proposals/send", Form(&[])),
    ("/receipts/{number}/edit", "/receipts/@letter/edit", Form(&[])),
    ("/receipts/{number}/withdraw", "/receipts/@letter/withdraw", Form(&[])),
    ("/staff/settings", "/staff/settings", Form(&[])),
    (
        "/staff/consultations/{id}/documents/{document}/versions",
        "/staff/consultations/@comment/documents/@text/versions",
        Files,
    ),
    (
        "/staff/consultations/{id}/documents/{document}/versions/{version}/text",
        "/staff/consultations/@comment/documents/@text/versions/@version/text",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/documents/{document}/versions/{version}/remove",
        "/staff/consultations/@comment/documents/@text/versions/@version/remove",
        Form(&[]),
    ),
    ("/staff/consultations/{id}/entry", "/staff/consultations/@comment/entry", Files),
    ("/staff/consultations/{id}/import", "/staff/consultations/@comment/import", Files),
    (
        "/staff/consultations/{id}/import/{import}/check",
        "/staff/consultations/@comment/import/@import/check",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/import/{import}/commit",
        "/staff/consultations/@comment/import/@import/commit",
        Form(&[]),
    ),
    ("/staff/consultations/{id}/import/{import}/undo", "/staff/consultations/@comment/import/@import/undo", Form(&[])),
    (
        "/staff/consultations/{id}/import/{import}/discard",
        "/staff/consultations/@comment/import/@import/discard",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/intake/bulk",
        "/staff/consultations/@comment/intake/bulk",
        Form(&[("act", "state"), ("state", "accepted"), ("proposal", "@submission")]),
    ),
    (
        "/staff/consultations/{id}/intake/views",
        "/staff/consultations/@comment/intake/views",
        Form(&[("name", "郵送"), ("query", "channel=post")]),
    ),
    (
        "/staff/consultations/{id}/intake/views/{view}/delete",
        "/staff/consultations/@comment/intake/views/1/delete",
        Form(&[]),
    ),
    (
        "/staff/consultations/{id}/identities",
        "/staff/consultations/@comment/identities",
        Form(&[("reason", "名簿との照合")]),
    ),
    ("/staff/proposals/{id}/identity", "/staff/proposals/@submission/identity", Form(&[("reason", "重複の確認")])),
    (
        "/staff/proposals/{id}/scans/{attachment}",
        "/staff/proposals/@submission/scans/@scan",
        Form(&[("reason", "重複の確認")]),
    ),
    ("/staff/proposals/{id}/state", "/staff/proposals/@submission/state", Form(&[("state", "accepted")])),
    ("/staff/proposals/{id}/assignment", "/staff/proposals/@submission/assignment", Form(&[("department", "")])),
    ("/staff/proposals/{id}/marks", "/staff/proposals/@submission/marks", Form(&[])),
    ("/staff/proposals/{id}/notes", "/staff/proposals/@submission/notes", Form(&[("body", "確認済み")])),
    ("/staff/proposals/{id}/split", "/staff/proposals/@submission/split", Form(&[])),
    ("/staff/proposals/{id}/correction", "/staff/proposals/@submission/correction", Form(&[])),
    (
        "/staff/consultations/{id}/documents/{document}/remove",
        "/staff/consultations/@comment/documents/@text/remove",
        Form(&[]),
    ),
    ("/staff/consultations/{id}/clone", "/staff/consultations/@comment/clone", Form(&[])),
    ("/staff/consultations/{id}/extension", "/staff/consultations/@comment/extension", Form(&[])),
    ("/staff/consultations/{id}/progress", "/staff/consultations/@finished/progress", Form(&[])),
    (
        "/staff/consultations/{id}/responses/unschedule",
        "/staff/consultations/@finished/responses/unschedule",
        Form(&[]),
    ),
    ("/account/sign-up", "/account/sign-up", Form(&[])),
    ("/account/confirm", "/account/confirm", Form(&[])),
    ("/account/confirm/resend", "/account/confirm/resend", Form(&[])),
    ("/account/sign-in", "/account/sign-in", Form(&[("email", "nobody@example.jp"), ("password", "x")])),
    ("/account/reset", "/account/reset", Form(&[])),
    ("/account/reset/confirm", "/account/reset/confirm", Form(&[])),
    ("/account/invitation", "/account/invitation", Form(&[])),
    ("/account/profile", "/account/profile", Form(&[("display_name", ""), ("locale", "ja")])),
    ("/account/sign-out-everywhere", "/account/sign-out-everywhere", Form(&[])),
    ("/account/sign-out", "/account/sign-out", Form(&[])),
];

/// What was prepared for one actor alone, so that nobody meets what another has done.
struct Prepared(Vec<(&'static str, String)>);

impl Prepared {
    fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("@{name}"), value))
    }

    async fn ask(&self, actor: &mut Browser, address: &str, body: Body) -> Reply {
        let address = self.fill(address);
        match body {
            Page => actor.get(&address).await,
            Form(fields) => {
                let fields: Vec<(&str, String)> = fields.iter().map(|(n, v)| (*n, self.fill(v))).collect();
                let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
                actor.post(&address, &fields).await
            }
            Files => actor.upload(&address, &[("nothing", None, "text/plain", b"")]).await,
        }
    }
}

async fn dress(site: &Site, approver: &mut Browser, theme: i64) -> i64 {
    let path = format!("/staff/consultations/{theme}");
    let parts: [(&str, Option<&str>, &str, &[u8]); 2] = [
        ("cover", Some("c.png"), "image/png", &crate::support::png(4, 3)),
        ("cover_alt", None, "text/plain", "絵".as_bytes()),
    ];
    approver.upload(&format!("{path}/cover"), &parts).await.assert_status(303);
    let parts: [(&str, Option<&str>, &str, &[u8]); 2] = [
        ("document", Some("d.pdf"), "application/pdf", b"%PDF-1.7\n%%EOF\n"),
        ("document_title", None, "text/plain", "素案".as_bytes()),
    ];
    approver.upload(&format!("{path}/documents"), &parts).await.assert_status(303);
    site.number(&format!("SELECT MAX(id) FROM document WHERE consultation_id = {theme}")).await
}

/// An open theme with a proposal, a draft, and a finished theme with a published row.
async fn prepare(site: &Site, approver: &mut Browser, author: &mut Browser, actor: &str) -> Prepared {
    let [open, done, draft] = ["open", "done", "draft"].map(|what| format!("{what}-{actor}"));
    let opened = site.open_theme(approver, &open).await;
    let document = dress(site, approver, opened).await;
    let proposal = site.propose(author, &open, "ベンチがほしい").await;
    let receipt = site.texts(&format!("SELECT receipt_number FROM proposal WHERE id = {proposal}")).await.remove(0);
    let drafted = site.draft_theme(approver, &draft, "public_comment").await;
    let attachment = dress(site, approver, drafted).await;
    let finished = site.open_theme(approver, &done).await;
    let answered = site.propose(author, &done, "花壇がほしい").await;
    site.close(finished).await;
    let chapter = site.chapter(approver, finished, "全般").await;
    let row = site.row(approver, finished, chapter, &[answered], "花壇がほしい", "検討します。").await;
    let desk = desk(site, approver, finished, row).await;
    let mut publisher = approver.clone();
    site.publish(approver, &mut publisher, finished).await.assert_status(303);
    let approval = site.number(&format!("SELECT MAX(id) FROM approval WHERE consultation_id = {finished}")).await;
    let comment = comment(site, approver, actor).await;
    let ids = [
        ("document", document),
        ("proposal", proposal),
        ("draft", drafted),
        ("attachment", attachment),
        ("finished", finished),
        ("chapter", chapter),
        ("row", row),
        ("answered", answered),
        ("approval", approval),
    ];
    let ids = ids.into_iter().chain(desk);
    let names = [("open", open), ("done", done), ("receipt", receipt)];
    Prepared(ids.map(|(name, id)| (name, id.to_string())).chain(names).chain(comment).collect())
}

/// What belongs to a row: a change of the draft, a promise, a question to a department, and the last step on the desk.
async fn desk(site: &Site, approver: &mut Browser, theme: i64, row: i64) -> [(&'static str, i64); 4] {
    let path = format!("/staff/consultations/{theme}");
    let change = [("place", "第1章"), ("after", "花壇を増やします。"), ("reason", "意見を受けたため"), ("rows", "1-1")];
    approver.post(&format!("{path}/plan-changes/new"), &change).await.assert_status(303);
    let department =
        site.number(&format!("SELECT department_id FROM consultation WHERE id = {theme}")).await.to_string();
    let promise =
        [("row", "1-1"), ("text", "花壇の計画を作ります。"), ("department", &*department), ("due_on", "2027-03-31")];
    approver.post(&format!("{path}/commitments/new"), &promise).await.assert_status(303);
    let question = [("asked_department", &*department), ("question", "場所はありますか。")];
    approver.post(&format!("{path}/responses/rows/{row}/referrals"), &question).await.assert_status(303);
    let newest = |table: &str| format!("SELECT MAX(id) FROM {table} WHERE consultation_id = {theme}");
    [
        ("change", site.number(&newest("plan_change")).await),
        ("promise", site.number(&newest("commitment")).await),
        ("referral", site.number(&newest("referral")).await),
        ("undo", site.number(&newest("desk_change")).await),
    ]
}

/// A running public comment with a draft of its own text, two copies of a letter with scan and identity, and a table
/// that waits to be brought in.
async fn comment(site: &Site, approver: &mut Browser, actor: &str) -> Vec<(&'static str, String)> {
    let call = format!("call-{actor}");
    let theme = site.draft_theme(approver, &call, "public_comment").await;
    let path = format!("/staff/consultations/{theme}");
    approver.post(&format!("{path}/publish"), &[]).await.assert_status(303);
    let text = "## はじめに\n\n計画の目的です。";
    let parts = [("document_title", "素案"), ("stage", "draft"), ("text", text)];
    let parts: Vec<_> = parts.iter().map(|(n, v)| (*n, None, "text/plain", v.as_bytes())).collect();
    approver.upload(&format!("{path}/documents"), &parts).await.assert_status(303);
    let scan = crate::support::png(4, 3);
    for channel in ["post", "fax"] {
        let token = approver.get(&format!("{path}/entry")).await.value_of("token");
        let fields = [
            ("act", if channel == "post" { "next" } else { "anyway" }),
            ("token", token.as_str()),
            ("channel", channel),
            ("received_on", "2026-11-21"),
            ("body", "駅前の駐輪場を増やしてください。"),
            ("name", "駅前 花子"),
            ("address", "みなも区本町1-2-3"),
            ("intake", "accepted"),
        ];
        let mut parts: Vec<(&str, Option<&str>, &str, &[u8])> =
            fields.iter().map(|(n, v)| (*n, None, "text/plain", v.as_bytes())).collect();
        parts.push(("scan", Some("scan.png"), "image/png", &scan));
        approver.upload(&format!("{path}/entry"), &parts).await.assert_status(303);
    }
    let table = "意見,提出方法,収受日\r\n噴水を直してください。,郵送,令和8年11月20日\r\n";
    let parts: [(&str, Option<&str>, &str, &[u8]); 1] = [("file", Some("a.csv"), "text/csv", table.as_bytes())];
    approver.upload(&format!("{path}/import"), &parts).await.assert_status(303);
    let of = |query: &str| query.replace("@theme", &theme.to_string());
    let numbers = [
        ("comment", "SELECT id FROM consultation WHERE id = @theme"),
        ("text", "SELECT MAX(id) FROM document WHERE consultation_id = @theme"),
        (
            "version",
            "SELECT MAX(v.id) FROM document_version v JOIN document d ON d.id = v.document_id \
             WHERE d.consultation_id = @theme",
        ),
        ("submission", "SELECT MIN(id) FROM proposal WHERE consultation_id = @theme"),
        (
            "scan",
            "SELECT MIN(a.id) FROM attachment a JOIN proposal p ON p.id = a.proposal_id \
             WHERE p.consultation_id = @theme",
        ),
        ("group", "SELECT MIN(id) FROM text_group WHERE consultation_id = @theme"),
        ("import", "SELECT MIN(id) FROM bulk_import WHERE consultation_id = @theme"),
    ];
    let mut prepared = vec![("call", call)];
    for (name, query) in numbers {
        prepared.push((name, site.number(&of(query)).await.to_string()));
    }
    let letter = "SELECT receipt_number FROM proposal WHERE consultation_id = @theme ORDER BY id LIMIT 1";
    prepared.push(("letter", site.texts(&of(letter)).await.remove(0)));
    prepared
}

async fn actors(site: &Site) -> Vec<(&'static str, Browser)> {
    vec![
        ("visitor", site.visitor()),
        ("resident", site.resident("区民").await),
        ("author", site.resident("投稿者").await),
        ("clerk", site.staff("担当", "公園課", Role::Clerk).await),
        ("other-clerk", site.staff("他課の担当", "文化課", Role::Clerk).await),
        ("approver", site.staff("承認者", "公園課", Role::Approver).await),
        ("auditor", site.staff("監査", "監査課", Role::Auditor).await),
        ("admin", site.staff("管理者", "総務課", Role::Admin).await),
    ]
}

fn method(body: Body) -> Method {
    if matches!(body, Page) { Method::GET } else { Method::POST }
}

fn answer(reply: &Reply) -> String {
    if reply.location().starts_with("/account/sign-in?next=") { "sign-in".to_owned() } else { reply.status.to_string() }
}

on_both_databases! {
    async fn every_route_answers_every_role_as_agreed(site) {
        let actors = actors(&site).await;
        let mut approver = actors[5].1.clone();
        let mut author = actors[2].1.clone();
        let mut columns: Vec<Vec<String>> = Vec::new();
        for (name, mut actor) in actors {
            let prepared = prepare(&site, &mut approver, &mut author, name).await;
            let mut column = vec![name.to_owned()];
            for (route, address, body) in PREPARED {
                let reply = prepared.ask(&mut actor, address, *body).await;
                assert!(reply.status < 500, "{name} {route}: {}", reply.text);
                column.push(answer(&reply));
            }
            columns.push(column);
            // Signing out is the last thing that is asked; the approver and the author are needed further on.
            match name {
                "author" => {
                    author = site
                        .signed_in(&format!("{}@example.jp", crate::support::hex("投稿者")), crate::support::PASSWORD)
                        .await;
                }
                "approver" => {
                    approver = site
                        .signed_in(
                            &format!("{}@staff.example.jp", crate::support::hex("承認者")),
                            crate::support::PASSWORD,
                        )
                        .await;
                }
                _ => {}
            }
        }
        let mut table = String::new();
        let routes = PREPARED.iter().map(|(route, _, body)| format!("{} {route}", method(*body)));
        for (line, route) in std::iter::once("route".to_owned()).chain(routes).enumerate() {
            write!(table, "{route:<72}").unwrap();
            for column in &columns {
                write!(table, "{:>12}", column[line]).unwrap();
            }
            table.push('\n');
        }
        insta::assert_snapshot!("every_route_and_role", table);
    }

    async fn what_belongs_to_a_theme_is_found_under_that_theme_only(site) {
        let mut approver = site.staff("承認者", "公園課", Role::Approver).await;
        let mut author = site.resident("投稿者").await;
        let one = prepare(&site, &mut approver, &mut author, "one").await;
        let two = prepare(&site, &mut approver, &mut author, "two").await;
        // The theme of the second, everything below it of the first.
        let theme = |name: &str| two.fill(name);
        let own = |name: &str| one.fill(name);
        let (open, draft, finished) = (theme("@open"), theme("@draft"), theme("@finished"));
        let rows = format!("/staff/consultations/{finished}/responses/rows/{}", own("@row"));
        for page in [
            format!("/consultations/{open}/proposals/{}", own("@proposal")),
            format!("/consultations/{open}/documents/{}", own("@document")),
            format!("/staff/consultations/{draft}/preview/documents/{}", own("@attachment")),
            rows.clone(),
        ] {
            assert_eq!(approver.get(&page).await.status, 404, "{page}");
        }
        let chapter = theme("@chapter");
        let row = [("chapter", chapter.as_str()), ("text", "他人の行"), ("row_version", "1")];
        for (action, fields) in [
            (rows.clone(), &row[..]),
            (format!("{rows}/move"), &[("direction", "up")]),
            (format!("{rows}/delete"), &[]),
            (
                format!("/staff/consultations/{finished}/responses/chapters/{}", own("@chapter")),
                &[("act", "rename"), ("title", "x")],
            ),
            (format!("/staff/consultations/{draft}/documents/{}/remove", own("@attachment")), &[]),
        ] {
            assert_eq!(approver.post(&action, fields).await.status, 404, "{action}");
        }
        let path = format!("/consultations/{open}/proposals/{}", own("@proposal"));
        assert_eq!(author.post(&format!("{path}/edit"), &[("body", "x")]).await.status, 404);
        assert_eq!(author.post(&format!("{path}/withdraw"), &[]).await.status, 404);
    }
}

#[test]
fn every_route_of_the_site_is_asked_here() {
    let known: BTreeSet<(String, &str)> =
        server::web::all_routes().table().iter().map(|r| (r.method.to_string(), r.path)).collect();
    let asked: BTreeSet<(String, &str)> =
        PREPARED.iter().map(|(route, _, body)| (method(*body).to_string(), *route)).collect();
    let missing: Vec<_> = known.difference(&asked).collect();
    assert!(missing.is_empty(), "add these routes to PREPARED: {missing:?}");
    let gone: Vec<_> = asked.difference(&known).collect();
    assert!(gone.is_empty(), "these routes are no more: {gone:?}");
}

#[test]
fn every_route_under_staff_is_for_staff() {
    use server::web::routes::Access;
    for route in server::web::all_routes().table() {
        let staff = route.path.starts_with("/staff");
        assert_eq!(staff, matches!(route.access, Access::Staff | Access::Audit), "{} {}", route.method, route.path);
    }
}
