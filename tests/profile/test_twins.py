"""Twins among areas one can compare by eye."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import SelectionError
from model.profile.twins import POPULATION, find_twins
from model.vocabulary import SCHEMA


def rows(values: dict[str, dict[str, float | None]], when: int = 2024) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (id, area, date(when, 1, 1), "_T", "_T", "observed", v, None, None, "normal" if v is not None else "suppressed", "s")
            for id, by_area in values.items()
            for area, v in by_area.items()
        ],
        schema=SCHEMA,
        orient="row",
    )


TABLE = rows({
    "rent": {"a": 10.0, "b": 10.5, "c": 14.0, "d": 18.0, "e": 9.0},
    "old": {"a": 20.0, "b": 21.0, "c": 20.0, "d": 35.0, "e": 36.0},
    "debt": {"a": 8.0, "b": 8.1, "c": None, "d": 15.0, "e": 4.0},
})  # fmt: skip
EVEN = {"rent": 1.0, "old": 1.0, "debt": 1.0}


def test_the_nearest_area_comes_first_with_its_reasons():
    twins = find_twins(TABLE, "a", EVEN, reasons=1)
    assert [t.area for t in twins] == ["b", "c", "e", "d"]
    assert twins[0].distance == pytest.approx(min(t.distance for t in twins))
    assert twins[0].alike[0].indicator == "debt" and (twins[0].alike[0].own, twins[0].alike[0].other) == (8.0, 8.1)
    assert twins[2].unlike[0].indicator == "old"
    assert twins[1].shared == pytest.approx(2 / 3) and {r.indicator for r in twins[1].alike} <= {"rent", "old"}


def test_distance_by_hand():
    # rents 0, 1, 2, 3, 4: median 2, median deviation 1, so one step is 1 ÷ 1.4826 robust standard deviations
    table = rows({"rent": dict(zip("abcde", range(5), strict=True)), "flat": dict.fromkeys("abcde", 7.0)})
    twin = find_twins(table, "a", {"rent": 3.0, "flat": 1.0})[0]
    assert twin.area == "b" and twin.distance == pytest.approx(np.sqrt(3 / 4) / 1.4826)


def test_weights_change_who_is_a_twin():
    assert find_twins(TABLE, "e", {"old": 1.0})[0].area == "d"
    assert find_twins(TABLE, "e", {"old": 0.0, "rent": 1.0})[0].area == "a"


def test_areas_that_share_too_little_are_left_out():
    assert "c" not in {t.area for t in find_twins(TABLE, "a", EVEN, minimum_share=0.7)}
    assert "c" in {t.area for t in find_twins(TABLE, "a", EVEN, minimum_share=0.6)}


def test_only_the_last_period_counts():
    older = rows({"rent": {"a": 10.0, "d": 10.0, "b": 99.0}, "old": {"a": 1.0, "d": 1.0, "b": 99.0}}, 2010)
    assert find_twins(pl.concat([TABLE, older]), "a", EVEN) == find_twins(TABLE, "a", EVEN)


def test_size_counts_by_ratio():
    same = rows({"rent": {"big": 5.0, "half": 5.0, "less": 5.0, "tiny": 5.0}})
    twins = find_twins(same, "big", {"rent": 1.0}, population={"big": 80_000, "half": 40_000, "less": 20_000, "tiny": 400})
    assert [t.area for t in twins] == ["half", "less", "tiny"]
    assert twins[0].unlike[0].indicator == POPULATION


def test_without_weights_or_values_there_are_no_twins():
    with pytest.raises(SelectionError, match="weight"):
        find_twins(TABLE, "a", {"rent": 0.0})
    assert find_twins(TABLE, "z", EVEN) == () and find_twins(TABLE, "a", {"unknown": 1.0}) == ()


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), min_size=3, max_size=12),
    st.floats(0.01, 50),
)
def test_distance_is_symmetric_and_does_not_depend_on_the_unit(values, factor):
    names = [f"a{n:02d}" for n in range(len(values))]
    columns = {id: {name: float(v[at]) for name, v in zip(names, values, strict=True)} for at, id in enumerate(EVEN)}
    scaled = {id: {name: v * factor + 3 for name, v in column.items()} for id, column in columns.items()}
    there = {t.area: t.distance for t in find_twins(rows(columns), names[0], EVEN, most=99)}
    for name, distance in there.items():
        back = {t.area: t.distance for t in find_twins(rows(columns), name, EVEN, most=99)}
        assert back[names[0]] == pytest.approx(distance)
    other = {t.area: t.distance for t in find_twins(rows(scaled), names[0], EVEN, most=99)}
    assert other == pytest.approx(there, abs=1e-6)
