//! The rules for telling: no case ends without everybody concerned being told, or a reason why nobody is.

use std::collections::BTreeMap;

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
    for name in untold_ends(definition) {
        if let Some((word, _)) = scheme.actions.entry(name) {
            let text = format!(
                "By `{name}` a case can end with nobody told; pass an action with `tells`, or say why under `tells_nobody`"
            );
            findings.push(file.error(word, text));
        }
    }
}

fn tells(action: &Action) -> bool {
    !action.tells.is_empty() || action.tells_nobody.is_some()
}

/// Actions that end a case which, on some way, nobody has been told about since its last outcome.
fn untold_ends(definition: &Definition) -> Vec<&str> {
    let steps = steps(definition);
    let start = &*definition.scheme.intake.state;
    // Whether on every way to this state everybody has been told.
    let mut told: BTreeMap<&str, bool> = BTreeMap::from([(start, false)]);
    let mut untold = Vec::new();
    let mut changed = true;
    while changed {
        changed = false;
        untold.clear();
        for step in &steps {
            let Some(before) = told.get(step.from).copied() else {
                continue;
            };
            let action = step
                .action
                .and_then(|name| definition.scheme.actions.get(name));
            let reset = action.is_some_and(|action| !action.outcome.is_empty())
                || definition.is_end(step.from);
            let arriving = action.is_some_and(tells) || (before && !reset);
            if let Some(name) = step.action.filter(|_| {
                definition.is_end(step.to) && !definition.is_end(step.from) && !arriving
            }) {
                untold.push(name);
            }
            let known = told.get(step.to).copied();
            let both = known.unwrap_or(true) && arriving;
            if known != Some(both) {
                told.insert(step.to, both);
                changed = true;
            }
        }
    }
    untold.sort_unstable();
    untold.dedup();
    untold
}
