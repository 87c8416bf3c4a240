//! The meeting itself: the case that one member is kept away from, the one that is refused, and the minutes.

use serde_json::{Value, json};

use super::seat::Seat;
use super::{DAY, Forum, Room};
use crate::chrome::Width;

/// What each member says of the first case; nobody reads it before all have said theirs.
const NURSE: &str = "She comes to us with injuries that she does not explain";
const CHAIR: &str = "Two convictions, both against partners";

fn view(says: &str, because: &str) -> Value {
    json!({"view": says, "because": because, "would_change": null})
}

impl Forum {
    async fn gives_view(&self, seat: &Seat, says: &str, because: &str) {
        seat.browser.follow("Give your view").await;
        seat.fill(self.record("member_view"), view(says, because))
            .await;
        seat.browser.press("Give this view").await;
    }

    /// The room comes to the first case; one joins late, one is kept away, and views are open once all have given theirs.
    pub(super) async fn first_case(&self, room: &Room) -> Seat {
        let late = self.seat("member-4", Width::Desk).await;
        late.enter(DAY).await;
        late.arrive().await;
        room.chair.sees("All 3 needed are here.").await;
        room.chair.press_about("Come to this case", &self.one).await;
        room.social_work.sees("The meeting came to it").await;
        self.knows_nothing(&room.housing).await;
        assert!(room.housing.browser.text().await.contains("Case 2 of 2"));
        for seat in [&room.health, &room.social_work, &late] {
            seat.browser.follow(&self.one).await;
            assert!(seat.browser.heading().await.ends_with(" of 3"));
        }
        self.stays_away(&room.housing).await;
        self.gives_view(&room.health, "disclose", NURSE).await;
        room.chair
            .sees("1 of 4 in the room have given theirs.")
            .await;
        for seat in [&room.chair, &room.social_work, &late] {
            seat.knows_nothing_of(&[NURSE]).await;
        }
        self.gives_view(&room.chair, "disclose", CHAIR).await;
        let words = "The child has seen it";
        self.gives_view(&room.social_work, "disclose", words).await;
        room.social_work.knows_nothing_of(&[NURSE, CHAIR]).await;
        let last = "She wants to know, and is ready to hear it";
        self.gives_view(&late, "need_more", last).await;
        for seat in [&room.health, &room.chair, &room.social_work] {
            seat.sees(last).await;
        }
        self.knows_nothing(&room.housing).await;
        late
    }

    /// Asking for the case by its address, as somebody who has it from elsewhere would, finds nothing.
    async fn stays_away(&self, seat: &Seat) {
        let here = seat.browser.driver.current_url().await.unwrap();
        let meeting = here.as_str().split('?').next().unwrap().to_owned();
        for address in [
            format!("{meeting}/cases/{}", self.one_id),
            format!("{meeting}/cases/{}/view", self.one_id),
            self.case_page(),
        ] {
            seat.browser.goto(&address).await;
            assert_eq!(seat.browser.heading().await, "Page not found", "{address}");
        }
        seat.browser.goto(&meeting).await;
    }

    /// A note is typed; the net goes, and the session ends: what was typed is there until it can be sent.
    pub(super) async fn a_lost_connection_loses_nothing(&self, room: &Room) {
        let seat = &room.social_work;
        let note = "The school will ring us when he is at the gate";
        seat.browser.fill("What was said", note).await;
        seat.offline(true).await;
        seat.press_in_vain("say", "There is no connection. What you typed")
            .await;
        assert_eq!(seat.typed("say-text").await, note);
        seat.offline(false).await;
        seat.browser.driver.delete_all_cookies().await.unwrap();
        seat.press_in_vain("say", "sign in again on a page of its own")
            .await;
        assert_eq!(seat.typed("say-text").await, note);
        let faults = seat.browser.axe().await;
        assert!(faults.is_empty(), "{faults:?}");
        seat.browser.screenshot("68-signed-out-while-typing").await;

        let first = seat.browser.driver.window().await.unwrap();
        let other = seat.browser.driver.new_tab().await.unwrap();
        seat.browser.driver.switch_to_window(other).await.unwrap();
        seat.sign_in("member-3").await;
        seat.browser.driver.close_window().await.unwrap();
        seat.browser.driver.switch_to_window(first).await.unwrap();
        seat.browser.press("Write it down").await;
        assert!(seat.browser.text().await.contains(note));
        room.health.sees(note).await;
        room.chair.sees(note).await;
    }

