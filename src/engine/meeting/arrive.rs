//! Who comes: what is said of it beforehand, and from when on somebody is in the room. Whoever says days before that they are here would
//! count among those who can decide, and not be there.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::ask::{Ask, Room};
use super::decide::{at_least, chair, here, not_again, only, open, takes_part};
use super::event::{Event, Form};
use super::table::{Attendance, Meeting, Stage};
use crate::domain::refusal::Refusal;

/// Where people meet in writing, whoever accepts takes part: nobody comes.
const IN_WRITING: &str = "Nobody comes: this meeting is in writing";

/// Coming, going, and the beginning.
pub(super) fn asked(room: &Room<'_>, meeting: &Meeting, ask: &Ask) -> Result<Event, Refusal> {
    open(meeting)?;
    let own = meeting.people.get(&room.actor.id);
    match ask {
        Ask::Accept => {
            takes_part(room)?;
            opened(room, meeting)?;
            Ok(Event::Accepted)
        }
        Ask::WillCome => will_come(room, meeting),
        Ask::Leave if own.is_some_and(Attendance::is_present) => Ok(Event::Left),
        Ask::Leave => Err(Refusal::unmet("You are not in the room")),
        Ask::Begin => {
            chair(room)?;
            at_least(meeting, Stage::Sealed, "Settle the agenda first")?;
            not_again(meeting.stage >= Stage::Begun, "The meeting has begun")?;
            here(room, meeting)?;
            Ok(Event::Begun)
        }
        _ => come(room, meeting, own),
    }
}

fn come(room: &Room<'_>, meeting: &Meeting, own: Option<&Attendance>) -> Result<Event, Refusal> {
    takes_part(room)?;
    not_again(meeting.form == Form::Written, IN_WRITING)?;
    opened(room, meeting)?;
    if own.is_none_or(|own| own.accepted_at.is_none()) {
        let first = "Accept first that what is said stays in the room";
        return Err(Refusal::unmet(first));
    }
    Ok(came(room))
}

/// That whoever asks is in the room.
pub(super) fn came(room: &Room<'_>) -> Event {
    Event::Came {
        senior: room.seniors.contains(&room.actor.id),
    }
}

fn opened(room: &Room<'_>, meeting: &Meeting) -> Result<(), Refusal> {
    let opens_at = room.meets.opens_at(meeting.sitting.starts_at);
    not_again(
        room.now < opens_at,
        &opens(meeting.form, opens_at, &room.definition.zone),
    )
}

/// From when on somebody can come in, as a sentence without its full stop.
pub fn opens(form: Form, at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone()).strftime("%-d %B, %H:%M");
    match form {
        Form::Written => format!("You can say that you take part from {at}"),
        Form::Regular | Form::Extraordinary => {
            format!("You can say that you are here from {at}")
        }
    }
}

fn will_come(room: &Room<'_>, meeting: &Meeting) -> Result<Event, Refusal> {
    only(
        room,
        room.is_member(room.actor) || room.chairs(),
        &room.meets.members,
    )?;
    not_again(meeting.stage >= Stage::Begun, "The meeting has begun")?;
    not_again(meeting.form == Form::Written, IN_WRITING)?;
    let said = meeting.coming.contains_key(&room.actor.id);
    not_again(said, "You have said that you come")?;
    Ok(Event::WillCome {
        agency: room.agency_of(room.actor).to_owned(),
    })
}
