//! How long cases are kept, in the handbook.

use super::super::Definition;
use super::super::retention::Rule;
use super::action::sources;
use super::saying::{condition, flag_label, quoted, sentence};
use super::{Document, Line};

pub fn keeping(book: &mut Document, definition: &Definition) {
    let Some(retention) = &definition.scheme.retention else {
        return;
    };
    book.heading(2, "How long cases are kept", "how-long-cases-are-kept");
    book.say("The years are counted from the day a case ended. The first of these rules that fits counts.");
    for (name, rule) in retention.rules.iter() {
        book.heading(3, &rule.label, format!("keeping-{name}"));
        book.list(lines(definition, rule));
    }
    let hold = quoted(flag_label(definition, &retention.hold));
    book.say(format!("Nothing is forgotten while the flag {hold} is up."));
    book.say("One person proposes to forget a case or to keep it on. Another person confirms it or sends it back.");
}

fn lines(definition: &Definition, rule: &Rule) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let keep = &*rule.keep;
    lines.push(match &rule.when {
        Some(when) => {
            let when = condition(definition, when, None);
            format!("A case is kept for {keep} when {when}.").into()
        }
        None => format!("Any other case is kept for {keep}.").into(),
    });
    if let Some(every) = rule.reviews() {
        lines.push(
            format!("If it is kept on, it is looked at again after {every} at the latest.").into(),
        );
    }
    lines.extend({ rule.group.iter() }.map(|group| sentence(group).into()));
    lines.extend(sources(&rule.source));
    let doubt = rule.unconfirmed.as_ref();
    lines.extend(doubt.map(|doubt| Line::doubted("", Some(doubt))));
    lines
}
