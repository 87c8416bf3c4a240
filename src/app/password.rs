//! Passwords: what one must be like, how it is kept, whether it is the right one.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use super::error::AppError;

/// The fewest characters of a password.
pub const SHORTEST: usize = 12;

/// What is wrong with a password that somebody chose, if anything. Length is what makes guessing hard (NIST SP 800-63B).
pub fn objection(password: &str, sign_in_name: &str) -> Option<String> {
    if password.chars().count() < SHORTEST {
        return Some(format!("Enter a password of {SHORTEST} characters or more"));
    }
    if password.to_lowercase() == sign_in_name.to_lowercase() {
        return Some("Enter a password that is not your sign-in name".to_owned());
    }
    None
}

/// A password as it is kept.
///
/// # Errors
/// When the system has no memory or chance left to give.
pub async fn hash_password(password: String) -> Result<String, AppError> {
    blocking(move || hash(&password)).await
}

/// Whether this password is the one that is kept. Where none is kept, it takes as long to say no.
///
/// # Errors
/// When the system has no memory or chance left to give.
pub(super) async fn is_right(given: String, kept: Option<String>) -> Result<bool, AppError> {
    blocking(move || match kept {
        Some(kept) => Ok(verifies(&given, &kept)),
        None => hash(&given).map(|_| false),
    })
    .await
}

/// Password work takes tens of milliseconds, so it is kept off the threads that answer requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| AppError::broke_down())?
}

fn hash(password: &str) -> Result<String, AppError> {
    let hashed = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(AppError::inside)?;
    Ok(hashed.to_string())
}

fn verifies(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|kept| {
        Argon2::default()
            .verify_password(password.as_bytes(), &kept)
            .is_ok()
    })
}
