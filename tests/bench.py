"""Measure what the product promises: `make bench`, or `python tests/bench.py [--quick] [--only NAME …]`.

Prints a table (name | measured | at least | met), writes bench.json and exits with 1 if a promise is not met. Names for
--only are those of GOALS; `--quick` takes fewer runs (times are then less certain).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import bench_demography, bench_forecast, bench_ingest, bench_load, bench_server  # noqa: E402

Result = dict[str, Any]
Measure = Callable[[bool], Result]


@dataclass(frozen=True)
class Goal:
    """One figure of a measurement and the most it may be."""

    words: str
    figure: str
    most: float
    unit: str


def _ingest(quick: bool) -> Result:
    return bench_ingest.bench(1_000_000 if quick else 10_000_000)


GOALS: dict[str, tuple[Measure, tuple[Goal, ...]]] = {
    "explore": (
        bench_server.explore,
        (
            Goal("Explore redraw, 448 areas × 25 years, median", "median_ms", 50, "ms"),
            Goal("Explore redraw, sent", "kilobytes", 20, "kB"),
            Goal("Explore redraw, processor", "cpu_ms", 30, "ms"),
        ),
    ),
    "compare": (
        bench_server.compare,
        (
            Goal("Compare, 28 areas, median", "median_ms", 100, "ms"),
            Goal("Compare, 28 areas, sent", "kilobytes", 30, "kB"),
        ),
    ),
    "start": (bench_server.cold_start, (Goal("Cold start until the first page is finished", "seconds", 5, "s"),)),
    "first": (bench_server.first_page, (Goal("First page, ours, 448 areas", "kilobytes", 400, "kB"),)),
    "session": (bench_server.session_memory, (Goal("Memory per open session on Explore", "megabytes", 10, "MB"),)),
    "build": (bench_server.package_build, (Goal("Build of the default package", "seconds", 20, "s"),)),
    "load100": (
        bench_load.hundred,
        (
            Goal("100 readers, 5 s think time, p95", "p95_seconds", 0.5, "s"),
            Goal("100 readers, processor per run", "cpu_ms", 30, "ms"),
            Goal("100 readers, sent per run", "kilobytes", 30, "kB"),
            Goal("100 readers, runs with an error", "faults", 0, ""),
        ),
    ),
    "load200": (
        bench_load.two_hundred,
        (
            Goal("200 readers, 5 s think time, p95", "p95_seconds", 1.5, "s"),
            Goal("200 readers, processor per run", "cpu_ms", 30, "ms"),
            Goal("200 readers, runs with an error", "faults", 0, ""),
        ),
    ),
    "growth": (bench_load.growth, (Goal("Growth of memory over 2,000 runs", "per_cent", 10, "%"),)),
    "ingest": (
        _ingest,
        (
            Goal("Import of 10 million rows (--quick: 1 million), times polars' own", "ratio", 3, "×"),
            Goal("Import of 10 million rows (--quick: 1 million), memory", "peak_gigabytes", 6, "GB"),
        ),
    ),
}
# Measured by their own rooms, which say themselves what is met.
ROOMS: dict[str, Callable[[], Result]] = {
    "demography": lambda: bench_demography.bench(),
    "forecast": lambda: {"redraw": bench_forecast.redraw(), "many_series": bench_forecast.many_series()},
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write bench.json; return 1 if something is not met."""
    names = [*GOALS, *ROOMS]
    parser = argparse.ArgumentParser(description="Measure what the product promises.")
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--json", type=Path, default=ROOT / "bench.json", help="where the figures go")
    chosen = parser.parse_args(arguments)
    bench_server.build(bench_server.SMALL)
    results: Result = {"load_before": os.getloadavg()[0], "processors": os.cpu_count()}
    print(f"{'name':<66} | {'measured':>12} | {'at least':>12} | met", flush=True)
    met = [_measured(name, chosen.quick, results) for name in chosen.only]
    chosen.json.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(met) else 1


def _measured(name: str, quick: bool, results: Result) -> bool:
    started = perf_counter()
    if name in GOALS:
        measure, goals = GOALS[name]
        found = measure(quick)
        met = [_line(goal, found[goal.figure]) for goal in goals]
    else:
        found = ROOMS[name]()
        met = [_room_line(f"{name}: {part}", figures) for part, figures in found.items()]
    results[name] = {**found, "met": all(met), "lasted": round(perf_counter() - started, 1)}
    return all(met)


def _line(goal: Goal, value: float) -> bool:
    met = value <= goal.most
    _print(goal.words, f"{value:,} {goal.unit}", f"≤ {goal.most:,} {goal.unit}", met)
    return met


def _room_line(words: str, figures: Result) -> bool:
    """Print a figure of another room; it says itself what it reached (`met`), or brings `<name>_at_most` or `_at_least`."""
    if "skipped" in figures:
        print(f"{words:<66} | skipped: {figures['skipped']}", flush=True)
        return True
    goals = {key: value for key, value in figures.items() if key.endswith(("at_most", "at_least")) or key.startswith("goal")}
    met = bool(figures.get("met", all(_holds(figures, key) for key in goals)))
    shown = [(k, v) for k, v in figures.items() if isinstance(v, int | float) and not isinstance(v, bool) and k not in goals]
    measured = f"{shown[0][1]:,.4g} {shown[0][0]}" if shown else ""
    _print(words, measured, ", ".join(f"{key} {value}" for key, value in goals.items()), met)
    return met


def _holds(figures: Result, goal: str) -> bool:
    name, most = goal.removesuffix("_at_most").removesuffix("_at_least"), goal.endswith("_at_most")
    values = [figures[name]] if name in figures else [v for k, v in figures.items() if k != goal and isinstance(v, float)]
    return all(value <= figures[goal] if most else value >= figures[goal] for value in values)


def _print(words: str, measured: str, wanted: str, met: bool) -> None:
    print(f"{words:<66} | {measured:>12} | {wanted:>12} | {'yes' if met else 'NO'}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
