//! What a scheme says of itself in words: whole, plain, and honest about what nobody has confirmed.

use clares_law::app::library;
use clares_law::engine::definition::explain::{Block, Document, Line, handbook, public};
use clares_law::engine::definition::roles::Banned;
use clares_law::engine::definition::{self, Definition, Library};

use crate::support::plain::grade;
use crate::support::world::{SCHEME, dsdas, shipped};

/// Every shipped edition.
fn all() -> Vec<Definition> {
    let read = library::schemes(&shipped()).into_iter();
    let all: Vec<_> = read.map(|read| read.definition.unwrap()).collect();
    assert!(!all.is_empty());
    all
}

/// The Scottish scheme with one text in its file replaced.
fn changed(from: &str, to: &str) -> Definition {
    let mut library: Library = shipped();
    let file = library.0.get_mut(SCHEME).unwrap();
    assert!(file.text.contains(from), "{from}");
    file.text = file.text.replacen(from, to, 1);
    let (definition, findings) = definition::read(&library, SCHEME);
    definition.unwrap_or_else(|| panic!("{findings:?}"))
}

fn lines(document: &Document) -> impl Iterator<Item = &Line> {
    document.blocks.iter().flat_map(|block| match block {
        Block::Heading { .. } => &[],
        Block::Paragraph(line) => std::slice::from_ref(line),
        Block::List(lines) | Block::Steps(lines) => lines.as_slice(),
    })
}

/// Every sentence of every `Unconfirmed` in a definition, however deep: read from its debug form, so that none that the
/// language gets later can be forgotten here.
fn doubts(definition: &Definition) -> Vec<String> {
    let text = format!("{definition:?}");
    let mut found = Vec::new();
    for part in text.split("Unconfirmed([").skip(1) {
        let mut rest = part;
        while let Some(start) = rest
            .strip_prefix("(Word {")
            .or(rest.strip_prefix(", (Word {"))
        {
            let (_, after) = start.split_once("}, ").unwrap();
            let mut stream = serde_json::Deserializer::from_str(after).into_iter::<String>();
            found.push(stream.next().unwrap().unwrap());
            rest = after[stream.byte_offset()..].strip_prefix(')').unwrap();
        }
    }
    found.extend(definition.calendar.unconfirmed().map(str::to_owned));
    found
}

#[test]
fn l15_everything_unconfirmed_in_a_scheme_is_marked_in_its_handbook_and_listed_at_its_end() {
    for definition in all() {
        let book = handbook(&definition);
        let marked: Vec<_> = lines(&book)
            .filter_map(|line| line.unconfirmed.as_deref())
            .collect();
        let list = book.markdown();
        let (_, list) = list.split_once("\n## Not confirmed\n").unwrap();
        let doubts = doubts(&definition);
        assert!(doubts.len() > 30, "{}", doubts.len());
        for why in doubts {
            assert!(marked.iter().any(|said| said.contains(&why)), "{why}");
            assert!(list.contains(&why), "not in the list: {why}");
        }
    }
}

#[test]
fn the_handbook_tells_every_state_step_time_limit_and_rule() {
    for definition in all() {
        let book = handbook(&definition);
        let headings: Vec<_> = book
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Heading { id, .. } => Some(id.as_str()),
                _ => None,
            })
            .collect();
        let scheme = &definition.scheme;
        let states = scheme.states.names().map(|name| format!("state-{name}"));
        let actions = scheme.actions.names().map(|name| format!("action-{name}"));
        let clocks = scheme.clocks.names().map(|name| format!("clock-{name}"));
        for id in states.chain(actions).chain(clocks) {
            let told = headings.iter().filter(|heading| **heading == id).count();
            assert_eq!(told, 1, "{id}");
        }
        for more in lines(&book).filter_map(|line| line.more.as_ref()) {
            assert!(
                headings.contains(&more.1.as_str()),
                "{more:?} leads nowhere"
            );
        }
        let text = book.markdown();
        let rules = scheme
            .actions
            .iter()
            .flat_map(|(_, action)| &action.requires);
        for rule in rules {
            assert!(text.contains(&*rule.because), "{}", &*rule.because);
        }
        for (_, clock) in scheme.clocks.iter() {
            for case in &clock.limit.0 {
                assert!(text.contains(&format!("limit is {}", &*case.is)));
            }
        }
        for sign in ["==", "!=", "&&", "||", ">=", "‘record.", "‘flag."] {
            assert!(!text.contains(sign), "a condition is not in words: {sign}");
        }
    }
}

