//! How a partnership works together, month by month: each question with a number for every agency and month.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use uuid::Uuid;

use super::super::App;
use super::super::error::AppError;
use super::super::opened::named;
use super::super::staff::Person;
use super::contacts::convenes;
use crate::domain::class::FieldClass;
use crate::engine::definition::Definition;
use crate::store::At;
use crate::store::partnership::{self, AnsweredRow, AttendedRow, ForumSince};

/// So many months are shown, the present one among them.
const MONTHS: i32 = 12;

/// How often something was so, of how many times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    pub so: u32,
    pub of: u32,
}

impl Share {
    fn count(&mut self, so: bool) {
        self.of += 1;
        self.so += u32::from(so);
    }
}

/// One line of a question: a share for each month, by the month's first day.
pub type Line = BTreeMap<Date, Share>;

/// How the forum of a scheme has worked in the last twelve months.
pub struct Partnership {
    pub definition: Arc<Definition>,
    /// The first day of each month, oldest first.
    pub months: Vec<Date>,
    /// By agency: how often somebody came.
    pub came: BTreeMap<String, Line>,
    /// By agency: how often somebody came who can commit it.
    pub senior: BTreeMap<String, Line>,
    /// By agency: how often its answer was in by the time it was due.
    pub answered: BTreeMap<String, Line>,
    /// How often the meeting was quorate when it came to a case.
    pub quorate: Line,
    /// By agency: what it promised and is overdue, of what is open.
    pub overdue: BTreeMap<String, Share>,
    /// Whether whoever looks keeps whom the forum turns to.
    pub convenes: bool,
}

impl App {
    /// How the forum of a scheme works together.
    ///
    /// # Errors
    /// `NotFound` for a scheme that the authority does not run or whose forum does not meet, and for whoever opens no cases.
    pub async fn see_partnership(
        self: &Arc<Self>,
        person: &Person,
        scheme: &str,
    ) -> Result<Partnership, AppError> {
        let actor = &person.actor;
        let definition = self.in_force(&actor.authority, scheme)?.definition;
        if !person.reads_cases || definition.meets().is_none() {
            return Err(AppError::NotFound);
        }
        self.log_read(
            actor,
            None,
            named([FieldClass::Process]),
            "how the forum works",
        )
        .await?;
        let (zone, now) = (self.definitions.zone(&actor.authority), self.clock.now());
        let months = months(now, &zone);
        let since = months
            .first()
            .and_then(|day| day.to_zoned(zone.clone()).ok());
        let of = ForumSince {
            authority: &actor.authority,
            scheme,
            since: since.map_or(now, |day| day.timestamp()),
        };
        let mut tx = self.db.begin_read().await?;
        let hidden = self.hidden_from(&mut tx, actor).await?;
        let shown = |case: &Uuid| !hidden.contains(case);
        let month = |at: At| {
            at.timestamp()
                .to_zoned(zone.clone())
                .date()
                .first_of_month()
        };

        let attended = partnership::attended(&mut tx, of).await?;
        let of_each = |so: fn(&AttendedRow) -> bool| {
            let rows = attended.iter();
            by_agency(rows.map(|row| (row.agency.clone(), month(row.starts_at), so(row))))
        };
        let came = of_each(|row| row.attended == "came");
        let senior = of_each(|row| row.senior);

        // What is not answered and not due can still come in time.
        let told = |row: &AnsweredRow| row.answered_at.is_some() || row.due_at.timestamp() <= now;
        let answered = partnership::answered(&mut tx, of).await?.into_iter();
        let answered = answered.filter(|row| shown(&row.case_id) && told(row));
        let answered = by_agency(answered.map(|row| {
            let in_time = row
                .answered_at
                .is_some_and(|at| at.timestamp() < row.due_at.timestamp());
            (row.agency, month(row.starts_at), in_time)
        }));

        let mut quorate = Line::new();
        for row in partnership::taken(&mut tx, of).await? {
            if shown(&row.case_id) {
                quorate
                    .entry(month(row.starts_at))
                    .or_default()
                    .count(row.quorate);
            }
        }

        let today = now.to_zoned(zone.clone()).date();
        let mut overdue: BTreeMap<String, Share> = BTreeMap::new();
        for row in partnership::promised(&mut tx, of).await? {
            if row.case_id.as_ref().is_none_or(shown) {
                let late = row.due_on.parse().is_ok_and(|due: Date| due < today);
                overdue.entry(row.agency).or_default().count(late);
            }
        }
        drop(tx);
        Ok(Partnership {
            definition: self.in_words_of(actor, Arc::clone(&definition)),
            months,
            came,
            senior,
            answered,
            quorate,
            overdue,
            convenes: convenes(&definition, actor),
        })
    }
}

/// What was so or was not, counted for each agency and month.
fn by_agency(rows: impl Iterator<Item = (String, Date, bool)>) -> BTreeMap<String, Line> {
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    for (agency, month, so) in rows {
        let line = lines.entry(agency).or_default();
        line.entry(month).or_default().count(so);
    }
    lines
}

/// The first day of each of the last months.
fn months(now: Timestamp, zone: &TimeZone) -> Vec<Date> {
    let this = now.to_zoned(zone.clone()).date().first_of_month();
    let back = (0..MONTHS).rev();
    let months: BTreeSet<_> = back
        .filter_map(|ago| this.checked_sub(ago.months()).ok())
        .collect();
    months.into_iter().collect()
}
