//! What comes back of a backup is proved, and sends nothing until a person says so.

pub mod drill;
mod files;
pub mod server;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use clares_law::app::App;
use clares_law::app::epoch::Cause;
use clares_law::app::installation::{MadeBy, open_installation};
use clares_law::app::key_store::KeyStore;
use clares_law::app::reasons::Place;
use clares_law::clock::Clock;
use clares_law::mail::Mailer;
use clares_law::store::Sql;
use clares_law::{web, worker};

use crate::support::browser::Browser;
use crate::support::database::dropping;
use crate::support::house::{House, shipped_drafts};
use crate::support::world::dsdas;

const PASSWORD: &str = "a long enough password";

/// Runs a command on this database, with this typed into it.
fn run(arguments: &[&str], typed: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_clares-law");
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env_remove("DATABASE_URL")
        .spawn()
        .unwrap();
    // A command that asks for no password may be gone before it is typed.
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), typed.as_bytes());
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// Everything that a command said.
fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(both).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// An installation with messages that wait, and a supervisor who can sign in.
async fn with_messages() -> House {
    let house = House::new().await;
    house.account("iain", "supervisor", Some(PASSWORD)).await;
    house.case().await;
    house.wait(13);
    house.sweep(9).await.unwrap();
    assert_eq!(house.app.waiting().await.unwrap().messages, 1);
    house
}

/// The operator puts the keys of an installation into another folder, unless they are there.
fn put_keys(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    let keys = to.join(KeyStore::DATABASE);
    if keys.exists() {
        return;
    }
    let copied = run(
        &["keys", "backup", "--to", text(&keys), "--data", text(from)],
        "",
    );
    assert_eq!(code(&copied), 0, "{}", said(&copied));
    std::fs::copy(from.join(KeyStore::ROOT), to.join(KeyStore::ROOT)).unwrap();
}

/// Opens the installation with this database as `serve` does.
async fn opened(database: &str, data: &Path, clock: &Clock) -> Arc<App> {
    let drafts = shipped_drafts().clone().of_scheme(&dsdas().scheme.scheme);
    let made_by = MadeBy::Demonstration;
    let app = open_installation(
        database,
        data,
        KeyStore::of(data),
        &drafts,
        clock.clone(),
        made_by,
    );
    app.await.unwrap()
}

async fn count(app: &App, asked: &'static str) -> i64 {
    let mut tx = app.db.begin_read().await.unwrap();
    tx.sql(Sql::one("test.COUNT", asked))
        .scalar()
        .await
        .unwrap()
}

/// How many messages have been sent, once the worker has sent what it may.
async fn sent(app: &Arc<App>) -> i64 {
    while worker::outbox::step(app, &Mailer::Log).await.unwrap() {}
    count(app, "select count(*) from outbox where status = 'sent'").await
}

async fn cause(app: &App) -> Option<Cause> {
    app.hold().await.unwrap().map(|hold| hold.cause)
}

