//! What is asked of a meeting about the time after it: promises and what became of them, its end, and its minutes.

use super::ask::{Ask, Room};
use super::decide::{agency_known, begun, chair, only, said, short};
use super::event::{Event, Promise, Report};
use super::table::{Meeting, Stage};
use crate::domain::refusal::Refusal;

/// What is to be done, the end, and the minutes.
pub(super) fn asked(room: &Room<'_>, meeting: &Meeting, ask: &Ask) -> Result<Event, Refusal> {
    let runs = room.convenes() || room.chairs();
    match ask {
        Ask::Promise(promise) => {
            begun(meeting)?;
            only(room, runs, &room.meets.chaired_by)?;
            agency_known(room, &promise.agency)?;
            let what = said("what", &promise.what, "Say what is to be done")?;
            Ok(Event::Promised(Promise {
                what,
                ..promise.clone()
            }))
        }
        Ask::Report {
            promise,
            report,
            because,
        } => {
            let kept = meeting.promised(*promise).ok_or(Refusal::UnknownAction)?;
            let own = room.agency_of(room.actor) == kept.promise.agency;
            only(room, own || runs, &room.meets.chaired_by)?;
            let done = *report == Report::Done;
            let because = if done {
                short("because", because)?
            } else {
                said("because", because, "Say why")?
            };
            Ok(Event::Reported {
                promise: *promise,
                case: kept.promise.case,
                report: *report,
                because,
            })
        }
        Ask::Close => {
            chair(room)?;
            begun(meeting)?;
            Ok(Event::Closed)
        }
        Ask::Comment { case, text } => {
            let took_part = meeting.people.contains_key(&room.actor.id) || runs;
            only(room, took_part, &room.meets.members)?;
            if meeting.stage != Stage::Closed {
                return Err(Refusal::unmet("The minutes are not open for comments"));
            }
            Ok(Event::Commented {
                case: *case,
                text: said("text", text, "Write what should be otherwise")?,
            })
        }
        Ask::Approve { version } => {
            chair(room)?;
            if meeting.stage != Stage::Closed {
                return Err(Refusal::unmet("There are no minutes to approve"));
            }
            if *version != meeting.version {
                return Err(Refusal::Stale(meeting.version));
            }
            Ok(Event::Approved)
        }
        _ => Err(Refusal::UnknownAction),
    }
}
