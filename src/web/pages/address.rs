//! Where a case is found, and which case an address means.

use crate::domain::id::CaseId;
use crate::web::layout::CONFIRM;

/// The address of a case.
pub fn case(id: CaseId) -> String {
    format!("/staff/cases/{id}")
}

/// The address of who may see a case.
pub fn ties(id: CaseId) -> String {
    format!("{}/ties", case(id))
}

/// A case's id from an address. What is no id is an id of nothing, and goes the same way.
pub fn case_id(text: &str) -> CaseId {
    CaseId(text.parse().unwrap_or_default())
}

/// Where somebody proves again who they are before they come back to a page.
pub fn confirm(back: &str) -> String {
    format!("{CONFIRM}?back={back}")
}
