"""The published files of Musterstadt as tables, and its generator as a module."""

from __future__ import annotations

import sys

import polars as pl
import pytest
from musterstadt_files import PACKAGE, by_age

sys.path.insert(0, str(PACKAGE))  # the generator is imported as a package of its own


@pytest.fixture(scope="session")
def residents() -> pl.DataFrame:
    return by_age("bevoelkerung_alter.csv")


@pytest.fixture(scope="session")
def movements() -> dict[str, pl.DataFrame]:
    files = {
        "deaths": "sterbefaelle",
        "arrivals": "zuzuege",
        "departures": "fortzuege",
        "moves_in": "umzuege_zu",
        "moves_out": "umzuege_fort",
    }
    tables = {name: by_age(f"{file}_alter.csv") for name, file in files.items()}
    return tables | {"births": by_age("geburten_alter_mutter.csv")}


@pytest.fixture(scope="session")
def credit() -> pl.DataFrame:
    path = PACKAGE / "sources" / "credit_agency" / "2026-06" / "overindebtedness.csv"
    table = pl.read_csv(path, infer_schema=False)
    cast = [pl.col(c).cast(pl.Float64, strict=False) for c in ("adults", "overindebted", "overindebted_60plus")]
    return table.with_columns(pl.col("year").cast(pl.Int64), *cast)
