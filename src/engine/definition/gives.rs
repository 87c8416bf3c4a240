//! What is handed to whoever asked: one letter for everybody and, below it, the words that two people decided to give.

use serde::Deserialize;

use super::Definition;
use super::explain::Line;
use super::finding::Finding;
use super::record::{Field, Kind, Record};
use super::yaml::{Entries, Names, Unconfirmed, Word};

/// The key `gives:` of a scheme.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gives {
    /// The action that records that the letter was given; what it `tells` is the letter.
    pub letter: Word,
    /// The action whose form says piece by piece what is given.
    pub decided_by: Word,
    /// The field of that form with the pieces, of kind `entries`.
    pub pieces: Word,
    /// The text of a piece that is given, to the letter.
    pub words: Word,
    /// Choices of a piece, each with the options with which its words are given.
    #[serde(rename = "where")]
    pub given_where: Entries<Names>,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

impl Definition {
    /// The form that says what is given, with its name, where something is given at all.
    pub fn given_form(&self) -> Option<(&str, &Record)> {
        let gives = self.scheme.gives.as_ref()?;
        let action = self.scheme.actions.get(&gives.decided_by)?;
        let name = action.record.as_deref()?;
        Some((name, self.records.get(name)?))
    }
}

/// The actions, the form and its fields exist and fit, and nothing is given that one person alone decided.
pub fn check(definition: &Definition, findings: &mut Vec<Finding>) {
    let Some(gives) = &definition.scheme.gives else {
        return;
    };
    let file = definition.file();
    let mut error = |at: &Word, text: String| findings.push(file.error(at, text));
    let actions = &definition.scheme.actions;
    if actions
        .get(&gives.letter)
        .is_none_or(|action| action.tells.is_empty())
    {
        let text =
            "Name the action that records that the letter was given; what it `tells` is the letter";
        error(&gives.letter, text.to_owned());
    }
    let Some((form, record)) = definition.given_form() else {
        let text = "Name the action whose form says what is given";
        return error(&gives.decided_by, text.to_owned());
    };
    let fills = |name: &Option<Word>| name.as_deref() == Some(form);
    for (name, action) in actions.iter() {
        let decides = fills(&action.record) || !action.outcome.is_empty();
        if decides && action.second_person.is_none() {
            let text = format!("What is given rests on `{name}`, so it needs a `second_person`");
            error(name, text);
        }
    }
    let pieces = record.fields.get(&gives.pieces);
    let Some(pieces) = pieces.filter(|field| field.kind == Kind::Entries) else {
        let text = format!(
            "The form `{form}` has no entries `{}`: name its field with the pieces",
            gives.pieces
        );
        return error(&gives.pieces, text);
    };
    piece(gives, pieces, &mut error);
}

fn piece(gives: &Gives, pieces: &Field, error: &mut impl FnMut(&Word, String)) {
    let words = pieces.fields.get(&gives.words);
    let texts = [Kind::Text, Kind::LongText];
    if words.is_none_or(|field| !texts.contains(&field.kind)) {
        let text = "Name the text of a piece that is given, to the letter";
        error(&gives.words, text.to_owned());
    }
    if gives.given_where.is_empty() {
        let text = "Say under `where` with which answers the words of a piece are given";
        error(&gives.words, text.to_owned());
    }
    for (name, options) in gives.given_where.iter() {
        let choice = pieces.fields.get(name);
        let Some(choice) = choice.filter(|field| field.kind == Kind::Choice) else {
            error(name, format!("A piece is not asked for a choice `{name}`"));
            continue;
        };
        for option in options.iter().filter(|option| !choice.options.has(option)) {
            error(option, format!("`{name}` has no answer `{option}`"));
        }
    }
}

/// What the handbook says of it.
pub fn explained(definition: &Definition, gives: &Gives) -> Vec<Line> {
    let label = |action: &Word| format!("‘{}’", definition.action_label(action));
    let decided = label(&gives.decided_by);
    vec![
        format!("Everybody gets the same letter, whatever comes out. {} records that they have it.", label(&gives.letter)).into(),
        format!("Below it stand the words that were decided with {decided}, and nothing else of that form.").into(),
        Line::doubted(
            "There is no letter before two people have decided, each with their own account.",
            gives.unconfirmed.as_ref(),
        ),
    ]
}
