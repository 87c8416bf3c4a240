//! The cases on the agenda, in the order in which the meeting comes to them.

use maud::{Markup, html};

use super::one::{One, Step};
use super::sent::Does;
use super::{answer_address, item_address};
use crate::engine::meeting::table::{Item, Stage};
use crate::web::components::{Tag, tag};
use crate::web::words::{count, deadline};

/// An item with its place in the order.
struct Placed<'a> {
    item: &'a Item,
    place: usize,
    reference: &'a str,
}

impl One<'_> {
    pub fn agenda(&self) -> Markup {
        let items = &self.view.meeting.items;
        // As it will be settled: those that come first keep their order, and so do the others.
        let (first, others): (Vec<_>, Vec<_>) = items.iter().partition(|item| item.listing.first);
        let both = !first.is_empty() && !others.is_empty();
        let ordered = if self.view.meeting.stage == Stage::Convened {
            first.into_iter().chain(others).collect()
        } else {
            items.iter().collect::<Vec<_>>()
        };
        html! {
            h2 class="govuk-heading-m" { "Agenda" }
            @if items.is_empty() { p class="govuk-body" { "No case is on the agenda." } }
            @if both {
                p class="govuk-body" { "Some cases come first, so that the agencies that come for them can leave." }
            }
            ol class="app-steps" {
                @for (index, item) in ordered.into_iter().enumerate() {
                    @let placed = self.placed(index + 1, item);
                    li class="app-steps__step" { (self.item(&placed)) }
                }
            }
        }
    }

    fn placed<'b>(&'b self, place: usize, item: &'b Item) -> Placed<'b> {
        Placed {
            item,
            place,
            reference: self.reference(item.listing.case).unwrap_or_default(),
        }
    }

    fn item(&self, placed: &Placed<'_>) -> Markup {
        let item = placed.item;
        let case = item.listing.case;
        let now =
            self.view.meeting.at_case == Some(case) && self.view.meeting.stage == Stage::Begun;
        let of = self.view.meeting.items.len();
        html! {
            h3 class="govuk-heading-s app-meeting__case" {
                "Case " (placed.place) " of " (of) ": "
                a class="govuk-link" href=(item_address(self.view.id, case)) { (placed.reference) }
                @if now { " " (tag(&Tag { text: "Now".into(), classes: "govuk-tag--green" })) }
                @if item.listing.first { " " (tag(&Tag { text: "Comes first".into(), classes: "govuk-tag--grey" })) }
            }
            (self.to_ratify(item))
            @if !item.listing.asked.is_empty() { p class="govuk-body app-meeting__line" { (self.answers(item)) } }
            @if let Some(taken) = &item.taken {
                p class="govuk-body app-meeting__line" {
                    "The meeting came to it at " (self.hour(taken.at)) "."
                    @if !taken.recused.is_empty() {
                        " Left the room for it: " (self.agencies(taken.recused.iter().map(String::as_str))) "."
                    }
                }
            }
            (self.settled(item))
            (self.steps_of(placed))
        }
    }

    /// That something done in an emergency is looked at here, in the scheme's words.
    fn to_ratify(&self, item: &Item) -> Markup {
        let meets = self.view.definition.meets().filter(|_| item.ratifies);
        let ratifies = meets.and_then(|meets| meets.ratifies.as_ref());
        html! {
            @if let Some(ratifies) = ratifies {
                p class="govuk-body app-meeting__line" {
                    strong { (ratifies.label) }
                }
            }
        }
    }

    /// Which answers are in, and whose are not, by name.
    fn answers(&self, item: &Item) -> Markup {
        let listing = &item.listing;
        let asked = listing.asked.len();
        let missing: Vec<_> = item.unanswered().collect();
        let names = self.agencies(missing.iter().copied());
        let late = self.view.now >= listing.answers_by;
        let due = deadline(listing.answers_by, self.view.now, &self.zone);
        let own = self.view.agency_of(&self.view.who);
        let owed = self.view.is_member() && missing.contains(&own);
        let live = !self.view.meeting.is_over();
        html! {
            @if missing.is_empty() {
                "All " (asked) " answers are in."
            } @else {
                (asked - missing.len()) " of " (count(i64::try_from(asked).unwrap_or(i64::MAX), "answer")) " in. "
                @if !live {
                    "None came from: " (names) "."
                } @else if late {
                    strong class="app-due--late" { "Late: " (names) "." }
                } @else {
                    "Until " (due.when) ": " (names) "."
                }
            }
            @if owed && live {
                " " a class="govuk-link" href=(answer_address(self.view.id, listing.case)) {
                    "Answer for your agency"
                }
            }
        }
    }

    /// What was done to it from here, by the scheme's own names.
    fn settled(&self, item: &Item) -> Markup {
        let over = self.view.meeting.is_over();
        html! {
            @for (action, _) in &item.settled {
                p class="govuk-body app-meeting__line" {
                    (tag(&Tag { text: "Settled".into(), classes: "govuk-tag--green" }))
                    " " (self.view.definition.done_label(action))
                }
            }
            @if over && item.settled.is_empty() {
                p class="govuk-body app-meeting__line" { "Not settled. It waits for another meeting." }
            }
        }
    }

    fn steps_of(&self, placed: &Placed<'_>) -> Markup {
        let meeting = &self.view.meeting;
        let item = placed.item;
        let about = item.listing.case.to_string();
        let open = !meeting.is_over() && item.taken.is_none();
        let comes = meeting.stage == Stage::Begun && self.view.chairs();
        html! {
            @if open && comes {
                (self.form(&Step {
                    does: Does::ComeTo,
                    about: &about,
                    fields: html! {},
                    button: "Come to this case",
                    aloud: placed.reference,
                    classes: "govuk-button--secondary",
                }))
            }
            @if open && self.runs() {
                (self.folded("Take it off the agenda", &Step {
                    does: Does::TakeOff,
                    about: &about,
                    fields: self.why(Does::TakeOff, &about, "It waits for another meeting then"),
                    button: "Take it off",
                    aloud: placed.reference,
                    classes: "govuk-button--secondary",
                }))
            }
        }
    }
}
