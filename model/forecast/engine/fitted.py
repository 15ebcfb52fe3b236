"""Fit the methods of statsmodels to one series at a time, on the scale of the forecast: parameters, residuals, convergence.

The import of statsmodels takes two seconds and is made when the first series is fitted.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from model.forecast.engine.pattern import Group
from model.forecast.series import Floats

GAPLESS: Final = ("theta",)


@dataclass(frozen=True)
class Fit:
    """Hold what one method made of one series: centre and spread (H), parameters, one-step residuals, convergence."""

    centre: Floats
    spread: Floats
    parameters: Mapping[str, float] = field(default_factory=dict)
    residuals: Floats = field(default_factory=lambda: np.empty(0))
    converged: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Task:
    """Hold one series as a method sees it: scaled to steps of about one, NaN in gaps, steps levelled or as dummies."""

    values: Floats  # on the grid, with gaps
    levelled: Floats  # the same with level steps taken out, ending at the last level
    dummies: Floats | None  # T × steps
    season: int
    horizon: int


def fit_many(group: Group, horizon: int, method: str) -> tuple[Floats, Floats, tuple[tuple[str, str], ...]]:
    """Return centre and spread (S × H), and reason and note per series, of a method of statsmodels."""
    fits = [fit_one(group, row, horizon, method) for row in range(len(group.rows))]
    said = tuple((fit.reason, "" if fit.converged or fit.reason else "not_converged") for fit in fits)
    return np.array([fit.centre for fit in fits]), np.array([fit.spread for fit in fits]), said


def fit_one(group: Group, row: int, horizon: int, method: str) -> Fit:
    """Return the fit of `method` to one series of the group, in the units of the group's values."""
    origin = group.values[row, -1]
    unit = float(np.abs(np.diff(group.values[row])).mean()) or 1.0
    task = _task(group, (group.values[row] - origin) / unit, horizon)
    empty = np.full(horizon, np.nan)
    if method in GAPLESS and np.isnan(task.values).any():
        return Fit(empty, empty, reason="gaps")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = _FITTERS[method](task)
    except (np.linalg.LinAlgError, ValueError, FloatingPointError):
        return Fit(empty, empty, reason="failed", converged=False)
    if not (np.isfinite(fit.centre).all() and np.isfinite(fit.spread).all()):
        return Fit(empty, empty, reason="failed", converged=False)
    return Fit(origin + unit * fit.centre, unit * fit.spread, fit.parameters, unit * fit.residuals, fit.converged)


def _task(group: Group, values: Floats, horizon: int) -> Task:
    pattern = group.pattern
    grid = np.full(len(pattern.observed), np.nan)
    grid[pattern.places] = values
    dummies = None
    if pattern.steps:
        dummies = (np.arange(len(grid))[:, None] >= np.array(pattern.steps)).astype(float)
    return Task(grid, _levelled(grid, pattern.steps), dummies, group.usable_season, horizon)


def _levelled(grid: Floats, steps: tuple[int, ...]) -> Floats:
    """Return the series moved to its last level: each step's jump is its increment less the usual one."""
    levelled = grid.copy()
    for step in steps:
        there = np.flatnonzero(~np.isnan(levelled))
        before, after = there[there < step], there[there >= step]
        usual = np.median(np.diff(levelled[there])) if there.size > 2 else 0.0
        levelled[before] += levelled[after[0]] - levelled[before[-1]] - usual
    return levelled


def _ets(task: Task) -> Fit:
    if np.isnan(task.levelled).any():
        return _ets_with_gaps(task)
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    season: dict[str, Any] = {"seasonal": "add", "seasonal_periods": task.season} if task.season > 1 else {}
    series = pd.Series(task.levelled)  # predictions need an index
    model = ETSModel(series, error="add", trend="add", damped_trend=True, initialization_method="estimated", **season)
    result = model.fit(disp=False)
    ahead = result.get_prediction(start=len(task.levelled), end=len(task.levelled) + task.horizon - 1)
    parameters = dict(zip(model.param_names, map(float, result.params), strict=True))
    done = bool(result.mle_retvals["converged"]) if isinstance(result.mle_retvals, dict) else True
    return Fit(_array(ahead.predicted_mean), np.sqrt(_array(ahead.forecast_variance)), parameters, _array(result.resid), done)


