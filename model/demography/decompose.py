"""Why a group of ages grows or shrinks: ageing in place, births, deaths and moves, adding up exactly."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from model.demography.population import Array
from model.demography.projection import Projection
from model.errors import ProjectionError


@dataclass(frozen=True)
class Reasons:
    """The change of a group between two years, per area (areas,): `end − start` is the sum of the parts.

    `ageing` counts those who grew into the group less those who grew out of it; births count only for a group that
    begins at 0. Deaths and departures are negative.
    """

    start: Array
    ageing: Array
    births: Array
    deaths: Array
    outside: Array
    inside: Array
    housing: Array
    end: Array

    @property
    def parts(self) -> dict[str, Array]:
        """Return the parts by name, in the order of a waterfall."""
        return {name: getattr(self, name) for name in PARTS}

    def minus(self, baseline: Reasons) -> Reasons:
        """Return this less `baseline`, part by part: why a scenario differs."""
        return Reasons(*(getattr(self, f.name) - getattr(baseline, f.name) for f in fields(self)))

    def together(self) -> Reasons:
        """Return the sum of all areas as one; moves inside the city cancel."""
        return Reasons(*(getattr(self, f.name).sum(keepdims=True) for f in fields(self)))


PARTS = ("ageing", "births", "deaths", "outside", "inside", "housing")


def reasons(projection: Projection, first_age: int, last_age: int, start: int, end: int) -> Reasons:
    """Return why the people aged first…last (both included) change from the end of year `start` to that of `end`.

    Raises ProjectionError where components were not kept or years are not projected.
    """
    components = projection.components
    if components is None:
        raise ProjectionError("The components of this projection were not kept.")
    if end <= start:
        raise ProjectionError(f"{end} does not come after {start}.")
    ages = slice(first_age, last_age + 1)
    span = slice(start - projection.year, end - projection.year)
    before, after = (_people(projection.at(year), ages) for year in (start, end))

    def total(values: Array) -> Array:
        return np.asarray(values[span, ..., ages].sum(axis=(0, -2, -1)))

    births = components.births[span].sum(axis=(0, -1)) if first_age == 0 else np.zeros_like(before)
    deaths, outside = -total(components.deaths), total(components.arrivals) - total(components.departures)
    inside, housing = total(components.moved_in) - total(components.moved_out), total(components.housing)
    ageing = sum(
        (_people(projection.aged(n), ages) - _people(projection.stock[n], ages) for n in range(span.start, span.stop)),
        np.zeros_like(before),
    )
    return Reasons(before, ageing, births, deaths, outside, inside, housing, after)


def _people(stock: Array, ages: slice) -> Array:
    return np.asarray(stock[..., ages].sum(axis=(-2, -1)))


def balance(projection: Projection, members: Array) -> dict[str, Array]:
    """Return the components of change of one place per year (years,), deaths and departures negative, and their sum.

    `members` (areas,) is 1 for the areas of the place (bands.Places.members). Inside a place that is the whole city,
    moves inside cancel.
    """
    parts = projection.components
    if parts is None:
        raise ProjectionError("The components of this projection were not kept.")

    def total(values: Array) -> Array:
        return np.asarray(values.sum(axis=tuple(range(2, values.ndim))) @ members)

    signed = {
        "births": total(parts.births),
        "deaths": -total(parts.deaths),
        "arrivals": total(parts.arrivals),
        "departures": -total(parts.departures),
        "inside": total(parts.moved_in) - total(parts.moved_out),
        "housing": total(parts.housing),
    }
    return signed | {"change": sum(signed.values(), np.zeros(len(parts.deaths)))}
