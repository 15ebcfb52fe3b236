"""Sort series into patterns: where values exist, where a new level begins, and what of it can be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.forecast.series import Flags, Floats, Ints, Panel

ENOUGH_AFTER_BREAK: Final = 8  # with so many values a series may begin at its break
MOST_PERIODS: Final = 160  # older periods carry no weight and cost memory


@dataclass(frozen=True)
class Pattern:
    """Say which places of a series are used: `observed` from the first to the last value used, `steps` relative to it."""

    observed: Flags
    steps: tuple[int, ...]
    notes: tuple[str, ...]

    @property
    def places(self) -> Ints:
        """Return the places of the values."""
        return np.flatnonzero(self.observed)

    @property
    def count(self) -> int:
        """Return the number of values."""
        return int(self.observed.sum())


@dataclass(frozen=True)
class Group:
    """Hold all series of one pattern: `rows` in the panel, `values` S × n without gaps, on the scale of the forecast."""

    pattern: Pattern
    rows: Ints
    values: Floats
    season: int

    @property
    def usable_season(self) -> int:
        """Return the periods a year whose pattern can be learnt: with less than three years of values none."""
        return self.season if self.pattern.count >= 3 * self.season + len(self.pattern.steps) else 1


def groups(panel: Panel) -> Iterator[Group]:
    """Yield the series of `panel` (already on the scale) by pattern; series without a value have an empty one."""
    if not panel.names:
        return
    observed = panel.observed
    marks = observed if panel.breaks is None else np.hstack([observed, panel.breaks])
    for rows in _alike(marks):
        breaks = np.zeros(observed.shape[1], dtype=bool) if panel.breaks is None else panel.breaks[rows[0]]
        start, pattern = _pattern(observed[rows[0]], breaks)
        yield Group(pattern, rows, panel.values[rows][:, start + pattern.places], panel.season)


def _alike(marks: Flags) -> list[Ints]:
    """Return the rows that are the same, together."""
    if (marks == marks[0]).all():
        return [np.arange(len(marks))]
    inverse = np.unique(np.packbits(marks, axis=1), axis=0, return_inverse=True)[1].ravel()
    return np.split(np.argsort(inverse, kind="stable"), np.cumsum(np.bincount(inverse))[:-1])


def _pattern(observed: Flags, breaks: Flags) -> tuple[int, Pattern]:
    places = np.flatnonzero(observed)
    if not places.size:
        return 0, Pattern(np.zeros(0, dtype=bool), (), ())
    start, end = max(places[0], places[-1] - MOST_PERIODS + 1), places[-1]
    start = places[places >= start][0]
    begin, steps = _use_of_breaks(observed, np.flatnonzero(breaks[: end + 1]), start)
    used = observed[begin : end + 1]
    said = {"cut": begin > start, "step": bool(steps), "gaps": not used.all()}
    return begin, Pattern(used, tuple(step - begin for step in steps), tuple(note for note, true in said.items() if true))


def _use_of_breaks(observed: Flags, breaks: Ints, start: int) -> tuple[int, list[int]]:
    """Return where the series begins and where steps are, going back from the latest break."""
    steps: list[int] = []
    next_break = len(observed)
    for place in breaks[::-1]:
        if place <= start:
            break
        if not observed[place:next_break].any():
            continue
        if observed[place:].sum() - len(steps) >= ENOUGH_AFTER_BREAK:
            return place + int(observed[place:].argmax()), steps
        steps.insert(0, int(place))
        next_break = place
    return start, steps


def after_last_step(group: Group) -> Group:
    """Return the group with only the values after its last step."""
    if not group.pattern.steps:
        return group
    step = group.pattern.steps[-1]
    begin = step + int(group.pattern.observed[step:].argmax())
    kept = group.pattern.places >= begin
    pattern = Pattern(group.pattern.observed[begin:], (), ("cut", *(n for n in group.pattern.notes if n != "step")))
    return Group(pattern, group.rows, group.values[:, kept], group.season)
