//! The working days of one nation: Monday to Friday without its bank holidays, for the years its file knows.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

/// One file of `workflows/calendars/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    file: File,
    holidays: BTreeMap<Date, String>,
}

/// A date outside the years a calendar knows. It is never taken for a year without holidays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{calendar}' lists the years {from} to {to}, so nothing can be said of {year}")]
pub struct UnknownYear {
    calendar: String,
    from: i16,
    to: i16,
    year: i16,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    calendar: String,
    name: String,
    edition: String,
    years: Years,
    source: String,
    unconfirmed: Option<String>,
    holidays: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Years {
    from: i16,
    to: i16,
}

impl Calendar {
    /// Reads a calendar file.
    ///
    /// # Errors
    /// A sentence (with line and column where the YAML itself is wrong) for the person who wrote the file.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
        let Years { from, to } = file.years;
        if from > to {
            return Err(format!("years: {from} is after {to}"));
        }
        let holidays = file
            .holidays
            .iter()
            .map(|(date, name)| Ok((holiday_date(date, file.years)?, name.clone())))
            .collect::<Result<_, String>>()?;
        Ok(Self { file, holidays })
    }

    /// The file's name without its ending, such as `scotland`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.file.calendar
    }

    /// What people call it, such as 'Bank holidays in Scotland'.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// The label of this edition.
    #[must_use]
    pub fn edition(&self) -> &str {
        &self.file.edition
    }

    /// Where the list is published.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.file.source
    }

    /// What no source confirms, if anything.
    #[must_use]
    pub fn unconfirmed(&self) -> Option<&str> {
        self.file.unconfirmed.as_deref()
    }

    /// The holidays and their names, in order.
    #[must_use]
    pub fn holidays(&self) -> &BTreeMap<Date, String> {
        &self.holidays
    }

    /// Why nobody works on this date: the holiday's name, 'Saturday' or 'Sunday'; `None` on a working day.
    ///
    /// # Errors
    /// When the date lies outside the years of this calendar.
    pub fn why_not_working(&self, date: Date) -> Result<Option<&str>, UnknownYear> {
        let Years { from, to } = self.file.years;
        if !(from..=to).contains(&date.year()) {
            return Err(UnknownYear {
                calendar: self.file.name.clone(),
                from,
                to,
                year: date.year(),
            });
        }
        if let Some(name) = self.holidays.get(&date) {
            return Ok(Some(name));
        }
        Ok(match date.weekday() {
            Weekday::Saturday => Some("Saturday"),
            Weekday::Sunday => Some("Sunday"),
            _ => None,
        })
    }
}

fn holiday_date(text: &str, years: Years) -> Result<Date, String> {
    // The round trip refuses other spellings of a date, by which one day could be listed twice.
    let date = text
        .parse::<Date>()
        .ok()
        .filter(|date| date.to_string() == text)
        .ok_or_else(|| format!("holidays: '{text}' is not a date like 2026-11-30"))?;
    if !(years.from..=years.to).contains(&date.year()) {
        return Err(format!(
            "holidays: {date} lies outside the years {} to {}",
            years.from, years.to
        ));
    }
    Ok(date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const FILE: &str = "\
calendar: example
name: Bank holidays in an example
edition: 2026-11
years:
  from: 2026
  to: 2027
source: nobody
holidays:
  2026-11-30: St Andrew's Day
";

    fn refusal(text: &str) -> String {
        Calendar::read(text).unwrap_err()
    }

    #[test]
    fn says_why_nobody_works() {
        let calendar = Calendar::read(FILE).unwrap();
        let why = |day| calendar.why_not_working(date(2026, 11, day)).unwrap();
        assert_eq!(why(27), None);
        assert_eq!(why(28), Some("Saturday"));
        assert_eq!(why(29), Some("Sunday"));
        assert_eq!(why(30), Some("St Andrew's Day"));
    }

    #[test]
    fn says_what_its_file_says() {
        let calendar = Calendar::read(FILE).unwrap();
        assert_eq!(calendar.key(), "example");
        assert_eq!(calendar.name(), "Bank holidays in an example");
        assert_eq!(calendar.edition(), "2026-11");
        assert_eq!(calendar.source(), "nobody");
        assert_eq!(calendar.unconfirmed(), None);
        let listed = (date(2026, 11, 30), "St Andrew's Day".to_owned());
        assert_eq!(calendar.holidays(), &BTreeMap::from([listed]));
    }

    #[test]
    fn one_year_is_enough() {
        let calendar = Calendar::read(&FILE.replace("to: 2027", "to: 2026")).unwrap();
        assert!(calendar.why_not_working(date(2026, 1, 2)).is_ok());
        assert!(calendar.why_not_working(date(2027, 1, 4)).is_err());
    }

    #[test]
    fn keeps_what_is_unconfirmed() {
        let text = format!("{FILE}unconfirmed: all of it\n");
        assert_eq!(
            Calendar::read(&text).unwrap().unconfirmed(),
            Some("all of it")
        );
    }

    #[test]
    fn refuses_years_it_does_not_know() {
        let calendar = Calendar::read(FILE).unwrap();
        for unknown in [date(2025, 12, 31), date(2028, 1, 1)] {
            assert!(calendar.why_not_working(unknown).is_err());
        }
        assert_eq!(
            calendar
                .why_not_working(date(2029, 1, 1))
                .unwrap_err()
                .to_string(),
            "'Bank holidays in an example' lists the years 2026 to 2027, so nothing can be said of 2029"
        );
    }

    #[test]
    fn refuses_what_an_author_gets_wrong() {
        let twice = format!("{FILE}  2026-11-30: Again\n");
        assert!(refusal(&twice).contains("duplicate"), "{}", refusal(&twice));
        assert!(refusal(&format!("{FILE}region: x\n")).contains("region"));
        assert!(refusal(&format!("{FILE}  2026-02-30: x\n")).contains("2026-02-30"));
        assert!(refusal(&format!("{FILE}  20261201: x\n")).contains("20261201"));
        assert!(refusal(&format!("{FILE}  2029-01-01: x\n")).contains("outside the years"));
        assert!(refusal(&FILE.replace("to: 2027", "to: 2025")).contains("2026 is after 2025"));
        assert!(refusal(&FILE.replace("source: nobody\n", "")).contains("source"));
    }
}
