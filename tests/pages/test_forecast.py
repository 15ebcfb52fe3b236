"""The forecast page: what to expect, how sure, how often it came true; the same numbers as the model, nothing withheld."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from model.disclosure import Reader
from model.forecast import command
from model.forecast.areas.reliability import reliability
from model.forecast.areas.table import Forecast, forecast_table
from model.forecast.assess.package import backtest_package
from model.profile.numbers import format_indicator
from pages.parts import cache, charts, files, forecast_data, forecast_track, server
from pages.parts.forecast_choices import VIEWS, Choice

ROOT = Path(__file__).resolve().parents[2]
RATE, HIDDEN, COUNT = "overindebtedness_rate", "unemployed_young", "residents"
AREA = "0205"


@pytest.fixture(scope="module")
def door() -> Reader:
    """Return the public's door to the default package."""
    return cache.reader()


@pytest.fixture(scope="module")
def expected(door: Reader) -> Forecast:
    """Return the default forecast, made straight from the reader's table."""
    known = door.catalogue.indicator(RATE)
    names = [RATE, known.numerator, known.denominator]
    rows = pl.concat([door.table(name) for name in names]).filter((pl.col("sex") == "_T") & (pl.col("age") == "_T"))
    records = backtest_package(rows, door.catalogue, names)
    return forecast_table(rows, door.catalogue, RATE, date(2040, 12, 31), records=records)


@pytest.fixture(scope="module")
def hidden(door: Reader) -> list[str]:
    """Return the quarters whose latest value is suppressed."""
    rows = cache.unit_values(door.release, HIDDEN, door.catalogue.finest.id, door.role)
    latest = rows.sort("period").group_by("area").agg(pl.col("status").last())
    found = latest.filter(pl.col("status") == "suppressed")["area"].sort().to_list()
    assert found
    return found


def open_page(**parameters: Any) -> AppTest:
    """Return the page as it stands after its first run with these parameters."""
    page = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=120)
    page.switch_page("forecast.py")
    for name, value in {"lang": "de", "indicator": RATE, **parameters}.items():
        page.query_params[name] = value
    return page.run()


def plain(text: str) -> str:
    """Return words without the escapes of Markdown."""
    return text.replace("\\", "")


def title(page: AppTest) -> str:
    """Return the finding."""
    return plain(page.header[0].value)


def said(page: AppTest) -> str:
    """Return all sentences outside the heading."""
    return plain(" ".join(element.value for element in (*page.markdown, *page.caption, *page.info)))


def drawn(page: AppTest, at: int = 0) -> list[dict[str, Any]]:
    """Return all rows of data inside a chart."""

    def rows(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, dict):
            own = node.get("values", []) if isinstance(node.get("values"), list) else []
            return [r for r in own if isinstance(r, dict)] + [row for child in node.values() for row in rows(child)]
        return [row for child in node for row in rows(child)] if isinstance(node, list) else []

    sent = page.get("vega_lite_chart")[at].proto
    own = pl.read_ipc_stream(sent.data.data).to_dicts() if sent.data.data else []
    return rows(json.loads(sent.spec)) + own


def test_the_title_says_what_to_expect_and_how_sure_that_is(door: Reader, expected: Forecast) -> None:
    row, column = expected.row(AREA), expected.column(date(2035, 1, 1))
    value = expected.value[row, column]
    low, high = (end[row, column] for end in expected.future().interval(80))
    indicator = door.catalogue.indicator(RATE)
    page = open_page(area=AREA)
    assert not page.exception
    assert f"2035 etwa {format_indicator(value, indicator)}, in 8 von 10 Fällen zwischen" in title(page)
    assert format_indicator(low, indicator).removesuffix("\u00a0%") in title(page)
    assert title(page).endswith(format_indicator(high, indicator))
    english = open_page(area=AREA, lang="en", f_level="95", f_year="2030")
    assert f"about {format_indicator(expected.value[row, expected.column(date(2030, 1, 1))], indicator, 'en')} in 2030" in title(
        english
    )
    assert "in 19 of 20 cases between" in title(english)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("view", [v for v in VIEWS if v != "methods"])
