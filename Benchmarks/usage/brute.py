"""Adds up the ledger's own rows, one by one: what `orkctl usage` must say. Shares no code with orkd."""

import os
import sqlite3
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Tests", "crash"))

import ledger

FIELDS = ["requests", "failed", "prompt_tokens", "completion_tokens", "cached_tokens", "cache_write_tokens",
          "reasoning_tokens", "cost_pico_usd", "credits"]
PARTS = ["prompt", "completion", "cached", "cache_write", "reasoning", "cost"]


def by_client(path: str, since: int, until: int) -> dict[int, list[int]]:
    """Sums of every client between two times (milliseconds since 1970; the end is not part of it)."""
    sums: dict[int, list[int]] = {}
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        for (body,) in database.execute("SELECT body FROM ledger WHERE +at >= ? AND +at < ?", (since, until)):
            for line in ledger.unpack(body):
                if line.kind not in ("settle", "whole", "correct"):
                    continue
                one = [0, 0] if line.kind == "correct" else [1, int(line.end != "complete")]
                one += [line.usage.get(part, 0) for part in PARTS] + [line.charged]
                old = sums.get(line.client)
                sums[line.client] = [a + b for a, b in zip(old, one)] if old else one
    return sums
