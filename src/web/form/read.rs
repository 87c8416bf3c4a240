//! From what was typed to answers. Fields that the record does not have are refused, not ignored.

use serde_json::Value;

use super::dates::{Boxes, on_one_line, time};
use super::typed::Typed;
use crate::domain::check::Check;
use crate::domain::person::Person;
use crate::domain::refusal::FieldError;
use crate::engine::definition::record::{Answers, Field, Kind, Record};
use crate::engine::definition::yaml::Entries;

/// The parts of a contact that are typed as text.
pub(super) const CONTACT_TEXTS: [&str; 5] = ["way", "details", "safe_times", "never", "code_word"];
/// What a ticked box and a chosen 'Yes' send.
pub(super) const YES: &str = "yes";
pub(super) const NO: &str = "no";

/// Reads and accepts a record.
///
/// # Errors
/// A sentence for each field that is missing, unknown or wrong, in the order of the form.
pub fn read(record: &Record, typed: &Typed) -> Result<Answers, Vec<FieldError>> {
    let mut reader = Reader {
        left: typed.clone(),
        errors: Vec::new(),
    };
    let mut answers = Answers::new();
    for (name, field) in record.fields.iter() {
        let value = reader.field(name, field);
        answers.insert(name.to_string(), value);
    }
    let mut errors = reader.errors;
    if !reader.left.is_empty() {
        errors.push(FieldError::new(
            "",
            "Something was sent that this form does not ask for",
        ));
    }
    match record.accept(&answers) {
        Ok(accepted) if errors.is_empty() => return Ok(accepted),
        Ok(_) => {}
        // What could not be read counts as not answered, and is named once only.
        Err(found) => {
            let named = |error: &FieldError| {
                let within = |known: &FieldError| {
                    let rest = known.field.strip_prefix(&error.field);
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                errors.iter().any(within)
            };
            let new: Vec<_> = found.into_iter().filter(|error| !named(error)).collect();
            errors.extend(new);
        }
    }
    errors.sort_by_key(|error| place(&record.fields, &error.field));
    Err(errors)
}

/// Where on the form an error stands: its field and, within entries, the entry and the field of it.
fn place(fields: &Entries<Field>, error: &str) -> [Option<usize>; 3] {
    let mut parts = error.split('.');
    let at = |fields: &Entries<Field>, part: Option<&str>| {
        fields.names().position(|name| Some(name) == part)
    };
    let root = parts.next();
    let field = root.and_then(|root| fields.get(root));
    let Some(field) = field.filter(|field| field.kind == Kind::Entries) else {
        return [at(fields, root), None, None];
    };
    let entry = parts.next().and_then(|part| part.parse().ok());
    [at(fields, root), entry, at(&field.fields, parts.next())]
}

struct Reader {
    left: Typed,
    errors: Vec<FieldError>,
}

impl Reader {
    fn field(&mut self, name: &str, field: &Field) -> Value {
        match field.kind {
            Kind::Choices => Value::from(self.left.take(name)),
            Kind::YesNo => self.yes_no(name),
            Kind::Number => self.number(name),
            Kind::Date | Kind::PartialDate => self.date(name, field.kind == Kind::Date),
            Kind::DateTime => self.date_time(name),
            Kind::Person => self.person(name),
            Kind::Addresses => self.addresses(name),
            Kind::Contact => self.contact(name),
            Kind::Checks => self.checks(name, field),
            Kind::Entries => self.entries(name, field),
            Kind::Text | Kind::LongText | Kind::Choice | Kind::Authority => self.text(name).into(),
        }
    }

    /// The one value of a name. Sent twice, it is not clear what was meant.
    fn text(&mut self, name: &str) -> String {
        let mut values = self.left.take(name);
        if values.len() > 1 {
            self.refuse(name, "This was answered twice; answer it once");
        }
        if values.is_empty() {
            String::new()
        } else {
            values.swap_remove(0)
        }
    }

    fn refuse(&mut self, field: &str, sentence: &str) {
        self.errors.push(FieldError::new(field, sentence));
    }

    fn yes_no(&mut self, name: &str) -> Value {
        match self.text(name).as_str() {
            YES => true.into(),
            NO => false.into(),
            "" => Value::Null,
            _ => "neither".into(),
        }
    }

    fn number(&mut self, name: &str) -> Value {
        let text = self.text(name);
        match text.trim() {
            "" => Value::Null,
            number => number
                .parse::<i64>()
                .map_or_else(|_| number.into(), Value::from),
        }
    }

    fn boxes(&mut self, name: &str) -> Boxes {
        let mut part = |part: &str| self.text(&format!("{name}-{part}"));
        Boxes {
            day: part("day"),
            month: part("month"),
            year: part("year"),
        }
    }

    fn date(&mut self, name: &str, whole: bool) -> Value {
        let boxes = self.boxes(name);
        let read = if whole { boxes.whole() } else { boxes.known() };
        read.map_or_else(
            |sentence| {
                self.refuse(name, sentence);
                Value::Null
            },
            Value::from,
        )
    }

    fn date_time(&mut self, name: &str) -> Value {
        let boxes = self.boxes(name);
        let clock = self.text(&format!("{name}-time"));
        if boxes.are_empty() && clock.trim().is_empty() {
            return Value::Null;
        }
        let date = boxes
            .whole()
            .and_then(|date| date.ok_or("Enter the day, the month and the year"));
        let at =
            date.and_then(|date| Ok((date, time(&clock).ok_or("Enter the time, such as 14:30")?)));
        match at {
            Ok((date, time)) => format!("{date}T{time}").into(),
            Err(sentence) => {
                self.refuse(name, sentence);
                Value::Null
            }
        }
    }

    /// The parts of a field, as a map.
    fn parts<'a>(&mut self, name: &str, parts: impl IntoIterator<Item = &'a str>) -> Answers {
        let read = parts
            .into_iter()
            .map(|part| (part.to_owned(), self.text(&format!("{name}.{part}")).into()));
        read.collect()
    }

    fn person(&mut self, name: &str) -> Value {
        let names = Person::PARTS
            .iter()
            .map(|(part, _)| *part)
            .filter(|part| *part != "born");
        let mut person = self.parts(name, names);
        person.insert("born".to_owned(), self.date(&format!("{name}.born"), false));
        person.into()
    }

    fn addresses(&mut self, name: &str) -> Value {
        // Rows left empty between others keep their number, so that an error finds its row.
        let rows = self.left.rows_sent(name).min(MOST_ROWS);
        let mut addresses = Vec::new();
        for row in 0..rows {
            let row = format!("{name}.{row}");
            let mut address = self.parts(&row, ["address"]);
            for end in ["from", "to"] {
                let at = format!("{row}.{end}");
                let text = self.text(&at);
                match on_one_line(&text) {
                    Ok(date) => drop(address.insert(end.to_owned(), date.into())),
                    Err(sentence) => self.refuse(&at, sentence),
                }
            }
            addresses.push(Value::from(address));
        }
        addresses.into()
    }

    /// Every entry, the empty ones too, so that an error finds its own.
    fn entries(&mut self, name: &str, field: &Field) -> Value {
        let rows = self.left.rows_sent(name).min(MOST_ROWS);
        let mut entry = |row: usize| -> Value {
            let fields = field.fields.iter();
            let answers = fields.map(|(part, field)| {
                let value = self.field(&format!("{name}.{row}.{part}"), field);
                (part.to_string(), value)
            });
            Value::Object(answers.collect())
        };
        (0..rows).map(&mut entry).collect()
    }

    fn contact(&mut self, name: &str) -> Value {
        let mut contact = self.parts(name, CONTACT_TEXTS);
        let voicemail = self.text(&format!("{name}.voicemail")) == YES;
        contact.insert("voicemail".to_owned(), voicemail.into());
        contact.into()
    }

    fn checks(&mut self, name: &str, field: &Field) -> Value {
        let rows = field.rows.names().map(|row| {
            (
                row.to_owned(),
                self.parts(&format!("{name}.{row}"), Check::PARTS).into(),
            )
        });
        Value::Object(rows.collect())
    }
}

/// More rows than any list takes; what is beyond is refused as unknown.
pub(super) const MOST_ROWS: usize = 25;
