"""People in new dwellings: dwellings × occupancy × age profile of those who move in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.catalogue import Words
from model.demography.population import AGES, Array
from model.errors import UnknownName


@dataclass(frozen=True)
class MoveIn:
    """Who moves into a kind of new dwelling: people per dwelling and their ages."""

    id: str
    title: Words
    occupancy: float
    peaks: tuple[tuple[float, float, float], ...]  # share, mean age, spread

    def profile(self) -> Array:
        """Return the shares by sex and age (2, 101), summing to 1."""
        ages = np.arange(AGES) + 0.5
        curve = np.zeros(AGES)
        for part, mean, spread in self.peaks:
            bell = np.exp(-0.5 * ((ages - mean) / spread) ** 2)
            curve += part * bell / bell.sum()
        return np.stack([curve, curve]) / (2.0 * curve.sum())


_KINDS = (
    MoveIn("mixed", Words("gemischt", "mixed"), 2.1, ((0.22, 4, 4), (0.55, 33, 7), (0.15, 52, 9), (0.08, 72, 8))),
    MoveIn("families", Words("Familien", "families"), 3.0, ((0.42, 5, 4), (0.53, 36, 5.5), (0.05, 60, 10))),
    MoveIn("young", Words("junge Haushalte", "young households"), 1.5, ((0.05, 2, 2), (0.90, 26, 5), (0.05, 45, 9))),
    MoveIn("seniors", Words("ältere Menschen", "older people"), 1.4, ((0.15, 60, 5), (0.85, 76, 7.5))),
)
MOVE_IN: dict[str, MoveIn] = {kind.id: kind for kind in _KINDS}
"""Our assumptions, not estimates: people per dwelling and their ages by kind of move-in. A planner who knows the building
programme sets `occupancy`; the profile is chosen by its name."""


def move_in(id: str) -> MoveIn:
    """Return the move-in profile `id`. Raises UnknownName."""
    if id not in MOVE_IN:
        raise UnknownName("Move-in profile", id, MOVE_IN)
    return MOVE_IN[id]


def residents_of(
    dwellings: Mapping[tuple[str, int], float], areas: tuple[str, ...], first_year: int, years: int, kind: MoveIn
) -> Array:
    """Return the residents (years, areas, 2, 101) of dwellings given by area and year of first occupation.

    Raises UnknownName for an area that is not projected; years outside the projection are left out.
    """
    counts = np.zeros((years, len(areas)))
    for (area, year), number in dwellings.items():
        if area not in areas:
            raise UnknownName("Area", area, areas, where="dwellings")
        if 0 <= year - first_year < years:
            counts[year - first_year, areas.index(area)] += number
    return counts[:, :, None, None] * (kind.occupancy * kind.profile())
