"""Draws: errors of the right size that grow, common random numbers, and intervals that hold what they promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.demography.bands import bands, contrast, places
from model.demography.baseline import baseline
from model.demography.levers import NEUTRAL, parse_settings
from model.demography.measures import MEASURES
from model.demography.needs import as_measure, demand
from model.demography.observed import DemographySources
from model.demography.steer import run
from model.demography.uncertainty import Spread, draw, error_covariance, innovation_size, interval, shocks, spread_of
from tests.demography.towns import observed_town

SOURCES = DemographySources("residents", until=2046)
BASE = baseline(observed_town(), SOURCES)
WHERE = places(BASE.base.areas)
NOTHING = Spread(fertility=0.0, mortality=0.0, moves=(0.0,) * 5, area=0.0)


def series(size: float, length: int, persistence: float, seed: int) -> np.ndarray:
    """Return an autoregressive series with innovations of `size`."""
    random = np.random.default_rng(seed)
    values = [random.normal(0.0, size / np.sqrt(1.0 - persistence**2))]
    for _ in range(length - 1):
        values.append(persistence * values[-1] + random.normal(0.0, size))
    return np.array(values)


def test_the_covariance_is_that_of_simulated_series() -> None:
    drawn = np.stack([series(1.0, 12, 0.85, seed) for seed in range(6000)])
    errors = drawn[:, 8:] - drawn[:, :8].mean(axis=1, keepdims=True)
    assert error_covariance(8, 4, 0.85) == pytest.approx(np.cov(errors.T), rel=0.1)


def test_errors_grow_with_the_horizon() -> None:
    deviations = np.sqrt(np.diag(error_covariance(5, 15, 0.95)))
    assert (np.diff(deviations) > 0.0).all()


def test_the_size_of_past_errors_is_found() -> None:
    found = [innovation_size(series(0.02, 40, 0.85, seed), 10, 0.85) for seed in range(60)]
    assert np.median(found) == pytest.approx(0.02, rel=0.25)


def test_a_short_history_takes_the_declared_spread_and_says_so() -> None:
    assert not spread_of(observed_town(10), SOURCES).own
    assert spread_of(observed_town(20), SOURCES).own


def test_a_town_that_never_surprised_has_small_errors() -> None:
    found = spread_of(observed_town(20), SOURCES)
    assert max(found.moves) < max(Spread().moves)
    assert found.fertility < Spread().fertility


def test_without_errors_every_draw_is_the_central_path() -> None:
    quiet = replace(BASE.assumptions)
    still = shocks(3, BASE.years, 4)
    still = replace(still, pace=np.zeros(3))
    drawn = draw(BASE.base, quiet, BASE.years, NOTHING, still).stock
    assert drawn[:, 1] == pytest.approx(BASE.projection.stock, rel=1e-4, abs=1e-3)


def test_the_same_seed_gives_the_same_future() -> None:
    first, second = (draw(BASE.base, BASE.assumptions, 5, Spread(), shocks(4, 5, 4, seed=7)).stock for _ in range(2))
    assert (first == second).all()
    assert (draw(BASE.base, BASE.assumptions, 5, Spread(), shocks(4, 5, 4, seed=8)).stock != first).any()


def test_intervals_are_those_of_numpy() -> None:
    values = np.random.default_rng(1).normal(size=(3, 500, 4))
    lower, upper = interval(values, 0.8)
    assert lower == pytest.approx(np.quantile(values, 0.1, axis=1))
    assert upper == pytest.approx(np.quantile(values, 0.9, axis=1))


def test_bands_widen_and_hold_the_central_path() -> None:
    for id, band in bands(BASE, ["population", "share_65_plus", "median_age"], draws=60).items():
        central = WHERE.values(BASE.projection.stock, MEASURES[id])
        lower, upper = band.around(central)
        assert (lower <= central).all() and (central <= upper).all()
        assert lower[0] == pytest.approx(central[0]) and upper[0] == pytest.approx(central[0])
        width = (upper - lower)[[2, 5, 9], -1]
        assert (np.diff(width) > 0.0).all()


def test_a_scenario_has_its_own_narrower_band() -> None:
    levers = parse_settings(["arrivals=110"])
    scenario = run(BASE, levers)
    difference = contrast(BASE, levers, scenario, "population", draws=60)
    lower, upper = bands(BASE, ["population"], draws=60)["population"].around(
        WHERE.values(BASE.projection.stock, MEASURES["population"])
    )
    assert (difference.lower <= difference.central).all() and (difference.central <= difference.upper).all()
    assert (difference.upper - difference.lower)[-1, -1] < 0.3 * (upper - lower)[-1, -1]


def test_the_baseline_less_itself_is_nothing() -> None:
    nothing = contrast(BASE, NEUTRAL, BASE.projection, "aged_80_plus")
    assert (nothing.central == 0.0).all() and (nothing.lower == 0.0).all() and (nothing.upper == 0.0).all()


def test_districts_are_the_sum_of_their_areas() -> None:
    where = places(BASE.base.areas, {"upper": ["north", "east"]})
    counted = where.values(BASE.projection.stock, MEASURES["population"])
    assert where.names == ("north", "east", "south", "west", "upper", "city")
    assert counted[:, 4] == pytest.approx(counted[:, 0] + counted[:, 1])
    assert counted[:, 5] == pytest.approx(BASE.projection.stock.sum(axis=(1, 2, 3)))


def test_needs_have_bands_like_any_measure() -> None:
    care = as_measure("care")
    band = bands(BASE, [care], draws=40)[care.id]
    central = WHERE.values(BASE.projection.stock, care)
    lower, upper = band.around(central)
    assert central[-1, -1] == pytest.approx(demand(BASE.projection.stock[-1].sum(axis=0), "care"))
    assert lower[-1, -1] < central[-1, -1] < upper[-1, -1]
