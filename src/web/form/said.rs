//! Answers in words, with nothing of a page about them: pages and papers show the same.

use std::fmt;

use jiff::civil::{Date, DateTime};
use serde_json::Value;

use crate::domain::check::Check;
use crate::domain::contact::{SafeContact, Way};
use crate::domain::person::Person;
use crate::domain::pii::withheld;
use crate::engine::definition::record::{Answers, Field, Kind, Record};
use crate::engine::definition::wording::Wording;
use crate::web::words;

/// What was answered.
#[derive(Clone, PartialEq, Eq)]
pub enum Said {
    Text(String),
    /// Text as it was written, with its line breaks.
    Lines(String),
    List(Marks, Vec<Vec<Piece>>),
}

/// What stands before each line of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    None,
    Bullets,
    /// Nothing, and room between: each line is the answer of one system or agency.
    Checks,
    /// Nothing, and room between: each line is an entry with its number, its fields on lines of their own.
    Entries,
}

/// Some words of a line.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece {
    Plain(String),
    Strong(String),
    /// Words that explain beside words that tell.
    Quiet(String),
}

withheld!(Said);
withheld!(Piece);

/// Words alone, for a file without a layout.
impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Lines(text) => f.write_str(text),
            Self::List(_, items) => {
                let words = |pieces: &Vec<Piece>| {
                    let words = pieces.iter().map(Piece::words);
                    words.collect::<Vec<_>>().join(" ")
                };
                f.write_str(&items.iter().map(words).collect::<Vec<_>>().join("; "))
            }
        }
    }
}

impl Piece {
    fn words(&self) -> &str {
        let (Self::Plain(words) | Self::Strong(words) | Self::Quiet(words)) = self;
        words.trim()
    }

    pub fn plain(text: impl Into<String>) -> Self {
        Self::Plain(text.into())
    }

    pub fn strong(text: impl Into<String>) -> Self {
        Self::Strong(text.into())
    }

    pub fn quiet(text: impl Into<String>) -> Self {
        Self::Quiet(text.into())
    }
}

/// One answer.
pub fn said(field: &Field, value: &Value) -> Said {
    let text = value.as_str().unwrap_or_default();
    let plain = match field.kind {
        Kind::LongText => return Said::Lines(text.to_owned()),
        Kind::Choices => return choices(field, value),
        Kind::Person => return person(value),
        Kind::Addresses => return addresses(value),
        Kind::Contact => return contact(value),
        Kind::Checks => return checks(field, value),
        Kind::Entries => return entries(field, value),
        Kind::Choice | Kind::Authority => option(field, text).to_owned(),
        Kind::YesNo => if value == true { "Yes" } else { "No" }.to_owned(),
        Kind::Number => value.to_string(),
        Kind::Date => text
            .parse::<Date>()
            .map_or_else(|_| text.to_owned(), words::date),
        Kind::PartialDate => words::partial_date(text),
        Kind::DateTime => date_time(text),
        Kind::Text => text.to_owned(),
    };
    Said::Text(plain)
}

/// What was answered, each with its label, but for the fields in `but`.
pub fn filled(record: &Record, answers: &Answers, but: &[&str]) -> Vec<(Wording, Said)> {
    let answers = record.lifted(answers);
    let fields = record.fields.iter();
    let filled = fields
        .filter(|(name, _)| !but.contains(&&***name))
        .filter_map(|(name, field)| {
            let value = answers.get(&**name)?;
            Some((field.label.clone(), said(field, value)))
        });
    filled.collect()
}

fn option<'a>(field: &'a Field, name: &'a str) -> &'a str {
    field.options.get(name).map_or(name, |label| label)
}

fn choices(field: &Field, value: &Value) -> Said {
    let items = value.as_array().into_iter().flatten();
    let labels = items.map(|item| option(field, item.as_str().unwrap_or_default()));
    let lines = labels.map(|label| vec![Piece::plain(label)]);
    Said::List(Marks::Bullets, lines.collect())
}

fn date_time(text: &str) -> String {
    let read = text.parse::<DateTime>();
    read.map_or_else(
        |_| text.to_owned(),
        |at| format!("{}, {}", words::date(at.date()), at.strftime("%H:%M")),
    )
}

