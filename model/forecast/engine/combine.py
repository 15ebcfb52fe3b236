"""Combine the filters of a bank for many series at once: one centre and one honest spread per series and step."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.forecast.engine.filters import DAMPED, DRIFT, Bank
from model.forecast.series import Floats

# Chosen on the M1 and tourism yearly competitions, confirmed on M3, which took no part in the choice: the drift family leads
# the centre, both families count alike in the spread, so that the interval also covers "the trend ends".
CENTRE_WEIGHT: Final = {DAMPED: 0.25, DRIFT: 0.75}
SPREAD_WEIGHT: Final = {DAMPED: 0.5, DRIFT: 0.5}
TRUST: Final = {DAMPED: 0.3, DRIFT: 0.3}  # exponent on the likelihood: 0 = equal weights, 1 = Bayes
# Always the same block, in whole tiles of the matrix kernels: a series has the same digits alone and among thousands.
BLOCK: Final = 96
FLOOR: Final = 1e-20  # sum of squares of a perfect fit, in units of the mean step


def combine(bank: Bank, values: Floats) -> tuple[Floats, Floats]:
    """Return centre and spread (S × H) of series observed at the bank's places (S × n, no gaps left)."""
    count, n = values.shape
    horizon = bank.ahead.shape[1]
    centre, spread = np.empty((count, horizon)), np.empty((count, horizon))
    errors = np.ascontiguousarray(bank.errors.reshape(-1, n).T)
    ahead = np.ascontiguousarray(bank.ahead.transpose(1, 0, 2).reshape(-1, n).T)
    for first in range(0, count, BLOCK):
        block = values[first : first + BLOCK]
        padded = np.zeros((BLOCK, n))
        padded[: len(block)] = block
        middle, width = _block(bank, padded, errors, ahead)
        centre[first : first + BLOCK], spread[first : first + BLOCK] = middle[: len(block)], width[: len(block)]
    return centre, spread


def _block(bank: Bank, values: Floats, errors: Floats, ahead: Floats) -> tuple[Floats, Floats]:
    origin = values[:, -1:]
    unit = np.abs(np.diff(values, axis=1)).mean(axis=1, keepdims=True)
    unit[unit == 0] = 1.0
    scaled = (values - origin) / unit
    squares = sums_of_squares(bank, scaled, errors) + FLOOR
    weights = family_weights(bank, squares)
    freedom = values.shape[1] - bank.states
    noise = squares / max(freedom - 2, 1)  # the variance of a t with that freedom, not of its normal limit
    paths = (scaled @ ahead).reshape(len(values), bank.ahead.shape[1], -1)
    mean = _weighted(bank, weights, CENTRE_WEIGHT)
    centre = np.einsum("shj,sj->sh", paths, mean)
    share = _weighted(bank, weights, SPREAD_WEIGHT)
    variance = (share * noise) @ bank.factors
    paths -= centre[:, :, None]
    np.square(paths, out=paths)
    variance += np.einsum("shj,sj->sh", paths, share)
    return origin + unit * centre, unit * np.sqrt(variance)


def sums_of_squares(bank: Bank, values: Floats, errors: Floats | None = None) -> Floats:
    """Return the sum of squared one-step errors of every series under every filter (S × J)."""
    n = values.shape[1]
    matrix = bank.errors.reshape(-1, n).T if errors is None else errors
    found = (values @ matrix).reshape(-1, n)
    return np.einsum("ij,ij->i", found, found).reshape(len(values), -1)


def family_weights(bank: Bank, squares: Floats) -> Floats:
    """Return weights that sum to 1 in each family (S × J), by the likelihood with initial states integrated out."""
    freedom = bank.errors.shape[1] - bank.states
    likelihood = -0.5 * freedom * np.log(squares) - 0.5 * bank.logdet
    weights = np.empty_like(likelihood)
    for family, trust in TRUST.items():
        rows = bank.filters.rows(family)
        part = likelihood[:, rows]
        part = np.exp(trust * (part - part.max(axis=1, keepdims=True)))
        weights[:, rows] = part / part.sum(axis=1, keepdims=True)
    return weights


def _weighted(bank: Bank, weights: Floats, shares: dict[str, float]) -> Floats:
    factor = np.array([shares[family] for family in bank.filters.family])
    return weights * factor
