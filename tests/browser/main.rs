//! Journeys in a real browser: it takes seconds a page, so only what needs one is here.
//!
//! Start reading in `chrome.rs`; `harness.rs` shows what it can do.
#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot go on fails its test; clippy exempts #[test] functions only"
)]

mod chrome;
mod forum;
mod gallery;
mod harness;
mod journeys;
mod keeping;
mod own_data;
mod search;
mod service;
mod table;
