//! The read door: every look is written down first, and who may not look learns nothing, not even that there is a case.

use clares_law::app::error::AppError;
use clares_law::domain::id::CaseId;
use clares_law::store::access_log;
use serde_json::json;

use crate::support::database::{with_room, without_room};
use crate::support::house::House;

#[tokio::test]
async fn l18_a_look_is_written_down_before_it_is_shown() {
    let house = House::new().await;
    let auditor = house.hire("ada", "auditor").await;
    let case = house.case().await;
    house.wait(1);
    let view = house.app.see_case(&auditor, case, "history").await.unwrap();
    assert_eq!(view.case.state, "received");
    let mut tx = house.app.db.begin_read().await.unwrap();
    let looks = access_log::of_case(&mut tx, case.0, None, 9).await.unwrap();
    drop(tx);
    let look = looks.first().unwrap();
    assert_eq!(
        (
            look.actor.as_str(),
            look.actor_role.as_str(),
            look.operation.as_str()
        ),
        (auditor.id.as_str(), "auditor", "consultation")
    );
    assert_eq!(look.what, "history");
    for class in ["applicant_identity", "safe_contact", "subject"] {
        assert!(
            look.classes.split(' ').any(|seen| seen == class),
            "{class} was seen and is not in the log"
        );
    }

    house.tamper(&without_room("access_log", "insert")).await;
    let refused = house.app.see_case(&auditor, case, "history").await;
    assert!(
        matches!(refused, Err(AppError::Inside(_))),
        "what cannot be logged is not shown"
    );
    let verifier = house.hire("morag", "verifier").await;
    assert!(
        house
            .app
            .see_queue(&verifier, "dsdas-scotland", "to_register", None, 9)
            .await
            .is_err(),
        "nor is a queue"
    );
    house.tamper(&with_room("access_log")).await;
    assert_eq!(
        house
            .app
            .see_queue(&verifier, "dsdas-scotland", "to_register", None, 9)
            .await
            .unwrap()
            .rows
            .len(),
        1
    );
}

#[tokio::test]
async fn who_may_not_see_a_case_is_answered_as_if_there_were_none() {
    let house = House::new().await;
    let case = house.case().await;
    let unknown = CaseId(uuid::Uuid::from_u128(7));
    let verifier = house.hire("morag", "verifier").await;
    assert!(matches!(
        house.app.see_case(&verifier, unknown, "case").await,
        Err(AppError::NotFound)
    ));
    for role in ["administrator", "referrer", "no_such_role"] {
        let actor = house.hire(role, role).await;
        let seen = house.app.see_case(&actor, case, "case").await;
        assert!(matches!(seen, Err(AppError::NotFound)), "{role} may look");
        for of in [case, unknown] {
            let acted = house.act(of, &actor, "note", json!({})).await;
            assert!(
                matches!(acted, Err(AppError::NotFound)),
                "{role}: {acted:?}"
            );
        }
        assert!(matches!(
            house
                .app
                .see_queue(&actor, "dsdas-scotland", "to_register", None, 9)
                .await,
            Err(AppError::NotFound)
        ));
    }
    let auditor = house.hire("ada", "auditor").await;
    let acted = house.act(case, &auditor, "register", json!({})).await;
    assert!(
        matches!(acted, Err(AppError::Forbidden(_))),
        "an auditor sees and does not do: {acted:?}"
    );
}
