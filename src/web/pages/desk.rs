//! Where somebody's day begins: the queues of their role, and how much waits in each.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::problem::Problem;
use super::{agreements, break_glass, frame, keeping, look_reviews, many, messages, referrals};
use crate::app::App;
use crate::app::bulk::OnMany;
use crate::app::desk::DeskQueue;
use crate::app::epoch::Hold;
use crate::web::components::{
    NotificationBanner, Tag, WarningText, notification_banner, tag, warning_text,
};
use crate::web::layout::StaffPage;
use crate::web::sign_in::SignedIn;
use crate::web::words::{count, moment};

/// What the address says after somebody has kept themselves away from a case.
pub const KEPT_AWAY: &str = "kept-away";

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let desk = app.see_desk(&person.actor).await?;
    let zone = app.definitions.zone(&person.actor.authority);
    let held = app.hold().await?.map(|hold| held(&hold, &zone));
    let messages = messages::on_desk(&app, &person, held.is_some()).await?;
    let looks = look_reviews::on_desk(&app, &person).await?;
    let keeping = keeping::on_desk(&app, &person).await?;
    let page = StaffPage {
        title: frame::home(&person),
        heading: frame::home(&person),
        above: html! {
            @if query.as_deref() == Some(KEPT_AWAY) { (kept_away()) }
            (held.unwrap_or_default())
        },
        body: html! {
            (agreements::on_desk(&app, &person)) (messages) (looks) (keeping)
            @match agreements::missing(&app, &person) {
                Some(why) => (why),
                None => { (body(&desk, person.only_refers())) (on_many(&app.on_many(&person.actor))) },
            }
            (referrals::on_desk(&app, &person))
            (break_glass::on_desk(&person))
        },
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

/// Which case it was stands on no page of theirs any more (L10).
fn kept_away() -> Markup {
    notification_banner(&NotificationBanner {
        text: "Your conflict is recorded. You see nothing of that case any more, and others go on with it.".into(),
        success: true,
        ..NotificationBanner::default()
    })
}

/// Nobody else is told by mail while this stands, so it stands above everything.
fn held(hold: &Hold, zone: &TimeZone) -> Markup {
    let since = moment(hold.since, zone);
    let sentence = format!(
        "Messages are held since {since}: {}. Nobody is told of new work until an operator releases them.",
        hold.cause.sentence()
    );
    warning_text(&WarningText {
        text: sentence.into(),
        ..WarningText::default()
    })
}

fn body(desk: &[DeskQueue], only_refers: bool) -> Markup {
    let mut schemes: Vec<&str> = desk.iter().map(|queue| queue.scheme.as_str()).collect();
    schemes.dedup();
    html! {
        @if schemes.is_empty() && !only_refers {
            p class="govuk-body" { "Your role works no queues." }
        }
        @for scheme in &schemes {
            @if schemes.len() > 1 { h2 class="govuk-heading-m" { (scheme) } }
            (queues(desk.iter().filter(|queue| queue.scheme == **scheme)))
        }
    }
}

fn queues<'a>(queues: impl Iterator<Item = &'a DeskQueue>) -> Markup {
    let (waiting, empty): (Vec<_>, Vec<_>) = queues.partition(|queue| queue.count.waiting > 0);
    html! {
        @if waiting.is_empty() {
            p class="govuk-body" { "Nothing waits for you." }
        } @else {
            ul class="app-desk" {
                @for queue in &waiting {
                    li class="app-desk__queue" {
                        a class="govuk-link app-desk__link" href=(address_of(queue)) {
                            span class="app-desk__label" { (queue.label) }
                            " "
                            span class="app-desk__count" { (queue.count.waiting) span class="govuk-visually-hidden" { " waiting" } }
                        }
                        @if queue.count.urgent > 0 {
                            (tag(&Tag { text: format!("{} urgent", queue.count.urgent).into(), classes: "govuk-tag--red" }))
                        }
                        p class="app-desk__why" { (queue.why) }
                    }
                }
            }
        }
        @if !empty.is_empty() {
            p class="app-quiet" {
                (count(i64::try_from(empty.len()).unwrap_or(0), "queue")) " with nothing in: "
                @for (place, queue) in empty.iter().enumerate() {
                    @if place > 0 { " · " }
                    a class="govuk-link govuk-link--muted" href=(address_of(queue)) { (queue.label) }
                }
            }
        }
    }
}

fn on_many(offered: &[OnMany]) -> Markup {
    html! {
        @if !offered.is_empty() {
            h2 class="govuk-heading-m app-desk-more" { "On many cases at once" }
            ul class="govuk-list" {
                @for offer in offered {
                    li { a class="govuk-link" href=(many::address_of(&offer.scheme, &offer.action)) { (offer.label) } }
                }
            }
        }
    }
}

fn address_of(queue: &DeskQueue) -> String {
    address(&queue.count.scheme, &queue.count.queue)
}

/// The address of a queue.
pub fn address(scheme: &str, queue: &str) -> String {
    format!("/staff/schemes/{scheme}/queues/{queue}")
}
