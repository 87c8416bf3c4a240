//! Here lives what is sealed and under which key: a root opens the keys of the authorities, the key of an authority opens those of its cases and
//! meetings, and from each of these comes one key for every event.
//! No database and no word of any scheme may come in; chance is handed in. Where keys are kept is `app/keys.rs`' business.
//! Start with `root.rs`, then `keys.rs`; how a body looks once it is sealed is said in `ledger/sealed.rs`; `index.rs` finds without reading.

pub mod index;
pub mod keys;
pub mod root;

/// What is kept under a key and does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it does not open with this key")]
pub struct Unopened;
