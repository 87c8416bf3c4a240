//! The public front door: help first, then what this is, in words that mean nothing to somebody who glances at it.

use maud::{Markup, html};

use crate::web::components::{Button, button};
use crate::web::layout::{EXIT, PublicPage, public_page};

pub async fn page() -> Markup {
    let body = html! {
        p class="govuk-body-l" { "Use this form if you are worried about how somebody treats you, or treats someone you know." }
        p class="govuk-body" { "You can ask whether there is something about a person that you, or someone close to you, should know to be safe." }

        h2 class="govuk-heading-m" { "If you need help now" }
        ul class="govuk-list govuk-list--bullet" {
            li { "In danger: call " a class="govuk-link" href="tel:999" { "999" } ". If you cannot speak, stay on the line and press 55 on a mobile." }
            li { "Not urgent: call " a class="govuk-link" href="tel:101" { "101" } " or go to a police station. You can ask all of this there as well, and somebody writes it down for you." }
            li { "To talk to somebody first: a support service can help, free and in confidence." }
        }

        h2 class="govuk-heading-m" { "What happens next" }
        ol class="govuk-list govuk-list--number" {
            li { "You answer the questions. It takes about 15 minutes, and it cannot be saved half-way." }
            li { "We contact you as soon as we can, and only in the way and at the times you choose." }
            li { "We look into it with care. We cannot promise what comes of it, and it may be that there is nothing to say." }
        }

        h2 class="govuk-heading-m" { "If somebody could see this screen" }
        p class="govuk-body" {
            "On every page, ‘Exit this page’ takes you to a weather page at once, and what you typed is not kept. "
            "It cannot clear your browser’s history. If you can, use a private window, or another phone or computer, and close it afterwards."
        }
        p class="govuk-body" { a class="govuk-link" href=(EXIT) rel="nofollow noreferrer" { "Try it now: go to the weather" } }

        (button(&Button { text: "Start".into(), href: "/f", start: true, ..Button::default() }))
    };
    public_page(&PublicPage {
        title: "Start",
        heading: "Ask about somebody you are worried about",
        body,
        exit: true,
        ..PublicPage::default()
    })
}
