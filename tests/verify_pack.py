#!/usr/bin/env python3
"""A second verifier of evidence packs, written from docs/ledger.md and the formats alone, with nothing but the standard library.

    tests/verify_pack.py PACK --key FILE [--head FILE...]

It says GOOD (exit 0) or BAD (exit 1) where `disclosure-verify` does; a file that cannot be read is exit 2. It takes about a twentieth of
a second for each event.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import re
import sys
import uuid
from datetime import datetime, timezone

import aes_gcm_siv

# --- Ed25519, as RFC 8032 section 6 gives it: slow, and right ---

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def same(one, other):
    return not ((one[0] * other[2] - other[0] * one[2]) % P or (one[1] * other[2] - other[1] * one[2]) % P)


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(key, text, signature):
    at, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or at is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, at)))


# --- what is hashed ---


class Bad(Exception):
    pass


def sha(data):
    return hashlib.sha256(data).digest()


def fields(*values):
    return b"".join(len(value).to_bytes(8, "big") + value for value in values)


def moment(text):
    """Microseconds since 1970 of a moment as the service writes it."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{0,5}[1-9])?Z", text, re.A):
        raise Bad(f"{text} is no moment")
    whole, _, part = text[:-1].partition(".")
    seconds = datetime.fromisoformat(whole).replace(tzinfo=timezone.utc).timestamp()
    return int(seconds) * 1_000_000 + int((part + "000000")[:6])


def ident(text):
    """A number as the service writes it, as bytes."""
    read = uuid.UUID(text)
    if str(read) != text:
        raise Bad(f"{text} is no number")
    return read.bytes


def from_hex(text):
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise Bad("it is no hash")
    return bytes.fromhex(text)


def from_base64(text, padded=True):
    read = base64.b64decode(text if padded else text + "=" * (-len(text) % 4), validate=True)
    again = base64.b64encode(read).decode()
    if text != (again if padded else again.rstrip("=")):
        raise Bad("it is no base64")
    return read


def written(path):
    """The lines of a file, whatever else might end one elsewhere."""
    found = path.read_bytes().decode().split("\n")
    return found[:-1] if found[-1] == "" else found


def number(value):
    return value.to_bytes(8, "big", signed=True)


def optional(value):
    return [b"\0", b""] if value is None else [b"\1", value]


def event_hash(event):
    sealed = event["sealing"] != 0
    if event["body"] is None:
        if not sealed:
            raise Bad("a plain body is not there")
        body = from_hex(event["body_hash"])
    else:
        body = event["body"].encode()
        body = sha(body) if sealed else body
    tag = b"clares-law leaf 2" if sealed else b"clares-law leaf 1"
    text = [event[name].encode() for name in ("actor", "actor_role", "kind", "edition")]
    key_ref = event["key_ref"]
    return sha(
        fields(
            tag,
            ident(event["stream"]),
            event["stream_kind"].encode(),
            number(event["seq"]),
            number(moment(event["at"])),
            *text,
            *optional(None if key_ref is None else key_ref.encode()),
            number(event["sealing"]),
            event["previous"].encode(),
            body,
        )
    )


def look_hash(look):
    text = lambda name: look[name].encode()
    case = look["case_id"]
    return sha(
        fields(
            b"clares-law look 1",
            ident(look["id"]),
            number(moment(look["at"])),
            *map(text, ("actor", "actor_role", "agency", "authority")),
            *optional(None if look["on_behalf_of"] is None else text("on_behalf_of")),
            text("operation"),
            *optional(None if case is None else ident(case)),
            text("classes"),
            text("purpose"),
            *optional(None if look["reason"] is None else text("reason")),
            text("what"),
        )
    )


def words(event):
    """What a sealed body says, opened with the key of its event; None if it is not what was sealed."""
    raw, key = from_base64(event["body"], padded=False), from_hex(event["key"])
    if raw[32:64] != sha(fields(b"clares-law event key 1", key)):
        return None
    bound = fields(
        b"clares-law sealed 1",
        ident(event["stream"]),
        event["stream_kind"].encode(),
        number(event["seq"]),
        event["kind"].encode(),
        (event["key_ref"] or "").encode(),
        number(event["sealing"]),
    )
    plain = aes_gcm_siv.opened(key, bytes(12), bound, raw[64:])
    return None if plain is None else plain.decode()


def tag(kind, stream):
    return sha(kind + ident(stream))[:16]


# --- the parts of a pack ---

EVENT = "stream stream_kind seq at actor actor_role kind edition key_ref sealing body_hash body key words previous hash".split()
LOOK = "id at actor actor_role agency authority on_behalf_of operation case_id classes purpose reason what".split()


def lines(path, names):
    for place, line in enumerate(written(path), 1):
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        again = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if not isinstance(value, dict) or list(value) != names or again != line:
            raise Bad(f"line {place} of {path.name} is not as the service writes it")
        yield place, value


def chains(path):
    """The hashes of each case or meeting, with what it is."""
    streams, closed, before = {}, [], None
    for place, event in lines(path, EVENT):
        told = f"line {place} of the events"
        if before is None or before["stream"] != event["stream"]:
            before = None
            if event["stream"] in streams:
                raise Bad(f"{told}: others stand between")
            streams[event["stream"]] = (event["stream_kind"], [])
        hashes = streams[event["stream"]][1]
        if event["seq"] != len(hashes) + 1 or event["previous"] != (before["hash"] if before else ""):
            raise Bad(f"{told}: it does not follow from the event before")
        present = [event[name] is not None for name in ("body", "key", "words")]
        if any(present) != all(present) or any(present) == (event["body_hash"] is not None):
            raise Bad(f"{told}: it is half there")
        if event["hash"] != event_hash(event).hex():
            raise Bad(f"{told}: its content does not match its hash")
        if any(present) and words(event) != event["words"]:
            raise Bad(f"{told}: its words are not what was sealed")
        if not any(present):
            closed.append((place, event["key_ref"]))
        hashes.append((place, bytes.fromhex(event["hash"])))
        before = event
    for place, key_ref in closed:
        if key_ref in streams:
            raise Bad(f"line {place} of the events: its words were left out")
    return streams


