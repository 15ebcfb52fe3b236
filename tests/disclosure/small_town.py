"""A town of three quarters whose suppressed cells can be counted on the fingers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from model.catalogue import Area, Catalogue, Indicator, Package, Source, SpatialUnit, Topic, Words
from model.ingest.store import Release
from model.vocabulary import SCHEMA

Y2024 = date(2024, 1, 1)
NONE = Words("", "")


def indicator(id: str, kind: str, **more: object) -> Indicator:
    return Indicator(id, Words(f"Titel {id}", f"Title {id}"), "t", NONE, kind, str(more.pop("source", "s")), **more)  # type: ignore[arg-type]


INDICATORS = (
    indicator("poor", "count", minimum_count=3),
    indicator("people", "count", minimum_count=0),
    indicator("rooms", "count", minimum_count=5),
    indicator("share", "share", numerator="poor", denominator="people", factor=100.0, minimum_count=3),
    indicator("rate", "rate", numerator="poor", denominator="people", factor=1000.0, minimum_count=3),
    indicator("rent", "mean", weight="rooms", minimum_count=3),
    indicator("money", "amount", minimum_count=3),
    indicator("per_head", "mean", numerator="money", denominator="people", minimum_count=3),
    indicator("secret", "count", audience="restricted", minimum_count=3, source="office"),
    indicator("inside", "count", audience="internal", minimum_count=3),
    indicator("joint", "share", numerator="secret", denominator="people", minimum_count=3),
)
UNITS = (
    SpatialUnit("quarter", Words("Stadtteil", "Quarter"), Words("Stadtteile", "Quarters"), "city"),
    SpatialUnit("block", Words("Baublock", "Block"), Words("Baublöcke", "Blocks"), "quarter", audience="internal"),
    SpatialUnit("city", Words("Stadt", "City"), Words("Stadt", "City")),
)
AREAS = (
    Area("a", "Altstadt", "quarter", "0"), Area("b", "Berg", "quarter", "0"), Area("c", "Au", "quarter", "0"),
    Area("a1", "Block 1", "block", "a"), Area("0", "Kleinstadt", "city"), Area("0-unlocated", "?", "unlocated", "0"),
)  # fmt: skip
CATALOGUE = Catalogue(
    {i.id: i for i in INDICATORS},
    {"t": Topic("t", Words("Thema", "Topic"))},
    {id: Source(id, Words(id, id), "P", "CC0-1.0") for id in ("s", "office")},
    {u.id: u for u in UNITS},
    {a.code: a for a in AREAS},
)


def row(id: str, value: float | None, area: str = "a", *, sex: str = "_T", age: str = "_T", status: str = "normal",
        period: date = Y2024, lower: float | None = None, upper: float | None = None) -> tuple[object, ...]:  # fmt: skip
    return (id, area, period, sex, age, "observed", value, lower, upper, status, "s@2025")


def table(rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def release(
    rows: Iterable[tuple[object, ...]], folder: Path = Path("nowhere"), notes: dict[str, object] | None = None
) -> Release:
    package = Package(
        folder=folder, id="kleinstadt", title=Words("Kleinstadt", "Small town"), synthetic=True, open=True, licence="CC0-1.0",
        attribution="", contact="", files=folder, catalogue=CATALOGUE, default_indicator="people",
    )  # fmt: skip
    return Release(package, "0123456789ab", table(rows), folder, notes or {"files": [], "notes": [], "warnings": []})
