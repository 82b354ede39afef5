"""Facts about this machine, and measures that the kernel keeps of processes."""

import os
import platform
import statistics
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# A file on these is not on a disk: syncing it costs nothing and proves nothing.
NOT_DISKS = {"tmpfs", "ramfs", "devtmpfs", "hugetlbfs"}


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, all threads, those that ended included.

    The id of another process's CPU clock is made as clock_getcpuclockid(3) makes it; nanoseconds, where
    /proc/PID/stat counts ticks of 10 ms.
    """
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9


def core_seconds(cores: list[int]) -> tuple[float, float]:
    """Time in which some process ran on these cores, and time in which the host gave them to another machine, in ticks
    of 10 ms.

    Without interrupts: kernels with IRQ_TIME_ACCOUNTING keep them out of the time of processes. Others charge them to
    whoever was running, and this is then smaller than the sum of all processes. What the host took is charged to
    whoever was running, too.
    """
    wanted, busy, stolen = {f"cpu{core}" for core in cores}, 0, 0
    with open("/proc/stat", encoding="ascii") as file:
        for line in file:
            name, *times = line.split()
            if name in wanted:
                user, nice, system, _, _, _, _, steal = map(int, times[:8])
                busy += user + nice + system
                stolen += steal
    tick = os.sysconf("SC_CLK_TCK")
    return busy / tick, stolen / tick


# Threads of the kernel that finish what programs have asked for: their time is whoever's who asked.
SERVANTS = ("kworker", "ksoftirqd", "rcu_", "jbd2", "migration")


def thread_seconds(cores: list[int], without: set[int]) -> dict[str, float]:
    """Time in which each thread ran that was on one of these cores last; of the kernel's own too, such as one that
    looks for memory to give up. Not those that came and went in between.

    - without: sessions whose processes are left out, by the id of their leader; this process is, too.
    """
    seconds = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if int(pid) == os.getpid():
            continue
        try:
            for thread in os.listdir(f"/proc/{pid}/task"):
                place = f"/proc/{pid}/task/{thread}"
                with open(f"{place}/stat", encoding="utf-8", errors="replace") as file:
                    name, _, rest = file.read().partition("(")[2].rpartition(")")
                fields = rest.split()
                if name.startswith(SERVANTS) or int(fields[3]) in without or int(fields[36]) not in cores:
                    continue
                with open(f"{place}/schedstat", encoding="ascii") as file:
                    seconds[thread] = int(file.read().split()[0]) / 1e9
        except OSError:
            continue  # it has ended
    return seconds


def resident_kib(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise RuntimeError(f"process {pid} has no memory: it ended")


def file_system(path: str) -> tuple[str, str]:
    """Type and source of the file system that holds a path."""
    path = os.path.realpath(path)
    best = ("", "unknown", "unknown")
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        for line in file:
            left, right = line.split(" - ", 1)
            mount = left.split()[4].encode().decode("unicode_escape")
            holds = path == mount or path.startswith(mount.rstrip("/") + "/")
            # Of two mounts at one place the later one is seen.
            if holds and len(mount) >= len(best[0]):
                kind, source = right.split()[:2]
                best = (mount, kind, source)
    return best[1], best[2]


def sync_milliseconds(directory: str, times: int = 50) -> float:
    """Median time of one fdatasync(2) after 4 KiB were appended."""
    path = os.path.join(directory, "sync-probe")
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        taken = []
        for _ in range(times):
            os.write(file, b"\0" * 4096)
            begin = time.monotonic()
            os.fdatasync(file)
            taken.append((time.monotonic() - begin) * 1000)
        return statistics.median(taken)
    finally:
        os.close(file)
        os.unlink(path)


def facts(directory: str) -> dict:
    kind, source = file_system(directory)
    return {
        "date": time.strftime("%Y-%m-%d %H:%M %Z"),
        "commit": commit(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "nginx": first_line(["nginx", "-v"]).rpartition("/")[2],
        "haproxy": first_line(["haproxy", "-v"]).removeprefix("HAProxy version ").partition(" ")[0],
        "state_file_system": kind,
        "state_device": source,
        "fdatasync_ms": round(sync_milliseconds(directory), 3),
    }


def commit() -> str:
    """Short, with `+` when files differ from it."""
    name = first_line(["git", "-C", HERE, "rev-parse", "--short", "HEAD"])
    changed = first_line(["git", "-C", HERE, "status", "--porcelain"])
    return f"{name}{'+' if changed else ''}" if name else "none"


def processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def first_line(command: list[str]) -> str:
    """Of what a program says; empty when it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = (done.stdout + done.stderr).splitlines()
    return lines[0] if done.returncode == 0 and lines else ""
