//! The words of every mail, in every language: a change shows up as a difference to be read once more.

use std::fmt::Write as _;

use app::mails::{self, Mail, Reader};
use domain::{Locale, ward::Ward};

const SITE: &str = "https://koe.example.jp";
/// 23:59:59.999 on 30 November 2026 in Japan.
const CLOSES_AT: i64 = 1_796_050_799_999;

fn all(to: Reader<'_>) -> Vec<(&'static str, Mail)> {
    let url = |path: &str| format!("{SITE}{path}");
    let theme = "防災区民憲章";
    let rows = [("1-2", 12), ("2-1", 34)]
        .map(|(row, id)| (row.to_owned(), url(&format!("/consultations/bousai/responses#row-{id}"))));
    let post = url("/consultations/bousai/proposals/7");
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