/// A name with what else is known: other names, and when born.
pub fn person(value: &Value) -> Said {
    let Ok(Some(person)) = Person::parse(value) else {
        return Said::Text(String::new());
    };
    let full = person.full_name();
    let mut text = full.clone();
    if !person.other_names.is_empty() && *person.other_names != *full {
        text.extend([", also ", &person.other_names]);
    }
    if !person.born.is_empty() {
        text.extend([", born ", &words::partial_date(&person.born)]);
    }
    Said::Text(text)
}

fn addresses(value: &Value) -> Said {
    let items = value.as_array().into_iter().flatten();
    let lines = items.map(|address| {
        let part = |name: &str| address[name].as_str().unwrap_or_default();
        let mut line = part("address").to_owned();
        for (before, name) in [(", from ", "from"), (", until ", "to")] {
            let day = words::partial_date(part(name));
            if !day.is_empty() {
                line.extend([before, &day]);
            }
        }
        vec![Piece::Plain(line)]
    });
    Said::List(Marks::None, lines.collect())
}

/// The agreed way, with what must never be done in front of everything but the way itself.
pub fn contact(value: &Value) -> Said {
    let Ok(Some(contact)) = SafeContact::parse(value) else {
        return Said::Text(String::new());
    };
    let way = Way::ALL
        .iter()
        .find(|(way, _, _)| *way == contact.way)
        .map_or("", |(_, _, label)| *label);
    let details = match contact.details.as_str() {
        "" => String::new(),
        details => format!(": {details}"),
    };
    let mut lines = vec![vec![Piece::Plain(format!("{way}{details}"))]];
    if !contact.never.is_empty() {
        lines.push(vec![Piece::Strong(format!(
            "Never: {}",
            contact.never.as_str()
        ))]);
    }
    if !contact.safe_times.is_empty() {
        lines.push(vec![Piece::Plain(format!(
            "Safe: {}",
            contact.safe_times.as_str()
        ))]);
    }
    lines.push(vec![
        Piece::plain("Voicemail: "),
        if contact.voicemail {
            Piece::plain("a message may be left")
        } else {
            Piece::strong("never")
        },
    ]);
    if !contact.code_word.is_empty() {
        lines.push(vec![Piece::Plain(format!(
            "Code word: {}",
            contact.code_word.as_str()
        ))]);
    }
    Said::List(Marks::None, lines)
}

/// Each entry with its number, its fields one below the other.
fn entries(field: &Field, value: &Value) -> Said {
    let entries = value.as_array().into_iter().flatten();
    let entries = entries.zip(1..).map(|(entry, number): (_, usize)| {
        let mut line = vec![Piece::Strong(format!("{number}. "))];
        for (name, field) in field.fields.iter() {
            let Some(value) = entry.get(&**name) else {
                continue;
            };
            let before = if line.len() == 1 { "" } else { "\n" };
            let colon = if field.label.ends_with('?') { "" } else { ":" };
            line.push(Piece::Quiet(format!("{before}{}{colon} ", field.label)));
            match said(field, value) {
                Said::Text(text) | Said::Lines(text) => line.push(Piece::Plain(text)),
                Said::List(..) => {} // no kind that an entry is asked for
            }
        }
        line
    });
    Said::List(Marks::Entries, entries.collect())
}

/// Each system, searched or not: not searched is not nothing found.
fn checks(field: &Field, value: &Value) -> Said {
    let lines = field.rows.iter().map(|(row, described)| {
        let mut line = vec![Piece::Plain(format!("{}: ", described.label))];
        let Some(check) = Check::parse(&value[&**row]).ok().flatten() else {
            line.push(Piece::strong("Not searched"));
            return line;
        };
        line.push(Piece::strong(check.result.label()));
        let parts = [check.summary.as_str(), check.reason.as_str()].into_iter();
        let parts = parts.filter(|part| !part.is_empty());
        line.extend(parts.map(|part| Piece::Plain(format!(" – {part}"))));
        if !check.terms.is_empty() {
            line.push(Piece::Quiet(format!(
                " (searched for: {})",
                check.terms.as_str()
            )));
        }
        line
    });
    Said::List(Marks::Checks, lines.collect())
}
