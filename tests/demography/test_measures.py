"""Measures of the age structure against populations one can count."""

from __future__ import annotations

import numpy as np
import pytest

from model.demography.measures import MEASURES, median_age, old_age_dependency, people, share, youth_dependency
from model.demography.population import AGES


def counted(**ages: float) -> np.ndarray:
    """Return (2, 101) with women only, e.g. counted(a10=3)."""
    stock = np.zeros((2, AGES))
    for name, number in ages.items():
        stock[0, int(name[1:])] = number
    return stock


HUNDRED = counted(a5=10, a19=10, a20=20, a64=30, a65=20, a80=6, a100=4)


def test_shares_by_hand() -> None:
    assert people(HUNDRED) == pytest.approx(100.0)
    assert share(HUNDRED, 65) == pytest.approx(30.0)
    assert share(HUNDRED, 80) == pytest.approx(10.0)
    assert share(HUNDRED, 0, 5) == pytest.approx(10.0)


def test_dependency_by_hand() -> None:
    assert old_age_dependency(HUNDRED) == pytest.approx(60.0)
    assert youth_dependency(HUNDRED) == pytest.approx(40.0)


def test_the_median_lies_inside_its_year_of_age() -> None:
    """Half of 100 is 50: 40 are younger than 64, so ten of the thirty aged 64 are passed: 64 and a third."""
    assert median_age(HUNDRED) == pytest.approx(64.0 + 10.0 / 30.0)


def test_the_median_splits_a_town_in_halves() -> None:
    stock = np.random.default_rng(3).uniform(0.0, 9.0, (5, 2, AGES))
    for area, median in zip(stock, median_age(stock), strict=True):
        by_age, whole = area.sum(axis=0), int(median)
        assert by_age[:whole].sum() + (median - whole) * by_age[whole] == pytest.approx(0.5 * area.sum())


def test_where_nobody_lives_there_is_no_share() -> None:
    assert np.isnan(share(np.zeros((2, AGES)), 65))
    assert np.isnan(median_age(np.zeros((2, AGES))))


@pytest.mark.parametrize("id", MEASURES)
def test_every_measure_takes_areas_and_years_at_once(id: str) -> None:
    stock = np.random.default_rng(1).uniform(1.0, 9.0, (3, 4, 2, AGES))
    values = MEASURES[id].compute(stock)
    assert values.shape == (3, 4)
    assert values[1, 2] == pytest.approx(float(MEASURES[id].compute(stock[1, 2])))


def test_chance_of_a_share_is_the_binomial_one() -> None:
    deviation = MEASURES["share_65_plus"].chance(np.array(20.0), np.array(1600.0))
    assert deviation == pytest.approx(1.0)
