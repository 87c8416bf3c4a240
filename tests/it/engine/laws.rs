//! The laws of the house as a witness sees them who reads only the events and keeps his own book of who did what.

use std::collections::{BTreeMap, BTreeSet};

use clares_law::engine::case::Case;
use clares_law::engine::clocks::trace;
use clares_law::engine::command::{Actor, Command};
use clares_law::engine::definition::builtin::SECOND_PERSON;
use clares_law::engine::definition::scheme::{Action, OutcomeKind};
use clares_law::engine::event::{Event, Recorded};
use clares_law::engine::offers::{Offer, offers};
use clares_law::engine::queues;
use serde_json::json;

use super::turn::{Cast, leads_on, offered};
use crate::support::world::{Walk, dsdas};

/// Who wrote which record, and who proposed what waits.
#[derive(Debug, Clone, Default)]
pub struct Witness {
    authors: BTreeMap<String, BTreeSet<String>>,
    proposal: Option<(String, Actor)>,
}

impl Witness {
    pub fn see(&mut self, recorded: &Recorded) {
        let (filed, confirmed) = match &recorded.event {
            Event::Opened { filed, .. } => (Some(filed), None),
            Event::Acted {
                filed, confirmed, ..
            } => (filed.as_ref(), confirmed.as_ref()),
            Event::Amended {
                filed, confirmed, ..
            } => (Some(filed), confirmed.as_ref()),
            Event::Proposed { action, .. } => {
                self.proposal = Some((action.clone(), recorded.actor.clone()));
                return;
            }
            Event::SentBack { .. } => {
                self.proposal = None;
                return;
            }
            _ => return,
        };
        let author = confirmed.map_or(&recorded.actor, |second| &second.proposed_by);
        if let Some(filed) = filed {
            self.authors
                .entry(filed.record.clone())
                .or_default()
                .insert(author.id.clone());
        }
        if confirmed.is_some() {
            self.proposal = None;
        }
    }

    fn wrote(&self, record: &str, actor: &Actor) -> bool {
        self.authors
            .get(record)
            .is_some_and(|authors| authors.contains(&actor.id))
    }

    /// The confirmer is the second of two people, and the first is whoever the book says.
    fn second(&self, action: &str, confirmer: &Actor, proposed_by: &Actor) {
        let proposal = self
            .proposal
            .as_ref()
            .map(|(action, by)| (action.as_str(), by));
        assert_eq!(
            proposal,
            Some((action, proposed_by)),
            "L4: it is not what was proposed"
        );
        assert_ne!(
            confirmer.id, proposed_by.id,
            "L4: {action} was confirmed by its proposer"
        );
    }
}

/// The records an action rests on: its own, those named beside it, in its conditions and in the forum's quorum.
fn rests_on(action: &Action) -> BTreeSet<&str> {
    let quorum = dsdas()
        .scheme
        .forum
        .iter()
        .filter(|_| action.decided_by.is_some())
        .map(|forum| &forum.quorate);
    let rules = action.requires.iter().chain(quorum);
    let named = rules
        .flat_map(|rule| rule.when.paths())
        .filter(|path| path[0] == "record")
        .map(|path| path[1].as_str());
    action
        .record
        .iter()
        .chain(action.rests_on.iter())
        .map(|word| &**word)
        .chain(named)
        .collect()
}

