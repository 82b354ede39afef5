#!/usr/bin/env python3
"""CPU, latency and memory that orkd adds, beside nginx and haproxy in the same run.

Starts everything it measures, on loopback only: an upstream that answers at once, nginx and haproxy as plain
proxies, and the built orkd with everything on: authentication, records, commits that are synced to a disk. Every
proxy has one core, upstream and load generator share another. docs/performance.md says what is measured and how.

Programs are taken from ORK_BIN_DIR, else .build/release. Exit status: 0 within every limit, 1 above one (or worse
than the baseline), 2 could not be measured.
"""

import sys

sys.dont_write_bytecode = True

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time

import baseline
import comparison
import imports
import machine
import memory
import sick
import start
from bench import Bench
from figures import Report
from processes import Failed
from workloads import WORKLOADS

STAGES = {
    "memory": memory.measure, "status": start.measure_status, "ready": start.measure_ready, "import": imports.measure,
    "sick": sick.measure,
}
CONTENDERS = ["nginx", "haproxy", "orkd"]
LONGEST_RUN = 2400
"""Seconds; whatever happens, it ends then."""


def read_options() -> argparse.Namespace:
    root = os.path.dirname(os.path.dirname(machine.HERE))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: under two minutes")
    parser.add_argument("--only", action="append", metavar="NAME", choices=[*WORKLOADS, *STAGES],
                        help=f"only this (repeatable): {', '.join([*WORKLOADS, *STAGES])}")
    parser.add_argument("--contenders", type=lambda text: text.split(","), default=CONTENDERS, metavar="A,B",
                        help="some of nginx,haproxy,orkd")
    parser.add_argument("--rounds", type=int, help="rounds of every workload (5; quick: 3)")
    parser.add_argument("--patience", type=float, metavar="SECONDS",
                        help="how long to take disturbed samples again, in all (120; quick: 20)")
    parser.add_argument("--cores", type=lambda text: [int(core) for core in text.split(",")], metavar="P,L",
                        help="core of the proxies, core of upstream and load generator")
    parser.add_argument("--directory", default="/var/tmp", help="where state is written; must be on a disk")
    parser.add_argument("--house", action="store_true",
                        help="the client belongs to nobody: no credits, no limits; also for programs from before users")
    parser.add_argument("--json", metavar="FILE", help="write every figure and sample")
    parser.add_argument("--save", metavar="FILE", help="keep the figures as a baseline")
    parser.add_argument("--compare", metavar="FILE", help="fail when a figure is worse than in this baseline")
    parser.add_argument("--tolerance", type=float, default=baseline.TOLERANCE, metavar="PART",
                        help="how much above the baseline is still as good (default %(default)s)")
    parser.add_argument("--verbose", action="store_true", help="print every sample")
    options = parser.parse_args()
    options.programs = os.environ.get("ORK_BIN_DIR") or os.path.join(root, ".build", "release")
    options.rounds = options.rounds or (3 if options.quick else 5)
    if options.patience is None:
        options.patience = 20 if options.quick else 120
    options.cores = options.cores or sorted(os.sched_getaffinity(0))[:2]
    options.only = options.only or [*WORKLOADS, *STAGES]
    return options


def check(options: argparse.Namespace) -> None:
    """Says what is missing before anything is started."""
    if unknown := set(options.contenders) - set(CONTENDERS):
        raise Failed(f"unknown contender: {', '.join(sorted(unknown))}")
    if len(options.cores) != 2:
        raise Failed("two cores are needed: one for the proxies, one for the load")
    wanted = {"cc", "taskset"} | {name for name in options.contenders if name != "orkd"}
    if missing := sorted(name for name in wanted if not shutil.which(name)):
        raise Failed(f"not installed: {', '.join(missing)}; scripts/setup bench installs them on Debian")
    if "orkd" in options.contenders:
        for name in ("orkd", "orkctl"):
            if not os.access(os.path.join(options.programs, name), os.X_OK):
                raise Failed(f"{name} is not in {options.programs}: build it (make bench does), or set ORK_BIN_DIR")
    kind, _ = machine.file_system(options.directory)
    if kind in machine.NOT_DISKS:
        raise Failed(f"{options.directory} is on {kind}, not on a disk: choose another --directory")


def measure(bench: Bench) -> None:
    bench.build()
    bench.start_upstream()
    workloads = [workload for name, workload in WORKLOADS.items() if name in bench.options.only]
    if workloads:
        comparison.compare(bench, workloads)
    for name, stage in STAGES.items():
        # Only memory is told of the others too.
        if name in bench.options.only and (name == "memory" or "orkd" in bench.options.contenders):
            stage(bench)


def print_facts(facts: dict, options: argparse.Namespace) -> None:
    print(f"# Gateway benchmark, {facts['date']}, commit {facts['commit']}\n")
    print(f"{facts['processor']}, {facts['cores']} cores, Linux {facts['kernel']}; nginx {facts['nginx']}, "
          f"haproxy {facts['haproxy']}")
    print(f"State in {options.directory} on {facts['state_file_system']} ({facts['state_device']}), a disk: "
          f"one fdatasync {facts['fdatasync_ms']} ms", flush=True)


def give_out(report: Report, options: argparse.Namespace) -> int:
    """Prints and keeps the result; returns the exit status."""
    report.print_figures()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            figures = [vars(f) | {"over": f.is_over} for f in report.figures]
            json.dump({"schema": "ork.bench/1", "machine": report.facts, "figures": figures,
                       "samples": report.samples}, file, indent=1)
    if options.save:
        baseline.save(report, options.save)
    worse = baseline.compare(report, options.baseline, options.tolerance) if options.compare else 0
    for figure in report.over:
        print(f"over: {figure.text}: {figure.value:.4g} {figure.unit} (must {figure.limit})", file=sys.stderr)
    return 1 if report.over or worse else 0


def end(number: int, frame) -> None:
    raise Failed("the time for a run is over" if number == signal.SIGALRM else "ended by a signal")


def main() -> int:
    options = read_options()
    report = Report()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, end)
    signal.alarm(LONGEST_RUN)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    bench = None
    directory = None
    try:
        check(options)
        if options.compare:
            options.baseline = baseline.load(options.compare)
        directory = tempfile.mkdtemp(prefix="ork-bench-", dir=options.directory)
        begin = time.monotonic()
        report.facts = machine.facts(directory)
        report.facts["command"] = " ".join(sys.argv[1:])
        print_facts(report.facts, options)
        bench = Bench(options, directory, report)
        measure(bench)
        print(f"\nmeasured in {time.monotonic() - begin:.0f} s")
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130
    except (Failed, OSError, ValueError, subprocess.SubprocessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    finally:
        # A second Ctrl-C must not leave half of them running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.alarm(0)
        if bench:
            bench.processes.stop_all()
        if directory:
            shutil.rmtree(directory, ignore_errors=True)
    return give_out(report, options)


if __name__ == "__main__":
    sys.exit(main())
