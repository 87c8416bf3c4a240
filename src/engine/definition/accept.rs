//! How what was sent becomes a stored record: each kind of field takes its own shape, and says in a sentence what it does not take.

use jiff::civil;
use serde_json::Value;

use super::record::{Answers, Field, Kind, Record};
use super::yaml::Entries;
use crate::domain::check::Check;
use crate::domain::contact::{SafeContact, parts};
use crate::domain::date::parse_partial;
use crate::domain::person::Person;
use crate::domain::refusal::FieldError;
use crate::domain::text::{UNPRINTABLE, is_printable};

impl Record {
    /// Turns what was sent into a stored record. `null` and empty text count as not answered.
    ///
    /// # Errors
    /// A sentence for each field that is missing, unknown or wrong.
    pub fn accept(&self, given: &Answers) -> Result<Answers, Vec<FieldError>> {
        accept_all(&self.fields, given)
    }
}

/// The answers to the fields of a form, or of an entry in it.
fn accept_all(fields: &Entries<Field>, given: &Answers) -> Result<Answers, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut answers = Answers::new();
    for name in given.keys().filter(|name| !fields.has(name)) {
        errors.push(FieldError::new(name, "This form has no such field"));
    }
    for (name, field) in fields.iter() {
        let value = given.get(&**name).unwrap_or(&Value::Null);
        match field.accept(value) {
            Ok(Some(value)) => {
                answers.insert(name.to_string(), value);
            }
            Ok(None) if field.is_required(given) => {
                errors.push(FieldError::new(
                    &**name,
                    format!("Answer this: {}", field.label),
                ));
            }
            Ok(None) => {}
            Err(found) => errors.extend(found.into_iter().map(|error| error.within(name))),
        }
    }
    if errors.is_empty() {
        Ok(answers)
    } else {
        Err(errors)
    }
}

/// Whether a value says nothing.
fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

impl Field {
    fn accept(&self, value: &Value) -> Result<Option<Value>, Vec<FieldError>> {
        if is_blank(value) {
            return Ok(None);
        }
        match self.kind {
            Kind::Person => Ok(Person::parse(value)?.map(stored)),
            Kind::Contact => Ok(SafeContact::parse(value)?.map(stored)),
            Kind::Addresses => Self::addresses(value),
            Kind::Checks => self.checks(value),
            Kind::Entries => self.entries(value),
            _ => self
                .single(value)
                .map_err(|sentence| vec![FieldError::new("", sentence)]),
        }
    }

    /// Values of one part, whose error needs no further place.
    fn single(&self, value: &Value) -> Result<Option<Value>, String> {
        match self.kind {
            Kind::YesNo => value
                .as_bool()
                .map(|yes| Some(yes.into()))
                .ok_or_else(|| "Answer yes or no".to_owned()),
            Kind::Number => self.number(value).map(Some),
            Kind::Choices => self.choices(value),
            _ => {
                let text = value.as_str().ok_or("This must be text")?.trim();
                self.text(text).map(|text| Some(text.into()))
            }
        }
    }

    fn text(&self, text: &str) -> Result<String, String> {
        match self.kind {
            Kind::Date => {
                text.parse::<civil::Date>()
                    .map_err(|_| "Write a date, such as 2026-11-22".to_owned())?;
            }
            Kind::DateTime => {
                let whole = text.len() >= 16 && text.as_bytes()[10] == b'T';
                let read = text.parse::<civil::DateTime>().ok().filter(|_| whole);
                read.ok_or("Write a date and time, such as 2026-11-22T14:30")?;
            }
            Kind::PartialDate => {
                parse_partial(text)?;
            }
            // Which authorities there are is known only where a definition is put to use.
            Kind::Authority if self.options.is_empty() => {}
            Kind::Choice | Kind::Authority if !self.options.has(text) => {
                return Err("Choose one of the answers listed".to_owned());
            }
            Kind::Text if text.contains(['\n', '\r']) => {
                return Err("Write this on one line".to_owned());
            }
            _ => {}
        }
        let longest = self.longest();
        if i64::try_from(text.chars().count()).is_ok_and(|count| count > longest) {
            return Err(format!("Use {longest} characters or fewer"));
        }
        if !is_printable(text) {
            return Err(UNPRINTABLE.to_owned());
        }
        Ok(text.to_owned())
    }

    fn number(&self, value: &Value) -> Result<Value, String> {
        let number = value.as_i64().ok_or("Write a whole number")?;
        match (self.min, self.max) {
            (Some(min), _) if number < min => Err(format!("The number must be {min} or more")),
            (_, Some(max)) if number > max => Err(format!("The number must be {max} or less")),
            _ => Ok(number.into()),
        }
    }