def root(roots):
    whole = None
    for _, half in reversed(roots):
        whole = half if whole is None else sha(b"\1" + half + whole)
    return whole or sha(b"")


def opened(key, note):
    """Size and root of a head that this key signed."""
    name, public = key
    text, _, signatures = note.partition("\n\n")
    ident = sha(name.encode() + b"\n\x01" + public)[:4]
    for line in signatures.splitlines():
        parts = line.removeprefix("\u2014 ").rsplit(" ", 1)
        try:
            blob = from_base64(parts[-1])
        except (Bad, ValueError):
            continue
        if line.startswith("\u2014 ") and parts[0] == name and blob[:4] == ident:
            if not signed_by(public, f"{text}\n".encode(), blob[4:]):
                raise Bad(f"{name}: its signature does not fit what it says")
            log, size, hashed = text.split("\n")
            if log != name or str(int(size)) != size:
                raise Bad(f"{name}: it is no head")
            return int(size), from_base64(hashed)
    raise Bad(f"{name}: it is signed with another key, or not signed")


def logged(folder, keys, kept, wanted):
    """Checks each log, and notes what it holds of what is wanted."""
    names = set()
    for path in sorted(folder.glob("*.head")):
        note = path.read_bytes().decode()
        name = note.split("\n")[0]
        if name not in keys:
            raise Bad(f"no key was given for {name}")
        heads = [opened((name, keys[name]), head) for head in [note] + kept if head.split("\n")[0] == name]
        roots, size = [], 0
        for line in written(path.with_suffix(".entries")):
            if not re.fullmatch("[0-9a-f]{32} [0-9a-f]{64}", line):
                raise Bad(f"{name}, entry {size + 1}: it cannot be read")
            entry = bytes.fromhex(line[:32]), bytes.fromhex(line[33:])
            if entry[0] in wanted:
                wanted[entry[0]].append(entry[1])
            size += 1
            roots.append((1, sha(b"\0" + entry[0] + entry[1])))
            while len(roots) > 1 and roots[-1][0] == roots[-2][0]:
                (width, left), (_, right) = roots[-2:]
                roots[-2:] = [(2 * width, sha(b"\1" + left + right))]
            if any(at == size and hashed != root(roots) for at, hashed in heads):
                raise Bad(f"{name}, entry {size}: the log up to here is not the one that was signed")
        if size != heads[0][0] or any(at > size for at, _ in heads):
            raise Bad(f"{name}: it does not end where it was signed")
        names.add(name)
    for name in names:
        if not name.endswith("/access") and f"{name}/access" not in names:
            raise Bad(f"{name}: that of its looks is missing")


def whole(what, held, found):
    for place, hashed in found:
        if hashed not in held:
            raise Bad(f"line {place} of the {what}: no log holds it")
        held.remove(hashed)
    if held:
        raise Bad(f"the {what}: a log holds one that is not in the pack")


def check(pack, keys, kept):
    streams = chains(pack / "events.jsonl")
    events = {tag(b"clares-law stream 1", stream): found for stream, (_, found) in streams.items()}
    cases = [stream for stream, (kind, _) in streams.items() if kind == "case"]
    looks = {tag(b"clares-law looks of 1", case): [] for case in cases}
    for place, look in lines(pack / "reads.jsonl", LOOK):
        at = tag(b"clares-law looks of 1", look["case_id"] or look["id"])
        if at not in looks:
            raise Bad(f"line {place} of the looks: it is at no case of the pack")
        looks[at].append((place, look_hash(look)))
    wanted = {name: [] for name in [*events, *looks]}
    logged(pack / "logs", keys, kept, wanted)
    for name, found in events.items():
        whole("events", wanted[name], found)
    for name, found in looks.items():
        if not found:
            raise Bad("the looks: that for which the pack was made is not in it")
        whole("looks", wanted[name], found)
    return sum(map(len, events.values())), sum(map(len, looks.values()))


def key(line):
    name, ident, text = line.strip().split("+", 2)
    blob = from_base64(text)
    if blob[0] != 1 or len(blob) != 33 or sha(name.encode() + b"\n" + blob)[:4].hex() != ident:
        raise ValueError(f"{line}: this is no key")
    return name, blob[1:]


def main():
    parser = argparse.ArgumentParser(description="Checks an evidence pack; a second opinion beside disclosure-verify.")
    parser.add_argument("pack", type=pathlib.Path)
    parser.add_argument("--key", type=pathlib.Path, action="append", required=True)
    parser.add_argument("--head", type=pathlib.Path, action="append", default=[])
    asked = parser.parse_args()
    given = [line for path in asked.key for line in path.read_text().splitlines() if line.strip()]
    kept = [path.read_bytes().decode() for path in asked.head]
    try:
        events, looks = check(asked.pack, dict(map(key, given)), kept)
    except (Bad, ValueError, KeyError, TypeError, AttributeError) as bad:
        print(f"BAD: {bad}")
        return 1
    except OSError as missing:
        print(missing)
        return 2
    print(f"GOOD: {events} events and {looks} looks")
    return 0


if __name__ == "__main__":
    sys.exit(main())
