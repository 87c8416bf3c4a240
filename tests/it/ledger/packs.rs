//! A pack that was altered anywhere is seen to be, and the place is named.

use aws_lc_rs::signature::Ed25519KeyPair;
use clares_law::ledger::entry::{Entry, hex};
use clares_law::ledger::head::{Signer, Verifier};
use clares_law::ledger::leaf;
use clares_law::ledger::look::Look;
use clares_law::ledger::pack::{Fault, Pack, PackedEvent, PackedLog};
use clares_law::ledger::sealed::EventKey;
use clares_law::ledger::tree::{Tree, sha256};
use jiff::Timestamp;
use uuid::Uuid;

const LOG: &str = "clares-law/here";
const LOOKS: &str = "clares-law/here/access";
const EVENTS: i64 = 40;
const MEETING: Uuid = Uuid::from_u128(50);

fn signer(seed: u8) -> Signer {
    signer_of(LOG, seed)
}

fn signer_of(log: &str, seed: u8) -> Signer {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
    Signer::new(log, pair)
}

/// A look at the case with this number.
fn look(number: u128, case: u128) -> Look {
    Look {
        id: Uuid::from_u128(number),
        at: Timestamp::from_microsecond(1_795_000_000_000_000).unwrap(),
        actor: "somebody".to_owned(),
        actor_role: "verifier".to_owned(),
        agency: String::new(),
        authority: "here".to_owned(),
        on_behalf_of: None,
        operation: "consultation".to_owned(),
        case_id: Some(Uuid::from_u128(case)),
        classes: "process".to_owned(),
        purpose: "case_work".to_owned(),
        reason: number.is_multiple_of(3).then(|| "They asked".to_owned()),
        what: "case".to_owned(),
    }
}

/// Looks at the case, with their log, which holds looks at another too.
fn looks() -> (String, PackedLog) {
    let (mut tree, mut entries, mut lines) = (Tree::default(), String::new(), String::new());
    for number in 1..=20 {
        let own = look(number, 7);
        lines.push_str(&(serde_json::to_string(&own).unwrap() + "\n"));
        for look in [own, look(number + 100, 99)] {
            entries.push_str(&(look.entry().line() + "\n"));
            tree.push(look.entry().leaf());
        }
    }
    let head = signer_of(LOOKS, 1).signed(&tree);
    (lines, PackedLog { entries, head })
}

/// An event of a stream, sealed with its own key or that of another, and in words or not.
fn sealed(stream: Uuid, key_of: Uuid, seq: i64, previous: &str) -> PackedEvent {
    let key = EventKey::from_hex(&format!("{seq:064x}")).unwrap();
    let words = format!("{{\"action\":\"number {seq}\"}}");
    let mut event = PackedEvent {
        stream,
        stream_kind: if stream == MEETING { "meeting" } else { "case" }.to_owned(),
        seq,
        at: Timestamp::from_microsecond(1_795_000_000_000_000 + seq * 1_000_001).unwrap(),
        actor: "somebody".to_owned(),
        actor_role: "verifier".to_owned(),
        kind: "acted".to_owned(),
        edition: "e1".to_owned(),
        key_ref: Some(key_of.to_string()),
        sealing: 1,
        body_hash: None,
        body: None,
        key: Some(key.to_hex()),
        words: Some(words.clone()),
        previous: previous.to_owned(),
        hash: String::new(),
    };
    let body = key.seal(&[7; 32], &event.header(), &words);
    event.hash = leaf::hash(previous, &event.header(), &body);
    event.body = Some(body);
    event
}

/// The same without its words.
fn closed(event: PackedEvent) -> PackedEvent {
    let body = event.body.unwrap_or_default();
    PackedEvent {
        body_hash: Some(hex(&sha256(body.as_bytes()))),
        body: None,
        key: None,
        words: None,
        ..event
    }
}

fn event(stream: Uuid, seq: i64, previous: &str) -> PackedEvent {
    sealed(stream, stream, seq, previous)
}

/// A meeting that talked about the case with number 7 and about another, of which every second event is.
fn meeting() -> Vec<PackedEvent> {
    let mut made = Vec::<PackedEvent>::new();
    for seq in 1..=20 {
        let previous = made.last().map_or("", |event| &event.hash);
        let about = [50, 8, 7, 8][usize::try_from(seq % 4).unwrap()];
        let event = sealed(MEETING, Uuid::from_u128(about), seq, previous);
        made.push(if about == 8 { closed(event) } else { event });
    }
    made
}

/// A case of so many events.
fn case(number: u128, events: i64) -> Vec<PackedEvent> {
    let mut made: Vec<PackedEvent> = Vec::new();
    for seq in 1..=events {
        let previous = made.last().map_or("", |event| &event.hash);
        made.push(event(Uuid::from_u128(number), seq, previous));
    }
    made
}

fn lines(events: &[PackedEvent]) -> String {
    let lines = events
        .iter()
        .map(|event| serde_json::to_string(event).unwrap() + "\n");
    lines.collect()
}

