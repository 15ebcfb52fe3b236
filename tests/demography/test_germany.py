"""The German population 2040 against the official projection (Destatis, 14th coordinated, variant G2-L2-W2)."""

from __future__ import annotations

import numpy as np
import pytest

from model.demography.projection import project
from tests.demography import germany

GROUPS = {"everybody": (0, 101, 0.01), "65+": (65, 101, 0.015), "80+": (80, 101, 0.02), "under 20": (0, 20, 0.03)}


def test_the_steps_of_net_migration_give_the_published_mean() -> None:
    assert germany.NET.mean() == pytest.approx(221_000, abs=500)


@pytest.mark.parametrize("group", GROUPS)
def test_germany_2040_meets_the_official_projection(group: str) -> None:
    germany.need(germany.HISTORY, germany.OFFICIAL, germany.TABLES, germany.BIRTHS)
    first, stop, allowed = GROUPS[group]
    ours = project(*germany.germany(), 22, components=False).at(2040)[0]
    start, official = germany.cube(germany.OFFICIAL)
    theirs = official[2040 - start]
    assert ours[:, first:stop].sum() == pytest.approx(theirs[:, first:stop].sum(), rel=allowed)


def test_germany_stays_close_on_the_way_and_to_the_end() -> None:
    germany.need(germany.HISTORY, germany.OFFICIAL, germany.TABLES, germany.BIRTHS)
    ours = project(*germany.germany(), 42, components=False).stock[1:, 0].sum(axis=(1, 2))
    _, official = germany.cube(germany.OFFICIAL)
    assert np.abs(ours / official.sum(axis=(1, 2)) - 1.0).max() < 0.01
