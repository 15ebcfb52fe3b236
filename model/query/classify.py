"""Divide the values of a map into classes; the kinds of empty keep codes of their own.

Classes are half-open, `lower ≤ value < upper`, the last one closed. Where the reader sees rounded numbers, values and breaks
are compared rounded to the same decimals, so that map, legend and table never contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.catalogue.entries import NO_WORDS, Classes, Words
from model.errors import SelectionError
from model.query.breaks import BREAKS, Floats, mirrored_breaks, one_sided_breaks

METHODS: Final = (*BREAKS, "manual")
FEWEST, MOST = 3, 9

# Negative codes count from the end of a list of colours: [*classes, low, high, not_applicable, missing, suppressed, zero].
ZERO, SUPPRESSED, MISSING, NOT_APPLICABLE, HIGH_OUTLIER, LOW_OUTLIER = -1, -2, -3, -4, -5, -6
SPECIALS: Final = (ZERO, SUPPRESSED, MISSING, NOT_APPLICABLE, HIGH_OUTLIER, LOW_OUTLIER)
_CODE_OF_STATUS: Final = {"suppressed": SUPPRESSED, "not_applicable": NOT_APPLICABLE, "missing": MISSING}

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Scheme:
    """How to divide values into classes.

    `breaks` are the inner breaks of method `manual`. `centre` makes the classes diverge around a value: mirrored (a change
    around 0), or each side by itself where `threshold` is set (below and above a target; an even number of classes).
    """

    method: str = "quantile"
    count: int = 5
    breaks: tuple[float, ...] = ()
    decimals: int | None = None
    zero_apart: bool = False
    outliers_apart: bool = False
    centre: float | None = None
    threshold: bool = False


@dataclass(frozen=True)
class Classification:
    """Class breaks and what they were made of.

    `edges` are the outer and inner breaks (one more than classes, none without values); `fences` are Tukey's, beyond which a
    value is an outlier; `note` says why there are other classes than asked for.
    """

    scheme: Scheme
    edges: tuple[float, ...]
    fences: tuple[float, float] | None
    note: Words = NO_WORDS

    @property
    def count(self) -> int:
        """Return the number of classes, special ones not counted."""
        return max(len(self.edges) - 1, 0)

    @property
    def inner(self) -> tuple[float, ...]:
        """Return the breaks between classes."""
        return self.edges[1:-1]

    def class_of(self, values: Any, statuses: Sequence[str] | None = None) -> Codes:
        """Return a code per value: 0 … count−1 from low to high, or one of the negative special codes.

        Empty values (null, NaN) are `missing` unless `statuses` (same length) says suppressed or not applicable.
        """
        exact = as_floats(values)
        codes = np.searchsorted(np.asarray(self.inner, dtype=float), _rounded(exact, self.scheme.decimals), side="right")
        codes = codes.astype(np.int64)
        if self.scheme.outliers_apart and self.fences:
            codes[exact < self.fences[0]], codes[exact > self.fences[1]] = LOW_OUTLIER, HIGH_OUTLIER
        if self.scheme.zero_apart:
            codes[exact == 0] = ZERO
        empty = np.isnan(exact)
        codes[empty] = MISSING
        if statuses is not None and empty.any():
            for at in np.flatnonzero(empty):
                codes[at] = _CODE_OF_STATUS.get(str(statuses[int(at)]), MISSING)
        return codes

    def counts(self, codes: Codes) -> dict[int, int]:
        """Return the number of areas per class, every class included, special ones where they occur; they add up to n."""
        found = {int(code): int(n) for code, n in zip(*np.unique(codes, return_counts=True), strict=True)}
        return {code: found.get(code, 0) for code in range(self.count)} | {c: found[c] for c in SPECIALS if c in found}

    def is_outlier(self, values: Any) -> NDArray[np.bool_]:
        """Tell per value whether it lies beyond Tukey's fences."""
        exact = as_floats(values)
        if self.fences is None:
            return np.zeros(len(exact), dtype=bool)
        return np.asarray((exact < self.fences[0]) | (exact > self.fences[1]))

    def labels(self, write: Callable[[float], str], language: str = "de") -> tuple[str, ...]:
        """Return the legend text of each class; `write` formats one number."""
        return tuple(_label(self.edges, at, write, language) for at in range(self.count))


def scheme_of(classes: Classes, decimals: int | None = None, **changes: Any) -> Scheme:
    """Return an indicator's own default as a scheme; keyword arguments replace single fields."""
    method = "manual" if classes.breaks else classes.method
    return replace(Scheme(method=method, count=classes.count, breaks=classes.breaks, decimals=decimals), **changes)


