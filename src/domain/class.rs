//! Field classes: what kind of personal data a field holds, and so who may be shown it.

use serde::{Deserialize, Serialize};

/// The classes of `design.md` §9, and `Process` for what names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldClass {
    ApplicantIdentity,
    SafeContact,
    PersonAtRisk,
    Subject,
    Intelligence,
    AgencyReturn,
    Decision,
    DisclosureWording,
    Process,
}

impl FieldClass {
    pub const ALL: [Self; 9] = [
        Self::ApplicantIdentity,
        Self::SafeContact,
        Self::PersonAtRisk,
        Self::Subject,
        Self::Intelligence,
        Self::AgencyReturn,
        Self::Decision,
        Self::DisclosureWording,
        Self::Process,
    ];

    /// The name used in files and in the access log.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApplicantIdentity => "applicant_identity",
            Self::SafeContact => "safe_contact",
            Self::PersonAtRisk => "person_at_risk",
            Self::Subject => "subject",
            Self::Intelligence => "intelligence",
            Self::AgencyReturn => "agency_return",
            Self::Decision => "decision",
            Self::DisclosureWording => "disclosure_wording",
            Self::Process => "process",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::ApplicantIdentity => "who applied",
            Self::SafeContact => "safe contact",
            Self::PersonAtRisk => "the person at risk",
            Self::Subject => "the person asked about",
            Self::Intelligence => "intelligence",
            Self::AgencyReturn => "what agencies returned",
            Self::Decision => "decisions and their reasons",
            Self::DisclosureWording => "the words of the disclosure",
            Self::Process => "how the case was worked",
        }
    }
}
