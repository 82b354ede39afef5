"""What was measured: figures with their limits, tables, and how both are printed."""

import statistics
import unicodedata
from dataclasses import dataclass, field


@dataclass
class Figure:
    """One number; smaller is better."""

    name: str
    """Stable: baselines are compared by it."""
    text: str
    value: float
    unit: str = ""
    low: float | None = None
    high: float | None = None
    must: float | None = None
    """The largest allowed value (or the only one, with `exactly`); None: told, not judged."""
    exactly: bool = False
    noise: float | None = None
    """Differences up to this mean nothing, in the same unit; None: not part of a baseline."""

    @property
    def is_over(self) -> bool:
        if self.must is None:
            return False
        return self.value != self.must if self.exactly else self.value > self.must

    @property
    def limit(self) -> str:
        return "–" if self.must is None else f"{'=' if self.exactly else '≤'} {number(self.must)}"

    def row(self) -> list[str]:
        spread = f" [{number(self.low)}–{number(self.high)}]" if self.low is not None else ""
        verdict = "" if self.must is None else "OVER" if self.is_over else "ok"
        return [self.text, f"{number(self.value)}{spread} {self.unit}".strip(), f"{self.limit}", verdict]


@dataclass
class Report:
    """Everything of one run."""

    facts: dict = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    samples: dict = field(default_factory=dict)

    def add(self, name: str, text: str, values: float | list[float], unit: str = "", **more) -> Figure:
        """Adds a figure; of several values the median counts."""
        if isinstance(values, list):
            figure = Figure(name, text, statistics.median(values), unit, min(values), max(values), **more)
        else:
            figure = Figure(name, text, values, unit, **more)
        self.figures.append(figure)
        return figure

    def add_count(self, name: str, text: str, value: float, must: float = 0) -> Figure:
        return self.add(name, text, value, must=must, exactly=True)

    def print_figures(self) -> None:
        if self.figures:
            print("\n## Figures of orkd\n")
            print(table(["figure", "median [min–max]", "must", ""], [f.row() for f in self.figures]))

    @property
    def over(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.is_over]


def number(value: float) -> str:
    if value == int(value) and abs(value) < 1e9:
        return str(int(value))
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def spread(values: list[float], digits: int = 1) -> str:
    """median [min–max]"""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} [{low:.{digits}f}–{high:.{digits}f}]"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table whose columns stand under each other."""
    lines = [head, *rows]
    widths = [max(3, *(width(line[i]) for line in lines)) for i in range(len(head))]
    padded = [[cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(line)] for line in lines]
    padded.insert(1, ["-" * w for w in widths])
    return "\n".join("| " + " | ".join(line) + " |" for line in padded)


def width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 1 for c in text)
