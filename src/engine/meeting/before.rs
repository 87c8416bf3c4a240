//! What is asked of a meeting before it begins: the agenda and the papers.

use jiff::Timestamp;

use super::ask::{Ask, Room};
use super::decide::{agency_known, field, filled, not_again, only, open, said};
use super::event::{Event, Listing, Sitting};
use super::ratify;
use super::table::{Meeting, Stage};
use crate::domain::refusal::Refusal;

/// When, where, and which cases.
pub(super) fn agenda(room: &Room<'_>, meeting: &Meeting, ask: &Ask) -> Result<Event, Refusal> {
    let runs = room.convenes() || room.chairs();
    only(room, runs, &room.meets.convened_by)?;
    open(meeting)?;
    match ask {
        Ask::Move { sitting, because } => {
            not_again(meeting.stage >= Stage::Begun, "The meeting has begun")?;
            sound(sitting, room.now)?;
            let because = said("because", because, "Say why")?;
            Ok(Event::Moved {
                sitting: sitting.clone(),
                because,
            })
        }
        Ask::CallOff { because } => {
            not_again(meeting.stage >= Stage::Begun, "The meeting has begun")?;
            Ok(Event::CalledOff {
                because: said("because", because, "Say why")?,
            })
        }
        Ask::Unlist { case, because } => {
            let item = meeting.item(*case);
            not_again(
                item.is_some_and(|item| item.taken.is_some()),
                "The meeting has come to this case",
            )?;
            Ok(Event::Unlisted {
                case: *case,
                because: said("because", because, "Say why")?,
            })
        }
        Ask::List(listing) => list(room, meeting, listing),
        _ => Err(Refusal::UnknownAction),
    }
}

fn list(room: &Room<'_>, meeting: &Meeting, listing: &Listing) -> Result<Event, Refusal> {
    not_again(meeting.item(listing.case).is_some(), "It is on this agenda")?;
    let state = room.case.map_or("", |case| &case.state);
    if !room.meets.lists.has(state) && !ratify::waits(room) {
        let label = room.definition.state_label(state);
        let why = format!("A case in the state ‘{label}’ does not come before the forum");
        return Err(Refusal::Unmet(vec![why]));
    }
    for agency in &listing.asked {
        agency_known(room, agency)?;
    }
    Ok(Event::Listed(listing.clone()))
}

/// What agencies hold, who was asked again, and the agenda as it goes out.
pub(super) fn papers(room: &Room<'_>, meeting: &Meeting, ask: &Ask) -> Result<Event, Refusal> {
    open(meeting)?;
    match ask {
        Ask::Answer {
            case,
            agency,
            answers,
        } => {
            agency_known(room, agency)?;
            let own = room.agency_of(room.actor) == agency && room.is_member(room.actor);
            if !(own || room.convenes()) {
                return Err(Refusal::NotYours("Answer for your own agency".to_owned()));
            }
            let filed = filled(room, &room.meets.answer, answers)?;
            Ok(Event::Answered {
                case: *case,
                agency: agency.clone(),
                filed,
            })
        }
        Ask::Remind { case, agency } => {
            let runs = room.convenes() || room.chairs();
            only(room, runs, &room.meets.convened_by)?;
            let item = meeting.item(*case);
            let waits = item.is_some_and(|item| item.unanswered().any(|waits| waits == agency));
            not_again(!waits, "Its answer is here")?;
            let before = item.and_then(|item| item.reminders.get(agency)).copied();
            Ok(Event::Reminded {
                case: *case,
                agency: agency.clone(),
                senior: before.unwrap_or_default() > 0,
            })
        }
        Ask::SealAgenda => {
            only(
                room,
                room.convenes() || room.chairs(),
                &room.meets.convened_by,
            )?;
            not_again(meeting.stage >= Stage::Sealed, "The agenda is settled")?;
            if meeting.items.is_empty() {
                return Err(Refusal::unmet("There is no case on the agenda"));
            }
            // Cases that come first keep their order among themselves, and so do the others.
            let (first, others): (Vec<_>, Vec<_>) =
                meeting.items.iter().partition(|item| item.listing.first);
            let order = first
                .into_iter()
                .chain(others)
                .map(|item| item.listing.case);
            Ok(Event::AgendaSealed {
                order: order.collect(),
            })
        }
        Ask::Apologise { agency, because } => {
            agency_known(room, agency)?;
            let own = room.agency_of(room.actor) == agency && room.is_member(room.actor);
            only(
                room,
                own || room.convenes() || room.chairs(),
                &room.meets.members,
            )?;
            Ok(Event::Apologised {
                agency: agency.clone(),
                because: said("because", because, "Say why")?,
            })
        }
        _ => Err(Refusal::UnknownAction),
    }
}

/// Refuses times and places that make no meeting.
pub(super) fn sound(sitting: &Sitting, now: Timestamp) -> Result<(), Refusal> {
    if sitting.ends_at <= sitting.starts_at {
        return Err(field("ends_at", "It has to end after it begins"));
    }
    if sitting.ends_at <= now {
        return Err(field("starts_at", "Choose a time that is still to come"));
    }
    said("place", &sitting.place, "Say where, or give the link").map(|_| ())
}
