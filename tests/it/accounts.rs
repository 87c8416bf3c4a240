//! Accounts: how people come by them, how they prove who they are, and how long that holds.

mod joining;
mod operators;
mod sealed;
mod sessions;
mod throttle;

use clares_law::app::error::AppError;
use clares_law::app::totp::Secret;
use jiff::SignedDuration;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::house::{House, new_person};
use crate::support::world::AUTHORITY;

/// Somebody who has joined.
pub struct Member {
    pub secret: Secret,
    pub recovery_codes: Vec<String>,
    pub session: String,
}

/// Invites somebody; answers the code.
pub async fn invited(house: &House, name: &str) -> String {
    let person = new_person(name, "verifier", AUTHORITY, None);
    let invitation = house.app.invite(person, "the operator").await.unwrap();
    invitation.expect("the name is free").code
}

/// Uses an invitation to the end, and lets the clock go on so that the next code is a new one.
pub async fn joins(house: &House, invitation: &str) -> Member {
    let joining = house.app.accept_invitation(invitation, PASSWORD).await;
    let joining = joining.unwrap();
    let secret = house.app.device(&joining).await.unwrap().secret;
    let code = secret.code_at(house.app.clock.now());
    let joined = house.app.join(&joining, &code).await.unwrap();
    house.clock.advance(SignedDuration::from_secs(30));
    Member {
        secret,
        recovery_codes: joined.recovery_codes,
        session: joined.session,
    }
}

/// Somebody who was invited and has joined.
pub async fn member(house: &House, name: &str) -> Member {
    joins(house, &invited(house, name).await).await
}

/// Takes the first step with the right password.
async fn half(house: &House, name: &str) -> Result<String, AppError> {
    let begun = house.app.sign_in(name, PASSWORD).await?;
    assert!(begun.wants_code);
    Ok(begun.secret)
}

/// Whether a session is live.
async fn lives(house: &House, secret: &str) -> bool {
    house.app.session(secret).await.is_ok()
}

/// What is said of one field.
fn said(error: AppError, field: &str) -> String {
    match error {
        AppError::Fields(errors) => {
            assert_eq!(errors.len(), 1, "{errors:?}");
            assert_eq!(errors[0].field, field);
            errors[0].message.clone()
        }
        other => panic!("{other:?}"),
    }
}

/// A demonstration no longer: what is allowed there alone is refused.
async fn in_earnest(house: &House) {
    house
        .tamper("update installation set value = 'serve' where name = 'made_by'")
        .await;
}

async fn opened() -> TestApp {
    TestApp::open().await
}
