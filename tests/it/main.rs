//! The one integration binary.
#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot go on fails its test; clippy exempts #[test] functions only"
)]

mod access;
mod accounts;
mod agreements;
mod api;
mod architecture;
mod authorities;
mod calendars;
mod canaries;
mod cli;
mod components;
mod deadline_changes;
mod deadline_command;
mod deadline_properties;
mod deadlines;
mod definitions;
mod editions;
mod engine;
mod explained;
mod glass;
mod invitations;
mod keeping;
mod ledger;
mod looks;
mod meetings;
mod outbox;
mod pages;
mod pictures;
mod referrals;
mod restore;
mod rights;
mod scenarios;
mod schedule;
mod screening;
mod search;
mod series;
mod store;
mod vault;
mod without_public_form;
mod words;
mod worker;
mod write_door;
mod support {
    pub mod agreement;
    pub mod app;
    pub mod browser;
    pub mod database;
    pub mod house;
    pub mod machine;
    pub mod plain;
    pub mod post;
    pub mod postgres;
    pub mod world;
}
