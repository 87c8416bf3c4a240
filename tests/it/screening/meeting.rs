//! A case and a list that come at the same moment do not miss each other.

use std::sync::Arc;

use clares_law::app::register::Entry;

use super::{list, nobody, standing, the_subject};
use crate::support::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn l10_a_case_that_meets_a_list_is_compared_with_it() {
    let house = Arc::new(House::new().await);
    let others: Vec<Entry> = (0..200)
        .map(|number| nobody(&format!("n{number}")))
        .collect();
    for round in 0..12 {
        list(&house, others.clone()).await;
        let entries = [vec![the_subject(&round.to_string())], others.clone()].concat();
        let (case, _) = tokio::join!(house.case(), list(&house, entries));
        assert_eq!(standing(&house, case).await.len(), 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn l10_an_account_that_meets_a_case_is_kept_away() {
    let house = Arc::new(House::new().await);
    for round in 0..12 {
        let name = format!("calum-{round}");
        list(&house, vec![super::with_account(the_subject(&name), &name)]).await;
        let (case, calum) = tokio::join!(house.case(), house.hire(&name, "verifier"));
        let ties = super::tied(&house, case).await;
        let theirs = ties
            .iter()
            .filter(|(who, _)| who.as_ref() == Some(&calum.id));
        assert_eq!(theirs.count(), 1, "round {round}: {ties:?}");
    }
}
