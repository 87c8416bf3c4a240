//! Whom the forum turns to at each agency: who keeps it, who is asked and reminded, and that nobody learns from it whom a conflict
//! keeps away.

use std::collections::BTreeMap;

use clares_law::app::error::AppError;
use clares_law::app::meetings::{Contacts, Lapse, Naming, Place};
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::Form;
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use super::{Forum, answer, is_not_found};

const SCHEME: &str = "dsdas-scotland";

/// A forum whose health board has three members and a manager above them; the third is named nothing.
async fn forum() -> Forum {
    let mut forum = Forum::new().await;
    for name in ["dee", "mo"] {
        forum.hire(name, "member", "health").await;
    }
    forum
}

/// The contact first, then a deputy, who can commit the agency.
async fn with_contacts() -> Forum {
    let forum = forum().await;
    forum.name("health", Place::Contact, false).await;
    forum.name("dee", Place::Deputy, true).await;
    forum
}

impl Forum {
    fn id(&self, name: &str) -> Uuid {
        self.who(name).id.parse().unwrap()
    }

    /// Names somebody for their own agency.
    async fn name(&self, name: &str, place: Place, senior: bool) {
        let naming = self.naming(name, place, senior);
        self.try_name("coordinator", naming, None).await.unwrap();
    }

    fn naming(&self, name: &str, place: Place, senior: bool) -> Naming {
        let meets = self.definition().meets().unwrap();
        Naming {
            agency: meets.agency_of(self.who(name)).to_owned(),
            who: Some(self.id(name)),
            place: Some(place),
            senior,
        }
    }

    async fn try_name(&self, by: &str, naming: Naming, key: Option<&str>) -> Result<(), AppError> {
        let key = key.map(ToOwned::to_owned);
        let app = &self.house.app;
        app.name_contact(self.who(by), SCHEME, naming, key).await
    }

    async fn contacts(&self) -> Contacts {
        let keeper = self.person("coordinator");
        self.house.app.see_contacts(&keeper, SCHEME).await.unwrap()
    }

    /// Who is named for an agency, as what, and why they are not counted.
    async fn named(&self, agency: &str) -> Vec<(String, Place, bool, Option<Lapse>)> {
        let contacts = self.contacts().await;
        let mut agencies = contacts.agencies.into_iter();
        let of = agencies.find(|of| of.agency == agency).unwrap();
        let contacts = of.contacts.into_iter();
        contacts
            .map(|one| (one.name, one.place, one.senior, one.lapse))
            .collect()
    }

    /// The names of those to whom a message waits, with whether it brings an appointment; each is put away. None of them says anything.
    async fn told(&self) -> BTreeMap<String, bool> {
        let names = self.house.app.names().await.unwrap();
        let waiting = self.house.messages().await;
        let away = "update outbox set status = 'settled'";
        self.house.tamper(away).await;
        let told = waiting.into_iter().map(|row| {
            assert_eq!((&*row.message, row.case_id), ("staff_task", None));
            (names[&row.recipient].clone(), row.meeting_id.is_some())
        });
        told.collect()
    }

    async fn asked(&self) -> Vec<String> {
        self.told().await.into_keys().collect()
    }
}

fn named(name: &str, place: Place, senior: bool) -> (String, Place, bool, Option<Lapse>) {
    (name.to_owned(), place, senior, None)
}

