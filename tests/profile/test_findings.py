"""Sentences compared with numbers that can be checked by hand."""

from dataclasses import replace
from datetime import date
from string import Formatter

import polars as pl
import pytest
from small_city import AREAS, CATALOGUE, TABLE, indicator, rows, year

from model.catalogue.entries import Words
from model.profile.figures import Cell, by_indicator, key_figure, pair_beyond_chance
from model.profile.findings import (
    change_sentence,
    interval_sentence,
    mover_sentence,
    pair_sentence,
    sentence,
    twin_sentence,
)
from model.profile.phrases import PHRASES, dative, in_area, subject, when
from model.profile.twins import find_twins
from model.query.change import change
from model.query.interval import wilson

TABLES = by_indicator(TABLE)


def figure(id: str, area: str, **more):
    found = key_figure(TABLES, CATALOGUE, id, area, **more)
    assert found is not None
    return found


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", ".")


def test_a_difference_larger_than_chance():
    found = figure("debt", "1")
    assert plain(sentence(found)) == (
        "Die Überschuldungsquote liegt 2025 in der Nordstadt bei 14,2 % – höher und damit ungünstiger als in Musterstadt "
        "insgesamt (9,8 %); der Unterschied ist größer als der Zufall. Rang 1–2 von 3 (1 = höchster Wert)."
    )
    assert plain(sentence(found, "en")) == (
        "The over-indebtedness rate in Nordstadt is 14.2% in 2025 – higher, and so less favourable, than in Musterstadt as a "
        "whole (9.8%); the difference is larger than chance. Rank 1–2 of 3 (1 = highest value)."
    )
    limits = wilson(710, 5000)
    assert (found.lower, found.upper) == pytest.approx((100 * limits.lower[0], 100 * limits.upper[0]))
    assert found.grade == "A"


def test_a_difference_within_chance_is_not_judged():
    text = plain(sentence(figure("debt", "2")))
    assert "höher als in Musterstadt insgesamt (9,8 %); der Unterschied liegt im Zufallsbereich." in text
    assert "günstig" not in text and "Rang 2–3 von 3" in text


def test_few_cases_are_said():
    text = sentence(figure("debt", "3"))
    assert "Rang 1–3 von 3" in text and "wenigen Fälle" not in text  # 30 cases of 200 are grade B
    assert sentence(replace(figure("debt", "3"), grade="C")).endswith("Wegen der wenigen Fälle ist er unsicher.")


def test_without_parts_nothing_is_said_about_chance_and_equal_prints_are_equal():
    assert plain(sentence(figure("rent", "1"))) == (
        "Die Miete je Quadratmeter liegt 2025 in der Nordstadt bei 9,50 €/m² – höher als in Musterstadt insgesamt (9,10 €/m²). "
        "Rang 2 von 3 (1 = höchster Wert)."
    )
    assert "so hoch wie in Musterstadt insgesamt" in sentence(figure("rent", "2"))  # 9,104 and 9,1


@pytest.mark.parametrize(
    ("id", "area", "german", "english"),
    [
        ("debt", "4", "geheim gehalten", "confidential"),
        ("rent", "4", "kein Wert veröffentlicht", "No value has been published"),
        ("broken", "2", "lässt sich hier nicht bilden", "nothing to relate it to"),
        ("broken", "3", "kein Wert veröffentlicht", "No value has been published"),  # no row at all
    ],
)
def test_every_kind_of_empty_has_its_own_sentence_and_no_number(id, area, german, english):
    found = figure(id, area)
    assert german in sentence(found) and english in sentence(found, "en")
    assert "Rang" not in sentence(found) and " 0" not in sentence(found) and found.best is None
    assert found.beyond_chance is None and change_sentence(found) == ""


def test_counts_are_given_as_a_part_of_the_city():
    assert plain(sentence(figure("debtors", "1"))) == (
        "Überschuldete, Nordstadt, 2025: 710 Personen – das sind 60,4 % von Musterstadt. Rang 1 von 3 (1 = höchster Wert)."
    )
    assert "Zufall" not in sentence(figure("adults", "1"))


def test_the_city_is_not_compared_with_itself():
    assert plain(sentence(figure("debt", "0"))) == "Die Überschuldungsquote liegt 2025 in Musterstadt bei 9,8 %."


@pytest.mark.parametrize(
    ("status", "words"),
    [("provisional", "vorläufig"), ("estimated", "geschätzt"), ("imputed", "ergänzt"), ("forecast", "Prognose"),
     ("break", "nicht vergleichbar")],
)  # fmt: skip
def test_uncertain_values_say_so(status, words):
    found = figure("rent", "1")
    assert words in sentence(replace(found, now=replace(found.now, status=status)))
    assert words not in sentence(found)


