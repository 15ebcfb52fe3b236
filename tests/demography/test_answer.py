"""The answer sentence: every number in it is one of the model's, in both languages."""

from __future__ import annotations

import pytest

from model.demography.answer import answer, spell
from model.demography.bands import bands, contrast, places
from model.demography.baseline import baseline
from model.demography.decompose import reasons
from model.demography.levers import parse_settings
from model.demography.measures import MEASURES
from model.demography.observed import DemographySources
from model.demography.steer import run
from tests.demography.towns import observed_town

BASE = baseline(observed_town(), DemographySources("residents", until=2046))
WHERE = places(BASE.base.areas, {"upper": ["north", "east"]})


def test_numbers_are_written_as_the_language_wants() -> None:
    assert spell(12345.6, 1, "de") == "12\u202f345,6"
    assert spell(12345.6, 1, "en") == "12,345.6"
    assert spell(-3.2, 0, "de", signed=True) == "−3"
    assert spell(3.2, 0, "en", signed=True) == "+3"
    assert spell(-0.2, 0, "en", signed=True) == "±0"


def test_the_sentence_holds_number_interval_difference_and_reasons() -> None:
    levers = parse_settings(["dwellings[north,2038]=200", "move_in=seniors"])
    scenario = run(BASE, levers)
    band = bands(BASE, ["aged_80_plus"], WHERE, draws=40)["aged_80_plus"]
    changed = contrast(BASE, levers, scenario, "aged_80_plus", WHERE, draws=20)
    why = reasons(scenario, 80, 100, scenario.year, 2046)
    told = answer(scenario, WHERE, "upper", 2046, band, title="Oberstadt", contrast=changed, why=why)
    expected = scenario.at(2046)[:2, :, 80:].sum()
    assert told.value == pytest.approx(expected)
    assert told.lower < told.value < told.upper
    assert sum(value for _, value in told.reasons) == pytest.approx(told.value - told.start)
    words = told.sentence()
    assert spell(expected, 0, "de") in words.de and "Oberstadt" in words.de and "Älterwerden" in words.de
    assert spell(expected, 0, "en") in words.en and "8 times in 10" in words.en and "new dwellings" in words.en


def test_under_the_trend_there_is_no_difference() -> None:
    band = bands(BASE, ["share_65_plus"], WHERE, draws=20)["share_65_plus"]
    told = answer(BASE.projection, WHERE, "city", 2040, band)
    assert told.difference is None and "Annahmen" not in told.sentence().de
    assert told.value == pytest.approx(float(MEASURES["share_65_plus"].compute(BASE.projection.at(2040).sum(axis=0))))
