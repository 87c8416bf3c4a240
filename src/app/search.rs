//! Searching other cases for the same people. Nobody can look around: it begins at an open case, with a reason that stands in the log even
//! where nothing is found, it takes what would tell one person from others, and first it answers numbers only (T5). What is compared
//! are keyed hashes; cases of which somebody may not find people are not counted either, closed ones are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use uuid::Uuid;

use super::App;
use super::access::Right;
use super::error::AppError;
use super::history::Loaded;
use super::looks::AccessRow;
use super::opened::{Opened, named, standing};
use super::staff::Person;
use super::standing::{About, Viewer};
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::likeness::{Ground, Mark};
use crate::domain::look::Operation;
use crate::domain::refusal::FieldError;
use crate::engine::definition::Definition;
use crate::engine::definition::record::{Answers, Record};
use crate::engine::parties;
use crate::store::cases::CaseRow;
use crate::store::{Tx, cases};

/// What is in the log: the form, a search, that what it found was shown, and each case that was.
const ASKED: &str = "search_form";
const SEARCH: &str = "search_for_people";
const SHOWN: &str = "search_results";
const FOUND: &str = "found_by_a_search";

/// The fields of the form.
const PERSON: &str = "person";
const PHONES: &str = "phones";
const ADDRESSES: &str = "addresses";
const BECAUSE: &str = "because";

/// The most cases that are shown. A number that so many cases share tells nobody from anybody.
pub const MOST: usize = 100;

/// The most addresses, and numbers, that are searched for at once.
const AT_ONCE: usize = 5;

/// What is needed of each of them.
const PHONE: &str = "Give a whole number of at least ten digits";
const HOME: &str = "Give the number of the house with the postcode, or with street and town";

/// The most that the names of one person make, with all their spellings.
const OF_ONE: usize = 20;

/// The form. It belongs to no scheme: it is the same for every case.
pub static FORM: LazyLock<Record> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("search.yaml")).expect("a test reads this file")
});

/// Where a search begins.
pub struct Start {
    pub case: CaseId,
    pub reference: String,
}

/// How many other cases are about the same people.
pub struct Counted {
    /// Whether there was anything to compare: not where this case itself tells nobody from others.
    pub compared: bool,
    pub cases: usize,
    /// How many of them by what they have in common, the weightiest first. One case can be among several.
    pub by: BTreeMap<Ground, usize>,
}

/// Another case about one of the same people.
pub struct Found {
    pub row: CaseRow,
    pub definition: Arc<Definition>,
    /// What they have in common.
    pub by: BTreeSet<Ground>,
}

/// The cases that have something in common with what is searched for.
type Alike = BTreeMap<Uuid, BTreeSet<Ground>>;

impl App {
    /// The case that somebody wants to search from. That is a look.
    ///
    /// # Errors
    /// `NotFound` for an unknown case and for one that may not be seen, alike; `Forbidden` for whoever may not search from it.
    pub async fn search_from(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
    ) -> Result<Start, AppError> {
        let opened = self.searched_from(person, id).await?;
        let process = FieldClass::Process.name().to_owned();
        self.log_read(&person.actor, Some(id), process, ASKED)
            .await?;
        Ok(start(&opened.loaded))
    }

    /// How many other cases are about the people that the form tells of, or, where it tells of nobody, about those in this case.
    /// It is in the log before anything is compared.
    ///
    /// # Errors
    /// As `search_from`; `Forbidden` for whoever has not just proved who they are; `Fields` where what was typed could be too many
    /// people.
    pub async fn count_alike(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
        asked: &Answers,
    ) -> Result<(Start, Counted), AppError> {
        let (start, marks) = self.sought(person, id, asked).await?;
        self.log_search(person, id, asked, SEARCH).await?;
        let alike = self.alike_to(person, id, &marks).await?;
        let mut by = BTreeMap::new();
        for ground in alike.values().flatten() {
            *by.entry(*ground).or_default() += 1;
        }
        let counted = Counted {
            compared: !marks.is_empty(),
            cases: alike.len(),
            by,
        };
        Ok((start, counted))
    }

