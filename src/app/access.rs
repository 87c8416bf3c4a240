//! Who may see a case. What a role may *do* is the definition's business alone.

use super::error::AppError;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;

/// Refuses whoever may not look at the cases of an authority, in the words and by the way of an unknown case.
///
/// # Errors
/// `NotFound`.
pub fn may_see(definition: &Definition, actor: &Actor, authority: &str) -> Result<(), AppError> {
    let role = definition.roles.roles.get(&actor.role);
    if actor.authority == authority && role.is_some_and(|role| role.reads_cases) {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}
