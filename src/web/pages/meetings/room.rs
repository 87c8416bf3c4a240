//! Who is here for which agency, who does not come, and who accepted that what is said stays in the room.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::one::One;
use crate::app::meetings::Place;
use crate::engine::meeting::event::Form;
use crate::engine::meeting::table::{Attendance, Coming};
use crate::web::components::{Row, SummaryList, summary_list};

impl One<'_> {
    pub fn room(&self) -> Markup {
        let over = self.view.meeting.is_over();
        let heading = match (over, self.is_awaited()) {
            (true, _) => "Attendance",
            (_, true) => "Who comes",
            _ if self.is_in_writing() => "Who takes part",
            _ => "Who is here",
        };
        let rows = self.listed().into_iter().map(|agency| Row {
            key: self.agency(agency).into(),
            value: self.of_agency(agency).into(),
            ..Row::default()
        });
        html! {
            h2 class="govuk-heading-m" { (heading) }
            (summary_list(&SummaryList { rows: rows.collect(), classes: "app-answers", ..SummaryList::default() }))
        }
    }

    /// The agencies of the scheme in its order, then others that somebody came for.
    fn listed(&self) -> Vec<&str> {
        let known: Vec<&str> = self
            .view
            .definition
            .agencies()
            .map(|(name, _)| &**name)
            .collect();
        let people = self.view.meeting.people.values();
        let came: BTreeSet<&str> = people
            .map(|person| self.view.agency_of(&person.who))
            .collect();
        let others: Vec<_> = came
            .into_iter()
            .filter(|agency| !known.contains(agency))
            .collect();
        known.into_iter().chain(others).collect()
    }

    fn of_agency(&self, agency: &str) -> Markup {
        let meeting = &self.view.meeting;
        let people = meeting.people.values();
        let own: Vec<_> = people
            .filter(|person| self.view.agency_of(&person.who) == agency)
            .collect();
        let came = own.iter().any(|person| person.came_at.is_some());
        let comes = self.is_to_come() && self.coming_for(agency).next().is_some();
        let nobody = !came && !comes;
        let needed = self.view.definition.meets();
        let needed = needed.is_some_and(|meets| meets.quorum.has(agency));
        html! {
            @if self.is_to_come() { (self.contact_of(agency)) }
            @for person in &own { p class="app-meeting__person" { (self.person_words(person)) } }
            @if self.is_to_come() {
                @for coming in self.coming_for(agency) {
                    p class="app-meeting__person" { (self.name(&coming.who.id)) " comes" }
                }
            }
            @if let Some(because) = meeting.apologies.get(agency) {
                p class="app-meeting__person" { "Apologies: " (because) }
            } @else if nobody {
                p class="app-meeting__person" {
                    @if meeting.is_over() {
                        "Did not come"
                    } @else if !self.is_to_come() || self.is_in_writing() {
                        "Nobody yet"
                    } @else {
                        "Has not said whether anybody comes"
                    }
                    @if needed { ", and needed to decide" }
                }
            }
        }
    }

    /// Whether it has not begun and nobody is here, and people come at all.
    pub fn is_awaited(&self) -> bool {
        let meeting = &self.view.meeting;
        self.is_to_come() && !self.is_in_writing() && meeting.present().next().is_none()
    }

    fn is_in_writing(&self) -> bool {
        self.view.meeting.form == Form::Written
    }

    /// Those who said that they come and are not here.
    fn coming_for<'b>(&'b self, agency: &'b str) -> impl Iterator<Item = &'b Coming> {
        let meeting = &self.view.meeting;
        let coming = meeting.coming.iter();
        let coming = coming.filter(|(account, _)| {
            let here = meeting.people.get(*account);
            here.is_none_or(|person| person.came_at.is_none())
        });
        coming
            .map(|(_, coming)| coming)
            .filter(move |coming| coming.agency == agency)
    }

    /// Who is asked what an agency holds, by name. It says who is named and never who was asked on a case: the one can have a conflict
    /// with it that nobody here may know of (L10).
    fn contact_of(&self, agency: &str) -> Markup {
        let named = |place| self.view.people.names(agency, place).join(", ");
        let (contact, deputies) = (named(Place::Contact), named(Place::Deputy));
        html! {
            @if !contact.is_empty() {
                p class="app-meeting__person" { "Asked: " (contact) ", contact" }
            } @else if !deputies.is_empty() {
                p class="app-meeting__person" { "Asked: " (deputies) ", deputy" }
            }
        }
    }

    /// That they accepted stands in the minutes; in the room it goes without saying, as nobody comes in without.
    fn person_words(&self, person: &Attendance) -> Markup {
        let accepted = person.accepted_at;
        let told = accepted.filter(|_| self.view.meeting.is_over() || person.came_at.is_none());
        let role = self.view.definition.role_label(&person.who.role);
        let (here, not) = if self.is_in_writing() {
            ("takes part", "does not take part")
        } else {
            ("here", "not here")
        };
        html! {
            (self.name(&person.who.id)) ", " (role) ": "
            @match (person.came_at, person.left_at) {
                (Some(came), Some(left)) => { (here) " from " (self.hour(came)) " to " (self.hour(left)) },
                (Some(came), None) => { (here) " since " (self.hour(came)) },
                (None, _) => (not),
            }
            @match told {
                Some(at) => { ". Accepted at " (self.hour(at)) " that what is said stays in the room." },
                None => ".",
            }
        }
    }
}
