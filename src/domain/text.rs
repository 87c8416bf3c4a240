//! Text that people can read: no control characters, and none that are invisible or turn the line round.

/// What somebody is told whose text is not printable.
pub const UNPRINTABLE: &str = "Remove the characters that cannot be printed";

/// Whether every character can be seen or is space between words. Joiners that some scripts need are allowed.
pub fn is_printable(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '\n' | '\r' | '\t') || !(c.is_control() || is_hidden(c)))
}

/// Whether it says anything: at least one letter or digit.
pub fn says_something(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{is_printable, says_something};

    #[test]
    fn hidden_characters_are_told_from_letters_of_any_script() {
        for good in ["Ruairidh", "محمد", "श्री\u{200d}", "Ó Dálaigh", "two\nlines"] {
            assert!(is_printable(good) && says_something(good), "{good}");
        }
        for bad in ["a\u{0}b", "\u{202e}abc", "a\u{200b}"] {
            assert!(!is_printable(bad), "{bad:?}");
        }
        assert!(!says_something(" – "));
    }
}
