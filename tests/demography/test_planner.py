"""The door to projections: what leaves respects small numbers, agrees with the engine and adds up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.demography.baseline import Baseline, baseline
from model.demography.levers import parse_settings, presets_of, shared_out
from model.demography.measures import MEASURES
from model.demography.observed import DemographySources, Observed, has_sources
from model.demography.planner import PARTS, Planner
from model.demography.steer import run
from model.errors import PackageError, UnknownName
from tests.demography.towns import observed_town

GROUPS = {"upper": ["north", "east"]}
OLD = MEASURES["aged_80_plus"]


def shrunk(factor: float) -> Observed:
    """Return the observed town with `factor` times as many people and events."""
    seen = observed_town()
    return replace(seen, stock=factor * seen.stock, by_age={name: factor * v for name, v in seen.by_age.items()})


def base_of(factor: float) -> Baseline:
    return baseline(shrunk(factor), DemographySources("residents", until=2046))


@pytest.fixture(scope="module")
def large() -> Planner:
    return Planner(base_of(1.0), GROUPS, "city", 3)


@pytest.fixture(scope="module")
def small() -> Planner:
    return Planner(base_of(0.005), GROUPS, "city", 3)


def test_large_places_are_given_as_the_engine_has_them(large: Planner) -> None:
    levers = parse_settings(["tfr=1.7", "arrivals=120"])
    plan = large.plan(levers)
    stock = run(base_of(1.0), levers).at(2046)
    given = plan.values(OLD)[-1]
    assert given[0] == pytest.approx(stock[0, :, 80:].sum())
    assert given[-1] == pytest.approx(stock[..., 80:].sum())
    assert given[large.where.position("upper")] == pytest.approx(given[0] + given[1])


def test_counts_of_small_places_are_rounded_to_five(small: Planner) -> None:
    residents = small.baseline.values(MEASURES["population"])
    assert 0 < residents[0, 0] < 8_000
    assert np.all(residents[:, : len(small.areas)] % 5 == 0)
    ages = small.baseline.ages("north", 2040)
    assert len(ages.first) == 21 and np.all(ages.people % 5 == 0)
    assert all(value % 5 == 0 for values in small.baseline.balance("north").values() for value in values)


def test_single_years_leave_for_the_city_only(large: Planner) -> None:
    assert len(large.baseline.ages("city", 2040).first) == 101
    assert [len(large.baseline.ages(place, 2040).first) for place in ("north", "upper")] == [21, 21]


def test_one_or_two_people_are_not_shown() -> None:
    planner = Planner(base_of(0.005), GROUPS, "city", 3)
    single = planner._baseline.base.stock.sum(axis=0)
    shown = planner.baseline.ages("city", planner.year).people
    few = (np.rint(single) > 0) & (np.rint(single) < 3)
    assert few.any() and (~few).any()
    assert np.array_equal(np.isnan(shown), few | np.isnan(shown)) and np.isnan(shown[few & ~planner._small[-1]]).all()
    open_door = Planner(base_of(0.005), GROUPS, "city", 0)
    assert np.isfinite(open_door.baseline.ages("city", planner.year).people).all()


def test_a_share_of_very_few_is_hidden_with_what_it_leaves_over(large: Planner) -> None:
    share = MEASURES["share_80_plus"]
    stock = np.zeros((3, 2, 101))
    stock[:, 0, 30] = 100.0
    stock[0, 0, 85], stock[1, 0, 85], stock[2, 0, 30], stock[2, 0, 85] = 2.0, 3.0, 1.0, 100.0
    planner = Planner(base_of(1.0), {}, "city", 3)
    planner._small = np.zeros(3, dtype=bool)
    shown = planner.shown(share, stock)
    assert np.isnan(shown[[0, 2]]).all()
    assert shown[1] == pytest.approx(100 * 3 / 103)


@pytest.mark.parametrize("factor", [1.0, 0.005])
def test_the_shown_reasons_add_up_exactly(factor: float) -> None:
    planner = Planner(base_of(factor), GROUPS, "city", 3)
    plan = planner.plan(parse_settings(["dwellings[upper,2038-2040]=90"]))
    for place in planner.where.names:
        parts = plan.reasons(OLD, place, 2046)
        assert parts["start"] + sum(parts[name] for name in PARTS) == parts["end"]
        assert all(value == round(value) for value in parts.values())
        assert parts["end"] == pytest.approx(plan.values(OLD)[-1, planner.where.position(place)], abs=0.5)


def test_differences_agree_with_the_figures_shown(small: Planner) -> None:
    plan = small.plan(parse_settings(["arrivals=150"]))
    assert np.array_equal(plan.difference(OLD), plan.values(OLD) - small.baseline.values(OLD), equal_nan=True)
    assert not small.plan(parse_settings([])).difference(OLD).any()


def test_the_interval_encloses_the_shown_figure(small: Planner) -> None:
    band = small.bands([OLD])[OLD.id]
    plan = small.plan(parse_settings(["departures=50"]))
    lower, upper = plan.interval(OLD, band)
    central = plan.values(OLD)
    assert np.all(lower <= central) and np.all(central <= upper) and (upper > lower).any()


def test_what_is_planned_for_a_group_is_spread_over_its_areas() -> None:
    levers = shared_out(parse_settings(["dwellings[upper,2030-2031]=100", "care_places[south,2030]=10"]), GROUPS)
    assert sorted(levers.dwellings) == [(area, year, 25.0) for area in ("east", "north") for year in (2030, 2031)]
    assert levers.care_places == (("south", 2030, 10.0),)


def test_an_unknown_place_is_refused(large: Planner) -> None:
    with pytest.raises(UnknownName):
        large.plan(parse_settings(["dwellings[nowhere,2040]=10"]))


def test_a_package_may_declare_presets() -> None:
    declared = [{"id": "n", "title": {"de": "Nord", "en": "North"}, "settings": ["dwellings[north,2038]=10"]}]
    found = presets_of(declared)
    assert [p.id for p in found] == ["trend", "more_arrivals", "no_migration", "n"]
    assert found[0].settings == () and found[-1].levers.dwellings == (("north", 2038, 10.0),)
    with pytest.raises(PackageError):
        presets_of([{"id": "n"}])


def test_a_package_says_whether_it_can_be_projected(tmp_path: Path) -> None:
    (tmp_path / "package.toml").write_text('id = "x"\n')
    assert not has_sources(tmp_path)
    (tmp_path / "package.toml").write_text('id = "x"\n[demography]\npopulation = "residents"\n')
    assert has_sources(tmp_path)
