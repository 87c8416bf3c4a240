//! The day, the hours and the place of a meeting as somebody types them, in the time of the authority.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use maud::{Markup, html};

use crate::domain::pii::withheld;
use crate::domain::refusal::FieldError;
use crate::engine::meeting::event::Sitting;
use crate::web::components::{
    DateInput, DatePart, Fieldset, Input, Label, Legend, date_input, input,
};
use crate::web::form::Typed;
use crate::web::form::dates::{Boxes, time};
use crate::web::sign_in::error_of;

/// The three boxes of the day, `date-day` and so on.
pub const DATE: &str = "date";
/// Named as the rules of the room name them, so that what they refuse lands at its box.
pub const STARTS: &str = "starts_at";
pub const ENDS: &str = "ends_at";
pub const PLACE: &str = "place";

/// When and where, as typed.
#[derive(Clone, Default)]
pub struct When {
    day: Boxes,
    starts: String,
    ends: String,
    place: String,
}

withheld!(When);

impl When {
    pub fn typed(typed: &Typed) -> Self {
        let part = |part| typed.text(&format!("{DATE}-{part}")).to_owned();
        Self {
            day: Boxes {
                day: part("day"),
                month: part("month"),
                year: part("year"),
            },
            starts: typed.text(STARTS).to_owned(),
            ends: typed.text(ENDS).to_owned(),
            place: typed.text(PLACE).to_owned(),
        }
    }

    /// A sitting as somebody would have typed it.
    pub fn of(sitting: &Sitting, zone: &TimeZone) -> Self {
        let local = |at: Timestamp| at.to_zoned(zone.clone());
        let hour = |at| local(at).strftime("%H:%M").to_string();
        Self {
            day: Boxes::of(&local(sitting.starts_at).date().to_string()),
            starts: hour(sitting.starts_at),
            ends: hour(sitting.ends_at),
            place: sitting.place.clone(),
        }
    }

    /// When and where it is.
    ///
    /// # Errors
    /// What is wrong with each box.
    pub fn sitting(&self, zone: &TimeZone) -> Result<Sitting, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut kept = |field: &str, read: Result<_, &'static str>| {
            read.map_err(|sentence| errors.push(FieldError::new(field, sentence)))
                .ok()
        };
        let begins = "Enter when it begins, such as 10:00";
        let ends = "Enter when it ends, such as 12:00";
        let day = self.day();
        // Without a day the hours are read all the same, to say everything at once.
        let on = day.unwrap_or(Date::constant(2000, 1, 1));
        let starts = kept(STARTS, moment_of(on, &self.starts, zone, begins));
        let ends = kept(ENDS, moment_of(on, &self.ends, zone, ends));
        if self.place.trim().is_empty() {
            errors.push(FieldError::new(PLACE, "Say where, or give the link"));
        }
        if let Err(sentence) = day {
            errors.insert(0, FieldError::new(format!("{DATE}-day"), sentence));
        }
        match (starts, ends) {
            (Some(starts_at), Some(ends_at)) if errors.is_empty() => Ok(Sitting {
                starts_at,
                ends_at,
                place: self.place.trim().to_owned(),
            }),
            _ => Err(errors),
        }
    }

    fn day(&self) -> Result<Date, &'static str> {
        let day = self.day.whole()?.ok_or("Enter the day of the meeting")?;
        day.parse().map_err(|_| "There is no such date")
    }

    /// The boxes, with what is wrong with them.
    pub fn fields(&self, errors: &[FieldError]) -> Markup {
        let Boxes { day, month, year } = &self.day;
        let mut parts = DatePart::day_month_year(day, month, year);
        for part in &mut parts {
            part.autocomplete = "off";
        }
        html! {
            (date_input(&DateInput {
                fieldset: Some(Fieldset {
                    legend: Legend { text: "Day".into(), classes: "govuk-fieldset__legend--s", heading: false },
                    ..Fieldset::default()
                }),
                id: DATE,
                prefix: DATE,
                parts,
                hint: "For example, 24 11 2026".into(),
                error: error_of(errors, &format!("{DATE}-day")).into(),
                ..DateInput::default()
            }))
            (hour("Begins", STARTS, &self.starts, errors))
            (hour("Ends", ENDS, &self.ends, errors))
            (input(&Input {
                label: Label { text: "Place or link".into(), classes: "govuk-label--s", ..Label::default() },
                name: PLACE,
                value: &self.place,
                hint: "A room or the address of a video meeting. No name and no reference".into(),
                error: error_of(errors, PLACE).into(),
                autocomplete: "off",
                ..Input::default()
            }))
        }
    }
}

fn hour(label: &str, name: &str, value: &str, errors: &[FieldError]) -> Markup {
    input(&Input {
        label: Label {
            text: label.into(),
            classes: "govuk-label--s",
            ..Label::default()
        },
        name,
        value,
        hint: "In 24 hours, such as 14:30".into(),
        error: error_of(errors, name).into(),
        classes: "govuk-input--width-5",
        autocomplete: "off",
        ..Input::default()
    })
}

/// The instant at which a clock in that place shows this; of an hour that comes twice, the first.
fn moment_of(
    day: Date,
    typed: &str,
    zone: &TimeZone,
    missing: &'static str,
) -> Result<Timestamp, &'static str> {
    let typed = time(typed).ok_or(missing)?;
    let at: Time = typed.parse().map_err(|_| missing)?;
    let local = zone.to_ambiguous_timestamp(DateTime::from_parts(day, at));
    if matches!(local.offset(), AmbiguousOffset::Gap { .. }) {
        return Err(
            "There is no such time on that day: the clocks go forward. Choose another time",
        );
    }
    local.compatible().map_err(|_| "There is no such date")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(day: &str, starts: &str, ends: &str) -> Result<Sitting, Vec<FieldError>> {
        let zone = TimeZone::get("Europe/London").unwrap();
        let when = When {
            day: Boxes::of(day),
            starts: starts.to_owned(),
            ends: ends.to_owned(),
            place: " Room 4 ".to_owned(),
        };
        when.sitting(&zone)
    }

    #[test]
    fn hours_are_those_of_the_place() {
        let summer = typed("2027-07-01", "9.30", "1100").unwrap();
        assert_eq!(summer.starts_at, "2027-07-01T08:30:00Z".parse().unwrap());
        assert_eq!(summer.ends_at, "2027-07-01T10:00:00Z".parse().unwrap());
        assert_eq!(summer.place, "Room 4");
        let zone = TimeZone::get("Europe/London").unwrap();
        assert_eq!(When::of(&summer, &zone).sitting(&zone), Ok(summer));
    }

    #[test]
    fn a_time_that_the_night_leaves_out_is_refused_and_one_that_comes_twice_is_the_first() {
        let refused = typed("2027-03-28", "01:30", "03:00").unwrap_err();
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].field, STARTS);
        assert!(refused[0].message.contains("the clocks go forward"));
        let twice = typed("2026-10-25", "01:30", "03:00").unwrap();
        assert_eq!(twice.starts_at, "2026-10-25T00:30:00Z".parse().unwrap());
    }

    #[test]
    fn every_box_that_is_wrong_is_named() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let errors = When::default().sitting(&zone).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["date-day", STARTS, ENDS, PLACE]);
        let errors = typed("2027-02-30", "10:00", "12:00").unwrap_err();
        assert_eq!(errors[0].message, "There is no such date");
    }
}
