//! Looks that somebody else is asked about, from the side of whoever is told: a row for the reviewers' list and, where it
//! cannot wait for the next sign-in, a neutral message to each of them. Both are in the transaction of the look.

use uuid::Uuid;

use super::App;
use super::definitions::Edition;
use super::error::AppError;
use super::look_reviews::Kind;
use crate::engine::definition::roles::Role;
use crate::mail::Kind as Side;
use crate::store::access_log::AccessRow;
use crate::store::outbox::NewMessage;
use crate::store::staff::StaffRow;
use crate::store::{At, Tx, look_reviews, outbox, staff};

/// So many people are told when a case is opened in an emergency: one alone could be a friend, or away.
pub const TOLD: i64 = 2;

impl App {
    /// Asks about a look and tells whoever reviews looks where it was made, but for whoever looked and for these `others`.
    /// `number` is how many cases or searches it is about.
    pub(super) async fn ask_about(
        &self,
        tx: &mut Tx,
        look: &AccessRow,
        kind: Kind,
        number: i64,
        others: &[Uuid],
    ) -> Result<(), AppError> {
        let told = match kind {
            Kind::Sample => 0,
            _ => self.tell_reviewers(tx, look, kind, others).await?,
        };
        if kind == Kind::BrokenGlass && told < TOLD {
            tracing::error!(
                oversight.told = told,
                "a case was opened in an emergency and fewer than two people could be told"
            );
        }
        look_reviews::ask(tx, look, kind.name(), (number, told)).await?;
        Ok(())
    }

    /// Writes a message to each of them; answers how many there are.
    async fn tell_reviewers(
        &self,
        tx: &mut Tx,
        look: &AccessRow,
        kind: Kind,
        others: &[Uuid],
    ) -> Result<i64, AppError> {
        let Some(edition) = self.first_edition(&look.authority) else {
            return Ok(0);
        };
        let people: Vec<StaffRow> = staff::all(tx)
            .await?
            .into_iter()
            .filter(|person| person.authority == look.authority && !person.disabled)
            .filter(|person| person.id.to_string() != look.actor && !others.contains(&person.id))
            .collect();
        let told = who_is_told(people, &edition);
        for person in &told {
            let message = message(self.chance.id(), person, look, kind, &edition);
            outbox::add(tx, &message).await?;
        }
        i64::try_from(told.len()).map_err(AppError::inside)
    }

    /// The edition of an authority's first scheme that is in force: it names duties, and the messages that are about no case.
    pub(super) fn first_edition(&self, authority: &str) -> Option<Edition> {
        let schemes = self.schemes_of(authority);
        self.in_force(authority, schemes.first()?).ok()
    }
}

/// Whoever reviews looks; where these are too few, whoever minds messages as well.
fn who_is_told(people: Vec<StaffRow>, edition: &Edition) -> Vec<StaffRow> {
    let roles = &edition.definition.roles.roles;
    let has =
        |person: &StaffRow, duty: fn(&Role) -> bool| roles.get(&person.role).is_some_and(duty);
    let (mut told, others): (Vec<_>, Vec<_>) = people
        .into_iter()
        .partition(|person| has(person, |role| role.reviews_looks));
    if i64::try_from(told.len()).unwrap_or(TOLD) < TOLD {
        let minding = others.into_iter();
        told.extend(minding.filter(|person| has(person, |role| role.minds_messages)));
    }
    told
}

/// The ordinary message that there is something to do: it says nothing of what, and names no case.
fn message(
    id: Uuid,
    person: &StaffRow,
    look: &AccessRow,
    kind: Kind,
    edition: &Edition,
) -> NewMessage {
    let scheme = &edition.definition.scheme;
    let language = scheme.languages.first().map(ToString::to_string);
    NewMessage {
        id,
        made_at: look.at,
        case_id: None,
        authority: look.authority.clone(),
        recipient_kind: Side::of(&person.agency).as_str().to_owned(),
        recipient: person.id.to_string(),
        message: scheme.task_message.to_string(),
        language: language.unwrap_or_default(),
        due_at: At::from(look.at.timestamp()),
        dedupe: format!("{}:{}:{}", look.id, kind.name(), person.id),
        meeting_id: None,
    }
}