/// A log of these events among those of others, with its head and one from when it was half as long.
fn log(events: &[PackedEvent], seed: u8) -> (PackedLog, String) {
    let (mut tree, mut entries, mut early) = (Tree::default(), String::new(), String::new());
    let others = case(99, i64::try_from(events.len()).unwrap());
    for (place, (event, other)) in events.iter().zip(&others).enumerate() {
        for event in [event, other] {
            let entry = Entry::new(event.stream, &event.hash).unwrap();
            entries.push_str(&(entry.line() + "\n"));
            tree.push(entry.leaf());
        }
        if place == events.len() / 2 {
            early = signer(seed).signed(&tree);
        }
    }
    let head = signer(seed).signed(&tree);
    (PackedLog { entries, head }, early)
}

/// A good pack, and a head from when its log was half as long.
pub fn pack() -> (Pack, String) {
    let events = [case(7, EVENTS), meeting()].concat();
    let (log, early) = log(&events, 1);
    let (looks, of_looks) = looks();
    let pack = Pack {
        events: lines(&events),
        looks,
        logs: vec![log, of_looks],
    };
    (pack, early)
}

/// The keys of both logs.
pub fn keys() -> [Verifier; 2] {
    [signer(1).verifier(), signer_of(LOOKS, 1).verifier()]
}

fn check(pack: &Pack, held: &[String]) -> Result<usize, Fault> {
    let found = pack.check(&keys(), held);
    found.map(|found| found.events)
}

#[test]
fn a_pack_as_it_was_made_is_good() {
    let (pack, early) = pack();
    assert_eq!(check(&pack, &[]), Ok(60));
    assert_eq!(check(&pack, &[early]), Ok(60));
}

#[test]
fn ten_thousand_flipped_bits_are_all_found_where_they_are() {
    let (whole, _) = pack();
    let mut random = fastrand::Rng::with_seed(1);
    for round in 0..10_000 {
        let mut pack = whole.clone();
        let part = match round % 6 {
            0 | 1 => &mut pack.events,
            2 => &mut pack.logs[0].entries,
            3 => &mut pack.logs[0].head,
            4 => &mut pack.looks,
            _ => &mut pack.logs[1].entries,
        };
        // The end of the last line of a head is white space, which says nothing.
        let at = random.usize(..part.len() - 1);
        let mut bytes = part.clone().into_bytes();
        bytes[at] ^= 1 << random.u32(..8);
        let ends = part.bytes().take(at).filter(|byte| *byte == b'\n');
        let line = ends.count() + 1;
        // A file that is no text is refused before it is looked at.
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        *part = text;
        match (round % 6, check(&pack, &[]).unwrap_err()) {
            (0 | 1, Fault::Unreadable(found) | Fault::Event { line: found, .. })
            | (4, Fault::UnreadableLook(found) | Fault::Look { line: found, .. }) => {
                assert_eq!(found, line, "byte {at}");
            }
            // An entry of this case is named by its event or look, one of another by the first head that does not fit.
            (2, Fault::Entry { .. } | Fault::Event { .. })
            | (5, Fault::Entry { .. } | Fault::Look { .. })
            | (3, Fault::Log(_)) => {}
            (part, other) => panic!("part {part}, byte {at}: {other:?}"),
        }
    }
}

#[test]
fn what_is_cut_off_put_in_or_moved_is_found() {
    let (whole, early) = pack();
    let events: Vec<&str> = whole.events.lines().collect();
    let with = |lines: Vec<&str>| {
        let lines: Vec<_> = lines.iter().map(|line| format!("{line}\n")).collect();
        let pack = Pack {
            events: lines.concat(),
            ..whole.clone()
        };
        check(&pack, &[]).unwrap_err()
    };
    let named = |fault: Fault| match fault {
        Fault::Event { line, seq, .. } => (line, seq),
        other => panic!("{other:?}"),
    };
    assert_eq!(named(with(events[..59].to_vec())), (60, 20), "the end");
    let (case, meeting) = events.split_at(40);
    let without_last = [&case[..39], meeting].concat();
    assert_eq!(named(with(without_last)), (40, 40), "the end of the case");
    assert_eq!(named(with(events[1..].to_vec())).0, 1, "the beginning");
    let mut without = events.clone();
    without.remove(20);
    assert_eq!(named(with(without)).0, 21, "the middle");
    let mut swapped = events.clone();
    swapped.swap(10, 11);
    assert_eq!(named(with(swapped)).0, 11);
    let mut twice = events.clone();
    twice.insert(5, events[4]);
    assert_eq!(named(with(twice)).0, 6);
    let stranger = lines(&self::case(9, 2));
    let mut spliced = events.clone();
    spliced.extend(stranger.lines());
    assert_eq!(named(with(spliced)), (61, 1), "no log holds it");

    let mut cut = whole.clone();
    let entries: Vec<_> = cut.logs[0].entries.lines().collect();
    cut.logs[0].entries = entries[..70].join("\n");
    assert!(matches!(
        check(&cut, &[]),
        Err(Fault::Entry { entry: 71, .. })
    ));
    let mut older = whole;
    older.logs[0].head = early;
    assert!(matches!(check(&older, &[]), Err(Fault::Entry { .. })));
}

