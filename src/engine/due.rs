//! When a limit runs out, and why: hours are exact, days are counted on the calendar from the day after the
//! start, and a due day ends when it ends for the people who live there. A month ends with the day of the same number as the start.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::engine::calendar::{Calendar, UnknownYear};
use crate::engine::limit::Limit;

/// When a limit runs out, and how that was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The first instant that is too late: for days, the first instant of the local day after the due day.
    pub at: Timestamp,
    /// The last local day on which it is in time, when days were counted.
    pub date: Option<Date>,
    /// Each day after the start up to the due day; empty when hours were counted.
    pub trace: Vec<TraceDay>,
}

/// One day on the way to a due date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceDay {
    pub date: Date,
    /// 1 for the first day that counts, and so on; `None` when this day does not count.
    pub counted: Option<u32>,
    /// Why it does not count.
    pub why_not: Option<String>,
}

/// A time in which a clock did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Why no due date can be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DueError {
    #[error(transparent)]
    UnknownYear(#[from] UnknownYear),
    #[error("that lies beyond the dates that can be reckoned with")]
    TooFar,
}

/// When a limit that starts at `start` runs out.
///
/// # Errors
/// When working days are counted past the years of the calendar, or anything past the year 9999.
pub fn due(
    limit: Limit,
    start: Timestamp,
    zone: &TimeZone,
    calendar: &Calendar,
) -> Result<Due, DueError> {
    let nothing_yet = Due {
        at: start,
        date: None,
        trace: Vec::new(),
    };
    nothing_yet.extended(limit, zone, calendar)
}

impl Due {
    /// This due date counted on by an extension. Days added to hours are counted from the day after the due hour, months from its day.
    ///
    /// # Errors
    /// As [`due`].
    pub fn extended(
        &self,
        by: Limit,
        zone: &TimeZone,
        calendar: &Calendar,
    ) -> Result<Self, DueError> {
        match by {
            Limit::Hours(hours) => self.later_by(SignedDuration::from_hours(hours.into())),
            Limit::CalendarDays(days) => self.with_days(days, zone, |_| Ok(None)),
            Limit::WorkingDays(days) => {
                self.with_days(days, zone, |date| not_worked(date, calendar))
            }
            Limit::Months(months) => self.with_months(months, zone),
        }
    }

    /// This due date of a clock with `limit` after a pause. Hours move by the time that went by; days by those that
    /// would have counted after the day of the pause, up to and including the day on which the clock runs again.
    /// A pause that begins when the clock is already late moves nothing: what is late stays late.
    ///
    /// # Errors
    /// As [`due`].
    pub fn moved_by(
        &self,
        pause: Pause,
        limit: Limit,
        zone: &TimeZone,
        calendar: &Calendar,
    ) -> Result<Self, DueError> {
        if pause.to <= pause.from || pause.from >= self.at {
            return Ok(self.clone());
        }
        let lost = (local_date(pause.from, zone), local_date(pause.to, zone));
        match limit {
            Limit::Hours(_) => self.later_by(pause.to.duration_since(pause.from)),
            Limit::CalendarDays(_) | Limit::Months(_) => {
                self.without_days(lost, zone, |_| Ok(None))
            }
            Limit::WorkingDays(_) => {
                self.without_days(lost, zone, |date| not_worked(date, calendar))
            }
        }
    }

    /// When `percent` of the limit is used up. Of hours: that part of the time from `start` to the due instant.
    /// Of days: that many of the counted days, so half of ten working days is over with the fifth, and half of
    /// one at its noon. More than 100 is taken as 100.
    ///
    /// # Errors
    /// When a day lies at the end of time.
    #[expect(clippy::missing_panics_doc, reason = "a hundredth fits its type")]
    pub fn counted_to_share(
        &self,
        start: Timestamp,
        percent: u8,
        zone: &TimeZone,
    ) -> Result<Timestamp, DueError> {
        if percent == 0 {
            return Ok(start);
        }
        if percent >= 100 {
            return Ok(self.at);
        }
        let counted: Vec<&TraceDay> = self.counted().collect();
        if counted.is_empty() {
            return part_way(start, self.at, percent.into());
        }
        let before = counted.len() * usize::from(percent) - 1;
        let day = counted[before / 100].date;
        let begins = end_of(day.yesterday()?, zone)?;
        let hundredth = i32::try_from(before % 100 + 1).expect("it is at most 100");
        part_way(begins, end_of(day, zone)?, hundredth)
    }