fn wrong<T: std::fmt::Debug>(done: Result<T, AppError>) -> Vec<String> {
    match done {
        Err(AppError::Fields(errors)) => errors.into_iter().map(|error| error.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_agency_has_one_contact_and_every_change_is_written_down() {
    let forum = forum().await;
    forum.name("health", Place::Contact, false).await;
    forum.name("dee", Place::Contact, true).await;
    let both = [
        named("dee", Place::Contact, true),
        named("health", Place::Deputy, false),
    ];
    assert_eq!(forum.named("health").await, both);
    assert_eq!(forum.named("housing").await, []);
    forum.name("health", Place::Out, true).await;
    assert_eq!(forum.named("health").await, both[..1]);

    let changes = forum.contacts().await.changes;
    let told: Vec<_> = changes
        .iter()
        .map(|one| (&*one.name, one.place, one.senior, &*one.by))
        .collect();
    assert_eq!(
        told,
        [
            ("health", Place::Out, false, "coordinator"),
            ("dee", Place::Contact, true, "coordinator"),
            ("health", Place::Contact, false, "coordinator"),
        ]
    );
    for changed in [
        "update forum_contacts set senior = (not senior)",
        "delete from forum_contacts",
    ] {
        forum.house.try_to(changed).await.unwrap_err();
    }
}

#[tokio::test]
async fn l16_what_is_sent_twice_is_done_once() {
    let forum = forum().await;
    let key = Some("a key of sixteen and more");
    for _ in 0..2 {
        let naming = forum.naming("dee", Place::Contact, true);
        forum.try_name("coordinator", naming, key).await.unwrap();
    }
    assert_eq!(forum.contacts().await.changes.len(), 1);
    let other = forum.naming("mo", Place::Contact, true);
    let other = forum.try_name("coordinator", other, key).await;
    assert!(matches!(other, Err(AppError::KeyTaken)));
}

#[tokio::test]
async fn those_are_named_who_sit_there_by_those_who_call_the_meetings() {
    let forum = forum().await;
    for by in ["chair", "health", "supervisor"] {
        let naming = forum.naming("health", Place::Contact, false);
        assert!(
            is_not_found(&forum.try_name(by, naming, None).await),
            "{by}"
        );
        let seen = forum
            .house
            .app
            .see_contacts(&forum.person(by), SCHEME)
            .await;
        assert!(is_not_found(&seen), "{by}");
    }
    let named = |who: Option<Uuid>, place| Naming {
        agency: "health".to_owned(),
        who,
        place,
        senior: false,
    };
    for (naming, field) in [
        (named(None, Some(Place::Deputy)), "who"),
        (named(Some(forum.id("housing")), Some(Place::Deputy)), "who"),
        (named(Some(forum.id("chair")), Some(Place::Deputy)), "who"),
        (named(Some(forum.id("mo")), Some(Place::Out)), "who"),
        (named(Some(forum.id("mo")), None), "place"),
    ] {
        let done = forum.try_name("coordinator", naming, None).await;
        assert_eq!(wrong(done), [field]);
    }
    assert!(forum.contacts().await.changes.is_empty());
}

#[tokio::test]
async fn whoever_left_is_named_and_not_counted() {
    let forum = with_contacts().await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    forum.told().await;
    for (change, back, lapse) in [
        ("disabled = (1 = 1)", "disabled = (1 = 0)", Lapse::ShutOut),
        ("role = 'auditor'", "role = 'member'", Lapse::Moved),
        ("agency = 'housing'", "agency = 'health'", Lapse::Moved),
        ("agency = 'nobody'", "agency = 'health'", Lapse::Unshared),
    ] {
        let set = |what| format!("update staff set {what} where name = 'health'");
        forum.house.tamper(&set(change)).await;
        let of_contact = forum.named("health").await[0].3;
        assert_eq!(of_contact, Some(lapse), "{change}");
        forum.list(meeting, case).await.unwrap();
        let asked = forum.asked().await;
        assert!(asked.contains(&"dee".to_owned()), "{change}: {asked:?}");
        let because = "Not yet".to_owned();
        let unlist = Ask::Unlist { case, because };
        forum.ask(meeting, "coordinator", unlist).await.unwrap();
        forum.house.tamper(&set(back)).await;
    }
}

#[tokio::test]
async fn the_contact_is_asked_and_where_nobody_is_named_everybody_is() {
    let mut forum = with_contacts().await;
    forum.hire("hamish", "member", "housing").await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    forum.told().await;
    forum.list(meeting, case).await.unwrap();
    let police = ["chair", "police"];
    let housing = ["hamish", "housing"];
    let mut asked = ["health", "social_work", "victim_support"].to_vec();
    asked.extend(police);
    asked.extend(housing);
    asked.sort_unstable();
    let told = forum.told().await;
    assert_eq!(told.keys().collect::<Vec<_>>(), asked);
    assert!(
        !told.values().any(|appointment| *appointment),
        "no appointment"
    );
}

#[tokio::test]
async fn l10_a_contact_with_a_conflict_is_not_asked_and_nobody_is_told_why() {
    let forum = with_contacts().await;
    let (case, other) = (forum.case().await, forum.case().await);
    let meeting = forum.convened().await;
    forum.declare("health", case).await;
    forum.told().await;
    let before = forum.meeting("housing", meeting).await.people;
    forum.list(meeting, case).await.unwrap();
    let asked = forum.asked().await;
    let of_health = |asked: &[String]| {
        let own = ["health", "dee", "mo"];
        let own = own
            .into_iter()
            .filter(|name| asked.iter().any(|told| told == name));
        own.collect::<Vec<_>>()
    };
    assert_eq!(of_health(&asked), ["dee"]);
    // Everybody sees the same names as before, and as in a case without a conflict.
    for (name, place) in [("health", Place::Contact), ("dee", Place::Deputy)] {
        for who in ["housing", "coordinator", "health", "chair"] {
            let after = forum.meeting(who, meeting).await.people;
            assert_eq!(after.names("health", place), [name], "{who}");
        }
        assert_eq!(before.names("health", place), [name]);
    }
    // The one who is kept away finds nothing.
    assert!(forum.meeting("health", meeting).await.cases.is_empty());
    forum.list(meeting, other).await.unwrap();
    assert_eq!(of_health(&forum.asked().await), ["health"]);

    // Reminders, by hand and late, go the same way.
    for _ in 0..2 {
        let agency = "health".to_owned();
        let again = Ask::Remind { case, agency };
        forum.ask(meeting, "coordinator", again).await.unwrap();
        assert_eq!(of_health(&forum.asked().await), ["dee"]);
    }
    // Where no deputy may open it either, those are asked who may.
    forum.declare("dee", case).await;
    let agency = "health".to_owned();
    let again = Ask::Remind { case, agency };
    forum.ask(meeting, "coordinator", again).await.unwrap();
    assert_eq!(of_health(&forum.asked().await), ["mo"]);
}

#[tokio::test]
async fn what_is_late_is_told_to_the_seniors_of_the_agency_by_name() {
    let mut forum = with_contacts().await;
    forum.hire("boss", "member", "health").await;
    forum.name("boss", Place::Deputy, true).await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    forum.list(meeting, case).await.unwrap();
    for agency in ["housing", "social_work", "victim_support", "police"] {
        let given = answer(case, agency, json!({"answer": "nothing_held"}));
        forum.ask(meeting, "coordinator", given).await.unwrap();
    }
    forum.told().await;
    let remind = || async {
        let lease = forum.house.lease("meetings").await;
        let reminded = forum.house.app.remind_agencies(&lease).await.unwrap();
        (reminded, forum.asked().await)
    };
    let due_at = forum.load(meeting).await.items[0].listing.answers_by;
    forum
        .house
        .clock
        .set(due_at - SignedDuration::from_hours(1));
    assert_eq!(remind().await, (1, vec!["health".to_owned()]));
    forum
        .house
        .clock
        .set(due_at + SignedDuration::from_hours(1));
    let late = ["boss", "dee", "health"].map(ToOwned::to_owned);
    assert_eq!(remind().await, (1, late.to_vec()));
    assert_eq!(remind().await.0, 0);
}

#[tokio::test]
async fn deputies_are_told_that_their_agency_does_not_come() {
    let forum = with_contacts().await;
    let meeting = forum.convened().await;
    forum.told().await;
    for (agency, told) in [("health", &["dee"][..]), ("housing", &[])] {
        let apologise = Ask::Apologise {
            agency: agency.to_owned(),
            because: "On leave".to_owned(),
        };
        forum.ask(meeting, agency, apologise).await.unwrap();
        assert_eq!(forum.asked().await, told);
    }
}

#[tokio::test]
async fn to_a_series_come_those_who_are_named_for_their_agency() {
    let forum = with_contacts().await;
    let everybody = [
        "chair",
        "dee",
        "health",
        "housing",
        "mo",
        "police",
        "social_work",
        "victim_support",
    ];
    forum.convened().await;
    let invited = forum.told().await;
    assert_eq!(invited.keys().collect::<Vec<_>>(), everybody);
    assert!(invited.values().all(|appointment| *appointment));

    forum.name("police", Place::Contact, false).await;
    let mut convening = forum.convening(Form::Regular);
    convening.series = Some("weekly".to_owned());
    let convened = forum
        .house
        .app
        .convene(forum.who("coordinator"), SCHEME, convening, None);
    let meeting = convened.await.unwrap();
    let standing = forum.asked().await;
    let without_mo: Vec<_> = everybody.iter().filter(|name| **name != "mo").collect();
    assert_eq!(standing.iter().collect::<Vec<_>>(), without_mo);

    // Whoever is no more named has it in their calendar, and it is struck out there.
    forum.name("dee", Place::Out, false).await;
    forum.name("mo", Place::Deputy, false).await;
    let because = "Snow".to_owned();
    let off = forum.ask(meeting, "coordinator", Ask::CallOff { because });
    off.await.unwrap();
    assert_eq!(forum.asked().await, everybody);
}
