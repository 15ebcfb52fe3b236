"""Every kind of breach is found, all of them at once, with file and line; and nothing is written."""

from __future__ import annotations

from datetime import date

import pytest

from model.ingest.breach import report
from tests.ingest.conftest import Town, rules, value


@pytest.mark.parametrize(
    ("row", "rule", "words"),
    [
        ("01,2024,births,_T,_T,-3", "negative count", "births 01 (Altstadt) 2024 = -3"),
        ("01,2024,births,_T,_T,3.5", "fraction in a count", "= 3.5"),
        ("01,2024,satisfied,_T,_T,101", "share above 100", "= 101 is above 100"),
        ("01,2024,satisfied,_T,_T,-1", "share below 0", "= -1"),
        ("9,2024,births,_T,_T,1", "unknown area", "'9' is not an area"),
        ("Altstatd,2024,births,_T,_T,1", "unknown area", "Did you mean 01 (Altstadt)?"),
        ("1,2024,births,_T,_T,1", "lost leading zero", "'01' (Altstadt) is meant? Set [area] pad = 2."),
        (",2024,births,_T,_T,1", "empty area", "The area is empty"),
        ("01,2024,birth,_T,_T,1", "unknown indicator", "Did you mean 'births'"),
        ("01,2024,births,Q,_T,1", "unknown sex", "'Q' is no sex"),
        ("01,2024,births,_T,Y9T3,1", "unknown age", "'Y9T3' is no age"),
        ("01,sometime,births,_T,_T,1", "unreadable period", "'sometime' is not a period"),
        ("01,2199,births,_T,_T,1", "future period", "'2199' has not begun"),
        ("01,2024,births,_T,_T,seven", "unreadable value (not_a_number)", "'seven' is neither a number"),
        ("01,2024,births,_T,_T,#DIV/0!", "unreadable value (error_cell)", "error of a spreadsheet"),
    ],
)
def test_one_breach_of_each_kind(town: Town, row: str, rule: str, words: str) -> None:
    town.long("02,2023,births,_T,_T,1", row)
    breaches = town.breaches()
    assert rules(breaches) == [rule]
    assert words in breaches[0].what
    assert "data.csv, line 3" in breaches[0].where


def test_all_breaches_are_told_together(town: Town) -> None:
    town.long(
        "01,2024,births,_T,_T,-3", "99,2024,births,_T,_T,1", "99,2023,births,_T,_T,1", "01,2024,satisfied,_T,_T,250",
        "02,2024,births,_T,_T,x9",
    )  # fmt: skip
    breaches = town.breaches()
    assert rules(breaches) == ["negative count", "share above 100", "unknown area", "unreadable value (not_a_number)"]
    unknown = next(breach for breach in breaches if breach.rule == "unknown area")
    assert unknown.rows == 2
    assert "unknown area: 2 rows" in "\n".join(report(breaches))


def test_of_many_breaches_the_first_are_shown_and_the_rest_counted(town: Town) -> None:
    town.long(*(f"01,{year},births,_T,_T,-1" for year in range(1950, 2020)))
    breaches = town.breaches()
    shown = list(report(breaches))
    assert shown[0].strip() == "negative count: 70 rows"
    assert len(shown) < 10


def test_a_contradiction_names_both_values_and_places(town: Town) -> None:
    town.long("01,2024,births,_T,_T,5", "02,2024,births,_T,_T,1", "01,2024,births,_T,_T,6")
    (breach,) = town.breaches()
    assert breach.rule == "duplicate key"
    assert breach.what.startswith("births 01 (Altstadt) 2024 = 5, but 6 in ")
    assert (breach.where.split(", column")[0], "line 4" in breach.what) == ("data.csv, line 2", True)


def test_the_same_row_twice_is_read_once_with_a_note(town: Town) -> None:
    town.long("01,2024,births,_T,_T,5", "01,2024,births,_T,_T,5")
    release = town.build()
    assert value(release.table, "births", "01", 2024) == 5
    assert any("1 rows repeat others" in note for note in release.notes["notes"])


