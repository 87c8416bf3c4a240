//! How a meeting changes with each event. Total: what was recorded has happened, whatever the rules are today.

use super::event::{Event, Recorded, Report};
use super::table::{
    Attendance, Coming, Comment, Given, Item, Meeting, Promised, Spoken, Stage, Taken,
};
use crate::domain::id::CaseId;
use crate::engine::command::Actor;

/// The meeting that a history makes.
pub fn replay<'a>(history: impl IntoIterator<Item = &'a Recorded>) -> Meeting {
    history.into_iter().fold(Meeting::default(), evolve)
}

/// The meeting after one more event.
#[must_use]
pub fn evolve(mut meeting: Meeting, recorded: &Recorded) -> Meeting {
    meeting.version = recorded.seq;
    match &recorded.event {
        Event::Listed(listing) => {
            meeting
                .items
                .retain(|item| item.listing.case != listing.case);
            meeting.items.push(Item {
                listing: listing.clone(),
                listed_at: recorded.at,
                ratifies: false,
                answers: std::collections::BTreeMap::new(),
                reminders: std::collections::BTreeMap::new(),
                reminded_at: std::collections::BTreeMap::new(),
                taken: None,
                views: std::collections::BTreeMap::new(),
                opened: None,
                said: Vec::new(),
                settled: Vec::new(),
            });
        }
        Event::Unlisted { case, .. } => meeting.items.retain(|item| item.listing.case != *case),
        Event::AgendaSealed { order } => {
            let place = |case: &CaseId| order.iter().position(|listed| listed == case);
            meeting
                .items
                .sort_by_key(|item| place(&item.listing.case).unwrap_or(order.len()));
            meeting.stage = Stage::Sealed;
        }
        Event::Accepted | Event::Came { .. } | Event::Left => attends(&mut meeting, recorded),
        Event::WillCome { agency } => {
            let coming = Coming {
                who: recorded.actor.clone(),
                agency: agency.clone(),
            };
            meeting.coming.insert(recorded.actor.id.clone(), coming);
            meeting.apologies.remove(agency);
        }
        Event::Apologised { agency, because } => {
            take_back(&mut meeting, &recorded.actor, agency);
            meeting.apologies.insert(agency.clone(), because.clone());
        }
        Event::Promised(promise) => meeting.promises.push(Promised {
            promise: promise.clone(),
            report: Report::Open,
            because: String::new(),
            approved: None,
        }),
        Event::Reported {
            promise,
            report,
            because,
            ..
        } => {
            let mut promises = meeting.promises.iter_mut();
            if let Some(kept) = promises.find(|kept| kept.promise.id == *promise) {
                if meeting.approved.is_some() && kept.approved.is_none() {
                    kept.approved = Some((kept.report, kept.because.clone()));
                }
                kept.report = *report;
                kept.because.clone_from(because);
            }
        }
        Event::Commented { case, text } => meeting.comments.push(Comment {
            case: *case,
            spoken: spoken(recorded, "", text),
        }),
        event => match event.case() {
            Some(case) => about(&mut meeting, case, recorded),
            None => stages(&mut meeting, recorded),
        },
    }
    meeting
}

/// What happens to the meeting as a whole.
fn stages(meeting: &mut Meeting, recorded: &Recorded) {
    match &recorded.event {
        Event::Convened {
            authority,
            scheme,
            form,
            series,
            sitting,
            ..
        } => {
            meeting.authority.clone_from(authority);
            meeting.scheme.clone_from(scheme);
            meeting.form = *form;
            meeting.series.clone_from(series);
            meeting.sitting = sitting.clone();
        }
        // Who said that they come said it of the old time.
        Event::Moved { sitting, .. } => {
            meeting.sitting = sitting.clone();
            meeting.coming.clear();
        }
        Event::CalledOff { .. } => meeting.stage = Stage::CalledOff,
        Event::Begun => meeting.stage = Stage::Begun,
        Event::Closed => {
            meeting.stage = Stage::Closed;
            meeting.closed_at = Some(recorded.at);
        }
        Event::Approved => {
            meeting.stage = Stage::Approved;
            meeting.approved = Some((recorded.actor.id.clone(), recorded.at));
        }
        _ => {}
    }
}

/// What happens to one case on the agenda.
fn about(meeting: &mut Meeting, case: CaseId, recorded: &Recorded) {
    let mut items = meeting.items.iter_mut();
    let Some(item) = items.find(|item| item.listing.case == case) else {
        return;
    };
    match &recorded.event {
        Event::Ratifies { .. } => item.ratifies = true,
        Event::AnswersDue { answers_by, .. } => {
            item.listing.answers_by = *answers_by;
            // Who was reminded of another day is reminded of this one too.
            item.reminded_at.clear();
        }
        Event::Answered { agency, filed, .. } => {
            let given = given(recorded, &filed.answers);
            item.answers.insert(agency.clone(), given);
        }
        Event::Reminded { agency, .. } => {
            *item.reminders.entry(agency.clone()).or_default() += 1;
            item.reminded_at.insert(agency.clone(), recorded.at);
        }
        Event::Taken {
            present,
            recused,
            quorate,
            ..
        } => {
            let before = item.taken.as_ref();
            item.taken = Some(Taken {
                since: before.map_or(recorded.at, |before| before.since),
                at: recorded.at,
                present: present.clone(),
                recused: recused.clone(),
                quorate: *quorate,
            });
            meeting.at_case = Some(case);
        }
        Event::ViewTaken { filed, .. } => {
            let given = given(recorded, &filed.answers);
            item.views.insert(recorded.actor.id.clone(), given);
        }
        Event::ViewsOpened { missing, .. } => item.opened = Some(missing.clone()),
        Event::Said { agency, text, .. } => item.said.push(spoken(recorded, agency, text)),
        Event::Settled {
            action, version, ..
        } => item.settled.push((action.clone(), *version)),
        _ => {}
    }
}

/// Whoever apologises does not come. Who else of their agency said so comes all the same; nobody of an agency that is apologised for
/// by somebody else.
fn take_back(meeting: &mut Meeting, actor: &Actor, agency: &str) {
    meeting.coming.retain(|account, coming| {
        let theirs = coming.agency == agency;
        let colleague = coming.who.agency == actor.agency;
        !theirs || colleague && *account != actor.id
    });
}

fn attends(meeting: &mut Meeting, recorded: &Recorded) {
    let who = &recorded.actor;
    let attendance = meeting.people.entry(who.id.clone());
    let attendance = attendance.or_insert_with(|| Attendance {
        who: who.clone(),
        accepted_at: None,
        came_at: None,
        left_at: None,
        senior: false,
    });
    match recorded.event {
        Event::Accepted => attendance.accepted_at = Some(recorded.at),
        Event::Left => attendance.left_at = Some(recorded.at),
        Event::Came { senior } => {
            attendance.senior |= senior;
            attendance.came_at.get_or_insert(recorded.at);
            attendance.left_at = None;
        }
        _ => {}
    }
}

fn given(recorded: &Recorded, answers: &crate::engine::definition::record::Answers) -> Given {
    Given {
        by: recorded.actor.clone(),
        at: recorded.at,
        answers: answers.clone(),
    }
}

fn spoken(recorded: &Recorded, agency: &str, text: &str) -> Spoken {
    Spoken {
        by: recorded.actor.clone(),
        agency: agency.to_owned(),
        at: recorded.at,
        text: text.to_owned(),
    }
}
