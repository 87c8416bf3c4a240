//! The papers of a meeting as a whole: the pack beforehand and the minutes afterwards, as one person may see them. They are put together
//! from what the read door shows, case by case, and nothing else; what leaves the service as a file is written down as that.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::App;
use super::super::error::AppError;
use super::super::opened::named;
use super::super::read::CaseView;
use super::super::staff::Person;
use super::seeing::MeetingView;
use super::stream;
use crate::domain::class::FieldClass;
use crate::domain::id::{CaseId, MeetingId};
use crate::domain::look::{Operation, Purpose};
use crate::engine::meeting::event::Event;
use crate::store::events;

/// What is read before a meeting.
pub struct Pack {
    pub meeting: MeetingView,
    /// The cases on its agenda, in its order.
    pub cases: Vec<CaseView>,
}

/// What is read after it.
pub struct Minutes {
    pub meeting: MeetingView,
    /// What locks them, once they are approved.
    pub lock: Option<Lock>,
}

/// Up to where the record is locked, and the hash that proves it: whoever changes a word of it, or of what comes before, changes this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    pub events: i64,
    pub hash: String,
}

impl App {
    /// The papers of a meeting: each look is written down first.
    ///
    /// # Errors
    /// `NotFound` for an unknown meeting and for one that may not be seen.
    pub async fn see_pack(
        self: &Arc<Self>,
        person: &Person,
        id: MeetingId,
    ) -> Result<Pack, AppError> {
        let meeting = self.see_as_papers(person, id).await?;
        let mut cases = Vec::new();
        for item in &meeting.meeting.items {
            let case = self.see_case(person, item.listing.case, "a pack of papers");
            cases.push(case.await?);
        }
        Ok(Pack { meeting, cases })
    }

    /// The minutes of a meeting that is over: each look is written down first.
    ///
    /// # Errors
    /// `NotFound` for an unknown meeting, one that may not be seen, and one that is not over.
    pub async fn see_minutes(
        self: &Arc<Self>,
        person: &Person,
        id: MeetingId,
    ) -> Result<Minutes, AppError> {
        let meeting = self.see_as_papers(person, id).await?;
        if !meeting.meeting.was_held() {
            return Err(AppError::NotFound);
        }
        let mut tx = self.db.begin_read().await?;
        let rows = events::load(&mut tx, id.0).await?;
        let approved = rows
            .into_iter()
            .find(|row| row.stream_kind == stream::MEETING && row.kind == Event::Approved.kind());
        let lock = approved.map(|row| Lock {
            events: row.seq,
            hash: row.hash,
        });
        Ok(Minutes { meeting, lock })
    }

    /// The papers of a meeting, to be taken along as a file.
    ///
    /// # Errors
    /// As [`see_pack`](Self::see_pack); `Forbidden` for whoever has not just proved who they are; when it cannot be written down.
    pub async fn take_pack(
        self: &Arc<Self>,
        person: &Person,
        id: MeetingId,
    ) -> Result<Pack, AppError> {
        proved(person)?;
        let pack = self.see_pack(person, id).await?;
        let cases = pack.cases.iter().map(|case| {
            let mut classes = case.shown();
            classes.extend(pack.meeting.shown_of(case.id));
            (case.id, classes)
        });
        self.log_leaving(person, cases, "a pack of papers as a file")
            .await?;
        Ok(pack)
    }

    /// The minutes of a meeting, to be taken along as a file.
    ///
    /// # Errors
    /// As [`see_minutes`](Self::see_minutes); `Forbidden` for whoever has not just proved who they are; when it cannot be written
    /// down.
    pub async fn take_minutes(
        self: &Arc<Self>,
        person: &Person,
        id: MeetingId,
    ) -> Result<Minutes, AppError> {
        proved(person)?;
        let minutes = self.see_minutes(person, id).await?;
        let meeting = &minutes.meeting;
        let items = meeting.meeting.items.iter();
        let cases = items.map(|item| item.listing.case);
        let cases = cases.map(|case| (case, meeting.shown_of(case)));
        self.log_leaving(person, cases, "minutes as a file").await?;
        Ok(minutes)
    }

    /// Writes down that papers leave the service: the meeting, and each case with what of it is in them.
    async fn log_leaving(
        self: &Arc<Self>,
        person: &Person,
        cases: impl Iterator<Item = (CaseId, BTreeSet<FieldClass>)>,
        what: &str,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let row = |case, classes: BTreeSet<FieldClass>| {
            let mut row = self.access_row(now, &person.actor, Operation::Disclosure, case, what);
            row.classes = named(classes);
            Purpose::Export.name().clone_into(&mut row.purpose);
            row
        };
        let mut rows = vec![row(None, [FieldClass::Process].into())];
        rows.extend(cases.map(|(case, mut classes)| {
            classes.insert(FieldClass::Process);
            row(Some(case), classes)
        }));
        self.log_looks(rows).await
    }
}

/// A file stays where it is put: it is made for whoever is known to sit there.
fn proved(person: &Person) -> Result<(), AppError> {
    let why = "Confirm that it is you before you take papers along";
    let proved = person.confirmed.then_some(());
    proved.ok_or_else(|| AppError::Forbidden(why.to_owned()))
}
