//! All meetings: those to come, the cases that wait for one, what an agency owes, and those that are over.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::promises::promise_row;
use super::sent::{ABOUT, DOES, Does};
use super::{address, form_words, item_address, place_words, sitting_words, stage_tag};
use crate::app::App;
use crate::app::meetings::{Choice, MeetingRow, Meetings, PromiseRow, Waiting};
use crate::app::staff::Person;
use crate::domain::id::{CaseId, MeetingId};
use crate::web::components::{
    Button, Details, NotificationBanner, button, details, notification_banner,
};
use crate::web::layout::StaffPage;
use crate::web::pages::due::deadline_words;
use crate::web::pages::problem::Problem;
use crate::web::pages::settling::KEY;
use crate::web::pages::{address as cases, frame};
use crate::web::sign_in::SignedIn;
use crate::web::words::{count, deadline, moment};

/// Everything that a part of the page needs.
struct Page<'a> {
    app: &'a App,
    person: &'a Person,
    meetings: &'a Meetings,
    zone: TimeZone,
}

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let meetings = app.see_meetings(&person).await?;
    let page = Page {
        app: &app,
        person: &person,
        zone: app.definitions.zone(&person.actor.authority),
        meetings: &meetings,
    };
    let listed = query.as_deref() == Some("listed");
    let frame = StaffPage {
        title: "Meetings",
        heading: "Meetings",
        above: html! {
            @if listed {
                (notification_banner(&NotificationBanner {
                    text: "The case is on the agenda. Its agencies are asked what they hold.".into(),
                    success: true,
                    ..NotificationBanner::default()
                }))
            }
        },
        body: page.body(),
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, frame))
}

