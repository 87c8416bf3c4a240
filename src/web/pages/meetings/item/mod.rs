//! One case on an agenda, as each member has it in front of them: their own part first, then the question, the case, what the agencies
//! answered, what is said, the views, the decision and what was promised. Nothing is decided here, and nothing sealed arrives here.
//! Start with `page`; `doing` is what its forms ask of the meeting, and the other files are its parts, from top to bottom.

mod doing;
mod outcome;
mod own;
mod returns;
mod talk;
mod views;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};

use doing::Again;
pub use doing::sent;

use super::seat::Seat;
use super::{address, item_address, live};
use crate::app::App;
use crate::app::staff::Person;
use crate::domain::class::FieldClass;
use crate::engine::definition::Definition;
use crate::engine::definition::meets::Meets;
use crate::engine::definition::record::Kind;
use crate::engine::meeting::table::{Item, Stage};
use crate::web::components::{
    Details, ErrorLink, NotificationBanner, PageLink, Pagination, details, notification_banner,
    pagination,
};
use crate::web::layout::StaffPage;
use crate::web::pages::case::{bar, clocks, records};
use crate::web::pages::frame;
use crate::web::pages::problem::Problem;
use crate::web::sign_in::SignedIn;

/// The field that says which of its forms was sent.
const STEP: &str = "form-step";

/// The page on its way to somebody.
struct Sheet<'a> {
    seat: &'a Seat,
    meets: &'a Meets,
    /// What the keys of its forms begin with.
    key: String,
    /// The form that was sent and refused.
    again: Option<&'a Again>,
}

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((meeting, case)): Path<(String, String)>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Markup, Problem> {
    let seat = Seat::open(app, person, &meeting, &case).await?;
    sheet(&seat, None, asked.get("done").map(String::as_str))
}

/// The page; `done` is what the form before it did.
fn sheet(seat: &Seat, again: Option<&Again>, done: Option<&str>) -> Result<Markup, Problem> {
    let sheet = Sheet {
        seat,
        meets: seat.meets()?,
        key: seat.app.chance.id().to_string(),
        again,
    };
    Ok(sheet.shown(&seat.person, done))
}

impl Sheet<'_> {
    fn shown(&self, person: &Person, done: Option<&str>) -> Markup {
        let seat = self.seat;
        let (place, all) = self.place();
        let back = address(seat.view.meeting.id);
        let page = StaffPage {
            title: "Case at a meeting",
            heading: &format!("Case {place} of {all}"),
            back: &back,
            errors: self.errors(),
            above: html! {
                // A page with something to mend stays as it is until it is sent again.
                @if self.again.is_none() { (live::marker(seat.view.meeting.id, seat.version)) }
                @if let Some(news) = done.and_then(news) { (news) }
                (bar::bar(&seat.view.case))
            },
            body: html! {
                (self.where_the_room_is())
                (own::own(self))
                (parts())
                (self.question())
                (self.case())
                (returns::returns(self))
                (talk::talk(self))
                (views::views(self))
                (outcome::decision(self))
                (outcome::promises(self))
                (self.neighbours())
            },
            ..StaffPage::default()
        };
        frame::staff(person, page)
    }

    /// Its place among the cases that they may know of.
    fn place(&self) -> (usize, usize) {
        let items = &self.seat.meeting().items;
        let here = self.seat.case();
        let place = items.iter().position(|item| item.listing.case == here);
        (place.map_or(0, |place| place + 1), items.len())
    }

    fn errors(&self) -> Vec<ErrorLink> {
        let Some(again) = self.again else {
            return Vec::new();
        };
        let step = again.doing.name();
        let fields = again.refused.errors.iter().map(|error| ErrorLink {
            text: error.message.as_str().into(),
            href: format!("#{step}-{}", error.field),
        });
        again.refused.whole().chain(fields).collect()
    }

    /// How far the meeting is, and the way to the case that it is at.
    fn where_the_room_is(&self) -> Markup {
        let (seat, meeting) = (self.seat, self.seat.meeting());
        let here = seat.case();
        let items = &meeting.items;
        let at = items
            .iter()
            .position(|item| meeting.at_case == Some(item.listing.case));
        html! {
            @match meeting.stage {
                Stage::Convened | Stage::Sealed => p class="govuk-body" { "The meeting begins " (seat.moment(meeting.sitting.starts_at)) "." },
                Stage::Begun => p class="govuk-body" {
                    @match at {
                        Some(_) if meeting.at_case == Some(here) => strong { "The meeting is at this case." },
                        Some(at) => { "The meeting is at " a class="govuk-link" href=(item_address(seat.view.meeting.id, items[at].listing.case)) { "case " (at + 1) } "." },
                        None => "The meeting has not come to this case.",
                    }
                    " " (seat.view.meeting.quorum.sentence())
                },
                Stage::Closed | Stage::Approved => p class="govuk-body" { "The meeting is over." },
                Stage::CalledOff => p class="govuk-body" { "The meeting was called off." },
            }
        }
    }

    /// What the scheme asks the room.
    fn question(&self) -> Markup {
        let definition = self.seat.definition();
        let tests: Vec<_> = tests(definition, self.meets).collect();
        html! {
            section class="app-section" aria-labelledby="question" {
                h2 class="govuk-heading-m" id="question" { "What is to be decided" }
                ul class="govuk-list govuk-list--bullet" {
                    @for decision in decisions(definition, self.meets) { li { (decision) } }
                }
                @if !tests.is_empty() { p class="govuk-body" { "Each member says: " (tests.join(" ")) } }
            }
        }
    }

    /// The case, as far as they may see it: the papers written for the forum open, the rest folded.
    fn case(&self) -> Markup {
        let (seat, case) = (self.seat, &self.seat.view.case);
        let papers = papers(&case.definition, self.meets);
        html! {
            (records::people(case))
            (records::records(case, &seat.view.meeting.names, &seat.address(), &papers))
            div class="app-section" {
                (details(&Details { summary: "Deadlines".into(), body: clocks::clocks(case).into(), ..Details::default() }))
            }
        }
    }

    fn neighbours(&self) -> Markup {
        let (place, _) = self.place();
        let (seat, items) = (self.seat, &self.seat.meeting().items);
        let link = |item: Option<&Item>, number: usize| {
            item.map(|item| PageLink {
                href: item_address(seat.view.meeting.id, item.listing.case),
                label: format!("Case {number}"),
                ..PageLink::default()
            })
        };
        let before = place.checked_sub(2).and_then(|before| items.get(before));
        let (previous, next) = (
            link(before, place.saturating_sub(1)),
            link(items.get(place), place + 1),
        );
        html! {
            @if previous.is_some() || next.is_some() {
                (pagination(&Pagination { previous, next, landmark: "Cases of the meeting", ..Pagination::default() }))
            }
        }
    }

    /// That something is not for their role, so that nobody takes an empty part for an answer.
    fn not_shown(&self, class: FieldClass) -> Option<Markup> {
        let shown = self.seat.view.case.sight.has(class);
        (!shown).then(
            || html! { p class="govuk-body" { "Not shown in your role: " (class.label()) "." } },
        )
    }
}

