//! Which case comes to which meeting: the cases that wait, and the meetings that each could come to, weighed by its clock.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::super::App;
use super::super::error::AppError;
use super::super::opened::named;
use super::stream::{Loaded, append};
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::engine::case::Case;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::meets::Meets;
use crate::engine::facts::CaseFacts;
use crate::engine::meeting::ask::Room;
use crate::engine::meeting::event::{Event, Listing, Sitting};
use crate::engine::meeting::fits::{Possible, Weighed, answers_by, weigh};
use crate::engine::meeting::table::Meeting;
use crate::store::cases::CaseRow;
use crate::store::meetings::{self, MeetingRow};
use crate::store::{At, Tx, deadlines};

/// A case that waits for a meeting.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub case: CaseRow,
    /// When the forum has to have come to it.
    pub due: Option<Timestamp>,
    /// The meetings to come of its scheme's forum, the next first.
    pub choices: Vec<Choice>,
}

/// A meeting that a case could come to.
#[derive(Debug, Clone)]
pub struct Choice {
    pub meeting: MeetingRow,
    pub weighed: Weighed,
}

impl App {
    /// The cases of an authority that wait for a meeting, for whoever keeps the agenda. Nothing for others.
    pub(super) async fn cases_that_wait(
        self: &Arc<Self>,
        actor: &Actor,
        live: &[MeetingRow],
    ) -> Result<Vec<Waiting>, AppError> {
        let mut waiting = Vec::new();
        for scheme in self.schemes_of(&actor.authority) {
            let definition = self.in_force(&actor.authority, &scheme)?.definition;
            let Some(meets) = definition.meets() else {
                continue;
            };
            if !meets.convened_by.has(&actor.role) && !meets.chaired_by.has(&actor.role) {
                continue;
            }
            let now = self.clock.now();
            let to_come =
                |row: &&MeetingRow| row.scheme == scheme && row.starts_at.timestamp() > now;
            let own: Vec<_> = live.iter().filter(to_come).collect();
            let mut tx = self.db.begin_read().await?;
            let hidden = self.hidden_from(&mut tx, actor).await?;
            let possible = possible(&mut tx, &own, &hidden).await?;
            for state in meets.lists.iter() {
                for case in meetings::waiting(&mut tx, &actor.authority, &scheme, state).await? {
                    if hidden.contains(&case.id) {
                        continue;
                    }
                    let due = due_of(&mut tx, &case, meets).await?;
                    let zone = self.definitions.zone(&actor.authority);
                    let weighed = weigh(&possible, due, meets.minutes_per_case, &zone);
                    let choices = own.iter().zip(weighed);
                    let choices = choices.map(|(row, weighed)| Choice {
                        meeting: (*row).clone(),
                        weighed,
                    });
                    waiting.push(Waiting {
                        choices: choices.collect(),
                        case,
                        due,
                    });
                }
            }
        }
        if !waiting.is_empty() {
            self.log_read(
                actor,
                None,
                named([FieldClass::Process]),
                "cases that wait for a meeting",
            )
            .await?;
        }
        Ok(waiting)
    }

    /// How a case is listed: who is asked and until when, and whether it comes before the others.
    pub(super) async fn listing(
        &self,
        tx: &mut Tx,
        room: &Room<'_>,
        meeting: &Meeting,
        case: CaseId,
    ) -> Result<Listing, AppError> {
        if meetings::to_settle(tx, case.0).await?.is_some() {
            let why = "It is on the agenda of another meeting, or of this one";
            return Err(AppError::Unmet(vec![why.to_owned()]));
        }
        self.listing_of(room, meeting, case)
    }

    /// Agencies are asked about a case that waits for a meeting; not about one that comes only to be ratified.
    pub(super) fn listing_of(
        &self,
        room: &Room<'_>,
        meeting: &Meeting,
        case: CaseId,
    ) -> Result<Listing, AppError> {
        let (definition, meets) = (room.definition, room.meets);
        let waits = room.case.is_some_and(|case| meets.lists.has(&case.state));
        let asked = definition.agencies().filter(|_| waits);
        Ok(Listing {
            case,
            asked: asked.map(|(name, _)| name.to_string()).collect(),
            answers_by: self.answers_by(definition, meeting)?,
            first: room.case.is_some_and(|case| comes_first(room, case)),
        })
    }

    fn answers_by(
        &self,
        definition: &Definition,
        meeting: &Meeting,
    ) -> Result<Timestamp, AppError> {
        let meets = definition.meets().ok_or(AppError::NotFound)?;
        let limit = meets.answers_due.parse().map_err(AppError::inside)?;
        let zone = self.definitions.zone(&meeting.authority);
        let (now, calendar) = (self.clock.now(), &definition.calendar);
        let by = answers_by(&meeting.sitting, limit, now, &zone, calendar);
        by.map_err(|error| AppError::Unmet(vec![error.to_string()]))
    }

    /// When a meeting was moved, answers are due as long before it as they were; where that has passed, until it begins. The service
    /// does it, as whoever moved the meeting may not know of every case. Answers the meeting after it.
    pub(super) async fn ask_by_another_day(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        moved: Loaded,
    ) -> Result<Meeting, AppError> {
        let answers_by = self.answers_by(definition, &moved.meeting)?;
        let items = moved.meeting.items.iter();
        let others = items.filter(|item| item.listing.answers_by != answers_by);
        let due: Vec<_> = others
            .map(|item| Event::AnswersDue {
                case: item.listing.case,
                answers_by,
            })
            .collect();
        if due.is_empty() {
            return Ok(moved.meeting);
        }
        let clock = Actor::clock();
        append(self, tx, definition, moved, &clock, due, self.clock.now()).await
    }
}

fn comes_first(room: &Room<'_>, case: &Case) -> bool {
    let facts = CaseFacts {
        definition: room.definition,
        case,
        actor: room.actor,
        form: None,
    };
    let first = room.meets.first.as_ref();
    first.is_some_and(|first| first.holds(&facts).unwrap_or(false))
}

async fn possible(
    tx: &mut Tx,
    live: &[&MeetingRow],
    hidden: &BTreeSet<Uuid>,
) -> Result<Vec<Possible>, AppError> {
    let mut possible = Vec::new();
    for row in live {
        let agenda = meetings::agenda(tx, row.id).await?;
        // Not even a number tells of a case that somebody is kept away from.
        let listed = agenda.iter().filter(|item| !hidden.contains(&item.case_id));
        possible.push(Possible {
            sitting: Sitting {
                starts_at: row.starts_at.timestamp(),
                ends_at: row.ends_at.timestamp(),
                place: String::new(),
            },
            listed: listed.count(),
        });
    }
    Ok(possible)
}

/// When the forum has to have come to a case: by the clock that says so, else by the overall one.
async fn due_of(tx: &mut Tx, case: &CaseRow, meets: &Meets) -> Result<Option<Timestamp>, AppError> {
    let clocks = deadlines::for_case(tx, case.id).await?;
    let own = clocks
        .iter()
        .rev()
        .find(|row| row.clock == *meets.clock && row.status == "running");
    let due = own.map(|row| row.due_at).or(case.overall_due);
    Ok(due.map(At::timestamp))
}
