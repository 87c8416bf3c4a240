//! Everything that can be sent wrong: a clear error by field or a 404, 409, 412, 422, 428, and nothing half-stored.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::machine::{Answer, Installation};

async fn application(service: &Installation) -> Value {
    service.example("application").await
}

/// A case fresh from the public form, and a verifier's token.
async fn fresh(service: &Installation) -> (String, String) {
    let form = application(service).await.to_string();
    let sent = service
        .send(
            Method::POST,
            "/api/v1/at/scotland/ask/applications",
            &[],
            form,
        )
        .await;
    assert_eq!(sent.status, StatusCode::ACCEPTED);
    let token = service.token("morag", "verifier").await;
    let queue = service
        .get("/api/v1/schemes/dsdas-scotland/queues/to_register", &token)
        .await;
    (
        queue.body["items"][0]["id"].as_str().unwrap().to_owned(),
        token,
    )
}

/// The example of an action's form.
async fn form_of(service: &Installation, case: &str, action: &str, token: &str) -> Value {
    let offers = service
        .get(&format!("/api/v1/cases/{case}/actions"), token)
        .await
        .body;
    let offer = offers
        .as_array()
        .unwrap()
        .iter()
        .find(|offer| offer["action"] == action)
        .unwrap()
        .clone();
    let name = offer["record"]["name"].as_str().unwrap().to_owned();
    service.example(&name).await
}

async fn cases(service: &Installation, token: &str) -> usize {
    service
        .get("/api/v1/schemes/dsdas-scotland/queues/to_register", token)
        .await
        .body["items"]
        .as_array()
        .unwrap()
        .len()
}

fn problem(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{:?}", answer.body);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.body["status"], status.as_u16());
}

