//! A case keeps the edition it began with, whatever becomes of the files.

use clares_law::app::drafts::{Drafts, Published, publish};
use clares_law::app::error::AppError;
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Library;
use serde_json::json;

use crate::support::house::House;
use crate::support::world::{SCHEME, shipped};

const OLD: &str = "Look for earlier cases about the same people before you register this one";
const NEW: &str = "Look twice for earlier cases";

fn edited() -> Library {
    let mut library = shipped();
    let file = library.0.get_mut(SCHEME).unwrap();
    assert!(file.text.contains(OLD));
    file.text = file
        .text
        .replace(OLD, NEW)
        .replace("edition: 2026-01\n", "edition: 2026-11\n")
        .replace(
            "effective_from: 2026-01-01\n",
            "effective_from: 2026-11-03\n",
        );
    library
}

/// The rule by which this case refuses to be registered.
async fn rule(house: &House, case: CaseId, actor: &Actor) -> String {
    match house
        .act(
            case,
            actor,
            "register",
            json!({ "searched_earlier_cases": false }),
        )
        .await
    {
        Err(AppError::Unmet(sentences)) => sentences.join("; "),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn l13_a_case_keeps_its_edition_when_the_files_change() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let old = house.case().await;
    assert_eq!(rule(&house, old, &morag).await, OLD);

    let house = house.reopened(&edited()).await;
    let unpublished = house.case().await;
    assert_eq!(
        rule(&house, unpublished, &morag).await,
        OLD,
        "a changed file is a draft"
    );
    house.publish(&edited()).await;
    house.wait(24);
    let new = house.case().await;
    assert_eq!(
        rule(&house, new, &morag).await,
        NEW,
        "a new case goes by what was published"
    );
    assert_eq!(
        rule(&house, old, &morag).await,
        OLD,
        "the old one by its own, from the database alone"
    );
    let (old_edition, new_edition) = (house.load(old).await.edition, house.load(new).await.edition);
    assert_ne!(old_edition, new_edition);
    assert_eq!(house.count("select count(*) from editions").await, 2);

    // Sweeping and rebuilding go by each case's own edition as well.
    house.wait(24 * 50);
    house.sweep(9).await.unwrap();
    assert_eq!(house.load(old).await.edition, old_edition);
    let under = house
        .count("select count(distinct edition) from events group by stream order by 1 desc limit 1")
        .await;
    assert_eq!(under, 1, "no case has events of two editions");
    assert_eq!(house.app.rebuild().await.unwrap(), (3, vec![]));
    house.act(old, &morag, "register", json!({})).await.unwrap();
}

#[tokio::test]
async fn an_edition_cannot_begin_on_days_whose_cases_go_by_another() {
    let house = House::new().await;
    house.case().await;
    let mut library = edited();
    let file = library.0.get_mut(SCHEME).unwrap();
    file.text = file.text.replace(
        "effective_from: 2026-11-03\n",
        "effective_from: 2026-11-02\n",
    );
    let drafts = Drafts::read(&library).unwrap();
    let draft = drafts.of_file(&file_of(&library)).unwrap();
    let published = publish(&house.app.db, draft, house.clock.now())
        .await
        .unwrap();
    assert_eq!(published, Published::CasesSince(1));
    assert_eq!(house.count("select count(*) from editions").await, 1);
}

fn file_of(library: &Library) -> String {
    library.0[SCHEME].path.clone()
}

#[test]
fn an_edition_is_the_same_wherever_its_files_lie() {
    let mut elsewhere = shipped();
    for file in elsewhere.0.values_mut() {
        file.path = format!("/some/where/else/{}", file.path);
    }
    let hashes = |library: &Library| -> Vec<String> {
        let drafts = Drafts::read(library).unwrap();
        drafts
            .editions
            .into_iter()
            .map(|draft| draft.hash)
            .collect()
    };
    assert_eq!(hashes(&shipped()), hashes(&elsewhere));
    assert_ne!(hashes(&shipped()), hashes(&edited()));
}

#[tokio::test]
async fn the_same_files_are_the_same_edition() {
    let house = House::new().await.reopened(&shipped()).await;
    assert_eq!(house.count("select count(*) from editions").await, 1);
}
