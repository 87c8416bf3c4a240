//! The only place where chance comes from. Everything else is handed a [`Chance`], so that the ids, references and secrets
//! of a run can be repeated.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::{digest, rand};
use uuid::{Builder, Uuid};

use super::digest::hex;
use crate::domain::id::CaseId;
use crate::domain::reference::Reference;

/// Gives ids and secrets that nobody can guess. Copies of one share their state.
#[derive(Debug, Clone)]
pub struct Chance(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Seeded { seed: u64, drawn: Arc<AtomicU64> },
}

impl Chance {
    /// The operating system's generator.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// Always the same in the same order for one seed. For simulations only: whoever knows the seed knows every secret.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let drawn = Arc::default();
        Self(Source::Seeded { seed, drawn })
    }

    /// A random id of 128 bits, six of them fixed by the format.
    pub fn id(&self) -> Uuid {
        Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    pub fn case_id(&self) -> CaseId {
        CaseId(self.id())
    }

    pub fn reference(&self) -> Reference {
        Reference::from_bits(u64::from_be_bytes(self.bytes()))
    }

    /// A secret of 256 bits, in hexadecimal.
    pub fn secret(&self) -> String {
        hex(&self.bytes::<32>())
    }

    /// Bytes that nobody can guess: at most 32, the length of what a seed is stirred into.
    ///
    /// # Panics
    /// When the system has no randomness left to give; nothing safe can be done then.
    pub(super) fn bytes<const N: usize>(&self) -> [u8; N] {
        const { assert!(N <= digest::SHA256_OUTPUT_LEN) }
        let mut bytes = [0; N];
        match &self.0 {
            #[expect(
                clippy::disallowed_methods,
                reason = "the one place where chance comes from"
            )]
            Source::System => {
                rand::fill(&mut bytes).expect("the operating system must give random bytes");
            }
            Source::Seeded { seed, drawn } => {
                let number = drawn.fetch_add(1, Ordering::SeqCst);
                let input = [seed.to_be_bytes(), number.to_be_bytes()].concat();
                let stirred = digest::digest(&digest::SHA256, &input);
                bytes.copy_from_slice(&stirred.as_ref()[..N]);
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_again_and_copies_go_on_together() {
        let (one, again) = (Chance::seeded(7), Chance::seeded(7));
        let copy = one.clone();
        let drawn = (one.id(), copy.reference(), one.secret());
        assert_eq!(drawn, (again.id(), again.reference(), again.secret()));
        assert_ne!(one.id(), copy.id());
        assert_ne!(Chance::seeded(8).secret(), Chance::seeded(9).secret());
    }

    #[test]
    fn the_system_never_says_the_same_twice() {
        let chance = Chance::system();
        assert_ne!(chance.secret(), chance.secret());
        assert_ne!(chance.id(), Chance::system().id());
    }
}
