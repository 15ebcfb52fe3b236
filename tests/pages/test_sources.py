"""The page of sources: sheets, coverage, files, areas, events, downloads and API, in both languages and for one role."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from model.disclosure import Reader
from pages.parts import cache, downloads, server
from pages.parts.sources_data import routes
from pages.parts.text import text

ROOT = Path(__file__).resolve().parents[2]
RATE = "overindebtedness_rate"
SECTIONS = ("indicators", "files", "areas", "events", "data")


@pytest.fixture(scope="module")
def door() -> Reader:
    """Return the public's door to the default package."""
    return cache.reader()


def open_page(**parameters: Any) -> AppTest:
    """Return the page as it stands after its first run with these parameters."""
    page = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=60)
    page.switch_page("sources.py")
    for name, value in {"lang": "de", **parameters}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def html(page: AppTest) -> str:
    """Return all HTML of the page."""
    return " ".join(element.proto.body for element in page.get("html"))


def words(page: AppTest) -> str:
    """Return everything the page says in text."""
    said = [*page.markdown, *page.caption, *page.header, *page.subheader, *page.info]
    return " ".join(element.value.replace("\\", "") for element in said)


def fact(page: AppTest, label: str) -> str:
    """Return what the sheet says under a label, without tags."""
    found = re.search(rf">{re.escape(label)}</dt><dd[^>]*>(.*?)</dd>", html(page))
    assert found, label
    return re.sub(r"<[^>]+>", " ", found[1]).strip()


def test_the_page_is_a_contents_list():
    assert len((ROOT / "pages" / "sources.py").read_text().splitlines()) <= 120


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_speaks_both_languages(section, language):
    page = open_page(section=section, lang=language)
    title = page.header[0].value
    assert title and not page.error
    other = open_page(section=section, lang="en" if language == "de" else "de")
    assert other.header[0].value != title
    assert text(f"sources.section_{section}", language) in [o.content for o in page.get("button_group")[1].proto.options]


def test_a_sheet_says_what_how_whence_and_how_protected(door):
    page, indicator = open_page(indicator=RATE), door.catalogue.indicator(RATE)
    assert page.header[0].value == indicator.title.de
    assert indicator.description.de in words(page)
    sheet = html(page)
    for part in (indicator.numerator, indicator.denominator):
        assert f"indicator={part}&amp;lang=de" in sheet and door.catalogue.indicator(part).title.de in sheet
    assert "× " in sheet.replace("×</span>", "× ") and ">100<" in sheet
    assert str(door.rule(RATE).k) in fact(page, "Geheimhaltung") and "Rest" in fact(page, "Geheimhaltung")
    suppressed = door.table(RATE).filter(pl.col("status") == "suppressed").height
    assert str(suppressed) in fact(page, "Geheimhaltung")
    assert fact(page, "Deutung") == "hohe Werte sind ungünstig"
    assert "2026-06" in fact(page, "Ausgabe") and "2023" in fact(page, "Brüche in der Reihe")
    assert "CC0-1.0" in fact(page, "Lizenz und Nennung") and fact(page, "Kennung") == RATE
    assert "nie der Durchschnitt" in fact(page, "Größere Gebiete") and fact(page, "Sichtbar für") == "alle"


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_indicator_has_a_sheet(door, language):
    """Open an indicator of every kind: the page must stand for each."""
    kinds = {(i.kind, i.is_ratio, bool(i.weight), i.frequency): i.id for i in door.catalogue.indicators.values()}
    for id in kinds.values():
        page = open_page(lang=language, indicator=id)
        assert not page.error and not page.info, id
        assert page.header[0].value == door.catalogue.indicator(id).title.of(language)


def test_a_part_leads_back_to_what_it_is_a_part_of(door):
    page = open_page(indicator=door.catalogue.indicator(RATE).numerator)
    assert door.catalogue.indicator(RATE).title.de in fact(page, "Geht ein in")


def test_a_weighted_mean_shows_its_weight(door):
    indicator = next(i for i in door.catalogue.indicators.values() if i.weight and not i.is_ratio)
    assert "Σ" in html(open_page(indicator=indicator.id))
    assert door.catalogue.indicator(indicator.weight).title.de in html(open_page(indicator=indicator.id))


