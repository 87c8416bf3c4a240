//! The members' views: numbers while they are sealed, and afterwards each one with its tests and reasons.

use maud::{Markup, html};

use super::Sheet;
use super::doing::Doing;
use super::returns::rest;
use crate::domain::class::FieldClass;
use crate::engine::meeting::table::{Given, Stage};
use crate::web::components::{Button, Details, details};
use crate::web::form::shown;

pub fn views(sheet: &Sheet) -> Markup {
    let item = sheet.seat.item();
    html! {
        section class="app-section" aria-labelledby="views" {
            h2 class="govuk-heading-m" id="views" { "Views of the members" }
            @if let Some(hidden) = sheet.not_shown(FieldClass::Decision) {
                (hidden)
            } @else if let Some(missing) = &item.opened {
                (opened(sheet, missing))
            } @else if item.taken.is_none() {
                p class="govuk-body" { "Views are given when the meeting comes to this case." }
            } @else {
                (sealed(sheet))
            }
        }
    }
}

fn sealed(sheet: &Sheet) -> Markup {
    let (seat, room) = (sheet.seat, &sheet.seat.view.room);
    let form = seat.definition().records.get(&*sheet.meets.view.form);
    let own = seat.item().views.get(&seat.person.actor.id);
    html! {
        p class="govuk-body" {
            (room.given) " of " (room.members) " in the room have given theirs. "
            "Nobody sees a view before all have, or the chair opens them."
        }
        @if let (Some(own), Some(form)) = (own, form) {
            (details(&Details {
                summary: "Your own view, which nobody else sees yet".into(),
                body: shown::record(form, &own.answers).into(),
                ..Details::default()
            }))
        }
        @if seat.view.meeting.chairs() && seat.meeting().stage == Stage::Begun { (open(sheet)) }
    }
}

fn open(sheet: &Sheet) -> Markup {
    let missing = &sheet.seat.view.room.missing;
    let press = Button {
        text: "Open the views".into(),
        classes: "govuk-button--secondary",
        ..Button::default()
    };
    let named = html! {
        @if !missing.is_empty() {
            p class="govuk-body" { "Still missing: " strong { (missing.join(", ")) } ". Opened now, the record says that they were not waited for." }
        }
    };
    sheet.form(Doing::OpenViews, &named, press)
}

fn opened(sheet: &Sheet, missing: &[String]) -> Markup {
    let seat = sheet.seat;
    let mut given: Vec<_> = seat.item().views.values().collect();
    given.sort_by_key(|given| (seat.label_of(&given.by).to_owned(), given.at));
    html! {
        @if given.is_empty() { p class="govuk-body" { "No view was given." } }
        div class="app-cards" { @for given in given { (card(sheet, given)) } }
        @if !missing.is_empty() {
            p class="govuk-body" { "Not given when they were opened: " strong { (missing.join(", ")) } "." }
        }
    }
}

fn card(sheet: &Sheet, given: &Given) -> Markup {
    let seat = sheet.seat;
    let form = seat.definition().records.get(&*sheet.meets.view.form);
    html! {
        section class="app-card" {
            h3 class="govuk-heading-s" { (seat.label_of(&given.by)) }
            @if let Some(form) = form { (rest(form, &given.answers, &[])) }
            p class="app-quiet" { (seat.name(&given.by)) ", " (seat.moment(given.at)) }
        }
    }
}
