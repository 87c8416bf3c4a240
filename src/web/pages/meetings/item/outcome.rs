//! How the case is settled from here, through its own actions, and what agencies promised to do about it.

use maud::{Markup, html};

use super::super::report_tag;
use super::Sheet;
use super::doing::Doing;
use super::talk::agency;
use crate::engine::definition::yaml::Word;
use crate::engine::meeting::table::{Promised, Stage};
use crate::engine::offers::Offer;
use crate::web::components::{
    Button, DateInput, DatePart, Fieldset, Label, Legend, Textarea, date_input, textarea,
};
use crate::web::form::shown;
use crate::web::pages::address;
use crate::web::words::date;

/// An action that settles the case, and why it cannot be taken now.
struct Way<'a> {
    name: &'a Word,
    label: &'a str,
    because: Vec<String>,
}

pub fn decision(sheet: &Sheet) -> Markup {
    let seat = sheet.seat;
    let (item, case) = (seat.item(), &seat.view.case);
    let (on, off): (Vec<_>, Vec<_>) = ways(sheet)
        .into_iter()
        .partition(|way| way.because.is_empty());
    let over = seat.meeting().stage >= Stage::Closed;
    html! {
        section class="app-section" aria-labelledby="decision" {
            h2 class="govuk-heading-m" id="decision" { "Decision" }
            @for (action, _) in &item.settled {
                p class="govuk-body" { "Recorded at this meeting: " strong { (seat.definition().done_label(action)) } }
            }
            @if case.case.pending.is_some() {
                p class="govuk-body" { "It waits for a second person. " a class="govuk-link" href=(address::case(case.id)) { "Open the case" } }
            } @else if !over {
                @if !on.is_empty() {
                    ul class="app-steps" {
                        @for way in on {
                            li class="app-steps__step" {
                                a class="govuk-link app-steps__link" href={ (address::case(case.id)) "/do/" (way.name) } { (way.label) }
                            }
                        }
                    }
                }
                @if !off.is_empty() {
                    p class="govuk-body" { "Not possible yet:" }
                    dl class="app-reasons" {
                        @for way in off { dt { (way.label) } @for sentence in way.because { dd { (sentence) } } }
                    }
                }
            }
            @if !over && item.settled.is_empty() { (recorded_by(sheet)) }
        }
    }
}

/// The actions that settle a case and are this person's to take.
fn ways<'a>(sheet: &'a Sheet) -> Vec<Way<'a>> {
    let seat = sheet.seat;
    let definition = &seat.view.case.definition;
    let offers = seat.view.case.offers(&seat.person.actor);
    let declared = sheet.meets.settling(seat.view.item.ratifies);
    let declared = declared.filter_map(|name| Some((name, definition.scheme.actions.get(name)?)));
    let own = declared.filter(|(_, action)| action.role.has(&seat.person.actor.role));
    let ways = own.map(|(name, action)| Way {
        name,
        label: &action.label,
        because: because(
            sheet,
            name,
            offers.iter().find(|offer| offer.action == **name),
        ),
    });
    ways.collect()
}

/// Why an action is off: what the room lacks, then what the case does.
fn because(sheet: &Sheet, name: &str, offer: Option<&Offer>) -> Vec<String> {
    let case = &sheet.seat.view.case;
    let room = sheet.seat.view.room.unfit.get(name);
    let mut because: Vec<_> = room.into_iter().flatten().cloned().collect();
    match offer {
        Some(offer) => because.extend(offer.because.iter().cloned()),
        None if because.is_empty() => {
            let state = case.definition.state_label(&case.case.state);
            because.push(format!("Not in the state ‘{state}’"));
        }
        None => {}
    }
    because
}

/// Who records it, for everybody else in the room.
fn recorded_by(sheet: &Sheet) -> Markup {
    let seat = sheet.seat;
    let definition = &seat.view.case.definition;
    let settling = sheet.meets.settling(seat.view.item.ratifies);
    let others = settling.filter_map(|name| {
        let action = definition.scheme.actions.get(name)?;
        let other = !action.role.has(&seat.person.actor.role);
        other.then(|| format!("{}: {}", action.label, definition.role_labels(&action.role)))
    });
    let others: Vec<_> = others.collect();
    html! {
        @if !others.is_empty() {
            p class="govuk-body" { "Recorded by others:" }
            ul class="govuk-list govuk-list--bullet" { @for other in others { li { (other) } } }
        }
    }
}

pub fn promises(sheet: &Sheet) -> Markup {
    let seat = sheet.seat;
    let of_case = |kept: &&Promised| kept.promise.case == Some(seat.case());
    let kept: Vec<_> = seat.meeting().promises.iter().filter(of_case).collect();
    html! {
        section class="app-section" aria-labelledby="promises" {
            h2 class="govuk-heading-m" id="promises" { "Promised for this case" }
            @if kept.is_empty() { p class="govuk-body" { "Nothing is promised yet." } }
            @else { ul class="govuk-list app-cards" { @for kept in kept { (promised(sheet, kept)) } } }
            @if seat.runs() && seat.meeting().stage == Stage::Begun { (form(sheet)) }
        }
    }
}

fn promised(sheet: &Sheet, kept: &Promised) -> Markup {
    html! {
        li class="app-card" {
            strong { (sheet.seat.label(&kept.promise.agency)) } " " (report_tag(kept.report))
            (shown::lines(&kept.promise.what))
            p class="app-quiet" { "By " (date(kept.promise.by)) }
            @if !kept.because.is_empty() { (shown::lines(&kept.because)) }
        }
    }
}

fn form(sheet: &Sheet) -> Markup {
    let typed = |name: &str| sheet.typed(Doing::Promise, name);
    let mut parts = DatePart::day_month_year(typed("by-day"), typed("by-month"), typed("by-year"));
    for part in &mut parts {
        part.autocomplete = "off";
    }
    let legend = Legend {
        text: "By when".into(),
        classes: "govuk-fieldset__legend--s",
        heading: false,
    };
    let fields = html! {
        (agency(sheet, Doing::Promise, "Who promises", sheet.seat.agency()))
        (textarea(&Textarea {
            label: Label { text: "What is to be done".into(), classes: "govuk-label--s", ..Label::default() },
            name: "what",
            id: "promise-what",
            value: typed("what"),
            error: sheet.error(Doing::Promise, "what").into(),
            rows: 2,
            autocomplete: "off",
            ..Textarea::default()
        }))
        (date_input(&DateInput {
            fieldset: Some(Fieldset { legend, ..Fieldset::default() }),
            id: "promise-by",
            prefix: "by",
            parts,
            hint: "The last day on which it is in time, for example, 24 11 2026".into(),
            error: sheet.error(Doing::Promise, "by-day").into(),
            ..DateInput::default()
        }))
    };
    let press = Button {
        text: "Write down the promise".into(),
        classes: "govuk-button--secondary",
        ..Button::default()
    };
    sheet.form(Doing::Promise, &fields, press)
}
