"""Write numbers, periods and dates as people in Germany and in English-speaking countries write them."""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import Final

from model.catalogue.entries import Indicator, Words
from model.errors import SelectionError
from model.vocabulary import LANGUAGES

NARROW_SPACE: Final = "\u202f"  # no-break, between thousands
NO_BREAK_SPACE: Final = "\u00a0"  # between number and unit
MINUS: Final = "−"
DASH: Final = "–"

_MONTHS: Final = {
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_POINTS: Final = {"de": "Prozentpunkte", "en": "pp"}
PERCENT_SIGN: Final = "%"
_UNSPOKEN: Final = {"anzahl", "number", "index"}  # 12 dwellings are not "12 number"

EMPTY_WORDS: Final = {
    "suppressed": Words("geheim gehalten", "confidential"),
    "missing": Words("nicht veröffentlicht", "not published"),
    "not_applicable": Words("nicht anwendbar", "not applicable"),
}
STATUS_WORDS: Final = {
    **EMPTY_WORDS,
    "normal": Words("endgültig", "final"),
    "provisional": Words("vorläufig", "provisional"),
    "estimated": Words("geschätzt", "estimated"),
    "imputed": Words("ergänzt", "imputed"),
    "forecast": Words("Prognose", "forecast"),
    "break": Words("Bruch in der Reihe", "break in series"),
}


def format_value(value: float | None, decimals: int = 0, language: str = "de") -> str:
    """Return the number with the language's decimal mark, grouped thousands and a true minus; – for an empty one.

    A value that rounds to zero carries no sign. Raises SelectionError for an unknown language.
    """
    _check(language)
    if value is None or not isfinite(value):
        return DASH
    text = f"{abs(value):,.{decimals}f}"
    if language == "de":
        text = text.replace(",", NARROW_SPACE).replace(".", ",")
    return (MINUS if value < 0 and any(c in "123456789" for c in text) else "") + text


def format_signed(value: float | None, decimals: int = 0, language: str = "de") -> str:
    """Return the number with + or − in front, zero as ±0."""
    text = format_value(value, decimals, language)
    if text == DASH or text.startswith(MINUS):
        return text
    return f"+{text}" if any(c in "123456789" for c in text) else f"±{text}"


def with_unit(text: str, unit: str, language: str = "de") -> str:
    """Return number and unit joined by a no-break space; English writes the per cent sign without one.

    Units that only say that something is counted are left out.
    """
    if not unit or text == DASH or unit.casefold() in _UNSPOKEN:
        return text
    return f"{text}%" if unit == PERCENT_SIGN and language == "en" else f"{text}{NO_BREAK_SPACE}{unit}"


def format_indicator(value: float | None, indicator: Indicator, language: str = "de") -> str:
    """Return the value with the indicator's decimals and unit: 14,2 %."""
    return with_unit(format_value(value, indicator.decimals, language), indicator.unit.of(language), language)


def format_change(value: float | None, indicator: Indicator, language: str = "de") -> str:
    """Return a difference with sign and unit; that of a per cent figure is in percentage points: +1,2 Prozentpunkte."""
    unit = indicator.unit.of(language)
    text = format_signed(value, indicator.decimals, language)
    return with_unit(text, _POINTS[language] if unit == PERCENT_SIGN else unit, language)


def format_percent(value: float | None, decimals: int = 1, language: str = "de", *, signed: bool = False) -> str:
    """Return a number of per cent: 12,3 %, signed +12,3 %."""
    write = format_signed if signed else format_value
    return with_unit(write(value, decimals, language), PERCENT_SIGN, language)


def format_status(status: str, language: str = "de") -> str:
    """Return the words for a status."""
    return STATUS_WORDS[status].of(language)


def format_cell(value: float | None, status: str, indicator: Indicator, language: str = "de") -> str:
    """Return the value with its unit, or in words why there is none."""
    if status in EMPTY_WORDS or value is None:
        return EMPTY_WORDS.get(status, EMPTY_WORDS["missing"]).of(language)
    return format_indicator(value, indicator, language)


def format_period(period: date, frequency: str = "annual", language: str = "de") -> str:
    """Return the period in words: 2024, 2016/17, 1. Halbjahr 2024, Q3 2024, März 2024."""
    _check(language)
    year = period.year
    german = language == "de"
    match frequency:
        case "school_year":
            return f"{year}/{(year + 1) % 100:02d}"
        case "half_yearly":
            half = (period.month + 5) // 6
            return f"{half}. Halbjahr {year}" if german else f"H{half} {year}"
        case "quarterly":
            quarter = (period.month + 2) // 3
            return f"{quarter}. Quartal {year}" if german else f"Q{quarter} {year}"
        case "monthly":
            return f"{_MONTHS[language][period.month - 1]} {year}"
    return str(year)


def format_date(day: date, language: str = "de") -> str:
    """Return the day: 31.12.2024, 31 December 2024."""
    _check(language)
    return f"{day:%d.%m.%Y}" if language == "de" else f"{day.day} {_MONTHS['en'][day.month - 1]} {day.year}"


def format_places(best: int, worst: int, of: int, language: str = "de") -> str:
    """Return a place or a range of places: Rang 2–4 von 28."""
    places = str(best) if best == worst else f"{best}–{worst}"
    return f"Rang {places} von {of}" if language == "de" else f"rank {places} of {of}"


def join_names(names: list[str] | tuple[str, ...], language: str = "de") -> str:
    """Return names as a list in a sentence: A, B und C."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {'und' if language == 'de' else 'and'} {names[-1]}"


def _check(language: str) -> None:
    if language not in LANGUAGES:
        raise SelectionError(f"Language {language!r} is not known.", hint=f"Choose one of {', '.join(LANGUAGES)}.")
