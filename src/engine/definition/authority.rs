//! Police authorities: one file each says which schemes it runs, how its public pages are called and which words it uses.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Deserialize;

use super::Library;
use super::finding::{File, Finding, stem};
use super::roles::Banned;
use super::series::{self, Series};
use super::yaml::{Entries, Word};
use crate::engine::calendar::Calendar;

/// The folder of their files.
const FOLDER: &str = "authorities";

/// A force or division: cases and staff belong to one, and nobody of another sees them.
#[derive(Debug, Clone, Default)]
pub struct Authority {
    /// The name in files, addresses and events.
    pub name: String,
    /// What its staff call it.
    pub label: String,
    /// Its own time zone; else the scheme's.
    pub zone: Option<TimeZone>,
    /// Its own calendar; else the scheme's.
    pub calendar: Option<Calendar>,
    pub schemes: Entries<Face>,
    /// How often the forums of its schemes meet.
    pub series: Vec<Series>,
    /// Its own words for those of its schemes.
    pub words: Entries<String>,
}

/// How a scheme of an authority shows itself outside the sign-in, where nothing may say what it is (L8). Without a public form it
/// does not show itself there, and has neither an address nor a name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Face {
    /// The last part of its public address.
    #[serde(default)]
    pub address: Option<Word>,
    /// The heading of its public pages.
    #[serde(default)]
    pub public_name: Option<Word>,
    /// The series in which its forum meets.
    #[serde(default)]
    meetings: Entries<series::Shape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    authority: Word,
    name: Word,
    #[serde(default)]
    time_zone: Option<Word>,
    #[serde(default)]
    calendar: Option<Word>,
    schemes: Entries<Face>,
    #[serde(default)]
    words: Entries<String>,
}

/// Every authority of a library by name, and what is wrong with their files.
pub fn read(library: &Library) -> (BTreeMap<String, Authority>, Vec<Finding>) {
    let mut authorities = BTreeMap::new();
    let mut findings = Vec::new();
    for (_, file) in library.under(FOLDER) {
        match file.read::<Shape>() {
            Ok(shape) => {
                findings.extend(faults(library, file, &shape));
                let authority = resolved(library, shape);
                authorities.insert(authority.name.clone(), authority);
            }
            Err(finding) => findings.push(finding),
        }
    }
    (authorities, findings)
}

/// Those that run a scheme, in the order of their names.
pub fn running<'a>(
    authorities: &'a BTreeMap<String, Authority>,
    scheme: &'a str,
) -> impl Iterator<Item = &'a Authority> {
    let runs = move |authority: &&Authority| authority.schemes.has(scheme);
    authorities.values().filter(runs)
}

fn resolved(library: &Library, shape: Shape) -> Authority {
    let calendar = |word: Word| {
        let file = library.0.get(&format!("calendars/{}.yaml", &*word))?;
        Calendar::read(&file.text).ok()
    };
    let schemes = shape.schemes.iter();
    let series = schemes.flat_map(|(scheme, face)| series::read(scheme, &face.meetings));
    let series = series.filter_map(Result::ok).collect();
    Authority {
        series,
        name: shape.authority.text,
        label: shape.name.text,
        zone: shape.time_zone.and_then(|zone| TimeZone::get(&zone).ok()),
        calendar: shape.calendar.and_then(calendar),
        schemes: shape.schemes,
        words: shape.words,
    }
}

fn faults(library: &Library, file: &File, shape: &Shape) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut error = |at: &Word, text: String| findings.push(file.error(at, text));
    if *shape.authority != *file.stem() || !is_address(&shape.authority) {
        let text = "Name the authority like its file, in lower case letters, digits and hyphens";
        error(&shape.authority, text.to_owned());
    }
    if shape.name.trim().is_empty() || shape.schemes.is_empty() {
        error(
            &shape.authority,
            "Give it a name and at least one scheme".to_owned(),
        );
    }
    if let Some(zone) = shape
        .time_zone
        .as_ref()
        .filter(|zone| TimeZone::get(zone).is_err())
    {
        error(
            zone,
            "There is no such time zone; write one like Europe/London".to_owned(),
        );
    }
    let calendar = shape.calendar.as_ref();
    if let Some(name) = calendar.filter(|name| {
        !library
            .0
            .contains_key(&format!("calendars/{}.yaml", &***name))
    }) {
        error(
            name,
            format!("There is no calendars/{name}.yaml; add it, or name one that exists"),
        );
    }
    let banned = library.0.get("messages/banned.yaml");
    let banned: Option<Banned> = banned.and_then(|file| file.read().ok());
    for (place, (scheme, face)) in shape.schemes.iter().enumerate() {
        if !library
            .under("schemes")
            .any(|(path, _)| scheme_of(path) == &**scheme)
        {
            error(
                scheme,
                format!("There is no scheme `{scheme}`; name one that exists"),
            );
        }
        if face.address.is_some() != face.public_name.is_some() {
            error(
                scheme,
                "Give both an `address` and a `public_name`, or neither".to_owned(),
            );
        }
        if let Some(address) = face.address.as_ref() {
            if !is_address(address) {
                error(
                    address,
                    "Spell it in lower case letters, digits and hyphens".to_owned(),
                );
            }
            let mut before = shape.schemes.iter().take(place);
            if before.any(|(_, other)| other.address.as_deref() == Some(&**address)) {
                error(address, "Two schemes cannot have one address".to_owned());
            }
        }
        for (at, text) in series::read(scheme, &face.meetings).filter_map(Result::err) {
            error(at, text);
        }
    }
    let faces = shape.schemes.iter();
    let outside = faces.flat_map(|(_, face)| face.address.iter().chain(&face.public_name));
    for text in [&shape.authority, &shape.name].into_iter().chain(outside) {
        if let Some(word) = banned.as_ref().and_then(|banned| banned.first_in(text)) {
            error(
                text,
                format!("Outside the sign-in nothing says ‘{word}’; choose neutral words"),
            );
        }
    }
    findings
}

fn is_address(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(plain)
}

/// The scheme that a file in `schemes/` is an edition of: its name up to `@`.
pub fn scheme_of(path: &str) -> &str {
    let stem = stem(path);
    stem.split('@').next().unwrap_or(stem)
}
