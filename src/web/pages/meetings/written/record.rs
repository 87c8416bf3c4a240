//! The minutes as one document: the record of the meeting itself, as it was written while people met. A draft until the chair approves
//! it, and locked from then on: the hash of the chain of events says so to whoever has another copy.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::Markup;

use super::case::AtTable;
use super::{RECORD_FILE, Written, page, proves_first};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::meetings::{Lock, Minutes};
use crate::app::staff::Person;
use crate::domain::id::MeetingId;
use crate::engine::definition::meets::Meets;
use crate::engine::meeting::table::{Attendance, Comment, Item, Taken};
use crate::web::form::said::{Piece, Said};
use crate::web::pages::meetings::minutes::step_of;
use crate::web::pages::meetings::{address, item_address, meeting_id};
use crate::web::pages::problem::Problem;
use crate::web::papers::{self, Paper, Sheet};
use crate::web::sign_in::SignedIn;

/// The address of the minutes of a meeting.
pub fn record_address(id: MeetingId) -> String {
    format!("{}/minutes", address(id))
}

pub async fn shown(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(meeting): Path<String>,
) -> Result<Markup, Problem> {
    let id = meeting_id(&meeting);
    let minutes = app.see_minutes(&person, id).await?;
    let written = Written::new(&app, &minutes.meeting, &person);
    let file = format!("{}.docx", record_address(id));
    Ok(page(
        &written,
        "Minutes",
        &written.minutes(&minutes)?,
        &file,
    ))
}

pub async fn file(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(meeting): Path<String>,
) -> Result<Response, Problem> {
    let id = meeting_id(&meeting);
    if let Some(first) = proves_first(&app, &person, id, &record_address(id)).await? {
        return Ok(first);
    }
    let minutes = app.take_minutes(&person, id).await?;
    Ok(papers::file(&paper(&app, &person, &minutes)?, RECORD_FILE)?)
}

/// The minutes as somebody reads them.
///
/// # Errors
/// `NotFound` where no forum meets.
pub fn paper(app: &App, person: &Person, minutes: &Minutes) -> Result<Paper, AppError> {
    Written::new(app, &minutes.meeting, person).minutes(minutes)
}

