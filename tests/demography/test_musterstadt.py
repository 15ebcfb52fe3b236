"""The embedded package end to end: account, back-test, scenario."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from model.catalogue import read_package
from model.demography.backtest import backtest
from model.demography.baseline import Baseline
from model.demography.levers import parse_settings
from model.demography.load import baseline_of
from model.demography.observed import read_sources
from model.demography.steer import run
from model.errors import PackageError
from model.ingest.store import open_release

FOLDER = Path(__file__).resolve().parents[2] / "data" / "musterstadt"


@lru_cache
def musterstadt() -> Baseline:
    try:
        return baseline_of(open_release(read_package(FOLDER)))
    except PackageError as error:
        pytest.skip(f"Musterstadt has not been built: {error}")


def test_every_rate_comes_from_the_package_itself() -> None:
    base = musterstadt()
    assert base.standards == () and base.spread.own
    assert base.until == 2040 and len(base.base.areas) == 28


def test_the_observed_account_closes_in_every_cell_as_the_package_promises() -> None:
    seen = musterstadt().observed
    aged = np.concatenate([np.zeros_like(seen.stock[:-1, ..., :1]), seen.stock[:-1, ..., :-1]], axis=-1)
    aged[..., -1] += seen.stock[:-1, ..., -1]
    flows = {name: seen.by_age[name][1:] for name in ("arrivals", "departures", "moves_in", "moves_out", "deaths")}
    net = flows["arrivals"] + flows["moves_in"] - flows["departures"] - flows["moves_out"] - flows["deaths"]
    left = seen.stock[1:] - aged - net
    assert np.abs(left[..., 1:]).max() < 1.0


def test_the_baseline_starts_where_the_past_ends() -> None:
    """The first projected year lies within the range of the last ten for births, deaths, arrivals and departures."""
    base, parts = musterstadt(), musterstadt().projection.components
    first = {"births": parts.births, "deaths": parts.deaths, "arrivals": parts.arrivals, "departures": parts.departures}
    for name, values in first.items():
        past = base.observed.total(name)[-10:].sum(axis=1)
        assert 0.97 * past.min() <= values[0].sum() <= 1.03 * past.max(), name


def test_ten_years_ahead_from_2015_the_city_is_met_within_three_per_cent() -> None:
    base = musterstadt()
    (miss,) = backtest(base.observed, read_sources(FOLDER), [2015], 10, draws=200)
    assert abs(miss.error) < 3.0
    assert miss.old[0] == pytest.approx(miss.old[1], rel=0.03)
    assert miss.coverage >= 0.7


def test_five_years_ahead_areas_are_met_better_than_by_standing_still() -> None:
    base = musterstadt()
    (miss,) = backtest(base.observed, read_sources(FOLDER), [2020], 5, draws=50)
    still = base.observed.until(2020).stock[-1].sum(axis=(1, 2))
    assert miss.area_error < 100.0 * np.abs(still / miss.actual_areas - 1.0).mean()


def test_three_hundred_flats_in_the_north() -> None:
    base = musterstadt()
    built = run(base, parse_settings(["dwellings[0201,2027-2030]=300", "move_in=families"]))
    gained = (built.at(2030) - base.projection.at(2030)).sum(axis=(1, 2))
    place = base.base.position("0201")
    assert 500.0 < gained[place] < 900.0
    assert (np.delete(gained, place) < 0.0).all()
