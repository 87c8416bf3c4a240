//! A browser without a screen: it keeps cookies, follows redirects, and sends forms as they stand on the page.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use scraper::{ElementRef, Html, Selector};
use tower::ServiceExt as _;

pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    /// Where it is, after redirects; a whole address when it was sent to another host.
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
    /// What came, where it is no page.
    pub bytes: Vec<u8>,
}

pub fn select(html: &str, what: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    page.select(&css(what))
        .map(|element| words(&element))
        .collect()
}

pub fn css(what: &str) -> Selector {
    Selector::parse(what).unwrap()
}

/// An element's text with single spaces.
pub fn words(element: &ElementRef) -> String {
    element
        .text()
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            path: String::new(),
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            html: String::new(),
            bytes: Vec::new(),
        }
    }

    /// Opens an address of ours.
    pub async fn get(&mut self, path: &str) -> StatusCode {
        self.ask(Method::GET, path, None).await
    }

    /// Fills in these fields of the form with this button, empties nothing else, and presses it.
    pub async fn send(&mut self, fields: &[(&str, &str)], button: &str) -> StatusCode {
        let (action, pairs) = self.form(fields, button);
        self.post(&action, &pairs).await
    }

    /// The address of the first form with this button, and what it would send. A button may go on, after a colon, with what it is about.
    pub fn form(&self, fields: &[(&str, &str)], button: &str) -> (String, Vec<(String, String)>) {
        let page = Html::parse_document(&self.html);
        let says = |element: &ElementRef| {
            let words = words(element);
            words == button || words.starts_with(&format!("{button}:"))
        };
        let (all, buttons) = (css("main form"), css("button.govuk-button"));
        let mut forms = page
            .select(&all)
            .map(|form| (form, form.select(&buttons).find(says)));
        let (form, pressed) = forms
            .find(|(_, pressed)| pressed.is_some())
            .unwrap_or_else(|| panic!("no button '{button}' on {}", self.path));
        let mut pairs: Vec<(String, String)> = Vec::new();
        for field in form.select(&css("input, textarea, select")) {
            pairs.extend(value(&field));
        }
        for (name, _) in fields {
            pairs.retain(|(sent, _)| sent != name);
        }
        pairs.extend(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let pressed = pressed.expect("found above").value();
        if let Some(name) = pressed.attr("name") {
            pairs.push((
                name.to_owned(),
                pressed.attr("value").unwrap_or_default().to_owned(),
            ));
        }
        let action = form.value().attr("action").unwrap_or(&self.path).to_owned();
        (action, pairs)
    }

    pub async fn post(&mut self, path: &str, pairs: &[(String, String)]) -> StatusCode {
        let body = encoded(pairs);
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Posts nothing and follows no redirect: what is answered is what stands here.
    pub async fn post_once(&mut self, path: &str) {
        self.one(Method::POST, path, None).await;
    }

    /// All text of the page.
    pub fn text(&self) -> String {
        select(&self.html, "body").join(" ")
    }

    pub fn has(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    pub fn heading(&self) -> String {
        select(&self.html, "h1").join(" / ")
    }

    /// The address of the link with these words.
    pub fn link(&self, text: &str) -> String {
        let page = Html::parse_document(&self.html);
        let found = page.select(&css("a")).find(|link| words(link) == text);
        let found =
            found.unwrap_or_else(|| panic!("no link '{text}' on {}: {}", self.path, self.text()));
        found.value().attr("href").unwrap().to_owned()
    }

    async fn ask(&mut self, method: Method, path: &str, body: Option<String>) -> StatusCode {
        let (mut method, mut path, mut body) = (method, path.to_owned(), body);
        for _ in 0..5 {
            self.one(method, &path, body.take()).await;
            self.path.clone_from(&path);
            let Some(to) = self
                .headers
                .get(header::LOCATION)
                .filter(|_| self.status.is_redirection())
            else {
                break;
            };
            path = to.to_str().unwrap().to_owned();
            method = Method::GET;
            if !path.starts_with('/') {
                self.path = path;
                break;
            }
        }
        self.status
    }

    async fn one(&mut self, method: Method, path: &str, body: Option<String>) {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "example.org")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Body::from(body.unwrap_or_default())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        self.status = response.status();
        self.headers = response.headers().clone();
        for cookie in self.headers.get_all(header::SET_COOKIE) {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        self.bytes = bytes.to_vec();
        self.html = String::from_utf8_lossy(&bytes).into_owned();
    }
}

/// What a field would send, as browsers do it.
fn value(field: &ElementRef) -> Option<(String, String)> {
    let element = field.value();
    let name = element.attr("name")?.to_owned();
    let own = || element.attr("value").unwrap_or_default().to_owned();
    match (element.name(), element.attr("type")) {
        ("input", Some("radio" | "checkbox")) => element.attr("checked").map(|_| (name, own())),
        ("textarea", _) => Some((name, field.text().collect::<String>().replace('\n', "\r\n"))),
        ("select", _) => {
            let chosen = field
                .select(&css("option[selected]"))
                .next()
                .or_else(|| field.select(&css("option")).next());
            Some((
                name,
                chosen?.value().attr("value").unwrap_or_default().to_owned(),
            ))
        }
        _ => Some((name, own())),
    }
}

fn encoded(pairs: &[(String, String)]) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    let text = |text: &str| text.bytes().map(byte).collect::<String>();
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", text(name), text(value)))
        .collect::<Vec<_>>()
        .join("&")
}