def test_every_view_tells_how_often_such_statements_came_true(view: str, language: str, expected: Forecast) -> None:
    page = open_page(f_view=view, lang=language, area=AREA)
    assert not page.exception
    assert not page.error
    record = expected.record
    assert record is not None
    n = round(10 * record.coverage["80"])
    words = f"trafen bisher in {n} von 10 Fällen zu ({record.cases} Rückrechnungen" if language == "de" else (
        f"came true in {n} of 10 cases so far ({record.cases} back-tests"
    )  # fmt: skip
    assert words in said(page)
    assert ("Verlässlichkeit: **" if language == "de" else "Reliability: **") in said(page)
    assert ("Quelle: " if language == "de" else "Source: ") in said(page)


def test_the_city_is_forecast_where_no_area_is_chosen(door: Reader) -> None:
    assert f"in {door.catalogue.top.name}" in title(open_page())


def test_the_fan_begins_at_the_last_value_and_widens_with_the_level(door: Reader) -> None:
    rows = drawn(open_page(area=AREA))
    future = [row for row in rows if "band" in row and row["code"] == AREA]
    last = cache.area_values(door.release, RATE, AREA, door.role).drop_nulls("value")["value"][-1]
    assert future[0]["value"] == future[0]["low_95"] == last
    for row in future[1:]:
        ends = [row[f"low_{level}"] for level in (95, 80, 50)] + [row[f"high_{level}"] for level in (50, 80, 95)]
        assert ends == sorted(ends)
    assert {row["series"] for row in rows if "band" in row} == {"Kreuzheide", door.catalogue.top.name}
    assert {row["name"] for row in rows if "name" in row} == {"bleibt, wie es ist", "Trend wie bisher"}


def test_the_forecast_ends_at_the_chosen_horizon() -> None:
    rows = [row for row in drawn(open_page(area=AREA, f_horizon="2030")) if "joint" in row]
    assert max(row["period"] for row in rows) == "2030-01-01"


def test_the_reader_sets_a_threshold_and_gets_its_probability(expected: Forecast) -> None:
    chance = expected.probability_above(AREA, date(2030, 1, 1), 15.0)
    page = open_page(area=AREA, f_threshold="15", f_year="2030")
    likelier = round(100 * max(chance, 1 - chance))
    side = "über" if chance >= 0.5 else "unter"
    assert f"mit {likelier}\u00a0% Wahrscheinlichkeit 2030 {side} 15,00\u00a0%" in said(page)
    assert any(row.get("label") == "Schwelle 15,00" for row in drawn(page))


def test_what_was_said_then_uses_nothing_that_came_later(door: Reader) -> None:
    page = open_page(area=AREA)
    rows = drawn(page, 1)
    assert {row["label"] for row in rows} == {f"Das hätten wir {year} gesagt" for year in (2015, 2018, 2020)}
    known = [row for row in rows if row["kind"] == "known" and "2018" in row["label"]]
    assert max(row["period"] for row in known) == "2018-01-01"
    names = ["overindebted", "debt_adults", RATE]
    past = pl.concat([door.table(name) for name in names]).filter(pl.col("period") <= date(2018, 12, 31))
    past = past.filter((pl.col("sex") == "_T") & (pl.col("age") == "_T"))
    then = forecast_table(past, door.catalogue, RATE, date(2040, 12, 31), records=backtest_package(past, door.catalogue, names))
    point = next(r for r in rows if r["kind"] == "said" and "2018" in r["label"] and r["period"] == "2021-01-01")
    assert point["value"] == pytest.approx(then.value[then.row(AREA), then.column(date(2021, 1, 1))], rel=1e-12)


def test_values_after_a_break_are_no_verdict(door: Reader) -> None:
    breaks = [b.period.isoformat() for b in door.catalogue.indicator(RATE).breaks if b.period.year > 2020]
    assert breaks
    rows = drawn(open_page(area=AREA), 1)
    judged = [row["period"] for row in rows if row["kind"] == "came"]
    assert max(judged) < min(breaks)
    assert [row for row in rows if row["kind"] == "beyond"]


def test_the_years_of_earlier_statements_fit_the_series() -> None:
    assert forecast_track.origins(date(2025, 1, 1), date(2005, 1, 1)) == (2015, 2018, 2020)
    assert forecast_track.origins(date(2016, 1, 1), date(2001, 1, 1)) == (2007, 2010, 2012)
    assert forecast_track.origins(date(2025, 1, 1), date(2019, 1, 1)) == (2020,)


