//! What whoever referred a case may learn of it, where the scheme says more than how far it has come. Everything here is read after the
//! sign-in, by them alone; what is not said here, they are not told.

use serde::Deserialize;

use super::Definition;
use super::finding::Finding;
use super::phase::Phase;
use super::scheme::{Capacity, Receives};
use super::wording::Wording;
use super::yaml::{Names, Unconfirmed};

/// The key `to_referrer:` of a state or an outcome.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToReferrer {
    /// What they are told.
    pub says: Wording,
    /// What they are asked to do, if anything.
    #[serde(default)]
    pub asks: Option<Wording>,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

impl ToReferrer {
    /// Whether it says something else than what was said before.
    pub fn is_news_after(&self, before: Option<&Self>) -> bool {
        let text = |words: &Self| {
            (
                words.says.to_string(),
                words.asks.as_deref().map(str::to_owned),
            )
        };
        before.is_none_or(|before| text(before) != text(self))
    }
}

impl Definition {
    /// What whoever referred is told of a case: by its state or, in the closing phase, where that says nothing, by its outcome, which
    /// may be that of an earlier round before. Nothing where they get a receipt (L9).
    pub fn to_referrer(
        &self,
        capacity: &str,
        state: &str,
        outcome: Option<&str>,
    ) -> Option<&ToReferrer> {
        let scheme = &self.scheme;
        scheme
            .capacities
            .get(capacity)
            .filter(|known| hears(known))?;
        let state = scheme.states.get(state)?;
        let closing = state.phase == Phase::Closing;
        let of_outcome = || {
            let outcome = outcome.filter(|_| closing)?;
            scheme.outcomes.get(outcome)?.to_referrer.as_ref()
        };
        state.to_referrer.as_ref().or_else(of_outcome)
    }

    /// Everything that is said to whoever referred, with the label of what it is said of.
    pub fn said_to_referrers(&self) -> impl Iterator<Item = (&Wording, &ToReferrer)> {
        let states = self.scheme.states.iter();
        let states = states.map(|(_, state)| (&state.label, &state.to_referrer));
        let outcomes = self.scheme.outcomes.iter();
        let outcomes = outcomes.map(|(_, outcome)| (&outcome.label, &outcome.to_referrer));
        let all = states.chain(outcomes);
        all.filter_map(|(label, words)| Some((label, words.as_ref()?)))
    }
}

fn hears(capacity: &Capacity) -> bool {
    capacity.receives == Receives::Feedback
}

/// Words that nobody would read, words without a source, and readers who cannot sign in.
pub fn check(definition: &Definition, findings: &mut Vec<Finding>) {
    let (scheme, file) = (&definition.scheme, definition.file());
    let hearing: Vec<_> = { scheme.capacities.iter() }
        .filter(|(_, capacity)| hears(capacity))
        .map(|(name, _)| name)
        .collect();
    for (_, words) in definition.said_to_referrers() {
        let at = words.says.place();
        if hearing.is_empty() {
            findings.push(file.error(
                at,
                "Nobody would read this: whoever refers gets a receipt; give their capacity `receives: feedback`",
            ));
        }
        if words.source.is_empty() && words.unconfirmed.is_none() {
            findings.push(file.error(
                at,
                "Give the `source` that lets whoever referred know this, or say under `unconfirmed` that there is none",
            ));
        }
    }
    let public = scheme.intake.public_form.as_ref();
    let asked = public.and_then(|form| definition.records.get(&**form)?.fields.get("capacity"));
    for name in hearing {
        if asked.is_some_and(|field| field.options.has(name)) {
            let text = format!(
                "`{name}` can apply from outside and cannot sign in to read anything; `receives: feedback` is for those who refer"
            );
            findings.push(file.error(name, text));
        }
    }
}
