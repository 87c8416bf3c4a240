//! How long `disclosure-verify` takes for a million events: hashes, chains, seals, the log and its head. The floor is SHA-256 over the
//! same bytes. `make bench` runs it; the figure is in docs/ledger.md.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use aws_lc_rs::signature::Ed25519KeyPair;
use clares_law::ledger::entry::Entry;
use clares_law::ledger::head::Signer;
use clares_law::ledger::leaf;
use clares_law::ledger::look::Look;
use clares_law::ledger::pack::{Pack, PackedEvent, PackedLog};
use clares_law::ledger::sealed::EventKey;
use clares_law::ledger::tree::{Tree, sha256};
use jiff::Timestamp;
use uuid::Uuid;

const EVENTS: u128 = 1_000_000;
/// The events of one case or meeting.
const IN_EACH: u128 = 100;
const LOG: &str = "clares-law/here";
const LOOKS: &str = "clares-law/here/access";

fn main() {
    let keys = [signer(LOG).verifier(), signer(LOOKS).verifier()];
    let (pack, begun) = (pack(), now());
    let found = pack.check(&keys, &[]).expect("the pack is good");
    let taken = begun.elapsed().as_secs_f64();
    assert_eq!(found.events as u128, EVENTS);
    let begun = now();
    for log in &pack.logs {
        black_box(sha256(log.entries.as_bytes()));
    }
    black_box(sha256(pack.events.as_bytes()));
    let floor = begun.elapsed().as_secs_f64();
    let megabytes = pack.events.len() / 1_000_000;
    println!(
        "{EVENTS} events ({megabytes} MB) verified in {taken:.2} s; SHA-256 alone {floor:.2} s"
    );
}

#[expect(clippy::disallowed_methods, reason = "a stopwatch")]
fn now() -> Instant {
    Instant::now()
}

fn signer(log: &str) -> Signer {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[1; 32]).expect("a seed is a key");
    Signer::new(log, pair)
}

fn pack() -> Pack {
    let (mut events, mut entries, mut tree) = (String::new(), String::new(), Tree::default());
    for stream in 1..=EVENTS / IN_EACH {
        let mut previous = String::new();
        for seq in 1..=IN_EACH {
            let event = event(Uuid::from_u128(stream), seq, &previous);
            previous.clone_from(&event.hash);
            let entry = Entry::new(event.stream, &event.hash).expect("a hash");
            let line = serde_json::to_string(&event).expect("it can be written");
            writeln!(events, "{line}").expect("a string takes all");
            writeln!(entries, "{}", entry.line()).expect("a string takes all");
            tree.push(entry.leaf());
        }
    }
    let head = signer(LOG).signed(&tree);
    let (looks, of_looks) = looks();
    Pack {
        events,
        looks,
        logs: vec![PackedLog { entries, head }, of_looks],
    }
}

/// An event with 400 characters in words.
fn event(stream: Uuid, seq: u128, previous: &str) -> PackedEvent {
    let key = EventKey::from_hex(&format!("{:064x}", stream.as_u128() * 1000 + seq));
    let key = key.expect("so many digits are a key");
    let words = format!("{{\"said\":\"{}\"}}", "words ".repeat(65));
    let mut event = PackedEvent {
        stream,
        stream_kind: if stream.as_u128() == 1 {
            "case"
        } else {
            "meeting"
        }
        .to_owned(),
        seq: i64::try_from(seq).expect("a small number"),
        at: Timestamp::UNIX_EPOCH,
        actor: stream.to_string(),
        actor_role: "verifier".to_owned(),
        kind: "acted".to_owned(),
        edition: "0".repeat(64),
        key_ref: Some(stream.to_string()),
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

/// The one look that made the pack, with its log.
fn looks() -> (String, PackedLog) {
    let look = Look {
        id: Uuid::from_u128(7),
        at: Timestamp::UNIX_EPOCH,
        actor: "somebody".to_owned(),
        actor_role: "verifier".to_owned(),
        agency: String::new(),
        authority: "here".to_owned(),
        on_behalf_of: None,
        operation: "disclosure".to_owned(),
        case_id: Some(Uuid::from_u128(1)),
        classes: String::new(),
        purpose: "export".to_owned(),
        reason: None,
        what: "evidence".to_owned(),
    };
    let mut tree = Tree::default();
    tree.push(look.entry().leaf());
    let log = PackedLog {
        entries: look.entry().line() + "\n",
        head: signer(LOOKS).signed(&tree),
    };
    (
        serde_json::to_string(&look).expect("it can be written"),
        log,
    )
}
