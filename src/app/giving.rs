//! What a case gives to whoever asked: the letter and the words that two people decided, and nothing else. Whoever looks at it holds in
//! their hands what leaves the service, so it is written down as a disclosure before it is shown, on the page and as a file alike.

use std::sync::Arc;

use super::App;
use super::error::AppError;
use super::opened::named;
use super::read::CaseView;
use super::staff::Person;
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::look::{Operation, Purpose};
use crate::engine::given::given;

/// How the letter stands for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// They have to prove first that it is them.
    Unproved,
    /// They do not see all of what was decided, so a letter made for them could lack a piece.
    NotWhole,
    /// No two people have decided yet.
    Undecided,
    /// It can be shown, and that is in the log.
    Ready,
}

impl App {
    /// A case that gives something, and whether this person may have it now. `what` says in the log in which shape.
    ///
    /// # Errors
    /// `NotFound` for an unknown case, one that may not be seen and one that gives nothing, alike; when it cannot be written down.
    pub async fn hand_over(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
        what: &str,
    ) -> Result<(CaseView, Stands), AppError> {
        let view = self.see_case(person, id, what).await?;
        let (_, form) = view.definition.given_form().ok_or(AppError::NotFound)?;
        let stands = if !person.confirmed {
            Stands::Unproved
        } else if !view.sight.is_whole(form) {
            Stands::NotWhole
        } else if given(&view.definition, &view.case).is_none() {
            Stands::Undecided
        } else {
            Stands::Ready
        };
        if stands == Stands::Ready {
            let classes = form.fields.iter().map(|(_, field)| field.class);
            let now = self.clock.now();
            let mut row =
                self.access_row(now, &person.actor, Operation::Disclosure, Some(id), what);
            row.classes = named(classes.chain([FieldClass::Process]));
            Purpose::Export.name().clone_into(&mut row.purpose);
            self.log_look(row).await?;
        }
        Ok((view, stands))
    }
}
