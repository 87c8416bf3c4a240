//! What every part of the page of a meeting shares: who looks, the meeting as they see it, what was sent and not done, and the form
//! that asks one thing of the meeting.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::address;
use super::sent::{ABOUT, BECAUSE, DOES, Does, anchor};
use crate::app::App;
use crate::app::meetings::MeetingView;
use crate::domain::id::CaseId;
use crate::domain::refusal::FieldError;
use crate::engine::meeting::table::Stage;
use crate::web::components::{
    Button, Details, ErrorLink, Label, Textarea, button, details, textarea,
};
use crate::web::form::Typed;
use crate::web::pages::settling::KEY;
use crate::web::words::recent;

/// What was sent and not done, with the reasons; nothing on a page that is just opened.
#[derive(Debug, Default)]
pub struct Refused {
    pub typed: Typed,
    pub errors: Vec<FieldError>,
}

/// The page of a meeting.
pub struct One<'a> {
    pub app: &'a App,
    pub view: &'a MeetingView,
    pub zone: TimeZone,
    pub refused: &'a Refused,
}

/// A form that asks one thing of the meeting.
pub struct Step<'a> {
    pub does: Does,
    /// The case or promise that it is about, where there are several.
    pub about: &'a str,
    pub fields: Markup,
    pub button: &'a str,
    /// What the button is about, for those who hear it alone.
    pub aloud: &'a str,
    pub classes: &'a str,
}

impl Refused {
    /// The reasons, each with a link to its box where it has one.
    pub fn links(&self) -> Vec<ErrorLink> {
        let (does, about) = (self.typed.text(DOES), self.typed.text(ABOUT));
        let link = |error: &FieldError| ErrorLink {
            text: error.message.as_str().into(),
            href: if error.field.is_empty() {
                String::new()
            } else {
                format!("#{}", anchor(does, about, &error.field))
            },
        };
        self.errors.iter().map(link).collect()
    }
}

impl<'a> One<'a> {
    /// Whether this very form was sent and not done.
    pub fn was_refused(&self, does: Does, about: &str) -> bool {
        let typed = &self.refused.typed;
        typed.text(DOES) == does.name() && typed.text(ABOUT) == about
    }

    /// What was typed into a box of a form that was not done.
    pub fn typed(&self, does: Does, about: &str, field: &str) -> &'a str {
        if self.was_refused(does, about) {
            self.refused.typed.text(field)
        } else {
            ""
        }
    }

    /// What is wrong with the boxes of a form.
    pub fn errors(&self, does: Does, about: &str) -> &'a [FieldError] {
        if self.was_refused(does, about) {
            &self.refused.errors
        } else {
            &[]
        }
    }

    pub fn error(&self, does: Does, about: &str, field: &str) -> String {
        let mut errors = self.errors(does, about).iter();
        let found = errors.find(|error| error.field == field);
        found.map_or_else(String::new, |error| error.message.clone())
    }

    pub fn form(&self, step: &Step<'_>) -> Markup {
        html! {
            form class="app-step" method="post" action=(address(self.view.id)) autocomplete="off" novalidate {
                input type="hidden" name=(KEY) value=(self.app.chance.id()) autocomplete="off";
                @if !step.about.is_empty() { input type="hidden" name=(ABOUT) value=(step.about) autocomplete="off"; }
                (step.fields)
                (button(&Button {
                    text: html! {
                        (step.button)
                        @if !step.aloud.is_empty() { span class="govuk-visually-hidden" { ": " (step.aloud) } }
                    }.into(),
                    name: DOES,
                    value: step.does.name(),
                    classes: step.classes,
                    once: Some(true),
                    ..Button::default()
                }))
            }
        }
    }

    /// A form folded away under a summary; it is open where it was sent and not done.
    pub fn folded(&self, summary: &str, step: &Step<'_>) -> Markup {
        details(&Details {
            summary: html! {
                (summary)
                @if !step.aloud.is_empty() { span class="govuk-visually-hidden" { ": " (step.aloud) } }
            }
            .into(),
            body: self.form(step).into(),
            open: self.was_refused(step.does, step.about),
            classes: "app-step app-trace",
            ..Details::default()
        })
    }

    /// The box for a reason.
    pub fn why(&self, does: Does, about: &str, hint: &str) -> Markup {
        self.words(does, about, (BECAUSE, "Why"), hint)
    }

    /// A box for words: its name and its label.
    pub fn words(&self, does: Does, about: &str, named: (&str, &str), hint: &str) -> Markup {
        let (name, label) = named;
        textarea(&Textarea {
            label: Label {
                text: label.into(),
                classes: "govuk-label--s",
                ..Label::default()
            },
            name,
            id: &anchor(does.name(), about, name),
            value: self.typed(does, about, name),
            hint: hint.into(),
            error: self.error(does, about, name).into(),
            rows: 3,
            autocomplete: "off",
            ..Textarea::default()
        })
    }

    /// Whether it can still be changed when, where and about what it is.
    pub fn is_to_come(&self) -> bool {
        self.view.meeting.stage < Stage::Begun
    }

    /// Whether whoever looks keeps the agenda or drives the meeting.
    pub fn runs(&self) -> bool {
        self.view.convenes() || self.view.chairs()
    }

    pub fn agency<'b>(&'b self, name: &'b str) -> &'b str {
        self.view.definition.agency_label(name)
    }

    /// The labels of agencies, with commas between.
    pub fn agencies<'b>(&self, names: impl Iterator<Item = &'b str>) -> String {
        let labels: Vec<_> = names
            .map(|name| self.view.definition.agency_label(name))
            .collect();
        labels.join(", ")
    }

    /// What a case is called.
    pub fn reference(&self, case: CaseId) -> Option<&str> {
        let row = self.view.cases.get(&case);
        row.map(|row| row.reference.as_str())
    }

    /// The name behind an account.
    pub fn name<'b>(&'b self, account: &'b str) -> &'b str {
        let known = self.view.names.get(account);
        known.map_or("somebody whose account is gone", String::as_str)
    }

    pub fn when(&self, at: Timestamp) -> String {
        recent(at, self.view.now, &self.zone)
    }

    /// `14:30`.
    pub fn hour(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M").to_string()
    }
}