    fn counted(&self) -> impl Iterator<Item = &TraceDay> {
        self.trace.iter().filter(|day| day.counted.is_some())
    }

    fn later_by(&self, time: SignedDuration) -> Result<Self, DueError> {
        Ok(Self {
            at: self.at.checked_add(time)?,
            date: None,
            trace: self.trace.clone(),
        })
    }

    /// Counts on to the day of the same number so many months later, or to the last day of a shorter month. Every day on the way counts.
    fn with_months(&self, months: u32, zone: &TimeZone) -> Result<Self, DueError> {
        let from = self.date.unwrap_or_else(|| local_date(self.at, zone));
        let last = from.checked_add(i64::from(months).months())?;
        let days = u32::try_from((last - from).get_days()).map_err(|_| DueError::TooFar)?;
        self.with_days(days, zone, |_| Ok(None))
    }

    /// Counts `days` more, passing over the dates for which there is a reason not to.
    fn with_days(
        &self,
        days: u32,
        zone: &TimeZone,
        why_not: impl Fn(Date) -> Result<Option<String>, DueError>,
    ) -> Result<Self, DueError> {
        let mut date = self.date.unwrap_or_else(|| local_date(self.at, zone));
        let mut trace = self.trace.clone();
        let mut left = days;
        while left > 0 {
            date = date.tomorrow()?;
            let why_not = why_not(date)?;
            let counted = why_not.is_none().then_some(0);
            left -= u32::from(why_not.is_none());
            trace.push(TraceDay {
                date,
                counted,
                why_not,
            });
        }
        number(&mut trace);
        Ok(Self {
            at: end_of(date, zone)?,
            date: Some(date),
            trace,
        })
    }

    /// Makes up for the days after the first date of `pause` up to and including its last.
    fn without_days(
        &self,
        (from, to): (Date, Date),
        zone: &TimeZone,
        why_not: impl Fn(Date) -> Result<Option<String>, DueError>,
    ) -> Result<Self, DueError> {
        let mut lost = 0;
        let mut date = from;
        while date < to {
            date = date.tomorrow()?;
            lost += u32::from(why_not(date)?.is_none());
        }
        if lost == 0 {
            return Ok(self.clone());
        }
        let mut moved = self.with_days(lost, zone, why_not)?;
        for day in &mut moved.trace {
            if from < day.date && day.date <= to && day.counted.take().is_some() {
                day.why_not = Some("The clock was paused".to_owned());
            }
        }
        number(&mut moved.trace);
        Ok(moved)
    }
}

fn not_worked(date: Date, calendar: &Calendar) -> Result<Option<String>, DueError> {
    Ok(calendar.why_not_working(date)?.map(str::to_owned))
}

fn number(trace: &mut [TraceDay]) {
    for (number, counted) in (1..).zip(trace.iter_mut().filter_map(|day| day.counted.as_mut())) {
        *counted = number;
    }
}

fn local_date(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// The first instant of the next local day; where the clocks skip midnight, that is later than midnight.
fn end_of(date: Date, zone: &TimeZone) -> Result<Timestamp, DueError> {
    Ok(zone.to_timestamp(date.tomorrow()?.at(0, 0, 0, 0))?)
}

fn part_way(from: Timestamp, to: Timestamp, hundredths: i32) -> Result<Timestamp, DueError> {
    Ok(from.checked_add(to.duration_since(from) * hundredths / 100)?)
}

impl From<jiff::Error> for DueError {
    fn from(_: jiff::Error) -> Self {
        Self::TooFar
    }
}
