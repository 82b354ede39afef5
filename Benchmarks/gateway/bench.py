"""What every stage needs: processes, the upstream, the load generator, and the proxies."""

import json
import os
import resource
import subprocess
import time
import urllib.request

import machine
import proxies
from daemon import Daemon
from figures import Report
from processes import Failed, Processes
from proxies import Contender

SOURCES = {"upstream": ["upstream.c"], "load": ["load.c", "reply.c"]}

# Of two cores, taken by other programs; beyond it a sample says more about the machine than about a contender.
MOST_FOREIGN = 0.05
# Of a core, taken by other threads where a 99th percentile is asked for: beyond a hundredth of the time that is theirs.
MOST_FOREIGN_IN_TAIL = 0.01


class Bench:
    """One run. `core` is the proxies', `load_core` that of upstream and load generator."""

    def __init__(self, options, directory: str, report: Report):
        self.options, self.report = options, report
        self.core, self.load_core = options.cores
        self.processes = Processes(directory)
        self.directory = directory
        self.quick, self.verbose = options.quick, options.verbose
        self.patience = options.patience
        """Seconds that may be spent on waiting for the machine to be quiet."""
        self.repeated = 0

    def build(self) -> None:
        for name, sources in SOURCES.items():
            done = subprocess.run(
                ["cc", "-std=c17", "-O2", "-Wall", "-Wextra", "-o", os.path.join(self.directory, name),
                 *(os.path.join(machine.HERE, source) for source in sources)],
                capture_output=True, text=True, timeout=60)
            if done.returncode != 0:
                raise Failed(f"{name} does not compile:\n{done.stderr}")

    def start_upstream(self) -> None:
        process = self.processes.start("upstream", [os.path.join(self.directory, "upstream")], core=self.load_core,
                                       output=subprocess.PIPE)
        words = process.stdout.readline().split()
        if words[:1] != [b"port"]:
            raise self.processes.explain(process, "the upstream does not start")
        self.upstream, self.upstream_pid = int(words[1]), process.pid

    def upstream_counters(self) -> dict:
        """Connections and POSTs since its start; asking adds a connection."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.upstream}/", timeout=10) as answer:
            return json.load(answer)

    def direct(self) -> Contender:
        return Contender("direct", self.upstream, "sk-direct")

    def proxy(self, name: str) -> Contender:
        """Starts nginx or haproxy."""
        return {"nginx": proxies.nginx, "haproxy": proxies.haproxy}[name](self.processes, self.upstream, self.core)

    def daemon(self, stage: str, pinned: bool) -> Daemon:
        """Starts an orkd with one key and one client: of a user who pays, or of the house."""
        daemon = Daemon(self.processes, self.options.programs, self.upstream, f"orkd-{stage}",
                        self.core if pinned else None)
        daemon.start()
        daemon.set_up(not self.options.house)
        return daemon

    def finish(self, contender: Contender, stage: str) -> None:
        """Stops a contender; orkd's records are checked."""
        if isinstance(contender, Daemon):
            contender.finish(self.report, stage)
        elif contender.process:
            self.processes.stop(contender.process)

    def start_load(self, contender: Contender, arguments: list[str]) -> subprocess.Popen:
        return self.processes.start(
            "load", [os.path.join(self.directory, "load"), "-p", str(contender.port), *arguments],
            core=self.load_core, environment={"LOAD_KEY": contender.key}, output=subprocess.PIPE)

    def end_load(self, load: subprocess.Popen, contender: Contender, patience: float = 90) -> dict:
        """Waits for a load generator; returns what it printed."""
        try:
            output, _ = load.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            raise Failed(f"the load on {contender.name} does not end") from None
        finally:
            self.processes.stop(load, patience=1)
        if load.returncode != 0 or not output:
            raise self.processes.explain(load, f"the load on {contender.name} failed")
        sample = json.loads(output)
        sample["errors"] = sample["not_200"] + sample["broken"] + sample["unfinished"]
        if isinstance(contender, Daemon):
            contender.served += sample["answered"]
        return sample

    def drive(self, contender: Contender, arguments: list[str]) -> dict:
        """One load from begin to end, with the CPU time that the contender took for it."""
        threads = self.foreign_threads()
        before, begin = self.upstream_counters(), Times(self, contender)
        sample = self.end_load(self.start_load(contender, arguments), contender)
        # What is written behind an answer, such as records, is a part of its cost.
        time.sleep(0.1)
        end, after = Times(self, contender), self.upstream_counters()
        if contender.pid:
            sample["cpu_us"] = (end.contender - begin.contender) * 1e6
        wall = end.wall - begin.wall
        # A core that the host took away runs nobody, but its time is charged to whoever was to run.
        sample["others"] = max(0, (end.others - begin.others) / wall, (end.stolen - begin.stolen) / wall)
        sample["threads"] = sum(
            seconds - threads[thread] for thread, seconds in self.foreign_threads().items() if thread in threads) / wall
        sample["upstream_connections"] = after["connections"] - before["connections"] - 1
        sample["upstream_posts"] = after["posts"] - before["posts"]
        return sample

    def drive_quietly(self, contender: Contender, arguments: list[str], has_tail: bool) -> dict:
        """The same, again while other programs disturb it, as long as there is patience. What a sample says has no
        part in whether it is taken again.

        `has_tail`: it is asked for its 99th percentile, so that a hundredth of the time is too much."""
        while True:
            begin = time.monotonic()
            sample = self.drive(contender, arguments)
            sample["disturbed"] = (sample["others"] > MOST_FOREIGN
                                   or has_tail and sample["threads"] > MOST_FOREIGN_IN_TAIL)
            if not sample["disturbed"] or self.patience <= 0:
                return sample
            if self.repeated == 0:
                print("Other programs are busy: waiting for a quiet moment, for a while.", flush=True)
            self.repeated += 1
            while self.patience > time.monotonic() - begin and self.foreign_share() > MOST_FOREIGN:
                pass
            self.patience -= time.monotonic() - begin

    def foreign_threads(self) -> dict[str, float]:
        return machine.thread_seconds(self.options.cores, set(self.processes.running))

    def foreign_share(self, seconds: float = 0.5) -> float:
        """What runs while nothing of ours has anything to do."""
        begin = sum(machine.core_seconds(self.options.cores))
        time.sleep(seconds)
        return (sum(machine.core_seconds(self.options.cores)) - begin) / seconds


class Times:
    """Clocks at one moment, in seconds."""

    def __init__(self, bench: Bench, contender: Contender):
        self.wall = time.monotonic()
        self.contender = machine.cpu_seconds(contender.pid) if contender.pid else 0
        load = resource.getrusage(resource.RUSAGE_CHILDREN)
        ours = self.contender + machine.cpu_seconds(bench.upstream_pid) + load.ru_utime + load.ru_stime
        busy, self.stolen = machine.core_seconds(bench.options.cores)
        self.others = busy + self.stolen - ours
        """Of both cores, what nobody of ours took; where interrupts are charged to processes, a lower bound."""
