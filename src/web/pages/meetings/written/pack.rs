//! The pack: what is read before a meeting. First the meeting itself, then each case on a page of its own, as far as the reader may see
//! it: their agency's part, what is to be decided, who it is about, what was written for the forum, what the agencies answered.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::Markup;

use super::case::AtTable;
use super::{PACK_FILE, Written, page, proves_first};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::meetings::Pack;
use crate::app::read::CaseView;
use crate::app::staff::Person;
use crate::domain::class::FieldClass;
use crate::domain::id::MeetingId;
use crate::engine::definition::meets::Meets;
use crate::engine::definition::record::{Field, Record};
use crate::web::form::said::{Piece, said};
use crate::web::pages::case::records;
use crate::web::pages::meetings::{address, item, item_address, meeting_id};
use crate::web::pages::problem::Problem;
use crate::web::papers::{self, Paper, Sheet};
use crate::web::sign_in::SignedIn;
use crate::web::words::date;

/// The address of the pack of a meeting.
pub fn pack_address(id: MeetingId) -> String {
    format!("{}/pack", address(id))
}

pub async fn shown(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(meeting): Path<String>,
) -> Result<Markup, Problem> {
    let id = meeting_id(&meeting);
    let pack = app.see_pack(&person, id).await?;
    let written = Written::new(&app, &pack.meeting, &person);
    let file = format!("{}.docx", pack_address(id));
    Ok(page(
        &written,
        "Papers of a meeting",
        &written.pack(&pack)?,
        &file,
    ))
}

pub async fn file(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(meeting): Path<String>,
) -> Result<Response, Problem> {
    let id = meeting_id(&meeting);
    if let Some(first) = proves_first(&app, &person, id, &pack_address(id)).await? {
        return Ok(first);
    }
    let pack = app.take_pack(&person, id).await?;
    Ok(papers::file(&paper(&app, &person, &pack)?, PACK_FILE)?)
}

/// The pack as somebody reads it.
///
/// # Errors
/// `NotFound` where no forum meets.
pub fn paper(app: &App, person: &Person, pack: &Pack) -> Result<Paper, AppError> {
    Written::new(app, &pack.meeting, person).pack(pack)
}

impl Written<'_> {
    fn pack(&self, pack: &Pack) -> Result<Paper, AppError> {
        let meets = self.view.definition.meets().ok_or(AppError::NotFound)?;
        let mut sheets = vec![self.front()];
        for (place, case) in pack.cases.iter().enumerate() {
            sheets.extend(self.of_case(meets, place, case));
        }
        sheets.extend(self.since());
        Ok(Paper {
            heading: self.heading(),
            made: self.made(),
            sheets,
        })
    }

    fn front(&self) -> Sheet {
        let mut sheet = Sheet::headed("The meeting");
        sheet.rows(self.facts());
        sheet.heading("Agenda");
        let items = &self.view.meeting.items;
        if items.is_empty() {
            sheet.line("No case is on the agenda.");
        }
        let listed = items.iter().enumerate().map(|(place, item)| {
            let reference = self.reference(item.listing.case);
            let mut line = vec![Piece::Plain(format!("Case {}: {reference}", place + 1))];
            if item.listing.first {
                line.push(Piece::quiet(", comes first"));
            }
            line
        });
        sheet.list(listed.collect());
        if !self.view.earlier.is_empty() {
            sheet.heading("Promised before and open");
            let promised = self.view.earlier.iter().map(|row| {
                let by = row.due_on.parse().map_or_else(|_| row.due_on.clone(), date);
                vec![Piece::Plain(format!(
                    "{}, by {by}",
                    self.agency(&row.agency)
                ))]
            });
            sheet.list(promised.collect());
        }
        sheet
    }

    /// Nothing where the case is not on the agenda any more.
    fn of_case(&self, meets: &Meets, place: usize, view: &CaseView) -> Option<Sheet> {
        let table = AtTable {
            written: self,
            meets,
            item: self.view.meeting.item(view.id)?,
        };
        let mut sheet = table.headed(place);
        sheet.open = item_address(self.view.id, view.id);
        table.own(&mut sheet);
        sheet.heading("What is to be decided");
        let asked = item::decisions(&self.view.definition, meets).into_iter();
        sheet.list(asked.map(|line| vec![Piece::Plain(line)]).collect());
        let tests: Vec<_> = item::tests(&self.view.definition, meets).collect();
        if !tests.is_empty() {
            sheet.line(format!("Each member says: {}", tests.join(" ")));
        }
        sheet.heading("People");
        let parties = records::parties(view).into_iter();
        let parties = parties.map(|(label, said)| (label.to_owned(), said));
        sheet.rows(parties.collect());
        self.written_for_it(meets, view, &mut sheet);
        table.answers(&mut sheet);
        table.discussion(&mut sheet);
        table.views(&mut sheet);
        table.decision(&mut sheet);
        table.promises(&mut sheet);
        Some(sheet)
    }

    /// The records that were filed when the case was brought towards the forum. How somebody is reached stands on no paper.
    fn written_for_it(&self, meets: &Meets, view: &CaseView, sheet: &mut Sheet) {
        for name in item::papers(&view.definition, meets) {
            let Some((record, filing)) = view
                .definition
                .records
                .get(name)
                .zip(view.case.records.get(name))
            else {
                continue;
            };
            sheet.heading(record.label.to_string());
            let authors = filing.authors.iter().map(|id| self.name(id));
            let authors: Vec<_> = authors.collect();
            let when = self.moment(filing.filed_at);
            sheet.quiet(format!("{when}, {}", authors.join(" and ")));
            let rows = fields(record).filter_map(|(name, field)| {
                let value = filing.answers.get(name)?;
                Some((field.label.to_string(), said(field, value)))
            });
            sheet.rows(rows.collect());
            let open = fields(record).filter(|(name, _)| !filing.answers.contains_key(*name));
            let open: Vec<_> = open.map(|(_, field)| &*field.label).collect();
            if !open.is_empty() {
                sheet.quiet(format!("Not answered: {}", open.join(" · ")));
            }
        }
        let hidden: Vec<_> = view.hidden().into_iter().map(FieldClass::label).collect();
        if !hidden.is_empty() {
            sheet.quiet(format!("Not shown in your role: {}.", hidden.join(", ")));
        }
    }
}

fn fields(record: &Record) -> impl Iterator<Item = (&str, &Field)> {
    let fields = record.fields.iter().map(|(name, field)| (&**name, field));
    fields.filter(|(_, field)| field.class != FieldClass::SafeContact)
}
