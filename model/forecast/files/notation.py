"""Read periods as people write them and write the following ones the same way: 2024, 2024-H1, 2024-Q3, 2024-12-31."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from itertools import pairwise
from math import gcd
from typing import Final

from model.errors import ForecastError
from model.vocabulary import period_code

_FORMS: Final = {
    "year": re.compile(r"\d{4}"),
    "half": re.compile(r"(\d{4})-H([12])"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "day": re.compile(r"(\d{4})-(\d\d)-(\d\d)"),
}
_SEASONS: Final = {"year": 1, "half": 2, "quarter": 4, "month": 12}
_FREQUENCY: Final = {1: "annual", 2: "half_yearly", 4: "quarterly", 12: "monthly"}


@dataclass(frozen=True)
class Notation:
    """Say how the periods of a series are written; dates keep their month within the period and their day."""

    form: str
    season: int
    month: int = 0  # months after the first of the period
    day: int = 1  # 31: the last of the month

    def write(self, number: int) -> str:
        """Return the period with this number."""
        months = number * (12 // self.season) + self.month
        year, month = divmod(months, 12)
        if not MINYEAR <= year <= MAXYEAR:
            raise ForecastError(f"Year {year} is beyond the calendar.", hint="Check the periods of the input.")
        if self.form != "day":
            return period_code(date(year, month + 1, 1), _FREQUENCY[self.season])
        return date(year, month + 1, min(self.day, monthrange(year, month + 1)[1])).isoformat()

    def number(self, text: str) -> int:
        """Return the number of a period written in this notation."""
        return months_of(text)[1] // (12 // self.season)


def months_of(text: str) -> tuple[str, int, int]:
    """Return form, months since year 0 and day of a period. Raises ForecastError for what is not a period."""
    text = text.strip()
    for form, pattern in _FORMS.items():
        match = pattern.fullmatch(text)
        if match is None:
            continue
        if form == "year":
            return form, int(text) * 12, 1
        if form == "day":
            day = _date(text)
            return form, day.year * 12 + day.month - 1, day.day
        width = 12 // _SEASONS[form]
        return form, int(match[1]) * 12 + (int(match[2]) - 1) * width, 1
    raise _unreadable(text)


def notation_of(texts: Sequence[str]) -> Notation:
    """Return the notation of one series' periods; dates are annual, half-yearly, quarterly or monthly by their distance.

    Raises ForecastError where forms are mixed.
    """
    read = [months_of(text) for text in texts]
    forms = sorted({form for form, _, _ in read})
    if len(forms) > 1:
        raise ForecastError(f"Periods are written in different ways ({', '.join(forms)}).", hint="Use one way for a series.")
    if forms[0] != "day":
        return Notation(forms[0], _SEASONS[forms[0]])
    months = sorted(month for _, month, _ in read)
    step = 12
    for earlier, later in pairwise(months):
        step = gcd(step, later - earlier)
    width = next(width for width in (12, 6, 3, 1) if step % width == 0)
    return Notation("day", 12 // width, months[0] % width, max(day for _, _, day in read))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _unreadable(text) from None


def _unreadable(text: str) -> ForecastError:
    return ForecastError(f"Period {text!r} cannot be read.", hint="Write 2024, 2024-Q3, 2024-H1, 2024-03 or 2024-12-31.")