#[tokio::test]
async fn l17_a_wrong_application_names_each_field_and_stores_nothing() {
    let service = Installation::at("2026-11-02T09:30").await;
    let token = service.token("morag", "verifier").await;
    let good = application(&service).await;
    let with = |name: &str, value: Value| {
        let mut form = good.clone();
        form[name] = value;
        form
    };
    let wrong = [
        ("concern", json!("x".repeat(5000))),
        ("concern", json!(17)),
        ("concern", json!(null)),
        ("capacity", json!("burglar")),
        ("danger_now", json!("yes")),
        ("subject", json!("Ross")),
        ("nonsense", json!(1)),
        ("concern", json!("a\u{0}b")),
    ];
    for (field, value) in wrong {
        let answer = service
            .send(
                Method::POST,
                "/api/v1/at/scotland/ask/applications",
                &[],
                with(field, value).to_string(),
            )
            .await;
        problem(&answer, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.fields(), [field]);
    }
    let born = with("subject", json!({"family_name": "Hay", "born": "1984-13"}));
    let answer = service
        .send(
            Method::POST,
            "/api/v1/at/scotland/ask/applications",
            &[],
            born.to_string(),
        )
        .await;
    assert_eq!(answer.fields(), ["subject.born"]);
    for body in ["", "{", "[]", "null", "{\"concern\": \"\u{1}\"}"] {
        let answer = service
            .send(
                Method::POST,
                "/api/v1/at/scotland/ask/applications",
                &[],
                body,
            )
            .await;
        problem(&answer, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let huge = service
        .send(
            Method::POST,
            "/api/v1/at/scotland/ask/applications",
            &[],
            "x".repeat(300_000),
        )
        .await;
    problem(&huge, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(cases(&service, &token).await, 0);
}

#[tokio::test]
async fn l17_no_error_repeats_what_was_sent() {
    let service = Installation::at("2026-11-02T09:30").await;
    let (case, token) = fresh(&service).await;
    let secret = "Canary McSecret";
    let bodies = [
        json!({"record": {"subject": secret}, "rationale": ""}).to_string(),
        json!({"record": secret}).to_string(),
        format!("{{\"record\": {secret}"),
    ];
    for body in bodies {
        let bearer = format!("Bearer {token}");
        let path = format!("/api/v1/cases/{case}/actions/register");
        let answer = service
            .send(
                Method::POST,
                &path,
                &[("authorization", &bearer), ("if-match", "*")],
                body,
            )
            .await;
        problem(&answer, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!answer.body.to_string().contains(secret));
    }
}

#[tokio::test]
async fn a_command_needs_a_token_a_version_and_a_role() {
    let service = Installation::at("2026-11-02T09:30").await;
    let (case, token) = fresh(&service).await;
    let form = form_of(&service, &case, "register", &token).await;
    let body = json!({"record": form, "rationale": ""}).to_string();
    let path = format!("/api/v1/cases/{case}/actions/register");
    let bearer = format!("Bearer {token}");
    for wrong in ["Bearer nonsense", "Basic abc", "Bearer", ""] {
        let answer = service
            .send(
                Method::POST,
                &path,
                &[("authorization", wrong), ("if-match", "\"1\"")],
                body.clone(),
            )
            .await;
        problem(&answer, StatusCode::UNAUTHORIZED);
    }
    let answer = service
        .send(
            Method::POST,
            &path,
            &[("authorization", &bearer)],
            body.clone(),
        )
        .await;
    problem(&answer, StatusCode::PRECONDITION_REQUIRED);
    let answer = service
        .send(
            Method::POST,
            &path,
            &[("authorization", &bearer), ("if-match", "\"1\"")],
            body.clone(),
        )
        .await;
    problem(&answer, StatusCode::PRECONDITION_FAILED);
    let version = answer.body["version"].as_u64().unwrap();
    assert_eq!(answer.headers["etag"], format!("\"{version}\""));
    let answer = service
        .send(
            Method::POST,
            &path,
            &[("authorization", &bearer), ("if-match", "newest")],
            body.clone(),
        )
        .await;
    assert_eq!(answer.fields(), ["If-Match"]);
    let auditor = service.token("aud", "auditor").await;
    let answer = service
        .act(&case, "register", &auditor, &json!({"record": form}))
        .await;
    problem(&answer, StatusCode::FORBIDDEN);
    assert_eq!(answer.because().len(), 1);
    let answer = service.act(&case, "fly", &token, &json!({})).await;
    problem(&answer, StatusCode::NOT_FOUND);
    service.clock.advance(jiff::SignedDuration::from_mins(6));
    let over = service.get(&format!("/api/v1/cases/{case}"), &token).await;
    problem(&over, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn unknown_and_invisible_are_the_same_answer() {
    let service = Installation::at("2026-11-02T09:30").await;
    let (case, token) = fresh(&service).await;
    let administrator = service.token("admin", "administrator").await;
    let invisible = service
        .get(&format!("/api/v1/cases/{case}"), &administrator)
        .await;
    problem(&invisible, StatusCode::NOT_FOUND);
    for unknown in [
        "00000000-0000-4000-8000-000000000000",
        "zzz",
        "7K3M-Q2XD",
        "%F0%9F%98%80",
    ] {
        let answer = service
            .get(&format!("/api/v1/cases/{unknown}"), &token)
            .await;
        assert_eq!(answer, invisible, "{unknown}");
    }
    let queue = service
        .get(
            "/api/v1/schemes/dsdas-scotland/queues/to_register",
            &administrator,
        )
        .await;
    assert_eq!(
        queue,
        service
            .get("/api/v1/schemes/dsdas-scotland/queues/nonsense", &token)
            .await
    );
}

#[tokio::test]
async fn l16_the_same_key_is_one_command() {
    let service = Installation::at("2026-11-02T09:30").await;
    let form = application(&service).await;
    let key = [("idempotency-key", "a-key")];
    let first = service
        .send(
            Method::POST,
            "/api/v1/at/scotland/ask/applications",
            &key,
            form.to_string(),
        )
        .await;
    let again = service
        .send(
            Method::POST,
            "/api/v1/at/scotland/ask/applications",
            &key,
            form.to_string(),
        )
        .await;
    assert_eq!(first, again);
    let token = service.token("morag", "verifier").await;
    assert_eq!(cases(&service, &token).await, 1);
    let mut other = form.clone();
    other["concern"] = json!("Something else");
    let answer = service
        .send(
            Method::POST,
            "/api/v1/at/scotland/ask/applications",
            &key,
            other.to_string(),
        )
        .await;
    problem(&answer, StatusCode::CONFLICT);

    let id = service
        .get("/api/v1/schemes/dsdas-scotland/queues/to_register", &token)
        .await
        .body["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/v1/cases/{id}/actions/note");
    let bearer = format!("Bearer {token}");
    let seen = service.get(&format!("/api/v1/cases/{id}"), &token).await;
    let version = seen.headers["etag"].to_str().unwrap();
    let headers = [
        ("authorization", bearer.as_str()),
        ("if-match", version),
        ("idempotency-key", "a-key"),
    ];
    let note = json!({"rationale": "She rang the front desk"}).to_string();
    let done = service
        .send(Method::POST, &path, &headers, note.clone())
        .await;
    assert_eq!(done.status, StatusCode::OK);
    assert_eq!(
        done,
        service.send(Method::POST, &path, &headers, note).await
    );
    let other = json!({"rationale": "Another note"}).to_string();
    problem(
        &service.send(Method::POST, &path, &headers, other).await,
        StatusCode::CONFLICT,
    );
    for (path, headers) in [
        (
            path.as_str(),
            vec![("authorization", bearer.as_str()), ("if-match", "*")],
        ),
        ("/api/v1/at/scotland/ask/applications", vec![]),
    ] {
        let without = service.send_bare(Method::POST, path, &headers, "{}").await;
        problem(&without, StatusCode::PRECONDITION_REQUIRED);
    }
    for wrong in ["", " "] {
        let headers = [
            ("authorization", bearer.as_str()),
            ("if-match", "*"),
            ("idempotency-key", wrong),
        ];
        let answer = service.send(Method::POST, &path, &headers, "{}").await;
        assert_eq!(answer.fields(), ["Idempotency-Key"]);
    }
}

#[tokio::test]
async fn a_refusal_names_every_unmet_condition() {
    let service = Installation::at("2026-11-02T09:30").await;
    let (case, _) = fresh(&service).await;
    let supervisor = service.token("iain", "supervisor").await;
    let answer = service.act(&case, "close", &supervisor, &json!({})).await;
    assert!(matches!(
        answer.status,
        StatusCode::FORBIDDEN | StatusCode::UNPROCESSABLE_ENTITY
    ));
    let coordinator = service.token("ewan", "coordinator").await;
    let answer = service.act(&case, "close", &coordinator, &json!({})).await;
    problem(&answer, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.because()[0].contains("Received"),
        "{:?}",
        answer.because()
    );
}

#[tokio::test]
async fn the_document_lists_every_path_and_answers_are_never_kept() {
    let service = Installation::at("2026-11-02T09:30").await;
    let document = service.document().await;
    assert_eq!(document["openapi"], "3.1.0");
    let paths: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    insta::assert_snapshot!(paths.join("\n"), @r"
    /api/v1/at/{authority}/{address}/applications
    /api/v1/cases/{id}
    /api/v1/cases/{id}/actions
    /api/v1/cases/{id}/actions/{action}
    /api/v1/cases/{id}/deadlines
    /api/v1/cases/{id}/history
    /api/v1/cases/{id}/looks
    /api/v1/queues
    /api/v1/schemes/{scheme}/queues/{queue}
    /api/v1/schemes/{scheme}/referrals
    /api/v1/token
    ");
    let answer = &document["components"]["schemas"]["dsdas-scotland.agency_answer"];
    let pieces = &answer["properties"]["pieces"];
    assert_eq!(
        (&pieces["type"], &pieces["maxItems"]),
        (&json!("array"), &json!(12))
    );
    let entry = &pieces["items"];
    assert_eq!(entry["required"], json!(["information", "may_be_told"]));
    assert_eq!(
        entry["allOf"][0]["then"],
        json!({"required": ["other_words"]})
    );
    assert_eq!(answer["example"]["pieces"][0]["dated"], "2021-06");
    for (method, path, status) in [
        (Method::GET, "/api/v1/nothing", StatusCode::NOT_FOUND),
        (
            Method::DELETE,
            "/api/v1/at/scotland/ask/applications",
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (
            Method::GET,
            "/api/v1/at/scotland/ask/applications",
            StatusCode::METHOD_NOT_ALLOWED,
        ),
    ] {
        let answer = service.send(method, path, &[], Body::empty()).await;
        problem(&answer, status);
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    let live = service
        .send(Method::GET, "/health/live", &[], Body::empty())
        .await;
    assert_eq!(live.body["status"], "live");
}
