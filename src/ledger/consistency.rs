//! That a log of today begins with what it held at an earlier size, shown in as many hashes as the log has levels (RFC 6962 §2.1.2).
//! Whoever holds the earlier root alone can check it.

use super::tree::{Hash, Tree, node};

/// What shows that a log which went on from `old` with these leaves begins with it. Nothing has to be shown of an empty log, nor of
/// one that did not go on.
#[must_use]
pub fn proof(old: &Tree, later: &[Hash]) -> Vec<Hash> {
    let mut proof = Vec::new();
    if old.size() > 0 && !later.is_empty() {
        let size = old.size() + later.len() as u64;
        Grown { old, later }.prove(0, size, true, &mut proof);
    }
    proof
}

/// Whether a proof shows that a log with the second size and root begins with one that has the first.
#[must_use]
pub fn holds(old: (u64, &Hash), new: (u64, &Hash), proof: &[Hash]) -> bool {
    match old.0 {
        0 => proof.is_empty(),
        size if size == new.0 => proof.is_empty() && old.1 == new.1,
        size if size > new.0 => false,
        _ => climbed(old, new, proof).is_some_and(|roots| roots == (*old.1, *new.1)),
    }
}

/// The two roots that a proof leads to, from the last full subtree of the old log upwards (RFC 9162 §2.1.4.2).
fn climbed(old: (u64, &Hash), new: (u64, &Hash), proof: &[Hash]) -> Option<(Hash, Hash)> {
    // A log that is one full subtree is its own beginning; its root is not repeated in the proof.
    let own = old.0.is_power_of_two().then_some(*old.1);
    let mut hashes = own.into_iter().chain(proof.iter().copied());
    let full = (old.0 - 1).trailing_ones();
    let (mut place, mut last) = ((old.0 - 1) >> full, (new.0 - 1) >> full);
    let first = hashes.next()?;
    let (mut old_root, mut new_root) = (first, first);
    for hash in hashes {
        if last == 0 {
            return None;
        }
        if place & 1 == 1 || place == last {
            old_root = node(&hash, &old_root);
            new_root = node(&hash, &new_root);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            new_root = node(&new_root, &hash);
        }
        place >>= 1;
        last >>= 1;
    }
    (last == 0).then_some((old_root, new_root))
}

/// A log, of whose beginning only the full subtrees are known.
struct Grown<'a> {
    old: &'a Tree,
    later: &'a [Hash],
}

impl Grown<'_> {
    /// The proof for the entries of a subtree; `whole` is whether the old log is all to the left of here.
    fn prove(&self, from: u64, to: u64, whole: bool, proof: &mut Vec<Hash>) {
        let old = self.old.size();
        if old == to {
            if !whole {
                proof.extend(self.hash(from, to));
            }
            return;
        }
        let half = from + (to - from).next_power_of_two() / 2;
        if old <= half {
            self.prove(from, half, whole, proof);
            proof.extend(self.hash(half, to));
        } else {
            self.prove(half, to, false, proof);
            proof.extend(self.hash(from, half));
        }
    }

    /// The hash of a subtree: one of the old log's, or one that came later. A proof never needs one that is partly both.
    fn hash(&self, from: u64, to: u64) -> Option<Hash> {
        let old = self.old.size();
        if from >= old {
            let place = |at: u64| usize::try_from(at - old).ok();
            let mut tree = Tree::default();
            for leaf in self.later.get(place(from)?..place(to)?)? {
                tree.push(*leaf);
            }
            return Some(tree.root());
        }
        let mut begins = 0;
        for root in self.old.roots() {
            let width = 1 << (old - begins).ilog2();
            if (begins, begins + width) == (from, to) {
                return Some(*root);
            }
            begins += width;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::tree::leaf;

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|place| leaf(&place.to_be_bytes())).collect()
    }

    fn grown(leaves: &[Hash]) -> Tree {
        let mut tree = Tree::default();
        for leaf in leaves {
            tree.push(*leaf);
        }
        tree
    }

    /// The definition in the RFC, word for word.
    fn by_the_book(size: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
        if size == leaves.len() {
            return if whole {
                vec![]
            } else {
                vec![grown(leaves).root()]
            };
        }
        let half = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(half);
        if size <= half {
            let mut proof = by_the_book(size, left, whole);
            proof.push(grown(right).root());
            proof
        } else {
            let mut proof = by_the_book(size - half, right, false);
            proof.push(grown(left).root());
            proof
        }
    }

    #[test]
    fn it_is_the_proof_of_the_rfc_between_all_sizes_and_holds_between_these_alone() {
        let leaves = leaves(70);
        for new in 1..=leaves.len() {
            let tree = grown(&leaves[..new]);
            for old in 1..=new {
                let before = grown(&leaves[..old]);
                let proof = proof(&before, &leaves[old..new]);
                assert_eq!(proof, by_the_book(old, &leaves[..new], true), "{old} {new}");
                let roots = (before.root(), tree.root());
                let ends = |old: u64, new: u64| ((old, &roots.0), (new, &roots.1));
                let (from, to) = ends(before.size(), tree.size());
                assert!(holds(from, to, &proof), "{old} {new}");
                // Each hash counts, none is too many, and the roots are those.
                for place in 0..proof.len() {
                    let mut other = proof.clone();
                    other[place][31] ^= 1;
                    assert!(!holds(from, to, &other), "{old} {new} {place}");
                    other.remove(place);
                    assert!(!holds(from, to, &other), "{old} {new} {place}");
                }
                let mut longer = proof.clone();
                longer.push([0; 32]);
                assert!(!holds(from, to, &longer), "{old} {new}");
                if old < new {
                    assert!(!holds((from.0, to.1), to, &proof), "{old} {new}");
                    assert!(!holds(from, (to.0, from.1), &proof), "{old} {new}");
                    assert!(!holds(to, from, &proof), "{old} {new}: backwards");
                }
            }
        }
    }

    #[test]
    fn an_empty_log_is_the_beginning_of_all() {
        let leaves = leaves(3);
        let (empty, tree) = (Tree::default(), grown(&leaves));
        assert_eq!(proof(&empty, &leaves), Vec::<Hash>::new());
        assert!(holds((0, &empty.root()), (3, &tree.root()), &[]));
        assert!(!holds((0, &empty.root()), (3, &tree.root()), &[[0; 32]]));
    }
}
