//! A definition in somebody's words: every text it says, and nothing else of it, changes.

use std::collections::BTreeSet;

use super::Definition;
use super::feedback::ToReferrer;
use super::record::{Field, Record};
use super::scheme::Scheme;
use super::voice::Voice;
use super::wording::Wording;
use super::yaml::Entries;

impl Definition {
    /// This edition in somebody's words. Names, rules and messages stay as they are.
    #[must_use]
    pub fn spoken_in(&self, voice: &Voice) -> Self {
        let mut spoken = self.clone();
        for wording in spoken.wordings() {
            let said = voice.say(wording);
            wording.put(said);
        }
        spoken.voice = voice.clone();
        spoken
    }

    /// Every English text that it says.
    pub fn said(&self) -> BTreeSet<String> {
        let mut copy = self.clone();
        let said = copy.wordings();
        said.iter().map(ToString::to_string).collect()
    }

    /// What it says to those who are not signed in: the public form, and how far a case is. Without that form it is not heard there.
    pub fn said_outside(&self) -> BTreeSet<String> {
        let form = self.scheme.intake.public_form.as_deref();
        let Some(mut form) = form.and_then(|form| self.records.get(form)).cloned() else {
            return BTreeSet::new();
        };
        let mut said: Vec<&mut Wording> = of_record(&mut form);
        let mut states = self.scheme.states.clone();
        said.extend(states.0.iter_mut().flat_map(|(_, state)| &mut state.public));
        said.iter().map(ToString::to_string).collect()
    }

    /// Everything it says. Kept whole by a test: a wording left out here would never be put into anybody's words.
    fn wordings(&mut self) -> Vec<&mut Wording> {
        let mut all: Vec<&mut Wording> = self.built_in.values_mut().collect();
        all.extend(of_scheme(&mut self.scheme));
        all.extend(self.records.values_mut().flat_map(of_record));
        let roles = self.roles.roles.0.iter_mut();
        all.extend(roles.flat_map(|(_, role)| [&mut role.label, &mut role.does]));
        all
    }
}

fn of_scheme(scheme: &mut Scheme) -> Vec<&mut Wording> {
    let mut all = Vec::new();
    all.extend(
        scheme
            .routes
            .0
            .iter_mut()
            .map(|(_, route)| &mut route.label),
    );
    all.extend(
        scheme
            .capacities
            .0
            .iter_mut()
            .map(|(_, kind)| &mut kind.label),
    );
    for (_, outcome) in &mut scheme.outcomes.0 {
        all.push(&mut outcome.label);
        all.extend(outcome.to_referrer.iter_mut().flat_map(of_feedback));
    }
    all.extend(scheme.flags.0.iter_mut().map(|(_, flag)| &mut flag.label));
    if let Some(forum) = &mut scheme.forum {
        all.push(&mut forum.quorate.because);
        if let Some(meets) = &mut forum.meets {
            all.extend(meets.ratifies.iter_mut().map(|own| &mut own.label));
            let asks = [&mut meets.answer, &mut meets.view].into_iter();
            let rules = asks.flat_map(|asks| asks.requires.iter_mut());
            all.extend(rules.map(|rule| &mut rule.because));
        }
    }
    for (_, state) in &mut scheme.states.0 {
        all.push(&mut state.label);
        all.extend(&mut state.help);
        all.extend(&mut state.public);
        all.extend(state.to_referrer.iter_mut().flat_map(of_feedback));
    }
    for (_, action) in &mut scheme.actions.0 {
        all.push(&mut action.label);
        all.extend(&mut action.done);
        all.extend(&mut action.help);
        all.extend(action.requires.iter_mut().map(|rule| &mut rule.because));
    }
    all.extend(
        scheme
            .clocks
            .0
            .iter_mut()
            .map(|(_, clock)| &mut clock.label),
    );
    for (_, queue) in &mut scheme.queues.0 {
        all.extend([&mut queue.label, &mut queue.why]);
    }
    for (_, rule) in scheme
        .retention
        .iter_mut()
        .flat_map(|keeping| &mut keeping.rules.0)
    {
        all.push(&mut rule.label);
        all.extend(&mut rule.group);
    }
    all
}

fn of_feedback(words: &mut ToReferrer) -> impl Iterator<Item = &mut Wording> {
    std::iter::once(&mut words.says).chain(&mut words.asks)
}

fn of_record(record: &mut Record) -> Vec<&mut Wording> {
    let mut all = vec![&mut record.label];
    all.extend(&mut record.help);
    all.extend(of_fields(&mut record.fields));
    all
}

fn of_fields(fields: &mut Entries<Field>) -> Vec<&mut Wording> {
    let mut all = Vec::new();
    for (_, field) in &mut fields.0 {
        all.push(&mut field.label);
        all.extend(&mut field.help);
        all.extend(field.options.0.iter_mut().map(|(_, option)| option));
        all.extend(field.rows.0.iter_mut().map(|(_, row)| &mut row.label));
        all.extend(of_fields(&mut field.fields));
    }
    all
}
