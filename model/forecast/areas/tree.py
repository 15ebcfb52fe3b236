"""Find out which series must add up: parents and the parts of one spatial unit, where the observed values do add up."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np

from model.catalogue import Catalogue
from model.forecast.areas.observed import Observed
from model.forecast.areas.reconcile import Sum
from model.forecast.series import Floats
from model.vocabulary import UNLOCATED

TOLERANCE: Final = 0.02  # parts that miss their parent by more are another count, not a part of it
RECENT: Final = 10


def sums_of(observed: Observed, catalogue: Catalogue) -> tuple[Sum, ...]:
    """Return the sums among an indicator's series: per parent, spatial unit below it, sex and age.

    Rows the publisher could not place belong to their parent under every unit. A sum that the observed values do not
    keep (median of the last ten periods) is left out, and so is one that was never observed complete.
    """
    place = {key: row for row, key in enumerate(observed.keys.iter_rows())}
    parts: dict[tuple[int, str], list[int]] = defaultdict(list)
    loose: dict[int, list[int]] = defaultdict(list)
    for row, (code, sex, age) in enumerate(observed.keys.iter_rows()):
        area = catalogue.areas.get(code)
        parent = place.get((area.parent, sex, age)) if area and area.parent else None
        if area is None or parent is None:
            continue
        if area.unit == UNLOCATED:
            loose[parent].append(row)
        else:
            parts[parent, area.unit].append(row)
    sums = (Sum(parent, (*rows, *loose[parent])) for (parent, _), rows in parts.items())
    return tuple(one for one in sums if _adds_up(observed.panel.values, one))


def _adds_up(values: Floats, one: Sum) -> bool:
    total, below = values[one.parent], values[list(one.parts)].sum(axis=0)
    both = np.flatnonzero(~np.isnan(total) & ~np.isnan(below))[-RECENT:]
    if not both.size:
        return False
    scale = np.abs(values[list(one.parts)][:, both]).sum(axis=0)
    return bool(np.median(np.abs(total[both] - below[both]) / np.where(scale > 0, scale, 1.0)) <= TOLERANCE)
