"""Movements: gross from net, smooth profiles, where people go."""

from __future__ import annotations

import numpy as np

from model.demography.population import Array


def net_to_gross(arrivals: Array, departures: Array, net: Array) -> tuple[Array, Array]:
    """Return arrivals and departures in the given order of size whose difference is `net`, moved apart alike.

    Arrivals are multiplied by what departures are divided by, so their product stays: the two are the roots of
    x² − |net| · x − in · out. Where either side is empty, the net alone decides.
    """
    product = arrivals * departures
    larger = 0.5 * (np.abs(net) + np.sqrt(net**2 + 4.0 * product))
    smaller = np.divide(product, larger, out=np.zeros_like(larger), where=larger > 0.0)
    return np.where(net >= 0.0, larger, smaller), np.where(net >= 0.0, smaller, larger)


def smooth_over_age(values: Array, width: int = 5, fixed: int = 1) -> Array:
    """Return `values` (…, ages) as a weighted moving mean over age, sum kept; the first `fixed` ages stay as they are.

    Weights fall off evenly (a triangle), so that a peak at one age stays where it is.
    """
    reach = width // 2
    kernel = np.concatenate([np.arange(1, reach + 2), np.arange(reach, 0, -1)]).astype(float)
    kernel /= kernel.sum()
    body = values[..., fixed:]
    padded = np.concatenate([np.repeat(body[..., :1], reach, -1), body, np.repeat(body[..., -1:], reach, -1)], axis=-1)
    size = body.shape[-1]
    smooth = sum((weight * padded[..., step : step + size] for step, weight in enumerate(kernel)), np.zeros_like(body))
    before, after = body.sum(axis=-1, keepdims=True), smooth.sum(axis=-1, keepdims=True)
    smooth = smooth * np.divide(before, after, out=np.ones_like(before), where=np.abs(after) > 1e-12)
    return np.concatenate([values[..., :fixed], smooth], axis=-1)


def destinations(arrived: Array, population: Array) -> Array:
    """Return where movers inside the city go, (areas, 2, 101) summing to 1 over areas at every sex and age.

    `arrived` are smooth or observed counts (areas, 2, 101). Where nobody of an age moved, the population decides.
    """
    filled = arrived + 1e-6 * (population + 1e-6)
    return filled / filled.sum(axis=0, keepdims=True)
