//! The form on which somebody proposes what is to become of a case past its day.

use maud::{Markup, html};

use crate::app::erasure::{Asked, GROUND, YEARS};
use crate::app::reason::REASON;
use crate::domain::ground::Ground;
use crate::domain::refusal::FieldError;
use crate::engine::years::Years;
use crate::web::components::{
    Button, Choice, Fieldset, Label, Legend, Radio, Radios, Select, Textarea, button, radios,
    select, textarea,
};
use crate::web::pages::settling::KEY;
use crate::web::sign_in::error_of;

/// What stands beside every box for words here: they outlive the case.
pub const WORDS: &str =
    "It stays after the case is forgotten. Name nobody, and say nothing of what stands in the case";

/// What is offered where the scheme does not say how often to look again.
const OFFERED: [&str; 4] = ["1 year", "2 years", "5 years", "10 years"];

/// What was typed into the form, and what is wrong with it.
#[derive(Default)]
pub struct Filled<'a> {
    pub ground: &'a str,
    pub years: &'a str,
    pub reason: &'a str,
    pub key: &'a str,
    pub errors: &'a [FieldError],
}

pub fn form(asked: &Asked, filled: &Filled<'_>) -> Markup {
    html! {
        form class="app-form" method="post" autocomplete="off" novalidate {
            input type="hidden" name=(KEY) value=(filled.key) autocomplete="off";
            (grounds(filled))
            (years(asked, filled))
            (textarea(&Textarea {
                label: Label { text: "Why".into(), classes: "govuk-label--s", ..Label::default() },
                name: REASON,
                value: filled.reason,
                hint: WORDS.into(),
                error: error_of(filled.errors, REASON).into(),
                rows: 4,
                ..Textarea::default()
            }))
            (button(&Button { text: "Propose".into(), once: Some(true), ..Button::default() }))
        }
    }
}

fn grounds(filled: &Filled<'_>) -> Markup {
    let items = Ground::ALL.into_iter().map(|ground| Radio {
        value: ground.name(),
        text: format!("{}: {}", ground.wanted().label(), ground.label()).into(),
        ..Radio::default()
    });
    radios(&Radios {
        fieldset: Some(Fieldset {
            legend: Legend {
                text: "What is to become of it".into(),
                classes: "govuk-fieldset__legend--s",
                ..Legend::default()
            },
            ..Fieldset::default()
        }),
        name: GROUND,
        items: items.collect(),
        chosen: Some(filled.ground),
        error: error_of(filled.errors, GROUND).into(),
        ..Radios::default()
    })
}

fn years(asked: &Asked, filled: &Filled<'_>) -> Markup {
    let most = asked.kept.reviewed_every;
    let offered = OFFERED.into_iter().filter(|years| {
        let offered = years.parse::<Years>().ok();
        most.is_none() || offered <= most
    });
    let nothing = Choice {
        text: "Choose",
        value: Some(""),
        ..Choice::default()
    };
    let choices = offered.map(|text| Choice {
        text,
        ..Choice::default()
    });
    select(&Select {
        label: Label {
            text: "If it is kept on, look again after".into(),
            classes: "govuk-label--s",
            ..Label::default()
        },
        name: YEARS,
        choices: std::iter::once(nothing).chain(choices).collect(),
        chosen: Some(filled.years),
        error: error_of(filled.errors, YEARS).into(),
        ..Select::default()
    })
}