    /// The chair writes down a promise and records the decision, which stands in the meeting at once.
    pub(super) async fn decided(&self, mut room: Room) -> Room {
        let chair = &mut room.chair;
        chair.kept("69-views-open-for-the-chair").await;
        chair
            .browser
            .fill("What is to be done", "Change the lock")
            .await;
        for (label, text) in [("Day", "2"), ("Month", "12"), ("Year", "2026")] {
            chair.browser.fill(label, text).await;
        }
        chair.press_about("Write down the promise", "").await;
        room.health.sees("Change the lock").await;
        room.health.kept("70-views-open-on-a-phone").await;
        let decide = "Record a decision to disclose";
        chair.browser.follow(decide).await;
        chair.browser.press("Check your answers").await;
        chair
            .kept_in_both("71-decision-with-errors", Width::Desk)
            .await;
        chair.fill(self.record("decision"), json!({})).await;
        chair.records("All four who were asked want it").await;
        chair.kept("73-decision-recorded").await;
        chair.follow_about("Thursday 26 November", "").await;
        chair.sees("Recorded at this meeting").await;
        room.health.sees("Recorded at this meeting").await;
        room.social_work.sees("Recorded at this meeting").await;
        self.knows_nothing(&room.housing).await;
        room
    }

    /// The room comes to the second case, and says no; somebody who was not there confirms it.
    pub(super) async fn second_case(&self, mut room: Room, late: Seat) -> Room {
        late.browser.follow("Back").await;
        late.browser.press("I leave the meeting").await;
        drop(late);
        let chair = &mut room.chair;
        chair.enter(DAY).await;
        chair.press_about("Come to this case", &self.two).await;
        room.housing.sees("The meeting came to it").await;
        room.housing.browser.follow(&self.two).await;
        assert_eq!(room.housing.browser.heading().await, "Case 1 of 2");
        room.health.sees("The meeting is at case ").await;
        room.health.follow_about("case ", "").await;
        let words = "Nothing of it is about a partner";
        self.gives_view(&room.housing, "not_disclose", words).await;
        room.chair
            .sees("1 of 4 in the room have given theirs.")
            .await;
        room.chair
            .kept_in_both("74-views-that-are-missing", Width::Desk)
            .await;
        room.chair.browser.press("Open the views").await;
        room.housing.sees("Not given when they were opened").await;
        self.refused(room).await
    }

    /// A 'no' waits for a supervisor, who was not in the room.
    async fn refused(&self, mut room: Room) -> Room {
        let chair = &mut room.chair;
        let told = chair.browser.text().await;
        assert!(
            told.contains("Victim support and advocacy is missing"),
            "{told}"
        );
        chair.kept("75-too-few-to-decide").await;
        let late = self.seat("member-4", Width::Desk).await;
        late.enter(DAY).await;
        late.browser.press("I am here again").await;
        drop(late);
        chair.sees("All 3 needed are here.").await;
        chair.browser.press("Come to this case again").await;
        chair
            .browser
            .follow("Record a decision not to disclose")
            .await;
        let no = self.record("decision_not_to_disclose");
        chair.fill(no, json!({})).await;
        chair.records("Nobody holds anything about a partner").await;
        let case = chair.browser.driver.current_url().await.unwrap();
        let case = case.as_str().split('?').next().unwrap().to_owned();
        chair
            .kept_in_both("76-no-waits-for-a-second-person", Width::Desk)
            .await;
        room.housing.sees("It waits for a second person.").await;

        let second = self.seat("supervisor-1", Width::Desk).await;
        second.browser.goto(&case).await;
        second.kept("77-no-before-the-second-person").await;
        second.browser.follow("Confirm").await;
        second.records("I have read the papers and agree").await;
        room
    }

    /// The meeting ends; its record is the minutes, commented and approved, and a promise is told to be kept.
    pub(super) async fn minutes(&self, mut room: Room) {
        let chair = &mut room.chair;
        chair.enter(DAY).await;
        chair.browser.press("End the meeting").await;
        room.housing.sees("The meeting is over.").await;
        room.health.sees("The meeting is over.").await;
        room.health.enter(DAY).await;
        let words = "It was the back door, not the front";
        room.health
            .browser
            .fill("What should be otherwise", words)
            .await;
        room.health.browser.press("Comment").await;
        room.health.kept("78-minutes-on-a-phone").await;
        chair.enter(DAY).await;
        chair
            .kept_in_both("79-minutes-for-the-chair", Width::Desk)
            .await;
        chair.browser.press("Approve the minutes").await;
        chair.kept("80-minutes-approved").await;
        room.housing.enter(DAY).await;
        self.knows_nothing(&room.housing).await;
        room.housing.kept("81-minutes-for-the-one-kept-away").await;

        let cora = &mut room.cora;
        cora.to_meetings().await;
        cora.kept("82-meetings-afterwards").await;
        cora.enter(DAY).await;
        let told = cora.browser.text().await;
        assert!(
            told.contains(words) && told.contains("Change the lock"),
            "{told}"
        );
    }
}
