//! Guessing takes longer and longer, and tells nothing.

use std::sync::Arc;

use clares_law::app::error::AppError;
use jiff::SignedDuration;
use tokio::task::JoinSet;

use super::{half, member, opened};
use crate::support::app::{PASSWORD, TestApp};

async fn fails(test: &TestApp, name: &str, password: &str) {
    let refused = test.app.sign_in(name, password).await;
    assert!(matches!(refused, Err(AppError::SignIn)), "{refused:?}");
}

async fn failures(test: &TestApp) -> i64 {
    test.count("select cast(coalesce(sum(failures), 0) as bigint) from sign_in_failures")
        .await
}

fn seconds(test: &TestApp, seconds: i64) {
    test.clock.advance(SignedDuration::from_secs(seconds));
}

#[tokio::test]
async fn after_five_failures_even_the_right_password_waits_and_longer_each_time() {
    let test = opened().await;
    test.add("verifier", "verifier").await;
    for _ in 0..5 {
        fails(&test, "verifier", "a wrong password").await;
    }
    fails(&test, "verifier", PASSWORD).await;
    seconds(&test, 29);
    fails(&test, "verifier", PASSWORD).await;
    seconds(&test, 1);
    fails(&test, "verifier", "a wrong password").await;
    seconds(&test, 59);
    fails(&test, "verifier", PASSWORD).await;
    seconds(&test, 1);
    test.app.sign_in("verifier", PASSWORD).await.unwrap();
    assert_eq!(failures(&test).await, 0, "what was right forgives");
    for _ in 0..4 {
        fails(&test, "verifier", "a wrong password").await;
    }
    test.app.sign_in("verifier", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn names_that_do_not_exist_wait_alike_and_none_is_written_down() {
    let test = opened().await;
    test.add("verifier", "verifier").await;
    for name in ["verifier", "nobody"] {
        for _ in 0..7 {
            fails(&test, name, "a wrong password").await;
        }
    }
    let each = "select count(*) from sign_in_failures where failures = 5";
    assert_eq!(test.count(each).await, 2);
    let named = "select count(*) from sign_in_failures where name_hash in ('verifier', 'nobody')";
    assert_eq!(test.count(named).await, 0);

    seconds(&test, 24 * 3600);
    test.app.sweep_sign_ins().await.unwrap();
    assert_eq!(failures(&test).await, 0);
}

#[tokio::test]
async fn tries_at_the_same_moment_do_not_share_a_count() {
    let test = opened().await;
    test.add("verifier", "verifier").await;
    let mut trying = JoinSet::new();
    for _ in 0..12 {
        let app = Arc::clone(&test.app);
        trying.spawn(async move { app.sign_in("verifier", "a wrong password").await.is_err() });
    }
    while let Some(refused) = trying.join_next().await {
        assert!(refused.unwrap());
    }
    assert_eq!(
        failures(&test).await,
        5,
        "five were looked at, seven had to wait"
    );
}

#[tokio::test]
async fn codes_are_throttled_with_the_password_and_the_password_alone_forgives_nothing() {
    let test = opened().await;
    let fiona = member(&test, "fiona").await;
    for tried in 1..=5 {
        let begun = half(&test, "fiona").await.unwrap();
        assert!(test.app.give_code(&begun, "000000").await.is_err());
        assert_eq!(failures(&test).await, tried);
    }
    fails(&test, "fiona", PASSWORD).await;
    seconds(&test, 30);
    let begun = half(&test, "fiona").await.unwrap();
    assert!(test.app.give_code(&begun, "000000").await.is_err());
    let code = fiona.secret.code_at(test.app.clock.now());
    assert!(
        test.app.give_code(&begun, &code).await.is_err(),
        "a right code waits too"
    );
    seconds(&test, 60);
    let code = fiona.secret.code_at(test.app.clock.now());
    test.app.give_code(&begun, &code).await.unwrap();
    assert_eq!(failures(&test).await, 0);
}

#[tokio::test]
async fn while_sign_ins_fail_everywhere_each_name_waits_sooner() {
    let test = opened().await;
    test.add("verifier", "verifier").await;
    for guessed in 0..100 {
        fails(&test, &format!("name {guessed}"), "one password for all").await;
    }
    test.app.sign_in("verifier", PASSWORD).await.unwrap();
    fails(&test, "verifier", "a wrong password").await;
    fails(&test, "verifier", PASSWORD).await;
    seconds(&test, 30);
    test.app.sign_in("verifier", PASSWORD).await.unwrap();
}
