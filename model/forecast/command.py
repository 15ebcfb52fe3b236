"""The verbs `forecast` and `backtest` of the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from model.errors import ForecastError
from model.forecast.engine.run import METHODS, forecast, pool_of
from model.forecast.longfile import Bundle, long_table, read_long
from model.forecast.scale import SCALE_OF, refuse_outside, scale_for
from model.forecast.series import Panel

KINDS: Final = ("auto", *SCALE_OF)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `python -m model forecast` takes."""
    parser.description = "Forecast the series of a long CSV file: series,period,value."
    parser.add_argument("input", type=Path, metavar="INPUT.csv")
    parser.add_argument("--horizon", type=int, required=True, help="steps after each series' last value")
    parser.add_argument("--kind", choices=KINDS, default="auto", help="auto: balance where a value is negative, else count")
    parser.add_argument("--levels", default="80,95", help="levels of the prediction intervals in per cent")
    parser.add_argument("--method", choices=METHODS, default="combination")
    parser.add_argument("--width", type=float, default=1.0, help="factor on the intervals, as the back-test found it")
    parser.add_argument("--output", type=Path, required=True, metavar="OUT.csv")


def run(arguments: argparse.Namespace) -> int:
    """Forecast a file and write the result; nothing is written where the input is refused. Raises DatalabError."""
    levels = read_levels(arguments.levels)
    if not 0 < arguments.width < 100:
        raise ForecastError(f"--width {arguments.width:g} is not possible.", hint="Give a factor such as 1.1.")
    tables = []
    for bundle in read_long(arguments.input):
        tables += _tables(bundle, levels, arguments)
    table = pl.concat(tables).sort("place", "step").drop("place", "step")
    for (name, said), _ in table.filter(pl.col("value").is_null()).group_by("series", "method", maintain_order=True):
        print(f"{name}: {said}", file=sys.stderr)
    partial = arguments.output.with_name(arguments.output.name + ".part")
    try:
        table.write_csv(partial)
    except OSError as error:
        raise ForecastError(f"Cannot be written: {error.strerror}.", where=str(arguments.output)) from error
    partial.replace(arguments.output)
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


def _tables(bundle: Bundle, levels: tuple[float, ...], arguments: argparse.Namespace) -> list[pl.DataFrame]:
    tables = []
    for rows in _by_kind(bundle.panel, arguments.kind):
        panel = bundle.panel.take(rows)
        scale = scale_for(arguments.kind, panel)
        refuse_outside(panel, scale)
        future = forecast(panel, arguments.horizon, scale, arguments.method, pool_of(panel, scale))
        places = [bundle.places[row] for row in rows]
        tables.append(long_table(future.widened(arguments.width), bundle.notation, levels, places))
    return tables


def _by_kind(panel: Panel, kind: str) -> list[np.ndarray]:
    """Return the rows that share a scale: under `auto`, a negative value decides for its own series only."""
    signed = np.nanmin(panel.values, axis=1) < 0 if kind == "auto" else np.zeros(len(panel.names), dtype=bool)
    return [np.flatnonzero(part) for part in (~signed, signed) if part.any()]
