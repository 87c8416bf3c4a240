//! The store opens only what it can trust, keeps what was committed and nothing else.

mod history;
mod parity;
mod rows;
mod server;

use std::time::Duration;

use clares_law::ledger::leaf::{self, FirstBad};
use clares_law::store::access_log::AccessRow;
use clares_law::store::cases::{self, CaseRow};
use clares_law::store::deadlines::{self, DeadlineRow};
use clares_law::store::events::{self, EventRow, NewEvent};
use clares_law::store::outbox::{self, NewMessage};
use clares_law::store::staff::StaffRow;
use clares_law::store::{At, Db, OpenError, Sql, StoreError, open};
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::database::{self, either};

const CASE: Uuid = Uuid::from_u128(1);

/// A fresh database; the folder goes when the value does.
struct Fresh {
    folder: TempDir,
    address: String,
    db: Db,
}

impl Fresh {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = database::fresh(folder.path()).await;
        let db = open(&address).await.unwrap();
        Self {
            folder,
            address,
            db,
        }
    }

    /// The same database, closed and opened again.
    async fn reopened(self) -> Self {
        self.db.close().await;
        let db = open(&self.address).await.unwrap();
        Self { db, ..self }
    }

    /// Runs raw statements, as the owner of the tables could.
    async fn tamper(&self, texts: &[&str]) -> Result<(), sqlx::Error> {
        for text in texts {
            database::tamper(&self.db, &self.address, text).await?;
        }
        Ok(())
    }

    /// Appends `bodies` to the case's stream, which must be at `version`.
    async fn append(&self, version: i64, bodies: &[&str]) -> Result<i64, StoreError> {
        let mut tx = self.db.begin_write().await?;
        let new = bodies.iter().map(|body| event(body)).collect();
        let version = events::append(&mut tx, CASE, "case", version, new).await?;
        tx.commit().await?;
        Ok(version)
    }

    async fn verify(&self) -> Result<(), FirstBad> {
        let mut tx = self.db.begin_read().await.unwrap();
        let rows = events::load(&mut tx, CASE).await.unwrap();
        leaf::verify(rows.iter().map(EventRow::leaf))
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn noon() -> At {
    at("2026-03-02T12:00:00Z").into()
}

fn event(body: &str) -> NewEvent {
    NewEvent {
        at: at("2026-03-02T09:30:00.123456Z"),
        actor: "officer-1".into(),
        actor_role: "verifier".into(),
        kind: "noted".into(),
        edition: "edition-1".into(),
        key_ref: None,
        sealing: 0,
        body: body.into(),
    }
}

fn case(number: u128) -> CaseRow {
    CaseRow {
        id: Uuid::from_u128(number),
        reference: format!("REF-{number}"),
        authority: "example".into(),
        scheme: "dsdas".into(),
        edition: "edition-1".into(),
        route: "right-to-ask".into(),
        capacity: "self".into(),
        state: "received".into(),
        phase: "intake".into(),
        open: true,
        urgent: false,
        version: 1,
        received_at: noon(),
        state_since: noon(),
        outcome: None,
        pending_action: None,
        pending_role: None,
        overall_due: Some(noon()),
        next_due: Some(noon()),
        next_clock: Some("overall".into()),
        keep_until: None,
    }
}

fn deadline(clock: &str, next_stage_at: Option<&str>) -> DeadlineRow {
    DeadlineRow {
        case_id: CASE,
        clock: clock.into(),
        instance: 1,
        status: "running".into(),
        started_at: noon(),
        due_at: noon(),
        original_due_at: noon(),
        due_date: Some("2026-03-30".into()),
        breached_at: None,
        stopped_at: None,
        next_stage: next_stage_at.map(|_| "warning".into()),
        next_stage_at: next_stage_at.map(|text| at(text).into()),
        unconfirmed: true,
    }
}

fn message(number: u128, dedupe: &str) -> NewMessage {
    NewMessage {
        id: Uuid::from_u128(number),
        made_at: noon(),
        case_id: Some(CASE),
        authority: "scotland".into(),
        recipient_kind: "staff".into(),
        recipient: "officer-1".into(),
        message: "task-waiting".into(),
        language: "en".into(),
        due_at: noon(),
        dedupe: dedupe.into(),
        meeting_id: None,
    }
}
fn look() -> AccessRow {
    AccessRow {
        id: Uuid::from_u128(1),
        at: noon(),
        actor: "officer-1".into(),
        actor_role: "verifier".into(),
        agency: "Housing".into(),
        authority: "example".into(),
        on_behalf_of: Some("the forum".into()),
        operation: "consultation".into(),
        case_id: Some(CASE),
        classes: "subject".into(),
        purpose: "case_work".into(),
        reason: None,
        what: "case page".into(),
    }
}

fn person(number: u128, name: &str) -> StaffRow {
    StaffRow {
        authority: "example".into(),
        id: Uuid::from_u128(number),
        sign_in_name: name.into(),
        name: "Example Officer".into(),
        email: "officer@example.org".into(),
        role: "verifier".into(),
        agency: "police".into(),
        password_hash: None,
        disabled: false,
        made_at: noon(),
    }
}

#[tokio::test]
async fn instants_sort_and_come_back_to_the_microsecond() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_write().await.unwrap();
    let (whole, half) = (at("2026-03-02T09:30:00Z"), at("2026-03-02T09:30:00.5Z"));
    for (number, received) in [(1, half), (2, whole)] {
        let row = CaseRow {
            received_at: received.into(),
            ..case(number)
        };
        cases::put(&mut tx, &row).await.unwrap();
    }
    let sorted = cases::all(&mut tx).await.unwrap();
    assert_eq!(
        sorted
            .iter()
            .map(|c| c.received_at.timestamp())
            .collect::<Vec<_>>(),
        [whole, half]
    );
    let before = Sql::one("test.BEFORE", "select $1 < $2");
    let asked = tx.sql(before).bind(At::from(whole)).bind(At::from(half));
    assert!(asked.scalar::<bool>().await.unwrap());

    let echo = Sql::one("test.ECHO", "select $1");
    for text in [
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "2038-01-19T03:14:08.000001Z",
    ] {
        let given = At::from(at(text));
        assert_eq!(
            tx.sql(echo).bind(given).scalar::<At>().await.unwrap(),
            given
        );
    }
    assert_eq!(
        At::from(at("2026-03-02T09:30:00.1234567Z")),
        at("2026-03-02T09:30:00.123456Z").into()
    );
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_named_without_being_shown() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_write().await.unwrap();
    cases::put(&mut tx, &case(1)).await.unwrap();
    cases::put(&mut tx, &case(2)).await.unwrap();
    tx.commit().await.unwrap();
    fresh
        .tamper(&[either(
            "update cases set state_since = '2026-03-02T09:30:00Z' where reference = 'REF-2'",
            "alter table cases alter column state_since type bigint using 1",
        )])
        .await
        .unwrap();
    let mut tx = fresh.db.begin_read().await.unwrap();
    let error = cases::all(&mut tx).await.unwrap_err();
    let row = either("2", "1");
    assert_eq!(
        error.to_string(),
        format!(
            "table cases, column state_since: row {row} of the answer holds a value that does not fit"
        )
    );
}

