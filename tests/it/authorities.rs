//! Several police authorities in one installation: each sees its own cases and no other's, lives by its own calendar and
//! its own time, and hands a case over with its start.

use axum::http::StatusCode;
use clares_law::app::bulk::Bulk;
use clares_law::app::drafts::Drafts;
use clares_law::app::error::AppError;
use clares_law::app::installation::{MadeBy, Unopened, open_installation};
use clares_law::app::key_store::KeyStore;
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::{Library, authority, roles::Banned};
use clares_law::engine::scenario::Scenario;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::house::{House, new_person, request_of};
use crate::support::world::{
    actor, edition_of, editions, no_answers, own_name, received, scenarios_of, schemes, shipped,
};

const SCHEME: &str = "dvds-england-wales";
const HERE: &str = "north-moor";
const THERE: &str = "westbury";

/// A scenario in which a case goes from here to there, and how many steps it takes until it has gone.
fn transfer() -> (&'static Scenario, usize) {
    let goes = |scenario: &&&Scenario| {
        let mut people = scenario.people.iter();
        people.any(|(_, role)| role.ends_with(&format!(" at {THERE}")))
            && scenario
                .steps
                .iter()
                .any(|step| *step.does == *"accept_transfer")
    };
    let all = scenarios_of(SCHEME);
    let scenario = all.iter().find(goes).unwrap();
    let confirmed = |place: &usize| {
        let before = place
            .checked_sub(1)
            .map(|before| &*scenario.steps[before].does);
        *scenario.steps[*place].does == *"confirm" && before == Some("transfer")
    };
    let place = (0..scenario.steps.len()).find(confirmed).unwrap();
    (scenario, place + 1)
}

async fn play(house: &House, case: CaseId, scenario: &Scenario, from: usize, to: usize) {
    for step in &scenario.steps[from..to] {
        house.step(case, scenario, step).await;
    }
}

fn somebody(role: &str, authority: &str) -> Actor {
    Actor {
        id: format!("{role} of {authority}"),
        role: role.to_owned(),
        agency: String::new(),
        authority: authority.to_owned(),
    }
}

async fn opened(house: &House) -> CaseId {
    let (scenario, _) = transfer();
    house.clock.set(received(scenario));
    house.case_of(scenario).await
}

/// What somebody gets who asks for a case in every way there is.
async fn asked(house: &House, who: &Actor, case: CaseId) -> Vec<String> {
    let seen = house.app.see_case(who, case, "case").await.map(|_| ());
    let noted = house
        .app
        .act(request_of(case, who, "note", no_answers()))
        .await
        .map(|_| ());
    vec![format!("{seen:?}"), format!("{noted:?}")]
}

#[tokio::test]
async fn nobody_of_one_authority_sees_a_case_of_another() {
    let house = House::of(SCHEME).await;
    let case = opened(&house).await;
    let unknown = CaseId(uuid::Uuid::from_u128(7));
    for role in edition_of(transfer().0).roles.roles.names() {
        let foreign = somebody(role, THERE);
        let nothing = asked(&house, &foreign, unknown).await;
        assert_eq!(asked(&house, &foreign, case).await, nothing, "{role}");
        assert!(
            nothing.iter().all(|answer| answer == "Err(NotFound)"),
            "{nothing:?}"
        );
        for queue in house.app.see_desk(&foreign).await.unwrap() {
            assert_eq!(queue.count.waiting, 0, "{role} sees {}", queue.label);
            let view = house
                .app
                .see_queue(&foreign, SCHEME, &queue.count.queue, None, 9)
                .await;
            assert!(view.unwrap().rows.is_empty());
        }
    }
    let own = house
        .app
        .see_desk(&somebody("verifier", HERE))
        .await
        .unwrap();
    assert!(own.iter().any(|queue| queue.count.waiting == 1));
}