#[test]
fn the_handbook_tells_how_the_forum_meets() {
    let meeting = all().into_iter().filter(|one| one.meets().is_some());
    for definition in meeting {
        let meets = definition.meets().unwrap();
        let text = handbook(&definition).markdown();
        let (_, told) = text.split_once("### How the forum meets\n").unwrap();
        let (told, _) = told.split_once("\n#").unwrap();
        let mut expected = vec![
            format!("{} minutes", meets.minutes_per_case),
            format!("due {} before", &*meets.answers_due),
            format!("here from {} before", &*meets.room_opens),
            format!("taken for {}", &*meets.comments_for),
            definition.clock_label(&meets.clock).to_owned(),
        ];
        for roles in [&meets.convened_by, &meets.chaired_by, &meets.members] {
            let roles = roles.iter().map(|role| definition.role_label(role));
            expected.extend(roles.map(str::to_owned));
        }
        let labels = definition.agencies().map(|(_, row)| row.label.to_string());
        expected.extend(labels);
        let actions = meets.settled_by.iter();
        expected.extend(actions.map(|name| definition.action_label(name).to_owned()));
        expected.extend(meets.source.iter().map(ToString::to_string));
        let doubts = meets.unconfirmed.iter().flat_map(|doubt| &doubt.0);
        expected.extend(doubts.map(|(_, why)| why.clone()));
        for words in expected {
            assert!(told.contains(&words), "{words}: {told}");
        }
        let needed = meets
            .quorum
            .iter()
            .map(|agency| definition.agency_label(agency));
        let needed: Vec<_> = needed.map(|label| format!("‘{label}’")).collect();
        let sentence = told
            .lines()
            .find(|line| line.contains("Nothing is decided unless"));
        let sentence = sentence.unwrap();
        assert!(
            needed.iter().all(|label| sentence.contains(label)),
            "{sentence}"
        );
    }
}

#[test]
fn both_texts_are_plain_english() {
    for definition in all() {
        for document in [handbook(&definition), public(&definition)] {
            let said: Vec<_> = lines(&document)
                .map(|line| {
                    format!(
                        "{}{} {}",
                        line.said.as_deref().unwrap_or_default(),
                        line.text,
                        line.unconfirmed.as_deref().unwrap_or_default()
                    )
                })
                .collect();
            assert!(!said.iter().any(|line| line.contains("..")), "{said:?}");
            let grade = grade(&said.join("\n"));
            assert!(grade <= 9.0, "{}: grade {grade:.1}", document.title);
        }
    }
}

#[test]
fn l8_the_public_page_names_no_scheme_no_party_and_no_outcome() {
    for definition in all() {
        let text = public(&definition).markdown();
        let banned: Banned = definition.documents.0["messages/banned.yaml"]
            .read()
            .unwrap();
        assert_eq!(banned.first_in(&text), None);
        let scheme = &definition.scheme;
        let outcomes = scheme.outcomes.iter().map(|(_, outcome)| &*outcome.label);
        let routes = scheme.routes.iter().map(|(_, route)| &*route.label);
        for name in outcomes
            .chain(routes)
            .chain([scheme.name.as_str(), &*scheme.scheme])
        {
            assert!(!text.contains(name), "{name}");
        }
        assert!(text.contains("999") && text.contains("1. "));
    }
}

#[test]
fn a_time_is_promised_outside_only_when_everything_about_it_is_confirmed() {
    let text = public(dsdas()).markdown();
    assert!(
        text.contains("as soon as we can") && !text.contains("45"),
        "{text}"
    );
    let doubts = "    unconfirmed:
      unit: calendar or working days is not stated in any source
      starts_on: no source says when the 45 days begin
      stops_on: no source says what ends the 45 days
";
    let text = public(&changed(doubts, "")).markdown();
    assert!(text.contains("within 45 calendar days") && !text.contains("as soon as we can"));
}

#[test]
fn a_sentence_of_several_states_is_said_once_and_in_the_order_of_the_way() {
    let states = dsdas().scheme.states.iter();
    let written: Vec<_> = states
        .filter_map(|(_, state)| state.public.as_deref())
        .collect();
    let document = public(dsdas());
    let steps = document.blocks.into_iter().find_map(|block| match block {
        Block::Steps(lines) => Some(lines),
        _ => None,
    });
    let said = |line: Line| line.said.map(|said| said.to_string());
    let steps: Vec<_> = steps.unwrap().into_iter().filter_map(said).collect();
    assert!(steps.len() < written.len(), "some states share a sentence");
    let mut places = steps
        .iter()
        .map(|step| written.iter().position(|words| words == step).unwrap());
    assert!(places.clone().is_sorted() && places.next() == Some(0));
    for words in written {
        assert_eq!(
            steps.iter().filter(|step| *step == words).count(),
            1,
            "{words}"
        );
    }
}
