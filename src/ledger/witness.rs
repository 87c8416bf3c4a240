//! A witness: another installation, or anybody else, that signs a log's head only if the log still begins with what it had when the
//! witness last saw it. What it is asked is C2SP's `tlog-witness`, what it answers a `tlog-cosignature` with Ed25519.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::consistency;
use super::head::{Head, Unbelievable, Verifier, public};
use super::note::Key;
use super::tree::Hash;

/// The kind of signature, as C2SP numbers them.
const COSIGNATURE_KIND: u8 = 4;
/// More hashes than a proof can have.
const MOST_HASHES: usize = 63;

/// What a witness is asked: to sign a head, and the proof that it goes on from what the witness saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// How many entries the log had when the witness last saw it; 0 if it never did.
    pub old: u64,
    pub proof: Vec<Hash>,
    /// The head, signed by the log.
    pub signed: String,
}

/// Why a witness does not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("it is no offer of a head")]
    Unreadable,
    #[error("the log is not one that is witnessed here")]
    UnknownLog,
    #[error("it is not signed with the key that is known here")]
    OtherKey,
    /// With the size that it had when the witness last saw it.
    #[error(
        "it had {0} entries when it was last seen here; offer it from there, with the same beginning"
    )]
    Elsewhere(u64),
    #[error("the log does not begin with what it had when it was last seen here")]
    Unproven,
}

/// The key of a witness.
pub struct Witness {
    name: String,
    pair: Ed25519KeyPair,
}

/// The half of a witness's key that everybody may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessKey(Key);

impl From<Unbelievable> for Refusal {
    fn from(why: Unbelievable) -> Self {
        match why {
            Unbelievable::Unreadable => Self::Unreadable,
            Unbelievable::OtherKey | Unbelievable::Forged => Self::OtherKey,
        }
    }
}

impl Offer {
    /// As it is sent.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("old {}\n", self.old);
        for hash in &self.proof {
            text.push_str(&BASE64_STANDARD.encode(hash));
            text.push('\n');
        }
        format!("{text}\n{}", self.signed)
    }

    /// Reads what `text` wrote.
    ///
    /// # Errors
    /// `Unreadable`.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let read = || {
            let (asked, signed) = text.split_once("\n\n")?;
            let mut lines = asked.lines();
            let old = lines.next()?.strip_prefix("old ")?.parse().ok()?;
            let hash = |line| BASE64_STANDARD.decode(line).ok()?.try_into().ok();
            let offer = Self {
                old,
                proof: lines.map(hash).collect::<Option<_>>()?,
                signed: signed.to_owned(),
            };
            (offer.text() == text && offer.proof.len() <= MOST_HASHES).then_some(offer)
        };
        read().ok_or(Refusal::Unreadable)
    }

    /// The log whose head it is, as it calls itself.
    #[must_use]
    pub fn log(&self) -> &str {
        self.signed.lines().next().unwrap_or_default()
    }

    /// The head, if the log signed it and it goes on from what was seen of the log last.
    ///
    /// # Errors
    /// Why a witness does not sign it.
    pub fn judged(&self, log: &Verifier, seen: Option<&Head>) -> Result<Head, Refusal> {
        let head = log.open(&self.signed)?;
        if self.old > head.size {
            return Err(Refusal::Unreadable);
        }
        let nothing = [0; 32];
        let (size, root) = seen.map_or((0, &nothing), |seen| (seen.size, &seen.root));
        if self.old != size || (head.size == size && seen.is_some() && head.root != *root) {
            return Err(Refusal::Elsewhere(size));
        }
        let goes_on = consistency::holds((size, root), (head.size, &head.root), &self.proof);
        goes_on.then_some(head).ok_or(Refusal::Unproven)
    }
}

impl Witness {
    #[must_use]
    pub fn new(name: &str, pair: Ed25519KeyPair) -> Self {
        Self {
            name: name.to_owned(),
            pair,
        }
    }

    /// The half that everybody may have.
    #[must_use]
    pub fn key(&self) -> WitnessKey {
        WitnessKey(Key {
            name: self.name.clone(),
            kind: COSIGNATURE_KIND,
            public: public(&self.pair),
        })
    }

    /// A line that says that the head was seen at this time, in seconds since 1970, and that the witness saw no other history before.
    #[must_use]
    pub fn cosigned(&self, head: &Head, seconds: u64) -> String {
        let signature = self.pair.sign(message(head, seconds).as_bytes());
        let stamped = [&seconds.to_be_bytes(), signature.as_ref()].concat();
        self.key().0.line(&stamped)
    }
}

impl WitnessKey {
    /// As it is handed out: name, number and key in one line.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.text()
    }

    /// Reads what `text` wrote; none if it is anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Key::read(text, COSIGNATURE_KIND).map(Self)
    }

    /// The line among these by which this witness says that it saw the head, with the time in seconds since 1970; none if there is no
    /// such line.
    #[must_use]
    pub fn seen(&self, head: &Head, lines: &str) -> Option<(String, u64)> {
        let stamped = self.0.signature(lines)?;
        let (seconds, signature) = stamped.split_first_chunk()?;
        let seconds = u64::from_be_bytes(*seconds);
        let key = UnparsedPublicKey::new(&ED25519, self.0.public);
        let text = message(head, seconds);
        key.verify(text.as_bytes(), signature).ok()?;
        Some((self.0.line(&stamped), seconds))
    }
}

