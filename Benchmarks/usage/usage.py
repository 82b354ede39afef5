#!/usr/bin/env python3
"""`orkctl usage` on ten million stored requests, and what becomes of them when they are too old.

Fills the ledger of the built orkd, lets it add up what it finds, and then looks from outside: how long `orkctl usage`
takes and whether it says what a sum over the raw rows says, also while requests are served; how large the database is;
and that `orkctl cleanup`, killed in the middle again and again, changes no sum and no balance and keeps callers waiting
for nothing. Programs are taken from ORK_BIN_DIR, else .build/release. Exit status: 0 within every limit, 1 above one,
2 could not be measured.
"""

import sys

sys.dont_write_bytecode = True

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
from datetime import datetime, timezone

HERE = os.path.dirname(os.path.abspath(__file__))
for place in ("gateway", "exhaustion"):
    sys.path.append(os.path.join(os.path.dirname(HERE), place))

import brute
import callers
import fill
from daemon import Daemon, pool_key
from processes import Failed, Processes

# Done when 8 of the money: start to exit of the command.
USAGE_MS = 100
# What a caller may wait more while old rows are removed.
SLOWER_MS = 10
RATE = 50
KILLS = 5


def rfc3339(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03}Z"


class Run:
    def __init__(self, options: argparse.Namespace, directory: str):
        self.options, self.directory = options, directory
        self.processes = Processes(directory)
        self.over: list[str] = []
        program = os.path.join(HERE, "..", "exhaustion", "upstream.py")
        upstream = self.processes.start("upstream", [sys.executable, program, "5"], output=subprocess.PIPE)
        self.daemon = Daemon(self.processes, options.programs, int(upstream.stdout.readline()), "usage")
        self.database = os.path.join(self.daemon.directory, "state", "orkd.db")

    def figure(self, name: str, value: float, unit: str, most: float | None = None) -> None:
        is_over = most is not None and not value <= most
        bound = f" (at most {most:g})" if most is not None else ""
        print(f"{'OVER ' if is_over else '     '}{name}: {value:.4g} {unit}{bound}", flush=True)
        if is_over:
            self.over.append(name)

    def holds(self, name: str, truth: bool) -> None:
        print(f"{'     ' if truth else 'WRONG'} {name}: {'yes' if truth else 'no'}", flush=True)
        if not truth:
            self.over.append(name)

    def prepare(self) -> None:
        size = fill.Size(self.options.requests, 1000, 200, 50, self.options.per_commit, 31)
        self.daemon.start()
        self.daemon.set_up(metered=False)
        keys = os.path.join(self.daemon.directory, "keys.txt")
        with open(keys, "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.writelines(pool_key(number) + "\n" for number in range(1, size.keys))
        self.daemon.control("keys", "import", keys)
        self.daemon.stop()
        empty = os.path.getsize(self.database)
        begin = time.monotonic()
        # The newest is as old as a minute: what comes while we measure is newer.
        self.end = int(time.time() * 1000) - 60_000
        fill.fill(self.database, size, self.end)
        print(f"     {self.options.requests} requests written in {time.monotonic() - begin:.0f} s", flush=True)
        taken = self.daemon.start(patience=3600)
        self.figure("start that reads and adds up every row of them", taken, "s")
        self.daemon.stop()
        with sqlite3.connect(self.database) as database:
            self.figure("sums by hour", database.execute("SELECT count(*) FROM usage_hour").fetchone()[0], "rows")
            self.figure("sums by day", database.execute("SELECT count(*) FROM usage_day").fetchone()[0], "rows")
        grown = os.path.getsize(self.database) - empty
        self.figure("database per million requests", grown / 2**20 / (self.options.requests / 1e6), "MiB")
        self.figure("start after a clean stop", self.daemon.start(patience=60), "s")

    def usage(self, *arguments: str) -> list[dict]:
        return json.loads(self.daemon.control("usage", *arguments, "--limit", "none", "-o", "json"))["items"]

    def is_exact(self, since: int, until: int) -> bool:
        told = {row["id"]: [row[field] for field in brute.FIELDS]
                for row in self.usage("--by", "client", "--since", rfc3339(since), "--until", rfc3339(until))}
        return told == brute.by_client(self.database, since, until)

    def fast(self, name: str) -> None:
        taken = self.daemon.time_command("usage", "--by", "client", "--since", "30d", times=self.options.times)
        self.figure(f"usage --by client --since 30d, start to exit, {name}: median", statistics.median(taken), "ms",
                    most=USAGE_MS)
        self.figure(f"the slowest of {len(taken)}, {name}", max(taken), "ms")

    def query(self) -> None:
        # Ends within hours, days apart.
        since, until = self.end - 30 * fill.DAY + 1_234_567, self.end - 7_654_321
        self.fast("nothing else going on")
        days = (until - since) / fill.DAY
        self.holds(f"equal to the sum over the raw rows of {days:.2f} days", self.is_exact(since, until))
        stop = self.traffic()
        time.sleep(2)
        self.fast(f"while {RATE} requests a second are served")
        # Up to a time before which everything is written: the other sum is made later.
        until = int(time.time() * 1000) - 500
        self.holds("equal, up to the last second, while requests are served", self.is_exact(since, until))
        waits = stop()
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            size = database.execute("SELECT 1.0 * sum(length(body)) / sum(count) FROM request_batch").fetchone()[0]
        self.figure("beside it, for 30 days: the record of a request, with its decisions", size, "bytes")
        self.figure("answers meanwhile, median", statistics.median(waits) * 1000, "ms")
        for group in ("key", "model", "user", "day"):
            taken = self.daemon.time_command("usage", "--by", group, "--since", "30d", times=5)
            self.figure(f"usage --by {group} --since 30d, median", statistics.median(taken), "ms")

    def traffic(self):
        """Requests at an even pace until the returned function is called; it returns what each took, in seconds."""
        taken, failures, ended = [], [], threading.Event()

        def serve() -> None:
            try:
                while not ended.is_set():
                    taken.extend(asyncio.run(callers.probe(self.daemon.port, self.daemon.key, RATE, 1)))
            except (OSError, RuntimeError, asyncio.IncompleteReadError) as error:
                failures.append(error)

        thread = threading.Thread(target=serve)
        thread.start()

        def stop() -> list[float]:
            ended.set()
            thread.join()
            if failures:
                raise Failed(f"a caller was not served: {failures[0]}")
            return taken

        return stop

    def picture(self) -> tuple:
        """What pruning must not change: sums of whole hours, balances."""
        hour = 3_600_000
        since, until = (self.end - 30 * fill.DAY) // hour * hour, (self.end - 2 * hour) // hour * hour
        span = ("--since", rfc3339(since), "--until", rfc3339(until))
        groups = ("client", "key", "model", "user", "day", "hour")
        return [self.usage("--by", group, *span) for group in groups], self.balances()

    def prune(self) -> None:
        alone = self.measured(5)
        self.daemon.stop()
        self.daemon.start(patience=60)
        before = self.picture()
        self.daemon.stop()
        self.daemon.environment["ORKD_STATE_LEDGER_DAYS"] = "20"
        chance = random.Random(1)
        for _ in range(KILLS):
            self.daemon.start(patience=60)
            cleaning = subprocess.Popen(
                self.daemon.command("cleanup", "--class", "ledger"), env=self.daemon.environment,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.05, self.options.longest))
            os.kill(self.daemon.pid, signal.SIGKILL)
            cleaning.wait()
            self.daemon.process.wait()
            self.processes.stop(self.daemon.process)
            print(f"     killed in the middle; {self.judge()}", flush=True)
        self.daemon.start(patience=60)
        left = json.loads(self.daemon.control("cleanup", "--class", "ledger", "--dry-run", "-o", "json"))
        self.figure("postings left to remove", left["item"]["classes"]["ledger"], "")
        stop = self.traffic()
        begin = time.monotonic()
        done = json.loads(self.daemon.control("cleanup", "--class", "ledger", "-o", "json", patience=3600))
        self.figure("the rest is removed in", time.monotonic() - begin, "s")
        waits = stop()
        self.holds("as many as the dry run said", done["item"]["classes"] == left["item"]["classes"])
        if waits:
            self.figure("answers meanwhile, slowest, above the slowest before", (max(waits) - max(alone)) * 1000, "ms",
                        most=SLOWER_MS)
        self.holds("sums and balances are as before", self.picture()[0] == before[0])
        self.daemon.stop()
        print(f"     {self.judge()}", flush=True)
        self.holds("balances are as before", self.balances() == before[1])

    def balances(self) -> list[tuple]:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(
                "SELECT user_id, free, held FROM balance WHERE user_id != 0 ORDER BY user_id").fetchall()

    def judge(self) -> str:
        """The independent reader's word; it fails when a row does not follow."""
        reader = os.path.join(HERE, "..", "..", "Tests", "crash", "ledger.py")
        done = subprocess.run([sys.executable, reader, self.database, "--chain"], capture_output=True, text=True)
        self.holds("the rest is verifiable from its checkpoint", done.returncode == 0)
        return done.stdout.strip() or done.stderr.strip()

    def measured(self, seconds: float) -> list[float]:
        stop = self.traffic()
        time.sleep(seconds)
        return stop()


