"""The verb query of the command line: rows of the indicator table as a role may see them."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

import polars as pl

from model.catalogue import read_package
from model.disclosure.reader import Reader
from model.ingest.store import open_release
from model.query.select import Selection
from model.vocabulary import ROLES, parse_period


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `query`."""
    parser.add_argument("package", help="folder of the data package")
    parser.add_argument("--indicator", action="append", required=True, help="id of an indicator; may be repeated")
    parser.add_argument("--unit", help="id of a spatial unit")
    parser.add_argument("--area", action="append", default=[], help="code of an area; may be repeated")
    parser.add_argument("--period", action="append", default=[], metavar="P|P:P", help="2024, 2024-Q3 …, or a span 2015:2024")
    parser.add_argument("--sex", help="F, M or _T; without it every breakdown")
    parser.add_argument("--age", help="_T, Y7, Y0T4, Y_GE65 …; without it every breakdown")
    parser.add_argument("--role", choices=ROLES, default="public", help="whose eyes (default public)")
    parser.add_argument("--release", help="hash of an older data release")
    parser.add_argument("--format", choices=("csv", "json"), default="csv")


def run(arguments: argparse.Namespace) -> int:
    """Print the rows asked for. Raises UnknownName, SelectionError or PackageError."""
    reader = Reader(open_release(read_package(arguments.package), arguments.release), arguments.role)
    periods, listed = read_periods(arguments.period)
    rows = reader.select(
        Selection(
            indicators=tuple(arguments.indicator),
            unit=arguments.unit,
            areas=tuple(arguments.area),
            periods=periods,
            sex=arguments.sex,
            age=arguments.age,
            listed=listed,
        )
    )
    sys.stdout.write(as_json(rows) if arguments.format == "json" else rows.write_csv())
    return 0


def read_periods(texts: list[str]) -> tuple[tuple[date, ...], bool]:
    """Return the periods of a selection, and whether they are a list (else the ends of one span)."""
    if len(texts) == 1 and ":" in texts[0]:
        first, _, last = texts[0].partition(":")
        return (parse_period(first), parse_period(last)), False
    return tuple(parse_period(text) for text in texts), True


def as_json(rows: pl.DataFrame) -> str:
    """Return rows as a JSON list of objects; periods are ISO dates, empty values null."""
    shown: list[dict[str, Any]] = rows.with_columns(pl.col("period").cast(pl.String)).to_dicts()
    return json.dumps(shown, ensure_ascii=False, indent=1) + "\n"
