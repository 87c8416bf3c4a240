//! `clares-law workflow publish`: from a file to an edition that new cases go by.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;

use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use crate::app::drafts::{Drafts, Published, publish as publish_edition};
use crate::clock::Clock;

/// Publishes the edition in a file of the workflows folder.
pub async fn publish(
    file: &Path,
    place: &Place,
    workflows: &Workflows,
) -> anyhow::Result<ExitCode> {
    let library = workflows.load().map_err(anyhow::Error::msg)?;
    let drafts = Drafts::read(&library).map_err(|unsound| {
        unsound.0.iter().for_each(|finding| println!("{finding}"));
        anyhow::anyhow!("the workflow files have errors; nothing was published")
    })?;
    let Some(draft) = drafts.of_file(&file.to_string_lossy()) else {
        let known: Vec<_> = drafts
            .editions
            .iter()
            .map(|draft| draft.definition.file().path.as_str())
            .collect();
        bail!(
            "{} holds no scheme; there is: {}",
            file.display(),
            known.join(", ")
        );
    };
    let app = existing(place, workflows).await?;
    let scheme = &draft.definition.scheme;
    let (name, label, from) = (&*scheme.scheme, &*scheme.edition, scheme.effective_from);
    let standing = publish_edition(&app.db, draft, Clock::system().now())
        .await
        .map_err(inside)?;
    match standing {
        Published::Now => println!(
            "published: {name} {label}, in force from {from}, {}",
            draft.hash
        ),
        Published::Before => println!("{name} {label} is published already: {}", draft.hash),
        Published::Otherwise => bail!(
            "edition {label} of {name} is published with another content, and what is published never changes: give the file a new edition name"
        ),
        Published::CasesSince(number) => bail!(
            "{number} cases have come in since {from} and go by another edition: give the file a day to come, and see `workflow migrate` for open cases"
        ),
        Published::SameDay => bail!(
            "another edition of {name} begins on {from}: give the file another effective_from"
        ),
    }
    Ok(ExitCode::SUCCESS)
}
