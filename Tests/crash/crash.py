#!/usr/bin/env python3
"""Kills orkd under load, again and again, and judges what its ledger says afterwards.

Twenty callers, most of them on streams, ask without a pause; orkd is killed with SIGKILL at a random moment while at
least one request is in flight, and started again on the same state. --cuts cuts the power of its disk, --fills fills it
for a while, --faults has system calls fail. In the end an independent reader compares the ledger with the upstream's
bills and with what the callers saw. Programs are taken from ORK_BIN_DIR, else .build/release. Exit status: 0 nothing
missing, 1 something is, 2 it could not be found out. With --without a debug build leaves a safeguard out, and 0 means
that something is missing.
"""

import sys

sys.dont_write_bytecode = True

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.append(os.path.join(ROOT, "Benchmarks", "gateway"))

from callers import Callers
from daemon import Daemon
from judge import judge
from power import Disk
from processes import Failed, Processes

CALLERS = 20
# Of FailPoint.swift; how many passings at most lie between two deaths.
POINTS = {
    "after-auth": 300, "after-reserve": 300, "before-connect": 300, "after-upstream-head": 300, "mid-stream": 600,
    "before-settle": 300, "before-commit": 100, "after-commit": 100, "before-last-byte": 300, "after-last-byte": 300,
}


CALLS = ["pwrite64", "fdatasync", "fsync", "ftruncate", "openat", "renameat"]
RECOVERY = 5
"""Seconds from room on the disk to the first answer."""


class Wrong(Exception):
    """A promise was seen broken."""


