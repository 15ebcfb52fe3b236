"""Make forecasts of counts add up from areas to the city, moving most what is known least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.forecast.series import Flags, Floats, Ints

ROUNDS: Final = 20
SMALLEST: Final = 1e-12  # variance of a forecast without spread, relative to its square: it may still move if it must


@dataclass(frozen=True)
class Sum:
    """Say that the value of row `parent` is the sum of the rows `parts`."""

    parent: int
    parts: tuple[int, ...]


def two_levels(total: Floats, parts: Floats, total_variance: Floats, variances: Floats) -> Floats:
    """Return the parts (N × G) moved so that they add up to the reconciled total: ŷ_d + w_d (T − Σŷ) / (w_T + Σw)."""
    gap = total - parts.sum(axis=0)
    return parts + variances * gap / (total_variance + variances.sum(axis=0))


def reconcile(
    values: Floats, variances: Floats, sums: Sequence[Sum], *, fixed: Flags | None = None, positive: bool = True
) -> Floats:
    """Return values (N × G) that satisfy every sum: ỹ = y − W C'(C W C')⁻¹ C y, W the forecast variances.

    Rows that are `fixed` (N × G, control totals) keep their values; `positive` keeps counts from falling below zero by
    holding them at zero and sharing the rest among the others. Columns where a sum holds a missing value leave it out.
    """
    held = np.zeros(values.shape, dtype=bool) if fixed is None else fixed.copy()
    adjusted = values.copy()
    for column in range(values.shape[1]):
        usable = [s for s in sums if np.isfinite(values[[s.parent, *s.parts], column]).all()]
        if usable:
            adjusted[:, column] = _column(values[:, column], variances[:, column], usable, held[:, column], positive)
    return adjusted


def _column(values: Floats, variances: Floats, sums: Sequence[Sum], held: Flags, positive: bool) -> Floats:
    constraints = np.zeros((len(sums), len(values)))
    for row, one in enumerate(sums):
        constraints[row, one.parent] = -1.0
        constraints[row, list(one.parts)] += 1.0
    touched: Ints = np.flatnonzero(np.any(constraints != 0, axis=0))
    found, start, held = values.copy(), values[touched], held[touched]
    constraints = constraints[:, touched]
    weights = np.maximum(variances[touched], SMALLEST * (1.0 + np.square(start)))
    moved = _project(start, weights, constraints, held)
    for _ in range(ROUNDS):
        below = (moved < 0) & ~held
        if not positive or not below.any():
            break
        start, held = np.where(below, 0.0, start), held | below
        moved = _project(start, weights, constraints, held)
    found[touched] = np.maximum(moved, 0.0) if positive else moved
    return _summed_up(found, sums, touched[held])


def _project(values: Floats, weights: Floats, constraints: Floats, held: Flags) -> Floats:
    weights = np.where(held, 0.0, weights)
    spread = constraints * weights
    free = spread.any(axis=1)
    system = spread[free] @ constraints[free].T
    gap = constraints[free] @ values
    return values - spread[free].T @ np.linalg.lstsq(system, gap, rcond=None)[0]


def _summed_up(values: Floats, sums: Sequence[Sum], held: Ints) -> Floats:
    """Return the values with each free parent set to the sum of its parts, the deepest first: no rounding is left."""
    waiting = {one.parent for one in sums}
    todo = list(sums)
    while todo:
        ready = [one for one in todo if not waiting.intersection(one.parts)] or todo
        for one in ready:
            if one.parent not in held:
                values[one.parent] = values[list(one.parts)].sum()
        todo = [one for one in todo if one not in ready]
        waiting = {one.parent for one in todo}
    return values
