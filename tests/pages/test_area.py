"""The page of one area: figures, ages, courses and twins, in both languages, against numbers counted here."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from model.disclosure import Reader
from model.profile.numbers import format_percent, format_value
from pages.parts import area_ages, cache
from pages.parts.area_views import VIEWS

ROOT = Path(__file__).resolve().parents[2]
RATE, LAST = "overindebtedness_rate", date(2025, 1, 1)


@pytest.fixture(scope="module")
def door() -> Reader:
    """Return the public's door to the default package."""
    return cache.reader()


@pytest.fixture(scope="module")
def place(door: Reader) -> str:
    """Return the code of a quarter with many residents, for which every figure is there."""
    rows = cache.unit_values(door.release, "residents", door.catalogue.finest.id, door.role)
    return str(rows.filter(pl.col("period") == LAST).sort("value")["area"][-1])


def open_page(**parameters: Any) -> AppTest:
    """Return the page as it stands after its first run with these parameters."""
    page = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=60)
    page.switch_page("area.py")
    for name, value in {"lang": "de", **parameters}.items():
        page.query_params[name] = value
    return page.run()


def plain(text: str) -> str:
    """Return words without the escapes of Markdown."""
    return text.replace("\\", "")


def cards(page: AppTest) -> list[str]:
    """Return the words of every card."""
    bodies = [str(found.proto.body) for found in page.get("html") if "<h3" in str(found.proto.body)]
    return [re.sub("[ \n]+", " ", re.sub(r"<[^>]+>", " ", re.sub("</?span[^>]*>", "", body))).strip() for body in bodies]


def links(page: AppTest) -> list[tuple[str, str, str]]:
    """Return label, page and query of every link."""
    return [(plain(link.proto.label), link.proto.page, link.proto.query_string) for link in page.get("page_link")]


def captions(page: AppTest) -> str:
    """Return all small print in one text."""
    return plain(" ".join(c.value for c in page.caption))


def value(door: Reader, indicator: str, area: str, period: date = LAST) -> float:
    """Return one total straight from the table."""
    rows = door.table(indicator).filter(pl.col("area") == area, pl.col("period") == period)
    return float(rows.filter(pl.col("sex") == "_T", pl.col("age") == "_T")["value"].item())


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_has_a_head_a_source_and_no_error(view: str, language: str, place: str) -> None:
    page = open_page(a_view=view, place=place, lang=language)
    assert not page.exception
    assert not page.error
    assert ("als Musterstadt insgesamt" if language == "de" else "Musterstadt as a whole") in plain(page.header[0].value)
    assert ("Quelle: " if language == "de" else "Source: ") in captions(page)


def test_the_page_is_a_contents_list() -> None:
    assert len((ROOT / "pages" / "area.py").read_text().splitlines()) <= 120


def test_a_card_says_value_city_rank_change_and_a_sentence(door: Reader, place: str) -> None:
    card = next(c for c in cards(open_page(place=place)) if c.startswith("Überschuldungsquote"))
    own, city = value(door, RATE, place), value(door, RATE, door.catalogue.top.code)
    assert format_percent(own, 2, "de") in card
    assert f"Musterstadt: {format_percent(city, 2, 'de')}" in card
    assert re.search(r"Rang \d+(–\d+)? von 28", card)
    step = own - value(door, RATE, place, date(2024, 1, 1))
    assert ("▲" if round(step, 2) > 0 else "▼") in card
    assert "gegenüber 2024" in card
    word = "höher" if own > city else "niedriger"
    assert f"{word} " in card
    assert "als der Zufall" in card or "im Zufallsbereich" in card


def test_headline_figures_come_first_and_a_topic_shows_its_own(door: Reader, place: str) -> None:
    headline = [i.title.de for i in door.catalogue.indicators.values() if i.headline]
    shown = cards(open_page(place=place))
    assert [t for t, c in zip(headline, shown, strict=True) if c.startswith(t)] == headline
    debt = cards(open_page(place=place, topic="debt"))
    assert debt[0].startswith("Überschuldungsquote")
    assert all(not c.startswith("Kinderarmut") for c in debt)


def test_a_suppressed_figure_is_called_so_and_is_not_zero(door: Reader) -> None:
    rows = cache.unit_values(door.release, "insolvencies", door.catalogue.finest.id, door.role)
    hidden = rows.filter((pl.col("period") == LAST) & (pl.col("status") == "suppressed"))["area"][0]
    topic = door.catalogue.indicator("insolvencies").topic
    title = door.catalogue.indicator("insolvencies").title.de
    card = next(c for c in cards(open_page(place=hidden, topic=topic)) if c.startswith(title))
    assert "geheim gehalten" in card
    assert "Das heißt nicht null." in card


def test_the_table_lists_every_figure(door: Reader, place: str) -> None:
    page = open_page(place=place)
    page.session_state["a_all_figures"] = True
    page.run()
    assert not page.exception
    unit = door.catalogue.finest.id
    there = [i for i in door.catalogue.indicators if cache.has_values(door.release, i, unit, door.role)]
    table = page.dataframe[0].value
    assert len(table) == len(there)
    assert any("größer als der Zufall" in words for words in table["said"])