#[tokio::test]
async fn l2_what_is_not_committed_leaves_nothing() {
    let fresh = Fresh::new().await;
    for rolled_back in [true, false] {
        let mut tx = fresh.db.begin_write().await.unwrap();
        events::append(&mut tx, CASE, "case", 0, vec![event("one")])
            .await
            .unwrap();
        cases::put(&mut tx, &case(1)).await.unwrap();
        deadlines::replace_for_case(&mut tx, CASE, &[deadline("overall", None)])
            .await
            .unwrap();
        outbox::add(&mut tx, &message(1, "a")).await.unwrap();
        if rolled_back {
            tx.rollback().await.unwrap();
        } else {
            drop(tx);
        }
        let mut tx = fresh.db.begin_write().await.unwrap();
        assert_eq!(events::streams(&mut tx).await.unwrap(), []);
        assert_eq!(cases::all(&mut tx).await.unwrap(), []);
        assert_eq!(deadlines::all(&mut tx).await.unwrap(), []);
        assert_eq!(
            outbox::get(&mut tx, message(1, "a").id).await.unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_take_the_next_ones_write_along() {
    let fresh = Fresh::new().await;
    for version in 0..20 {
        // it never commits; where it is cut off, from the begin to the append, is left to chance
        let work = async {
            let mut tx = fresh.db.begin_write().await?;
            events::append(&mut tx, CASE, "case", version, vec![event("gone")]).await
        };
        let _ = tokio::time::timeout(Duration::from_micros(100), work).await;
        fresh.append(version, &["kept"]).await.unwrap();
    }
    assert_eq!(fresh.verify().await, Ok(()));
    let mut tx = fresh.db.begin_read().await.unwrap();
    let kept = events::load(&mut tx, CASE).await.unwrap();
    assert!(kept.len() == 20 && kept.iter().all(|event| event.body == "kept"));
}

#[tokio::test]
async fn a_reading_transaction_cannot_write() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_read().await.unwrap();
    assert!(cases::put(&mut tx, &case(1)).await.is_err());
}

#[tokio::test]
async fn a_file_opened_again_keeps_its_data() {
    let fresh = Fresh::new().await;
    fresh.append(0, &["one", "two"]).await.unwrap();
    let fresh = fresh.reopened().await;
    assert_eq!(fresh.verify().await, Ok(()));
    assert_eq!(fresh.append(2, &["three"]).await.unwrap(), 3);
    let mut tx = fresh.db.begin_read().await.unwrap();
    let streams = events::streams(&mut tx).await.unwrap();
    assert_eq!(
        (streams[0].stream_kind.as_str(), streams[0].version),
        ("case", 3)
    );
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_repeating_it() {
    for odd in [
        "mysql://x",
        "sqlite:",
        "sqlite:x.db?mode=ro",
        "postgres://secret@h:port",
    ] {
        let error = open(odd).await.unwrap_err();
        assert!(matches!(error, OpenError::Address), "{odd}: {error:?}");
        assert!(!error.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused() {
    let fresh = Fresh::new().await;
    let later = either(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
            values (9999, 'later', 1, x'00', 0)",
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
            values (9999, 'later', true, decode('00', 'hex'), 0)",
    );
    fresh.tamper(&[later]).await.unwrap();
    fresh.db.close().await;
    let newer = open(&fresh.address).await.unwrap_err();
    assert!(
        matches!(newer, OpenError::NewerSchema { step: 9999 }),
        "{newer:?}"
    );
    drop(fresh.folder);
}

#[tokio::test]
async fn what_is_no_file_is_refused() {
    let memory = open("sqlite::memory:").await.unwrap_err();
    assert_eq!(
        memory.to_string(),
        "the database setting journal_mode is memory and must be wal"
    );
}
