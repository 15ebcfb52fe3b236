"""The start page: the city at a glance, questions, changes and the state of the data, for any package."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from model.disclosure import Reader
from model.profile.numbers import format_percent, format_value
from pages.parts import cache, frame

ROOT = Path(__file__).resolve().parents[2]
FILES = Path(os.environ.get("DATENLABOR_FILES") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="module")
def door() -> Reader:
    """Return the public's door to the default package."""
    return cache.reader()


def open_page(page: str = "overview", **parameters: Any) -> AppTest:
    """Return a page as it stands after its first run with these parameters."""
    opened = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=60)
    opened.switch_page(f"{page}.py")
    for name, value in {"lang": "de", **parameters}.items():
        opened.query_params[name] = value
    return opened.run()


@contextmanager
def package(name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """Show another package, built from the public files beside the repository."""
    if not (FILES / name).is_dir():
        pytest.skip(f"The public files of {name} are not beside the repository ({FILES / name}).")
    folder = ROOT / "tests" / "packages" / name
    subprocess.run([sys.executable, "-m", "model", "build", "--if-stale", str(folder)], cwd=ROOT, check=True, capture_output=True)
    other = replace(cache.settings(), package=folder)
    monkeypatch.setattr(cache, "settings", lambda: other)
    yield cache.reader()


def plain(text: str) -> str:
    """Return words without the escapes of Markdown."""
    return text.replace("\\", "")


def cards(page: AppTest) -> list[str]:
    """Return the words of every card."""
    bodies = [str(found.proto.body) for found in page.get("html") if "<h3" in str(found.proto.body)]
    return [re.sub("[ \n]+", " ", re.sub(r"<[^>]+>", " ", re.sub("</?span[^>]*>", "", body))).strip() for body in bodies]


def links(page: AppTest) -> list[tuple[str, str, dict[str, str]]]:
    """Return label, page and parameters of every link."""
    found = [link.proto for link in page.get("page_link")]
    return [(plain(p.label), p.page, dict(pair.split("=", 1) for pair in p.query_string.split("&") if pair)) for p in found]


def words(page: AppTest) -> str:
    """Return all running text of the page."""
    return plain(" ".join([*(m.value for m in page.markdown), *(c.value for c in page.caption)]))


def test_the_page_is_a_contents_list() -> None:
    assert len((ROOT / "pages" / "overview.py").read_text().splitlines()) <= 120


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_headline_figure_of_the_city_has_a_card(language: str, door: Reader) -> None:
    page = open_page(lang=language)
    assert not page.exception
    assert not page.error
    titles = [i.title.of(language) for i in door.catalogue.indicators.values() if i.headline]
    shown = cards(page)
    assert len(shown) == len(titles)
    assert all(card.startswith(title) for title, card in zip(titles, shown, strict=True))
    people = cache.city_values(door.release, "residents", door.role)["value"][-1]
    assert format_value(people, 0, language) in shown[0]
    assert ("Quelle: " if language == "de" else "Source: ") in words(page)
    assert ("Synthetische Daten" if language == "de" else "Synthetic data") in words(page)


def test_a_card_tells_the_change_and_has_a_picture_with_words(door: Reader) -> None:
    page = open_page()
    rate = cache.city_values(door.release, "share_65plus", door.role)["value"]
    card = next(c for c in cards(page) if c.startswith("Anteil der Menschen ab 65"))
    step = round(rate[-1], 1) - round(rate[-2], 1)
    assert f"{format_value(abs(step), 1, 'de')}\u00a0Prozentpunkte gegenüber 2024" in card
    assert "von 2005 bis 2025 gestiegen" in card
    pictures = [b for h in page.get("html") for b in re.findall(r'<img [^>]*alt="([^"]*)"', str(h.proto.body))]
    assert any(alt.startswith("Anteil der Menschen ab 65 Jahren in Musterstadt") for alt in pictures)
    assert all(pictures)


def test_the_title_counts_what_became_better_and_worse() -> None:
    page = open_page()
    shown = " ".join(cards(page))
    good, bad = len(re.findall(r", günstiger", shown)), len(re.findall(r", ungünstiger", shown))
    assert f"{good} verbessert und {bad} verschlechtert" in plain(page.header[0].value)


def test_questions_lead_to_the_view_that_answers_them(door: Reader) -> None:
    found = {label: (page, query) for label, page, query in links(open_page())}
    assert found["Wo wird es älter?"][1] == {"indicator": "share_65plus", "view": "change"}
    assert found["Wo ist die Überschuldungsquote am höchsten?"] == ("explore", {"indicator": "overindebtedness_rate"})
    assert found["Welche Stadtteile ähneln sich?"] == ("area", {"a_view": "twins"})
    english = {label: query for label, _, query in links(open_page(lang="en"))}
    assert english["Where is it getting older?"]["lang"] == "en"


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_question_leads_into_nothing(language: str) -> None:
    for label, page, query in links(open_page(lang=language)):
        if page in ("explore", "compare", "area"):
            answer = open_page(page, **query)
            assert not answer.exception, label
            assert not any("=" in plain(info.value) for info in answer.info), label  # no note on an unknown parameter


def test_what_changed_most_is_told_with_its_numbers(door: Reader) -> None:
    rows = cache.most_changed(door.release, door.catalogue.finest.id, 8, door.role)
    assert rows.height == 8
    assert rows["indicator"].n_unique() == 8
    first = rows.row(0, named=True)
    name, title = door.catalogue.area(first["area"]).name, door.catalogue.indicator(first["indicator"]).title.de
    label, page, query = next(link for link in links(open_page()) if link[2].get("place") == first["area"])
    assert (name in label, label.startswith(title), page) == (True, True, "area")
    assert query["topic"] == door.catalogue.indicator(first["indicator"]).topic


def test_the_state_of_the_data_counts_hidden_values(door: Reader) -> None:
    said = words(open_page())
    unit = door.catalogue.finest.id
    hidden = shown = cells = 0
    for id in door.catalogue.indicators:
        rows = cache.unit_values(door.release, id, unit, door.role)
        if rows.filter(pl.col("value").is_not_null() | (pl.col("status") == "suppressed")).is_empty():
            continue
        last = rows.filter(pl.col("period") == rows.drop_nulls("value")["period"].max())
        cells += len(door.catalogue.areas_of(unit))
        hidden += last.filter(pl.col("status") == "suppressed").height
        shown += last["value"].len() - last["value"].null_count()
    assert f"{hidden} geheim gehalten" in said
    assert f"sind {format_percent(100 * shown / cells, 1, 'de')} veröffentlicht" in said


def test_the_table_by_topic_adds_up(door: Reader) -> None:
    page = open_page()
    page.session_state["o_state"] = True
    page.run()
    assert not page.exception
    table = page.dataframe[0].value
    assert table["indicators"].sum() == len(door.catalogue.indicators)
    assert len(table) == len({i.topic.split("/")[0] for i in door.catalogue.indicators.values()})


def test_freshness_names_the_oldest(door: Reader) -> None:
    ages = cache.data_age(door.release, date.today(), door.role)
    late = ages.filter(pl.col("behind") > 0)
    assert f"{ages.height - late.height} von {ages.height} Indikatoren" in words(open_page())


def test_a_city_without_boundaries_has_questions_it_can_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with package("konstanz", monkeypatch) as other:
        page = open_page()
        assert not page.exception
        assert cards(page)[0].startswith("Einwohnerinnen und Einwohner")
        found = {label: page for label, page, _ in links(page)}
        assert "Wie alt sind die Menschen in Konstanz?" in found
        assert "Auf der Karte" not in found
        assert "Welche Stadtteile ähneln sich?" not in found
        assert "nur für Konstanz insgesamt" in words(page)
        ages = open_page("area", place=other.catalogue.top.code, a_view="ages")
        assert ages.get("vega_lite_chart")
        quarter = open_page("area", a_view="ages")
        assert "nicht für diese Raumeinheit" in quarter.info[0].value


def test_a_city_with_other_indicators_asks_about_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with package("flensburg", monkeypatch):
        page = open_page()
        assert not page.exception
        found = {label: query for label, _, query in links(page)}
        assert found["Wo wird es älter?"]["indicator"] == "share_65"
        assert "Wo ist die SGB-II-Quote der unter 65-Jährigen am höchsten?" in found
        assert "Welche Stadtteile ähneln sich?" in found
        assert "die jüngsten Werte sind von 2022" in words(page)
        ages = open_page("area", a_view="ages")
        assert "keine Bevölkerung nach Alter" in ages.info[0].value


def test_the_start_page_is_the_default(door: Reader) -> None:
    assert next(iter(frame.PAGES)) == "overview"
