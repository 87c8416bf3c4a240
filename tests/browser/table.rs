//! A case at the table in several browsers at once: its pictures, and that everybody sees within two seconds what another did.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::chrome::{Browser, Width};
use crate::service::Service;
use clares_law::app::App;
use clares_law::app::meetings::MeetingRequest;
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::engine::command::Actor;
use clares_law::engine::definition::record::Answers;
use clares_law::engine::meeting::ask::{Ask, Convening};
use clares_law::engine::meeting::event::{Form, Sitting};
use clares_law::store::cases;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A meeting of the demonstration with two cases that are ready for it.
struct Table {
    service: Service,
    meeting: MeetingId,
    case: CaseId,
}

impl Table {
    async fn laid() -> Self {
        let service = Service::demonstration().await;
        let app = &service.app;
        let ready: Vec<_> = {
            let mut tx = app.db.begin_read().await.unwrap();
            let all = cases::all(&mut tx).await.unwrap().into_iter();
            all.filter(|case| case.state == "forum_ready" && case.pending_action.is_none())
                .map(|case| CaseId(case.id))
                .collect()
        };
        let coordinator = named(app, "coordinator").await;
        let starts_at = service.clock.now() + SignedDuration::from_hours(4 * 24);
        let convening = Convening {
            authority: coordinator.authority.clone(),
            form: Form::Regular,
            series: None,
            sitting: Sitting {
                starts_at,
                ends_at: starts_at + SignedDuration::from_hours(2),
                place: "Room 4".to_owned(),
            },
            because: String::new(),
        };
        let called = app.convene(&coordinator, "dsdas-scotland", convening, None);
        let meeting = called.await.unwrap();
        for case in &ready {
            let listed = app.put_on_agenda(&coordinator, meeting, *case, None);
            listed.await.unwrap();
        }
        let case = *ready.first().expect("a case that is ready for the forum");
        Self {
            service,
            meeting,
            case,
        }
    }

    async fn ask(&self, name: &str, ask: Ask) {
        let request = MeetingRequest {
            meeting: self.meeting,
            ask,
            key: None,
            actor: named(&self.service.app, name).await,
        };
        self.service.app.ask(request).await.unwrap();
    }

    async fn answer(&self, name: &str, agency: &str, answers: Value) {
        let (case, agency) = (self.case, agency.to_owned());
        let answers = filled(answers);
        self.ask(
            name,
            Ask::Answer {
                case,
                agency,
                answers,
            },
        )
        .await;
    }

    async fn view(&self, name: &str, because: &str) {
        let case = self.case;
        let answers = filled(
            json!({"view": "disclose", "lawful": true, "necessary": true, "proportionate": true, "because": because}),
        );
        self.ask(name, Ask::View { case, answers }).await;
    }

    async fn say(&self, name: &str, agency: &str, text: &str) {
        let (case, agency, text) = (self.case, agency.to_owned(), text.to_owned());
        self.ask(name, Ask::Say { case, agency, text }).await;
    }

    /// Everybody comes, and the chair brings the room to the case.
    async fn taken(&self) {
        self.ask("coordinator", Ask::SealAgenda).await;
        // They come in when the room is open: an hour before.
        let clock = &self.service.clock;
        clock.advance(SignedDuration::from_hours(4 * 24 - 1));
        for name in ["chair", "member-1", "member-2", "member-3", "member-4"] {
            self.ask(name, Ask::Accept).await;
            self.ask(name, Ask::Come).await;
        }
        self.ask("chair", Ask::Begin).await;
        let case = self.case;
        self.ask("chair", Ask::Take { case }).await;
    }

    fn item(&self) -> String {
        let Self {
            service,
            meeting,
            case,
        } = self;
        format!("{}/staff/meetings/{meeting}/cases/{case}", service.address)
    }

    async fn seat(&self, name: &str, width: Width) -> Browser {
        let browser = Browser::open(width).await;
        let address = &self.service.address;
        browser.goto(&format!("{address}/staff/sign-in")).await;
        browser.fill("Name", name).await;
        browser.fill("Password", "demonstration").await;
        browser.press("Sign in").await;
        browser.goto(&self.item()).await;
        browser
    }
}

async fn named(app: &Arc<App>, name: &str) -> Actor {
    app.account_named(name).await.unwrap()
}

fn filled(answers: Value) -> Answers {
    serde_json::from_value(answers).unwrap()
}

async fn kept(browser: &Browser, name: &str) {
    browser.screenshot(name).await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "{name}: {faults:?}");
}

