//! Who says beforehand that they come, what is told of it before a meeting begins, and whether somebody came who can commit the agency.

use clares_law::app::meetings::{Line, Naming, Place, Share};
use clares_law::domain::id::MeetingId;
use clares_law::engine::definition;
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::{Event, Form, Sitting};
use jiff::SignedDuration;
use jiff::civil::date;
use serde_json::json;

use super::{Forum, unmet};
use crate::support::world::{dsdas, shipped};

const SCHEME: &str = "dsdas-scotland";

fn apologise(agency: &str) -> Ask {
    Ask::Apologise {
        agency: agency.to_owned(),
        because: "On leave".to_owned(),
    }
}

impl Forum {
    async fn forecast(&self, meeting: MeetingId) -> String {
        self.meeting("housing", meeting).await.forecast.sentence()
    }
}

#[tokio::test]
async fn before_a_meeting_begins_it_is_told_who_comes() {
    let mut forum = Forum::new().await;
    forum.hire("hamish", "member", "housing").await;
    let meeting = forum.convened().await;
    let label = |agency| forum.definition().agency_label(agency);
    let [police, social_work, victims] = ["police", "social_work", "victim_support"].map(label);
    let told = format!("{police}, {social_work} and {victims} have not said.");
    assert_eq!(forum.forecast(meeting).await, told);

    for name in ["police", "victim_support", "housing"] {
        forum.ask(meeting, name, Ask::WillCome).await.unwrap();
    }
    let twice = forum.ask(meeting, "police", Ask::WillCome).await;
    assert_eq!(unmet(twice), ["You have said that you come"]);
    let refused = forum.ask(meeting, "coordinator", Ask::WillCome).await;
    refused.unwrap_err();
    let told = format!("{police} and {victims} come. {social_work} has not said.");
    assert_eq!(forum.forecast(meeting).await, told);

    // Taken back, by themselves and by the coordinator for an agency that telephoned.
    for (name, agency) in [
        ("victim_support", "victim_support"),
        ("coordinator", "social_work"),
    ] {
        forum.ask(meeting, name, apologise(agency)).await.unwrap();
    }
    let told = format!("{police} comes. {social_work} and {victims} do not come.");
    assert_eq!(forum.forecast(meeting).await, told);
    for name in ["victim_support", "social_work"] {
        forum.ask(meeting, name, Ask::WillCome).await.unwrap();
    }
    assert_eq!(forum.forecast(meeting).await, "All 3 needed come.");
    assert!(forum.load(meeting).await.apologies.is_empty());

    // A colleague who comes comes all the same; nobody does of an agency that somebody else apologises for.
    forum.ask(meeting, "hamish", Ask::WillCome).await.unwrap();
    for (name, come) in [("housing", 1), ("coordinator", 0)] {
        forum
            .ask(meeting, name, apologise("housing"))
            .await
            .unwrap();
        let coming = forum.load(meeting).await.coming;
        let theirs = coming.values().filter(|one| one.agency == "housing");
        assert_eq!(theirs.count(), come, "{name} apologised");
    }
}

#[tokio::test]
async fn whoever_said_it_of_another_day_says_it_again() {
    let forum = Forum::new().await;
    let meeting = forum.convened().await;
    forum.ask(meeting, "health", Ask::WillCome).await.unwrap();
    let starts_at = forum.house.clock.now() + SignedDuration::from_hours(24 * 9);
    let sitting = Sitting {
        starts_at,
        ends_at: starts_at + SignedDuration::from_hours(2),
        place: "Room 5".to_owned(),
    };
    let because = "The room is taken".to_owned();
    let moved = Ask::Move { sitting, because };
    forum.ask(meeting, "coordinator", moved).await.unwrap();
    assert!(forum.load(meeting).await.coming.is_empty());
    forum.ask(meeting, "health", Ask::WillCome).await.unwrap();
}

#[tokio::test]
async fn nobody_says_it_of_a_meeting_that_has_begun_or_is_in_writing() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let begun = forum.begun(&[case], &["chair"]).await;
    let late = forum.ask(begun, "health", Ask::WillCome).await;
    assert_eq!(unmet(late), ["The meeting has begun"]);
    let convening = forum.convening(Form::Written);
    let app = &forum.house.app;
    let written = app.convene(forum.who("coordinator"), SCHEME, convening, None);
    let written = written.await.unwrap();
    let said = forum.ask(written, "health", Ask::WillCome).await;
    assert_eq!(unmet(said), ["Nobody comes: this meeting is in writing"]);
}

