//! The rules for conditions: they compile, name only facts and words that exist, and answer yes or no on every sample.

use super::Definition;
use super::condition::{Comparison, Expression};
use super::facts::{FactType, Sample, fact_type};
use super::finding::{File, Finding};
use super::record::Record;

pub fn check(definition: &Definition, findings: &mut Vec<Finding>) {
    let file = definition.file();
    for (_, action) in definition.scheme.actions.iter() {
        let this = action
            .record
            .as_ref()
            .and_then(|name| definition.records.get(&**name));
        for rule in action
            .requires
            .iter()
            .filter(|rule| rule.because.trim().is_empty())
        {
            findings.push(file.error(
                rule.because.place(),
                "Say in `because` what is shown when this does not hold",
            ));
        }
        for rule in &action.requires {
            expression(definition, file, &rule.when, this, findings);
        }
    }
    let intake = &definition.scheme.intake;
    for raised in &intake.raises {
        for form in intake.forms() {
            let this = definition.records.get(&**form);
            expression(definition, file, &raised.when, this, findings);
        }
    }
    if let Some(forum) = &definition.scheme.forum {
        expression(definition, file, &forum.quorate.when, None, findings);
    }
    if let Some(meets) = definition.meets() {
        if let Some(when) = &meets.first {
            expression(definition, file, when, None, findings);
        }
        for asks in [&meets.answer, &meets.view] {
            let this = definition.records.get(&*asks.form);
            for rule in &asks.requires {
                expression(definition, file, &rule.when, this, findings);
            }
        }
    }
    for (_, clock) in definition.scheme.clocks.iter() {
        for when in clock.limit.0.iter().filter_map(|case| case.when.as_ref()) {
            expression(definition, file, when, None, findings);
        }
    }
    let keeping = definition.scheme.retention.iter();
    for (_, rule) in keeping.flat_map(|retention| retention.rules.iter()) {
        if let Some(when) = &rule.when {
            expression(definition, file, when, None, findings);
        }
    }
    for (name, queue) in definition.scheme.queues.iter() {
        if queue.states.is_empty() && queue.when.is_none() {
            findings.push(file.error(name, "A queue needs `states`, a `when`, or both"));
        }
        if let Some(when) = &queue.when {
            expression(definition, file, when, None, findings);
        }
    }
}

fn expression(
    definition: &Definition,
    file: &File,
    asked: &Expression,
    this: Option<&Record>,
    findings: &mut Vec<Finding>,
) {
    if let Some(error) = asked.error() {
        findings.push(file.error(
            &asked.source,
            format!("This condition does not compile: {error}"),
        ));
        return;
    }
    let unknown = asked
        .paths()
        .iter()
        .filter(|path| fact_type(definition, path, this).is_none());
    let unknown: Vec<_> = unknown.map(|path| path.join(".")).collect();
    if !unknown.is_empty() {
        let text = format!(
            "There is no fact `{}`; the facts are listed in workflows/README.md",
            unknown.join("`, `")
        );
        findings.push(file.error(&asked.source, text));
        return;
    }
    for comparison in asked.comparisons() {
        words(definition, file, asked, &comparison, this, findings);
    }
    for full in [false, true] {
        let sample = Sample {
            definition,
            full,
            this,
        };
        if let Err(error) = asked.holds(&sample) {
            let on = if full { "a full case" } else { "an empty case" };
            let text = format!(
                "On {on} this condition gives no yes or no: {error}; guard it with `!= null`"
            );
            findings.push(file.error(&asked.source, text));
        }
    }
}

/// A word compared with a fact must be one that the fact can be.
fn words(
    definition: &Definition,
    file: &File,
    asked: &Expression,
    comparison: &Comparison,
    this: Option<&Record>,
    findings: &mut Vec<Finding>,
) {
    let known = match fact_type(definition, &comparison.path, this) {
        Some(FactType::Word(known) | FactType::Words(known)) => known,
        Some(FactType::Text) | None => return,
        Some(FactType::YesNo | FactType::Number) => {
            let text = format!(
                "`{}` is not text, so it never equals a word",
                comparison.path.join(".")
            );
            findings.push(file.error(&asked.source, text));
            return;
        }
    };
    for word in comparison.words.iter().filter(|word| !known.contains(word)) {
        let text = format!(
            "`{}` is never \"{word}\"; it can be: {}",
            comparison.path.join("."),
            known.join(", ")
        );
        findings.push(file.error(&asked.source, text));
    }
}
