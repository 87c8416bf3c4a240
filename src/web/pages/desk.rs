//! Where somebody's day begins: the queues of their role, and how much waits in each.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};

use super::frame;
use super::problem::Problem;
use crate::app::App;
use crate::app::read::Desk;
use crate::web::components::{Tag, tag};
use crate::web::layout::StaffPage;
use crate::web::sign_in::SignedIn;
use crate::web::words::count;

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
) -> Result<Markup, Problem> {
    let desk = app.see_desk(&person.actor).await?;
    let page = StaffPage {
        title: "Your queues",
        heading: "Your queues",
        body: queues(&desk),
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, &desk.definition, page))
}

fn queues(desk: &Desk) -> Markup {
    let (waiting, empty): (Vec<_>, Vec<_>) =
        desk.queues.iter().partition(|(_, count)| count.waiting > 0);
    html! {
        @if desk.queues.is_empty() {
            p class="govuk-body" { "Your role works no queues." }
        } @else if waiting.is_empty() {
            p class="govuk-body" { "Nothing waits for you." }
        }
        @if !waiting.is_empty() {
            ul class="app-desk" {
                @for (label, waits) in &waiting {
                    @let why = desk.definition.scheme.queues.get(&waits.queue).map_or("", |queue| queue.why.as_str());
                    li class="app-desk__queue" {
                        a class="govuk-link app-desk__link" href=(address(&waits.queue)) {
                            span class="app-desk__label" { (label) }
                            " "
                            span class="app-desk__count" { (waits.waiting) span class="govuk-visually-hidden" { " waiting" } }
                        }
                        @if waits.urgent > 0 {
                            (tag(&Tag { text: format!("{} urgent", waits.urgent).into(), classes: "govuk-tag--red" }))
                        }
                        p class="app-desk__why" { (why) }
                    }
                }
            }
        }
        @if !empty.is_empty() {
            p class="app-quiet" {
                (count(i64::try_from(empty.len()).unwrap_or(0), "queue")) " with nothing in: "
                @for (place, (label, waits)) in empty.iter().enumerate() {
                    @if place > 0 { " · " }
                    a class="govuk-link govuk-link--muted" href=(address(&waits.queue)) { (label) }
                }
            }
        }
    }
}

/// The address of a queue.
pub fn address(queue: &str) -> String {
    format!("/staff/queues/{queue}")
}
