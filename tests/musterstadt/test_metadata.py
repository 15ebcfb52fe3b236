"""The package says what it is, in both languages, and shows every kind of entry a package can hold."""

from __future__ import annotations

import pytest
from musterstadt_files import PACKAGE

from model.catalogue import Package, read_package
from model.ingest.read_recipe import read_recipes

SOURCES = PACKAGE / "sources"


@pytest.fixture(scope="module")
def package() -> Package:
    return read_package(PACKAGE)


def test_it_says_that_it_is_synthetic(package: Package) -> None:
    assert package.synthetic and package.open
    for text in (package.title.de, package.attribution):
        assert "synthetisch" in text
    for text in (package.title.en, package.attribution):
        assert "synthetic" in text
    for source in package.catalogue.sources.values():
        assert "synthetisch" in source.title.de and "synthetic" in source.title.en, source.id


def test_indicators_in_nine_topics_speak_both_languages(package: Package) -> None:
    catalogue = package.catalogue
    assert len(catalogue.topics) == 9
    assert {i.topic for i in catalogue.indicators.values()} == set(catalogue.topics)
    assert len([i for i in catalogue.indicators.values() if i.is_ratio]) >= 28
    for entry in (*catalogue.indicators.values(), *catalogue.topics.values(), *catalogue.units.values()):
        assert entry.title.de and entry.title.en, entry.id


def test_every_audience_frequency_and_direction_occurs(package: Package) -> None:
    indicators = package.catalogue.indicators.values()
    assert {i.audience for i in indicators} == {"public", "internal", "restricted"}
    assert {i.frequency for i in indicators} >= {"annual", "quarterly", "half_yearly", "school_year"}
    assert {i.direction for i in indicators} == {"high_good", "high_bad", "neutral"}
    assert {i.kind for i in indicators} == {"count", "amount", "share", "rate", "mean", "index", "balance"}
    assert 10 <= sum(i.headline for i in indicators) <= 14
    assert sum(i.target is not None for i in indicators) >= 3
    assert sum(bool(i.classes.breaks) for i in indicators) >= 3


def test_parts_of_a_ratio_are_counts_or_amounts_nobody_else_may_miss(package: Package) -> None:
    indicators = package.catalogue.indicators
    for ratio in indicators.values():
        for part in (ratio.numerator, ratio.denominator):
            if part:
                assert indicators[part].is_sum, ratio.id
                assert indicators[part].audience == "public" or ratio.audience != "public", ratio.id


def test_events_and_breaks_are_dated(package: Package) -> None:
    assert {event.period.year for event in package.events} >= {2019, 2020, 2022, 2023}
    broken = {i.id: [b.period.year for b in i.breaks] for i in package.catalogue.indicators.values() if i.breaks}
    assert broken["overindebtedness_rate"] == [2023]


def test_recipes_show_many_layouts() -> None:
    recipes = read_recipes(SOURCES)
    assert {r.format for r in recipes} >= {"auto", "excel", "genesis-flat", "kommonitor"}
    assert any(r.unlocated for r in recipes) and any(r.header_rows == 2 for r in recipes)
    assert any(r.encoding == "cp1252" for r in recipes)


def _cells(name: str) -> list[str]:
    text = (SOURCES / name).read_bytes().decode("cp1252" if "social_office/2026-06/g" in name else "utf-8")
    return [cell for line in text.splitlines() for cell in line.replace("\t", ";").replace("|", ";").split(";")]


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        (".", "social_office/2026-06/grundsicherung_alter.csv"),
        ("...", "health_office/2026-06/pflege_und_aerzte.csv"),
        ("x", "school_office/2026-06/kita.csv"),
        ("-", "health_office/2026-06/pflege_und_aerzte.csv"),
        ("nicht zuordenbar", "social_office/2026-06/hilfen.csv"),
        ("ohne Angabe", "debt_advice/2026-06/schuldnerberatung.csv"),
    ],
)
def test_the_blemish_is_there(symbol: str, name: str) -> None:
    assert symbol in _cells(name)
