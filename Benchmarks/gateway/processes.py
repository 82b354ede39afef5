"""Processes that this benchmark starts, so that none outlives it."""

import os
import signal
import socket
import subprocess
import time

from guardian import Guardian


class Failed(Exception):
    """The benchmark cannot go on; the text says why."""


class Processes:
    """Started processes. Each is in a session of its own, so that Ctrl-C reaches only the benchmark, which ends
    them in order."""

    def __init__(self, directory: str):
        self.directory = directory
        self.guardian = Guardian(directory)
        self.running: dict[int, subprocess.Popen] = {}
        self.logs: dict[int, str] = {}

    def start(self, name: str, command: list[str], core: int | None = None, environment: dict | None = None,
              place: str | None = None, output: int | None = None) -> subprocess.Popen:
        """Starts a program; what it says goes to NAME.log, unless `output` takes it.

        - core: runs on this core only; None: anywhere.
        - environment: its whole environment; None: ours.
        """
        pin = [] if core is None else ["taskset", "-c", str(core)]
        log = os.path.join(self.directory, f"{name}.log")
        with open(log, "ab") as file:
            process = subprocess.Popen(
                [*pin, *command], stdin=subprocess.DEVNULL,
                stdout=file if output is None else output, stderr=file, env=environment,
                cwd=place or self.directory, start_new_session=True)
        self.guardian.add(process.pid)
        self.running[process.pid] = process
        self.logs[process.pid] = log
        return process

    def stop(self, process: subprocess.Popen, patience: float = 15) -> int:
        """Asks, waits, then kills. Returns the exit status."""
        self.running.pop(process.pid, None)
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.guardian.remove(process.pid)
        if process.stdout:
            process.stdout.close()
        return process.returncode

    def stop_all(self) -> None:
        for process in reversed(list(self.running.values())):
            self.stop(process, patience=5)
        self.guardian.close()

    def explain(self, process: subprocess.Popen, what: str) -> Failed:
        """An error with the end of what the process said."""
        with open(self.logs[process.pid], encoding="utf-8", errors="replace") as file:
            last = "".join(file.readlines()[-8:]).strip()
        ended = "" if process.poll() is None else f" (it ended with {process.returncode})"
        return Failed(f"{what}{ended}" + (f"\n{last}" if last else ""))

    def await_port(self, process: subprocess.Popen, port: int, name: str, patience: float = 10) -> None:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.02)
        raise self.explain(process, f"{name} does not listen on port {port}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