#[test]
fn a_rewrite_that_is_signed_with_the_stolen_key_does_not_fit_an_old_head() {
    let (_, early) = pack();
    // Everything from the fourth event on is of another day, with hashes that follow from each other.
    let mut rewritten = case(7, 3);
    for seq in 4..=EVENTS {
        let previous = rewritten.last().unwrap().hash.clone();
        let mut next = event(Uuid::from_u128(7), seq, &previous);
        next.actor = "somebody else".to_owned();
        let body = next.body.clone().unwrap();
        next.hash = leaf::hash(&previous, &next.header(), &body);
        rewritten.push(next);
    }
    let (log, _) = log(&rewritten, 1);
    let (looks, of_looks) = looks();
    let pack = Pack {
        events: lines(&rewritten),
        looks,
        logs: vec![log, of_looks],
    };
    assert_eq!(check(&pack, &[]), Ok(40), "nothing in it tells");
    assert!(matches!(check(&pack, &[early]), Err(Fault::Entry { .. })));
}

#[test]
fn only_a_key_that_is_trusted_counts() {
    let events = case(7, EVENTS);
    let (forged, _) = log(&events, 2);
    let pack = Pack {
        events: lines(&events),
        looks: String::new(),
        logs: vec![forged],
    };
    assert!(matches!(check(&pack, &[]), Err(Fault::Log(_))));
    let none = pack.check(&[], &[]);
    assert_eq!(none, Err(Fault::Log(format!("no key was given for {LOG}"))));
    let unlogged = Pack {
        logs: vec![],
        ..pack
    };
    assert!(matches!(
        check(&unlogged, &[]),
        Err(Fault::Event { line: 1, .. })
    ));
}

#[test]
fn a_look_that_is_left_out_put_in_or_of_another_case_is_found() {
    let (whole, _) = pack();
    let lines: Vec<&str> = whole.looks.lines().collect();
    let with = |lines: &[&str]| {
        let pack = Pack {
            looks: lines.join("\n"),
            ..whole.clone()
        };
        match check(&pack, &[]).unwrap_err() {
            Fault::Look { line, .. } => line,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(with(&lines[1..]), 20, "one is missing");
    assert_eq!(with(&[]), 1, "all are missing");
    for stranger in [look(500, 7), look(101, 99)] {
        let stranger = serde_json::to_string(&stranger).unwrap();
        assert_eq!(with(&[&lines[..], &[&stranger]].concat()), 21);
    }
    assert_eq!(with(&[&lines[..], &[lines[3]]].concat()), 21, "one twice");

    let without = Pack {
        logs: vec![whole.logs[0].clone()],
        ..whole.clone()
    };
    assert!(check(&without, &[]).is_err(), "no log of looks");
    let neither = Pack {
        looks: String::new(),
        ..without
    };
    assert!(check(&neither, &[]).is_err(), "neither looks nor their log");
}

/// The pack with this line of its events altered, and the line that is found.
fn altered(line: usize, alter: impl Fn(&mut PackedEvent)) -> usize {
    let (whole, _) = pack();
    let mut events: Vec<PackedEvent> = whole
        .events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    alter(&mut events[line - 1]);
    let pack = Pack {
        events: lines(&events),
        ..whole
    };
    match check(&pack, &[]).unwrap_err() {
        Fault::Event { line, .. } => line,
        other => panic!("{other:?}"),
    }
}

#[test]
fn words_are_what_was_sealed_and_none_is_left_out() {
    let other = |event: &mut PackedEvent| event.words = Some("{\"action\":\"another\"}".to_owned());
    assert_eq!(altered(7, other), 7, "other words");
    let other = |event: &mut PackedEvent| event.key = Some("1".repeat(64));
    assert_eq!(altered(7, other), 7, "another key");
    // Sealed anew with a key that opens it: the hash tells.
    let anew = |event: &mut PackedEvent| {
        let key = EventKey::from_hex(&"1".repeat(64)).unwrap();
        let words = "{\"action\":\"another\"}";
        event.body = Some(key.seal(&[7; 32], &event.header(), words));
        (event.key, event.words) = (Some(key.to_hex()), Some(words.to_owned()));
    };
    assert_eq!(altered(7, anew), 7, "sealed anew");
    let left_out = |event: &mut PackedEvent| *event = closed(event.clone());
    for line in [7, 42, 44] {
        assert_eq!(altered(line, left_out), line, "left out");
    }
    let half = |event: &mut PackedEvent| event.words = None;
    assert_eq!(altered(7, half), 7, "without its words");
    let another_body = |event: &mut PackedEvent| event.body_hash = Some("0".repeat(64));
    assert_eq!(altered(41, another_body), 41, "of another case");
    assert_eq!(altered(7, another_body), 7, "both");
}
