"""Life tables: expectancy, cohorts, improvement."""

from __future__ import annotations

import numpy as np
import pytest

from model.demography.mortality import between_year_ends, improve, life_expectancy, with_life_expectancy
from model.errors import ProjectionError
from tests.demography import germany
from tests.demography.towns import life_table


def test_life_expectancy_of_a_constant_risk_by_hand() -> None:
    """Everybody dies in the first half of the first year of age 2: 2 full years and, on average, half of the third."""
    qx = np.zeros(101)
    qx[2:] = 1.0
    assert float(life_expectancy(qx)) == pytest.approx(2.5, abs=1e-6)


@pytest.mark.parametrize("period", ["2016-2018", "2020-2022", "2022-2024"])
def test_life_expectancy_equals_the_published_one(period: str) -> None:
    germany.need(germany.TABLES)
    published = germany.life_table(period, "ex")[:, 0]
    assert life_expectancy(germany.life_table(period)) == pytest.approx(published, abs=0.02)


def test_cohorts_die_as_the_years_lived_in_the_published_table_say() -> None:
    """Between two ends of year a cohort shrinks by L(x+1)/L(x) of a stationary population."""
    germany.need(germany.TABLES)
    lived = germany.life_table(column="Lx")
    expected = 1.0 - lived[:, 41:96] / lived[:, 40:95]
    assert between_year_ends(germany.life_table())[:, 41:96] == pytest.approx(expected, rel=0.01)


def test_nobody_dies_where_the_life_table_has_no_deaths() -> None:
    assert (between_year_ends(np.zeros((2, 101))) == 0.0).all()


def test_a_risk_that_is_the_same_at_every_age_is_that_of_every_cohort() -> None:
    dying = between_year_ends(np.full((2, 101), 0.1))
    assert dying[:, 1:] == pytest.approx(np.full((2, 101), 0.1))
    assert dying[:, 0] == pytest.approx(1.0 - np.sqrt(0.9))


def test_the_infants_die_in_their_first_calendar_year_as_the_published_table_says() -> None:
    """1 − L(0) / l(0) of the German table: the newborn of a year who die before its end."""
    germany.need(germany.TABLES)
    expected = 1.0 - germany.life_table(column="Lx")[:, 0] / 1e5
    assert between_year_ends(germany.life_table())[:, 0] == pytest.approx(expected, rel=0.02)


def test_the_newborn_lose_the_same_share_over_birth_year_and_next_half_year_as_the_table_says() -> None:
    qx = life_table()
    dying = between_year_ends(qx)
    alive = (1.0 - dying[:, 0]) * (1.0 - dying[:, 1])
    assert alive == pytest.approx((1.0 - qx[:, 0]) * np.sqrt(1.0 - qx[:, 1]))


def test_improvement_reaches_the_target_and_is_steady() -> None:
    path = improve(life_table(), np.array([88.0, 84.0]), 20, 20)
    assert life_expectancy(path[-1]) == pytest.approx([88.0, 84.0], abs=0.01)
    pace = np.diff(np.log(path[..., 70]), axis=0)
    assert np.ptp(pace, axis=0) == pytest.approx([0.0, 0.0], abs=1e-9)


def test_a_lower_target_raises_mortality() -> None:
    qx = life_table()[1]
    low = with_life_expectancy(qx, float(life_expectancy(qx)) - 2.0)
    assert (low > qx).all()


def test_an_impossible_target_is_refused() -> None:
    with pytest.raises(ProjectionError, match="outside"):
        with_life_expectancy(life_table()[0], 130.0)
