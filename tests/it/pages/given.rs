//! What is given to whoever asked about their own data: one letter for everybody and the words that two people decided, on a page and as
//! a Word file; never anything that was withheld, and nothing before two people have decided.

use axum::http::StatusCode;
use clares_law::app::intake::{Door, Form};
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Definition;
use clares_law::engine::scenario::filled;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::papers::opened;
use crate::looks::{log, new_since};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, select};
use crate::support::database::without_room;
use crate::support::house::{door, request_of};
use crate::support::world::{AUTHORITY, answers, dsdas, editions, person};

const SCHEME: &str = "own-data";
/// Words of pieces that are withheld, of what they are and why, and of what was searched.
const CANARIES: [&str; 5] = [
    "Zaunkönig",
    "Wiedehopf",
    "Neuntöter",
    "Rohrdommel",
    "Ballantrae",
];

fn own_data() -> &'static Definition {
    let mut all = editions();
    all.find(|one| *one.scheme.scheme == *SCHEME).unwrap()
}

/// Somebody asks to see their data; the people who work on it.
struct Request {
    test: TestApp,
    case: CaseId,
    verifier: Actor,
    coordinator: Actor,
    supervisor: Actor,
}

impl Request {
    async fn made() -> Self {
        let test = TestApp::whole().await;
        let door = Door {
            authority: AUTHORITY.to_owned(),
            scheme: SCHEME.to_owned(),
            form: Form::Referral,
        };
        let form = own_data().records[&*own_data().scheme.intake.referral_form].examples();
        let sent = test
            .app
            .receive(door, form, None, person("nadia", "intake"));
        let case = sent.await.unwrap().case;
        let request = Self {
            case,
            verifier: test.add("morag", "verifier").await,
            coordinator: test.add("ewan", "coordinator").await,
            supervisor: test.add("iain", "supervisor").await,
            test,
        };
        request
            .does(&request.verifier, "accept_identity", json!({}))
            .await;
        request
    }

    async fn does(&self, who: &Actor, action: &str, over: Value) {
        let definition = own_data();
        let action_of = definition.scheme.actions.get(action);
        let form = action_of.and_then(|action| action.record.as_deref());
        let over = answers(over);
        let record = form.map_or(over.clone(), |form| filled(definition, form, &over));
        let request = request_of(self.case, who, action, record);
        self.test.app.act(request).await.unwrap();
    }

    /// Somebody asks about him, in another case.
    async fn is_asked_about(&self) {
        let over = answers(json!({"subject": {
            "given_names": "Gregor", "family_name": "Ballantrae", "born": "1986-04-19"
        }}));
        let application = filled(dsdas(), "application", &over);
        let sent = self
            .test
            .app
            .receive(door(Form::Public), application, None, Actor::public());
        sent.await.unwrap();
    }

    async fn searched(&self, result: &str) {
        let row = json!({"result": result, "terms": "Name", "summary": "Neuntöter"});
        let rows = [
            "this_service",
            "crime_reports",
            "intelligence",
            "protection_files",
            "letters_and_mail",
            "recordings",
        ];
        let rows: serde_json::Map<_, _> = rows
            .map(|name| (name.to_owned(), row.clone()))
            .into_iter()
            .collect();
        self.does(
            &self.verifier,
            "record_own_data_search",
            json!({"searches": rows}),
        )
        .await;
    }

    async fn decides(&self, outcome: &str, pieces: Value) {
        let over = json!({"outcome": outcome, "pieces": pieces, "why_not_said": "Rohrdommel"});
        self.does(&self.coordinator, "decide_what_is_given", over)
            .await;
    }

    async fn confirmed(&self) {
        self.does(&self.supervisor, "confirm", json!({})).await;
    }

    fn page(&self) -> String {
        format!("/staff/cases/{}/given", self.case)
    }

    async fn reader(&self) -> Browser {
        self.test.signed_in("ewan").await
    }

