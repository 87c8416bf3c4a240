//! A second verifier, written anew in another language (`tests/verify_pack.py`), says of every pack what ours says.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use clares_law::ledger::pack::Pack;

use super::packs::{keys, pack};

/// Writes a pack as it leaves the house.
fn write(pack: &Pack, folder: &Path) {
    fs::create_dir_all(folder.join("logs")).unwrap();
    fs::write(folder.join(Pack::EVENTS), &pack.events).unwrap();
    fs::write(folder.join(Pack::LOOKS), &pack.looks).unwrap();
    for (log, name) in pack.logs.iter().zip(["here", "here.access"]) {
        let file = |kind: &str| folder.join(format!("logs/{name}.{kind}"));
        fs::write(file("entries"), &log.entries).unwrap();
        fs::write(file("head"), &log.head).unwrap();
    }
}

/// Whether the other verifier finds a pack good, and what it says.
fn other(folder: &Path, key: &Path) -> (bool, String) {
    let said = Command::new("/usr/bin/python3")
        .args(["-B", "tests/verify_pack.py"])
        .arg(folder)
        .arg("--key")
        .arg(key)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8([said.stdout, said.stderr].concat()).unwrap();
    assert!(matches!(said.status.code(), Some(0 | 1)), "{text}");
    assert!(!text.contains("Traceback"), "{text}");
    (said.status.success(), text)
}

/// The pack with a bit flipped, or a line taken out, doubled or moved; as text, where it still is one.
fn damaged(whole: &Pack, random: &mut fastrand::Rng) -> Option<Pack> {
    let mut pack = whole.clone();
    let part = match random.u32(..6) {
        0 | 1 => &mut pack.events,
        2 => &mut pack.looks,
        3 => &mut pack.logs[0].entries,
        4 => &mut pack.logs[1].entries,
        _ => &mut pack.logs[0].head,
    };
    if random.bool() {
        let mut bytes = part.clone().into_bytes();
        let at = random.usize(..bytes.len() - 1);
        bytes[at] ^= 1 << random.u32(..8);
        *part = String::from_utf8(bytes).ok()?;
        return Some(pack);
    }
    let mut lines: Vec<_> = part.lines().map(str::to_owned).collect();
    let (at, to) = (random.usize(..lines.len()), random.usize(..lines.len()));
    match random.u32(..3) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(to, lines[at].clone()),
        _ => lines.swap(at, to),
    }
    *part = lines.join("\n") + "\n";
    Some(pack)
}

/// Both verifiers on so many packs: the good one, and the others damaged.
fn both_agree_on(packs: usize) {
    let (whole, _) = pack();
    let mut random = fastrand::Rng::with_seed(7);
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("trusted");
    let lines = keys().map(|key| key.text() + "\n").concat();
    fs::write(&key, lines).unwrap();
    let place = folder.path().join("pack");
    write(&whole, &place);
    assert_eq!(
        other(&place, &key),
        (true, "GOOD: 60 events and 20 looks\n".to_owned())
    );
    let mut bad = 0;
    for round in 1..packs {
        let Some(pack) = damaged(&whole, &mut random) else {
            continue;
        };
        write(&pack, &place);
        let ours = pack.check(&keys(), &[]);
        let (good, said) = other(&place, &key);
        assert_eq!(good, ours.is_ok(), "round {round}: {said} {ours:?}");
        bad += usize::from(!good);
    }
    assert!(bad > packs / 2, "{bad} of {packs} were bad");
}

#[test]
fn two_verifiers_agree() {
    both_agree_on(12);
}

#[test]
#[ignore = "it takes minutes: make verifiers"]
fn two_verifiers_agree_on_a_thousand_packs() {
    both_agree_on(1000);
}
