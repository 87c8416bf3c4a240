//! The identity bar on top of every page of a case.

use maud::{Markup, html};

use crate::app::read::CaseView;
use crate::web::components::{Content, IdentityBar, Tag, identity_bar, tag};
use crate::web::pages::due::{deadline_words, doubt};
use crate::web::words;

pub fn bar(view: &CaseView) -> Markup {
    let (definition, case) = (&view.definition, &view.case);
    let route = definition
        .scheme
        .routes
        .get(&case.route)
        .map_or(case.route.as_str(), |route| &route.label);
    let capacity = definition
        .scheme
        .capacities
        .get(&case.capacity)
        .map_or(case.capacity.as_str(), |kind| &kind.label);
    let mut facts: Vec<(Content, Content)> = vec![
        ("Reference".into(), case.reference.as_str().into()),
        ("Route".into(), html! { (route) " – " (capacity) }.into()),
        ("State".into(), definition.state_label(&case.state).into()),
    ];
    if let Some(outcome) = &case.outcome {
        let label = definition
            .scheme
            .outcomes
            .get(outcome)
            .map_or(outcome.as_str(), |outcome| &outcome.label);
        facts.push(("Outcome".into(), label.into()));
    }
    if let Some(run) = case.next_due() {
        let due = words::deadline(run.due.at, view.now, &definition.zone);
        let name = html! { "Next due: " (definition.clock_label(&run.clock)) @if run.unconfirmed { (doubt(definition, &run.clock)) } };
        facts.push((name.into(), deadline_words(&due).into()));
    }
    let flags = definition
        .scheme
        .flags
        .iter()
        .filter(|(name, _)| case.has_flag(name));
    let flags = flags.map(|(_, flag)| {
        let classes = if flag.urgent {
            "govuk-tag--red"
        } else {
            "govuk-tag--yellow"
        };
        tag(&Tag {
            text: (&flag.label).into(),
            classes,
        })
    });
    let restricted = view.standing.restricted.then(|| {
        tag(&Tag {
            text: "Restricted".into(),
            classes: "govuk-tag--red",
        })
    });
    identity_bar(&IdentityBar {
        facts,
        flags: restricted.into_iter().chain(flags).collect(),
    })
}
