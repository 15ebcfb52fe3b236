"""Choose the scale on which a series is forecast: counts √, shares logit, balances as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.errors import ForecastError, UnknownName
from model.forecast.series import Flags, Floats, Panel

SCALE_OF: Final = {
    "count": "root", "amount": "root", "rate": "root", "mean": "root", "index": "root", "share": "logit", "balance": "plain",
}  # fmt: skip
WIDEST_LOGIT: Final = 500.0  # beyond it a double rounds the share to its bound


@dataclass(frozen=True)
class Scale:
    """Turn values into the numbers that are forecast, and back.

    `form` is root, logit or plain; `bound` is the value that means "all" for shares (1 or 100).
    """

    form: str
    bound: float = 1.0

    def forward(self, values: Floats) -> Floats:
        """Return S × T values on the scale; shares of exactly none or all are drawn in by half their nearest neighbour."""
        if self.form == "root":
            return np.sqrt(values)
        if self.form == "plain":
            return np.asarray(values, dtype=float)
        share = values / self.bound
        inner = np.where((share > 0) & (share < 1), np.minimum(share, 1 - share), np.nan)
        edge = np.fmin.reduce(inner, axis=-1, keepdims=True, initial=np.nan) / 2
        edge = np.where(np.isnan(edge), 1e-4, edge)
        share = np.clip(share, edge, 1 - edge)
        return np.log(share) - np.log1p(-share)

    def back(self, numbers: Floats) -> Floats:
        """Return numbers of the scale as values; never below 0 for counts, inside (0, bound) for shares."""
        if self.form == "root":
            return np.square(np.maximum(numbers, 0.0))
        if self.form == "plain":
            return numbers
        inner = 1.0 / (1.0 + np.exp(-np.clip(numbers, -WIDEST_LOGIT, WIDEST_LOGIT)))
        return self.bound * np.minimum(inner, np.nextafter(1.0, 0.0))

    def threshold(self, value: float) -> float:
        """Return one value on the scale; −∞ or ∞ where the scale never goes below or above it."""
        if self.form == "plain":
            return value
        if self.form == "root":
            return float(np.sqrt(value)) if value >= 0 else -np.inf
        share = value / self.bound
        if not 0 < share < 1:
            return -np.inf if share <= 0 else np.inf
        return float(np.log(share) - np.log1p(-share))

    def outside(self, values: Floats) -> Flags:
        """Tell which values this scale cannot hold."""
        if self.form == "plain":
            return np.zeros(values.shape, dtype=bool)
        with np.errstate(invalid="ignore"):
            return (values < 0) | (values > self.bound) if self.form == "logit" else values < 0


def scale_for(kind: str, panel: Panel) -> Scale:
    """Return the scale of an indicator kind, or of `auto`: balance where a value is negative, else count.

    A share is read as per cent where a value lies above 1. Raises UnknownName for another kind.
    """
    if kind == "auto":
        kind = "balance" if np.nanmin(panel.values, initial=0.0) < 0 else "count"
    if kind not in SCALE_OF:
        raise UnknownName("Kind", kind, (*SCALE_OF, "auto"))
    largest = float(np.nanmax(panel.values, initial=0.0))
    return Scale(SCALE_OF[kind], 100.0 if kind == "share" and largest > 1 else 1.0)


def refuse_outside(panel: Panel, scale: Scale) -> None:
    """Raise ForecastError naming the first series with a value the scale cannot hold."""
    rows, columns = np.nonzero(scale.outside(panel.values))
    if rows.size:
        value, name = panel.values[rows[0], columns[0]], panel.names[rows[0]]
        allowed = f"between 0 and {scale.bound:g}" if scale.form == "logit" else "not negative"
        hint = "Use --kind balance for values with a sign." if scale.form == "root" else "Use --kind count for other numbers."
        raise ForecastError(f"Value {value:g} must be {allowed}.", where=f"series {name!r}", hint=hint)
