//! How long a scheme's cases are kept once they have ended, and which flag keeps them whatever the rules say.

use serde::Deserialize;

use super::Definition;
use super::condition::Expression;
use super::finding::Finding;
use super::wording::Wording;
use super::yaml::{Entries, Names, Unconfirmed, Word};
use crate::engine::years::Years;

/// The key `retention:`. What each key means is told in `workflows/README.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The flag of a legal hold: nothing is forgotten while it is up.
    pub hold: Word,
    /// The first whose condition holds counts.
    pub rules: Entries<Rule>,
}

/// How long some cases are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub label: Wording,
    #[serde(default)]
    pub when: Option<Expression>,
    /// Counted from the day the case ended.
    pub keep: Word,
    /// `review every N years`: a case that is kept on is looked at again after that, at the latest.
    #[serde(default)]
    pub then: Option<Word>,
    /// The review group of police information, where there is one.
    #[serde(default)]
    pub group: Option<Wording>,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

/// What `then` begins with.
const REVIEW: &str = "review every ";

impl Rule {
    /// How long a case is kept; none where the file says nothing sound.
    pub fn keeps(&self) -> Option<Years> {
        self.keep.parse().ok()
    }

    /// How often what is kept on is looked at again.
    pub fn reviews(&self) -> Option<Years> {
        self.then.as_ref()?.strip_prefix(REVIEW)?.parse().ok()
    }
}

/// The rules for `retention:`; its conditions are checked with all others.
pub(super) fn check(definition: &Definition, findings: &mut Vec<Finding>) {
    let Some(retention) = &definition.scheme.retention else {
        return;
    };
    let file = definition.file();
    let mut error = |at: &Word, text: String| findings.push(file.error(at, text));
    hold(definition, &retention.hold, &mut error);
    let mut rules = retention.rules.iter().peekable();
    if rules.peek().is_none() {
        let text = "Say under `rules` how long a case is kept";
        error(&retention.hold, text.to_owned());
    }
    while let Some((name, rule)) = rules.next() {
        if rule.when.is_some() == rules.peek().is_none() {
            let text = "Of the rules for keeping the last, and only the last, has no `when`";
            error(name, text.to_owned());
        }
        if let Err(why) = rule.keep.parse::<Years>() {
            error(&rule.keep, format!("{why}"));
        }
        if let Some(then) = rule.then.as_ref().filter(|_| rule.reviews().is_none()) {
            error(then, "Write this like `review every 10 years`".to_owned());
        }
        if rule.source.is_empty() && rule.unconfirmed.is_none() {
            let text =
                "Give the `source` of this rule, or say under `unconfirmed` that there is none";
            error(name, text.to_owned());
        }
        let when = rule.when.iter();
        for when in when.filter(|when| when.paths().iter().any(|path| path[0] == "actor")) {
            let text = "How long a case is kept cannot depend on who asks";
            error(&when.source, text.to_owned());
        }
    }
}

/// A hold can be placed on a case that has ended, and one person alone never lifts it (L4).
fn hold(definition: &Definition, flag: &Word, error: &mut impl FnMut(&Word, String)) {
    let scheme = &definition.scheme;
    if !scheme.flags.has(flag) {
        error(flag, format!("There is no flag `{flag}`"));
        return;
    }
    let ends = || scheme.states.iter().filter(|(_, state)| state.end);
    let placed = scheme.actions.iter().any(|(_, action)| {
        let everywhere = ends().all(|(end, _)| definition.may_start(action, end));
        action.raises.has(flag) && everywhere && definition.needs_reason(action)
    });
    if !placed {
        let text = format!(
            "An action must raise `{flag}` in every state that ends a case, with `rationale: required`"
        );
        error(flag, text);
    }
    let lifts = scheme.actions.iter();
    for (name, _) in
        lifts.filter(|(_, action)| action.lowers.has(flag) && action.second_person.is_none())
    {
        error(
            name,
            format!("`{name}` ends a legal hold, so it needs a `second_person`"),
        );
    }
}
