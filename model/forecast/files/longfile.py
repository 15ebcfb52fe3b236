"""Read a long file of series (series, period, value) into panels, and write their futures as a long file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from model.errors import ForecastError, UnknownName
from model.forecast.files.notation import Notation, notation_of
from model.forecast.future import REASONS, Future
from model.forecast.series import Panel

COLUMNS: Final = ("series", "period", "value")


@dataclass(frozen=True)
class Bundle:
    """Hold the series of a file that share a notation of periods, and their places in the file."""

    panel: Panel
    notation: Notation
    places: tuple[int, ...]


def read_long(path: Path | str) -> tuple[Bundle, ...]:
    """Return the series of a CSV file with the columns series, period, value.

    Raises ForecastError or UnknownName naming file, series and what is wrong: unknown or missing column, unreadable or
    duplicate period, text in value, series without any value.
    """
    where = str(path)
    rows = _numbered(_read(path), where)
    names = rows.group_by("series", maintain_order=True).agg(pl.col("period").unique().sort(), pl.col("number").count())
    empty = names.filter(pl.col("number") == 0)
    if empty.height:
        raise ForecastError(f"Series {empty['series'][0]!r} has no value.", where=where, hint="Every value is missing.")
    notations = _notations(names, where)
    bundles = []
    for notation in dict.fromkeys(notations):
        places = tuple(i for i, own in enumerate(notations) if own == notation)
        chosen = names[list(places)]["series"]
        bundles.append(Bundle(_panel(rows, chosen, notation, where), notation, places))
    return tuple(bundles)


def _read(path: Path | str) -> pl.DataFrame:
    try:
        frame = pl.read_csv(path, infer_schema=False, encoding="utf8")
    except FileNotFoundError:
        raise ForecastError("The file is missing.", where=str(path)) from None
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ForecastError(f"Cannot be read as CSV: {str(error).splitlines()[0]}", where=str(path)) from error
    for column in COLUMNS:
        if column not in frame.columns:
            found = ", ".join(frame.columns)
            raise ForecastError(f"Column {column!r} is missing.", where=str(path), hint=f"The file has: {found}.")
    for column in frame.columns:
        if column not in COLUMNS:
            raise UnknownName("Column", column, COLUMNS, where=str(path))
    if not frame.height:
        raise ForecastError("The file has no rows.", where=str(path))
    return frame.select(pl.col(COLUMNS).str.strip_chars())


def _numbered(rows: pl.DataFrame, where: str) -> pl.DataFrame:
    """Return the rows with `number`, the value as a number; refuse text, infinity and empty names or periods."""
    rows = rows.with_row_index("line", offset=2).with_columns(pl.col("value").replace("", None))
    rows = rows.with_columns(number=pl.col("value").cast(pl.Float64, strict=False))
    text = rows.filter(pl.col("value").is_not_null() & ~pl.col("number").is_finite().fill_null(False))
    if text.height:
        line, name, _, value, _ = text.row(0)
        raise ForecastError(f"Series {name!r}, line {line}: {value!r} is not a number.", where=where, hint="Leave it empty.")
    for column in ("series", "period"):
        nameless = rows.filter(pl.col(column).fill_null("") == "")
        if nameless.height:
            name, line = nameless["series"][0] or "", nameless["line"][0]
            raise ForecastError(f"Series {name!r}, line {line}: {column} is empty.", where=where)
    return rows


def _notations(names: pl.DataFrame, where: str) -> list[Notation]:
    found: dict[tuple[str, ...], Notation] = {}
    notations = []
    for name, periods, _ in names.iter_rows():
        key = tuple(periods)
        if key not in found:
            try:
                found[key] = notation_of(key)
            except ForecastError as error:
                raise ForecastError(f"Series {name!r}: {error.what}", where=where, hint=error.hint) from error
        notations.append(found[key])
    return notations


def _panel(rows: pl.DataFrame, names: pl.Series, notation: Notation, where: str) -> Panel:
    rows = rows.join(pl.DataFrame({"series": names}).with_row_index("row"), on="series", how="inner")
    periods = rows["period"].unique()
    numbers = pl.DataFrame({"period": periods, "place": [notation.number(text) for text in periods]})
    rows = rows.join(numbers, on="period", how="left")
    twice = rows.filter(pl.struct("row", "place").is_duplicated())
    if twice.height:
        line = twice.sort("row", "place", "line")["line"][1]
        name, period = rows.filter(pl.col("line") == line).select("series", "period").row(0)
        raise ForecastError(f"Series {name!r}, line {line}: period {period} stands there twice.", where=where)
    first = int(rows["place"].min())  # type: ignore[arg-type]
    width = int(rows["place"].max()) - first + 1  # type: ignore[arg-type]
    values = np.full((len(names), width), np.nan)
    values[rows["row"].to_numpy(), rows["place"].to_numpy() - first] = rows["number"].to_numpy()
    return Panel(tuple(names), values, first, notation.season)


def long_table(future: Future, notation: Notation, levels: Sequence[float], places: Sequence[int]) -> pl.DataFrame:
    """Return series, period, value, bounds per level, method, and `place` of the series in the file and `step`.

    Where there is no forecast the values are empty and `method` says why.
    """
    count, horizon = future.centre.shape
    numbers = (future.last[:, None] + np.arange(1, horizon + 1)).ravel()
    written = {int(number): notation.write(int(number)) for number in np.unique(numbers)}
    columns: dict[str, object] = {
        "series": np.repeat(np.array(future.names, dtype=object), horizon),
        "period": [written[int(number)] for number in numbers],
        "value": future.value.ravel(),
    }
    for level in levels:
        lower, upper = future.interval(level)
        columns[f"lower_{level:g}"], columns[f"upper_{level:g}"] = lower.ravel(), upper.ravel()
    said = [f"none: {REASONS[reason].en}" if reason else future.method for reason in future.reasons]
    columns["method"] = np.repeat(np.array(said, dtype=object), horizon)
    columns["place"] = np.repeat(np.array(places, dtype=np.int64), horizon)
    columns["step"] = np.tile(np.arange(horizon), count)
    return pl.DataFrame(columns, schema_overrides={"series": pl.String, "method": pl.String}).with_columns(
        pl.col(pl.Float64).fill_nan(None)
    )
