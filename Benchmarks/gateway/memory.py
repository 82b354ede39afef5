"""Memory, idle and with a thousand open streams."""

import time

import budgets
import machine
from bench import Bench
from daemon import Daemon
from figures import table
from processes import Failed
from proxies import Contender

GAP_MS = 500


def measure(bench: Bench) -> None:
    rows = []
    for name in bench.options.contenders:
        contender = bench.daemon("memory", pinned=True) if name == "orkd" else bench.proxy(name)
        rows.append(measure_one(bench, contender))
    print(f"\n## Memory: {budgets.STREAMS} open streams, an event each {GAP_MS} ms\n")
    print(table(["contender", "idle MiB", "with streams MiB", "KiB per stream", "afterwards MiB", "chunk p50 µs",
                 "chunk p99 µs", "errors"], rows), flush=True)


def measure_one(bench: Bench, contender: Contender) -> list[str]:
    events = 10 if bench.quick else 20
    time.sleep(1)
    idle = machine.resident_kib(contender.pid)
    before = bench.upstream_counters()["posts"]
    load = bench.start_load(contender, ["-c", str(budgets.STREAMS), "-n", str(budgets.STREAMS), "-s", str(events),
                                        "-g", str(GAP_MS), "-d", "30"])
    await_streams(bench, before + budgets.STREAMS)
    busy_status = contender.time_command("status") if isinstance(contender, Daemon) else []
    time.sleep(1)
    streaming = machine.resident_kib(contender.pid)
    sample = bench.end_load(load, contender)
    time.sleep(1)
    afterwards = machine.resident_kib(contender.pid)
    per_stream = (streaming - idle) / budgets.STREAMS
    errors = sample["errors"] + abs(budgets.STREAMS * events - sample["chunk"]["count"])
    bench.report.samples.setdefault("memory", {})[contender.name] = {
        **sample, "idle_kib": idle, "streaming_kib": streaming, "afterwards_kib": afterwards}
    if isinstance(contender, Daemon):
        report = bench.report
        report.add("memory.idle", "memory: idle", idle / 1024, "MiB", must=budgets.IDLE_MIB, noise=2)
        report.add("memory.stream", "memory: per open stream", per_stream, "KiB", must=budgets.STREAM_KIB, noise=2)
        report.add("memory.status", f"orkctl status with {budgets.STREAMS} streams, slowest of 20", max(busy_status),
                   "ms", must=budgets.BUSY_STATUS_MS, noise=20)
        report.add_count("memory.errors", f"{budgets.STREAMS} streams: errors", errors)
    bench.finish(contender, "memory")
    return [contender.name, f"{idle / 1024:.1f}", f"{streaming / 1024:.1f}", f"{per_stream:.1f}",
            f"{afterwards / 1024:.1f}", f"{sample['chunk'].get('p50', 0):.0f}", f"{sample['chunk'].get('p99', 0):.0f}",
            str(errors)]


def await_streams(bench: Bench, posts: int) -> None:
    deadline = time.monotonic() + 10
    while bench.upstream_counters()["posts"] < posts:
        if time.monotonic() > deadline:
            raise Failed(f"{budgets.STREAMS} streams are not open after ten seconds")
        time.sleep(0.1)
