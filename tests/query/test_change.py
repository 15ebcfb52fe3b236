"""Change over time on tables one can check in the head."""

from datetime import date

import polars as pl
import pytest

from model.catalogue.entries import Indicator, Words
from model.errors import SelectionError
from model.query.change import change, has_break, index_to, moving_average, multi_year_mean, pooled_average, strongest
from model.vocabulary import COLUMNS, KEY, SCHEMA, empty_table


def year(number: int) -> date:
    return date(number, 1, 1)


def table(*rows: tuple[str, int | date, float | None, str], indicator: str = "debt") -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                indicator,
                area,
                when if isinstance(when, date) else year(when),
                "_T",
                "_T",
                "observed",
                value,
                None,
                None,
                status,
                "s",
            )
            for area, when, value, status in rows
        ],
        schema=SCHEMA,
        orient="row",
    )


def result(frame: pl.DataFrame) -> dict[str, tuple[float | None, str]]:
    return {row["area"]: (row["value"], row["status"]) for row in frame.to_dicts()}


TWO = table(
    ("a", 2020, 10.0, "normal"), ("a", 2022, 12.1, "provisional"),
    ("b", 2020, 0.0, "normal"), ("b", 2022, 3.0, "normal"),
    ("c", 2020, None, "suppressed"), ("c", 2022, None, "missing"),
    ("d", 2020, None, "not_applicable"), ("d", 2022, 5.0, "estimated"),
    ("e", 2022, 5.0, "normal"),
    ("f", 2020, 5.0, "estimated"),
    ("g", 2020, 4.0, "normal"), ("g", 2021, 4.0, "break"), ("g", 2022, 5.0, "normal"),
    ("h", 2020, -2.0, "break"), ("h", 2022, -1.0, "normal"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "a", "b", "h"),
    [
        ("difference", 2.1, (3.0, "normal"), (1.0, "normal")),
        ("relative", 21.0, (None, "not_applicable"), (50.0, "normal")),
        ("annual", 10.0, (None, "not_applicable"), (None, "not_applicable")),
    ],
)
def test_change_keeps_the_kinds_of_empty_apart(kind, a, b, h):
    frame = change(TWO, year(2020), year(2022), kind=kind)
    found = result(frame)
    assert found["a"] == (pytest.approx(a), "provisional")
    assert found["b"] == b
    assert found["c"] == (None, "suppressed")
    assert found["d"] == (None, "not_applicable")
    assert found["e"] == found["f"] == (None, "missing")
    assert found["g"][1] == "break" and found["g"][0] is not None
    assert found["h"] == h
    assert frame.columns == list(COLUMNS) and dict(frame.schema) == SCHEMA
    assert set(frame["period"]) == {year(2022)}


def test_a_declared_break_between_the_periods_marks_every_value_but_not_the_empty_ones():
    found = result(change(TWO, year(2020), year(2022), breaks=[year(2022)]))
    assert found["a"][1] == found["b"][1] == "break"
    assert found["c"][1] == "suppressed" and found["e"][1] == "missing"
    assert result(change(TWO, year(2020), year(2022), breaks=[year(2020)]))["b"][1] == "normal"
    assert has_break(TWO, year(2020), year(2021)) and not has_break(TWO, year(2021), year(2022))
    assert has_break(TWO, year(2021), year(2022), breaks=[year(2022)])


def test_annual_change_counts_months():
    half = table(("a", date(2020, 1, 1), 100.0, "normal"), ("a", date(2020, 7, 1), 110.0, "normal"))
    assert result(change(half, date(2020, 1, 1), date(2020, 7, 1), kind="annual"))["a"][0] == pytest.approx(21.0)


def test_wrong_questions_are_refused():
    with pytest.raises(SelectionError, match="not known"):
        change(TWO, year(2020), year(2022), kind="log")
    with pytest.raises(SelectionError, match="in order"):
        change(TWO, year(2022), year(2020))
    with pytest.raises(SelectionError, match="odd"):
        moving_average(TWO, "annual", 2, centred=True)


def test_change_of_nothing_is_an_empty_table():
    assert change(empty_table(), year(2020), year(2022)).equals(empty_table())


def test_index_is_100_in_the_base_and_marks_what_lies_beyond_a_break():
    frame = index_to(TWO, year(2020))
    found = {(row["area"], row["period"].year): (row["value"], row["status"]) for row in frame.to_dicts()}
    assert found["a", 2020] == (100.0, "normal")
    assert found["a", 2022] == (pytest.approx(121.0), "provisional")
    assert found["b", 2022] == (None, "not_applicable")
    assert found["c", 2022] == (None, "suppressed")
    assert found["e", 2022] == (None, "missing")
    assert [found["g", y][1] for y in (2020, 2021, 2022)] == ["normal", "break", "break"]
    assert found["h", 2022] == (50.0, "normal")
    declared = index_to(TWO.filter(pl.col("area") == "a"), year(2020), breaks=[year(2021)])
    assert declared["status"].to_list() == ["normal", "break"]


def test_moving_average_needs_every_period_of_its_window():
    series = table(
        ("a", 2018, 1.0, "normal"), ("a", 2019, 2.0, "estimated"), ("a", 2020, 6.0, "normal"), ("a", 2022, 9.0, "normal"),
        ("b", 2018, None, "suppressed"), ("b", 2019, 2.0, "normal"), ("b", 2020, 4.0, "normal"),
    )  # fmt: skip
    trailing = {(r["area"], r["period"].year): (r["value"], r["status"]) for r in moving_average(series, "annual", 2).to_dicts()}
    assert trailing["a", 2018] == (None, "missing")
    assert trailing["a", 2019] == (1.5, "estimated")
    assert trailing["a", 2022] == (None, "missing")  # 2021 is a gap, not the year before 2022
    assert trailing["b", 2019] == (None, "suppressed")
    assert trailing["b", 2020] == (3.0, "normal")
    middle = {(r["area"], r["period"].year): r["value"] for r in moving_average(series, "annual", 3, centred=True).to_dicts()}
    assert middle["a", 2019] == 3.0 and middle["a", 2018] is None and middle["a", 2020] is None


def test_multi_year_mean_counts_the_periods_of_a_year():
    quarters = table(*[("a", date(y, m, 1), float(y - 2020), "normal") for y in (2020, 2021) for m in (1, 4, 7, 10)])
    mean = multi_year_mean(quarters, "quarterly", date(2021, 10, 1), 2)
    assert mean["value"].to_list() == [0.5]
    assert mean.select(KEY).height == 1


def test_pooled_average_is_the_ratio_of_sums_and_not_the_mean_of_rates():
    share = Indicator(
        "share", Words("Anteil", "Share"), "t", Words("%", "%"), "share", "s", numerator="n", denominator="d", factor=100
    )
    above = table(("a", 2020, 1.0, "normal"), ("a", 2021, 9.0, "normal"), indicator="n")
    below = table(("a", 2020, 10.0, "normal"), ("a", 2021, 30.0, "normal"), indicator="d")
    pooled = pooled_average(above, below, share, 2).filter(pl.col("period") == year(2021))
    assert pooled["value"].to_list() == [25.0]  # 10 of 40; the mean of 10 % and 30 % would be 20 %
    assert pooled["indicator"].to_list() == ["share"]
    nobody = below.with_columns(value=pl.lit(0.0))
    assert pooled_average(above, nobody, share, 2)["status"].to_list() == ["missing", "not_applicable"]


def test_the_status_of_a_figure_is_the_strongest_of_its_parts():
    assert strongest("normal", "estimated", "provisional") == "estimated"
    assert strongest("missing", "suppressed", "not_applicable") == "suppressed"