def test_two_sources_that_contradict_each_other(town: Town) -> None:
    town.long("01,2024,births,_T,_T,5")
    town.long("01,2024,births,_T,_T,6", source="survey")
    assert rules(town.breaches()) == ["duplicate key"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("01,2024,births,F,_T,6", "01,2024,births,M,_T,6", "01,2024,births,_T,_T,11"), "by sex together: 12"),
        (("01,2024,residents,_T,Y0T17,6", "01,2024,residents,_T,Y_GE18,6", "01,2024,residents,_T,_T,11"), "by age together: 12"),
        (("01,2024,births,_T,Y15T24,6", "01,2024,births,_T,Y25T44,6", "01,2024,births,_T,_T,11"), "by age together: 12"),
        (("01,2024,children,_T,_T,12", "01,2024,residents,_T,_T,11"), "more than residents, of which it is a part: 11"),
    ],
)
def test_parts_are_never_larger_than_their_whole(town: Town, rows: tuple[str, ...], words: str) -> None:
    town.long(*rows)
    (breach,) = town.breaches()
    assert breach.rule == "parts larger than the whole"
    assert words in breach.what
    assert "data.csv, line" in breach.where


def test_a_recipe_may_allow_for_the_publisher_s_rounding(town: Town) -> None:
    town.long("01,2024,births,F,_T,6", "01,2024,births,M,_T,6", "01,2024,births,_T,_T,11", extra="tolerance = 1.0")
    assert value(town.table(), "births", "01", 2024) == 11


def test_overlapping_age_groups_are_not_added_twice(town: Town) -> None:
    town.long(
        "01,2024,residents,_T,Y0T5,2", "01,2024,residents,_T,Y0T17,6", "01,2024,residents,_T,Y_GE18,6",
        "01,2024,residents,_T,Y_GE65,3",
        "01,2024,residents,_T,_T,12",
    )  # fmt: skip
    assert value(town.table(), "residents", "01", 2024) == 12


def test_data_after_the_end_of_an_area(town: Town) -> None:
    town.write(
        "areas/district.toml",
        '[[areas]]\ncode = "01"\nname = "Altstadt"\nparent = "00"\n'
        '[[areas]]\ncode = "02"\nname = "Neustadt"\nparent = "00"\nvalid_to = 2020-01-01\n',
    )
    town.long("02,2019,births,_T,_T,1", "02,2020,births,_T,_T,1")
    (breach,) = town.breaches()
    assert (breach.rule, "2020 = 1" in breach.what) == ("area has ended", True)


def test_fractions_and_negatives_are_fine_where_they_mean_something(town: Town) -> None:
    town.long("01,2024,debt,_T,_T,3.5", "01,2024,growth,_T,_T,-7", "01,2024,satisfied,_T,_T,100")
    table = town.table()
    assert (value(table, "debt", "01", 2024), value(table, "growth", "01", 2024)) == (3.5, -7)


def test_unlikely_jumps_and_slips_of_scale_are_warnings(town: Town) -> None:
    town.long(
        "01,2023,births,_T,_T,100", "01,2024,births,_T,_T,900", "02,2023,births,_T,_T,3", "02,2024,births,_T,_T,30",
        "01,2023,satisfied,_T,_T,43", "01,2024,satisfied,_T,_T,0.44",
    )  # fmt: skip
    warnings = town.build().notes["warnings"]
    assert len([text for text in warnings if text.startswith("births 01")]) == 1
    assert not [text for text in warnings if text.startswith("births 02")]  # small numbers may jump
    assert any("perhaps in per cent" in text for text in warnings if text.startswith("satisfied 01"))


def test_a_period_that_has_begun_is_not_the_future(town: Town) -> None:
    town.long(f"01,{date.today().year},births,_T,_T,1")
    assert value(town.table(), "births", "01", date.today().year) == 1