#[tokio::test]
async fn a_transfer_keeps_the_start_and_the_due_date_and_changes_who_sees_it() {
    let house = House::of(SCHEME).await;
    let (scenario, gone) = transfer();
    let case = opened(&house).await;
    play(&house, case, scenario, 0, gone - 1).await;
    let before = house.load(case).await.case;
    let (here, there) = (somebody("supervisor", HERE), somebody("supervisor", THERE));
    assert!(house.app.see_case(&here, case, "case").await.is_ok());
    assert!(matches!(
        house.app.see_case(&there, case, "case").await,
        Err(AppError::NotFound)
    ));

    play(&house, case, scenario, gone - 1, gone).await;
    let after = house.load(case).await;
    assert_eq!(
        (after.case.authority.as_str(), &after.case.state),
        (THERE, &before.state)
    );
    assert_eq!(after.case.received_at, before.received_at);
    assert_eq!(
        after.case.running("overall").unwrap().due,
        before.running("overall").unwrap().due
    );
    assert!(matches!(
        house.app.see_case(&here, case, "case").await,
        Err(AppError::NotFound)
    ));
    assert!(house.app.see_case(&there, case, "case").await.is_ok());
    assert_eq!(house.app.rebuild().await.unwrap(), (1, vec![]));
    let told = house
        .messages()
        .await
        .into_iter()
        .map(|message| message.recipient);
    let told: Vec<_> = told.collect();
    let names = house.app.names().await.unwrap();
    let there_told = names.iter().filter(|(id, _)| told.contains(id));
    let there_told: Vec<_> = there_told
        .filter(|(_, name)| name.ends_with(THERE))
        .collect();
    assert!(!there_told.is_empty(), "a case never arrives in silence");

    play(&house, case, scenario, gone, scenario.steps.len()).await;
    assert_eq!(
        house.load(case).await.edition,
        after.edition,
        "L13: its edition goes with it"
    );
}

#[tokio::test]
async fn only_an_authority_that_runs_the_scheme_can_be_handed_a_case() {
    let house = House::of(SCHEME).await;
    let (scenario, gone) = transfer();
    let case = opened(&house).await;
    let place = gone - 2;
    play(&house, case, scenario, 0, place).await;
    let step = &scenario.steps[place];
    for nowhere in [HERE, "scotland", "nowhere"] {
        let by = actor(scenario, step, |role, number| {
            own_name(scenario, role, number)
        })
        .unwrap();
        let mut request = request_of(case, &by, &step.does, no_answers());
        request.record = scenario
            .command(edition_of(scenario), step, by, house.clock.now())
            .record;
        request
            .record
            .insert("to_authority".to_owned(), json!(nowhere));
        match house.app.act(request).await {
            Err(AppError::Fields(errors)) => assert_eq!(errors[0].field, "to_authority"),
            other => panic!("{nowhere}: {other:?}"),
        }
    }
}

/// The shipped files, where one authority lives elsewhere and by other holidays.
fn abroad() -> Library {
    let mut library = shipped();
    let file = library
        .0
        .get_mut(&format!("authorities/{THERE}.yaml"))
        .unwrap();
    file.text = file
        .text
        .replace("time_zone: Europe/London", "time_zone: America/Regina")
        .replace("calendar: england-and-wales", "calendar: scotland");
    library
}

#[test]
fn an_authority_has_its_own_calendar_and_time_zone() {
    let (authorities, findings) = authority::read(&abroad());
    assert_eq!(findings, []);
    let drafts = Drafts::read(&abroad()).unwrap();
    assert!(drafts.authorities[THERE].zone.is_some());
    let name = |authority: &str| {
        let read =
            clares_law::engine::definition::read(&abroad(), &format!("schemes/{SCHEME}.yaml"));
        let run = read.0.unwrap().run_by(authority, &authorities);
        (
            run.zone.iana_name().unwrap().to_owned(),
            run.calendar.name().to_owned(),
        )
    };
    assert_eq!(name(HERE).0, "Europe/London");
    assert_eq!(name(THERE).0, "America/Regina");
    assert_ne!(name(HERE).1, name(THERE).1);
}

#[tokio::test]
async fn the_edition_is_that_of_the_local_day_on_which_it_was_received() {
    let house = House::of(SCHEME).await;
    let editions = house.app.definitions.editions_of(SCHEME);
    let labels: Vec<_> = editions.iter().map(|row| row.edition.as_str()).collect();
    assert_eq!(labels, ["2016-12", "2023-04"]);
    let from = &editions[1].effective_from;
    // In April the local day begins an hour before that of UTC.
    for (time, edition) in [("22:59:59Z", "2016-12"), ("23:00:00Z", "2023-04")] {
        let eve = from
            .parse::<jiff::civil::Date>()
            .unwrap()
            .yesterday()
            .unwrap();
        house.clock.set(format!("{eve}T{time}").parse().unwrap());
        let (scenario, _) = transfer();
        let case = house.case_of(scenario).await;
        let loaded = house.load(case).await;
        let row = editions
            .iter()
            .find(|row| row.hash == loaded.edition)
            .unwrap();
        assert_eq!(row.edition, edition, "{time}");
        let days = if edition == "2016-12" {
            "35 calendar days"
        } else {
            "28 calendar days"
        };
        assert_eq!(
            loaded.case.running("overall").unwrap().limit.to_string(),
            days
        );
    }
}

