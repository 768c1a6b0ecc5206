//! The program from outside: settings, staff accounts, stopping politely and being killed.

use std::{path::Path, sync::Mutex, time::Duration};

use crate::support::{
    PASSWORD, Site,
    process::{Server, answer, program, run},
};

const STAFF: [&str; 8] = ["staff", "add", "--name", "水野", "--department", "公園課", "--email", "mizuno@example.jp"];

/// What the program says when it doesn't start: one line.
fn refusal(directory: &Path, settings: &[(&str, &str)], arguments: &[&str], input: &str) -> String {
    let output = run(program(directory, settings, arguments), input);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{settings:?} {text}");
    assert_eq!(text.lines().count(), 1, "{settings:?} {text}");
    text
}

#[test]
fn a_wrong_setting_stops_the_start_with_one_line_that_names_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (settings, word) in [
        (&[("MACHIKOE_BASE_URL", "ftp://koe.example.jp")][..], "MACHIKOE_BASE_URL"),
        (&[("MACHIKOE_BASE_URL", "https://koe.example.jp/")], "MACHIKOE_BASE_URL"),
        (&[("MACHIKOE_BASE_URL", "https://koe.example.jp")], "MACHIKOE_SMTP_URL"),
        (&[("MACHIKOE_SMTP_URL", "nonsense")], "MACHIKOE_SMTP_URL"),
        (&[("MACHIKOE_RATE_LIMITS", "perhaps")], "MACHIKOE_RATE_LIMITS"),
        (&[("MACHIKOE_MAIL_FROM", "nonsense")], "MACHIKOE_MAIL_FROM"),
        (&[("MACHIKOE_TRUSTED_PROXIES", "10.0.0.0/8,here")], "MACHIKOE_TRUSTED_PROXIES"),
        (&[("MACHIKOE_ADDR", "nonsense")], "MACHIKOE_ADDR"),
        (&[("MACHIKOE_ADDR", &taken)], "MACHIKOE_ADDR"),
        (&[("DATABASE_URL", "mysql://localhost/koe")], "DATABASE_URL"),
        (&[("DATABASE_URL", "sqlite:///no/such/place/koe.sqlite")], "database"),
        (&[("MACHIKOE_DATA_DIR", file.to_str().unwrap())], "data directory"),
    ] {
        let line = refusal(directory.path(), settings, &["serve"], "");
        assert!(line.contains(word), "{settings:?} {line}");
        assert!(line.starts_with("machikoe: "), "{line}");
    }
}

