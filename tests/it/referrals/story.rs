//! A receipt and not a story: wherever a case goes and however it ends, whoever referred it reads one of three words, on a page that
//! is otherwise the same to the byte.

use std::collections::{BTreeMap, BTreeSet};

use clares_law::app::referrals::{Progress, Receipt};
use clares_law::app::staff::NewPerson;
use clares_law::domain::id::CaseId;
use clares_law::engine::case::Case;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::{Definition, explain};
use clares_law::engine::scenario::Scenario;
use jiff::Timestamp;

use super::{LIST, told};
use crate::access::cut::answers;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, select};
use crate::support::house::new_person;
use crate::support::world::{edition_of, person, received, scenarios_of, schemes};

/// What stands by a referral of which its scheme tells more.
const MORE: &str = "<p class=\"app-quiet\">There is something to read</p>";

/// What stands on the page of a referral of which its scheme tells no more.
const NO_MORE: &str =
    "More is not told of it, whatever was found or decided. It does not mean that anyone is safe.";

/// How many headings such a page has: those of 'what happens next' alone.
fn own_headings(definition: &Definition) -> usize {
    explain::public(definition)
        .markdown()
        .matches("\n## ")
        .count()
}

/// The professional of one scenario; all of them have one name.
async fn professional(test: &TestApp, number: usize, authority: &str, hash: &str) -> Referrer {
    let sign_in = format!("professional {number}");
    let account = NewPerson {
        name: "Sorley Drumfearn".to_owned(),
        ..new_person(&sign_in, "referrer", authority, Some(hash.to_owned()))
    };
    let id = test.app.add_person(account).await.unwrap();
    Referrer {
        sign_in,
        actor: Actor {
            authority: authority.to_owned(),
            ..person(&id.to_string(), "referrer")
        },
    }
}

struct Referrer {
    sign_in: String,
    actor: Actor,
}

/// Which word is the right one, by the case itself.
fn word(definition: &Definition, case: &Case) -> &'static str {
    if case.ended {
        "Closed"
    } else if case.state == *definition.scheme.intake.state {
        "Received"
    } else {
        "Being looked at"
    }
}

/// The page without what may differ, and the word on it.
async fn page(browser: &mut Browser, receipt: &Receipt) -> (String, String) {
    browser.get(LIST).await;
    let cells = select(&browser.html, "main tbody td");
    let [word, date, _scheme] = &cells[..] else {
        panic!("{cells:?}")
    };
    let page = browser
        .html
        .replace(&receipt.reference, "REFERENCE")
        .replace(&receipt.case.to_string(), "ID")
        .replace(MORE, "")
        .replace(&format!(">{word}</td>"), ">WORD</td>")
        .replace(&format!(">{date}</td>"), ">DATE</td>");
    (page, word.clone())
}

/// The page of the referral itself, without what may differ.
async fn own_page(browser: &mut Browser, definition: &Definition, receipt: &Receipt) -> String {
    browser.get(&format!("{LIST}/{}", receipt.case)).await;
    let word = receipt.progress.word();
    let received = day(definition, receipt.received_at);
    let page = browser.html.replace(&receipt.reference, "REFERENCE");
    page.replace(&receipt.case.to_string(), "ID")
        .replace(&format!(">{word}<"), ">WORD<")
        .replace(&format!(">{received}<"), ">DATE<")
}

fn day(definition: &Definition, at: Timestamp) -> String {
    let local = at.to_zoned(definition.zone.clone());
    local.strftime("%A %-d %B %Y").to_string()
}

/// What of a case the page must not tell: where it is, what came of it, whom it is about, when what is due, who has it.
fn untold(test: &TestApp, definition: &Definition, case: &Case, texts: &[String]) -> Vec<String> {
    let outcome = case.outcome.as_deref();
    let outcome = outcome.and_then(|name| definition.scheme.outcomes.get(name));
    let mut untold = vec![definition.state_label(&case.state).to_owned()];
    untold.extend(outcome.map(|outcome| outcome.label.to_string()));
    untold.extend(
        case.clocks
            .iter()
            .map(|clock| day(definition, clock.due.at)),
    );
    let elsewhere = test.app.definitions.authorities().values();
    untold.extend(elsewhere.map(|authority| authority.label.clone()));
    untold.extend(texts.iter().cloned());
    untold
}

struct Walked<'a> {
    test: &'a TestApp,
    definition: &'static Definition,
    referrer: Referrer,
    case: CaseId,
}

