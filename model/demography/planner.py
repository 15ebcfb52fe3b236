"""The door to a projection: results as they may be shown, never the baseline itself.

A projection has to start from the unprotected release: read from protected rows, every suppressed cell would be nobody.
Therefore only results leave this module, and they respect the minimum count k of the population:

- single years of age leave for the whole city only, all other places have five-year groups;
- a count that rounds to 1 … k−1 is not shown, nor a share, ratio or age made of (or leaving over) so few people;
- counts of places below 8,000 residents are rounded to 5. That is less than their error, so nothing true is lost, and
  whoever subtracts such areas from their district learns nothing to the person. The limit is that below which the
  results are graded as weak, so that figures look as rough as they are.

What changes between a scenario and the baseline is a difference of shown figures, so that two tables always agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.demography import backtest as past
from model.demography.answer import Answer
from model.demography.bands import Band, Contrast, Places, bands, contrast, places
from model.demography.baseline import Baseline
from model.demography.decompose import PARTS, balance, reasons
from model.demography.levers import NEUTRAL, Levers, shared_out
from model.demography.load import baseline_of, groups_of
from model.demography.measures import MEASURES, WORKING, Measure, people
from model.demography.needs import FACTORS, NEEDS, Factor, as_measure, capacity, factors_for
from model.demography.observed import has_sources, read_sources
from model.demography.population import Array, five_year_groups
from model.demography.projection import Projection
from model.demography.small_areas import Grade, reliability
from model.demography.steer import run
from model.disclosure import rule_of
from model.errors import PackageError
from model.ingest.store import Release

Flags = NDArray[np.bool_]

SMALL = 8_000.0  # residents: below, counts are rounded
STEP = 5.0
LEVEL = 0.8
BACK = 10  # years ahead in the back-test


@dataclass(frozen=True)
class Ages:
    """People by sex (rows: women, men) and age group; nan where too few to be shown."""

    first: tuple[int, ...]
    last: tuple[int, ...]
    people: Array


class Planner:
    """Run scenarios from one release; `groups` are the places made of several areas, by code."""

    def __init__(self, baseline: Baseline, groups: Mapping[str, Sequence[str]], city: str, k: int) -> None:
        self._baseline, self._k = baseline, k
        self.city = city
        self.areas = baseline.base.areas
        self.groups = {code: tuple(members) for code, members in groups.items()}
        self.where: Places = places(self.areas, self.groups, city)
        self.year, self.until = baseline.base.year, baseline.until
        residents = self.where.members @ baseline.base.stock.sum(axis=(1, 2))
        self._small = residents < SMALL
        self.grades: dict[str, Grade] = dict(zip(self.where.names, reliability(residents), strict=True))
        self.notes, self.standards, self.sources = baseline.notes, baseline.standards, baseline.sources

    @property
    def years(self) -> range:
        """Return the jump-off year and all projected years."""
        return range(self.year, self.until + 1)

    def trend(self, lever: str) -> float:
        """Return where a lever of the whole city stands in the baseline."""
        women, men = self._baseline.target
        return float({"tfr": self._baseline.tfr, "life_expectancy_f": women, "life_expectancy_m": men}.get(lever, 100.0))

    @cached_property
    def baseline(self) -> Plan:
        """Return the baseline as a plan."""
        return Plan(self, NEUTRAL, self._baseline.projection)

    def plan(self, levers: Levers) -> Plan:
        """Return the scenario under `levers`, whose places may be groups. Raises ProjectionError or UnknownName."""
        meant = self.resolved(levers)
        return self.baseline if meant.neutral else Plan(self, meant, run(self._baseline, meant))

    def resolved(self, levers: Levers) -> Levers:
        """Return levers that name areas only: what is planned for a group is shared out evenly."""
        return shared_out(levers, {**self.groups, **({} if self.city in self.areas else {self.city: self.areas})})

    def bands(self, measures: Sequence[str | Measure]) -> dict[str, Band]:
        """Return prediction intervals of measures for all places; about 0.2 s."""
        return bands(self._baseline, measures, self.where, level=LEVEL)

    def contrast(self, plan: Plan, measure: Measure) -> Contrast:
        """Return what the scenario changes, with an interval of its own; about 0.2 s."""
        found = contrast(self._baseline, plan.levers, plan.projection, measure, self.where, level=LEVEL)
        return replace(found, central=plan.difference(measure))

    def observed(self, measure: Measure) -> tuple[tuple[int, ...], Array]:
        """Return the years and values (years, places) that were counted, nan where there are none or too few."""
        seen = self._baseline.observed
        return seen.years, self.shown(measure, self.where.sums(seen.stock))

    def factors(self) -> tuple[Factor, ...]:
        """Return the standard factors, scaled to what the city counts today."""
        return factors_for(self._baseline.observed, FACTORS)

    def capacity(self, need: str, levers: Levers = NEUTRAL) -> Array | None:
        """Return the places there are (years + 1, places) with those the levers add; None where nobody counts them."""
        added = self.resolved(levers).care_places if NEEDS[need].capacity == "care_places" else ()
        by_area = capacity(self._baseline.observed, need, self.until - self.year, added)
        return None if by_area is None else by_area @ self.where.members.T

    def backtest(self) -> tuple[past.Miss, ...]:
        """Return how far projections of the past would have missed; some seconds, nothing where the past is short."""
        seen = self._baseline.observed
        known = [year for year, stock in zip(seen.years, seen.stock, strict=True) if np.isfinite(stock).all()]
        origins = [y for y in known if y + BACK in known and y - known[0] >= past.NAIVE_YEARS // 2][-3:]
        return past.backtest(seen, self.sources, origins, BACK, draws=200) if origins else ()

    def shown(self, measure: Measure, stock: Array) -> Array:
        """Return a measure of places (…, places, 2, 101) → (…, places) as it may be shown, nan where it may not."""
        values = measure.compute(stock)
        few = self._few(measure, values, stock)
        rough = np.where(self._small, rounded(values), values) if measure.kind == "count" else values
        return np.where(few, np.nan, rough)

    def _few(self, measure: Measure, values: Array, stock: Array) -> Flags:
        """Tell which values are made of 1 … k−1 people or, for a share, leave so few over."""
        everybody = people(stock)
        if measure.kind == "count":
            return self._is_few(values)
        if measure.kind == "age":
            return self._is_few(everybody)
        whole = everybody if measure.kind == "share" else people(stock, *WORKING)
        part = np.nan_to_num(values) / 100.0 * whole
        return self._is_few(part) | self._is_few(whole - part if measure.kind == "share" else whole)

    def _is_few(self, count: Array) -> Flags:
        near = np.rint(count)
        return np.asarray((near > 0) & (near < self._k))

    def ages(self, stock: Array, place: int) -> Ages:
        """Return the people of one place (2, 101): single years for the city, else five-year groups."""
        single = self.where.names[place] == self.city
        first = range(101) if single else range(0, 101, 5)
        counted = stock if single else five_year_groups(stock)
        counted = rounded(counted) if self._small[place] else counted
        last = tuple(age if single or age == 100 else age + 4 for age in first)
        return Ages(tuple(first), last, np.where(self._is_few(counted), np.nan, counted))

    def even(self, values: Array, place: int) -> Array:
        """Return a chain of numbers whose running sum is rounded, so that shown parts add up to the shown whole."""
        running = np.cumsum(values)
        ends = rounded(running) if self._small[place] else np.rint(running)
        return np.diff(ends, prepend=0.0)


@dataclass(frozen=True)
class Plan:
    """One scenario: what it gives, as it may be shown. `projection` stays inside the core."""

    planner: Planner
    levers: Levers
    projection: Projection

    @property
    def neutral(self) -> bool:
        """Tell whether this is the baseline."""
        return self.levers.neutral

    @cached_property
    def _stock(self) -> Array:
        """Return the people of every place (years + 1, places, 2, 101)."""
        return self.planner.where.sums(self.projection.stock)

    def values(self, measure: Measure) -> Array:
        """Return a measure (years + 1, places), nan where it may not be shown."""
        return self.planner.shown(measure, self._stock)

    def difference(self, measure: Measure) -> Array:
        """Return how far a measure lies from the baseline (years + 1, places)."""
        return self.values(measure) - self.planner.baseline.values(measure)

    def interval(self, measure: Measure, band: Band) -> tuple[Array, Array]:
        """Return the prediction interval of a measure (years + 1, places), rounded like the measure itself."""
        central = self.values(measure)
        lower, upper = band.around(measure.compute(self._stock))
        if measure.kind == "count":
            lower, upper = (np.where(self.planner._small, rounded(end), end) for end in (lower, upper))
        hidden = np.isnan(central)
        return np.where(hidden, np.nan, np.minimum(lower, central)), np.where(hidden, np.nan, np.maximum(upper, central))

    def ages(self, place: str, year: int) -> Ages:
        """Return the people of a place by sex and age at the end of a year."""
        position = self.planner.where.position(place)
        return self.planner.ages(self._stock[year - self.planner.year, position], position)

    def balance(self, place: str) -> dict[str, Array]:
        """Return the components of change of a place per projected year and their sum `change`, rounded so that they add up."""
        position = self.planner.where.position(place)
        found = balance(self.projection, self.planner.where.members[position])
        names = [name for name in found if name != "change"]
        columns = np.stack([found[name] for name in names], axis=1)
        even = np.stack([self.planner.even(row, position) for row in columns])
        return {**dict(zip(names, even.T, strict=True)), "change": even.sum(axis=1)}

    def reasons(self, measure: Measure, place: str, year: int) -> dict[str, float]:
        """Return `start`, the parts of the change up to `year`, and `end` of the measure's ages; they add up exactly."""
        position = self.planner.where.position(place)
        members = self.planner.where.members[position]
        why = reasons(self.projection, *measure.ages, self.planner.year, year)
        chain = np.array([members @ values for values in (why.start, *why.parts.values())])
        even = self.planner.even(chain, position)
        return dict(zip(("start", *PARTS), map(float, even), strict=True)) | {"end": float(even.sum())}

    def answer(self, measure: Measure, place: str, year: int, band: Band, title: str, *, why: bool = False) -> Answer:
        """Return the figure with all that belongs to it; the difference comes without an interval."""
        at = year - self.planner.year, self.planner.where.position(place)
        central = self.values(measure)
        lower, upper = self.interval(measure, band)
        difference = None if self.neutral else (float(self.difference(measure)[at]), float("nan"), float("nan"))
        told: tuple[tuple[str, float], ...] = ()
        if why and year > self.planner.year:
            parts = self.reasons(measure, place, year)
            told = tuple((name, parts[name]) for name in PARTS)
        return Answer(
            measure, title, self.planner.year, year, float(central[0, at[1]]), float(central[at]), float(lower[at]),
            float(upper[at]), band.level, difference, told,
        )  # fmt: skip


def is_described(release: Release) -> bool:
    """Tell whether the package says what to project from: whether it has a section [demography]."""
    return has_sources(release.package.folder)


def planner_of(release: Release) -> Planner:
    """Return the planner of a built package. Raises PackageError without [demography], ProjectionError."""
    catalogue = release.package.catalogue
    sources = read_sources(release.package.folder)
    baseline = baseline_of(release)
    unit = sources.unit or catalogue.finest.id
    groups = groups_of(release, baseline.base.areas)
    rule = rule_of(catalogue.indicator(sources.population), catalogue)
    if unit not in catalogue.units:
        raise PackageError(f"The spatial unit {unit!r} is not declared.", where="[demography] unit")
    return Planner(baseline, groups, catalogue.top.code, rule.k)


def need_measure(need: str, factors: Sequence[Factor]) -> Measure:
    """Return a need as a measure."""
    return as_measure(need, factors)


def measure(id: str) -> Measure:
    """Return a measure by its id."""
    return MEASURES[id]


def rounded(values: Array) -> Array:
    """Return values rounded to 5."""
    return np.floor(values / STEP + 0.5) * STEP
