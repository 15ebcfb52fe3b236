"""The ageing page: answer, levers, pictures, reasons and needs in both languages, and the state in the address."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from model.demography.levers import LEVERS
from model.demography.measures import MEASURES
from model.demography.needs import NEEDS
from model.demography.planner import Planner
from model.profile.numbers import format_value
from pages.parts import ageing_projects, cache
from pages.parts.text import catalogue as texts

ROOT = Path(__file__).resolve().parents[2]
NORTH = "dwellings[02,2027-2030]=300"


@pytest.fixture(scope="module")
def planner() -> Planner:
    """Return the door to the default package's projections."""
    found = cache.planner(cache.reader().release, "public")
    assert found is not None
    return found


def open_page(**parameters: Any) -> AppTest:
    """Return the page as it stands after its first run with these parameters."""
    page = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=120)
    page.switch_page("ageing.py")
    for name, value in {"lang": "de", **parameters}.items():
        page.query_params[name] = value
    return page.run()


def plain(text: str) -> str:
    """Return words without the escapes of Markdown."""
    return text.replace("\\", "")


def title(page: AppTest) -> str:
    """Return the answer."""
    return plain(page.header[0].value)


def said(page: AppTest) -> str:
    """Return everything written on the page in one text."""
    parts = (*page.markdown, *page.caption, *page.info, *page.subheader)
    return plain(" ".join(part.value for part in parts))


def charts(page: AppTest) -> list[dict[str, Any]]:
    """Return every chart: its words, specification and rows."""
    found = []
    for element in page.get("vega_lite_chart"):
        sent = element.proto
        rows = pl.read_ipc_stream(sent.data.data).to_dicts() if sent.data.data else []
        found.append({"alt": sent.alt, "spec": json.loads(sent.spec), "rows": rows})
    return found


def lever(page: AppTest, name: str) -> Any:
    """Return a lever by its parameter."""
    return next(s for s in page.select_slider if s.key == name)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("measure", ["aged_80_plus", "share_65_plus", "old_age_dependency", "median_age"])
def test_the_title_is_the_answer(planner: Planner, language: str, measure: str) -> None:
    page = open_page(lang=language, a_measure=measure)
    assert not page.exception and not page.error
    asked = MEASURES[measure]
    value = planner.baseline.values(asked)[-1, planner.where.position(planner.city)]
    assert title(page).startswith(asked.title.of(language))
    assert format_value(float(value), asked.decimals, language) in title(page)
    assert ("in 8 von 10 Fällen" if language == "de" else "8 times in 10") in title(page)
    assert ("Quelle: " if language == "de" else "Source: ") in said(page)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("tab", ["change", "needs", "table", "sure"])
def test_every_tab_opens_in_both_languages(language: str, tab: str) -> None:
    names = texts(language)
    page = open_page(lang=language, a_arrivals="115", a_part=tab)
    assert not page.exception and not page.error
    expected = {"change": "why_key", "needs": "need_key", "table": "column_grade", "sure": "past_title"}[tab]
    tables = " ".join(c for frame in page.dataframe for c in frame.value.columns)
    assert names[f"ageing.{expected}"] in said(page) + tables


def test_three_hundred_flats_in_the_north(planner: Planner) -> None:
    page = open_page(a_place="02", a_project=NORTH)
    plan = cache.plan(cache.reader().release, (NORTH,), "public")
    at = planner.where.position("02")
    old = MEASURES["aged_80_plus"]
    assert f"in Nord: {format_value(float(plan.values(old)[-1, at]), 0, 'de')}" in title(page)
    assert "Die Annahmen machen +" in said(page) and "Warum: Älterwerden +" in said(page) and "neue Wohnungen +" in said(page)
    assert "Szenario: Annahme, keine Schätzung" in said(page)
    assert any("300 Wohnungen in Nord (2027–2030)" in plain(e.label) for e in page.expander)


