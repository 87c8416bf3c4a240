//! The matrix of the policies: every role, however it stands to a case and whatever else is true, and every right. What is expected
//! stands in three tables that are not written from the policies: expected.txt, relations.txt and besides.txt.

use std::collections::BTreeMap;

use clares_law::app::access::{Access, Right};
use clares_law::app::error::AppError;
use clares_law::app::standing::{About, Standing, Viewer};
use clares_law::domain::class::FieldClass;
use clares_law::engine::command::Actor;
use jiff::{SignedDuration, Timestamp};

use crate::support::world::{AUTHORITY, dsdas, shipped};

const ROLES: &str = include_str!("expected.txt");
const RELATIONS: &str = include_str!("relations.txt");
const BESIDES: &str = include_str!("besides.txt");

/// Roles that nobody can have, and that of nobody signed in.
const STRANGERS: [&str; 5] = ["public", "clock", "", "Intake", "nobody"];

/// The rights in the order of the columns.
pub fn rights() -> Vec<Right> {
    let others = [
        Right::Open,
        Right::Act,
        Right::Guard,
        Right::BreakGlass,
        Right::Search,
    ];
    let classes = FieldClass::ALL.map(Right::Read);
    others.into_iter().chain(classes).collect()
}

/// The lines of a table, each with its cells by the name of the column.
pub fn lines(table: &'static str) -> Vec<BTreeMap<&'static str, &'static str>> {
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    let cells = lines.map(|line| {
        let cells: Vec<_> = line.split_whitespace().collect();
        assert_eq!(cells.len(), columns.len(), "{line}");
        columns.iter().copied().zip(cells).collect()
    });
    cells.collect()
}

/// The columns of the rights.
pub const COLUMNS: [&str; 14] = [
    "open", "act", "guard", "glass", "srch", "appl", "cont", "risk", "subj", "int", "ret", "dec",
    "word", "proc",
];

/// The place of the right to break the glass in them.
const GLASS: usize = 3;

fn yes(word: &str) -> bool {
    match word {
        "yes" => true,
        "no" => false,
        other => panic!("{other}"),
    }
}

/// What a role may by itself.
#[derive(Debug, Clone)]
pub struct Role {
    pub name: &'static str,
    pub told: bool,
    /// One of the few who see restricted cases.
    few: bool,
    /// One of those who see only what has come to the forum's table.
    pub sits: bool,
    rights: Vec<bool>,
}

/// Every role, and those that are none.
pub fn roles() -> Vec<Role> {
    let declared = lines(ROLES).into_iter().map(|line| Role {
        name: line["role"],
        told: yes(line["told"]),
        few: yes(line["few"]),
        sits: yes(line["sits"]),
        rights: COLUMNS.iter().map(|column| yes(line[column])).collect(),
    });
    let strangers = STRANGERS.map(|name| Role {
        name,
        told: true,
        few: false,
        sits: false,
        rights: vec![false; COLUMNS.len()],
    });
    declared.chain(strangers).collect()
}

/// What becomes of a role's right.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cell {
    Same,
    Nobody,
    Few,
    Granted,
}

fn cells(line: &BTreeMap<&str, &str>) -> Vec<Cell> {
    let cell = |column: &&str| match line[column] {
        "=" => Cell::Same,
        "-" => Cell::Nobody,
        "few" => Cell::Few,
        "+" => Cell::Granted,
        other => panic!("{other}"),
    };
    COLUMNS.iter().map(cell).collect()
}

/// What can be between a person and a case.
#[derive(Debug, Clone)]
pub struct Relation {
    pub name: &'static str,
    pub restricted: bool,
    pub ties: Vec<&'static str>,
    cells: Vec<Cell>,
}

pub fn relations() -> Vec<Relation> {
    let lines = lines(RELATIONS).into_iter();
    let relations = lines.map(|line| Relation {
        name: line["standing"],
        restricted: yes(line["restricted"]),
        ties: line["ties"]
            .split(',')
            .filter(|tie| *tie != "none")
            .collect(),
        cells: cells(&line),
    });
    relations.collect()
}

impl Relation {
    /// What a role may that stands so to a case.
    pub fn given_to(&self, role: &Role) -> Vec<bool> {
        let breaks = role.rights[GLASS];
        let pairs = self.cells.iter().zip(&role.rights);
        let given = pairs.map(|(cell, own)| match cell {
            Cell::Same => *own,
            Cell::Nobody => false,
            Cell::Few => *own && role.few,
            Cell::Granted => *own || breaks,
        });
        given.collect()
    }

    /// The same for a case that no forum has been asked about: whoever sits there for an agency may break the glass, and no more
    /// unless they did or were let in.
    pub fn given_unheard(&self, role: &Role) -> Vec<bool> {
        let let_in = ["let_in", "glass"]
            .iter()
            .any(|tie| self.ties.contains(tie));
        let given = self.given_to(role).into_iter().enumerate();
        let given = given.map(|(place, given)| given && (!role.sits || let_in || place == GLASS));
        given.collect()
    }

