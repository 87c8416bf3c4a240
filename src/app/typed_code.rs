//! Secrets that people read and type: capital letters and the digits 2 to 7 (RFC 4648, base32), in groups of four.

use super::digest::digest;

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Bytes in base32, without padding.
pub fn base32(bytes: &[u8]) -> String {
    let bits = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let bits: Vec<u8> = bits.collect();
    bits.chunks(5)
        .map(|five| {
            let value = five.iter().fold(0, |value, bit| value << 1 | bit) << (5 - five.len());
            char::from(ALPHABET[usize::from(value)])
        })
        .collect()
}

/// The same in groups of four, for reading and typing.
pub fn grouped(code: &str) -> String {
    let characters: Vec<char> = code.chars().collect();
    let groups: Vec<String> = characters
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    groups.join("-")
}

/// What was meant, however it was typed: without spaces and hyphens, in capitals.
pub fn meant(typed: &str) -> String {
    let characters = typed.chars().filter(char::is_ascii_alphanumeric);
    characters.map(|c| c.to_ascii_uppercase()).collect()
}

/// What is kept of a code. They are drawn at random and long, so that a plain hash gives nothing away.
pub fn hash_of(typed: &str) -> String {
    digest([meant(typed).as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_code_is_understood_however_it_is_typed() {
        assert_eq!(grouped("MZXW6YTBOI"), "MZXW-6YTB-OI");
        assert_eq!(meant(" mzxw 6ytb–oi "), "MZXW6YTBOI");
        assert_eq!(hash_of("mzxw-6ytb-oi"), hash_of("MZXW6YTBOI"));
    }
}
