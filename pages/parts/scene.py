"""Turn protected rows into what a map shows: class, colour and words per area. Knows no Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from model.query import classify
from model.query.classify import Classification, Scheme
from pages.parts import colours

# The kinds of empty in the order of the negative codes of classify.py, counted from the end of the list of colours.
ENDS: Final = ("low_outlier", "high_outlier", "not_applicable", "missing", "suppressed", "zero")
FILTERED: Final = "filtered"


@dataclass(frozen=True)
class Entry:
    """One line of the legend."""

    kind: str
    label: str
    colour: str
    count: int


@dataclass(frozen=True)
class Scene:
    """One map: `index` points per area (in the order of `codes`) into `colours`; empty areas have NaN as value."""

    codes: tuple[str, ...]
    values: NDArray[np.float64]
    statuses: tuple[str, ...]
    classification: Classification
    index: tuple[int, ...]
    colours: tuple[str, ...]
    legend: tuple[Entry, ...]

    @property
    def hatched(self) -> tuple[int, ...]:
        """Return the positions of suppressed areas."""
        return tuple(i for i, status in enumerate(self.statuses) if status == "suppressed")

    def colour_of(self, code: str) -> str:
        """Return the colour of an area."""
        return self.colours[self.index[self.codes.index(code)]]


def scene(
    rows: pl.DataFrame,
    codes: Sequence[str],
    class_values: Sequence[float] | NDArray[np.float64] | pl.Series,
    scheme: Scheme,
    direction: str,
    write: Callable[[float], str],
    language: str,
    hidden: frozenset[str] = frozenset(),
) -> Scene:
    """Classify and colour the areas `codes`.

    `rows` holds area, value, status of one picture; `class_values` what the classes are made from; `hidden` the areas a
    filter takes out: they are drawn faintly and counted nowhere.
    """
    found = {area: (value, status) for area, value, status in rows.select("area", "value", "status").iter_rows()}
    values = np.array([_number(found.get(code)) for code in codes], dtype=float)
    statuses = tuple(found[code][1] if code in found else "missing" for code in codes)
    classes = classify.classify(class_values, scheme)
    codes_of = classes.class_of(values, statuses)
    ramp = ramp_of(classes, direction)
    palette = (*ramp, *(_end_colour(kind) for kind in ENDS), "#f6f7f8")
    index = [int(c) if c >= 0 else len(ramp) + len(ENDS) + int(c) for c in codes_of]
    index = [len(palette) - 1 if code in hidden else at for code, at in zip(codes, index, strict=True)]
    legend = _legend(classes, index, ramp, palette, write, language)
    shown = tuple("filtered" if code in hidden else status for code, status in zip(codes, statuses, strict=True))
    return Scene(tuple(codes), values, shown, classes, tuple(index), palette, legend)


def ramp_of(classes: Classification, direction: str) -> tuple[str, ...]:
    """Return the colours of the ordinary classes: sequential, or diverging around the scheme's centre."""
    if classes.scheme.centre is None:
        return tuple(colours.sequential(direction, max(classes.count, 1)))
    below, straddles = _sides(classes)
    above = classes.count - below - straddles
    ramp = colours.diverging(direction, below, above)
    if straddles:
        ramp.insert(below, colours.DIVERGING[direction][4])
    return tuple(ramp) or ("#f0f0f0",)


def _sides(classes: Classification) -> tuple[int, bool]:
    """Return how many classes lie below the scheme's centre, and whether one lies around it.

    A threshold is itself a break (rounded as it is printed), a mirrored change has a class around zero or a break there.
    """
    centre = classes.scheme.centre or 0.0
    if classes.scheme.threshold:
        nearest = min(range(len(classes.edges)), key=lambda i: abs(classes.edges[i] - centre))
        return nearest, False
    below = sum(high <= centre for high in classes.edges[1:])
    return below, any(low < centre < high for low, high in zip(classes.edges, classes.edges[1:], strict=False))


def _legend(
    classes: Classification,
    index: Sequence[int],
    ramp: Sequence[str],
    palette: Sequence[str],
    write: Callable[[float], str],
    language: str,
) -> tuple[Entry, ...]:
    counts = np.bincount(index, minlength=len(palette))
    ordinary = [Entry("class", label, ramp[i], int(counts[i])) for i, label in enumerate(classes.labels(write, language))]
    special = [Entry(kind, "", palette[len(ramp) + i], int(counts[len(ramp) + i])) for i, kind in enumerate((*ENDS, FILTERED))]
    return tuple(reversed(ordinary)) + tuple(entry for entry in reversed(special) if entry.count)


def _end_colour(kind: str) -> str:
    return colours.OUTLIERS[kind] if kind in colours.OUTLIERS else colours.EMPTY[kind]


def _number(entry: tuple[float | None, str] | None) -> float:
    return float("nan") if entry is None or entry[0] is None else float(entry[0])
