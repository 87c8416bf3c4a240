//! The keys below the root. An authority's key wraps those of its cases and meetings, so that rotation wraps anew and seals nothing anew; a
//! case's key gives each of its events a key of its own, so that a single one can be shown without the rest.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Unopened;
use crate::ledger::leaf::Header;
use crate::ledger::sealed::{self, EventKey, bound_to};

/// The length of every key, in bytes.
pub const LENGTH: usize = 32;

/// Sets what a wrapped key is bound to apart from anything else that is ever authenticated.
const WRAPPED: &[u8] = b"clares-law wrapped 1";

/// Sets what a sealed text is bound to apart from anything else that is ever authenticated.
const TEXT: &[u8] = b"clares-law text 1";

/// What a key is derived into: each use has a key of its own.
const TO_WRAP: &[u8] = b"clares-law to wrap 1";
const TO_SEAL: &[u8] = b"clares-law to seal texts 1";

/// The key of an authority. It cannot be printed.
#[derive(Clone)]
pub struct AuthorityKey(Zeroizing<[u8; LENGTH]>);

/// The key of a case or a meeting. It cannot be printed.
#[derive(Clone)]
pub struct StreamKey(Zeroizing<[u8; LENGTH]>);

/// A random number that is used once under a key: 96 bits.
pub type Once = [u8; NONCE_LEN];

impl AuthorityKey {
    #[must_use]
    pub fn new(key: Zeroizing<[u8; LENGTH]>) -> Self {
        Self(key)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The key of a case or meeting as it is kept. It opens again for this stream only.
    #[must_use]
    pub fn wrap(&self, stream: Uuid, key: &StreamKey, once: Once) -> String {
        let place = [WRAPPED, stream.as_bytes()].concat();
        seal(&derived(&self.0, TO_WRAP), &place, key.0.as_slice(), once)
    }

    /// The key of a case or meeting that was kept so.
    ///
    /// # Errors
    /// When it was wrapped under another key, for another stream, or altered.
    pub fn unwrap(&self, stream: Uuid, wrapped: &str) -> Result<StreamKey, Unopened> {
        let place = [WRAPPED, stream.as_bytes()].concat();
        let key = open(&derived(&self.0, TO_WRAP), &place, wrapped)?;
        let bytes: [u8; LENGTH] = key.as_slice().try_into().map_err(|_| Unopened)?;
        Ok(StreamKey(Zeroizing::new(bytes)))
    }
}

impl StreamKey {
    #[must_use]
    pub fn new(key: Zeroizing<[u8; LENGTH]>) -> Self {
        Self(key)
    }

    /// A key of this one, for one use.
    pub(super) fn derived(&self, used: &[u8]) -> Zeroizing<[u8; LENGTH]> {
        derived(&self.0, used)
    }

    /// The key of one event. The salt is random and stands in the sealed body.
    #[must_use]
    pub fn event(&self, header: &Header<'_>, salt: &[u8; sealed::LENGTH]) -> EventKey {
        let bound = bound_to(header);
        EventKey::new(expanded(&self.0, salt, &bound))
    }

    /// Seals the body of an event.
    #[must_use]
    pub fn seal(&self, header: &Header<'_>, body: &str, salt: &[u8; sealed::LENGTH]) -> String {
        self.event(header, salt).seal(salt, header, body)
    }

    /// Opens the body of an event.
    ///
    /// # Errors
    /// When it is not what was sealed with this key at this place.
    pub fn open(&self, header: &Header<'_>, body: &str) -> Result<String, sealed::Unopened> {
        let salt = sealed::salt(body)?;
        self.event(header, &salt).open(header, body)
    }

    /// A short text that stands outside history, sealed for its place: table, column and row.
    #[must_use]
    pub fn seal_text(&self, place: &str, text: &str, once: Once) -> String {
        let place = [TEXT, place.as_bytes()].concat();
        seal(&derived(&self.0, TO_SEAL), &place, text.as_bytes(), once)
    }

    /// A text that was sealed so.
    ///
    /// # Errors
    /// When it was sealed under another key, for another place, or altered.
    pub fn open_text(&self, place: &str, sealed: &str) -> Result<String, Unopened> {
        let place = [TEXT, place.as_bytes()].concat();
        let text = open(&derived(&self.0, TO_SEAL), &place, sealed)?;
        String::from_utf8(text.to_vec()).map_err(|_| Unopened)
    }
}

/// A key of a key, for one use.
fn derived(key: &Zeroizing<[u8; LENGTH]>, used: &[u8]) -> Zeroizing<[u8; LENGTH]> {
    expanded(key, &[], used)
}

/// HKDF with SHA-256 (RFC 5869).
fn expanded(key: &Zeroizing<[u8; LENGTH]>, salt: &[u8], used: &[u8]) -> Zeroizing<[u8; LENGTH]> {
    let drawn = Salt::new(HKDF_SHA256, salt).extract(key.as_slice());
    let used = [used];
    let filled = drawn.expand(&used, OneKey);
    let mut key = Zeroizing::new([0; LENGTH]);
    filled
        .and_then(|filled| filled.fill(key.as_mut_slice()))
        .expect("a key is no longer than what can be derived");
    key
}

struct OneKey;

impl KeyType for OneKey {
    fn len(&self) -> usize {
        LENGTH
    }
}

/// Base64 over the number used once, the ciphertext and the tag.
fn seal(key: &Zeroizing<[u8; LENGTH]>, place: &[u8], plain: &[u8], once: Once) -> String {
    let mut sealed = plain.to_vec();
    cipher(key)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(once),
            Aad::from(place),
            &mut sealed,
        )
        .expect("a text is far shorter than what one key can seal");
    BASE64.encode([once.as_slice(), &sealed].concat())
}

fn open(
    key: &Zeroizing<[u8; LENGTH]>,
    place: &[u8],
    sealed: &str,
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let bytes = BASE64.decode(sealed).map_err(|_| Unopened)?;
    let (once, sealed) = bytes.split_first_chunk().ok_or(Unopened)?;
    let mut sealed = Zeroizing::new(sealed.to_vec());
    let plain = cipher(key)
        .open_in_place(
            Nonce::assume_unique_for_key(*once),
            Aad::from(place),
            &mut sealed,
        )
        .map_err(|_| Unopened)?
        .len();
    sealed.truncate(plain);
    Ok(sealed)
}

fn cipher(key: &Zeroizing<[u8; LENGTH]>) -> LessSafeKey {
    let key = UnboundKey::new(&AES_256_GCM_SIV, key.as_slice());
    LessSafeKey::new(key.expect("the key has the length of the cipher"))
}
