//! How long a clock runs, as a scheme file writes it.

use serde::Deserialize;

use super::condition::Expression;
use super::yaml::Word;

/// One limit, or several of which the first that applies is taken.
#[derive(Debug, Clone)]
pub struct ClockLimit(pub Vec<LimitCase>);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitCase {
    #[serde(default)]
    pub when: Option<Expression>,
    pub is: Word,
}

impl<'de> Deserialize<'de> for ClockLimit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::{SeqAccess, Visitor};
        enum Raw {
            One(String),
            Many(Vec<LimitCase>),
        }
        impl<'de> Deserialize<'de> for Raw {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Reader;
                impl<'de> Visitor<'de> for Reader {
                    type Value = Raw;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(
                            "a limit such as `45 calendar days`, or a list of `when` and `is`",
                        )
                    }
                    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
                        Ok(Raw::One(text.to_owned()))
                    }
                    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
                        let mut cases = Vec::new();
                        while let Some(case) = items.next_element()? {
                            cases.push(case);
                        }
                        Ok(Raw::Many(cases))
                    }
                }
                deserializer.deserialize_any(Reader)
            }
        }
        let spanned = serde_saphyr::Spanned::<Raw>::deserialize(deserializer)?;
        Ok(Self(match spanned.value {
            Raw::Many(cases) => cases,
            Raw::One(text) => vec![LimitCase {
                when: None,
                is: Word {
                    text,
                    line: spanned.referenced.line(),
                    column: spanned.referenced.column(),
                },
            }],
        }))
    }
}