def test_change_is_the_difference_of_the_printed_values():
    assert plain(change_sentence(figure("debt", "1"))) == (
        "Gegenüber 2020 ist der Wert um 4,2 Prozentpunkte gestiegen (von 10,0 % auf 14,2 %); das ist mehr als Zufall."
    )
    assert plain(change_sentence(figure("debt", "2"), "en")) == (
        "Since 2020 the value has fallen by 0.1 percentage points (from 10.0% to 9.9%); that is within chance."
    )
    assert plain(change_sentence(figure("rent", "2"))) == (
        "Gegenüber 2020 ist der Wert um 0,10 €/m² gestiegen (von 9,00 auf 9,10 €/m²)."
    )
    assert "gleich geblieben" in change_sentence(figure("adults", "1"))
    assert plain(change_sentence(figure("debtors", "2"))) == (
        "Gegenüber 2020 ist der Wert um 4 gesunken (von 400 auf 396 Personen)."
    )


def test_the_interval_and_the_comparison_of_two_areas_on_demand():
    first, second, small = (figure("debt", area) for area in "123")
    assert plain(interval_sentence(first)) == "Der Zufallsbereich (95 %) reicht von 13,3 % bis 15,2 %."
    assert interval_sentence(figure("rent", "1")) == ""
    apart = pair_beyond_chance(TABLES, CATALOGUE, "debt", "1", "2", year(2025))
    assert plain(pair_sentence(first, second, apart)) == (
        "Überschuldungsquote 2025: Nordstadt (14,2 %) liegt höher als Mürwik (9,9 %); der Unterschied ist größer als der Zufall."
    )
    near = pair_beyond_chance(TABLES, CATALOGUE, "debt", "1", "3", year(2025))
    assert plain(pair_sentence(first, small, near, "en")) == (
        "Over-indebtedness rate in 2025: Nordstadt (14.2%) lies lower than Hafen (15.0%); the difference is within chance."
    )
    assert pair_beyond_chance(TABLES, CATALOGUE, "rent", "1", "2", year(2025)) is None
    assert pair_beyond_chance(TABLES, CATALOGUE, "debt", "1", "4", year(2025)) is None
    assert pair_sentence(first, figure("debt", "4"), None) == ""


def test_change_over_a_break_or_from_an_empty_value_is_not_a_number():
    found = figure("broken", "1")
    assert "Bruch in der Reihe" in change_sentence(found) and "vorläufig" in sentence(found)
    assert found.change_beyond_chance is None
    hidden = replace(
        figure("debt", "1"), before=Cell(year(2020), None, "suppressed"), change=Cell(year(2025), None, "suppressed")
    )
    assert "geheim gehalten" in change_sentence(hidden)
    first = figure("debt", "1", period=year(2020))
    assert first.before is None and change_sentence(first) == ""
    absent = figure("rent", "1", before=year(2019))
    assert change_sentence(absent) == "Für 2019 gibt es keinen Wert zum Vergleich."


@pytest.mark.parametrize("id", ["debt", "debtors", "rent", "broken"])
def test_the_change_of_a_figure_follows_the_rules_of_the_table(id):
    breaks = [b.period for b in CATALOGUE.indicator(id).breaks]
    table = change(TABLES[id], year(2020), year(2025), breaks=breaks)
    for row in table.to_dicts():
        step = figure(id, row["area"], before=year(2020)).change
        assert step == Cell(year(2025), row["value"], row["status"])


def test_an_indicator_without_rows_has_no_figure():
    assert key_figure({}, CATALOGUE, "rent", "1") is None
    without_parts = {id: rows for id, rows in TABLES.items() if id == "debt"}
    found = key_figure(without_parts, CATALOGUE, "debt", "1")
    assert found is not None and found.beyond_chance is None and (found.best, found.worst) == (2, 2)
    assert "Zufall" not in sentence(found)


def test_neutral_indicators_are_never_judged():
    neutral = replace(figure("debt", "1"), indicator=replace(CATALOGUE.indicator("debt"), direction="neutral"))
    assert "günstig" not in sentence(neutral) and "favourable" not in sentence(neutral, "en")
    good = replace(neutral, indicator=replace(neutral.indicator, direction="high_good"))
    assert "damit günstiger" in sentence(good)


def test_periods_take_their_preposition():
    quarter = (date(2024, 7, 1), "quarterly")
    assert when("in", *quarter, "de") == "im 3. Quartal 2024" and when("in", *quarter, "en") == "in Q3 2024"
    assert when("dative", *quarter, "de") == "dem 3. Quartal 2024" and when("to", *quarter, "de") == "bis zum 3. Quartal 2024"
    assert when("in", date(2024, 3, 1), "monthly", "de") == "im März 2024"
    assert when("dative", date(2024, 3, 1), "monthly", "de") == "März 2024"
    assert when("from", date(2016, 1, 1), "school_year", "de") == "vom Schuljahr 2016/17"


