//! The clocks of a case: what runs, what was late, and how each due date came about, day by day.

use maud::{Markup, html};

use super::events::due_words;
use crate::app::read::CaseView;
use crate::engine::case::{Move, Running};
use crate::engine::clocks::trace;
use crate::engine::due::Due;
use crate::web::components::{Details, details};
use crate::web::pages::due::{deadline_words, doubt};
use crate::web::words;

pub fn clocks(view: &CaseView) -> Markup {
    let (mut running, mut stopped): (Vec<&Running>, Vec<&Running>) =
        view.case.clocks.iter().partition(|run| run.is_running());
    running.sort_by_key(|run| (run.paused.is_some(), run.due.at));
    stopped.reverse();
    html! {
        section class="app-section" aria-labelledby="clocks" {
            h2 class="govuk-heading-m" id="clocks" { "Deadlines" }
            @if running.is_empty() { p class="govuk-body" { "No deadline is running." } }
            @for run in running { (clock(view, run)) }
            @if !stopped.is_empty() {
                (details(&Details {
                    summary: format!("Finished ({})", stopped.len()).into(),
                    body: html! { @for run in stopped { (clock(view, run)) } }.into(),
                    classes: "app-record",
                    ..Details::default()
                }))
            }
        }
    }
}

fn clock(view: &CaseView, run: &Running) -> Markup {
    let definition = &view.definition;
    let again = if run.instance > 1 {
        format!(" ({})", run.instance)
    } else {
        String::new()
    };
    html! {
        div class="app-clock" {
            h3 class="app-clock__name" {
                (definition.clock_label(&run.clock)) (again)
                @if run.unconfirmed { (doubt(definition, &run.clock)) }
            }
            p class="app-clock__due" { (standing(view, run)) }
            @if run.due != run.original_due { p class="app-quiet" { "Originally due " (due_words(definition, run.original_due)) } }
            @if let Some(at) = run.breached_at {
                p class="app-quiet" { "Passed its limit; noted " (words::moment(at, &definition.zone)) }
            }
            (details(&Details { summary: format!("{}, how it is counted", run.limit).into(), body: counted(view, run).into(), classes: "app-trace", ..Details::default() }))
        }
    }
}

fn standing(view: &CaseView, run: &Running) -> Markup {
    let zone = &view.definition.zone;
    match (run.stopped_at, &run.paused) {
        (Some(at), _) => {
            let how = if at >= run.due.at { "late" } else { "in time" };
            html! { "Stopped " (words::moment(at, zone)) ", " (how) "; due " (due_words(&view.definition, run.due)) }
        }
        (None, Some(paused)) => {
            html! { "Paused, to be looked at again by " (words::date(paused.review_on)) }
        }
        (None, None) => deadline_words(&words::deadline(run.due.at, view.now, zone)),
    }
}

fn counted(view: &CaseView, run: &Running) -> Markup {
    let zone = &view.definition.zone;
    html! {
        p { "From " (words::moment(run.from, zone)) "." }
        @for change in &run.moves {
            p {
                @match change {
                    Move::Paused(pause) => { "Paused from " (words::moment(pause.from, zone)) " to " (words::moment(pause.to, zone)) "." },
                    Move::Extended(by) => { "Extended by " (by.to_string()) "." },
                }
            }
        }
        @match trace(&view.definition, run) {
            Ok(due) => (days(&due)),
            Err(_) => p { "The days cannot be shown: the calendar does not reach so far." },
        }
        p { "Due: " (due_words(&view.definition, run.due)) "." }
    }
}

fn days(due: &Due) -> Markup {
    html! {
        @if due.trace.is_empty() {
            p { "Hours are counted exactly." }
        } @else {
            ul class="app-days" {
                @for day in &due.trace {
                    li {
                        (day.date.strftime("%a %-d %b").to_string()) ": "
                        @match (day.counted, &day.why_not) {
                            (Some(number), _) => { "day " (number) },
                            (None, Some(why)) => span class="app-quiet" { "does not count – " (why) },
                            (None, None) => span class="app-quiet" { "does not count" },
                        }
                    }
                }
            }
        }
    }
}
