"""Make the inner breaks of a classification, one function per method: (values, number of classes) → breaks.

Values are finite and not empty. Breaks may repeat or lie outside the values; classify tidies them.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, inf, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MakeBreaks = Callable[[Floats, int], Floats]

# Natural breaks cost time by the square of the values. Order statistics at equal steps keep the shape of the distribution.
_MOST_FOR_JENKS: Final = 1_500


def quantile_breaks(values: Floats, count: int) -> Floats:
    """Return breaks that put the same number of values into each class, as far as ties allow."""
    distinct = np.unique(values)
    if len(distinct) <= count:
        return distinct[1:]
    return np.asarray(np.quantile(values, np.arange(1, count) / count))


def equal_breaks(values: Floats, count: int) -> Floats:
    """Return breaks at equal intervals, at most one class per distinct value."""
    count = min(count, len(np.unique(values)))
    return np.linspace(values.min(), values.max(), count + 1)[1:-1]


def jenks_breaks(values: Floats, count: int) -> Floats:
    """Return natural breaks (Fisher–Jenks: the least squared deviation within classes); a break starts its class."""
    import jenkspy  # type: ignore[import-untyped]

    distinct = np.unique(values)
    if len(distinct) <= count:
        return distinct[1:]
    ordered = np.sort(values)
    if len(ordered) > _MOST_FOR_JENKS:
        ordered = ordered[np.linspace(0, len(ordered) - 1, _MOST_FOR_JENKS).round().astype(int)]
        if len(np.unique(ordered)) <= count:
            return np.unique(ordered)[1:]
    ends = np.asarray(jenkspy.jenks_breaks(ordered, count), dtype=float)[1:-1]
    return distinct[np.searchsorted(distinct, ends, side="right").clip(max=len(distinct) - 1)]


def stddev_breaks(values: Floats, count: int) -> Floats:
    """Return breaks one standard deviation apart: the middle class straddles the mean, or a break is the mean."""
    steps = np.arange(1, count) - count / 2
    return np.asarray(values.mean() + steps * values.std())


def pretty_breaks(values: Floats, count: int) -> Floats:
    """Return round breaks (steps of 1, 2, 2.5 or 5 × 10ⁿ) that give nearly `count` classes and at most nine."""
    lowest, highest = float(values.min()), float(values.max())
    if highest <= lowest:
        return np.empty(0)
    best: Floats = np.empty(0)
    distance: float = inf
    for step in _round_steps((highest - lowest) / count):
        breaks: Floats = np.arange(floor(lowest / step) + 1, ceil(highest / step), dtype=np.float64) * step
        if abs(len(breaks) + 1 - count) < distance and len(breaks) < 9:
            best, distance = breaks, abs(len(breaks) + 1 - count)
    return np.array([float(f"{b:.12g}") for b in best])  # 3 × 0.1 is 0.30000000000000004


def _round_steps(near: float) -> list[float]:
    exponent = floor(log10(near))
    return [factor * 10.0 ** (exponent + more) for more in (0, 1) for factor in (1, 2, 2.5, 5)]


def mirrored_breaks(values: Floats, count: int, centre: float, make: MakeBreaks) -> Floats:
    """Return breaks at the same distances below and above `centre`; an odd `count` has a class around it."""
    distances = np.abs(values - centre)
    if not distances.any():
        return np.empty(0)
    odd = count % 2
    # With a distance of 0 equal intervals start at the centre and not at the smallest distance.
    padded = np.concatenate((distances, [0.0]))
    for sides in range(count // 2 + odd, 0, -1):
        outward = make(padded, sides)
        outward = outward[outward > 0]
        if 2 * len(outward) + 2 - odd <= 9:  # round breaks may be more than asked for
            break
    middle = np.empty(0) if odd else np.zeros(1)
    return np.asarray(centre + np.concatenate((-outward, middle, outward)))


def one_sided_breaks(values: Floats, sides: int, centre: float, make: MakeBreaks) -> Floats:
    """Return `centre` and the breaks that divide each side of it by itself into `sides` classes."""
    if sides == 1:
        return np.array([centre])
    below, above = values[values < centre], values[values >= centre]
    return np.concatenate([[centre], *(make(side, sides) for side in (below, above) if len(side))])


BREAKS: Final[dict[str, MakeBreaks]] = {
    "quantile": quantile_breaks,
    "equal": equal_breaks,
    "jenks": jenks_breaks,
    "stddev": stddev_breaks,
    "pretty": pretty_breaks,
}
