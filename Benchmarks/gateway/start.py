"""How long a start takes with a pool of keys."""

import os

import budgets
from bench import Bench
from daemon import write_keys
from figures import spread
from processes import Failed


def measure(bench: Bench) -> None:
    """From the start of the process to READY=1, files in the page cache."""
    daemon = bench.daemon("ready", pinned=False)
    keys = os.path.join(bench.directory, "ready-keys.txt")
    write_keys(keys, budgets.READY_KEYS)
    daemon.control("keys", "import", keys)
    starts = []
    for _ in range(5 if bench.quick else 11):
        daemon.stop()
        starts.append(daemon.start() * 1000)
    total = daemon.status()["keys"]["total"]
    if total != budgets.READY_KEYS + 1:
        raise Failed(f"{total} keys after the start, not {budgets.READY_KEYS + 1}")
    bench.report.add("ready", f"ready with {budgets.READY_KEYS} keys", starts, "ms", must=budgets.READY_MS, noise=20)
    print(f"\nready with {budgets.READY_KEYS} keys: {spread(starts)} ms, {len(starts)} starts", flush=True)
    daemon.finish(bench.report, "ready")
