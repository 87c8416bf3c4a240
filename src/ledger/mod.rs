//! Here lives the proof that history has not been altered: an event as bytes and hash, the chain that joins those of a case or meeting,
//! and the logs of each authority, one of what happened and one of who looked, which are signed as they grow.
//! No database, no clock and no word of any scheme may come in, so that an offline verifier can use this floor alone.
//! Start with `leaf.rs` and `look.rs`, and `sealed.rs` for the body of an event; then `entry.rs`, `tree.rs` and `head.rs` for a log; `witness.rs`
//! is what others say of a log, and `pack` what leaves the house and is checked elsewhere.

pub mod consistency;
pub mod entry;
pub mod head;
pub mod leaf;
pub mod look;
mod note;
pub mod pack;
pub mod sealed;
pub mod tree;
pub mod witness;
