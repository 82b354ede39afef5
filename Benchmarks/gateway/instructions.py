#!/usr/bin/env python3
"""Instructions that orkd executes in user space for one request or event, counted by callgrind (Debian: valgrind).

The same on a busy machine as on a quiet one, within a percent: small changes are seen here before run.py can tell them
from noise. What the kernel does for orkd is not in it. Programs are taken from ORK_BIN_DIR, else .build/release. Exit
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


def count(bench: Bench, workload: Workload, times: int) -> tuple[int, int]:
    """Units served and instructions executed, from the start to the end of a daemon that is loaded so many times."""
    daemon = Daemon(bench.processes, bench.directory, bench.upstream, f"orkd-{workload.name}-{times}")
    result = os.path.join(bench.directory, f"{workload.name}.{times}")
    # orkd starts itself anew once, for the sake of its environment.
    daemon.wrapper = ["valgrind", "--tool=callgrind", "--trace-children=yes", f"--callgrind-out-file={result}"]
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
        totals = [int(found[1]) for found in (re.match(r"(?:totals|summary): (\d+)$", line) for line in file) if found]
    if not totals:
        raise Failed("callgrind counted nothing")
    return units, max(totals)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=[workload.name for workload in WORKLOADS])
    parser.add_argument("--house", action="store_true", help="the client belongs to nobody: no credits, no limits")
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
        for workload in WORKLOADS:
            if options.only and workload.name not in options.only:
                continue
            (fewer, less), (more, all_of_them) = (count(bench, workload, times) for times in (1, 3))
            print(f"{workload.name}  {(all_of_them - less) / (more - fewer):,.0f} instructions per {workload.unit}  "
                  f"({workload.text}; {more - fewer} of them)", flush=True)
        return 0
    except (Failed, OSError, subprocess.CalledProcessError) as error:
        print(f"instructions: {error}", file=sys.stderr)
        return 2
    finally:
        bench.processes.stop_all()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