/// L4: nobody says 'no', ends, pauses or extends alone, nor discloses alone but in an emergency.
pub fn l4_nobody_alone(before: &Case, witness: &Witness, batch: &[Recorded]) {
    for recorded in batch {
        match &recorded.event {
            Event::Acted {
                action: name,
                ended,
                outcome,
                confirmed,
                ..
            } => {
                let action = dsdas().scheme.actions.get(name).unwrap();
                let kind = outcome
                    .as_ref()
                    .map(|outcome| dsdas().scheme.outcomes.get(outcome).unwrap().kind);
                let stops_time = |event: &Event| {
                    matches!(
                        event,
                        Event::ClockPaused { .. } | Event::ClockExtended { .. }
                    )
                };
                let no = kind.is_some_and(|kind| kind != OutcomeKind::Disclose);
                let weighty =
                    no || *ended || batch.iter().any(|recorded| stops_time(&recorded.event));
                assert!(
                    !weighty || confirmed.is_some(),
                    "L4: {name} was done alone by {}",
                    recorded.actor.id
                );
                if let Some(second) = confirmed {
                    witness.second(name, &recorded.actor, &second.proposed_by);
                    for record in rests_on(action) {
                        assert!(
                            !witness.wrote(record, &recorded.actor),
                            "L4: {name} was confirmed by who wrote {record}"
                        );
                    }
                } else if kind == Some(OutcomeKind::Disclose) {
                    let forum = before.records.get("forum_meeting");
                    let quorate = forum
                        .is_some_and(|forum| forum.answers.get("quorate") == Some(&json!(true)));
                    assert!(
                        quorate && action.decided_by.is_some(),
                        "L4: {name} disclosed without a forum or a second person"
                    );
                }
            }
            Event::Amended {
                filed, confirmed, ..
            } => {
                if let Some(second) = confirmed {
                    witness.second("amend", &recorded.actor, &second.proposed_by);
                } else {
                    let actions = dsdas().scheme.actions.iter().map(|(_, action)| action);
                    let mut of_record =
                        actions.filter(|action| action.record.as_deref() == Some(&filed.record));
                    let decides = of_record
                        .any(|action| action.second_person.is_some() || !action.outcome.is_empty());
                    assert!(!decides, "L4: {} was amended alone", filed.record);
                }
            }
            _ => {}
        }
    }
}

/// L3: what weighs has a reason and a person, and so has whatever stops a clock that ran late.
pub fn l3_reasons(before: &Case, batch: &[Recorded]) {
    let breached_now = |clock: &str| {
        batch.iter().any(
            |r| matches!(&r.event, Event::ClockBreached { clock: other, .. } if other == clock),
        )
    };
    let mut given = "";
    for recorded in batch {
        match &recorded.event {
            Event::Acted {
                action,
                ended,
                rationale,
                outcome,
                confirmed,
                ..
            } => {
                given = rationale;
                let declared = dsdas().scheme.actions.get(action).unwrap();
                let pauses = !declared.pauses.is_empty() || declared.extends.is_some();
                let weighty = *ended
                    || outcome.is_some()
                    || confirmed.is_some()
                    || pauses
                    || declared.emergency;
                assert!(
                    !weighty || !rationale.trim().is_empty(),
                    "L3: {action} has no reason"
                );
                let second = confirmed
                    .as_ref()
                    .is_none_or(|second| !second.rationale.trim().is_empty());
                assert!(second, "L3: {action} was confirmed without a reason");
            }
            Event::SentBack { rationale, .. }
            | Event::Amended { rationale, .. }
            | Event::Proposed { rationale, .. } => {
                given = rationale;
                assert!(
                    !rationale.trim().is_empty(),
                    "L3: {} has no reason",
                    recorded.event.kind()
                );
            }
            Event::ClockStopped { clock, late, .. } => {
                let was_late = before
                    .running(clock)
                    .is_some_and(|run| run.breached_at.is_some());
                assert_eq!(
                    *late,
                    was_late || breached_now(clock),
                    "L3: {clock} is late exactly when it was breached"
                );
                let told = clock == SECOND_PERSON || !given.trim().is_empty();
                assert!(!late || told, "L3: {clock} ran late and nobody said why");
            }
            _ => {}
        }
    }
}

