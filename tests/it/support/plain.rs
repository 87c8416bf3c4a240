//! How hard a text is to read, as a school grade: Flesch and Kincaid, 1975.

/// 0.39 × words per sentence + 11.8 × syllables per word − 15.59. A line is at least one sentence.
pub fn grade(text: &str) -> f64 {
    let sentences = text.lines().flat_map(|line| line.split(['.', '?', '!']));
    let sentences = sentences.filter(|sentence| words(sentence).next().is_some());
    let syllables: usize = words(text).map(syllables).sum();
    let words = number(words(text).count());
    0.39 * words / number(sentences.count()) + 11.8 * number(syllables) / words - 15.59
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '\'');
    words.filter(|word| word.chars().any(char::is_alphabetic))
}

/// Groups of vowels, without a silent e at the end; never none.
fn syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let vowel = |letter: char| "aeiouy".contains(letter);
    let letters: Vec<char> = word.chars().collect();
    let groups =
        (0..letters.len()).filter(|&at| vowel(letters[at]) && (at == 0 || !vowel(letters[at - 1])));
    let silent = (word.ends_with('e') && !word.ends_with("le"))
        || (word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded"));
    groups.count().saturating_sub(usize::from(silent)).max(1)
}

#[test]
fn known_words_have_their_syllables_and_known_texts_their_grade() {
    for (word, count) in [
        ("case", 1),
        ("table", 2),
        ("disclosure", 3),
        ("confirmed", 2),
        ("started", 2),
        ("application", 4),
        ("the", 1),
    ] {
        assert_eq!(syllables(word), count, "{word}");
    }
    assert!(grade("The cat sat on the mat.") < 1.0);
    let hard = "The multi-agency forum determines proportionality and necessity, having considered representations concerning \
                the individual whose confidentiality would consequently be compromised by any disclosure.";
    assert!(grade(hard) > 18.0, "{}", grade(hard));
}
