"""What every forecast must keep, whatever the method: bounds, order, invariances, honest coverage, reasons."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import ForecastError, UnknownName
from model.forecast import METHODS, Panel, Scale, forecast, pool_of, scale_for, single
from model.forecast.engine.combine import BLOCK

COUNT, SHARE, PLAIN = Scale("root"), Scale("logit", 100.0), Scale("plain")
FAST = ("combination", "drift", "naive")
FITTED = ("ets", "theta", "sarimax", "ucm")


def walks(count: int, length: int, seed: int = 1, start: float = 60.0) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).normal(0.2, 1.0, (count, length)), axis=1) + start


def panel(values: np.ndarray, season: int = 1) -> Panel:
    return Panel(tuple(f"s{row}" for row in range(len(values))), values, 2000 * season, season)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scale", [COUNT, SHARE, PLAIN], ids=["count", "share", "balance"])
def test_quantiles_rise_and_stay_in_bounds(method: str, scale: Scale) -> None:
    values = walks(2, 18, start=4.0 if scale is COUNT else 50.0)
    future = forecast(panel(np.abs(values)), 10, scale, method)
    quantiles = np.array([future.quantile(p) for p in (0.001, 0.025, 0.1, 0.5, 0.9, 0.975, 0.999)])
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles, axis=0) >= 0).all()
    assert np.array_equal(quantiles[3], future.value)
    if scale is not PLAIN:
        assert quantiles.min() >= 0
    if scale is SHARE:
        assert quantiles.min() > 0 and quantiles.max() < 100


@pytest.mark.parametrize("method", FAST)
@given(factor=st.floats(1e-6, 1e6))
@settings(max_examples=20, deadline=None)
def test_scaling_a_series_scales_the_forecast(method: str, factor: float) -> None:
    values = walks(3, 15)
    for scale in (COUNT, PLAIN):
        plain, scaled = (forecast(panel(v), 6, scale, method) for v in (values, values * factor))
        assert scaled.value == pytest.approx(plain.value * factor, rel=1e-9)
        assert scaled.quantile(0.9) == pytest.approx(plain.quantile(0.9) * factor, rel=1e-9)


@pytest.mark.parametrize("method", FAST)
def test_adding_a_constant_to_a_balance_adds_it_to_the_forecast(method: str) -> None:
    values = walks(3, 15, start=0.0)
    plain, moved = (forecast(panel(v), 6, PLAIN, method) for v in (values, values + 1000.0))
    assert moved.quantile(0.1) == pytest.approx(plain.quantile(0.1) + 1000.0, rel=1e-9)


def test_a_series_has_the_same_digits_alone_and_among_thousands() -> None:
    values = walks(3 * BLOCK + 7, 20)
    together = forecast(panel(values), 16, COUNT)
    order = np.random.default_rng(0).permutation(len(values))
    shuffled = forecast(panel(values[order]), 16, COUNT)
    assert np.array_equal(shuffled.centre, together.centre[order])
    assert np.array_equal(shuffled.spread, together.spread[order])
    alone = forecast(single(values[100], first=2000), 16, COUNT)
    assert np.array_equal(alone.quantile(0.9)[0], together.quantile(0.9)[100])


def test_random_walk_has_its_textbook_interval() -> None:
    values = np.concatenate([[0.0], np.cumsum(np.tile([1.0, -1.0], 500))])
    future = forecast(single(values), 4, PLAIN, "naive")
    assert future.value[0] == pytest.approx(np.zeros(4))
    assert future.variance[0] == pytest.approx(np.arange(1, 5) * 159 / 157)  # 159 steps of one; t with as many degrees


def test_theta_has_the_interval_of_ima_1_1() -> None:
    from model.forecast.engine.fitted import fit_one
    from model.forecast.engine.pattern import groups

    group = next(groups(panel(walks(1, 40, seed=8))))
    fit = fit_one(group, 0, 9, "theta")
    unit = np.abs(np.diff(group.values[0])).mean()
    noise, alpha = fit.parameters["sigma2"] * unit**2, fit.parameters["alpha"]
    assert np.square(fit.spread) == pytest.approx(noise * (1 + np.arange(9) * alpha**2))
    assert noise == pytest.approx(np.square(fit.residuals).sum() / 37)


@pytest.mark.parametrize(("method", "most80"), [("combination", 0.88), ("drift", 0.83)])
def test_intervals_cover_simulated_walks_with_drift(method: str, most80: float) -> None:
    values = walks(3000, 25, seed=3, start=0.0)
    known, future = values[:, :20], values[:, 20:]
    said = forecast(panel(known), 5, PLAIN, method)
    for level, least, most in ((80, 0.77, most80), (95, 0.93, 0.98)):
        lower, upper = said.interval(level)
        assert least <= np.mean((future >= lower) & (future <= upper)) <= most


def test_probability_and_draws_agree_with_the_quantiles() -> None:
    future = forecast(panel(walks(2, 20)), 6, COUNT)
    upper = future.quantile(0.9)
    assert future.probability_above(float(upper[1, 3]))[1, 3] == pytest.approx(0.1)
    draws = future.draws(20_000, seed=7)
    assert np.quantile(draws, 0.9, axis=0) == pytest.approx(upper, rel=0.01)
    assert draws.mean(axis=0) == pytest.approx(future.mean, rel=0.005)
    assert draws.var(axis=0) == pytest.approx(future.variance, rel=0.08)
    assert np.array_equal(draws, future.draws(20_000, seed=7))
    assert not np.array_equal(draws, future.draws(20_000, seed=8))


def test_moments_of_a_count_are_those_of_a_squared_normal() -> None:
    future = forecast(panel(walks(1, 20)), 3, COUNT)
    m, v = future.centre, np.square(future.spread)
    assert future.mean == pytest.approx(np.square(m) + v, rel=1e-9)
    assert future.variance == pytest.approx(4 * m**2 * v + 2 * v**2, rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_a_gap_is_left_as_a_gap(method: str) -> None:
    values = walks(1, 20)
    values[0, [6, 7]] = np.nan
    future = forecast(panel(values), 4, COUNT, method)
    if method == "theta":
        assert future.reasons == ("gaps",) and np.isnan(future.value).all()
    else:
        assert "gaps" in future.notes[0] and np.isfinite(future.value).all()


@pytest.mark.parametrize("method", METHODS)
def test_constants_stay_where_they_are(method: str) -> None:
    future = forecast(panel(np.array([[7.0] * 12, [0.0] * 12])), 3, COUNT, method)
    assert future.value == pytest.approx(np.array([[7.0] * 3, [0.0] * 3]))
    assert future.notes == (("constant",), ("constant",))
    assert future.interval(95)[1] == pytest.approx(future.value)


def test_constants_learn_their_spread_from_other_areas() -> None:
    values = np.vstack([np.full(12, 70.0), walks(5, 12)])
    both = panel(values)
    future = forecast(both, 3, COUNT, pool=pool_of(both, COUNT))
    assert future.value[0] == pytest.approx([70.0] * 3)
    assert future.interval(95)[1][0, 2] > 70.0


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1e12, 1e150])
def test_huge_and_tiny_values_keep_their_digits(scale: float) -> None:
    values = walks(2, 15)
    for method in FAST:
        plain, scaled = (forecast(panel(v), 4, COUNT, method) for v in (values, values * scale))
        assert scaled.value / scale == pytest.approx(plain.value, rel=1e-9)
        assert scaled.quantile(0.975) / scale == pytest.approx(plain.quantile(0.975), rel=1e-9)


def test_one_value_needs_comparable_series() -> None:
    values = walks(6, 14)
    values[0, :-1] = np.nan
    lonely = forecast(panel(values[:1]), 3, COUNT)
    assert lonely.reasons == ("one_value",) and np.isnan(lonely.value).all() and not lonely.converged[0]
    both = panel(values)
    future = forecast(both, 3, COUNT, pool=pool_of(both, COUNT))
    assert future.reasons[0] == "" and future.notes[0] == ("short",)
    assert future.value[0] == pytest.approx(np.repeat(values[0, -1], 3))
    assert (future.interval(80)[1][0] > values[0, -1]).all()


def test_two_values_have_a_flat_and_very_wide_future() -> None:
    future = forecast(single([10.0, 12.0]), 2, PLAIN)
    lower, upper = future.interval(95)
    assert future.value[0] == pytest.approx([12.0, 12.0])
    assert (upper - lower)[0, 0] == pytest.approx(2 * 12.7062 * 2.0, rel=1e-4)  # t with one degree of freedom


def test_four_values_shrink_their_slope_towards_the_areas() -> None:
    values = walks(30, 14, seed=2)
    values[0] = np.nan
    values[0, -4:] = [60.0, 64.0, 68.0, 73.0]
    both = panel(values)
    future = forecast(both, 1, PLAIN, pool=pool_of(both, PLAIN))
    assert 0.2 < future.value[0, 0] - 73.0 < 13 / 3


def test_no_value_at_all_says_so() -> None:
    future = forecast(single([np.nan] * 8), 2, COUNT)
    assert future.reasons == ("no_value",) and np.isnan(future.value).all()


def test_a_break_with_eight_later_values_cuts_the_series() -> None:
    values = walks(1, 20)[0]
    broken = forecast(single(np.concatenate([values[:8] + 500.0, values[8:]]), breaks=(8,)), 4, COUNT)
    assert broken.notes[0] == ("cut",)
    assert broken.value == pytest.approx(forecast(single(values[8:]), 4, COUNT).value, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_a_late_break_is_a_level_step(method: str) -> None:
    values = walks(1, 20)[0]
    jumped = values + 40.0 * (np.arange(20) >= 17)
    future = forecast(single(jumped, breaks=(17,)), 4, PLAIN, method)
    smooth = forecast(single(values), 4, PLAIN, method)
    assert future.notes[0][0] == "step"
    assert (future.value - smooth.value)[0] == pytest.approx(np.full(4, 40.0), abs=3.0)
    assert (future.spread < 3 * smooth.spread).all()


@pytest.mark.parametrize("method", ["combination", "ets", "theta", "sarimax", "ucm", "naive"])
@pytest.mark.parametrize("season", [2, 4])
def test_seasons_are_carried_on(method: str, season: int) -> None:
    cycle = np.array([4.0, -1.0, 1.0, -4.0]) if season == 4 else np.array([3.0, -3.0])
    noise = np.random.default_rng(1).normal(0, 0.2, 10 * season)
    values = 50 + np.resize(cycle, 10 * season) + noise
    future = forecast(panel(values[None], season), 2 * season, PLAIN, method)
    assert future.value[0] == pytest.approx(50 + np.resize(cycle, 2 * season), abs=1.2)
    assert (future.interval(95)[1] - future.interval(95)[0]).max() < 6


def test_shares_of_none_and_all_stay_inside() -> None:
    future = forecast(panel(np.array([[0.0] * 10, [0.0, 0.0, 1.0, 2.0, 1.0, 0.0, 3.0, 2.0, 0.0, 0.0]])), 4, SHARE)
    assert (future.quantile(0.001) > 0).all() and (future.quantile(0.999) < 100).all()
    assert future.value[0].max() < 0.1


def test_a_value_the_scale_cannot_hold_is_a_reason_not_a_line() -> None:
    future = forecast(panel(np.array([[10.0, 20.0, 30.0, 40.0, 50.0, 160.0], [10.0, 11.0, 12.0, 11.0, 12.0, 14.0]])), 2, SHARE)
    assert future.reasons == ("outside", "") and np.isnan(future.value[0]).all()


def test_fitted_methods_report_parameters_and_convergence() -> None:
    from model.forecast.engine.fitted import fit_one
    from model.forecast.engine.pattern import groups

    group = next(groups(panel(walks(1, 30, seed=11))))
    names = {"ets": "damping_trend", "theta": "alpha", "sarimax": "ma.L1", "ucm": "sigma2.trend"}
    for method in FITTED:
        fit = fit_one(group, 0, 5, method)
        assert names[method] in fit.parameters
        assert fit.converged and len(fit.residuals) >= 25


def test_unknown_method_kind_and_horizon_are_refused() -> None:
    one = panel(walks(1, 10))
    with pytest.raises(UnknownName, match="ets"):
        forecast(one, 3, COUNT, "etz")
    with pytest.raises(UnknownName):
        scale_for("counts", one)
    with pytest.raises(ForecastError, match="Horizon 0"):
        forecast(one, 0, COUNT)
    with pytest.raises(ForecastError, match="infinite"):
        single([1.0, np.inf])


def test_statsmodels_is_not_imported_for_the_combination() -> None:
    code = (
        "import sys, numpy as np; from model.forecast import forecast, single, Scale; import model.forecast.command;"
        "forecast(single(np.arange(12.0)), 3, Scale('root')).interval(80);"
        "assert not [m for m in sys.modules if m.startswith(('statsmodels', 'pandas', 'scipy.stats'))]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_widening_widens_on_the_scale() -> None:
    future = forecast(panel(walks(1, 14)), 3, COUNT)
    assert future.widened(1.2).spread == pytest.approx(1.2 * future.spread)
    assert replace(future, method="x").value == pytest.approx(future.value)
