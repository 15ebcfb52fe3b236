"""One year and many: the accounts close in every cell, and nothing happens where nothing may happen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.demography.assumptions import Assumptions, Controls
from model.demography.population import AGES, Population
from model.demography.projection import COMPONENTS, project, step
from model.errors import ProjectionError
from tests.demography.towns import AREAS, town


def closed(**changes: object) -> Assumptions:
    """Return assumptions under which nobody is born, dies or moves."""
    nothing = Assumptions(dying=np.zeros((1, 1, 2, 102)), asfr=np.zeros((1, 1, 35)), arrivals=np.zeros((1, 1, 2, AGES)))
    return replace(nothing, **changes)


def one(age: int, women: float, men: float = 0.0) -> Population:
    stock = np.zeros((1, 2, AGES))
    stock[0, :, age] = women, men
    return Population(("town",), 2020, stock)


def full_town() -> tuple[Population, Assumptions]:
    """Return the town with housing, departures by count and groups held apart on top."""
    base, assumptions = town()
    housing = np.zeros((3, 4, 2, AGES))
    housing[1, 0, :, 25:40] = 6.0
    special = np.zeros((3, 4, 2, AGES))
    special[0, 2, :, 80:90] = 2.0
    special[1:, 2, :, 80:90] = 3.0
    special[2, 1, :, 20:22] = 4.0
    departures = np.full((1, 4, 2, AGES), 0.2)
    return base, replace(assumptions, housing=housing, from_city=0.4, special=special, departures=departures)


@pytest.mark.parametrize("prepared", [town, full_town])
def test_the_accounts_close_in_every_cell_and_year(prepared) -> None:
    projection = project(*prepared(), 6)
    for number in range(6):
        left = projection.stock[number + 1] - projection.aged(number)
        assert np.abs(left - projection.components.year(number).change()).max() < 1e-9


@pytest.mark.parametrize("prepared", [town, full_town])
def test_moves_inside_the_city_sum_to_zero(prepared) -> None:
    parts = project(*prepared(), 6).components
    balance = (parts.moved_in - parts.moved_out).sum(axis=1)
    assert parts.moved_in.sum() > 100
    assert np.abs(balance).max() < 1e-9


def test_every_component_is_at_least_zero() -> None:
    parts = project(*full_town(), 6).components
    assert all(getattr(parts, name).min() >= -1e-12 for name in COMPONENTS)


def test_districts_sum_to_the_city_when_all_areas_are_alike() -> None:
    base, assumptions = town()
    city = Population(("city",), base.year, base.stock.sum(axis=0, keepdims=True))
    alike = replace(assumptions, leaving=np.full((1, 1, 2, AGES), 0.05))
    whole = replace(alike, arrivals=alike.arrivals.sum(axis=1, keepdims=True), moving=None, destinations=None)
    parts = project(base, alike, 10).stock.sum(axis=1)
    assert parts == pytest.approx(project(city, whole, 10).stock[:, 0], rel=1e-12)


def test_zero_rates_and_closed_borders_keep_everybody_and_age_them() -> None:
    base, _ = town()
    end = project(base, closed(), 5).stock
    assert end.sum(axis=(1, 2, 3)) == pytest.approx(base.total)
    assert (end[5, :, :, 5:100] == base.stock[:, :, :95]).all()
    assert end[5, :, :, 100] == pytest.approx(base.stock[:, :, 95:].sum(axis=-1))


def test_three_ages_by_hand() -> None:
    """100 women of 29, 200 of 30, 50 of 99; a tenth of every cohort dies, each woman of 30 has half a child a year.

    Women of 30 at the start 200, at the end 90 (the 29-year-olds less a tenth): births 0.5 × 145 = 72.5. A third of
    them girls at a sex ratio of 2, a tenth of whom die: 72.5 / 3 × 0.9 = 21.75 girls, 43.5 boys. 200 become 180 aged
    31, 50 become 45 aged 100+.
    """
    stock = np.zeros((1, 2, AGES))
    stock[0, 0, [29, 30, 99]] = 100.0, 200.0, 50.0
    asfr = np.zeros((1, 1, 35))
    asfr[..., 15] = 0.5
    tenth = closed(dying=np.full((1, 1, 2, 102), 0.1), asfr=asfr, sex_ratio=2.0)
    end, parts = step(stock, tenth.year(0))
    assert end[0, 0, [0, 30, 31, 100]] == pytest.approx([21.75, 90.0, 180.0, 45.0])
    assert end[0, 1, 0] == pytest.approx(43.5)
    assert parts.births.sum() == pytest.approx(72.5)
    assert parts.deaths.sum() == pytest.approx(10.0 + 20.0 + 5.0 + 7.25)


def test_arrivals_are_exposed_to_death_for_half_a_year() -> None:
    arrivals = np.zeros((1, 1, 2, AGES))
    arrivals[..., 0, 40] = 100.0
    end = project(one(10, 0.0), closed(dying=np.full((1, 1, 2, 102), 0.2), arrivals=arrivals), 1).stock[1]
    assert end[0, 0, 40] == pytest.approx(90.0)


def test_who_leaves_by_count_never_leaves_less_than_nobody() -> None:
    departures = np.full((1, 1, 2, AGES), 1000.0)
    projection = project(one(40, 10.0), closed(departures=departures), 3)
    assert (projection.stock >= 0.0).all()
    assert projection.components.departures.sum() == pytest.approx(10.0)


def test_the_last_year_given_holds_on() -> None:
    arrivals = np.zeros((2, 1, 2, AGES))
    arrivals[0, ..., 40], arrivals[1, ..., 40] = 1.0, 5.0
    totals = project(one(10, 0.0), closed(arrivals=arrivals), 4).stock.sum(axis=(1, 2, 3))
    assert totals == pytest.approx([0.0, 2.0, 12.0, 22.0, 32.0])


def test_new_dwellings_are_filled_and_the_city_gives_its_part() -> None:
    base, assumptions = town()
    housing = np.zeros((1, 4, 2, AGES))
    housing[0, 0, :, 30:40] = 5.0
    built = project(base, replace(assumptions, housing=housing, from_city=0.4), 1)
    plain = project(base, assumptions, 1)
    extra = (built.stock - plain.stock)[1, :, :, 1:].sum(axis=(1, 2))
    assert built.components.housing.sum() == pytest.approx(60.0)
    assert extra.sum() == pytest.approx(60.0)
    assert extra[0] > 85.0 and (extra[1:] < 0.0).all()


def test_new_dwellings_are_filled_from_outside_where_the_city_has_nobody_to_give() -> None:
    housing = np.zeros((1, 1, 2, AGES))
    housing[0, 0, 0, 30] = 50.0
    projection = project(one(70, 10.0), closed(housing=housing, from_city=1.0), 1)
    assert projection.stock[1, 0, 0, 30] == pytest.approx(50.0)
    assert projection.components.housing.sum() == pytest.approx(50.0)


def test_a_special_group_does_not_age() -> None:
    base, assumptions = town()
    special = np.zeros((1, 4, 2, AGES))
    special[0, 1, 0, 20] = 15.0
    held = project(base, replace(assumptions, special=special), 10).stock
    inside = Population(AREAS, base.year, base.stock - special[0])
    assert held[10] - special[0] == pytest.approx(project(inside, assumptions, 10).stock[10])


def test_more_held_apart_than_live_there_is_refused() -> None:
    base, assumptions = town()
    with pytest.raises(ProjectionError, match="held apart"):
        project(base, replace(assumptions, special=np.full((1, 4, 2, AGES), 1e4)), 1)


def test_control_totals_are_met_and_the_accounts_still_close() -> None:
    base, assumptions = town()
    controls = Controls(
        births=np.array([100.0, 90.0]), deaths=np.array([150.0]), arrivals=np.array([700.0]), departures=np.array([500.0])
    )
    projection = project(base, replace(assumptions, controls=controls), 2)
    parts = projection.components
    assert parts.births.sum(axis=(1, 2)) == pytest.approx([100.0, 90.0], rel=1e-6)
    assert parts.deaths.sum(axis=(1, 2, 3)) == pytest.approx([150.0, 150.0], rel=1e-6)
    assert parts.arrivals.sum(axis=(1, 2, 3)) == pytest.approx([700.0, 700.0], rel=1e-6)
    assert parts.departures.sum(axis=(1, 2, 3)) == pytest.approx([500.0, 500.0], rel=1e-6)
    for number in range(2):
        left = projection.stock[number + 1] - projection.aged(number)
        assert np.abs(left - parts.year(number).change()).max() < 1e-9


def test_the_path_is_the_same_whether_components_are_kept_or_not() -> None:
    base, assumptions = full_town()
    assert (project(base, assumptions, 6).stock == project(base, assumptions, 6, components=False).stock).all()


def test_a_draw_of_one_is_the_central_path() -> None:
    base, assumptions = town()
    level = np.array([1.0, 1.2]).reshape(1, 2, 1, 1, 1)
    drawn = project(base, replace(assumptions, dying_level=level), 5, components=False).stock
    assert drawn.shape == (6, 2, 4, 2, AGES)
    assert (drawn[:, 0] == project(base, assumptions, 5).stock).all()
    assert drawn[5, 1].sum() < drawn[5, 0].sum()


@settings(max_examples=25, deadline=None)
@given(area=st.integers(0, 3), age=st.integers(0, 100), people=st.floats(0.1, 500.0))
def test_more_arrivals_never_mean_fewer_people(area: int, age: int, people: float) -> None:
    base, assumptions = town()
    arrivals = assumptions.arrivals.copy()
    arrivals[0, area, :, age] += people
    more = project(base, replace(assumptions, arrivals=arrivals), 8).stock
    assert (more - project(base, assumptions, 8).stock).min() > -1e-9


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_nobody_is_ever_negative(seed: int) -> None:
    assert project(*town(seed), 12).stock.min() >= 0.0
