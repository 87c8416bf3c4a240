//! Whether enough are here to decide, in a sentence.

use std::collections::BTreeSet;

use super::ask::Room;
use super::table::Meeting;
use crate::engine::command::Actor;

/// Who is here of those without whom nothing can be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum {
    pub needed: usize,
    /// The labels of those that are missing, in the order of the scheme.
    pub missing: Vec<String>,
}

impl Quorum {
    pub fn is_met(&self) -> bool {
        self.missing.is_empty()
    }

    /// What a screen says: 'All 3 needed are here.' or '2 of 3 needed are here. Health is missing.'
    pub fn sentence(&self) -> String {
        let (needed, missing) = (self.needed, self.missing.len());
        match &self.missing[..] {
            [] if needed == 1 => "The one needed is here.".to_owned(),
            [] => format!("All {needed} needed are here."),
            [one] => format!(
                "{} of {needed} needed are here. {one} is missing.",
                needed - 1
            ),
            [others @ .., last] => format!(
                "{} of {needed} needed are here. {} and {last} are missing.",
                needed - missing,
                others.join(", ")
            ),
        }
    }
}

/// Who is to come of those without whom nothing can be decided: the labels, each list in the order of the scheme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecast {
    pub coming: Vec<String>,
    pub apologised: Vec<String>,
    pub silent: Vec<String>,
}

impl Forecast {
    /// What a screen says before a meeting begins: 'Police and Health come. Social work has not said.'
    pub fn sentence(&self) -> String {
        match (&self.coming[..], &self.apologised[..], &self.silent[..]) {
            ([_], [], []) => return "The one needed comes.".to_owned(),
            (all, [], []) => return format!("All {} needed come.", all.len()),
            _ => {}
        }
        let parts = [
            (&self.coming, "comes", "come"),
            (&self.apologised, "does not come", "do not come"),
            (&self.silent, "has not said", "have not said"),
        ];
        let told = parts.into_iter().filter_map(|(labels, one, several)| {
            let (last, others) = labels.split_last()?;
            Some(if others.is_empty() {
                format!("{last} {one}.")
            } else {
                format!("{} and {last} {several}.", others.join(", "))
            })
        });
        told.collect::<Vec<_>>().join(" ")
    }
}

impl Room<'_> {
    /// Who of those needed said that they come.
    pub fn forecast(&self, meeting: &Meeting) -> Forecast {
        let coming = meeting.coming.values();
        let coming = coming.filter(|coming| self.is_member(&coming.who));
        let coming: BTreeSet<_> = coming.map(|coming| coming.agency.as_str()).collect();
        let mut forecast = Forecast::default();
        for agency in self.meets.quorum.iter() {
            let list = if coming.contains(&**agency) {
                &mut forecast.coming
            } else if meeting.apologies.contains_key(&**agency) {
                &mut forecast.apologised
            } else {
                &mut forecast.silent
            };
            list.push(self.definition.agency_label(agency).to_owned());
        }
        forecast
    }

    /// The members in the room; for a case, without those who are kept away from it.
    pub fn members_present<'a>(&'a self, meeting: &'a Meeting) -> impl Iterator<Item = &'a Actor> {
        let present = meeting.present().filter(|actor| self.is_member(actor));
        present.filter(|actor| !self.kept_away.contains(&actor.id))
    }

    /// The agencies that somebody in the room speaks for.
    pub fn agencies_present<'a>(&'a self, meeting: &'a Meeting) -> BTreeSet<&'a str> {
        let members = self.members_present(meeting);
        members.map(|actor| self.agency_of(actor)).collect()
    }

    pub fn quorum(&self, meeting: &Meeting) -> Quorum {
        let present = self.agencies_present(meeting);
        let needed = self.meets.quorum.iter();
        let missing = needed
            .clone()
            .filter(|agency| !present.contains(&***agency));
        let missing = missing.map(|agency| self.definition.agency_label(agency).to_owned());
        Quorum {
            needed: needed.count(),
            missing: missing.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Forecast, Quorum};

    #[test]
    fn who_comes_is_told_beforehand() {
        for (coming, apologised, silent, told) in [
            (&["Police"][..], &[][..], &[][..], "The one needed comes."),
            (&["Police", "Health"], &[], &[], "All 2 needed come."),
            (
                &["Police", "Health"],
                &[],
                &["Social work"],
                "Police and Health come. Social work has not said.",
            ),
            (
                &[],
                &["Housing"],
                &["A", "B", "C"],
                "Housing does not come. A, B and C have not said.",
            ),
        ] {
            let [coming, apologised, silent] = [coming, apologised, silent]
                .map(|labels| labels.iter().map(ToString::to_string).collect());
            let forecast = Forecast {
                coming,
                apologised,
                silent,
            };
            assert_eq!(forecast.sentence(), told);
        }
    }

    #[test]
    fn whoever_is_missing_is_named() {
        for (needed, missing, told) in [
            (1, &[][..], "The one needed is here."),
            (6, &[], "All 6 needed are here."),
            (1, &["Police"], "0 of 1 needed are here. Police is missing."),
            (6, &["Health"], "5 of 6 needed are here. Health is missing."),
            (
                6,
                &["Health", "Housing"],
                "4 of 6 needed are here. Health and Housing are missing.",
            ),
            (
                3,
                &["A", "B", "C"],
                "0 of 3 needed are here. A, B and C are missing.",
            ),
        ] {
            let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
            let is_met = missing.is_empty();
            let quorum = Quorum { needed, missing };
            assert_eq!((&*quorum.sentence(), quorum.is_met()), (told, is_met));
        }
    }
}
