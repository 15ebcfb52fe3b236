"""One year forward, and many: the cohort-component method.

Order of events: everybody ages on → deaths → leaving the city → moving inside it → moving into new dwellings →
arriving (half-exposed to death) → births from the mean of the women at the start and the end of the year → the year's
infants go through the same. Every component is kept by age reached at the end of the year, so that in every cell

    end = aged start + births − deaths + arrivals − departures + moved in − moved out + new housing

and people who move inside the city leave one area for another: moved in and moved out have the same sum.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from model.demography.assumptions import FEW, Assumptions, Controls, Year
from model.demography.fertility import births_of, by_sex
from model.demography.population import FERTILE, OLDEST, WOMEN, Array, Population, age_on
from model.errors import ProjectionError


@dataclass(frozen=True)
class Components:
    """Components of change by age reached at the end of the year; births (…, areas, 2), all else (…, areas, 2, 101)."""

    births: Array
    deaths: Array
    arrivals: Array
    departures: Array
    moved_in: Array
    moved_out: Array
    housing: Array

    def change(self) -> Array:
        """Return what was added to the aged start, cell by cell."""
        net = self.arrivals + self.moved_in + self.housing - self.deaths - self.departures - self.moved_out
        net[..., 0] += self.births
        return net

    def year(self, number: int) -> Components:
        """Return the components of the projected year `number` (0 is the first) as views."""
        return Components(*(getattr(self, name)[number] for name in COMPONENTS))


COMPONENTS = tuple(f.name for f in fields(Components))


@dataclass(frozen=True)
class Projection:
    """A projected population: `stock` (years + 1, [draws,] areas, 2, 101) from the jump-off `year` on.

    `components` (years, …) are None where they were not kept; `special` is the part of the stock that is not aged.
    """

    areas: tuple[str, ...]
    year: int
    stock: Array
    components: Components | None = None
    special: Array | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years, the jump-off year first."""
        return tuple(range(self.year, self.year + len(self.stock)))

    def at(self, year: int) -> Array:
        """Return the stock at the end of `year`. Raises ProjectionError outside the projected years."""
        if not 0 <= year - self.year < len(self.stock):
            raise ProjectionError(f"{year} is not projected.", hint=f"Choose {self.years[0]} to {self.years[-1]}.")
        return self.stock[year - self.year]

    def aged(self, number: int) -> Array:
        """Return the stock of year `number` one birthday later, special groups left as they are."""
        if self.special is None:
            return age_on(self.stock[number])
        held = self.special[min(number, len(self.special) - 1)]
        return age_on(self.stock[number] - held) + held


def project(base: Population, assumptions: Assumptions, years: int, *, components: bool = True) -> Projection:
    """Return `base` projected `years` years. Raises ProjectionError where special groups exceed the stock."""
    special = assumptions.special
    start = base.stock if special is None else _without(base.stock, special[0], base.areas)
    shape = _shape(base.stock, assumptions)
    stock = np.empty((years + 1, *shape), dtype=base.stock.dtype)
    stock[0] = base.stock
    kept = _room(shape, assumptions, years if components else 1, base.stock.dtype)
    for number in range(years):
        year = assumptions.year(number)
        if assumptions.controls is not None:
            year = rake(start, year, assumptions.controls, number)
        end, parts = stock[number + 1], kept.year(number if components else 0)
        _step(start, year, end, parts)
        if special is not None:
            before, after = (special[min(n, len(special) - 1)] for n in (number, number + 1))
            start = _hold_apart(end, parts if components else None, before, after, year if assumptions.renewed else None)
        else:
            start = end
    return Projection(base.areas, base.year, stock, kept if components else None, special)


def step(start: Array, year: Year) -> tuple[Array, Components]:
    """Return the stock one year later and the components of change; `start` is (…, areas, 2, 101)."""
    lone = Assumptions(
        year.dying[None], year.asfr[None], year.arrivals[None], leaving=_first(year.leaving),
        departures=_first(year.departures), moving=_first(year.moving), housing=_first(year.housing),
    )  # fmt: skip
    shape = _shape(start, lone)
    end, parts = np.empty(shape, dtype=start.dtype), _room(shape, lone, 1, start.dtype).year(0)
    _step(start, year, end, parts)
    return end, parts


def _first(values: Array | None) -> Array | None:
    return None if values is None else values[None]


