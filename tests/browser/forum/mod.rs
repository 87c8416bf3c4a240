//! A forum from its calling to its minutes, each of its people in a browser of their own: a coordinator, a chair, four members of
//! different agencies, one of them kept away from a case, one on a phone, one late, and a supervisor who was not in the room.
//! Start with the test at the end; `sitting` is the meeting itself, `seat` what somebody does with a page.

mod seat;
mod sitting;

use std::sync::Arc;

use clares_law::engine::definition::Definition;
use clares_law::engine::definition::record::Record;
use clares_law::store::cases;
use jiff::Timestamp;
use serde_json::json;

use crate::chrome::Width;
use crate::service::Service;
use seat::Seat;

/// The day of the meeting as lists and headings say it.
const DAY: &str = "26 November 2026";
const BEGINS: &str = "2026-11-26T09:55:00Z";

/// What the cases are called: the first with its id, which stands in addresses; the meeting does not come to the third.
struct Forum {
    service: Service,
    definition: Arc<Definition>,
    one: String,
    one_id: String,
    two: String,
    three: String,
}

/// Who is in the room.
struct Room {
    cora: Seat,
    chair: Seat,
    /// A nurse, on a phone.
    health: Seat,
    /// Kept away from the first case.
    housing: Seat,
    social_work: Seat,
}

impl Forum {
    async fn new() -> Self {
        let service = Service::demonstration().await;
        let mut tx = service.app.db.begin_read().await.unwrap();
        let all = cases::all(&mut tx).await.unwrap();
        drop(tx);
        let in_state = |state: &str, place: usize| {
            let mut found = all.iter().filter(|case| {
                case.state == state && case.pending_action.is_none() && case.authority == "scotland"
            });
            let found = found.nth(place);
            found.unwrap_or_else(|| panic!("the demonstration has no such case in {state}"))
        };
        let (one, two) = (in_state("forum_pending", 0), in_state("forum_ready", 0));
        let three = in_state("forum_pending", 1);
        Self {
            definition: service.definition(),
            one: one.reference.clone(),
            one_id: one.id.to_string(),
            two: two.reference.clone(),
            three: three.reference.clone(),
            service,
        }
    }

    fn record(&self, name: &str) -> &Record {
        &self.definition.records[name]
    }

    async fn seat(&self, name: &str, width: Width) -> Seat {
        Seat::taken(&self.service, name, width).await
    }

    /// The coordinator calls a meeting and puts the cases on its agenda.
    async fn called(&self) {
        let cora = self.seat("coordinator", Width::Desk).await;
        cora.to_meetings().await;
        cora.browser.follow("Call a meeting").await;
        for (label, text) in [
            ("Day", "26"),
            ("Month", "11"),
            ("Year", "2026"),
            ("Begins", "10:00"),
            ("Ends", "12:00"),
            ("Place or link", "Room 4, the harbour office"),
        ] {
            cora.browser.fill(label, text).await;
        }
        cora.browser.press("Call the meeting").await;
        cora.to_meetings().await;
        for case in [&self.one, &self.two, &self.three] {
            cora.press_about("Put on this agenda", case).await;
        }
        cora.kept("60-coordinator-has-listed-the-cases").await;
        let told = cora.browser.text().await;
        assert!(told.contains("Regular meeting, 3 cases"), "{told}");
    }

