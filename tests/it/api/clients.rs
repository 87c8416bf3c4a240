//! How a machine gets a token: client credentials, scopes, and what is answered when something is wrong.

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use clares_law::app::clients::Credentials;
use clares_law::domain::scope::{Scope, Scopes};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::machine::{Answer, Installation};
use crate::support::world::scenario;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const GRANT: &str = "grant_type=client_credentials";

async fn service() -> Installation {
    Installation::at("2026-11-02T09:30").await
}

async fn post(service: &Installation, body: &str) -> Answer {
    service
        .send_bare(Method::POST, "/api/v1/token", &[FORM], body.to_owned())
        .await
}

async fn ask(service: &Installation, id: &str, secret: &str) -> Answer {
    let body = format!("{GRANT}&client_id={id}&client_secret={secret}");
    post(service, &body).await
}

async fn by_basic(service: &Installation, text: &str, body: &str) -> Answer {
    let header = format!("Basic {}", BASE64_STANDARD.encode(text));
    let headers = [FORM, ("authorization", header.as_str())];
    let sent = service.send_bare(Method::POST, "/api/v1/token", &headers, body.to_owned());
    sent.await
}

fn refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!(answer.status.as_u16(), status, "{:?}", answer.body);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.body["error"], error, "{:?}", answer.body);
}

/// The secret with its first character changed.
fn nearly(credentials: &Credentials) -> String {
    let first = if credentials.secret.starts_with('0') {
        '1'
    } else {
        '0'
    };
    format!("{first}{}", &credentials.secret[1..])
}

