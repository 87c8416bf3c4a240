//! Ties: what can be between a person and a case, beside their role.

/// A kind of tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TieKind {
    /// Somebody found alike to one of the case's people. The case is restricted then.
    Matched,
    /// A conflict that somebody declared.
    Declared,
    /// Works with the person asked about, as an offender manager does.
    ManagesSubject,
    /// May see the case though it is restricted.
    LetIn,
    /// The case is to be seen by few, whoever they are.
    Restricted,
}

impl TieKind {
    pub const ALL: [Self; 5] = [
        Self::Matched,
        Self::Declared,
        Self::ManagesSubject,
        Self::LetIn,
        Self::Restricted,
    ];

    /// The word in the database and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Declared => "declared",
            Self::ManagesSubject => "manages_subject",
            Self::LetIn => "let_in",
            Self::Restricted => "restricted",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Matched => "Found alike to somebody in the case",
            Self::Declared => "Conflict of interest",
            Self::ManagesSubject => "Works with the person asked about",
            Self::LetIn => "Let in",
            Self::Restricted => "Restricted",
        }
    }

    /// The kind that this word means.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether a second person has to agree before it ends: whatever keeps somebody away.
    pub fn ends_with_two(self) -> bool {
        self != Self::LetIn
    }
}
