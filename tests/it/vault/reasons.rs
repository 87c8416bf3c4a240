//! Reasons outside histories: sealed in the database, in plain for whoever is shown them, and at home in one row only.

use clares_law::app::break_glass::Emergency;
use clares_law::app::error::AppError;
use clares_law::app::look_reviews::{Kind, Verdict};
use clares_law::app::reasons::Place;
use clares_law::app::staff::Person;
use clares_law::app::ties::NewTie;
use clares_law::domain::id::{CaseId, StaffId};
use clares_law::domain::tie::TieKind;
use clares_law::store::ties::{StepRow, TieRow};
use clares_law::store::{Sql, ties};
use uuid::Uuid;

use crate::support::database::dropping;
use crate::support::house::House;

/// Every column of reasons that somebody wrote.
const COLUMNS: [&str; 5] = [
    "select reason from access_log where reason is not null",
    "select because from ties",
    "select reason from tie_steps",
    "select reason from broken_glass",
    "select reason from look_verdicts",
];

/// Two cases with reasons in every row that takes one.
struct Scene {
    house: House,
    cases: [CaseId; 2],
    iain: Person,
    una: Person,
}

impl Scene {
    async fn set() -> Self {
        let house = House::new().await;
        let iain = hired(&house, "iain", "supervisor").await;
        let una = hired(&house, "una", "verifier").await;
        house.hire("shona", "supervisor").await;
        let morag = house.hire("morag", "verifier").await;
        let cases = [house.case().await, house.case().await];
        let app = &house.app;
        for (case, reason) in cases.into_iter().zip(["She knows him", "He is her uncle"]) {
            let manages = NewTie {
                kind: TieKind::ManagesSubject,
                who: Some(morag.id.parse().unwrap()),
                because: reason.to_owned(),
            };
            app.tie(&iain, case, manages, None).await.unwrap();
            let tie = app.see_ties(&iain, case).await.unwrap().ties.remove(0);
            let asked = app.settle_tie(&iain, (case, tie.row.id), false, reason, None);
            asked.await.unwrap();
            let declared = NewTie {
                kind: TieKind::Restricted,
                who: None,
                because: reason.to_owned(),
            };
            app.tie(&iain, case, declared, None).await.unwrap();
            let opened = app.break_glass(&una, emergency(&house, case).await).await;
            assert_eq!(opened.unwrap(), case);
        }
        for review in app.reviews(&iain).await.unwrap() {
            let look = (review.look.id, review.kind);
            let settled = app.settle_review(&iain, look, Verdict::InOrder, "She was right", None);
            assert!(settled.await.unwrap());
        }
        Self {
            house,
            cases,
            iain,
            una,
        }
    }

    /// What stands in a column of a table.
    async fn stored(&self, question: &'static str) -> Vec<String> {
        let mut tx = self.house.app.db.begin_read().await.unwrap();
        let rows = tx.sql(Sql::one("test.STORED", question)).all::<(String,)>();
        rows.await
            .unwrap()
            .into_iter()
            .map(|(text,)| text)
            .collect()
    }

    async fn ties(&self, case: CaseId) -> Vec<TieRow> {
        let mut tx = self.house.app.db.begin_read().await.unwrap();
        ties::of_case(&mut tx, case.0).await.unwrap()
    }

    async fn steps(&self, case: CaseId) -> Vec<StepRow> {
        let mut tx = self.house.app.db.begin_read().await.unwrap();
        ties::steps(&mut tx, case.0).await.unwrap()
    }
}

async fn hired(house: &House, name: &str, role: &str) -> Person {
    let actor = house.hire(name, role).await;
    let id = StaffId(actor.id.parse().unwrap());
    Person {
        confirmed: true,
        ..house.app.person(id).await.unwrap()
    }
}

async fn emergency(house: &House, case: CaseId) -> Emergency {
    Emergency {
        reference: house.load(case).await.case.reference,
        reason: "He has found her new address and is on his way".to_owned(),
        key: None,
    }
}

fn is_inside<T>(answer: &Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::Inside(text)) if !text.contains("knows him"))
}

