//! What operators do to accounts takes effect at once and is written down for ever.

use clares_law::app::accounts::Standing;
use clares_law::app::error::AppError;
use clares_law::store::account_events::{AccountEventRow, What};

use super::{half, invited, joins, lives, member, opened};
use crate::support::app::{PASSWORD, TestApp};

async fn written(test: &TestApp, name: &str) -> Vec<(What, String)> {
    let events = test.app.account_history(name).await.unwrap().unwrap();
    let by = |event: &AccountEventRow| {
        if event.done_by == event.staff_id.to_string() {
            "themselves".to_owned()
        } else {
            event.done_by.clone()
        }
    };
    events
        .into_iter()
        .map(|event| (event.what, by(&event)))
        .collect()
}

async fn standing(test: &TestApp, name: &str) -> Standing {
    let accounts = test.app.accounts().await.unwrap();
    let found = accounts.iter().find(|account| account.sign_in_name == name);
    found.unwrap().standing
}

#[tokio::test]
async fn shutting_out_takes_effect_at_once() {
    let test = opened().await;
    let invitation = invited(&test, "ailsa").await;
    let fiona = member(&test, "fiona").await;
    let begun = half(&test, "fiona").await.unwrap();
    for name in ["fiona", "ailsa"] {
        assert!(test.app.disable(name, "moira").await.unwrap());
    }
    assert_eq!(standing(&test, "fiona").await, Standing::Disabled);
    assert!(!lives(&test, &fiona.session).await);
    let code = fiona.secret.code_at(test.app.clock.now());
    assert!(test.app.give_code(&begun, &code).await.is_err());
    assert!(matches!(half(&test, "fiona").await, Err(AppError::SignIn)));
    for name in ["fiona", "ailsa"] {
        assert!(test.app.enable(name, "moira").await.unwrap());
    }
    assert!(
        !lives(&test, &fiona.session).await,
        "what has ended stays ended"
    );
    assert!(
        test.app
            .accept_invitation(&invitation, PASSWORD)
            .await
            .is_err()
    );
    let begun = half(&test, "fiona").await.unwrap();
    test.app.give_code(&begun, &code).await.unwrap();
    assert!(!test.app.disable("nobody", "moira").await.unwrap());
}

#[tokio::test]
async fn a_reset_ends_password_device_recovery_codes_and_sessions() {
    let test = opened().await;
    let fiona = member(&test, "fiona").await;
    let begun = half(&test, "fiona").await.unwrap();
    let invitation = test.app.reset("fiona", "moira").await.unwrap().unwrap();
    assert_eq!(standing(&test, "fiona").await, Standing::WithoutPassword);
    assert!(!lives(&test, &fiona.session).await);
    let code = fiona.secret.code_at(test.app.clock.now());
    assert!(test.app.give_code(&begun, &code).await.is_err());
    assert!(half(&test, "fiona").await.is_err());
    assert_eq!(test.count("select count(*) from recovery_codes").await, 0);

    let anew = joins(&test, &invitation.code).await;
    assert_eq!(standing(&test, "fiona").await, Standing::Joined);
    let begun = half(&test, "fiona").await.unwrap();
    let old = fiona.secret.code_at(test.app.clock.now());
    assert!(test.app.give_code(&begun, &old).await.is_err());
    assert!(
        test.app
            .give_code(&begun, &fiona.recovery_codes[0])
            .await
            .is_err()
    );
    let code = anew.secret.code_at(test.app.clock.now());
    test.app.give_code(&begun, &code).await.unwrap();
    assert!(test.app.reset("nobody", "moira").await.unwrap().is_none());
}

#[tokio::test]
async fn l1_what_was_done_to_an_account_is_written_down_and_never_changed() {
    let test = opened().await;
    member(&test, "fiona").await;
    test.wait(1);
    test.app.disable("fiona", "moira").await.unwrap();
    test.wait(1);
    test.app.enable("fiona", "moira").await.unwrap();
    test.wait(1);
    test.app.reset("fiona", "iain").await.unwrap();
    let moira = || "moira".to_owned();
    assert_eq!(
        written(&test, "fiona")
            .await
            .into_iter()
            .skip(2)
            .collect::<Vec<_>>(),
        [
            (What::Disabled, moira()),
            (What::Enabled, moira()),
            (What::Reset, "iain".to_owned())
        ]
    );
    let first = written(&test, "fiona").await;
    assert!(
        first[..2].contains(&(What::Invited, "the operator".to_owned())),
        "{first:?}"
    );
    assert!(
        first[..2].contains(&(What::Joined, "themselves".to_owned())),
        "{first:?}"
    );
    assert_eq!(test.app.account_history("nobody").await.unwrap(), None);
    for change in [
        "update account_events set done_by = 'x'",
        "delete from account_events",
    ] {
        let refused = test.try_to(change).await.unwrap_err().to_string();
        assert!(refused.contains("what was done to an account"), "{refused}");
    }
}
