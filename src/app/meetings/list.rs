//! All meetings of an authority's forums for somebody: those to come and those that are over, the cases that wait, what is owed and what
//! was promised. Nothing of a case that they may not open is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::super::App;
use super::super::error::AppError;
use super::super::keys::Keys;
use super::super::opened::named;
use super::super::staff::Person;
use super::agenda::Waiting;
use super::stream;
use crate::domain::class::FieldClass;
use crate::domain::id::MeetingId;
use crate::engine::command::Actor;
use crate::store::Tx;
use crate::store::cases::{self, CaseRow};
use crate::store::meetings::{self, MeetingRow, PromiseRow, ReturnRow};

/// So many meetings that are over are listed.
const MOST: i64 = 50;

/// The meetings of an authority's forums, as somebody sees them.
pub struct Meetings {
    pub live: Vec<MeetingRow>,
    pub over: Vec<MeetingRow>,
    /// For whoever keeps the agenda.
    pub waiting: Vec<Waiting>,
    /// What their agency has not answered yet, each with the reference of its case.
    pub asked: Vec<(ReturnRow, String)>,
    /// What their agency promised; everything promised, for whoever keeps the agenda.
    pub promises: Vec<PromiseRow>,
    /// What lists say of each of those to come.
    pub told: BTreeMap<MeetingId, Told>,
    /// The schemes whose forum they may call.
    pub convenes: Vec<String>,
    pub now: Timestamp,
}

/// What a list says of a meeting.
pub struct Told {
    pub place: String,
    /// How many cases on its agenda they may open.
    pub cases: usize,
}

impl App {
    /// The meetings of an authority's forums.
    ///
    /// # Errors
    /// `NotFound` for whoever opens no cases.
    pub async fn see_meetings(self: &Arc<Self>, person: &Person) -> Result<Meetings, AppError> {
        let actor = &person.actor;
        if !person.reads_cases {
            return Err(AppError::NotFound);
        }
        self.log_read(actor, None, named([FieldClass::Process]), "meetings")
            .await?;
        let (live, over, asked, promises, told) = {
            let mut tx = self.db.begin_read().await?;
            let live = meetings::live(&mut tx, &actor.authority).await?;
            let over = meetings::over(&mut tx, &actor.authority, MOST).await?;
            let hidden = self.hidden_from(&mut tx, actor).await?;
            let agency = self.own_agency(actor);
            let mut asked = Vec::new();
            for row in meetings::asked(&mut tx, &actor.authority, &agency).await? {
                if hidden.contains(&row.case_id) {
                    continue;
                }
                if let Some(case) = cases::get(&mut tx, row.case_id).await? {
                    asked.push((row, case.reference));
                }
            }
            let mut promises = meetings::open_promises(&mut tx, &actor.authority).await?;
            promises.retain(|row| row.case_id.is_none_or(|case| !hidden.contains(&case)));
            let mut told = BTreeMap::new();
            for row in &live {
                let id = MeetingId(row.id);
                told.insert(id, told_of(&self.keys, &mut tx, actor, &hidden, id).await?);
            }
            (live, over, asked, promises, told)
        };
        let waiting = self.cases_that_wait(actor, &live).await?;
        let convenes = self.forums_called_by(actor);
        let agency = self.own_agency(actor);
        let own = |row: &PromiseRow| !convenes.is_empty() || row.agency == agency;
        Ok(Meetings {
            promises: promises.into_iter().filter(own).collect(),
            live,
            over,
            waiting,
            asked,
            told,
            convenes,
            now: self.clock.now(),
        })
    }

    /// The schemes of their authority whose forum somebody may call together.
    pub fn forums_called_by(&self, actor: &Actor) -> Vec<String> {
        let schemes = self.schemes_of(&actor.authority).into_iter();
        let calls = |scheme: &String| {
            let edition = self.in_force(&actor.authority, scheme).ok();
            edition.is_some_and(|edition| {
                let meets = edition.definition.meets();
                meets.is_some_and(|meets| {
                    meets.convened_by.has(&actor.role) || meets.chaired_by.has(&actor.role)
                })
            })
        };
        schemes.filter(calls).collect()
    }

    /// The agency that somebody speaks for, by the first scheme of their authority whose forum meets.
    fn own_agency(&self, actor: &Actor) -> String {
        let schemes = self.schemes_of(&actor.authority).into_iter();
        let mut editions =
            schemes.filter_map(|scheme| self.in_force(&actor.authority, &scheme).ok());
        let own = editions.find_map(|edition| {
            let meets = edition.definition.meets()?;
            Some(meets.agency_of(actor).to_owned())
        });
        own.unwrap_or_else(|| actor.agency.clone())
    }
}

/// Counts nothing of what somebody may not open.
async fn told_of(
    keys: &Keys,
    tx: &mut Tx,
    actor: &Actor,
    hidden: &BTreeSet<Uuid>,
    id: MeetingId,
) -> Result<Told, AppError> {
    let meeting = stream::load(keys, tx, id).await?.meeting;
    let mut cases = 0;
    for item in &meeting.items {
        let row = cases::get(tx, item.listing.case.0).await?;
        let open = |row: CaseRow| row.authority == actor.authority && !hidden.contains(&row.id);
        cases += usize::from(row.is_some_and(open));
    }
    Ok(Told {
        place: meeting.sitting.place,
        cases,
    })
}
