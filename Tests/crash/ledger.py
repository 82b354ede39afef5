#!/usr/bin/env python3
"""Reads the ledger from the database file. Shares nothing with orkd: the form is what docs/ledger.md says.

As a program: ledger.py DATABASE holds every row against the one before, and, where the sums are those of the last row,
what the checkpoint and the rows add up to against the balances that are kept. With --chain only the former. Prints what
there is, or what is wrong (exit status 1).
"""

import hashlib
import sqlite3
import struct
import sys
from collections import Counter
from dataclasses import dataclass, field

KINDS = {0: "move", 1: "reserve", 2: "grow", 3: "sent", 4: "settle", 5: "whole", 6: "correct"}
QUALITIES = ["none", "exact", "estimated", "unknown", "reconciled"]
ENDS = ["complete", "refused", "client-gone", "truncated", "stalled", "interrupted"]
PARTS = ["prompt", "completion", "total", "cached", "cache_write", "reasoning", "cost"]
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass
class Line:
    kind: str
    request: str = ""
    user: int = 0
    client: int = 0
    credits: int = 0
    held: int = 0
    charged: int = 0
    quality: str = ""
    end: str = ""
    key: int | None = None
    model: str | None = None
    generation: str = ""
    usage: dict = field(default_factory=dict)


class Bytes:
    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def unsigned(self) -> int:
        value = shift = 0
        while (byte := self.byte()) >= 128:
            value |= (byte & 127) << shift
            shift += 7
        return value | byte << shift

    def signed(self) -> int:
        folded = self.unsigned()
        return folded >> 1 if folded & 1 == 0 else -(folded >> 1) - 1

    def text(self) -> str:
        count = self.unsigned()
        self.at += count
        return self.data[self.at - count:self.at].decode()


def request_text(raw: int) -> str:
    return "".join(ALPHABET[raw >> (12 - place) * 5 & 31] for place in range(13))


def unpack(data: bytes) -> list[Line]:
    source = Bytes(data)
    if source.byte() != 1:
        raise ValueError("an unknown version of the packed form")
    count, lines, request, model = source.unsigned(), [], 0, ""

    def read_request() -> str:
        nonlocal request
        request = (request + source.signed()) % 2**64
        return request_text(request)

    def read_target(line: Line) -> None:
        nonlocal model
        form = source.byte()
        if form & 1:
            line.key = source.signed()
        if form >> 1 == 2:
            model = source.text()
        line.model = model if form >> 1 else None

    def read_usage(line: Line) -> None:
        stated = source.byte()
        for place, part in enumerate(PARTS):
            if stated >> place & 1:
                line.usage[part] = source.signed()

    for _ in range(count):
        line = Line(KINDS[source.byte()])
        if line.kind == "move":
            source.byte()
            line.user, line.credits = source.signed(), source.signed()
        else:
            line.request = read_request()
            if line.kind == "sent":
                line.key, line.generation = source.signed(), source.text()
            elif line.kind == "grow":
                line.user, line.credits = source.signed(), source.signed()
            else:
                line.user, line.client = source.signed(), source.signed()
                if line.kind == "reserve":
                    line.credits = source.signed()
                else:
                    read_target(line)
                    kinds = source.byte()
                    if line.kind == "correct":
                        line.quality = QUALITIES[kinds & 7]
                    else:
                        line.quality, line.end = QUALITIES[kinds >> 3], ENDS[kinds & 7]
                    read_usage(line)
                    if line.kind != "correct":
                        line.held = source.signed()
                    line.charged = source.signed()
                    if line.kind != "correct":
                        line.generation = source.text()
        lines.append(line)
    if source.at != len(data):
        raise ValueError("bytes are left over")
    return lines


@dataclass
class Checkpoint:
    """What the rows that are no longer there came to."""
    sequence: int = 0
    link: bytes = bytes(32)
    given: int = 0
    spent: int = 0
    free: Counter = field(default_factory=Counter)
    held: Counter = field(default_factory=Counter)
    open: dict[str, int] = field(default_factory=dict)