#[tokio::test]
async fn nobody_is_here_before_the_hour_before_the_meeting() {
    let forum = Forum::new().await;
    let meeting = forum.convened().await;
    let starts_at = forum.load(meeting).await.sitting.starts_at;
    let zone = forum.definition().zone.clone();
    let opens_at = starts_at - SignedDuration::from_hours(1);
    let from = opens_at.to_zoned(zone).strftime("%-d %B, %H:%M");
    let early = format!("You can say that you are here from {from}");
    for name in ["social_work", "chair", "coordinator"] {
        for ask in [Ask::Accept, Ask::Come] {
            let told = unmet(forum.ask(meeting, name, ask).await);
            assert_eq!(told, [early.as_str()], "{name}");
        }
    }
    let loaded = forum.load(meeting).await;
    assert_eq!(loaded.present().count(), 0);
    let quorum = forum.meeting("chair", meeting).await.quorum;
    assert_eq!(quorum.missing.len(), quorum.needed, "nobody counts");

    let clock = &forum.house.clock;
    let left = opens_at.duration_since(clock.now());
    clock.advance(left - SignedDuration::from_secs(1));
    let told = unmet(forum.ask(meeting, "chair", Ask::Come).await);
    assert_eq!(told, [early.as_str()]);
    clock.advance(SignedDuration::from_secs(1));
    for name in ["social_work", "chair", "coordinator"] {
        forum.ask(meeting, name, Ask::Accept).await.unwrap();
    }
    forum.ask(meeting, "chair", Ask::Come).await.unwrap();
    assert_eq!(forum.load(meeting).await.present().count(), 1);

    // Late is not too late, and over is over.
    clock.advance(SignedDuration::from_hours(5));
    forum.ask(meeting, "social_work", Ask::Come).await.unwrap();
    let because = "The room is on fire".to_owned();
    let call_off = Ask::CallOff { because };
    forum.ask(meeting, "chair", call_off).await.unwrap();
    let told = unmet(forum.ask(meeting, "coordinator", Ask::Come).await);
    assert_eq!(told, ["The meeting was called off"]);
}

#[tokio::test]
async fn whoever_accepts_takes_part_in_a_meeting_in_writing() {
    let forum = Forum::new().await;
    let convening = forum.convening(Form::Written);
    let app = &forum.house.app;
    let meeting = app.convene(forum.who("coordinator"), SCHEME, convening, None);
    let meeting = meeting.await.unwrap();
    let told = unmet(forum.ask(meeting, "social_work", Ask::Accept).await);
    assert!(
        told[0].starts_with("You can say that you take part from "),
        "{told:?}"
    );
    forum.opens(meeting).await;
    let told = unmet(forum.ask(meeting, "social_work", Ask::Come).await);
    assert_eq!(told, ["Nobody comes: this meeting is in writing"]);
    forum
        .ask(meeting, "social_work", Ask::Accept)
        .await
        .unwrap();
    let present = |loaded: clares_law::engine::meeting::table::Meeting| loaded.present().count();
    assert_eq!(present(forum.load(meeting).await), 1);
    forum.ask(meeting, "social_work", Ask::Leave).await.unwrap();
    assert_eq!(present(forum.load(meeting).await), 0);
    forum
        .ask(meeting, "social_work", Ask::Accept)
        .await
        .unwrap();
    assert_eq!(present(forum.load(meeting).await), 1);
    assert!(app.differing().await.unwrap().is_empty());
}

#[test]
fn an_edition_without_the_word_opens_the_room_an_hour_before() {
    let mut meets = dsdas().meets().unwrap().clone();
    let starts_at = "2026-11-26T10:00:00Z".parse().unwrap();
    let opens = |meets: &clares_law::engine::definition::meets::Meets| {
        meets.opens_at(starts_at).to_string()
    };
    assert_eq!(opens(&meets), "2026-11-26T09:00:00Z");
    meets.room_opens = "3 hours".into();
    assert_eq!(opens(&meets), "2026-11-26T07:00:00Z");
    let mut library = shipped();
    let file = library.0.get_mut("parts/forum.yaml").unwrap();
    let said = "    room_opens: 1 hour\n";
    assert_eq!(file.text.matches(said).count(), 1);
    file.text = file.text.replace(said, "");
    let (read, findings) = definition::read(&library, "schemes/dsdas-scotland.yaml");
    let read = read.unwrap_or_else(|| panic!("{findings:?}"));
    assert_eq!(opens(read.meets().unwrap()), "2026-11-26T09:00:00Z");
}

#[test]
fn who_came_before_anybody_was_senior_came_all_the_same() {
    let came: Event = serde_json::from_value(json!({"event": "came"})).unwrap();
    assert_eq!(came, Event::Came { senior: false });
}

#[tokio::test]
async fn it_is_counted_whether_somebody_came_who_can_commit_the_agency() {
    let forum = Forum::new().await;
    for (name, senior) in [("health", true), ("social_work", false), ("housing", true)] {
        let naming = Naming {
            agency: name.to_owned(),
            who: forum.who(name).id.parse().ok(),
            place: Some(Place::Contact),
            senior,
        };
        let app = &forum.house.app;
        let named = app.name_contact(forum.who("coordinator"), SCHEME, naming, None);
        named.await.unwrap();
    }
    let case = forum.case().await;
    let here = ["chair", "health", "social_work"];
    let meeting = forum.begun(&[case], &here).await;
    // What somebody is by now changes nothing of what they were when they came.
    let naming = Naming {
        agency: "health".to_owned(),
        who: forum.who("health").id.parse().ok(),
        place: Some(Place::Out),
        senior: false,
    };
    let app = &forum.house.app;
    let out = app.name_contact(forum.who("coordinator"), SCHEME, naming, None);
    out.await.unwrap();
    forum.ask(meeting, "health", Ask::Come).await.unwrap();

    let reader = forum.person("coordinator");
    let seen = app.see_partnership(&reader, SCHEME).await.unwrap();
    let month = date(2026, 11, 1);
    let so = |so| Line::from([(month, Share { so, of: 1 })]);
    for (agency, came, senior) in [
        ("health", 1, 1),
        ("social_work", 1, 0),
        ("housing", 0, 0),
        ("police", 1, 0),
    ] {
        assert_eq!(seen.came[agency], so(came), "{agency}");
        assert_eq!(seen.senior[agency], so(senior), "{agency}");
    }
    assert!(app.differing().await.unwrap().is_empty());
}
