"""Reads the ledger from the database file. Shares nothing with orkd: the form is what docs/ledger.md says."""

import hashlib
import sqlite3
import struct
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


def read(path: str) -> list[Line]:
    """Every line in order; every row is held against its number and its link."""
    lines, link, expected = [], bytes(32), 1
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise ValueError("the database is damaged")
        for sequence, at, count, body, stated in database.execute(
                "SELECT sequence, at, count, body, link FROM ledger ORDER BY sequence"):
            link = hashlib.sha256(link + struct.pack(">qq", sequence, at) + body).digest()
            if sequence != expected or link != stated:
                raise ValueError(f"row {sequence} does not follow the one before" if sequence != expected else
                                 f"the link of row {sequence} is wrong")
            row = unpack(body)
            if len(row) != count:
                raise ValueError(f"row {sequence} counts wrong")
            lines += row
            expected += 1
    return lines
