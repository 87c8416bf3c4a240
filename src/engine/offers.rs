//! What a person may do to a case now, and, where something is off, every reason why.

use jiff::Timestamp;

use super::case::Case;
use super::command::Actor;
use super::definition::Definition;
use super::definition::builtin::{AMEND, CONFIRM, NOTE, SEND_BACK};
use super::draft::Draft;
use super::guards::{may_act, unmet_by_place, unmet_conditions};
use super::second_person::may_confirm;

/// An action and whether it can be begun. Conditions about the form itself are asked when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub action: String,
    pub label: String,
    pub allowed: bool,
    /// Whether the actor's role does this at all.
    pub in_role: bool,
    pub because: Vec<String>,
    /// The form to fill in.
    pub record: Option<String>,
    pub reason_needed: bool,
    /// Who must confirm, as role names.
    pub second_person: Option<Vec<String>>,
}

/// Every action of the scheme that has to do with the present state, and the built-in ones.
pub fn offers(definition: &Definition, case: &Case, actor: &Actor, now: Timestamp) -> Vec<Offer> {
    let mut draft = Draft::new(definition, case.clone(), actor.clone(), now);
    draft.catch_up();
    let here = definition
        .scheme
        .actions
        .iter()
        .filter(|(_, action)| definition.may_start(action, &case.state));
    let mut offers: Vec<Offer> = here
        .map(|(name, action)| {
            let mut because = unmet_by_place(definition, &draft.case, action);
            because.extend(unmet_conditions(&draft, action, None));
            let role = may_act(definition, action, actor);
            let in_role = role.is_ok();
            because.extend(
                role.err()
                    .map(|refusal| refusal.sentences())
                    .unwrap_or_default(),
            );
            Offer {
                action: name.to_string(),
                label: action.label.to_string(),
                allowed: because.is_empty(),
                in_role,
                because,
                record: action.record.as_ref().map(ToString::to_string),
                reason_needed: draft.reason_needed(name, action).is_some(),
                second_person: action
                    .second_person
                    .as_ref()
                    .map(|second| second.role.iter().map(ToString::to_string).collect()),
            }
        })
        .collect();
    offers.extend(built_in(definition, case, actor));
    offers
}

fn built_in(definition: &Definition, case: &Case, actor: &Actor) -> Vec<Offer> {
    let offer = |name: &str, because: Vec<String>, in_role: bool| Offer {
        action: name.to_owned(),
        label: definition.action_label(name).to_owned(),
        allowed: because.is_empty(),
        in_role,
        because,
        record: None,
        reason_needed: true,
        second_person: None,
    };
    let mut offers = Vec::new();
    if let Some(waits) = &case.pending {
        let confirm = may_confirm(definition, case, waits, actor);
        let in_role = waits.confirm_by.contains(&actor.role);
        let because = |refused: Option<crate::domain::refusal::Refusal>| {
            refused
                .map(|refusal| refusal.sentences())
                .unwrap_or_default()
        };
        let own = waits.by.id == actor.id;
        offers.push(offer(CONFIRM, because(confirm.clone().err()), in_role));
        let in_room = waits.in_room.contains(&actor.id);
        let back = confirm.err().filter(|_| (!in_role || in_room) && !own);
        offers.push(offer(SEND_BACK, because(back), in_role || own));
    }
    let amendable = case
        .records
        .keys()
        .any(|record| definition.may_amend(record, &actor.role));
    let none = || vec!["You fill in none of this case's records".to_owned()];
    offers.push(offer(NOTE, Vec::new(), true));
    offers.push(offer(
        AMEND,
        if amendable { Vec::new() } else { none() },
        amendable,
    ));
    offers
}
