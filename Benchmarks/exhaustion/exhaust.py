#!/usr/bin/env python3
"""What orkd does when callers take all there is: thousands that never read, and ten times what it can serve.

Starts an upstream and the built orkd on loopback and measures them from outside. Programs are taken from ORK_BIN_DIR,
else .build/release. Exit status: 0 within every limit, 1 above one, 2 could not be measured.
"""

import sys

sys.dont_write_bytecode = True

import argparse
import asyncio
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(HERE), "gateway"))

import callers
import machine
from daemon import Daemon
from processes import Failed, Processes

# Done when 3 of the edge: per stalled reader, of the others, of refusals, of the whole.
STALLED_KIB = 64
SLOWER = 1.5
GOODPUT = 0.85
REFUSAL_MS = 50
RECOVERY_SECONDS = 5
CEILING_MIB = 512
LONGEST_RUN = 540


class Exhaustion:
    def __init__(self, options: argparse.Namespace, directory: str):
        self.options, self.directory = options, directory
        self.processes = Processes(directory)
        self.over: list[str] = []

    def start(self, name: str, latency: int, settings: dict[str, str]) -> Daemon:
        upstream = self.processes.start(f"{name}-upstream", [sys.executable, os.path.join(HERE, "upstream.py"),
                                                             str(latency)], output=subprocess.PIPE)
        daemon = Daemon(self.processes, self.options.programs, int(upstream.stdout.readline()), name)
        daemon.environment |= {f"ORKD_{setting}": value for setting, value in settings.items()}
        daemon.start()
        daemon.set_up(metered=False)
        return daemon

    def figure(self, text: str, value: float, unit: str, most: float | None = None, least: float | None = None) -> None:
        is_over = not (most is None or value <= most) or not (least is None or value >= least)
        bound = f" (at most {most:g})" if most is not None else f" (at least {least:g})" if least is not None else ""
        print(f"{'OVER ' if is_over else '     '}{text}: {value:.4g} {unit}{bound}", flush=True)
        if is_over:
            self.over.append(text)

    def stalled_readers(self) -> None:
        count = self.options.readers
        print(f"\n## {count} readers that never read", flush=True)
        daemon = self.start("stalled", 0, {"PROXY_WRITE_IDLE": f"{self.options.deadline}s"})
        warm = asyncio.run(callers.probe(daemon.port, daemon.key, 200, 2))
        alone = asyncio.run(callers.probe(daemon.port, daemon.key, 200, self.options.seconds))
        before, kernel = machine.resident_kib(daemon.pid), kernel_kib()
        begin = time.monotonic()
        stalled = callers.stall(daemon.port, daemon.key, count)
        while daemon.status()["traffic"]["streams"] < count:
            if time.monotonic() - begin > self.options.deadline - self.options.seconds:
                raise Failed("the streams do not begin in time")
            time.sleep(0.5)
        opened = time.monotonic()
        print(f"     all streams have begun after {opened - begin:.1f} s", flush=True)
        # Until nothing moves any more: every stream has filled what it may.
        settle(lambda: machine.resident_kib(daemon.pid))
        self.figure("user memory each", (machine.resident_kib(daemon.pid) - before) / count, "KiB", most=STALLED_KIB)
        self.figure("kernel memory each, of all four ends", (kernel_kib() - kernel) / count, "KiB")
        beside = asyncio.run(callers.probe(daemon.port, daemon.key, 200, self.options.seconds))
        ratio = callers.percentile(beside, 0.99) / callers.percentile(alone, 0.99)
        print(f"     others: p99 {callers.percentile(alone, 0.99) * 1000:.2f} ms alone, "
              f"{callers.percentile(beside, 0.99) * 1000:.2f} ms beside them; p50 "
              f"{callers.percentile(alone, 0.5) * 1000:.2f} and {callers.percentile(beside, 0.5) * 1000:.2f} ms")
        self.figure("others' p99, times that alone", ratio, "", most=SLOWER)
        while (left := daemon.status()["traffic"]["in_flight"]) and time.monotonic() - opened < 3 * self.options.deadline:
            time.sleep(0.5)
        self.figure("the last stalled reader was ended after", time.monotonic() - opened, "s",
                    most=self.options.deadline + 5)
        self.figure("streams left", left, "", most=0)
        for caller in stalled:
            caller.close()
        ended = daemon.control("requests", "list", "--limit", "none", "-o", "csv").splitlines()
        place = ended[0].split(",").index("end")
        self.figure("recorded as stalled", sum(line.split(",")[place] == "stalled" for line in ended[1:]), "",
                    least=count)
        self.figure("requests of the others", len(warm) + len(alone) + len(beside), "")
        daemon.stop()

    def overload(self) -> None:
        callers_at_once, latency = 50, 500
        print(f"\n## Ten times what {callers_at_once} connections can serve", flush=True)
        daemon = self.start("overload", latency, {
            "PROXY_MAX_CONNECTIONS": str(callers_at_once), "PROXY_MEMORY_LIMIT": f"{CEILING_MIB}MiB"})
        calm = asyncio.run(callers.offer(daemon.port, daemon.key, 20, 5))
        full = asyncio.run(callers.fill(daemon.port, daemon.key, callers_at_once, 10))
        capacity = len(full.served) / 10
        self.figure("capacity", capacity, "requests/s")
        highest = Highest(lambda: machine.resident_kib(daemon.pid))
        offered = asyncio.run(callers.offer(daemon.port, daemon.key, 10 * capacity, self.options.overload))
        end = time.monotonic()
        self.figure("offered", offered.offered / self.options.overload, "requests/s")
        self.figure("goodput, part of the capacity", len(offered.served) / self.options.overload / capacity, "",
                    least=GOODPUT)
        self.figure("refused with 503 and Retry-After", len(offered.refused), "")
        self.figure("neither served nor refused in words, part of all", offered.other / max(1, offered.offered), "",
                    most=0.001)
        self.figure("not offered in time", offered.unmade, "", most=0)
        self.figure("refusals' p99", callers.percentile(offered.refused, 0.99) * 1000, "ms", most=REFUSAL_MS)
        self.figure("served, p99", callers.percentile(offered.served, 0.99) * 1000, "ms")
        self.figure("memory at its highest", highest.stop() / 1024, "MiB", most=CEILING_MIB)
        usual = callers.percentile(calm.served, 0.5)
        while time.monotonic() - end < 30:
            after = asyncio.run(callers.offer(daemon.port, daemon.key, 0.5 * capacity, 1))
            if not after.refused and not after.other and callers.percentile(after.served, 0.99) < 1.2 * usual:
                break
        self.figure("back to normal after, the looking included", time.monotonic() - end, "s", most=RECOVERY_SECONDS)
        daemon.stop()


