"""The published files of Musterstadt as a reader sees them."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "data" / "musterstadt"
REGISTER = PACKAGE / "sources" / "population_register" / "2026-06"


def published(name: str) -> Path:
    """Return a file of the reference data; skip where the folder is not there."""
    root = Path(os.environ.get("DATENLABOR_FILES", REPOSITORY.parent / "shared" / "data"))
    path = root / name
    if not path.exists():
        pytest.skip(f"The reference data {name} is not on this machine.")
    return path


def by_age(name: str) -> pl.DataFrame:
    """Return a file by single age as long rows: area, sex, age (0…100), year, value; totals left out."""
    wide = pl.read_csv(REGISTER / name, separator=";", infer_schema=False)
    age = "Alter der Mutter" if "Alter der Mutter" in wide.columns else "Alter"
    sex = "Geschlecht des Kindes" if age == "Alter der Mutter" else "Geschlecht"
    years = [c for c in wide.columns if c.isdigit()]
    return (
        wide.filter((pl.col(age) != "insgesamt") & (pl.col(sex) != "insgesamt"))
        .unpivot(years, index=["Stadtteil", sex, age], variable_name="year")
        .select(
            area="Stadtteil",
            sex=pl.col(sex).replace({"weiblich": "F", "männlich": "M"}),
            age=pl.col(age).replace({"100 und älter": "100"}).cast(pl.Int64),
            year=pl.col("year").cast(pl.Int64),
            value=pl.col("value").cast(pl.Int64),
        )
    )
