"""The built orkd with everything switched on, and orkctl to set it up."""

import hashlib
import json
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import time

from figures import Report
from processes import Failed, Processes, free_port
from proxies import Contender

CONFIGURATION = """\
[proxy]
listen = ["127.0.0.1:{port}"]
event_loops = 1
[upstream]
base_url = "http://127.0.0.1:{upstream}"
models_every = "0s"
[state]
mode = "file"
directory = "{directory}/state"
[control]
socket = "{directory}/orkd.sock"
"""
# Longer paths do not fit into a socket's address (unix(7)).
LONGEST_SOCKET = 107


class Daemon(Contender):
    """One orkd in a directory of its own. It may be stopped and started again; its state stays."""

    def __init__(self, processes: Processes, programs: str, upstream: int, name: str, core: int | None = None):
        super().__init__("orkd", free_port(), "")
        self.processes, self.programs, self.core = processes, programs, core
        self.label = name
        self.wrapper: list[str] = []
        """What orkd is started by, if it is."""
        self.directory = os.path.join(processes.directory, name)
        self.socket = os.path.join(self.directory, "orkd.sock")
        if len(self.socket) > LONGEST_SOCKET:
            raise Failed(f"the path of the control socket is too long: choose a shorter --directory ({self.socket})")
        self.served = 0
        """Answers the load generator had from it."""
        os.makedirs(os.path.join(self.directory, "state"), mode=0o700)
        with open(os.path.join(self.directory, "orkd.toml"), "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(port=self.port, upstream=upstream, directory=self.directory))
        # Nothing of ours: no key from the environment, no configuration from a home.
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": self.directory, "LC_ALL": "C.UTF-8", "TZ": "UTC",
        }

    def start(self, patience: float = 20) -> float:
        """Starts orkd; returns the seconds from its start until it says READY=1 (sd_notify(3))."""
        notify = os.path.join(self.directory, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(notify)
            manager.settimeout(0.2)
            begin = time.monotonic()
            self.process = self.processes.start(
                self.label,
                [*self.wrapper, os.path.join(self.programs, "orkd"), "--user", "--config",
                 f"{self.directory}/orkd.toml"],
                core=self.core, environment={**self.environment, "NOTIFY_SOCKET": notify}, place=self.directory)
            self.pid = self.process.pid
            try:
                while time.monotonic() < begin + patience and self.process.poll() is None:
                    try:
                        message = manager.recv(4096)
                    except TimeoutError:
                        continue
                    if b"READY=1" in message.split(b"\n"):
                        return time.monotonic() - begin
            finally:
                os.unlink(notify)
        raise self.processes.explain(self.process, "orkd does not become ready")

    def stop(self) -> None:
        if self.process and self.processes.stop(self.process) != 0:
            raise self.processes.explain(self.process, "orkd did not stop cleanly")
        self.process = None

    def set_up(self, metered: bool = True) -> None:
        """One upstream key, one client.

        - metered: of a user whose credits count and who has a limit in every window, all of it more than will be used.
        """
        self.control("keys", "add", "bench", "--no-check", text=pool_key(0))
        owner = []
        if metered:
            self.control("users", "create", "bench")
            self.control("credits", "add", "bench", "100000000M")
            self.control("limits", "set", "user:bench", "--rpm", "1000M", "--rph", "1000M", "--rpd", "1000M",
                         "--tpm", "1000000M", "--tph", "1000000M", "--tpd", "1000000M")
            owner = ["--user", "bench"]
        self.key = self.control("clients", "add", "bench", *owner, "-q").strip()

    def command(self, *arguments: str) -> list[str]:
        return [os.path.join(self.programs, "orkctl"), "--socket", self.socket, *arguments]

    def control(self, *arguments: str, text: str = "", allowed: tuple[int, ...] = (0,), patience: float = 60) -> str:
        """Runs orkctl; returns what it printed."""
        done = subprocess.run(self.command(*arguments), input=text, capture_output=True, text=True, timeout=patience,
                              env=self.environment, cwd=self.directory)
        if done.returncode not in allowed:
            raise Failed(f"orkctl {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def status(self) -> dict:
        # 2: not serving well; the report is printed all the same.
        return json.loads(self.control("status", "-o", "json", allowed=(0, 2)))["item"]

    def time_command(self, *arguments: str, times: int = 20) -> list[float]:
        """Wall milliseconds of orkctl, start to exit."""
        return [start_to_exit(self.command(*arguments), self.environment) for _ in range(times)]

    def recorded(self) -> int:
        """Requests in the database of the stopped daemon."""
        path = os.path.join(self.directory, "state", "orkd.db")
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return database.execute("SELECT coalesce(sum(count), 0) FROM request_batch").fetchone()[0]

    def settled(self) -> int | None:
        """Requests that the ledger of the stopped daemon adds up to; None: it has none."""
        path = os.path.join(self.directory, "state", "orkd.db")
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'usage_hour'").fetchone():
                return None
            # 0: by client.
            return database.execute("SELECT coalesce(sum(requests), 0) FROM usage_hour WHERE subject = 0").fetchone()[0]

    def finish(self, report: Report, stage: str) -> None:
        """Stops the daemon and checks that everything it served is on disk."""
        status = self.status()
        self.stop()
        recorded, settled = self.recorded(), self.settled()
        shutil.rmtree(self.directory, ignore_errors=True)
        if not self.served:
            return
        report.add_count(f"{stage}.synchronous", f"{stage}: PRAGMA synchronous of the writer",
                         status["store"]["synchronous"], must=2)
        report.add_count(f"{stage}.unrecorded", f"{stage}: {self.served} requests served, recorded {recorded}; missing",
                         self.served - recorded)
        if settled is not None:
            report.add_count(f"{stage}.unsettled", f"{stage}: {self.served} served, {settled} in the ledger; missing",
                             self.served - settled)
        report.add_count(f"{stage}.dropped", f"{stage}: records dropped", status["traffic"]["records_dropped"])


def pool_key(index: int) -> str:
    """An upstream key that nobody has."""
    return f"sk-or-v1-{hashlib.sha256(f'ork bench {index}'.encode()).hexdigest()}"


def write_keys(path: str, count: int) -> None:
    with open(path, "w", encoding="ascii", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
        for index in range(1, count + 1):
            file.write(pool_key(index) + "\n")


def start_to_exit(command: list[str], environment: dict) -> float:
    """Wall milliseconds of a program whose output nobody reads."""
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        files = [(os.POSIX_SPAWN_DUP2, nothing, stream) for stream in (0, 1, 2)]
        begin = time.monotonic()
        pid = os.posix_spawn(command[0], command, environment, file_actions=files)
        _, status = os.waitpid(pid, 0)
        taken = (time.monotonic() - begin) * 1000
    finally:
        os.close(nothing)
    if (code := os.waitstatus_to_exitcode(status)) not in (0, 2):
        raise Failed(f"{os.path.basename(command[0])} ended with {code}")
    return taken


def median_of(command: str, times: int = 20) -> float:
    """The same for a program that does nothing: the share of the measuring itself."""
    return statistics.median(start_to_exit([command], {}) for _ in range(times))
