//! What a log holds of an event: its hash, and a tag of its case or meeting by which whoever knows the case can count its entries. To
//! everybody else an entry says nothing.

use uuid::Uuid;

use super::tree::{self, Hash, sha256};

/// Sets these bytes apart from anything else that is ever hashed.
const TAG: &str = "clares-law stream 1";

/// An entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub tag: [u8; 16],
    /// The hash of the event.
    pub hash: Hash,
}

impl Entry {
    /// The entry for an event with this hash, given in hex; none if it is no hash.
    #[must_use]
    pub fn new(stream: Uuid, hash: &str) -> Option<Self> {
        Some(Self {
            tag: tag(stream),
            hash: bytes(hash)?,
        })
    }

    /// Its leaf in the tree of its log.
    #[must_use]
    pub fn leaf(&self) -> Hash {
        let mut bytes = [0; 48];
        bytes[..16].copy_from_slice(&self.tag);
        bytes[16..].copy_from_slice(&self.hash);
        tree::leaf(&bytes)
    }

    /// As a line of a file: tag and hash in hex.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", hex(&self.tag), hex(&self.hash))
    }

    /// Reads what `line` wrote; none if it is anything else.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let (tag, hash) = line.split_once(' ')?;
        Some(Self {
            tag: bytes(tag)?,
            hash: bytes(hash)?,
        })
    }
}

/// What the entries of one case or meeting have in common.
#[must_use]
pub fn tag(stream: Uuid) -> [u8; 16] {
    let mut bytes = TAG.as_bytes().to_vec();
    bytes.extend(stream.as_bytes());
    let mut tag = [0; 16];
    tag.copy_from_slice(&sha256(&bytes)[..16]);
    tag
}

/// Bytes in lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
    text
}

/// Bytes from lower-case hex; none if there are more or fewer, or anything else stands there.
#[must_use]
pub fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut read = [0; N];
    let pairs = text.as_bytes().chunks_exact(2);
    if text.len() != 2 * N {
        return None;
    }
    for (byte, pair) in read.iter_mut().zip(pairs) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let hash = "0123456789abcdef".repeat(4);
        let entry = Entry::new(Uuid::from_u128(7), &hash).unwrap();
        let line = entry.line();
        assert_eq!(Entry::read(&line), Some(entry));
        assert!(line.ends_with(&hash));
        for spoilt in [
            line.to_uppercase(),
            line.replace(' ', "  "),
            line[1..].to_owned(),
            format!("{line}0"),
            String::new(),
        ] {
            assert_eq!(Entry::read(&spoilt), None, "{spoilt}");
        }
    }

    #[test]
    fn every_bit_of_it_counts() {
        let entry = Entry::new(Uuid::from_u128(7), &"00".repeat(32)).unwrap();
        let mut other = entry;
        other.tag[15] ^= 1;
        assert_ne!(entry.leaf(), other.leaf());
        let mut other = entry;
        other.hash[0] ^= 128;
        assert_ne!(entry.leaf(), other.leaf());
    }
}
