//! The rules for ends: no case ends without an outcome, nor without everybody concerned being told, or a reason why not.

use std::collections::{BTreeMap, BTreeSet};

use super::Definition;
use super::finding::Finding;
use super::reach::steps;
use super::scheme::Action;

pub fn check(definition: &Definition, findings: &mut Vec<Finding>) {
    let file = definition.file();
    let scheme = &definition.scheme;
    for (name, action) in scheme
        .actions
        .iter()
        .filter(|(_, action)| !action.tells.is_empty())
    {
        for (capacity, _) in scheme
            .capacities
            .iter()
            .filter(|(capacity, _)| !action.tells.has(capacity))
        {
            let text = format!(
                "`{}` tells some and forgets `{}`; give it a message",
                &**name, &**capacity
            );
            findings.push(file.error(name, text));
        }
    }
    let mut ending = |names: Vec<&str>, text: fn(&str) -> String| {
        for (word, _) in names.iter().filter_map(|name| scheme.actions.entry(name)) {
            findings.push(file.error(word, text(word)));
        }
    };
    ending(ends_without(definition, tells, decides), |name| {
        format!(
            "By `{name}` a case can end with nobody told; pass an action with `tells`, or say why under `tells_nobody`"
        )
    });
    ending(ends_without(definition, decides, |_| false), |name| {
        format!(
            "By `{name}` a case can end without an outcome; an action on every way must set one"
        )
    });
}

fn tells(action: &Action) -> bool {
    !action.tells.is_empty() || action.tells_nobody.is_some()
}

fn decides(action: &Action) -> bool {
    !action.outcome.is_empty()
}

/// Actions that end a case which, on some way, has not done an action that `passes` since it began, was reopened, or
/// last took an action that `resets`.
fn ends_without(
    definition: &Definition,
    passes: fn(&Action) -> bool,
    resets: fn(&Action) -> bool,
) -> Vec<&str> {
    let steps = steps(definition);
    let start = &*definition.scheme.intake.state;
    // Whether every way to this state has done.
    let mut done: BTreeMap<&str, bool> = BTreeMap::from([(start, false)]);
    let mut ends = BTreeSet::new();
    let mut changed = true;
    while changed {
        changed = false;
        for step in &steps {
            let Some(before) = done.get(step.from).copied() else {
                continue;
            };
            let action = step
                .action
                .and_then(|name| definition.scheme.actions.get(name));
            let reset = action.is_some_and(resets) || definition.is_end(step.from);
            let arriving = action.is_some_and(passes) || (before && !reset);
            let ending = definition.is_end(step.to) && !definition.is_end(step.from);
            ends.extend(step.action.filter(|_| ending && !arriving));
            let known = done.get(step.to).copied();
            let both = known.unwrap_or(true) && arriving;
            if known != Some(both) {
                done.insert(step.to, both);
                changed = true;
            }
        }
    }
    ends.into_iter().collect()
}