@pytest.mark.parametrize(
    ("de", "german", "en", "english"),
    [
        ("Arbeitslosenquote", "Die Arbeitslosenquote", "Unemployment rate", "The unemployment rate"),
        ("Anteil der Kinder", "Der Anteil der Kinder", "Share of children", "The share of children"),
        ("Durchschnittsalter", "Das Durchschnittsalter", "Average age", "The average age"),
        ("Altenquotient", "Der Altenquotient", "SGB II rate", "The SGB II rate"),
        ("Geburten", "", "Births", ""),
        ("Durchschnittliche Miete", "", "Residents aged 80 and over", ""),
        ("Wohnungen", "", "", ""),
        (
            "Erwerbslosenquote (Zensus)",
            "Die Erwerbslosenquote (Zensus)",
            "Unemployment rate (census)",
            "The unemployment rate (census)",
        ),
        ("Nettoeinkommen, Summe", "", "Births by age", ""),
        ("Wohnungshilfe: Beratung", "", "Background: share", ""),
    ],
)
def test_articles_only_where_they_are_known(de, german, en, english):
    named = indicator("i", de, en, "count")
    assert (subject(named, "de"), subject(named, "en")) == (german, english)


def test_places_take_their_article():
    assert in_area("Nordstadt", "de") == "in der Nordstadt" and in_area("Darmstadt", "de") == "in Darmstadt"
    assert in_area("Nordstadt", "en") == "in Nordstadt" and in_area("Bahnhofsviertel", "de") == "im Bahnhofsviertel"
    assert in_area("Am Kanal", "de") == "in „Am Kanal“" and in_area("Altenhagen", "de") == "in Altenhagen"


def test_units_are_declined_and_not_said_twice():
    assert [dative(u, "de") for u in ("Jahre", "Kinder", "Euro", "%", "Personen", "m²", "je 100")] == [
        "Jahren", "Kindern", "Euro", "%", "Personen", "m²", "je 100",
    ]  # fmt: skip
    assert dative("Jahre", "en") == "Jahre"
    found = figure("adults", "1")
    own = replace(found.indicator, title=Words("Haushalte", "Households"), unit=Words("Haushalte", "Households"))
    assert plain(sentence(replace(found, indicator=own))).startswith("Haushalte, Nordstadt, 2025: 5.000 – das sind 41,7 %")
    rate = indicator(
        "r", "Geburten je 1.000 Frauen", "Births per 1,000 women", "rate", Words("je 1.000", "per 1,000"), decimals=1
    )
    moved = replace(figure("rent", "1"), indicator=rate)
    assert "Frauen, Nordstadt, 2025: 9,5 – höher als in Musterstadt insgesamt (9,1)." in sentence(moved)
    assert plain(change_sentence(moved)) == "Gegenüber 2020 ist der Wert um 1,5 gestiegen (von 8,0 auf 9,5 je 1.000)."


def test_a_figure_counted_every_second_year_is_compared_with_the_last_count():
    gap = rows("rent", 2024, {"1": (None, "missing")})
    found = key_figure(by_indicator(pl.concat([TABLE, gap])), CATALOGUE, "rent", "1")
    assert found is not None and found.before == Cell(year(2020), 8.0, "normal")
    hidden = rows("rent", 2024, {"1": (None, "suppressed")})
    found = key_figure(by_indicator(pl.concat([TABLE, hidden])), CATALOGUE, "rent", "1")
    assert found is not None and found.before == Cell(year(2024), None, "suppressed")


@pytest.mark.parametrize("key", sorted(PHRASES))
def test_both_languages_name_the_same_parts(key):
    def parts(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert PHRASES[key].de and PHRASES[key].en and parts(PHRASES[key].de) == parts(PHRASES[key].en)


def test_twins_and_movers_in_words():
    twin = find_twins(TABLE, "1", {"rent": 1.0, "debt": 1.0}, population={"1": 5000, "2": 4000, "3": 200})[0]
    text = plain(twin_sentence(twin, AREAS[0], CATALOGUE))
    assert text.startswith(f"{CATALOGUE.area(twin.area).name} ähnelt Nordstadt.") and "Fast gleich:" in text
    row = {"indicator": "debt", "area": "1", "period": year(2025), "before": 10.0, "value": 14.2}
    assert plain(mover_sentence(row, CATALOGUE)) == "Überschuldungsquote in der Nordstadt: +4,2 Prozentpunkte auf 14,2 % (2025)"


def test_protected_parts_take_chance_away_and_nothing_else():
    masked = TABLE.with_columns(
        value=pl.when((pl.col("indicator") == "debtors") & (pl.col("area") == "1")).then(None).otherwise("value")
    )
    found = key_figure(by_indicator(masked), CATALOGUE, "debt", "1")
    assert found is not None and found.beyond_chance is None and found.grade == "" and found.best == found.worst == 2
