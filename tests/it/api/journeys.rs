//! The main job over the API: from the application to closure, by the roles that may.

use std::path::Path;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use clares_law::app::library;
use clares_law::domain::id::CaseId;
use clares_law::engine::definition::builtin::CONFIRM;
use clares_law::engine::scenario::{NOTHING, Scenario, wait};
use serde_json::{Map, Value, json};

use crate::support::house::request;
use crate::support::machine::Installation;

fn scenario(name: &str) -> Scenario {
    let library = library::from_folder(Path::new("workflows")).unwrap();
    library.0[&format!("scenarios/{name}.yaml")].read().unwrap()
}

/// The examples of a form as the API shows it.
fn examples(form: &Value) -> Value {
    let fields = form["fields"].as_array().into_iter().flatten();
    let filled = fields.filter(|field| !field["example"].is_null());
    filled
        .map(|field| {
            (
                field["name"].as_str().unwrap().to_owned(),
                field["example"].clone(),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Sends the application of a scenario and answers the case's id, which only the queue tells.
async fn apply(service: &Installation, scenario: &Scenario) -> String {
    let public = service.example("application").await;
    let mut form = public.as_object().unwrap().clone();
    form.extend(scenario.application.clone());
    form.insert("capacity".to_owned(), json!(scenario.capacity.text));
    let answer = service
        .send(
            Method::POST,
            "/api/v1/at/scotland/ask/applications",
            &[],
            Value::from(form).to_string(),
        )
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{:?}", answer.body);
    let token = service.token("intake", "intake").await;
    let queue = service
        .get("/api/v1/schemes/dsdas-scotland/queues/to_register", &token)
        .await;
    queue.body["items"][0]["id"].as_str().unwrap().to_owned()
}

/// The same form with a second entry that lacks what it must have, and where that is.
fn with_a_bad_entry(
    form: &Value,
    record: &Map<String, Value>,
) -> Option<(Map<String, Value>, String)> {
    let fields = form["fields"].as_array()?;
    let several = fields.iter().find(|field| field["kind"] == "entries")?;
    let asked = several["fields"].as_array()?;
    let required = asked.iter().find(|field| field["required"] == true)?;
    let (name, required) = (several["name"].as_str()?, required["name"].as_str()?);
    let mut wrong = record.clone();
    let entries = wrong[name].as_array_mut()?;
    let mut second = entries[0].clone();
    second.as_object_mut()?.remove(required);
    entries.push(second);
    Some((wrong, format!("{name}.1.{required}")))
}

/// Plays a scenario over the API with forms and versions as the API gives them. Answers the case at the end.
async fn play(name: &str) -> (Installation, String, Value) {
    let scenario = scenario(name);
    let service = Installation::at(&scenario.received.to_string()).await;
    let case = apply(&service, &scenario).await;
    for step in &scenario.steps {
        service.clock.advance(
            step.after
                .as_ref()
                .map_or(jiff::SignedDuration::ZERO, |after| wait(after).unwrap()),
        );
        service.sweep(100).await.unwrap();
        if *step.does == *NOTHING {
            continue;
        }
        let who = step.by.as_ref().unwrap();
        if *step.does == *CONFIRM {
            // No machine may (L4): a person does, on the pages.
            let id = CaseId(case.parse().unwrap());
            let actor = service.hire(who, scenario.people.get(who).unwrap()).await;
            let done = service
                .app
                .act(request(id, &actor, CONFIRM, json!({})))
                .await;
            assert_eq!(done.is_err(), step.then.refused.is_some(), "{done:?}");
            continue;
        }
        let token = service.token(who, scenario.people.get(who).unwrap()).await;
        let offers = service
            .get(&format!("/api/v1/cases/{case}/actions"), &token)
            .await
            .body;
        let offer = offers
            .as_array()
            .unwrap()
            .iter()
            .find(|offer| offer["action"] == *step.does.text)
            .cloned()
            .unwrap_or_default();
        let mut record = examples(&offer["record"]).as_object().unwrap().clone();
        record.extend(step.record.clone());
        if let Some((wrong, place)) = with_a_bad_entry(&offer["record"], &record) {
            let body = json!({"record": wrong, "rationale": step.because});
            let answer = service.act(&case, &step.does, &token, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(answer.fields(), [place]);
        }
        let body = json!({"record": record, "rationale": step.because});
        let answer = service.act(&case, &step.does, &token, &body).await;
        match &step.then.refused {
            Some(sentences) => {
                assert!(
                    matches!(
                        answer.status,
                        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::FORBIDDEN
                    ),
                    "{:?}",
                    answer.body
                );
                assert_eq!(answer.because(), *sentences);
            }
            None => assert_eq!(
                answer.status,
                StatusCode::OK,
                "{}: {:?}",
                &*step.does,
                answer.body
            ),
        }
        if let Some(state) = &step.then.state {
            assert_eq!(answer.body["state"], state.text);
        }
        if step.then.waits_for.is_some() {
            assert_eq!(
                answer.body["pending"], *step.does.text,
                "the proposal is told"
            );
        }
    }
    let token = service.token("an auditor", "auditor").await;
    let seen = service
        .get(&format!("/api/v1/cases/{case}"), &token)
        .await
        .body;
    assert_eq!(seen["state"], scenario.ends.state.text);
    assert_eq!(seen["outcome"].as_str(), scenario.ends.outcome.as_deref());
    (service, case, seen)
}

#[tokio::test]
async fn an_application_ends_in_a_disclosure() {
    let (service, case, seen) = play("asks-for-herself-and-is-told").await;
    assert_eq!(seen["open"], false);
    let token = service.token("an auditor", "auditor").await;
    let history = service
        .get(&format!("/api/v1/cases/{case}/history"), &token)
        .await
        .body;
    let events = history["events"].as_array().unwrap();
    assert_eq!(
        u64::try_from(events.len()).unwrap(),
        seen["version"].as_u64().unwrap()
    );
    let decided = events
        .iter()
        .find(|event| event["body"]["action"] == "decide_to_disclose")
        .unwrap();
    let decision = &decided["body"]["filed"]["answers"];
    let told = decision["items"][0]["told"].as_str();
    assert!(told.is_some_and(|told| told.contains("convicted")));
    for test in ["lawful", "necessary", "proportionate"] {
        let reason = format!("{test}_reason");
        assert!(
            decision[&reason]
                .as_str()
                .is_some_and(|text| text.len() > 10),
            "a reason for {test}: {decision}"
        );
    }
    let deadlines = service
        .get(&format!("/api/v1/cases/{case}/deadlines"), &token)
        .await
        .body;
    let overall = deadlines["deadlines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|clock| clock["clock"] == "overall")
        .unwrap();
    assert_eq!(overall["status"], "stopped");
    assert_eq!(overall["due_date"], "2026-12-17");
    assert_eq!(overall["trace"].as_array().unwrap().len(), 45);
    assert_eq!(overall["unconfirmed"], true);
    assert!(service.app.verify_history().await.unwrap().bad.is_empty());
}

#[tokio::test]
async fn a_no_is_sent_back_and_then_confirmed_by_another_person() {
    let (service, case, _) = play("nothing-held-sent-back-then-confirmed").await;
    let token = service.token("an auditor", "auditor").await;
    let history = service
        .get(&format!("/api/v1/cases/{case}/history"), &token)
        .await
        .body;
    let events = history["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["kind"] == "sent_back"));
    let confirmed = events
        .iter()
        .find(|event| event["body"]["action"] == "sift_no_concern" && event["kind"] == "acted")
        .unwrap();
    assert_ne!(
        confirmed["actor"]["id"],
        confirmed["body"]["confirmed"]["proposed_by"]["id"]
    );
}

#[tokio::test]
async fn a_professional_gets_a_receipt_and_never_the_case() {
    let service = Installation::at("2026-11-02T09:30").await;
    let form = service.example("referral").await.to_string();
    let token = format!("Bearer {}", service.token("gp", "referrer").await);
    let sent = service
        .send(
            Method::POST,
            "/api/v1/schemes/dsdas-scotland/referrals",
            &[("authorization", &token)],
            form.clone(),
        )
        .await;
    assert_eq!(sent.status, StatusCode::CREATED, "{:?}", sent.body);
    let reference = sent.body["reference"].as_str().unwrap();
    assert!(clares_law::domain::reference::Reference::parse(reference).is_ok());
    let case = format!("/api/v1/cases/{}", sent.body["id"].as_str().unwrap());
    let looked = service
        .send(
            Method::GET,
            &case,
            &[("authorization", &token)],
            Body::empty(),
        )
        .await;
    assert_eq!(looked.status, StatusCode::NOT_FOUND);
    let nobody = service
        .send(
            Method::POST,
            "/api/v1/schemes/dsdas-scotland/referrals",
            &[],
            form,
        )
        .await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn l8_every_application_gets_the_same_answer() {
    let service = Installation::at("2026-11-02T09:30").await;
    let mut form = service.example("application").await;
    let first = service
        .send(
            Method::POST,
            "/api/v1/at/scotland/ask/applications",
            &[],
            form.to_string(),
        )
        .await;
    form["capacity"] = json!("for_someone_else");
    form["subject"]["family_name"] = json!("Somebody Else");
    let second = service
        .send(
            Method::POST,
            "/api/v1/at/scotland/ask/applications",
            &[],
            form.to_string(),
        )
        .await;
    assert_eq!(first, second);
    assert_eq!(first.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_queue_is_paged_without_losing_or_doubling_a_case() {
    let service = Installation::at("2026-11-02T09:30").await;
    let form = service.example("application").await.to_string();
    for _ in 0..7 {
        service
            .send(
                Method::POST,
                "/api/v1/at/scotland/ask/applications",
                &[],
                form.clone(),
            )
            .await;
    }
    let token = service.token("intake", "intake").await;
    let mut seen = Vec::new();
    let mut after = String::new();
    for _ in 0..4 {
        let page = service
            .get(
                &format!("/api/v1/schemes/dsdas-scotland/queues/to_register?limit=2{after}"),
                &token,
            )
            .await
            .body;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&after={next}");
    }
    assert_eq!(seen.len(), 7);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 7);
}