class Highest:
    """The highest of what is looked at ten times a second."""

    def __init__(self, look):
        self.look, self.value, self.is_over = look, 0, threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        while not self.is_over.wait(0.1):
            self.value = max(self.value, self.look())

    def stop(self) -> float:
        self.is_over.set()
        self.thread.join()
        return self.value


def settle(look, patience: float = 10) -> None:
    """Waits until a value has not grown for a second."""
    last, since, end = look(), time.monotonic(), time.monotonic() + patience
    while time.monotonic() - since < 1 and time.monotonic() < end:
        time.sleep(0.1)
        if (now := look()) > last:
            last, since = now, time.monotonic()


def kernel_kib() -> float:
    """Memory of all TCP sockets of this machine (proc(5), sockstat)."""
    with open("/proc/net/sockstat", encoding="ascii") as file:
        for line in file:
            if line.startswith("TCP:"):
                return int(line.split()[-1]) * os.sysconf("SC_PAGESIZE") / 1024
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["stalled", "overload"], help="one of the two")
    parser.add_argument("--readers", type=int, default=8000, help="stalled readers (default %(default)s)")
    parser.add_argument("--deadline", type=int, default=60, help="proxy.write_idle, seconds (default %(default)s)")
    parser.add_argument("--seconds", type=int, default=15, help="for which others are probed (default %(default)s)")
    parser.add_argument("--overload", type=int, default=60, help="seconds of ten times (default %(default)s)")
    parser.add_argument("--directory", default="/var/tmp", help="where state is written")
    options = parser.parse_args()
    root = os.path.dirname(os.path.dirname(HERE))
    options.programs = os.environ.get("ORK_BIN_DIR") or os.path.join(root, ".build", "release")
    return options


def end(number: int, frame) -> None:
    raise Failed("the time for a run is over" if number == signal.SIGALRM else "ended by a signal")


def main() -> int:
    options = read_options()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, end)
    signal.alarm(LONGEST_RUN)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    directory = tempfile.mkdtemp(prefix="ork-exhaust-", dir=options.directory)
    run = Exhaustion(options, directory)
    try:
        if options.only != "overload":
            run.stalled_readers()
        if options.only != "stalled":
            run.overload()
    except (Failed, OSError, ValueError, RuntimeError, subprocess.SubprocessError) as error:
        print(f"exhaust: {error}", file=sys.stderr)
        return 2
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.alarm(0)
        run.processes.stop_all()
        shutil.rmtree(directory, ignore_errors=True)
    return 1 if run.over else 0


if __name__ == "__main__":
    sys.exit(main())
