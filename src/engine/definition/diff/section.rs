//! Under which heading a change stands.

/// The headings, in the order in which they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Scheme,
    TimeLimits,
    Roles,
    Conditions,
    SecondPersons,
    States,
    Actions,
    Outcomes,
    Capacities,
    Flags,
    Queues,
    Forms,
    Messages,
    Public,
    Referrers,
    Calendar,
    Confirmed,
    Sources,
    Rest,
}

impl Section {
    pub fn title(self) -> &'static str {
        match self {
            Self::Scheme => "The scheme",
            Self::TimeLimits => "Time limits",
            Self::Roles => "Who does what",
            Self::Conditions => "Conditions",
            Self::SecondPersons => "Second persons",
            Self::States => "States",
            Self::Actions => "Actions",
            Self::Outcomes => "Outcomes",
            Self::Capacities => "Who applies, and by which route",
            Self::Flags => "Flags",
            Self::Queues => "Queues",
            Self::Forms => "Forms",
            Self::Messages => "Messages",
            Self::Public => "What the public reads",
            Self::Referrers => "What whoever referred reads",
            Self::Calendar => "The calendar",
            Self::Confirmed => "What is confirmed and what is not",
            Self::Sources => "Sources",
            Self::Rest => "Everything else",
        }
    }
}

/// The section of a place.
pub fn of(place: &[String]) -> Section {
    let names: Vec<&str> = place.iter().map(String::as_str).collect();
    let under = |key: &str| names.contains(&key);
    if names.first() == Some(&"scheme") && names.len() <= 2 && !is_part(&names) {
        return Section::Scheme;
    }
    if under("unconfirmed") {
        return Section::Confirmed;
    }
    if names.last() == Some(&"source") {
        return Section::Sources;
    }
    match names[..] {
        ["scheme", "states", _, "public", ..] => Section::Public,
        ["scheme", "states" | "outcomes", _, "to_referrer", ..] => Section::Referrers,
        ["scheme", "states", ..] => Section::States,
        ["scheme", "clocks", ..]
        | ["scheme", "actions", _, "extends" | "pauses" | "resumes", ..] => Section::TimeLimits,
        ["scheme", "actions", _, "role", ..] | ["policy", ..] => Section::Roles,
        ["scheme", "actions", _, "requires", ..] | ["scheme", _, "quorate", ..] => {
            Section::Conditions
        }
        ["scheme", "actions", _, "second_person" | "rests_on", ..] => Section::SecondPersons,
        ["scheme", "actions", ..] => Section::Actions,
        ["scheme", "outcomes", ..] => Section::Outcomes,
        ["scheme", "capacities" | "routes" | "intake", ..] => Section::Capacities,
        ["scheme", "flags", ..] => Section::Flags,
        ["scheme", "queues", ..] => Section::Queues,
        ["records", ..] => Section::Forms,
        ["messages" | "banned", ..] => Section::Messages,
        ["calendar", ..] => Section::Calendar,
        _ => Section::Rest,
    }
}

/// Whether this part of a scheme has a section of its own.
fn is_part(names: &[&str]) -> bool {
    let parts = [
        "states",
        "actions",
        "clocks",
        "outcomes",
        "capacities",
        "routes",
        "intake",
        "flags",
        "queues",
        "source",
        "unconfirmed",
    ];
    names.get(1).is_some_and(|part| parts.contains(part))
}