def unpack_open(data: bytes) -> dict[str, int]:
    """Credits that requests held at the checkpoint, by request."""
    source, found = Bytes(data), {}
    if source.byte() != 1:
        raise ValueError("an unknown version of the open reservations")
    for _ in range(source.unsigned()):
        request = request_text(source.unsigned())
        source.signed(), source.signed()
        found[request] = source.signed()
        if source.byte():
            source.signed()
        source.text()
    return found


def begin(database: sqlite3.Connection) -> Checkpoint:
    row = database.execute("SELECT sequence, link, given, spent, open FROM ledger_checkpoint").fetchone()
    if not row:
        return Checkpoint()
    found = Checkpoint(*row[:4], open=unpack_open(row[4]))
    for user, free, held in database.execute("SELECT user_id, free, held FROM checkpoint_balance"):
        found.free[user], found.held[user] = free, held
    return found


def rows(database: sqlite3.Connection, start: Checkpoint):
    """Every row's count and body; each is held against its number and its link."""
    link, expected = start.link, start.sequence + 1
    for sequence, at, count, body, stated in database.execute(
            "SELECT sequence, at, count, body, link FROM ledger ORDER BY sequence"):
        link = hashlib.sha256(link + struct.pack(">qq", sequence, at) + body).digest()
        if sequence != expected:
            raise ValueError(f"row {sequence} does not follow the one before")
        if link != stated:
            raise ValueError(f"the link of row {sequence} is wrong")
        expected += 1
        yield count, body


def read(path: str) -> tuple[Checkpoint, list[Line]]:
    """Where the ledger begins and every line after it."""
    lines = []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise ValueError("the database is damaged")
        start = begin(database)
        for count, body in rows(database, start):
            row = unpack(body)
            if len(row) != count:
                raise ValueError(f"a row that should hold {count} lines holds {len(row)}")
            lines += row
    return start, lines


def add_up(start: Checkpoint, lines: list[Line]) -> Checkpoint:
    """The same after some lines."""
    free, held, running, given, spent = start.free.copy(), start.held.copy(), dict(start.open), start.given, start.spent
    for line in lines:
        if line.kind == "move":
            given += line.credits
            free[line.user] += line.credits
        elif line.kind in ("reserve", "grow"):
            running[line.request] = running.get(line.request, 0) + line.credits
            free[line.user] -= line.credits
            held[line.user] += line.credits
        elif line.kind in ("settle", "whole", "correct"):
            if line.kind == "settle":
                if running.pop(line.request, None) != line.held:
                    raise ValueError(f"request {line.request} gives back what it does not hold")
                free[line.user] += line.held
                held[line.user] -= line.held
            free[line.user] -= line.charged
            spent += line.charged
    return Checkpoint(start.sequence, start.link, given, spent, free, held, running)


def judge(path: str) -> str:
    """Compares the balances that are kept with what the ledger adds up to."""
    start, lines = read(path)
    end = add_up(start, lines)
    found = {user: (end.free[user], end.held[user]) for user in set(end.free) | set(end.held)}
    if end.given != end.spent + sum(free + held for free, held in found.values()):
        raise ValueError("what was given is not what is there and what was spent")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        kept = {user: (free, held) for user, free, held in database.execute("SELECT user_id, free, held FROM balance")}
        last = database.execute("SELECT max(sequence) FROM ledger").fetchone()[0] or start.sequence
        is_whole = database.execute("SELECT sequence FROM ledger_sums").fetchone() == (last,)
    for user in sorted(kept.keys() | found.keys()) if is_whole else []:
        if kept.get(user, (0, 0)) != found.get(user, (0, 0)):
            raise ValueError(f"user {user} has {kept.get(user)}, and the ledger says {found.get(user)}")
    return f"{len(lines)} lines after row {start.sequence}, {len(found)} users, given {end.given}, spent {end.spent}"


def chain(path: str) -> str:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        start = begin(database)
        return f"{sum(1 for _ in rows(database, start))} rows follow row {start.sequence}"


if __name__ == "__main__":
    try:
        print((chain if "--chain" in sys.argv else judge)(sys.argv[1]))
    except ValueError as error:
        sys.exit(f"{error}")