def test_the_waterfall_adds_up_exactly() -> None:
    page = open_page(a_place="02", a_project=NORTH)
    bars = next(c for c in charts(page) if {"low", "high", "kind"} <= set(c["rows"][0]) and "sex" not in c["rows"][0])["rows"]
    level = bars[0]["high"]
    for bar in bars[1:-1]:
        level += (bar["high"] - bar["low"]) * (1 if bar["kind"] == "rise" else -1)
    assert level == bars[-1]["high"]


def test_a_lever_changes_the_answer_and_the_address_and_trend_takes_it_back() -> None:
    page = open_page()
    trend = title(page)
    lever(page, "a_arrivals").set_value("150")
    page.run()
    assert title(page) != trend
    assert page.query_params["a_arrivals"] in ("150", ["150"])
    next(b for b in page.button if b.key == "ageing_preset_trend").click()
    page.run()
    assert title(page) == trend
    assert "a_arrivals" not in page.query_params


def test_a_preset_moves_several_levers_and_is_marked() -> None:
    page = open_page(lang="en")
    next(b for b in page.button if b.key == "ageing_preset_no_migration").click()
    page.run()
    assert lever(page, "a_arrivals").value == "0" and lever(page, "a_departures").value == "0"
    next(b for b in page.button if b.key == "ageing_preset_north").click()
    page.run()
    assert lever(page, "a_arrivals").value == "100"
    assert page.query_params["a_project"] in (NORTH, [NORTH])
    assert "new dwellings +" in said(page)


def test_another_kind_of_resident_brings_its_usual_number() -> None:
    page = open_page(a_project=NORTH)
    next(s for s in page.selectbox if s.key == "a_move_in").select("families")
    page.run()
    assert lever(page, "a_occupancy").value == "3.0"
    assert "move_in=families" in said(page) and "occupancy=" not in said(page)


def test_each_lever_says_bounds_source_and_that_it_is_an_assumption() -> None:
    page = open_page()
    for id in ("tfr", "life_expectancy_f", "life_expectancy_m", "arrivals", "departures"):
        words = plain(lever(page, f"a_{id}").help)
        assert "Annahme, keine Schätzung" in words and LEVERS[id].source.de in words
        assert len(lever(page, f"a_{id}").options) > 20


def test_the_pyramid_has_single_years_for_the_city_and_groups_for_areas() -> None:
    def ages(**parameters: Any) -> set[int]:
        bars = next(c for c in charts(open_page(**parameters)) if "sex" in c["rows"][0])["rows"]
        return {bar["low"] for bar in bars}

    assert ages() == set(range(101))
    assert ages(a_place="0203") == set(range(0, 101, 5))


def test_a_small_area_is_rounded_and_graded(planner: Planner) -> None:
    page = open_page(a_place="0203", lang="en")
    assert planner.grades["0203"].title.en in said(page)
    people = next(c for c in charts(page) if "sex" in c["rows"][0])["rows"]
    assert all(bar["people"] is None or bar["people"] % 5 == 0 for bar in people)


def test_the_course_shows_what_was_counted_the_trend_and_the_scenario() -> None:
    rows = next(c for c in charts(open_page(a_tfr="1.80")) if any(r.get("role") for r in c["rows"]))["rows"]
    by_role = {role: [r["when"] for r in rows if r["role"] == role] for role in ("observed", "baseline", "projected")}
    assert by_role["observed"][-1] == by_role["projected"][0] == "2025"
    assert by_role["baseline"] == by_role["projected"] and by_role["projected"][-1] == "2040"
    alone = next(c for c in charts(open_page()) if any(r.get("role") for r in c["rows"]))["rows"]
    assert {r["role"] for r in alone} == {"observed", "projected"}


def test_the_map_of_differences_needs_a_difference() -> None:
    assert texts("de")["ageing.no_difference"] in said(open_page(a_map="difference"))
    changed = open_page(a_map="difference", a_project=NORTH)
    deck = json.loads(changed.get("deck_gl_json_chart")[0].proto.json)
    labels = next(layer for layer in deck["layers"] if layer["id"] == "labels")["data"]
    assert {label["name"] for label in labels} > {"±0"} and any(label["name"].startswith("+") for label in labels)
    fill = next(layer for layer in deck["layers"] if layer["id"] == "fill")
    assert isinstance(fill["data"], str) and len(changed.get("deck_gl_json_chart")[0].proto.json) < 12_000


