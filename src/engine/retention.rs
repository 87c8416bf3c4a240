//! How long a case is kept, and whether it may be forgotten: why, or why not. It forgets nothing itself.

use jiff::Timestamp;
use jiff::civil::Date;

use super::case::Case;
use super::command::Actor;
use super::definition::Definition;
use super::definition::retention::Rule;
use super::facts::CaseFacts;
use super::years::Years;

/// The rule by which an ended case is kept, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The name of the rule.
    pub rule: String,
    /// The last local day on which it has to be kept.
    pub last_day: Date,
    /// The first instant after that day: from here on people look whether it is still needed.
    pub until: Timestamp,
    /// How long it may be kept on before somebody looks again.
    pub reviewed_every: Option<Years>,
}

/// Why a case may not be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhyKept {
    #[error("The case is open")]
    Open,
    #[error("A legal hold keeps it; two people have to end that first")]
    Held,
    #[error("No rule says how long it is kept")]
    NoRule,
    #[error("It has to be kept until the end of {0}")]
    UntilThen(Date),
}

/// Until when an ended case is kept, whether it is held or not. None while it is open, and where no rule can be told: what is
/// in doubt is kept.
pub fn kept(definition: &Definition, case: &Case) -> Option<Kept> {
    if !case.ended {
        return None;
    }
    let (name, rule) = rule(definition, case)?;
    let ended = case.state_since.to_zoned(definition.zone.clone()).date();
    let last_day = rule.keeps()?.after(ended)?;
    let next = last_day.tomorrow().ok()?;
    let until = next.to_zoned(definition.zone.clone()).ok()?.timestamp();
    Some(Kept {
        rule: name.to_owned(),
        last_day,
        until,
        reviewed_every: rule.reviews(),
    })
}

/// Since when a legal hold keeps a case.
pub fn held(definition: &Definition, case: &Case) -> Option<Timestamp> {
    let retention = definition.scheme.retention.as_ref()?;
    case.flags.get(&*retention.hold).copied()
}

/// The rule by which a case may be forgotten now.
///
/// # Errors
/// What keeps it.
pub fn may_be_forgotten(
    definition: &Definition,
    case: &Case,
    now: Timestamp,
) -> Result<Kept, WhyKept> {
    if !case.ended {
        return Err(WhyKept::Open);
    }
    if held(definition, case).is_some() {
        return Err(WhyKept::Held);
    }
    let kept = kept(definition, case).ok_or(WhyKept::NoRule)?;
    if now < kept.until {
        return Err(WhyKept::UntilThen(kept.last_day));
    }
    Ok(kept)
}

/// The first rule whose condition holds. One that cannot be answered ends the search: a later rule may be shorter.
fn rule<'a>(definition: &'a Definition, case: &Case) -> Option<(&'a str, &'a Rule)> {
    let retention = definition.scheme.retention.as_ref()?;
    let nobody = Actor::clock();
    let facts = CaseFacts {
        definition,
        case,
        actor: &nobody,
        form: None,
    };
    for (name, rule) in retention.rules.iter() {
        let applies = rule
            .when
            .as_ref()
            .map_or(Ok(true), |when| when.holds(&facts));
        if applies.ok()? {
            return Some((name, rule));
        }
    }
    None
}
