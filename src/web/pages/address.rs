//! Where a case is found, and which case an address means.

use crate::app::error::AppError;
use crate::domain::id::CaseId;

/// The address of a case.
pub fn case(id: CaseId) -> String {
    format!("/staff/cases/{id}")
}

/// A case's id from an address. What is no id is answered like an id of nothing.
///
/// # Errors
/// `NotFound`.
pub fn case_id(text: &str) -> Result<CaseId, AppError> {
    text.parse().map(CaseId).map_err(|_| AppError::NotFound)
}
