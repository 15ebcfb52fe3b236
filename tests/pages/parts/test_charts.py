"""Chart specifications: the numbers that go in are the ones drawn, in the reader's language, and Vega accepts them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.query.classify import Scheme
from pages.parts import charts, charts_sources, files
from pages.parts.colours import INK
from pages.parts.scene import scene

BARS = [
    {"code": "a", "name": "Altstadt", "value": 12.5, "text": "12,5", "colour": "#111111", "chosen": True, "low": 10.0,
     "high": 15.0},
    {"code": "b", "name": "Berg", "value": -3.0, "text": "−3,0", "colour": "#222222", "chosen": False, "low": -5.0, "high": -1.0},
]  # fmt: skip


def point(series: str, period: str, value: float | None, role: str = "area") -> dict[str, Any]:
    return {"code": series, "series": series, "role": role, "period": period, "value": value, "text": "–", "when": period[:4],
            "part": 0, "open": False, "last": period == "2024-01-01", "label_at": value}  # fmt: skip


LINES = [point("Altstadt", "2023-01-01", 1.0), point("Altstadt", "2024-01-01", 2.0), point("Stadt", "2023-01-01", None, "city"),
         point("Stadt", "2024-01-01", 3.0, "city")]  # fmt: skip
BAND = [{"period": "2023-01-01", "low": 0.0, "high": 5.0}, {"period": "2024-01-01", "low": 1.0, "high": 6.0}]
MARKS = [{"period": "2024-01-01", "label": "Bruch"}]


def within(node: Any, key: str) -> list[Any]:
    """Return everything called `key` inside a specification."""
    if isinstance(node, dict):
        return [v for k, v in node.items() if k == key] + [x for v in node.values() for x in within(v, key)]
    return [x for v in node for x in within(v, key)] if isinstance(node, list) else []


def svg(spec: dict[str, Any]) -> str:
    return files.svg(spec).decode()


def test_bars_have_room_for_numbers_on_both_sides_and_a_rule_for_the_city():
    spec = charts.ranking(BARS, 4.0, "Stadt", "%", "de")
    low, high = within(spec, "domain")[0] if isinstance(within(spec, "domain")[0], list) else within(spec, "domain")[1]
    assert low < -5.0 and high > 15.0
    picture = svg(spec)
    assert all(word in picture for word in ("Altstadt", "Berg", "12,5", "−3,0", "Stadt"))
    assert "Stadt" not in svg(charts.ranking(BARS[:1], None, "Stadt", "%", "de")).replace("Altstadt", "")


def test_lines_show_series_band_and_marks_and_give_the_city_ink():
    spec = charts.lines(LINES, BAND, MARKS, "%", "de", order=["Stadt", "Altstadt"])
    scale = next(s for s in within(spec, "scale") if "range" in s)
    assert dict(zip(scale["domain"], scale["range"], strict=True))["Stadt"] == INK
    picture = svg(spec)
    assert "Bruch" in picture and "Altstadt" in picture


def test_numbers_on_axes_speak_the_readers_language():
    rows = [{"low": 0.0, "high": 2500.0, "count": 1500, "colour": "#111111", "text": "0 – 2500"}]
    german, english = (svg(charts.histogram(rows, [1250.0], "€", tongue)) for tongue in ("de", "en"))
    assert "1\u202f000" in german and "1,000" in english


def test_small_multiples_are_one_chart_per_area():
    rows = [{"name": n, "period": f"{y}-01-01", "value": y - 2000.0, "city": 20.0, "text": "", "when": str(y), "chosen": n == "B"}
            for n in ("A", "B", "C") for y in (2023, 2024)]  # fmt: skip
    spec = charts.multiples(rows, "%", "en", columns=2)
    assert spec["columns"] == 2 and "autosize" not in spec
    assert svg(spec).count(">B<") == 1


def test_a_map_picture_hatches_what_is_suppressed_and_counts_in_its_legend():
    def square(code: str, west: int) -> dict[str, Any]:
        ring = [[west, 50], [west, 51], [west + 1, 51], [west + 1, 50], [west, 50]]
        return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    shapes = json.dumps({"type": "FeatureCollection", "features": [square("a", 8), square("b", 9)]}).encode()
    rows = pl.DataFrame({"area": ["a", "b"], "value": [1.0, None], "status": ["normal", "suppressed"]})
    drawn = scene(rows, ("a", "b"), rows["value"], Scheme("equal", 3), "neutral", str, "de")
    spec = charts.map_picture(shapes, shapes, drawn, {"suppressed": "geheim gehalten"}, "de")
    lines = spec["hconcat"][0]["layer"][1]["data"]["values"]
    assert [f["properties"]["code"] for f in lines] == ["b"]
    assert "geheim gehalten  (1)" in [row["label"] for row in spec["hconcat"][1]["data"]["values"]]
    assert "geheim gehalten" in svg(spec)


def test_what_leaves_the_screen_bears_title_subtitle_and_source():
    spec = charts.titled(charts.ranking(BARS, 4.0, "Stadt", "%", "de"), "Befund", "Was gemessen ist", "Quelle: Amt")
    assert spec["background"] == "white"
    picture = svg(spec)
    assert all(words in picture for words in ("Befund", "Was gemessen ist", "Quelle: Amt", "Altstadt"))
    assert files.png(spec).startswith(b"\x89PNG")


@given(st.lists(st.floats(-1e3, 1e3), max_size=8), st.floats(0.1, 50))
def test_labels_keep_apart_and_in_order(ends, gap):
    places = charts.apart(ends, gap)
    assert len(places) == len(ends)
    order = sorted(range(len(ends)), key=lambda i: ends[i])
    assert all(places[low] <= places[high] + 1e-6 for low, high in pairwise(order))
    if len(ends) == 2:
        assert abs(places[0] - places[1]) >= min(gap, 2000) - 1e-6


def test_labels_that_are_apart_stay_where_they_are():
    assert charts.apart([1.0, 9.0, 5.0], 2.0) == [1.0, 9.0, 5.0]
    assert charts.apart([], 1.0) == []


KINDS = ("normal", "provisional", "zero", "suppressed", "missing", "not_applicable")
WORDS = {kind: kind.upper() for kind in charts_sources.COLOURS}


def grid(kinds: tuple[str, ...] = KINDS) -> dict[str, Any]:
    rows = [{"area": f"Ort {n}", "period": "2024-01-01", "when": "2024", "kind": kind} for n, kind in enumerate(kinds)]
    return charts_sources.coverage(rows, {"2024-01-01": "2024"}, [r["area"] for r in rows], WORDS, "de")


def test_the_kinds_of_empty_differ_by_mark_and_not_only_by_colour():
    empty = KINDS[2:]
    assert len({charts_sources.MARKS[kind] for kind in empty}) == len(empty) and all(charts_sources.MARKS[k] for k in empty)
    assert set(charts_sources.MARKS) == set(charts_sources.COLOURS)
    picture = svg(grid())
    assert all(f">{charts_sources.MARKS[kind]}<" in picture for kind in KINDS[1:])
    assert "Ort 5" in picture and ">2024<" in picture


def test_a_grid_says_in_words_what_each_cell_is():
    rows = grid()["data"]["values"]
    assert [row["word"] for row in rows] == [kind.upper() for kind in KINDS]
    assert grid()["height"] == charts_sources.ROW_HEIGHT * len(KINDS)


def test_the_legend_lists_the_kinds_that_occur_with_their_number():
    made = charts_sources.coverage_legend({"suppressed": 3, "normal": 7}, WORDS | {"normal": "<b>"})
    assert "SUPPRESSED" in made and ">3<" in made and "■" in made and "MISSING" not in made
    assert "<b>" not in made and "&lt;b&gt;" in made


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_spec_names_its_schema_and_fits_its_column(language):
    spec = charts.lines(LINES, BAND, [], "", language)
    assert spec["$schema"].endswith("/v6.json") and spec["autosize"]["type"] == "fit-x"
    json.dumps(spec)
