"""The map page without a browser: findings, notes, views, filters, both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from model.profile.numbers import format_indicator
from pages.parts import cache

ROOT = Path(__file__).resolve().parents[2]


def open_page(**parameters: Any) -> AppTest:
    """Return the page as it stands after its first run with these parameters."""
    page = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=60)
    page.switch_page("explore.py")
    for name, value in {"lang": "de", **parameters}.items():
        page.query_params[name] = value
    return page.run()


def title(page: AppTest) -> str:
    """Return the finding."""
    return str(page.header[0].value).replace("\\", "")


def values(indicator: str, period: int, unit: str = "stadtteil") -> pl.DataFrame:
    """Return what the map shows, from the door itself."""
    door = cache.reader()
    rows = cache.unit_values(door.release, indicator, unit, door.role)
    return rows.filter(pl.col("period").dt.year() == period)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_title_says_where_the_value_is_highest(musterstadt: Path, language: str) -> None:
    page = open_page(indicator="unemployment_rate", period="2020", lang=language)
    highest = values("unemployment_rate", 2020).sort("value", descending=True).row(0, named=True)
    door = cache.reader()
    assert door.catalogue.areas[highest["area"]].name in title(page)
    assert format_indicator(highest["value"], door.catalogue.indicator("unemployment_rate"), language) in title(page)
    assert not page.exception


@pytest.mark.parametrize("view", ["values", "change", "two", "threshold"])
@pytest.mark.parametrize("method", ["default", "quantile", "equal", "jenks", "stddev", "pretty"])
def test_every_view_and_classification_draws(musterstadt: Path, view: str, method: str) -> None:
    page = open_page(view=view, method=method, indicator="rent_burden", zero="1", outliers="1", labels="1")
    assert not page.exception
    assert not page.error
    assert len(page.get("deck_gl_json_chart")) == (2 if view == "two" else 1)


def test_the_change_is_last_minus_first(musterstadt: Path) -> None:
    page = open_page(view="change", indicator="residents", period="2025", **{"from": "2015"})
    before, after = (values("residents", year).select("area", "value") for year in (2015, 2025))
    moved = after.join(before, on="area", suffix="_before").with_columns(change=pl.col("value") - pl.col("value_before"))
    most = moved.sort("change", descending=True).row(0, named=True)
    assert cache.reader().catalogue.areas[most["area"]].name in title(page)


def test_a_threshold_counts_as_map_and_legend_do(musterstadt: Path) -> None:
    page = open_page(view="threshold", threshold="own", threshold_value="8", indicator="unemployment_rate")
    above = values("unemployment_rate", 2025).filter(pl.col("value").round(1) >= 8.0).height
    assert f"{above} von 28" in title(page)


def test_a_filter_stays_visible_and_takes_areas_out(musterstadt: Path) -> None:
    page = open_page(indicator="residents", smallest="9000")
    shown = values("residents", 2025).filter(pl.col("value") >= 9000)
    assert any("9\u202f000" in m.value for m in page.markdown)
    assert format_indicator(shown["value"].max(), cache.reader().catalogue.indicator("residents"), "de") in title(page)
    page.button(key="clear_filter").click().run()
    assert not any("9\u202f000" in m.value for m in page.markdown if "badge" in m.value)


def test_wrong_parameters_fall_back_with_a_note(musterstadt: Path) -> None:
    page = open_page(indicator="nonsense", period="9999", classes="42", area="zzz")
    assert len(page.info) >= 4
    assert not page.exception
    assert "Überschuldungsquote" in title(page)


def test_hand_typed_breaks_that_are_none_are_refused_in_words(musterstadt: Path) -> None:
    page = open_page(method="manual", breaks="a;b")
    assert any("Semikolon" in e.value for e in page.error)
    assert not page.exception


def test_hand_typed_breaks_make_the_classes(musterstadt: Path) -> None:
    page = open_page(method="manual", breaks="5; 7,5; 10")
    legend = "".join(str(h.proto.body) for h in page.get("html"))
    assert "7,50 bis unter 10,00" in legend


@pytest.mark.parametrize("role", ["public", "viewer", "steward"])
def test_a_role_finds_only_its_indicators(musterstadt: Path, monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    monkeypatch.setattr("pages.parts.frame.role", lambda: role)
    page = open_page(indicator="trade_tax")
    offered = page.selectbox(key="indicator").options
    seen = {"public": (False, False), "viewer": (True, False), "steward": (True, True)}[role]
    catalogue = cache.reader("admin").catalogue.indicators
    assert (catalogue["loneliness_index"].title.de in offered, catalogue["trade_tax"].title.de in offered) == seen
    assert ("nonsense" not in title(page)) and bool(page.info) == (not seen[1])
    assert not page.exception


@pytest.mark.parametrize("name", ["overview", "explore", "compare", "area", "forecast", "ageing", "sources"])
@pytest.mark.parametrize("role", ["public", "steward"])
def test_every_page_runs_for_every_kind_of_reader(
    musterstadt: Path, monkeypatch: pytest.MonkeyPatch, name: str, role: str
) -> None:
    monkeypatch.setattr("pages.parts.frame.role", lambda: role)
    page = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=90)
    page.switch_page(f"{name}.py")
    page.query_params["lang"] = "en"
    page.run()
    assert not page.exception
    assert page.header