#[tokio::test]
async fn a_reason_is_sealed_in_its_row_and_told_to_whoever_is_shown_it() {
    let scene = Scene::set().await;
    for question in COLUMNS {
        let stored = scene.stored(question).await;
        assert!(stored.len() >= 2, "{question}");
        for (number, text) in stored.iter().enumerate() {
            assert!(!text.contains(' '), "{question}: {text}");
            assert!(!stored[..number].contains(text), "each is sealed anew");
        }
    }
    let app = &scene.house.app;
    let case = scene.cases[0];
    let told = app.see_ties(&scene.iain, case).await.unwrap().ties;
    let asked = told.iter().find(|tie| tie.asked.is_some()).unwrap();
    assert_eq!(asked.row.because, "She knows him");
    assert_eq!(asked.asked.as_ref().unwrap().reason, "She knows him");
    let seen = app.see_looks(&scene.iain.actor, case, None).await.unwrap();
    let reasons = seen
        .looks
        .iter()
        .filter_map(|look| look.row.reason.as_deref());
    let reasons: Vec<_> = reasons.collect();
    assert!(reasons.contains(&"She knows him"), "{reasons:?}");

    let today = scene
        .house
        .clock
        .now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let mut export = app
        .export_log(&scene.iain.actor, (today, today), "The inspector asks")
        .await
        .unwrap();
    let looks = app.next_looks(&mut export).await.unwrap();
    let looks = serde_json::to_string(&looks).unwrap();
    for reason in ["She knows him", "on his way", "The inspector asks"] {
        assert!(looks.contains(reason), "{reason}");
    }
    let reasons = app.reasons().await.unwrap();
    let sealed: String = scene
        .house
        .told("select reason from broken_glass order by id limit 1")
        .await;
    let id = scene
        .house
        .told::<Uuid>("select id from broken_glass order by id limit 1");
    let opened = reasons.opened(Place::Glass(id.await), &sealed).unwrap();
    assert!(
        opened.ends_with("on his way"),
        "nobody is shown it, and it can be read"
    );
    let sealed: String = scene
        .house
        .told("select reason from look_verdicts order by look_id limit 1")
        .await;
    let look = scene
        .house
        .told::<Uuid>("select look_id from look_verdicts order by look_id limit 1");
    let place = Place::Verdict(look.await, Kind::BrokenGlass.name());
    assert_eq!(reasons.opened(place, &sealed).unwrap(), "She was right");
}

#[tokio::test]
async fn a_reason_opens_in_no_other_row_column_or_installation() {
    let scene = Scene::set().await;
    let reasons = scene.house.app.reasons().await.unwrap();
    let (one, other) = (
        &scene.ties(scene.cases[0]).await[0],
        &scene.ties(scene.cases[1]).await[0],
    );
    let step = &scene.steps(scene.cases[0]).await[0];
    assert!(reasons.opened(Place::Tie(one.id), &one.because).is_ok());
    assert!(reasons.opened(Place::Step(step), &step.reason).is_ok());
    let wrong = [
        Place::Tie(other.id),
        Place::Look(one.id),
        Place::Glass(one.id),
        Place::Decision(one.id),
        Place::Verdict(one.id, "sample"),
        Place::Release(1),
    ];
    for place in wrong {
        assert!(is_inside(&reasons.opened(place, &one.because)), "{place:?}");
    }
    let by_another = StepRow {
        done_by: scene.una.actor.id.clone(),
        ..step.clone()
    };
    let kept = StepRow {
        step: "kept".to_owned(),
        ..step.clone()
    };
    for place in [&by_another, &kept] {
        assert!(is_inside(&reasons.opened(Place::Step(place), &step.reason)));
    }
    let elsewhere = House::new().await;
    let others = elsewhere.app.reasons().await.unwrap();
    assert!(is_inside(&others.opened(Place::Tie(one.id), &one.because)));
}

#[tokio::test]
async fn a_reason_that_was_moved_or_put_in_plain_is_shown_to_nobody() {
    let scene = Scene::set().await;
    let house = &scene.house;
    let [one, other] = scene.cases;
    for (trigger, table) in [
        ("ties_no_update", "ties"),
        ("access_log_no_update", "access_log"),
    ] {
        house.tamper(&dropping(trigger, table)).await;
    }
    let [from, to] = [&scene.ties(one).await[0], &scene.ties(other).await[0]];
    let put = async |from: &str, to: &str| {
        let set = format!("update ties set because = '{to}'");
        house
            .tamper(&format!("{set} where because = '{from}'"))
            .await;
        house.app.see_ties(&scene.iain, other).await.map(|_| ())
    };
    assert!(is_inside(&put(&to.because, "In plain").await));
    assert!(put("In plain", &to.because).await.is_ok());
    assert!(is_inside(&put(&to.because, &from.because).await));

    house
        .tamper("update access_log set reason = 'In plain' where reason is not null")
        .await;
    let iain = &scene.iain.actor;
    assert!(is_inside(
        &house.app.see_looks(iain, one, None).await.map(|_| ())
    ));
}

#[tokio::test]
async fn reasons_stay_readable_when_the_keys_are_rotated() {
    let scene = Scene::set().await;
    let app = &scene.house.app;
    let before = scene.stored(COLUMNS[1]).await;
    app.keys.rotate(&app.chance, app.clock.now()).await.unwrap();
    assert_eq!(
        scene.stored(COLUMNS[1]).await,
        before,
        "nothing is sealed anew"
    );
    let told = app.see_ties(&scene.iain, scene.cases[0]).await.unwrap();
    assert_eq!(told.ties[0].row.because, "She knows him");
}
