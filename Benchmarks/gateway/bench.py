"""What every stage needs: processes, the upstream, the load generator, and the proxies."""

import json
import os
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


class Bench:
    """One run. `core` is the proxies', `load_core` that of upstream and load generator."""

    def __init__(self, options, directory: str, report: Report):
        self.options, self.report = options, report
        self.core, self.load_core = options.cores
        self.processes = Processes(directory)
        self.directory = directory
        self.quick, self.verbose = options.quick, options.verbose

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
        self.upstream = int(words[1])

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
        """Starts an orkd with one key and one client."""
        daemon = Daemon(self.processes, self.options.programs, self.upstream, f"orkd-{stage}",
                        self.core if pinned else None)
        daemon.start()
        daemon.set_up()
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
        before, cpu = self.upstream_counters(), contender.pid and machine.cpu_seconds(contender.pid)
        sample = self.end_load(self.start_load(contender, arguments), contender)
        # What is written behind an answer, such as records, is a part of its cost.
        time.sleep(0.1)
        if contender.pid:
            sample["cpu_us"] = (machine.cpu_seconds(contender.pid) - cpu) * 1e6
        after = self.upstream_counters()
        sample["upstream_connections"] = after["connections"] - before["connections"] - 1
        sample["upstream_posts"] = after["posts"] - before["posts"]
        return sample
