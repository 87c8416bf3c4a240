//! What was done in an emergency comes to the next meeting by itself, to be ratified (L12). Which cases those are is for their scheme to
//! say; they come in whatever state they are. Pure.

use super::ask::Room;
use super::event::{Event, Listing};
use super::table::{Item, Meeting};
use crate::engine::case::Case;
use crate::engine::definition::Definition;
use crate::engine::queues;

/// Whether something that was done to a case in an emergency waits to be ratified.
pub fn awaits(definition: &Definition, case: &Case) -> bool {
    let ratifies = definition.meets().and_then(|meets| meets.ratifies.as_ref());
    ratifies.is_some_and(|ratifies| {
        let mut places = queues::places(definition, case).into_iter();
        places.any(|place| *place.queue == *ratifies.queue)
    })
}

/// Likewise, of the case that is asked about.
pub(super) fn waits(room: &Room<'_>) -> bool {
    room.case.is_some_and(|case| awaits(room.definition, case))
}

/// What happens to a meeting to which such a case comes; nothing where it has been told. A case that stood there for this alone is
/// listed again when its agencies are to be asked.
pub fn brought(meeting: &Meeting, listing: &Listing) -> Vec<Event> {
    let case = listing.case;
    let listed = meeting.item(case);
    let asks_nobody = |item: &Item| item.listing.asked.is_empty() && item.taken.is_none();
    let again = listed.is_some_and(|item| asks_nobody(item) && !listing.asked.is_empty());
    let mut events = Vec::new();
    if listed.is_none() || again {
        events.push(Event::Listed(listing.clone()));
    }
    if again || !listed.is_some_and(|item| item.ratifies) {
        events.push(Event::Ratifies { case });
    }
    events
}
