//! The form with which people keep themselves away from a case, and those who guard it keep others away or let them in.

use maud::{Markup, html};

use crate::app::reason::REASON;
use crate::app::staff::Person;
use crate::app::ties::{KIND, Ties, WHO};
use crate::domain::refusal::FieldError;
use crate::domain::tie::TieKind;
use crate::web::components::{
    Button, Choice, Fieldset, Label, Legend, Radio, Radios, Select, Textarea, button, radios,
    select, textarea,
};
use crate::web::pages::address;
use crate::web::pages::settling::KEY;
use crate::web::sign_in::error_of;

/// What was typed into the form, and what is wrong with it.
#[derive(Default)]
pub struct Filled<'a> {
    pub kind: &'a str,
    pub who: &'a str,
    pub reason: &'a str,
    pub key: &'a str,
    pub errors: &'a [FieldError],
}

pub fn form(person: &Person, ties: &Ties, filled: &Filled<'_>) -> Markup {
    let heading = if ties.guards {
        "Keep somebody away, or let somebody in"
    } else {
        "Keep yourself away"
    };
    html! {
        form class="app-form" method="post" action=(address::ties(ties.case)) autocomplete="off" novalidate {
            h2 class="govuk-heading-m" { (heading) }
            input type="hidden" name=(KEY) value=(filled.key) autocomplete="off";
            @if ties.guards { (colleague(person, ties, filled)) }
            (kinds(ties, filled))
            (textarea(&Textarea {
                label: Label { text: "Why".into(), classes: "govuk-label--s", ..Label::default() },
                name: REASON,
                value: filled.reason,
                hint: "It is kept and cannot be changed. It ends only when two supervisors agree".into(),
                error: error_of(filled.errors, REASON).into(),
                rows: 4,
                ..Textarea::default()
            }))
            (button(&Button { text: "Record".into(), once: Some(true), ..Button::default() }))
        }
    }
}

fn colleague(person: &Person, ties: &Ties, filled: &Filled<'_>) -> Markup {
    let ids: Vec<(String, &str)> = ties
        .colleagues
        .iter()
        .map(|(id, name)| (id.to_string(), name.as_str()))
        .collect();
    let me = person.actor.id.as_str();
    let mut choices: Vec<_> = ids
        .iter()
        .map(|(id, name)| Choice {
            text: name,
            value: Some(id),
            ..Choice::default()
        })
        .collect();
    choices.sort_by_key(|choice| (choice.value != Some(me), choice.text.to_owned()));
    let chosen = if filled.who.is_empty() {
        me
    } else {
        filled.who
    };
    select(&Select {
        label: Label {
            text: "Who".into(),
            classes: "govuk-label--s",
            ..Label::default()
        },
        name: WHO,
        choices,
        chosen: Some(chosen),
        error: error_of(filled.errors, WHO).into(),
        ..Select::default()
    })
}

fn kinds(ties: &Ties, filled: &Filled<'_>) -> Markup {
    let guards = ties.guards;
    let own = [
        (
            TieKind::Declared,
            if guards {
                "They do not see the case any more, from the next page on"
            } else {
                "You do not see the case any more, from the next page on"
            },
        ),
        (
            TieKind::ManagesSubject,
            if guards {
                "They do not see who asked, who is at risk or what is known"
            } else {
                "You do not see who asked, who is at risk or what is known"
            },
        ),
    ];
    let guarded = [
        (
            TieKind::LetIn,
            "They see the case though it is restricted, as far as their role does",
        ),
        (
            TieKind::Restricted,
            "The whole case, whoever is named above: only those who are let in see it",
        ),
    ];
    let guarded = guarded.into_iter().filter(|_| guards);
    let items = own.into_iter().chain(guarded).map(|(kind, hint)| Radio {
        value: kind.name(),
        text: kind.label().into(),
        hint: hint.into(),
        ..Radio::default()
    });
    radios(&Radios {
        fieldset: Some(Fieldset {
            legend: Legend {
                text: if guards {
                    "What there is between them and the case".into()
                } else {
                    "What there is between you and the case".into()
                },
                classes: "govuk-fieldset__legend--s",
                ..Legend::default()
            },
            ..Fieldset::default()
        }),
        name: KIND,
        items: items.collect(),
        chosen: Some(filled.kind),
        error: error_of(filled.errors, KIND).into(),
        ..Radios::default()
    })
}
