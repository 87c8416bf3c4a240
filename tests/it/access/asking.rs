//! Somebody in each role, signed in and as a machine, who asks for any address; and the cases that they ask for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use clares_law::app::clients::NewClient;
use clares_law::domain::id::{CaseId, ClientId};
use clares_law::domain::scope::Scopes;
use clares_law::engine::command::Actor;
use clares_law::engine::scenario::Scenario;
use clares_law::store::broken_glass::{self, GlassRow};
use clares_law::store::ties::{StepRow, TieRow};
use clares_law::store::{At, Tx};
use clares_law::web;
use jiff::SignedDuration;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::matrix::{Relation, relations};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::house::{House, new_person};
use crate::support::world::{Walk, edition_of, own_name, scenarios_of};

pub const SCHEME: &str = "dvds-england-wales";
pub const HERE: &str = "north-moor";
pub const ELSEWHERE: &str = "westbury";
/// The edition that new cases take.
const NEWEST: &str = "2023-04";

/// For how long a glass stays broken here.
const GLASS: SignedDuration = SignedDuration::from_millis(100);

/// What was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// Somebody who asks.
pub struct Asker {
    pub actor: Actor,
    /// What proves who they are.
    proof: (header::HeaderName, String),
    router: Router,
}

impl Asker {
    /// Nobody in particular.
    pub fn nobody(test: &TestApp) -> Self {
        let proof = (header::COOKIE, String::new());
        asker(test, Uuid::nil(), "public", "", proof)
    }