    fn standing(&self, now: Timestamp, unheard: bool) -> Standing {
        let has = |tie| self.ties.contains(&tie);
        Standing {
            restricted: self.restricted,
            unheard,
            conflict: has("conflict"),
            manages_subject: has("manages"),
            let_in: has("let_in").then_some(now),
            glass_until: has("glass").then_some(now + SignedDuration::from_mins(1)),
        }
    }
}

/// What is true of somebody wherever they stand.
#[derive(Debug, Clone, Copy)]
struct Beside {
    name: &'static str,
    authority: &'static str,
    agency: &'static str,
    confirmed: bool,
    keeps: [bool; COLUMNS.len()],
}

fn besides() -> Vec<Beside> {
    let lines = lines(BESIDES).into_iter();
    let besides = lines.map(|line| Beside {
        name: line["besides"],
        authority: match line["authority"] {
            "same" => AUTHORITY,
            "other" => "north-moor",
            "none" => "",
            other => panic!("{other}"),
        },
        agency: if line["agency"] == "own" {
            ""
        } else {
            line["agency"]
        },
        confirmed: yes(line["confirmed"]),
        keeps: std::array::from_fn(|place| cells(&line)[place] == Cell::Same),
    });
    besides.collect()
}

/// What the policies give, in the order of the columns. What nobody may open, nobody may act on or read; that is in `sight` and
/// `may_act`, which the service asks, and `may` is asked for the rest.
fn given(access: &Access, viewer: Viewer<'_>, about: About<'_>) -> Vec<bool> {
    let sight = match access.sight(viewer, about) {
        Ok(sight) => Some(sight),
        Err(AppError::NotFound) => None,
        Err(other) => panic!("{other:?}"),
    };
    let given = rights().into_iter().map(|right| match right {
        Right::Open => sight.is_some(),
        Right::Act => access.may_act(viewer.actor, about).is_ok(),
        Right::Read(class) => sight.as_ref().is_some_and(|sight| sight.has(class)),
        Right::Guard | Right::BreakGlass | Right::Search => {
            access.may(viewer, right, about).unwrap()
        }
    });
    given.collect()
}

/// One cell after the other: nothing where the policies say what the tables say, else what is otherwise.
pub fn differences(access: &Access) -> impl Iterator<Item = Option<String>> {
    let (roles, relations) = (roles(), relations());
    let mut rows = Vec::new();
    for beside in besides() {
        for relation in &relations {
            for role in &roles {
                for unheard in [false, true] {
                    rows.push((beside, relation.clone(), role.clone(), unheard));
                }
            }
        }
    }
    rows.into_iter()
        .flat_map(|(beside, relation, role, unheard)| {
            cells_of(access, beside, &relation, &role, unheard)
        })
}

fn cells_of(
    access: &Access,
    beside: Beside,
    relation: &Relation,
    role: &Role,
    unheard: bool,
) -> Vec<Option<String>> {
    let now = "2026-11-23T09:30:00Z".parse().unwrap();
    let actor = Actor {
        id: "11111111-1111-4111-8111-111111111111".to_owned(),
        role: role.name.to_owned(),
        agency: beside.agency.to_owned(),
        authority: beside.authority.to_owned(),
    };
    let viewer = Viewer {
        actor: &actor,
        confirmed: beside.confirmed,
    };
    let about = About::cases_of(AUTHORITY, now).told(role.told);
    let given = given(access, viewer, about.to(relation.standing(now, unheard)));
    let role = &Role {
        few: role.few && beside.agency.is_empty(),
        ..role.clone()
    };
    let by_role = if unheard {
        relation.given_unheard(role)
    } else {
        relation.given_to(role)
    };
    let mut cells = Vec::new();
    for (place, column) in COLUMNS.iter().enumerate() {
        let wanted = by_role[place] && beside.keeps[place];
        cells.push((given[place] != wanted).then(|| {
            let unexpected = if wanted { "denied" } else { "allowed" };
            let (told, place) = (role.told, (relation.name, beside.name));
            format!(
                "{} (told {told}, unheard {unheard}), {place:?}: {column} is {unexpected}",
                role.name
            )
        }));
    }
    cells
}

#[test]
fn every_role_may_what_the_tables_say_and_nothing_else() {
    let access = Access::read(&shipped()).unwrap();
    let cells: Vec<_> = differences(&access).collect();
    let found: Vec<_> = cells.iter().flatten().map(String::as_str).collect();
    assert!(
        found.is_empty(),
        "{} of {}:\n{}",
        found.len(),
        cells.len(),
        found.join("\n")
    );
    assert!(cells.len() > 40_000, "{}", cells.len());
    for role in dsdas().roles.roles.names() {
        let told = roles().into_iter().filter(|row| row.name == role);
        assert!(told.map(|row| row.told).eq([false, true]), "{role}");
    }
}
