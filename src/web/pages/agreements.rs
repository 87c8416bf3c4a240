//! Information-sharing agreements as staff see them: those in force, that one ends soon, and why somebody is shown nothing.

use maud::{Markup, html};

use crate::app::App;
use crate::app::agreements::SOON;
use crate::app::staff::Person;
use crate::domain::class::FieldClass;
use crate::engine::definition::agreement::Agreement;
use crate::web::components::{
    Card, Content, Row, SummaryList, WarningText, summary_list, unconfirmed_because, warning_text,
};
use crate::web::layout::SCHEMES;
use crate::web::words::date;

/// The part of the page of schemes that an auditor reads.
pub fn section(app: &App, person: &Person) -> Markup {
    let agreements = app.agreements_of(&person.actor.authority);
    html! {
        h2 class="govuk-heading-m" { "Information-sharing agreements" }
        p class="govuk-body" {
            "People and machines of another agency are shown nothing without an agreement in force. With one they are shown what it names, and never more than their role sees."
        }
        @if agreements.is_empty() { p class="govuk-body" { "No agreement is in force." } }
        @for agreement in agreements {
            (summary_list(&SummaryList {
                card: Some(Card { title: agreement.label.as_str().into(),
                    level: 3, ..Card::default() }),
                rows: facts(agreement),
                ..SummaryList::default()
            }))
        }
    }
}

fn facts(agreement: &Agreement) -> Vec<Row<'static>> {
    let shared = agreement.fields.iter().copied();
    let also = shared.filter(|class| *class != FieldClass::Process);
    let shared = also
        .chain([FieldClass::Process])
        .map(|class| class.label().to_owned());
    let days = format!(
        "{} to {}; signed on {}",
        date(agreement.from),
        date(agreement.until),
        date(agreement.signed)
    );
    let basis = html! {
        (*agreement.basis.is) br; (*agreement.basis.source)
        @if let Some(why) = &agreement.unconfirmed { " " (unconfirmed_because(why)) }
    };
    let row = |key: &'static str, value: Content| Row {
        key: key.into(),
        value,
        ..Row::default()
    };
    vec![
        row("Parties", list(&agreement.parties).into()),
        row("For", list(&agreement.purposes).into()),
        row("Shared", list(&shared.collect::<Vec<_>>()).into()),
        row("Lawful basis", basis.into()),
        row("In force", days.into()),
        row("Accounts of", agreement.agencies.join(", ").into()),
    ]
}

fn list(texts: &[String]) -> Markup {
    html! { ul class="govuk-list" { @for text in texts { li { (text) } } } }
}

/// On the desk of whoever sees to it that agreements are looked at again in time.
pub fn on_desk(app: &App, person: &Person) -> Markup {
    let ending = app.agreements_to_review(&person.actor);
    html! {
        @for agreement in ending {
            (warning_text(&WarningText {
                text: html! {
                    a class="govuk-link" href=(SCHEMES) { (agreement.label) }
                    " ends within " (SOON) " days, on " (date(agreement.until))
                    ". From the next day its agencies are shown nothing."
                }.into(),
                ..WarningText::default()
            }))
        }
    }
}

/// Why somebody is shown nothing, if that is for want of an agreement.
pub fn missing(app: &App, person: &Person) -> Option<Markup> {
    let sentence = html! {
        p class="govuk-body" {
            "Your organisation has no information-sharing agreement in force with " (person.authority)
            ", so no case is shown to you. Ask whoever looks after agreements in your organisation, or the person who invited you."
        }
    };
    app.is_unshared(&person.actor).then_some(sentence)
}
