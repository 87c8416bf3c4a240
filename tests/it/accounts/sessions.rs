//! Two steps, each accepted once; and how long what was proved holds.

use clares_law::app::error::AppError;
use jiff::SignedDuration;

use super::{Member, half, in_earnest, lives, member, opened, said};
use crate::support::app::{PASSWORD, TestApp};

const WAIT: &str = "Enter the newest code of your device. After several failures you have to wait before each further try";

async fn whole(test: &TestApp, member: &Member) -> String {
    let begun = half(test, "fiona").await.unwrap();
    let code = member.secret.code_at(test.app.clock.now());
    test.app.give_code(&begun, &code).await.unwrap()
}

#[tokio::test]
async fn a_password_alone_opens_nothing_but_the_second_step() {
    let test = opened().await;
    let fiona = member(&test, "fiona").await;
    let begun = half(&test, "fiona").await.unwrap();
    assert!(!lives(&test, &begun).await);
    assert!(test.app.device(&begun).await.is_err());
    assert!(test.app.confirm(&begun, "000000").await.is_err());
    let code = fiona.secret.code_at(test.app.clock.now());
    let secret = test.app.give_code(&begun, &code).await.unwrap();
    assert!(lives(&test, &secret).await);
    assert_ne!(secret, begun, "a new secret with each step");
    let again = test.app.give_code(&begun, &code).await;
    assert!(matches!(again, Err(AppError::SignIn)), "the half is over");

    let begun = half(&test, "fiona").await.unwrap();
    test.clock.advance(SignedDuration::from_mins(5));
    let code = fiona.secret.code_at(test.app.clock.now());
    let late = test.app.give_code(&begun, &code).await;
    assert!(matches!(late, Err(AppError::SignIn)), "{late:?}");
}

#[tokio::test]
async fn a_code_is_accepted_once_and_none_from_before_it() {
    let test = opened().await;
    let fiona = member(&test, "fiona").await;
    let before = fiona.secret.code_at(test.app.clock.now());
    test.clock.advance(SignedDuration::from_secs(30));
    let code = fiona.secret.code_at(test.app.clock.now());
    let (one, other) = (
        half(&test, "fiona").await.unwrap(),
        half(&test, "fiona").await.unwrap(),
    );
    test.app.give_code(&one, &code).await.unwrap();
    for used in [&code, &before] {
        let refused = test.app.give_code(&other, used).await.unwrap_err();
        assert_eq!(said(refused, "code"), WAIT);
    }
    test.clock.advance(SignedDuration::from_secs(30));
    let next = fiona.secret.code_at(test.app.clock.now());
    let spaced = format!(" {} {} ", &next[..3], &next[3..]);
    test.app.give_code(&other, &spaced).await.unwrap();
}

#[tokio::test]
async fn a_recovery_code_is_accepted_once_and_from_its_owner() {
    let test = opened().await;
    let fiona = member(&test, "fiona").await;
    let ailsa = member(&test, "ailsa").await;
    let code = fiona.recovery_codes[3].to_lowercase().replace('-', " ");
    let begun = half(&test, "ailsa").await.unwrap();
    assert!(test.app.give_code(&begun, &code).await.is_err());
    test.app
        .give_code(&begun, &ailsa.recovery_codes[0])
        .await
        .unwrap();

    let (one, other) = (
        half(&test, "fiona").await.unwrap(),
        half(&test, "fiona").await.unwrap(),
    );
    test.app.give_code(&one, &code).await.unwrap();
    assert!(test.app.give_code(&other, &code).await.is_err());
    test.app
        .give_code(&other, &fiona.recovery_codes[4])
        .await
        .unwrap();
    let used = "select count(*) from account_events where what = 'recovery_code_used'";
    assert_eq!(test.count(used).await, 3);
    assert_eq!(test.count("select count(*) from recovery_codes").await, 17);
}

#[tokio::test]
async fn a_session_ends_after_a_quarter_of_an_hour_unused_and_after_eight_hours() {
    let test = opened().await;
    let fiona = member(&test, "fiona").await;
    let used = whole(&test, &fiona).await;
    for _ in 0..31 {
        test.clock.advance(SignedDuration::from_mins(15));
        assert!(lives(&test, &used).await);
    }
    test.clock.advance(SignedDuration::from_mins(15));
    assert!(!lives(&test, &used).await, "eight hours have passed");

    let unused = whole(&test, &fiona).await;
    test.clock.advance(SignedDuration::from_secs(15 * 60 + 1));
    assert!(!lives(&test, &unused).await);
    test.wait(9);
    test.app.sweep_sign_ins().await.unwrap();
    assert_eq!(test.count("select count(*) from sessions").await, 0);
}

#[tokio::test]
async fn a_password_alone_is_enough_in_a_demonstration_only() {
    let test = opened().await;
    test.add("verifier", "verifier").await;
    let begun = test.app.sign_in("verifier", PASSWORD).await.unwrap();
    assert!(!begun.wants_code && lives(&test, &begun.secret).await);
    in_earnest(&test).await;
    let refused = test.app.sign_in("verifier", PASSWORD).await;
    assert!(matches!(refused, Err(AppError::SignIn)), "{refused:?}");
    let fiona = member(&test, "fiona").await;
    whole(&test, &fiona).await;
}

#[tokio::test]
async fn who_confirms_it_is_them_has_stepped_up_for_five_minutes() {
    let test = opened().await;
    let fiona = member(&test, "fiona").await;
    let secret = whole(&test, &fiona).await;
    let stepped_up = async || test.app.session(&secret).await.unwrap().confirmed;
    assert!(stepped_up().await);
    test.clock.advance(SignedDuration::from_mins(5));
    assert!(stepped_up().await);
    test.clock.advance(SignedDuration::from_secs(1));
    assert!(!stepped_up().await);
    assert!(test.app.confirm(&secret, "000000").await.is_err());
    assert!(!stepped_up().await);
    let code = fiona.secret.code_at(test.app.clock.now());
    test.app.confirm(&secret, &code).await.unwrap();
    assert!(stepped_up().await);
    assert!(test.app.confirm(&secret, &code).await.is_err(), "once only");

    test.add("verifier", "verifier").await;
    let secret = test.app.sign_in("verifier", PASSWORD).await.unwrap().secret;
    test.clock.advance(SignedDuration::from_mins(6));
    let refused = test
        .app
        .confirm(&secret, "a wrong password")
        .await
        .unwrap_err();
    assert_eq!(said(refused, "code"), "Enter your password");
    test.app.confirm(&secret, PASSWORD).await.unwrap();
    assert!(test.app.session(&secret).await.unwrap().confirmed);
}
