"""CPU and latency of the contenders, side by side, in rotating order."""

import math
import statistics

import budgets
from bench import Bench
from figures import spread, table
from workloads import Workload


def compare(bench: Bench, workloads: list[Workload]) -> None:
    contenders = [bench.direct(), *(bench.proxy(name) for name in bench.options.contenders if name != "orkd")]
    if "orkd" in bench.options.contenders:
        contenders.append(bench.daemon("compare", pinned=True))
    for contender in contenders:
        for workload in workloads:
            bench.drive(contender, [*workload.load, "-d", "0.5"])  # not counted: pools and caches fill

    samples = {workload.name: {c.name: [] for c in contenders} for workload in workloads}
    for turn in range(bench.options.rounds):
        first = turn % len(contenders)
        for workload in workloads:
            for contender in contenders[first:] + contenders[:first]:
                sample = bench.drive_quietly(contender, workload.arguments(bench.quick), workload.is_open_loop)
                samples[workload.name][contender.name].append(sample)
                if bench.verbose:
                    print(f"  round {turn + 1} {workload.name} {contender.name}: {sample}", flush=True)
    bench.report.samples.update(samples)

    for workload in workloads:
        print_table(workload, samples[workload.name])
        if "orkd" in bench.options.contenders:
            add_figures(bench, workload, samples[workload.name])
    print_quiet(bench, [s for rounds in samples.values() for one in rounds.values() for s in one])
    for contender in contenders:
        bench.finish(contender, "compare")


def print_quiet(bench: Bench, samples: list[dict]) -> None:
    """How much of both cores other programs or the host took meanwhile."""
    shares = [sample["others"] for sample in samples]
    noisy = sum(sample["disturbed"] for sample in samples)
    bench.report.facts["others_cores"] = round(statistics.median(shares), 3)
    bench.report.facts["noisy_samples"] = noisy
    bench.report.facts["repeated_samples"] = bench.repeated
    print(f"\nOther programs or the host took {spread(shares, 2)} of the two cores meanwhile. "
          f"{bench.repeated} of {len(shares)} samples were taken again for that, {noisy} are still disturbed."
          + (" Measure again when the machine is quiet." if noisy > len(shares) / 10 else ""), flush=True)


def cpu(workload: Workload, samples: list[dict]) -> list[float]:
    """Microseconds per request or chunk, of each round."""
    return [sample["cpu_us"] / max(1, workload.units(sample)) for sample in samples]


def ratio(workload: Workload, samples: dict, name: str, other: str) -> float:
    """Of the medians."""
    return statistics.median(cpu(workload, samples[name])) / statistics.median(cpu(workload, samples[other]))


def print_table(workload: Workload, samples: dict) -> None:
    others = [name for name in ("nginx", "haproxy") if name in samples]
    rows = []
    for name, rounds in samples.items():
        has_cpu = "cpu_us" in rounds[0]
        median = {mark: statistics.median(workload.latency(s, mark) for s in rounds) for mark in ("p50", "p99")}
        rows.append([
            name, spread(cpu(workload, rounds)) if has_cpu else "–",
            *(f"{ratio(workload, samples, name, other):.2f}" if has_cpu else "–" for other in others),
            f"{statistics.median(workload.units(s) / s['seconds'] for s in rounds):.0f}",
            *(f"{median[mark]:.0f}" if not math.isnan(median[mark]) else "–" for mark in ("p50", "p99")),
            str(max(s["upstream_connections"] for s in rounds)),
            str(sum(workload.errors(s) for s in rounds)),
        ])
    rounds_count = len(next(iter(samples.values())))
    print(f"\n## {workload.name}: {workload.text} ({rounds_count} rounds)\n")
    print(table(["contender", f"CPU µs/{workload.unit}", *(f"÷{other}" for other in others), f"{workload.unit}s/s",
                 "p50 µs", "p99 µs", "upstream connects", "errors"], rows), flush=True)


def add_figures(bench: Bench, workload: Workload, samples: dict) -> None:
    report, name = bench.report, workload.name
    ours = cpu(workload, samples["orkd"])
    report.add(f"{name}.cpu", f"{name}: CPU per {workload.unit}", ours, "µs")
    for other, must in budgets.CPU_RATIO.items():
        if other not in samples:
            continue
        figure = report.add(
            f"{name}.cpu/{other}", f"{name}: CPU per {workload.unit} ÷ {other}",
            [a / b for a, b in zip(ours, cpu(workload, samples[other]))], must=must, noise=0.1)
        figure.value = ratio(workload, samples, "orkd", other)
    if name == "W1rate":
        for mark, must in budgets.ADDED_LATENCY_MS.items():
            added = [(workload.latency(a, mark) - workload.latency(b, mark)) / 1000
                     for a, b in zip(samples["orkd"], samples["direct"])]
            report.add(f"{name}.added.{mark}", f"{name}: {mark} over direct", added, "ms", must=must, noise=0.1)
    report.add_count(f"{name}.errors", f"{name}: errors", sum(workload.errors(s) for s in samples["orkd"]))
