"""People in new dwellings."""

from __future__ import annotations

import numpy as np
import pytest

from model.demography.housing import MOVE_IN, move_in, residents_of
from model.errors import UnknownName


@pytest.mark.parametrize("id", MOVE_IN)
def test_profiles_sum_to_one_person(id: str) -> None:
    assert move_in(id).profile().sum() == pytest.approx(1.0)


def test_dwellings_times_occupancy() -> None:
    kind = move_in("families")
    people = residents_of({("a", 2026): 10.0, ("b", 2027): 4.0, ("b", 2050): 9.0}, ("a", "b"), 2026, 3, kind)
    assert people.sum(axis=(2, 3)) == pytest.approx(np.array([[30.0, 0.0], [0.0, 12.0], [0.0, 0.0]]))


def test_families_bring_children_and_older_people_do_not() -> None:
    under_18 = {id: kind.profile()[:, :18].sum() for id, kind in MOVE_IN.items()}
    assert under_18["families"] > 0.35
    assert under_18["seniors"] < 0.001


def test_an_unknown_area_is_named_with_near_ones() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'north'"):
        residents_of({("nort", 2026): 1.0}, ("north",), 2026, 1, move_in("mixed"))
