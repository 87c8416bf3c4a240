//! Whether a node can be sent work, and what operators see: never a name, a case or a scheme.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use clares_law::app::App;
use clares_law::web;
use jiff::SignedDuration;
use serde_json::Value;
use tower::ServiceExt;

use crate::support::house::House;

async fn get(router: axum::Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    (status, String::from_utf8(body.unwrap().to_vec()).unwrap())
}

async fn ready(app: &Arc<App>) -> (StatusCode, Vec<String>) {
    let (status, body) = get(web::router(Arc::clone(app), false), "/health/ready").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    let because = body["because"].as_array().unwrap().iter();
    let because = because.map(|because| because.as_str().unwrap().to_owned());
    (status, because.collect())
}

async fn metrics(app: &Arc<App>) -> String {
    let (status, text) = get(web::health::operators(Arc::clone(app)), "/metrics").await;
    assert_eq!(status, StatusCode::OK);
    text
}

/// The figure of a metric that has no labels, cut to a whole number.
fn figure(metrics: &str, name: &str) -> i64 {
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix(&format!("clares_law_{name} ")));
    let line = line.unwrap_or_else(|| panic!("no {name} in\n{metrics}"));
    line.split('.').next().unwrap().parse().unwrap()
}

/// D12.
#[tokio::test]
async fn a_node_is_ready_while_its_tasks_give_signs_of_life() {
    let house = House::new().await;
    let silent = "What happens by itself has stopped on this node";
    house.app.look().await;
    let expected = (StatusCode::SERVICE_UNAVAILABLE, vec![silent.to_owned()]);
    assert_eq!(ready(&house.app).await, expected, "nothing has begun");
    house.app.pulse.beat("deadlines", &house.clock);
    assert_eq!(ready(&house.app).await, (StatusCode::OK, vec![]));
    house.clock.advance(SignedDuration::from_secs(180));
    house.app.look().await;
    house.app.pulse.beat("outbox", &house.clock);
    assert_eq!(ready(&house.app).await.0, StatusCode::OK);
    house.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(ready(&house.app).await, expected, "one of them is dead");
}

#[tokio::test]
async fn a_node_whose_database_is_gone_is_not_ready_and_still_answers() {
    let house = House::new().await;
    house.app.pulse.beat("deadlines", &house.clock);
    house.app.look().await;
    assert_eq!(ready(&house.app).await.0, StatusCode::OK);
    house.clock.advance(SignedDuration::from_secs(21));
    let gone = vec!["The database does not answer".to_owned()];
    let expected = (StatusCode::SERVICE_UNAVAILABLE, gone);
    assert_eq!(ready(&house.app).await, expected, "nobody looked");
    house.app.look().await;
    assert_eq!(ready(&house.app).await.0, StatusCode::OK);
    house.app.db.close().await;
    house.app.look().await;
    assert_eq!(ready(&house.app).await, expected);
    let metrics = metrics(&house.app).await;
    assert_eq!(figure(&metrics, "database_up"), 0);
    assert_eq!(figure(&metrics, "ready"), 0);
}

#[tokio::test]
async fn the_figures_tell_what_waits() {
    let house = House::new().await;
    house.hire("iain", "supervisor").await;
    house.case().await;
    let quiet = metrics(&house.app).await;
    for name in [
        "oldest_due_stage_seconds",
        "oldest_overdue_deadline_seconds",
        "stuck_cases",
        "parked_cases",
        "clock_steps_total",
    ] {
        assert_eq!(figure(&quiet, name), 0, "{name}");
    }
    house.wait(24 * 60);
    let late = metrics(&house.app).await;
    let (stage, overdue) = (
        figure(&late, "oldest_due_stage_seconds"),
        figure(&late, "oldest_overdue_deadline_seconds"),
    );
    assert!(
        stage > overdue && overdue > 30 * 86_400,
        "{stage} {overdue}"
    );
    house.sweep(99).await.unwrap();
    house.clock.advance(SignedDuration::from_mins(2));
    let swept = metrics(&house.app).await;
    assert_eq!(figure(&swept, "oldest_due_stage_seconds"), 0);
    assert!(
        figure(&swept, "oldest_overdue_deadline_seconds") > overdue,
        "L6"
    );
    assert_eq!(figure(&swept, "stage_lateness_seconds_count"), 7);
    assert!(
        swept.contains("clares_law_messages{status=\"waiting\"} 7.0"),
        "{swept}"
    );
    assert!(swept.contains("clares_law_oldest_message_seconds{status=\"waiting\"} 120.0"));
    let holder = "clares_law_lease_seconds_left{task=\"deadlines\",holder=\"00000000";
    assert!(swept.contains(holder), "{swept}");
    assert!(figure(&swept, "connections_most") >= 2);
}

#[tokio::test]
async fn l8_no_answer_names_anybody_and_the_service_has_no_metrics() {
    let house = House::new().await;
    house.hire("iain", "supervisor").await;
    let case = house.case().await;
    house
        .tamper("update deadlines set next_stage_at = null")
        .await;
    house.wait(24 * 60);
    let reference = house.load(case).await.case.reference;
    let mut told = metrics(&house.app).await;
    for path in ["/health/ready", "/health/live"] {
        told += &get(web::router(Arc::clone(&house.app), false), path)
            .await
            .1;
        told += &get(web::health::operators(Arc::clone(&house.app)), path)
            .await
            .1;
    }
    let told = told.to_lowercase();
    let case = case.to_string();
    for secret in [
        reference.as_str(),
        case.as_str(),
        "iain",
        "dsdas",
        "disclosure",
        "abuse",
    ] {
        assert!(!told.contains(&secret.to_lowercase()), "{secret}");
    }
    let (status, _) = get(web::router(Arc::clone(&house.app), false), "/metrics").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
