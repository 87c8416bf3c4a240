//! What happened, newest first. What followed from an act stands beneath it; every event is shown.

use maud::{Markup, html};

use super::{Names, events, who};
use crate::app::read::CaseView;
use crate::engine::event::Recorded;
use crate::web::components::{TimelineItem, timeline};
use crate::web::pages::address;
use crate::web::words;

pub fn history(view: &CaseView, names: &Names) -> Markup {
    let moments: Vec<String> = view
        .history
        .iter()
        .map(|recorded| recorded.at.to_string())
        .collect();
    let groups = grouped(&view.history);
    let items = groups.iter().rev().map(|group| {
        let act = group.iter().find(|recorded| events::is_main(&recorded.event));
        let first = act.unwrap_or(&group[0]);
        let follows: Vec<_> = group.iter().filter(|recorded| recorded.seq != first.seq).collect();
        TimelineItem {
            what: events::title(view.definition_at(first.seq), &first.event).into(),
            who: who(view, names, &first.actor).into(),
            when: words::recent(first.at, view.now, &view.definition.zone).into(),
            at: usize::try_from(first.seq - 1).ok().and_then(|place| moments.get(place)).map_or("", String::as_str),
            body: html! {
                (events::body(view, names, first))
                @if !follows.is_empty() {
                    ul class="app-follows" { @for next in follows { li { (events::title(view.definition_at(next.seq), &next.event)) } } }
                }
            },
        }
    });
    let items: Vec<_> = items.collect();
    html! {
        section class="app-section" aria-labelledby="history" {
            h2 class="govuk-heading-m" id="history" { "History" }
            (timeline(3, &items))
            p class="govuk-body" { a class="govuk-link" href={ (address::case(view.id)) "/looks" } { "Who has looked at this case" } }
            p class="govuk-body" { a class="govuk-link" href=(address::ties(view.id)) { "Who may see it, and a conflict of interest" } }
        }
    }
}

/// An act with what happened in the same moment because of it.
fn grouped(history: &[Recorded]) -> Vec<&[Recorded]> {
    let moments = history.chunk_by(|one, next| one.at == next.at && one.actor == next.actor);
    moments.flat_map(one_act_each).collect()
}

/// Two acts in one moment stay two.
fn one_act_each(moment: &[Recorded]) -> Vec<&[Recorded]> {
    let acts = moment
        .iter()
        .filter(|recorded| events::is_main(&recorded.event))
        .count();
    if acts < 2 {
        return vec![moment];
    }
    moment
        .chunk_by(|_, next| !events::is_main(&next.event))
        .collect()
}
