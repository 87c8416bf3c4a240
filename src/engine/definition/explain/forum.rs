//! The forum in the handbook: when it may decide, and how it meets.

use super::super::Definition;
use super::super::meets::Meets;
use super::super::scheme::Action;
use super::super::yaml::Names;
use super::action::{roles, sources};
use super::saying::{condition, list, quoted, sentence};
use super::{Document, Line};

pub fn forum(book: &mut Document, definition: &Definition) {
    let Some(forum) = &definition.scheme.forum else {
        return;
    };
    book.heading(2, "The forum", "the-forum");
    let when = condition(definition, &forum.quorate.when, None);
    let because = quoted(&sentence(&forum.quorate.because));
    book.list(vec![
        Line::doubted(
            format!("The forum may decide when {when}."),
            forum.quorate.unconfirmed.as_ref(),
        ),
        format!("If not, it is refused: {because}").into(),
    ]);
    if let Some(meets) = &forum.meets {
        book.heading(3, "How the forum meets", "how-the-forum-meets");
        let lines = [
            people(definition, meets),
            before(definition, meets),
            room(definition, meets),
        ];
        let lines = lines.into_iter().flatten().chain(after(meets));
        book.list(lines.collect());
    }
}

fn people(definition: &Definition, meets: &Meets) -> Vec<Line> {
    let own = definition.agency_label(&meets.own_agency);
    vec![
        format!(
            "{} may call a meeting and keeps its agenda.",
            roles(definition, &meets.convened_by)
        )
        .into(),
        format!("{} may chair it.", roles(definition, &meets.chaired_by)).into(),
        format!(
            "{} may sit in it and give a view.",
            roles(definition, &meets.members)
        )
        .into(),
        format!("Those who work here speak for {}.", quoted(own)).into(),
    ]
}

fn before(definition: &Definition, meets: &Meets) -> Vec<Line> {
    let waits = meets
        .lists
        .iter()
        .map(|state| quoted(definition.state_label(state)));
    let waits = list(&waits.collect::<Vec<_>>(), "or");
    let agencies = definition.agencies().map(|(_, row)| quoted(&row.label));
    let agencies = list(&agencies.collect::<Vec<_>>(), "and");
    let clock = quoted(definition.clock_label(&meets.clock));
    let mut lines: Vec<Line> = vec![
        format!("A case in the state {waits} waits for a meeting.").into(),
        format!("The forum has to come to it in the time of the clock {clock}.").into(),
        format!("A case has {} minutes.", meets.minutes_per_case).into(),
    ];
    if let Some(first) = &meets.first {
        let first = condition(definition, first, None);
        lines.push(format!("A case comes before the others when {first}.").into());
    }
    lines.push(format!("These are asked what they hold: {agencies}.").into());
    lines.push(
        format!(
            "Their answers are due {} before the meeting.",
            &*meets.answers_due
        )
        .into(),
    );
    lines.push("To hold nothing is an answer too. Who does not answer holds nothing up.".into());
    lines
}

fn room(definition: &Definition, meets: &Meets) -> Vec<Line> {
    let needed = meets.quorum.iter();
    let needed = needed.map(|agency| quoted(definition.agency_label(agency)));
    let needed = list(&needed.collect::<Vec<_>>(), "and");
    let mut lines: Vec<Line> = vec![
        format!(
            "People can say that they are here from {} before it begins.",
            &*meets.room_opens
        )
        .into(),
        "Nobody sees a view before all in the room gave theirs, or the chair opens them.".into(),
        "Whoever has a conflict in a case leaves the room for it, and is told nothing of it."
            .into(),
        format!("Nothing is decided unless each of these is there: {needed}.").into(),
    ];
    let still = settling(definition, &meets.settled_by, |action| {
        action.decided_by.is_none()
    });
    if !still.is_empty() {
        lines.push(format!("If one is missing, this can still be done: {still}.").into());
    }
    let decides = settling(definition, &meets.settled_by, |action| {
        action.decided_by.is_some()
    });
    if !decides.is_empty() {
        lines.push(format!("With all of them there, the forum can do this: {decides}.").into());
    }
    lines
}

fn settling(definition: &Definition, names: &Names, which: fn(&Action) -> bool) -> String {
    let actions = names
        .iter()
        .filter_map(|name| definition.scheme.actions.get(name));
    let labels = actions
        .filter(|action| which(action))
        .map(|action| quoted(&action.label));
    list(&labels.collect::<Vec<_>>(), "or")
}

fn after(meets: &Meets) -> Vec<Line> {
    let open = &*meets.comments_for;
    let mut lines = vec![
        Line::from("The minutes are what was written down while people met."),
        format!("Comments on them are taken for {open}. Once the chair has approved them, they cannot be changed.").into(),
    ];
    lines.extend(sources(&meets.source));
    let doubt = meets.unconfirmed.as_ref();
    lines.extend(doubt.map(|doubt| Line::doubted("", Some(doubt))));
    lines
}
