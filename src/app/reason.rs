//! A reason in somebody's own words: what every page that asks for one holds it to.

use super::error::AppError;
use crate::domain::refusal::FieldError;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 4000;

/// The field of the reason.
pub const REASON: &str = "reason";

/// The reason as it is kept. `missing` is said where there is none, `say` begins what is said of one that is too long.
///
/// # Errors
/// `Fields` with either.
pub(super) fn checked(reason: &str, missing: &str, say: &str) -> Result<String, AppError> {
    let reason = reason.trim();
    let wrong = if reason.is_empty() {
        missing.to_owned()
    } else if reason.chars().count() > LONGEST_REASON {
        format!("{say} in 4,000 characters or fewer")
    } else {
        return Ok(reason.to_owned());
    };
    Err(AppError::Fields(vec![FieldError::new(REASON, wrong)]))
}
