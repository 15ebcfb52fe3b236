"""Lay open what each method makes of one series: parameters, one-step errors and whether they look like mere noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from model.catalogue import Catalogue
from model.forecast.areas.observed import observe, scale_of
from model.forecast.engine.combine import CENTRE_WEIGHT, family_weights, sums_of_squares
from model.forecast.engine.filters import DAMPED, DRIFT, build, grid
from model.forecast.engine.pattern import Group, groups
from model.forecast.engine.run import FEWEST, METHODS, forecast
from model.forecast.engine.walk import walk
from model.forecast.future import Future
from model.forecast.scale import Scale
from model.forecast.series import Floats, Panel, ordinal
from model.vocabulary import TOTAL

FEWEST_RESIDUALS: Final = 8


@dataclass(frozen=True)
class Checks:
    """Hold the residual checks as p-values (small: the errors are not mere noise) and the mean error in their spread."""

    autocorrelation: float
    normality: float
    bias: float


@dataclass(frozen=True)
class Inspection:
    """Hold one method's view of one series; `residuals` are one-step errors on the scale of the forecast."""

    method: str
    future: Future
    parameters: Mapping[str, float]
    residuals: Floats
    checks: Checks | None

    @property
    def reason(self) -> str:
        """Return the code (see future.REASONS) of why there is no forecast, or nothing."""
        return self.future.reasons[0]


def inspect_area(
    table: pl.DataFrame,
    catalogue: Catalogue,
    indicator: str,
    area: str,
    horizon_to: date,
    methods: Sequence[str] = METHODS,
) -> tuple[Inspection, ...]:
    """Return every method's view of one area's series, not reconciled and not calibrated. Raises as `observe` does."""
    observed = observe(table.filter(pl.col("area") == area), catalogue, indicator, TOTAL, TOTAL)
    horizon = max(ordinal(horizon_to, observed.panel.season) - int(observed.panel.last[0]), 1)
    return inspect(observed.panel, horizon, scale_of(observed.indicator, observed.panel), methods)


def inspect(panel: Panel, horizon: int, scale: Scale, methods: Sequence[str] = METHODS) -> tuple[Inspection, ...]:
    """Return every method's view of a panel of one series."""
    scaled = panel.with_values(scale.forward(panel.values))
    group = next(groups(scaled))
    found = []
    for method in methods:
        future = forecast(panel, horizon, scale, method)
        parameters, residuals = _laid_open(group, method) if not future.reasons[0] else ({}, np.empty(0))
        found.append(Inspection(method, future, parameters, residuals, checks_of(residuals)))
    return tuple(found)


def checks_of(residuals: Floats) -> Checks | None:
    """Return the residual checks, None for fewer than eight residuals or such without spread."""
    if len(residuals) < FEWEST_RESIDUALS or not np.std(residuals) > 0:
        return None
    from statsmodels.stats.diagnostic import acorr_ljungbox
    from statsmodels.stats.stattools import jarque_bera

    lags = max(1, min(5, len(residuals) // 4))
    together = float(acorr_ljungbox(residuals, lags=[lags])["lb_pvalue"].iloc[0])
    return Checks(together, float(jarque_bera(residuals)[1]), float(residuals.mean() / residuals.std()))


def _laid_open(group: Group, method: str) -> tuple[Mapping[str, float], Floats]:
    count = group.values.shape[1]
    if count < FEWEST or not np.ptp(group.values) > 0:
        return {}, np.empty(0)
    if method == "naive":
        return {}, np.diff(group.values[0])
    if method == "drift":
        slope = float(walk(group).drift[0])
        return {"drift": slope}, np.diff(group.values[0]) - slope * np.diff(group.pattern.places)
    if method == "combination":
        return _filters(group)
    from model.forecast.engine.fitted import fit_one

    fit = fit_one(group, 0, 1, method)
    return fit.parameters, fit.residuals


def _filters(group: Group) -> tuple[Mapping[str, float], Floats]:
    """Return the weighted means of the filters' parameters and their weighted one-step errors."""
    season = group.usable_season
    bank = build(grid(season), group.pattern.observed, group.pattern.steps, season, 1)
    unit = np.abs(np.diff(group.values[0])).mean() or 1.0
    values = (group.values - group.values[:, -1:]) / unit
    weights = family_weights(bank, sums_of_squares(bank, values) + 1e-20)[0]
    shares = weights * np.array([CENTRE_WEIGHT[family] for family in bank.filters.family])
    parameters = {
        "smoothing_level": float(shares @ bank.filters.alpha),
        "smoothing_trend": float(shares @ bank.filters.beta),
        "damping_trend": float(shares @ bank.filters.phi),
        "filters": float(sum(1 / np.square(weights[bank.filters.rows(family)]).sum() for family in (DAMPED, DRIFT))),
    }
    return parameters, unit * (shares @ (bank.errors @ values[0]))
