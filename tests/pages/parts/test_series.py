"""Lines over time: nothing is drawn where nothing was measured."""

from __future__ import annotations

from datetime import date

from pages.parts.series import _holes


def years(*numbers: int) -> list[date]:
    return [date(n, 1, 1) for n in numbers]


def test_a_pause_longer_than_usual_parts_the_line() -> None:
    assert _holes(years(2011, 2012, 2017, 2018, 2019)) == years(2017)


def test_a_series_of_every_other_year_stays_one_line() -> None:
    assert _holes(years(2011, 2013, 2015, 2017)) == []


def test_one_point_or_none_has_no_hole() -> None:
    assert _holes(years(2011)) == []
    assert _holes([]) == []


def test_legend_and_table_name_the_kinds_of_empty_alike() -> None:
    from model.profile.numbers import EMPTY_WORDS
    from pages.parts.text import text

    for kind, words in EMPTY_WORDS.items():
        assert (text(f"shared.{kind}", "de"), text(f"shared.{kind}", "en")) == (words.de, words.en)
