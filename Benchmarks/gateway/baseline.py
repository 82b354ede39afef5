# Benchmarks/gateway: what the built orkd costs beside nginx and haproxy, from outside, on loopback.
# Here: the upstream and load generator (C), the proxies' set-up, the figures. Not here: benchmarks of parts inside.
# May import the Python standard library and this folder; nothing of the project but the programs it builds.
"""Figures of an earlier run, and which of today's are worse."""

import json

from figures import Figure, Report, table

# A figure is worse when it is above the kept one by more than this part of it and by more than its own noise.
TOLERANCE = 0.20


def save(report: Report, path: str) -> None:
    figures = {f.name: {"value": f.value, "unit": f.unit} for f in report.figures if f.noise is not None}
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"schema": "ork.bench-baseline/1", "machine": report.facts, "figures": figures}, file, indent=1)
        file.write("\n")


def load(path: str) -> dict:
    with open(path, encoding="utf-8") as file:
        baseline = json.load(file)
    if baseline.get("schema") != "ork.bench-baseline/1":
        raise ValueError(f"{path} was not written by --save")
    return baseline


def is_worse(figure: Figure, kept: float, tolerance: float) -> bool:
    return figure.value > kept * (1 + tolerance) and figure.value > kept + (figure.noise or 0)


def compare(report: Report, baseline: dict, tolerance: float) -> int:
    """Prints today's figures beside the kept ones; returns how many are worse."""
    kept = baseline["figures"]
    rows, worse = [], 0
    for figure in report.figures:
        if figure.noise is None or figure.name not in kept:
            continue
        before = kept[figure.name]["value"]
        regressed = is_worse(figure, before, tolerance)
        worse += regressed
        change = f"{(figure.value / before - 1) * 100:+.0f} %" if before else "–"
        rows.append([figure.name, f"{before:.4g}", f"{figure.value:.4g}", figure.unit, change,
                     "worse" if regressed else "ok"])
    print(f"\n## Against {baseline['machine'].get('date', 'an earlier run')}, tolerance {tolerance * 100:.0f} %\n")
    if baseline["machine"].get("processor") != report.facts.get("processor"):
        print("Another processor: only the ratios mean anything.\n")
    print(table(["figure", "then", "now", "unit", "change", ""], rows))
    return worse