@pytest.mark.parametrize(("language", "words"), [("de", "ist geheim gehalten"), ("en", "is confidential")])
def test_what_is_withheld_is_never_forecast_and_says_why(language: str, words: str, hidden: list[str]) -> None:
    page = open_page(indicator=HIDDEN, area=hidden[0], lang=language)
    assert words in said(page)
    assert not [row for row in drawn(page) if "band" in row and row["code"] == hidden[0]]


def test_no_earlier_statement_is_shown_about_a_withheld_period(door: Reader, hidden: list[str]) -> None:
    for area in hidden:
        seen = cache.area_values(door.release, HIDDEN, area, door.role)
        silent = {p.isoformat() for p in seen.filter(pl.col("status") == "suppressed")["period"]}
        page = open_page(indicator=HIDDEN, area=area)
        if len(page.get("vega_lite_chart")) < 2:
            continue
        told = [r for r in drawn(page, 1) if r["kind"] == "said" and r["value"] is not None and r.get("text")]
        assert not silent & {row["period"] for row in told}


def test_the_map_counts_every_area_once(door: Reader, hidden: list[str]) -> None:
    page = open_page(indicator=HIDDEN, f_view="map")
    marks = next(plain(m.value) for m in page.markdown if "verlässlich: " in plain(m.value))
    graded = sum(int(line.rsplit(":", 1)[1]) for line in marks.split("\n")[1:])
    assert graded + len(hidden) == len(door.catalogue.areas_of(door.catalogue.finest.id))


def test_small_pictures_stand_in_the_chosen_order(expected: Forecast, door: Reader) -> None:
    rows = drawn(open_page(f_view="multiples"))
    names = list(dict.fromkeys(row["name"] for row in rows))
    at = expected.column(date(2035, 1, 1))
    codes = [area.code for area in door.catalogue.areas_of(door.catalogue.finest.id)]
    ordered = sorted(codes, key=lambda code: -expected.value[expected.row(code), at])
    assert names == [door.catalogue.area(code).name for code in ordered]


def test_methods_are_laid_side_by_side() -> None:
    page = open_page(f_view="methods", area=AREA, indicator=COUNT)
    assert not page.exception
    rows = page.table[0].value
    assert len(rows) == 7
    assert "7 Verfahren erwarten 2035 Werte von" in said(page)
    assert rows.iloc[-1, 2] == "100\u00a0%"  # the naive method against itself


def test_another_method_says_that_it_was_not_tried_on_the_past() -> None:
    page = open_page(area=AREA, f_method="theta", indicator=COUNT)
    assert "wird nicht an der Vergangenheit geprüft" in said(page)
    assert "noch nicht an der Vergangenheit geprüft" in said(page)


def test_an_unknown_value_in_the_link_falls_back_with_a_note() -> None:
    page = open_page(f_method="guess", f_year="1999")
    assert "f_method=guess" in said(page)
    assert "2035 etwa" in title(page)


def test_choices_stand_in_the_address() -> None:
    page = open_page(area=AREA)
    page.selectbox(key="f_method").set_value("drift").run()
    assert page.query_params["f_method"] in ("drift", ["drift"])
    assert "Verfahren: Mittlerer Trend" in said(page)


def test_the_page_is_a_list_of_contents() -> None:
    assert len((ROOT / "pages" / "forecast.py").read_text(encoding="utf-8").splitlines()) <= 120


@pytest.fixture(scope="module")
def client() -> TestClient:
    """Return a client of the open-data routes."""
    return TestClient(Starlette(routes=server.routes()))


def test_the_map_travels_with_ready_words(client: TestClient, door: Reader, expected: Forecast) -> None:
    path = f"/api/v1/forecast/{door.release}/{door.catalogue.finest.id}/{RATE}.geojson"
    answer = client.get(path, params={"lang": "en", "level": "80"})
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    area = next(f["properties"] for f in answer.json()["features"] if f["properties"]["code"] == AREA)
    value = expected.value[expected.row(AREA), expected.column(date(2030, 1, 1))]
    assert area["t2030"].startswith(format_indicator(value, door.catalogue.indicator(RATE), "en"))
    grade = dict(reliability(expected, date(2030, 1, 1)).select("area", "grade").iter_rows())[AREA]
    assert area["t2030"].endswith({"good": "reliable", "fair": "with care", "poor": "rough only"}[str(grade)])


