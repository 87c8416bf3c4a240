//! Searching other cases for the same people. Nobody can look around: it begins at an open case, with a reason that stands in the log even
//! where nothing is found, it takes what would tell one person from others, and first it answers numbers only (T5). What is compared
//! are keyed hashes; the cases that somebody could not search from are not found, and not counted either.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use uuid::Uuid;

use super::App;
use super::access::Right;
use super::error::AppError;
use super::history::Loaded;
use super::looks::AccessRow;
use super::opened::{Opened, standing};
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
use crate::store::cases;
use crate::store::cases::CaseRow;

/// What a search is called in the log, and the cases that one shows.
const SEARCH: &str = "search_for_people";
const FOUND: &str = "found_by_a_search";

/// The fields of the form that others than the form itself know.
const PERSON: &str = "person";
const ADDRESSES: &str = "addresses";
const BECAUSE: &str = "because";

/// The most cases that are shown. A number that so many cases share tells nobody from anybody.
pub const MOST: usize = 100;

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
        self.log_read(&person.actor, Some(id), process, "search")
            .await?;
        Ok(start(&opened.loaded))
    }

    /// How many other cases are about the people that the form tells of, or, where it tells of nobody, about those in this case.
    /// It is in the log before anything is compared.
    ///
    /// # Errors
    /// As `search_from`; `Fields` where what was typed could be too many people.
    pub async fn count_alike(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
        asked: &Answers,
    ) -> Result<(Start, Counted), AppError> {
        let (start, alike) = self.searched(person, id, asked).await?;
        let mut by = BTreeMap::new();
        for ground in alike.values().flatten() {
            *by.entry(*ground).or_default() += 1;
        }
        let cases = alike.len();
        Ok((start, Counted { cases, by }))
    }

    /// Those cases, the newest first. Each of them is in the log as looked at before it is shown.
    ///
    /// # Errors
    /// As `count_alike`; `Fields` where there are more than `MOST`.
    pub async fn list_alike(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
        asked: &Answers,
    ) -> Result<(Start, Vec<Found>), AppError> {
        let (start, alike) = self.searched(person, id, asked).await?;
        if alike.len() > MOST {
            let many = format!(
                "More than {MOST} cases are found by this. Give less, or something that fewer people share"
            );
            return Err(wrong(PERSON, &many));
        }
        let now = self.clock.now();
        let looks = alike.keys().map(|found| AccessRow {
            classes: FieldClass::Process.name().to_owned(),
            reason: Some(because(asked)),
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
            // One that was forgotten a moment ago is not there any more.
            let Some(row) = cases::get(&mut tx, case).await? else {
                continue;
            };
            let pinned = self
                .definitions
                .pinned(&self.db, &row.edition, &row.authority);
            found.push(Found {
                definition: self.in_words_of(&person.actor, pinned.await?),
                row,
                by,
            });
        }
        found.sort_by_key(|found| std::cmp::Reverse((found.row.received_at, found.row.id)));
        Ok((start, found))
    }

    /// Opens a case for somebody who may search from it.
    async fn searched_from(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
    ) -> Result<Opened, AppError> {
        let opened = self.opened(Viewer::from(person), id, SEARCH).await?;
        let refused = if !opened.searches {
            "Your role does not search other cases"
        } else if opened.loaded.case.ended {
            "This case is closed. Search from the open case that you need it for"
        } else {
            return Ok(opened);
        };
        self.log_unopened(&person.actor, id, SEARCH).await?;
        Err(AppError::Forbidden(refused.to_owned()))
    }

    async fn searched(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
        asked: &Answers,
    ) -> Result<(Start, Alike), AppError> {
        let opened = self.searched_from(person, id).await?;
        let marks = marks(&opened, asked)?;
        let look = AccessRow {
            reason: Some(because(asked)),
            ..self.access_row(
                self.clock.now(),
                &person.actor,
                Operation::Consultation,
                Some(id),
                SEARCH,
            )
        };
        self.log_look(look).await?;
        let mut alike = self.alike_to(person, &marks).await?;
        alike.remove(&id.0);
        Ok((start(&opened.loaded), alike))
    }

    /// The cases of somebody's authority that one of these marks stands in and that they could search from.
    async fn alike_to(&self, person: &Person, marks: &BTreeSet<Mark>) -> Result<Alike, AppError> {
        let actor = &person.actor;
        let mut tx = self.db.begin_read().await?;
        let alike = self.cases_like(&mut tx, &actor.authority, marks).await?;
        let now = self.clock.now();
        let mut kept = Alike::new();
        for (case, by) in alike {
            let standing = standing(&mut tx, actor, CaseId(case), now).await?;
            let about = About::cases_of(&actor.authority, now).to(standing);
            if self.definitions.access.may(person, Right::Search, about)? {
                kept.insert(case, by);
            }
        }
        Ok(kept)
    }
}

fn start(loaded: &Loaded) -> Start {
    Start {
        case: loaded.id,
        reference: loaded.case.reference.clone(),
    }
}

/// What to search for: what was typed, or else what this case holds of its people.
fn marks(opened: &Opened, asked: &Answers) -> Result<BTreeSet<Mark>, AppError> {
    if asked.keys().all(|field| field == BECAUSE) {
        let filed = opened.loaded.history.iter().map(|recorded| &recorded.event);
        return Ok(parties::marks(&opened.definition, filed));
    }
    let marks = marks_typed(asked);
    if marks.is_empty() {
        return Err(wrong(
            PERSON,
            "This could be too many people. Give a last name with a date of birth, a whole phone number, or an address with the number of the house",
        ));
    }
    Ok(marks)
}

fn marks_typed(asked: &Answers) -> BTreeSet<Mark> {
    let addresses = text(asked, ADDRESSES).lines().flat_map(Mark::of_address);
    let others = parties::marks_in_record(&FORM, asked);
    addresses.chain(others).collect()
}

fn because(asked: &Answers) -> String {
    text(asked, BECAUSE).to_owned()
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
            let compared = !marks_typed(&one).is_empty();
            assert_eq!(compared, &**name != BECAUSE, "{name}");
        }
        assert!(FORM.fields.has(PERSON));
    }
}
