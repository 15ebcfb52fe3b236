"""Titles and text alternatives compared with numbers that can be checked by hand."""

from dataclasses import replace

import polars as pl
from small_city import AREAS, CATALOGUE, TABLE, year

from model.catalogue.entries import Break, Words
from model.profile.captions import (
    distribution_caption,
    line_caption,
    map_caption,
    ranking_caption,
    scatter_caption,
    spine_caption,
)
from model.query.compare import distribution, scatter, spine
from model.query.rank import ranking

DEBT, RENT, BROKEN = (CATALOGUE.indicator(id) for id in ("debt", "rent", "broken"))
DISTRICTS = [a.code for a in AREAS[:4]]


def shown(id: str, when: int = 2025) -> pl.DataFrame:
    return TABLE.filter(pl.col("indicator") == id, pl.col("period") == year(when), pl.col("area").is_in(DISTRICTS))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", ".")


def test_map():
    found = map_caption(shown("debt"), CATALOGUE, DEBT, year(2025), 9.8)
    assert plain(found.message) == "Überschuldungsquote 2025 am höchsten in Hafen (15,0 %)"
    assert plain(found.detail) == (
        "Von 9,9 % (Mürwik) bis 15,0 % (Hafen), Median 14,2 %. Musterstadt insgesamt 9,8 %. Ohne Wert: 1 geheim gehalten."
    )
    assert found.alt.startswith(found.message + ". Von")
    english = map_caption(shown("rent"), CATALOGUE, RENT, year(2025), None, "en")
    assert plain(english.message) == "Rent per square metre in 2025: highest in Hafen (12.00 €/m²)"
    assert english.detail.endswith("Without a value: 1 not published.")


def test_map_without_differences_or_values():
    same = shown("debt").with_columns(value=pl.lit(5.0))
    assert (
        plain(map_caption(same, CATALOGUE, DEBT, year(2025), None).message) == "Überschuldungsquote 2025 überall gleich (5,0 %)"
    )
    assert map_caption(shown("debt", 1999), CATALOGUE, DEBT, year(1999), None).alt == "Überschuldungsquote 1999: keine Werte."


def test_ranking():
    order = ranking(shown("debt"))
    found = ranking_caption(order, CATALOGUE, DEBT, year(2025), city_value=9.8, selected=["1"])
    assert plain(found.alt) == (
        "Überschuldungsquote 2025: Hafen auf Platz 1 (15,0 %), Mürwik auf dem letzten Platz (9,9 %). "
        "3 von 3 liegen über Musterstadt insgesamt (9,8 %). Nordstadt: 14,2 %, Rang 2 von 3. Ohne Wert: 1 geheim gehalten."
    )
    assert "keine Werte" in ranking_caption(order.clear(), CATALOGUE, DEBT, year(2025)).message


def test_line():
    series = TABLE.filter(pl.col("indicator") == "debt", pl.col("area") == "1")
    found = line_caption(series, AREAS[0], DEBT)
    assert plain(found.alt) == (
        "Überschuldungsquote in der Nordstadt von 2020 bis 2025 gestiegen. Von 10,0 % (2020) auf 14,2 % (2025). "
        "Höchster Wert 14,2 % (2025), niedrigster 10,0 % (2020)."
    )
    broken = line_caption(TABLE.filter(pl.col("indicator") == "broken", pl.col("area") == "1"), AREAS[0], BROKEN, "en")
    assert "Break in the series: 2025." in broken.detail
    late = replace(DEBT, breaks=(Break(year(2022), Words("", "")),))
    longer = pl.concat(
        [series, *(series[:1].with_columns(period=pl.lit(year(y)), value=pl.lit(v)) for y, v in ((2022, 30.0), (2023, 29.0)))]
    )
    assert (
        plain(line_caption(longer, AREAS[0], late).message) == "Überschuldungsquote in der Nordstadt von 2022 bis 2025 gesunken"
    )
    assert "10,0" not in line_caption(longer, AREAS[0], late).detail
    one = line_caption(TABLE.filter(pl.col("indicator") == "debt", pl.col("area") == "4"), AREAS[3], DEBT)
    assert one.alt == "Überschuldungsquote in Dorf: nur ein Wert. Ohne Wert: 1 von 2 Zeiträumen."
    assert "keine Werte" in line_caption(series.clear(), AREAS[0], DEBT).message


def test_scatter():
    x, y = list(range(12)), [2 * v + (v % 3) for v in range(12)]
    names = [f"A{n}" for n in range(12)]
    found = scatter_caption(scatter(x, y), RENT, DEBT, names)
    assert found.message == (
        "Wo „Miete je Quadratmeter“ höher ist, ist meist auch „Überschuldungsquote“ höher: ein starker Zusammenhang"
    )
    assert "12 Gebiete" in found.detail and "noch keine Ursache" in found.detail
    falling = scatter_caption(scatter(x, [-v for v in y]), RENT, DEBT, names, "en")
    assert "mostly lower" in falling.message and "r = −0.99" in falling.detail
    chance = scatter_caption(scatter(x, [1, 5, 2, 4, 1, 5, 2, 4, 1, 5, 2, 4]), RENT, DEBT, names)
    assert "kein Zusammenhang" in chance.message and "Ursache" not in chance.detail
    assert "Zu wenige Gebiete" in scatter_caption(scatter([1], [2]), RENT, DEBT, ["A"]).message


def test_scatter_names_what_is_off_the_line():
    y = [3.0 * v + 0.5 * (-1) ** v for v in range(20)]
    y[7] += 30
    found = scatter_caption(scatter(range(20), y), RENT, DEBT, [f"A{n}" for n in range(20)])
    assert "Aus der Reihe fallen A7." in found.detail


def test_spine():
    lines = {id: spine(shown(id)["value"], city, area, CATALOGUE.indicator(id).direction)
             for id, city, area in (("debt", 9.8, 14.2), ("rent", 9.1, 9.5))}  # fmt: skip
    found = spine_caption(lines, CATALOGUE, AREAS[0])
    assert found.message == "Nordstadt liegt bei 0 von 1 Indikatoren günstiger und bei 1 ungünstiger als Musterstadt insgesamt"
    assert found.detail == "Am weitesten entfernt: „Überschuldungsquote“ und „Miete je Quadratmeter“."
    neutral = spine_caption({"rent": lines["rent"]}, CATALOGUE, AREAS[0], "en")
    assert neutral.message == "Nordstadt lies above Musterstadt as a whole in 1 of 1 indicators, below in 0"
    assert "keine Werte" in spine_caption({}, CATALOGUE, AREAS[0]).message


def test_distribution():
    found = distribution_caption(distribution([1, 2, 3, 4, 5, 6, 7, 8, 40]), DEBT, year(2025))
    assert plain(found.message) == "Überschuldungsquote 2025: Die mittlere Hälfte der Gebiete liegt zwischen 3,0 % und 7,0 %"
    assert plain(found.detail) == "Median 5,0 %, 9 Gebiete von 1,0 % bis 40,0 %. Ausreißer: 40,0 %."
    many = distribution_caption(distribution([*range(40), *range(200, 205)]), DEBT, year(2025))
    assert many.detail.endswith("5 Ausreißer.")
    assert "no values" in distribution_caption(distribution([None]), DEBT, year(2025), "en").message