#[tokio::test]
async fn a_client_gets_a_token_for_five_minutes_in_either_way() {
    let service = service().await;
    let scopes: Scopes = "cases:read queues:read".parse().unwrap();
    let client = service.credentials("records", "verifier", scopes).await;
    let Credentials { id, secret } = &client;
    let given = ask(&service, &id.to_string(), secret).await;
    assert_eq!(given.status, StatusCode::OK, "{:?}", given.body);
    assert_eq!(given.headers["cache-control"], "no-store");
    assert_eq!(given.body["token_type"], "Bearer");
    assert_eq!(given.body["expires_in"], 300);
    assert_eq!(given.body["scope"], "cases:read queues:read");
    let token = given.body["access_token"].as_str().unwrap();
    let shown = service.get("/api/v1/queues", token).await;
    assert_eq!(shown.status, StatusCode::OK);

    let body = format!("{GRANT}&scope=queues:read&something=else");
    let given = by_basic(&service, &format!("{id}:{secret}"), &body).await;
    assert_eq!(given.status, StatusCode::OK, "{:?}", given.body);
    assert_eq!(given.body["scope"], "queues:read");
    let less = given.body["access_token"].as_str().unwrap();
    assert_ne!(less, token);
    let unknown = "/api/v1/cases/00000000-0000-4000-8000-000000000000";
    let shown = service.get(unknown, less).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    let shown = service.get(unknown, token).await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND);
    service.clock.advance(SignedDuration::from_mins(5));
    let over = service.get("/api/v1/queues", token).await;
    assert_eq!(over.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn unknown_wrong_and_revoked_are_one_answer() {
    let service = service().await;
    let client = service.credentials("a", "verifier", Scopes::all()).await;
    let out = service.credentials("b", "verifier", Scopes::all()).await;
    assert!(service.app.revoke_client("b".to_owned()).await.unwrap());
    let wrong = ask(&service, &client.id.to_string(), &nearly(&client)).await;
    refused(&wrong, 401, "invalid_client");
    assert_eq!(wrong.headers["www-authenticate"], "Basic realm=\"clients\"");
    let nobody = "00000000-0000-4000-8000-000000000000";
    let (id, out_id) = (client.id.to_string(), out.id.to_string());
    for (id, secret) in [
        (nobody, client.secret.as_str()),
        (nobody, ""),
        (&id, ""),
        (&id, &out.secret),
        (&out_id, &out.secret),
        ("records", &client.secret),
        ("", ""),
    ] {
        assert_eq!(ask(&service, id, secret).await, wrong, "{id}");
        let basic = by_basic(&service, &format!("{id}:{secret}"), GRANT).await;
        assert_eq!(basic, wrong, "{id}");
    }
    for header in ["no colon", "\u{1}"] {
        assert_eq!(by_basic(&service, header, GRANT).await, wrong);
    }
    assert_eq!(post(&service, GRANT).await, wrong);
}

#[tokio::test]
async fn a_request_that_is_not_one_is_told_what_it_should_be() {
    let service = service().await;
    let client = service.credentials("a", "verifier", "queues:read".parse().unwrap());
    let Credentials { id, secret } = client.await;
    let who = format!("client_id={id}&client_secret={secret}");
    let long = format!("{GRANT}&{who}&scope={}", "x".repeat(300_000));
    for (body, status, error) in [
        (who.clone(), 400, "invalid_request"),
        (String::new(), 400, "invalid_request"),
        ("%ff&=&&".to_owned(), 400, "invalid_request"),
        (format!("{GRANT}&{GRANT}&{who}"), 400, "invalid_request"),
        (
            format!("grant_type=password&{who}"),
            400,
            "unsupported_grant_type",
        ),
        (
            format!("{GRANT}&{who}&scope=cases:read"),
            400,
            "invalid_scope",
        ),
        (
            format!("{GRANT}&{who}&scope=everything"),
            400,
            "invalid_scope",
        ),
        (format!("{GRANT}&{who}&scope="), 400, "invalid_scope"),
        (format!("{GRANT}&client_id={id}"), 401, "invalid_client"),
    ] {
        refused(&post(&service, &body).await, status, error);
    }
    let both = by_basic(
        &service,
        &format!("{id}:{secret}"),
        &format!("{GRANT}&{who}"),
    )
    .await;
    refused(&both, 400, "invalid_request");
    assert_eq!(
        post(&service, &long).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let json = service
        .send_bare(Method::POST, "/api/v1/token", &[], "{}")
        .await;
    refused(&json, 400, "invalid_request");
}

#[tokio::test]
async fn a_rotated_secret_opens_nothing_any_more() {
    let service = service().await;
    let old = service.credentials("a", "verifier", Scopes::all()).await;
    let id = old.id.to_string();
    let new = service
        .app
        .rotate_client("a".to_owned())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(new.id, old.id);
    assert_eq!(ask(&service, &id, &new.secret).await.status, StatusCode::OK);
    refused(
        &ask(&service, &id, &old.secret).await,
        401,
        "invalid_client",
    );
    assert!(
        service
            .app
            .rotate_client("b".to_owned())
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn wrong_secrets_are_throttled_for_a_known_and_an_unknown_client_alike() {
    let service = service().await;
    let client = service.credentials("a", "verifier", Scopes::all()).await;
    let other = service.credentials("b", "verifier", Scopes::all()).await;
    let id = client.id.to_string();
    let nobody = "00000000-0000-4000-8000-000000000000";
    for id in [&id, nobody] {
        for _ in 0..10 {
            refused(&ask(&service, id, "wrong").await, 401, "invalid_client");
        }
        let paused = ask(&service, id, "wrong").await;
        refused(&paused, 429, "invalid_client");
        assert_eq!(paused.headers["retry-after"], "60");
    }
    let right = ask(&service, &id, &client.secret).await;
    refused(&right, 429, "invalid_client");
    assert_eq!(right, ask(&service, nobody, "wrong").await);
    let untouched = ask(&service, &other.id.to_string(), &other.secret).await;
    assert_eq!(untouched.status, StatusCode::OK);
    service.clock.advance(SignedDuration::from_mins(1));
    for _ in 0..3 {
        for _ in 0..9 {
            refused(&ask(&service, &id, "wrong").await, 401, "invalid_client");
        }
        let right = ask(&service, &id, &client.secret).await;
        assert_eq!(
            right.status,
            StatusCode::OK,
            "the right secret ends the row"
        );
    }
}

#[tokio::test]
async fn every_address_of_the_document_needs_the_one_scope_that_it_names() {
    let service = service().await;
    let document = service.document().await;
    let flow = &document["components"]["securitySchemes"]["client"]["flows"]["clientCredentials"];
    assert_eq!(flow["tokenUrl"], "/api/v1/token");
    let listed: Vec<_> = flow["scopes"].as_object().unwrap().keys().collect();
    assert_eq!(listed, Scope::ALL.map(|(_, name, _)| name));
    let (mut open, mut closed) = (Vec::new(), 0);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Value::Array(security) = &operation["security"] else {
                open.push(path.as_str());
                continue;
            };
            let [Value::String(scope)] = security[0]["client"].as_array().unwrap().as_slice()
            else {
                panic!("{method} {path} names several scopes, or none");
            };
            let scope: Scope = scope.parse().unwrap();
            let others = Scope::ALL.into_iter().map(|(other, ..)| other);
            let others: Scopes = others.filter(|other| *other != scope).collect();
            let path = path.replace(['{', '}'], "");
            let send = async |scopes: &Scopes| {
                let token = service.token_for("a", "verifier", scopes).await;
                let bearer = format!("Bearer {token}");
                let method = method.to_uppercase().parse().unwrap();
                let headers = [("authorization", bearer.as_str())];
                service.send(method, &path, &headers, "{}").await
            };
            let refused = send(&others).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{method} {path}");
            let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
            assert_eq!(refused.headers["www-authenticate"], challenge);
            let heard = send(&[scope].into_iter().collect()).await;
            assert_ne!(
                heard.body["type"], "urn:clares-law:scope",
                "{method} {path}"
            );
            assert_ne!(heard.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            closed += 1;
        }
    }
    assert_eq!(
        open,
        [
            "/api/v1/at/{authority}/{address}/applications",
            "/api/v1/token"
        ]
    );
    assert!(closed >= 8, "{closed}");
}

#[tokio::test]
async fn l4_a_machine_is_nobodys_second_person() {
    let service = service().await;
    let scenario = scenario("A member sends back a decision not to disclose");
    let case = service.case_of(scenario).await;
    for step in &scenario.steps {
        if service.load(case).await.case.pending.is_some() {
            break;
        }
        service.step(case, scenario, step).await;
    }
    let waits = service.load(case).await.case;
    let role = &waits.pending.as_ref().unwrap().confirm_by[0];
    let machine = service.token("a second machine", role).await;

    let offered = service
        .get(&format!("/api/v1/cases/{case}/actions"), &machine)
        .await;
    let names = offered
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|offer| &offer["action"]);
    let names: Vec<_> = names.collect();
    assert!(names.iter().any(|name| *name == "send_back"), "{names:?}");
    assert!(!names.iter().any(|name| *name == "confirm"), "{names:?}");

    let body = json!({ "rationale": "I agree" });
    let refused = service
        .act(&case.to_string(), "confirm", &machine, &body)
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{:?}", refused.body);
    assert!(
        refused.body.to_string().contains("a machine is nobody"),
        "{:?}",
        refused.body
    );
    assert_eq!(service.load(case).await.case, waits, "nothing has changed");
}
