"""What a population will need: people × factor, from an editable table of sourced assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.catalogue import Words
from model.demography.measures import Measure
from model.demography.observed import Observed
from model.demography.population import AGES, OLDEST, SEXES, Array
from model.errors import ProjectionError, UnknownName
from model.vocabulary import TOTAL


@dataclass(frozen=True)
class Factor:
    """One row of the factor table: of the people aged first…last (sex F, M or _T) the part `rate` has the need."""

    need: str
    first: int
    last: int
    sex: str
    rate: float
    source: str


@dataclass(frozen=True)
class Need:
    """Something that people need; `capacity` names the level of observed.Observed that it is held against."""

    id: str
    title: Words
    unit: Words
    capacity: str = ""


_CARE = "Pflegequote 2021 (care statistics, GBE Bund table 510; groups under 75 and 75–84 split by the age pattern of NRW)"
_HOME = "Residents of care homes 2021 by age in NRW (statistik.nrw) over people in need; national share 16 % (2021), 14 % (2023)"
_DAY = "Betreuungsquote, Destatis: 36.4 % of under-3s (1 March 2023); under 1: 2 %, 1: 37 %, 2: two thirds (2017–2020)"
_DAY3 = "Betreuungsquote 3–5 about 92 % (Destatis)"
_SCHOOL = "compulsory schooling, four years of primary school"
_ALONE = "Living alone 65+: 45 % of women, 20 % of men; 85+: 73 % and 33 % (microcensus 2017, Destatis)"

NEEDS: dict[str, Need] = {
    need.id: need
    for need in (
        Need("care", Words("Pflegebedürftige", "People in need of care"), Words("Personen", "people")),
        Need("care_homes", Words("Pflegeheimplätze", "Care-home places"), Words("Plätze", "places"), "care_places"),
        Need("daycare_under_3", Words("Kita-Plätze unter 3", "Day-care places under 3"), Words("Plätze", "places"),
             "daycare_places_under3"),
        Need("daycare_3_to_5", Words("Kita-Plätze 3 bis 5", "Day-care places 3 to 5"), Words("Plätze", "places"),
             "daycare_places_3to5"),
        Need("primary_school", Words("Grundschulplätze", "Primary-school places"), Words("Plätze", "places")),
        Need("alone_65_plus", Words("Alleinlebende ab 65", "One-person households 65+"), Words("Haushalte", "households")),
    )
}  # fmt: skip

_CARE_RATES = ((0, 64, 0.016, 0.016), (65, 69, 0.056, 0.056), (70, 74, 0.091, 0.091), (75, 79, 0.182, 0.141),
               (80, 84, 0.347, 0.258), (85, 89, 0.606, 0.432), (90, OLDEST, 0.864, 0.696))  # fmt: skip
_HOME_SHARES = ((0, 64, 0.054), (65, 74, 0.124), (75, 79, 0.137), (80, 84, 0.157), (85, 89, 0.201), (90, 94, 0.278),
                (95, OLDEST, 0.396))  # fmt: skip
_ALONE_RATES = ((65, 74, 0.33, 0.18), (75, 84, 0.48, 0.20), (85, OLDEST, 0.73, 0.33))


def _standard() -> Iterable[Factor]:
    for first, last, women, men in _CARE_RATES:
        yield Factor("care", first, last, "F", women, _CARE)
        yield Factor("care", first, last, "M", men, _CARE)
        for low, high, share in _HOME_SHARES:
            if max(first, low) <= min(last, high):
                span = max(first, low), min(last, high)
                yield Factor("care_homes", *span, "F", round(women * share, 4), _HOME)
                yield Factor("care_homes", *span, "M", round(men * share, 4), _HOME)
    for age, rate in ((0, 0.02), (1, 0.38), (2, 0.67)):
        yield Factor("daycare_under_3", age, age, TOTAL, rate, _DAY)
    yield Factor("daycare_3_to_5", 3, 5, TOTAL, 0.92, _DAY3)
    yield Factor("primary_school", 6, 9, TOTAL, 1.0, _SCHOOL)
    for first, last, women, men in _ALONE_RATES:
        yield Factor("alone_65_plus", first, last, "F", women, _ALONE)
        yield Factor("alone_65_plus", first, last, "M", men, _ALONE)


FACTORS: tuple[Factor, ...] = tuple(_standard())
"""The factor table a page starts from: assumptions with their sources, constant over time unless edited."""


def factors_from_rows(rows: Iterable[Mapping[str, object]]) -> tuple[Factor, ...]:
    """Return the factors of an edited table. Raises ProjectionError or UnknownName naming the row."""
    factors = []
    for number, row in enumerate(rows, start=1):
        where = f"factor row {number}"
        need, sex = str(row.get("need")), str(row.get("sex"))
        if need not in NEEDS:
            raise UnknownName("Need", need, NEEDS, where=where)
        if sex not in (*SEXES, TOTAL):
            raise UnknownName("Sex", sex, (*SEXES, TOTAL), where=where)
        try:
            first, last, rate = int(str(row["first"])), int(str(row["last"])), float(str(row["rate"]))
        except (KeyError, ValueError) as error:
            raise ProjectionError("first, last and rate must be numbers.", where=where) from error
        if not (0 <= first <= last <= OLDEST and 0.0 <= rate <= 2.0):
            raise ProjectionError("Ages go from 0 to 100, first not after last; a rate from 0 to 2.", where=where)
        factors.append(Factor(need, first, last, sex, rate, str(row.get("source", ""))))
    return tuple(factors)


def rates_of(need: str, factors: Sequence[Factor] = FACTORS) -> Array:
    """Return the factor of every sex and age (2, 101); ages without a row need nothing."""
    if need not in NEEDS:
        raise UnknownName("Need", need, NEEDS)
    rates = np.zeros((2, AGES))
    for factor in factors:
        if factor.need == need:
            sexes = slice(0, 2) if factor.sex == TOTAL else SEXES.index(factor.sex)
            rates[sexes, factor.first : factor.last + 1] = factor.rate
    return rates


def demand(stock: Array, need: str, factors: Sequence[Factor] = FACTORS) -> Array:
    """Return how many need it: (…, 2, 101) → (…)."""
    return np.asarray((stock * rates_of(need, factors)).sum(axis=(-2, -1)))


def calibrated(
    factors: Sequence[Factor], need: str, stock: Array, counted: float, also: Sequence[str] = ()
) -> tuple[Factor, ...]:
    """Return the factors scaled so that `stock` (…, 2, 101) has today's `counted`; needs in `also` scale alike.

    Rates stay at most 1. Raises ProjectionError where today's stock has no demand to scale.
    """
    today = float(demand(stock, need, factors).sum())
    if today <= 0.0 or counted < 0.0:
        raise ProjectionError(f"{need} cannot be scaled from {today:.0f} to {counted:.0f}.")
    scale = counted / today
    touched = {need, *also}
    note = f" – scaled by {scale:.2f} to today's {counted:.0f}"
    return tuple(replace(f, rate=min(f.rate * scale, 1.0), source=f.source + note) if f.need in touched else f for f in factors)


def crossing_year(wanted: Array, capacity: float | Array, first_year: int) -> int | None:
    """Return the first year in which `wanted` (years,) is above the capacity (one or per year); None if never."""
    above = np.flatnonzero(wanted > capacity)
    return first_year + int(above[0]) if len(above) else None


def as_measure(need: str, factors: Sequence[Factor] = FACTORS) -> Measure:
    """Return the demand as a measure, so that it has intervals, maps and contrasts like any other."""
    rates, known = rates_of(need, factors), NEEDS[need]

    def compute(stock: Array) -> Array:
        return np.asarray((stock * rates.astype(stock.dtype)).sum(axis=(-2, -1)))

    return Measure(f"need_{need}", known.title, known.unit, compute, 0)


def capacity(observed: Observed, need: str, years: int, added: Sequence[tuple[str, int, float]] = ()) -> Array | None:
    """Return the places there are (years + 1, areas): today's, and `added` (area, year, places) from their years on.

    None where the package counts no places of this kind; an area without a figure has none.
    """
    counted = observed.levels.get(NEEDS[need].capacity)
    if counted is None:
        return None
    path = np.repeat(np.nan_to_num(counted[-1])[None], years + 1, axis=0)
    for area, year, places in added:
        first = min(max(year - observed.last_year, 0), years + 1)
        path[first:, observed.areas.index(area)] += places
    return np.maximum(path, 0.0)


def factors_for(observed: Observed, factors: Sequence[Factor] = FACTORS) -> tuple[Factor, ...]:
    """Return the factors scaled to what the city counts today: people in need of care, residents of care homes."""
    stock = observed.stock[-1]
    scaled = tuple(factors)
    for need, level, also in (("care", "care_recipients", ("care_homes",)), ("care_homes", "care_residents", ())):
        counted = observed.levels.get(level)
        if counted is not None and np.nansum(counted[-1]) > 0.0:
            scaled = calibrated(scaled, need, stock, float(np.nansum(counted[-1])), also)
    return scaled