def _shape(stock: Array, assumptions: Assumptions) -> tuple[int, ...]:
    """Return the shape of a year's stock: draws may come in with any of the assumptions."""
    parts = [assumptions.dying[0, ..., :-1], assumptions.arrivals[0], assumptions.asfr[0][..., None, :1]]
    names = ("dying_level", "arrivals_level", "leaving", "leaving_level", "leaving_shift")
    parts += [getattr(assumptions, name)[0] for name in names if getattr(assumptions, name) is not None]
    if assumptions.asfr_level is not None:
        parts.append(assumptions.asfr_level[0][..., None, :1])
    return np.broadcast_shapes(stock.shape, *(part.shape for part in parts))


def _room(shape: tuple[int, ...], assumptions: Assumptions, years: int, kind: np.dtype[np.float64]) -> Components:
    """Return components to be filled; where nothing can flow, a zero that takes no room."""
    full = (years, *shape)

    def flow(*causes: object) -> Array:
        return np.broadcast_to(0.0, full) if all(cause is None for cause in causes) else np.empty(full, dtype=kind)

    moves = (assumptions.moving, assumptions.housing, assumptions.special)
    leaves = (assumptions.leaving, assumptions.departures, assumptions.leaving_shift)
    steady = assumptions.arrivals_level is None and assumptions.controls is None and len(assumptions.arrivals) == 1
    arrivals = np.broadcast_to(assumptions.arrivals, full) if steady else np.empty(full, dtype=kind)
    return Components(
        births=np.empty(full[:-1], dtype=kind), deaths=np.empty(full, dtype=kind), arrivals=arrivals, departures=flow(*leaves),
        moved_in=flow(*moves), moved_out=flow(*moves), housing=flow(*moves[1:]),
    )  # fmt: skip


def _step(start: Array, year: Year, end: Array, parts: Components) -> None:
    """Fill `end` and `parts` with the year after `start`."""
    _clear(parts, year)
    _survive(start, year.dying, end, parts.deaths)
    _exchange(end, parts, year, slice(None) if year.housing is None else slice(1, None))
    if parts.arrivals.flags.writeable:
        parts.arrivals[...] = year.arrivals
    lost = 0.5 * year.arrivals
    end += year.arrivals
    lost = np.multiply(lost, year.dying[..., :-1], out=lost if lost.shape == end.shape else None)
    np.add(parts.deaths, lost, out=parts.deaths)
    end -= lost
    births = by_sex(births_of(start[..., WOMEN, FERTILE], end[..., WOMEN, FERTILE], year.asfr), year.sex_ratio)
    parts.births[...] = births
    deaths = births * year.dying[..., 0]
    parts.deaths[..., 0] += deaths
    infants = (births - deaths)[..., None]
    _exchange(infants, parts, year, slice(0, 1))
    end[..., :1] += infants


def _clear(parts: Components, year: Year) -> None:
    """Set to zero what is added to, not assigned."""
    if year.leaving is None and year.departures is not None:
        parts.departures[...] = 0.0
    if year.moving is None and parts.moved_in.flags.writeable:
        parts.moved_in[...] = parts.moved_out[...] = 0.0
    if year.housing is None and parts.housing.flags.writeable:
        parts.housing[...] = 0.0


def _survive(start: Array, dying: Array, end: Array, deaths: Array) -> None:
    """Let everybody age on and the dying die; age 0 stays empty."""
    deaths[..., 0] = end[..., 0] = 0.0
    np.multiply(start[..., :-1], dying[..., 1:-1], out=deaths[..., 1:])
    np.subtract(start[..., :-1], deaths[..., 1:], out=end[..., 1:])
    oldest = start[..., OLDEST] * dying[..., -1]
    deaths[..., OLDEST] += oldest
    end[..., OLDEST] += start[..., OLDEST] - oldest


def _exchange(people: Array, parts: Components, year: Year, ages: slice) -> None:
    """Let people leave, move inside the city and into new dwellings; `people` covers `ages` or every age."""
    living = people if people.shape[-1] == 1 else people[..., ages]
    if year.leaving is not None:
        gone = np.multiply(living, year.leaving[..., ages], out=parts.departures[..., ages])
        living -= gone
    if year.moving is not None and year.destinations is not None:
        leavers = np.multiply(living, year.moving[..., ages], out=parts.moved_out[..., ages])
        pool = leavers.sum(axis=-3, keepdims=True)
        living -= leavers
        np.multiply(pool, year.destinations[..., ages], out=parts.moved_in[..., ages])
    if year.housing is not None:
        _move_into_housing(living, parts, year, ages)
        living += parts.housing[..., ages]
    if year.moving is not None or year.housing is not None:
        living += parts.moved_in[..., ages]
    if year.departures is not None:
        _leave_by_count(living, parts, year.departures[..., ages], 0.5 * year.dying[..., :-1][..., ages], ages)


