"""The comparison page: every view says a finding, in both languages, about the numbers behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from model.disclosure import Reader
from pages.parts import cache
from pages.parts.compare_choices import VIEWS
from pages.parts.text import catalogue as texts

ROOT = Path(__file__).resolve().parents[2]
POPULATION, RATE = "residents", "overindebtedness_rate"


@pytest.fixture(scope="module")
def door() -> Reader:
    """Return the public's door to the default package."""
    return cache.reader()


@pytest.fixture(scope="module")
def quarters(door: Reader) -> list[str]:
    """Return the codes of the finest unit's areas."""
    return [area.code for area in door.catalogue.areas_of(door.catalogue.finest.id)]


def open_page(**parameters: Any) -> AppTest:
    """Return the page as it stands after its first run with these parameters."""
    page = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=60)
    page.switch_page("compare.py")
    for name, value in {"lang": "de", **parameters}.items():
        page.query_params[name] = value
    return page.run()


def plain(text: str) -> str:
    """Return words without the escapes of Markdown."""
    return text.replace("\\", "")


def title(page: AppTest) -> str:
    """Return the finding."""
    return plain(page.header[0].value)


def chart(page: AppTest) -> dict[str, Any]:
    """Return the specification of the page's chart."""
    found: dict[str, Any] = json.loads(page.get("vega_lite_chart")[0].proto.spec)
    return found


def drawn(page: AppTest) -> list[dict[str, Any]]:
    """Return all rows of data inside the chart."""

    def rows(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, dict):
            own = node.get("values", []) if "values" in node and isinstance(node["values"], list) else []
            own = [row for row in own if isinstance(row, dict)]
            return own + [row for child in node.values() for row in rows(child)]
        return [row for child in node for row in rows(child)] if isinstance(node, list) else []

    sent = page.get("vega_lite_chart")[0].proto
    own = pl.read_ipc_stream(sent.data.data).to_dicts() if sent.data.data else []  # Streamlit sends the chart's rows as Arrow
    found = rows(chart(page)) + own
    assert found
    return found


def captions(page: AppTest) -> str:
    """Return all small print in one text."""
    return plain(" ".join(c.value for c in page.caption))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_says_a_finding_and_its_source(view: str, language: str) -> None:
    page = open_page(c_view=view, lang=language)
    assert not page.exception
    assert not page.error
    assert len(title(page)) > 20
    assert ("Quelle: " if language == "de" else "Source: ") in captions(page)
    assert len(page.get("vega_lite_chart")) == (0 if view == "table" else 1)


@pytest.mark.parametrize("view", [v for v in VIEWS if v != "table"])
def test_the_text_alternative_is_the_finding(view: str) -> None:
    page = open_page(c_view=view)
    assert page.get("vega_lite_chart")[0].proto.alt.startswith(title(page))


def test_the_ranking_names_the_highest_and_lowest_area(door: Reader, quarters: list[str]) -> None:
    rows = cache.unit_values(door.release, RATE, door.catalogue.finest.id, door.role)
    last = rows.filter(pl.col("period") == rows["period"].max()).sort("value")
    page = open_page(indicator=RATE)
    names = [door.catalogue.area(code).name for code in (last["area"][-1], last["area"][0])]
    assert title(page).index(names[0]) < title(page).index(names[1])
    assert f"alle {len(quarters)} Stadtteile, weil keine ausgewählt sind" in captions(page)


def test_two_areas_are_told_apart_from_chance(door: Reader) -> None:
    ranked = cache.unit_values(door.release, RATE, door.catalogue.finest.id, door.role)
    last = ranked.filter(pl.col("period") == ranked["period"].max()).sort("value")["area"].to_list()
    far = open_page(indicator=RATE, area=[last[0], last[-1]])
    assert "der Unterschied ist größer als der Zufall" in title(far)
    same_size = open_page(indicator=RATE, area=[last[13], last[14]], lang="en")
    assert "the difference is within chance" in title(same_size)


def test_several_areas_say_how_many_differences_are_within_chance(quarters: list[str]) -> None:
    page = open_page(indicator=RATE, area=quarters[3:9])
    said = plain(page.markdown[1].value)
    assert "von 15 Unterschieden innerhalb der Auswahl liegen im Zufallsbereich" in said
    assert "6 ausgewählte Stadtteile" in captions(page)


def test_the_range_of_chance_is_shown_on_demand_and_holds_the_value() -> None:
    assert all(row["low"] is None for row in drawn(open_page(indicator=RATE)) if "low" in row)
    bars = [row for row in drawn(open_page(indicator=RATE, c_intervals="1")) if row.get("low") is not None]
    assert len(bars) == 28
    assert all(row["low"] < row["value"] < row["high"] for row in bars)
    assert any("–" in row["label"] for row in bars)


def test_an_indicator_without_counts_has_no_range_of_chance_and_says_so() -> None:
    page = open_page(indicator="mean_age", c_intervals="1")
    assert "lässt sich kein Zufallsbereich angeben" in captions(page)
    assert all(row["low"] is None for row in drawn(page) if "low" in row)


