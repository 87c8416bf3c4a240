//! A form of the meeting that somebody fills in about a case: what an agency holds, or a member's view.

use maud::{Markup, html};

use super::seat::{KEY, Refused, Seat};
use crate::app::error::AppError;
use crate::domain::refusal::FieldError;
use crate::engine::definition::meets::Asks;
use crate::engine::definition::record::Record;
use crate::web::components::{Button, ErrorLink, button, unconfirmed};
use crate::web::form::fields::error_link;
use crate::web::form::{Asked, Audience, Typed};
use crate::web::layout::StaffPage;
use crate::web::pages::apply::default_button;
use crate::web::pages::case::bar;
use crate::web::pages::frame;

/// A form in front of somebody.
pub struct Paper<'a> {
    pub seat: &'a Seat,
    pub record: &'a Record,
    /// What the tab says; it names nobody.
    pub title: &'static str,
    /// What stands before the form's own fields: for whom it is, who sees it.
    pub lead: Markup,
    pub button: &'static str,
    /// Errors at fields that are the page's own, with their links.
    pub own_errors: Vec<ErrorLink>,
}

/// What is in the form, and why it was refused if it was.
pub struct Filled<'a> {
    pub typed: &'a Typed,
    pub key: String,
    pub refused: Option<&'a Refused>,
}

impl<'a> Filled<'a> {
    /// A form that is opened.
    pub fn fresh(seat: &Seat, typed: &'a Typed) -> Self {
        Self {
            typed,
            key: seat.app.chance.id().to_string(),
            refused: None,
        }
    }

    /// A form that comes back with more room, or less. It keeps its key.
    pub fn with_key(seat: &Seat, typed: &'a Typed, key: &str) -> Self {
        let fresh = Self::fresh(seat, typed);
        let key = if key.is_empty() {
            fresh.key
        } else {
            key.to_owned()
        };
        Self { key, ..fresh }
    }

    /// A form that comes back refused. It keeps its key, as long as that can still be used.
    pub fn again(seat: &Seat, typed: &'a Typed, key: &str, refused: &'a Refused) -> Self {
        let key = if refused.is_spent { "" } else { key };
        Self {
            refused: Some(refused),
            ..Self::with_key(seat, typed, key)
        }
    }

    pub fn errors(&self) -> &'a [FieldError] {
        self.refused.map_or(&[], |refused| &refused.errors)
    }
}

/// The record of a form.
///
/// # Errors
/// `NotFound` where the edition has none.
pub fn record_of<'a>(seat: &'a Seat, asks: &Asks) -> Result<&'a Record, AppError> {
    let record = seat.definition().records.get(&*asks.form);
    record.ok_or(AppError::NotFound)
}

/// The page.
pub fn page(paper: Paper, filled: &Filled) -> Markup {
    let seat = paper.seat;
    let asked = Asked {
        record: paper.record,
        typed: filled.typed,
        errors: filled.errors(),
        audience: Audience::Staff,
    };
    let whole = filled.refused.into_iter().flat_map(Refused::whole);
    let fields = filled.errors().iter();
    let fields = fields.filter(|error| paper.record.fields.has(root(error)));
    let fields = fields.map(|error| error_link(Some(paper.record), error));
    let doubt = paper.record.unconfirmed.as_ref();
    let back = seat.address();
    let body = html! {
        @if let Some(help) = &paper.record.help {
            p class="govuk-body" { (help) @if let Some(doubt) = doubt { " " (unconfirmed(&doubt.sentence())) } }
        }
        form class="app-form" method="post" autocomplete="off" novalidate {
            (default_button("send"))
            input type="hidden" name=(KEY) value=(filled.key) autocomplete="off";
            (paper.lead)
            (asked.fields())
            div class="govuk-button-group" {
                (button(&Button { text: paper.button.into(), once: Some(true), ..Button::default() }))
                a class="govuk-link" href=(back) { "Leave without saving" }
            }
        }
    };
    let page = StaffPage {
        title: paper.title,
        heading: &paper.record.label,
        back: &back,
        above: bar::bar(&seat.view.case),
        errors: whole.chain(paper.own_errors).chain(fields).collect(),
        body: html! { div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (body) } } },
        ..StaffPage::default()
    };
    frame::staff(&seat.person, page)
}

fn root(error: &FieldError) -> &str {
    error.field.split('.').next().unwrap_or_default()
}
