//! What is asked of whoever reads: their agency's answer, their view, and, for the chair, to bring the room to this case.

use maud::{Markup, html};

use super::Sheet;
use super::doing::Doing;
use crate::engine::definition::meets::ANSWER;
use crate::engine::meeting::event::Form;
use crate::engine::meeting::table::{Given, Stage};
use crate::web::components::{Button, button};
use crate::web::form::shown;
use crate::web::pages::address::ties;
use crate::web::pages::due::deadline_words;
use crate::web::pages::meetings::view::view_address;
use crate::web::pages::meetings::{address, answer_address};
use crate::web::words::deadline;

pub fn own(sheet: &Sheet) -> Markup {
    let parts = [answer(sheet), presence(sheet), view(sheet), take(sheet)];
    html! {
        @if parts.iter().any(Option::is_some) {
            section class="app-waiting" aria-labelledby="own" {
                h2 class="govuk-heading-m" id="own" { "Your part" }
                @for part in parts.iter().flatten() { (part) }
                (conflict(sheet))
            }
        }
    }
}

/// The way out for whoever finds that they know somebody in it.
fn conflict(sheet: &Sheet) -> Markup {
    let to = ties(sheet.seat.case());
    html! {
        p class="app-quiet" {
            "Do you know somebody in this case? "
            a class="govuk-link" href=(to) { "Keep yourself away from it" }
        }
    }
}

/// What their agency holds: asked until it is answered, changed until the meeting is over.
fn answer(sheet: &Sheet) -> Option<Markup> {
    let seat = sheet.seat;
    let agency = seat.agency();
    let asked = seat.item().listing.asked.iter().any(|one| one == agency);
    if !asked || !seat.view.meeting.is_member() || seat.meeting().stage >= Stage::Closed {
        return None;
    }
    let to = answer_address(seat.view.meeting.id, seat.case());
    if let Some(given) = seat.item().answers.get(agency) {
        return Some(html! {
            p class="govuk-body" {
                (seat.label(agency)) ": " strong { (said(sheet, given)) } ", " (seat.moment(given.at)) ". "
                a class="govuk-link" href=(to) { "Change it" span class="govuk-visually-hidden" { ": what your agency holds" } }
            }
        });
    }
    let zone = &seat.definition().zone;
    let due = deadline(seat.item().listing.answers_by, seat.view.meeting.now, zone);
    let nothing = Button {
        text: "We hold nothing".into(),
        ..Button::default()
    };
    Some(html! {
        p class="govuk-body" { "What does " strong { (seat.label(agency)) } " hold? To be answered by " (deadline_words(&due)) "." }
        div class="app-choices" {
            (sheet.form(Doing::HoldNothing, &html! {}, nothing))
            (button(&Button { text: "We hold something".into(), href: &to, classes: "govuk-button--secondary", ..Button::default() }))
        }
    })
}

/// The first thing that an agency said: nothing, something, or that it cannot be shared.
pub fn said(sheet: &Sheet, given: &Given) -> Markup {
    let form = sheet
        .seat
        .definition()
        .records
        .get(&*sheet.meets.answer.form);
    let field = form.and_then(|form| form.fields.get(ANSWER));
    let said = field.zip(given.answers.get(ANSWER));
    html! { @if let Some((field, value)) = said { (shown::shown(field, value)) } }
}

/// That somebody who belongs in the room has not come in.
fn presence(sheet: &Sheet) -> Option<Markup> {
    let seat = sheet.seat;
    let belongs = seat.view.meeting.is_member() || seat.runs();
    let absent = seat.meeting().stage == Stage::Begun && belongs && !seat.is_here();
    absent.then(|| {
        html! {
            p class="govuk-body" {
                "The meeting has begun without you. "
                a class="govuk-link" href=(address(seat.view.meeting.id)) {
                    @if seat.meeting().form == Form::Written { "Say that you take part" } @else { "Say that you are here" }
                }
            }
        }
    })
}

/// Their own view, which can be given from the moment at which the room comes to the case until the views are opened.
fn view(sheet: &Sheet) -> Option<Markup> {
    let (seat, item) = (sheet.seat, sheet.seat.item());
    let open = seat.meeting().stage == Stage::Begun && item.taken.is_some() && !item.shows_views();
    if !open || !seat.view.meeting.is_member() || !seat.is_here() {
        return None;
    }
    let to = view_address(seat.view.meeting.id, seat.case());
    let own = item.views.get(&seat.person.actor.id);
    Some(html! {
        @match own {
            None => (button(&Button { text: "Give your view".into(), href: &to, ..Button::default() })),
            Some(given) => p class="govuk-body" {
                "You gave your view " (seat.moment(given.at)) ". "
                a class="govuk-link" href=(to) { "Change it" span class="govuk-visually-hidden" { ": your view" } }
            },
        }
    })
}

fn take(sheet: &Sheet) -> Option<Markup> {
    let seat = sheet.seat;
    let meeting = seat.meeting();
    let elsewhere = meeting.at_case != Some(seat.case());
    let taken = seat.item().taken.as_ref();
    let enough = seat.view.meeting.quorum.is_met();
    let made_up = enough && taken.is_some_and(|taken| !taken.quorate);
    let open = meeting.stage == Stage::Begun && seat.item().settled.is_empty();
    let waits = open && (elsewhere || made_up);
    if !waits || !seat.view.meeting.chairs() || !seat.is_here() {
        return None;
    }
    let (advice, text) = if made_up {
        (
            "Too few were here when the meeting came to this case. Now all are here who are needed.",
            "Come to this case again",
        )
    } else {
        ("", "Come to this case")
    };
    let press = Button {
        text: text.into(),
        ..Button::default()
    };
    let advice = html! { @if !advice.is_empty() { p class="govuk-body" { (advice) } } };
    Some(sheet.form(Doing::Take, &advice, press))
}
