//! Here lives the proof that history has not been altered: an event as bytes and hash, and the chain that joins them.
//! No database, no clock and no word of any scheme may come in, so that an offline verifier can use this floor alone.
//! Start with `leaf.rs`.

pub mod leaf;
