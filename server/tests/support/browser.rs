//! A browser without a screen: keeps cookies, follows nothing by itself.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, header},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

/// A browser.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    address: SocketAddr,
    cookies: BTreeMap<String, String>,
    /// Sent with every request.
    pub language: &'static str,
    /// What a proxy in between says of the client (`X-Forwarded-For`).
    pub forwarded_for: Option<&'static str>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
    /// The body as text.
    pub text: String,
}

impl Browser {
    /// A browser that has never been here.
    pub fn new(router: Router, address: SocketAddr) -> Self {
        Self { router, address, cookies: BTreeMap::new(), language: "ja", forwarded_for: None }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Sets a cookie.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(Request::builder().method(Method::GET).uri(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form, as a page of this site does.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = fields.iter().map(|(k, v)| format!("{}={}", percent(k), percent(v))).collect::<Vec<_>>().join("&");
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Sends a form with files: (name, file name, type, bytes); without a file name it is a text field.
    pub async fn upload(&mut self, path: &str, parts: &[(&str, Option<&str>, &str, &[u8])]) -> Reply {
        let mut body = Vec::new();
        for (name, file, kind, bytes) in parts {
            let file = file.map(|f| format!("; filename=\"{f}\"")).unwrap_or_default();
            body.extend_from_slice(
                format!(
                    "--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\nContent-Type: {kind}\r\n\r\n"
                )
                .as_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--edge--\r\n");
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Sends any request, with this browser's cookies.
    pub async fn send(&mut self, mut request: Request<Body>) -> Reply {
        let headers = request.headers_mut();
        headers.insert(header::HOST, "machikoe.test".parse().unwrap());
        headers.entry(header::ACCEPT_LANGUAGE).or_insert(self.language.parse().unwrap());
        if let Some(forwarded_for) = self.forwarded_for {
            headers.insert("x-forwarded-for", forwarded_for.parse().unwrap());
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo(self.address));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        for cookie in headers.get_all(header::SET_COOKIE) {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Reply { status, headers, bytes, text }
    }
}

impl Reply {
    /// Where it leads to.
    pub fn location(&self) -> String {
        self.header("location").to_owned()
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The value of a field of a form on the page.
    pub fn value_of(&self, name: &str) -> String {
        let tag = self.tag(&format!("name=\"{name}\""));
        let value = tag.split("value=\"").nth(1).unwrap_or_else(|| panic!("{name} has no value: {tag}"));
        value.split('"').next().unwrap().to_owned()
    }

    /// The chosen option of a select, or its first one with a value.
    pub fn selected_or_first_option(&self, name: &str) -> String {
        let select =
            self.text.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_else(|| panic!("no {name}:\n{}", self.text));
        let select = select.split("</select>").next().unwrap();
        let options: Vec<&str> = select.split("<option").skip(1).collect();
        let chosen = options
            .iter()
            .find(|o| o.split('>').next().unwrap().contains("selected"))
            .or_else(|| options.iter().find(|o| !o.contains("value=\"\"")));
        chosen.unwrap().split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    /// The tag that holds `mark`.
    fn tag(&self, mark: &str) -> String {
        let place = self.text.find(mark).unwrap_or_else(|| panic!("no {mark} in\n{}", self.text));
        let start = self.text[..place].rfind('<').unwrap();
        let end = self.text[place..].find('>').unwrap() + place;
        self.text[start..=end].to_owned()
    }

    /// Fails with the page when it doesn't hold `text`.
    #[track_caller]
    pub fn assert_shows(&self, text: &str) -> &Self {
        assert!(self.text.contains(text), "{text:?} is not on the page ({}):\n{}", self.status, self.text);
        self
    }

    /// Fails when it holds `text`.
    #[track_caller]
    pub fn assert_hides(&self, text: &str) {
        assert!(!self.text.contains(text), "{text:?} is on the page ({}):\n{}", self.status, self.text);
    }
}

/// Percent-encodes a form value.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