impl Written<'_> {
    fn minutes(&self, minutes: &Minutes) -> Result<Paper, AppError> {
        let meets = self.view.definition.meets().ok_or(AppError::NotFound)?;
        let mut sheets = vec![self.course_sheet(minutes.lock.as_ref())];
        let items = self.view.meeting.items.iter().enumerate();
        sheets.extend(items.map(|(place, item)| self.at_case(meets, place, item)));
        sheets.extend(self.end());
        sheets.extend(self.since());
        Ok(Paper {
            heading: format!("Minutes: {}", self.heading()),
            made: self.made(),
            sheets,
        })
    }

    fn course_sheet(&self, lock: Option<&Lock>) -> Sheet {
        let mut sheet = Sheet::headed("The meeting");
        let mut rows = self.facts();
        rows.extend(lock.map(|lock| {
            let text = format!("{} events, SHA-256 {}", lock.events, lock.hash);
            ("Locked".to_owned(), Said::Text(text))
        }));
        rows.extend(self.view.history.iter().filter_map(|one| {
            let (what, because) = step_of(&one.event)?;
            let mut text = format!("{}, {}", self.moment(one.at), self.name(&one.actor.id));
            if !because.is_empty() {
                text.extend(["\n", because]);
            }
            Some((what.to_owned(), Said::Lines(text)))
        }));
        sheet.rows(rows);
        sheet.heading("Attendance");
        sheet.rows(self.attendance());
        sheet
    }

    /// The agencies of the scheme in its order, then others that somebody came for.
    fn attendance(&self) -> Vec<(String, Said)> {
        let known = self.view.definition.agencies().map(|(name, _)| &**name);
        let known: Vec<&str> = known.collect();
        let people = self.view.meeting.people.values();
        let came = people.map(|person| self.view.agency_of(&person.who));
        let others: BTreeSet<_> = came.filter(|agency| !known.contains(agency)).collect();
        let rows = known.into_iter().chain(others);
        rows.map(|agency| (self.agency(agency).to_owned(), self.of_agency(agency)))
            .collect()
    }

    fn of_agency(&self, agency: &str) -> Said {
        let meeting = &self.view.meeting;
        let own = meeting.people.values();
        let own = own.filter(|person| self.view.agency_of(&person.who) == agency);
        let own: Vec<_> = own.collect();
        let mut lines: Vec<_> = own.iter().map(|person| self.came(person)).collect();
        if let Some(because) = meeting.apologies.get(agency) {
            lines.push(format!("Apologies: {because}"));
        } else if !own.iter().any(|person| person.came_at.is_some()) {
            lines.push("Did not come".to_owned());
        }
        Said::Lines(lines.join("\n"))
    }

    fn came(&self, person: &Attendance) -> String {
        let role = self.view.definition.role_label(&person.who.role);
        let name = self.name(&person.who.id);
        let here = match (person.came_at, person.left_at) {
            (Some(came), Some(left)) => {
                format!("here from {} to {}", self.hour(came), self.hour(left))
            }
            (Some(came), None) => format!("here from {}", self.hour(came)),
            (None, _) => "did not come".to_owned(),
        };
        format!("{name}, {role}: {here}")
    }

    fn at_case(&self, meets: &Meets, place: usize, item: &Item) -> Sheet {
        let table = AtTable {
            written: self,
            meets,
            item,
        };
        let mut sheet = table.headed(place);
        sheet.open = item_address(self.view.id, item.listing.case);
        match &item.taken {
            Some(taken) => self.taken(taken, &mut sheet),
            None => sheet.line("The meeting did not come to it."),
        }
        table.answers(&mut sheet);
        table.discussion(&mut sheet);
        table.views(&mut sheet);
        table.decision(&mut sheet);
        table.promises(&mut sheet);
        sheet
    }

    fn taken(&self, taken: &Taken, sheet: &mut Sheet) {
        sheet.line(format!(
            "The meeting came to it at {}.",
            self.hour(taken.at)
        ));
        let here: BTreeSet<_> = taken
            .present
            .iter()
            .map(|who| self.view.agency_of(who))
            .collect();
        sheet.line(format!("In the room: {}.", self.agencies(here.into_iter())));
        if !taken.recused.is_empty() {
            let away = taken.recused.iter().map(String::as_str);
            sheet.line(format!("Left the room for it: {}.", self.agencies(away)));
        }
        if !taken.quorate {
            sheet.strong("Too few of those needed were in the room to decide.");
        }
    }

    /// What is about no case, and what people want otherwise; nothing where there is neither.
    fn end(&self) -> Option<Sheet> {
        let meeting = &self.view.meeting;
        let kept = meeting.promises.iter();
        let kept: Vec<_> = kept.filter(|kept| kept.promise.case.is_none()).collect();
        if kept.is_empty() && meeting.comments.is_empty() {
            return None;
        }
        let mut sheet = Sheet::headed("Afterwards");
        if !kept.is_empty() {
            sheet.heading("Promised");
            sheet.rows(self.promised(&kept));
        }
        if !meeting.comments.is_empty() {
            sheet.heading("Comments");
        }
        for comment in &meeting.comments {
            self.commented(comment, &mut sheet);
        }
        Some(sheet)
    }

    fn commented(&self, comment: &Comment, sheet: &mut Sheet) {
        let spoken = &comment.spoken;
        let about = comment.case.map(|case| self.reference(case));
        let about = about.map_or_else(String::new, |reference| format!("{reference}: "));
        let agency = self.agency(self.view.agency_of(&spoken.by));
        let (by, at) = (self.name(&spoken.by.id), self.moment(spoken.at));
        sheet.pieces(vec![
            Piece::Quiet(about),
            Piece::Quiet(format!("{by}, {agency}, {at}")),
        ]);
        sheet.words(&spoken.text);
    }
}
