//! Series of meetings: how often the forum of a scheme meets at an authority, as its file says under `meetings:`. A cron line says
//! when a series meets; each meeting that it calls is a stream of its own, and goes its own way from then on.

use std::iter::successors;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::Deserialize;

use super::yaml::{Entries, Word};
use crate::domain::text::says_something;
use crate::engine::limit::Limit;
use crate::engine::meeting::event::{Event, Form, Sitting};
use crate::engine::schedule::Schedule;

/// A series never has so many meetings called at once: its cron line or its `ahead` must be a slip.
const TOO_MANY: usize = 100;

/// A series as a file writes it. What each key means is told in `workflows/README.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    meets: Word,
    lasts: Word,
    place: Word,
    ahead: Word,
}

/// A series of meetings, sound enough to be gone by.
#[derive(Debug, Clone)]
pub struct Series {
    /// Its name in the file; meetings say which series they are of.
    pub name: Word,
    /// The scheme whose forum meets.
    pub scheme: String,
    schedule: Schedule,
    lasts: SignedDuration,
    place: String,
    /// So many days ahead its meetings are called.
    ahead: u32,
}

/// What is wrong with a file: where, and a sentence.
pub(super) type Fault<'a> = (&'a Word, String);

impl Series {
    fn read<'a>(scheme: &Word, name: &Word, shape: &'a Shape) -> Result<Self, Fault<'a>> {
        let schedule = Schedule::parse(&shape.meets);
        let schedule = schedule.map_err(|why| (&shape.meets, why.to_string()))?;
        let Ok(Limit::Hours(hours)) = shape.lasts.parse() else {
            let text = "Say for how many hours it meets, like `3 hours`";
            return Err((&shape.lasts, text.to_owned()));
        };
        let Ok(Limit::CalendarDays(ahead)) = shape.ahead.parse() else {
            let text = "Say how many days ahead its meetings are called, like `42 calendar days`";
            return Err((&shape.ahead, text.to_owned()));
        };
        if !says_something(&shape.place) {
            return Err((
                &shape.place,
                "Say where it meets, or give the link".to_owned(),
            ));
        }
        let series = Self {
            name: name.clone(),
            scheme: scheme.to_string(),
            schedule,
            lasts: SignedDuration::from_hours(hours.into()),
            place: shape.place.trim().to_owned(),
            ahead,
        };
        if series.to_come(Timestamp::UNIX_EPOCH, &TimeZone::UTC).len() >= TOO_MANY {
            let text = format!(
                "It would call {TOO_MANY} meetings at once or more; look at `meets` and `ahead`"
            );
            return Err((&shape.meets, text));
        }
        Ok(series)
    }

    /// When and where it meets from now to the end of the last day that is looked ahead to, by the clock on the wall.
    pub fn to_come(&self, now: Timestamp, zone: &TimeZone) -> Vec<Sitting> {
        let days = i64::from(self.ahead) + 1;
        let today = now.to_zoned(zone.clone()).date();
        let end = today.checked_add(days.days()).ok();
        let end = end.and_then(|day| day.to_zoned(zone.clone()).ok());
        let end = end.map_or(Timestamp::MAX, |midnight| midnight.timestamp());
        let next = |after: Timestamp| self.schedule.next_after(after, zone);
        let starts = successors(next(now), |last| next(*last));
        let starts = starts.take_while(|starts_at| *starts_at < end);
        let sittings = starts.filter_map(|starts_at| {
            Some(Sitting {
                starts_at,
                ends_at: starts_at.checked_add(self.lasts).ok()?,
                place: self.place.clone(),
            })
        });
        sittings.take(TOO_MANY).collect()
    }

    /// That one of its meetings is called, at this authority.
    pub fn convened(&self, authority: &str, sitting: Sitting) -> Event {
        Event::Convened {
            authority: authority.to_owned(),
            scheme: self.scheme.clone(),
            form: Form::Regular,
            series: Some(self.name.to_string()),
            sitting,
            because: String::new(),
        }
    }
}

/// The series of a scheme, each read or with what is wrong with it.
pub(super) fn read<'a>(
    scheme: &'a Word,
    shapes: &'a Entries<Shape>,
) -> impl Iterator<Item = Result<Series, Fault<'a>>> {
    let shapes = shapes.iter();
    shapes.map(move |(name, shape)| Series::read(scheme, name, shape))
}