    /// The letter: what is on the page, and the parts of the file. The mark of whose copy it is stands in both and is taken out.
    async fn letter(&self) -> (String, Vec<(String, String)>) {
        let mut browser = self.reader().await;
        assert_eq!(browser.get(&self.page()).await, StatusCode::OK);
        let reference = self.test.load(self.case).await.case.reference;
        let unmarked = |text: &str| {
            assert!(
                !CANARIES.iter().any(|canary| text.contains(canary)),
                "{text}"
            );
            text.replace(&reference, "········")
        };
        let page = unmarked(&select(&browser.html, "title, main").join(" "));
        assert!(!CANARIES.iter().any(|canary| browser.html.contains(canary)));
        let file = browser.link("Take it along as a Word file");
        browser.get(&file).await;
        assert_eq!(
            browser.headers["content-disposition"],
            "attachment; filename=\"letter.docx\""
        );
        let (_, parts) = opened(&browser);
        let marks = parts.iter().filter(|(_, text)| text.contains(&reference));
        assert_eq!(marks.count(), 1, "every page of the file is marked");
        (
            page,
            parts
                .into_iter()
                .map(|(name, text)| (name, unmarked(&text)))
                .collect(),
        )
    }
}

fn withheld(what: &str) -> Value {
    json!([{
        "what_it_is": format!("{what} Zaunkönig"), "is_given": "withheld", "why_not": "rights_of_others",
        "why_needed": "Wiedehopf", "given_words": "Neuntöter"
    }])
}

