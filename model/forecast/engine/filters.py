"""Turn a fixed grid of linear innovations filters into constant matrices for one pattern of gaps and breaks.

Each filter is ETS(A,Ad,N) (damped family) or simple smoothing with a fixed drift (drift family), with additive seasons
where the year has several periods. For a fixed filter the one-step errors are e = M y − X θ with θ the initial states, so
least squares over θ gives e = A y and states = S y: nothing is fitted. Hyndman, Koehler, Ord & Snyder (2008), ch. 3–5.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from model.forecast.series import Flags, Floats

LEVEL_DAMPED: Final = (0.1, 0.4, 0.7, 1.0, 1.2)
TREND_SHARE: Final = (0.0, 0.15, 0.4, 0.8)  # β* = β / α
DAMPING: Final = (0.7, 0.85, 0.95)
LEVEL_DRIFT: Final = (0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0, 1.15, 1.3)
SEASON_DAMPED: Final = (0.0, 0.2)
SEASON_DRIFT: Final = (0.0, 0.15, 0.4)
DAMPED: Final = "damped"
DRIFT: Final = "drift"


@dataclass(frozen=True)
class Filters:
    """Hold J filters as columns: smoothing of level α, trend β, season γ, and damping φ; `family` names each one's."""

    alpha: Floats
    beta: Floats
    gamma: Floats
    phi: Floats
    family: tuple[str, ...]

    def rows(self, family: str) -> slice:
        """Return the consecutive rows of one family."""
        first = self.family.index(family)
        return slice(first, first + self.family.count(family))


@dataclass(frozen=True)
class Bank:
    """Hold what J filters make of n observed values, k initial states and H steps.

    `errors` J × n × n and `ahead` J × H × n map observed values to one-step errors and forecasts; `factors` J × H are
    variances of the forecast per unit of error variance, initial states included; `logdet` J is log det X'X.
    """

    filters: Filters
    errors: Floats
    ahead: Floats
    factors: Floats
    logdet: Floats
    states: int


def grid(season: int = 1) -> Filters:
    """Return the 69 filters of annual data, or those with additive seasons."""
    seasonal = season > 1
    damped = [
        (a, a * b, g, p) for g, a, b, p in product(SEASON_DAMPED if seasonal else (0.0,), LEVEL_DAMPED, TREND_SHARE, DAMPING)
    ]
    drift = [(a, 0.0, g, 1.0) for g, a in product(SEASON_DRIFT if seasonal else (0.0,), LEVEL_DRIFT)]
    alpha, beta, gamma, phi = np.array(damped + drift).T
    return Filters(alpha, beta, gamma, phi, (DAMPED,) * len(damped) + (DRIFT,) * len(drift))


def build(filters: Filters, observed: Flags, steps: tuple[int, ...], season: int, horizon: int) -> Bank:
    """Return the bank for values at the True places of `observed` (T), with a new level at each place of `steps`."""
    model = _Model(filters, season, steps)
    x, errors, regressors = _filter(model, observed)
    gram = np.linalg.inv(regressors.transpose(0, 2, 1) @ regressors)
    solve = gram @ regressors.transpose(0, 2, 1) @ errors
    states_of_y = x[:, :, : observed.sum()] + x[:, :, observed.sum() :] @ solve
    ahead, noise, weights = _look_ahead(model, len(observed), horizon)
    unknown = weights @ x[:, :, observed.sum() :]
    factors = noise + np.einsum("jhk,jkl,jhl->jh", unknown, gram, unknown)
    return Bank(
        filters=filters,
        errors=errors - regressors @ solve,
        ahead=weights @ states_of_y if ahead else np.empty((len(filters.alpha), 0, int(observed.sum()))),
        factors=factors,
        logdet=-np.linalg.slogdet(gram)[1],
        states=model.initial.shape[1],
    )


class _Model:
    """The state space form: states are level, trend, seasons (latest last in the year first), and one jump per step."""

    def __init__(self, filters: Filters, season: int, steps: tuple[int, ...]) -> None:
        count, self.steps = len(filters.alpha), steps
        seasons = season if season > 1 else 0
        self.size = 2 + seasons + len(steps)
        self.transition = np.zeros((count, self.size, self.size))
        self.transition[:, 0, 0] = 1.0
        self.transition[:, 0, 1] = self.transition[:, 1, 1] = filters.phi
        self.gain = np.zeros((count, self.size))
        self.gain[:, 0], self.gain[:, 1] = filters.alpha, filters.beta
        self.look = np.zeros((count, self.size))
        self.look[:, 0], self.look[:, 1] = 1.0, filters.phi
        if seasons:
            self._add_seasons(filters, seasons)
        for place in range(2 + seasons, self.size):
            self.transition[:, place, place] = 1.0
        self.initial = self._initial(seasons)

    def _add_seasons(self, filters: Filters, seasons: int) -> None:
        self.transition[:, 2, 1 + seasons] = 1.0
        for place in range(3, 2 + seasons):
            self.transition[:, place, place - 1] = 1.0
        self.gain[:, 2] = filters.gamma
        self.look[:, 1 + seasons] = 1.0

    def _initial(self, seasons: int) -> Floats:
        """Return states × free initial values: seasons start with sum zero."""
        free = np.eye(self.size)
        if not seasons:
            return free
        free[1 + seasons, 2 : 1 + seasons] = -1.0
        return np.delete(free, 1 + seasons, axis=1)

    def look_at(self, place: int) -> Floats:
        """Return J × states: how the value at `place` reads the states before it."""
        look = self.look.copy()
        for number, step in enumerate(self.steps):
            look[:, self.size - len(self.steps) + number] = float(place >= step)
        return look


def _filter(model: _Model, observed: Flags) -> tuple[Floats, Floats, Floats]:
    """Return states (J × d × (n + k)), errors as rows of y (J × n × n) and of the initial states (J × n × k)."""
    count, n, free = len(model.look), int(observed.sum()), model.initial.shape[1]
    x = np.zeros((count, model.size, n + free))
    x[:, :, n:] = model.initial
    rows = np.zeros((count, n, n + free))
    seen = 0
    for place, there in enumerate(observed):
        expected = (model.look_at(place)[:, None] @ x)[:, 0]
        x = model.transition @ x
        if there:
            rows[:, seen] = -expected
            rows[:, seen, seen] += 1.0
            x += model.gain[:, :, None] * rows[:, seen, None]
            seen += 1
    return x, rows[:, :, :n], -rows[:, :, n:]


def _look_ahead(model: _Model, length: int, horizon: int) -> tuple[bool, Floats, Floats]:
    """Return whether there is a horizon, the innovation variance J × H and how each step reads the last states."""
    count = len(model.look)
    look, reads, noise = model.look_at(length), np.zeros((count, horizon, model.size)), np.zeros((count, horizon))
    total = np.ones(count)
    for step in range(horizon):
        reads[:, step], noise[:, step] = look, total
        total = total + np.einsum("jd,jd->j", look, model.gain) ** 2
        look = (look[:, None] @ model.transition)[:, 0]
    return horizon > 0, noise, reads
