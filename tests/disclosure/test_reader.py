"""The one door: what a role may not see is absent, ages are summed before they are protected, notes tell no values."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from small_town import release, row

from model.disclosure import Reader
from model.errors import SelectionError, UnknownName
from model.query.select import Selection

ROWS = [
    row("people", 900), row("people", 700, "b"), row("people", 5, "a1"), row("people", 1600, "0"),
    row("people", 40, "0-unlocated"), row("secret", 70), row("inside", 60), row("poor", 2), row("unheard_of", 8),
]  # fmt: skip


def reader(role: str = "public", rows: list[tuple[object, ...]] = ROWS, **more: dict[str, object]) -> Reader:
    return Reader(release(rows, **more), role)  # type: ignore[arg-type]


def test_the_public_sees_neither_indicators_nor_units_of_others():
    door = reader()
    assert {"secret", "inside"}.isdisjoint(door.catalogue.indicators)
    assert set(door.everything()["indicator"]) == {"people", "poor"}
    assert set(door.table("people")["area"]) == {"a", "b", "0"}
    assert "block" not in door.catalogue.units and "a1" not in door.catalogue.areas


@pytest.mark.parametrize(("role", "seen"), [("public", set()), ("viewer", {"inside"}), ("steward", {"inside", "secret"})])
def test_each_role_has_its_own_table(role, seen):
    assert {"inside", "secret"} & set(reader(role).everything()["indicator"]) == seen
    assert ("a1" in set(reader(role).table("people")["area"])) is (role != "public")


@pytest.mark.parametrize("ask", [
    lambda door: door.table("secret"),
    lambda door: door.select(Selection(indicators=("secret",))),
    lambda door: door.age_groups("secret", "a", ["Y0T4"]),
    lambda door: door.rule("secret"),
    lambda door: door.select(Selection(indicators=("people",), areas=("a1",))),
    lambda door: door.select(Selection(indicators=("people",), unit="block")),
    lambda door: door.age_groups("people", "a1", ["Y0T4"]),
])  # fmt: skip
def test_asking_for_what_is_absent_is_an_unknown_name_that_gives_nothing_away(ask):
    with pytest.raises(UnknownName) as caught:
        ask(reader())
    assert {"secret", "inside", "a1", "block"}.isdisjoint(caught.value.near)


def test_a_selection_is_protected_and_keeps_to_what_was_asked():
    found = reader().select(Selection(indicators=("poor", "people"), areas=("a",)))
    assert found.select("indicator", "value").rows() == [("poor", None), ("people", 900.0)]
    assert set(reader().select(Selection())["indicator"]) == {"people", "poor"}


def test_an_indicator_without_rows_has_an_empty_table():
    assert reader().table("rate").height == 0 and reader().everything().height == 4


def ages(id: str, values: dict[str, float | None], **more: object) -> list[tuple[object, ...]]:
    return [row(id, v, age=age, status="missing" if v is None else "normal", **more) for age, v in values.items()]  # type: ignore[arg-type]


def groups(rows: list[tuple[object, ...]], *wanted: str, id: str = "poor") -> dict[str, tuple[float | None, str]]:
    found = reader(rows=rows).age_groups(id, "a", list(wanted))
    return {age: (value, status) for age, value, status in found.select("age", "value", "status").iter_rows()}


def test_ages_are_summed_first_and_protected_then():
    rows = ages("poor", {"Y0": 1, "Y1": 2, "Y2": 0, "Y3": 1, "Y4": 0})
    found = groups(rows, "Y0T1", "Y2T4", "Y2T2", "Y0T4")
    assert found["Y0T1"] == (3.0, "normal")  # each year alone would have been hidden
    assert found["Y2T4"] == (None, "suppressed")
    assert found["Y0T4"] == (4.0, "normal")


def test_a_group_is_absent_where_a_year_of_it_is():
    rows = ages("poor", {"Y0": 5, "Y1": 5, "Y3": 5})
    assert groups(rows, "Y0T1", "Y0T3") == {"Y0T1": (10.0, "normal")}
    empty = ages("poor", {"Y0": 5, "Y1": None})
    assert groups(empty, "Y0T1") == {"Y0T1": (None, "missing")}


def test_an_open_class_ends_the_single_years_and_is_never_cut():
    years = {f"Y{n}": 10.0 for n in range(90)} | {"Y_GE90": 70.0}
    found = groups(ages("poor", years), "Y_GE65", "Y80T89", "Y90T94", "Y_GE95", "Y_GE90", "Y0T130")
    assert found["Y_GE65"] == (25 * 10 + 70, "normal")
    assert found["Y80T89"] == (100.0, "normal") and found["Y_GE90"] == (70.0, "normal")
    assert "Y90T94" not in found and "Y_GE95" not in found


def test_other_classes_beside_single_years_are_not_counted_twice():
    years = {f"Y{n}": 10.0 for n in range(90)} | {"Y_GE90": 70.0, "Y_GE65": 320.0, "Y0T4": 50.0, "_T": 970.0}
    assert groups(ages("poor", years), "Y_GE65", "Y0T17") == {"Y_GE65": (320.0, "normal"), "Y0T17": (180.0, "normal")}


def test_without_an_open_class_the_oldest_people_end_an_open_group_but_children_do_not():
    old = {f"Y{n}": 10.0 for n in range(106)}
    assert groups(ages("poor", old), "Y_GE100") == {"Y_GE100": (60.0, "normal")}
    young = {f"Y{n}": 10.0 for n in range(18)}
    assert groups(ages("poor", young), "Y_GE15", "Y15T17") == {"Y15T17": (30.0, "normal")}


def test_every_period_ends_where_it_ends():
    late = ages("poor", {f"Y{n}": 1.0 for n in range(101)} | {"Y_GE101": 5.0})
    early = ages("poor", {f"Y{n}": 1.0 for n in range(90)} | {"Y_GE90": 5.0}, period=date(2000, 1, 1))
    found = reader(rows=late + early).age_groups("poor", "a", ["Y_GE80"]).sort("period")
    assert found["value"].to_list() == [15.0, 26.0]


def test_only_what_adds_up_is_summed_over_ages():
    with pytest.raises(SelectionError, match="cannot be added up"):
        reader(rows=ages("share", {"Y0": 5.0, "Y1": 5.0})).age_groups("share", "a", ["Y0T1"])
    assert reader().age_groups("people", "a", ["Y0T4"]).is_empty()


NOTES = {
    "files": [{"file": "sources/s/1/a.csv", "source": "s"}, {"file": "sources/office/1/b.csv", "source": "office"}],
    "notes": ["a.csv: footer from line 3 on left out: 'Altstadt;2'", "b.csv: rows 1 to 1 above the header left out"],
    "warnings": [
        "poor a (Altstadt) 2024 = 2 after 117: an unlikely jump.",
        "poor a 2024 F Y0T4 = 2 after 117: an unlikely jump. One of them is perhaps in per cent and the other a fraction.",
        "poor a1 (Block 1) 2024 = 2 after 117: an unlikely jump.",
        "secret a (Altstadt) 2024 = 2 after 117: an unlikely jump.",
        "secret: 3 further jumps.",
        "poor: 3 further jumps.",
        "share: 4 published values differ from numerator and denominator, most in a 2024: 2 published, 3 computed. The computed "
        "ones stand.",
        "something new about 2 persons",
    ],
}


def test_notes_of_the_build_tell_the_public_no_value_and_nothing_of_what_it_may_not_see():
    told = reader(notes=NOTES).notes
    assert [f["file"] for f in told["files"]] == ["sources/s/1/a.csv"]
    assert told["notes"] == ["a.csv: footer from line 3 on left out"]
    assert told["warnings"] == [
        "poor a (Altstadt) 2024: an unlikely jump.",
        "poor a 2024 F Y0T4: an unlikely jump.",
        "poor: 3 further jumps.",
        "share: 4 published values differ from numerator and denominator.",
    ]


def test_the_statistics_office_reads_the_notes_as_they_are():
    assert reader("steward", notes=NOTES).notes == NOTES
    assert "2" not in "".join(w.split("2024")[-1] for w in reader("analyst", notes=NOTES).notes["warnings"])


def test_the_table_holds_every_row_the_role_may_see_once():
    door = reader("admin")
    assert door.everything().select(pl.struct("indicator", "area").n_unique()).item() == door.everything().height == 7