impl Walked<'_> {
    /// Looks at the page as it is now. `first` is the page of a case that has only been received.
    async fn looked_at(&self, first: &mut Option<String>) -> (Case, String) {
        let loaded = self.test.load(self.case).await;
        let receipts = told(self.test, &self.referrer.actor).await;
        let [receipt] = &receipts[..] else {
            panic!("{receipts:?}")
        };
        let mut browser = self.test.signed_in(&self.referrer.sign_in).await;
        let (page, read) = page(&mut browser, receipt).await;
        let own = own_page(&mut browser, self.definition, receipt).await;
        assert_eq!(read, word(self.definition, &loaded.case));
        let first = first.get_or_insert_with(|| page.clone());
        assert_eq!(&page, first, "{}", loaded.case.state);
        if !receipt.more {
            assert!(own.contains(NO_MORE), "{}", loaded.case.state);
            assert_eq!(own.matches("<h2").count(), own_headings(self.definition));
        }

        let events: Vec<_> = loaded.history.into_iter().map(|one| one.event).collect();
        let mut texts: Vec<_> = answers(self.definition, &events, |_| true)
            .into_iter()
            .collect();
        texts.retain(|text| text.len() > 12);
        // Words that stand on the page of whoever has only just referred tell nothing, and what the scheme itself says to whoever
        // refers, whatever becomes of a case.
        let next = explain::public(self.definition).markdown();
        let next = next.to_lowercase();
        for told in untold(self.test, self.definition, &loaded.case, &texts) {
            let by_itself = first.contains(&told);
            assert!(by_itself || !page.contains(&told), "the page tells {told}");
            let by_itself = by_itself || next.contains(&told.to_lowercase());
            assert!(
                by_itself || !own.contains(&told),
                "its own page tells {told}"
            );
        }
        (loaded.case, read)
    }
}

async fn walked<'a>(
    test: &'a TestApp,
    scenario: &Scenario,
    number: usize,
    hash: &str,
) -> Walked<'a> {
    let definition = edition_of(scenario);
    test.clock.set(received(scenario));
    let referrer = professional(test, number, &scenario.authority(definition), hash).await;
    let case = test.case_from(scenario, referrer.actor.clone()).await;
    Walked {
        test,
        definition,
        referrer,
        case,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l9_whoever_refers_gets_a_receipt_and_not_a_story() {
    let hash = TestApp::password_hash().await;
    let mut handed_over = 0;
    for scheme in schemes() {
        let test = TestApp::of(scheme).await;
        let mut pages = BTreeMap::new();
        let (mut met, mut words, mut ends) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (number, scenario) in scenarios_of(scheme).into_iter().enumerate() {
            let walked = walked(&test, scenario, number, &hash).await;
            let here = walked.referrer.actor.authority.clone();
            let first = pages.entry(here.clone()).or_insert(None);
            if first.is_none() {
                walked.looked_at(first).await;
            }
            let last = scenario.steps.len();
            for (place, step) in scenario.steps.iter().enumerate() {
                test.step(walked.case, scenario, step).await;
                let state = test.load(walked.case).await.case.state;
                // Each state once for each authority, and where the walk ends.
                if !met.insert((here.clone(), state)) && place + 1 < last {
                    continue;
                }
                let (case, word) = walked.looked_at(first).await;
                words.insert(word);
                handed_over += usize::from(case.authority != here);
                let outcome = case.outcome.filter(|_| case.ended);
                let outcomes = &walked.definition.scheme.outcomes;
                let outcome = outcome.and_then(|name| outcomes.get(&name));
                ends.extend(outcome.map(|outcome| format!("{:?}", outcome.kind)));
            }
        }
        let definition = edition_of(scenarios_of(scheme)[0]);
        let states: BTreeSet<_> = met.iter().map(|(_, state)| &**state).collect();
        let every = definition.scheme.states.names();
        let missed: Vec<_> = every.filter(|state| !states.contains(state)).collect();
        assert!(missed.len() <= 2, "{scheme}: nobody looked at {missed:?}");
        let all = [Progress::Closed, Progress::LookedAt].map(|one| one.word().to_owned());
        assert!(all.iter().all(|word| words.contains(word)), "{words:?}");
        for (name, outcome) in definition.scheme.outcomes.iter() {
            let kind = format!("{:?}", outcome.kind);
            assert!(ends.contains(&kind), "{scheme}: {}: {ends:?}", &**name);
        }
    }
    assert!(handed_over > 0, "a case is followed wherever it goes");
}
