"""Rates for small areas: the city's curve, each area's own level as far as its numbers carry, and area types."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.catalogue import Words
from model.demography.population import Array

Labels = NDArray[np.int64]


def shrunk_level(events: Array, expected: Array) -> Array:
    """Return each area's level (events + k) / (expected + k): near 1 where little was expected, its own where much.

    `events` and `expected` (areas,) are sums over sex and age. k is `shrinkage` of the component.
    """
    k = shrinkage(events, expected)
    if not np.isfinite(k):
        return np.ones_like(events)
    return (events + k) / np.maximum(expected + k, 1e-12)


def shrinkage(events: Array, expected: Array) -> float:
    """Return k, the expected events that weigh as much as the city: the inverse of the true spread between areas.

    Method of moments for a Poisson count whose level varies from area to area: what the levels spread beyond chance.
    Infinite where the areas differ no more than chance would make them.
    """
    known = expected > 0.0
    if known.sum() < 2:
        return float("inf")
    weight = expected[known]
    level = events[known] / weight
    mean = events[known].sum() / weight.sum()
    spread = float((weight * (level - mean) ** 2).sum() - (known.sum() - 1) * mean)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    variance = spread / scale if scale > 0.0 else 0.0
    return float(mean / variance) if variance > 1e-9 else float("inf")


def area_types(profiles: Array, most: int = 7, weight: Array | None = None) -> Labels:
    """Return a type 0…most−1 per area from its age profile (areas, cells): similar profiles share a type.

    Ward's method on the square roots of the shares, which gives sampling noise the same size everywhere. Areas whose
    `weight` (events) is under 50 join the type nearest to them and do not form one.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    shares = profiles / np.maximum(profiles.sum(axis=1, keepdims=True), 1e-12)
    points = np.sqrt(np.maximum(shares, 0.0))
    strong = np.ones(len(points), dtype=bool) if weight is None else weight >= 50.0
    if strong.sum() <= 2:
        return np.zeros(len(points), dtype=np.int64)
    labels = np.zeros(len(points), dtype=np.int64)
    labels[strong] = fcluster(linkage(points[strong], method="ward"), t=most, criterion="maxclust") - 1
    centres = np.stack([points[strong][labels[strong] == n].mean(axis=0) for n in range(labels[strong].max() + 1)])
    distance = ((points[:, None] - centres[None]) ** 2).sum(axis=-1)
    labels[~strong] = distance[~strong].argmin(axis=1)
    return labels


def typical(counts: Array, types: Labels) -> Array:
    """Return, for each area, the sum of `counts` (areas, …) over the areas of its type."""
    sums = np.stack([counts[types == kind].sum(axis=0) for kind in range(types.max() + 1)])
    return sums[types]


@dataclass(frozen=True)
class Grade:
    """How far an area's result may be trusted, from its residents."""

    id: str
    least: float
    title: Words


GRADES = (
    Grade("good", 10_000.0, Words("belastbar", "reliable")),
    Grade("limited", 8_000.0, Words("eingeschränkt belastbar", "reliable with care")),
    Grade("weak", 3_000.0, Words("wenig belastbar: nur Größenordnung", "weak: order of magnitude only")),
    Grade("very_weak", 0.0, Words("nicht belastbar: nur zusammen mit Nachbarn lesen", "not reliable: read with its neighbours")),
)
"""Below about 8,000–10,000 residents per unit, results of small-area projections are held to be unreliable (KOSIS-
Verbund, handbook of the projection program SIKURS). The step at 3,000 is ours."""


def reliability(residents: Array) -> tuple[Grade, ...]:
    """Return the grade of each area from its residents at the jump-off."""
    return tuple(next(grade for grade in GRADES if count >= grade.least) for count in residents)
