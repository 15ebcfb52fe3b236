"""Intervals against a second library, by hand, and as properties."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from model.catalogue import Catalogue, Indicator
from model.catalogue.entries import Words
from model.errors import SelectionError
from model.query.interval import (
    against_rest,
    chance_kind,
    difference,
    exact_poisson,
    funnel,
    indicator_intervals,
    normal_quantile,
    poisson,
    rate_interval,
    reliability,
    wilson,
)
from model.vocabulary import SCHEMA

SHARES = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.998])


@given(SHARES, LEVELS)
def test_wilson_agrees_with_statsmodels(pair, level):
    lower, upper = wilson(*pair, level)
    assert (lower[0], upper[0]) == pytest.approx(proportion_confint(*pair, alpha=1 - level, method="wilson"), abs=1e-12)


@given(SHARES, LEVELS)
def test_an_interval_holds_its_estimate_and_grows_with_the_level(pair, level):
    count, base = pair
    for interval in (wilson(count, base, level), rate_interval(count, base, level)):
        assert interval.lower[0] <= count / base <= interval.upper[0]
    wider = wilson(count, base, 0.999)
    assert wider.lower[0] <= wilson(count, base, level).lower[0] and wilson(count, base, level).upper[0] <= wider.upper[0]


@given(st.integers(0, 5000), LEVELS)
def test_exact_poisson_agrees_with_its_chi_squared_form(count, level):
    lower, upper = exact_poisson(count, level)
    tail = (1 - level) / 2
    assert lower[0] == pytest.approx(chi2.ppf(tail, 2 * count) / 2 if count else 0.0)
    assert upper[0] == pytest.approx(chi2.ppf(1 - tail, 2 * count + 2) / 2)


@given(st.integers(0, 5000))
def test_byar_is_near_the_exact_limits(count):
    fast, exact = poisson(count), exact_poisson(count)
    distance = exact.upper[0] - exact.lower[0]
    assert abs(fast.lower[0] - exact.lower[0]) < 0.005 * distance and abs(fast.upper[0] - exact.upper[0]) < 0.005 * distance


@given(SHARES, SHARES, LEVELS)
def test_newcombe_agrees_with_statsmodels(first, second, level):
    found = difference(*first, *second, level=level)
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff", alpha=1 - level)
    assert (found.lower[0], found.upper[0]) == pytest.approx(expected, abs=1e-9)
    assert found.lower[0] <= found.estimate[0] <= found.upper[0]


@given(SHARES, SHARES)
def test_a_difference_turned_round_is_its_negative(first, second):
    there, back = difference(*first, *second, kind="rate"), difference(*second, *first, kind="rate")
    assert there.lower[0] == pytest.approx(-back.upper[0]) and there.beyond_chance[0] == back.beyond_chance[0]


@given(SHARES, st.floats(0.01, 0.99))
def test_a_share_leaves_the_funnel_exactly_where_wilson_leaves_out_the_centre(pair, centre):
    count, base = pair
    low, high = funnel(centre, base)
    interval = wilson(count, base)
    gap = min(abs(interval.lower[0] - centre), abs(interval.upper[0] - centre))
    if gap > 1e-9:
        outside = count / base < low[0] or count / base > high[0]
        assert outside == (not interval.lower[0] < centre < interval.upper[0])


def test_published_example_of_newcombe():
    # 56/70 against 48/80: Newcombe 1998, Statistics in Medicine 17, 873–890, table II, example (a), method 10.
    found = difference(56, 70, 48, 80)
    assert (round(found.estimate[0], 4), round(found.lower[0], 4), round(found.upper[0], 4)) == (0.2, 0.0524, 0.3339)
    assert found.beyond_chance[0]


def test_published_exact_poisson_limits():
    # 10 cases: 4.795 to 18.39, the table in Breslow and Day 1987 and many handbooks.
    lower, upper = exact_poisson(10)
    assert (round(lower[0], 3), round(upper[0], 2)) == (4.795, 18.39)


def test_an_area_is_compared_with_the_rest_of_the_city():
    found = against_rest([30, 5], [100, 50], 130, 1100)
    assert found.estimate == pytest.approx([0.3 - 0.1, 0.1 - 125 / 1050])
    assert found.beyond_chance.tolist() == [True, False]
    whole = against_rest(130, 1100, 130, 1100)  # no rest is left to compare with
    assert not whole.known[0] and not whole.beyond_chance[0]


def test_empty_and_impossible_figures_have_no_interval():
    for interval in (wilson([np.nan, 5, 1, -1], [10, 4, 0, 9]), wilson(pl.Series([None, 5.0]), pl.Series([10.0, 4.0]))):
        assert np.isnan(interval.lower).all() and np.isnan(interval.upper).all()
    assert np.isnan(poisson([-1.0, np.nan]).lower).all()
    assert np.isnan(rate_interval(4, 0).upper[0])
    assert wilson(0, 10).lower[0] == 0 and wilson(10, 10).upper[0] == 1
    assert poisson(0).lower[0] == 0 and poisson(0).upper[0] == pytest.approx(-np.log(0.025))


def test_the_level_must_be_a_probability():
    assert normal_quantile(0.95) == pytest.approx(1.959964, abs=1e-6)
    with pytest.raises(SelectionError):
        normal_quantile(95)


def test_reliability_asks_for_cases_base_and_a_narrow_interval():
    count, base = [400, 100, 99, 20, 19, 60, 0, np.nan], [4000, 1000, 1000, 400, 400, 90, 5000, 10]
    assert reliability(count, base, wilson(count, base)) == ["A", "A", "B", "B", "C", "C", "C", ""]
    wide = wilson(count, base, 0.9999)
    assert reliability(count, base, wide)[1] == "B"  # a width of 39 % is too much for an A


def indicator(id: str, kind: str, **more: object) -> Indicator:
    return Indicator(id, Words(id, id), "t", Words("%", "%"), kind, "s", **more)  # type: ignore[arg-type]


def test_only_counted_cases_have_an_interval():
    known = [
        indicator("n", "count"), indicator("d", "count"), indicator("euro", "amount"),
        indicator("share", "share", numerator="n", denominator="d"),
        indicator("rate", "rate", numerator="n", denominator="d"),
        indicator("rent", "mean", numerator="euro", denominator="d"),
        indicator("bare", "share"),
    ]  # fmt: skip
    catalogue = Catalogue({i.id: i for i in known}, {}, {}, {})
    assert [chance_kind(i, catalogue) for i in known] == ["count", "count", "", "share", "rate", "", ""]
    hidden = Catalogue({"share": known[3], "n": known[0]}, {}, {}, {})
    assert chance_kind(known[3], hidden) == ""


def test_intervals_of_a_table_are_in_the_indicators_unit():
    def rows(id: str, *values: tuple[str, float | None, str]) -> pl.DataFrame:
        return pl.DataFrame(
            [(id, a, date(2024, 1, 1), "_T", "_T", "observed", v, None, None, s, "x") for a, v, s in values],
            schema=SCHEMA,
            orient="row",
        )

    share = indicator("share", "share", numerator="n", denominator="d", factor=100)
    above = rows("n", ("a", 50, "normal"), ("b", None, "suppressed"))
    below = rows("d", ("b", 40, "normal"), ("a", 200, "normal"), ("c", 10, "normal"))
    frame = indicator_intervals(above, below, share, "share")
    assert frame["area"].to_list() == ["a", "b"]
    assert frame["lower"][0] == pytest.approx(100 * proportion_confint(50, 200, method="wilson")[0])
    assert frame["lower"][1] is None and frame["upper"][1] is None
    assert frame["grade"].to_list() == ["B", ""]
    with pytest.raises(SelectionError, match="not a ratio"):
        indicator_intervals(above, below, share, "")
