//! What an ask does to a meeting: the events, or why not. Pure. Nothing here makes a decision on a case: that is an action of its scheme,
//! taken through its own rules; a meeting refuses it where the room is not fit to decide.

use super::ask::{Ask, Convening, Room};
use super::event::{Event, Form, Recorded, Sitting};
use super::evolve::evolve;
use super::table::{Attendance, Item, Meeting, Stage};
use super::{after, arrive, before, ratify};
use crate::domain::id::CaseId;
use crate::domain::refusal::{FieldError, Refusal};
use crate::domain::text::says_something;
use crate::engine::definition::meets::Asks;
use crate::engine::definition::record::Answers;
use crate::engine::event::Filed;
use crate::engine::facts::{CaseFacts, Filling};

/// Calls a meeting.
///
/// # Errors
/// When it is not the actor's to call, or its times or place make none.
pub fn convene(room: &Room<'_>, convening: &Convening) -> Result<Event, Refusal> {
    let by = &room.meets.convened_by;
    only(room, room.convenes() || room.chairs(), by)?;
    before::sound(&convening.sitting, room.now)?;
    let because = short("because", &convening.because)?;
    if convening.form != Form::Regular && !says_something(&because) {
        let why = "Say why it cannot wait for the next one";
        return Err(field("because", why));
    }
    Ok(Event::Convened {
        authority: convening.authority.clone(),
        scheme: room.definition.scheme.scheme.to_string(),
        form: convening.form,
        series: convening.series.clone(),
        sitting: Sitting {
            place: convening.sitting.place.trim().to_owned(),
            ..convening.sitting.clone()
        },
        because,
    })
}

/// What an ask does.
///
/// # Errors
/// Why it does nothing.
pub fn decide(room: &Room<'_>, meeting: &Meeting, ask: &Ask) -> Result<Vec<Event>, Refusal> {
    known(room, meeting, ask)?;
    let event = match ask {
        Ask::Move { .. } | Ask::CallOff { .. } | Ask::List(_) | Ask::Unlist { .. } => {
            before::agenda(room, meeting, ask)?
        }
        Ask::Answer { .. } | Ask::Remind { .. } | Ask::SealAgenda | Ask::Apologise { .. } => {
            before::papers(room, meeting, ask)?
        }
        Ask::Accept | Ask::WillCome | Ask::Come | Ask::Leave | Ask::Begin => {
            arrive::asked(room, meeting, ask)?
        }
        Ask::Take { .. } | Ask::Settle { .. } => drive(room, meeting, ask)?,
        Ask::View { .. } | Ask::OpenViews { .. } | Ask::Say { .. } => speak(room, meeting, ask)?,
        Ask::Promise(_)
        | Ask::Report { .. }
        | Ask::Close
        | Ask::Comment { .. }
        | Ask::Approve { .. } => after::asked(room, meeting, ask)?,
    };
    Ok(followed(room, meeting, event))
}

/// An event, and what follows from it by itself: a case that has to be ratified is listed as such, whoever accepts takes part where
/// nobody comes, and once everybody in the room has given a view, all views are opened.
fn followed(room: &Room<'_>, meeting: &Meeting, event: Event) -> Vec<Event> {
    let mut events = vec![event];
    if let Event::Listed(listing) = &events[0]
        && ratify::waits(room)
    {
        let case = listing.case;
        events.push(Event::Ratifies { case });
    }
    if meeting.form == Form::Written && events[0] == Event::Accepted {
        events.push(arrive::came(room));
    }
    if let Event::ViewTaken { case, .. } = events[0] {
        let recorded = Recorded {
            seq: meeting.version + 1,
            at: room.now,
            actor: room.actor.clone(),
            event: events[0].clone(),
        };
        let after = evolve(meeting.clone(), &recorded);
        if after
            .item(case)
            .is_some_and(|item| all_heard(room, &after, item))
        {
            let missing = Vec::new();
            events.push(Event::ViewsOpened { case, missing });
        }
    }
    events
}

/// Whether nobody in the room is silent any more. An empty room opens nothing, nor one in which nobody has given a view.
pub fn all_heard(room: &Room<'_>, meeting: &Meeting, item: &Item) -> bool {
    let somebody = room.members_present(meeting).next().is_some();
    somebody && !item.views.is_empty() && silent(room, meeting, item).is_empty()
}

