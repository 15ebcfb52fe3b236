"""A whole data release in one file: the protected table and everything that explains it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import asdict, is_dataclass
from typing import Any, Final

import polars as pl

from model.catalogue import Words
from model.disclosure import Reader
from model.ingest.store import area_frame
from model.publish.entries import open_indicators, open_sources
from model.vocabulary import LANGUAGES

_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the same release makes the same bytes
_INTRODUCTION: Final = """{title}
Datenstand / data release: {release}
Lizenz / licence: {licence}
{attribution}
{synthetic}
observations.csv     Indikatorentabelle / indicator table: one row per indicator, area, period, sex, age, scenario
observations.parquet dieselbe Tabelle / the same table
indicators.csv       was die Zahlen bedeuten / what the numbers mean
sources.csv          woher sie stammen / where they come from
areas.csv            Gebiete mit Gültigkeit und Vorgängern / areas with validity and predecessors
files.csv            Quelldateien mit Prüfsummen / source files with checksums

status: normal, provisional (vorläufig), estimated (geschätzt), imputed (ergänzt), forecast (Prognose), break (Bruch);
        without value / ohne Wert: suppressed (geheim gehalten), missing (nicht veröffentlicht), not_applicable (nicht anwendbar).
        0 ist eine echte Null / 0 is a true zero.
"""
_SYNTHETIC: Final = "Synthetische Daten: erfunden, keine echte Stadt. / Synthetic data: made up, no real city.\n"


def release_archive(reader: Reader) -> bytes:
    """Return a ZIP of the reader's whole release: table, indicators, sources, areas, files, and a word of introduction."""
    table = reader.everything()
    members = {
        "README.txt": introduction(reader).encode("utf-8"),
        "observations.csv": table.write_csv().encode("utf-8"),
        "observations.parquet": parquet(table),
        "indicators.csv": _described(open_indicators(reader.catalogue)),
        "sources.csv": _described(open_sources(reader.catalogue)),
        "areas.csv": _areas(reader),
        "files.csv": pl.DataFrame(reader.notes["files"]).write_csv().encode("utf-8"),
    }
    return _zipped(members)


def parquet(table: pl.DataFrame) -> bytes:
    """Return a table as Parquet."""
    buffer = io.BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()


def introduction(reader: Reader) -> str:
    """Return what the archive holds, in both languages."""
    package = reader.package
    return _INTRODUCTION.format(
        title=" / ".join(dict.fromkeys(package.title.of(language) for language in LANGUAGES)),
        release=reader.release,
        licence=package.licence,
        attribution=package.attribution,
        synthetic=_SYNTHETIC if package.synthetic else "",
    )


def _described(entries: Any) -> bytes:
    """Return entries of the catalogue as CSV: texts in one column per language, lists joined."""
    return pl.DataFrame([_flat(entry) for entry in entries], infer_schema_length=None).write_csv().encode("utf-8")


def _flat(entry: Any) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in entry.__dataclass_fields__:
        value = getattr(entry, name)
        if isinstance(value, Words):
            row |= {f"{name}_{language}": value.of(language) for language in LANGUAGES}
        elif isinstance(value, tuple):
            row[name] = "; ".join(_line(item) for item in value)
        elif is_dataclass(value) and not isinstance(value, type):
            row[name] = " ".join(f"{k}={v}" for k, v in asdict(value).items())
        else:
            row[name] = value
    return row


def _line(item: Any) -> str:
    return f"{item.period}: {item.note.de}" if hasattr(item, "note") else str(item)


def _areas(reader: Reader) -> bytes:
    rows = area_frame(reader.catalogue.areas.values())
    return rows.with_columns(pl.col("predecessors").list.join("; ")).write_csv().encode("utf-8")


def _zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