    /// Asks as a browser or a machine does, and follows no redirect.
    pub async fn ask(&self, method: &Method, path: &str, body: &str) -> Reply {
        let (name, value) = &self.proof;
        let form = *name == header::COOKIE;
        let kind = if form {
            "application/x-www-form-urlencoded"
        } else {
            "application/json"
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "example.org")
            .header("sec-fetch-site", "same-origin")
            .header(name, value)
            .header(header::CONTENT_TYPE, kind)
            .header(header::IF_MATCH, "\"0\"")
            .header("idempotency-key", fresh().to_string());
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

/// An id that nothing else here has.
fn fresh() -> Uuid {
    static GIVEN: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(GIVEN.fetch_add(1, Ordering::Relaxed).into())
}

/// An installation with two forces.
pub async fn installation() -> TestApp {
    TestApp::of(SCHEME).await
}

/// Somebody of this role at an authority, signed in.
pub async fn person(test: &TestApp, role: &str, authority: &str) -> Asker {
    let name = format!("{role} who asks at {authority}");
    let person = new_person(&name, role, authority, Some(TestApp::password_hash().await));
    let id = test.app.add_person(person).await.unwrap();
    let secret = test.app.sign_in(&name, PASSWORD).await.unwrap().secret;
    asker(
        test,
        id.0,
        role,
        authority,
        (header::COOKIE, format!("w={secret}")),
    )
}

/// A machine of this role at an authority. Its token lives five minutes.
pub async fn machine(test: &TestApp, role: &str, authority: &str) -> Asker {
    let client = NewClient {
        name: format!("{role} at {authority} {}", fresh()),
        role: role.to_owned(),
        agency: String::new(),
        authority: authority.to_owned(),
        scopes: Scopes::all(),
    };
    let id: ClientId = test.app.add_client(client).await.unwrap().unwrap().id;
    let key = test.app.token_key.as_ref().unwrap();
    let token = key.token(id, &Scopes::all(), test.clock.now(), fresh());
    let proof = (header::AUTHORIZATION, format!("Bearer {}", token.unwrap()));
    asker(test, id.0, role, authority, proof)
}

fn asker(
    test: &TestApp,
    id: Uuid,
    role: &str,
    authority: &str,
    proof: (header::HeaderName, String),
) -> Asker {
    let actor = Actor {
        id: id.to_string(),
        role: role.to_owned(),
        agency: String::new(),
        authority: authority.to_owned(),
    };
    let router = web::router(Arc::clone(&test.app), false);
    Asker {
        actor,
        proof,
        router,
    }
}

/// The shortest way to each state of the scheme: a scenario and the number of its steps.
pub fn ways() -> BTreeMap<String, (&'static Scenario, usize)> {
    let mut ways: BTreeMap<String, (&'static Scenario, usize)> = BTreeMap::new();
    for scenario in scenarios_of(SCHEME) {
        let edition = edition_of(scenario);
        if !NEWEST.eq(&edition.scheme.edition.text) || scenario.authority(edition) != HERE {
            continue;
        }
        let named = |role: &str, number| own_name(scenario, role, number);
        for steps in 0..=scenario.steps.len() {
            let case = Walk::play(scenario, steps, named).case;
            let shorter = ways.get(&case.state).is_none_or(|known| steps < known.1);
            if shorter && case.authority == HERE {
                ways.insert(case.state, (scenario, steps));
            }
        }
    }
    ways
}

/// A case that has come this way.
pub async fn case_at(test: &TestApp, (scenario, steps): (&Scenario, usize)) -> CaseId {
    let case = test.case_of(scenario).await;
    for step in &scenario.steps[..steps] {
        test.step(case, scenario, step).await;
    }
    case
}

/// How somebody stands to a case that they were let in to.
pub fn let_in() -> Relation {
    let mut all = relations().into_iter();
    all.find(|one| one.name == "let_in").unwrap()
}

/// What stands between a case and people, until it is taken away.
pub struct Between {
    ties: Vec<Uuid>,
}

impl Between {
    /// Makes these ties: for each of these people those of their own, for all of them that the case is restricted.
    pub async fn made(house: &House, case: CaseId, people: &[Uuid], relation: &Relation) -> Self {
        let restricted = relation.restricted;
        let mut made = Self { ties: Vec::new() };
        let mut tx = house.app.db.begin_write().await.unwrap();
        if restricted {
            made.tie(house, &mut tx, case, None, "restricted").await;
        }
        for person in people {
            for kind in &relation.ties {
                match *kind {
                    "conflict" if restricted => {
                        made.tie(house, &mut tx, case, Some(*person), "matched")
                            .await;
                    }
                    "conflict" => {
                        made.tie(house, &mut tx, case, Some(*person), "declared")
                            .await;
                    }
                    "manages" => {
                        made.tie(house, &mut tx, case, Some(*person), "manages_subject")
                            .await;
                    }
                    "glass" => break_glass(house, &mut tx, case, *person).await,
                    other => made.tie(house, &mut tx, case, Some(*person), other).await,
                }
            }
        }
        tx.commit().await.unwrap();
        made
    }

    async fn tie(
        &mut self,
        house: &House,
        tx: &mut Tx,
        case: CaseId,
        staff: Option<Uuid>,
        kind: &str,
    ) {
        let row = TieRow {
            id: house.app.chance.id(),
            case_id: case.0,
            staff_id: staff,
            kind: kind.to_owned(),
            at: At::from(house.clock.now()),
            done_by: "a test".to_owned(),
            because: "to see what becomes of it".to_owned(),
        };
        house.app.add_tie(tx, &row).await.unwrap();
        self.ties.push(row.id);
    }

    /// Ends them all; a broken glass is mended by waiting.
    pub async fn ended(self, house: &House) {
        let mut tx = house.app.db.begin_write().await.unwrap();
        for tie in self.ties {
            let step = StepRow {
                tie_id: tie,
                step: "ended".to_owned(),
                at: At::from(house.clock.now()),
                done_by: "a test".to_owned(),
                reason: "it has been seen".to_owned(),
            };
            house.app.add_step(&mut tx, &step).await.unwrap();
        }
        tx.commit().await.unwrap();
        house.clock.advance(GLASS);
    }
}

async fn break_glass(house: &House, tx: &mut Tx, case: CaseId, staff: Uuid) {
    let now = house.clock.now();
    let row = GlassRow {
        id: house.app.chance.id(),
        case_id: case.0,
        staff_id: staff,
        at: At::from(now),
        ends_at: At::from(now + GLASS),
        reason: "to see what becomes of it".to_owned(),
    };
    broken_glass::add(tx, &row).await.unwrap();
}
