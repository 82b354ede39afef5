"""A pool of which a third of the keys fails for good while it serves."""

import os

import budgets
from bench import Bench
from daemon import pool_key

STRATEGY = "round-robin"


def measure(bench: Bench) -> None:
    seconds = 10 if bench.quick else budgets.SICK_SECONDS
    daemon = bench.daemon("sick", pinned=False)
    daemon.control("config", "set", "strategy", STRATEGY)
    keys = os.path.join(bench.directory, "sick-keys.csv")
    write_keys(keys)
    daemon.control("keys", "import", keys)
    before = bench.upstream_counters()["posts"]
    sample = bench.end_load(bench.start_load(
        daemon, ["-c", "64", "-r", str(budgets.SICK_RATE), "-d", str(seconds), "-v"]), daemon)
    posts = bench.upstream_counters()["posts"] - before
    bench.report.samples["sick"] = [sample | {"upstream_posts": posts}]
    offered = sample["answered"] + sample["broken"] + sample["unfinished"]
    good = sample["answered"] - sample["not_200"]
    listed = daemon.control("keys", "list", "--limit", "none", "--columns", "state", "-o", "csv")
    states = listed.splitlines()[1:]
    print(f"\n## {budgets.SICK_KEYS} of {budgets.POOL_KEYS} keys fail for good, {budgets.SICK_RATE} requests/s "
          f"for {seconds} s\n\n{offered} requests, {good} served, {posts} sent upstream; keys afterwards: "
          + ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states))), flush=True)
    report = bench.report
    # Who was never asked is no proof of anything; every one of them refuses at least once.
    report.add_count("sick.unasked", "sick keys that were not asked", max(0, budgets.SICK_KEYS - (posts - good)))
    report.add("sick.unserved", f"{budgets.SICK_KEYS} of {budgets.POOL_KEYS} keys sick: part not served",
               1 - good / max(1, offered), must=budgets.SICK_UNSERVED)
    report.add("sick.amplification", "the same: tries per request", posts / max(1, offered),
               must=budgets.SICK_AMPLIFICATION)
    report.add("sick.longest", "the same: longest wait", sample["latency"]["max"] / 1000, "ms",
               must=budgets.SICK_LONGEST_MS)
    daemon.finish(report, "sick")


def write_keys(path: str) -> None:
    """Fifty accounts; the sick keys are spread over all. Two thirds of them are revoked, the others have used up their
    limit."""
    with open(path, "w", encoding="ascii", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
        file.write("name,secret,account\n")
        for index in range(budgets.POOL_KEYS):
            secret = pool_key(index + 1)
            account, place = index % budgets.SICK_ACCOUNTS, index // budgets.SICK_ACCOUNTS
            if place % 10 < 10 * budgets.SICK_KEYS // budgets.POOL_KEYS:
                secret = secret.replace("sk-or-v1-", f"sk-or-v1-{'spent' if place % 2 else 'revoked'}")
            file.write(f"key-{index},{secret},account-{account}\n")
