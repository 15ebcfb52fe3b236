"""Rates estimated from what was seen are the rates that made it; with less to see, standard schedules are fitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.demography import standard
from model.demography.baseline import Baseline, baseline
from model.demography.fertility import mean_age, total_rate
from model.demography.mortality import life_expectancy
from model.demography.observed import DemographySources, Observed
from model.demography.projection import project
from model.errors import ProjectionError, UnknownName
from tests.demography import germany
from tests.demography.towns import large_town, life_table, observed_town

SOURCES = DemographySources("residents", window=5, migration_window=5, until=2046)


def estimated() -> Baseline:
    return baseline(observed_town(), SOURCES)


def test_life_expectancy_is_recovered() -> None:
    assert estimated().life_expectancy == pytest.approx(life_expectancy(life_table()), abs=0.25)


def test_fertility_is_recovered() -> None:
    truth = large_town()[1].asfr[0, 0]
    found = estimated().asfr
    assert total_rate(found) == pytest.approx(1.5, rel=0.01)
    assert mean_age(found) == pytest.approx(mean_age(truth), abs=0.05)


def test_moves_are_recovered() -> None:
    truth, found = large_town()[1], estimated().assumptions
    ages = slice(5, 80)
    assert found.arrivals[0, ..., ages].sum() == pytest.approx(truth.arrivals[0, ..., ages].sum(), rel=0.02)
    assert found.leaving is not None and truth.leaving is not None
    assert found.leaving[0, 0, 0, ages] == pytest.approx(truth.leaving[0, 0, 0, ages], rel=0.08)


def test_the_baseline_goes_on_like_the_truth() -> None:
    """With the same life table the projection of the estimated rates is that of the rates which made the past."""
    seen, found = observed_town(), estimated()
    truth = replace(large_town()[1], dying=found.assumptions.dying)
    expected = project(seen.jump_off(), truth, 10).stock[-1]
    assert found.projection.at(2046)[..., :].sum() == pytest.approx(expected.sum(), rel=0.01)
    assert found.projection.at(2046)[..., 65:].sum() == pytest.approx(expected[..., 65:].sum(), rel=0.02)


def test_nothing_rests_on_standards_where_everything_is_known_by_age() -> None:
    assert estimated().standards == ()
    assert estimated().notes == ()


def test_population_alone_uses_standard_schedules_and_says_so() -> None:
    seen = observed_town()
    found = baseline(replace(seen, by_age={}), SOURCES)
    assert found.standards == ("mortality", "fertility", "migration")
    assert found.notes == (standard.SAID,)


def test_standard_schedules_are_fitted_to_the_observed_change() -> None:
    """Knowing the stocks alone, the next years are met within two per cent of what knowing all movements gives."""
    seen = observed_town()
    poor, rich = baseline(replace(seen, by_age={}), SOURCES), baseline(seen, SOURCES)
    ours, theirs = poor.projection.at(2041), rich.projection.at(2041)
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.02)
    assert ours[..., 0].sum() == pytest.approx(theirs[..., 0].sum(), rel=0.1)


def test_known_totals_of_births_and_deaths_set_the_level() -> None:
    seen = observed_town()
    totals = {"births": 1.2 * seen.total("births"), "deaths": seen.total("deaths")}
    more = baseline(Observed(seen.areas, seen.first_year, seen.stock, totals=totals), SOURCES)
    plain = baseline(Observed(seen.areas, seen.first_year, seen.stock, totals=totals | {"births": seen.total("births")}), SOURCES)
    assert more.tfr / plain.tfr == pytest.approx(1.2, rel=0.001)


def test_who_lives_in_care_homes_is_held_apart() -> None:
    seen = observed_town()
    levels = {"care_residents": np.tile([50.0, 0.0, 20.0, 0.0], (len(seen.stock), 1))}
    found = baseline(replace(seen, levels=levels), SOURCES)
    special = found.assumptions.special
    assert special is not None
    assert special[0].sum(axis=(1, 2)) == pytest.approx([50.0, 0.0, 20.0, 0.0], rel=0.05)
    residents = found.projection
    left = residents.stock[5] - residents.aged(4) - residents.components.year(4).change()
    assert np.abs(left).max() < 1e-8


def test_students_can_be_held_apart_too() -> None:
    seen = observed_town()
    known = replace(seen, levels={"beds": np.tile([300.0, 0.0, 0.0, 0.0], (len(seen.stock), 1))})
    found = baseline(known, replace(SOURCES, held_apart={"beds": "students"}))
    assert found.assumptions.special[0, 0, :, 18:36].sum() == pytest.approx(300.0)
    assert found.assumptions.special[0, 1:].sum() == 0.0
    with pytest.raises(UnknownName, match="Group 'student'"):
        baseline(known, replace(SOURCES, held_apart={"beds": "student"}))


def test_one_stock_is_not_enough() -> None:
    seen = observed_town()
    with pytest.raises(ProjectionError, match="not enough"):
        baseline(Observed(seen.areas, 2020, seen.stock[:1]), SOURCES)


def test_the_standard_life_table_is_close_to_the_german_one() -> None:
    germany.need(germany.TABLES)
    ours, theirs = standard.life_table(2017), germany.life_table()
    assert life_expectancy(ours) == pytest.approx(life_expectancy(theirs), abs=0.02)
    remaining = [np.cumprod(1.0 - q[:, 65:], axis=1).sum(axis=1) for q in (ours, theirs)]
    assert remaining[0] == pytest.approx(remaining[1], abs=0.15)
