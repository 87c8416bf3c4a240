//! Blind indexes: what somebody is known by, as a keyed hash. Alike are found without reading, and without the key nobody can try out names.

use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use super::keys::{LENGTH, StreamKey};

/// The key that all these hashes are made with. One for the whole installation: people of one authority's agencies are compared with the cases of
/// another. It cannot be printed.
#[derive(Clone)]
pub struct IndexKey(Zeroizing<[u8; LENGTH]>);

impl IndexKey {
    /// The key of the indexes, from the key that is kept for them.
    #[must_use]
    pub fn from(kept: &StreamKey) -> Self {
        Self(kept.derived(b"clares-law index 1"))
    }

    /// The hash of a value, under a key of its own for each field: the same text in two fields is nothing alike.
    #[must_use]
    pub fn hash(&self, field: &str, value: &str) -> [u8; LENGTH] {
        let keyed = |key: &[u8], value: &str| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, key);
            hmac::sign(&key, value.as_bytes())
        };
        let of_field = keyed(self.0.as_slice(), field);
        let tag = keyed(of_field.as_ref(), value);
        let mut hash = [0; LENGTH];
        hash.copy_from_slice(tag.as_ref());
        hash
    }
}
