//! The officer's handbook: a whole edition in plain words, with a mark on everything that no source confirms (L15).

use std::collections::BTreeSet;

use super::super::Definition;
use super::super::doubts::{doubts, sources};
use super::super::gives::explained;
use super::super::scheme::{Action, OutcomeKind, Phase, Receives};
use super::saying::{condition, list, quoted, sentence};
use super::state::to_referrer;
use super::{Document, Line, action, at_hand, forum, keeping, state};

/// Everything that the definition says.
pub fn handbook(definition: &Definition) -> Document {
    let scheme = &definition.scheme;
    let mut book = Document {
        title: format!("Handbook: {}", scheme.name),
        ..Document::default()
    };
    book.say("This book is made from the rules that the program keeps. Each rule that no source confirms says so.");
    edition(&mut book, definition);
    askers(&mut book, definition);
    outcomes(&mut book, definition);
    flags(&mut book, definition);
    forum::forum(&mut book, definition);
    given(&mut book, definition);
    let mut told = BTreeSet::new();
    for phase in Phase::ALL {
        state::phase(&mut book, definition, phase, &mut told);
    }
    any_time(&mut book, definition, &mut told);
    at_hand::clocks(&mut book, definition);
    at_hand::queues(&mut book, definition);
    at_hand::messages(&mut book, definition);
    keeping::keeping(&mut book, definition);
    at_hand::shared(&mut book, definition);
    open_points(&mut book, definition);
    sources_of(&mut book, definition);
    book
}

fn edition(book: &mut Document, definition: &Definition) {
    let scheme = &definition.scheme;
    book.heading(2, "This edition", "edition");
    let mut lines = vec![
        Line::doubted(sentence(&scheme.name), scheme.unconfirmed.as_ref()),
        format!("This is edition {}.", &*scheme.edition).into(),
        format!(
            "It is in force from {}.",
            scheme.effective_from.strftime("%-d %B %Y")
        )
        .into(),
        "A case keeps the edition of the day it came in.".into(),
        format!(
            "Days end at midnight in the time zone {}.",
            &*scheme.time_zone
        )
        .into(),
        working_days(definition),
    ];
    lines.extend(action::sources(&scheme.source));
    book.list(lines);
}

fn working_days(definition: &Definition) -> Line {
    let calendar = &definition.calendar;
    Line {
        text: format!(
            "Working days leave out weekends and {}.",
            quoted(calendar.name())
        ),
        unconfirmed: calendar.unconfirmed().map(sentence),
        ..Line::default()
    }
}

fn askers(book: &mut Document, definition: &Definition) {
    let scheme = &definition.scheme;
    book.heading(2, "The routes", "routes");
    let routes = scheme.routes.iter();
    let routes =
        routes.map(|(_, route)| Line::doubted(sentence(&route.label), route.unconfirmed.as_ref()));
    book.list(routes.collect());
    book.heading(2, "Who may ask", "who-may-ask");
    let capacities = scheme.capacities.iter().map(|(_, capacity)| {
        let what = match capacity.receives {
            Receives::Facts => "They may be told facts.",
            Receives::Receipt => "They get the same short words, whatever comes out.",
            Receives::Feedback => "They sign in and read how it goes, in the words of this book.",
        };
        let route = scheme.routes.get(&capacity.route);
        let route = route.map_or("", |route| &route.label);
        let text = format!("{}. The route is {}. {what}", capacity.label, quoted(route));
        Line::doubted(text, capacity.unconfirmed.as_ref())
    });
    book.list(capacities.collect());
    book.say(way_in(definition));
}

/// Who sends in what a case begins with.
fn way_in(definition: &Definition) -> String {
    let roles = definition.roles.roles.iter();
    let refer = roles.filter(|(_, role)| role.refers);
    let refer: Vec<_> = refer.map(|(_, role)| quoted(&role.label)).collect();
    let refer = list(&refer, "or");
    if definition.scheme.intake.public_form.is_some() {
        format!("Anybody can fill in the public form. A signed-in {refer} can refer.")
    } else {
        format!("There is no public form. Only a signed-in {refer} can refer.")
    }
}

