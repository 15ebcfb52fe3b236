"""Ask the indicator table a question that can say itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from model.catalogue import Catalogue
from model.errors import SelectionError
from model.vocabulary import SEXES, TOTAL, UNLOCATED, age_bounds, age_code, period_code

_SEX_WORDS = {"F": {"de": "Frauen", "en": "women"}, "M": {"de": "Männer", "en": "men"}}


@dataclass(frozen=True)
class Selection:
    """A frozen question; what is empty or None does not restrict.

    `periods` are the first and the last (both included) when there are two, else exactly those listed (`listed=True`
    takes two as a list too). `sex` and `age` are one code each, `_T` for the total; None asks for every breakdown.
    """

    indicators: tuple[str, ...] = ()
    unit: str | None = None
    areas: tuple[str, ...] = ()
    periods: tuple[date, ...] = ()
    sex: str | None = None
    age: str | None = None
    scenario: str | None = None
    listed: bool = False

    @property
    def is_span(self) -> bool:
        """Tell whether `periods` are the ends of a span."""
        return len(self.periods) == 2 and not self.listed

    def sentence(self, catalogue: Catalogue, language: str = "de") -> str:
        """Say the question in one line: indicators, unit or areas, periods, breakdown."""
        parts = [
            _indicator_words(self, catalogue, language),
            _place_words(self, catalogue, language),
            _period_words(self, catalogue),
            _breakdown_words(self, language),
        ]
        return ", ".join(part for part in parts if part)


def select(table: pl.DataFrame, catalogue: Catalogue, selection: Selection) -> pl.DataFrame:
    """Return the rows of an already protected indicator table that `selection` asks for, in their order.

    Raises UnknownName for indicators, units and areas that are not in the catalogue, SelectionError for codes that are none.
    """
    return table.filter(_conditions(catalogue, selection))


def _conditions(catalogue: Catalogue, selection: Selection) -> list[pl.Expr]:
    conditions = [pl.lit(True)]
    if selection.indicators:
        conditions.append(_one_of("indicator", [catalogue.indicator(id).id for id in selection.indicators]))
    if selection.unit is not None:
        conditions.append(_one_of("area", _areas_of(catalogue, selection.unit)))
    if selection.areas:
        conditions.append(_one_of("area", [catalogue.area(code).code for code in selection.areas]))
    conditions.append(_period_condition(selection))
    if selection.sex is not None:
        conditions.append(pl.col("sex") == _sex(selection.sex))
    if selection.age is not None:
        conditions.append(pl.col("age") == _age(selection.age))
    if selection.scenario is not None:
        conditions.append(pl.col("scenario") == selection.scenario)
    return conditions


def _one_of(column: str, values: Sequence[str]) -> pl.Expr:
    return pl.col(column).is_in(list(values))


def _areas_of(catalogue: Catalogue, unit: str) -> list[str]:
    """Return every area of a unit, also those that have ended: their years are part of the series."""
    if unit == UNLOCATED:
        return [area.code for area in catalogue.areas.values() if area.unit == UNLOCATED]
    return [area.code for area in catalogue.areas_of(unit, current=False)]


def _period_condition(selection: Selection) -> pl.Expr:
    if not selection.periods:
        return pl.lit(True)
    if not selection.is_span:
        return pl.col("period").is_in(list(selection.periods))
    first, last = selection.periods
    if first > last:
        raise SelectionError(f"The span from {first} to {last} ends before it begins.", hint="Give the earlier period first.")
    return pl.col("period").is_between(first, last)


def _sex(code: str) -> str:
    if code not in SEXES:
        raise SelectionError(f"Sex {code!r} is not a code.", hint=f"Write {', '.join(SEXES)}.")
    return code


def _age(code: str) -> str:
    first, last = age_bounds(code)
    return code if code == TOTAL else age_code(first, last)


def _indicator_words(selection: Selection, catalogue: Catalogue, language: str) -> str:
    titles = [catalogue.indicator(id).title.of(language) for id in selection.indicators]
    return _listed(titles, language) or ("all indicators" if language == "en" else "alle Indikatoren")


def _place_words(selection: Selection, catalogue: Catalogue, language: str) -> str:
    if selection.areas:
        return _listed([catalogue.area(code).name for code in selection.areas], language)
    if selection.unit is None or selection.unit == UNLOCATED:
        return ""
    plural = catalogue.unit(selection.unit).plural.of(language)
    return f"all {plural}" if language == "en" else f"alle {plural}"


def _period_words(selection: Selection, catalogue: Catalogue) -> str:
    frequencies = {catalogue.indicator(id).frequency for id in selection.indicators}
    frequency = frequencies.pop() if len(frequencies) == 1 else "annual"
    codes = list(dict.fromkeys(period_code(period, frequency) for period in selection.periods))
    return "–".join(codes) if selection.is_span else ", ".join(codes)


def _breakdown_words(selection: Selection, language: str) -> str:
    sex = _SEX_WORDS[selection.sex][language] if selection.sex in _SEX_WORDS else ""
    age = _age_words(selection.age, language) if selection.age and selection.age != TOTAL else ""
    return ", ".join(part for part in (sex, age) if part)


def _age_words(code: str, language: str) -> str:
    first, last = age_bounds(code)
    english = language == "en"
    if code.startswith("Y_GE"):
        return f"aged {first} and over" if english else f"{first} Jahre und älter"
    if first == 0 and last > 0:
        return f"under {last + 1}" if english else f"unter {last + 1} Jahren"
    years = f"{first}" if first == last else f"{first}–{last}"
    return f"aged {years}" if english else f"{years} Jahre"


def _listed(words: Sequence[str], language: str) -> str:
    """Join words as a list is spoken: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {'and' if language == 'en' else 'und'} {words[-1]}"
