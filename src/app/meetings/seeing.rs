//! The read door for meetings. What somebody may not open is on no agenda that they see, and a view that is sealed is shown to nobody
//! but whoever gave it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::super::error::AppError;
use super::super::opened::{named, standing};
use super::super::read::CaseView;
use super::super::staff::Person;
use super::super::standing::{About, Sight, Viewer};
use super::super::{App, history};
use super::contacts::ForumPeople;
use super::papers::{self, Shown};
use super::room::AtItem;
use super::settled::Settled;
use super::stream::{self, Loaded};
use crate::domain::class::FieldClass;
use crate::domain::id::{CaseId, MeetingId};
use crate::domain::look::Operation;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::meeting::ask::Room;
use crate::engine::meeting::event::{Event, Recorded};
use crate::engine::meeting::quorum::{Forecast, Quorum};
use crate::engine::meeting::table::{Item, Meeting};
use crate::store::Tx;
use crate::store::cases::{self, CaseRow};
use crate::store::meetings::{self, PromiseRow};

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
    /// What was done to each case from here, with the reasons; only where it is read as papers.
    pub settled: BTreeMap<CaseId, Vec<Settled>>,
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

    /// What has happened to it since its minutes were approved.
    pub fn since_approved(&self) -> impl Iterator<Item = &Recorded> {
        let history = self.history.iter();
        let approved = |one: &&Recorded| one.event != Event::Approved;
        history.skip_while(approved).skip(1)
    }

    /// The classes of what is shown here of a case.
    pub(super) fn shown_of(&self, case: CaseId) -> BTreeSet<FieldClass> {
        let sight = self.sights.get(&case);
        let mut classes = sight.map_or_else(BTreeSet::new, |sight| {
            papers::classes(&self.meeting, case, sight)
        });
        let settled = self.settled.get(&case).into_iter().flatten();
        classes.extend(settled.flat_map(Settled::classes));
        classes
    }

    /// The cases of which something is shown here, with the classes of it.
    fn shown(&self) -> impl Iterator<Item = (CaseId, BTreeSet<FieldClass>)> {
        let cases = self.sights.keys();
        let shown = cases.map(|case| (*case, self.shown_of(*case)));
        shown.filter(|(_, classes)| !classes.is_empty())
    }

    /// The agency that somebody speaks for.
    pub fn agency_of<'a>(&'a self, actor: &'a Actor) -> &'a str {
        let meets = self.definition.meets();
        meets.map_or(&actor.agency, |meets| meets.agency_of(actor))
    }
}

impl App {
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
        self.looked_at(actor, view).await
    }

    /// A meeting with what was done to each case from it, and why, for papers; each look is written down first.
    ///
    /// # Errors
    /// As [`see_meeting`](Self::see_meeting).
    pub(super) async fn see_as_papers(
        self: &Arc<Self>,
        person: &Person,
        id: MeetingId,
    ) -> Result<MeetingView, AppError> {
        let mut view = self.meeting_view(person.into(), id, None).await;
        if let Ok((view, _)) = &mut view {
            self.tell_what_was_settled(person.into(), view).await?;
        }
        self.looked_at(&person.actor, view).await
    }

    /// Writes down a look at a meeting, or that somebody tried, and at each case of which something is shown.
    async fn looked_at(
        self: &Arc<Self>,
        actor: &Actor,
        view: Result<(MeetingView, AtItem), AppError>,
    ) -> Result<MeetingView, AppError> {
        let now = self.clock.now();
        let row = |case, classes| {
            let mut row = self.access_row(now, actor, Operation::Consultation, case, "a meeting");
            row.classes = named(classes);
            row
        };
        let mut looks = vec![row(None, BTreeSet::from([FieldClass::Process]))];
        let shown = view.iter().flat_map(|(view, _)| view.shown());
        looks.extend(shown.map(|(case, classes)| row(Some(case), classes)));
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
        let (meeting, room) = self.meeting_view(person.into(), id, Some(case)).await?;
        let item = meeting.meeting.item(case).cloned();
        let item = item.ok_or(AppError::NotFound)?;
        for (case, classes) in meeting.shown() {
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

    /// A meeting with the papers of this case, or of every one; and how the room stands to the case.
    async fn meeting_view(
        &self,
        viewer: Viewer<'_>,
        id: MeetingId,
        about: Option<CaseId>,
    ) -> Result<(MeetingView, AtItem), AppError> {
        let actor = viewer.actor;
        let mut tx = self.db.begin_read().await?;
        let loaded = stream::load(&self.keys, &mut tx, id).await?;
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
        let view = MeetingView {
            id,
            earlier,
            definition: self.in_words_of(actor, definition),
            meeting,
            history,
            cases: rows,
            sights: shown.papers,
            settled: BTreeMap::new(),
            quorum,
            forecast,
            people,
            names: self.names().await?,
            who: actor.clone(),
            now,
        };
        Ok((view, at_item.unwrap_or_default()))
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

    pub(super) async fn sight_of(
        &self,
        tx: &mut Tx,
        viewer: Viewer<'_>,
        case: CaseId,
    ) -> Result<Sight, AppError> {
        let loaded = history::load(&self.keys, tx, case).await?;
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