def classify(values: Any, scheme: Scheme) -> Classification:
    """Divide `values` (array, list or series; NaN and null are ignored) into classes by `scheme`.

    Pass the values of all periods for classes that stay fixed over the series, of one period otherwise.
    Raises SelectionError for an unknown method or a number of classes outside 3–9.
    """
    _check(scheme)
    exact = as_floats(values)
    exact = exact[~np.isnan(exact)]
    fences = tukey_fences(exact)
    kept = _apart_from_specials(exact, fences, scheme)
    if not len(kept):
        return Classification(scheme, (), fences, Words("Keine Werte für Klassen.", "No values to divide into classes."))
    shown = _rounded(kept, scheme.decimals)
    inner = _unique(_rounded(np.asarray(_inner_breaks(shown, scheme), dtype=float), scheme.decimals))
    lowest, highest = float(shown.min()), float(shown.max())
    if scheme.method != "manual" and scheme.centre is None:
        inner = inner[(inner > lowest) & (inner <= highest)]  # a break outside the values would bound an empty class
    edges = (min(lowest, *inner), *inner, max(highest, *inner)) if len(inner) else (lowest, highest)
    return Classification(scheme, tuple(map(float, edges)), fences, _note(scheme, len(inner) + 1))


def threshold_scheme(value: float, *, sides: int = 1, decimals: int | None = None) -> Scheme:
    """Return the scheme that divides below from above `value`, each side into `sides` classes of equal size."""
    return Scheme("quantile", 2 * sides, decimals=decimals, centre=value, threshold=True)


def tukey_fences(values: Any) -> tuple[float, float] | None:
    """Return Tukey's fences, quartiles ∓ 1.5 interquartile ranges; None below four values or without spread."""
    exact = as_floats(values)
    exact = exact[~np.isnan(exact)]
    if len(exact) < 4:
        return None
    lower, upper = np.quantile(exact, (0.25, 0.75))
    reach = 1.5 * (upper - lower)
    return (float(lower - reach), float(upper + reach)) if reach > 0 else None


def as_floats(values: Any) -> Floats:
    """Return values as a new array of floats; null becomes NaN."""
    if hasattr(values, "to_numpy"):
        return np.array(values.to_numpy(), dtype=float)
    return np.array([np.nan if v is None else v for v in values] if isinstance(values, list | tuple) else values, dtype=float)


def _check(scheme: Scheme) -> None:
    if scheme.method not in METHODS:
        raise SelectionError(f"Class method {scheme.method!r} is not known.", hint=f"Choose one of {', '.join(METHODS)}.")
    if scheme.method == "manual":
        if not 1 <= len(set(scheme.breaks)) < MOST or not np.isfinite(scheme.breaks).all():
            raise SelectionError("Hand-set breaks must be 1 to 8 different numbers.", hint="Write them as 5; 10; 15.")
    elif scheme.threshold:
        if scheme.count % 2 or not 2 <= scheme.count <= MOST:
            raise SelectionError("A threshold map has 2, 4, 6 or 8 classes.")
    elif not FEWEST <= scheme.count <= MOST:
        raise SelectionError(f"{scheme.count} classes cannot be told apart.", hint=f"Choose {FEWEST} to {MOST}.")


def _apart_from_specials(exact: Floats, fences: tuple[float, float] | None, scheme: Scheme) -> Floats:
    if scheme.zero_apart:
        exact = exact[exact != 0]
    if scheme.outliers_apart and fences:
        exact = exact[(exact >= fences[0]) & (exact <= fences[1])]
    return exact


def _inner_breaks(shown: Floats, scheme: Scheme) -> Sequence[float] | Floats:
    if scheme.method == "manual":
        return scheme.breaks
    make = BREAKS[scheme.method]
    if scheme.centre is None:
        return make(shown, scheme.count)
    if scheme.threshold:
        return one_sided_breaks(shown, scheme.count // 2, scheme.centre, make)
    return mirrored_breaks(shown, scheme.count, scheme.centre, make)


def _rounded(values: Floats, decimals: int | None) -> Floats:
    # Adding 0.0 turns −0.0 into 0.0, which would otherwise be printed with a minus sign.
    return values if decimals is None else np.round(values, decimals) + 0.0


def _unique(values: Floats) -> Floats:
    return np.unique(values[np.isfinite(values)])


def _note(scheme: Scheme, got: int) -> Words:
    if scheme.method == "manual" or got == scheme.count:
        return NO_WORDS
    if scheme.method == "pretty":
        return Words(f"{got} Klassen ergeben runde Grenzen.", f"{got} classes give round breaks.")
    if got == 1:
        return Words("Alle Werte sind gleich: eine Klasse.", "All values are equal: one class.")
    if scheme.method == "stddev":
        return Words(f"{got} Klassen decken alle Werte ab.", f"{got} classes cover all values.")
    return Words(
        f"{got} statt {scheme.count} Klassen, weil sich die Werte dafür zu wenig unterscheiden.",
        f"{got} instead of {scheme.count} classes, because the values differ too little.",
    )


def _label(edges: Sequence[float], at: int, write: Callable[[float], str], language: str) -> str:
    lower, upper, last = write(edges[at]), write(edges[at + 1]), at == len(edges) - 2
    if lower == upper:
        if len(edges) == 2:
            return lower
        if last:
            return f"ab {lower}" if language == "de" else f"{lower} and more"
        return f"unter {upper}" if language == "de" else f"under {upper}"
    if last:
        return f"{lower} bis {upper}" if language == "de" else f"{lower} to {upper}"
    return f"{lower} bis unter {upper}" if language == "de" else f"{lower} to under {upper}"
