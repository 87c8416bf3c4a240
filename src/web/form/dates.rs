//! Dates and times as people type them, and as they are stored.

use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The three boxes of a date, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Boxes {
    pub day: String,
    pub month: String,
    pub year: String,
}

impl Boxes {
    /// The boxes of a stored date, whole or in part: `1984`, `1984-05`, `1984-05-17`.
    pub fn of(stored: &str) -> Self {
        let mut parts = stored
            .splitn(3, '-')
            .map(|part| part.trim_start_matches('0').to_owned());
        let mut next = || parts.next().unwrap_or_default();
        let (year, month, day) = (next(), next(), next());
        Self { day, month, year }
    }

    pub fn are_empty(&self) -> bool {
        [&self.day, &self.month, &self.year]
            .iter()
            .all(|part| part.trim().is_empty())
    }

    /// A whole date as it is stored; `None` when every box is empty.
    ///
    /// # Errors
    /// The sentence for the person.
    pub fn whole(&self) -> Result<Option<String>, &'static str> {
        if self.are_empty() {
            return Ok(None);
        }
        if [&self.day, &self.month, &self.year]
            .iter()
            .any(|part| part.trim().is_empty())
        {
            return Err("Enter the day, the month and the year");
        }
        self.known()
    }

    /// A date as far as it is known.
    ///
    /// # Errors
    /// The sentence for the person.
    pub fn known(&self) -> Result<Option<String>, &'static str> {
        if self.are_empty() {
            return Ok(None);
        }
        let year = self.year.trim();
        if year.is_empty() {
            return Err("Enter the year at least");
        }
        if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("Enter the year with four digits");
        }
        let (day, month) = (self.day.trim(), self.month.trim());
        if month.is_empty() {
            return if day.is_empty() {
                Ok(Some(year.to_owned()))
            } else {
                Err("Enter the month as well")
            };
        }
        let month = month_number(month).ok_or("Enter the month as a number or a name")?;
        if day.is_empty() {
            return Ok(Some(format!("{year}-{month:02}")));
        }
        let day: i8 = day.parse().map_err(|_| "Enter the day as a number")?;
        let number = year
            .parse()
            .map_err(|_| "Enter the year with four digits")?;
        Date::new(number, month, day).map_err(|_| "There is no such date")?;
        Ok(Some(format!("{year}-{month:02}-{day:02}")))
    }
}

/// `11`, `Nov` and `november` are all the eleventh month.
fn month_number(text: &str) -> Option<i8> {
    if let Ok(number) = text.parse() {
        return (1..=12).contains(&number).then_some(number);
    }
    let text = text.to_lowercase();
    let named =
        (text.len() >= 3).then(|| MONTHS.iter().position(|month| month.starts_with(&text)))??;
    i8::try_from(named + 1).ok()
}

/// A date known in part, on one line: `2021`, `5/2021`, `May 2021`, `17 May 2021`, `2021-05`.
///
/// # Errors
/// The sentence for the person.
pub fn on_one_line(text: &str) -> Result<Option<String>, &'static str> {
    let split = |c: char| c.is_whitespace() || "/.-,".contains(c);
    let mut parts: Vec<&str> = text.split(split).filter(|part| !part.is_empty()).collect();
    if parts.first().is_some_and(|first| first.len() == 4) {
        parts.reverse();
    }
    let at = |place: usize| {
        let index = parts.len().checked_sub(place);
        index
            .and_then(|index| parts.get(index))
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    if parts.len() > 3 {
        return Err("Enter a date such as 2021, May 2021 or 17 May 2021");
    }
    Boxes {
        day: at(3),
        month: at(2),
        year: at(1),
    }
    .known()
}

/// The inverse of [`on_one_line`]: `5/2021`.
pub fn as_one_line(stored: &str) -> String {
    let boxes = Boxes::of(stored);
    let parts = [boxes.day, boxes.month, boxes.year];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("/")
}

/// `14:30`, `14.30`, `1430` or `9:30`, as `HH:MM`.
pub fn time(text: &str) -> Option<String> {
    let text = text.trim();
    let (hour, minute) = match text.split_once([':', '.']) {
        Some(parts) => parts,
        None if text.len() == 4 && text.is_ascii() => text.split_at(2),
        None => return None,
    };
    let number = |part: &str, most: u8| {
        part.parse::<u8>()
            .ok()
            .filter(|number| *number <= most && part.len() <= 2)
    };
    let (hour, minute) = (
        number(hour, 23)?,
        number(minute, 59).filter(|_| minute.len() == 2)?,
    );
    Some(format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxes(day: &str, month: &str, year: &str) -> Boxes {
        Boxes {
            day: day.into(),
            month: month.into(),
            year: year.into(),
        }
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (day, month, year, stored) in [
            ("7", "5", "1984", "1984-05-07"),
            ("07", "May", "1984", "1984-05-07"),
            (" 29 ", "february", "2028", "2028-02-29"),
            ("30", "sept", "2026", "2026-09-30"),
        ] {
            assert_eq!(boxes(day, month, year).whole(), Ok(Some(stored.to_owned())));
        }
        assert_eq!(boxes("", "", "").whole(), Ok(None));
        for (day, month, year) in [
            ("31", "11", "2026"),
            ("1", "1", ""),
            ("1", "", "2026"),
            ("x", "1", "2026"),
            ("1", "m", "2026"),
            ("1", "1", "26"),
            ("1", "ma", "+026"),
        ] {
            assert!(
                boxes(day, month, year).whole().is_err(),
                "{day} {month} {year}"
            );
        }
    }

    #[test]
    fn what_is_known_of_a_date_is_enough() {
        for (text, stored) in [
            ("1984", "1984"),
            ("May 1984", "1984-05"),
            ("5/1984", "1984-05"),
            ("1984-05", "1984-05"),
            ("17.5.1984", "1984-05-17"),
            ("17 May, 1984", "1984-05-17"),
        ] {
            assert_eq!(on_one_line(text), Ok(Some(stored.to_owned())), "{text}");
            assert_eq!(
                on_one_line(&as_one_line(stored)),
                Ok(Some(stored.to_owned()))
            );
        }
        assert_eq!(on_one_line("  "), Ok(None));
        for text in ["84", "May", "1 2 3 1984", "17 5", "31 Feb 1984", "long ago"] {
            assert!(on_one_line(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_read_in_24_hours() {
        for (text, stored) in [
            ("14:30", "14:30"),
            ("14.30", "14:30"),
            ("1430", "14:30"),
            ("9:05", "09:05"),
            ("0000", "00:00"),
        ] {
            assert_eq!(time(text).as_deref(), Some(stored), "{text}");
        }
        for text in ["", "24:00", "14:3", "2pm", "12:60", "-1:00", "é30", "123"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
