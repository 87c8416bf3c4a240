//! What changes from one edition to another, in plain words. It reads the editions as trees of texts, so a key that it
//! has never heard of is told all the same; it decides nothing, and whether an edition is sound is `check`'s business.
//! Start with `diff`; `compare` finds the changes, `words` says them, `section` puts them under headings.

mod compare;
mod section;
mod values;
mod words;

use std::fmt::Write;

use super::Definition;
use super::written::Written;
pub use section::Section;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub section: Section,
    /// Where it stands: names from the outermost to the innermost, such as `scheme`, `clocks`, `overall`, `limit`.
    pub place: Vec<String>,
    /// What changes, in one sentence.
    pub text: String,
    /// What something new says, or something gone said, line by line.
    pub details: Vec<String>,
}

/// Everything that changes from `old` to `new`, by section and then in the order of the files.
pub fn diff(old: &Definition, new: &Definition) -> Vec<Change> {
    of(&Written::of(old), &Written::of(new))
}

/// Everything that changes from one tree to another.
pub fn of(old: &Written, new: &Written) -> Vec<Change> {
    let words = words::Words { old, new };
    let mut changes: Vec<Change> = compare::compare(old, new)
        .into_iter()
        .map(|found| Change {
            section: section::of(&found.place),
            text: words.sentence(&found),
            details: words.details(&found),
            place: found.place,
        })
        .collect();
    changes.sort_by_key(|change| change.section);
    changes
}

/// The changes as they are printed: a heading for each section, a line for each change.
pub fn report(changes: &[Change]) -> String {
    let mut text = String::new();
    let mut last = None;
    for change in changes {
        if last != Some(change.section) {
            let gap = if last.is_some() { "\n" } else { "" };
            line(&mut text, &format!("{gap}{}", change.section.title()));
            last = Some(change.section);
        }
        line(&mut text, &format!("  {}", change.text));
        for detail in &change.details {
            line(&mut text, &format!("    {detail}"));
        }
    }
    text
}

fn line(text: &mut String, content: &str) {
    let _ = writeln!(text, "{content}"); // writing to a String cannot fail
}
