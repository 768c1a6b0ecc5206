//! The words of every mail, in every language: a change shows up as a difference to be read once more.

use std::fmt::Write as _;

use app::mails::{self, Mail, Reader};
use domain::{Locale, commitment::CommitmentState, ward::Ward};

const SITE: &str = "https://koe.example.jp";
/// 23:59:59.999 on 30 November 2026 in Japan.
const CLOSES_AT: i64 = 1_796_050_799_999;

fn all(to: Reader<'_>) -> Vec<(&'static str, Mail)> {
    let url = |path: &str| format!("{SITE}{path}");
    let theme = "防災区民憲章";
    let rows = [("1-2", 12), ("2-1", 34)]
        .map(|(row, id)| (row.to_owned(), url(&format!("/consultations/bousai/responses#row-{id}"))));
    let post = url("/consultations/bousai/proposals/7");
    let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 18).unwrap();
    vec![
        ("confirm", mails::confirm_address(to, "012345", &url("/account/confirm?email=a%40example.jp"))),
        ("already registered", mails::already_registered(to, &url("/account/sign-in"), &url("/account/reset"))),
        ("reset", mails::reset_password(to, "012345", &url("/account/reset/confirm?email=a%40example.jp"))),
        ("invitation", mails::staff_invitation(to, &url("/account/invitation?account=3&token=abc"))),
        ("password changed", mails::password_changed(to)),
        ("received", mails::proposal_received(to, theme, "R8-K7QM-3F2T", &post)),
        (
            "hidden",
            mails::proposal_hidden(to, theme, "看板の色", "個人情報が含まれるため", &post, "防災課 03-0000-0000"),
        ),
        ("restored", mails::proposal_restored(to, theme, "看板の色", &post)),
        ("answered", mails::answer_published(to, theme, &rows)),
        ("closing soon", mails::closing_soon(to, theme, 3, CLOSES_AT, &url("/consultations/bousai/proposals/new"))),
        (
            "commitment",
            mails::commitment_progress(
                to,
                theme,
                "避難所の案内板を更新します。",
                CommitmentState::InProgress,
                "更新する案内板の調査を終えました。",
                &url("/consultations/bousai/commitments#commitment-3"),
            ),
        ),
        (
            "commitment due",
            mails::commitment_due(
                to,
                "避難所の案内板を更新します。",
                day,
                false,
                &url("/staff/consultations/7/commitments/3"),
            ),
        ),
        (
            "commitment late",
            mails::commitment_due(
                to,
                "避難所の案内板を更新します。",
                day,
                true,
                &url("/staff/consultations/7/commitments/3"),
            ),
        ),
        (
            "rows given",
            mails::rows_given(
                to,
                &mails::RowsGiven {
                    theme,
                    rows: 3,
                    due_on: Some(day),
                    note: "避難所の設備についてです。",
                    link: &url("/staff/board"),
                },
            ),
        ),
        ("row asked", mails::row_asked(to, theme, "数は足りていますか。", Some(day), &url("/staff/board"))),
        ("row replied", mails::row_replied(to, theme, "足りています。", &url("/staff/board"))),
        ("rows due", mails::rows_due(to, theme, 3, day, false, &url("/staff/board"))),
        ("rows late", mails::rows_due(to, theme, 3, day, true, &url("/staff/board"))),
        (
            "approval due",
            mails::approval_due(
                to,
                theme,
                "決裁",
                "水野 さやか",
                "委員会の前に公表します。",
                &url("/staff/consultations/7/approval"),
            ),
        ),
        ("approval done", mails::approval_done(to, theme, &url("/staff/consultations/7/approval"))),
        (
            "approval sent back",
            mails::approval_sent_back(
                to,
                theme,
                "確認",
                "早瀬 亮",
                "No.1-2 の件数を確かめてください。",
                &url("/staff/consultations/7/approval"),
            ),
        ),
        (
            "followed",
            mails::followed_published(
                to,
                theme,
                false,
                &url("/consultations/bousai/responses"),
                &url("/consultations/bousai/follow"),
            ),
        ),
        (
            "followed, corrected",
            mails::followed_published(
                to,
                theme,
                true,
                &url("/consultations/bousai/responses"),
                &url("/consultations/bousai/follow"),
            ),
        ),
        ("last day, staff", mails::closing_soon_staff(to, theme, 0, CLOSES_AT, &url("/staff/consultations/7"))),
    ]
}

#[test]
fn the_words_of_every_mail_are_as_they_were_read() {
    let ward =
        Ward {
            code: "131091".to_owned(), name: "みなも区".to_owned(), name_en: "Minamo City".to_owned(), demo: false
        };
    for locale in Locale::ALL {
        let mut text = String::new();
        for (name, mail) in all(Reader { locale, ward: &ward, name: "髙﨑 花子" }) {
            assert!(!mail.body.contains("%{") && !mail.subject.contains("%{"), "{name} {locale:?}");
            assert!(!mail.subject.contains('\n'), "{name} {locale:?}");
            writeln!(text, "=== {name}\nSubject: {}\n\n{}", mail.subject, mail.body).unwrap();
        }
        insta::assert_snapshot!(format!("mails_{}", locale.tag()), text);
    }
}
