"""The largest values that are good enough; docs/performance.md says where each comes from."""

# CPU per request or chunk against a plain proxy in the same run.
CPU_RATIO = {"nginx": 1.3, "haproxy": 1.5}
# At 3000 requests a second, over the same load without a proxy.
ADDED_LATENCY_MS = {"p50": 0.3, "p99": 1.0}

IDLE_MIB = 40
STREAM_KIB = 24
STREAMS = 1000
# orkctl status, from start to exit: alone, and while STREAMS run.
STATUS_MS = 25
BUSY_STATUS_MS = 100

READY_KEYS = 10_000
READY_MS = 200

IMPORT_KEYS = 100_000
IMPORT_SECONDS = 5
IMPORT_RATE = 500
LIST_MS = 50

# A third of a pool fails for good: who is served all the same, how often the upstream is asked, who waits how long.
POOL_KEYS = 1000
SICK_KEYS = 300
SICK_ACCOUNTS = 50
SICK_RATE = 2000
SICK_SECONDS = 60
SICK_UNSERVED = 0.001
SICK_AMPLIFICATION = 1.2
SICK_LONGEST_MS = 10_000


def import_p99_ms(before: float) -> float:
    """What the slowest hundredth may take while keys are imported."""
    return max(2 * before, 5)