/// Whoever is kept away from a case, and whoever asks about one that is not on the agenda, gets the same answer.
fn known(room: &Room<'_>, meeting: &Meeting, ask: &Ask) -> Result<(), Refusal> {
    let Some(case) = ask.case(meeting) else {
        return Ok(());
    };
    let away = room.kept_away.contains(&room.actor.id);
    // What was promised for a case is reported on even when the case has left the agenda.
    let unlisted = matches!(ask, Ask::List(_) | Ask::Report { .. });
    if away || !(unlisted || meeting.item(case).is_some()) {
        return Err(Refusal::UnknownAction);
    }
    Ok(())
}

fn drive(room: &Room<'_>, meeting: &Meeting, ask: &Ask) -> Result<Event, Refusal> {
    begun(meeting)?;
    match ask {
        Ask::Take { case } => {
            chair(room)?;
            here(room, meeting)?;
            let members = room.members_present(meeting);
            let away = meeting
                .present()
                .filter(|actor| room.kept_away.contains(&actor.id));
            Ok(Event::Taken {
                case: *case,
                present: members.cloned().collect(),
                recused: away.map(|actor| room.agency_of(actor).to_owned()).collect(),
                quorate: room.quorum(meeting).is_met(),
            })
        }
        Ask::Settle { case, action } => {
            let item = taken(meeting, *case)?;
            let declared = room.definition.scheme.actions.get(action);
            let settles = room.meets.settles(action);
            let (Some(declared), true) = (declared, settles) else {
                return Err(Refusal::UnknownAction);
            };
            let quorum = room.quorum(meeting);
            let needs_quorum = declared.decided_by.is_some() || room.meets.ratifies_by(action);
            if needs_quorum && !quorum.is_met() {
                return Err(Refusal::Unmet(vec![
                    quorum.sentence(),
                    "Without them the meeting can adjourn, with a plan for the time until then, and not decide".to_owned(),
                ]));
            }
            if declared.decided_by.is_some() && !item.shows_views() {
                return Err(Refusal::unmet("Open the views first"));
            }
            Ok(Event::Settled {
                case: *case,
                action: action.clone(),
                version: room.case.map_or(0, |case| case.version),
            })
        }
        _ => Err(Refusal::UnknownAction),
    }
}

fn speak(room: &Room<'_>, meeting: &Meeting, ask: &Ask) -> Result<Event, Refusal> {
    begun(meeting)?;
    match ask {
        Ask::View { case, answers } => {
            let item = taken(meeting, *case)?;
            only(room, room.is_member(room.actor), &room.meets.members)?;
            here(room, meeting)?;
            if item.shows_views() {
                return Err(Refusal::unmet(
                    "The views are open; say what changed yours in the discussion",
                ));
            }
            let filed = filled(room, &room.meets.view, answers)?;
            Ok(Event::ViewTaken { case: *case, filed })
        }
        Ask::OpenViews { case } => {
            chair(room)?;
            let item = taken(meeting, *case)?;
            not_again(item.shows_views(), "The views are open")?;
            let missing = silent(room, meeting, item);
            Ok(Event::ViewsOpened {
                case: *case,
                missing,
            })
        }
        Ask::Say { case, agency, text } => {
            taken(meeting, *case)?;
            here(room, meeting)?;
            let own = room.agency_of(room.actor) == agency && room.is_member(room.actor);
            if !(own || room.chairs() || room.convenes()) {
                return Err(Refusal::NotYours(
                    "Write down what your own agency says".to_owned(),
                ));
            }
            agency_known(room, agency)?;
            let text = said("text", text, "Write what was said")?;
            Ok(Event::Said {
                case: *case,
                agency: agency.clone(),
                text,
            })
        }
        _ => Err(Refusal::UnknownAction),
    }
}

/// The labels of the agencies in the room whose members have not given their view.
fn silent(room: &Room<'_>, meeting: &Meeting, item: &Item) -> Vec<String> {
    let members = room.members_present(meeting);
    let silent = members.filter(|actor| !item.views.contains_key(&actor.id));
    let agencies = silent.map(|actor| room.agency_of(actor));
    let labels = agencies.map(|agency| room.definition.agency_label(agency).to_owned());
    labels.collect()
}

