"""A city of four districts whose sentences can be checked by hand."""

from datetime import date

import polars as pl

from model.catalogue import Area, Break, Catalogue, Indicator, SpatialUnit
from model.catalogue.entries import Words
from model.vocabulary import SCHEMA

PERCENT = Words("%", "%")


def year(number: int) -> date:
    return date(number, 1, 1)


def indicator(id: str, de: str, en: str, kind: str, unit: Words = PERCENT, **more: object) -> Indicator:
    return Indicator(id, Words(de, en), "social", unit, kind, "s", **more)  # type: ignore[arg-type]


PERSONS = Words("Personen", "persons")
INDICATORS = (
    indicator("debt", "Überschuldungsquote", "Over-indebtedness rate", "share", decimals=1, direction="high_bad",
              numerator="debtors", denominator="adults", factor=100.0),
    indicator("debtors", "Überschuldete", "Over-indebted adults", "count", PERSONS),
    indicator("adults", "Erwachsene", "Adults", "count", PERSONS),
    indicator("rent", "Miete je Quadratmeter", "Rent per square metre", "mean", Words("€/m²", "€/m²"), decimals=2),
    indicator("broken", "Anteil der Kleinhaushalte", "Share of small households", "share", decimals=1,
              breaks=(Break(year(2025), Words("Neue Zählung", "New count")),)),
)  # fmt: skip
AREAS = (
    Area("1", "Nordstadt", "district", "0"), Area("2", "Mürwik", "district", "0"),
    Area("3", "Hafen", "district", "0"), Area("4", "Dorf", "district", "0"), Area("0", "Musterstadt", "city"),
)  # fmt: skip
CATALOGUE = Catalogue(
    {i.id: i for i in INDICATORS},
    {},
    {},
    {
        "district": SpatialUnit("district", Words("Stadtteil", "District"), Words("Stadtteile", "Districts"), "city"),
        "city": SpatialUnit("city", Words("Stadt", "City"), Words("Stadt", "City")),
    },
    {a.code: a for a in AREAS},
)

Cells = dict[str, tuple[float | None, str]]


def rows(id: str, when: int, cells: Cells) -> pl.DataFrame:
    return pl.DataFrame(
        [(id, area, year(when), "_T", "_T", "observed", v, None, None, status, "s") for area, (v, status) in cells.items()],
        schema=SCHEMA,
        orient="row",
    )


def normal(**values: float) -> Cells:
    return {area[1:]: (value, "normal") for area, value in values.items()}


def shares(when: int, debtors: Cells, adults: Cells) -> list[pl.DataFrame]:
    """Return the rows of both parts and of their ratio."""
    ratio: Cells = {}
    for area, (above, status) in debtors.items():
        below = adults[area][0]
        ratio[area] = (100 * above / below, status) if above is not None and below else (None, status)
    return [rows("debtors", when, debtors), rows("adults", when, adults), rows("debt", when, ratio)]


# 2025: Nordstadt 14,2 % of 5,000, Mürwik 9,9 % of 4,000, Hafen 15,0 % of 200, Dorf suppressed; the city 9,8 % of 12,000.
ADULTS = normal(a1=5000, a2=4000, a3=200, a4=2800, a0=12000)
TABLE = pl.concat([
    *shares(2020, normal(a1=500, a2=400, a3=24, a4=250, a0=1174), ADULTS),
    *shares(2025, normal(a1=710, a2=396, a3=30, a0=1176) | {"4": (None, "suppressed")}, ADULTS),
    rows("rent", 2020, normal(a1=8.0, a2=9.0, a3=9.5, a0=8.8)),
    rows("rent", 2025, {**normal(a1=9.5, a2=9.104, a3=12.0, a0=9.1), "4": (None, "missing")}),
    rows("broken", 2020, normal(a1=40.0, a0=41.0)),
    rows("broken", 2025, {"1": (45.0, "provisional"), "2": (None, "not_applicable"), "0": (45.0, "normal")}),
])  # fmt: skip
