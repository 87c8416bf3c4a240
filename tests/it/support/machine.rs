//! A machine that talks to the API of a real installation in a temporary folder, whose clock the test moves.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use clares_law::app::clients::{Credentials, NewClient};
use clares_law::domain::id::ClientId;
use clares_law::domain::scope::Scopes;
use clares_law::engine::definition::Library;
use clares_law::web;
use jiff::Timestamp;
use serde_json::Value;
use tower::ServiceExt;

use super::house::House;
use super::world::{AUTHORITY, shipped};

/// An installation and its router.
pub struct Installation {
    house: House,
    router: axum::Router,
    /// How many keys it has given.
    keys: AtomicU32,
}

impl Deref for Installation {
    type Target = House;
    fn deref(&self) -> &House {
        &self.house
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// Every sentence of a refusal.
    pub fn because(&self) -> Vec<&str> {
        self.body["because"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// The fields that are named as wrong.
    pub fn fields(&self) -> Vec<&str> {
        self.body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|error| error["field"].as_str())
            .collect()
    }
}

impl Installation {
    /// A new installation at this local time.
    pub async fn at(time: &str) -> Self {
        let time: jiff::civil::DateTime = time.parse().unwrap();
        let now = time.in_tz("Europe/London").unwrap().timestamp();
        Self::with(now, &shipped()).await
    }

    /// A new installation at this moment, with these workflow files.
    pub async fn with(now: Timestamp, library: &Library) -> Self {
        let house = House::at(now, library).await;
        let router = web::router(Arc::clone(&house.app), false);
        Self {
            house,
            router,
            keys: AtomicU32::new(1),
        }
    }

    /// The token of a client with every scope. It is new each time: the test's clock runs fast.
    pub async fn token(&self, name: &str, role: &str) -> String {
        self.token_for(name, role, &Scopes::all()).await
    }

    /// The token of a client with these scopes.
    pub async fn token_for(&self, name: &str, role: &str, scopes: &Scopes) -> String {
        let client = self.client(name, role).await;
        let key = self.app.token_key.as_ref().unwrap();
        let (now, id) = (self.clock.now(), self.app.chance.id());
        key.token(client, scopes, now, id).unwrap()
    }

    /// A client with every scope, made at the first asking.
    pub async fn client(&self, name: &str, role: &str) -> ClientId {
        let known = self.app.clients().await.unwrap();
        match known.iter().find(|client| client.name == name) {
            Some(client) => ClientId(client.id),
            None => self.credentials(name, role, Scopes::all()).await.id,
        }
    }

    /// A new client with its secret.
    pub async fn credentials(&self, name: &str, role: &str, scopes: Scopes) -> Credentials {
        self.credentials_for("", name, role, scopes).await
    }

    /// A new client of an agency with its secret.
    pub async fn credentials_for(
        &self,
        agency: &str,
        name: &str,
        role: &str,
        scopes: Scopes,
    ) -> Credentials {
        let client = NewClient {
            name: name.to_owned(),
            role: role.to_owned(),
            agency: agency.to_owned(),
            authority: AUTHORITY.to_owned(),
            scopes,
        };
        let added = self.app.add_client(client).await.unwrap();
        added.expect("a name of its own")
    }

    /// Sends a request; `headers` are pairs, and the token is one of them if there is one. A command without a key is given
    /// one.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let key =
            uuid::Uuid::from_u128(self.keys.fetch_add(1, Ordering::Relaxed).into()).to_string();
        let named = headers.iter().any(|(name, _)| *name == "idempotency-key");
        let mut headers = headers.to_vec();
        if method == Method::POST && !named {
            headers.push(("idempotency-key", &key));
        }
        self.send_bare(method, path, &headers, body).await
    }

    /// Sends a request as it is.
    pub async fn send_bare(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(body.into()).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// The API's own document.
    pub async fn document(&self) -> Value {
        let path = "/api/v1/openapi.json";
        self.send(Method::GET, path, &[], Body::empty()).await.body
    }

    /// A form filled in with its examples, as the document gives it.
    pub async fn example(&self, record: &str) -> Value {
        self.document().await["components"]["schemas"][format!("dsdas-scotland.{record}")]["example"]
            .clone()
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.send(
            Method::GET,
            path,
            &[("authorization", &bearer)],
            Body::empty(),
        )
        .await
    }

    /// Posts an action on the version that the case has now.
    pub async fn act(&self, case: &str, action: &str, token: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let seen = self.get(&format!("/api/v1/cases/{case}"), token).await;
        let version = seen
            .headers
            .get("etag")
            .map_or("\"0\"", |tag| tag.to_str().unwrap())
            .to_owned();
        let path = format!("/api/v1/cases/{case}/actions/{action}");
        self.send(
            Method::POST,
            &path,
            &[("authorization", &bearer), ("if-match", &version)],
            body.to_string(),
        )
        .await
    }
}
