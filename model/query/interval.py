"""Tell chance from difference: confidence intervals of shares, rates and counts, differences, funnel limits, reliability.

The counts of a register are complete; the interval answers another question: how far could the figure lie off by chance alone
in a year like this one, with so few people? All functions take arrays (or single numbers) and give NaN where an input is empty
or impossible. Only counted people or cases have such an interval; sums of money and means have none here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from model.catalogue import Catalogue, Indicator
from model.errors import SelectionError
from model.query.breaks import Floats

LEVEL: Final = 0.95
# From this count on Byar's approximation differs from the exact limits by less than half a per cent of their distance.
_BYAR_FROM: Final = 10
_PARTS: Final = ("area", "period", "sex", "age", "scenario")


class Interval(NamedTuple):
    """Lower and upper limit, arrays of equal length."""

    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Difference:
    """The difference of two figures, first minus second, with its interval."""

    estimate: Floats
    lower: Floats
    upper: Floats

    @property
    def beyond_chance(self) -> NDArray[np.bool_]:
        """Tell whether zero lies outside the interval; false also where there is no interval."""
        return np.asarray((self.lower > 0) | (self.upper < 0))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Tell whether there is an interval at all."""
        return ~np.isnan(self.lower)


class Grade(NamedTuple):
    """The least that a reliability grade asks for; `width` is half the 95 % interval ÷ the value."""

    letter: str
    numerator: float
    denominator: float
    width: float


# A: an interval of about ± 20 %, B: of about ± 45 % (a relative standard error of 22 %; below 20 cases official health and
# social statistics call a rate unreliable), C: everything else.
GRADES: Final = (Grade("A", 100, 500, 0.25), Grade("B", 20, 100, 0.5))
WORST_GRADE: Final = "C"


def normal_quantile(level: float = LEVEL) -> float:
    """Return the factor of a two-sided interval of `level`, 1.96 for 0.95. Raises SelectionError outside 0–1."""
    if not 0 < level < 1:
        raise SelectionError(f"A level of {level} is not between 0 and 1.")
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(count: Any, base: Any, level: float = LEVEL) -> Interval:
    """Return Wilson's interval of the share `count` ÷ `base`, as fractions (Wilson 1927, J. Am. Stat. Assoc. 22)."""
    x, n = _arrays(count, base)
    n = np.where((x >= 0) & (x <= n) & (n > 0), n, np.nan)
    z = normal_quantile(level)
    with np.errstate(invalid="ignore"):
        middle = (x + z**2 / 2) / (n + z**2)
        reach = z / (n + z**2) * np.sqrt(x * (n - x) / n + z**2 / 4)
        # Rounding may put a limit just inside a share of 0 or 1, whose interval must reach it.
        return Interval(np.where(x == 0, 0 * n, middle - reach), np.where(x == n, 1 + 0 * n, middle + reach))


def poisson(count: Any, level: float = LEVEL) -> Interval:
    """Return the interval of a count of cases: exact below 10, from 10 on Byar's approximation (Breslow and Day 1987)."""
    (x,) = _arrays(count)
    x = np.where(x >= 0, x, np.nan)
    z = normal_quantile(level)
    with np.errstate(invalid="ignore", divide="ignore"):
        lower = x * (1 - 1 / (9 * x) - z / (3 * np.sqrt(x))) ** 3
        upper = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1))) ** 3
    few = x < _BYAR_FROM
    if few.any():
        lower[few], upper[few] = exact_poisson(x[few], level)
    return Interval(lower, upper)


def exact_poisson(count: Any, level: float = LEVEL) -> Interval:
    """Return the exact interval of a count of cases (Garwood 1936, Biometrika 28)."""
    from scipy.special import gammaincinv

    (x,) = _arrays(count)
    x = np.where(x >= 0, x, np.nan)
    tail = (1 - level) / 2
    lower = np.where(x > 0, gammaincinv(np.where(x > 0, x, 1), tail), 0 * x)
    return Interval(lower, gammaincinv(x + 1, 1 - tail))


def rate_interval(count: Any, base: Any, level: float = LEVEL) -> Interval:
    """Return the interval of the rate `count` ÷ `base`, where cases are not a part of the base or rare."""
    x, n = _arrays(count, base)
    n = np.where(n > 0, n, np.nan)
    limits = poisson(x, level)
    return Interval(limits.lower / n, limits.upper / n)


