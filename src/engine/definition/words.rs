//! Words: what the files in `words/` say instead of a definition's English. A language has its own word for each English
//! text, if a named person approved one; an agency has its own phrases within English texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;

use super::finding::{File, Finding};
use super::roles::Banned;
use super::voice::{ENGLISH, Instead, Voice};
use super::yaml::{Entries, Word};
use super::{Definition, Library};

/// The folder of the files, one for each language.
const FOLDER: &str = "words";
/// The file of the agencies among them.
const AGENCIES: &str = "words/agencies.yaml";

/// `words/cy.yaml` and its like.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordFile {
    language: Word,
    /// What the language calls itself.
    name: Word,
    #[serde(default)]
    words: Vec<Translation>,
}

/// One English text in another language, and who answers for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Translation {
    en: Word,
    is: Word,
    approved_by: Word,
    #[serde(rename = "on")]
    _on: Date,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Agencies {
    agencies: Entries<Entries<Word>>,
}

/// The words of every language and agency.
#[derive(Debug, Clone, Default)]
pub struct Words {
    languages: BTreeMap<String, Tongue>,
    agencies: BTreeMap<String, Instead>,
}

/// A language other than English.
#[derive(Debug, Clone, Default)]
struct Tongue {
    name: String,
    words: Arc<Instead>,
}

impl Words {
    /// The voice for people of an agency, who read a language. An authority's own phrases stand where the agency has none.
    pub fn voice(&self, language: &str, agency: &str, own: &Instead) -> Voice {
        let mut phrases = own.clone();
        phrases.extend(self.agencies.get(agency).cloned().unwrap_or_default());
        let english = Voice::english(phrases);
        match self.languages.get(language) {
            Some(tongue) => english.and_in(language, Arc::clone(&tongue.words)),
            None => english,
        }
    }

    /// The languages that a definition can be read in outside the sign-in: those it declares, as soon as a word of them is
    /// approved. None when there is only English.
    pub fn offered(&self, definition: &Definition) -> Vec<(String, String)> {
        let said = definition.said_outside();
        let further = self.languages().filter(|(language, _)| {
            let declared = definition
                .scheme
                .languages
                .iter()
                .any(|word| **word == **language);
            declared && self.missing(language, &said).len() < said.len()
        });
        let further: Vec<_> = further.collect();
        let english = (!further.is_empty()).then_some((ENGLISH, "English"));
        let all = english.into_iter().chain(further);
        all.map(|(language, name)| (language.to_owned(), name.to_owned()))
            .collect()
    }

    /// The languages there are files of, each with what it calls itself.
    pub fn languages(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = self.languages.iter();
        names.map(|(language, tongue)| (language.as_str(), tongue.name.as_str()))
    }

    /// What a language has no words for.
    pub fn missing<'a>(&self, language: &str, said: &'a BTreeSet<String>) -> Vec<&'a str> {
        let words = self.languages.get(language).map(|tongue| &tongue.words);
        let missing = |text: &&String| words.is_none_or(|words| !words.contains_key(*text));
        said.iter().filter(missing).map(String::as_str).collect()
    }
}

/// Reads the files of a library, and says what is wrong with them.
pub fn read(library: &Library) -> (Words, Vec<Finding>) {
    let mut words = Words::default();
    let mut findings = Vec::new();
    for (path, file) in library.under(FOLDER) {
        if path == AGENCIES {
            match file.read::<Agencies>() {
                Ok(read) => {
                    findings.extend(blank_phrases(file, &read));
                    words.agencies = read.agencies.0.into_iter().map(phrases_of).collect();
                }
                Err(finding) => findings.push(finding),
            }
            continue;
        }
        match file.read::<WordFile>() {
            Ok(read) => {
                findings.extend(faults(file, &read));
                findings.extend(banned_in(library, file, &read));
                let each = read.words.into_iter();
                let tongue = Tongue {
                    name: read.name.text,
                    words: Arc::new(each.map(|word| (word.en.text, word.is.text)).collect()),
                };
                words.languages.insert(read.language.text, tongue);
            }
            Err(finding) => findings.push(finding),
        }
    }
    (words, findings)
}

fn phrases_of((agency, phrases): (Word, Entries<Word>)) -> (String, Instead) {
    let phrases = phrases
        .0
        .into_iter()
        .map(|(phrase, own)| (phrase.text, own.text));
    (agency.text, phrases.collect())
}

fn blank_phrases(file: &File, read: &Agencies) -> Vec<Finding> {
    let phrases = read.agencies.iter().flat_map(|(_, phrases)| phrases.iter());
    let blank = phrases.filter(|(phrase, own)| phrase.trim().is_empty() || own.trim().is_empty());
    blank
        .map(|(phrase, _)| {
            file.error(
                phrase,
                "Write a phrase of the labels and what this agency says instead",
            )
        })
        .collect()
}

fn faults(file: &File, read: &WordFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    if *read.language != *file.stem() || *read.language == *ENGLISH {
        let text = "Name the language like its file, and one other than English";
        findings.push(file.error(&read.language, text));
    }
    if read.name.trim().is_empty() {
        findings.push(file.error(&read.name, "Say what the language calls itself"));
    }
    let mut seen = BTreeSet::new();
    for word in &read.words {
        if !seen.insert(&*word.en) {
            findings.push(file.error(
                &word.en,
                "This English text stands here already; keep one of them",
            ));
        }
        if word.is.trim().is_empty() {
            findings.push(file.error(&word.is, "Write the words, or leave this entry out"));
        }
        if word.approved_by.trim().is_empty() {
            let text =
                "Name the person who approved these words; nothing else may be shown to people";
            findings.push(file.error(&word.approved_by, text));
        }
    }
    findings
}

/// L8: words are also shown outside the sign-in. What is banned in English may stand only for English that says it too.
fn banned_in(library: &Library, file: &File, read: &WordFile) -> Vec<Finding> {
    let banned = library.0.get("messages/banned.yaml");
    let Some(banned) = banned.and_then(|file| file.read::<Banned>().ok()) else {
        return Vec::new();
    };
    let own = read
        .words
        .iter()
        .filter(|word| banned.first_in(&word.en).is_none());
    let texts = own.map(|word| &word.is).chain([&read.name]);
    let found = texts.filter_map(|text| Some((text, banned.first_in(text)?)));
    found
        .map(|(text, word)| {
            file.error(
                text,
                format!("`{word}` may not stand here: see messages/banned.yaml"),
            )
        })
        .collect()
}

/// Warns of words for texts that nothing says any more: the English changed, and the words with it.
pub fn unused(library: &Library, said: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, file) in library.under(FOLDER).filter(|(path, _)| *path != AGENCIES) {
        let read = file
            .read::<WordFile>()
            .map_or_else(|_| Vec::new(), |read| read.words);
        let unused = read.iter().filter(|word| !said.contains(&*word.en));
        findings.extend(unused.map(|word| {
            file.warning(&word.en, "Nothing says this in English any more; have the words approved again or take them out")
        }));
    }
    findings
}
