//! What devices make codes from is sealed for its person: whoever has the database can neither read it nor give it to somebody else.

use clares_law::app::error::AppError;

use super::{half, member, opened};

#[tokio::test]
async fn the_secret_of_a_device_opens_for_its_person_only() {
    let test = opened().await;
    let fiona = member(&test, "fiona").await;
    member(&test, "ewan").await;
    // 160 bits as they are would be 20 bytes.
    let sealed = "select count(*) from second_factors where length(secret) > 80";
    assert_eq!(test.count(sealed).await, 2);

    let of = |name: &str| format!("(select id from staff where sign_in_name = '{name}')");
    let given = format!(
        "update second_factors set secret = (select secret from second_factors where staff_id = {}) where staff_id = {}",
        of("fiona"),
        of("ewan")
    );
    test.tamper(&given).await;
    let begun = half(&test, "ewan").await.unwrap();
    let code = fiona.secret.code_at(test.app.clock.now());
    let refused = test.app.give_code(&begun, &code).await;
    assert!(matches!(refused, Err(AppError::Inside(_))), "{refused:?}");
}