def test_the_search_narrows_the_list_and_says_how_far():
    page = open_page(search="miete")
    options = page.radio(key="indicator").options
    assert 0 < len(options) < 20 and any("Miet" in o for o in options)
    assert f"{len(options)} von" in words(page)
    english = open_page(search="rent", lang="en")
    assert any("rent" in o.casefold() for o in english.radio(key="indicator").options)


def test_a_search_without_a_find_suggests_words_and_can_be_cleared():
    page = open_page(search="Mietbelastng")
    assert "Kein Indikator" in words(page) and "Mietbelastung" in words(page)
    page.button(key="clear_search").click().run()
    assert not page.exception and len(page.radio(key="indicator").options) > 50


@pytest.mark.parametrize("wrong", [
    {"indicator": "no_such"}, {"section": "cellar"}, {"unit": "street"}, {"topic": "fun"}, {"section": "areas", "area_unit": "x"},
])  # fmt: skip
def test_an_unknown_value_falls_back_with_a_note(wrong):
    page = open_page(**wrong)
    name = list(wrong)[-1]
    assert any(f"{name}={wrong[name]}" in i.value.replace("\\", "") for i in page.info)
    assert page.header[0].value


def cells(page: AppTest) -> list[dict[str, Any]]:
    """Return the cells of the coverage grid."""
    sent = page.get("vega_lite_chart")[0].proto
    values = json.loads(sent.spec).get("data", {}).get("values")
    return values or pl.read_ipc_stream(sent.data.data).to_dicts() or pl.read_ipc_stream(sent.datasets[0].data.data).to_dicts()


def test_the_grid_has_every_area_and_period_with_the_kind_the_reader_may_know(door):
    page = open_page(indicator=RATE)
    drawn = cells(page)
    areas = door.catalogue.areas_of("stadtteil", current=False)
    table = door.table(RATE).filter((pl.col("age") == "_T") & (pl.col("sex") == "_T"))
    codes = [a.code for a in areas]
    periods = table.filter(pl.col("area").is_in(codes))["period"].n_unique()
    assert len(drawn) == len(areas) * periods
    here = table.filter(pl.col("area").is_in(codes))
    for kind in ("suppressed", "provisional", "estimated"):
        expected = here.filter((pl.col("status") == kind) & (pl.col("value").is_null() | (pl.col("value") != 0))).height
        assert sum(cell["kind"] == kind for cell in drawn) == expected
    full = sum(cell["kind"] not in ("suppressed", "missing", "not_applicable") for cell in drawn)
    assert f"{full} von {len(drawn)} Feldern" in words(page)


def test_all_kinds_of_empty_can_be_seen_somewhere(door):
    """Musterstadt holds all four kinds; each has its mark in a grid."""
    seen: dict[str, str] = {}
    for indicator in door.catalogue.indicators:
        kinds = set(cache.coverage(door.release, indicator, "stadtteil", "public")["kind"])
        for kind in {"zero", "suppressed", "missing", "not_applicable"} & kinds - set(seen):
            seen[kind] = indicator
    assert set(seen) == {"zero", "suppressed", "missing", "not_applicable"}
    for kind, mark in {"zero": "0", "suppressed": "■", "missing": "○", "not_applicable": "–"}.items():
        drawn = cells(open_page(indicator=seen[kind]))
        assert {cell["mark"] for cell in drawn if cell["kind"] == kind} == {mark}


def test_the_alternative_says_how_much_there_is():
    assert "haben einen Wert" in open_page().get("vega_lite_chart")[0].proto.alt


def test_sources_and_files_are_listed_with_hash_and_rows(door):
    page = open_page(section="files")
    table = page.dataframe[0].value
    assert len(table) == len(door.notes["files"]) and len(set(table["SHA-256"])) == len(table)
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in table["SHA-256"])
    assert table["Zeilen"].sum() == sum(f["rows"] for f in door.notes["files"])
    for source in {i.source for i in door.catalogue.indicators.values()}:
        assert door.catalogue.source(source).title.de in html(page)
    for note in door.notes["notes"]:
        assert note in words(page)