    /// Those cases, the newest first. Each of them is in the log as looked at before it is shown; where there is none, it was
    /// another search.
    ///
    /// # Errors
    /// As `count_alike`; `Fields` where there are more than `MOST`.
    pub async fn list_alike(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
        asked: &Answers,
    ) -> Result<(Start, Vec<Found>), AppError> {
        let (start, marks) = self.sought(person, id, asked).await?;
        let alike = self.alike_to(person, id, &marks).await?;
        let what = if alike.is_empty() { SEARCH } else { SHOWN };
        self.log_search(person, id, asked, what).await?;
        if alike.len() > MOST {
            let many = format!(
                "More than {MOST} cases are found by this. Give less, or something that fewer people share"
            );
            return Err(wrong(PERSON, &many));
        }
        let now = self.clock.now();
        let looks = alike.iter().map(|(found, by)| AccessRow {
            classes: told_by(by),
            ..self.access_row(
                now,
                &person.actor,
                Operation::Consultation,
                Some(CaseId(*found)),
                FOUND,
            )
        });
        self.log_looks(looks.collect()).await?;
        let mut found = Vec::new();
        let mut tx = self.db.begin_read().await?;
        for (case, by) in alike {
            // It may have been forgotten, given away or closed to them a moment ago.
            let row = cases::get(&mut tx, case).await?;
            let still = row.filter(|row| row.authority == person.actor.authority);
            if let Some(row) = still
                && self.finds(&mut tx, person, case).await?
            {
                let pinned = self
                    .definitions
                    .pinned(&self.db, &row.edition, &row.authority);
                found.push(Found {
                    definition: self.in_words_of(&person.actor, pinned.await?),
                    row,
                    by,
                });
            }
        }
        found.sort_by_key(|found| std::cmp::Reverse((found.row.received_at, found.row.id)));
        Ok((start, found))
    }

    /// Opens a case for somebody who may search from it, once they have proved who they are.
    async fn searched_from(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
    ) -> Result<Opened, AppError> {
        let opened = self.opened(Viewer::from(person), id, SEARCH).await?;
        let refused = if !opened.searches {
            "You do not search other cases from here"
        } else if opened.loaded.case.ended {
            "This case is closed. Search from the open case that you need it for"
        } else {
            return Ok(opened);
        };
        self.log_unopened(&person.actor, id, SEARCH).await?;
        Err(AppError::Forbidden(refused.to_owned()))
    }

    /// What somebody searches for from a case.
    async fn sought(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
        asked: &Answers,
    ) -> Result<(Start, BTreeSet<Mark>), AppError> {
        let opened = self.searched_from(person, id).await?;
        if !person.confirmed {
            let why = "Confirm first that it is you";
            return Err(AppError::Forbidden(why.to_owned()));
        }
        let marks = if asked.keys().all(|field| field == BECAUSE) {
            let filed = opened.loaded.history.iter().map(|recorded| &recorded.event);
            parties::marks(&opened.definition, filed)
        } else {
            typed(asked)?
        };
        Ok((start(&opened.loaded), marks))
    }

    /// Writes a search down, with the reason for it.
    async fn log_search(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
        asked: &Answers,
        what: &str,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let actor = &person.actor;
        self.log_look(AccessRow {
            reason: Some(text(asked, BECAUSE).to_owned()),
            ..self.access_row(now, actor, Operation::Consultation, Some(id), what)
        })
        .await
    }

    /// The other cases of somebody's authority that one of these marks stands in, as far as they may find people in them.
    async fn alike_to(
        &self,
        person: &Person,
        from: CaseId,
        marks: &BTreeSet<Mark>,
    ) -> Result<Alike, AppError> {
        let mut tx = self.db.begin_read().await?;
        let authority = &person.actor.authority;
        let mut found = Alike::new();
        for (case, by) in self.cases_like(&mut tx, authority, marks).await? {
            if case != from.0 && self.finds(&mut tx, person, case).await? {
                found.insert(case, by);
            }
        }
        Ok(found)
    }

