//! How long something may take, in the words of a workflow file: hours, calendar days, working days or months.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A length of time as a workflow file writes it, such as `10 working days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Limit {
    /// Exact elapsed time.
    Hours(u32),
    /// Every date counts.
    CalendarDays(u32),
    /// Only the working days of a calendar count.
    WorkingDays(u32),
    /// To the day of the same number so many months later, or to the last day of a month that has none of that number.
    Months(u32),
}

/// The longest limit that is taken, in its own unit: past it a number is surely a slip.
pub const LONGEST: u32 = 100_000;

/// Likewise, in months: a hundred years.
pub const MOST_MONTHS: u32 = 1_200;

/// Why a text is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    #[error("say which days: 'calendar days' or 'working days'")]
    WhichDays,
    #[error("a limit is a whole number from 1 to 100000")]
    Number,
    #[error("a limit in months is a whole number from 1 to 1200")]
    Months,
    #[error(
        "a limit is written like '24 hours', '45 calendar days', '10 working days' or '1 month', with a whole number from 1 to 100000"
    )]
    Form,
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (number, unit): (&str, fn(u32) -> Self) = match words[..] {
            [number, "hour" | "hours"] => (number, Self::Hours),
            [number, "calendar", "day" | "days"] => (number, Self::CalendarDays),
            [number, "working", "day" | "days"] => (number, Self::WorkingDays),
            [number, "month" | "months"] => (number, Self::Months),
            [_, "day" | "days"] => return Err(LimitError::WhichDays),
            _ => return Err(LimitError::Form),
        };
        let (most, refusal) = match unit(1) {
            Self::Months(_) => (MOST_MONTHS, LimitError::Months),
            _ => (LONGEST, LimitError::Number),
        };
        number
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| number.parse().ok())
            .flatten()
            .filter(|number| (1..=most).contains(number))
            .map(unit)
            .ok_or(refusal)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match self {
            Self::Hours(number) => (number, "hour"),
            Self::CalendarDays(number) => (number, "calendar day"),
            Self::WorkingDays(number) => (number, "working day"),
            Self::Months(number) => (number, "month"),
        };
        write!(f, "{number} {unit}{}", if *number == 1 { "" } else { "s" })
    }
}

impl TryFrom<String> for Limit {
    type Error = LimitError;

    fn try_from(text: String) -> Result<Self, LimitError> {
        text.parse()
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        limit.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_the_words_of_a_workflow_file() {
        for (text, limit) in [
            ("24 hours", Limit::Hours(24)),
            ("1 hour", Limit::Hours(1)),
            ("45 calendar days", Limit::CalendarDays(45)),
            ("1 calendar day", Limit::CalendarDays(1)),
            ("10 working days", Limit::WorkingDays(10)),
            ("1 working day", Limit::WorkingDays(1)),
            ("1 month", Limit::Months(1)),
            ("3 months", Limit::Months(3)),
            ("100000 hours", Limit::Hours(LONGEST)),
            ("1200 months", Limit::Months(MOST_MONTHS)),
        ] {
            assert_eq!(text.parse(), Ok(limit));
            assert_eq!(limit.to_string(), text);
        }
    }

    #[test]
    fn days_alone_are_refused() {
        for text in ["10 days", "1 day"] {
            assert_eq!(text.parse::<Limit>(), Err(LimitError::WhichDays), "{text}");
        }
    }

    #[test]
    fn numbers_outside_the_bounds_are_refused() {
        for number in [
            "0",
            "-1",
            "+1",
            "1.5",
            "100001",
            "99999999999999999999",
            "ten",
            "",
        ] {
            let text = format!("{number} working days");
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
        assert_eq!("0 hours".parse::<Limit>(), Err(LimitError::Number));
        for text in ["0 months", "1201 months", "+1 month", "one month"] {
            assert_eq!(text.parse::<Limit>(), Err(LimitError::Months), "{text}");
        }
    }

    #[test]
    fn other_words_are_refused_with_what_is_allowed() {
        for text in [
            "",
            "24",
            "hours",
            "24h",
            "2 weeks",
            "10 working days or so",
            "10 Working Days",
            "1 calendar month",
        ] {
            let refusal = text.parse::<Limit>().unwrap_err();
            assert_eq!(refusal, LimitError::Form, "{text}");
            assert!(refusal.to_string().contains("45 calendar days"));
        }
    }
}