def _ets_with_gaps(task: Task) -> Fit:
    from statsmodels.tsa.statespace.exponential_smoothing import ExponentialSmoothing

    seasonal = task.season if task.season > 1 else None
    model = ExponentialSmoothing(task.levelled, trend=True, damped_trend=True, seasonal=seasonal)
    return _of_state_space(model.fit(disp=False), task, exog=None)


def _theta(task: Task) -> Fit:
    """Fit Theta; its interval is that of IMA(1,1), σ²(1 + (h − 1)α²), which the library's own is not."""
    from statsmodels.tsa.forecasting.theta import ThetaModel
    from statsmodels.tsa.seasonal import seasonal_decompose

    cycle = np.zeros(1)
    if task.season > 1:
        cycle = _array(seasonal_decompose(task.levelled, period=task.season).seasonal)
    plain = task.levelled - np.resize(cycle, len(task.levelled))
    result = ThetaModel(plain, period=1, deseasonalize=False).fit()
    alpha, drift = float(result.params["alpha"]), float(result.params["b0"])
    residuals = _theta_errors(plain, alpha, drift)
    noise = float(np.square(residuals).sum() / (len(plain) - 3))
    ahead = np.arange(task.horizon)
    centre = _array(result.forecast(task.horizon)) + np.resize(np.roll(cycle, -(len(plain) % len(cycle))), task.horizon)
    parameters = {"alpha": alpha, "drift": drift, "sigma2": noise}
    return Fit(centre, np.sqrt(noise * (1 + ahead * alpha**2)), parameters, residuals)


def _theta_errors(values: Floats, alpha: float, drift: float) -> Floats:
    """Return what Theta's one-step forecasts missed by: smoothing plus half the drift, as far as smoothing lags behind."""
    errors, level = np.empty(len(values) - 1), values[0]
    for place in range(1, len(values)):
        lag = (1 - (1 - alpha) ** place) / alpha if alpha > 0 else place
        errors[place - 1] = values[place] - level - drift / 2 * lag
        level += alpha * (values[place] - level)
    return errors


def _sarimax(task: Task) -> Fit:
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    seasonal = task.season > 1
    order = (0, 1, 1, task.season) if seasonal else (0, 0, 0, 0)
    trend = "n" if seasonal else "c"
    model = SARIMAX(task.values, exog=task.dummies, order=(0, 1, 1), seasonal_order=order, trend=trend)
    return _of_state_space(model.fit(disp=False), task, _future_dummies(task))


def _ucm(task: Task) -> Fit:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    seasonal = task.season if task.season > 1 else None
    model = UnobservedComponents(task.values, level="local linear trend", seasonal=seasonal, exog=task.dummies)
    return _of_state_space(model.fit(disp=False), task, _future_dummies(task))


def _of_state_space(result: Any, task: Task, exog: Floats | None) -> Fit:
    extra = {} if exog is None else {"exog": exog}
    ahead = result.get_forecast(task.horizon, **extra)
    parameters = dict(zip(result.model.param_names, map(float, result.params), strict=True))
    burnt = int(result.loglikelihood_burn)
    residuals = _array(result.resid)[burnt:]
    done = bool(result.mle_retvals["converged"])
    spread = np.sqrt(_array(ahead.var_pred_mean))
    return Fit(_array(ahead.predicted_mean), spread, parameters, residuals[~np.isnan(residuals)], done)


def _future_dummies(task: Task) -> Floats | None:
    return None if task.dummies is None else np.ones((task.horizon, task.dummies.shape[1]))


def _array(values: Any) -> Floats:
    return np.asarray(values, dtype=float).ravel()


_FITTERS: Final[dict[str, Callable[[Task], Fit]]] = {"ets": _ets, "theta": _theta, "sarimax": _sarimax, "ucm": _ucm}
