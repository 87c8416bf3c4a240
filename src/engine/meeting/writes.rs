//! What of a meeting is written into the forms of its cases: how the room was when it came to one, and what the agencies answered.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::ask::Room;
use super::event::Form;
use super::table::{Item, Meeting};
use crate::domain::check::Check;
use crate::engine::definition::meets::{ANSWER, CANNOT_SHARE, INFORMATION, Written};
use crate::engine::definition::record::{Answers, Kind};

/// The form of the action by which a case comes before the forum, as the meeting fills it in. `names` are people's names by account.
pub fn taking(
    room: &Room<'_>,
    meeting: &Meeting,
    names: &std::collections::BTreeMap<String, String>,
    zone: &TimeZone,
) -> Answers {
    let writes = room.meets.writes.iter();
    let filled = writes.map(|(field, fact)| {
        let Some(written) = Written::named(fact) else {
            return (field.to_string(), json!(&**fact));
        };
        let value = match written {
            Written::Time => json!(
                room.now
                    .to_zoned(zone.clone())
                    .strftime("%Y-%m-%dT%H:%M")
                    .to_string()
            ),
            Written::Form => json!(form(meeting.form)),
            Written::Agencies => json!(agencies_offered(room, meeting, field)),
            Written::Attendance => json!(attendance(room, meeting, names)),
            Written::Apologies => json!(apologies(room, meeting)),
            Written::Conflicts => json!(conflicts(room, meeting)),
            Written::Accepted => json!(true),
            Written::Quorate => json!(room.quorum(meeting).is_met()),
        };
        (field.to_string(), value)
    });
    filled.collect()
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Regular => "regular",
        Form::Extraordinary => "extraordinary",
        Form::Written => "written",
    }
}

/// The agencies in the room that the field offers.
fn agencies_offered<'a>(room: &'a Room<'_>, meeting: &'a Meeting, field: &str) -> Vec<&'a str> {
    let form = room.definition.form_of_action(&room.meets.taken_by);
    let offered = form.and_then(|form| form.fields.get(field));
    let present = room.agencies_present(meeting).into_iter();
    present
        .filter(|agency| offered.is_some_and(|field| field.options.has(agency)))
        .collect()
}

/// 'Housing: Aoife Renwick. Police: Una Kerrigan.'
fn attendance(
    room: &Room<'_>,
    meeting: &Meeting,
    names: &std::collections::BTreeMap<String, String>,
) -> String {
    let agencies = room.agencies_present(meeting).into_iter().map(|agency| {
        let members = room.members_present(meeting);
        let speak = members.filter(|actor| room.agency_of(actor) == agency);
        let speak: Vec<_> = speak
            .filter_map(|actor| names.get(&actor.id))
            .map(String::as_str)
            .collect();
        format!(
            "{}: {}.",
            room.definition.agency_label(agency),
            speak.join(", ")
        )
    });
    agencies.collect::<Vec<_>>().join(" ")
}

/// Who does not come, and whether their answer is here.
fn apologies(room: &Room<'_>, meeting: &Meeting) -> String {
    let said = meeting
        .apologies
        .iter()
        .map(|(agency, because)| format!("{}: {because}.", room.definition.agency_label(agency)));
    said.collect::<Vec<_>>().join(" ")
}

fn conflicts(room: &Room<'_>, meeting: &Meeting) -> String {
    let away = meeting
        .present()
        .filter(|actor| room.kept_away.contains(&actor.id));
    let labels: Vec<_> = away
        .map(|actor| room.definition.agency_label(room.agency_of(actor)))
        .collect();
    if labels.is_empty() {
        "None.".to_owned()
    } else {
        format!("Left the room for this case: {}.", labels.join(", "))
    }
}

/// The form of the action that files what the agencies answered: a row for each that was asked.
pub fn returns(room: &Room<'_>, item: &Item) -> Answers {
    let form = room.definition.form_of_action(&room.meets.answers_filed_by);
    let fields = form.into_iter().flat_map(|form| form.fields.iter());
    let checks = fields.filter(|(_, field)| field.kind == Kind::Checks);
    let filled = checks.map(|(name, field)| {
        let rows = field
            .rows
            .names()
            .map(|agency| (agency.to_owned(), row(item, agency)));
        (name.to_string(), Value::Object(rows.collect()))
    });
    filled.collect()
}

/// What one agency answered, as a search that gave something, nothing, or could not be made.
fn row(item: &Item, agency: &str) -> Value {
    let Some(given) = item.answers.get(agency) else {
        let asked = item.listing.asked.iter().any(|asked| asked == agency);
        let reason = if asked {
            "No answer by the time of the meeting"
        } else {
            "Not asked"
        };
        return json!({"result": "not_available", "reason": reason});
    };
    let text = |name: &str| {
        given
            .answers
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    match text(ANSWER) {
        INFORMATION => json!({"result": "found", "summary": information(&given.answers)}),
        CANNOT_SHARE => json!({"result": "not_available", "reason": text("reason")}),
        _ => json!({"result": "nothing_found", "summary": "Holds nothing"}),
    }
}

/// What an agency holds, in the order in which it said so: its answer as a whole, or each of several entries in it. A row has room for so
/// much; what does not fit is read in the answer itself.
fn information(answers: &Answers) -> String {
    const MORE: &str = " … (more in the answer)";
    let entries = answers.values().filter_map(Value::as_array).flatten();
    let said = answers
        .get(INFORMATION)
        .into_iter()
        .chain(entries.filter_map(|entry| entry.get(INFORMATION)));
    let said: Vec<&str> = said.filter_map(Value::as_str).collect();
    let said = said.join("\n");
    if said.chars().count() <= Check::LONGEST {
        return said;
    }
    let room = Check::LONGEST - MORE.chars().count();
    said.chars().take(room).chain(MORE.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(answers: &Value) -> String {
        information(answers.as_object().expect("answers"))
    }

    #[test]
    fn every_piece_is_filed_and_what_was_answered_before_there_were_pieces() {
        let pieces = json!([{"information": "One", "dated": "2021"}, {"information": "Two"}]);
        assert_eq!(
            said(&json!({"answer": "information", "pieces": pieces})),
            "One\nTwo"
        );
        assert_eq!(
            said(&json!({"answer": "information", "information": "One"})),
            "One"
        );
    }

    #[test]
    fn what_is_too_long_for_a_row_says_that_there_is_more() {
        let long = "é".repeat(Check::LONGEST - 1);
        let pieces = |texts: &[&str]| {
            let pieces = texts.iter().map(|text| json!({"information": text}));
            said(&json!({"pieces": pieces.collect::<Vec<_>>()}))
        };
        assert_eq!(pieces(&[&long]), long);
        let cut = pieces(&[&long, "Two"]);
        assert_eq!(cut.chars().count(), Check::LONGEST);
        assert!(cut.ends_with("(more in the answer)"));
        let row = json!({"result": "found", "summary": cut});
        assert!(Check::parse(&row).is_ok());
    }
}
