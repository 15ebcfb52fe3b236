"""One map's worth of areas: every area has a class or a kind of empty, and the legend counts each once."""

from __future__ import annotations

import polars as pl
import pytest

from model.query.classify import Scheme
from pages.parts import colours
from pages.parts.scene import scene

CODES = ("a", "b", "c", "d", "e", "f", "g")
ROWS = pl.DataFrame(
    {
        "area": ["a", "b", "c", "d", "e", "f"],
        "value": [1.0, 2.0, 9.0, None, None, 0.0],
        "status": ["normal", "normal", "provisional", "suppressed", "not_applicable", "normal"],
    }
)


def made(**changes: object):
    scheme = changes.pop("scheme", Scheme("equal", 3, zero_apart=True))
    return scene(ROWS, CODES, ROWS["value"], scheme, "high_bad", lambda v: f"{v:.0f}", "de", **changes)  # type: ignore[arg-type]


def test_every_kind_of_empty_has_its_own_look_and_place_in_the_legend():
    found = made()
    kinds = {e.kind: e.count for e in found.legend}
    assert (kinds["suppressed"], kinds["missing"], kinds["not_applicable"], kinds["zero"]) == (1, 1, 1, 1)
    assert found.colour_of("d") == colours.EMPTY["suppressed"] and found.hatched == (3,)
    assert found.colour_of("e") == colours.EMPTY["not_applicable"]
    assert found.statuses[6] == "missing"  # an area without a row
    assert sum(e.count for e in found.legend) == len(CODES)


def test_ordinary_classes_run_from_light_to_dark_and_are_listed_from_the_top():
    found = made()
    assert found.colour_of("a") == colours.sequential("high_bad", 3)[0]
    assert found.colour_of("c") == colours.sequential("high_bad", 3)[-1]
    assert [e.colour for e in found.legend if e.kind == "class"] == colours.sequential("high_bad", 3)[::-1]


def test_filtered_areas_are_faint_counted_apart_and_not_hatched():
    found = made(hidden=frozenset("ad"))
    assert found.statuses[0] == found.statuses[3] == "filtered" and found.hatched == ()
    assert {e.kind: e.count for e in found.legend}["filtered"] == 2
    assert "suppressed" not in {e.kind for e in found.legend}
    assert found.colour_of("a") not in colours.sequential("high_bad", 3)


@pytest.mark.parametrize(("values", "count"), [((-4.0, -1.0, 2.0), 4), ((1.0, 2.0, 3.0), 3), ((-3.0, -2.0, -1.0), 3)])
def test_a_change_is_coloured_by_its_side_of_zero(values, count):
    rows = pl.DataFrame({"area": ["a", "b", "c"], "value": values, "status": ["normal"] * 3})
    found = scene(rows, ("a", "b", "c"), rows["value"], Scheme("equal", count, centre=0.0), "high_bad", str, "en")
    falls, rises = set(colours.DIVERGING["high_bad"][:4]), set(colours.DIVERGING["high_bad"][5:])
    for area, value in zip("abc", values, strict=True):
        colour = found.colour_of(area)
        assert colour not in (rises if value < 0 else falls), (area, value)
