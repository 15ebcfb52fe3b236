"""Set areas beside each other: scatter, spine chart, distribution, standardised profile, arrangement of small charts.

Arrays hold one value per area; NaN and null are empty and take no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, ceil, isfinite, sqrt, tanh
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.query.breaks import Floats
from model.query.classify import as_floats, tukey_fences
from model.query.interval import LEVEL, normal_quantile

OUTLIER_FROM: Final = 2.5  # studentised residuals; of 100 ordinary areas about one lies beyond
MOST_BINS: Final = 30
_FEWEST_FOR_LINE: Final = 3


@dataclass(frozen=True)
class Scatter:
    """Two indicators of the same areas: y = intercept + slope · x.

    `pearson` and `spearman` are None below three areas or without spread; its interval needs four. `residuals` are externally
    studentised, one per area as given (NaN where empty); `outliers` are the positions beyond OUTLIER_FROM, farthest first.
    """

    n: int
    pearson: float | None
    lower: float | None
    upper: float | None
    spearman: float | None
    slope: float | None
    intercept: float | None
    residuals: Floats
    outliers: tuple[int, ...]

    @property
    def beyond_chance(self) -> bool:
        """Tell whether the interval of the correlation leaves out zero."""
        return self.lower is not None and self.upper is not None and (self.lower > 0 or self.upper < 0)


@dataclass(frozen=True)
class Spine:
    """One indicator's line of a spine chart.

    The figures are in the indicator's unit. `positions` places (lowest, lower quartile, median, upper quartile, highest, city,
    area) between 0 and 1: the city stands at 0.5, and where the direction is known, good lies to the right.
    """

    lowest: float
    lower_quartile: float
    median: float
    upper_quartile: float
    highest: float
    city: float | None
    area: float | None
    positions: tuple[float | None, ...]
    flipped: bool


@dataclass(frozen=True)
class Distribution:
    """A histogram (one more edge than counts) and a box plot with Tukey's whiskers."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    whisker_low: float
    lower_quartile: float
    median: float
    upper_quartile: float
    whisker_high: float
    outliers: tuple[float, ...]


def scatter(x: Any, y: Any, weights: Any = None, level: float = LEVEL) -> Scatter:
    """Return correlation with Fisher's interval, least-squares line and outliers, weighted if `weights` (persons) are given.

    With weights the interval counts the effective number of areas, (Σw)² ÷ Σw²; Spearman's coefficient stays unweighted.
    """
    first, second = as_floats(x), as_floats(y)
    mass = np.ones(len(first)) if weights is None else as_floats(weights)
    there = np.isfinite(first) & np.isfinite(second) & (mass > 0)
    a, b, w = first[there], second[there], mass[there]
    residuals = np.full(len(first), np.nan)
    if len(a) < _FEWEST_FOR_LINE or np.ptp(a) == 0 or np.ptp(b) == 0:
        return Scatter(len(a), None, None, None, None, None, None, residuals, ())
    slope, intercept = _line(a, b, w)
    residuals[there] = _studentised(a, b, w, slope, intercept)
    r = _correlation(a, b, w)
    effective = w.sum() ** 2 / (w**2).sum()
    lower, upper = fisher_interval(r, effective, level)
    beyond = np.flatnonzero(np.abs(np.nan_to_num(residuals)) > OUTLIER_FROM)
    far = tuple(int(at) for at in beyond[np.argsort(-np.abs(residuals[beyond]), kind="stable")])
    rho = _correlation(_average_ranks(a), _average_ranks(b), np.ones(len(a)))
    return Scatter(len(a), r, lower, upper, rho, slope, intercept, residuals, far)


def fisher_interval(r: float, n: float, level: float = LEVEL) -> tuple[float | None, float | None]:
    """Return the interval of a correlation by Fisher's z; None with three areas or fewer."""
    if n <= 3:
        return None, None
    if abs(r) >= 1:
        return r, r
    reach = normal_quantile(level) / sqrt(n - 3)
    return tanh(atanh(r) - reach), tanh(atanh(r) + reach)


def spine(values: Any, city: float | None, area: float | None, direction: str = "neutral") -> Spine | None:
    """Return one line of a spine chart from the values of all areas; None if all are empty.

    Without a city value the median stands in the middle.
    """
    exact = _present(values)
    if not len(exact):
        return None
    figures = [float(q) for q in np.quantile(exact, (0, 0.25, 0.5, 0.75, 1))]
    low, lower, median, upper, high = figures
    centre = median if city is None or not isfinite(city) else city
    reach = max(high - centre, centre - low, abs((area if area is not None else centre) - centre)) or 1.0
    sign = -1 if direction == "high_bad" else 1
    positions = tuple(None if f is None else 0.5 + sign * (f - centre) / (2 * reach) for f in (*figures, city, area))
    return Spine(low, lower, median, upper, high, city, area, positions, sign < 0)


def distribution(values: Any, most_bins: int = MOST_BINS) -> Distribution | None:
    """Return histogram (Freedman–Diaconis width, at most `most_bins`) and box of the values; None if all are empty."""
    exact = _present(values)
    if not len(exact):
        return None
    counts, edges = np.histogram(exact, bins=_bins(exact, most_bins))
    lower, median, upper = (float(q) for q in np.quantile(exact, (0.25, 0.5, 0.75)))
    low_fence, high_fence = tukey_fences(exact) or (-np.inf, np.inf)
    inside = exact[(exact >= low_fence) & (exact <= high_fence)]
    outside = np.sort(exact[(exact < low_fence) | (exact > high_fence)])
    return Distribution(
        tuple(map(float, edges)), tuple(map(int, counts)),
        min(float(inside.min()), lower), lower, median, upper, max(float(inside.max()), upper), tuple(map(float, outside)),
    )  # fmt: skip


