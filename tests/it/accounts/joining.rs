//! An invitation is used once, within three days, and nothing is in force before it was used to the end.

use clares_law::app::error::AppError;
use jiff::SignedDuration;

use super::{half, invited, joins, lives, member, opened, said};
use crate::support::app::PASSWORD;

const NOT_INVITED: &str = "Enter an invitation code that has not been used. It lasts 72 hours; ask for a new one after that";

#[tokio::test]
async fn an_invitation_makes_a_member_once() {
    let test = opened().await;
    let invitation = invited(&test, "fiona").await;
    assert_eq!(invitation.len(), 26 + 6, "128 bits in groups of four");
    let typed = invitation.to_lowercase().replace('-', " ");
    let fiona = joins(&test, &typed).await;
    assert!(lives(&test, &fiona.session).await);
    assert_eq!(fiona.recovery_codes.len(), 10);
    let begun = half(&test, "fiona").await.unwrap();
    let code = fiona.secret.code_at(test.app.clock.now());
    test.app.give_code(&begun, &code).await.unwrap();
    let again = test.app.accept_invitation(&invitation, PASSWORD).await;
    assert_eq!(said(again.unwrap_err(), "invitation"), NOT_INVITED);
    for (table, column) in [
        ("invitations", "code_hash"),
        ("recovery_codes", "code_hash"),
    ] {
        let shown = fiona.recovery_codes.iter().chain([&invitation]);
        for code in shown {
            let found = format!("select count(*) from {table} where {column} = '{code}'");
            assert_eq!(test.count(Box::leak(found.into_boxed_str())).await, 0);
        }
    }
}

#[tokio::test]
async fn an_invitation_ends_after_three_days() {
    let test = opened().await;
    let invitation = invited(&test, "fiona").await;
    test.wait(71);
    let joining = test
        .app
        .accept_invitation(&invitation, PASSWORD)
        .await
        .unwrap();
    test.clock.advance(SignedDuration::from_mins(59));
    assert!(
        test.app.device(&joining).await.is_err(),
        "half an hour to set a device"
    );
    let joining = test
        .app
        .accept_invitation(&invitation, PASSWORD)
        .await
        .unwrap();
    test.clock.advance(SignedDuration::from_mins(1));
    assert!(test.app.device(&joining).await.is_err());
    let late = test.app.accept_invitation(&invitation, PASSWORD).await;
    assert_eq!(said(late.unwrap_err(), "invitation"), NOT_INVITED);
    test.app.sweep_sign_ins().await.unwrap();
    assert_eq!(test.count("select count(*) from invitations").await, 0);
}

#[tokio::test]
async fn nothing_is_in_force_before_the_device_made_a_right_code() {
    let test = opened().await;
    let invitation = invited(&test, "fiona").await;
    let first = test
        .app
        .accept_invitation(&invitation, PASSWORD)
        .await
        .unwrap();
    assert!(!lives(&test, &first).await);
    let refused = test.app.join(&first, "000000").await.err().unwrap();
    assert_eq!(
        said(refused, "code"),
        "Enter the six digits that your device shows now"
    );
    let unknown = test.app.sign_in("fiona", PASSWORD).await;
    assert!(matches!(unknown, Err(AppError::SignIn)));

    let seen = test.app.device(&first).await.unwrap().secret;
    let second = test
        .app
        .accept_invitation(&invitation, "another four plain words")
        .await;
    let second = second.unwrap();
    let code = seen.code_at(test.app.clock.now());
    assert!(
        test.app.join(&first, &code).await.is_err(),
        "the first session is over"
    );
    assert!(
        test.app.join(&second, &code).await.is_err(),
        "the device is another"
    );
}

#[tokio::test]
async fn a_password_is_long_and_not_the_sign_in_name() {
    let test = opened().await;
    let invitation = invited(&test, "Fiona of the North").await;
    for (password, sentence) in [
        ("elevenchars", "Enter a password of 12 characters or more"),
        (
            "fiona of the NORTH",
            "Enter a password that is not your sign-in name",
        ),
    ] {
        let refused = test.app.accept_invitation(&invitation, password).await;
        assert_eq!(said(refused.unwrap_err(), "password"), sentence);
    }
}

#[tokio::test]
async fn a_name_is_given_once() {
    let test = opened().await;
    let fiona = member(&test, "fiona").await;
    let person = crate::support::house::new_person("fiona", "auditor", "scotland", None);
    assert!(
        test.app
            .invite(person, "the operator")
            .await
            .unwrap()
            .is_none()
    );
    assert!(lives(&test, &fiona.session).await);
}
