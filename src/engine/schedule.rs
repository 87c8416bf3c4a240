//! When sweepers wake and series of meetings meet: cron lines in local time. The `cron` crate alone skips 01:30 in spring and runs it twice
//! in autumn, so it is given the wall time as if it were UTC and jiff places what it answers. No deadline is a cron
//! line; this is the only file that names `chrono`, which `cron` speaks.

use std::str::FromStr as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A cron line: second, minute, hour, day, month, weekday and perhaps year, or `@hourly`, `@daily` and the like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(cron::Schedule);

/// Why a text is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    #[error(
        "a schedule has six fields (second, minute, hour, day, month, weekday) and perhaps a year"
    )]
    Fields,
    #[error(
        "write weekdays as names (MON,TUE,WED): their numbers mean different days to different programs"
    )]
    NumericWeekday,
    #[error(
        "'{0}' is not a field of a schedule; write it like * or */15 or 1,15 or 9-17 or MON-FRI"
    )]
    Field(String),
    #[error("this schedule has a value that does not exist, such as minute 60")]
    Value,
}

impl Schedule {
    /// Reads a cron line.
    ///
    /// # Errors
    /// A sentence saying what is wrong with the line.
    pub fn parse(line: &str) -> Result<Self, ScheduleError> {
        if !line.trim_start().starts_with('@') {
            check_fields(line)?;
        }
        cron::Schedule::from_str(line)
            .map(Self)
            .map_err(|_| ScheduleError::Value)
    }

    /// The first time after `now` that this schedule names in `zone`. A time that the clocks skip comes as much later
    /// as they were put forward; a time that comes twice is taken once, the first time. `None` when there is no more.
    #[must_use]
    pub fn next_after(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let wall = TimeZone::UTC.to_timestamp(zone.to_datetime(now)).ok()?;
        let as_if_utc = chrono::DateTime::from_timestamp(wall.as_second(), 0)?;
        self.0
            .after(&as_if_utc)
            .filter_map(|next| placed(next.timestamp(), zone))
            .find(|next| *next > now)
    }
}

/// The instant at which the wall in `zone` shows this time, given in seconds as if it were UTC.
fn placed(seconds: i64, zone: &TimeZone) -> Option<Timestamp> {
    let wall = TimeZone::UTC.to_datetime(Timestamp::from_second(seconds).ok()?);
    zone.to_timestamp(wall).ok()
}

/// The `cron` crate reads fields that run into each other; here spaces, and only they, part them, so that the sixth
/// is surely the weekday.
fn check_fields(line: &str) -> Result<(), ScheduleError> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    if !(6..=7).contains(&fields.len()) {
        return Err(ScheduleError::Fields);
    }
    if fields[5].bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(ScheduleError::NumericWeekday);
    }
    match fields.iter().find(|field| !field.split(',').all(is_item)) {
        Some(field) => Err(ScheduleError::Field((*field).to_owned())),
        None => Ok(()),
    }
}

fn is_item(item: &str) -> bool {
    let (values, step) = item.split_once('/').unwrap_or((item, "1"));
    let value = |text: &str| is_number(text) || is_name(text);
    is_number(step) && (values == "*" || values == "?" || values.split('-').all(value))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}
