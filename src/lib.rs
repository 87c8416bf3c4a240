//! Runs a domestic abuse disclosure scheme from application to aftercare.
//!
//! The floors, from the top; each imports only lower ones, and `tests/it/architecture.rs` holds them to it:
//!
//! ```text
//! [6] cli        what an operator types
//! [5] web        HTTP in and out: public pages, staff pages, JSON API
//! [5] worker     what happens by itself: deadlines, outbox
//! [4] app        one write door (act), one read door (read)
//! [3] store      all SQL, nothing but SQL
//! [3] mail       messages that leave the house
//! [3] vault      what is sealed, and under which key
//! [2] engine     any workflow: definition, clocks, decide, evolve, effects
//! [2] ledger     tamper evidence
//! [1] domain     the words of the trade
//! [0] clock      the only place that reads the time
//! ```
//!
//! The way of one command: an edge builds a request, `app::act` loads the case, `engine::decide` turns it into events or
//! a refusal, `store` appends them with every row that follows in one transaction, the edge renders.
//! What this does not do yet stands at the end of README.md; each has its place above.

pub mod app;
pub mod cli;
pub mod clock;
pub mod domain;
pub mod engine;
pub mod ledger;
pub mod mail;
pub mod store;
pub mod vault;
pub mod web;
pub mod worker;
