//! A sealed body, and the key of its one event. Both stand on this floor because whoever checks a pack opens bodies with nothing else; where
//! the key comes from is the vault's business.
//!
//! A sealed body is base64 (standard, unpadded) over salt, commitment, ciphertext and tag. The commitment is a hash of the key: a body opens with
//! one key only, so that nobody can hand out another key later under which it says something else.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use zeroize::Zeroizing;

use super::entry::{bytes, hex};
use super::leaf::{Header, field};

/// How bodies are sealed now, as the header of an event says it. 0 is plain.
pub const SEALED: i64 = 1;

/// The length of a key and of a salt, in bytes.
pub const LENGTH: usize = 32;

/// Sets what a body is bound to apart from anything else that is ever authenticated.
const BOUND: &str = "clares-law sealed 1";

/// Sets the commitment apart from anything else that is ever hashed.
const COMMITTED: &str = "clares-law event key 1";

/// The key of one event: it opens one body and tells nothing of any other. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct EventKey(Zeroizing<[u8; LENGTH]>);

/// Why a body cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// It is not as the service seals bodies.
    #[error("it is not a sealed body")]
    Malformed,
    /// The key is that of another body.
    #[error("the key is not the one that it was sealed with")]
    OtherKey,
    /// The body is not what was sealed, or was sealed for another place.
    #[error("it is not what was sealed here")]
    Altered,
}

/// What a body is bound to: its place in history. Moved to another stream, number or kind it does not open.
#[must_use]
pub fn bound_to(header: &Header<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    field(&mut bytes, BOUND.as_bytes());
    field(&mut bytes, header.stream.as_bytes());
    field(&mut bytes, header.stream_kind.as_bytes());
    field(&mut bytes, &header.seq.to_be_bytes());
    field(&mut bytes, header.kind.as_bytes());
    field(&mut bytes, header.key_ref.unwrap_or_default().as_bytes());
    field(&mut bytes, &header.sealing.to_be_bytes());
    bytes
}

/// The salt of a sealed body, from which its key is derived.
///
/// # Errors
/// `Malformed`.
pub fn salt(body: &str) -> Result<[u8; LENGTH], Unopened> {
    Ok(parts(body)?.salt)
}

impl EventKey {
    #[must_use]
    pub fn new(key: Zeroizing<[u8; LENGTH]>) -> Self {
        Self(key)
    }

    /// The key in lower-case hex, as it goes into a pack.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(self.0.as_slice())
    }

    /// A key as `to_hex` writes it.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        bytes(text).map(|key| Self(Zeroizing::new(key)))
    }

    /// Seals a body. The salt is the one that this key was derived with; it is random, so the key is used once.
    #[must_use]
    pub fn seal(&self, salt: &[u8; LENGTH], header: &Header<'_>, plain: &str) -> String {
        let mut sealed = plain.as_bytes().to_vec();
        self.cipher()
            .seal_in_place_append_tag(once(), Aad::from(bound_to(header)), &mut sealed)
            .expect("a body is far shorter than what one key can seal");
        let commitment = self.commitment();
        BASE64.encode([salt.as_slice(), commitment.as_ref(), &sealed].concat())
    }

    /// Opens the body of the event that this is the key of.
    ///
    /// # Errors
    /// When it is no sealed body, another key's, or not what was sealed for this place.
    pub fn open(&self, header: &Header<'_>, body: &str) -> Result<String, Unopened> {
        let mut parts = parts(body)?;
        verify_slices_are_equal(&parts.commitment, self.commitment().as_ref())
            .map_err(|_| Unopened::OtherKey)?;
        let plain = self
            .cipher()
            .open_in_place(once(), Aad::from(bound_to(header)), &mut parts.sealed)
            .map_err(|_| Unopened::Altered)?;
        let plain = plain.len();
        parts.sealed.truncate(plain);
        String::from_utf8(parts.sealed).map_err(|_| Unopened::Altered)
    }

    fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM_SIV, self.0.as_slice());
        LessSafeKey::new(key.expect("the key has the length of the cipher"))
    }

    fn commitment(&self) -> digest::Digest {
        let mut bytes = Zeroizing::new(Vec::new());
        field(&mut bytes, COMMITTED.as_bytes());
        field(&mut bytes, self.0.as_slice());
        digest::digest(&digest::SHA256, &bytes)
    }
}

/// A key seals one body, so the number that must never come twice under one key is always the same.
fn once() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

struct Parts {
    salt: [u8; LENGTH],
    commitment: [u8; LENGTH],
    /// Ciphertext and tag.
    sealed: Vec<u8>,
}

fn parts(body: &str) -> Result<Parts, Unopened> {
    let raw = BASE64.decode(body).map_err(|_| Unopened::Malformed)?;
    let (salt, rest) = raw.split_first_chunk().ok_or(Unopened::Malformed)?;
    let (commitment, sealed) = rest.split_first_chunk().ok_or(Unopened::Malformed)?;
    Ok(Parts {
        salt: *salt,
        commitment: *commitment,
        sealed: sealed.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use uuid::Uuid;

    const SALT: [u8; LENGTH] = [7; LENGTH];

    fn key(byte: u8) -> EventKey {
        EventKey::new(Zeroizing::new([byte; LENGTH]))
    }

    fn header() -> Header<'static> {
        Header {
            stream: Uuid::from_u128(7),
            stream_kind: "case",
            seq: 1,
            at: Timestamp::UNIX_EPOCH,
            actor: "officer-1",
            actor_role: "verifier",
            kind: "opened",
            edition: "e1",
            key_ref: Some("k"),
            sealing: SEALED,
        }
    }

    #[test]
    fn a_body_opens_with_its_own_key_at_its_own_place_only() {
        let sealed = key(1).seal(&SALT, &header(), "{\"said\":\"it\"}");
        assert!(!sealed.contains("said"));
        assert_eq!(salt(&sealed), Ok(SALT));
        let open = |key: EventKey, header| key.open(&header, &sealed);
        assert_eq!(open(key(1), header()).unwrap(), "{\"said\":\"it\"}");
        assert_eq!(open(key(2), header()), Err(Unopened::OtherKey));
        let elsewhere = [
            Header {
                stream: Uuid::from_u128(8),
                ..header()
            },
            Header {
                stream_kind: "meeting",
                ..header()
            },
            Header { seq: 2, ..header() },
            Header {
                kind: "closed",
                ..header()
            },
            Header {
                key_ref: None,
                ..header()
            },
            Header {
                sealing: 2,
                ..header()
            },
        ];
        for header in elsewhere {
            assert_eq!(open(key(1), header), Err(Unopened::Altered), "{header:?}");
        }
    }

    /// Changing how bodies are sealed closes every history ever written, so one that was sealed once is kept here.
    #[test]
    fn what_was_sealed_once_always_opens() {
        let sealed = key(1).seal(&SALT, &header(), "{}");
        assert_eq!(
            sealed,
            "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBweBz/HBWVrtVfni9vUbVUgWC+eyMgd3wsxaG46OyaiJibOqxp0ATHpZWByvdTqTCefWAg"
        );
    }

    #[test]
    fn no_altered_bit_opens() {
        let sealed = key(1).seal(&SALT, &header(), "{}");
        let bytes = BASE64.decode(&sealed).unwrap();
        for bit in LENGTH * 8..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let opened = key(1).open(&header(), &BASE64.encode(flipped));
            assert!(opened.is_err(), "bit {bit}");
        }
        for cut in 0..bytes.len() {
            let opened = key(1).open(&header(), &BASE64.encode(&bytes[..cut]));
            assert!(opened.is_err(), "cut at {cut}");
        }
    }
}