impl Page<'_> {
    /// Named by its scheme where there are several.
    fn how_it_works(&self, scheme: &str) -> Markup {
        let edition = self.app.edition_for(&self.person.actor, scheme).ok();
        let name = edition.map(|definition| definition.scheme.name.clone());
        let several = self.meetings.convenes.len() > 1;
        let of = name.filter(|_| several).map(|name| format!(": {name}"));
        html! {
            a class="govuk-link" href={"/staff/schemes/" (scheme) "/forum"} { "How the forum works" (of.unwrap_or_default()) }
        }
    }

    fn body(&self) -> Markup {
        let calls = !self.meetings.convenes.is_empty();
        html! {
            @if calls {
                ul class="govuk-list" {
                    li { a class="govuk-link" href="/staff/meetings/new" { "Call a meeting" } }
                    @for scheme in &self.meetings.convenes { li { (self.how_it_works(scheme)) } }
                }
            }
            (self.to_come())
            @if calls { (self.waiting()) }
            (self.asked())
            (self.promised())
            (self.over())
        }
    }

    fn to_come(&self) -> Markup {
        html! {
            h2 class="govuk-heading-m" { "Next meetings" }
            @if self.meetings.live.is_empty() { p class="govuk-body" { "No meeting has been called." } }
            ul class="app-steps" {
                @for row in &self.meetings.live { li class="app-steps__step" { (self.next(row)) } }
            }
        }
    }

    fn next(&self, row: &MeetingRow) -> Markup {
        let told = self.meetings.told.get(&MeetingId(row.id));
        let cases = told.map_or(0, |told| told.cases);
        let cases = count(i64::try_from(cases).unwrap_or(i64::MAX), "case");
        html! {
            a class="govuk-link app-steps__link" href=(address(MeetingId(row.id))) { (self.when(row)) }
            " " (stage_tag(&row.stage))
            p class="app-quiet" {
                (form_words(&row.form)) ", " (cases)
                @if let Some(told) = told { ". " (place_words(&told.place)) }
            }
        }
    }

    fn when(&self, row: &MeetingRow) -> String {
        sitting_words(
            row.starts_at.timestamp(),
            row.ends_at.timestamp(),
            &self.zone,
        )
    }

    fn waiting(&self) -> Markup {
        html! {
            h2 class="govuk-heading-m" { "Cases that wait for a meeting" }
            @if self.meetings.waiting.is_empty() { p class="govuk-body" { "No case waits for a meeting." } }
            @for waiting in &self.meetings.waiting { (self.one_waiting(waiting)) }
        }
    }

    fn one_waiting(&self, waiting: &Waiting) -> Markup {
        let offered = waiting
            .choices
            .iter()
            .position(|choice| choice.weighed.fits);
        let reference = &waiting.case.reference;
        let others = waiting.choices.iter().enumerate();
        let others: Vec<_> = others
            .filter(|(place, _)| Some(*place) != offered)
            .map(|(_, choice)| choice)
            .collect();
        html! {
            section class="app-section app-meeting__waiting" {
                h3 class="govuk-heading-s" {
                    a class="govuk-link" href=(cases::case(CaseId(waiting.case.id))) { (reference) }
                }
                p class="govuk-body" {
                    @match waiting.due {
                        Some(due) => { "The forum has to come to it by " (deadline_words(&deadline(due, self.meetings.now, &self.zone))) },
                        None => "No time limit runs.",
                    }
                }
                @match offered.map(|place| &waiting.choices[place]) {
                    Some(choice) => (self.choice(waiting, choice, "")),
                    None => (Self::none_fits()),
                }
                @if !others.is_empty() {
                    (details(&Details {
                        summary: format!("Other meetings ({})", others.len()).into(),
                        body: html! { @for choice in &others { (self.choice(waiting, choice, "govuk-button--secondary")) } }.into(),
                        classes: "app-trace",
                        ..Details::default()
                    }))
                }
            }
        }
    }

    fn none_fits() -> Markup {
        html! {
            p class="govuk-body" { "No meeting that has been called is in time and has room for it." }
            ul class="govuk-list" {
                li { a class="govuk-link" href="/staff/meetings/new?form=extraordinary" { "Call an extraordinary meeting" } }
                li { a class="govuk-link" href="/staff/meetings/new?form=written" { "Call a meeting in writing" } }
            }
        }
    }

    /// A meeting that a case could come to, how that was reckoned, and the button that puts it there.
    fn choice(&self, waiting: &Waiting, choice: &Choice, classes: &str) -> Markup {
        let id = MeetingId(choice.meeting.id);
        let starts = moment(choice.meeting.starts_at.timestamp(), &self.zone);
        let about = format!(": {}, {starts}", waiting.case.reference);
        html! {
            form class="app-step" method="post" action=(address(id)) autocomplete="off" {
                p class="govuk-body" {
                    strong { (starts) } ", " (form_words(&choice.meeting.form).to_lowercase()) ". " (choice.weighed.because)
                }
                input type="hidden" name=(KEY) value=(self.app.chance.id()) autocomplete="off";
                input type="hidden" name=(ABOUT) value=(waiting.case.id) autocomplete="off";
                (button(&Button {
                    text: html! { "Put on this agenda" span class="govuk-visually-hidden" { (about) } }.into(),
                    name: DOES,
                    value: Does::PutOn.name(),
                    classes,
                    once: Some(true),
                    ..Button::default()
                }))
            }
        }
    }

    fn asked(&self) -> Markup {
        html! {
            @if !self.meetings.asked.is_empty() {
                h2 class="govuk-heading-m" { "Answers your agency owes" }
                ul class="app-steps" {
                    @for (row, reference) in &self.meetings.asked {
                        li class="app-steps__step" {
                            a class="govuk-link app-steps__link" href=(item_address(MeetingId(row.meeting_id), CaseId(row.case_id))) { (reference) }
                            p class="app-quiet" { (deadline_words(&deadline(row.due_at.timestamp(), self.meetings.now, &self.zone))) }
                        }
                    }
                }
            }
        }
    }

    fn promised(&self) -> Markup {
        html! {
            @if !self.meetings.promises.is_empty() {
                h2 class="govuk-heading-m" { "Promised and open" }
                ul class="app-steps" {
                    @for row in &self.meetings.promises { li class="app-steps__step" { (self.promise(row)) } }
                }
            }
        }
    }

    /// What it is stands on the page of its meeting, where a look at its case is written down.
    fn promise(&self, row: &PromiseRow) -> Markup {
        let labels = self.labels();
        let label = labels.get(&row.agency).unwrap_or(&row.agency);
        promise_row(row, label, self.meetings.now, &self.zone)
    }

    /// What agencies are called in the schemes of the authority.
    fn labels(&self) -> BTreeMap<String, String> {
        let actor = &self.person.actor;
        let schemes = self.app.schemes_of(&actor.authority).into_iter();
        let editions = schemes.filter_map(|scheme| self.app.edition_for(actor, &scheme).ok());
        let mut labels = BTreeMap::new();
        for edition in editions {
            let agencies = edition.agencies();
            labels.extend(agencies.map(|(name, row)| (name.to_string(), row.label.to_string())));
        }
        labels
    }

    fn over(&self) -> Markup {
        html! {
            @if !self.meetings.over.is_empty() {
                h2 class="govuk-heading-m" { "Meetings that are over" }
                ul class="app-steps" {
                    @for row in &self.meetings.over {
                        li class="app-steps__step" {
                            a class="govuk-link" href=(address(MeetingId(row.id))) { (self.when(row)) }
                            " " (stage_tag(&row.stage))
                            p class="app-quiet" { (form_words(&row.form)) }
                        }
                    }
                }
            }
        }
    }
}