/// What the forum can decide, each with its outcomes.
pub fn decisions(definition: &Definition, meets: &Meets) -> Vec<String> {
    let actions = meets.settled_by.iter();
    let actions = actions.filter_map(|name| definition.scheme.actions.get(name));
    let decisions = actions.filter(|action| action.decided_by.is_some());
    let lines = decisions.map(|action| {
        let outcomes = action.outcome.iter();
        let outcomes = outcomes.filter_map(|name| definition.scheme.outcomes.get(name));
        let labels: Vec<_> = outcomes.map(|outcome| &*outcome.label).collect();
        if labels.is_empty() {
            action.label.to_string()
        } else {
            format!("{}: {}", action.label, labels.join(", or "))
        }
    });
    lines.collect()
}

/// The way to the parts of a long page, for whoever reads it on a phone.
fn parts() -> Markup {
    let parts = [
        ("#question", "Question"),
        ("#answers", "Answers"),
        ("#discussion", "Discussion"),
        ("#views", "Views"),
        ("#decision", "Decision"),
        ("#promises", "Promises"),
    ];
    html! {
        nav class="app-parts" aria-label="Parts of this page" {
            @for (id, words) in parts { a class="govuk-link" href=(id) { (words) } " " }
        }
    }
}

/// The records that are filed when a case is brought towards the forum, each once.
pub fn papers<'a>(definition: &'a Definition, meets: &Meets) -> Vec<&'a str> {
    let actions = definition.scheme.actions.iter();
    let leads = actions.filter(|(name, action)| {
        let towards = action.to.as_ref().is_some_and(|to| meets.lists.has(to));
        towards && *name != &meets.taken_by
    });
    let mut papers = Vec::new();
    for record in leads.filter_map(|(_, action)| action.record.as_deref()) {
        if !papers.contains(&record) {
            papers.push(record);
        }
    }
    papers
}

/// The questions to which each member says yes or no.
pub fn tests<'a>(definition: &'a Definition, meets: &Meets) -> impl Iterator<Item = &'a str> {
    let form = definition.records.get(&*meets.view.form);
    let fields = form.into_iter().flat_map(|form| form.fields.iter());
    let tests = fields.filter(|(_, field)| field.kind == Kind::YesNo);
    tests.map(|(_, field)| &*field.label)
}

/// What the form before led to, where the page itself does not show it at first sight.
fn news(done: &str) -> Option<Markup> {
    let text = match done {
        "answer" => "Your answer is recorded. It can be changed until the meeting is over.",
        "view" => "Your view is recorded. It can be changed until the views are open.",
        _ => return None,
    };
    Some(notification_banner(&NotificationBanner {
        text: text.into(),
        success: true,
        ..NotificationBanner::default()
    }))
}