/// Moved to the days after the holidays, every walk of a demonstration still comes through.
#[tokio::test(flavor = "multi_thread")]
async fn every_scheme_can_be_demonstrated() {
    // A case in every state is enough here; the real one has some more of each.
    let mut library = shipped();
    let people = library.0.get_mut("demonstration.yaml").unwrap();
    people.text = people.text.replace("cases: 60", "cases: 1");
    for scheme in schemes() {
        let house = House::without_staff(scheme, "2027-01-05T14:00:00Z".parse().unwrap()).await;
        let sign_ins = house.app.demonstrate(&library, scheme).await.unwrap();
        assert!(sign_ins.len() >= 10 * house.app.definitions.authorities().len());
        let met = house.count("select count(distinct state) from cases").await;
        let states = editions().filter(|edition| *edition.scheme.scheme == *scheme);
        let most = states
            .map(|edition| edition.scheme.states.names().count())
            .max()
            .unwrap();
        assert!(
            usize::try_from(met).unwrap() + 2 >= most,
            "{scheme}: cases in {met} of {most} states"
        );
        let other = house.app.demonstrate(&shipped(), "another-scheme").await;
        assert!(other.is_err());
    }
}

#[tokio::test]
async fn nothing_published_is_ever_changed() {
    let house = House::of(SCHEME).await;
    for text in [
        "update editions set documents = '{}'",
        "delete from editions",
    ] {
        let refused = house.try_to(text).await.unwrap_err();
        let source = std::error::Error::source(&refused).unwrap().to_string();
        assert!(source.contains("a published edition is never"), "{source}");
    }
}

