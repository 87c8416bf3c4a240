//! Somebody in front of a case on an agenda: what they see of it, and how what they ask of the meeting is answered.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::Markup;

use super::{item_address, meeting_id};
use crate::app::App;
use crate::app::error::{AppError, BUSY};
use crate::app::meetings::{ItemView, MeetingRequest};
use crate::app::staff::Person;
use crate::domain::id::CaseId;
use crate::domain::refusal::FieldError;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::meets::Meets;
use crate::engine::meeting::ask::Ask;
use crate::engine::meeting::table::{Attendance, Item, Meeting};
use crate::web::components::ErrorLink;
use crate::web::form::own_key;
use crate::web::guard::RETRY_AFTER;
use crate::web::pages::address::case_id;
use crate::web::pages::problem::Problem;
use crate::web::words::recent;

/// The key of each form of these pages: sent twice, it is done once (L16).
pub const KEY: &str = "form-key";

/// A person at the table.
pub struct Seat {
    pub app: Arc<App>,
    pub person: Person,
    pub view: ItemView,
    /// The version of the meeting that the page shows.
    pub version: u64,
}

impl Seat {
    /// Sits down in front of a case.
    ///
    /// # Errors
    /// `NotFound` for what is unknown, not on this agenda, or may not be seen.
    pub async fn open(
        app: Arc<App>,
        person: Person,
        meeting: &str,
        case: &str,
    ) -> Result<Self, AppError> {
        let id = meeting_id(meeting);
        // Asked first: what happens meanwhile brings the page up to date once more, and does not leave it behind.
        let version = app.meeting_version(&person.actor, id).await?;
        let view = app.see_item(&person, id, case_id(case)).await?;
        Ok(Self {
            app,
            person,
            view,
            version,
        })
    }

    pub fn definition(&self) -> &Definition {
        &self.view.meeting.definition
    }

    /// How the forum meets.
    ///
    /// # Errors
    /// `NotFound` where it does not.
    pub fn meets(&self) -> Result<&Meets, AppError> {
        self.definition().meets().ok_or(AppError::NotFound)
    }

    pub fn meeting(&self) -> &Meeting {
        &self.view.meeting.meeting
    }

    pub fn item(&self) -> &Item {
        &self.view.item
    }

    pub fn case(&self) -> CaseId {
        self.view.item.listing.case
    }

    pub fn address(&self) -> String {
        item_address(self.view.meeting.id, self.case())
    }

    /// The agency that they speak for.
    pub fn agency(&self) -> &str {
        self.view.meeting.agency_of(&self.person.actor)
    }

    /// What an agency is called.
    pub fn label<'a>(&'a self, agency: &'a str) -> &'a str {
        self.definition().agency_label(agency)
    }

    /// What an agency is called for which somebody spoke.
    pub fn label_of<'a>(&'a self, actor: &'a Actor) -> &'a str {
        self.label(self.view.meeting.agency_of(actor))
    }

    /// What somebody is called.
    pub fn name<'a>(&'a self, actor: &'a Actor) -> &'a str {
        let known = self.view.meeting.names.get(&actor.id);
        known.map_or_else(|| self.definition().role_label(&actor.role), String::as_str)
    }

    pub fn moment(&self, at: Timestamp) -> String {
        recent(at, self.view.meeting.now, &self.definition().zone)
    }

    /// Whether they are in the room.
    pub fn is_here(&self) -> bool {
        let own = self.meeting().people.get(&self.person.actor.id);
        own.is_some_and(Attendance::is_present)
    }

    /// Whether they run the meeting: its chair, or whoever keeps the agenda.
    pub fn runs(&self) -> bool {
        self.view.meeting.chairs() || self.view.meeting.convenes()
    }

    /// Asks something of the meeting.
    ///
    /// # Errors
    /// Why it was refused; nothing has changed then.
    pub async fn ask(&self, ask: Ask, key: &str) -> Result<u64, AppError> {
        let request = MeetingRequest {
            meeting: self.view.meeting.id,
            ask,
            key: own_key(key),
            actor: self.person.actor.clone(),
        };
        self.app.ask(request).await
    }
}

/// Why something was not done, for the page on which it was asked.
#[derive(Debug, Default)]
pub struct Refused {
    status: StatusCode,
    pub errors: Vec<FieldError>,
    pub sentences: Vec<String>,
    /// Whether the key that it was sent under is of no more use.
    pub is_spent: bool,
}

impl Refused {
    /// Fields that cannot be read.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            errors,
            ..Self::default()
        }
    }

    /// What can be mended on the page itself.
    ///
    /// # Errors
    /// What has a page of its own.
    pub fn of(error: AppError) -> Result<Self, Problem> {
        let with = |status, sentences: Vec<String>| Self {
            status,
            sentences,
            ..Self::default()
        };
        match error {
            AppError::Fields(errors) => Ok(Self::fields(errors)),
            AppError::Unmet(sentences) => Ok(with(StatusCode::UNPROCESSABLE_ENTITY, sentences)),
            AppError::Forbidden(sentence) => {
                Ok(with(StatusCode::UNPROCESSABLE_ENTITY, vec![sentence]))
            }
            AppError::Stale(_) => Ok(with(
                StatusCode::CONFLICT,
                vec![
                    "Somebody did something at the same moment. Look, and send it again".to_owned(),
                ],
            )),
            AppError::KeyTaken => Ok(Self {
                is_spent: true,
                ..with(
                    StatusCode::CONFLICT,
                    vec![
                        "This was sent before with other words. Look, and send it again".to_owned(),
                    ],
                )
            }),
            AppError::Busy => Ok(with(
                StatusCode::SERVICE_UNAVAILABLE,
                vec![format!("{BUSY}.")],
            )),
            other => Err(Problem(other)),
        }
    }

    /// The sentences that belong to no field, for the top of the page.
    pub fn whole(&self) -> impl Iterator<Item = ErrorLink> {
        self.sentences.iter().map(|sentence| ErrorLink {
            text: sentence.as_str().into(),
            href: String::new(),
        })
    }

    /// The page again, with what is in the way.
    pub fn answer(&self, page: Markup) -> Response {
        let answer = (self.status, page);
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            ([(header::RETRY_AFTER, RETRY_AFTER)], answer).into_response()
        } else {
            answer.into_response()
        }
    }
}
