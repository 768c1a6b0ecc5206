//! The real program: started, asked over a real connection, stopped.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// The program with nothing but these settings.
pub fn program(directory: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_machikoe"));
    command.env_clear().env("MACHIKOE_DATA_DIR", directory).env("LEPTOS_SITE_ROOT", "../public");
    command.envs(settings.iter().copied()).args(arguments).stdin(Stdio::null());
    command
}

/// Runs it to its end, with something to read on its standard input.
pub fn run(mut command: Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may have gone without reading.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// A server; it is killed when this is dropped.
pub struct Server {
    child: Child,
    address: SocketAddr,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Head and body.
    pub text: String,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next().unwrap();
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

impl Server {
    /// Starts it and waits until it answers.
    pub fn start(directory: &Path, settings: &[(&str, &str)]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = program(directory, settings, &["serve"])
            .env("MACHIKOE_ADDR", address.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { child, address };
        let patience = Instant::now() + Duration::from_secs(30);
        while server.ask("GET", "/readyz", "", "").is_none_or(|a| a.status != 200) {
            assert!(Instant::now() < patience, "the server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// One request on a connection of its own; `None` when there is no whole answer.
    pub fn ask(&self, method: &str, path: &str, cookie: &str, body: &str) -> Option<Answer> {
        let mut connection = self.connect()?;
        connection.write_all(self.head(method, path, cookie, body.len()).as_bytes()).ok()?;
        connection.write_all(body.as_bytes()).ok()?;
        answer(connection)
    }

    /// A connection.
    pub fn connect(&self) -> Option<TcpStream> {
        let connection = TcpStream::connect(self.address).ok()?;
        connection.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        Some(connection)
    }

    /// The head of a request.
    pub fn head(&self, method: &str, path: &str, cookie: &str, length: usize) -> String {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n",
            self.address
        )
    }

    /// Signs in; gives the cookie.
    pub fn sign_in(&self, email: &str, password: &str) -> String {
        let body = format!("email={}&password={password}", email.replace('@', "%40"));
        let answer = self.ask("POST", "/account/sign-in", "", &body).unwrap();
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }

    /// Sends a signal, such as `-TERM`.
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Waits for its end; whether that was a good one.
    pub fn ended(&mut self) -> bool {
        self.child.wait().unwrap().success()
    }
}

/// Reads an answer to its end.
pub fn answer(mut connection: TcpStream) -> Option<Answer> {
    let mut bytes = Vec::new();
    connection.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1)?.parse().ok()?;
    text.contains("\r\n\r\n").then_some(Answer { status, text })
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