#[tokio::test]
async fn cases_are_never_left_without_their_authority() {
    let house = House::of(SCHEME).await;
    opened(&house).await;
    let mut library = shipped();
    library.0.remove(&format!("authorities/{HERE}.yaml"));
    let theirs = format!("authority: {HERE}");
    library
        .0
        .retain(|path, file| !path.starts_with("agreements/") || !file.text.contains(&theirs));
    let drafts = Drafts::read(&library).unwrap().of_scheme(SCHEME);
    let opened = open_installation(
        house.database(),
        house.folder(),
        KeyStore::of(house.folder()),
        &drafts,
        house.clock.clone(),
        MadeBy::Demonstration,
    );
    match opened.await {
        Err(Unopened::NobodysCases { authority, scheme }) => {
            assert_eq!((&*authority, &*scheme), (HERE, SCHEME));
        }
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[tokio::test]
async fn the_way_in_asks_where_and_names_no_scheme() {
    let test = TestApp::of(SCHEME).await;
    let mut browser = test.browser();
    assert_eq!(browser.get("/").await, StatusCode::OK);
    let banned: Banned = shipped().0["messages/banned.yaml"].read().unwrap();
    assert_eq!(banned.first_in(&browser.text()), None, "L8");
    let ways = browser.html.clone();
    for address in [format!("/at/{HERE}/ask"), format!("/at/{THERE}/a-question")] {
        assert!(ways.contains(&format!("href=\"{address}\"")));
        assert_eq!(banned.first_in(&address), None, "L8");
        assert_eq!(browser.get(&format!("{address}/f")).await, StatusCode::OK);
    }
    for nowhere in [
        format!("/at/{HERE}/a-question"),
        "/at/nowhere/ask/f".to_owned(),
    ] {
        assert_eq!(browser.get(&nowhere).await, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn somebody_who_hands_a_case_over_is_led_home_and_not_to_a_page_that_is_gone() {
    let test = TestApp::of(SCHEME).await;
    let (scenario, gone) = transfer();
    let case = opened(&test).await;
    play(&test, case, scenario, 0, gone - 1).await;
    let person = new_person(
        "helen",
        "supervisor",
        HERE,
        Some(TestApp::password_hash().await),
    );
    test.app.add_person(person).await.unwrap();
    let mut browser = test.signed_in("helen").await;
    browser
        .get(&format!("/staff/cases/{case}/do/confirm"))
        .await;
    browser
        .send(
            &[("form-reason", "I have read it and agree")],
            "Check your answers",
        )
        .await;
    let (path, fields) = browser.form(&[], "Confirm and record");
    let status = browser.post(&path, &fields).await;
    assert_eq!(
        (status, browser.path.as_str()),
        (StatusCode::OK, "/staff"),
        "{}",
        browser.text()
    );
    assert_eq!(
        browser.get(&format!("/staff/cases/{case}")).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(test.load(case).await.case.authority, THERE);
    let status = browser.post(&path, &fields).await;
    let again = (status, browser.path.as_str());
    assert_eq!(
        again,
        (StatusCode::OK, "/staff"),
        "sent twice, answered twice (L16)"
    );
}

#[test]
fn an_authority_says_nothing_of_the_scheme_outside_the_sign_in() {
    let spoils = [
        ("name: Westbury Police", "name: Domestic Violence Unit"),
        ("address: a-question", "address: dvds"),
        (
            "public_name: Ask us a question in private",
            "public_name: Your partner",
        ),
        ("address: a-question", "address: A Question"),
        ("time_zone: Europe/London", "time_zone: Europe/Westbury"),
        ("calendar: england-and-wales", "calendar: westbury"),
        ("  dvds-england-wales:", "  dvds-shetland:"),
    ];
    for (from, to) in spoils {
        let mut library = shipped();
        let file = library
            .0
            .get_mut(&format!("authorities/{THERE}.yaml"))
            .unwrap();
        assert!(file.text.contains(from), "{from}");
        file.text = file.text.replacen(from, to, 1);
        let (_, findings) = authority::read(&library);
        assert_eq!(findings.len(), 1, "{to}: {findings:?}");
        assert_eq!(findings[0].excerpt.trim(), to.trim());
    }
}

#[tokio::test]
async fn many_closed_cases_are_looked_at_again_and_each_answers_for_itself() {
    let house = House::of(SCHEME).await;
    let (mut references, mut cases) = (Vec::new(), Vec::new());
    for scenario in scenarios_of(SCHEME)
        .into_iter()
        .filter(|scenario| *scenario.ends.state == *"closed")
        .take(3)
    {
        house.clock.set(received(scenario));
        let case = house.case_of(scenario).await;
        play(&house, case, scenario, 0, scenario.steps.len()).await;
        references.push(house.load(case).await.case.reference.to_lowercase());
        cases.push(case);
    }
    let open = opened(&house).await;
    references.push(house.load(open).await.case.reference);
    references.extend([
        "2222-2222".to_owned(),
        "nonsense".to_owned(),
        references[0].clone(),
    ]);
    house.wait(24 * 90);
    let supervisor = somebody("supervisor", HERE);
    let definition = edition_of(transfer().0);
    let form = definition
        .scheme
        .actions
        .get("reopen_for_review")
        .unwrap()
        .record
        .clone()
        .unwrap();
    let bulk = |actor: &Actor, action: &str| Bulk {
        scheme: SCHEME.to_owned(),
        action: action.to_owned(),
        references: references.clone(),
        record: definition.records[&*form].examples(),
        rationale: "One worker's cases are looked at again".to_owned(),
        key: "review-7".to_owned(),
        actor: actor.clone(),
    };
    let foreign = house
        .app
        .act_on_many(bulk(&somebody("supervisor", THERE), "reopen_for_review"))
        .await
        .unwrap();
    assert!(foreign.iter().all(|line| line.done.is_err()), "{foreign:?}");
    for (who, action) in [
        ("verifier", "reopen_for_review"),
        ("supervisor", "progress"),
    ] {
        let refused = house
            .app
            .act_on_many(bulk(&somebody(who, HERE), action))
            .await;
        assert!(matches!(refused, Err(AppError::NotFound)), "{who} {action}");
    }
    for _ in 0..2 {
        let lines = house
            .app
            .act_on_many(bulk(&supervisor, "reopen_for_review"))
            .await
            .unwrap();
        let done: Vec<_> = lines.iter().map(|line| line.done.is_ok()).collect();
        assert_eq!(done, [true, true, true, false, false, false], "{lines:?}");
    }
    for case in cases {
        let loaded = house.load(case).await;
        assert_eq!(
            loaded.case.count("reopen_for_review"),
            1,
            "sent twice, done once"
        );
        assert!(!loaded.case.ended && loaded.case.running("overall").is_some());
        let overall: Vec<_> = loaded
            .case
            .clocks
            .iter()
            .filter(|run| run.clock == "overall")
            .collect();
        assert_eq!(overall.len(), 2, "the first start stays beside the new one");
    }
}
