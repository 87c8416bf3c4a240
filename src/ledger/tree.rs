//! One hash for everything that a log holds so far, and for everything that it held at any size before (RFC 6962 §2.1). Whoever has
//! written down an old one sees whether the log of today still begins with what it held then.

use aws_lc_rs::digest::{SHA256, digest};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// What RFC 6962 hashes in front of an entry, and in front of two subtrees: neither can be taken for the other.
const ENTRY: u8 = 0;
const NODE: u8 = 1;

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    let digest = digest(&SHA256, bytes);
    let mut hash = [0; 32];
    hash.copy_from_slice(digest.as_ref());
    hash
}

/// The hash of an entry as a leaf of the tree.
#[must_use]
pub fn leaf(entry: &[u8]) -> Hash {
    let mut bytes = vec![ENTRY];
    bytes.extend(entry);
    sha256(&bytes)
}

/// The hash of two subtrees together.
pub(super) fn node(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [0; 65];
    bytes[0] = NODE;
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    sha256(&bytes)
}

/// A log as far as it has come: its size, and the roots of the full subtrees that it is made of, the largest first. So much is enough
/// to go on with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    roots: Vec<Hash>,
}

impl Tree {
    /// A log that was written down: none if a log of this size is not made of so many full subtrees.
    #[must_use]
    pub fn resumed(size: u64, roots: Vec<Hash>) -> Option<Self> {
        let fits = u64::from(size.count_ones()) == roots.len() as u64;
        fits.then_some(Self { size, roots })
    }

    /// Adds the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut last = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.roots.pop().unwrap_or_default();
            last = node(&left, &last);
        }
        self.roots.push(last);
        self.size += 1;
    }

    /// How many leaves it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of its full subtrees, the largest first.
    #[must_use]
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// The hash of all of it.
    #[must_use]
    pub fn root(&self) -> Hash {
        let smallest_first = self.roots.iter().rev().copied();
        let all = smallest_first.reduce(|right, left| node(&left, &right));
        all.unwrap_or_else(|| sha256(&[]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    fn hex(hash: Hash) -> String {
        hash.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The definition in the RFC, word for word: split at the largest power of two below the size.
    fn by_the_book(entries: &[Vec<u8>]) -> Hash {
        match entries {
            [] => sha256(&[]),
            [one] => leaf(one),
            more => {
                let mut half = 1;
                while half * 2 < more.len() {
                    half *= 2;
                }
                node(&by_the_book(&more[..half]), &by_the_book(&more[half..]))
            }
        }
    }

    fn entries(count: u8) -> Vec<Vec<u8>> {
        (0..count).map(|entry| vec![entry; 3]).collect()
    }

    #[test]
    fn it_is_the_tree_of_the_rfc_at_every_size() {
        let entries = entries(130);
        let mut tree = Tree::default();
        for size in 0..=entries.len() {
            assert_eq!(tree.root(), by_the_book(&entries[..size]), "{size}");
            let again = Tree::resumed(tree.size(), tree.roots().to_vec());
            assert_eq!(again.as_ref(), Some(&tree));
            if let Some(next) = entries.get(size) {
                tree.push(leaf(next));
            }
        }
    }

    /// The hashes that other programs for such logs test themselves with.
    #[test]
    fn it_has_the_hashes_that_others_have() {
        assert_eq!(
            hex(Tree::default().root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            hex(leaf(b"")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        let mut tree = Tree::default();
        let known: [&[u8]; 8] = [
            b"",
            &[0],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
                0x6e, 0x6f,
            ],
        ];
        for entry in known {
            tree.push(leaf(entry));
        }
        assert_eq!(
            hex(tree.root()),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
    }

    #[test]
    fn what_was_written_down_has_to_fit() {
        assert_eq!(Tree::resumed(3, vec![[0; 32]]), None);
        assert_eq!(Tree::resumed(0, vec![]), Some(Tree::default()));
    }
}
