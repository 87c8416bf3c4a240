//! Every event in words.

use maud::{Markup, html};

use super::{Names, who};
use crate::app::read::CaseView;
use crate::engine::definition::Definition;
use crate::engine::definition::builtin::MIGRATE;
use crate::engine::event::{ClockMoved, DueDate, Event, Filed, Recorded};
use crate::engine::migration;
use crate::web::components::{Details, details};
use crate::web::form::shown;
use crate::web::words;

/// Whether it is an act of its own, not what follows from one.
pub fn is_main(event: &Event) -> bool {
    matches!(
        event,
        Event::Opened { .. }
            | Event::Acted { .. }
            | Event::Proposed { .. }
            | Event::SentBack { .. }
            | Event::Transferred { .. }
            | Event::Migrated { .. }
            | Event::Noted { .. }
            | Event::Amended { .. }
    )
}

/// What happened, in one line.
pub fn title(definition: &Definition, event: &Event) -> String {
    let clock = |name: &str| definition.clock_label(name).to_owned();
    let flag = |name: &str| {
        definition
            .scheme
            .flags
            .get(name)
            .map_or(name, |flag| &flag.label)
            .to_owned()
    };
    let action = |name: &str| definition.action_label(name).to_owned();
    match event {
        Event::Opened { .. } => "Application received".to_owned(),
        Event::Acted { action: name, .. } => action(name),
        Event::Proposed { action: name, .. } => format!("Proposed: {}", action(name)),
        Event::SentBack { action: name, .. } => format!("Sent back: {}", action(name)),
        Event::Transferred { from, to } => {
            let label = |name| definition.authorities.get(name).unwrap_or(name);
            format!("Handed over from {} to {}", label(from), label(to))
        }
        Event::Noted { .. } => "Note".to_owned(),
        Event::Erased => "Forgotten".to_owned(),
        Event::Amended { filed, .. } => format!("Amended: {}", record_label(definition, filed)),
        Event::Migrated { to, .. } => format!("Moved to edition {}", to.label),
        Event::ClockMoved(moved) => clock_moved(definition, moved),
        Event::ClockLeft { label, was, .. } => format!(
            "{label} stopped with the move to this edition; it was due {}",
            due_words(definition, *was)
        ),
        Event::FlagRaised { flag: name } => format!("Flag raised: {}", flag(name)),
        Event::FlagLowered { flag: name } => format!("Flag lowered: {}", flag(name)),
        Event::ClockStarted(started) => {
            format!(
                "{} runs, due {}",
                clock(&started.clock),
                due_words(definition, started.due)
            )
        }
        Event::ClockStopped {
            clock: name, late, ..
        } => {
            format!(
                "{} stopped, {}",
                clock(name),
                if *late { "late" } else { "in time" }
            )
        }
        Event::ClockPaused {
            clock: name,
            review_on,
            ..
        } => {
            format!(
                "{} paused, to be looked at again by {}",
                clock(name),
                words::date(*review_on)
            )
        }
        Event::ClockResumed {
            clock: name, due, ..
        } => {
            format!(
                "{} runs again, now due {}",
                clock(name),
                due_words(definition, *due)
            )
        }
        Event::ClockExtended {
            clock: name,
            by,
            due,
            ..
        } => {
            format!(
                "{} extended by {by}, now due {}",
                clock(name),
                due_words(definition, *due)
            )
        }
        Event::ClockWarned {
            clock: name, stage, ..
        } => format!("{}: {stage} of the time is over", clock(name)),
        Event::ClockBreached { clock: name, .. } => format!("{} has passed its limit", clock(name)),
    }
}

