"""Measures of a population's age structure; every function takes (…, 2, 101) and gives (…)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.catalogue import Words
from model.demography.population import AGES, Array

WORKING = (20, 64)
SPREAD_OF_AGES = 23.0  # years: standard deviation of ages in a German city


def people(stock: Array, first: int = 0, last: int = 130) -> Array:
    """Return the people aged first…last, both included."""
    return stock[..., first : last + 1].sum(axis=(-2, -1))


def share(stock: Array, first: int, last: int = 130) -> Array:
    """Return the people aged first…last as per cent of everybody; nan where nobody lives."""
    return 100.0 * _ratio(people(stock, first, last), people(stock))


def old_age_dependency(stock: Array) -> Array:
    """Return the people aged 65 and over per 100 aged 20 to 64 (Altenquotient)."""
    return 100.0 * _ratio(people(stock, 65), people(stock, *WORKING))


def youth_dependency(stock: Array) -> Array:
    """Return the people under 20 per 100 aged 20 to 64 (Jugendquotient)."""
    return 100.0 * _ratio(people(stock, 0, 19), people(stock, *WORKING))


def median_age(stock: Array) -> Array:
    """Return the age that half of the people have passed, ages taken as evenly spread over their year."""
    by_age = stock.sum(axis=-2)
    running = np.cumsum(by_age, axis=-1)
    half = 0.5 * running[..., -1:]
    age = np.minimum((running < half).sum(axis=-1), AGES - 1)[..., None]
    inside = np.take_along_axis(by_age, age, axis=-1)
    before = np.take_along_axis(running, age, axis=-1) - inside
    median = age + _ratio(half - before, inside)
    return np.where(running[..., -1] > 0.0, median[..., 0], np.nan)


def mean_age(stock: Array) -> Array:
    """Return the mean age, ages taken at the middle of their year."""
    by_age = stock.sum(axis=-2)
    return _ratio((by_age * (np.arange(AGES) + 0.5)).sum(axis=-1), by_age.sum(axis=-1))


@dataclass(frozen=True)
class Measure:
    """One measure as the screen offers it; `kind` is count (areas add up), share, ratio (per 100 others) or age.

    `ages` (first, last) are those whose number it speaks of.
    """

    id: str
    title: Words
    unit: Words
    compute: Callable[[Array], Array]
    decimals: int = 1
    kind: str = "count"
    ages: tuple[int, int] = (0, 130)

    def chance(self, values: Array, residents: Array) -> Array:
        """Return the standard deviation that chance alone would give `values` were every resident drawn anew."""
        some = np.maximum(residents, 1.0)
        if self.kind == "count":
            return np.sqrt(np.maximum(values, 0.0))
        if self.kind == "age":
            return SPREAD_OF_AGES / np.sqrt(some)
        part = np.clip(values / 100.0 if self.kind == "share" else values / (100.0 + values), 0.0, 1.0)
        share = 100.0 * np.sqrt(part * (1.0 - part) / some)
        return share if self.kind == "share" else share / (1.0 - np.minimum(part, 0.99)) ** 2


def _count(id: str, de: str, en: str, first: int, last: int = 130) -> Measure:
    def compute(stock: Array) -> Array:
        return people(stock, first, last)

    return Measure(id, Words(de, en), Words("Personen", "people"), compute, 0, ages=(first, last))


def _share(id: str, de: str, en: str, first: int, last: int = 130) -> Measure:
    def compute(stock: Array) -> Array:
        return share(stock, first, last)

    return Measure(id, Words(de, en), Words("%", "%"), compute, kind="share", ages=(first, last))


_PER_100 = Words("je 100 im Alter von 20 bis 64", "per 100 aged 20 to 64")
_YEARS = Words("Jahre", "years")

MEASURES: dict[str, Measure] = {
    measure.id: measure
    for measure in (
        _count("population", "Bevölkerung", "Population", 0),
        _count("under_3", "Kinder unter 3 Jahren", "Children under 3", 0, 2),
        _count("under_6", "Kinder unter 6 Jahren", "Children under 6", 0, 5),
        _count("aged_3_to_5", "Kinder von 3 bis 5 Jahren", "Children aged 3 to 5", 3, 5),
        _count("aged_6_to_9", "Kinder von 6 bis 9 Jahren", "Children aged 6 to 9", 6, 9),
        _count("under_20", "Unter 20-Jährige", "Under 20", 0, 19),
        _count("working_age", "20- bis 64-Jährige", "Aged 20 to 64", *WORKING),
        _count("aged_65_plus", "65 Jahre und älter", "Aged 65 and over", 65),
        _count("aged_80_plus", "80 Jahre und älter", "Aged 80 and over", 80),
        _share("share_under_6", "Anteil unter 6-Jähriger", "Share under 6", 0, 5),
        _share("share_under_20", "Anteil unter 20-Jähriger", "Share under 20", 0, 19),
        _share("share_65_plus", "Anteil 65-Jähriger und Älterer", "Share aged 65 and over", 65),
        _share("share_80_plus", "Anteil 80-Jähriger und Älterer", "Share aged 80 and over", 80),
        Measure("old_age_dependency", Words("Altenquotient", "Old-age dependency ratio"), _PER_100, old_age_dependency,
                kind="ratio", ages=(65, 130)),
        Measure("youth_dependency", Words("Jugendquotient", "Youth dependency ratio"), _PER_100, youth_dependency,
                kind="ratio", ages=(0, 19)),
        Measure("median_age", Words("Medianalter", "Median age"), _YEARS, median_age, kind="age"),
        Measure("mean_age", Words("Durchschnittsalter", "Mean age"), _YEARS, mean_age, kind="age"),
    )
}  # fmt: skip


def _ratio(part: Array, whole: Array) -> Array:
    """Return part ÷ whole, nan where the whole is empty."""
    return np.divide(part, whole, out=np.full(np.broadcast_shapes(np.shape(part), np.shape(whole)), np.nan), where=whole > 0.0)
