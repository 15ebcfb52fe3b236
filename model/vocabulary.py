"""The glossary as code: column names, code lists, totals, ages and periods."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import polars as pl

from model.errors import SelectionError

TOTAL: Final = "_T"
OBSERVED: Final = "observed"
BASELINE: Final = "baseline"
UNLOCATED: Final = "unlocated"  # the spatial unit of rows the publisher could not place

SEXES: Final = ("F", "M", TOTAL)
STATUSES: Final = (
    "normal", "provisional", "estimated", "imputed", "forecast", "break",
    "missing", "not_applicable", "suppressed",
)  # fmt: skip
EMPTY_STATUSES: Final = ("missing", "not_applicable", "suppressed")  # these carry no value
FREQUENCIES: Final = {"annual": 1, "school_year": 1, "half_yearly": 2, "quarterly": 4, "monthly": 12}
DIRECTIONS: Final = ("high_good", "high_bad", "neutral")
KINDS: Final = ("count", "amount", "share", "rate", "mean", "index", "balance")
AUDIENCES: Final = ("public", "internal", "restricted")
ROLES: Final = ("public", "viewer", "analyst", "steward", "admin")
LANGUAGES: Final = ("de", "en")

AUDIENCES_OF: Final[dict[str, tuple[str, ...]]] = {
    "public": ("public",),
    "viewer": ("public", "internal"),
    "analyst": ("public", "internal"),
    "steward": AUDIENCES,
    "admin": AUDIENCES,
}

SCHEMA: Final[dict[str, pl.DataType]] = {
    "indicator": pl.String(),
    "area": pl.String(),
    "period": pl.Date(),
    "sex": pl.Enum(SEXES),
    "age": pl.String(),
    "scenario": pl.String(),
    "value": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "status": pl.Enum(STATUSES),
    "source": pl.String(),
}
COLUMNS: Final = tuple(SCHEMA)
KEY: Final = COLUMNS[:6]

_AGE = re.compile(r"Y(?:(\d{1,3})(?:T(\d{1,3}))?|_GE(\d{1,3})|_LT(\d{1,3}))")
_PERIOD = re.compile(r"(\d{4})(?:-?(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])(?:-(\d{2}))?)|/(\d{2}|\d{4}))?")
OLDEST: Final = 130


def empty_table() -> pl.DataFrame:
    """Return the indicator table without rows."""
    return pl.DataFrame(schema=SCHEMA)


def age_bounds(code: str) -> tuple[int, int]:
    """Return the first and last year of age in `code`, both included; `_T` is everybody.

    Raises SelectionError for a code outside the list `_T`, `Y7`, `Y0T4`, `Y_GE65`, `Y_LT18`.
    """
    if code == TOTAL:
        return 0, OLDEST
    match = _AGE.fullmatch(code)
    if match is None:
        raise SelectionError(f"Age {code!r} is not a code.", hint="Write _T, Y7, Y0T4, Y_GE65 or Y_LT18.")
    first, last, at_least, below = (None if part is None else int(part) for part in match.groups())
    if at_least is not None:
        return at_least, OLDEST
    if below is not None:
        return 0, below - 1
    assert first is not None
    return first, first if last is None else last


def age_code(first: int, last: int | None) -> str:
    """Return the age code for the years `first` to `last`, both included; None is open-ended."""
    if last is None or last >= OLDEST:
        return TOTAL if first == 0 else f"Y_GE{first}"
    return f"Y{first}" if first == last else f"Y{first}T{last}"


def parse_period(text: str) -> date:
    """Return the first day of the period written as 2024, 2024-Q3, 2024-H1, 2024-03, 2024-03-31 or 2016/17.

    Raises SelectionError for anything else, also for a day no calendar has.
    """
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        raise SelectionError(f"Period {text!r} cannot be read.", hint="Write 2024, 2024-Q3, 2024-H1, 2024-03 or 2016/17.")
    year, quarter, half, month, day, _ = match.groups()
    if quarter:
        month = str(3 * int(quarter) - 2)
    if half:
        month = str(6 * int(half) - 5)
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise SelectionError(f"Period {text!r} is no day of the calendar.") from None


def period_code(period: date, frequency: str) -> str:
    """Return the period as it stands in links and files: 2024, 2024-H1, 2024-Q3, 2024-03."""
    if frequency == "quarterly":
        return f"{period.year}-Q{(period.month + 2) // 3}"
    if frequency == "half_yearly":
        return f"{period.year}-H{(period.month + 5) // 6}"
    if frequency == "monthly":
        return f"{period.year}-{period.month:02d}"
    return str(period.year)