def end(number: int, _) -> None:
    raise KeyboardInterrupt(f"signal {number}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=10_000_000)
    parser.add_argument("--per-commit", type=int, default=8, help="requests in one row of the ledger")
    parser.add_argument("--times", type=int, default=20, help="how often the command is measured")
    parser.add_argument("--longest", type=float, default=2, help="seconds of cleaning before a kill, at most")
    parser.add_argument("--only", choices=["query", "prune"])
    parser.add_argument("--directory", default=tempfile.gettempdir(), help="where the database is written and removed")
    built = os.path.join(HERE, "..", "..", ".build", "release")
    parser.add_argument("--programs", default=os.environ.get("ORK_BIN_DIR", built))
    options = parser.parse_args()
    options.programs = os.path.abspath(options.programs)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    directory = tempfile.mkdtemp(prefix="ork-usage-", dir=options.directory)
    run = Run(options, directory)
    try:
        run.prepare()
        if options.only != "prune":
            run.query()
        if options.only != "query":
            run.prune()
    except (Failed, OSError, ValueError, RuntimeError, sqlite3.Error, subprocess.SubprocessError) as error:
        print(f"usage: {error}", file=sys.stderr)
        return 2
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        run.processes.stop_all()
        shutil.rmtree(directory, ignore_errors=True)
    return 1 if run.over else 0


if __name__ == "__main__":
    sys.exit(main())
