"""Needs: people × factor, against capacity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.demography.needs import (
    FACTORS,
    NEEDS,
    Factor,
    calibrated,
    capacity,
    crossing_year,
    demand,
    factors_for,
    factors_from_rows,
    rates_of,
)
from model.demography.observed import Observed
from model.demography.population import AGES
from model.errors import DatalabError
from tests.demography.towns import observed_town


def stock() -> np.ndarray:
    people = np.zeros((2, AGES))
    people[0, 85], people[1, 85], people[0, 4], people[1, 7] = 100.0, 50.0, 40.0, 30.0
    return people


def test_demand_by_hand() -> None:
    factors = (Factor("care", 80, 100, "F", 0.5, "x"), Factor("care", 80, 100, "M", 0.2, "x"))
    assert demand(stock(), "care", factors) == pytest.approx(60.0)
    assert demand(stock(), "daycare_3_to_5") == pytest.approx(0.92 * 40.0)
    assert demand(stock(), "primary_school") == pytest.approx(30.0)


def test_every_need_has_sourced_factors_that_are_shares() -> None:
    for need in NEEDS:
        rates = rates_of(need)
        assert rates.max() <= 1.0 and rates.sum() > 0.0
    assert all(factor.source for factor in FACTORS)


def test_care_of_the_very_old_is_the_published_quota() -> None:
    """Care statistics 2021: of those aged 85–89 60.6 % of women and 43.2 % of men are in need of care."""
    assert rates_of("care")[:, 87] == pytest.approx([0.606, 0.432])


def test_places_in_homes_are_fewer_than_people_in_need_of_care() -> None:
    assert (rates_of("care_homes") < rates_of("care")).all()


def test_factors_can_be_scaled_to_what_is_counted_today() -> None:
    scaled = calibrated(FACTORS, "care", stock(), 41.0, also=["care_homes"])
    ratio = demand(stock(), "care_homes", scaled) / demand(stock(), "care_homes")
    assert demand(stock(), "care", scaled) == pytest.approx(41.0)
    assert ratio == pytest.approx(41.0 / demand(stock(), "care"), rel=1e-3)


def test_the_year_of_crossing() -> None:
    path = np.array([90.0, 95.0, 99.0, 103.0, 101.0])
    assert crossing_year(path, 100.0, 2025) == 2028
    assert crossing_year(path, 110.0, 2025) is None
    assert crossing_year(path, np.array([80.0, 100.0, 100.0, 110.0, 110.0]), 2025) == 2025


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"need": "cars", "first": 0, "last": 5, "sex": "F", "rate": 1}, "Need 'cars'"),
        ({"need": "care", "first": 0, "last": 5, "sex": "W", "rate": 1}, "Sex 'W'"),
        ({"need": "care", "first": 9, "last": 5, "sex": "F", "rate": 1}, "first not after last"),
        ({"need": "care", "first": 0, "last": 5, "sex": "F", "rate": "many"}, "must be numbers"),
    ],
)
def test_an_edited_table_is_checked_row_by_row(row: dict, message: str) -> None:
    good = {"need": "care", "first": 0, "last": 5, "sex": "F", "rate": 0.1}
    with pytest.raises(DatalabError, match="row 2.*" + message):
        factors_from_rows([good, row])


def observed() -> Observed:
    seen = observed_town(2)
    levels = {"care_recipients": 400.0, "care_residents": 60.0, "care_places": 70.0}
    return replace(seen, levels={name: np.full((3, 4), value) for name, value in levels.items()})


def test_a_package_that_counts_people_in_care_scales_the_factors() -> None:
    seen = observed()
    scaled = factors_for(seen)
    assert demand(seen.stock[-1], "care", scaled).sum() == pytest.approx(1600.0, rel=0.02)
    assert demand(seen.stock[-1], "care_homes", scaled).sum() == pytest.approx(240.0, rel=0.02)


def test_capacity_is_todays_and_what_is_added() -> None:
    path = capacity(observed(), "care_homes", 5, [("east", 2028, 40.0)])
    assert path is not None and path.shape == (6, 4)
    assert path[:, 0].tolist() == [70.0] * 6
    assert path[:, 1].tolist() == [70.0, 70.0, 110.0, 110.0, 110.0, 110.0]
    assert capacity(observed(), "primary_school", 5) is None
