//! What an operator is told of information-sharing agreements: who is shown nothing for want of one, and which end soon.

use super::opened::inside;
use crate::app::App;
use crate::app::agreements::Unshared;

/// Tells all of it, at the start.
pub async fn tell(app: &App) -> anyhow::Result<()> {
    for account in app.unshared().await.map_err(inside)? {
        warn(&account);
    }
    for agreement in app.agreements_ending() {
        eprintln!(
            "The agreement {} ends on {}: from the next day the people and machines of its agencies are shown nothing.",
            agreement.name, agreement.until
        );
    }
    Ok(())
}

/// Tells whether an account that was just added is shown nothing.
pub async fn tell_of(app: &App, name: &str) -> anyhow::Result<()> {
    let unshared = app.unshared().await.map_err(inside)?;
    let added = unshared.iter().filter(|account| account.name == name);
    added.for_each(warn);
    Ok(())
}

fn warn(account: &Unshared) {
    eprintln!(
        "{}: no agreement between {} and {} is in force, so this account is shown no case. Agreements stand in the workflow files, in `agreements`.",
        account.name, account.agency, account.authority
    );
}