    /// Agencies answer; one finds somebody it knows in the first case.
    async fn answered(&self) {
        let nurse = self.seat("member-1", Width::Narrow).await;
        nurse.to_meetings().await;
        nurse.kept("61-member-owes-answers").await;
        nurse.browser.follow(&self.one).await;
        nurse.kept("62-question-to-an-agency").await;
        nurse.browser.press("We hold nothing").await;
        assert!(
            nurse
                .browser
                .text()
                .await
                .contains("Health: We hold nothing")
        );
        drop(nurse);

        let social_work = self.seat("member-3", Width::Desk).await;
        social_work.to_meetings().await;
        social_work.browser.follow(&self.one).await;
        social_work.browser.follow("We hold something").await;
        let answer = self.record("agency_answer");
        let none = json!({"reason": null});
        social_work.fill(answer, none).await;
        social_work.browser.press("Send the answer").await;
        drop(social_work);

        let support = self.seat("member-4", Width::Desk).await;
        support.to_meetings().await;
        support.browser.follow(&self.one).await;
        support.browser.follow("We hold something").await;
        let reason =
            json!({"answer": "cannot_share", "pieces": null, "reason": "She asked us not to"});
        support.fill(answer, reason).await;
        support.browser.press("Send the answer").await;
        drop(support);

        let housing = self.seat("member-2", Width::Desk).await;
        housing.to_meetings().await;
        housing.browser.follow(&self.one).await;
        let conflict = "Keep yourself away from it";
        housing.browser.follow(conflict).await;
        housing.kept("63-a-conflict").await;
        housing.browser.choose("Conflict of interest").await;
        housing
            .browser
            .fill("Why", "His mother is my neighbour")
            .await;
        housing.browser.press("Record").await;
        self.knows_nothing(&housing).await;
        housing.to_meetings().await;
        self.knows_nothing(&housing).await;
        let told = housing.browser.text().await;
        assert!(told.contains("Regular meeting, 2 cases"), "{told}");
        assert!(told.contains(&self.two), "{told}");
    }

    /// Whoever is kept away from the first case has nothing of it in front of them.
    async fn knows_nothing(&self, seat: &Seat) {
        seat.knows_nothing_of(&[&self.one, &self.one_id]).await;
    }

    /// The coordinator settles the agenda and sends the papers round.
    async fn settled(&self) {
        let cora = self.seat("coordinator", Width::Desk).await;
        cora.enter(DAY).await;
        cora.browser.press("Settle the agenda").await;
        cora.kept("64-agenda-settled").await;
        cora.browser.follow(&self.one).await;
        cora.kept("65-case-for-the-coordinator").await;
        cora.browser.goto(&self.case_page()).await;
        cora.browser.follow("Circulate the papers").await;
        cora.fill(self.record("forum_pack"), json!({})).await;
        cora.browser.press("Check your answers").await;
        cora.browser.press("Confirm and record").await;
    }

    fn case_page(&self) -> String {
        format!("{}/staff/cases/{}", self.service.address, self.one_id)
    }

    /// The chair, three members and the coordinator come; the meeting begins without the fourth.
    async fn begun(&self) -> Room {
        let begins: Timestamp = BEGINS.parse().unwrap();
        let clock = &self.service.clock;
        clock.advance(begins.duration_since(clock.now()));
        self.service.sweep(100).await.unwrap();
        let mut room = Room {
            cora: self.seat("coordinator", Width::Desk).await,
            chair: self.seat("chair", Width::Desk).await,
            health: self.seat("member-1", Width::Narrow).await,
            housing: self.seat("member-2", Width::Desk).await,
            social_work: self.seat("member-3", Width::Desk).await,
        };
        room.chair.enter(DAY).await;
        room.chair.arrive().await;
        for seat in [&room.health, &room.housing, &room.social_work, &room.cora] {
            seat.enter(DAY).await;
            seat.arrive().await;
        }
        room.chair.browser.press("Begin the meeting").await;
        room.health.sees("Under way").await;
        let missing = "2 of 3 needed are here. Victim support and advocacy is missing.";
        room.chair.sees(missing).await;
        room.chair
            .kept_in_both("66-chair-in-the-room", Width::Desk)
            .await;
        room.health.kept("67-nurse-in-the-room").await;
        room
    }
}

#[tokio::test]
async fn a_forum_of_seven_people_in_browsers_of_their_own() {
    let forum = Forum::new().await;
    forum.called().await;
    forum.answered().await;
    forum.settled().await;
    let room = forum.begun().await;
    let late = forum.first_case(&room).await;
    forum.a_lost_connection_loses_nothing(&room).await;
    let room = forum.decided(room).await;
    let room = forum.second_case(room, late).await;
    forum.minutes(room).await;
    let verified = forum.service.app.verify_history().await.unwrap();
    assert!(verified.bad.is_empty(), "{:?}", verified.bad);
}