def difference(count: Any, base: Any, count_2: Any, base_2: Any, *, kind: str = "share", level: float = LEVEL) -> Difference:
    """Return first minus second of two independent shares (Newcombe 1998, method 10) or rates, as fractions.

    Both rest on the two intervals alone (Zou and Donner 2008, Statist. Med. 27), which need not be symmetric.
    """
    interval = {"share": wilson, "rate": rate_interval}[kind]
    x, n, x2, n2 = _arrays(count, base, count_2, base_2)
    first, second = interval(x, n, level), interval(x2, n2, level)
    with np.errstate(invalid="ignore", divide="ignore"):
        p, q = x / n, x2 / n2
        reach_down = np.hypot(p - first.lower, second.upper - q)
        reach_up = np.hypot(first.upper - p, q - second.lower)
    return Difference(p - q, p - q - reach_down, p - q + reach_up)


def against_rest(
    count: Any, base: Any, top_count: Any, top_base: Any, *, kind: str = "share", level: float = LEVEL
) -> Difference:
    """Return an area minus the rest of the city. An area is a part of its city, so the two are not independent.

    The area differs from the rest exactly where it differs from the city, and in the same direction.
    """
    x, n, top_x, top_n = _arrays(count, base, top_count, top_base)
    return difference(x, n, top_x - x, top_n - n, kind=kind, level=level)


def funnel(centre: float, base: Any, kind: str = "share", level: float = LEVEL) -> Interval:
    """Return the limits around `centre` (a fraction) within which an area of size `base` lies by chance.

    They are the limits of the score test, so that a share lies outside exactly where its Wilson interval leaves out `centre`.
    """
    (n,) = _arrays(base)
    n = np.where(n > 0, n, np.nan)
    variance = centre * (1 - centre) if kind == "share" else centre
    reach = normal_quantile(level) * np.sqrt(max(variance, 0.0) / n)
    return Interval(np.maximum(centre - reach, 0.0), np.minimum(centre + reach, 1.0 if kind == "share" else np.inf))


def reliability(count: Any, base: Any, limits: Interval) -> list[str]:
    """Return a grade per figure, A (steady) to C (few cases), by its count, its base and its interval; "" where empty.

    `limits` are in fractions as the functions above give them. See GRADES for the thresholds.
    """
    x, n = _arrays(count, base)
    with np.errstate(invalid="ignore", divide="ignore"):
        width = (limits.upper - limits.lower) / 2 / (x / n)
    letters = np.full(x.shape, WORST_GRADE, dtype=object)
    for grade in reversed(GRADES):
        letters[(x >= grade.numerator) & (n >= grade.denominator) & (width <= grade.width)] = grade.letter
    letters[np.isnan(x) | ~(n > 0)] = ""
    return list(letters)


def chance_kind(indicator: Indicator, catalogue: Catalogue) -> str:
    """Return which interval fits the indicator: `share`, `rate`, `count`, or "" where none does.

    Only counts of people or cases qualify; what somebody provides (places, dwellings, doctors) is no matter of chance and
    should be of kind `amount`. Parts that the reader may not see make it "".
    """
    if indicator.kind == "count":
        return "count"
    parts = [catalogue.indicators.get(part) for part in (indicator.numerator, indicator.denominator)]
    if not indicator.is_ratio or any(part is None or part.kind != "count" for part in parts):
        return ""
    return "share" if indicator.kind == "share" else "rate"


def indicator_intervals(
    numerator: pl.DataFrame, denominator: pl.DataFrame, indicator: Indicator, kind: str, level: float = LEVEL
) -> pl.DataFrame:
    """Return area, period, sex, age, scenario, count, base, lower, upper, grade for the rows of both parts.

    `lower` and `upper` are in the indicator's unit; null where a part is empty. `kind` is `share` or `rate` (see chance_kind).
    Raises SelectionError for an indicator that is no ratio.
    """
    if kind not in ("share", "rate"):
        raise SelectionError(f"{indicator.id} is not a ratio of counts and has no such interval.")
    above = numerator.select(*_PARTS, count="value")
    rows = above.join(denominator.select(*_PARTS, base="value"), on=list(_PARTS), how="inner")
    interval = {"share": wilson, "rate": rate_interval}[kind]
    limits = interval(rows["count"], rows["base"], level)
    return rows.with_columns(
        lower=pl.Series(limits.lower * indicator.factor, dtype=pl.Float64).fill_nan(None),
        upper=pl.Series(limits.upper * indicator.factor, dtype=pl.Float64).fill_nan(None),
        grade=pl.Series(reliability(rows["count"], rows["base"], limits), dtype=pl.String),
    ).sort(_PARTS)


def _arrays(*inputs: Any) -> Sequence[Floats]:
    """Return the inputs as floats of one common shape; null becomes NaN, a single number an array of one."""
    arrays = [np.array(v.to_numpy() if hasattr(v, "to_numpy") else np.asarray(v, dtype=float), dtype=float) for v in inputs]
    return [np.array(a) for a in np.broadcast_arrays(*map(np.atleast_1d, arrays))]
