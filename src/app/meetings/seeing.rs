//! The read door for meetings. What somebody may not open is on no agenda that they see, and a view that is sealed is shown to nobody
//! but whoever gave it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::super::error::AppError;
use super::super::opened::{named, standing};
use super::super::read::CaseView;
use super::super::staff::Person;
use super::super::standing::{About, Sight, Viewer};
use super::super::{App, history};
use super::agenda::Waiting;
use super::contacts::ForumPeople;
use super::papers::{self, Shown};
use super::room::AtItem;
use super::stream::{self, Loaded};
use crate::domain::class::FieldClass;
use crate::domain::id::{CaseId, MeetingId};
use crate::domain::look::Operation;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::meeting::ask::Room;
use crate::engine::meeting::event::Recorded;
use crate::engine::meeting::quorum::{Forecast, Quorum};
use crate::engine::meeting::table::{Item, Meeting};
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

/// A meeting as somebody sees it.
pub struct MeetingView {
    pub id: MeetingId,
    pub definition: Arc<Definition>,
    /// Without the cases that they may not open, and without views that are sealed.
    pub meeting: Meeting,
    /// Likewise.
    pub history: Vec<Recorded>,
    /// The cases on the agenda, by id.
    pub cases: BTreeMap<CaseId, CaseRow>,
    /// What of them they see, for those whose papers are shown here.
    pub sights: BTreeMap<CaseId, Sight>,
    pub quorum: Quorum,
    /// Who of those needed said that they come.
    pub forecast: Forecast,
    /// Whom it turns to at each agency. It is the same for every reader, and whatever is on the agenda (L10).
    pub people: ForumPeople,
    /// What was promised at other meetings of the same forum and is open: each meeting looks at it again until it is settled.
    pub earlier: Vec<PromiseRow>,
    /// The names behind accounts.
    pub names: BTreeMap<String, String>,
    pub who: Actor,
    pub now: Timestamp,
}

/// A case on the agenda, as somebody sees it.
pub struct ItemView {
    pub meeting: MeetingView,
    pub item: Item,
    pub case: CaseView,
    pub room: AtItem,
}

impl MeetingView {
    pub fn convenes(&self) -> bool {
        let meets = self.definition.meets();
        meets.is_some_and(|meets| meets.convened_by.has(&self.who.role))
    }

    pub fn chairs(&self) -> bool {
        let meets = self.definition.meets();
        meets.is_some_and(|meets| meets.chaired_by.has(&self.who.role))
    }

    /// Whether they sit in it and give a view.
    pub fn is_member(&self) -> bool {
        let meets = self.definition.meets();
        meets.is_some_and(|meets| meets.members.has(&self.who.role))
    }

    /// The agency that somebody speaks for.
    pub fn agency_of<'a>(&'a self, actor: &'a Actor) -> &'a str {
        let meets = self.definition.meets();
        meets.map_or(&actor.agency, |meets| meets.agency_of(actor))
    }
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
                told.insert(id, told_of(&mut tx, actor, &hidden, id).await?);
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

    /// A meeting with its agenda and what was said at it; the look at each case whose papers are in it is written down first.
    ///
    /// # Errors
    /// `NotFound` for an unknown meeting, one of another authority, and for whoever opens no cases.
    pub async fn see_meeting(
        self: &Arc<Self>,
        actor: &Actor,
        id: MeetingId,
    ) -> Result<MeetingView, AppError> {
        let view = self.meeting_view(actor.into(), id, None).await;
        let what = "a meeting";
        let now = self.clock.now();
        let row = |case, classes: &BTreeSet<FieldClass>| {
            let mut row = self.access_row(now, actor, Operation::Consultation, case, what);
            row.classes = named(classes.iter().copied());
            row
        };
        let mut looks = vec![row(None, &[FieldClass::Process].into())];
        let shown = view.as_ref().map_or(&[][..], |(_, shown, _)| &shown[..]);
        looks.extend(
            shown
                .iter()
                .map(|(case, classes)| row(Some(*case), classes)),
        );
        self.log_looks(looks).await?;
        Ok(view?.0)
    }

    /// A case on an agenda, with what the agencies answered and, once they are open, the members' views.
    ///
    /// # Errors
    /// `NotFound` for what is unknown, not on this agenda, or may not be seen.
    pub async fn see_item(
        self: &Arc<Self>,
        person: &Person,
        id: MeetingId,
        case: CaseId,
    ) -> Result<ItemView, AppError> {
        let what = "a case before the forum";
        let view = self.see_case(person, case, what).await?;
        let (meeting, shown, room) = self.meeting_view(person.into(), id, Some(case)).await?;
        let item = meeting.meeting.item(case).cloned();
        let item = item.ok_or(AppError::NotFound)?;
        for (case, classes) in shown {
            self.log_read(&person.actor, Some(case), named(classes), what)
                .await?;
        }
        Ok(ItemView {
            meeting,
            item,
            case: view,
            room,
        })
    }

