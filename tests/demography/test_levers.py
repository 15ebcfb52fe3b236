"""Levers: neutral is identical, bounds hold, settings read back, more of this is more of that."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from model.demography.baseline import Baseline, baseline
from model.demography.decompose import reasons
from model.demography.levers import LEVERS, NEUTRAL, PRESETS, Levers, as_settings, parse_settings
from model.demography.mortality import life_expectancy
from model.demography.observed import DemographySources
from model.demography.steer import apply, run
from model.errors import DatalabError
from tests.demography.towns import observed_town


@lru_cache
def town_baseline() -> Baseline:
    return baseline(observed_town(), DemographySources("residents", until=2046))


IDLE = (
    NEUTRAL,
    Levers(move_in="families", from_city=10.0),
    Levers(arrivals=(("all", 100.0),)),
    Levers(dwellings=(("east", 2040, 0.0),)),
)


@pytest.mark.parametrize("levers", IDLE)
def test_neutral_levers_give_the_very_same_result(levers: Levers) -> None:
    base = town_baseline()
    assert levers.neutral
    assert apply(base, levers) is base.assumptions
    assert run(base, levers) is base.projection


@pytest.mark.parametrize(
    "settings",
    [["tfr=1.8"], ["life_expectancy_f=90"], ["arrivals=110"], ["departures=90"], ["dwellings[north,2038-2041]=300"]],
)
def test_every_lever_up_means_more_people(settings: list[str]) -> None:
    base = town_baseline()
    more = run(base, parse_settings(settings))
    assert (more.stock - base.projection.stock).sum(axis=(1, 2, 3))[-1] > 10.0


def test_an_area_that_no_lever_touches_stays_bitwise_equal() -> None:
    """Arrivals in the east reach other areas only through moves inside the city; without those nothing leaks."""
    base = town_baseline()
    alone = replace(base, assumptions=replace(base.assumptions, moving=None, destinations=None))
    changed = run(alone, parse_settings(["arrivals[east]=150"])).stock
    others = [0, 2, 3]
    assert (changed[:, others] == alone.projection.stock[:, others]).all()
    assert (changed[5, 1] > alone.projection.stock[5, 1]).any()


def test_the_life_expectancy_set_is_reached_in_the_last_year() -> None:
    base = town_baseline()
    levers = parse_settings(["life_expectancy_m=85"])
    from model.demography.mortality import improve

    path = improve(base.qx, np.array([base.target[0], 85.0]), base.years, base.years)
    assert life_expectancy(path[-1])[1] == pytest.approx(85.0, abs=0.01)
    assert apply(base, levers).dying[-1].sum() < base.assumptions.dying[-1].sum()


def test_fertility_is_reached_within_five_years_and_stays() -> None:
    base = town_baseline()
    rates = apply(base, Levers(tfr=2.0)).asfr[:, 0].sum(axis=-1)
    assert rates[4:] == pytest.approx(np.full(base.years - 4, 2.0))
    assert (np.diff(rates[:5]) > 0.0).all()


def test_new_dwellings_bring_their_residents() -> None:
    base = town_baseline()
    built = run(base, parse_settings(["dwellings[north,2038]=100", "occupancy=2.5", "from_city=30"]))
    why = reasons(built, 0, 100, 2037, 2038).minus(reasons(base.projection, 0, 100, 2037, 2038))
    assert why.housing.sum() == pytest.approx(175.0)
    moved = built.components.moved_in - base.projection.components.moved_in
    assert moved[2037 - base.base.year].sum(axis=(1, 2)) == pytest.approx([75.0, 0.0, 0.0, 0.0], abs=0.05)
    assert why.inside.sum() == pytest.approx(0.0, abs=1e-6) and why.inside[0] > 40.0


def test_care_places_move_older_people_into_the_area() -> None:
    base = town_baseline()
    more = run(base, parse_settings(["care_places[south,2040]=60"]))
    held = more.special[2040 - base.base.year].sum(axis=(1, 2))
    gained = (more.at(2040) - base.projection.at(2040))[..., 50:].sum(axis=(1, 2))
    assert held == pytest.approx([0.0, 0.0, 60.0, 0.0])
    assert gained[2] > 40.0 and (np.delete(gained, 2) < 0.0).all()
    assert gained.sum() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_presets_run(preset) -> None:
    base = town_baseline()
    change = run(base, preset.levers).stock[-1].sum() - base.projection.stock[-1].sum()
    assert {"trend": change == 0.0, "more_arrivals": change > 0.0, "no_migration": change < 0.0}[preset.id]


def test_without_migration_nobody_arrives_or_leaves() -> None:
    parts = run(town_baseline(), PRESETS[2].levers).components
    assert parts.arrivals.sum() == parts.departures.sum() == 0.0


def test_settings_read_back_as_the_same_levers() -> None:
    written = ["tfr=1.65", "arrivals=110", "arrivals[east]=150", "dwellings[north,2027-2030]=310", "move_in=seniors"]
    levers = parse_settings(written)
    assert parse_settings(as_settings(levers)) == levers
    assert sum(number for *_, number in levers.dwellings) == pytest.approx(310.0)
    assert as_settings(NEUTRAL) == ()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("tfr=9", "tfr = 9 is out of bounds"),
        ("tfr", "'tfr' is not a lever"),
        ("tfrr=1.5", "Lever 'tfrr' is not known. Did you mean 'tfr'"),
        ("tfr=many", "'many' is not a number"),
        ("tfr[east]=1.5", "holds for the whole city"),
        ("dwellings=300", "needs an area and a year"),
        ("dwellings[east,2030-2027]=300", "not a span"),
        ("move_in=families_", "Did you mean 'families'"),
    ],
)
def test_a_setting_that_cannot_be_says_why(setting: str, message: str) -> None:
    with pytest.raises(DatalabError, match=message.replace("[", r"\[")):
        parse_settings([setting])


def test_an_area_that_is_not_there_is_refused() -> None:
    for setting in ("arrivals[nort]=120", "dwellings[nort,2030]=10", "care_places[nort,2030]=10"):
        with pytest.raises(DatalabError, match="Did you mean 'north'"):
            run(town_baseline(), parse_settings([setting]))


def test_every_lever_says_what_it_is_in_both_languages() -> None:
    for lever in LEVERS.values():
        for words in (lever.title, lever.unit, lever.help, lever.source):
            assert words.de and words.en
        assert lever.low < lever.high
