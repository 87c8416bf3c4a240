//! What minutes say of a decision: its tests and reasons as they were recorded, as far as the reader may see them, and never the words to
//! be said to whoever may not. What comes after their approval stands apart.

use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::{Promise, Report};
use jiff::SignedDuration;
use jiff::civil::date;
use uuid::Uuid;

use super::papers::{in_order, opened, same_on_both, view};
use super::sound::sound;
use super::table::Table;
use crate::looks::{log, new_since};
use crate::support::browser::Browser;
use crate::support::house::definition;

const WORDING: &str = "The words to be said, exactly";

/// What the example of the decision says in its fields that hold text.
struct Decision {
    lawful: String,
    wording: String,
}

impl Table {
    /// The forum has decided to tell, and the meeting is over.
    async fn decided() -> Self {
        let table = Self::taken().await;
        let case = table.case;
        for who in table.members.iter().chain([&table.chair]) {
            let answers = view();
            table.ask(who, Ask::View { case, answers }).await;
        }
        let decided = table.test.act(case, &table.chair, "decide_to_disclose");
        decided.await.unwrap();
        let promise = Promise {
            id: Uuid::from_u128(7),
            case: Some(case),
            agency: "housing".to_owned(),
            what: "Change the locks".to_owned(),
            by: date(2026, 12, 4),
        };
        table.ask(&table.chair, Ask::Promise(promise)).await;
        table.ask(&table.chair, Ask::Close).await;
        table
    }

    fn decision(&self) -> Decision {
        let examples = definition(&self.test.app).records["decision"].examples();
        let text = |name: &str| examples[name].as_str().unwrap().to_owned();
        Decision {
            lawful: text("lawful_reason"),
            wording: text("wording"),
        }
    }

    async fn approved(&self) {
        let mut tx = self.test.app.db.begin_read().await.unwrap();
        let loaded =
            clares_law::app::meetings::stream::load(&self.test.app.keys, &mut tx, self.meeting);
        let version = loaded.await.unwrap().meeting.version;
        drop(tx);
        self.ask(&self.chair, Ask::Approve { version }).await;
    }

    async fn reported(&self, report: Report, because: &str) {
        let because = because.to_owned();
        let promise = Uuid::from_u128(7);
        let report = Ask::Report {
            promise,
            report,
            because,
        };
        self.ask(&self.members[0], report).await;
    }

    /// The classes that the log says were shown of the case by a look at this address.
    async fn classes(&self, browser: &mut Browser, address: &str, operation: &str) -> Vec<String> {
        let before = log(&self.test).await;
        browser.get(address).await;
        let mut rows = new_since(&self.test, &before).await;
        rows.retain(|row| row.case_id == Some(self.case.0) && row.operation == operation);
        assert_eq!(rows.len(), 1, "{address}");
        let classes = rows[0].classes.split(' ');
        classes.map(str::to_owned).collect()
    }
}

#[tokio::test]
async fn the_minutes_give_the_tests_and_the_reasons_and_the_words_only_to_whoever_may_see_them() {
    let table = Table::decided().await;
    let told = table.decision();
    let mut ailsa = table.test.signed_in("ailsa").await;
    for address in [table.minutes(), table.pack()] {
        let lines = same_on_both(&mut ailsa, &address).await;
        in_order(
            &lines,
            &[
                "Decision",
                "Decided to disclose",
                "Is it lawful to tell?",
                "Yes",
                "Why it is or is not lawful",
                &told.lawful,
                "Because",
                "A reason in a few words",
                "Not shown in your role: the words of the disclosure.",
            ],
        );
        let all = lines.join("\n");
        assert!(
            !all.contains(&told.wording) && !all.contains(WORDING),
            "{all}"
        );
        ailsa.get(&address).await;
        assert!(!ailsa.html.contains(&told.wording));
    }
    let classes = table
        .classes(&mut ailsa, &table.minutes(), "consultation")
        .await;
    assert!(
        classes.iter().any(|class| class == "person_at_risk"),
        "{classes:?}"
    );
    assert!(!classes.iter().any(|class| class == "disclosure_wording"));

    let mut shona = table.test.signed_in("shona").await;
    for (address, operation) in [
        (table.minutes(), "consultation"),
        (format!("{}.docx", table.minutes()), "disclosure"),
    ] {
        let classes = table.classes(&mut shona, &address, operation).await;
        assert!(
            classes.iter().any(|class| class == "disclosure_wording"),
            "{classes:?}"
        );
    }
    let (lines, _) = opened(&shona);
    in_order(&lines, &[WORDING, &told.wording]);
    shona.get(&table.minutes()).await;
    sound(&shona);
    assert!(shona.has(&told.wording));

    // Whoever has not just proved who they are is not shown the words.
    table.test.clock.advance(SignedDuration::from_mins(6));
    let classes = table
        .classes(&mut shona, &table.minutes(), "consultation")
        .await;
    assert!(!classes.iter().any(|class| class == "disclosure_wording"));
    assert!(!shona.html.contains(&told.wording) && shona.has(&told.lawful));
    assert!(
        shona.has("Shown when you have confirmed that it is you: the words of the disclosure.")
    );
}