def test_no_value_of_the_build_is_told(door):
    raw = cache._release(cache.settings().package, door.release).notes["warnings"]
    said = words(open_page(section="files"))
    assert raw and not any(warning in said for warning in raw)


def test_areas_say_how_long_they_were_valid_and_where_they_came_from(door):
    page = open_page(section="areas")
    table = page.dataframe[0].value
    assert len(table) == len(door.catalogue.areas_of("stadtteil", current=False))
    former = table[table["gültig bis"].notna()]
    assert list(former["Gebiet"]) == ["Westfeld"] and str(former["gültig bis"].iloc[0]).startswith("2018-12-31")
    new = table[table["Vorgänger"] != ""]
    assert set(new["Vorgänger"]) == {"Westfeld"} and all(str(d).startswith("2019-01-01") for d in new["gültig ab"])
    assert len(open_page(section="areas", area_unit="stadtbezirk").dataframe[0].value) == 6


def test_events_breaks_and_reforms_stand_in_the_order_of_time(door):
    table = open_page(section="events", lang="en").dataframe[0].value
    assert set(table["Kind"]) == {"Event", "Break", "Boundary reform"}
    years = [int(str(when)[:4]) for when in table["Period"]]
    assert years == sorted(years)
    assert {e.title.en for e in door.package.events} <= set(table["What happened"])
    broken = {i.title.en for i in door.catalogue.indicators.values() if i.breaks}
    assert all(any(title in concerned for concerned in table["Concerns"]) for title in broken)


def test_every_example_of_the_api_works(door):
    shown = words(open_page(section="data"))
    client = TestClient(Starlette(routes=server.routes()))
    listed = routes()
    assert [r.name for r in listed] == ["health", "indicators", "data", "areas", "map"]
    for route in listed:
        assert route.example in shown
        answer = client.get(route.example)
        assert answer.status_code == 200 and len(answer.content) > 50
    rows = pl.read_csv(io.BytesIO(client.get(listed[2].example).content), schema_overrides={"area": pl.String})
    assert rows.height == len(door.catalogue.areas_of("stadtteil")) and set(rows["indicator"]) == {RATE}


def test_the_whole_release_can_be_taken_home_protected(door):
    made = cache.archive(door.release, "public")
    assert made is cache.archive(door.release, "public")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        table = pl.read_parquet(io.BytesIO(archive.read("observations.parquet")))
        introduction = archive.read("README.txt").decode()
    assert table.height == door.everything().height and set(table["indicator"]) <= set(door.catalogue.indicators)
    assert (table.filter(pl.col("status") == "suppressed")["value"].is_null()).all()
    assert "Synthetische Daten" in introduction and door.release in introduction
    assert pl.read_parquet(io.BytesIO(cache.release_parquet(door.release, "public"))).equals(table)


def test_what_is_internal_or_restricted_is_absent_from_every_section(door):
    everything = cache._release(cache.settings().package, door.release).package.catalogue.indicators
    hidden = {i.title.de for i in everything.values() if i.audience != "public"}
    assert len(hidden) > 5
    for section in SECTIONS:
        page = open_page(section=section)
        options = page.radio(key="indicator").options if section == "indicators" else []
        assert hidden.isdisjoint(options)
        said = html(page) + words(page)
        assert not any(f">{title}<" in said for title in hidden)
    ids = [i.id for i in everything.values() if i.audience != "public"]
    page = open_page(indicator=ids[0])
    assert page.header[0].value not in hidden and page.info


def test_any_table_can_be_taken_home_and_only_a_huge_one_not_as_a_workbook(door):
    huge = max(door.catalogue.indicators, key=lambda id: door.table(id).height)
    for id, formats in ((RATE, {"csv_german", "csv", "xlsx", "parquet"}), (huge, {"csv_german", "csv", "parquet"})):
        shown = downloads.Shown("Titel", "", "Quelle", door.table(id))
        made = {kind: make for kind, _, _, make in downloads._tables(shown)}
        assert set(made) == formats
    rows = pl.read_parquet(io.BytesIO(made["parquet"]()))
    assert rows.height == door.table(huge).height > downloads.MOST_EXCEL_ROWS and "note" in rows.columns