def test_the_pyramid_adds_up_and_its_finding_is_right(door: Reader, place: str) -> None:
    page = open_page(place=place, a_view="ages")
    share = format_percent(value(door, "share_65plus", place), 1, "de")
    assert plain(page.subheader[0].value).startswith(f"{share} der Menschen")
    rows = area_ages.people(place, ("residents", 100))
    own = area_ages.pyramid(rows, LAST, area_ages.groups_up_to(100), None)
    assert sum(s for s in own.shares.values() if s is not None) == pytest.approx(100)
    ages = [f"Y{n}" for n in range(20, 25)]
    here = (pl.col("area") == place) & (pl.col("period") == LAST) & (pl.col("sex") == "F")
    women = door.table("residents").filter(here, pl.col("age").is_in(ages))["value"]
    assert women.null_count() == 0
    assert own.groups.filter(pl.col("sex") == "F", pl.col("age") == "Y20T24")["value"].item() == women.sum()


def test_the_pyramid_of_an_earlier_period_is_another_one(place: str) -> None:
    now, then = open_page(place=place, a_view="ages"), open_page(place=place, a_view="ages", a_period="2010")
    assert "(2010)" in plain(then.subheader[0].value)
    assert plain(now.subheader[0].value) != plain(then.subheader[0].value)


def test_groups_end_where_the_source_ends() -> None:
    assert area_ages.groups_up_to(90)[-2:] == ("Y85T89", "Y_GE90")
    assert area_ages.groups_up_to(107)[-1] == "Y_GE95"


def test_a_group_without_a_row_is_missing_and_a_hidden_one_suppressed() -> None:
    rows = pl.DataFrame(
        [("F", "Y0T4", LAST, 30.0, "normal"), ("M", "Y0T4", LAST, None, "suppressed"), ("F", "Y_GE5", LAST, 70.0, "normal")],
        schema=["sex", "age", "period", "value", "status"],
        orient="row",
    )
    own = area_ages.pyramid(rows, LAST, ("Y0T4", "Y_GE5"), 200.0)
    assert own.shares["F", "Y0T4"] == pytest.approx(15.0)  # of everybody, not of those that are shown
    assert own.shares["M", "Y0T4"] is None
    assert own.share_between(0, 999) is None
    status = {(s, a): state for s, a, state in own.groups.select("sex", "age", "status").iter_rows()}
    assert status["M", "Y0T4"] == "suppressed"
    assert status["M", "Y_GE5"] == "missing"


def test_lines_hold_area_and_city_and_say_what_they_show(door: Reader, place: str) -> None:
    page = open_page(place=place, a_view="lines", topic="debt")
    charts = page.get("vega_lite_chart")
    first = json.loads(charts[0].proto.spec)
    rows = first["layer"][0]["data"]["values"]
    assert {row["role"] for row in rows} == {"area", "city"}
    last = next(r for r in rows if r["role"] == "area" and r["period"] == "2025-01-01")
    assert last["value"] == value(door, door.catalogue.indicator(RATE).id, place)
    assert door.catalogue.area(place).name in charts[0].proto.alt
    assert all(chart.proto.alt for chart in charts)


def test_a_count_is_not_drawn_against_the_whole_city(place: str) -> None:
    page = open_page(place=place, a_view="lines", topic="population", a_all="1")
    specs = [json.loads(c.proto.spec) for c in page.get("vega_lite_chart")]
    roles = [{row["role"] for row in spec["layer"][0]["data"]["values"]} for spec in specs]
    assert {"area"} in roles
    assert {"area", "city"} in roles


def test_twins_are_named_with_their_reasons_and_lead_to_their_pages(door: Reader, place: str) -> None:
    page = open_page(place=place, a_view="twins")
    twins = [button for button in page.button if str(button.key).startswith("a_twin_")]
    assert len(twins) == 5
    names = [plain(button.label).split(". ")[1] for button in twins]
    assert door.catalogue.area(place).name not in names
    assert "Fast gleich: " in captions(page)
    assert "Am verschiedensten: " in captions(page)
    alone = open_page(place=place, a_view="twins", a_indicators=["share_65plus"], a_size="0")
    own = value(door, "share_65plus", place)
    others = {a.code: abs(value(door, "share_65plus", a.code) - own) for a in door.catalogue.areas_of(door.catalogue.finest.id)}
    del others[place]
    alone.button(key="a_twin_1").click().run()
    nearest = str(alone.selectbox(key="place").value)
    assert others[nearest] == min(others.values())
    assert nearest in alone.query_params["place"]
    assert plain(alone.header[0].value).startswith(door.catalogue.area(nearest).name)


def test_the_city_itself_has_figures_and_ages_but_no_twins(door: Reader) -> None:
    top = door.catalogue.top.code
    page = open_page(place=top)
    assert plain(page.header[0].value) == "Musterstadt insgesamt"
    assert format_value(value(door, "residents", top), 0, "de") in cards(page)[0]
    assert all("Rang" not in card for card in cards(page))
    twins = open_page(place=top, a_view="twins")
    assert "mindestens vier Gebiete" in twins.info[0].value


def test_the_map_and_the_comparison_open_with_the_area_selected(place: str) -> None:
    found = {label: (page, query) for label, page, query in links(open_page(place=place, lang="en"))}
    assert found["Show on the map"][0].endswith("explore")
    assert f"area={place}" in found["Show on the map"][1]
    assert f"area={place}" in found["Compare with others"][1]
    assert "lang=en" in found["Compare with others"][1]


def test_an_unknown_area_falls_back_with_a_note(door: Reader) -> None:
    page = open_page(place="nowhere", a_view="cakes")
    assert not page.exception
    assert any("nowhere" in plain(info.value) for info in page.info)
    assert any("cakes" in plain(info.value) for info in page.info)
    assert cards(page)
