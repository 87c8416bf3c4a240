//! The figures that operators watch, as Prometheus reads them. No personal data and no reference of a case.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::app::App;
use crate::app::health::Figures;

/// What `text` is.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Number = Gauge<f64, AtomicU64>;
type Labels = Vec<(&'static str, String)>;

/// Everything this node can say. What the database does not answer is left out, and `database_up` is 0.
pub async fn text(app: &App) -> String {
    let mut registry = Registry::with_prefix("clares_law");
    of_this_node(&mut registry, app);
    let figures = app.figures().await;
    if let Err(error) = &figures {
        tracing::error!(error.inside = %error, "the figures cannot be read");
    }
    let up = figures.is_ok();
    number(
        &mut registry,
        "database_up",
        "1 when the database answers",
        f64::from(u8::from(up)),
    );
    if let Ok(figures) = figures {
        of_all_nodes(&mut registry, &figures);
    }
    let mut text = String::new();
    encode(&mut text, &registry).expect("writing to a String cannot fail");
    text
}

fn of_this_node(registry: &mut Registry, app: &App) {
    let pulse = &app.pulse;
    registry.register(
        "stage_lateness_seconds",
        "From when a stage fell due to when this node recorded it",
        pulse.lateness.clone(),
    );
    registry.register(
        "clock_steps",
        "How often somebody set this node's clock by more than 5 minutes",
        pulse.clock_steps.clone(),
    );
    registry.register(
        "failed_rounds",
        "Rounds of a task that ended in an error on this node",
        pulse.failed_rounds.clone(),
    );
    registry.register(
        "task_restarts",
        "Tasks of this node that broke down and began again",
        pulse.restarts.clone(),
    );
    if let Some(seen) = pulse.seen(&app.clock) {
        let ahead = seen.ahead.as_secs_f64();
        let help = "By how much this node's clock is ahead of the database's";
        number(registry, "clock_ahead_seconds", help, ahead);
    }
    let (in_use, most) = app.db.in_use();
    let help = "Connections to the database that this node has in use";
    number(registry, "connections_in_use", help, f64::from(in_use));
    let help = "Connections to the database that this node may use";
    number(registry, "connections_most", help, f64::from(most));
    let ready = app.readiness().because.is_empty();
    let help = "1 when this node can be sent work";
    number(registry, "ready", help, f64::from(u8::from(ready)));
}

fn of_all_nodes(registry: &mut Registry, figures: &Figures) {
    let waits = figures.oldest_stage.unwrap_or_default().as_secs_f64();
    let help =
        "Since when the oldest stage waits that fell due and was not noticed; 0 when none does";
    number(registry, "oldest_due_stage_seconds", help, waits);
    let over = figures.oldest_overdue.unwrap_or_default().as_secs_f64();
    let help = "Since when the time limit is over that has been over for longest; 0 when none is";
    number(registry, "oldest_overdue_deadline_seconds", help, over);
    let help = "Open cases that nothing or nobody moves: must be 0";
    number(registry, "stuck_cases", help, count(figures.stuck));
    let help = "Cases whose time limits cannot be looked at: must be 0";
    number(registry, "parked_cases", help, count(figures.parked));
    messages(registry, figures);
    leases(registry, figures);
    check(registry, figures);
}

fn messages(registry: &mut Registry, figures: &Figures) {
    let (number, age) = (labelled(), labelled());
    for (row, oldest) in &figures.messages {
        let labels = vec![("status", row.status.clone())];
        number.get_or_create(&labels).set(count(row.messages));
        age.get_or_create(&labels).set(oldest.as_secs_f64());
    }
    registry.register("messages", "Messages that have not gone", number);
    let help = "How long ago the oldest message that has not gone was called for";
    registry.register("oldest_message_seconds", help, age);
    let help = "1 while messages wait for a person's word after a restore or a move";
    self::number(
        registry,
        "messages_held",
        help,
        f64::from(u8::from(figures.held)),
    );
}

fn leases(registry: &mut Registry, figures: &Figures) {
    let left = labelled();
    for lease in figures
        .leases
        .iter()
        .filter(|lease| lease.seconds_left > 0.0)
    {
        let labels = vec![
            ("task", lease.task.clone()),
            ("holder", lease.holder.to_string()),
        ];
        left.get_or_create(&labels).set(lease.seconds_left);
    }
    let help = "Which node does a task now, and for how long unless it goes on";
    registry.register("lease_seconds_left", help, left);
}

fn check(registry: &mut Registry, figures: &Figures) {
    let Some(check) = &figures.check else { return };
    let found = labelled();
    let counts = [
        ("broken", check.broken),
        ("differing", check.differing),
        ("stuck", check.stuck),
    ];
    for (what, how_many) in counts {
        let labels = vec![("found", what.to_owned())];
        found.get_or_create(&labels).set(count(how_many));
    }
    let help = "What the last check of all histories found: must be 0";
    registry.register("integrity_faults", help, found);
    let finished = count(check.finished_at.timestamp().as_second());
    let help = "When the last check of all histories ended, in seconds since 1970";
    number(registry, "integrity_checked_at_seconds", help, finished);
}

fn labelled() -> Family<Labels, Number> {
    Family::default()
}

fn number(registry: &mut Registry, name: &str, help: &str, value: f64) {
    let gauge = Number::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

/// A count as a figure; beyond nine quadrillion it is rounded.
#[expect(clippy::cast_precision_loss, reason = "no count is so large")]
fn count(value: impl TryInto<i64>) -> f64 {
    value.try_into().unwrap_or(i64::MAX) as f64
}
