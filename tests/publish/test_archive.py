"""The release in one file: complete, described, protected, and the same bytes each time."""

from __future__ import annotations

import io
import zipfile

import polars as pl

from model.publish.archive import parquet, release_archive


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_archive_holds_the_table_twice_and_what_explains_it(town):
    found = members(release_archive(town("public")))
    assert list(found) == [
        "README.txt", "observations.csv", "observations.parquet", "indicators.csv", "sources.csv", "areas.csv", "files.csv",
    ]  # fmt: skip
    table = pl.read_parquet(io.BytesIO(found["observations.parquet"]))
    assert table.equals(town("public").everything())
    again = pl.read_csv(io.BytesIO(found["observations.csv"]), schema_overrides={"area": pl.String})
    assert again["value"].to_list() == table["value"].to_list() and again["area"].to_list() == table["area"].to_list()
    described = pl.read_csv(io.BytesIO(found["indicators.csv"]))
    assert described.filter(pl.col("id") == "share").select("title_de", "title_en", "numerator").row(0) == (
        "Titel share", "Title share", "poor",
    )  # fmt: skip
    assert pl.read_csv(io.BytesIO(found["areas.csv"]), infer_schema=False)["name"].to_list() == [
        "Altstadt",
        "Berg",
        "Au",
        "Kleinstadt",
    ]
    introduction = found["README.txt"].decode()
    assert "0123456789ab" in introduction and "Synthetische Daten" in introduction and "CC0-1.0" in introduction


def test_nothing_hidden_is_in_it(town):
    found = members(release_archive(town("public")))
    table = pl.read_parquet(io.BytesIO(found["observations.parquet"]))
    assert table.filter(pl.col("indicator") == "poor")["value"].to_list() == [None, 0.0, 50.0, None]
    text = "".join(content.decode() for name, content in found.items() if name.endswith((".csv", ".txt")))
    for hidden in ("2.125", "secret", "inside", "office", "Block 1", ",71.0,", ",61.0,"):
        assert hidden not in text, hidden


def test_the_same_release_makes_the_same_bytes(town):
    assert release_archive(town("public")) == release_archive(town("public"))
    assert release_archive(town("public")) != release_archive(town("steward"))
    assert pl.read_parquet(io.BytesIO(parquet(town("public").table("poor")))).height == 4
