//! What each agency answered, as cards of one size: holding nothing is an answer like the others.

use maud::{Markup, html};

use super::Sheet;
use super::own;
use crate::domain::class::FieldClass;
use crate::engine::definition::meets::{ANSWER, CANNOT_SHARE, INFORMATION};
use crate::engine::definition::record::{Answers, Record};
use crate::engine::meeting::table::{Given, Stage};
use crate::web::components::{Row, SummaryList, Tag, summary_list, tag};
use crate::web::form::{said, shown};
use crate::web::pages::due::deadline_words;
use crate::web::pages::meetings::answer_address;
use crate::web::words::{count, deadline};

pub fn returns(sheet: &Sheet) -> Markup {
    let item = sheet.seat.item();
    // Whoever answered without being asked is heard as well.
    let unasked = item
        .answers
        .keys()
        .filter(|agency| !item.listing.asked.contains(agency));
    html! {
        section class="app-section" aria-labelledby="answers" {
            h2 class="govuk-heading-m" id="answers" { "What the agencies answered" }
            @if let Some(hidden) = sheet.not_shown(FieldClass::AgencyReturn) {
                (hidden)
            } @else {
                div class="app-cards" {
                    @for agency in item.listing.asked.iter().chain(unasked) { (card(sheet, agency)) }
                }
            }
        }
    }
}

fn card(sheet: &Sheet, agency: &str) -> Markup {
    let seat = sheet.seat;
    let over = seat.meeting().stage >= Stage::Closed;
    let form = sheet
        .seat
        .definition()
        .records
        .get(&*sheet.meets.answer.form);
    html! {
        section class="app-card" {
            h3 class="govuk-heading-s" { (seat.label(agency)) }
            @match seat.item().answers.get(agency) {
                None => (waited_for(sheet, agency)),
                Some(given) => {
                    p { (kind(sheet, given)) }
                    @if let Some(form) = form { (rest(form, &given.answers, &[ANSWER])) }
                    p class="app-quiet" { (seat.name(&given.by)) ", " (seat.moment(given.at)) }
                }
            }
            @if seat.view.meeting.convenes() && !over {
                @let to = format!("{}?agency={agency}", answer_address(seat.view.meeting.id, seat.case()));
                p class="app-quiet" { a class="govuk-link" href=(to) { "Answer for them" span class="govuk-visually-hidden" { ": " (seat.label(agency)) } } }
            }
        }
    }
}

fn kind(sheet: &Sheet, given: &Given) -> Markup {
    let answer = given.answers.get(ANSWER).and_then(|answer| answer.as_str());
    let classes = match answer {
        Some(INFORMATION) => "govuk-tag--blue",
        Some(CANNOT_SHARE) => "govuk-tag--yellow",
        _ => "govuk-tag--grey",
    };
    tag(&Tag {
        text: own::said(sheet, given).into(),
        classes,
    })
}

fn waited_for(sheet: &Sheet, agency: &str) -> Markup {
    let (seat, item) = (sheet.seat, sheet.seat.item());
    let zone = &seat.definition().zone;
    let due = deadline(item.listing.answers_by, seat.view.meeting.now, zone);
    let reminders = item.reminders.get(agency).copied().unwrap_or_default();
    html! {
        p { strong { "No answer yet" } ", due " (deadline_words(&due)) }
        @if reminders > 0 { p class="app-quiet" { "Asked again " (count(reminders.into(), "time")) } }
    }
}

/// What was filled in, but for the fields that are shown already.
pub fn rest(form: &Record, answers: &Answers, but: &[&str]) -> Markup {
    let filled = said::filled(form, answers, but);
    let rows = filled.iter().map(|(label, said)| Row {
        key: label.into(),
        value: shown::drawn(said).into(),
        ..Row::default()
    });
    let rows: Vec<_> = rows.collect();
    html! {
        @if !rows.is_empty() { (summary_list(&SummaryList { rows, classes: "app-answers", ..SummaryList::default() })) }
    }
}
