"""Classes: hand-checked cases, properties for every method, and a second library for natural breaks."""

import mapclassify
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.catalogue.entries import Classes
from model.errors import SelectionError
from model.query.breaks import BREAKS
from model.query.classify import (
    HIGH_OUTLIER,
    LOW_OUTLIER,
    MISSING,
    NOT_APPLICABLE,
    SUPPRESSED,
    ZERO,
    Scheme,
    classify,
    scheme_of,
    threshold_scheme,
    tukey_fences,
)

FINITE = st.floats(-1e6, 1e6, allow_nan=False).map(lambda v: round(v, 3))
VALUES = st.lists(st.one_of(FINITE, st.integers(-3, 3).map(float), st.none()), max_size=60)
SCHEMES = st.builds(
    Scheme,
    method=st.sampled_from(sorted(BREAKS)),
    count=st.integers(3, 9),
    decimals=st.sampled_from([None, 0, 1, 2]),
    zero_apart=st.booleans(),
    outliers_apart=st.booleans(),
    centre=st.sampled_from([None, 0.0, 2.5]),
)


@given(VALUES, SCHEMES)
def test_every_value_falls_in_exactly_one_class_and_the_counts_add_up(values, scheme):
    found = classify(values, scheme)
    codes = found.class_of(values)
    counts = found.counts(codes)
    assert sum(counts.values()) == len(values)
    assert [at for at, value in enumerate(values) if value is None] == np.flatnonzero(codes == MISSING).tolist()
    assert ((codes < found.count) & (codes >= LOW_OUTLIER)).all()
    assert (np.diff(found.edges) >= 0).all() and (np.diff(found.inner) > 0).all()
    assert found.count <= 9


@given(VALUES, SCHEMES)
def test_a_value_lies_between_the_edges_of_its_class(values, scheme):
    found = classify(values, scheme)
    for value, code in zip(values, found.class_of(values), strict=True):
        if code >= 0:
            shown = value if scheme.decimals is None else round(value, scheme.decimals)
            assert found.edges[code] <= shown + 1e-9 and shown <= found.edges[code + 1] + 1e-9


@given(st.lists(FINITE, min_size=12, max_size=60, unique=True), st.integers(3, 9))
def test_quantile_classes_of_distinct_values_are_equally_full(values, count):
    found = classify(values, Scheme("quantile", count))
    sizes = list(found.counts(found.class_of(values)).values())
    assert len(sizes) == count and max(sizes) - min(sizes) <= 2


@given(st.lists(st.integers(0, 200).map(float), min_size=10, max_size=50), st.integers(3, 7))
def test_natural_breaks_are_as_good_as_those_of_a_second_library(values, count):
    if len(set(values)) <= count:
        return
    found = classify(values, Scheme("jenks", count))
    codes = found.class_of(values)
    ours = sum(((np.array(values)[codes == c] - np.array(values)[codes == c].mean()) ** 2).sum() for c in range(found.count))
    theirs = mapclassify.FisherJenks(np.array(values), k=count)
    best = sum(((np.array(values)[theirs.yb == c] - np.array(values)[theirs.yb == c].mean()) ** 2).sum() for c in set(theirs.yb))
    assert found.count == count
    assert ours == pytest.approx(best, rel=1e-6, abs=1e-6)


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(3, 9))
def test_pretty_breaks_are_round_and_about_as_many_as_asked(start, width, count):
    if width < 1e-3 * abs(start):
        return
    found = classify([start, start + width], Scheme("pretty", count))
    assert abs(found.count - count) <= 4
    steps = np.diff(found.inner)
    if len(steps) and abs(start) < 1e3 * width:
        mantissa = steps[0] / 10 ** np.floor(np.log10(steps[0]) + 1e-9)
        assert min(abs(mantissa - m) for m in (1, 2, 2.5, 5)) < 1e-2


def test_equal_and_standard_deviation_by_hand():
    assert classify([0, 10, 3, 4, 5], Scheme("equal", 5)).edges == (0, 2, 4, 6, 8, 10)
    values = [2, 4, 4, 4, 5, 5, 7, 9]  # mean 5, standard deviation 2
    assert classify(values, Scheme("stddev", 4)).edges == (2, 3, 5, 7, 9)
    assert classify(values, Scheme("stddev", 3)).edges == (2, 4, 6, 9)
    assert classify([0.13, 9.7], Scheme("pretty", 5)).inner == (2, 4, 6, 8)


def test_the_four_kinds_of_empty_and_true_zero_have_codes_of_their_own():
    values = [0.0, None, None, None, 4.0, 8.0]
    statuses = ["normal", "suppressed", "missing", "not_applicable", "normal", "normal"]
    found = classify(values, Scheme("equal", 3, zero_apart=True))
    codes = found.class_of(values, statuses)
    assert codes.tolist() == [ZERO, SUPPRESSED, MISSING, NOT_APPLICABLE, 0, 1]
    assert found.counts(codes) == {0: 1, 1: 1, ZERO: 1, SUPPRESSED: 1, MISSING: 1, NOT_APPLICABLE: 1}
    assert found.edges[0] == 4.0  # zero took no part in making the breaks
    assert classify(values, Scheme("equal", 3)).class_of(values)[0] == 0


