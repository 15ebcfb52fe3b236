"""Searching indicators, what there is of one, and how a sheet is typeset."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from model.catalogue import Area, Catalogue, Indicator, SpatialUnit, Topic, Words
from model.vocabulary import SCHEMA
from pages.parts.sources_extent import coverage, extent
from pages.parts.sources_html import Fact, Link, cards_html, facts_html, fraction_html, weighted_html
from pages.parts.sources_search import find, folded, guesses


def indicator(id: str, de: str, en: str, topic: str, **more: object) -> Indicator:
    return Indicator(id, Words(de, en), topic, Words("%", "%"), "share", "s", **more)  # type: ignore[arg-type]


UNITS = (
    SpatialUnit("quarter", Words("Stadtteil", "Quarter"), Words("Stadtteile", "Quarters"), "city"),
    SpatialUnit("city", Words("Stadt", "City"), Words("Stadt", "City")),
)
AREAS = (
    Area("a", "Altstadt", "quarter", "0"), Area("b", "Berg", "quarter", "0", valid_to=date(2023, 1, 1)),
    Area("0", "Stadt", "city"),
)  # fmt: skip
CATALOGUE = Catalogue(
    {
        i.id: i
        for i in (
            indicator("debt", "Überschuldungsquote", "Over-indebtedness rate", "debt", keywords=("Zahlungsstörung",)),
            indicator("advice", "Beratungen", "Advice", "debt/help", description=Words("Hilfe bei Überschuldung", "Help")),
            indicator("rent", "Miete je m²", "Rent per m²", "housing", kommonitor="Bestandsmiete"),
        )
    },
    {t.id: t for t in (Topic("debt", Words("Schulden", "Debts")), Topic("debt/help", Words("Hilfen", "Help")),
                       Topic("housing", Words("Wohnen", "Housing")))},
    {}, {u.id: u for u in UNITS}, {a.code: a for a in AREAS},
)  # fmt: skip


@pytest.mark.parametrize(("typed", "ids"), [
    ("", ["debt", "advice", "rent"]), ("überschuldung", ["debt", "advice"]), ("uberschuldung", ["debt", "advice"]),
    ("UEBERSCHULDUNG", ["debt", "advice"]), ("over rate", ["debt"]), ("rent", ["rent"]), ("zahlungsstörung", ["debt"]),
    ("bestandsmiete", ["rent"]), ("wohnen miete", ["rent"]), ("wohnen schulden", []), ("xyz", []),
])  # fmt: skip
def test_search_finds_words_in_both_languages_and_any_spelling(typed, ids):
    assert [i.id for i in find(CATALOGUE, typed)] == ids


def test_titles_come_before_descriptions_and_topics_hold_their_subtopics():
    turned = Catalogue(dict(reversed(CATALOGUE.indicators.items())), CATALOGUE.topics, {}, {})
    assert [i.id for i in find(turned, "überschuldung")] == ["debt", "advice"]
    assert [i.id for i in find(CATALOGUE, "", "debt")] == ["debt", "advice"]
    assert [i.id for i in find(CATALOGUE, "überschuldung", "debt/help")] == ["advice"]


def test_a_slip_of_the_finger_gets_similar_words():
    assert guesses(CATALOGUE, "miette") == ["Miete"] and guesses(CATALOGUE, "Beratungn") == ["Beratungen"]
    assert guesses(CATALOGUE, "zzzz") == [] and folded("ÄÖÜß") == "aouss"


def row(area: str, year: int, value: float | None, status: str = "normal", sex: str = "_T", source: str = "s@2025"):
    return ("debt", area, date(year, 1, 1), sex, "_T", "observed", value, None, None, status, source)


TABLE = pl.DataFrame(
    [row("a", 2021, 0.0), row("a", 2022, None, "suppressed"), row("a", 2023, 4.0, "provisional"), row("b", 2021, 2.0),
     row("a", 2022, 3.0, sex="F"), row("0", 2021, 2.0, source="ratio"), row("0", 2020, None, "missing")],
    schema=SCHEMA, orient="row",
)  # fmt: skip


def test_the_extent_counts_what_has_a_value():
    found = extent(TABLE, CATALOGUE)
    assert (found.first, found.last, found.periods) == (date(2021, 1, 1), date(2023, 1, 1), 3)
    assert (found.rows, found.suppressed, found.units) == (7, 1, ("quarter", "city"))
    assert found.by_sex and not found.by_age
    assert found.origins == {"s@2025": 4, "ratio": 1} and found.vintages == {"s": ["2025"]}
    empty = extent(TABLE.clear(), CATALOGUE)
    assert (empty.first, empty.units, empty.vintages) == (None, (), {})


def test_every_cell_of_the_coverage_is_one_kind():
    cells = coverage(TABLE, AREAS[:2])
    assert {(a, p.year): kind for a, p, kind in cells.iter_rows()} == {
        ("a", 2021): "zero", ("a", 2022): "suppressed", ("a", 2023): "provisional",
        ("b", 2021): "normal", ("b", 2022): "missing", ("b", 2023): "not_applicable",
    }  # fmt: skip


def test_without_totals_the_breakdowns_tell_the_coverage():
    cells = coverage(TABLE.filter(pl.col("sex") == "F"), AREAS[:1])
    assert cells["kind"].to_list() == ["normal"]


def test_a_sheet_escapes_what_comes_from_files_and_leaves_out_what_is_empty():
    made = facts_html([Fact("<i>", ["<script>x</script>"]), Fact("leer", ["", Link("")]), Fact("weg", [])])
    assert "<script>" not in made and "&lt;script&gt;" in made and "<i>" not in made
    assert "leer" not in made and "weg" not in made
    linked = facts_html([Fact("A", [Link("Amt & Co", 'https://x.de/"><script>')])])
    assert "Amt &amp; Co</a>" in linked and '"><script>' not in linked


def test_a_formula_has_its_parts_linked_and_is_read_aloud_in_order():
    made = fraction_html("Quote", Link("Arme", "?indicator=poor"), Link("Alle", "?indicator=all"), "100", "geteilt durch", "mal")
    at = [made.index(x) for x in ("Quote", 'href="?indicator=poor"', "geteilt durch", 'href="?indicator=all"', "mal", "100")]
    assert at == sorted(at)
    assert "mal" not in fraction_html("Q", Link("A"), Link("B"), "", "durch", "mal") and "<a" not in fraction_html(
        "Q", Link("A"), Link("B"), "", "durch", "mal"
    )
    mean = weighted_html("Mittel", "Wert", Link("Gewicht", "?w"), ("Summe", "geteilt durch"))
    assert mean.count("Gewicht") == 2 and mean.count("Summe") == 2


def test_cards_have_their_titles():
    made = cards_html([("Amt <1>", [Fact("A", ["B"])]), ("Amt 2", [])])
    assert made.count("<section") == 2 and "Amt &lt;1&gt;" in made