/// The supervisor signs in and lets the messages leave.
async fn release(app: &Arc<App>) {
    let secret = app.sign_in("iain", PASSWORD).await.unwrap().secret;
    let person = app.session(&secret).await.unwrap();
    app.release_outbox(&person.actor, "The lost machine is switched off")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_database_that_other_tools_brought_back_is_proved_and_held_where_it_is() {
    let house = with_messages().await;
    let secret = house.app.sign_in("iain", PASSWORD).await.unwrap().secret;
    house
        .tamper("update cases set state = 'closed' where open")
        .await;
    let restore = [
        "restore",
        "--database-url",
        house.database(),
        "--data",
        text(house.folder()),
    ];
    let proved = run(&restore, "");
    assert_eq!(code(&proved), 0, "{}", said(&proved));
    assert!(
        said(&proved).contains("1 cases differed"),
        "{}",
        said(&proved)
    );
    assert!(house.app.differing().await.unwrap().is_empty());
    assert_eq!(cause(&house.app).await, Some(Cause::Restored));
    assert!(
        house.app.session(&secret).await.is_err(),
        "nobody is signed in"
    );
    assert_eq!(sent(&house.app).await, 0);

    house.tamper(&dropping("events_no_update", "events")).await;
    house
        .tamper("update events set actor = 'another' where seq = 1")
        .await;
    let broken = run(&restore, "");
    assert_eq!(code(&broken), 1, "{}", said(&broken));
    assert!(
        said(&broken).contains("is broken at event 1"),
        "{}",
        said(&broken)
    );
    assert_eq!(
        house.count("select max(number) from epochs").await,
        3,
        "held all the same"
    );
}

#[tokio::test]
async fn what_may_have_reached_an_agency_before_the_restore_waits_for_a_person() {
    let house = with_messages().await;
    house
        .tamper("update outbox set recipient_kind = 'agency'")
        .await;
    house
        .tamper("insert into epochs select 2, (select max(made_at) from outbox), 'restored' from epochs")
        .await;
    release(&house.app).await;
    assert_eq!(sent(&house.app).await, 0, "nothing goes out twice");
    let doubted = "select count(*) from outbox where status = 'in_doubt'";
    assert_eq!(house.count(doubted).await, 1, "and nothing is lost");
}

#[tokio::test]
async fn a_release_needs_a_known_person_and_a_reason_and_is_never_changed() {
    let house = with_messages().await;
    house
        .tamper("insert into epochs select 2, began_at, 'restored' from epochs")
        .await;
    let asked = [
        "outbox",
        "release",
        "--as",
        "iain",
        "--database-url",
        house.database(),
        "--data",
        text(house.folder()),
    ];
    let release = |because, password: &str| {
        let asked = [&asked[..], &["--because", because]].concat();
        run(&asked, &format!("{password}\n"))
    };
    let guess = release("I say so", "another password");
    assert_eq!(code(&guess), 2);
    assert!(said(&guess).contains("do not belong together"));
    let silent = release("  ", PASSWORD);
    assert_eq!(code(&silent), 1);
    assert!(said(&silent).contains("Say why"), "{}", said(&silent));
    assert_eq!(sent(&house.app).await, 0);

    let given = release("I say so", PASSWORD);
    assert_eq!(code(&given), 0, "{}", said(&given));
    assert!(
        said(&given).contains("this was restored from a backup"),
        "{}",
        said(&given)
    );
    assert!(
        said(&given).contains("1 wait, called for between 2026-11-02"),
        "{}",
        said(&given)
    );
    let twice = release("Once more", PASSWORD);
    assert_eq!(code(&twice), 1);
    assert!(
        said(&twice).contains("No messages are held"),
        "{}",
        said(&twice)
    );
    assert_eq!(sent(&house.app).await, 1);
    let iain = house.hire("iain", "supervisor").await;
    let kept = format!(
        "select reason from outbox_releases where epoch = 2 and person = '{}'",
        iain.id
    );
    let kept: String = house.told(&kept).await;
    let reasons = house.app.reasons().await.unwrap();
    assert_eq!(
        reasons.opened(Place::Release(2), &kept).unwrap(),
        "I say so"
    );
    for change in [
        "update outbox_releases set reason = 'another'",
        "delete from outbox_releases",
        "update epochs set cause = 'new'",
        "delete from epochs where number > 1",
    ] {
        assert!(house.try_to(change).await.is_err(), "{change}");
    }
}

#[tokio::test]
async fn staff_see_on_their_desk_that_messages_are_held() {
    let house = with_messages().await;
    let mut browser = Browser::new(web::router(Arc::clone(&house.app), false));
    browser.get("/staff/sign-in").await;
    browser
        .send(&[("name", "iain"), ("password", PASSWORD)], "Sign in")
        .await;
    assert!(browser.has("Your queues") && !browser.has("Messages are held"));
    house
        .tamper("insert into epochs select 2, began_at, 'restored' from epochs")
        .await;
    browser.get("/staff").await;
    assert!(browser.has(
        "Messages are held since Monday 2 November 2026, 09:30: this was restored from a backup."
    ));
    house.app.look().await;
    let warnings = house.app.readiness().warnings;
    assert!(
        warnings.contains(&"Messages are held until a person releases them"),
        "{warnings:?}"
    );
    assert!(
        web::metrics::text(&house.app)
            .await
            .contains("messages_held 1.0")
    );
    release(&house.app).await;
    assert!(
        web::metrics::text(&house.app)
            .await
            .contains("messages_held 0.0")
    );
    browser.get("/staff").await;
    assert!(browser.has("Your queues") && !browser.has("Messages are held"));
}
