//! Text without what people spell differently: accents, capitals, hyphens, apostrophes.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The words of a text in small plain letters and digits. An apostrophe joins what it stands between, as in O'Brien;
/// everything else divides.
pub fn words(text: &str) -> Vec<String> {
    let joined = text.chars().filter(|c| !is_apostrophe(*c));
    let plain: String = joined
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !is_apostrophe(*c))
        .flat_map(char::to_lowercase)
        .fold(String::new(), |mut text, c| {
            match in_plain_letters(c) {
                Some(letters) => text.push_str(letters),
                None => text.push(c),
            }
            text
        });
    let words = plain.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '´' | '\u{2018}' | '\u{2019}' | '\u{2bb}' | '\u{2bc}' | '\u{2032}'
    )
}

/// Letters that are no plain letter with an accent, and are often written with plain ones.
fn in_plain_letters(c: char) -> Option<&'static str> {
    let letters = match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    };
    Some(letters)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn spelling_is_taken_out_of_the_way() {
        for (typed, plain) in [
            ("Séamus Ó Dálaigh", "seamus o dalaigh"),
            ("O'BRIEN", "obrien"),
            ("O’Brien", "obrien"),
            ("Smith-Jones", "smith jones"),
            ("Strauß", "strauss"),
            ("SØRENSEN", "sorensen"),
            ("Łukasz", "lukasz"),
            ("ﬁona", "fiona"),
            ("  ", ""),
            ("–", ""),
        ] {
            assert_eq!(words(typed).join(" "), plain, "{typed}");
        }
    }
}
