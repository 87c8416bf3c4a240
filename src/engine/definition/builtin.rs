//! What every scheme has without declaring it: five actions, open in every state, and the clock of a proposal.

use std::collections::BTreeMap;

use super::wording::Wording;
use crate::domain::person::Party;

pub const NOTE: &str = "note";
pub const AMEND: &str = "amend";
pub const CONFIRM: &str = "confirm";
pub const SEND_BACK: &str = "send_back";

/// Moves a case to another edition of its scheme (L13).
pub const MIGRATE: &str = "migrate";

/// The actions that every scheme has.
pub const BUILT_IN: [&str; 5] = [NOTE, AMEND, CONFIRM, SEND_BACK, MIGRATE];

/// The clock that runs while a proposal waits for its second person.
pub const SECOND_PERSON: &str = "second_person";

/// What these are called, and the parties to a case.
pub(super) fn labels() -> BTreeMap<&'static str, Wording> {
    let label = |(name, label): (&'static str, &str)| (name, Wording::from(label));
    let labels = [
        (NOTE, "Add a note"),
        (AMEND, "Amend a record"),
        (CONFIRM, "Confirm the proposal"),
        (SEND_BACK, "Send the proposal back"),
        (MIGRATE, "Move to another edition"),
        (SECOND_PERSON, "Second person"),
        (Party::Applicant.name(), "Applicant"),
        (Party::PersonAtRisk.name(), "Person at risk"),
        (Party::Subject.name(), "Person asked about"),
    ];
    labels.map(label).into()
}
