//! What agencies promised, here and at earlier meetings, and what became of it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use uuid::Uuid;

use super::address;
use super::one::{One, Step};
use super::sent::{BECAME, Does, REPORTS, anchor};
use crate::app::meetings::PromiseRow;
use crate::domain::id::MeetingId;
use crate::engine::meeting::event::{Event, Report};
use crate::engine::meeting::table::{Promised, Stage};
use crate::web::components::{Fieldset, Legend, Radio, Radios, Tag, radios, tag};
use crate::web::form::shown;
use crate::web::pages::due::deadline_words;
use crate::web::words::deadline;

/// The id of a promise on the page of its meeting.
fn promise_anchor(id: Uuid) -> String {
    format!("promise-{id}")
}

/// The last day on which something is in time, with what is left.
fn due_words(by: Date, now: Timestamp, zone: &TimeZone) -> Markup {
    let next = by.tomorrow().unwrap_or(by).to_zoned(zone.clone());
    let due = next.map_or(Timestamp::MAX, |midnight| midnight.timestamp());
    deadline_words(&deadline(due, now, zone))
}

/// A promise in a list, with the way to where it can be read and reported on.
pub fn promise_row(row: &PromiseRow, agency: &str, now: Timestamp, zone: &TimeZone) -> Markup {
    let to = format!(
        "{}#{}",
        address(MeetingId(row.meeting_id)),
        promise_anchor(row.id)
    );
    html! {
        a class="govuk-link app-steps__link" href=(to) { "Promised by " (agency) }
        @if let Ok(by) = row.due_on.parse::<Date>() {
            p class="app-quiet" { (due_words(by, now, zone)) }
        }
    }
}

/// What became of a promise, in a word.
pub fn report_tag(report: Report) -> Markup {
    let (text, classes) = match report {
        Report::Open => ("Open", "govuk-tag--blue"),
        Report::Done => ("Done", "govuk-tag--green"),
        Report::NotPossible => ("Not possible", "govuk-tag--grey"),
        Report::NotDone => ("Not done", "govuk-tag--red"),
    };
    tag(&Tag {
        text: text.into(),
        classes,
    })
}

impl One<'_> {
    /// What is still open from earlier meetings: looked at again before the cases.
    pub fn earlier(&self) -> Markup {
        html! {
            @if !self.view.earlier.is_empty() {
                h2 class="govuk-heading-m" { "Promised before and open" }
                ul class="app-steps" {
                    @for row in &self.view.earlier {
                        li class="app-steps__step" { (promise_row(row, self.agency(&row.agency), self.view.now, &self.zone)) }
                    }
                }
            }
        }
    }

    /// What was promised here, and what became of it until the minutes were approved.
    pub fn promises(&self) -> Markup {
        let open = !self.is_approved();
        html! {
            @if !self.view.meeting.promises.is_empty() {
                h2 class="govuk-heading-m" { "Promised here" }
                ul class="app-steps" {
                    @for kept in &self.view.meeting.promises {
                        li class="app-steps__step" id=[open.then(|| promise_anchor(kept.promise.id))] {
                            (self.promised(kept, kept.in_minutes()))
                            @if open { (self.reported_by(kept)) }
                        }
                    }
                }
            }
        }
    }

    /// What became of promises afterwards. The minutes are locked, and this is no part of them.
    pub fn since(&self) -> Markup {
        let promises = self.view.meeting.promises.iter();
        let later = promises.filter(|kept| kept.approved.is_some() || self.may_report(kept));
        let later: Vec<_> = later.filter(|_| self.is_approved()).collect();
        html! {
            @if !later.is_empty() {
                h2 class="govuk-heading-m" { "Since the minutes were approved" }
                ul class="app-steps" {
                    @for kept in later {
                        li class="app-steps__step" id=(promise_anchor(kept.promise.id)) {
                            (self.promised(kept, (kept.report, &kept.because)))
                            (self.last_report(kept))
                            (self.reported_by(kept))
                        }
                    }
                }
            }
        }
    }

    fn is_approved(&self) -> bool {
        self.view.meeting.stage == Stage::Approved
    }

    fn promised(&self, kept: &Promised, (report, because): (Report, &str)) -> Markup {
        let promise = &kept.promise;
        html! {
            p class="govuk-body app-meeting__line" {
                strong { (self.agency(&promise.agency)) } ": " (promise.what) " " (report_tag(report))
            }
            p class="app-quiet" {
                @if let Some(reference) = promise.case.and_then(|case| self.reference(case)) { (reference) ", " }
                @if report == Report::Open { (due_words(promise.by, self.view.now, &self.zone)) }
                @else { "by " (crate::web::words::date(promise.by)) }
            }
            @if !because.is_empty() { div class="app-reason" { (shown::lines(because)) } }
        }
    }

    /// Who said it last since the minutes were approved.
    fn last_report(&self, kept: &Promised) -> Markup {
        let reports = self.view.since_approved().filter(|one| {
            matches!(&one.event, Event::Reported { promise, .. } if *promise == kept.promise.id)
        });
        html! {
            @if let Some(last) = reports.last() {
                p class="app-quiet" { (self.name(&last.actor.id)) ", " (self.when(last.at)) }
            }
        }
    }

    fn may_report(&self, kept: &Promised) -> bool {
        let own = self.view.agency_of(&self.view.who) == kept.promise.agency;
        (own || self.runs()) && kept.report != Report::Done
    }

    fn reported_by(&self, kept: &Promised) -> Markup {
        html! { @if self.may_report(kept) { (self.report(kept)) } }
    }

    fn report(&self, kept: &Promised) -> Markup {
        let about = kept.promise.id.to_string();
        let does = Does::Report;
        let items = REPORTS.iter().map(|(_, value, text)| Radio {
            value,
            text: (*text).into(),
            ..Radio::default()
        });
        let became = radios(&Radios {
            fieldset: Some(Fieldset {
                legend: Legend {
                    text: "What became of it".into(),
                    classes: "govuk-fieldset__legend--s",
                    ..Legend::default()
                },
                ..Fieldset::default()
            }),
            name: BECAME,
            id: &anchor(does.name(), &about, BECAME),
            items: items.collect(),
            chosen: Some(self.typed(does, &about, BECAME)),
            error: self.error(does, &about, BECAME).into(),
            classes: "govuk-radios--small",
            ..Radios::default()
        });
        self.folded(
            "Say what became of it",
            &Step {
                does,
                about: &about,
                fields: html! { (became) (self.why(does, &about, "Needed unless it is done")) },
                button: "Record",
                aloud: &kept.promise.what,
                classes: "govuk-button--secondary",
            },
        )
    }
}
