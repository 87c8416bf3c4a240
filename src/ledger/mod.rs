//! Here lives the proof that history has not been altered: an event as bytes and hash, the chain that joins those of a case or meeting,
//! and the log of each authority, which joins them all and is signed as it grows.
//! No database, no clock and no word of any scheme may come in, so that an offline verifier can use this floor alone.
//! Start with `leaf.rs`, and `sealed.rs` for the body of an event; then `entry.rs`, `tree.rs` and `head.rs` for a log; `pack.rs` is what leaves
//! the house and is checked elsewhere.

pub mod entry;
pub mod head;
pub mod leaf;
pub mod pack;
pub mod sealed;
pub mod tree;
