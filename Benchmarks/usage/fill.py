"""Writes a ledger of any size into the database of a stopped orkd, in the form that docs/ledger.md describes.

Only rows of the ledger are written. What they add up to, orkd finds at its next start as it does after a crash: it
reads every row after its sums, holds each against its link, and writes the sums by hour and day with its own code.
"""

import hashlib
import random
import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass

DAY = 86_400_000
USERS = 100
TEMPLATES = 50_000
WHOLE = 5
EXACT_COMPLETE = 1 << 3
KEY_AND_MODEL = 1 | 4
ALL_NUMBERS = 0b1111111


def unsigned(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value: int) -> bytes:
    return unsigned(value << 1 if value >= 0 else ~value << 1 | 1)


def text(value: str) -> bytes:
    return unsigned(len(value.encode())) + value.encode()


@dataclass
class Size:
    requests: int
    clients: int
    keys: int
    models: int
    per_commit: int
    """Requests in one row: as many as come while the disk is synced."""
    days: int


def templates(size: Size, chance: random.Random) -> list[bytes]:
    """Requests without their ids: every client, key and model is in some of them."""
    found = []
    for number in range(max(min(TEMPLATES, size.requests), size.clients)):
        client = number % size.clients + 1
        prompt, completion = chance.randint(1, 9000), chance.randint(1, 3000)
        numbers = [prompt, completion, prompt + completion, prompt // 3, 0, completion // 5,
                   prompt * 150_000 + completion * 600_000]
        generation = f"gen-{1_700_000_000 + number}-{hashlib.sha256(str(number).encode()).hexdigest()[:20]}"
        found.append(b"".join([
            signed(client % USERS + 1), signed(client), bytes([KEY_AND_MODEL]),
            signed(number * 7 % size.keys + 1), text(f"vendor-{number % 7}/model-{number * 3 % size.models}"),
            bytes([EXACT_COMPLETE, ALL_NUMBERS]), *map(signed, numbers), signed(0), signed(prompt + completion),
            text(generation)]))
    return found


def fill(path: str, size: Size, end: int, seed: int = 1) -> None:
    """Requests at even distances over so many days, the last one at `end` (milliseconds since 1970)."""
    chance = random.Random(seed)
    bodies = templates(size, chance)
    rows = size.requests // size.per_commit
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        row = database.execute("SELECT max(sequence), link FROM ledger").fetchone()
        kept = database.execute("SELECT sequence, link FROM ledger_sums").fetchone()
        sequence, link = (row if row[0] else kept) or (0, bytes(32))
        moves = b"".join(bytes([0, 0]) + signed(user) + signed(10**12) for user in range(1, USERS + 1))
        first = b"\x01" + unsigned(USERS) + moves

        def lines():
            nonlocal sequence, link
            begin = end - size.days * DAY
            for number in range(rows + 1):
                at = begin + number * (size.days * DAY) // rows
                if number == 0:
                    count, body = USERS, first
                else:
                    count, parts, last = size.per_commit, [b"\x01", unsigned(size.per_commit)], 0
                    for place, body in enumerate(chance.choices(bodies, k=count)):
                        raw = at << 20 | place
                        parts += [bytes([WHOLE]), signed(raw - last), body]
                        last = raw
                    body = b"".join(parts)
                sequence += 1
                link = hashlib.sha256(link + struct.pack(">qq", sequence, at) + body).digest()
                yield sequence, at, count, body, link

        database.executemany("INSERT INTO ledger (sequence, at, count, body, link) VALUES (?, ?, ?, ?, ?)", lines())
        database.commit()
        # What was written into the log goes into the file.
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
