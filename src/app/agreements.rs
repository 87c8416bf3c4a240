//! Whose people are shown nothing for want of an information-sharing agreement, and which agreements end soon. What one in force
//! opens is asked in `access`.

use super::App;
use super::error::AppError;
use crate::engine::command::Actor;
use crate::engine::definition::agreement::Agreement;
use crate::store::clients::ClientRow;
use crate::store::staff::StaffRow;
use crate::store::{clients, staff};

/// How many days before an agreement ends people are told of it.
pub const SOON: i64 = 60;

/// An account whose agency has no agreement in force with its authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unshared {
    /// The sign-in name, or that of the client.
    pub name: String,
    pub agency: String,
    pub authority: String,
}

impl App {
    /// Whether somebody would look at cases and is shown none, since their agency has no agreement in force.
    pub fn is_unshared(&self, actor: &Actor) -> bool {
        let access = &self.definitions.access;
        let shares = access.agreements();
        !shares.let_in(&actor.agency, &actor.authority, self.clock.now())
            && access.opens(&actor.role)
    }

    /// The agreements of an authority that are in force, in the order of their files. They name no case and nobody's data.
    pub fn agreements_of(&self, authority: &str) -> Vec<&Agreement> {
        let agreements = self.definitions.access.agreements();
        agreements.of(authority, self.clock.now()).collect()
    }

    /// Those in force anywhere that end within [`SOON`] days.
    pub fn agreements_ending(&self) -> Vec<&Agreement> {
        let agreements = self.definitions.access.agreements();
        agreements.ending(SOON, self.clock.now()).collect()
    }

    /// Those of them that somebody sees to: an authority's own people in the role that the agreement names.
    pub fn agreements_to_review(&self, actor: &Actor) -> Vec<&Agreement> {
        let mut ending = self.agreements_ending();
        ending.retain(|agreement| {
            actor.agency.is_empty()
                && agreement.authority == actor.authority
                && agreement.review == actor.role
        });
        ending
    }

    /// The accounts, of people and machines, that are shown nothing for want of an agreement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unshared(&self) -> Result<Vec<Unshared>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let people = staff::all(&mut tx).await?;
        let machines = clients::all(&mut tx).await?;
        let people = people.into_iter().filter(|row| !row.disabled);
        let machines = machines.into_iter().filter(|row| row.revoked_at.is_none());
        let accounts = people.map(of_person).chain(machines.map(of_machine));
        let unshared = accounts.filter(|(_, actor)| self.is_unshared(actor));
        let told = unshared.map(|(name, actor)| Unshared {
            name,
            agency: actor.agency,
            authority: actor.authority,
        });
        Ok(told.collect())
    }
}

fn of_person(row: StaffRow) -> (String, Actor) {
    let actor = Actor {
        id: row.id.to_string(),
        role: row.role,
        agency: row.agency,
        authority: row.authority,
    };
    (row.sign_in_name, actor)
}

fn of_machine(row: ClientRow) -> (String, Actor) {
    let actor = Actor {
        id: row.id.to_string(),
        role: row.role,
        agency: row.agency,
        authority: row.authority,
    };
    (row.name, actor)
}
