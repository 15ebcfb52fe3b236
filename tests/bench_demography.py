"""Measure the projection: central path, draws of one area, a lever's redraw, and how well published results are met.

Every function returns a dict with what was measured, the goal and whether it is met. `python tests/bench_demography.py`
prints them all. Times are the best of several runs, in milliseconds of wall clock.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from model.demography.assumptions import Assumptions  # noqa: E402
from model.demography.backtest import backtest  # noqa: E402
from model.demography.bands import bands, contrast, places  # noqa: E402
from model.demography.baseline import baseline  # noqa: E402
from model.demography.decompose import reasons  # noqa: E402
from model.demography.levers import parse_settings  # noqa: E402
from model.demography.measures import MEASURES  # noqa: E402
from model.demography.mortality import between_year_ends, improve  # noqa: E402
from model.demography.observed import DemographySources  # noqa: E402
from model.demography.population import AGES, Population, five_year_groups  # noqa: E402
from model.demography.projection import project  # noqa: E402
from model.demography.steer import run  # noqa: E402
from model.demography.uncertainty import Spread, draw, interval, shocks  # noqa: E402
from tests.demography import germany, konstanz  # noqa: E402
from tests.demography.towns import life_table, observed_town  # noqa: E402

Result = dict[str, Any]


def best(work: Callable[[], object], repeats: int = 9) -> float:
    """Return the shortest of several runs in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return round(1e3 * min(times), 1)


def city(areas: int, years: int) -> tuple[Population, Assumptions]:
    """Return a made-up city with births, deaths, arrivals, departures, moves inside and levels of its own per area."""
    draw_ = np.random.default_rng(0)
    path = improve(life_table(), np.array([88.0, 84.0]), years, years)
    destinations = draw_.uniform(0.5, 1.5, (areas, 2, AGES))
    assumptions = Assumptions(
        dying=between_year_ends(path)[:, None],
        asfr=np.full((1, 1, 35), 1.5 / 35),
        arrivals=draw_.uniform(0.0, 3.0, (1, areas, 2, AGES)),
        leaving=draw_.uniform(0.0, 0.06, (1, areas, 2, AGES)),
        moving=draw_.uniform(0.0, 0.06, (1, areas, 2, AGES)),
        destinations=destinations / destinations.sum(axis=0),
        dying_level=draw_.uniform(0.9, 1.1, (1, areas, 1, 1)),
        asfr_level=draw_.uniform(0.9, 1.1, (1, areas, 1)),
    )
    return Population(tuple(map(str, range(areas))), 2024, draw_.uniform(5.0, 50.0, (areas, 2, AGES))), assumptions


def central_path() -> Result:
    """Time 500 areas × 2 sexes × 101 ages × 16 years."""
    base, assumptions = city(500, 16)
    path = best(lambda: project(base, assumptions, 16, components=False))
    with_components = best(lambda: project(base, assumptions, 16))
    return {
        "what": "500 areas × 2 × 101 × 16 years, central path",
        "ms": path,
        "ms_with_components": with_components,
        "goal_ms": 25,
        "met": path <= 25,
    }


def thousand_draws() -> Result:
    """Time one area with 1,000 draws over 16 years and the quantiles of its five-year groups."""
    base, assumptions = city(1, 16)
    assumptions = Assumptions(
        dying=assumptions.dying, asfr=assumptions.asfr, arrivals=assumptions.arrivals, leaving=assumptions.leaving
    )
    futures = shocks(1000, 16)

    def work() -> object:
        stock = draw(base, assumptions, 16, Spread(), futures).stock
        return interval(five_year_groups(stock[..., 0, :] + stock[..., 1, :]))

    ms = best(work)
    return {"what": "one area, 1,000 draws with quantiles", "ms": ms, "goal_ms": 60, "met": ms <= 60}


def lever_to_numbers() -> Result:
    """Time a lever's new projection of 28 areas with measures, bands and reasons: what a redraw needs from the core."""
    seen = observed_town(20)
    seven = type(seen)(
        tuple(f"{area}{n}" for area in seen.areas for n in range(7)), seen.first_year, np.repeat(seen.stock, 7, axis=1) / 7,
        {name: np.repeat(values, 7, axis=1) / 7 for name, values in seen.by_age.items()},
    )  # fmt: skip
    base = baseline(seven, DemographySources("residents", until=seven.last_year + 15))
    ids = ["population", "aged_80_plus", "share_65_plus", "old_age_dependency", "median_age"]
    widths, where = bands(base, ids), places(base.base.areas)
    levers = parse_settings(["dwellings[north0,2046]=300", "tfr=1.6"])

    def redraw() -> object:
        scenario = run(base, levers)
        shown = [widths[id].around(where.values(scenario.stock, MEASURES[id])) for id in ids]
        return shown, reasons(scenario, 80, 100, base.base.year, base.until), scenario.at(base.until)

    ms = best(redraw)
    scenario = run(base, levers)
    return {
        "what": "lever → numbers, 28 areas × 15 years, five measures with intervals, reasons",
        "ms": ms,
        "ms_bands_once": best(lambda: bands(base, ids), 2),
        "ms_contrast_50_draws": best(lambda: contrast(base, levers, scenario, "aged_80_plus"), 2),
        "goal_ms": 200,
        "met": ms <= 200,
    }


def germany_2040() -> Result:
    """Compare Germany 2040 with the official projection, in per cent."""
    if not all(path.exists() for path in (germany.HISTORY, germany.OFFICIAL, germany.TABLES, germany.BIRTHS)):
        return {"what": "Germany 2040", "skipped": "published data absent"}
    ours = project(*germany.germany(), 22, components=False).at(2040)[0]
    start, official = germany.cube(germany.OFFICIAL)
    theirs = official[2040 - start]
    groups = {"total": (0, 101, 1.0), "65+": (65, 101, 1.5), "80+": (80, 101, 2.0), "under_20": (0, 20, 3.0)}
    miss = {name: round(100 * (ours[:, a:b].sum() / theirs[:, a:b].sum() - 1), 2) for name, (a, b, _) in groups.items()}
    met = all(abs(miss[name]) <= allowed for name, (*_, allowed) in groups.items())
    return {"what": "Germany 2040 against the official projection, %", **miss, "met": met}


def konstanz_2025() -> Result:
    """Compare Konstanz projected from 2015 with what came in 2025."""
    if not konstanz.PYRAMIDS.exists():
        return {"what": "Konstanz 2015 → 2025", "skipped": "published data absent"}
    (miss,) = backtest(konstanz.konstanz(), DemographySources("residents"), [2015], 10)
    return {
        "what": "Konstanz 2015 → 2025: total and constant growth miss by %, 80 % interval covers",
        "miss": round(miss.error, 2),
        "naive_miss": round(miss.naive_error, 2),
        "coverage": round(miss.coverage, 3),
        "met": abs(miss.error) <= abs(miss.naive_error) and 0.7 <= miss.coverage <= 0.9,
    }


BENCHES = (central_path, thousand_draws, lever_to_numbers, germany_2040, konstanz_2025)


def bench() -> dict[str, Result]:
    """Return every measurement by name."""
    return {work.__name__: work() for work in BENCHES}


if __name__ == "__main__":
    print(json.dumps(bench(), indent=1, ensure_ascii=False))
