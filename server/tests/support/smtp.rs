//! A mail server on loopback that does as it is told: takes a mail, refuses it for good, or asks to come back later.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// What the server does with the next mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Takes them.
    Takes,
    /// Knows no such recipient (550).
    RefusesRecipient,
    /// Is busy (451).
    Busy,
    /// Wants nothing to do with anybody (554 instead of a greeting).
    RefusesEverybody,
    /// Drops the connection in the middle of the mail.
    HangsUp,
}

/// The server.
#[derive(Clone)]
pub struct Smtp {
    address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<String>>>,
    asked: Arc<Mutex<usize>>,
}

impl Smtp {
    /// Starts it; its threads end with the process.
    pub fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let smtp = Self {
            address: listener.local_addr().unwrap(),
            mood: Arc::new(Mutex::new(mood)),
            taken: Arc::default(),
            asked: Arc::default(),
        };
        let server = smtp.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = server.clone();
                std::thread::spawn(move || server.talk(client));
            }
        });
        smtp
    }

    /// For `MACHIKOE_SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// From now on.
    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The mails that were taken.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    /// How many recipients or connections were decided on.
    pub fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }

    fn mood(&self) -> Mood {
        *self.mood.lock().unwrap()
    }

    /// One conversation (RFC 5321 §3).
    fn talk(&self, client: TcpStream) {
        let mut say = client.try_clone().unwrap();
        let mut lines = BufReader::new(client).lines();
        let mut hear = || lines.next().and_then(Result::ok);
        let mut answer = |line: &str| say.write_all(format!("{line}\r\n").as_bytes()).is_ok();
        if self.mood() == Mood::RefusesEverybody {
            *self.asked.lock().unwrap() += 1;
            answer("554 go away");
            return;
        }
        answer("220 loopback ESMTP");
        while let Some(line) = hear() {
            let verb = line.split(' ').next().unwrap().to_uppercase();
            let going_on = match verb.as_str() {
                "EHLO" | "HELO" => answer("250-loopback\r\n250 8BITMIME"),
                "RCPT" => {
                    *self.asked.lock().unwrap() += 1;
                    match self.mood() {
                        Mood::RefusesRecipient => answer("550 5.1.1 no such user"),
                        Mood::Busy => answer("451 4.3.0 come back later"),
                        _ => answer("250 ok"),
                    }
                }
                "DATA" => {
                    answer("354 go ahead");
                    if self.mood() == Mood::HangsUp {
                        return;
                    }
                    let mut mail = String::new();
                    while let Some(line) = hear().filter(|line| line != ".") {
                        mail.push_str(line.strip_prefix('.').unwrap_or(&line));
                        mail.push('\n');
                    }
                    self.taken.lock().unwrap().push(mail);
                    answer("250 taken")
                }
                "QUIT" => {
                    answer("221 bye");
                    false
                }
                _ => answer("250 ok"),
            };
            if !going_on {
                return;
            }
        }
    }
}
