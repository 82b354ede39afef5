"""Holds three accounts of the same requests against each other: the ledger's, the upstream's and the callers'."""

import json
from collections import Counter
from dataclasses import dataclass, field

import ledger
from callers import Seen


@dataclass
class Verdict:
    requests: int = 0
    complete: int = 0
    settled: int = 0
    missing: list[str] = field(default_factory=list)
    """A caller saw the whole answer, and the ledger does not say so, or says something else."""
    duplicate: list[str] = field(default_factory=list)
    phantom: list[str] = field(default_factory=list)
    """The ledger bills what the upstream never served."""
    unreserved: list[str] = field(default_factory=list)
    """A caller saw a byte of an answer of which the ledger knows nothing."""
    unbalanced: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    orphans: int = 0
    """The upstream worked and the ledger does not know: at most what one commit takes, at each kill (ruling 1)."""

    @property
    def is_good(self) -> bool:
        return not (self.missing or self.duplicate or self.phantom or self.unreserved or self.unbalanced or self.open)

    def __str__(self) -> str:
        figures = f"{self.requests} requests, {self.complete} seen complete, {self.settled} settled, " \
                  f"{self.orphans} orphans"
        for name in ("missing", "duplicate", "phantom", "unreserved", "unbalanced", "open"):
            found = getattr(self, name)
            figures += f", {name} {len(found)}" + (f" ({', '.join(found[:3])})" if found else "")
        return figures


def judge(database: str, bills: str, seen: list[Seen]) -> Verdict:
    start, lines = ledger.read(database)
    verdict = Verdict(requests=len(seen))
    begun, billed = {}, {}
    with open(bills, encoding="ascii") as file:
        for bill in map(json.loads, file):
            (begun if bill["event"] == "begun" else billed)[bill["generation"]] = bill

    settled: dict[str, ledger.Line] = {}
    open_now = dict(start.open)
    free, held, spent = start.free.copy(), start.held.copy(), Counter()
    given = Counter({user: free[user] + held[user] for user in set(free) | set(held)})
    learnt: dict[str, int] = {}
    for line in lines:
        if line.kind == "move":
            given[line.user] += line.credits
            free[line.user] += line.credits
        elif line.kind == "reserve":
            if line.request in open_now or line.request in settled:
                verdict.duplicate.append(line.request)
            open_now[line.request] = line.credits
            free[line.user] -= line.credits
            held[line.user] += line.credits
        elif line.kind == "grow":
            open_now[line.request] += line.credits
            free[line.user] -= line.credits
            held[line.user] += line.credits
        elif line.kind in ("settle", "whole"):
            if line.request in settled:
                verdict.duplicate.append(line.request)
            if line.kind == "settle":
                if open_now.pop(line.request, None) != line.held:
                    verdict.unbalanced.append(line.request)
                held[line.user] -= line.held
                free[line.user] += line.held
            free[line.user] -= line.charged
            spent[line.user] += line.charged
            settled[line.request] = line
        elif line.kind == "correct":
            if line.quality == "reconciled":
                if line.request in learnt:
                    verdict.duplicate.append(line.request)
                learnt[line.request] = line.usage.get("cost", 0)
            free[line.user] -= line.charged
            spent[line.user] += line.charged
    verdict.open = list(open_now)
    verdict.settled = len(settled)
    verdict.unbalanced += [f"user {user}" for user in given if given[user] != free[user] + held[user] + spent[user]]
    verdict.unbalanced += [f"user {user} holds {held[user]}" for user in held if held[user]]

    known = {line.generation for line in settled.values() if line.generation}
    for request, line in settled.items():
        if line.generation and line.generation not in begun:
            verdict.phantom.append(request)
        if line.quality == "exact" and line.generation not in billed:
            verdict.phantom.append(request)
    for request, cost in learnt.items():
        line = settled.get(request)
        bill = billed.get(line.generation) if line else None
        if not bill or line.usage.get("cost", 0) + cost != bill["cost"]:
            verdict.phantom.append(request)
    by_user = {bill["user"]: bill for bill in billed.values()}
    for caller in seen:
        verdict.complete += caller.complete
        if caller.any_byte and caller.status == 200 and caller.request not in settled:
            verdict.unreserved.append(caller.user)
        if not caller.complete:
            continue
        line, bill = settled.get(caller.request or ""), by_user.get(caller.user)
        if not line or not bill or line.end != "complete" or line.quality != "exact" or (
                line.usage.get("cost"), line.usage.get("prompt"), line.usage.get("completion")) != (
                bill["cost"], bill["prompt"], bill["completion"]):
            verdict.missing.append(caller.user)
    named = {line.request for line in settled.values()}
    requests_of = {caller.user: caller.request for caller in seen}
    verdict.orphans = sum(1 for generation, bill in begun.items()
                          if generation not in known and requests_of.get(bill["user"]) not in named)
    return verdict
