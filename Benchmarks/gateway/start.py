"""How long starts take: of orkd with a pool of keys, of orkctl from start to exit."""

import os

import budgets
from bench import Bench
from daemon import median_of, write_keys
from figures import spread
from processes import Failed


def measure_ready(bench: Bench) -> None:
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


def measure_status(bench: Bench) -> None:
    """`orkctl status` beside an idle daemon, from start to exit."""
    daemon = bench.daemon("status", pinned=False)
    daemon.time_command("status", times=3)
    taken = daemon.time_command("status")
    nothing = median_of("/bin/true")
    bench.report.add("status", f"orkctl status, start to exit (/bin/true the same way: {nothing:.1f} ms)", taken, "ms",
                     must=budgets.STATUS_MS, noise=3)
    print(f"\norkctl status: {spread(taken)} ms, {len(taken)} runs", flush=True)
    daemon.finish(bench.report, "status")