def z_scores(values: Any, direction: str = "neutral") -> Floats:
    """Return how many standard deviations each value lies above the mean of all areas; for high_bad below it.

    Without spread every score is 0; empty values stay NaN.
    """
    exact = as_floats(values)
    there = np.isfinite(exact)
    if not there.any():
        return exact
    spread = exact[there].std()
    scores = np.where(there, 0.0, np.nan) if spread == 0 else (exact - exact[there].mean()) / spread
    return np.asarray(-scores if direction == "high_bad" else scores)


def robust_scores(values: Any) -> Floats:
    """Return how many robust standard deviations (1.4826 · median deviation) each value lies from the median.

    Where more than half of the values are equal, the mean deviation takes its place; without spread all are 0.
    """
    exact = as_floats(values)
    there = np.isfinite(exact)
    if not there.any():
        return exact
    away = exact - np.median(exact[there])
    spread = 1.4826 * np.median(np.abs(away[there])) or 1.2533 * np.abs(away[there]).mean()
    return np.asarray(away / spread if spread > 0 else np.where(there, 0.0, np.nan))


def shared_scale(series: Sequence[Any], *, from_zero: bool = False) -> tuple[float, float] | None:
    """Return the lowest and highest value of all charts, so that they can be compared; None if all are empty."""
    exact = _present(np.concatenate([as_floats(values) for values in series])) if series else np.empty(0)
    if not len(exact):
        return None
    low, high = float(exact.min()), float(exact.max())
    return (min(low, 0.0), max(high, 0.0)) if from_zero else (low, high)


def columns_for(charts: int, *, most: int = 7, aspect: float = 1.6) -> int:
    """Return how many columns `charts` small charts take on a screen `aspect` times as wide as high, without a lone last one."""
    ideal = min(most, max(1, round(sqrt(charts * aspect))))
    if ideal > 2 and charts % ideal == 1 and charts % (ideal - 1) != 1:
        return ideal - 1
    return ideal


def grid_places(longitude: Any, latitude: Any, *, aspect: float = 1.6) -> list[tuple[int, int]]:
    """Return row and column of each area so that small charts lie roughly as the areas do on the map.

    Every area gets a cell of its own; the sum of squared ways from map to cell is least.
    """
    from scipy.optimize import linear_sum_assignment

    x, y = as_floats(longitude), as_floats(latitude)
    columns = columns_for(len(x), most=len(x) or 1, aspect=aspect)
    rows = ceil(len(x) / columns)
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    wish_column, wish_row = _spread(x, columns), rows - 1 - _spread(y, rows)
    cost = [[(wish_row[i] - row) ** 2 + (wish_column[i] - column) ** 2 for row, column in cells] for i in range(len(x))]
    _, chosen = linear_sum_assignment(np.array(cost).reshape(len(x), len(cells)))
    return [cells[at] for at in chosen]


def _spread(places: Floats, cells: int) -> Floats:
    width = np.ptp(places) if len(places) else 0.0
    return (places - places.min()) / width * (cells - 1) if width > 0 else np.full(len(places), (cells - 1) / 2)


def _present(values: Any) -> Floats:
    exact = as_floats(values)
    return exact[np.isfinite(exact)]


def _line(x: Floats, y: Floats, w: Floats) -> tuple[float, float]:
    mean_x, mean_y = np.average(x, weights=w), np.average(y, weights=w)
    slope = (w * (x - mean_x) * (y - mean_y)).sum() / (w * (x - mean_x) ** 2).sum()
    return float(slope), float(mean_y - slope * mean_x)


def _correlation(x: Floats, y: Floats, w: Floats) -> float:
    dx, dy = x - np.average(x, weights=w), y - np.average(y, weights=w)
    return float(np.clip((w * dx * dy).sum() / np.sqrt((w * dx**2).sum() * (w * dy**2).sum()), -1, 1))


def _studentised(x: Floats, y: Floats, w: Floats, slope: float, intercept: float) -> Floats:
    """Return residuals ÷ their standard error from a line fitted without the area itself."""
    residual = np.sqrt(w) * (y - intercept - slope * x)
    away = x - np.average(x, weights=w)
    leverage = w / w.sum() + w * away**2 / (w * away**2).sum()
    free = len(x) - 3
    if free < 1:
        return np.full(len(x), np.nan)
    total = (residual**2).sum()
    room = np.maximum(1 - leverage, 1e-12)
    without = np.maximum((total - residual**2 / room) / free, 0.0)
    scale = np.sqrt(without * room)
    negligible = np.abs(residual) <= 1e-9 * (np.abs(y).max() * np.sqrt(w.max()) or 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(negligible, 0.0, residual / scale)


def _average_ranks(values: Floats) -> Floats:
    ordered = np.sort(values)
    return np.asarray((np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right") + 1) / 2)


def _bins(exact: Floats, most: int) -> NDArray[np.float64]:
    low, high = float(exact.min()), float(exact.max())
    if high == low:
        return np.array([low - 0.5, low + 0.5])
    lower, upper = np.quantile(exact, (0.25, 0.75))
    width = 2 * (upper - lower) / len(exact) ** (1 / 3)
    # Without spread in the middle the rule gives no width; Sturges' number of bins always does.
    number = ceil((high - low) / width) if width > 0 else ceil(np.log2(len(exact)) + 1)
    return np.linspace(low, high, int(min(max(number, 1), most)) + 1)