/// The rest: where it led, why, who else, and what was filled in.
pub fn body(view: &CaseView, names: &Names, recorded: &Recorded) -> Markup {
    let definition = view.definition_at(recorded.seq);
    let moved = |from: &str, to: &Option<String>| {
        to.as_ref().map(|to| {
            format!(
                "{} → {}",
                definition.state_label(from),
                definition.state_label(to)
            )
        })
    };
    match &recorded.event {
        Event::Opened { filed, .. } => filled(definition, filed),
        Event::Acted {
            from,
            to,
            rationale,
            filed,
            outcome,
            told,
            confirmed,
            ..
        } => html! {
            @if let Some(moved) = moved(from, to) { p { (moved) } }
            @if let Some(outcome) = outcome.as_ref().and_then(|name| definition.scheme.outcomes.get(name)) { p { "Outcome: " (outcome.label) } }
            (reason(rationale))
            @if let Some(confirmed) = confirmed {
                p { "Proposed by " (who(view, names, &confirmed.proposed_by)) "; confirmed, because:" }
                (reason(&confirmed.rationale))
            }
            @for (capacity, _) in told.iter().filter(|(capacity, _)| *capacity == view.case.capacity) {
                p { "Told, as agreed for: " (definition.scheme.capacities.get(capacity).map_or(capacity.as_str(), |kind| &kind.label)) }
            }
            @if let Some(filed) = filed { (filled(definition, filed)) }
        },
        Event::Proposed {
            rationale,
            filed,
            confirm_by,
            ..
        } => html! {
            p { "Waits for: " (confirm_by.iter().map(|role| definition.role_label(role)).collect::<Vec<_>>().join(" or ")) }
            (reason(rationale))
            @if let Some(filed) = filed {
                @if let Some(edition) = edition_named(filed) { p { "To edition " (edition) } }
                (filled(definition, filed))
            }
        },
        Event::SentBack {
            proposed_by,
            rationale,
            from,
            to,
            ..
        } => html! {
            p { "Proposed by " (who(view, names, proposed_by)) }
            @if let Some(moved) = moved(from, to) { p { (moved) } }
            (reason(rationale))
        },
        Event::Noted { text } => reason(text),
        Event::Amended {
            filed,
            rationale,
            stale,
            confirmed,
        } => html! {
            (reason(rationale))
            @if let Some(confirmed) = confirmed {
                p { "Proposed by " (who(view, names, &confirmed.proposed_by)) "; confirmed, because:" }
                (reason(&confirmed.rationale))
            }
            @if !stale.is_empty() { p { "To be looked at again: " (stale.iter().map(|name| definition.action_label(name)).collect::<Vec<_>>().join(" · ")) } }
            (filled(definition, filed))
        },
        Event::Migrated {
            from,
            to,
            rationale,
            confirmed,
        } => html! {
            p { "From edition " (from.label) " to edition " (to.label) }
            (reason(rationale))
            p { "Proposed by " (who(view, names, &confirmed.proposed_by)) "; confirmed, because:" }
            (reason(&confirmed.rationale))
        },
        _ => html! {},
    }
}

/// The edition that a proposed move names.
fn edition_named(filed: &Filed) -> Option<&str> {
    let edition = filed.answers.get(migration::EDITION)?.as_str();
    edition.filter(|_| filed.record == MIGRATE)
}

/// What another edition made of a clock: both due dates, or that it stays.
fn clock_moved(definition: &Definition, moved: &ClockMoved) -> String {
    let label = definition.clock_label(&moved.clock);
    let due = due_words(definition, moved.due);
    if moved.due == moved.was {
        return format!("{label} stays due {due}");
    }
    let was = due_words(definition, moved.was);
    format!("{label} is now due {due}; it was due {was}")
}

fn reason(text: &str) -> Markup {
    html! { @if !text.is_empty() { div class="app-reason" { (shown::lines(text)) } } }
}

fn record_label<'a>(definition: &'a Definition, filed: &'a Filed) -> &'a str {
    definition
        .records
        .get(&filed.record)
        .map_or(filed.record.as_str(), |record| &record.label)
}

/// A record as it was filled in then. A proposed amendment holds it one level deeper, and shows when confirmed.
fn filled(definition: &Definition, filed: &Filed) -> Markup {
    html! {
        @if let Some(record) = definition.records.get(&filed.record) {
            (details(&Details {
                summary: html! { (record.label) " as filled in" }.into(),
                body: shown::record(record, &filed.answers).into(),
                classes: "app-trace",
                ..Details::default()
            }))
        }
    }
}

/// A due date: the last day, or the moment where hours are counted.
pub fn due_words(definition: &Definition, due: DueDate) -> String {
    due.date
        .map_or_else(|| words::moment(due.at, &definition.zone), words::date)
}