    /// A meeting with the papers of this case, or of every one; the classes that are shown of each; and how the room stands to the case.
    async fn meeting_view(
        &self,
        viewer: Viewer<'_>,
        id: MeetingId,
        about: Option<CaseId>,
    ) -> Result<(MeetingView, Vec<(CaseId, BTreeSet<FieldClass>)>, AtItem), AppError> {
        let actor = viewer.actor;
        let mut tx = self.db.begin_read().await?;
        let loaded = stream::load(&mut tx, id).await?;
        let definition = self.room_of(actor, &loaded).await?;
        let mut kept_away = BTreeSet::new();
        if let Some(case) = about {
            kept_away = self.away(&mut tx, &loaded.meeting, case).await?;
        }
        let now = self.clock.now();
        let authority = &loaded.meeting.authority;
        let people = self.forum_people(&mut tx, &definition, authority).await?;
        let room = Room {
            definition: &definition,
            meets: definition.meets().ok_or(AppError::NotFound)?,
            actor,
            case: None,
            kept_away: &kept_away,
            seniors: &BTreeSet::new(),
            now,
        };
        let quorum = room.quorum(&loaded.meeting);
        let forecast = room.forecast(&loaded.meeting);
        let item = about.and_then(|case| loaded.meeting.item(case));
        let at_item = item.map(|item| AtItem::of(&room, &loaded.meeting, item));
        let Loaded {
            mut meeting,
            mut history,
            ..
        } = loaded;
        let (rows, shown) = self.shown(&mut tx, viewer, &history, about).await?;
        let out_of_sight = self.hidden_from(&mut tx, actor).await?;
        let scheme = &meeting.scheme;
        let mut earlier = meetings::open_before(&mut tx, &actor.authority, scheme, id.0).await?;
        earlier.retain(|row| row.case_id.is_none_or(|case| !out_of_sight.contains(&case)));
        drop(tx);
        shown.cut(&mut meeting, &mut history);
        let papers = shown.papers.iter();
        let seen = papers.map(|(case, sight)| (*case, papers::classes(&meeting, *case, sight)));
        let seen = seen.filter(|(_, classes)| !classes.is_empty()).collect();
        let view = MeetingView {
            id,
            earlier,
            definition: self.in_words_of(actor, definition),
            meeting,
            history,
            cases: rows,
            sights: shown.papers,
            quorum,
            forecast,
            people,
            names: self.names().await?,
            who: actor.clone(),
            now,
        };
        Ok((view, seen, at_item.unwrap_or_default()))
    }

    /// The cases of a meeting that somebody may open, and what they see of them.
    async fn shown<'a>(
        &self,
        tx: &mut Tx,
        viewer: Viewer<'a>,
        history: &[Recorded],
        about: Option<CaseId>,
    ) -> Result<(BTreeMap<CaseId, CaseRow>, Shown<'a>), AppError> {
        let actor = viewer.actor;
        let out_of_sight = self.hidden_from(tx, actor).await?;
        let mut shown = Shown {
            actor,
            hidden: BTreeSet::new(),
            papers: BTreeMap::new(),
        };
        let mut rows = BTreeMap::new();
        let every: BTreeSet<_> = history.iter().filter_map(|one| one.event.case()).collect();
        for case in every {
            let row = cases::get(tx, case.0).await?;
            let here = row.filter(|row| row.authority == actor.authority);
            let Some(row) = here.filter(|_| !out_of_sight.contains(&case.0)) else {
                shown.hidden.insert(case);
                continue;
            };
            rows.insert(case, row);
            if about.is_none_or(|about| about == case) {
                let sight = self.sight_of(tx, viewer, case).await?;
                shown.papers.insert(case, sight);
            }
        }
        Ok((rows, shown))
    }

    async fn sight_of(
        &self,
        tx: &mut Tx,
        viewer: Viewer<'_>,
        case: CaseId,
    ) -> Result<Sight, AppError> {
        let loaded = history::load(tx, case).await?;
        let now = self.clock.now();
        let own = standing(tx, viewer.actor, case, now).await?;
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, &loaded.case.authority);
        let definition = pinned.await?;
        let about = About::case(&definition, case, &loaded.case, own, now);
        self.definitions.access.sight(viewer, about)
    }
}

/// Counts nothing of what somebody may not open.
async fn told_of(
    tx: &mut Tx,
    actor: &Actor,
    hidden: &BTreeSet<Uuid>,
    id: MeetingId,
) -> Result<Told, AppError> {
    let meeting = stream::load(tx, id).await?.meeting;
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