/// A form filled in for the meeting.
pub(super) fn filled(room: &Room<'_>, asks: &Asks, answers: &Answers) -> Result<Filed, Refusal> {
    let (definition, form) = (room.definition, &asks.form);
    let record = definition
        .records
        .get(&**form)
        .ok_or(Refusal::UnknownAction)?;
    let answers = record.accept(answers).map_err(Refusal::Fields)?;
    if let Some(case) = room.case {
        let facts = CaseFacts {
            definition,
            case,
            actor: room.actor,
            form: Some(Filling {
                record,
                answers: &answers,
                now: room.now,
            }),
        };
        let unmet = asks
            .requires
            .iter()
            .filter(|rule| !rule.when.holds(&facts).unwrap_or(false));
        let unmet: Vec<_> = unmet.map(|rule| rule.because.to_string()).collect();
        if !unmet.is_empty() {
            return Err(Refusal::Unmet(unmet));
        }
    }
    Ok(Filed {
        record: form.to_string(),
        answers,
    })
}

pub(super) fn only(
    room: &Room<'_>,
    may: bool,
    roles: &crate::engine::definition::yaml::Names,
) -> Result<(), Refusal> {
    if may {
        return Ok(());
    }
    let by = room.definition.role_labels(roles);
    Err(Refusal::NotYours(format!("This is done by: {by}")))
}

pub(super) fn takes_part(room: &Room<'_>) -> Result<(), Refusal> {
    let takes_part = room.is_member(room.actor) || room.chairs() || room.convenes();
    only(room, takes_part, &room.meets.members)
}

pub(super) fn chair(room: &Room<'_>) -> Result<(), Refusal> {
    only(room, room.chairs(), &room.meets.chaired_by)
}

pub(super) fn here(room: &Room<'_>, meeting: &Meeting) -> Result<(), Refusal> {
    let own = meeting.people.get(&room.actor.id);
    if own.is_some_and(Attendance::is_present) {
        return Ok(());
    }
    Err(Refusal::unmet("Say first that you are here"))
}

pub(super) fn open(meeting: &Meeting) -> Result<(), Refusal> {
    match meeting.stage {
        Stage::CalledOff => Err(Refusal::unmet("The meeting was called off")),
        Stage::Closed | Stage::Approved => Err(Refusal::unmet("The meeting is over")),
        Stage::Convened | Stage::Sealed | Stage::Begun => Ok(()),
    }
}

pub(super) fn begun(meeting: &Meeting) -> Result<(), Refusal> {
    open(meeting)?;
    at_least(meeting, Stage::Begun, "The meeting has not begun")
}

pub(super) fn at_least(meeting: &Meeting, stage: Stage, why: &str) -> Result<(), Refusal> {
    if meeting.stage >= stage {
        return Ok(());
    }
    Err(Refusal::unmet(why))
}

pub(super) fn not_again(done: bool, why: &str) -> Result<(), Refusal> {
    if done {
        Err(Refusal::unmet(why))
    } else {
        Ok(())
    }
}

fn taken(meeting: &Meeting, case: CaseId) -> Result<&Item, Refusal> {
    let item = meeting.item(case).filter(|item| item.taken.is_some());
    item.ok_or_else(|| Refusal::unmet("The meeting has not come to this case"))
}

pub(super) fn agency_known(room: &Room<'_>, agency: &str) -> Result<(), Refusal> {
    if room
        .definition
        .agencies()
        .any(|(name, _)| &**name == agency)
    {
        return Ok(());
    }
    Err(field("agency", "Choose one of the agencies listed"))
}

/// The longest that anybody writes into a meeting at once, in characters, as for the reasons of actions.
const LONGEST: usize = 4000;

pub(super) fn said(name: &str, text: &str, missing: &str) -> Result<String, Refusal> {
    if says_something(text.trim()) {
        short(name, text)
    } else {
        Err(field(name, missing))
    }
}

/// What need not be said, and is not said at length.
pub(super) fn short(name: &str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Err(field(name, &format!("Use {LONGEST} characters or fewer")));
    }
    Ok(text.to_owned())
}

pub(super) fn field(name: &str, sentence: &str) -> Refusal {
    Refusal::Fields(vec![FieldError::new(name, sentence)])
}
