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

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_plan_moves_and_a_birthday_stays_within_entries_too() {
        let fields = "
due: {label: Due, kind: date, class: process}
born: {label: Born, kind: partial_date, class: process}
steps:
  label: Steps
  kind: entries
  class: process
  fields:
    by: {label: By, kind: date, class: process}
    since: {label: Since, kind: partial_date, class: process}
";
        let fields: Entries<Field> = serde_saphyr::from_str(fields).unwrap();
        let step = |by: &str| json!({"by": by, "since": "2021-06"});
        let plan = |due: &str, by: &str| json!({"due": due, "born": "1991-07-22", "steps": [step(by), {}]});
        let mut moved = plan("2026-11-30", "2026-12-31");
        shift(&fields, moved.as_object_mut().unwrap(), 2.days());
        assert_eq!(moved, plan("2026-12-02", "2027-01-02"));
    }
}
