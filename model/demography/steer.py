"""What levers do to the assumptions of a baseline; neutral ones do nothing, not even a rounding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.demography import standard
from model.demography.assumptions import Assumptions, multiply
from model.demography.baseline import Baseline
from model.demography.housing import MoveIn, move_in, residents_of
from model.demography.levers import ALL, NEUTRAL, ByArea, ByAreaAndYear, Levers, check
from model.demography.mortality import between_year_ends, improve
from model.demography.population import Array
from model.demography.projection import Projection, project
from model.errors import UnknownName

REACH = 5  # years until a new fertility is reached


def run(baseline: Baseline, levers: Levers = NEUTRAL, *, components: bool = True) -> Projection:
    """Return the projection under `levers`; neutral levers give the baseline projection itself."""
    if levers.neutral:
        return baseline.projection
    return project(baseline.base, apply(baseline, levers), baseline.years, components=components)


def apply(baseline: Baseline, levers: Levers) -> Assumptions:
    """Return the baseline's assumptions changed by `levers`, the very same object where they are neutral.

    Raises ProjectionError for a value outside its bounds, UnknownName for an area or a move-in profile.
    """
    check(levers)
    changed = baseline.assumptions
    if levers.neutral:
        return changed
    if levers.tfr is not None:
        changed = replace(changed, asfr=_fertility(baseline, levers.tfr))
    if levers.life_expectancy_f is not None or levers.life_expectancy_m is not None:
        changed = replace(changed, dying=_mortality(baseline, levers))
    if levers.arrivals:
        level = multiply(changed.arrivals_level, _shares(levers.arrivals, baseline))
        changed = replace(changed, arrivals_level=level)
    if levers.departures:
        level = multiply(changed.leaving_level, _shares(levers.departures, baseline))
        changed = replace(changed, leaving_level=level)
    if levers.dwellings:
        changed = replace(changed, housing=_housing(baseline, levers), from_city=levers.from_city / 100.0)
    if levers.care_places:
        changed = replace(changed, special=_care(baseline, levers.care_places), renewed=True)
    return changed


def _fertility(baseline: Baseline, tfr: float) -> Array:
    steps = np.minimum(np.arange(1, baseline.years + 1) / REACH, 1.0)
    path = baseline.tfr + steps * (tfr - baseline.tfr)
    return (path / baseline.tfr)[:, None, None] * baseline.asfr


def _mortality(baseline: Baseline, levers: Levers) -> Array:
    chosen = (levers.life_expectancy_f, levers.life_expectancy_m)
    target = np.array([old if new is None else new for new, old in zip(chosen, baseline.target, strict=True)])
    return between_year_ends(improve(baseline.qx, target, baseline.years, baseline.years))[:, None]


def _shares(chosen: ByArea, baseline: Baseline) -> Array:
    """Return factors (1, areas, 1, 1); a value for one area goes before that for all."""
    areas = baseline.base.areas
    known = dict(chosen)
    for area in known:
        if area != ALL and area not in areas:
            raise UnknownName("Area", area, areas)
    factors = [known.get(area, known.get(ALL, 100.0)) / 100.0 for area in areas]
    return np.array(factors)[None, :, None, None]


def _housing(baseline: Baseline, levers: Levers) -> Array:
    kind = kind_of(levers)
    wanted: dict[tuple[str, int], float] = {}
    for area, year, number in levers.dwellings:
        wanted[area, year] = wanted.get((area, year), 0.0) + number
    return residents_of(wanted, baseline.base.areas, baseline.base.year + 1, baseline.years, kind)


def kind_of(levers: Levers) -> MoveIn:
    """Return who moves into the new dwellings."""
    kind = move_in(levers.move_in)
    return kind if levers.occupancy is None else replace(kind, occupancy=levers.occupancy)


def _care(baseline: Baseline, chosen: ByAreaAndYear) -> Array:
    """Return the special groups (years + 1, areas, 2, 101) with the additional places taken by the declared profile."""
    held = baseline.assumptions.special
    start = np.zeros_like(baseline.base.stock) if held is None else held[-1]
    special = np.repeat(start[None], baseline.years + 1, axis=0)
    profile = standard.care_home_profile()
    for area, year, places in chosen:
        if area not in baseline.base.areas:
            raise UnknownName("Area", area, baseline.base.areas, where="care_places")
        first = max(year - baseline.base.year, 1)
        special[first:, baseline.base.position(area)] += places * profile
    return np.maximum(special, 0.0)
