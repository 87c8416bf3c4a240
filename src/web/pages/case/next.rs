//! What this person may do now, what else there is at any time, and, for what is off, every reason why.

use maud::{Markup, html};

use crate::app::read::CaseView;
use crate::app::staff::Person;
use crate::engine::definition::builtin::{CONFIRM, SEND_BACK};
use crate::engine::definition::scheme::Action;
use crate::engine::offers::Offer;
use crate::web::components::{Details, details};
use crate::web::pages::address;

pub fn next(view: &CaseView, person: &Person) -> Markup {
    let offers = view.offers(&person.actor);
    // The proposal has its own place and buttons.
    let mine = offers
        .iter()
        .filter(|offer| offer.in_role && offer.action != CONFIRM && offer.action != SEND_BACK);
    let (on, off): (Vec<&Offer>, Vec<&Offer>) = mine.partition(|offer| offer.allowed);
    let (steps, always): (Vec<&Offer>, Vec<&Offer>) =
        on.into_iter().partition(|offer| belongs_here(view, offer));
    html! {
        section class="app-section" aria-labelledby="next" {
            h2 class="govuk-heading-m" id="next" { "What you can do now" }
            @if steps.is_empty() {
                p class="govuk-body" { "Nothing in this state is for you to do" @if !off.is_empty() { " yet" } "." }
            } @else {
                ul class="app-steps" { @for offer in steps { (step(view, offer)) } }
            }
            @if !off.is_empty() { (details(&Details { summary: format!("Not possible yet ({})", off.len()).into(), body: reasons(&off).into(), ..Details::default() })) }
            @if !always.is_empty() {
                p class="app-always" {
                    "At any time: "
                    @for (place, offer) in always.iter().enumerate() {
                        @if place > 0 { " · " }
                        a class="govuk-link" href=(to_do(view, offer)) { (offer.label) }
                    }
                }
            }
        }
    }
}

/// Whether an action is a step of the present state rather than one for any time.
fn belongs_here(view: &CaseView, offer: &Offer) -> bool {
    let action = view.definition.scheme.actions.get(&offer.action);
    action.is_some_and(|action| !action.from.has(Action::ANY_OPEN))
}

fn step(view: &CaseView, offer: &Offer) -> Markup {
    let action = view.definition.scheme.actions.get(&offer.action);
    let to = action.and_then(|action| action.to.as_ref());
    let roles = offer.second_person.as_ref().map(|roles| {
        let labels: Vec<_> = roles
            .iter()
            .map(|role| view.definition.role_label(role))
            .collect();
        labels.join(" or ")
    });
    html! {
        li class="app-steps__step" {
            a class="govuk-link app-steps__link" href=(to_do(view, offer)) { (offer.label) }
            @if let Some(to) = to { span class="app-quiet" { " → " (view.definition.state_label(to)) } }
            @if let Some(roles) = roles { span class="app-quiet" { ", with a second person: " (roles) } }
        }
    }
}

fn reasons(off: &[&Offer]) -> Markup {
    html! {
        dl class="app-reasons" {
            @for offer in off {
                dt { (offer.label) }
                @for sentence in &offer.because { dd { (sentence) } }
            }
        }
    }
}

fn to_do(view: &CaseView, offer: &Offer) -> String {
    format!("{}/do/{}", address::case(view.id), offer.action)
}
