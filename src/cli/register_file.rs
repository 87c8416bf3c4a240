//! The list of an agency's people, as a file: CSV with a line of column names. A fault says line and column, and repeats
//! nothing of what stands there.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read;

use csv::{Error, ErrorKind, StringRecord};
use serde_json::json;

use crate::app::register::Entry;
use crate::domain::person::Person;
use crate::domain::text::{UNPRINTABLE, is_printable};

/// The columns, in any order. The first three must be there.
const COLUMNS: [&str; 9] = [
    "entry",
    "given_names",
    "family_name",
    "other_names",
    "born",
    "staff_number",
    "addresses",
    "phones",
    "sign_in_name",
];
const NEEDED: usize = 3;

/// What stands between several addresses or telephone numbers of one person.
const BETWEEN: char = ';';

/// Longer is no name, number or address of anybody.
const LONGEST: usize = 1_000;

/// What is wrong with a file, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    line: u64,
    /// The number and the name of the column, if it is one's.
    column: Option<(usize, &'static str)>,
    text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.line)?;
        if let Some((number, name)) = self.column {
            write!(f, "column {number} ({name}): ")?;
        }
        f.write_str(&self.text)
    }
}

/// Reads a whole list.
///
/// # Errors
/// Every fault of every line.
pub fn read(file: impl Read) -> Result<Vec<Entry>, Vec<Fault>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(file);
    let header = reader.headers().map_err(|error| vec![unreadable(&error)])?;
    let mut rows = Rows::under(header)?;
    for record in reader.into_records() {
        match record {
            Ok(record) => rows.take(&record),
            Err(error) => rows.faults.push(unreadable(&error)),
        }
    }
    if rows.entries.is_empty() && rows.faults.is_empty() {
        rows.faults.push(at_the_top("The list holds nobody"));
    }
    if rows.faults.is_empty() {
        Ok(rows.entries)
    } else {
        Err(rows.faults)
    }
}

/// The rows that have been read.
struct Rows {
    /// Where each column stands, in the order of [`COLUMNS`].
    places: [Option<usize>; COLUMNS.len()],
    entries: Vec<Entry>,
    faults: Vec<Fault>,
    /// The entries and the accounts that have been named.
    named: [BTreeSet<String>; 2],
}

impl Rows {
    fn under(header: &StringRecord) -> Result<Self, Vec<Fault>> {
        let place = |name: &str| header.iter().position(|column| column == name);
        let places = COLUMNS.map(place);
        let missing = COLUMNS[..NEEDED]
            .iter()
            .filter(|name| place(name).is_none());
        let missing = missing.map(|name| at_the_top(&format!("There is no column {name}")));
        let strange = header.iter().enumerate();
        let strange =
            strange.filter(|(at, name)| !COLUMNS.contains(name) || place(name) != Some(*at));
        let strange = strange.map(|(at, _)| {
            let known = COLUMNS.join(", ");
            at_the_top(&format!(
                "Column {} is not one of {known}, or stands twice",
                at + 1
            ))
        });
        let faults: Vec<_> = missing.chain(strange).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self {
            places,
            entries: Vec::new(),
            faults: Vec::new(),
            named: Default::default(),
        })
    }

    fn take(&mut self, record: &StringRecord) {
        let line = record.position().map_or(0, csv::Position::line);
        let cells = self
            .places
            .map(|place| place.and_then(|place| record.get(place)));
        let [
            entry,
            given,
            family,
            other,
            born,
            number,
            addresses,
            phones,
            account,
        ] = cells.map(Option::unwrap_or_default);
        let mut wrong: Vec<(String, &str)> = Vec::new();
        for (name, cell) in COLUMNS.into_iter().zip(cells) {
            let cell = cell.unwrap_or_default();
            if !is_printable(cell) {
                wrong.push((name.to_owned(), UNPRINTABLE));
            } else if cell.chars().count() > LONGEST {
                wrong.push((name.to_owned(), "This is too long"));
            }
        }
        if entry.is_empty() {
            wrong.push((
                COLUMNS[0].to_owned(),
                "Each person needs an entry of their own",
            ));
        }
        for (named, (name, cell)) in self
            .named
            .iter_mut()
            .zip([(COLUMNS[0], entry), (COLUMNS[8], account)])
        {
            if !cell.is_empty() && !named.insert(cell.to_owned()) {
                wrong.push((name.to_owned(), "This stands in an earlier line already"));
            }
        }
        let parts = json!({ "given_names": given, "family_name": family, "other_names": other, "born": born });
        let person = Person::parse(&parts);
        let faults = wrong
            .into_iter()
            .map(|(name, text)| (name, text.to_owned()));
        let mut faults: Vec<_> = faults.collect();
        match person {
            Ok(Some(person)) if faults.is_empty() => self.entries.push(Entry {
                entry: entry.to_owned(),
                person,
                staff_number: number.to_owned(),
                addresses: several(addresses),
                phones: several(phones),
                sign_in_name: (!account.is_empty()).then(|| account.to_owned()),
            }),
            Ok(Some(_)) => {}
            Ok(None) => faults.push((
                COLUMNS[2].to_owned(),
                "Enter at least one part of the name".to_owned(),
            )),
            Err(found) => {
                faults.extend(found.into_iter().map(|error| (error.field, error.message)));
            }
        }
        let told = faults
            .into_iter()
            .map(|(name, text)| self.fault(line, &name, text));
        let told: Vec<_> = told.collect();
        self.faults.extend(told);
    }

    fn fault(&self, line: u64, name: &str, text: String) -> Fault {
        let known = COLUMNS.iter().position(|column| *column == name);
        let column = known.and_then(|at| Some((self.places[at]? + 1, COLUMNS[at])));
        Fault { line, column, text }
    }
}

fn several(cell: &str) -> Vec<String> {
    let each = cell.split(BETWEEN).map(str::trim);
    each.filter(|one| !one.is_empty())
        .map(str::to_owned)
        .collect()
}

fn at_the_top(text: &str) -> Fault {
    Fault {
        line: 1,
        column: None,
        text: text.to_owned(),
    }
}

fn unreadable(error: &Error) -> Fault {
    let text = match error.kind() {
        ErrorKind::Utf8 { .. } => "This is not UTF-8: save the list as CSV in UTF-8".to_owned(),
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("There are {len} columns, and {expected_len} at the top")
        }
        _ => "This cannot be read as CSV".to_owned(),
    };
    Fault {
        line: error.position().map_or(1, csv::Position::line),
        column: None,
        text,
    }
}