/// Waits until the page shows these words by itself; answers how long that took.
#[expect(clippy::disallowed_methods, reason = "a stopwatch beside the clock")]
async fn shows(browser: &Browser, words: &str) -> Duration {
    let begun = Instant::now();
    while !browser.text().await.contains(words) {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "nothing of '{words}'"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    begun.elapsed()
}

#[tokio::test]
async fn a_case_at_the_table_at_both_widths() {
    let table = Table::laid().await;
    let widths = [Width::Narrow, Width::Desk];
    for width in widths {
        let member = table.seat("member-2", width).await;
        kept(&member, "50-table-before").await;
        member.follow("We hold something").await;
        kept(&member, "51-answer").await;
        member
            .fill("What it says", "Two complaints about doors")
            .await;
        member.press("Send the answer").await;
        kept(&member, "52-answer-with-errors").await;
    }
    let held = json!({"answer": "information", "pieces": [
        {"information": "Earlier tenancy of his ended in 2021 after complaints of noise and damage to doors", "source_of_it": "Tenancy file", "dated": "2021-06", "grading": "seen", "may_be_told": "reworded", "other_words": "There have been complaints about his behaviour at home"},
        {"information": "A neighbour heard shouting twice this summer", "source_of_it": "Note of a call", "grading": "told", "may_be_told": "not_told", "not_told_because": "It would name the neighbour"},
    ]});
    table.answer("member-2", "housing", held).await;
    table
        .answer("member-1", "health", json!({"answer": "nothing_held"}))
        .await;
    let cannot =
        json!({"answer": "cannot_share", "reason": "The file names a neighbour who complained"});
    table.answer("member-3", "social_work", cannot).await;
    table.taken().await;
    table
        .view(
            "member-1",
            "She is about to let him move in, and nothing less lets her choose",
        )
        .await;
    table
        .say(
            "member-2",
            "housing",
            "The last complaint is from this summer.\nIt is not on the file yet.",
        )
        .await;
    for width in widths {
        let chair = table.seat("chair", width).await;
        kept(&chair, "53-table-sealed-for-the-chair").await;
        let member = table.seat("member-1", width).await;
        kept(&member, "54-table-sealed-for-a-member").await;
        member.goto(&format!("{}/view", table.item())).await;
        kept(&member, "55-view").await;
    }
    table
        .view("member-2", "The words that housing gave are enough for her")
        .await;
    let chair = table.seat("chair", Width::Desk).await;
    chair.press("Open the views").await;
    chair.fill("What is to be done", "Change the lock").await;
    chair.press("Write down the promise").await;
    kept(&chair, "56-promise-with-errors").await;
    chair.fill("Day", "30").await;
    chair.fill("Month", "11").await;
    chair.fill("Year", "2026").await;
    chair.press("Write down the promise").await;
    for width in widths {
        let chair = table.seat("chair", width).await;
        kept(&chair, "57-table-open-for-the-chair").await;
        let member = table.seat("member-4", width).await;
        kept(&member, "58-table-open-for-a-member").await;
    }
}

#[tokio::test]
async fn everybody_sees_within_two_seconds_what_another_did_and_loses_nothing_typed() {
    let table = Table::laid().await;
    table.taken().await;
    let reads = table.seat("member-1", Width::Phone).await;
    let types = table.seat("member-2", Width::Desk).await;
    types
        .fill("What was said", "We have not finished this sen")
        .await;
    table
        .say("member-3", "social_work", "The school has seen nothing")
        .await;
    let took = shows(&reads, "The school has seen nothing").await;
    assert!(took < Duration::from_secs(3), "{took:?}");

    // Whoever types is asked first; what they typed stays, and can be sent.
    shows(&types, "Something has changed.").await;
    assert!(!types.text().await.contains("The school has seen nothing"));
    kept(&types, "59-something-has-changed").await;
    let show = types
        .driver
        .find(thirtyfour::By::Css(".app-live button"))
        .await
        .unwrap();
    show.click().await.unwrap();
    shows(&types, "The school has seen nothing").await;
    let field = types
        .driver
        .find(thirtyfour::By::Id("say-text"))
        .await
        .unwrap();
    let left = field.prop("value").await.unwrap().unwrap();
    assert_eq!(left, "We have not finished this sen");
    field.send_keys("tence").await.unwrap();
    types.press("Write it down").await;
    assert!(
        types
            .text()
            .await
            .contains("We have not finished this sentence")
    );

    // And the next news comes to the same page as well.
    shows(&reads, "We have not finished this sentence").await;
    table
        .say("member-3", "social_work", "Nor has the health visitor")
        .await;
    shows(&reads, "Nor has the health visitor").await;

    // Without scripts, one reloads.
    let plain = table.seat("member-4", Width::Phone).await;
    plain.without_scripts().await;
    plain.goto(&table.item()).await;
    assert!(plain.text().await.contains("Nor has the health visitor"));
    plain.press("We hold nothing").await;
    assert!(
        plain
            .text()
            .await
            .contains("Victim support and advocacy: We hold nothing")
    );
}
