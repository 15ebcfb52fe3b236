"""Why it changes: the parts add up exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.demography.decompose import PARTS, balance, reasons
from model.demography.population import AGES
from model.demography.projection import project
from model.errors import ProjectionError
from tests.demography.towns import town


@pytest.mark.parametrize(("first", "last"), [(0, 100), (0, 5), (20, 64), (65, 100), (80, 100), (37, 37)])
def test_the_parts_add_up_to_the_change_in_every_area(first: int, last: int) -> None:
    base, assumptions = town()
    special = np.zeros((1, 4, 2, AGES))
    special[0, 2, :, 80:90] = 2.0
    housing = np.full((1, 4, 2, AGES), 0.1)
    projection = project(base, replace(assumptions, special=special, renewed=True, housing=housing, from_city=0.4), 8)
    why = reasons(projection, first, last, 2026, 2032)
    assert sum(why.parts.values()) == pytest.approx(why.end - why.start, abs=1e-9)
    assert why.end == pytest.approx(projection.at(2032)[:, :, first : last + 1].sum(axis=(1, 2)))


def test_over_all_ages_nobody_grows_in_or_out_and_moves_inside_cancel() -> None:
    why = reasons(project(*town(), 8), 0, 100, 2024, 2032)
    assert why.ageing == pytest.approx(np.zeros(4), abs=1e-9)
    assert why.together().inside == pytest.approx(np.zeros(1), abs=1e-9)
    assert np.abs(why.inside).max() > 1.0


def test_births_count_only_for_groups_that_begin_at_birth() -> None:
    projection = project(*town(), 3)
    assert reasons(projection, 0, 17, 2024, 2027).births.sum() == pytest.approx(projection.components.births.sum())
    assert (reasons(projection, 1, 17, 2024, 2027).births == 0.0).all()


def test_a_scenario_differs_part_by_part() -> None:
    base, assumptions = town()
    plain = reasons(project(base, assumptions, 5), 65, 100, 2024, 2029)
    more = replace(assumptions, arrivals=1.5 * assumptions.arrivals)
    difference = reasons(project(base, more, 5), 65, 100, 2024, 2029).minus(plain)
    assert difference.start == pytest.approx(np.zeros(4))
    assert sum(difference.parts[name] for name in PARTS) == pytest.approx(difference.end)
    assert (difference.outside > 0.0).all()


def test_without_components_there_are_no_reasons() -> None:
    with pytest.raises(ProjectionError, match="not kept"):
        reasons(project(*town(), 2, components=False), 0, 100, 2024, 2026)


def test_the_balance_of_a_place_is_its_change_year_by_year() -> None:
    projection = project(*town(), 6)
    members = np.array([1.0, 0.0, 1.0, 0.0])
    yearly = balance(projection, members)
    people = projection.stock.sum(axis=(2, 3)) @ members
    assert yearly["change"] == pytest.approx(np.diff(people), abs=1e-9)
    assert (yearly["deaths"] < 0.0).all() and (yearly["departures"] < 0.0).all()
    assert balance(projection, np.ones(4))["inside"] == pytest.approx(np.zeros(6), abs=1e-9)