#[tokio::test(flavor = "multi_thread")]
async fn l9_the_letter_is_the_same_to_the_byte_whatever_is_held() {
    let nothing = Request::made().await;
    nothing.searched("nothing_found").await;
    nothing.decides("nothing_about_them", Value::Null).await;
    nothing.confirmed().await;
    let expected = nothing.letter().await;

    let applied = Request::made().await;
    applied.is_asked_about().await;
    applied.searched("found").await;
    applied
        .decides("all_withheld", withheld("An application about him"))
        .await;
    applied.confirmed().await;
    assert_eq!(applied.letter().await, expected);

    let restrict = "insert into ties (id, case_id, staff_id, kind, at, done_by, because)
        select id, id, null, 'restricted', received_at, 'somebody', 'She is known here' from cases
        where scheme <> 'own-data'";
    applied.test.tamper(restrict).await;
    assert_eq!(applied.letter().await, expected);

    let refused = Request::made().await;
    refused
        .does(
            &refused.coordinator,
            "refuse_to_act",
            json!({"reason": "Zaunkönig"}),
        )
        .await;
    refused.confirmed().await;
    assert_eq!(refused.letter().await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_is_the_words_of_the_pieces_that_are_given_and_no_other_word() {
    let request = Request::made().await;
    request.searched("found").await;
    let mut pieces = withheld("A file");
    let given = [
        "You told an officer that a window broke.\nIt was <late> & dark.",
        "You live in Lintmill Way.",
    ];
    for (words, how) in given.into_iter().zip(["in_other_words", "as_it_is"]) {
        pieces.as_array_mut().unwrap().push(json!({
            "what_it_is": "Zaunkönig", "is_given": how, "given_words": words, "why_not": "crime", "why_needed": "Wiedehopf"
        }));
    }
    request.decides("given_in_part", pieces).await;
    request.confirmed().await;
    let (page, _) = request.letter().await;
    let (_, below) = page.split_once("What we can give you or tell you").unwrap();
    assert_eq!(
        below.split_whitespace().collect::<Vec<_>>().join(" "),
        "You told an officer that a window broke. It was <late> & dark.You live in Lintmill Way."
    );
    let mut browser = request.reader().await;
    browser.get(&format!("{}.docx", request.page())).await;
    let (lines, _) = opened(&browser);
    let from = lines
        .iter()
        .position(|line| line == "What we can give you or tell you")
        .unwrap();
    assert_eq!(lines[from + 1..from + 3], given, "{lines:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn before_two_people_have_decided_there_is_no_letter_and_the_page_says_why() {
    let request = Request::made().await;
    let none = async |why: &str| {
        let mut browser = request.reader().await;
        assert_eq!(browser.get(&request.page()).await, StatusCode::OK);
        assert!(
            browser.has("There is no letter yet"),
            "{why}: {}",
            browser.text()
        );
        assert!(
            !browser.has("Your request") && !browser.has("Take it along"),
            "{why}"
        );
        browser.get(&format!("{}.docx", request.page())).await;
        assert_eq!(browser.path, request.page(), "{why}");
        assert!(
            log(&request.test)
                .await
                .iter()
                .all(|row| row.operation != "disclosure"),
            "{why}"
        );
    };
    none("nothing was searched").await;
    request.searched("found").await;
    request.decides("all_withheld", withheld("A file")).await;
    none("one person has decided").await;
    request
        .does(&request.supervisor, "send_back", json!({}))
        .await;
    none("it was sent back").await;
    request.decides("all_withheld", withheld("A file")).await;
    request.confirmed().await;
    request.letter().await;
    let given = log(&request.test)
        .await
        .into_iter()
        .filter(|row| row.operation == "disclosure")
        .count();
    assert_eq!(given, 2, "the page and the file");

    request
        .does(&request.verifier, "give_answer", json!({}))
        .await;
    request
        .does(&request.coordinator, "close_request", json!({}))
        .await;
    request.confirmed().await;
    request.letter().await;
    request
        .does(&request.coordinator, "look_again", json!({}))
        .await;
    let mut browser = request.reader().await;
    browser.get(&request.page()).await;
    assert!(
        browser.has("There is no letter yet"),
        "looked at again: {}",
        browser.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn l18_the_letter_is_written_down_as_a_disclosure_first() {
    let request = Request::made().await;
    request.searched("found").await;
    request.decides("all_withheld", withheld("A file")).await;
    request.confirmed().await;
    let (page, file) = (request.page(), format!("{}.docx", request.page()));

    let mut browser = request.reader().await;
    for (path, what) in [
        (&page, "what is given"),
        (&file, "what is given, as a file"),
    ] {
        let before = log(&request.test).await;
        browser.get(path).await;
        let rows = new_since(&request.test, &before).await;
        let given: Vec<_> = rows
            .iter()
            .filter(|row| row.operation == "disclosure")
            .collect();
        assert_eq!(given.len(), 1, "{path}");
        assert_eq!(
            (given[0].case_id, &*given[0].what, &*given[0].purpose),
            (Some(request.case.0), what, "export")
        );
        assert!(
            given[0].classes.contains("disclosure_wording"),
            "{}",
            given[0].classes
        );
    }

    // Ten minutes later nobody knows who sits there.
    request.test.clock.advance(SignedDuration::from_mins(10));
    for path in [&page, &file] {
        browser.get(path).await;
        assert!(
            browser.path.starts_with("/staff/confirm-it-is-you"),
            "{}",
            browser.path
        );
        assert!(!browser.has("Our answer"));
    }

    request.test.add("nadia", "intake").await;
    let mut intake = request.test.signed_in("nadia").await;
    intake.get(&page).await;
    assert!(
        intake.has("Your role does not show you all"),
        "{}",
        intake.text()
    );
    assert!(!intake.has("Our answer"));

    request.test.add("ada", "administrator").await;
    for (name, path) in [
        ("ada", page.clone()),
        (
            "ewan",
            page.replace(
                &request.case.to_string(),
                &CaseId(uuid::Uuid::from_u128(9)).to_string(),
            ),
        ),
    ] {
        let mut nobody = request.test.signed_in(name).await;
        assert_eq!(nobody.get(&path).await, StatusCode::NOT_FOUND, "{name}");
    }
    let other = request.test.case().await;
    let mut browser = request.reader().await;
    assert_eq!(
        browser.get(&format!("/staff/cases/{other}/given")).await,
        StatusCode::NOT_FOUND
    );

    request
        .test
        .tamper(&without_room("access_log", "insert"))
        .await;
    for path in [&page, &file] {
        assert_eq!(browser.get(path).await, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!browser.has("Our answer"), "{path}");
    }
}

/// An agreement is on deciding together and standing by people; who asks for their own data is none of its business.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_of_an_agency_sees_that_somebody_asked_for_their_own_data() {
    let request = Request::made().await;
    request.is_asked_about().await;
    let other = request.test.case().await;
    let queue = format!("/staff/schemes/{SCHEME}/queues/own_data_to_search");
    for (name, agency, seen) in [("kirsty", "", true), ("una", "victim_support", false)] {
        request.test.add_for(agency, name, "verifier").await;
        let mut browser = request.test.signed_in(name).await;
        let status = if seen {
            StatusCode::OK
        } else {
            StatusCode::NOT_FOUND
        };
        assert_eq!(
            browser.get(&format!("/staff/cases/{}", request.case)).await,
            status,
            "{agency}"
        );
        assert_eq!(browser.get(&request.page()).await, status, "{agency}");
        assert_eq!(
            browser.get(&format!("/staff/cases/{other}")).await,
            StatusCode::OK
        );
        let reference = request.test.load(request.case).await.case.reference;
        assert_eq!(browser.get(&queue).await, StatusCode::OK);
        assert_eq!(
            browser.has(&reference),
            seen,
            "{agency}: {}",
            browser.text()
        );
    }
}