class Crashes:
    def __init__(self, options: argparse.Namespace, directory: str):
        self.options = options
        self.chance = random.Random(options.seed)
        self.processes = Processes(directory)
        self.bills = os.path.join(directory, "bills")
        upstream = self.processes.start("upstream", [sys.executable, os.path.join(HERE, "upstream.py"), self.bills],
                                        output=subprocess.PIPE)
        self.daemon = Daemon(self.processes, options.programs, int(upstream.stdout.readline()), "orkd")
        self.disk = None
        self.refusals: list[float] = []
        self.recoveries: list[float] = []
        if options.cuts or options.fills:
            self.disk = Disk(os.path.join(directory, "disk.img"), os.path.join(self.daemon.directory, "state"))
        if options.without:
            self.daemon.environment["ORKD_WITHOUT"] = options.without
        self.ready: list[float] = [self.daemon.start()]
        self.daemon.set_up()

    async def run(self) -> None:
        callers, over = Callers(self.daemon.port, self.daemon.key), asyncio.Event()
        self.callers = callers
        load = asyncio.create_task(callers.run(CALLERS, over))
        for _ in range(self.options.kills):
            await self.some_time()
            self.kill()
            self.ready.append(await asyncio.to_thread(self.daemon.start))
        for _ in range(self.options.cuts):
            await self.some_time()
            self.cut()
            self.ready.append(await asyncio.to_thread(self.daemon.start))
        for _ in range(self.options.fills):
            await self.some_time()
            await self.fill()
        for _ in range(self.options.faults):
            await self.fail()
        for point, passings in POINTS.items():
            for _ in range(self.options.points):
                await self.die_at(point, self.chance.randint(1, passings))
        await asyncio.sleep(0.3)
        over.set()
        await load

    async def some_time(self) -> None:
        """Ends while a request is in flight."""
        await asyncio.sleep(self.chance.uniform(0.3, 2.0) * self.options.pace)
        while self.callers.in_flight == 0:
            await asyncio.sleep(0)

    def kill(self) -> None:
        self.daemon.process.send_signal(signal.SIGKILL)
        self.daemon.process.wait()
        self.processes.stop(self.daemon.process)

    def cut(self) -> None:
        """orkd must not speak once the disk is gone, as it could not without power: so it is killed first, and the disk
        goes while what it was writing is still under way."""
        self.daemon.process.send_signal(signal.SIGKILL)
        self.disk.cut()
        self.kill()
        self.disk.unmount()
        self.disk.mount()

    async def fill(self) -> None:
        """The disk is full for a while; afterwards orkd must serve again without a restart."""
        begun = time.monotonic()
        self.disk.fill()
        await asyncio.sleep(self.chance.uniform(0.5, 2))
        self.disk.free()
        freed = time.monotonic()
        self.refusals += [seen.took for seen in self.callers.seen if seen.begun >= begun and seen.status == 503]
        while not any(seen.complete and seen.begun >= freed for seen in self.callers.seen[-1000:]):
            if time.monotonic() > freed + RECOVERY:
                raise Wrong(f"orkd does not serve {RECOVERY} s after there was room again")
            await asyncio.sleep(0.01)
        self.recoveries.append(time.monotonic() - freed)

    async def fail(self) -> None:
        """One system call fails, once or from then on. orkd may stop; it must not say what is not so."""
        call, error = self.chance.choice(CALLS), self.chance.choice(["EIO", "ENOSPC"])
        when = f"{self.chance.randint(1, 200)}{self.chance.choice(['', '+'])}"
        await asyncio.to_thread(self.daemon.stop)
        self.daemon.wrapper = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                               "-e", f"inject={call}:error={error}:when={when}"]
        try:
            await asyncio.to_thread(self.daemon.start)
            await asyncio.sleep(self.chance.uniform(0.5, 2) * self.options.pace)
        except Failed:
            # That it does not start on such a disk is right.
            pass
        finally:
            self.daemon.wrapper = []
        process = self.daemon.process
        with contextlib.suppress(OSError):
            with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as children:
                for child in children.read().split():
                    os.kill(int(child), signal.SIGKILL)
        process.wait(20)
        self.processes.stop(process)
        self.ready.append(await asyncio.to_thread(self.daemon.start))

    async def die_at(self, point: str, passing: int) -> None:
        """Has the daemon die at one of its fail points, and starts it again without one."""
        await asyncio.to_thread(self.daemon.stop)
        self.daemon.environment["ORKD_FAIL_POINT"] = f"{point}:{passing}"
        try:
            await asyncio.to_thread(self.daemon.start)
        except Failed:
            # Callers do not wait for us to see that it is ready: it may have died before we did.
            if self.daemon.process.poll() != -signal.SIGKILL:
                raise
        finally:
            del self.daemon.environment["ORKD_FAIL_POINT"]
        try:
            await asyncio.to_thread(self.daemon.process.wait, 30)
        except subprocess.TimeoutExpired:
            raise Failed(f"orkd did not die at {point}: is it a debug build?") from None
        self.processes.stop(self.daemon.process)
        self.ready.append(await asyncio.to_thread(self.daemon.start))

    def finish(self) -> int:
        self.daemon.stop()
        database = os.path.join(self.daemon.directory, "state", "orkd.db")
        verdict = judge(database, self.bills, self.callers.seen)
        slowest = sorted(self.ready)[int(len(self.ready) * 0.99)]
        kills = self.options.kills + len(POINTS) * self.options.points
        if self.recoveries:
            waits = sorted(self.refusals)
            print(f"{len(self.recoveries)} full disks: {len(waits)} refused, half of them within "
                  f"{waits[len(waits) // 2] * 1000:.0f} ms, 99 of 100 within {waits[len(waits) * 99 // 100] * 1000:.0f} "
                  f"ms; served again after {max(self.recoveries):.2f} s at most")
        print(f"{kills} kills, {self.options.cuts} power cuts, {self.options.faults} failing calls, seed {self.options.seed}"
              f"{', without ' + self.options.without if self.options.without else ''}: {verdict}; ready again after "
              f"{slowest * 1000:.0f} ms (p99)")
        return 0 if verdict.is_good != bool(self.options.without) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--points", type=int, default=0, help="deaths at each fail point; needs debug programs")
    parser.add_argument("--fills", type=int, default=0, help="times that its disk is full for a while; needs root")
    parser.add_argument("--faults", type=int, default=0, help="system calls that fail, one a start; needs strace")
    parser.add_argument("--cuts", type=int, default=0, help="power cuts of the disk; needs root")
    parser.add_argument("--without", choices=["wait", "sync"], help="negative control; needs debug programs")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--pace", type=float, default=1.0, help="of the time between two kills")
    parser.add_argument("--programs", default=os.environ.get("ORK_BIN_DIR", os.path.join(ROOT, ".build", "release")))
    parser.add_argument("--directory", help="kept; else one that is removed")
    options = parser.parse_args()
    directory = options.directory or tempfile.mkdtemp(prefix="ork-crash-")
    os.makedirs(directory, exist_ok=True)
    crashes = None
    try:
        crashes = Crashes(options, directory)
        asyncio.run(crashes.run())
        return crashes.finish()
    except Wrong as error:
        print(f"crash: {error}", file=sys.stderr)
        return 1
    except (Failed, ValueError, OSError) as error:
        print(f"crash: {error}", file=sys.stderr)
        return 2
    finally:
        if crashes:
            crashes.processes.stop_all()
            if crashes.disk:
                crashes.disk.end()
        if not options.directory:
            shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
