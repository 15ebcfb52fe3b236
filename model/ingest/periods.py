"""Texts of tables → the first day of the period they name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from model.errors import RecipeError
from model.vocabulary import FREQUENCIES

_MONTHS: Final = {
    **{name: n for n, name in enumerate(("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"), 1)},
    **{"mrz": 3, "mar": 3, "may": 5, "oct": 10, "dec": 12, "mae": 3},
}
_NAME: Final = "[A-Za-zä]{3,9}"
OLDEST, NEWEST = 1700, 2200  # years outside are typing errors, not periods


@dataclass(frozen=True, slots=True)
class Periods:
    """Hold a column of periods: `first` Date (null where unreadable), `form` how each was written.

    `breaches` has row (UInt32, from 0), text and rule of every cell that could not be read.
    """

    first: pl.Series
    form: pl.Series
    breaches: pl.DataFrame


def parse_periods(column: pl.Series, form: str = "auto", frequency: str | None = None) -> Periods:
    """Read the texts of a column as periods; `form` one of FORMS or `auto` (every form except multi_year).

    `frequency` (annual, school_year, half_yearly, quarterly, monthly) sends every date, above all key dates, to the
    first day of its year, half-year, quarter or month; None leaves dates as they are.
    """
    if form != "auto" and form not in FORMS:
        raise RecipeError(f"Period format {form!r} is not known.", hint=f"Write one of: auto, {', '.join(FORMS)}.")
    if frequency is not None and frequency not in FREQUENCIES:
        raise RecipeError(f"Frequency {frequency!r} is not known.", hint=f"Write one of: {', '.join(FREQUENCIES)}.")
    texts = _as_text(column)
    distinct = texts.unique()
    read = [_parse(text or "", form) for text in distinct]
    first = pl.Series([_align(day, frequency) for day, _ in read], dtype=pl.Date)
    table = pl.DataFrame({"text": distinct, "first": first, "form": pl.Series([name for _, name in read], dtype=pl.String)})
    cells = pl.DataFrame({"text": texts}).with_row_index("row").join(
        table, on="text", how="left", nulls_equal=True, maintain_order="left"
    )  # fmt: skip
    rule = pl.when(pl.col("text").is_null()).then(pl.lit("empty_period")).otherwise(pl.lit("not_a_period"))
    breaches = cells.filter(pl.col("first").is_null()).select("row", pl.col("text").fill_null(""), rule.alias("rule"))
    return Periods(cells["first"].alias("period"), cells["form"], breaches)


def _as_text(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        return whole.cast(pl.String).zip_with((whole == column).fill_null(True), column.cast(pl.String))
    if column.dtype == pl.Datetime:
        return column.cast(pl.Date).cast(pl.String)
    return column.cast(pl.String)


def _parse(text: str, form: str) -> tuple[date | None, str | None]:
    tidy = " ".join(text.replace("\u00a0", " ").split())
    for name, (pattern, build) in FORMS.items():
        if form == name or (form == "auto" and name != "multi_year"):
            match = re.fullmatch(pattern, tidy, re.IGNORECASE | re.ASCII)
            day = build(match) if match else None
            if day is not None and OLDEST <= day.year <= NEWEST:
                return day, name
    return None, None


def _align(day: date | None, frequency: str | None) -> date | None:
    """Return the first day of the period of this frequency that holds the day."""
    if day is None or frequency is None:
        return day
    months = 12 // FREQUENCIES[frequency]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _date(year: str, month: int | str = 1, day: int | str = 1) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # the 31st of June is a breach of the cell, reported by the caller with its line
        return None


def _school_year(match: re.Match[str]) -> date | None:
    first, last = match["y"], match["z"]
    follows = (int(first) + 1) % 10 ** len(last) == int(last)
    return _date(first) if follows else None


def _several_years(match: re.Match[str]) -> date | None:
    first, last = int(match["y"]), match["z"]
    end = int(last) if len(last) == 4 else first - first % 100 + int(last) + (100 if int(last) < first % 100 else 0)
    return _date(match["y"]) if first <= end <= first + 20 else None


def _named_month(match: re.Match[str]) -> date | None:
    month = _MONTHS.get(match["name"].casefold()[:3])
    return _date(match["y"], month) if month else None


FORMS: Final[dict[str, tuple[str, Callable[[re.Match[str]], date | None]]]] = {
    "year": (r"(?P<y>\d{4})(?:\.0)?", lambda m: _date(m["y"])),
    "key_date": (r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", lambda m: _date(m["y"], m["m"], m["d"])),
    "date": (
        r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?",
        lambda m: _date(m["y"], m["m"], m["d"]),
    ),
    "quarter": (
        r"(?:(?P<y>\d{4})[-/ ]?Q ?(?P<q>[1-4])|Q ?(?P<q2>[1-4])[-/ ](?P<y2>\d{4})"
        r"|(?P<q3>[1-4])\. ?(?:Quartal|Vierteljahr|Vj\.?|Q\.?) (?P<y3>\d{4}))",
        lambda m: _date(m["y"] or m["y2"] or m["y3"], 3 * int(m["q"] or m["q2"] or m["q3"]) - 2),
    ),
    "half_year": (
        r"(?:(?P<y>\d{4})[-/ ]?[HS] ?(?P<h>[12])|H ?(?P<h2>[12])[-/ ](?P<y2>\d{4})"
        r"|(?P<h3>[12])\. ?(?:Halbjahr|Hj\.?) (?P<y3>\d{4}))",
        lambda m: _date(m["y"] or m["y2"] or m["y3"], 6 * int(m["h"] or m["h2"] or m["h3"]) - 5),
    ),
    "month": (
        r"(?:(?P<y>\d{4})[-/]?M?(?P<m>0[1-9]|1[0-2])|(?P<m2>0?[1-9]|1[0-2])[./](?P<y2>\d{4}))",
        lambda m: _date(m["y"] or m["y2"], m["m"] or m["m2"]),
    ),
    "month_name": (rf"(?:\d{{1,2}}\. ?)?(?P<name>{_NAME})\.?[ -](?P<y>\d{{4}})", _named_month),
    "school_year": (r"(?P<y>\d{4}) ?[/-] ?(?P<z>\d{2}|\d{4})", _school_year),
    "multi_year": (r"(?P<y>\d{4}) ?[/-] ?(?P<z>\d{2}|\d{4})", _several_years),
}
