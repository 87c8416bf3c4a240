//! Here lives all SQL: one module for each table, each with its statements, a plain row and functions on a `Tx`.
//! No rule of any scheme, no decision and no personal data in an error may come in; nothing outside this floor names sqlx.
//! Start with `db.rs` for how a statement is run, then `events.rs`, the one table that everything else follows from.

pub mod access_log;
pub mod account_events;
pub mod broken_glass;
pub mod case_keys;
pub mod cases;
pub mod client_failures;
pub mod clients;
pub mod column;
pub mod database;
pub mod db;
pub mod deadlines;
pub mod editions;
pub mod epochs;
pub mod erasures;
pub mod error;
pub mod events;
pub mod forum_contacts;
pub mod health;
pub mod idempotency;
pub mod installation;
pub mod integrity_checks;
pub mod invitations;
pub mod keys;
pub mod leases;
pub mod ledger;
pub mod look_ledger;
pub mod look_reviews;
pub mod meeting_rows;
pub mod meetings;
pub mod open;
mod opening;
pub mod outbox;
pub mod parked_cases;
pub mod partnership;
mod postgres;
pub mod queues;
pub mod register;
pub mod register_keys;
pub mod register_loads;
pub mod register_matches;
pub mod second_factors;
pub mod sessions;
pub mod sign_in_failures;
mod sqlite;
pub mod staff;
pub mod ties;
pub mod witness;

pub use column::At;
pub use db::{Db, Sql, Tx};
pub use error::StoreError;
pub use open::{file_of, may_change_history, newest_known, open, open_keys, prepare};
pub use opening::{OpenError, Tables};
pub use sqlite::{copy, copy_keys};

/// Every statement on the database of the keys.
pub const STATEMENTS_OF_KEYS: &[Sql] = keys::STATEMENTS;

/// Every statement on the database of the cases, so that a test can prepare them all.
pub fn statements() -> impl Iterator<Item = &'static Sql> {
    [
        access_log::STATEMENTS,
        account_events::STATEMENTS,
        broken_glass::STATEMENTS,
        case_keys::STATEMENTS,
        cases::STATEMENTS,
        client_failures::STATEMENTS,
        clients::STATEMENTS,
        database::STATEMENTS,
        deadlines::STATEMENTS,
        editions::STATEMENTS,
        epochs::STATEMENTS,
        erasures::STATEMENTS,
        events::STATEMENTS,
        forum_contacts::STATEMENTS,
        health::STATEMENTS,
        idempotency::STATEMENTS,
        installation::STATEMENTS,
        integrity_checks::STATEMENTS,
        invitations::STATEMENTS,
        leases::STATEMENTS,
        ledger::STATEMENTS,
        look_ledger::STATEMENTS,
        look_reviews::STATEMENTS,
        meeting_rows::STATEMENTS,
        meetings::STATEMENTS,
        outbox::STATEMENTS,
        parked_cases::STATEMENTS,
        partnership::STATEMENTS,
        queues::STATEMENTS,
        register::STATEMENTS,
        register_keys::STATEMENTS,
        register_loads::STATEMENTS,
        register_matches::STATEMENTS,
        second_factors::STATEMENTS,
        sessions::STATEMENTS,
        sign_in_failures::STATEMENTS,
        staff::STATEMENTS,
        ties::STATEMENTS,
        witness::STATEMENTS,
    ]
    .into_iter()
    .flatten()
}
