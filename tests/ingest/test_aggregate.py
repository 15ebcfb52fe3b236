"""Sums, totals, means and ratios: what is complete is computed, the rest is missing, what was delivered stays."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.catalogue import Area, Catalogue, Indicator, Source, SpatialUnit, Topic, Words
from model.ingest.aggregate import ROW, add_areas, sums_of_areas, together
from model.ingest.breach import Findings
from model.ingest.codes import Codebook
from model.ingest.duplicates import in_key_order
from model.ingest.ratio import ratio, weighted_means, with_ratios
from model.ingest.totals import division, with_totals
from model.ingest.validate import Teller
from model.vocabulary import STATUSES
from tests.ingest.conftest import Town, cell, value

X = Words("x", "x")
DISTRICTS = ("a1", "a2", "b1", "b2", "b3")


def _indicator(id: str, kind: str, **more: object) -> Indicator:
    return Indicator(id=id, title=X, topic="t", unit=X, kind=kind, source="s", **more)  # type: ignore[arg-type]


def _book() -> Codebook:
    units = {"d": SpatialUnit("d", X, X, parent="p"), "p": SpatialUnit("p", X, X, parent="c"), "c": SpatialUnit("c", X, X)}
    areas = [Area(code, code, "d", parent=code[0]) for code in DISTRICTS]
    areas += [Area("a", "a", "p", parent="city"), Area("b", "b", "p", parent="city"), Area("city", "city", "c")]
    indicators = (
        _indicator("cases", "count"),
        _indicator("people", "count"),
        _indicator("rate", "rate", numerator="cases", denominator="people", factor=1000.0),
        _indicator("rent", "mean", weight="people"),
    )
    return Codebook(
        Catalogue({i.id: i for i in indicators}, {"t": Topic("t", X)}, {"s": Source("s", X, "", "")}, units).with_areas(areas),
        ("s@1",),
    )


BOOK = _book()
patient = settings(max_examples=40, deadline=None)  # the machine may be busy


def rows(*cells: tuple[str, str, float | None, str], sex: str = "_T", age: str = "_T") -> pl.DataFrame:
    """Return coded rows of 2024 from (indicator, area, value, status)."""
    types = BOOK.types
    schema = {name: types[name] for name in ("indicator", "area", "sex", "age")}
    schema |= {"period": pl.Date, "value": pl.Float64, "status": pl.Enum(STATUSES), "source": types["source"]}
    cellwise = [(indicator, area, sex, age, date(2024, 1, 1), n, status, "s@1") for indicator, area, n, status in cells]
    frame = pl.DataFrame(cellwise, schema=schema, orient="row")
    return frame.select(ROW)


def number(frame: pl.DataFrame, indicator: str, area: str) -> tuple[float | None, str]:
    found = frame.filter(pl.col("indicator") == indicator, pl.col("area") == area)
    assert found.height == 1
    return found["value"].item(), found["status"].item()


counts = st.lists(st.integers(0, 10_000), min_size=5, max_size=5)


@patient
@given(counts)
def test_parents_are_the_sum_of_their_children(values: list[int]) -> None:
    frame = rows(*(("people", area, float(n), "normal") for area, n in zip(DISTRICTS, values, strict=True)))
    sums = sums_of_areas(frame, BOOK, {})
    assert number(sums, "people", "a") == (sum(values[:2]), "normal")
    assert number(sums, "people", "b") == (sum(values[2:]), "normal")
    assert number(sums, "people", "city") == (sum(values), "normal")


@patient
@given(counts, st.lists(st.integers(1, 10_000), min_size=5, max_size=5))
def test_a_rate_of_a_parent_is_the_ratio_of_sums(cases: list[int], people: list[int]) -> None:
    frame = rows(
        *(("cases", area, float(n), "normal") for area, n in zip(DISTRICTS, cases, strict=True)),
        *(("people", area, float(n), "normal") for area, n in zip(DISTRICTS, people, strict=True)),
    )
    frame = together([frame, sums_of_areas(frame, BOOK, {})])
    rates = ratio(frame, BOOK.catalogue.indicator("rate"), BOOK)
    for area, own in (("a", slice(0, 2)), ("b", slice(2, 5)), ("city", slice(0, 5))):
        assert number(rates, "rate", area)[0] == pytest.approx(1000 * sum(cases[own]) / sum(people[own]))


@patient
@given(st.lists(st.floats(1, 50), min_size=5, max_size=5), st.lists(st.integers(1, 10_000), min_size=5, max_size=5))
def test_a_mean_of_a_parent_is_weighted(rents: list[float], people: list[int]) -> None:
    frame = rows(
        *(("rent", area, n, "normal") for area, n in zip(DISTRICTS, rents, strict=True)),
        *(("people", area, float(n), "normal") for area, n in zip(DISTRICTS, people, strict=True)),
    )
    frame = together([frame, sums_of_areas(frame, BOOK, {})])
    expected = sum(r * n for r, n in zip(rents, people, strict=True)) / sum(people)
    assert number(weighted_means(frame, BOOK), "rent", "city")[0] == pytest.approx(expected)


@patient
@given(st.lists(st.booleans(), min_size=5, max_size=5), st.lists(st.integers(0, 99), min_size=5, max_size=5))
def test_the_block_by_block_sum_of_sexes_and_ages_is_the_plain_one(broken: list[bool], values: list[int]) -> None:
    """Cells with all ages and cells that lack one take different ways to the same totals."""
    ages = ("Y0T17", "Y18T64", "Y_GE65")
    frames = []
    for area, lacks, n in zip(DISTRICTS, broken, values, strict=True):
        here = ages[: 2 if lacks else 3]
        frames += [rows(("people", area, float(n), "normal"), sex=sex, age=age) for sex in ("F", "M") for age in here]
    frame = in_key_order(together(frames), BOOK).with_columns(origin=pl.lit(0, pl.UInt32), line=pl.lit(1, pl.UInt32))
    findings = Findings()
    whole = with_totals(frame, BOOK, Teller(BOOK, [], findings), {}).filter((pl.col("sex") == "_T") & (pl.col("age") == "_T"))
    totals = {row["area"]: row["value"] for row in whole.iter_rows(named=True)}
    assert totals == {area: 6.0 * n for area, lacks, n in zip(DISTRICTS, broken, values, strict=True) if not lacks}
    assert not findings.breaches


def test_a_parent_with_an_absent_child_is_missing() -> None:
    frame = rows(("people", "a1", 5.0, "normal"), *(("people", area, 1.0, "normal") for area in ("b1", "b2", "b3")))
    sums = sums_of_areas(frame, BOOK, {})
    assert number(sums, "people", "a") == (None, "missing")
    assert number(sums, "people", "b") == (3.0, "normal")
    assert number(sums, "people", "city") == (None, "missing")


@pytest.mark.parametrize("status", ["suppressed", "missing", "not_applicable"])
def test_a_parent_with_an_empty_child_is_missing(status: str) -> None:
    frame = rows(("people", "a1", 5.0, "normal"), ("people", "a2", None, status))
    assert number(sums_of_areas(frame, BOOK, {}), "people", "a") == (None, "missing")


def test_the_weakest_status_of_the_children_is_the_parent_s() -> None:
    frame = rows(("people", "a1", 5.0, "provisional"), ("people", "a2", 1.0, "estimated"))
    assert number(sums_of_areas(frame, BOOK, {}), "people", "a") == (6.0, "estimated")


def test_a_delivered_parent_wins_and_goes_into_the_level_above() -> None:
    frame = rows(
        ("people", "a1", 5.0, "normal"),
        ("people", "a2", 1.0, "normal"),
        ("people", "a", 7.0, "normal"),
        ("people", "b", 3.0, "normal"),
    )
    sums = sums_of_areas(frame, BOOK, {})
    assert sums.filter(pl.col("area") == "a").is_empty()
    assert number(sums, "people", "city") == (10.0, "normal")


def test_areas_picked_by_hand_are_summed() -> None:
    frame = rows(("people", "a1", 5.0, "normal"), ("people", "b2", 2.0, "normal"), ("people", "b3", 9.0, "normal"))
    picked = add_areas(frame, {"a1": "city", "b2": "city"}, BOOK)
    assert picked.select("value", "rows", "expected", "empty").rows() == [(7.0, 2, 2, 0)]


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ((0.0, "normal"), (0.0, "normal"), (None, "not_applicable")),
        ((0.0, "normal"), (4.0, "normal"), (0.0, "normal")),
        ((None, "suppressed"), (4.0, "normal"), (None, "suppressed")),
        ((None, "missing"), (None, "suppressed"), (None, "suppressed")),
        ((1.0, "normal"), (None, "missing"), (None, "missing")),
        ((1.0, "provisional"), (4.0, "normal"), (250.0, "provisional")),
    ],
)
def test_what_a_ratio_makes_of_its_parts(
    above: tuple[float | None, str], below: tuple[float | None, str], expected: tuple[float | None, str]
) -> None:
    frame = rows(("cases", "a1", *above), ("people", "a1", *below))
    assert number(ratio(frame, BOOK.catalogue.indicator("rate"), BOOK), "rate", "a1") == expected


def test_a_published_rate_fills_the_gaps_of_its_parts_and_is_compared_with_them() -> None:
    frame = rows(
        ("cases", "a1", 1.0, "normal"), ("people", "a1", 4.0, "normal"), ("rate", "a1", 300.0, "normal"),
        ("cases", "a2", None, "suppressed"), ("people", "a2", 4.0, "normal"), ("rate", "a2", 120.0, "normal"),
        ("rate", "b1", 7.0, "normal"),
    )  # fmt: skip
    findings = Findings()
    table = with_ratios(frame, BOOK, findings)
    assert [number(table, "rate", area)[0] for area in ("a1", "a2", "b1")] == [250.0, 120.0, 7.0]
    assert findings.warnings[0].startswith("rate: 1 published values differ")


@pytest.mark.parametrize(
    ("ages", "chosen", "whole"),
    [
        (("Y0T17", "Y18T64", "Y_GE65"), {"Y0T17", "Y18T64", "Y_GE65"}, True),
        (("Y0T17", "Y0T5", "Y6T17", "Y_GE18"), {"Y0T5", "Y6T17", "Y_GE18"}, True),  # the finest
        (("Y0T17", "Y_GE65"), {"Y0T17", "Y_GE65"}, False),
        (("Y15T24", "Y20T30", "Y25T49"), {"Y15T24", "Y25T49"}, False),
        (tuple(f"Y{n}" for n in range(101)), {f"Y{n}" for n in range(101)}, True),
        (tuple(f"Y{n}" for n in range(50)), {f"Y{n}" for n in range(50)}, False),
    ],
)
def test_ages_that_are_everybody(ages: tuple[str, ...], chosen: set[str], whole: bool) -> None:
    assert division(ages) == (frozenset(chosen), whole)


def test_totals_over_sex_and_age_where_they_were_absent(town: Town) -> None:
    ages = ("Y0T17", "Y_GE18")
    town.long(*(f"01,2024,residents,{sex},{age},{n}" for sex, n in (("F", 3), ("M", 4)) for age in ages))
    table = town.table()
    assert value(table, "residents", "01", 2024) == 14
    assert value(table, "residents", "01", 2024, "F") == 6
    assert value(table, "residents", "01", 2024, age="Y_GE18") == 7


def test_no_total_from_incomplete_ages(town: Town) -> None:
    town.long("01,2024,residents,_T,Y0T17,3", "01,2024,residents,_T,Y_GE65,4")
    assert town.table().filter(pl.col("age") == "_T").is_empty()


@settings(max_examples=8, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["01", "02"]), st.integers(1990, 2024), st.sampled_from(["births", "debt"])),
        st.integers(0, 10**9),
        min_size=1,
    )
)
def test_what_is_written_as_a_recipe_says_comes_back(cells: dict[tuple[str, int, str], int]) -> None:
    """Round trip: any numbers, written as a German wide table, are the table's own rows again."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder) / "town")
        years = sorted({year for _, year, _ in cells})
        places = sorted({(area, id) for area, _, id in cells})
        header = ";".join(["Gebiet", "Merkmal", *map(str, years)])
        lines = [";".join([a, i, *(_german(cells.get((a, y, i))) for y in years)]) for a, i in places]
        recipe = """
            file = "data.csv"
            separator = ";"
            decimal = ","
            thousands = "."
            empty = "drop"
            columns = { area = "Gebiet", indicator = "Merkmal" }
            wide = { pattern = '^(\\d{4})$', dimension = "period" }
        """
        town.source("\n".join([header, *lines]) + "\n", recipe)
        found = town.table().filter(pl.col("area") != "00")
        back = {(row["area"], row["period"].year, row["indicator"]): row["value"] for row in found.iter_rows(named=True)}
        assert back == {key: float(n) for key, n in cells.items()}


def _german(number: int | None) -> str:
    return "" if number is None else f"{number:,}".replace(",", ".")


def test_sums_of_the_city_follow_from_the_recipe(town: Town) -> None:
    town.long("01,2024,residents,_T,_T,60", "02,2024,residents,_T,_T,40", "01,2024,children,_T,_T,6", "02,2024,children,_T,_T,14")
    table = town.table()
    assert cell(table, "residents", "00", 2024)["source"] == "sum"
    assert value(table, "share_children", "00", 2024) == 20.0
    assert cell(table, "share_children", "00", 2024)["source"] == "ratio"