fn outcomes(book: &mut Document, definition: &Definition) {
    book.heading(2, "How a case can end", "outcomes");
    let outcomes = definition.scheme.outcomes.iter().map(|(_, outcome)| {
        let kind = match outcome.kind {
            OutcomeKind::Disclose => "Somebody is told.",
            OutcomeKind::No => "This is a no.",
            OutcomeKind::Neither => "This is no answer either way.",
        };
        let text = format!("{} {kind}", sentence(&outcome.label));
        let line = Line::doubted(text, outcome.unconfirmed.as_ref());
        std::iter::once(line).chain(outcome.to_referrer.iter().flat_map(to_referrer))
    });
    book.list(outcomes.flatten().collect());
}

fn given(book: &mut Document, definition: &Definition) {
    let Some(gives) = &definition.scheme.gives else {
        return;
    };
    book.heading(2, "What is given", "what-is-given");
    let mut lines = explained(definition, gives);
    lines.extend(action::sources(&gives.source));
    book.list(lines);
}

fn flags(book: &mut Document, definition: &Definition) {
    let scheme = &definition.scheme;
    if scheme.flags.is_empty() {
        return;
    }
    book.heading(2, "Flags", "flags");
    book.say("A flag can be true of a case in any state.");
    for (name, flag) in scheme.flags.iter() {
        book.heading(3, &flag.label, format!("flag-{name}"));
        let by = |which: fn(&Action) -> &super::super::yaml::Names| {
            let actions = scheme.actions.iter();
            let actions = actions.filter(|(_, action)| which(action).has(name));
            let labels = actions.map(|(_, action)| quoted(&action.label));
            list(&labels.collect::<Vec<_>>(), "or")
        };
        let mut lines = Vec::new();
        if flag.urgent {
            lines.push(Line::from(
                "It is urgent. Urgent cases come first in every queue.",
            ));
        }
        for (what, labels) in [
            ("It is raised by", by(|action| &action.raises)),
            ("It is lowered by", by(|action| &action.lowers)),
        ] {
            if !labels.is_empty() {
                lines.push(format!("{what} {labels}.").into());
            }
        }
        let mut forms = scheme.intake.forms();
        let form = { forms.next() }.and_then(|form| definition.records.get(&**form));
        let at_intake = scheme.intake.raises.iter();
        lines.extend(
            at_intake
                .filter(|raised| *raised.flag == **name)
                .map(|raised| {
                    let when = condition(definition, &raised.when, form);
                    Line::from(format!("An application raises it when {when}."))
                }),
        );
        lines.extend(action::sources(&flag.source));
        lines.extend(
            flag.unconfirmed
                .as_ref()
                .map(|doubt| Line::doubted("", Some(doubt))),
        );
        book.list(lines);
    }
}

fn any_time<'a>(book: &mut Document, definition: &'a Definition, told: &mut BTreeSet<&'a str>) {
    book.heading(2, "At any time", "any-time");
    book.say("Everybody who sees a case can add a note. Who may fill in a form may also mend it, with a reason. The old words stay. If a decision rests on them, a second person confirms the change.");
    book.say("While a proposal waits, a second person confirms it or sends it back. Who proposed it can take it back.");
    let any_time = |action: &Action| action.from.has(Action::ANY_OPEN);
    let also = "You can also do this at any time. It is told above.";
    state::each(book, definition, any_time, also, told);
}

fn open_points(book: &mut Document, definition: &Definition) {
    book.heading(2, "Not confirmed", "not-confirmed");
    let doubts = doubts(definition);
    let calendar = Some(working_days(definition)).filter(|line| line.unconfirmed.is_some());
    if doubts.is_empty() && calendar.is_none() {
        book.say("Every rule has a source.");
        return;
    }
    book.say("No source confirms these rules. Somebody in charge has to settle each one.");
    let lines = doubts.iter().map(|doubt| {
        let what = sentence(&format!("{} {}", doubt.what, quoted(doubt.label)));
        Line::doubted(what, Some(doubt.unconfirmed))
    });
    book.list(lines.chain(calendar).collect());
}

fn sources_of(book: &mut Document, definition: &Definition) {
    book.heading(2, "Sources", "sources");
    let lines = sources(definition).into_iter().map(|(key, labels)| {
        let labels: Vec<_> = labels.into_iter().map(quoted).collect();
        Line::from(format!("{key}: {}.", labels.join(", ")))
    });
    book.list(lines.collect());
}
