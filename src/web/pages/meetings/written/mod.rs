//! The papers of a meeting, to be read, printed or taken along: `pack` beforehand, one page for each case with the reader's own part
//! first, and `record`, the minutes, afterwards. `case` is what both say of a case. Each is put together once and shown as a page or
//! written as a Word file. Nothing is asked and nothing is decided here; what the reader may not see does not arrive here.

mod case;
pub mod pack;
pub mod record;

use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::{address, kind, sitting_words};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::meetings::MeetingView;
use crate::app::staff::Person;
use crate::domain::id::{CaseId, MeetingId};
use crate::engine::meeting::table::Stage;
use crate::web::components::{Button, button};
use crate::web::form::said::Said;
use crate::web::layout::StaffPage;
use crate::web::pages::{address as pages, frame};
use crate::web::papers::{Paper, screen};
use crate::web::words::{date, moment};

/// What the files are called, whatever they are about (L8).
const PACK_FILE: &str = "attachment; filename=\"papers.docx\"";
const RECORD_FILE: &str = "attachment; filename=\"record.docx\"";

/// A meeting that is written down for somebody.
struct Written<'a> {
    view: &'a MeetingView,
    person: &'a Person,
    zone: TimeZone,
}

impl<'a> Written<'a> {
    fn new(app: &App, view: &'a MeetingView, person: &'a Person) -> Self {
        Self {
            view,
            person,
            zone: app.definitions.zone(&person.actor.authority),
        }
    }

    fn heading(&self) -> String {
        let sitting = &self.view.meeting.sitting;
        let day = sitting.starts_at.to_zoned(self.zone.clone()).date();
        format!("{}, {}", kind(self.view.meeting.form), date(day))
    }

    /// For whom and when, so that a copy that turns up somewhere says whose it was.
    fn made(&self) -> String {
        let place = match self.view.who.agency.as_str() {
            "" => self.person.authority.as_str(),
            agency => self.agency(agency),
        };
        let when = self.moment(self.view.now);
        format!(
            "Made for {}, {place}, on {when}. Not to be passed on.",
            self.person.name
        )
    }

    /// When and where, for what scheme, and how far the meeting is.
    fn facts(&self) -> Vec<(String, Said)> {
        let meeting = &self.view.meeting;
        let sitting = &meeting.sitting;
        let when = sitting_words(sitting.starts_at, sitting.ends_at, &self.zone);
        let rows = [
            ("How it stands", self.stage()),
            ("When", when),
            ("Where", sitting.place.clone()),
            ("For", self.view.definition.scheme.name.clone()),
        ];
        let row = |(key, text): (&str, String)| (key.to_owned(), Said::Text(text));
        rows.into_iter().map(row).collect()
    }

    fn stage(&self) -> String {
        let meeting = &self.view.meeting;
        let words = match meeting.stage {
            Stage::Convened => "Agenda open",
            Stage::Sealed => "Agenda settled",
            Stage::Begun => "Under way",
            Stage::Closed => "Draft: the minutes are open for comments",
            Stage::CalledOff => "Called off",
            Stage::Approved => {
                let approved = meeting.approved.as_ref();
                let said = approved.map(|(by, at)| {
                    let (by, at) = (self.name(by), self.moment(*at));
                    format!("Approved by {by}, {at}")
                });
                return said.unwrap_or_default();
            }
        };
        words.to_owned()
    }

    fn agency<'b>(&'b self, name: &'b str) -> &'b str {
        self.view.definition.agency_label(name)
    }

    fn agencies<'b>(&'b self, names: impl Iterator<Item = &'b str>) -> String {
        let labels: Vec<_> = names.map(|name| self.agency(name)).collect();
        labels.join(", ")
    }

    /// The name behind an account.
    fn name<'b>(&'b self, account: &str) -> &'b str {
        let known = self.view.names.get(account);
        known.map_or("somebody whose account is gone", String::as_str)
    }

    fn moment(&self, at: Timestamp) -> String {
        moment(at, &self.zone)
    }

    /// `14:30`.
    fn hour(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M").to_string()
    }

    fn reference(&self, case: CaseId) -> &str {
        let row = self.view.cases.get(&case);
        row.map_or("", |row| row.reference.as_str())
    }
}

/// The page of a paper, with the way to its file.
fn page(written: &Written<'_>, title: &str, paper: &Paper, file: &str) -> Markup {
    let back = address(written.view.id);
    let take = Button {
        text: "Take it along as a Word file".into(),
        href: file,
        classes: "govuk-button--secondary",
        ..Button::default()
    };
    let page = StaffPage {
        title,
        heading: &paper.heading,
        back: &back,
        body: html! {
            div class="app-sheet__take" {
                p class="govuk-body" { "Printed, each case is on a page of its own." }
                (button(&take))
            }
            (screen::shown(paper))
        },
        ..StaffPage::default()
    };
    frame::staff(written.person, page)
}

/// Whoever takes papers along proves first that it is them, and then finds the page again; whoever may not see it is told what an unknown
/// meeting is told.
async fn proves_first(
    app: &App,
    person: &Person,
    id: MeetingId,
    back: &str,
) -> Result<Option<Response>, AppError> {
    if person.confirmed {
        return Ok(None);
    }
    app.meeting_version(&person.actor, id).await?;
    Ok(Some(Redirect::to(&pages::confirm(back)).into_response()))
}
