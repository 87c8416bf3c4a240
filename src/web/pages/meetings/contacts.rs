//! Whom a forum turns to at each agency: who is named, how to name somebody or take them out, and what was changed by whom.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use crate::app::App;
use crate::app::error::AppError;
use crate::app::meetings::{
    Change, Contact, Contacts, Lapse, NAMED_AS, NAMED_WHO, Naming, OfAgency, Place,
};
use crate::app::staff::Person;
use crate::domain::refusal::FieldError;
use crate::web::components::{
    Button, Checkbox, Checkboxes, Choice, Details, ErrorLink, Fieldset, Label, Legend, Radio,
    Radios, Select, button, checkboxes, details, radios, select,
};
use crate::web::form::{Sent, Typed, own_key};
use crate::web::layout::StaffPage;
use crate::web::pages::frame;
use crate::web::pages::problem::Problem;
use crate::web::pages::settling::KEY;
use crate::web::sign_in::{SignedIn, error_of};
use crate::web::words::recent;

/// The field of the agency, and that of the box for whoever can commit it.
const AGENCY: &str = "agency";
const SENIOR: &str = "senior";
const YES: &str = "yes";

/// What somebody can be: the value that is sent, and the words.
const PLACES: [(Place, &str, &str); 2] = [
    (Place::Contact, "contact", "Contact"),
    (Place::Deputy, "deputy", "Deputy"),
];
/// What is sent to take somebody out.
const OUT: &str = "out";

/// The page with what was sent and not done; nothing where it is just opened.
struct Shown<'a> {
    app: &'a App,
    contacts: &'a Contacts,
    address: String,
    typed: &'a Typed,
    errors: &'a [FieldError],
}

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(scheme): Path<String>,
) -> Result<Markup, Problem> {
    let contacts = app.see_contacts(&person, &scheme).await?;
    let nothing = Typed::default();
    Ok(show(&app, &person, &scheme, &contacts, &nothing, &[]))
}

pub async fn send(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(scheme): Path<String>,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let key = own_key(typed.text(KEY));
    let named = app.name_contact(&person.actor, &scheme, read(&typed), key);
    let errors = match named.await {
        Ok(()) => return Ok(Redirect::to(&address(&scheme)).into_response()),
        Err(AppError::Fields(errors)) => errors,
        Err(error) => return Err(Problem(error)),
    };
    let contacts = app.see_contacts(&person, &scheme).await?;
    let page = show(&app, &person, &scheme, &contacts, &typed, &errors);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The address of the page.
pub fn address(scheme: &str) -> String {
    format!("/staff/schemes/{scheme}/forum/contacts")
}

fn read(typed: &Typed) -> Naming {
    let sent = typed.text(NAMED_AS);
    let known = PLACES.iter().find(|(_, value, _)| *value == sent);
    let out = (sent == OUT).then_some(Place::Out);
    Naming {
        agency: typed.text(AGENCY).to_owned(),
        who: typed.text(NAMED_WHO).parse().ok(),
        place: known.map(|(place, _, _)| *place).or(out),
        senior: typed.text(SENIOR) == YES,
    }
}

fn show(
    app: &App,
    person: &Person,
    scheme: &str,
    contacts: &Contacts,
    typed: &Typed,
    errors: &[FieldError],
) -> Markup {
    let shown = Shown {
        app,
        contacts,
        address: address(scheme),
        typed,
        errors,
    };
    let agency = typed.text(AGENCY);
    let mut asked = contacts.agencies.iter();
    let is_asked = asked.any(|of| of.agency == agency && !of.members.is_empty());
    let links = errors.iter().map(|error| ErrorLink {
        text: error.message.as_str().into(),
        href: if is_asked {
            format!("#{}", anchor(&error.field, agency))
        } else {
            String::new()
        },
    });
    let back = format!("/staff/schemes/{scheme}/forum");
    let page = StaffPage {
        title: "Who is named for each agency",
        heading: "Who is named for each agency",
        back: &back,
        errors: links.collect(),
        body: html! { div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (shown.body()) } } },
        ..StaffPage::default()
    };
    frame::staff(person, page)
}

/// The id of a box: unique on the page, where the same is asked of every agency.
fn anchor(field: &str, agency: &str) -> String {
    format!("{field}-{agency}")
}

