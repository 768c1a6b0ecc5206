//! Themes in the hands of staff: making, changing, picture, documents, and whose they are.

use domain::Role;

use crate::{
    on_both_databases,
    support::{Browser, Reply, Site, png},
};

/// A form as it is sent, with some fields changed.
fn theme<'a>(department: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("title", "公園の使い方"),
        ("slug", "kouen"),
        ("kind", "open_dialogue"),
        ("department", department),
        ("summary", "概要"),
        ("body", "本文"),
        ("opens_on", "2026-11-20"),
        ("closes_on", "令和8年12月1日"),
        ("preset", "six-marks"),
    ];
    fields.retain(|(name, _)| !changed.iter().any(|(changed, _)| changed == name));
    fields.extend_from_slice(changed);
    fields
}

const MAKE: &str = "/staff/consultations/new";

async fn department(site: &Site, name: &str) -> String {
    site.number(&format!("SELECT id FROM department WHERE name = '{name}'")).await.to_string()
}

async fn picture(staff: &mut Browser, theme: i64, bytes: &[u8], alt: &str) -> Reply {
    let parts = [("cover", Some("photo.png"), "image/png", bytes), ("cover_alt", None, "text/plain", alt.as_bytes())];
    staff.upload(&format!("/staff/consultations/{theme}/cover"), &parts).await
}

