"""Konstanz: projected from earlier years with what was known then, against what came (published by the city)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from model.demography.backtest import Miss, backtest, verdict
from model.demography.fit import recent
from model.demography.moves import unbroken
from model.demography.observed import DemographySources
from tests.demography import germany, konstanz

SOURCES = DemographySources("residents")


@lru_cache
def miss(origin: int) -> Miss:
    germany.need(konstanz.PYRAMIDS, konstanz.TABLES)
    return backtest(konstanz.konstanz(), SOURCES, [origin], 10)[0]


def test_from_2015_the_interval_covers_most_age_groups() -> None:
    assert 0.70 <= miss(2015).coverage <= 0.90


def test_from_2015_the_total_misses_no_more_than_constant_growth() -> None:
    assert abs(miss(2015).error) <= abs(miss(2015).naive_error)
    assert abs(miss(2015).error) < 2.0


def test_from_2015_the_interval_of_the_total_holds_what_came() -> None:
    """The oldest, too: aged 80 and over within five per cent."""
    projected, actual = miss(2015).old
    assert projected == pytest.approx(actual, rel=0.05)


def test_from_1994_with_the_population_alone_the_interval_covers_and_the_total_beats_constant_growth() -> None:
    """The last year before the register changes its count; everybody registered, no births, deaths or moves known."""
    germany.need(konstanz.PYRAMIDS)
    (early,) = backtest(konstanz.registered(), SOURCES, [1994], 10)
    assert 0.70 <= early.coverage <= 0.90
    assert abs(early.error) <= abs(early.naive_error)


def test_a_year_that_holds_another_years_ages_is_found() -> None:
    germany.need(konstanz.PYRAMIDS, konstanz.TABLES)
    seen = konstanz.konstanz()
    steps = [seen.first_year + n for n in unbroken(seen, recent(seen, 40))]
    assert not {konstanz.FAULTY, konstanz.FAULTY + 1} & set(steps)
    assert {2013, 2014, 2015, 2016, 2018, 2023, 2025} <= set(steps)


@pytest.mark.parametrize("origin", [2005, 2015])
def test_nothing_later_than_the_jump_off_is_used(origin: int) -> None:
    """The same numbers come out when the later years are not even read."""
    germany.need(konstanz.PYRAMIDS, konstanz.TABLES)
    from model.demography.baseline import baseline

    known = baseline(konstanz.konstanz(origin), SOURCES, origin + 10)
    cut = baseline(konstanz.konstanz().until(origin), SOURCES, origin + 10)
    assert (known.projection.stock == cut.projection.stock).all()
    assert known.spread == cut.spread


def test_the_verdict_names_both_misses() -> None:
    words = verdict([miss(2015)])
    assert f"{abs(miss(2015).error):.1f} %" in words.en
    assert "1 früheren" in words.de and "," in words.de


def test_the_register_counts_two_ways_and_the_conversion_meets_the_main_residents() -> None:
    germany.need(konstanz.PYRAMIDS, konstanz.TABLES)
    raw = konstanz.pyramids(1995, 2009).sum(axis=(1, 2, 3))
    assert raw[1996 - 1995] / raw[0] > 1.09 and raw[-1] / raw[-2] < 0.97
    converted = konstanz.konstanz().stock.sum(axis=(1, 2, 3))
    main = konstanz.series("meldestatus", "wohnbevoelkerung_hauptwohnsitz", 2025)[:, 0]
    kept = np.arange(1995, 2026) != konstanz.FAULTY
    assert converted[kept] == pytest.approx(main[kept], rel=0.005)
