//! Records: the typed forms that actions fill in. How an answer becomes a stored value is told in `accept`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::wording::Wording;
use super::yaml::{Entries, Names, Unconfirmed, Word};
use crate::domain::class::FieldClass;
use crate::domain::person::Party;

/// A filled-in record: field name to value, in the shapes of `workflows/README.md`. Unanswered fields are absent.
pub type Answers = Map<String, Value>;

/// A form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub record: Word,
    pub label: Wording,
    #[serde(default)]
    pub help: Option<Wording>,
    pub fields: Entries<Field>,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub label: Wording,
    #[serde(default)]
    pub help: Option<Wording>,
    pub kind: Kind,
    pub class: FieldClass,
    #[serde(default)]
    pub required: bool,
    /// Choices beside it, each with the options that make it required as well.
    #[serde(default)]
    pub required_when: Entries<Names>,
    #[serde(default)]
    pub options: Entries<Wording>,
    #[serde(default)]
    pub rows: Entries<Row>,
    /// What each of several entries is asked.
    #[serde(default)]
    pub fields: Entries<Field>,
    #[serde(default)]
    pub party: Option<Party>,
    /// What is compared with the register of staff and members, where the kind does not say it.
    #[serde(default)]
    pub screened: Option<Screened>,
    #[serde(default)]
    pub min: Option<i64>,
    #[serde(default)]
    pub max: Option<i64>,
    #[serde(default)]
    pub example: Option<Value>,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

/// A row of a `checks` field: one system or agency to search.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub label: Wording,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

/// Which of somebody's marks a field holds for conflict screening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screened {
    /// None: whose it is takes part in their work, and is no party.
    No,
    StaffNumber,
    Phone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Text,
    LongText,
    Date,
    PartialDate,
    DateTime,
    Choice,
    Choices,
    YesNo,
    Number,
    Person,
    Addresses,
    Contact,
    Checks,
    /// Several things of one kind, each with the same fields.
    Entries,
    /// An authority that runs the scheme; its options are filled in where there are authorities.
    Authority,
}

impl Kind {
    /// The name used in files and in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Date => "date",
            Self::PartialDate => "partial_date",
            Self::DateTime => "date_time",
            Self::Choice => "choice",
            Self::Choices => "choices",
            Self::YesNo => "yes_no",
            Self::Number => "number",
            Self::Person => "person",
            Self::Addresses => "addresses",
            Self::Contact => "contact",
            Self::Checks => "checks",
            Self::Entries => "entries",
            Self::Authority => "authority",
        }
    }
}

impl Record {
    /// The record filled with every example: the full sample.
    pub fn examples(&self) -> Answers {
        let filled = self.fields.iter();
        filled
            .filter_map(|(name, field)| Some((name.to_string(), field.sample()?)))
            .collect()
    }

    /// Answers as this form asks for them: those to an earlier edition, which asked for one thing where this one asks for several, are the
    /// one entry.
    pub fn lifted(&self, answers: &Answers) -> Answers {
        let mut lifted = answers.clone();
        let several = self
            .fields
            .iter()
            .filter(|(_, field)| field.kind == Kind::Entries);
        for (name, field) in several.filter(|(name, _)| !answers.contains_key(&***name)) {
            let gone = field.fields.names().filter(|name| !self.fields.has(name));
            let entry: Answers = gone.filter_map(|name| lifted.remove_entry(name)).collect();
            if !entry.is_empty() {
                lifted.insert(name.to_string(), Value::Array(vec![entry.into()]));
            }
        }
        lifted
    }

    /// The field at a place such as `subject`, or `pieces.1.dated` within an entry.
    pub fn field_at(&self, place: &str) -> Option<&Field> {
        let mut parts = place.split('.');
        let field = self.fields.get(parts.next()?)?;
        let inner = parts.nth(1).and_then(|name| field.fields.get(name));
        Some(inner.unwrap_or(field))
    }

    /// The first field about this party.
    pub fn person(&self, party: Party) -> Option<&Word> {
        self.fields
            .iter()
            .find(|(_, field)| field.party == Some(party))
            .map(|(name, _)| name)
    }
}

impl Field {
    pub const LONGEST_TEXT: i64 = 200;
    pub const LONGEST_LONG_TEXT: i64 = 4000;
    /// More than anybody fills in on one form.
    pub const MOST_ENTRIES: i64 = 20;
    pub(super) const MOST_ADDRESSES: usize = 20;

    /// The longest text this field takes, in characters.
    pub fn longest(&self) -> i64 {
        let usual = if self.kind == Kind::LongText {
            Self::LONGEST_LONG_TEXT
        } else {
            Self::LONGEST_TEXT
        };
        self.max.unwrap_or(usual)
    }

    /// How many entries it takes.
    pub fn most(&self) -> usize {
        let most = self.max.unwrap_or(Self::MOST_ENTRIES);
        usize::try_from(most).unwrap_or_default()
    }

    /// An answer that shows what is meant; that of entries is made of those of their fields.
    pub fn sample(&self) -> Option<Value> {
        if self.kind != Kind::Entries || self.example.is_some() {
            return self.example.clone();
        }
        let fields = self.fields.iter();
        let entry = fields.filter_map(|(name, field)| Some((name.to_string(), field.sample()?)));
        Some(Value::Array(vec![Value::Object(entry.collect())]))
    }

    /// Whether it has to be answered beside the other answers of its form or entry.
    pub(super) fn is_required(&self, beside: &Answers) -> bool {
        let chosen = |name: &str| beside.get(name).and_then(Value::as_str).map(str::trim);
        let mut cases = self.required_when.iter();
        self.required
            || cases.any(|(name, options)| chosen(name).is_some_and(|option| options.has(option)))
    }
}
