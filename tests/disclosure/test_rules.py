"""Which single values are hidden: worked out by hand, and as a property over tables nobody thought of."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_town import CATALOGUE, release, row, table

from model.disclosure import Reader, protect, rule_of
from model.vocabulary import COLUMNS, SCHEMA


def shown(rows: list[tuple[object, ...]], id: str) -> list[tuple[float | None, str]]:
    found = protect(table(rows), CATALOGUE).filter(pl.col("indicator") == id)
    return found.select("value", pl.col("status").cast(pl.String)).rows()


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, (0.0, "normal")), (1, (None, "suppressed")), (2, (None, "suppressed")), (2.5, (None, "suppressed")),
     (0.4, (None, "suppressed")), (3, (3.0, "normal")), (4, (4.0, "normal"))],
)  # fmt: skip
def test_a_count_from_one_to_below_k_is_hidden_and_a_true_zero_stays(count, expected):
    assert shown([row("poor", count)], "poor") == [expected]


def test_without_a_minimum_count_even_one_person_is_shown():
    assert shown([row("people", 1)], "people") == [(1.0, "normal")]


def test_amounts_and_what_is_already_empty_stay_as_they_are():
    rows = [row("money", 1.0), row("poor", None, status="missing"), row("poor", None, "b", status="not_applicable")]
    assert shown(rows, "money") == [(1.0, "normal")]
    assert shown(rows, "poor") == [(None, "missing"), (None, "not_applicable")]


def test_limits_of_a_hidden_value_are_hidden_too():
    found = protect(table([row("poor", 2, lower=1.0, upper=4.0)]), CATALOGUE).row(0, named=True)
    assert (found["value"], found["lower"], found["upper"], found["status"]) == (None, None, None, "suppressed")


@pytest.mark.parametrize(
    ("poor", "people", "hidden"),
    [(50, 100, False), (2, 100, True), (0, 100, False), (98, 100, True), (97, 100, False), (100, 100, False), (2, 2, True)],
)
def test_a_share_is_hidden_by_its_numerator_its_denominator_and_its_remainder(poor, people, hidden):
    rows = [row("poor", poor), row("people", people), row("share", 100 * poor / people)]
    assert (shown(rows, "share")[0][1] == "suppressed") is hidden


def test_the_remainder_counts_for_shares_only():
    rows = [row("poor", 98), row("people", 100), row("rate", 980.0), row("share", 98.0)]
    assert shown(rows, "rate") == [(980.0, "normal")]
    assert shown(rows, "share") == [(None, "suppressed")]


def test_a_ratio_of_an_amount_is_hidden_by_the_people_behind_it():
    rows = [row("money", 5000.0), row("people", 2), row("per_head", 2500.0)]
    assert shown(rows, "per_head") == [(None, "suppressed")]
    rows = [row("money", 1.0), row("people", 200), row("per_head", 0.005)]
    assert shown(rows, "per_head") == [(0.005, "normal")]


def test_a_part_the_source_suppressed_hides_the_ratio():
    rows = [row("poor", None, status="suppressed"), row("people", 100), row("share", 2.0)]
    assert shown(rows, "share") == [(None, "suppressed")]


def test_a_weight_hides_its_mean_with_the_larger_minimum():
    assert shown([row("rooms", 4), row("rent", 9.5)], "rent") == [(None, "suppressed")]
    assert shown([row("rooms", 5), row("rent", 9.5)], "rent") == [(9.5, "normal")]
    assert shown([row("rooms", 0), row("rent", 9.5)], "rent") == [(9.5, "normal")]


def test_parts_are_those_of_the_same_place_period_and_breakdown():
    rows = [
        row("poor", 2, "a"), row("people", 100, "a"), row("share", 2.0, "a"),
        row("poor", 50, "b"), row("people", 100, "b"), row("share", 50.0, "b"),
        row("poor", 2, "b", sex="F"), row("people", 60, "b", sex="F"), row("share", 3.3, "b", sex="F"),
    ]  # fmt: skip
    assert [status for _, status in shown(rows, "share")] == ["suppressed", "normal", "suppressed"]


def test_rows_of_indicators_nobody_described_are_dropped_and_order_and_columns_stay():
    rows = [row("people", 9, "b"), row("unheard_of", 500), row("poor", 2), row("people", 7)]
    found = protect(table(rows), CATALOGUE)
    assert found["indicator"].to_list() == ["people", "poor", "people"]
    assert found.columns == list(COLUMNS) and found.schema == pl.Schema(SCHEMA)
    assert protect(found, CATALOGUE).equals(found)


def test_the_rule_can_be_told():
    told = {id: rule_of(i, CATALOGUE) for id, i in CATALOGUE.indicators.items()}
    assert (told["poor"].own, told["poor"].k, told["poor"].hides) == (True, 3, True)
    assert not told["people"].hides and not told["money"].hides
    assert told["share"].remainder and not told["rate"].remainder
    assert told["rent"].parts == ("rooms",) and told["rent"].k == 5
    assert told["per_head"].parts == ("people",)


counts = st.one_of(st.integers(0, 12).map(float), st.floats(0, 6, allow_nan=False))
cells = st.tuples(st.sampled_from(["a", "b", "c", "a1", "0"]), st.sampled_from(["F", "M", "_T"]),
                  st.sampled_from(["_T", "Y0", "Y1T4"]))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(poor=st.dictionaries(cells, counts, max_size=12), people=st.dictionaries(cells, counts, max_size=12),
       role=st.sampled_from(["public", "analyst", "steward"]))  # fmt: skip
def test_no_small_count_ever_leaves_a_reader(poor, people, role):
    def parts(id: str, values: dict[tuple[str, str, str], float]) -> list[tuple[object, ...]]:
        return [row(id, v, area, sex=sex, age=age) for (area, sex, age), v in values.items()]

    both = [cell for cell in poor if people.get(cell)]
    shares = [row("share", 100 * poor[c] / people[c], c[0], sex=c[1], age=c[2]) for c in both]
    small = [*parts("poor", poor), *parts("secret", poor), *parts("inside", people)]
    reader = Reader(release([*small, *parts("people", people), *shares]), role)
    everything = reader.everything()
    guarded = everything.filter(pl.col("indicator").is_in(["poor", "secret", "inside"]))
    assert guarded.filter((pl.col("value") > 0) & (pl.col("value") < 3)).is_empty()
    assert everything.filter(pl.col("value").is_null() != (pl.col("status") == "suppressed")).is_empty()
    for cell in both:
        rest = people[cell] - poor[cell]
        hidden = any(0 < n < 3 for n in (poor[cell], people[cell], rest))
        here = (pl.col("area") == cell[0]) & (pl.col("sex") == cell[1]) & (pl.col("age") == cell[2])
        found = everything.filter((pl.col("indicator") == "share") & here)["value"]
        assert found.is_empty() or (found[0] is None) is hidden