    /// Whether somebody may find people in a case of their authority.
    async fn finds(&self, tx: &mut Tx, person: &Person, case: Uuid) -> Result<bool, AppError> {
        let now = self.clock.now();
        let standing = standing(tx, &person.actor, CaseId(case), now).await?;
        let about = About::cases_of(&person.actor.authority, now).to(standing);
        self.definitions.access.may(person, Right::Search, about)
    }
}

fn start(loaded: &Loaded) -> Start {
    Start {
        case: loaded.id,
        reference: loaded.case.reference.clone(),
    }
}

/// The classes that what two cases have in common can tell of: whose it is, is not said, so all of them.
fn told_by(grounds: &BTreeSet<Ground>) -> String {
    let people = [
        FieldClass::Process,
        FieldClass::ApplicantIdentity,
        FieldClass::PersonAtRisk,
        FieldClass::Subject,
    ];
    let phone = grounds.contains(&Ground::Phone);
    named(
        people
            .into_iter()
            .chain(phone.then_some(FieldClass::SafeContact)),
    )
}

/// The marks of what was typed. Whatever is typed is compared, or said to be too little.
///
/// # Errors
/// `Fields` with every field that could be too many people, or is too many at once.
fn typed(asked: &Answers) -> Result<BTreeSet<Mark>, AppError> {
    let (mut marks, mut errors) = (BTreeSet::new(), Vec::new());
    for made in [
        of_person(asked),
        of_each(asked, (PHONES, PHONE), &[',', ';', '\n'], Mark::of_phones),
        of_each(asked, (ADDRESSES, HOME), &['\n'], Mark::of_address),
    ] {
        match made {
            Ok(made) => marks.extend(made),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(marks)
    } else {
        Err(AppError::Fields(errors))
    }
}

fn of_person(asked: &Answers) -> Result<BTreeSet<Mark>, FieldError> {
    let Some(answer) = asked.get(PERSON) else {
        return Ok(BTreeSet::new());
    };
    let only = Answers::from_iter([(PERSON.to_owned(), answer.clone())]);
    let marks = parties::marks_in_record(&FORM, &only);
    let wrong = match marks.len() {
        0 => {
            "This could be too many people. Give a last name with the whole date of birth, or a first and a last name with the year"
        }
        1..=OF_ONE => return Ok(marks),
        _ => "These are too many names for one person. Search for one at a time",
    };
    Err(FieldError::new(PERSON, wrong))
}

/// The marks of several things in one field, each of which has to make one.
fn of_each(
    asked: &Answers,
    (field, needed): (&str, &str),
    between: &[char],
    marks_of: fn(&str) -> BTreeSet<Mark>,
) -> Result<BTreeSet<Mark>, FieldError> {
    let each = text(asked, field).split(between).map(str::trim);
    let each: Vec<_> = each.filter(|one| !one.is_empty()).collect();
    if each.len() > AT_ONCE {
        let many = format!("Search for {AT_ONCE} at most at a time");
        return Err(FieldError::new(field, many));
    }
    let mut marks = BTreeSet::new();
    for (number, one) in (1..).zip(each) {
        let made = marks_of(one);
        if made.is_empty() || made.len() > AT_ONCE {
            let unclear = format!("Number {number} of these could be too many people. {needed}");
            return Err(FieldError::new(field, unclear));
        }
        marks.extend(made);
    }
    Ok(marks)
}

fn text<'a>(asked: &'a Answers, field: &str) -> &'a str {
    let answer = asked.get(field).and_then(|answer| answer.as_str());
    answer.unwrap_or_default()
}

fn wrong(field: &str, what: &str) -> AppError {
    AppError::Fields(vec![FieldError::new(field, what)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_form_but_the_reason_is_compared() {
        let examples = FORM.examples();
        for (name, _) in FORM.fields.iter() {
            let one = Answers::from_iter([(name.to_string(), examples[&**name].clone())]);
            let compared = !typed(&one).unwrap().is_empty();
            assert_eq!(compared, &**name != BECAUSE, "{name}");
        }
        let fields: Vec<_> = FORM.fields.names().map(ToString::to_string).collect();
        assert_eq!(fields, [PERSON, PHONES, ADDRESSES, BECAUSE]);
    }
}
