"""The one contract of all methods: a future with value, mean, variance, quantiles, draws and a reason where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from model.catalogue import Words
from model.forecast.scale import Scale
from model.forecast.series import Flags, Floats, Ints

REASONS: Final = {
    "no_value": Words("kein einziger Wert vorhanden", "there is not a single value"),
    "one_value": Words(
        "nur ein Wert und keine vergleichbaren Reihen, aus denen sich die Streuung lernen ließe",
        "only one value, and no comparable series to learn the spread from",
    ),
    "outside": Words("ein Wert liegt außerhalb des möglichen Bereichs", "a value lies outside the possible range"),
    "gaps": Words("dieses Verfahren verträgt keine fehlenden Zeitpunkte", "this method cannot take missing periods"),
    "failed": Words("das Verfahren fand keine Lösung", "the method found no solution"),
}
NOTES: Final = {
    "constant": Words("unveränderte Reihe: die Vergangenheit zeigt keine Streuung", "constant series: the past shows no spread"),
    "short": Words("kurze Reihe: nur Trend oder letzter Wert", "short series: only drift or last value"),
    "step": Words("Niveausprung im Modell berücksichtigt", "level step kept in the model"),
    "cut": Words("nur Werte nach dem Bruch verwendet", "only values after the break are used"),
    "gaps": Words("fehlende Zeitpunkte bleiben Lücken", "missing periods are left as gaps"),
    "not_converged": Words("Schätzung nicht ganz ausgereift", "the fit did not converge fully"),
    "provisional": Words("letzter Wert vorläufig", "the last value is provisional"),
}


@dataclass(frozen=True)
class Future:
    """Hold H steps after the last value of each of S series, on the scale of the forecast.

    `centre` and `spread` (median and standard deviation on the scale) are S × H, NaN where `reasons` says why there is
    no forecast; `last` is the number of each series' last period; `notes` are codes of NOTES.
    """

    names: tuple[str, ...]
    centre: Floats
    spread: Floats
    last: Ints
    scale: Scale
    method: str
    reasons: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...]
    converged: Flags

    @property
    def value(self) -> Floats:
        """Return the point forecast, the median of the predictive distribution (S × H)."""
        return self.scale.back(self.centre)

    @property
    def mean(self) -> Floats:
        """Return the expected value (S × H)."""
        return self._moments()[0]

    @property
    def variance(self) -> Floats:
        """Return the predictive variance in squared units of the values (S × H)."""
        return self._moments()[1]

    def quantile(self, probability: float) -> Floats:
        """Return the predictive quantile (S × H), which rises with `probability` (0 < p < 1)."""
        from scipy.special import ndtri

        return self.scale.back(self.centre + float(ndtri(probability)) * self.spread)

    def interval(self, level: float) -> tuple[Floats, Floats]:
        """Return the bounds of the central prediction interval of `level` per cent."""
        return self.quantile(0.5 - level / 200), self.quantile(0.5 + level / 200)

    def probability_above(self, threshold: float) -> Floats:
        """Return the probability of a value above `threshold` (S × H)."""
        from scipy.special import ndtr

        distance = self.centre - self.scale.threshold(threshold)
        with np.errstate(divide="ignore", invalid="ignore"):
            certain = np.where(distance > 0, 1.0, 0.0)
            chance = np.where(self.spread > 0, ndtr(distance / self.spread), certain)
        return np.where(np.isnan(self.centre), np.nan, chance)

    def draws(self, count: int, seed: int) -> Floats:
        """Return `count` paths (count × S × H) whose error grows with the horizon as a walk with independent steps.

        The same seed gives the same paths; each step's distribution is the one the quantiles describe.
        """
        random = np.random.default_rng(seed)
        grown = np.maximum.accumulate(np.square(self.spread), axis=1)
        steps = np.sqrt(np.diff(grown, axis=1, prepend=0.0))
        walk = np.cumsum(random.standard_normal((count, *self.centre.shape)) * steps, axis=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            unit = np.where(grown > 0, walk / np.sqrt(grown), 0.0)
        return self.scale.back(self.centre + unit * self.spread)

    def widened(self, factor: float | Floats) -> Future:
        """Return the future with every interval widened by `factor` (one number, or one per series as S × 1)."""
        return replace(self, spread=self.spread * factor)

    def take(self, rows: Ints) -> Future:
        """Return the future of these rows."""
        return replace(
            self,
            names=tuple(self.names[i] for i in rows),
            centre=self.centre[rows],
            spread=self.spread[rows],
            last=self.last[rows],
            reasons=tuple(self.reasons[i] for i in rows),
            notes=tuple(self.notes[i] for i in rows),
            converged=self.converged[rows],
        )

    def _moments(self) -> tuple[Floats, Floats]:
        if self.scale.form == "plain":
            return self.centre, np.square(self.spread)
        nodes, weights = np.polynomial.hermite_e.hermegauss(31)
        values = self.scale.back(self.centre[..., None] + self.spread[..., None] * nodes)
        mean = values @ (weights / weights.sum())
        return mean, np.square(values - mean[..., None]) @ (weights / weights.sum())


def joined(parts: Sequence[Future], order: Ints) -> Future:
    """Return one future of all parts, whose rows, one part after the other, have the positions `order`."""
    place = np.argsort(order, kind="stable")
    together = replace(
        parts[0],
        names=tuple(n for part in parts for n in part.names),
        centre=np.concatenate([part.centre for part in parts]),
        spread=np.concatenate([part.spread for part in parts]),
        last=np.concatenate([part.last for part in parts]),
        reasons=tuple(r for part in parts for r in part.reasons),
        notes=tuple(n for part in parts for n in part.notes),
        converged=np.concatenate([part.converged for part in parts]),
    )
    return together.take(place)


def without(names: Sequence[str], last: Ints, horizon: int, scale: Scale, method: str, reason: str) -> Future:
    """Return the future of series that cannot be forecast, with the reason."""
    empty = np.full((len(names), horizon), np.nan)
    nothing: tuple[tuple[str, ...], ...] = ((),) * len(names)
    flags = np.zeros(len(names), dtype=bool)
    return Future(tuple(names), empty, empty, last, scale, method, (reason,) * len(names), nothing, flags)
