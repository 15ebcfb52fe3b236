"""The verbs `forecast` and `backtest` of the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from model.catalogue import read_package
from model.disclosure import Reader
from model.errors import ForecastError
from model.forecast.areas.outlook import inputs, track_records, withhold
from model.forecast.areas.table import forecast_table
from model.forecast.assess.package import backtest_package, read_records, write_records
from model.forecast.assess.record import Record
from model.forecast.cluster import LOCAL, forecast_on
from model.forecast.engine.run import METHODS, pool_of
from model.forecast.files.longfile import Bundle, long_table, read_long
from model.forecast.scale import SCALE_OF, refuse_outside, scale_for
from model.forecast.series import Ints, Panel
from model.ingest.store import open_release
from model.vocabulary import TOTAL, period_code

KINDS: Final = ("auto", *SCALE_OF)
BAR: Final = 30
FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2200
HEADS: Final = {"cases": 6, "error": 6, "naive": 6, "drift": 6, "80 %": 5, "95 %": 5, "width": 5, "trend": 5}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `python -m model forecast` takes."""
    parser.description = (
        "Continue the series of a long CSV file (series,period,value), or an indicator of a built package: "
        "then INPUT is the package's folder, with --indicator and --until."
    )
    parser.add_argument("input", type=Path, metavar="INPUT")
    parser.add_argument("--horizon", type=int, help="steps after each series' last value (files)")
    parser.add_argument("--indicator", help="the indicator of a package")
    parser.add_argument("--sex", default=TOTAL, help="F, M, _T or all (packages)")
    parser.add_argument("--age", default=TOTAL, help="a code such as Y_GE65, _T or all (packages)")
    parser.add_argument("--until", type=int, default=2040, help="last year for a package (2040)")
    parser.add_argument("--kind", choices=KINDS, default="auto", help="auto: balance where a value is negative, else count")
    parser.add_argument("--levels", default="80,95", help="levels of the prediction intervals in per cent")
    parser.add_argument("--method", choices=METHODS, default="combination")
    parser.add_argument("--width", type=float, default=1.0, help="factor on the intervals of a file, as a back-test found it")
    parser.add_argument("--engine", default=LOCAL, help="local, or dask://HOST[:PORT] of a running scheduler (files)")
    parser.add_argument("--output", type=Path, required=True, metavar="OUT.csv")


def run(arguments: argparse.Namespace) -> int:
    """Forecast a file or a package's indicator and write CSV; where the input is refused nothing is written.

    Raises DatalabError.
    """
    levels = read_levels(arguments.levels)
    table = _of_package(arguments, levels) if arguments.input.is_dir() else _of_file(arguments, levels)
    _write(table, arguments.output)
    return 0


def add_backtest_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `python -m model backtest` takes."""
    parser.description = "Print what forecasts of the past would have been worth, and keep it beside the data release."
    parser.add_argument("package", type=Path, metavar="PACKAGE")
    parser.add_argument("--indicator", action="append", help="only this one; may be given several times")
    parser.add_argument("--method", choices=METHODS, default="combination")


def run_backtest(arguments: argparse.Namespace) -> int:
    """Print the track record of a built package and keep the default method's with the release. Raises DatalabError."""
    reader = Reader(open_release(read_package(arguments.package)), "steward")
    bar = _bar if sys.stderr.isatty() else None
    records = backtest_package(reader.everything(), reader.catalogue, arguments.indicator, arguments.method, bar)
    for line in record_lines(records.values()):
        print(line)
    if arguments.method == METHODS[0]:
        kept = read_records(reader.folder) if arguments.indicator else {}
        write_records({**kept, **records}, reader.folder)
    return 0


def read_levels(text: str) -> tuple[float, ...]:
    """Return the levels of "80,95". Raises ForecastError for anything not between 0 and 100."""
    try:
        levels = tuple(float(part) for part in text.split(","))
    except ValueError:
        levels = (-1.0,)
    if not all(0 < level < 100 for level in levels):
        raise ForecastError(f"Levels {text!r} are not possible.", hint="Give per cent, such as 80,95.")
    return tuple(dict.fromkeys(levels))


