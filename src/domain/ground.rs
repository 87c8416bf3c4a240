//! Grounds on which a case past its day is forgotten or kept on. The list is closed: nothing of anybody stands in it.

/// What is proposed for a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Nobody can read it any more, for ever.
    Forget,
    /// It stays, and is looked at again.
    Keep,
}

impl Wanted {
    /// The word in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Forget => "forget",
            Self::Keep => "keep",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Forget => "Forget it",
            Self::Keep => "Keep it on",
        }
    }
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    NotNeeded,
    HeldElsewhere,
    Risk,
    Proceedings,
    SamePeople,
}

impl Ground {
    pub const ALL: [Self; 5] = [
        Self::NotNeeded,
        Self::HeldElsewhere,
        Self::Risk,
        Self::Proceedings,
        Self::SamePeople,
    ];

    /// The word in the database and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotNeeded => "not_needed",
            Self::HeldElsewhere => "held_elsewhere",
            Self::Risk => "risk",
            Self::Proceedings => "proceedings",
            Self::SamePeople => "same_people",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotNeeded => "The time is over, and nothing in it is needed any more",
            Self::HeldElsewhere => "What matters of it is held elsewhere",
            Self::Risk => "Somebody may still be at risk",
            Self::Proceedings => "A court, an inquiry or a complaint may need it",
            Self::SamePeople => "A newer case is about the same people",
        }
    }

    /// What it is a ground for.
    pub fn wanted(self) -> Wanted {
        match self {
            Self::NotNeeded | Self::HeldElsewhere => Wanted::Forget,
            Self::Risk | Self::Proceedings | Self::SamePeople => Wanted::Keep,
        }
    }

    /// The ground that this word means.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.name() == name)
    }
}
