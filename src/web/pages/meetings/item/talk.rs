//! What was said on the case, by agency, and the form in which it is written down.

use maud::{Markup, html};

use super::Sheet;
use super::doing::Doing;
use crate::domain::class::FieldClass;
use crate::engine::meeting::table::{Spoken, Stage};
use crate::web::components::{
    Button, Choice, Label, Select, Textarea, TimelineItem, select, textarea, timeline,
};
use crate::web::form::shown;

pub fn talk(sheet: &Sheet) -> Markup {
    let seat = sheet.seat;
    html! {
        section class="app-section" aria-labelledby="discussion" {
            h2 class="govuk-heading-m" id="discussion" { "Discussion" }
            @if let Some(hidden) = sheet.not_shown(FieldClass::Decision) {
                (hidden)
            } @else if seat.item().said.is_empty() {
                p class="govuk-body" { "Nothing is written down yet." }
            } @else {
                (notes(sheet, &seat.item().said))
            }
            @if may_speak(sheet) { (form(sheet)) }
        }
    }
}

fn notes(sheet: &Sheet, said: &[Spoken]) -> Markup {
    let seat = sheet.seat;
    let moments: Vec<_> = said.iter().map(|note| note.at.to_string()).collect();
    let items = said.iter().zip(&moments).map(|(note, at)| TimelineItem {
        what: seat.label(&note.agency).into(),
        who: format!("written down by {}", seat.name(&note.by)).into(),
        when: seat.moment(note.at).into(),
        at,
        body: shown::lines(&note.text),
    });
    timeline(3, &items.collect::<Vec<_>>())
}

fn may_speak(sheet: &Sheet) -> bool {
    let seat = sheet.seat;
    let belongs = seat.view.meeting.is_member() || seat.runs();
    let now = seat.meeting().stage == Stage::Begun && seat.item().taken.is_some();
    belongs && now && seat.is_here()
}

fn form(sheet: &Sheet) -> Markup {
    let press = Button {
        text: "Write it down".into(),
        classes: "govuk-button--secondary",
        ..Button::default()
    };
    let fields = html! {
        @if sheet.seat.runs() {
            (agency(sheet, Doing::Say, "Who said it", sheet.seat.agency()))
        } @else {
            input type="hidden" name="agency" value=(sheet.seat.agency()) autocomplete="off";
        }
        (textarea(&Textarea {
            label: Label { text: "What was said".into(), classes: "govuk-label--s", ..Label::default() },
            name: "text",
            id: "say-text",
            value: sheet.typed(Doing::Say, "text"),
            error: sheet.error(Doing::Say, "text").into(),
            rows: 3,
            autocomplete: "off",
            ..Textarea::default()
        }))
    };
    sheet.form(Doing::Say, &fields, press)
}

/// A choice of one of the agencies.
pub fn agency(sheet: &Sheet, doing: Doing, label: &str, usual: &str) -> Markup {
    let known = sheet.seat.definition().agencies();
    let choices = known.map(|(name, row)| Choice {
        text: &row.label,
        value: Some(name),
        ..Choice::default()
    });
    let typed = sheet.typed(doing, "agency");
    select(&Select {
        label: Label {
            text: label.into(),
            classes: "govuk-label--s",
            ..Label::default()
        },
        name: "agency",
        id: &format!("{}-agency", doing.name()),
        choices: choices.collect(),
        chosen: Some(if typed.is_empty() { usual } else { typed }),
        error: sheet.error(doing, "agency").into(),
        ..Select::default()
    })
}