    fn choices(&self, value: &Value) -> Result<Option<Value>, String> {
        let items = value.as_array().ok_or("Choose from the answers listed")?;
        let known = |item: &Value| item.as_str().is_some_and(|name| self.options.has(name));
        if !items.iter().all(known) {
            return Err("Choose only from the answers listed".to_owned());
        }
        Ok((!items.is_empty()).then(|| value.clone()))
    }

    fn addresses(value: &Value) -> Result<Option<Value>, Vec<FieldError>> {
        let items = value
            .as_array()
            .ok_or_else(|| vec![FieldError::new("", "This must be a list of addresses")])?;
        if items.len() > Self::MOST_ADDRESSES {
            return Err(vec![FieldError::new(
                "",
                format!("Give {} addresses or fewer", Self::MOST_ADDRESSES),
            )]);
        }
        let mut kept = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let read = address(item).map_err(|errors| {
                errors
                    .into_iter()
                    .map(|error| error.within(&place.to_string()))
                    .collect::<Vec<_>>()
            })?;
            kept.extend(read);
        }
        Ok((!kept.is_empty()).then_some(Value::Array(kept)))
    }

    /// Entries left wholly empty are left out; an error names the entry by its place among what was sent.
    fn entries(&self, value: &Value) -> Result<Option<Value>, Vec<FieldError>> {
        let whole = |sentence: &str| vec![FieldError::new("", sentence)];
        let items = value
            .as_array()
            .ok_or_else(|| whole("This must be a list"))?;
        if items.len() > self.most() {
            return Err(whole(&format!("Give {} or fewer", self.most())));
        }
        let mut errors = Vec::new();
        let mut kept = Vec::new();
        for (place, item) in items.iter().enumerate() {
            match self.entry(item) {
                Ok(entry) => kept.extend(entry),
                Err(found) => {
                    errors.extend(
                        found
                            .into_iter()
                            .map(|error| error.within(&place.to_string())),
                    );
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok((!kept.is_empty()).then_some(Value::Array(kept)))
    }

    fn entry(&self, value: &Value) -> Result<Option<Value>, Vec<FieldError>> {
        let not_one = || vec![FieldError::new("", "This must name the fields of an entry")];
        let given = value.as_object().ok_or_else(not_one)?;
        let is_empty = given
            .iter()
            .all(|(name, value)| self.fields.has(name) && is_blank(value));
        if is_empty {
            return Ok(None);
        }
        accept_all(&self.fields, given).map(|entry| Some(Value::Object(entry)))
    }

    fn checks(&self, value: &Value) -> Result<Option<Value>, Vec<FieldError>> {
        let given = value
            .as_object()
            .ok_or_else(|| vec![FieldError::new("", "This must name the systems searched")])?;
        let mut errors = Vec::new();
        let mut kept = Answers::new();
        for name in given.keys().filter(|name| !self.rows.has(name)) {
            errors.push(FieldError::new(name, "This form has no such search"));
        }
        for (name, _) in self.rows.iter() {
            let Some(row) = given.get(&**name).filter(|row| !row.is_null()) else {
                continue;
            };
            match Check::parse(row) {
                Ok(Some(check)) => {
                    kept.insert(name.to_string(), stored(check));
                }
                Ok(None) => {}
                Err(found) => errors.extend(found.into_iter().map(|error| error.within(name))),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok((!kept.is_empty()).then_some(Value::Object(kept)))
    }
}

fn address(value: &Value) -> Result<Option<Value>, Vec<FieldError>> {
    let read = parts(value, &["address", "from", "to"])?;
    let text = read.text("address");
    let mut kept = Answers::new();
    let mut errors = Vec::new();
    for name in ["from", "to"] {
        let date = read.text(name);
        if !date.is_empty() {
            if let Err(sentence) = parse_partial(&date) {
                errors.push(FieldError::new(name, sentence));
            }
            kept.insert(name.to_owned(), date.into());
        }
    }
    match text.chars().count() {
        0 if !kept.is_empty() => {
            errors.push(FieldError::new("address", "Enter the address or the area"));
        }
        count if count > 500 => {
            errors.push(FieldError::new("address", "Use 500 characters or fewer"));
        }
        _ => {}
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    kept.insert("address".to_owned(), text.clone().into());
    Ok((!text.is_empty()).then_some(Value::Object(kept)))
}

/// A domain value as it is stored. These are plain structs of texts, which always have a JSON form.
fn stored(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
