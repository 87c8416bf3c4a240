//! What a meeting did to its cases and why: as the record of each case has it, cut to what its reader may see. Only papers show it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::super::App;
use super::super::error::AppError;
use super::super::history::{self, Loaded};
use super::super::standing::{Sight, Viewer};
use super::seeing::MeetingView;
use crate::domain::class::FieldClass;
use crate::engine::cut::cut;
use crate::engine::definition::Definition;
use crate::engine::definition::record::{Answers, Field, Record};
use crate::engine::event::{Event, Recorded};

/// An action on a case that was taken from a meeting.
pub struct Settled {
    /// The version that the case had afterwards.
    pub version: u64,
    /// The edition that the case went by then, in the reader's words.
    pub definition: Arc<Definition>,
    /// What was recorded, without what the reader may not see. How somebody is reached stands on no paper.
    pub recorded: Recorded,
    /// The classes of what was answered and is not for the reader's role.
    pub hidden: BTreeSet<FieldClass>,
    /// Those that are shown once the reader has proved again who they are.
    pub masked: BTreeSet<FieldClass>,
}

impl Settled {
    /// The form as it was filled in.
    pub fn answers(&self) -> impl Iterator<Item = (&Field, &Value)> {
        given(&self.definition, &self.recorded.event)
    }

    /// The reason in the words of whoever did it; empty where none was given or it is not shown.
    pub fn because(&self) -> &str {
        match &self.recorded.event {
            Event::Acted { rationale, .. } | Event::Proposed { rationale, .. } => rationale,
            _ => "",
        }
    }

    /// The label of the outcome that it set, or sets once it is confirmed, where no answer in its form says it.
    pub fn outcome(&self) -> Option<&str> {
        let form = form(&self.definition, &self.recorded.event);
        if form.is_some_and(|(record, _)| record.fields.has("outcome")) {
            return None;
        }
        let (Event::Acted { outcome, .. } | Event::Proposed { outcome, .. }) = &self.recorded.event
        else {
            return None;
        };
        let declared = self.definition.scheme.outcomes.get(outcome.as_deref()?);
        declared.map(|outcome| &*outcome.label)
    }

    /// Whether it took effect only when a second person had confirmed it.
    pub fn is_proposal(&self) -> bool {
        matches!(self.recorded.event, Event::Proposed { .. })
    }

    /// The classes of what is shown of it.
    pub(super) fn classes(&self) -> BTreeSet<FieldClass> {
        let mut classes: BTreeSet<_> = self.answers().map(|(field, _)| field.class).collect();
        if !self.because().is_empty() {
            classes.insert(FieldClass::Decision);
        }
        classes
    }
}

/// The form that was filled in, and its answers.
fn form<'a>(definition: &'a Definition, event: &'a Event) -> Option<(&'a Record, &'a Answers)> {
    let (Event::Acted { filed, .. } | Event::Proposed { filed, .. }) = event else {
        return None;
    };
    let filed = filed.as_ref()?;
    let record = definition.records.get(&filed.record)?;
    Some((record, &filed.answers))
}

/// What was answered, in the order of the form.
fn given<'a>(
    definition: &'a Definition,
    event: &'a Event,
) -> impl Iterator<Item = (&'a Field, &'a Value)> {
    let form = form(definition, event).into_iter();
    form.flat_map(|(record, answers)| {
        let fields = record.fields.iter();
        fields.filter_map(move |(name, field)| Some((field, answers.get(&**name)?)))
    })
}

/// The event by which an action was taken or proposed that left a case at this version.
fn taken<'a>(history: &'a [Recorded], action: &str, version: u64) -> Option<&'a Recorded> {
    let mut before = history.iter().rev().filter(|one| one.seq <= version);
    before.find(|one| match &one.event {
        Event::Acted { action: name, .. } | Event::Proposed { action: name, .. } => name == action,
        _ => false,
    })
}

impl App {
    /// Adds to a meeting that is read as papers what was done to each case from it.
    pub(super) async fn tell_what_was_settled(
        &self,
        viewer: Viewer<'_>,
        view: &mut MeetingView,
    ) -> Result<(), AppError> {
        let mut tx = self.db.begin_read().await?;
        let items = view.meeting.items.iter();
        for item in items.filter(|item| !item.settled.is_empty()) {
            let case = item.listing.case;
            let Some(sight) = view.sights.get(&case) else {
                continue;
            };
            let proved = Viewer {
                confirmed: true,
                ..viewer
            };
            let provable = self.sight_of(&mut tx, proved, case).await?;
            let loaded = history::load(&self.keys, &mut tx, case).await?;
            let mut told = Vec::new();
            for (action, version) in &item.settled {
                let Some(recorded) = taken(&loaded.history, action, *version) else {
                    continue;
                };
                let definition = self.edition_then(viewer, &loaded, recorded.seq).await?;
                let sights = (sight, &provable);
                told.push(settled(*version, definition, recorded, sights));
            }
            view.settled.insert(case, told);
        }
        Ok(())
    }

    /// The edition that a case went by at an event, in the reader's words.
    async fn edition_then(
        &self,
        viewer: Viewer<'_>,
        loaded: &Loaded,
        seq: u64,
    ) -> Result<Arc<Definition>, AppError> {
        let mut earlier = loaded.earlier.iter();
        let then = earlier.find(|(reached, _)| seq <= *reached);
        let hash = then.map_or(&loaded.edition, |(_, hash)| hash);
        let authority = &loaded.case.authority;
        let pinned = self.definitions.pinned(&self.db, hash, authority).await?;
        Ok(self.in_words_of(viewer.actor, pinned))
    }
}

fn settled(
    version: u64,
    definition: Arc<Definition>,
    recorded: &Recorded,
    (sight, provable): (&Sight, &Sight),
) -> Settled {
    let all = given(&definition, &recorded.event);
    let all: BTreeSet<_> = all.map(|(field, _)| field.class).collect();
    let (may, never): (BTreeSet<_>, _) = all.into_iter().partition(|class| provable.has(*class));
    let shows = |class| class != FieldClass::SafeContact && sight.has(class);
    Settled {
        version,
        recorded: cut(&definition, recorded, &shows),
        hidden: never,
        masked: may.into_iter().filter(|class| !sight.has(*class)).collect(),
        definition,
    }
}
