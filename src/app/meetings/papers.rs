//! What of a meeting is shown to somebody. A case that they may not open is not there at all; of any other they see the classes that
//! the policies give them, and of views that are sealed only their own.

use std::collections::{BTreeMap, BTreeSet};

use super::super::standing::Sight;
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::engine::command::Actor;
use crate::engine::meeting::event::{Event, Recorded};
use crate::engine::meeting::table::{Item, Meeting};

/// The cases of a meeting as one person sees them.
pub struct Shown<'a> {
    pub actor: &'a Actor,
    /// The cases that they may not open.
    pub hidden: BTreeSet<CaseId>,
    /// What they see of the cases whose papers are shown. Of others they see that they are on the agenda, and how far they are.
    pub papers: BTreeMap<CaseId, Sight>,
}

impl Shown<'_> {
    fn opens(&self, case: Option<CaseId>) -> bool {
        case.is_none_or(|case| !self.hidden.contains(&case))
    }

    fn has(&self, case: CaseId, class: FieldClass) -> bool {
        let sight = self.papers.get(&case);
        sight.is_some_and(|sight| sight.has(class))
    }

    /// Takes out of a meeting and its history what is not shown.
    pub fn cut(&self, meeting: &mut Meeting, history: &mut Vec<Recorded>) {
        history.retain(|one| self.tells(meeting, one));
        for one in history {
            if let Event::AgendaSealed { order } = &mut one.event {
                order.retain(|case| !self.hidden.contains(case));
            }
        }
        meeting
            .items
            .retain(|item| self.opens(Some(item.listing.case)));
        meeting.at_case = meeting.at_case.filter(|case| self.opens(Some(*case)));
        let decides =
            |case: Option<CaseId>| case.is_none_or(|case| self.has(case, FieldClass::Decision));
        meeting.promises.retain(|kept| decides(kept.promise.case));
        meeting.comments.retain(|comment| decides(comment.case));
        for item in &mut meeting.items {
            self.blank(item);
        }
    }

    /// Whether an event is shown: the meeting is as it was before anything was cut.
    fn tells(&self, meeting: &Meeting, one: &Recorded) -> bool {
        let Some(case) = one.event.case() else {
            return true;
        };
        if self.hidden.contains(&case) {
            return false;
        }
        match one.event {
            Event::Answered { .. } => self.has(case, FieldClass::AgencyReturn),
            Event::ViewTaken { .. } => {
                let open = meeting.item(case).is_some_and(Item::shows_views);
                let own = one.actor.id == self.actor.id;
                (open || own) && self.has(case, FieldClass::Decision)
            }
            Event::Said { .. }
            | Event::Promised(_)
            | Event::Reported { .. }
            | Event::Commented { .. } => self.has(case, FieldClass::Decision),
            _ => true,
        }
    }

    fn blank(&self, item: &mut Item) {
        let case = item.listing.case;
        if !self.has(case, FieldClass::AgencyReturn) {
            // That there is an answer shows; what it says does not.
            item.answers
                .values_mut()
                .for_each(|given| given.answers.clear());
        }
        if !item.shows_views() {
            item.views.retain(|account, _| *account == self.actor.id);
        }
        if !self.has(case, FieldClass::Decision) {
            item.views.clear();
            item.said.clear();
        }
    }
}

/// The classes of what is shown of a case in a meeting; none when nothing of its papers is.
pub fn classes(meeting: &Meeting, case: CaseId, sight: &Sight) -> BTreeSet<FieldClass> {
    let mut classes = BTreeSet::new();
    let item = meeting.item(case);
    if item.is_some_and(|item| !item.answers.is_empty()) && sight.has(FieldClass::AgencyReturn) {
        classes.insert(FieldClass::AgencyReturn);
    }
    let spoken = item.is_some_and(|item| !(item.views.is_empty() && item.said.is_empty()));
    let promised = meeting
        .promises
        .iter()
        .any(|kept| kept.promise.case == Some(case));
    let commented = meeting
        .comments
        .iter()
        .any(|comment| comment.case == Some(case));
    if (spoken || promised || commented) && sight.has(FieldClass::Decision) {
        classes.insert(FieldClass::Decision);
    }
    classes
}
