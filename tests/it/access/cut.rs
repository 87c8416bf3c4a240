//! What a role does not see stands in nothing that it is shown.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use clares_law::app::access::Access;
use clares_law::app::error::AppError;
use clares_law::app::standing::{About, Sight, Standing};
use clares_law::domain::class::FieldClass;
use clares_law::engine::definition::Definition;
use clares_law::engine::definition::builtin::{AMEND, NOTE};
use clares_law::engine::event::{Event, Filed};
use serde_json::{Value, json};

use super::asking::{Between, let_in};
use super::table::with;
use crate::support::app::TestApp;
use crate::support::world::{dsdas, scenarios, shipped};

const ROLES: [&str; 8] = [
    "intake",
    "verifier",
    "supervisor",
    "coordinator",
    "chair",
    "member",
    "discloser",
    "auditor",
];

/// Every text in an answer, but what is too short to tell anything.
fn texts(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.chars().count() > 5 => {
            into.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, into)),
        _ => {}
    }
}

fn filed(event: &Event) -> Option<&Filed> {
    match event {
        Event::Opened { filed, .. } | Event::Amended { filed, .. } => Some(filed),
        Event::Acted { filed, .. } | Event::Proposed { filed, .. } => filed.as_ref(),
        _ => None,
    }
}

/// The texts of a history, by whether their class passes.
pub fn answers(
    definition: &Definition,
    history: &[Event],
    passes: impl Fn(FieldClass) -> bool,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for filed in history.iter().filter_map(filed) {
        let Some(form) = definition.records.get(&filed.record) else {
            continue;
        };
        for (name, _) in form.fields.iter().filter(|(_, field)| passes(field.class)) {
            if let Some(answer) = filed.answers.get(&**name) {
                texts(answer, &mut found);
            }
        }
    }
    found
}

#[tokio::test]
async fn what_a_role_does_not_see_stands_in_nothing_that_it_is_shown() {
    let access = Access::read(&shipped()).unwrap();
    let mut hidden_of = std::collections::BTreeMap::new();
    for title in ["A member sends back", "A sister asks, and the forum"] {
        let Some(scenario) = scenarios()
            .iter()
            .find(|one| one.scenario.starts_with(title))
        else {
            panic!(
                "{:?}",
                scenarios()
                    .iter()
                    .map(|one| &one.scenario)
                    .collect::<Vec<_>>()
            );
        };
        let test = TestApp::open().await;
        let case = test.case_of(scenario).await;
        for step in &scenario.steps {
            test.step(case, scenario, step).await;
        }
        let loaded = test.load(case).await;
        let events: Vec<Event> = loaded
            .history
            .iter()
            .map(|recorded| recorded.event.clone())
            .collect();
        for role in ROLES {
            let actor = test.add(role, role).await;
            // It was before no meeting, so members of the forum see it only once they are let in.
            let person = actor.id.parse().unwrap();
            Between::made(&test, case, &[person], &let_in()).await;
            let sight = access
                .sight(
                    &actor,
                    About::case(
                        dsdas(),
                        case,
                        &loaded.case,
                        Standing::default(),
                        test.clock.now(),
                    ),
                )
                .unwrap();
            let shown = answers(dsdas(), &events, |class| sight.has(class));
            let hidden = answers(dsdas(), &events, |class| !sight.has(class));
            let hidden: Vec<_> = hidden.difference(&shown).collect();
            *hidden_of.entry(role).or_insert(0) += hidden.len();

            let view = test.app.see_case(&actor, case, "case").await.unwrap();
            let history: Vec<_> = view
                .history
                .iter()
                .map(|recorded| &recorded.event)
                .collect();
            let mut seen = BTreeSet::new();
            texts(&serde_json::to_value(history).unwrap(), &mut seen);
            for filing in view.case.records.values() {
                texts(&Value::Object(filing.answers.clone()), &mut seen);
            }
            for text in &hidden {
                assert!(!seen.contains(*text), "{role}: {text}");
            }
            for text in &shown {
                assert!(seen.contains(text), "{role} is not shown {text}");
            }
            assert_eq!(view.hidden().is_empty(), !hides(&events, &sight), "{role}");

            let mut browser = test.signed_in(role).await;
            for page in [
                format!("/staff/cases/{case}"),
                format!("/staff/cases/{case}/do/amend"),
            ] {
                browser.get(&page).await;
                for text in &hidden {
                    assert!(
                        !browser.html.contains(text.as_str()),
                        "{role} {page}: {text}"
                    );
                }
            }
            browser.get(&format!("/staff/cases/{case}")).await;
            assert_eq!(
                browser.has("Not shown in your role"),
                !view.hidden().is_empty(),
                "{role}"
            );
        }
    }
    for role in ["intake", "verifier", "chair", "member", "discloser"] {
        assert!(
            hidden_of[role] > 0,
            "nothing was hidden from {role}, so nothing is proved"
        );
    }
    for role in ["supervisor", "coordinator", "auditor"] {
        assert_eq!(hidden_of[role], 0, "{role}");
    }
}

/// Whether the newest records hold an answer that is not shown.
fn hides(history: &[Event], sight: &Sight) -> bool {
    let filed = history
        .iter()
        .filter(|event| !matches!(event, Event::Proposed { .. }))
        .filter_map(filed);
    let mut answered = filed.flat_map(|filed| {
        let form = dsdas().records.get(&filed.record);
        let fields = form.into_iter().flat_map(|form| form.fields.iter());
        fields
            .filter(|(name, _)| filed.answers.contains_key(&***name))
            .map(|(_, field)| field.class)
    });
    answered.any(|class| !sight.has(class))
}

#[tokio::test]
async fn an_auditor_looks_and_changes_nothing() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let auditor = test.add("auditor", "auditor").await;
    let view = test.app.see_case(&auditor, case, "case").await.unwrap();
    assert_eq!(view.offers(&auditor).len(), 0);
    let before = test.load(case).await.case.version;
    let refused = (*test).act(case, &auditor, NOTE, json!({})).await;
    assert!(
        matches!(refused, Err(AppError::Forbidden(_))),
        "{refused:?}"
    );
    assert_eq!(test.load(case).await.case.version, before);
    let mut browser = test.signed_in("auditor").await;
    let status = browser.get(&format!("/staff/cases/{case}")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!browser.html.contains("/do/note"), "nothing is offered");
}

#[tokio::test]
async fn a_record_that_is_not_shown_whole_is_mended_by_somebody_else() {
    let hidden = "Action::\"person_at_risk\",\n        Action::\"subject\", Action::\"intelligence\", Action::\"decision\", Action::\"process\"]";
    let instead = "Action::\"person_at_risk\",\n        Action::\"intelligence\", Action::\"decision\", Action::\"process\"]";
    let test = TestApp::with(&with(hidden, instead)).await;
    let case = test.case().await;
    let intake = test.add("intake", "intake").await;
    let view = test.app.see_case(&intake, case, "case").await.unwrap();
    assert!(view.hidden().contains(&FieldClass::Subject));
    let whole = test.load(case).await.case.records["application"]
        .answers
        .clone();
    let amended = json!({ "record": "application", "answers": whole });
    let refused = (*test).act(case, &intake, AMEND, amended.clone()).await;
    assert!(
        matches!(refused, Err(AppError::Forbidden(_))),
        "{refused:?}"
    );
    let mut browser = test.signed_in("intake").await;
    let status = browser
        .get(&format!("/staff/cases/{case}/do/amend?record=application"))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