def record_lines(records: Iterable[Record]) -> Iterable[str]:
    """Yield the track records as lines of a table; errors are in mean yearly changes of the series."""
    heads = " ".join(f"{head:>{width}}" for head, width in HEADS.items())
    yield f"{'indicator':<40} {heads}   miss after 1, 3, 5 years"
    for one in records:
        covered = (100 * one.coverage[level] for level in ("80", "95"))
        misses = "  ".join(f"{miss:.4g}" for miss in one.miss.values() if not np.isnan(miss))
        numbers = f"{one.mase:6.2f} {one.mase_naive:6.2f} {one.mase_drift:6.2f} " + " ".join(f"{c:5.1f}" for c in covered)
        if not one.cases:
            yield f"{one.indicator:<40} {0:>6}   too short for a back-test"
            continue
        mark = "   drift is better" if one.drift_wins else ""
        yield f"{one.indicator:<40} {one.cases:>6} {numbers} {one.width:5.2f} {one.trend:5.2f}   {misses}{mark}"


def _of_file(arguments: argparse.Namespace, levels: tuple[float, ...]) -> pl.DataFrame:
    if arguments.horizon is None:
        raise ForecastError("--horizon is missing.", hint="Say how many steps to go ahead, such as --horizon 16.")
    if not 0 < arguments.width < 100:
        raise ForecastError(f"--width {arguments.width:g} is not possible.", hint="Give a factor such as 1.1.")
    bundles = read_long(arguments.input)
    try:
        tables = [part for bundle in bundles for part in _tables(bundle, levels, arguments)]
    except ForecastError as error:
        where = ", ".join(part for part in (str(arguments.input), error.where) if part)
        raise ForecastError(error.what, where=where, hint=error.hint) from error
    table = pl.concat(tables).sort("place", "step").drop("place", "step")
    silent = table.filter(pl.col("value").is_null()).unique("series", maintain_order=True)
    for name, said in silent.select("series", "method").iter_rows():
        print(f"series {name!r}: {said}", file=sys.stderr)
    return table


def _tables(bundle: Bundle, levels: tuple[float, ...], arguments: argparse.Namespace) -> list[pl.DataFrame]:
    tables = []
    for rows in _by_kind(bundle.panel, arguments.kind):
        panel = bundle.panel.take(rows)
        scale = scale_for(arguments.kind, panel)
        refuse_outside(panel, scale)
        future = forecast_on(arguments.engine, panel, arguments.horizon, scale, arguments.method, pool_of(panel, scale))
        places = [bundle.places[row] for row in rows]
        tables.append(long_table(future.widened(arguments.width), bundle.notation, levels, places))
    return tables


def _by_kind(panel: Panel, kind: str) -> list[Ints]:
    """Return the rows that share a scale: under `auto`, a negative value decides for its own series only."""
    lowest = np.nanmin(panel.values, axis=1)
    signed = lowest < 0 if kind == "auto" else np.zeros(len(panel.names), dtype=bool)
    return [np.flatnonzero(part) for part in (~signed, signed) if part.any()]


def _of_package(arguments: argparse.Namespace, levels: tuple[float, ...]) -> pl.DataFrame:
    """Return what the forecast page shows of an indicator: calibrated, adding up, with method and release."""
    if not arguments.indicator:
        raise ForecastError("--indicator is missing.", where=str(arguments.input), hint="Name the indicator of the package.")
    reader = Reader(open_release(read_package(arguments.input)), "analyst")
    known = reader.catalogue.indicator(arguments.indicator)
    records = track_records(reader, known.id, arguments.method)
    if not FIRST_YEAR <= arguments.until <= LAST_YEAR:
        raise ForecastError(f"--until {arguments.until} is not possible.", hint=f"Give a year up to {LAST_YEAR}.")
    until = date(arguments.until, 12, 31)
    sex, age = (None if code == "all" else code for code in (arguments.sex, arguments.age))
    rows = inputs(reader, known.id) if (sex, age) == (TOTAL, TOTAL) else reader.everything()
    made = withhold(
        forecast_table(rows, reader.catalogue, known.id, until, arguments.method, levels, records=records, sex=sex, age=age), rows
    )
    table = made.quantiles().with_columns(
        period=pl.col("period").map_elements(lambda day: period_code(day, known.frequency), return_dtype=pl.String)
    )
    said = {"method": arguments.method, "status": "forecast", "release": reader.release}
    return table.with_columns(**{name: pl.lit(text) for name, text in said.items()})


def _write(table: pl.DataFrame, path: Path) -> None:
    partial = path.with_name(path.name + ".part")
    try:
        table.write_csv(partial)
        partial.replace(path)
    except OSError as error:
        raise ForecastError(f"Cannot be written: {error.strerror or error}.", where=str(path)) from error


def _bar(done: int, total: int, indicator: str) -> None:
    filled = BAR * done // max(total, 1)
    end = "\n" if done == total else ""
    print(f"\r[{'#' * filled}{' ' * (BAR - filled)}] {done}/{total} {indicator:<40.40}", end=end, file=sys.stderr, flush=True)
