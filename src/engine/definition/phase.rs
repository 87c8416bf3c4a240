//! The five parts of a case's way, the same for every scheme.

use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Intake,
    Verification,
    Forum,
    Disclosure,
    Closing,
}

impl Phase {
    /// In the order of a case's way.
    pub const ALL: [Self; 5] = [
        Self::Intake,
        Self::Verification,
        Self::Forum,
        Self::Disclosure,
        Self::Closing,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Intake => "Intake",
            Self::Verification => "Verification",
            Self::Forum => "Forum",
            Self::Disclosure => "Disclosure",
            Self::Closing => "Closing",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Verification => "verification",
            Self::Forum => "forum",
            Self::Disclosure => "disclosure",
            Self::Closing => "closing",
        }
    }
}
