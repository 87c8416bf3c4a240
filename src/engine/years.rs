//! A number of years, as a workflow file writes how long a case is kept: years of the calendar, not so many days.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::Date;

/// So many years, such as `6 years`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Years(u16);

/// The most that is taken: nobody reviews what is older than a person.
pub const MOST: u16 = 100;

/// Why a text is no number of years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write years like `6 years`, with a whole number from 1 to 100")]
pub struct YearsError;

impl Years {
    /// The same day so many years later; of 29 February, the last day of that month.
    pub fn after(self, day: Date) -> Option<Date> {
        day.checked_add(i64::from(self.0).years()).ok()
    }
}

impl FromStr for Years {
    type Err = YearsError;

    fn from_str(text: &str) -> Result<Self, YearsError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [number, "year" | "years"] = words[..] else {
            return Err(YearsError);
        };
        let plain = number.bytes().all(|byte| byte.is_ascii_digit());
        let number = plain.then(|| number.parse().ok()).flatten();
        let number = number.filter(|number| (1..=MOST).contains(number));
        number.map(Self).ok_or(YearsError)
    }
}

impl fmt::Display for Years {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} year{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn years_are_read_and_written_alike_and_all_else_is_refused() {
        for text in ["1 year", "6 years", "100 years"] {
            assert_eq!(text.parse::<Years>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "6",
            "0 years",
            "101 years",
            "-6 years",
            "+6 years",
            "six years",
            "6 calendar years",
            "72 months",
        ] {
            assert_eq!(text.parse::<Years>(), Err(YearsError), "{text}");
        }
    }

    #[test]
    fn a_year_ends_on_the_same_day_and_february_on_its_last() {
        let after = |years: &str, day| years.parse::<Years>().unwrap().after(day);
        assert_eq!(
            after("6 years", date(2026, 11, 23)),
            Some(date(2032, 11, 23))
        );
        assert_eq!(after("1 year", date(2028, 2, 29)), Some(date(2029, 2, 28)));
        assert_eq!(after("4 years", date(2028, 2, 29)), Some(date(2032, 2, 29)));
        assert_eq!(after("100 years", date(9950, 1, 1)), None);
    }
}
