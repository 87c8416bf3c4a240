//! Sealed bytes at another place: another case or meeting, number, kind, column or row.

use clares_law::ledger::leaf::Header;
use clares_law::ledger::sealed::SEALED;
use clares_law::vault::keys::StreamKey;
use uuid::Uuid;

use super::{authority_key, stream_key};

const MOVES: usize = 10_000;
const STREAMS: u128 = 8;
const KINDS: [&str; 3] = ["noted", "filed", "moved"];
const COLUMNS: [&str; 4] = [
    "access_log.reason",
    "ties.because",
    "tie_steps.reason",
    "register_keys.sealed",
];

/// Where a body stands.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    stream: u128,
    seq: i64,
    kind: &'static str,
    of: &'static str,
}

impl Place {
    fn drawn(chance: &mut fastrand::Rng) -> Self {
        Self {
            stream: chance.u128(0..STREAMS),
            seq: chance.i64(1..20),
            kind: KINDS[chance.usize(0..KINDS.len())],
            of: ["case", "meeting"][chance.usize(0..2)],
        }
    }

    /// The same but for one thing.
    fn beside(self, chance: &mut fastrand::Rng) -> Self {
        let other = Self::drawn(chance);
        match chance.u8(0..4) {
            0 => Self {
                stream: other.stream,
                ..self
            },
            1 => Self {
                seq: other.seq,
                ..self
            },
            2 => Self {
                kind: other.kind,
                ..self
            },
            _ => Self {
                of: other.of,
                ..self
            },
        }
    }

    /// The key of the stream, and what it is asked to open or seal for.
    fn with<T>(self, does: impl FnOnce(StreamKey, &Header<'_>) -> T) -> T {
        let stream = Uuid::from_u128(self.stream);
        let key_ref = stream.to_string();
        let header = Header {
            stream,
            stream_kind: self.of,
            seq: self.seq,
            at: jiff::Timestamp::UNIX_EPOCH,
            actor: "somebody",
            actor_role: "verifier",
            kind: self.kind,
            edition: "an edition",
            key_ref: Some(&key_ref),
            sealing: SEALED,
        };
        let key = stream_key(u8::try_from(self.stream).unwrap());
        does(key, &header)
    }
}

#[test]
fn ten_thousand_bodies_moved_to_another_event_stay_closed() {
    let mut chance = fastrand::Rng::with_seed(15);
    let mut moved = 0;
    while moved < MOVES {
        let from = Place::drawn(&mut chance);
        let to = if chance.bool() {
            from.beside(&mut chance)
        } else {
            Place::drawn(&mut chance)
        };
        if from == to {
            continue;
        }
        let mut salt = [0; 32];
        chance.fill(&mut salt);
        let body = from.with(|key, header| key.seal(header, "{\"text\":\"He is back\"}", &salt));
        assert!(from.with(|key, header| key.open(header, &body)).is_ok());
        assert!(to.with(|key, header| key.open(header, &body)).is_err());
        moved += 1;
    }
}

#[test]
fn ten_thousand_texts_and_keys_moved_to_another_column_or_row_stay_closed() {
    let mut chance = fastrand::Rng::with_seed(16);
    let drawn = |chance: &mut fastrand::Rng| {
        let column = COLUMNS[chance.usize(0..COLUMNS.len())];
        (column, Uuid::from_u128(chance.u128(0..6)))
    };
    let key = stream_key(1);
    let mut moved = 0;
    while moved < MOVES {
        let (from, to) = (drawn(&mut chance), drawn(&mut chance));
        if from == to {
            continue;
        }
        let place = |(column, row): (&str, Uuid)| format!("{column} {row}");
        let mut once = [0; 12];
        chance.fill(&mut once);
        let sealed = key.seal_text(&place(from), "Her sister", once);
        assert!(key.open_text(&place(from), &sealed).is_ok());
        assert!(key.open_text(&place(to), &sealed).is_err());
        // A text is no key, and a key no text.
        let wrapped = authority_key(1).wrap(from.1, &key, once);
        assert!(authority_key(1).unwrap(from.1, &sealed).is_err());
        assert!(key.open_text(&place(from), &wrapped).is_err());
        assert!(from.1 == to.1 || authority_key(1).unwrap(to.1, &wrapped).is_err());
        moved += 1;
    }
}
