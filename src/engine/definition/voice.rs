//! In whose words a definition speaks: a language, and within English an agency's or an authority's own phrases.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::wording::Wording;

/// The language that definitions are written in.
pub const ENGLISH: &str = "en";

/// English texts or phrases, and what is said instead.
pub type Instead = BTreeMap<String, String>;

/// The default is plain English, as the files have it.
#[derive(Debug, Clone, Default)]
pub struct Voice {
    /// `None` for English.
    language: Option<String>,
    words: Arc<Instead>,
    /// In lower case, the longest phrase first, so that none hides another.
    phrases: Vec<(String, String)>,
}

impl Voice {
    /// A voice that has these phrases of English in its own way.
    pub fn english(phrases: Instead) -> Self {
        let phrases = phrases.into_iter();
        let mut phrases: Vec<_> = phrases
            .map(|(phrase, own)| (phrase.to_ascii_lowercase(), own))
            .collect();
        phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        Self {
            phrases,
            ..Self::default()
        }
    }

    /// The same in another language, as far as it has words.
    #[must_use]
    pub fn and_in(self, language: &str, words: Arc<Instead>) -> Self {
        Self {
            language: Some(language.to_owned()),
            words,
            ..self
        }
    }

    /// The language asked for. What it has no words for is said in English all the same.
    pub fn language(&self) -> &str {
        self.language.as_deref().unwrap_or(ENGLISH)
    }

    /// Whether it says everything as the files have it.
    pub fn is_plain(&self) -> bool {
        self.language.is_none() && self.phrases.is_empty()
    }

    /// An English text of a definition in these words.
    pub fn say(&self, english: &str) -> Wording {
        let Some(language) = &self.language else {
            return self.phrased(english).as_str().into();
        };
        match self.words.get(english) {
            Some(words) => Wording::in_language(words, language),
            None => Wording::in_language(&self.phrased(english), ENGLISH),
        }
    }

    /// With the phrases replaced: whole words only, and beginning with a capital where the English does.
    fn phrased(&self, english: &str) -> String {
        let lower = english.to_ascii_lowercase();
        let mut said = String::with_capacity(english.len());
        let mut from = 0;
        for at in beginnings(&lower) {
            // What stands inside a phrase has been said with it.
            let found = (at >= from).then(|| self.phrase_at(&lower[at..])).flatten();
            if let Some((phrase, own)) = found {
                said.push_str(&english[from..at]);
                said.push_str(&cased(own, &english[at..]));
                from = at + phrase.len();
            }
        }
        said.push_str(&english[from..]);
        said
    }

    /// The phrase that a text begins with.
    fn phrase_at(&self, lower: &str) -> Option<&(String, String)> {
        self.phrases.iter().find(|(phrase, _)| {
            let rest = lower.strip_prefix(phrase.as_str());
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    }
}

/// Where words begin.
fn beginnings(text: &str) -> impl Iterator<Item = usize> {
    let mut inside = false;
    text.char_indices().filter_map(move |(at, letter)| {
        let before = std::mem::replace(&mut inside, letter.is_alphanumeric());
        (inside && !before).then_some(at)
    })
}

/// What is said instead, with a capital where the English has one.
fn cased(own: &str, english: &str) -> String {
    let mut letters = own.chars();
    match letters
        .next()
        .filter(|_| english.starts_with(char::is_uppercase))
    {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => own.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant() -> Voice {
        let phrases = [
            ("person at risk", "tenant"),
            ("people at risk", "tenants"),
            ("risk", "danger"),
        ];
        Voice::english(
            phrases
                .map(|(phrase, own)| (phrase.into(), own.into()))
                .into(),
        )
    }

    #[test]
    fn a_phrase_is_replaced_as_whole_words_and_keeps_its_capital() {
        for (english, said) in [
            ("Tell the person at risk", "Tell the tenant"),
            ("Person at risk", "Tenant"),
            ("The person at risk's wish", "The tenant's wish"),
            ("‘person at risk’", "‘tenant’"),
            ("A riskperson at risk", "A riskperson at danger"),
            ("person at risks", "person at risks"),
            ("People at risk, person at risk", "Tenants, tenant"),
            ("No asterisk", "No asterisk"),
            ("éperson at risk", "éperson at danger"),
            ("", ""),
        ] {
            assert_eq!(&*tenant().say(english), said);
            assert_eq!(tenant().say(english).language(), None);
        }
        assert_eq!(&*Voice::default().say("Person at risk"), "Person at risk");
    }

    #[test]
    fn another_language_has_its_words_or_says_that_it_speaks_english() {
        let words = [("Person at risk", "Person mewn perygl")];
        let words = words.map(|(en, is)| (en.into(), is.into())).into();
        let voice = tenant().and_in("cy", Arc::new(words));
        let said = voice.say("Person at risk");
        assert_eq!(
            (&*said, said.language()),
            ("Person mewn perygl", Some("cy"))
        );
        let said = voice.say("Tell the person at risk");
        assert_eq!((&*said, said.language()), ("Tell the tenant", Some("en")));
        assert_eq!((voice.language(), tenant().language()), ("cy", "en"));
    }
}