async fn document(staff: &mut Browser, theme: i64, bytes: &[u8], title: &str) -> Reply {
    let parts = [
        ("document", Some("d.pdf"), "application/pdf", bytes),
        ("document_title", None, "text/plain", title.as_bytes()),
    ];
    staff.upload(&format!("/staff/consultations/{theme}/documents"), &parts).await
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";

/// A photo that says where it was taken and that it lies on its side (Exif 2.32 §4.6).
fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(width, height).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GPS35.6N139.7E".to_vec();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1];
    bytes.extend(length);
    bytes.append(&mut exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

on_both_databases! {
    async fn what_is_wrong_with_a_theme_is_said_and_what_was_typed_stays(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let own = department(&site, "公園課").await;
        let wrong = [
            ("title", ""),
            ("slug", "公園"),
            ("summary", "要\0約"),
            ("opens_on", "令和8年13月1日"),
            ("closes_on", "2026-11-19"),
            ("kind", ""),
            ("body", " "),
        ];
        let mut fields = theme(&own, &wrong);
        fields.extend([("question_id", ""), ("question_title", ""), ("question_body", "題のない説明")]);
        let reply = clerk.post(MAKE, &fields).await;
        reply.assert_status(422);
        for field in ["title", "slug", "summary", "opens_on", "kind", "body", "questions"] {
            reply.assert_shows(&format!("id=\"e-{field}\""));
            reply.assert_shows(&format!("href=\"#f-{field}\""));
        }
        for (name, typed) in [
            ("slug", "公園"),
            ("opens_on", "令和8年13月1日"),
            ("closes_on", "2026-11-19"),
            ("question_body", "題のない説明"),
        ] {
            assert_eq!(reply.field(name), typed, "{name}");
        }
        let reply = clerk.post(MAKE, &theme(&own, &[("closes_on", "2026-11-19")])).await;
        reply.assert_status(422).assert_shows("終了日は開始日以降の日付にしてください。");
        assert_eq!(site.number("SELECT COUNT(*) FROM consultation").await, 0);
        let more = clerk.post(MAKE, &theme(&own, &[("add", "1"), ("title", "書きかけ")])).await;
        more.assert_status(200);
        assert_eq!(more.field("title"), "書きかけ", "more rows, nothing lost, nothing saved");
        clerk.post(MAKE, &theme(&own, &[])).await.assert_status(303);
        assert_eq!(site.texts("SELECT slug FROM consultation").await, ["kouen"]);
        site.visitor().get("/consultations/kouen").await.assert_status(404);
    }

    async fn an_address_belongs_to_one_theme(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let mut second = clerk.clone();
        let own = department(&site, "公園課").await;
        site.slow("consultation").await;
        let fields = theme(&own, &[]);
        let (a, b) = tokio::join!(clerk.post(MAKE, &fields), second.post(MAKE, &fields));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "also when both are sent at once");
        let reply = clerk.post(MAKE, &theme(&own, &[("slug", "ＫＯＵＥＮ")])).await;
        reply.assert_status(422).assert_shows("このアドレスは別のテーマで使われています。");
        let other = site.draft_theme(&mut clerk, "other", "open_dialogue").await;
        let edit = format!("/staff/consultations/{other}/edit");
        let version = clerk.get(&edit).await.value_of("version");
        let reply = clerk.post(&edit, &theme(&own, &[("version", &version)])).await;
        reply.assert_status(422).assert_shows("このアドレスは別のテーマで使われています。");
    }

    async fn of_two_editors_the_second_sees_both_versions(site) {
        let mut first = site.staff("水野", "公園課", Role::Clerk).await;
        let mut second = site.staff("山田", "公園課", Role::Clerk).await;
        let own = department(&site, "公園課").await;
        let id = site.draft_theme(&mut first, "kouen", "open_dialogue").await;
        let edit = format!("/staff/consultations/{id}/edit");
        let version = second.get(&edit).await.value_of("version");
        first.post(&edit, &theme(&own, &[("version", &version), ("title", "最初の題")])).await.assert_status(303);
        let conflict = second.post(&edit, &theme(&own, &[("version", &version), ("title", "二番目の題")])).await;
        conflict.assert_status(409).assert_shows("最初の題");
        assert_eq!(conflict.field("title"), "二番目の題");
        let version = conflict.value_of("version");
        second.post(&edit, &theme(&own, &[("version", &version), ("title", "二番目の題")])).await.assert_status(303);
        assert_eq!(site.texts("SELECT title FROM consultation").await, ["二番目の題"]);
        site.slow("consultation").await;
        let version = second.get(&edit).await.value_of("version");
        let (one, two) = (
            theme(&own, &[("version", &version), ("title", "甲")]),
            theme(&own, &[("version", &version), ("title", "乙")]),
        );
        let (a, b) = tokio::join!(first.post(&edit, &one), second.post(&edit, &two));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
    }

    async fn a_theme_belongs_to_a_department(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let mut other = site.staff("文化", "文化課", Role::Approver).await;
        let mut admin = site.staff("管理", "総務課", Role::Admin).await;
        let (own, foreign) = (department(&site, "公園課").await, department(&site, "文化課").await);
        clerk.post(MAKE, &theme(&foreign, &[("title", "よその題")])).await.assert_status(403).assert_shows("よその題");
        let id = site.draft_theme(&mut clerk, "kouen", "open_dialogue").await;
        let edit = format!("/staff/consultations/{id}/edit");
        let version = clerk.get(&edit).await.value_of("version");
        clerk.post(&edit, &theme(&foreign, &[("version", &version)])).await.assert_status(403);
        for path in [edit.clone(), format!("/staff/consultations/{id}/publish")] {
            other.post(&path, &theme(&own, &[("version", &version)])).await.assert_status(403);
        }
        picture(&mut other, id, &png(4, 4), "絵").await.assert_status(403);
        document(&mut other, id, PDF, "資料").await.assert_status(403);
        admin.post(&edit, &theme(&foreign, &[("version", &version)])).await.assert_status(303);
        clerk.get(&edit).await.assert_status(403);
        other.get(&edit).await.assert_status(200);
        let reply = admin.post(MAKE, &theme("999999", &[("slug", "another")])).await;
        reply.assert_status(422);
    }

    async fn a_picture_is_written_anew_without_what_it_knew(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = site.open_theme(&mut clerk, "kouen").await;
        picture(&mut clerk, id, &photo(40, 20), "公園の桜").await.assert_status(303);
        let cover = site.visitor().get("/consultations/kouen/cover").await;
        assert_eq!((cover.status, cover.header("content-type")), (200, "image/jpeg"));
        assert!(cover.header("content-security-policy").contains("default-src 'none'"));
        let picture_now = image::load_from_memory(&cover.bytes).unwrap();
        assert_eq!((picture_now.width(), picture_now.height()), (20, 40), "turned as the camera was held");
        assert!(!cover.text.contains("Exif") && !cover.text.contains("GPS35"));
        site.visitor().get("/consultations/kouen").await.assert_shows("alt=\"公園の桜\"");
        picture(&mut clerk, id, &png(4000, 1000), "広い公園").await.assert_status(303);
        let cover = site.visitor().get("/consultations/kouen/cover").await;
        assert_eq!(image::load_from_memory(&cover.bytes).unwrap().width(), 1600);
        // The words can be changed alone.
        picture(&mut clerk, id, b"", "とても広い公園").await.assert_status(303);
        site.visitor().get("/consultations/kouen").await.assert_shows("alt=\"とても広い公園\"");
    }

    async fn what_is_no_picture_or_has_no_words_is_refused(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = site.open_theme(&mut clerk, "kouen").await;
        picture(&mut clerk, id, &png(4, 4), " ")
            .await
            .assert_status(422)
            .assert_shows("画像の内容を言葉で説明してください");
        picture(&mut clerk, id, b"", "絵").await.assert_status(422);
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
        for bytes in [&b"<html><script>alert(1)</script>"[..], svg, PDF, &png(4, 4)[..20], &png(12_001, 1)] {
            let reply = picture(&mut clerk, id, bytes, "公園の桜").await;
            reply.assert_status(422).assert_shows("この種類のファイルは使用できません。");
            assert_eq!(reply.field("cover_alt"), "公園の桜");
        }
        for megabytes in [16, 25] {
            let reply = picture(&mut clerk, id, &vec![0; megabytes << 20], "大きな絵").await;
            reply.assert_status(422).assert_shows("ファイルは15MB以内にしてください。");
        }
        assert_eq!(site.visitor().get("/consultations/kouen/cover").await.status, 404);
    }

    async fn a_document_is_a_pdf_and_is_served_as_nothing_else(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = site.open_theme(&mut clerk, "kouen").await;
        for (bytes, title) in
            [(&b"<html>%PDF-1.7 %%EOF"[..], "素案"), (b"%PDF-1.7 cut", "素案"), (b"", "素案"), (PDF, " ")]
        {
            let reply = document(&mut clerk, id, bytes, title).await;
            reply.assert_status(422);
            assert_eq!(reply.field("document_title"), title);
        }
        document(&mut clerk, id, PDF, "素案\"; filename=x.html\r\nX: y").await.assert_status(303);
        let file = site.number("SELECT id FROM document").await;
        let path = format!("/consultations/kouen/documents/{file}");
        let reply = site.visitor().get(&path).await;
        assert_eq!((reply.status, reply.header("content-type"), &*reply.bytes), (200, "application/pdf", PDF));
        assert_eq!((reply.header("x-content-type-options"), reply.header("x")), ("nosniff", ""));
        let disposition = reply.header("content-disposition");
        assert!(disposition.starts_with("inline; filename*=UTF-8''%E7%B4%A0%E6%A1%88%22"), "{disposition}");
        site.visitor().get("/consultations/kouen").await.assert_shows(&path);
        clerk.post(&format!("/staff/consultations/{id}/documents/{file}/remove"), &[]).await.assert_status(303);
        assert_eq!(site.visitor().get(&path).await.status, 404);
    }

    async fn nothing_of_a_draft_is_public(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = site.draft_theme(&mut clerk, "kouen", "open_dialogue").await;
        picture(&mut clerk, id, &png(4, 4), "桜").await.assert_status(303);
        document(&mut clerk, id, PDF, "素案").await.assert_status(303);
        let file = site.number("SELECT id FROM document").await;
        let public = ["", "/cover", &format!("/documents/{file}"), "/proposals", "/responses", "/responses.csv"]
            .map(|p| format!("/consultations/kouen{p}"));
        let mut resident = site.resident("花子").await;
        for path in &public {
            for reader in [&mut site.visitor(), &mut resident, &mut clerk] {
                assert_eq!(reader.get(path).await.status, 404, "{path}");
            }
        }
        resident.post("/consultations/kouen/proposals/new", &[("body", "早すぎる")]).await.assert_status(404);
        let preview = clerk.get(&format!("/staff/consultations/{id}/preview")).await;
        preview.assert_shows("みんなの公園をつくろう");
        preview.assert_hides("\"/consultations/kouen/cover");
        let cover = clerk.get(&format!("/staff/consultations/{id}/preview/cover")).await;
        assert_eq!((cover.status, cover.header("cache-control")), (200, "private, no-store"));
        clerk.post(&format!("/staff/consultations/{id}/publish"), &[]).await.assert_status(303);
        for path in &public[..4] {
            assert_eq!(site.visitor().get(path).await.status, 200, "{path}");
        }
        clerk.post(&format!("/staff/consultations/{id}/unpublish"), &[]).await.assert_status(303);
        for path in &public {
            assert_eq!(site.visitor().get(path).await.status, 404, "{path}");
        }
    }

    async fn what_people_have_answered_to_stays(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let own = department(&site, "公園課").await;
        let questions = [
            ("question_id", ""),
            ("question_title", "何がほしいですか"),
            ("question_body", ""),
            ("question_id", ""),
            ("question_title", "どこにほしいですか"),
            ("question_body", ""),
        ];
        let mut fields = theme(&own, &[]);
        fields.extend(questions);
        clerk.post(MAKE, &fields).await.assert_status(303);
        let id = site.number("SELECT id FROM consultation").await;
        clerk.post(&format!("/staff/consultations/{id}/publish"), &[]).await.assert_status(303);
        let ids = site.numbers("SELECT id FROM question ORDER BY position").await;
        let mut author = site.resident("花子").await;
        let new = "/consultations/kouen/proposals/new";
        author.post(new, &[("body", "問いなし")]).await.assert_status(422).assert_shows("一つ選んでください。");
        author.post(new, &[("body", "よその問い"), ("question", "999")]).await.assert_status(422);
        author.post(new, &[("body", "ベンチ"), ("question", &ids[0].to_string())]).await.assert_status(303);
        let edit = format!("/staff/consultations/{id}/edit");
        let version = clerk.get(&edit).await.value_of("version");
        let reply = clerk.post(&edit, &theme(&own, &[("version", &version), ("kind", "public_comment")])).await;
        assert!([303, 422].contains(&reply.status), "{}", reply.text);
        assert_eq!(
            site.texts("SELECT kind FROM consultation").await,
            ["open_dialogue"],
            "people were told that it is shown"
        );
        let version = clerk.get(&edit).await.value_of("version");
        clerk.post(&edit, &theme(&own, &[("version", &version)])).await.assert_status(303);
        assert_eq!(site.numbers("SELECT id FROM question").await, [ids[0]], "the other, unanswered one is gone");
        clerk.post(&format!("/staff/consultations/{id}/unpublish"), &[]).await.assert_status(409);
        site.visitor().get("/consultations/kouen").await.assert_status(200);
    }
}
