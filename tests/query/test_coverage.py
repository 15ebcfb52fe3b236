"""What is there and what moved, on tables one can check in the head."""

from datetime import date

import polars as pl
import pytest

from model.catalogue import Area, Break, Catalogue, Indicator
from model.catalogue.entries import Words
from model.query.coverage import coverage_counts, coverage_grid, freshness, gaps, movers
from model.vocabulary import SCHEMA, STATUSES


def rows(indicator: str, *values: tuple[str, date, float | None, str], sex: str = "_T") -> pl.DataFrame:
    return pl.DataFrame(
        [(indicator, a, p, sex, "_T", "observed", v, None, None, s, "x") for a, p, v, s in values], schema=SCHEMA, orient="row"
    )


def year(number: int) -> date:
    return date(number, 1, 1)


def known(**kinds: dict[str, object]) -> Catalogue:
    made = {
        id: Indicator(id, Words(id, id), "t", Words("", ""), **{"kind": "mean", "source": "s", **more})  # type: ignore[arg-type]
        for id, more in kinds.items()
    }
    return Catalogue(made, {}, {}, {})


GRID_TABLE = rows(
    "i",
    ("a", year(2020), 1.0, "normal"), ("a", year(2021), None, "suppressed"), ("a", year(2022), None, "missing"),
    ("b", year(2022), 0.0, "provisional"),
)  # fmt: skip
AREAS = (Area("b", "B", "u", valid_from=year(2021)), Area("a", "A", "u", valid_to=year(2023)))


def test_the_grid_tells_the_kinds_of_empty_apart_and_knows_when_an_area_lives():
    grid = coverage_grid(GRID_TABLE, AREAS, [year(y) for y in (2020, 2021, 2022, 2023)])
    assert grid.rows() == [
        ("b", year(2020), "not_applicable"), ("b", year(2021), "missing"), ("b", year(2022), "provisional"),
        ("b", year(2023), "missing"),
        ("a", year(2020), "normal"), ("a", year(2021), "suppressed"), ("a", year(2022), "missing"),
        ("a", year(2023), "not_applicable"),
    ]  # fmt: skip
    assert sum(coverage_counts(grid).values()) == 8 and coverage_counts(grid)["missing"] == 3
    assert coverage_grid(GRID_TABLE, AREAS).height == 6


def test_the_fullest_breakdown_is_shown_and_every_status_has_a_place():
    both = pl.concat([GRID_TABLE, rows("i", ("a", year(2021), 4.0, "normal"), sex="F")])
    assert coverage_grid(both, AREAS[1:])["status"].to_list() == ["normal", "normal", "missing"]
    every = rows("i", *[(status, year(2020), None, status) for status in STATUSES])
    areas = tuple(Area(status, status, "u") for status in STATUSES)
    assert coverage_grid(every, areas)["status"].to_list() == list(STATUSES)


def test_gaps_are_unbroken_stretches():
    table = rows("i", *[("a", year(y), 1.0, "normal") for y in (2015, 2018, 2020)])
    grid = coverage_grid(table, [Area("a", "A", "u")], [year(y) for y in range(2014, 2021)])
    assert gaps(grid).rows() == [
        ("a", year(2014), year(2014), 1), ("a", year(2016), year(2017), 2), ("a", year(2019), year(2019), 1),
    ]  # fmt: skip
    assert gaps(grid, "suppressed").height == 0


def test_freshness_counts_the_periods_that_have_ended_since():
    table = pl.concat([
        rows("yearly", ("a", year(2023), 1.0, "normal"), ("a", year(2024), None, "missing")),
        rows("quarterly", ("a", date(2026, 4, 1), 1.0, "normal"), ("b", date(2026, 7, 1), 2.0, "normal")),
        rows("old", ("a", year(2025), 1.0, "normal")),
    ])  # fmt: skip
    catalogue = known(yearly={}, quarterly={"frequency": "quarterly"}, old={}, none={})
    found = {row["indicator"]: row for row in freshness(table, catalogue, date(2026, 11, 22)).to_dicts()}
    assert found["yearly"]["behind"] == 2 and found["yearly"]["last"] == year(2023)  # 2024 and 2025 have ended
    assert found["old"]["behind"] == 0  # 2026 has not ended yet
    assert found["quarterly"]["behind"] == 0 and found["quarterly"]["periods"] == 2
    assert found["none"]["last"] is None and found["none"]["periods"] == 0
    assert next(iter(found)) == "yearly" and list(found)[-1] == "none"


def waves(indicator: str, area: str, size: float, last: float) -> pl.DataFrame:
    """A series that swings by `size` each year from 2010 to 2019 and moves by `last` in 2020."""
    values = [50 + (size if y % 2 else 0.0) for y in range(2010, 2020)]
    return rows(indicator, *[(area, year(2010 + n), v, "normal") for n, v in enumerate([*values, values[-1] + last])])


def test_what_moved_most_is_judged_by_the_areas_own_noise():
    table = pl.concat(
        [waves("i", "calm", 1, 12), waves("i", "calm2", 1, -1), waves("i", "noisy", 8, -8), waves("i", "c3", 1, -1)]
    )
    found = movers(table, known(i={}), per_indicator=9)
    assert found["area"].to_list()[0] == "calm"
    assert found["change"][0] == 12 and found["before"][0] == 51 and found["value"][0] == 63
    noisy = found.filter(pl.col("area") == "noisy")["score"][0]
    assert abs(noisy) < 2 < found["score"][0]


def test_breaks_gaps_and_outdated_areas_are_no_movement():
    table = pl.concat([waves("i", "a", 1, 9), waves("j", "a", 1, 9), waves("k", "a", 1, 9)])
    broken = table.with_columns(
        status=pl.when((pl.col("indicator") == "i") & (pl.col("period") == year(2020)))
        .then(pl.lit("break", SCHEMA["status"]))
        .otherwise("status")
    ).filter((pl.col("indicator") != "k") | (pl.col("period") != year(2019)))
    catalogue = known(i={}, j={"breaks": (Break(year(2020), Words("", "")),)}, k={})
    assert movers(broken, catalogue).height == 0
    assert movers(table, known(i={}, j={}, k={}), per_indicator=1).height == 3


def test_large_and_small_counts_are_alike():
    def doubling(area: str, level: float) -> pl.DataFrame:
        return rows(
            "n", *[(area, year(2010 + n), level + n % 2, "normal") for n in range(10)], (area, year(2020), level * 1.5, "normal")
        )

    found = movers(pl.concat([doubling("large", 10_000), doubling("small", 100)]), known(n={"kind": "count"}), per_indicator=9)
    ratio = found["score"][0] / found["score"][1]
    assert found["area"].to_list() == ["large", "small"] and ratio == pytest.approx(10, rel=0.1)  # √, not 100


def test_amounts_are_compared_by_ratio():
    def course(area: str, level: float) -> pl.DataFrame:
        values = [level * (1.02 if n % 2 else 1.0) for n in range(10)]
        return rows("m", *[(area, year(2010 + n), v, "normal") for n, v in enumerate([*values, level * 1.5])])

    found = movers(pl.concat([course("large", 1e6), course("small", 1e4)]), known(m={"kind": "amount"}), per_indicator=9)
    assert found["score"][0] == pytest.approx(found["score"][1], rel=0.01)


def test_nothing_moves_in_an_empty_table():
    assert (
        movers(GRID_TABLE.clear(), known(i={})).height == 0 and freshness(GRID_TABLE.clear(), known(i={}), year(2026)).height == 1
    )
