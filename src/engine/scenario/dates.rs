//! The dates in a walk that is played on other days than it was written for.

use jiff::Span;
use jiff::civil::{Date, DateTime};
use serde_json::Value;

use crate::engine::definition::record::{Answers, Field, Kind};
use crate::engine::definition::yaml::Entries;

/// Moves every date that somebody plans for by so many days, also those within entries. When somebody was born, and what else is known in
/// part, stays.
pub fn shift(fields: &Entries<Field>, answers: &mut Answers, days: Span) {
    for (name, value) in answers {
        let Some(field) = fields.get(name) else {
            continue;
        };
        if field.kind == Kind::Entries {
            let entries = value.as_array_mut().into_iter().flatten();
            let entries = entries.filter_map(Value::as_object_mut);
            entries.for_each(|entry| shift(&field.fields, entry, days));
        } else if let Some(moved) = moved(field.kind, value.as_str().unwrap_or_default(), days) {
            *value = moved.into();
        }
    }
}

fn moved(kind: Kind, text: &str, days: Span) -> Option<String> {
    match kind {
        Kind::Date => {
            let date: Date = text.parse().ok()?;
            Some(date.checked_add(days).ok()?.to_string())
        }
        Kind::DateTime => {
            let at: DateTime = text.parse().ok()?;
            Some(
                at.checked_add(days)
                    .ok()?
                    .strftime("%Y-%m-%dT%H:%M")
                    .to_string(),
            )
        }
        _ => None,
    }
}
