//! What every scheme has without declaring it: four actions, open in every state, and the clock of a proposal.

pub const NOTE: &str = "note";
pub const AMEND: &str = "amend";
pub const CONFIRM: &str = "confirm";
pub const SEND_BACK: &str = "send_back";

/// The actions that every scheme has.
pub const BUILT_IN: [&str; 4] = [NOTE, AMEND, CONFIRM, SEND_BACK];

/// The clock that runs while a proposal waits for its second person.
pub const SECOND_PERSON: &str = "second_person";