#[tokio::test]
async fn staff_accounts_are_made_with_a_password_from_standard_input() {
    let directory = tempfile::tempdir().unwrap();
    let add = |role: &str, input: &str| {
        let output = run(program(directory.path(), &[], &[&STAFF[..], &["--role", role]].concat()), input);
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    for (role, password, word) in
        [("king", PASSWORD, "--role"), ("clerk", "short", "15"), ("resident", PASSWORD, "--role")]
    {
        let line = refusal(directory.path(), &[], &[&STAFF[..], &["--role", role]].concat(), password);
        assert!(line.contains(word), "{line}");
    }
    let (made, said) = add("clerk", &format!("{PASSWORD}\n"));
    assert!(made && said.contains("mizuno@example.jp was added") && !said.contains(PASSWORD), "{said}");
    let again = refusal(directory.path(), &[], &[&STAFF[..], &["--role", "clerk"]].concat(), PASSWORD);
    assert!(again.contains("has an account already"), "{again}");
    let url = format!("sqlite://{}", directory.path().join("machikoe.sqlite").display());
    let site = Site::open(&url, directory, |_| ()).await;
    let mut clerk = site.signed_in("mizuno@example.jp", PASSWORD).await;
    clerk.get("/staff").await.assert_shows("公園課");
    clerk.get("/staff/audit").await.assert_status(403);
}

#[tokio::test]
async fn without_a_password_a_link_to_set_one_is_mailed() {
    let directory = tempfile::tempdir().unwrap();
    let output = run(program(directory.path(), &[], &[&STAFF[..], &["--role", "approver"]].concat()), "");
    assert!(output.status.success() && String::from_utf8(output.stdout).unwrap().contains("a link"));
    let url = format!("sqlite://{}", directory.path().join("machikoe.sqlite").display());
    let site = Site::open(&url, directory, |_| ()).await;
    // The program's clock is the system's: the mail is due in the test's clock when that has reached it.
    let made = site.number("SELECT created_at FROM mail").await;
    site.clock.set(made);
    let mail = site.mails_to("mizuno@example.jp").await.pop().unwrap();
    let link = mail.text.split_whitespace().find(|w| w.contains("/account/invitation?")).unwrap();
    let path = &link[link.find("/account").unwrap()..];
    let mut browser = site.visitor();
    let page = browser.get(path).await;
    let (account, token) = (page.value_of("account"), page.value_of("token"));
    for (password, status) in [("short", 422), (PASSWORD, 303), (PASSWORD, 422)] {
        let fields = [("account", account.as_str()), ("token", token.as_str()), ("password", password)];
        site.visitor().post("/account/invitation", &fields).await.assert_status(status);
    }
    let mut approver = site.signed_in("mizuno@example.jp", PASSWORD).await;
    assert_eq!(approver.get("/staff").await.status, 200);
}

fn question(server: &Server, cookie: &str) -> String {
    let form = server.ask("GET", "/consultations/bousai-kenshou/proposals/new", cookie, "").unwrap();
    let value = form.text.split("name=\"question\" value=\"").nth(1).unwrap_or_else(|| panic!("{}", form.text));
    value.split('"').next().unwrap().to_owned()
}

#[test]
fn what_was_acknowledged_survives_being_killed() {
    let directory = tempfile::tempdir().unwrap();
    let settings = [("MACHIKOE_RATE_LIMITS", "off")];
    assert!(run(program(directory.path(), &settings, &["demo"]), "").status.success());
    let server = Server::start(directory.path(), &settings);
    let people: Vec<String> =
        (1..=4).map(|n| server.sign_in(&format!("resident0{n}@example.jp"), server::demo::PASSWORD)).collect();
    let question = question(&server, &people[0]);
    let acknowledged: Mutex<Vec<(String, String)>> = Mutex::default();
    std::thread::scope(|scope| {
        for (person, cookie) in people.iter().enumerate() {
            let (server, acknowledged, question) = (&server, &acknowledged, &question);
            scope.spawn(move || {
                for n in 0.. {
                    let text = format!("opinion-{person}-{n}-end");
                    let body = format!("question={question}&body={text}");
                    let path = "/consultations/bousai-kenshou/proposals/new";
                    let Some(answer) = server.ask("POST", path, cookie, &body) else { return };
                    assert_eq!(answer.status, 303, "{}", answer.text);
                    acknowledged.lock().unwrap().push((answer.header("location").unwrap().to_owned(), text));
                }
            });
        }
        while acknowledged.lock().unwrap().len() < 60 {
            std::thread::sleep(Duration::from_millis(5));
        }
        server.signal("-KILL");
    });
    drop(server);
    let server = Server::start(directory.path(), &settings);
    let acknowledged = acknowledged.into_inner().unwrap();
    for (location, text) in &acknowledged {
        let page = server.ask("GET", location, "", "").unwrap();
        assert!(page.status == 200 && page.text.contains(text), "{text} was acknowledged and is lost");
    }
    // What is shown, counted and mailed agrees as well.
    let list = server.ask("GET", "/consultations/bousai-kenshou/proposals?per=100", "", "").unwrap().text;
    let total: usize = list
        .split("件の意見があります")
        .next()
        .unwrap()
        .rsplit(|c: char| !c.is_ascii_digit())
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(total >= acknowledged.len());
}

#[test]
fn a_polite_stop_finishes_what_is_open() {
    use std::io::Write as _;
    let directory = tempfile::tempdir().unwrap();
    assert!(run(program(directory.path(), &[], &["demo"]), "").status.success());
    let mut server = Server::start(directory.path(), &[]);
    let cookie = server.sign_in("resident01@example.jp", server::demo::PASSWORD);
    let body = format!("question={}&body=half-said-when-it-stopped", question(&server, &cookie));
    let (first, second) = body.split_at(20);
    let mut open = server.connect().unwrap();
    let head = server.head("POST", "/consultations/bousai-kenshou/proposals/new", &cookie, body.len());
    open.write_all(format!("{head}{first}").as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    server.signal("-TERM");
    std::thread::sleep(Duration::from_millis(300));
    assert!(server.connect().is_none(), "nobody new is let in");
    open.write_all(second.as_bytes()).unwrap();
    let answer = answer(open).unwrap();
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert!(server.ended());
    let server = Server::start(directory.path(), &[]);
    let page = server.ask("GET", answer.header("location").unwrap(), "", "").unwrap();
    assert!(page.text.contains("half-said-when-it-stopped"));
}
