//! The referrals that somebody made: for each its reference, and how far it has come in one of three words. What was found or
//! decided never stands here. What more there is to read of one, if its scheme tells more, has a page of its own: see `feedback`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::problem::Problem;
use super::{agreements, feedback, frame, refer};
use crate::app::App;
use crate::app::referrals::{MOST, Receipts};
use crate::app::staff::Person;
use crate::web::components::{
    Cell, Column, Content, NotificationBanner, Table, notification_banner, scroll_region, table,
};
use crate::web::layout::{REFERRALS, STAFF_HOME, StaffPage};
use crate::web::sign_in::SignedIn;
use crate::web::sign_in::cookie::{Name, Secure};
use crate::web::words::{date, today};

/// What the list is called.
const TITLE: &str = "Your referrals";

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    secure: Secure,
    jar: CookieJar,
) -> Result<Response, Problem> {
    let receipts = app.see_referrals(&person).await?;
    let zone = app.definitions.zone(&person.actor.authority);
    let sent = jar.get(secure.name(Name::Sent));
    let sent = sent.map(|cookie| received(&person, cookie.value()));
    let body = match agreements::missing(&app, &person) {
        Some(why) => why,
        None => list(&receipts, &zone),
    };
    let page = StaffPage {
        title: TITLE,
        heading: TITLE,
        back: STAFF_HOME,
        above: sent.unwrap_or_default(),
        body: html! { (body) (ways(&app, &person)) },
        ..StaffPage::default()
    };
    let page = frame::staff(&person, page);
    Ok((jar.add(secure.removal(Name::Sent)), page).into_response())
}

/// What stands above the list once, after something was sent.
fn received(person: &Person, reference: &str) -> Markup {
    notification_banner(&NotificationBanner {
        body: html! {
            p class="govuk-notification-banner__heading" { "We have received your referral. Its reference is " (reference) "." }
            p class="govuk-body" {
                "Somebody at " (person.authority) " reads it, and asks you if more is needed, in the way you gave. To add something, call "
                a class="govuk-notification-banner__link" href="tel:101" { "101" } " and read out the reference. If someone is in danger, call "
                a class="govuk-notification-banner__link" href="tel:999" { "999" } "."
            }
        },
        success: true,
        ..NotificationBanner::default()
    })
}

fn list(receipts: &Receipts, zone: &TimeZone) -> Markup {
    if receipts.newest.is_empty() {
        return html! { p class="govuk-body" { "You have made no referrals." } };
    }
    let column = |text: &'static str| Column {
        text: text.into(),
        ..Column::default()
    };
    let rows = receipts.newest.iter().map(|receipt| {
        let more = receipt.more.then_some("There is something to read");
        let link = html! {
            a class="govuk-link" href=(feedback::address(receipt.case)) { (receipt.reference) }
            @if let Some(more) = more { p class="app-quiet" { (more) } }
        };
        let cells: [Content; 4] = [
            link.into(),
            receipt.progress.word().into(),
            date(today(receipt.received_at, zone)).into(),
            receipt.scheme.as_str().into(),
        ];
        cells.into_iter().map(Cell::from).collect()
    });
    let table = table(&Table {
        caption: "Your referrals, the newest first".into(),
        caption_classes: "govuk-visually-hidden",
        head: ["Reference", "Now", "Received on", "Scheme"]
            .map(column)
            .into(),
        rows: rows.collect(),
        row_headers: true,
        classes: "app-queue",
    });
    html! {
        p class="govuk-body" {
            "How far each has come. What was found or decided is not told here, whatever it is. Choose a reference to read what we can tell you."
        }
        (scroll_region(TITLE, &table))
        @if receipts.more {
            p class="govuk-body" { "These are your newest " (MOST) " referrals. Older ones are not shown." }
        }
    }
}

/// The forms that somebody may fill in.
fn ways(app: &App, person: &Person) -> Markup {
    html! {
        ul class="govuk-list" {
            @for way in app.ways_to_refer(&person.actor) {
                li { a class="govuk-link" href=(refer::address(&way.scheme)) { "Make a referral: " (way.name) } }
            }
        }
    }
}

/// The ways here and to the forms, for whoever refers.
pub fn on_desk(app: &App, person: &Person) -> Markup {
    html! {
        @if person.refers {
            // Where somebody does nothing else, this is what the page is called.
            @if !person.only_refers() { h2 class="govuk-heading-m app-desk-more" { "Referrals" } }
            (ways(app, person))
            p class="govuk-body" { a class="govuk-link" href=(REFERRALS) { (TITLE) } }
        }
    }
}
