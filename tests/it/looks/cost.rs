//! What a look costs: the same case shown with and without the log, in one run.

use std::time::{Duration, Instant};

use clares_law::app::history::load;

use crate::support::house::House;

const LOOKS: usize = 400;

#[tokio::test]
#[ignore = "a measurement, for the README: run it alone, optimised"]
#[expect(clippy::disallowed_methods, reason = "a measurement")]
async fn what_a_look_costs() {
    let house = House::new().await;
    let case = house.case().await;
    let morag = house.hire("morag", "verifier").await;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..LOOKS {
        let begun = Instant::now();
        let mut tx = house.app.db.begin_read().await.unwrap();
        load(&mut tx, case).await.unwrap();
        drop(tx);
        without.push(begun.elapsed());
        let begun = Instant::now();
        house.app.see_case(&morag, case, "case").await.unwrap();
        with.push(begun.elapsed());
    }
    let (with, without) = (median(with), median(without));
    let ratio = with.as_secs_f64() / without.as_secs_f64();
    println!("a look: {with:?} with the log, {without:?} without; {ratio:.1} times");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