#[tokio::test]
async fn what_waits_for_a_second_person_is_said_as_what_it_is() {
    let table = Table::taken().await;
    let case = table.case;
    table.ask(&table.chair, Ask::OpenViews { case }).await;
    let decided = table.test.act(case, &table.chair, "decide_not_to_disclose");
    decided.await.unwrap();
    let page = format!("/staff/meetings/{}", table.meeting);
    let mut ailsa = table.test.signed_in("ailsa").await;
    ailsa.get(&format!("{page}/cases/{case}")).await;
    assert!(ailsa.has("Recorded at this meeting: Decided not to disclose"));
    table.ask(&table.chair, Ask::Close).await;
    let lines = same_on_both(&mut ailsa, &table.minutes()).await;
    in_order(
        &lines,
        &[
            "Decided not to disclose",
            "It takes effect when a second person confirms it.",
        ],
    );
    ailsa.get(&page).await;
    assert!(ailsa.has("Settled Decided not to disclose"));
}

#[tokio::test]
async fn what_comes_after_the_approval_stands_outside_the_minutes() {
    let table = Table::decided().await;
    table
        .reported(Report::NotDone, "The locksmith is away")
        .await;
    let mut ailsa = table.test.signed_in("ailsa").await;
    let minutes = table.minutes();
    let stood =
        "Change the locks\nBy Friday 4 December 2026: not done, because: The locksmith is away";
    in_order(
        &same_on_both(&mut ailsa, &minutes).await,
        &["Promised for this case", stood],
    );
    table.approved().await;
    let locked = same_on_both(&mut ailsa, &minutes).await;
    assert!(!locked.iter().any(|line| line.contains("Since the minutes")));

    table
        .reported(Report::NotPossible, "The door is gone")
        .await;
    table.reported(Report::Done, "").await;
    let lines = same_on_both(&mut ailsa, &minutes).await;
    // The same words as they were approved, but for what is said of the copy, and behind them what came later.
    let body = |lines: &[String]| {
        let from = lines.iter().position(|line| line == "The meeting").unwrap();
        lines[from..].to_vec()
    };
    let (locked, later) = (body(&locked), body(&lines));
    assert_eq!(later[..locked.len()], locked[..]);
    in_order(
        &later[locked.len()..],
        &[
            "Since the minutes were approved",
            "This is no part of the minutes.",
            "Housing",
        ],
    );
    let since = later[locked.len()..].join("\n");
    assert!(
        since.contains("not possible, because: The door is gone"),
        "{since}"
    );
    assert!(since.trim_end().ends_with(": done"), "{since}");

    ailsa
        .get(&format!("/staff/meetings/{}", table.meeting))
        .await;
    sound(&ailsa);
    let page = ailsa.text();
    let (before, after) = page.split_once("Since the minutes were approved").unwrap();
    assert!(before.contains("Change the locks Not done"), "{before}");
    assert!(after.contains("Change the locks Done"), "{after}");
}
