"""Real series to choose scales by: 27 indicators of German Kreise 1995–2016 (Regionalatlas), if the files are there."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from model.forecast import Panel, Scale
from model.forecast.assess.rolling import Past, rolling

FILE = "kreise/regionalatlas_social_indicators_long.csv.gz"
SHORTEST = 8  # years
OF_KIND = {"share": "logit", "rate": "root", "amount": "root", "balance": "plain"}
FORMS = {"share": ("plain", "root", "logit"), "rate": ("plain", "root"), "amount": ("plain", "root"), "balance": ("plain",)}


def panels() -> dict[str, list[Panel]]:
    """Return the indicators with at least eight years by kind; skips the test where the files are absent."""
    root = Path(os.environ.get("DATENLABOR_FILES") or Path(__file__).resolve().parents[3] / "shared" / "data")
    if not (root / FILE).exists():
        pytest.skip(f"{FILE} is not beside the repository (DATENLABOR_FILES)")
    rows = pl.read_csv(root / FILE, infer_schema=False).filter(pl.col("level") == "Kreis")
    rows = rows.with_columns(pl.col("value").cast(pl.Float64), pl.col("year").cast(pl.Int64)).drop_nulls("value")
    found: dict[str, list[Panel]] = {}
    for part in rows.partition_by("indicator", maintain_order=True):
        if part["year"].n_unique() >= SHORTEST:
            kind = _kind(part["unit"][0], float(part["value"].min()))  # type: ignore[arg-type]
            found.setdefault(kind, []).append(_panel(part, kind))
    return found


def _kind(unit: str, lowest: float) -> str:
    if lowest < 0:
        return "balance"
    return {"Prozent": "share", "EUR": "amount"}.get(unit, "rate")


def _panel(rows: pl.DataFrame, kind: str) -> Panel:
    areas = rows["ags"].unique(maintain_order=True).to_list()
    first, last = int(rows["year"].min()), int(rows["year"].max())  # type: ignore[arg-type]
    values = np.full((len(areas), last - first + 1), np.nan)
    place = {area: row for row, area in enumerate(areas)}
    for area, year, value in rows.select("ags", "year", "value").iter_rows():
        values[place[area], year - first] = value
    if kind == "share":  # one cell of the source reads 12,690 per cent
        values[values > 100] = np.nan
    return Panel(tuple(areas), values, first)


def past(panel: Panel, form: str) -> Past:
    return rolling(panel, Scale(form, 100.0 if form == "logit" else 1.0), origins=20)


def error(one: Past) -> float:
    """Return the mean absolute error relative to naive."""
    rows = one.take(one.unit > 0)
    unit = rows.unit
    return float(np.mean(np.abs(rows.value - rows.actual) / unit) / np.mean(np.abs(rows.naive - rows.actual) / unit))


def score(one: Past) -> float:
    """Return the mean scaled 95 % interval score."""
    rows = one.take(one.unit > 0)
    lower, upper = (rows.scale.back(rows.centre + side * 1.96 * rows.spread) for side in (-1, 1))
    outside = np.maximum(lower - rows.actual, 0) + np.maximum(rows.actual - upper, 0)
    return float(np.mean((upper - lower + 40 * outside) / rows.unit))


def scale_lines() -> list[str]:
    """Return the README's table: per kind and scale the error, how often it beats the plain scale, and the interval score."""
    lines = [
        "| Kind (indicators) | Scale | Error ÷ naive | Better than plain | Interval score ÷ plain | Cover of 80 / 95 % |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for kind, found in panels().items():
        plain = [past(panel, "plain") for panel in found]
        for form in FORMS[kind]:
            made = plain if form == "plain" else [past(panel, form) for panel in found]
            errors = np.array([error(one) for one in made])
            better = f"{int(np.sum(errors < [error(one) for one in plain]))} of {len(found)}" if form != "plain" else ""
            ratio = np.exp(np.mean(np.log([score(a) / score(b) for a, b in zip(made, plain, strict=True)])))
            cover = [100 * np.mean([np.mean(np.abs(one.distance) <= reach) for one in made]) for reach in (1.2816, 1.96)]
            used = f"**{form}**" if form == OF_KIND[kind] else form
            covered = f"{cover[0]:.0f} / {cover[1]:.0f}"
            lines.append(f"| {kind} ({len(found)}) | {used} | {errors.mean():.3f} | {better} | {ratio:.3f} | {covered} |")
    return lines
