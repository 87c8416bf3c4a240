//! Messages on their way out: to a server that refuses them and repeats the address, to none, and into a folder.

use std::path::Path;
use std::time::Duration;

use clares_law::mail::{Mailer, sender, smtp::Smtp};
use clares_law::worker::outbox::step;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::{WORD, holds};
use crate::support::app::TestApp;
use crate::support::post::{SENDER, folder_mailer};

/// Sends what waits, with two failures; no letter holds a canary (L8).
pub async fn are_sent(test: &TestApp, canaries: &[String]) {
    for _ in 0..3 {
        test.case().await;
    }
    test.wait(13);
    while test.sweep(7).await.unwrap() > 0 {}
    let waiting = test.messages().await.len();
    assert!(waiting > 5, "only {waiting} messages");
    let refusing = refusing().await;
    assert!(step(&test.app, &refusing).await.unwrap());
    assert!(!step(&test.app, &by_port(1)).await.unwrap());
    test.wait(24);
    let folder = tempfile::tempdir().unwrap();
    let mailer = folder_mailer(folder.path());
    while step(&test.app, &mailer).await.unwrap() {}
    let letters = letters(folder.path());
    assert_eq!(letters.len(), waiting - 1, "all but the refused one");
    for letter in letters {
        assert!(!letter.contains("base64"), "what cannot be read: {letter}");
        assert!(!holds(&letter, canaries), "{letter}");
    }
}

fn by_port(port: u16) -> Mailer {
    let address = format!("smtp+unencrypted://localhost:{port}");
    let patience = Duration::from_secs(2);
    let smtp = Smtp::new(&address, sender(SENDER).unwrap(), &[], patience);
    Mailer::Smtp(Box::new(smtp.unwrap()))
}

/// The way to a mail server that refuses every recipient, and says more of it than it should.
async fn refusing() -> Mailer {
    let door = TcpListener::bind("localhost:0").await.unwrap();
    let port = door.local_addr().unwrap().port();
    #[expect(clippy::disallowed_methods, reason = "a server for one test")]
    tokio::spawn(async move {
        let (link, _) = door.accept().await.unwrap();
        let (reads, mut writes) = link.into_split();
        let mut lines = BufReader::new(reads).lines();
        writes.write_all(b"220 localhost\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let answer = match line.get(..4) {
                Some("RCPT") => format!("550 {WORD} at {line} is not known here\r\n"),
                _ => "250 localhost\r\n".to_owned(),
            };
            if writes.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    });
    by_port(port)
}

fn letters(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}