def _leave_by_count(living: Array, parts: Components, wanted: Array, dying: Array, ages: slice) -> None:
    """Let a given number leave, half-exposed to death, but never more than there are."""
    gone = np.minimum(wanted, living / (1.0 - dying))
    parts.departures[..., ages] += gone
    parts.deaths[..., ages] -= dying * gone
    living -= gone * (1.0 - dying)
    np.maximum(living, 0.0, out=living)


def _move_into_housing(living: Array, parts: Components, year: Year, ages: slice) -> None:
    """Fill new dwellings: first from the city's own movers, never taking more than half of a cell, then from outside."""
    assert year.housing is not None
    residents = year.housing[..., ages]
    willing = living if year.moving is None else living * year.moving[..., ages]
    wanted = year.from_city * residents.sum(axis=-3, keepdims=True)
    ratio = wanted / np.maximum(willing.sum(axis=-3, keepdims=True), FEW)
    taken = np.minimum(willing * ratio, 0.5 * living)
    found = taken.sum(axis=-3, keepdims=True)
    own = residents * np.where(wanted > 0.0, year.from_city * found / np.maximum(wanted, FEW), 0.0)
    living -= taken
    parts.moved_out[..., ages] += taken
    parts.moved_in[..., ages] += own
    parts.housing[..., ages] = residents - own


def rake(start: Array, year: Year, controls: Controls, number: int, rounds: int = 12) -> Year:
    """Return the year with births, deaths, arrivals and departures scaled to the control totals of year `number`.

    Components hang together (arrivals bear children and die), so the scaling is repeated until the totals fit.
    """
    factors = dict.fromkeys(("births", "deaths", "arrivals", "departures"), 1.0)
    wanted = {name: getattr(controls, name) for name in factors if getattr(controls, name) is not None}
    for _ in range(rounds):
        _, parts = step(start, year.scaled(**factors))
        for name, totals in wanted.items():
            reached = float(getattr(parts, name).sum())
            factors[name] *= float(totals[min(number, len(totals) - 1)]) / max(reached, FEW)
    return year.scaled(**factors)


def _hold_apart(end: Array, parts: Components | None, before: Array, after: Array, year: Year | None) -> Array:
    """Let special groups go from `before` to `after` and, with `year`, replace their dead; return who lives outside.

    They come from all areas alike, by sex and age; where the city has too few, the rest comes from outside. `end` becomes
    everybody. Only the ages that live in such groups are touched.
    """
    held = np.flatnonzero((before + after).any(axis=tuple(range(before.ndim - 1))))
    if not len(held):
        return end
    ages = slice(int(held[0]), int(held[-1]) + 1)
    dead = before[..., ages] * year.dying[..., 1:][..., ages] if year is not None else np.zeros_like(before[..., ages])
    needed = after[..., ages] - before[..., ages] + dead
    wanted = needed.sum(axis=-3, keepdims=True)
    living = end[..., ages]
    taken = living * np.minimum(wanted / np.maximum(living.sum(axis=-3, keepdims=True), FEW), 1.0)
    if parts is not None:
        own = needed - np.maximum(wanted - taken.sum(axis=-3, keepdims=True), 0.0) * _shares(needed)
        parts.deaths[..., ages] += dead
        parts.moved_in[..., ages] += np.maximum(own, 0.0) + np.maximum(-taken, 0.0)
        parts.moved_out[..., ages] += np.maximum(taken, 0.0) + np.maximum(-own, 0.0)
        parts.housing[..., ages] += needed - own
    outside = end.copy()
    outside[..., ages] -= taken
    np.add(outside, after, out=end)
    return outside


def _shares(growth: Array) -> Array:
    grown = np.maximum(growth, 0.0)
    return grown / np.maximum(grown.sum(axis=-3, keepdims=True), FEW)


def _without(stock: Array, special: Array, areas: tuple[str, ...]) -> Array:
    regular = stock - special
    if (regular < -1e-6).any():
        area, _, age = np.argwhere(regular < -1e-6)[0]
        raise ProjectionError(f"More people are held apart than live there at age {age}.", where=f"area {areas[area]}")
    return np.maximum(regular, 0.0)
