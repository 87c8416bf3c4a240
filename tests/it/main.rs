//! The one integration binary.
#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot go on fails its test; clippy exempts #[test] functions only"
)]

mod api;
mod architecture;
mod calendars;
mod cli;
mod components;
mod deadline_changes;
mod deadline_command;
mod deadline_properties;
mod deadlines;
mod schedule;
mod store;
mod support {
    pub mod machine;
}
