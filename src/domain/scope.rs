//! What a machine may ask of the API: a closed list of scopes (RFC 6749 §3.3). What its role may do is another question.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One kind of request. Every address of the API that wants a token needs exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    ApplicationsWrite,
    CasesRead,
    CasesWrite,
    QueuesRead,
}

impl Scope {
    /// Each with its name and what it allows.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (
            Self::ApplicationsWrite,
            "applications:write",
            "Refer somebody",
        ),
        (
            Self::CasesRead,
            "cases:read",
            "See cases, their histories, deadlines and what may be done",
        ),
        (Self::CasesWrite, "cases:write", "Do things to cases"),
        (
            Self::QueuesRead,
            "queues:read",
            "See queues and what waits in them",
        ),
    ];
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Self::ALL.iter().find(|(scope, ..)| scope == self);
        f.write_str(known.map_or("", |(_, name, _)| name))
    }
}

impl FromStr for Scope {
    type Err = String;

    /// # Errors
    /// A sentence that names every scope there is.
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().find(|(_, name, _)| *name == text);
        known.map(|(scope, ..)| *scope).ok_or_else(|| {
            let names = Self::ALL.map(|(_, name, _)| name).join(", ");
            format!("there is no such scope; there is: {names}")
        })
    }
}

/// Several scopes; as text, their names with a space between.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Every scope there is.
    pub fn all() -> Self {
        Scope::ALL.into_iter().map(|(scope, ..)| scope).collect()
    }

    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all of them are among the others.
    pub fn within(&self, others: &Self) -> bool {
        self.0.is_subset(&others.0)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&names.join(" "))
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.to_string()
    }
}

impl FromStr for Scopes {
    type Err = String;

    /// # Errors
    /// A sentence about the first one that is unknown.
    fn from_str(text: &str) -> Result<Self, String> {
        text.split_ascii_whitespace().map(str::parse).collect()
    }
}

impl TryFrom<String> for Scopes {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_back_as_they_are_written_and_an_unknown_one_is_refused() {
        let all = Scopes::all();
        assert_eq!(all.to_string().parse(), Ok(all.clone()));
        let some: Scopes = "cases:write cases:read cases:read".parse().unwrap();
        assert_eq!(some.to_string(), "cases:read cases:write");
        assert!(some.within(&all) && !all.within(&some));
        assert!(some.has(Scope::CasesRead) && !some.has(Scope::QueuesRead));
        for unknown in ["cases", "cases:*", "CASES:READ", "cases:read,cases:write"] {
            assert!(unknown.parse::<Scopes>().is_err(), "{unknown}");
        }
        assert!("".parse::<Scopes>().is_ok_and(|none| none.is_empty()));
    }
}
