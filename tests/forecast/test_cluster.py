"""Forecasts from a cluster have the digits of the local ones; a cluster that is not there is one clear line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model.__main__ import main
from model.errors import ForecastError
from model.forecast import Panel, Scale, forecast
from model.forecast.cluster import BATCH, forecast_on

distributed = pytest.importorskip("distributed", reason="Dask is optional")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        cluster = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
        )
        with cluster:
            yield cluster.scheduler_address.replace("tcp://", "dask://")


def test_two_workers_give_the_same_digits(engine: str) -> None:
    values = np.cumsum(np.random.default_rng(1).normal(0.5, 3, (2 * BATCH + 137, 20)), axis=1) + 200
    values[::7, 5] = np.nan
    values[::11, :16] = np.nan
    panel = Panel(tuple(map(str, range(len(values)))), np.abs(values), 2000)
    here, there = (forecast_on(where, panel, 16, Scale("root")) for where in ("local", engine))
    assert there.names == here.names and there.reasons == here.reasons and there.notes == here.notes
    assert np.array_equal(there.centre, here.centre) and np.array_equal(there.spread, here.spread)
    assert np.array_equal(here.centre, forecast(panel, 16, Scale("root")).centre)


def test_the_command_line_gives_the_same_file(engine: str, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    rows = [f"s{s},{2000 + y},{10 + s + y % 5}" for s in range(30) for y in range(12 + s % 3)]
    source.write_text("series,period,value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    for where, name in (("local", "a.csv"), (engine, "b.csv")):
        words = ["forecast", str(source), "--horizon", "4", "--engine", where, "--output", str(tmp_path / name)]
        assert main(words) == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@pytest.mark.parametrize("where", ["spark://x", "dask://"])
def test_an_unknown_engine_is_refused(where: str) -> None:
    with pytest.raises(ForecastError, match="Engine"):
        forecast_on(where, Panel(("a",), np.ones((1, 8))), 2, Scale("root"))


def test_a_cluster_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(ForecastError, match="does not answer"):
        forecast_on("dask://127.0.0.1:9", Panel(("a",), np.ones((1, 8))), 2, Scale("root"))
