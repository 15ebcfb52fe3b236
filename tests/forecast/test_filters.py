"""The filter bank against statsmodels at equal parameters, against plain recursion, and against analytic variances."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import lsq_linear

from model.forecast.engine.combine import family_weights, sums_of_squares
from model.forecast.engine.filters import DAMPED, DRIFT, Bank, Filters, build, grid

HORIZON = 8


def one_filter(alpha: float, beta: float, gamma: float, phi: float) -> Filters:
    family = DAMPED if phi < 1 else DRIFT
    return Filters(np.array([alpha]), np.array([beta]), np.array([gamma]), np.array([phi]), (family,))


def initial_states(bank_filters: Filters, values: np.ndarray, season: int) -> np.ndarray:
    """Find the starting states of one filter by least squares on the plain recursion (its errors are affine in them)."""
    size = 2 + (season - 1 if season > 1 else 0)
    origin = errors_of(bank_filters, values, np.zeros(size), season)
    slopes = np.column_stack([errors_of(bank_filters, values, unit, season) - origin for unit in np.eye(size)])
    return lsq_linear(slopes, -origin, method="bvls", tol=1e-15).x


def errors_of(filters: Filters, values: np.ndarray, start: np.ndarray, season: int) -> np.ndarray:
    level, trend = start[:2]
    seasons = [*start[2:], -start[2:].sum()] if season > 1 else [0.0]  # the one used next stands last
    alpha, beta, gamma, phi = filters.alpha[0], filters.beta[0], filters.gamma[0], filters.phi[0]
    errors = []
    for value in values:
        error = 0.0 if np.isnan(value) else value - (level + phi * trend + seasons[-1])
        level, trend = level + phi * trend + alpha * error, phi * trend + beta * error
        seasons = [seasons[-1] + gamma * error, *seasons[:-1]]
        if not np.isnan(value):
            errors.append(error)
    return np.array(errors)


def in_statsmodels(filters: Filters, values: np.ndarray, start: np.ndarray, season: int):  # type: ignore[no-untyped-def]
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    damped = filters.phi[0] < 1
    known: dict[str, object] = {"initial_level": start[0], "initial_trend": start[1]}
    parameters = [filters.alpha[0], filters.beta[0]]
    if season > 1:  # statsmodels lists the season used next first
        known |= {"seasonal": "add", "seasonal_periods": season}
        known["initial_seasonal"] = np.array([*start[2:], -start[2:].sum()])[::-1]
        parameters.append(filters.gamma[0])
    model = ETSModel(pd.Series(values), error="add", trend="add", damped_trend=damped, initialization_method="known", **known)  # type: ignore[arg-type]
    return model.smooth([*parameters, filters.phi[0]] if damped else parameters)


def forecasts(bank: Bank, values: np.ndarray) -> np.ndarray:
    return bank.ahead[0] @ values


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    length=st.integers(8, 40),
    alpha=st.sampled_from([0.1, 0.4, 0.7, 0.9]),
    share=st.sampled_from([0.0, 0.15, 0.4, 0.8]),
    phi=st.sampled_from([0.7, 0.85, 0.95, 1.0]),
)
def test_equals_statsmodels_at_given_parameters(seed: int, length: int, alpha: float, share: float, phi: float) -> None:
    values = np.cumsum(np.random.default_rng(seed).normal(0.3, 1.0, length)) + 20
    filters = one_filter(alpha, alpha * share if phi < 1 else 0.0, 0.0, phi)
    bank = build(filters, np.ones(length, dtype=bool), (), 1, HORIZON)
    squares = sums_of_squares(bank, values[None, :])[0, 0]
    result = in_statsmodels(filters, values, initial_states(filters, values, 1), 1)
    assert squares == pytest.approx(float(np.square(result.resid).sum()), rel=1e-9)
    assert forecasts(bank, values) == pytest.approx(np.asarray(result.forecast(HORIZON)), rel=1e-9, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), season=st.sampled_from([2, 4]), gamma=st.sampled_from([0.0, 0.2]))
def test_equals_statsmodels_with_seasons(seed: int, season: int, gamma: float) -> None:
    length = 7 * season
    cycle = np.resize(np.array([3.0, -1.0, 0.5, -2.5])[:season], length)
    values = np.cumsum(np.random.default_rng(seed).normal(0.1, 0.5, length)) + 20 + cycle
    filters = one_filter(0.4, 0.06, gamma, 0.85)
    bank = build(filters, np.ones(length, dtype=bool), (), season, HORIZON)
    result = in_statsmodels(filters, values, initial_states(filters, values, season), season)
    squares = sums_of_squares(bank, values[None, :])[0, 0]
    assert squares == pytest.approx(float(np.square(result.resid).sum()), rel=1e-9)
    assert forecasts(bank, values) == pytest.approx(np.asarray(result.forecast(HORIZON)), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("alpha", "share", "phi"), [(0.4, 0.4, 0.85), (0.7, 0.15, 0.95), (0.3, 0.0, 1.0)])
def test_innovation_variance_equals_statsmodels(alpha: float, share: float, phi: float) -> None:
    values = np.cumsum(np.random.default_rng(5).normal(0.0, 1.0, 24)) + 9
    filters = one_filter(alpha, alpha * share, 0.0, phi)
    result = in_statsmodels(filters, values, initial_states(filters, values, 1), 1)
    theirs = np.asarray(result.get_prediction(start=24, end=23 + HORIZON).forecast_variance) / float(result.mse)
    bank = build(filters, np.ones(400, dtype=bool), (), 1, HORIZON)  # so long that the start is forgotten, bar the drift
    start_part = (bank.factors[0] - theirs)[: 1 if phi == 1.0 else HORIZON]
    assert start_part == pytest.approx(np.zeros(len(start_part)), abs=0.02 if phi == 1.0 else 1e-9)


def test_random_walk_with_drift_has_its_textbook_variance() -> None:
    n, ahead = 20, np.arange(1, HORIZON + 1)
    bank = build(one_filter(1.0, 0.0, 0.0, 1.0), np.ones(n, dtype=bool), (), 1, HORIZON)
    # the first value fits the free level exactly, which leaves n − 1 steps for the drift
    assert bank.factors[0] == pytest.approx(ahead * (1 + ahead / (n - 1)), rel=1e-9)


def test_smoothing_without_trend_has_the_variance_of_ima_1_1() -> None:
    alpha = 0.4
    filters = one_filter(alpha, 0.0, 0.0, 0.7)  # β = 0: the damped start trend is forgotten after 200 years
    bank = build(filters, np.ones(200, dtype=bool), (), 1, HORIZON)
    assert bank.factors[0] == pytest.approx(1 + np.arange(HORIZON) * alpha**2, rel=1e-9)


def test_gaps_equal_the_plain_recursion_that_skips_them() -> None:
    values = np.cumsum(np.random.default_rng(3).normal(0.2, 1.0, 18)) + 5
    values[[4, 5, 11]] = np.nan
    filters = one_filter(0.4, 0.16, 0.0, 0.85)
    bank = build(filters, ~np.isnan(values), (), 1, HORIZON)
    errors = errors_of(filters, values, initial_states(filters, values, 1), 1)
    assert bank.errors[0] @ values[~np.isnan(values)] == pytest.approx(errors, abs=1e-9)


def test_level_step_is_taken_out_exactly() -> None:
    values = np.cumsum(np.random.default_rng(4).normal(0.2, 1.0, 16)) + 5
    jumped = values + 7.0 * (np.arange(16) >= 12)
    bank = build(grid(), np.ones(16, dtype=bool), (12,), 1, HORIZON)
    assert sums_of_squares(bank, jumped[None]) == pytest.approx(sums_of_squares(bank, values[None]), rel=1e-9)
    assert bank.ahead @ jumped == pytest.approx(bank.ahead @ values + 7.0, abs=1e-9)


def test_the_grid_has_69_filters_and_weights_sum_to_one_in_each_family() -> None:
    filters = grid()
    assert len(filters.alpha) == 69
    bank = build(filters, np.ones(12, dtype=bool), (), 1, 1)
    weights = family_weights(bank, sums_of_squares(bank, np.random.default_rng(0).normal(size=(5, 12))))
    for family in (DAMPED, DRIFT):
        assert weights[:, filters.rows(family)].sum(axis=1) == pytest.approx(np.ones(5))
