#!/usr/bin/env python3
"""Instructions that orkd executes in user space for one request or event, counted by callgrind (Debian: valgrind).

The same on a busy machine as on a quiet one, within a percent: small changes are seen here before run.py can tell them
from noise. What the kernel does for orkd is not in it. With --cache also the lines that it would miss in a cache of
1 MiB that were its own: what many connections at once go through shows there. Programs are taken from ORK_BIN_DIR, else .build/release. Exit
status 2: could not be counted.
"""

import sys

sys.dont_write_bytecode = True

import argparse
import os
import re
import shutil
import subprocess
import tempfile

from bench import Bench
from daemon import Daemon
from figures import Report
from processes import Failed
from workloads import Workload

# Few connections: valgrind runs one thread at a time, and fifty times slower.
WORKLOADS = [
    Workload("W1", "1 KB request, 1.2 KB JSON answer", ["-c", "16"], seconds=3),
    Workload("W2", "streams of 100 events", ["-c", "20", "-n", "20", "-s", "100", "-g", "10"], events=100),
    Workload("W3", "64 KB request, 1.2 KB JSON answer", ["-c", "16", "-b", "65536"], seconds=3),
]
# As many as run.py has.
MANY = [
    Workload("W1", "1 KB request, 1.2 KB JSON answer, 64 connections", ["-c", "64"], seconds=5),
    Workload("W3", "64 KB request, 1.2 KB JSON answer, 32 connections", ["-c", "32", "-b", "65536"], seconds=5),
]
CACHE = ["--cache-sim=yes", "--I1=32768,8,64", "--D1=32768,8,64", "--LL=1048576,16,64"]


def count(bench: Bench, workload: Workload, times: int) -> tuple[int, int, int]:
    """Units served, instructions executed and lines missed (zero without --cache), from the start to the end of a
    daemon that is loaded so many times."""
    daemon = Daemon(bench.processes, bench.directory, bench.upstream, f"orkd-{workload.name}-{times}")
    result = os.path.join(bench.directory, f"{workload.name}.{times}")
    # orkd starts itself anew once, for the sake of its environment.
    daemon.wrapper = ["valgrind", "--tool=callgrind", "--trace-children=yes", f"--callgrind-out-file={result}",
                      *(CACHE if bench.options.cache else [])]
    daemon.start(patience=120)
    daemon.set_up(not bench.options.house)
    units = 0
    for _ in range(times):
        sample = bench.end_load(bench.start_load(daemon, workload.arguments(quick=False)), daemon)
        if sample["errors"]:
            raise Failed(f"{workload.name}: {sample['errors']} errors")
        units += workload.units(sample)
    daemon.stop()
    with open(result, encoding="utf-8", errors="replace") as file:
        found = (re.match(r"(?:totals|summary): ([\d ]+)$", line) for line in file)
        totals = [[int(number) for number in line[1].split()] for line in found if line]
    if not totals:
        raise Failed("callgrind counted nothing")
    # Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw
    events = max(totals)
    return units, events[0], sum(events[6:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=[workload.name for workload in WORKLOADS])
    parser.add_argument("--house", action="store_true", help="the client belongs to nobody: no credits, no limits")
    parser.add_argument("--cache", action="store_true", help="count the lines missed in a cache of 1 MiB too")
    options = parser.parse_args()
    options.cores, options.quick, options.verbose, options.patience = (0, 1), True, False, 0
    here = os.path.dirname(os.path.abspath(__file__))
    programs = os.environ.get("ORK_BIN_DIR") or os.path.join(here, "..", "..", ".build", "release")
    directory = tempfile.mkdtemp(prefix="ork-ir-", dir="/var/tmp")
    bench = Bench(options, directory, Report())
    try:
        # valgrind 3.19 does not read the debugging information that Swift writes.
        subprocess.run(["objcopy", "--strip-debug", os.path.join(programs, "orkd"), os.path.join(directory, "orkd")],
                       check=True)
        shutil.copy(os.path.join(programs, "orkctl"), directory)
        bench.build()
        bench.start_upstream()
        for workload in MANY if options.cache else WORKLOADS:
            if options.only and workload.name not in options.only:
                continue
            few, many = (count(bench, workload, times) for times in (1, 3))
            units, instructions, lines = (more - less for more, less in zip(many, few))
            cache = f", {lines / units:,.0f} lines missed" if options.cache else ""
            print(f"{workload.name}  {instructions / units:,.0f} instructions per {workload.unit}{cache}  "
                  f"({workload.text}; {units} of them)", flush=True)
        return 0
    except (Failed, OSError, subprocess.CalledProcessError) as error:
        print(f"instructions: {error}", file=sys.stderr)
        return 2
    finally:
        bench.processes.stop_all()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
