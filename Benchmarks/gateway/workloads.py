"""The workloads: what is asked, how often, and how its cost is counted."""

from dataclasses import dataclass


@dataclass
class Workload:
    name: str
    text: str
    load: list[str]
    """Arguments of the load generator without the duration."""
    seconds: float = 0
    """How long requests begin; 0: until all of `load` have begun."""
    events: int = 0
    """Events of each stream; 0: no stream."""

    @property
    def is_open_loop(self) -> bool:
        return "-r" in self.load

    @property
    def unit(self) -> str:
        return "chunk" if self.events else "request"

    def arguments(self, quick: bool) -> list[str]:
        if not self.seconds:
            return [*self.load, "-d", "5"]
        return [*self.load, "-d", str(self.seconds * (0.5 if quick else 1))]

    def units(self, sample: dict) -> int:
        """How many requests or chunks a sample's CPU time is shared by."""
        return sample["chunk"]["count"] if self.events else sample["answered"]

    def latency(self, sample: dict, mark: str) -> float:
        """Microseconds; of streams: from the writing of a chunk to its arrival."""
        return sample["chunk" if self.events else "latency"].get(mark, float("nan"))

    def errors(self, sample: dict) -> int:
        """Answers that were not right, or requests that upstream saw twice or never; events that did not come."""
        lost = sample["answered"] * self.events - sample["chunk"]["count"] if self.events else 0
        return max(sample["errors"], abs(sample["upstream_posts"] - sample["answered"])) + abs(lost)


WORKLOADS = {
    workload.name: workload
    for workload in [
        Workload("W1sat", "1 KB request, 1.2 KB JSON answer; 64 connections, each asks again when answered",
                 ["-c", "64"], seconds=1.5),
        Workload("W1rate", "the same at 3000 requests/s; latency from the scheduled time",
                 ["-c", "64", "-r", "3000"], seconds=2),
        Workload("W2", "200 streams of 100 events, 10 ms apart; latency from the writing of an event to its arrival",
                 ["-c", "200", "-n", "200", "-s", "100", "-g", "10"], events=100),
        Workload("W3sat", "64 KB request, 1.2 KB JSON answer; 32 connections, each asks again when answered",
                 ["-c", "32", "-b", "65536"], seconds=1.5),
        Workload("W3rate", "the same at 1500 requests/s; latency from the scheduled time",
                 ["-c", "32", "-b", "65536", "-r", "1500"], seconds=1.5),
    ]
}
