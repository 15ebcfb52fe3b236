"""Find statistical twins: the areas most like one area by chosen indicators, with the reasons.

Every indicator is standardised robustly (median and median deviation over all areas), so that euros and per cent weigh alike
and one extreme area does not set the scale. The distance is the root of the weighted mean of squared differences over the
indicators that both areas have; 0 is identical, 1 is about one usual difference in everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from model.errors import SelectionError
from model.query.breaks import Floats
from model.query.compare import robust_scores
from model.vocabulary import OBSERVED, TOTAL

POPULATION: Final = "population"
# Beyond this an area is simply extreme; how far must not outweigh all other indicators.
_FARTHEST_SCORE: Final = 4.0


@dataclass(frozen=True)
class Likeness:
    """One indicator's part in a comparison: both values, and how far apart they are in robust standard deviations."""

    indicator: str
    own: float
    other: float
    apart: float


@dataclass(frozen=True)
class Twin:
    """An area like the one asked for; `shared` is the weight of the indicators both have ÷ the weight of all chosen ones."""

    area: str
    distance: float
    shared: float
    alike: tuple[Likeness, ...]
    unlike: tuple[Likeness, ...]


def find_twins(
    table: pl.DataFrame,
    area: str,
    weights: Mapping[str, float],
    *,
    population: Mapping[str, float] | None = None,
    population_weight: float = 1.0,
    most: int = 5,
    minimum_share: float = 0.6,
    reasons: int = 3,
) -> tuple[Twin, ...]:
    """Return the `most` areas nearest to `area`, nearest first, each with the indicators that are most and least alike.

    `table` holds one spatial unit; each indicator counts with its last period. `weights` names the indicators and how much
    each counts. With `population` (persons by area) the size counts as one more indicator, by ratio and not by difference.
    Areas that share less than `minimum_share` of the weight are left out; an area without any value has no twins.
    Raises SelectionError where no weight is positive.
    """
    chosen = {id: weight for id, weight in weights.items() if weight > 0}
    if not chosen:
        raise SelectionError("Twins need at least one indicator with a weight above 0.")
    areas, columns, values = _matrix(table, tuple(chosen))
    mass = [chosen[id] for id in columns]
    if population and population_weight > 0:
        columns, mass = [*columns, POPULATION], [*mass, population_weight]
        values = np.column_stack([values, [population.get(code) or np.nan for code in areas]])
    if area not in areas:
        return ()
    return _nearest(areas, columns, values, np.array(mass), areas.index(area), most, minimum_share, reasons)


def _matrix(table: pl.DataFrame, indicators: tuple[str, ...]) -> tuple[list[str], list[str], Floats]:
    """Return areas, indicators and their values (areas × indicators, NaN where empty) in each indicator's last period."""
    totals = (pl.col("sex") == TOTAL) & (pl.col("age") == TOTAL) & (pl.col("scenario") == OBSERVED)
    rows = table.filter(totals, pl.col("indicator").is_in(indicators), pl.col("value").is_not_null())
    rows = rows.filter(pl.col("period") == pl.col("period").max().over("indicator"))
    wide = rows.pivot("indicator", index="area", values="value").sort("area")
    columns = [id for id in indicators if id in wide.columns]
    values = wide.select(columns).cast(pl.Float64).to_numpy().astype(float) if columns else np.empty((0, 0))
    return wide["area"].to_list(), columns, values


def _nearest(
    areas: list[str], columns: list[str], values: Floats, mass: Floats, own: int, most: int, minimum_share: float, reasons: int
) -> tuple[Twin, ...]:
    apart = _scores(columns, values)
    apart = np.abs(apart - apart[own])
    both = np.isfinite(apart)
    shared = (both * mass).sum(axis=1) / mass.sum()
    squares = np.where(both, apart, 0.0) ** 2 @ mass
    distance = np.sqrt(squares / np.maximum((both * mass).sum(axis=1), 1e-12))
    allowed = [at for at in range(len(areas)) if at != own and shared[at] >= minimum_share and shared[at] > 0]
    nearest = sorted(allowed, key=lambda at: (distance[at], areas[at]))[:most]
    return tuple(
        Twin(areas[at], float(distance[at]), float(shared[at]), *_reasons(columns, values, apart, mass, own, at, reasons))
        for at in nearest
    )


def _scores(columns: list[str], values: Floats) -> Floats:
    scores = np.full(values.shape, np.nan)
    for at, id in enumerate(columns):
        column = values[:, at]
        if id == POPULATION:
            column = np.log(np.where(column > 0, column, np.nan))
        scores[:, at] = np.clip(robust_scores(column), -_FARTHEST_SCORE, _FARTHEST_SCORE)
    return scores


def _reasons(
    columns: list[str], values: Floats, apart: Floats, mass: Floats, own: int, at: int, most: int
) -> tuple[tuple[Likeness, ...], tuple[Likeness, ...]]:
    """Return the indicators with the least and with the largest part in the distance; none is in both lists."""
    there = [c for c in range(len(columns)) if np.isfinite(apart[at, c])]
    order = sorted(there, key=lambda c: (mass[c] * apart[at, c] ** 2, apart[at, c], columns[c]))
    likenesses = [Likeness(columns[c], float(values[own, c]), float(values[at, c]), float(apart[at, c])) for c in order]
    half = min(most, (len(likenesses) + 1) // 2)
    rest = likenesses[half:]
    return tuple(likenesses[:half]), tuple(reversed(rest[-most:]))