/// L6: the overall clock never pauses, an original due date stays, and a due date can always be explained.
pub fn l6_due_dates(before: &Case, after: &Case, batch: &[Recorded]) {
    for (old, new) in before.clocks.iter().zip(&after.clocks) {
        assert_eq!(
            (&old.clock, old.instance),
            (&new.clock, new.instance),
            "L6: a run of a clock was lost"
        );
        assert_eq!(
            old.original_due, new.original_due,
            "L6: the original due date of {} moved",
            old.clock
        );
        assert!(
            old.breached_at.is_none() || new.breached_at == old.breached_at,
            "L6: a breach of {} was lost",
            old.clock
        );
    }
    for recorded in batch {
        if let Event::ClockPaused { clock, .. } | Event::ClockExtended { clock, .. } =
            &recorded.event
        {
            assert!(
                dsdas().scheme.clocks.get(clock).unwrap().pausable,
                "L6: {clock} never pauses"
            );
        }
    }
    let overall = dsdas().scheme.clocks.names().next().unwrap();
    for run in after.clocks.iter().filter(|run| run.clock == overall) {
        assert!(
            run.paused.is_none() && run.due == run.original_due,
            "L6: the overall clock moved"
        );
    }
    for run in &after.clocks {
        let reckoned = trace(dsdas(), run).unwrap();
        assert_eq!(
            reckoned.at, run.due.at,
            "L6: the due date of {} cannot be explained",
            run.clock
        );
    }
}

/// L6: what happens by itself takes a case out of no queue.
pub fn l6_nothing_is_hidden(before: &Walk) {
    let names = |walk: &Walk| -> BTreeSet<String> {
        queues::places(dsdas(), &walk.case)
            .into_iter()
            .map(|place| place.queue)
            .collect()
    };
    let mut after = before.clone();
    after.look_at_clocks();
    let lost: Vec<_> = names(before).difference(&names(&after)).cloned().collect();
    assert!(
        lost.is_empty(),
        "L6: a warning or a breach took the case out of {lost:?}"
    );
    assert!(
        after.case.ended || !names(&after).is_empty(),
        "L6: no queue shows the case in {}",
        after.case.state
    );
}

/// Why nothing can go on, if so: an open case has a clock of its scheme running and somebody who can act (L5).
pub fn stuck(walk: &Walk, offers: &[(&'static str, Offer)]) -> Option<String> {
    let case = &walk.case;
    if case.ended {
        return None;
    }
    if !case
        .clocks
        .iter()
        .any(|run| run.is_running() && run.clock != SECOND_PERSON)
    {
        return Some(format!("no clock runs in {}", case.state));
    }
    if let Some(waits) = &case.pending {
        let own = super::offers_of(walk, &waits.by);
        let back = own
            .iter()
            .any(|offer| offer.action == "send_back" && offer.allowed);
        return (!back).then(|| format!("nobody can take back {}", waits.action));
    }
    let leads = |offers: &[(&str, Offer)], state: &str| {
        offers
            .iter()
            .any(|(_, offer)| offer.allowed && leads_on(offer, state))
    };
    if leads(offers, &case.state) {
        return None;
    }
    let mended = everybody_does_what_is_offered(walk, offers);
    let then = offered(&mended, Cast::Many);
    (!leads(&then, &case.state)).then(|| format!("nobody can take the case out of {}", case.state))
}

/// The case after each action that stays in the state, and raises nothing, has been done once.
fn everybody_does_what_is_offered(walk: &Walk, offers: &[(&'static str, Offer)]) -> Walk {
    let mut walk = walk.clone();
    for (role, offer) in offers.iter().filter(|(_, offer)| offer.allowed) {
        let Some(action) = dsdas().scheme.actions.get(&offer.action) else {
            continue;
        };
        if action.to.is_some() || action.second_person.is_some() || !action.raises.is_empty() {
            continue;
        }
        let record = action
            .record
            .as_ref()
            .map(|name| dsdas().records[&**name].examples());
        let _ = walk.ask(&Command {
            action: offer.action.clone(),
            record: record.unwrap_or_default(),
            rationale: "It has to be done".to_owned(),
            expected: None,
            actor: Cast::Many.person(role, 1),
            now: walk.now,
        });
    }
    walk
}

/// Whatever is done was offered to who did it.
pub fn only_what_is_offered(before: &Walk, command: &Command) {
    let offers = offers(dsdas(), &before.case, &command.actor, command.now);
    let offer = offers.iter().find(|offer| offer.action == command.action);
    let allowed = offer.is_some_and(|offer| offer.allowed);
    assert!(
        allowed,
        "{} was done by {} and was not offered: {offer:?}",
        command.action, command.actor.id
    );
}
