"""Measure forecasts: accuracy on published competitions, speed against other libraries, back-test and redraw.

Each function returns a dict of figures with their targets as `<name>_at_least` or `<name>_at_most`. The comparison with
statsforecast runs in `.venv/bench` (see requirements-bench.txt) and is skipped, with the reason, where that is absent.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
OTHER = ROOT / ".venv" / "bench" / "bin" / "python"
LENGTH, HORIZON, SERIES = 20, 16, 1000


def accuracy() -> dict[str, Any]:
    """Measure the combination on M1 and Tourism, and on M3, by which nothing was chosen."""
    from tests.forecast.competitions import cases, measured, ours, relative_error

    both = [*cases("M1"), *cases("Tourism")]
    together = relative_error(both, [ours(case).value for case in both])
    return {
        "relative_error": together,
        "relative_error_at_most": 0.84,
        **{name: measured(name) for name in ("M1", "Tourism", "M3")},
        "coverage_80_between": (0.76, 0.86),
        "coverage_95_between": (0.90, 0.97),
    }


def against_others() -> dict[str, Any]:
    """Measure interval score and speed against AutoETS and an ETSModel loop, all in the same run and interpreter."""
    if not OTHER.exists():
        return {
            "skipped": f"{OTHER.relative_to(ROOT)} is missing: python -m venv .venv/bench, pip install -r requirements-bench.txt"
        }
    return _in_a_process("_others", OTHER)


def many_series() -> dict[str, Any]:
    """Measure 100,000 series on one thread: seconds and peak memory of the whole process."""
    return _in_a_process("_many", Path(sys.executable))


def package_backtest(package: Path = ROOT / "data" / "musterstadt") -> dict[str, Any]:
    """Measure the back-test of every indicator of the default package."""
    from model.catalogue import read_package
    from model.disclosure import Reader
    from model.forecast.assess.package import backtest_package
    from model.ingest.store import open_release

    reader = Reader(open_release(read_package(package)), "steward")
    table = reader.everything()
    heard: list[int] = []
    busy = process_time()
    seconds = _seconds(lambda: backtest_package(table, reader.catalogue, progress=lambda done, *_: heard.append(done)), 1)
    busy = process_time() - busy
    return {"indicators": heard[-1], "seconds": seconds, "seconds_at_most": 10.0, "processor_seconds": busy}


def redraw(package: Path = ROOT / "data" / "musterstadt") -> dict[str, Any]:
    """Measure what the server computes for one redraw of the forecast page: a count and a rate with all their areas."""
    from model.catalogue import read_package
    from model.disclosure import Reader
    from model.forecast.areas.table import forecast_table
    from model.ingest.store import open_release

    reader = Reader(open_release(read_package(package)), "analyst")
    found: dict[str, Any] = {"milliseconds_at_most": 150.0}
    wanted = [i for i in reader.catalogue.indicators.values() if reader.table(i.id).height]
    picked = [next(i for i in wanted if i.kind == "count"), next((i for i in wanted if i.is_ratio), wanted[-1])]
    table = reader.everything()

    def draw(indicator: str) -> None:
        made = forecast_table(table, reader.catalogue, indicator, date(2040, 12, 31))
        made.rows(80)
        made.quantiles()

    for indicator in picked:
        found[indicator.id] = 1000 * _seconds(lambda id=indicator.id: draw(id), 5)  # type: ignore[misc]
    return found


def walks(count: int) -> np.ndarray:
    """Return random walks with drift, n 20."""
    return np.cumsum(np.random.default_rng(1).normal(1, 3, (count, LENGTH)), axis=1) + 200


def _ours(values: np.ndarray) -> None:
    from model.forecast import Panel, Scale, forecast

    future = forecast(Panel(tuple(map(str, range(len(values)))), values), HORIZON, Scale("root"))
    for level in (80, 95):
        future.interval(level)


def _many() -> dict[str, Any]:
    values = walks(100_000)
    _ours(values[:100])
    busy = process_time()
    seconds = _seconds(lambda: _ours(values), 3)
    busy = (process_time() - busy) / 3
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"seconds": seconds, "seconds_at_most": 1.5, "processor_seconds": busy, "gigabytes": peak, "gigabytes_at_most": 2.0}


def _others() -> dict[str, Any]:
    from statsforecast.models import AutoETS

    from tests.forecast.competitions import Case, Said, measured

    def auto(case: Case) -> Said:
        found = AutoETS(season_length=1).forecast(y=case.known, h=len(case.actual), level=[80, 95])
        return Said(found["mean"], found["lo-80"], found["hi-80"], found["lo-95"], found["hi-95"])

    values = walks(SERIES)
    _ours(values)
    own = _seconds(lambda: _ours(values), 5)
    auto_ets = _seconds(lambda: [auto(Case(row, np.zeros(HORIZON))) for row in values[:200]], 1) * SERIES / 200
    ets_model = _seconds(lambda: [_ets_model(row) for row in values[:50]], 1) * SERIES / 50
    found: dict[str, Any] = {
        "combination_ms": 1000 * own,
        "times_faster_than_ets_model": ets_model / own,
        "times_faster_than_ets_model_at_least": 300,
        "times_faster_than_auto_ets": auto_ets / own,
        "times_faster_than_auto_ets_at_least": 100,
        "interval_score_at_most": 0.75,
    }
    for name in ("M1", "Tourism"):
        theirs, mine = measured(name, auto), measured(name)
        found[f"interval_score_{name}"] = mine["interval_score"] / theirs["interval_score"]
        found[f"auto_ets_{name}"] = theirs
    return found


def _ets_model(values: np.ndarray) -> None:
    import warnings

    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = ETSModel(pd.Series(values), error="add", trend="add", damped_trend=True).fit(disp=False)
        result.get_prediction(start=LENGTH, end=LENGTH + HORIZON - 1).summary_frame(alpha=0.05)


def _seconds(work: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return min(found)


def _in_a_process(function: str, python: Path) -> dict[str, Any]:
    code = f"import json; from tests import bench_forecast as b; print(json.dumps(b.{function}()))"
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([python, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def districts() -> dict[str, Any]:
    """Measure scales and the learnt trend on the real series of the Kreise; `lines` is the README's table."""
    import pytest

    from model.forecast.assess.trend import steered_as_known
    from tests.forecast.districts import OF_KIND, error, panels, past, scale_lines

    try:
        made = [past(panel, OF_KIND[kind]) for kind, found in panels().items() for panel in found]
    except pytest.skip.Exception as reason:
        return {"skipped": str(reason)}
    learnt = [steered_as_known(one) for one in made]
    errors = {"trend_kept": np.mean([error(one) for one in made]), "trend_learnt": np.mean([error(one) for one in learnt])}
    return {**{f"error_{name}": float(value) for name, value in errors.items()}, "lines": scale_lines()}


ALL = (accuracy, districts, against_others, many_series, package_backtest, redraw)

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for measure in ALL:
        print(measure.__name__, json.dumps(measure(), indent=1, default=str), flush=True)