def test_a_suppressed_value_is_called_so_and_has_no_bar(door: Reader) -> None:
    rows = cache.unit_values(door.release, "insolvencies", door.catalogue.finest.id, door.role)
    hidden = rows.filter((pl.col("period") == rows["period"].max()) & (pl.col("status") == "suppressed"))
    assert hidden.height
    bars = {row["code"]: row for row in drawn(open_page(indicator="insolvencies")) if "code" in row}
    for code in hidden["area"]:
        assert bars[code]["value"] is None
        assert bars[code]["text"] == "geheim gehalten"


def test_small_multiples_share_one_scale_and_mark_empty_periods() -> None:
    page = open_page(c_view="multiples", indicator="insolvencies")
    layers = chart(page)["spec"]["layer"]
    low, high = layers[1]["encoding"]["y"]["scale"]["domain"]
    cells = [row for row in drawn(page) if "dot" in row]
    assert len({row["name"] for row in cells}) == 28
    assert all(low <= row["value"] <= high for row in cells if row["value"] is not None)
    assert {row["status"] for row in cells if row["value"] is None} == {"suppressed"}


def test_an_index_is_100_in_its_base_period_and_stops_at_a_level_break(quarters: list[str]) -> None:
    page = open_page(c_view="lines", c_scale="index", c_base="2010", indicator=RATE, area=quarters[:3])
    lines = [row for row in drawn(page) if row.get("role") in ("area", "city")]
    assert {round(row["value"], 6) for row in lines if row["period"] == "2010-01-01"} == {100.0}
    assert all(row["value"] is None for row in lines if row["period"] >= "2023-01-01")
    assert "von 2010 bis 2022" in title(page)


def test_the_scatter_gives_r_with_its_interval_and_sizes_dots_by_residents(door: Reader) -> None:
    page = open_page(c_view="scatter", indicator=RATE, c_second="unemployment_rate")
    assert "r = 0,9" in plain(page.markdown[1].value)
    assert "ein starker Zusammenhang" in title(page)
    people = cache.unit_values(door.release, POPULATION, door.catalogue.finest.id, door.role)
    sizes = dict(people.filter(pl.col("period") == people["period"].max()).select("area", "value").iter_rows())
    dots = [row for row in drawn(page) if "text_size" in row]
    assert {row["code"]: row["size"] for row in dots} == sizes


def test_the_spine_puts_the_city_in_the_middle_and_good_to_the_right(quarters: list[str]) -> None:
    page = open_page(c_view="spine", topic="social", area=quarters[9])
    points = {row["label"]: row["at"] for row in drawn(page) if "at" in row and "area" in row}
    spans = [row for row in drawn(page) if "upper" in row]
    assert all(row["low"] <= row["lower"] <= row["median"] <= row["upper"] <= row["high"] for row in spans)
    # Kreuzheide has the highest child poverty; high is bad, so it stands at the left end.
    assert points["Kinderarmut"] == pytest.approx(min(row["low"] for row in spans if row["label"] == "Kinderarmut"))


def test_a_radar_needs_three_indicators() -> None:
    page = open_page(c_view="radar", topic="debt")
    assert title(page) == "Ein Netz braucht mindestens drei Indikatoren"
    assert not page.get("vega_lite_chart")


def test_inequality_offers_dissimilarity_for_shares_only() -> None:
    share = open_page(c_view="inequality", indicator="child_poverty", c_measure="dissimilarity")
    values = [row["value"] for row in drawn(share) if row.get("series") == "Segregationsindex"]
    assert len(values) == 21
    assert all(0 < value < 1 for value in values)
    rate = open_page(c_view="inequality", indicator="rent_sqm", c_measure="dissimilarity")
    assert "c_measure=dissimilarity" in plain(rate.info[0].value)


def test_the_table_filters_by_name_and_parent(door: Reader, quarters: list[str]) -> None:
    parent = door.catalogue.area(quarters[0]).parent
    inside = [code for code in quarters if door.catalogue.area(code).parent == parent]
    page = open_page(c_view="table", c_parent=parent)
    assert len(page.dataframe[0].value) == len(inside)
    page = open_page(c_view="table", c_search="stadt")
    assert len(page.dataframe[0].value) == sum("stadt" in door.catalogue.area(c).name.casefold() for c in quarters)


def test_the_table_behind_a_chart_opens_with_the_same_areas() -> None:
    page = open_page(indicator=RATE)
    assert not page.dataframe
    page.session_state["c_ranking_table"] = True
    page.run()
    assert len(page.dataframe[0].value) == 28


def test_an_unknown_value_in_the_address_falls_back_with_a_note() -> None:
    page = open_page(c_view="pie")
    assert "c_view=pie" in plain(page.info[0].value)
    assert "Platz 1" in title(page)


def test_texts_are_complete_and_used() -> None:
    own = {key for key in texts("de") if key.startswith("compare.")}
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pages" / "parts").glob("compare_*.py"))
    made = (
        "view_",
        "grade_",
        "order_",
        "scale_",
        "measure_",
        "ranges_",
        "col_",
        "spread_",
        "side_",
        "box_",
        "inequality_",
        "moves_",
    )
    unused = [key for key in own if f'"{key}"' not in code and f"'{key}'" not in code and not key[8:].startswith(made)]
    assert [key for key in unused if not key.endswith("_note")] == []
    assert all(texts("en")[key] and texts("de")[key] for key in own)


def test_the_page_is_a_contents_list() -> None:
    assert len((ROOT / "pages" / "compare.py").read_text(encoding="utf-8").splitlines()) <= 120
