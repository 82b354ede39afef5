"""Ends what was started, should the benchmark itself be killed."""

import os
import shutil
import signal
import time


class Guardian:
    """A process that waits for the end of this one, however it comes: the pipe between them closes.

    The kernel's own way, PR_SET_PDEATHSIG, is lost when a program executes itself anew from another thread.
    """

    def __init__(self, directory: str):
        reading, self.pipe = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                os.close(self.pipe)
                watch(reading, directory)
            finally:
                os._exit(0)
        os.close(reading)

    def add(self, pid: int) -> None:
        os.write(self.pipe, f"+{pid}\n".encode())

    def remove(self, pid: int) -> None:
        os.write(self.pipe, f"-{pid}\n".encode())

    def close(self) -> None:
        os.close(self.pipe)
        os.waitpid(self.pid, 0)


def watch(pipe: int, directory: str) -> None:
    with os.fdopen(pipe, encoding="ascii") as lines:
        pids = set()
        for line in lines:
            (pids.add if line[0] == "+" else pids.discard)(int(line[1:]))
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
        if pids:
            time.sleep(1)
    shutil.rmtree(directory, ignore_errors=True)
