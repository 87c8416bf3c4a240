//! The public reference: a label to read aloud, never a key. No route answers to it alone.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Crockford's alphabet: no I, L, O or U, which are misheard or misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Seven random characters and a check character, shown as `7K3M-Q2XD`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// Makes a reference of 35 random bits.
    pub fn from_bits(bits: u64) -> Self {
        let digits: Vec<u8> = (0..7)
            .map(|place| ((bits >> (place * 5)) & 31) as u8)
            .collect();
        let mut text: String = digits
            .iter()
            .map(|digit| char::from(ALPHABET[usize::from(*digit)]))
            .collect();
        text.push(char::from(ALPHABET[check_digit(&digits)]));
        Self(format!("{}-{}", &text[..4], &text[4..]))
    }

    /// Reads what somebody wrote or said: any case, spaces and hyphens allowed, O for 0, I and L for 1.
    ///
    /// # Errors
    /// A sentence for the person.
    pub fn parse(text: &str) -> Result<Self, String> {
        let say = || "This reference is not complete or has a wrong character".to_owned();
        let mut digits = Vec::new();
        for character in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let plain = match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = ALPHABET
                .iter()
                .position(|known| char::from(*known) == plain)
                .ok_or_else(say)?;
            digits.push(u8::try_from(digit).map_err(|_| say())?);
        }
        let (check, seven) = digits.split_last().ok_or_else(say)?;
        if seven.len() != 7 || check_digit(seven) != usize::from(*check) {
            return Err(say());
        }
        let bits = seven
            .iter()
            .rev()
            .fold(0_u64, |bits, digit| (bits << 5) | u64::from(*digit));
        Ok(Self::from_bits(bits))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A weighted sum modulo 31 (a prime): any one wrong character and any two neighbours swapped are noticed,
/// but for the two characters whose values are 31 apart.
fn check_digit(digits: &[u8]) -> usize {
    let weighted = digits
        .iter()
        .zip(1_usize..)
        .map(|(digit, weight)| usize::from(*digit) * weight);
    weighted.sum::<usize>() % 31
}

#[cfg(test)]
mod tests {
    use super::Reference;

    #[test]
    fn is_read_back_as_people_say_it() {
        let reference = Reference::from_bits(0x0003_1234_5678);
        let said = reference
            .to_string()
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o");
        assert_eq!(Reference::parse(&said), Ok(reference));
    }

    #[test]
    fn a_wrong_or_swapped_character_is_noticed() {
        let good = Reference::from_bits(0x0007_6543_2101).to_string();
        let plain: Vec<char> = good.replace('-', "").chars().collect();
        for place in 0..7 {
            let mut swapped = plain.clone();
            swapped.swap(place, place + 1);
            if swapped != plain {
                assert!(Reference::parse(&swapped.iter().collect::<String>()).is_err());
            }
        }
        assert!(Reference::parse("").is_err());
        assert!(Reference::parse("7K3M").is_err());
        assert!(Reference::parse("UUUU-UUUU").is_err());
    }
}
