"""An import of a hundred thousand keys while requests are being served."""

import json
import os
import signal
import statistics
import time

import budgets
from bench import Bench
from daemon import Daemon, write_keys
from figures import table
from processes import Failed

BEFORE_SECONDS = 4
REQUEST_LOG = "import-requests"


def measure(bench: Bench) -> None:
    keys = os.path.join(bench.directory, "import-keys.txt")
    write_keys(keys, budgets.IMPORT_KEYS)
    runs = []
    for turn in range(1 if bench.quick else 5):
        daemon = bench.daemon(f"import{turn + 1}", pinned=False)
        run = import_once(bench, daemon, keys)
        runs.append(run)
        if bench.verbose:
            print(f"  import {turn + 1}: {run}", flush=True)
        daemon.finish(bench.report, f"import{turn + 1}")
    bench.report.samples["import"] = runs
    add_figures(bench, runs)
    print(f"\n## Import of {budgets.IMPORT_KEYS} keys at {budgets.IMPORT_RATE} requests/s\n")
    print(table(["run", "import s", "p99 before ms", "p99 during ms", "slowest ms", "requests during", "errors",
                 "keys list --limit 20 ms"],
                [[str(i + 1), f"{run['seconds']:.2f}", f"{run['p99_before']:.2f}", f"{run['p99_during']:.2f}",
                  f"{run['slowest']:.2f}", str(run["requests_during"]), str(run["errors"]),
                  f"{statistics.median(run['list']):.1f}"] for i, run in enumerate(runs)]), flush=True)


def import_once(bench: Bench, daemon: Daemon, keys: str) -> dict:
    log = os.path.join(bench.directory, REQUEST_LOG)
    load = bench.start_load(daemon, ["-c", "64", "-r", str(budgets.IMPORT_RATE), "-d", "90", "-l", log])
    time.sleep(BEFORE_SECONDS)
    begin = time.monotonic_ns()
    report = json.loads(daemon.control("keys", "import", keys, "-o", "json"))
    end = time.monotonic_ns()
    time.sleep(0.5)
    load.send_signal(signal.SIGTERM)
    sample = bench.end_load(load, daemon)
    if report["counts"]["added"] != budgets.IMPORT_KEYS:
        raise Failed(f"the import added {report['counts']}, not {budgets.IMPORT_KEYS}")
    # The first half second fills pools; a request is of the import when it ran at any time of it.
    requests = read_log(log)
    first = requests[0][0] + 500_000_000
    before = [taken for at, taken in requests if first <= at and at + taken < begin]
    during = [taken for at, taken in requests if at < end and at + taken >= begin]
    return {
        "seconds": (end - begin) / 1e9, "errors": sample["errors"], "requests_during": len(during),
        "p99_before": percentile(before, 0.99), "p99_during": percentile(during, 0.99), "slowest": max(during) / 1e6,
        "list": daemon.time_command("keys", "list", "--limit", "20"),
    }


def add_figures(bench: Bench, runs: list[dict]) -> None:
    def median(name: str) -> float:
        return statistics.median(run[name] for run in runs)

    report, keys = bench.report, budgets.IMPORT_KEYS
    report.add("import.seconds", f"import of {keys} keys", [run["seconds"] for run in runs], "s",
               must=budgets.IMPORT_SECONDS, noise=0.3)
    report.add("import.p99.before", "p99 before the import", [run["p99_before"] for run in runs], "ms")
    report.add("import.p99.during", "p99 during the import", [run["p99_during"] for run in runs], "ms",
               must=budgets.import_p99_ms(median("p99_before")), noise=1)
    report.add_count("import.errors", "errors while importing", sum(run["errors"] for run in runs))
    report.add("import.list", f"keys list --limit 20 with {keys} keys", [t for run in runs for t in run["list"]], "ms",
               must=budgets.LIST_MS, noise=5)


def read_log(path: str) -> list[tuple[int, int]]:
    """When requests were due and how long they took, nanoseconds, in the order of their time."""
    with open(path, encoding="ascii") as file:
        rows = [line.split() for line in file]
    os.unlink(path)
    if not rows:
        raise Failed("no request was answered")
    return sorted((int(at), int(taken)) for at, taken, _ in rows)


def percentile(nanoseconds: list[int], part: float) -> float:
    """Milliseconds."""
    if not nanoseconds:
        raise Failed("no request fell into the time that was to be measured")
    return sorted(nanoseconds)[int((len(nanoseconds) - 1) * part)] / 1e6
