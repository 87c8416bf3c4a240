//! `clares-law workflow rehearse`: an edition played over the open cases.

use std::collections::BTreeMap;
use std::process::ExitCode;

use crate::app::definitions::Edition;
use crate::app::editions::Rehearsed;
use crate::cli::FINDINGS;
use crate::cli::config::{Place, Workflows};
use crate::cli::opened::{existing, inside};
use crate::engine::definition::Definition;
use crate::engine::event::DueDate;

/// Says what an edition would do to every open case of its scheme.
pub async fn rehearse(
    definition: Definition,
    place: &Place,
    workflows: &Workflows,
) -> anyhow::Result<ExitCode> {
    let app = existing(place, workflows).await?;
    let title = super::title(&definition);
    let cases = app
        .rehearse(&Edition::of(definition))
        .await
        .map_err(inside)?;
    println!(
        "{title}, played over {} open cases. Nothing was written.",
        cases.len()
    );
    let stranded = stranded(&cases);
    dates(&cases);
    unknown(&cases);
    Ok(if stranded == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FINDINGS)
    })
}

/// Prints who would be stranded; answers how many.
fn stranded(cases: &[Rehearsed]) -> usize {
    let stranded = cases
        .iter()
        .filter(|case| !case.rehearsal.stranded.is_empty());
    println!("\nStranded: {} cases", stranded.clone().count());
    for case in stranded.clone() {
        println!(
            "  {}: {}",
            case.reference,
            case.rehearsal.stranded.join("; ")
        );
    }
    stranded.count()
}

/// Prints every due date that would move, start or stop, and how many in all, by clock.
fn dates(cases: &[Rehearsed]) {
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut lines = Vec::new();
    for case in cases {
        for fate in case.rehearsal.clocks.iter().filter(|fate| fate.changes()) {
            let words = |due| due_words(&case.definition, due);
            let (kind, told) = match (fate.old, fate.new) {
                (Some(old), Some(new)) => (
                    usize::from(new.at > old.at),
                    format!("due {} instead of {}", words(new), words(old)),
                ),
                (None, Some(new)) => (2, format!("starts, due {}", words(new))),
                (Some(old), None) => (3, format!("stops, was due {}", words(old))),
                (None, None) => continue,
            };
            counts.entry(&fate.label).or_default()[kind] += 1;
            lines.push(format!("  {}: {}: {told}", case.reference, fate.label));
        }
    }
    println!("\nDue dates that change: {}", lines.len());
    for (label, [earlier, later, start, stop]) in counts {
        println!("  {label}: {earlier} earlier, {later} later, {start} start, {stop} stop");
    }
    for line in lines {
        println!("{line}");
    }
}

/// Prints what cases have and the edition does not know.
fn unknown(cases: &[Rehearsed]) {
    let lines: Vec<_> = cases
        .iter()
        .filter(|case| !case.rehearsal.unknown.is_empty())
        .map(|case| {
            format!(
                "  {}: {}",
                case.reference,
                case.rehearsal.unknown.join("; ")
            )
        })
        .collect();
    println!(
        "\nCases with something that this edition does not know: {}",
        lines.len()
    );
    for line in lines {
        println!("{line}");
    }
}

fn due_words(definition: &Definition, due: DueDate) -> String {
    let local = due.at.to_zoned(definition.zone.clone());
    due.date.map_or_else(
        || local.strftime("%Y-%m-%d %H:%M").to_string(),
        |date| date.to_string(),
    )
}
