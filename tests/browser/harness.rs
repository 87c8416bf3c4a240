//! The harness itself, on two small pages: what it can do, and that it sees what is wrong.

use crate::chrome::{Browser, Width};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

const GOOD: &str = r#"<!doctype html><html lang="en"><head><title>Good page</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main>
<h1>What should we call you?</h1>
<form action="/answer">
<label for="name">Your name</label><input id="name" name="name" value="old">
<input type="radio" id="text" name="way" value="text"><label for="text">Text message</label>
<button>Continue</button></form>
<p><a href="/wide">A wide page</a></p>
<p id="scripts">Scripts are off</p><script>document.getElementById('scripts').innerText = 'Scripts are on'</script>
</main></body></html>"#;

const WIDE: &str = r#"<!doctype html><html><head><title>Wide page</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>
<h1>Wide</h1><img src="data:,"><div id="plank" style="width: 900px">A plank</div></body></html>"#;

/// Serves the two pages, and anywhere else the address that was asked for, until the test's process ends.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            // A browser keeps connections in reserve without asking anything: none may hold up the others.
            std::thread::spawn(move || answer(&connection.unwrap()));
        }
    });
    address
}

fn answer(mut connection: &TcpStream) {
    let mut request = String::new();
    BufReader::new(connection).read_line(&mut request).unwrap();
    let page = match request.split(' ').nth(1) {
        None => return,
        Some("/") => GOOD.to_owned(),
        Some("/wide") => WIDE.to_owned(),
        Some(address) => format!("<title>Answer</title><h1>{address}</h1>"),
    };
    let length = page.len();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close";
    write!(
        connection,
        "{head}\r\nContent-Length: {length}\r\n\r\n{page}"
    )
    .unwrap();
}

#[tokio::test]
async fn a_form_is_filled_in_by_its_words() {
    let browser = Browser::open(Width::Narrow).await;
    browser.goto(&serve()).await;
    assert_eq!(browser.heading().await, "What should we call you?");
    assert!(browser.text().await.contains("Scripts are on"));
    browser.no_sideways_scroll().await;
    let violations = browser.axe().await;
    assert!(violations.is_empty(), "{violations:#?}");

    browser.fill("Your name", "Alex Example").await;
    browser.choose("Text message").await;
    assert!(browser.screenshot("harness").await.is_file());
    browser.press("Continue").await;
    assert_eq!(
        browser.heading().await,
        "/answer?name=Alex+Example&way=text"
    );
}

#[tokio::test]
async fn a_page_with_faults_is_seen_to_have_them() {
    let browser = Browser::open(Width::Phone).await;
    browser.goto(&serve()).await;
    browser.follow("A wide page").await;
    let violations = browser.axe().await;
    assert_eq!(
        violations,
        [
            "html-has-lang: <html> element must have a lang attribute: html",
            "image-alt: Images must have alternative text: img"
        ]
    );
}

#[tokio::test]
#[should_panic(expected = "scrolls sideways at 360 px: <div id=\"plank\"")]
async fn a_page_that_is_too_wide_names_what_sticks_out() {
    let browser = Browser::open(Width::Phone).await;
    browser.goto(&format!("{}/wide", serve())).await;
    browser.no_sideways_scroll().await;
}

#[tokio::test]
#[should_panic(expected = "'Postcode' is there 0 times on http://127.0.0.1")]
async fn a_field_that_is_not_there_says_where_it_was_looked_for() {
    let browser = Browser::open(Width::Desk).await;
    browser.goto(&serve()).await;
    browser.fill("Postcode", "EX1 1EX").await;
}

#[tokio::test]
async fn pages_can_be_read_without_scripts() {
    let browser = Browser::open(Width::Desk).await;
    browser.without_scripts().await;
    browser.goto(&serve()).await;
    assert!(browser.text().await.contains("Scripts are off"));
    let profile = browser.close();
    assert!(profile.path().join("Default/History").is_file());
}
