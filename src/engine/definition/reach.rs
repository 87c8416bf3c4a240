//! The rules over the graph: every state can be reached and left, has a clock on every way in, and somebody able to act.

use std::collections::{BTreeMap, BTreeSet};

use super::Definition;
use super::finding::Finding;
use super::scheme::Action;

/// A way from one state to another by an action, or back by a second person.
pub struct Step<'a> {
    pub from: &'a str,
    pub to: &'a str,
    /// The action that took effect; `None` when a proposal is sent back.
    pub action: Option<&'a str>,
}

/// Every way through the scheme. An action without `to` is a way from a state to itself.
pub fn steps(definition: &Definition) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for (name, action) in definition.scheme.actions.iter() {
        for from in definition
            .scheme
            .states
            .names()
            .filter(|state| definition.may_start(action, state))
        {
            let to = action.to.as_deref().unwrap_or(from);
            steps.push(Step {
                from,
                to,
                action: Some(name),
            });
            let second = action.second_person.as_ref();
            if let Some(back_to) = second.and_then(|second| second.back_to.as_deref()) {
                steps.push(Step {
                    from,
                    to: back_to,
                    action: None,
                });
            }
        }
    }
    steps
}

pub fn check(definition: &Definition, findings: &mut Vec<Finding>) {
    let steps = steps(definition);
    let file = definition.file();
    let start = &*definition.scheme.intake.state;
    let reached = closure(start, |state| {
        steps
            .iter()
            .filter(move |step| step.from == state)
            .map(|step| step.to)
    });
    for (name, state) in definition.scheme.states.iter() {
        if !reached.contains(&**name) {
            findings.push(file.error(
                name,
                format!("The state `{}` cannot be reached from `{start}`", &**name),
            ));
            continue;
        }
        if state.end {
            continue;
        }
        let ends = closure(name, |state| {
            steps
                .iter()
                .filter(move |step| step.from == state)
                .map(|step| step.to)
        });
        if !ends.iter().any(|state| definition.is_end(state)) {
            findings.push(file.error(
                name,
                format!(
                    "From `{}` the case can never end; add an action that leads on",
                    &**name
                ),
            ));
        }
        let acted_on = |action: &Action| {
            definition.may_start(action, name)
                && action.to.as_ref().is_some_and(|to| **to != **name)
        };
        if !definition
            .scheme
            .actions
            .iter()
            .any(|(_, action)| acted_on(action))
        {
            findings.push(file.error(
                name,
                format!("Nobody can take a case out of `{}`; add an action", &**name),
            ));
        }
        let queued = |states: &super::yaml::Names| states.has(name);
        if !definition
            .scheme
            .queues
            .iter()
            .any(|(_, queue)| queue.when.is_none() && queued(&queue.states))
        {
            findings.push(file.error(
                name,
                format!(
                    "No queue shows cases in `{}`, so nobody would find them",
                    &**name
                ),
            ));
        }
    }
    for state in unclocked(definition, &steps, start) {
        if let Some((name, _)) = definition.scheme.states.entry(state) {
            let text = format!(
                "A case can be in `{state}` with no clock running; start one on every way in (L5)"
            );
            findings.push(file.error(name, text));
        }
    }
}

fn closure<'a, I: Iterator<Item = &'a str>>(
    start: &'a str,
    next: impl Fn(&'a str) -> I,
) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::from([start]);
    let mut waiting = vec![start];
    while let Some(state) = waiting.pop() {
        waiting.extend(next(state).filter(|state| seen.insert(state)));
    }
    seen
}

/// Open states that some way enters without a running clock: for each state, the clocks that run on *every* way in.
fn unclocked<'a>(definition: &'a Definition, steps: &[Step<'a>], start: &'a str) -> Vec<&'a str> {
    let mut running: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    running.insert(
        start,
        after(definition, &BTreeSet::new(), None, Some(start)),
    );
    let mut changed = true;
    while changed {
        changed = false;
        for step in steps {
            let Some(before) = running.get(step.from) else {
                continue;
            };
            let entered = (step.to != step.from).then_some(step.to);
            let arriving = after(definition, before, step.action, entered);
            let known = running.entry(step.to).or_insert_with(|| {
                changed = true;
                arriving.clone()
            });
            let both: BTreeSet<_> = known.intersection(&arriving).copied().collect();
            if both != *known {
                *known = both;
                changed = true;
            }
        }
    }
    let open = running
        .into_iter()
        .filter(|(state, clocks)| clocks.is_empty() && !definition.is_end(state));
    open.map(|(state, _)| state).collect()
}

fn after<'a>(
    definition: &'a Definition,
    before: &BTreeSet<&'a str>,
    action: Option<&str>,
    state: Option<&str>,
) -> BTreeSet<&'a str> {
    let clocks = definition.scheme.clocks.iter();
    let runs = clocks.filter(|(name, clock)| {
        let kept = before.contains(&***name) && !clock.stops_by(action, state);
        kept || clock.starts_by(action, state)
    });
    runs.map(|(name, _)| &**name).collect()
}
