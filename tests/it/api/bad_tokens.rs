//! Tokens that are not one of ours, or not any more: a 401 for each, and never a panic.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use clares_law::app::tokens::TokenKey;
use serde_json::{Value, json};

use crate::support::machine::{Answer, Installation};

/// The service with the key that it signs with, and a client.
struct Forger {
    service: Installation,
    key: Ed25519KeyPair,
    client: String,
}

impl Forger {
    async fn new() -> Self {
        let service = Installation::at("2026-11-02T09:30").await;
        let client = service.client("records", "verifier").await.to_string();
        let der = std::fs::read(service.folder().join(TokenKey::FILE)).unwrap();
        let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).unwrap();
        Self {
            service,
            key,
            client,
        }
    }

    /// What a good token says, but for these claims; null leaves one out.
    fn claims(&self, over: &Value) -> Value {
        let now = self.service.clock.now().as_second();
        let mut claims = json!({
            "iss": "clares-law", "aud": "clares-law", "sub": self.client, "scope": "queues:read",
            "iat": now, "exp": now + 300, "jti": "5f0c8d2e-9f0e-4d0b-8f6c-2f9f5f0f7a11",
        });
        let claims_map = claims.as_object_mut().unwrap();
        for (name, value) in over.as_object().unwrap() {
            claims_map.insert(name.clone(), value.clone());
        }
        claims_map.retain(|_, value| !value.is_null());
        claims
    }

    /// A token with the service's own signature, whatever its header says.
    fn signed(&self, header: &Value, claims: &Value) -> String {
        let coded = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
        let text = format!("{}.{}", coded(header), coded(claims));
        let signature = self.key.sign(text.as_bytes());
        format!("{text}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    fn ours(&self, over: &Value) -> String {
        self.signed(&json!({"alg": "EdDSA", "typ": "JWT"}), &self.claims(over))
    }

    async fn shown(&self, token: &str) -> Answer {
        self.service.get("/api/v1/queues", token).await
    }

    async fn refused(&self, token: &str, why: &str) {
        let answer = self.shown(token).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{why}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        let challenge = &answer.headers["www-authenticate"];
        assert_eq!(challenge, "Bearer error=\"invalid_token\"", "{why}");
        assert_eq!(answer.body["type"], "urn:clares-law:token");
    }
}

#[tokio::test]
async fn a_token_of_another_algorithm_is_refused() {
    let forger = Forger::new().await;
    let good = forger.shown(&forger.ours(&json!({}))).await;
    assert_eq!(good.status, StatusCode::OK, "the forger's hand is good");
    let claims = forger.claims(&json!({}));
    for alg in [
        "none", "None", "HS256", "RS256", "ES256", "PS512", "", "Ed25519",
    ] {
        let token = forger.signed(&json!({"alg": alg}), &claims);
        forger.refused(&token, alg).await;
        let (unsigned, _) = token.rsplit_once('.').unwrap();
        forger.refused(&format!("{unsigned}."), alg).await;
        forger.refused(unsigned, alg).await;
    }
    let public = forger.key.public_key().as_ref();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        base64::prelude::BASE64_STANDARD.encode(public)
    );
    for secret in [public, pem.as_bytes()] {
        let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
        let secret = jsonwebtoken::EncodingKey::from_secret(secret);
        let token = jsonwebtoken::encode(&header, &claims, &secret).unwrap();
        forger.refused(&token, "HS256 with the public key").await;
    }
    let other = Ed25519KeyPair::generate().unwrap();
    let stranger = Forger {
        key: other,
        ..forger
    };
    let token = stranger.ours(&json!({}));
    stranger.refused(&token, "another key").await;
}

