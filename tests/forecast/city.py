"""A small city with two levels of areas, a count, a part of it and their rate; every number can be recomputed."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from model.catalogue import Area, Break, Catalogue, Indicator, Source, SpatialUnit, Topic, Words
from model.vocabulary import SCHEMA

YEARS = range(2004, 2025)
UNTIL = date(2040, 12, 31)


def words(text: str) -> Words:
    return Words(text, text)


def indicator(id: str, kind: str, **extra: object) -> Indicator:
    unit = words("%" if kind == "share" else "Personen")
    return Indicator(id, words(id), "people", unit, kind, "register", **extra)  # type: ignore[arg-type]


def catalogue() -> Catalogue:
    units = {
        "quarter": SpatialUnit("quarter", words("quarter"), words("quarters"), "district"),
        "district": SpatialUnit("district", words("district"), words("districts"), "city"),
        "city": SpatialUnit("city", words("city"), words("cities")),
    }
    areas = {"C": Area("C", "City", "city")}
    for district in "DEF":
        areas[district] = Area(district, district, "district", "C")
        areas |= {f"{district}{i}": Area(f"{district}{i}", f"{district}{i}", "quarter", district) for i in range(3)}
    areas["gone"] = Area("gone", "gone", "quarter", "D", valid_to=date(2010, 1, 1))
    indicators = [
        indicator("people", "count"),
        indicator("old", "count"),
        indicator("share_old", "share", numerator="old", denominator="people", factor=100.0, decimals=1),
        indicator("balance", "balance"),
        indicator("renamed", "count", breaks=(Break(date(2022, 1, 1), words("new count")),)),
    ]
    source = Source("register", words("register"), "office", "CC0")
    return Catalogue({i.id: i for i in indicators}, {"people": Topic("people", words("p"))}, {"register": source}, units, areas)


def counts(seed: int, start: float, step: float) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    found = {
        f"{d}{i}": np.round(start * (1 + i) + np.cumsum(random.normal(step / 4, step, len(YEARS))))
        for d in "DEF"
        for i in range(3)
    }
    for district in "DEF":
        found[district] = sum(found[f"{district}{i}"] for i in range(3))  # type: ignore[assignment]
    found["C"] = sum(found[d] for d in "DEF")  # type: ignore[assignment]
    return found


def rows(id: str, values: dict[str, np.ndarray]) -> pl.DataFrame:
    made = [
        (id, area, date(year, 1, 1), "_T", "_T", "observed", float(value), None, None, "normal", "register@2025")
        for area, series in values.items()
        for year, value in zip(YEARS, series, strict=True)
    ]
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


def table() -> pl.DataFrame:
    people, old = counts(1, 2000.0, 40.0), counts(2, 400.0, 12.0)
    balance = {area: np.append(0.0, np.diff(series)) for area, series in people.items()}
    gone = {"gone": np.full(len(YEARS), 100.0)}
    shares = {area: 100 * old[area] / people[area] for area in people}
    return pl.concat(
        [
            rows("people", people | gone), rows("old", old), rows("share_old", shares), rows("balance", balance),
            rows("renamed", people),
        ]
    )  # fmt: skip


def with_status(frame: pl.DataFrame, id: str, area: str, years: range, status: str) -> pl.DataFrame:
    """Return the table with these rows withheld or marked."""
    hit = (pl.col("indicator") == id) & (pl.col("area") == area) & pl.col("period").dt.year().is_in(list(years))
    empty = status in ("suppressed", "missing", "not_applicable")
    value = pl.when(hit).then(None).otherwise(pl.col("value")) if empty else pl.col("value")
    marked = pl.when(hit).then(pl.lit(status)).otherwise(pl.col("status").cast(pl.String)).cast(SCHEMA["status"])
    return frame.with_columns(value=value, status=marked)
