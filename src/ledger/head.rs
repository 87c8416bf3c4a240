//! What a log says of itself at some moment, signed: its name, its size and the hash of all of it. The text is that of C2SP's
//! `tlog-checkpoint` in a `signed-note`, with Ed25519, so that witnesses which others have built can hold it too.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::note::Key;
use super::tree::{Hash, Tree};

/// The kind of signature, as C2SP numbers them.
const ED25519_KIND: u8 = 1;

/// What was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The log's name, which is also that of its key.
    pub log: String,
    /// How many entries it had.
    pub size: u64,
    /// The hash of all of them.
    pub root: Hash,
}

/// Why a text is no head of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unbelievable {
    #[error("it is no signed head of a log")]
    Unreadable,
    #[error("it is signed with another key, or not signed")]
    OtherKey,
    #[error("its signature does not fit what it says")]
    Forged,
}

/// The key that signs heads of a log.
pub struct Signer {
    log: String,
    pair: Ed25519KeyPair,
}

/// The half of a key that everybody may have: it tells heads of a log from forged ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier(Key);

impl Head {
    /// What a log says of itself.
    #[must_use]
    pub fn of(log: &str, tree: &Tree) -> Self {
        Self {
            log: log.to_owned(),
            size: tree.size(),
            root: tree.root(),
        }
    }

    /// As it is signed.
    pub(super) fn text(&self) -> String {
        let root = BASE64_STANDARD.encode(self.root);
        format!("{}\n{}\n{root}\n", self.log, self.size)
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (log, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = BASE64_STANDARD.decode(root).ok()?;
        let head = Self {
            log: log.to_owned(),
            size: size.parse().ok()?,
            root: root.try_into().ok()?,
        };
        // Read in one way only: no sign, no zero in front, no further line.
        (head.text() == text).then_some(head)
    }
}

impl Signer {
    /// The key of a log. A name has neither spaces nor `+`.
    #[must_use]
    pub fn new(log: &str, pair: Ed25519KeyPair) -> Self {
        Self {
            log: log.to_owned(),
            pair,
        }
    }

    /// The half that everybody may have.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier(Key {
            name: self.log.clone(),
            kind: ED25519_KIND,
            public: public(&self.pair),
        })
    }

    /// A head of the log, signed.
    #[must_use]
    pub fn signed(&self, tree: &Tree) -> String {
        let text = Head::of(&self.log, tree).text();
        let signature = self.pair.sign(text.as_bytes());
        format!("{text}\n{}", self.verifier().0.line(signature.as_ref()))
    }
}

/// The half of a pair that everybody may have.
pub(super) fn public(pair: &Ed25519KeyPair) -> [u8; 32] {
    let mut key = [0; 32];
    key.copy_from_slice(pair.public_key().as_ref());
    key
}

impl Verifier {
    /// The log it is for.
    #[must_use]
    pub fn log(&self) -> &str {
        &self.0.name
    }

    /// As it is handed out: name, number and key in one line, such as `clares-law/scotland+8a3f0c11+Ab…`.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.text()
    }

    /// Reads what `text` wrote; none if it is anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Key::read(text, ED25519_KIND).map(Self)
    }

    /// The head in a signed text.
    ///
    /// # Errors
    /// Why it is not to be believed.
    pub fn open(&self, signed: &str) -> Result<Head, Unbelievable> {
        let (text, signatures) = signed.split_once("\n\n").ok_or(Unbelievable::Unreadable)?;
        let text = format!("{text}\n");
        let head = Head::read(&text).ok_or(Unbelievable::Unreadable)?;
        let signature = self.0.signature(signatures);
        let signature = signature.ok_or(Unbelievable::OtherKey)?;
        if head.log != self.log() {
            return Err(Unbelievable::OtherKey);
        }
        let key = UnparsedPublicKey::new(&ED25519, self.0.public);
        let fits = key.verify(text.as_bytes(), &signature);
        fits.map(|()| head).map_err(|_| Unbelievable::Forged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::tree::leaf;

    fn signer(log: &str, seed: u8) -> Signer {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        Signer::new(log, pair)
    }

    fn tree() -> Tree {
        let mut tree = Tree::default();
        tree.push(leaf(b"one"));
        tree.push(leaf(b"two"));
        tree
    }

    #[test]
    fn a_signed_head_is_read_as_it_was_written() {
        let own = signer("clares-law/here", 7);
        let signed = own.signed(&tree());
        let verifier = Verifier::read(&own.verifier().text()).unwrap();
        let head = verifier.open(&signed).unwrap();
        assert_eq!(head, Head::of("clares-law/here", &tree()));
        // A witness adds its own line below.
        let witnessed = format!("{signed}\u{2014} example.org AAAAAAAA\n");
        assert_eq!(verifier.open(&witnessed), Ok(head));
    }

    #[test]
    fn whatever_is_changed_in_it_is_seen() {
        let own = signer("clares-law/here", 7);
        let (signed, verifier) = (own.signed(&tree()), own.verifier());
        for at in 0..signed.len() {
            for bit in 0..8 {
                let mut bytes = signed.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let Ok(text) = String::from_utf8(bytes) else {
                    continue;
                };
                // The last bytes of a line are white space, which says nothing.
                let read = verifier.open(&text);
                assert!(read.is_err() || at == signed.len() - 1, "{at} {bit}");
            }
        }
    }

    #[test]
    fn another_key_and_another_log_are_not_believed() {
        let here = signer("clares-law/here", 7);
        for other in [signer("clares-law/here", 8), signer("clares-law/there", 7)] {
            let read = here.verifier().open(&other.signed(&tree()));
            assert_eq!(read, Err(Unbelievable::OtherKey));
        }
        let nothing = here.verifier().open("clares-law/here\n2\n");
        assert_eq!(nothing, Err(Unbelievable::Unreadable));
        assert_eq!(Verifier::read("clares-law/here+00000000+AAAA"), None);
    }
}