fn message(head: &Head, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{}", head.text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::head::Signer;
    use crate::ledger::tree::{Tree, leaf};

    fn pair(seed: u8) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
    }

    fn log() -> Signer {
        Signer::new("clares-law/here", pair(1))
    }

    fn leaves(history: u8, count: u8) -> Vec<Hash> {
        (0..count).map(|place| leaf(&[history, place])).collect()
    }

    fn tree(leaves: &[Hash]) -> Tree {
        let mut tree = Tree::default();
        for leaf in leaves {
            tree.push(*leaf);
        }
        tree
    }

    fn offer(leaves: &[Hash], old: usize) -> Offer {
        Offer {
            old: old as u64,
            proof: consistency::proof(&tree(&leaves[..old]), &leaves[old..]),
            signed: log().signed(&tree(leaves)),
        }
    }

    fn seen(leaves: &[Hash]) -> Head {
        Head::of("clares-law/here", &tree(leaves))
    }

    #[test]
    fn an_offer_is_read_as_it_was_written() {
        let offer = offer(&leaves(0, 9), 5);
        assert_eq!(Offer::read(&offer.text()), Ok(offer.clone()));
        assert_eq!(offer.log(), "clares-law/here");
        for spoilt in [
            offer.text().replace("old 5", "old 05"),
            offer.text().replace("old 5", "old +5"),
            offer.text().replace("old", "new"),
            offer.text().replacen('\n', "\n\n", 1).replace("\n\n", "\n"),
            String::new(),
        ] {
            assert_eq!(Offer::read(&spoilt), Err(Refusal::Unreadable), "{spoilt}");
        }
        let long = Offer {
            proof: vec![[0; 32]; 64],
            ..offer
        };
        assert_eq!(Offer::read(&long.text()), Err(Refusal::Unreadable));
    }

    #[test]
    fn only_what_goes_on_from_what_was_seen_is_signed() {
        let (all, verifier) = (leaves(0, 9), log().verifier());
        let judged = |offer: &Offer, seen: Option<&Head>| offer.judged(&verifier, seen);
        assert_eq!(judged(&offer(&all, 0), None), Ok(seen(&all)), "the first");
        let five = seen(&all[..5]);
        assert_eq!(judged(&offer(&all, 5), Some(&five)), Ok(seen(&all)));
        assert_eq!(
            judged(&offer(&all[..5], 5), Some(&five)),
            Ok(five.clone()),
            "the same again"
        );
        let elsewhere = Err(Refusal::Elsewhere(5));
        assert_eq!(judged(&offer(&all, 4), Some(&five)), elsewhere);
        assert_eq!(judged(&offer(&all, 0), Some(&five)), elsewhere);
        assert_eq!(
            judged(&offer(&all[..4], 3), Some(&five)),
            elsewhere,
            "shorter than it was"
        );

        // A fork, and a history that was written anew, both signed with the log's own key.
        let mut forked = all.clone();
        forked[4] = leaf(b"another");
        assert_eq!(
            judged(&offer(&forked, 5), Some(&five)),
            Err(Refusal::Unproven)
        );
        assert_eq!(judged(&offer(&forked[..5], 5), Some(&five)), elsewhere);
        let anew = leaves(1, 9);
        assert_eq!(
            judged(&offer(&anew, 5), Some(&five)),
            Err(Refusal::Unproven)
        );
        let borrowed = Offer {
            proof: offer(&all, 5).proof,
            ..offer(&anew, 5)
        };
        assert_eq!(judged(&borrowed, Some(&five)), Err(Refusal::Unproven));

        let stranger = Signer::new("clares-law/here", pair(2)).verifier();
        assert_eq!(
            offer(&all, 0).judged(&stranger, None),
            Err(Refusal::OtherKey)
        );
        let backwards = Offer {
            old: 10,
            ..offer(&all, 5)
        };
        assert_eq!(judged(&backwards, Some(&five)), Err(Refusal::Unreadable));
    }

    #[test]
    fn what_a_witness_says_is_about_one_head_at_one_time() {
        let witness = Witness::new("clares-law/witness", pair(3));
        let head = seen(&leaves(0, 9));
        let line = witness.cosigned(&head, 1_795_000_000);
        let key = WitnessKey::read(&witness.key().text()).unwrap();
        let signed = log().signed(&tree(&leaves(0, 9)));
        let told = format!("{signed}{line}");
        assert_eq!(key.seen(&head, &told), Some((line.clone(), 1_795_000_000)));
        assert_eq!(log().verifier().open(&told), Ok(head.clone()));
        assert_eq!(key.seen(&seen(&leaves(0, 8)), &line), None);
        assert_eq!(key.seen(&head, &signed), None);
        let other = Witness::new("clares-law/witness", pair(4));
        assert_eq!(other.key().seen(&head, &line), None);
        // The key of a log is none of a witness, and the other way round.
        assert_eq!(WitnessKey::read(&log().verifier().text()), None);
        assert_eq!(Verifier::read(&key.text()), None);
    }

    /// So that witnesses which others have built can be used: worked out by other means.
    #[test]
    fn it_is_the_cosignature_of_c2sp() {
        let witness = Witness::new("clares-law/witness", pair(3));
        let line = witness.cosigned(&seen(&leaves(0, 9)), 1_795_000_000);
        assert_eq!(
            (witness.key().text(), line),
            ("clares-law/witness+11d575cb+BO1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR".to_owned(), "\u{2014} clares-law/witness EdV1ywAAAABq/YbAk8lRx0a2G5nUkKPhUuk71Q0QCdeXq9LIaCyzqvP/nFKc+fI3pCu9A5u21+LJBbwSerGbt/TWaQsOFjvFb0DWAw==\n".to_owned())
        );
    }
}