#[tokio::test]
async fn a_token_for_others_or_of_others_is_refused() {
    let forger = Forger::new().await;
    for name in ["aud", "iss", "sub", "scope", "iat", "exp", "jti"] {
        forger
            .refused(&forger.ours(&json!({name: null})), name)
            .await;
        for wrong in [json!("somebody else"), json!([]), json!({}), json!(-1)] {
            let token = forger.ours(&json!({name: wrong}));
            forger.refused(&token, &format!("{name}: {wrong}")).await;
        }
    }
    let nobody = json!({"sub": "00000000-0000-4000-8000-000000000000"});
    forger.refused(&forger.ours(&nobody), "nobody").await;
    let person = forger.service.hire("Morag", "verifier").await.id;
    let token = forger.ours(&json!({"sub": person}));
    forger.refused(&token, "people have sessions").await;
    let unknown = forger.ours(&json!({"scope": "queues:read everything"}));
    forger.refused(&unknown, "a scope that there is not").await;
}

#[tokio::test]
async fn a_token_out_of_its_time_is_refused() {
    let forger = Forger::new().await;
    let now = forger.service.clock.now().as_second();
    let from_to = |from: i64, to: i64| forger.ours(&json!({"iat": now + from, "exp": now + to}));
    for (from, to) in [(-299, 1), (0, 300), (60, 300), (60, 360)] {
        let answer = forger.shown(&from_to(from, to)).await;
        assert_eq!(answer.status, StatusCode::OK, "{from} to {to}");
    }
    for (from, to) in [
        (-300, 0),
        (-600, -300),
        (61, 300),
        (3600, 3900),
        (0, 301),
        (-1, 300),
        (0, 86_400),
        (-86_400, 1),
        (300, 0),
    ] {
        let why = format!("{from} to {to}");
        forger.refused(&from_to(from, to), &why).await;
    }
    for (iat, exp) in [
        (i64::MIN, i64::MAX),
        (i64::MAX, i64::MAX),
        (i64::MIN, i64::MIN),
    ] {
        let token = forger.ours(&json!({"iat": iat, "exp": exp}));
        forger.refused(&token, "the ends of time").await;
    }
    let token = forger.ours(&json!({}));
    forger
        .service
        .clock
        .advance(jiff::SignedDuration::from_mins(5));
    forger.refused(&token, "it is over to the second").await;
}

#[tokio::test]
async fn garbage_is_refused_and_without_a_token_the_answer_says_where_one_is_got() {
    let forger = Forger::new().await;
    let good = forger.ours(&json!({}));
    let cut = &good[..good.len() / 2];
    let long = "a".repeat(1024 * 1024);
    let long_parts = format!("{long}.{long}.{long}");
    let deep = BASE64_URL_SAFE_NO_PAD.encode("[".repeat(2000));
    let deep = format!("{deep}.{deep}.{deep}");
    let signed_long = forger.ours(&json!({"jti": long}));
    for garbage in [
        "x",
        ".",
        "..",
        "...",
        "a.b.c",
        "eyJ.eyJ.eyJ",
        "=.=.=",
        cut,
        &long,
        &long_parts,
        &deep,
        &signed_long,
    ] {
        let why = &garbage[..garbage.len().min(20)];
        forger.refused(garbage, why).await;
    }
    let basic = format!("Basic {good}");
    for header in [None, Some(""), Some("Bearer"), Some(&good), Some(&basic)] {
        let headers: Vec<_> = header
            .map(|value| ("authorization", value))
            .into_iter()
            .collect();
        let sent = forger
            .service
            .send(Method::GET, "/api/v1/queues", &headers, Body::empty());
        let answer = sent.await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{header:?}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        let title = answer.body["title"].as_str().unwrap();
        assert!(title.contains("POST /api/v1/token"), "{title}");
    }
}

#[tokio::test]
async fn a_revoked_client_is_refused_while_its_token_still_lives() {
    let forger = Forger::new().await;
    let token = forger.ours(&json!({}));
    assert_eq!(forger.shown(&token).await.status, StatusCode::OK);
    let revoked = forger.service.app.revoke_client("records".to_owned());
    assert!(revoked.await.unwrap());
    forger.refused(&token, "revoked").await;
}
