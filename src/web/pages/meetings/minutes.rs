//! The minutes: the record of the meeting itself, what people want otherwise in them, and their approval.

use std::iter;

use maud::{Markup, html};

use super::one::{One, Step};
use super::sent::{Does, OF_CASE, TEXT, VERSION, anchor};
use crate::engine::meeting::event::{Event, Recorded};
use crate::engine::meeting::table::{Comment, Stage};
use crate::web::components::{Choice, Content, Label, Row, Select, select};
use crate::web::form::shown;

impl One<'_> {
    /// When the meeting was called, settled, begun, ended and approved, and by whom.
    pub fn course(&self) -> Vec<Row<'_>> {
        let rows = self.view.history.iter().filter_map(|one| {
            let (what, because) = step_of(&one.event)?;
            Some(Row {
                key: what.into(),
                value: self.by(one, because),
                ..Row::default()
            })
        });
        rows.collect()
    }

    fn by(&self, one: &Recorded, because: &str) -> Content {
        html! {
            (self.when(one.at)) ", " (self.name(&one.actor.id))
            @if !because.is_empty() { (shown::lines(because)) }
        }
        .into()
    }

    /// What people want otherwise, and the form for it.
    pub fn comments(&self) -> Markup {
        let meeting = &self.view.meeting;
        html! {
            @if !meeting.comments.is_empty() {
                h2 class="govuk-heading-m" { "Comments" }
                @for comment in &meeting.comments { (self.commented(comment)) }
            }
            @if meeting.stage == Stage::Closed { (self.comment()) (self.approve()) }
        }
    }

    fn commented(&self, comment: &Comment) -> Markup {
        let spoken = &comment.spoken;
        let about = comment.case.and_then(|case| self.reference(case));
        html! {
            section class="app-section" {
                p class="app-quiet" {
                    @if let Some(reference) = about { (reference) ": " }
                    (self.name(&spoken.by.id)) ", " (self.agency(self.view.agency_of(&spoken.by))) ", " (self.when(spoken.at))
                }
                div class="app-reason" { (shown::lines(&spoken.text)) }
            }
        }
    }

    /// What a comment is about: its words are kept with the papers of that case.
    fn about(&self) -> Markup {
        let does = Does::Comment;
        let ids = self.view.meeting.items.iter();
        let ids: Vec<_> = ids
            .filter_map(|item| {
                let reference = self.reference(item.listing.case)?;
                Some((item.listing.case.to_string(), reference))
            })
            .collect();
        let whole = Choice {
            text: "The meeting as a whole",
            value: Some(""),
            ..Choice::default()
        };
        let cases = ids.iter().map(|(id, reference)| Choice {
            text: reference,
            value: Some(id),
            ..Choice::default()
        });
        select(&Select {
            label: Label {
                text: "What it is about".into(),
                classes: "govuk-label--s",
                ..Label::default()
            },
            name: OF_CASE,
            id: &anchor(does.name(), "", OF_CASE),
            choices: iter::once(whole).chain(cases).collect(),
            chosen: Some(self.typed(does, "", OF_CASE)),
            ..Select::default()
        })
    }

    fn comment(&self) -> Markup {
        let took_part = self.view.meeting.people.contains_key(&self.view.who.id);
        let does = Does::Comment;
        let open = self.view.definition.meets();
        let hint = open.map_or_else(String::new, |meets| {
            format!(
                "Comments can be made for {} after the meeting",
                &*meets.comments_for
            )
        });
        html! {
            @if took_part || self.runs() {
                (self.form(&Step {
                    does,
                    about: "",
                    fields: html! { (self.about()) (self.words(does, "", (TEXT, "What should be otherwise"), &hint)) },
                    button: "Comment",
                    aloud: "",
                    classes: "govuk-button--secondary",
                }))
            }
        }
    }

    fn approve(&self) -> Markup {
        let version = self.view.meeting.version;
        html! {
            @if self.view.chairs() {
                (self.form(&Step {
                    does: Does::Approve,
                    about: "",
                    fields: html! {
                        input type="hidden" name=(VERSION) value=(version) autocomplete="off";
                        p class="govuk-body" { "Once they are approved, the minutes cannot be changed. What became of promises can still be recorded." }
                    },
                    button: "Approve the minutes",
                    aloud: "",
                    classes: "",
                }))
            }
        }
    }
}

/// An event that belongs to the course of the meeting, with the reason that was given.
pub fn step_of(event: &Event) -> Option<(&'static str, &str)> {
    Some(match event {
        Event::Convened { because, .. } => ("Called", because),
        Event::Moved { because, .. } => ("Moved", because),
        Event::CalledOff { because } => ("Called off", because),
        Event::AgendaSealed { .. } => ("Agenda settled", ""),
        Event::Begun => ("Begun", ""),
        Event::Closed => ("Ended", ""),
        Event::Approved => ("Minutes approved", ""),
        _ => return None,
    })
}