def test_needs_are_held_against_the_places_there_are(planner: Planner) -> None:
    page = open_page(a_part="needs")
    table = next(f.value for f in page.dataframe if "Plätze fehlen ab" in f.value.columns)
    assert list(table["Bedarf"]) == [need.title.de for need in NEEDS.values()]
    places = planner.capacity("care_homes")
    assert places is not None
    own = format_value(float(places[-1, planner.where.position(planner.city)]), 0, "de")
    assert table["Plätze"][1] == own
    assert own in page.subheader[0].value


def test_an_edited_factor_scales_the_need() -> None:
    def wanted(**parameters: Any) -> str:
        page = open_page(a_part="needs", a_need="primary_school", **parameters)
        return next(f.value for f in page.dataframe if "Plätze fehlen ab" in f.value.columns)["2040"][4]

    usual, halved = (float(text.replace("\u202f", "")) for text in (wanted(), wanted(a_factor="primary_school:6-9:_T=0.5")))
    assert halved == pytest.approx(usual / 2, abs=1)


def test_a_link_keeps_what_is_not_drawn_yet() -> None:
    page = open_page(a_need="care", a_factor="care:90-100:F=0.5", a_project=NORTH)
    assert page.query_params["a_need"] in ("care", ["care"])
    next(b for b in page.get("button_group") if "Was gebraucht wird" in str(b.options)).set_value("needs")
    page.run()
    assert next(s for s in page.selectbox if s.key == "a_need").value == "care"
    assert page.query_params["a_factor"] in ("care:90-100:F=0.5", ["care:90-100:F=0.5"])


def test_the_range_of_the_difference_is_given_when_asked_for() -> None:
    asked = open_page(a_project=NORTH, a_place="02", a_sure="1", lang="en")
    assert "the scenario makes +" in said(asked)
    assert "the scenario makes +" not in said(open_page(a_project=NORTH, a_place="02", lang="en"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("a_measure", "nothing"), ("a_place", "99"), ("a_tfr", "9"), ("a_year", "1999"), ("a_project", "dwellings[99,2030]=5")],
)
def test_what_the_address_cannot_mean_falls_back_with_a_note(name: str, value: str) -> None:
    page = open_page(**{name: value})
    assert not page.exception and not page.error
    assert value in said(page) and "Voreinstellung" in said(page)
    assert title(page) == title(open_page())


@pytest.mark.parametrize(("language", "words"), [("de", "[demography]"), ("en", "There is no population projection")])
def test_a_package_that_cannot_be_projected_says_so(language: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "planner", lambda release, role: None)
    page = open_page(lang=language)
    assert not page.exception
    assert words in title(page) + said(page)
    assert not page.get("vega_lite_chart")


def test_every_text_has_both_languages() -> None:
    own = [{k: v for k, v in texts(tongue).items() if k.startswith("ageing.")} for tongue in ("de", "en")]
    assert own[0].keys() == own[1].keys() and all(words.strip() for part in own for words in part.values())


@pytest.mark.parametrize(
    ("row", "setting"),
    [
        (("Wohnungen", "Nord", 2027.0, 2030.0, 300.0), NORTH),
        (("Wohnungen", "Nord", 2027, None, 30), "dwellings[02,2027]=30"),
        (("Heimplätze", "Nord", 2029.0, float("nan"), -20.0), "care_places[02,2029]=-20"),
        (("Wohnungen", "Nord", None, 2030.0, 300.0), ""),
        (("Wohnungen", None, 2027.0, 2030.0, 300.0), ""),
        (("Wohnungen", "Nord", 2027.0, 2030.0, float("nan")), ""),
    ],
)
def test_a_row_counts_once_it_is_complete(row: tuple[Any, ...], setting: str) -> None:
    columns = ("kind", "place", "first", "last", "number")
    assert ageing_projects._setting(dict(zip(columns, row, strict=True)), {"02": "Nord"}) == setting