def test_a_small_value_that_is_shown_as_zero_is_not_a_true_zero():
    codes = classify([0.01, 0.0, 3.0, 5.0], Scheme("equal", 3, decimals=1, zero_apart=True)).class_of([0.01, 0.0])
    assert codes.tolist() == [0, ZERO]


def test_ties_give_fewer_classes_and_the_note_says_so():
    found = classify([1, 1, 1, 1, 2], Scheme("quantile", 5))
    assert found.count == 2 and "2 statt 5" in found.note.de and "2 instead of 5" in found.note.en
    assert classify([3, 3, 3], Scheme("jenks", 5)).edges == (3, 3)
    assert "gleich" in classify([3, 3, 3], Scheme("equal", 5)).note.de
    nothing = classify([None, None], Scheme())
    assert nothing.count == 0 and nothing.note.de and nothing.class_of([None]).tolist() == [MISSING]
    assert classify(range(10), Scheme("quantile", 5)).note.de == ""


def test_values_are_classed_as_they_are_shown():
    found = classify([5.14, 5.16, 7.0, 9.0], Scheme("manual", breaks=(5.2, 8), decimals=1))
    assert found.class_of([5.14, 5.16]).tolist() == [0, 1]  # shown as 5.1 and 5.2
    assert found.labels(lambda v: f"{v:.1f}".replace(".", ",")) == ("5,1 bis unter 5,2", "5,2 bis unter 8,0", "8,0 bis 9,0")
    assert found.labels(str, "en") == ("5.1 to under 5.2", "5.2 to under 8.0", "8.0 to 9.0")


def test_change_diverges_around_zero_with_mirrored_breaks():
    even = classify([-1, 2, 4, 8], Scheme("equal", 4, centre=0.0))
    assert even.inner == (-4, 0, 4)
    odd = classify([-1, 2, 3, 9], Scheme("equal", 5, centre=0.0))
    assert odd.inner == (-6, -3, 3, 6)
    assert odd.class_of([-7, -4, 0, 4, 7]).tolist() == [0, 1, 2, 3, 4]


def test_threshold_divides_below_from_above():
    values = [1, 2, 3, 10, 20, 30, 40]
    two = classify(values, threshold_scheme(5))
    assert two.inner == (5,) and two.class_of([4.9, 5, 6]).tolist() == [0, 1, 1]
    four = classify(values, threshold_scheme(5, sides=2))
    assert four.inner == (2, 5, 25)
    above_all = classify(values, threshold_scheme(99))
    assert above_all.class_of(values).tolist() == [0] * 7
    assert above_all.labels(str)[1] == "ab 99.0"


def test_outliers_lie_beyond_tukeys_fences():
    values = [10, 11, 12, 13, 14, 99, -80]
    assert tukey_fences([1, 2, 3, 4]) == (-0.5, 5.5)  # quartiles 1.75 and 3.25
    apart = classify(values, Scheme("equal", 3, outliers_apart=True))
    assert apart.class_of(values)[-2:].tolist() == [HIGH_OUTLIER, LOW_OUTLIER]
    assert apart.edges[0] == 10 and apart.edges[-1] == 14
    marked = classify(values, Scheme("equal", 3))
    assert marked.is_outlier(values).tolist() == [False] * 5 + [True, True]
    assert tukey_fences([1, 2]) is None and tukey_fences([5] * 9) is None


def test_the_indicators_own_default():
    assert scheme_of(Classes("jenks", 4)).method == "jenks"
    own = scheme_of(Classes(breaks=(5.0, 10.0)), 1, zero_apart=True)
    assert (own.method, own.breaks, own.decimals, own.zero_apart) == ("manual", (5.0, 10.0), 1, True)


@pytest.mark.parametrize(
    "scheme",
    [
        Scheme("guess"), Scheme(count=2), Scheme(count=10), Scheme("manual"), Scheme("manual", breaks=(1.0, float("nan"))),
        Scheme("manual", breaks=tuple(map(float, range(9)))), Scheme(count=3, centre=1.0, threshold=True),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(scheme):
    with pytest.raises(SelectionError):
        classify([1, 2, 3], scheme)


def test_natural_breaks_of_a_long_series_keep_its_shape():
    values = np.concatenate([np.random.default_rng(1).normal(centre, 0.1, 4000) for centre in (0, 5, 9)])
    inner = classify(values, Scheme("jenks", 3)).inner
    assert 0.3 < inner[0] < 5 and 5.3 < inner[1] < 9
