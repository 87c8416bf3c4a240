//! Looks at personal data: what was done with it, and what for. Both lists are closed, in the database too.

use serde::Deserialize;

/// What was done: the operations that section 62 of the Data Protection Act 2018 wants logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Collection,
    Alteration,
    Consultation,
    Disclosure,
    Combination,
    Erasure,
}

impl Operation {
    pub const ALL: [Self; 6] = [
        Self::Collection,
        Self::Alteration,
        Self::Consultation,
        Self::Disclosure,
        Self::Combination,
        Self::Erasure,
    ];

    /// The name used in the access log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::Alteration => "alteration",
            Self::Consultation => "consultation",
            Self::Disclosure => "disclosure",
            Self::Combination => "combination",
            Self::Erasure => "erasure",
        }
    }
}

/// What it was done for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To bring a case on.
    #[default]
    CaseWork,
    /// To see who has looked, and whether they should have.
    Oversight,
    /// To see whether the rules were kept.
    Audit,
    /// To have a message arrive.
    MessageCare,
    /// To hand the log to somebody else.
    Export,
    /// To save somebody, where it could not wait.
    Emergency,
    /// To keep the installation in order.
    System,
}

impl Purpose {
    pub const ALL: [Self; 7] = [
        Self::CaseWork,
        Self::Oversight,
        Self::Audit,
        Self::MessageCare,
        Self::Export,
        Self::Emergency,
        Self::System,
    ];

    /// The code used in files and in the access log.
    pub fn name(self) -> &'static str {
        match self {
            Self::CaseWork => "case_work",
            Self::Oversight => "oversight",
            Self::Audit => "audit",
            Self::MessageCare => "message_care",
            Self::Export => "export",
            Self::Emergency => "emergency",
            Self::System => "system",
        }
    }
}
