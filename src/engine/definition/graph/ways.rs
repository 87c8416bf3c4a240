//! Which states lead to which, and which of these ways are drawn as arrows.

use std::collections::BTreeSet;

use super::super::Definition;
use super::super::scheme::{Action, State};

/// From so many states on, the ways to a state are told by its letter and not drawn: they would cover the picture. Only
/// the way from the nearest state above is drawn.
const CROWD: usize = 5;

/// All actions that lead from one state to another.
#[derive(Debug)]
pub struct Way<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub actions: Vec<&'a Action>,
}

impl Way<'_> {
    /// Whether none of its actions is one person's alone.
    pub fn takes_two(&self) -> bool {
        let mut actions = self.actions.iter();
        actions.all(|action| action.second_person.is_some())
    }
}

#[derive(Debug)]
pub struct Ways<'a> {
    /// In the order of a case's way: by phase, and as in the file within it.
    pub states: Vec<(&'a str, &'a State)>,
    pub drawn: Vec<Way<'a>>,
    /// The ways told by letters.
    pub lettered: Vec<Way<'a>>,
    /// The states that have a letter.
    pub letters: Vec<(&'a str, char)>,
}

impl Ways<'_> {
    pub fn letter(&self, state: &str) -> Option<char> {
        let found = self.letters.iter().find(|(name, _)| *name == state);
        found.map(|(_, letter)| *letter)
    }

    /// Where a state stands in the order.
    pub fn place(&self, state: &str) -> usize {
        let mut states = self.states.iter();
        states.position(|(name, _)| *name == state).unwrap_or(0)
    }
}

/// The ways of a scheme. Actions open in every state, and those that stay where they are, are no ways.
pub fn ways(definition: &Definition) -> Ways<'_> {
    let states = definition.scheme.states.iter();
    let mut states: Vec<_> = states.map(|(name, state)| (&**name, state)).collect();
    states.sort_by_key(|(_, state)| state.phase as u8);
    let all = all(definition, &states);
    let into = |state: &str| all.iter().filter(|way| way.to == state).count();
    let crowded = states.iter().map(|(name, _)| *name);
    let crowded = crowded.filter(|name| into(name) >= CROWD);
    let letters: Vec<(&str, char)> = crowded.zip('A'..='Z').collect();
    let place = |name: &str| states.iter().position(|(state, _)| *state == name);
    let shown = letters.iter().filter_map(|(name, _)| {
        let into = || all.iter().filter(|way| way.to == *name);
        let above = into().filter(|way| place(way.from) < place(way.to));
        let nearest = above.max_by_key(|way| place(way.from));
        let way = nearest.or_else(|| into().min_by_key(|way| place(way.from)))?;
        Some((way.from, way.to))
    });
    let shown: BTreeSet<_> = shown.collect();
    let (lettered, drawn) = all.into_iter().partition(|way| {
        let crowd = letters.iter().any(|(name, _)| *name == way.to);
        crowd && !shown.contains(&(way.from, way.to))
    });
    Ways {
        states,
        drawn,
        lettered,
        letters,
    }
}

fn all<'a>(definition: &'a Definition, states: &[(&'a str, &'a State)]) -> Vec<Way<'a>> {
    let mut ways: Vec<Way> = Vec::new();
    for (from, _) in states {
        for (_, action) in definition.scheme.actions.iter() {
            let to = action.to.as_deref().filter(|to| to != from);
            let Some(to) = to.filter(|_| action.from.has(from)) else {
                continue;
            };
            match ways
                .iter_mut()
                .find(|way| way.from == *from && way.to == to)
            {
                Some(way) => way.actions.push(action),
                None => ways.push(Way {
                    from,
                    to,
                    actions: vec![action],
                }),
            }
        }
    }
    ways
}