def test_the_map_tells_nothing_of_what_is_withheld(client: TestClient, door: Reader, hidden: list[str]) -> None:
    answer = client.get(f"/api/v1/forecast/{door.release}/{door.catalogue.finest.id}/{HIDDEN}.geojson")
    for feature in answer.json()["features"]:
        if feature["properties"]["code"] in hidden:
            assert {v for k, v in feature["properties"].items() if k.startswith("t2")} == {"geheim gehalten"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing/stadtteil/residents.geojson", 404),
        ("{release}/stadtteil/nothing.geojson", 404),
        ("{release}/stadtteil/residents.geojson?method=guess", 404),
        ("{release}/stadtteil/residents.geojson?level=99", 404),
    ],
)
def test_an_unknown_address_is_refused(client: TestClient, door: Reader, path: str, status: int) -> None:
    assert client.get(f"/api/v1/forecast/{path.format(release=door.release)}").status_code == status


def test_the_file_holds_past_and_future_with_bounds_status_method_and_release(door: Reader, expected: Forecast) -> None:
    choice = Choice(door.catalogue.indicator(RATE), "stadtteil", (AREA,), "fan", "combination", 80, 2035, None, True)
    rows = forecast_data.table_rows(choice, [AREA])
    assert rows["period"].to_list() == [str(year) for year in range(2005, 2036)]
    row = rows.filter(pl.col("period") == "2035").row(0, named=True)
    lower, upper = (end[expected.row(AREA), expected.column(date(2035, 1, 1))] for end in expected.future().interval(95))
    assert (row["lower_95"], row["upper_95"]) == (lower, upper)
    assert (row["status"], row["method"], row["release"]) == ("forecast", "combination", door.release)
    assert rows.filter(pl.col("period") == "2025")["lower_95"].to_list() == [None]


def test_the_command_line_gives_the_same_digits(
    door: Reader, expected: Forecast, musterstadt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [RATE, "overindebted", "debt_adults"]
    records = backtest_package(pl.concat([door.table(name) for name in names]), door.catalogue, names)
    monkeypatch.setattr(command, "read_records", lambda folder: records)  # as after `python -m model backtest`
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    output = tmp_path / "out.csv"
    command.run(parser.parse_args([str(musterstadt), "--indicator", RATE, "--output", str(output)]))
    rows = pl.read_csv(output, schema_overrides={"area": pl.String, "period": pl.String})
    row = rows.filter((pl.col("area") == AREA) & (pl.col("period") == "2035")).row(0, named=True)
    at = expected.row(AREA), expected.column(date(2035, 1, 1))
    assert row["value"] == expected.value[at]
    assert row["upper_80"] == expected.future().interval(80)[1][at]


def test_every_picture_can_be_drawn_for_a_file() -> None:
    for view in VIEWS:
        page = open_page(f_view=view, area=AREA, indicator=COUNT)
        for chart in page.get("vega_lite_chart"):
            spec = json.loads(chart.proto.spec)
            drawing = files.svg(charts.titled(spec, "Title", "Subtitle", "Foot")).decode()
            assert "Title" in drawing
            assert drawing.count("<path") > 5


@pytest.mark.parametrize(
    ("page", "own", "switch"),
    [("explore.py", {"area": AREA}, "ahead"), ("area.py", {"place": AREA, "a_view": "lines"}, "a_ahead")],
)
def test_other_pages_show_years_ahead_on_request_only(page: str, own: dict[str, str], switch: str, expected: Forecast) -> None:
    def future(**parameters: str) -> list[dict[str, Any]]:
        at = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=120)
        at.switch_page(page)
        for name, value in {"lang": "en", **own, **parameters}.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception
        charts_there = range(len(at.get("vega_lite_chart")))
        return [row for place in charts_there for row in drawn(at, place) if row.get("band") and row["code"] == AREA]

    assert future() == []
    shown = future(**{switch: "1"})
    value = expected.value[expected.row(AREA), expected.column(date(2040, 1, 1))]
    assert value in [row["value"] for row in shown if row["period"] == "2040-01-01"]
