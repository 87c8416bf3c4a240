//! What is sealed, under which keys, and what is refused without them; nothing opens at another place, and what stands in the open tells nobody
//! who anybody is (G15).

mod cost;
mod frequency;
mod installation;
mod keys;
mod moved;
mod reasons;
mod sealed;
mod wrapped;

use clares_law::vault::keys::{AuthorityKey, LENGTH, StreamKey};

/// A key that is the same whenever it is asked for.
fn stream_key(number: u8) -> StreamKey {
    StreamKey::new([number; LENGTH].into())
}

fn authority_key(number: u8) -> AuthorityKey {
    AuthorityKey::new([number; LENGTH].into())
}
