//! What a case gives to whoever asked, once two people have decided it. Nothing else of the case is in it.

use serde_json::Value;

use super::case::Case;
use super::definition::Definition;
use super::definition::gives::Gives;
use super::definition::record::Answers;
use super::definition::roles::Message;

/// The letter, and what is given with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<'a> {
    pub letter: &'a Message,
    /// The words of each piece that is given, to the letter.
    pub pieces: Vec<&'a str>,
}

/// What there is to hand over; nothing before a second person has confirmed an outcome. Of a case that is looked at again there is
/// nothing until it is decided again. The case is to be whole: a piece that its reader may not see would be missing.
pub fn given<'a>(definition: &'a Definition, case: &'a Case) -> Option<Given<'a>> {
    let gives = definition.scheme.gives.as_ref()?;
    case.outcome.as_ref()?;
    let letter = definition.scheme.actions.get(&gives.letter)?;
    let message = letter.tells.get(&case.capacity)?;
    let language = definition.scheme.languages.first()?;
    let letter = (message.to_string(), language.to_string());
    let (form, _) = definition.given_form()?;
    let filing = case.records.get(form);
    let pieces = filing.and_then(|filing| filing.answers.get(&*gives.pieces)?.as_array());
    let pieces = pieces.into_iter().flatten().filter_map(Value::as_object);
    Some(Given {
        letter: definition.messages.get(&letter)?,
        pieces: pieces
            .filter(|piece| is_given(gives, piece))
            .filter_map(|piece| piece.get(&*gives.words)?.as_str())
            .collect(),
    })
}

/// Every choice has to say so: a piece that was left open is not given.
fn is_given(gives: &Gives, piece: &Answers) -> bool {
    gives.given_where.iter().all(|(name, options)| {
        let chosen = piece.get(&**name).and_then(Value::as_str);
        chosen.is_some_and(|option| options.has(option))
    })
}