impl Shown<'_> {
    fn body(&self) -> Markup {
        html! {
            p class="govuk-body" {
                "The contact of an agency is asked what it holds on a case; the deputies where the contact cannot be asked. Where nobody is named, all its members are."
            }
            @for of_agency in &self.contacts.agencies { (self.of_agency(of_agency)) }
            (self.changes())
        }
    }

    fn label<'a>(&'a self, agency: &'a str) -> &'a str {
        self.contacts.definition.agency_label(agency)
    }

    fn of_agency(&self, of: &OfAgency) -> Markup {
        let label = self.label(&of.agency);
        html! {
            h2 class="govuk-heading-m" { (label) }
            @if of.contacts.is_empty() {
                p class="govuk-body" { (label) ": nobody is named yet." }
            } @else {
                ul class="app-steps" {
                    @for contact in &of.contacts {
                        li class="app-steps__step" { (self.contact(&of.agency, contact)) }
                    }
                }
            }
            @if of.members.is_empty() {
                p class="govuk-body" { "Nobody who sits in the forum speaks for it, so nobody can be named." }
            } @else {
                (self.naming(of, label))
            }
        }
    }

    fn contact(&self, agency: &str, contact: &Contact) -> Markup {
        let lapse = contact.lapse.map(|lapse| match lapse {
            Lapse::ShutOut => "their account is shut out",
            Lapse::Unshared => "their agency has no agreement in force",
            Lapse::Moved => "they have another role or agency by now",
        });
        html! {
            p class="govuk-body app-meeting__line" {
                strong { (contact.name) } ", " (as_words(contact.place, contact.senior))
                @if let Some(lapse) = lapse { ". Not counted: " (lapse) "." }
            }
            form class="app-step" method="post" action=(self.address) autocomplete="off" novalidate {
                input type="hidden" name=(KEY) value=(self.app.chance.id()) autocomplete="off";
                input type="hidden" name=(AGENCY) value=(agency) autocomplete="off";
                input type="hidden" name=(NAMED_WHO) value=(contact.id) autocomplete="off";
                (button(&Button {
                    text: html! {
                        "Take out" span class="govuk-visually-hidden" { ": " (contact.name) }
                    }.into(),
                    name: NAMED_AS,
                    value: OUT,
                    classes: "govuk-button--secondary",
                    once: Some(true),
                    ..Button::default()
                }))
            }
        }
    }

    /// The form that names somebody; open where it was sent and not done.
    fn naming(&self, of: &OfAgency, label: &str) -> Markup {
        let refused = !self.errors.is_empty() && self.typed.text(AGENCY) == of.agency;
        let errors = if refused { self.errors } else { &[] };
        let typed = |field| if refused { self.typed.text(field) } else { "" };
        let ids: Vec<_> = of.members.iter().map(|(id, _)| id.to_string()).collect();
        let nobody = Choice {
            text: "Choose somebody",
            value: Some(""),
            ..Choice::default()
        };
        let members = of.members.iter().zip(&ids);
        let members = members.map(|((_, name), id)| Choice {
            text: name,
            value: Some(id),
            ..Choice::default()
        });
        let who = select(&Select {
            label: Label {
                text: "Who".into(),
                classes: "govuk-label--s",
                ..Label::default()
            },
            name: NAMED_WHO,
            id: &anchor(NAMED_WHO, &of.agency),
            choices: std::iter::once(nobody).chain(members).collect(),
            chosen: Some(typed(NAMED_WHO)),
            error: error_of(errors, NAMED_WHO).into(),
            ..Select::default()
        });
        let form = html! {
            form class="app-step" method="post" action=(self.address) autocomplete="off" novalidate {
                input type="hidden" name=(KEY) value=(self.app.chance.id()) autocomplete="off";
                input type="hidden" name=(AGENCY) value=(of.agency) autocomplete="off";
                (who)
                (places(&of.agency, typed(NAMED_AS), &error_of(errors, NAMED_AS)))
                (commits(&of.agency, label, typed(SENIOR) == YES))
                (button(&Button {
                    text: html! { "Name them" span class="govuk-visually-hidden" { ": " (label) } }.into(),
                    once: Some(true),
                    ..Button::default()
                }))
            }
        };
        details(&Details {
            summary: html! { "Name somebody" span class="govuk-visually-hidden" { ": " (label) } }
                .into(),
            body: form.into(),
            open: refused,
            ..Details::default()
        })
    }

    fn changes(&self) -> Markup {
        let zone = &self.contacts.definition.zone;
        let change = |change: &Change| {
            let what = match change.place {
                Place::Out => "taken out".to_owned(),
                place => as_words(place, change.senior),
            };
            html! {
                (recent(change.at, self.contacts.now, zone)) ": "
                (self.label(&change.agency)) ", " (change.name) ", " (what) ". By " (change.by) "."
            }
        };
        html! {
            @if !self.contacts.changes.is_empty() {
                h2 class="govuk-heading-m" { "What was changed" }
                ul class="govuk-list" {
                    @for one in &self.contacts.changes { li { (change(one)) } }
                }
            }
        }
    }
}

/// `contact, can commit the agency`.
fn as_words(place: Place, senior: bool) -> String {
    let place = if place == Place::Contact {
        "contact"
    } else {
        "deputy"
    };
    let senior = if senior {
        ", can commit the agency"
    } else {
        ""
    };
    format!("{place}{senior}")
}

fn places(agency: &str, chosen: &str, error: &str) -> Markup {
    let items = PLACES.iter().map(|(_, value, text)| Radio {
        value,
        text: (*text).into(),
        ..Radio::default()
    });
    radios(&Radios {
        fieldset: Some(Fieldset {
            legend: Legend {
                text: "As".into(),
                classes: "govuk-fieldset__legend--s",
                ..Legend::default()
            },
            ..Fieldset::default()
        }),
        name: NAMED_AS,
        id: &anchor(NAMED_AS, agency),
        items: items.collect(),
        chosen: Some(chosen),
        hint: "There is one contact. Whoever was it before is a deputy then".into(),
        error: error.into(),
        classes: "govuk-radios--small",
        ..Radios::default()
    })
}

fn commits(agency: &str, label: &str, checked: bool) -> Markup {
    checkboxes(&Checkboxes {
        name: SENIOR,
        id: &anchor(SENIOR, agency),
        items: vec![Checkbox {
            value: YES,
            text: format!("They can commit their agency ({label})").into(),
            checked,
            ..Checkbox::default()
        }],
        classes: "govuk-checkboxes--small",
        ..Checkboxes::default()
    })
}
