"""The usual words for sexes and ages → our codes; everything the publisher writes otherwise needs a [map] in the recipe."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import polars as pl

from model.errors import SelectionError
from model.vocabulary import OLDEST, TOTAL, age_bounds, age_code

_TOTALS: Final = (
    "", "_t", "t", "total", "insgesamt", "gesamt", "zusammen", "alle", "all", "beide", "alle altersgruppen", "ins", "i",
    "ges-ins", "all ages",
)  # fmt: skip
SEX_WORDS: Final = {
    **dict.fromkeys(("f", "w", "weiblich", "frauen", "frau", "female", "females", "women", "gesw", "mädchen"), "F"),
    **dict.fromkeys(("m", "männlich", "maennlich", "männer", "maenner", "mann", "male", "males", "men", "gesm", "jungen"), "M"),
    **dict.fromkeys((*_TOTALS, "männlich und weiblich", "weiblich und männlich"), TOTAL),
}
_YEARS = r"(?: ?-?(?:jahre?n?|jährige[rn]?|years?(?: old)?|j\.?))?"
_N = r"(\d{1,3})"
_AGES: Final[tuple[tuple[str, Callable[[int, int], tuple[int, int | None]]], ...]] = (
    (rf"{_N}{_YEARS}", lambda a, _: (a, a)),
    (rf"(?:unter|under|bis unter|<) ?{_N}{_YEARS}", lambda a, _: (0, a - 1)),
    (rf"(?:bis|up to|bis einschließlich) ?{_N}{_YEARS}", lambda a, _: (0, a)),
    (rf"{_N}{_YEARS} ?(?:bis unter|to under|to less than|- ?<|- ?unter) ?{_N}{_YEARS}", lambda a, b: (a, b - 1)),
    (rf"{_N}{_YEARS} ?(?:bis|to|-|–|und) ?{_N}{_YEARS}", lambda a, b: (a, b)),
    (rf"{_N}{_YEARS} ?(?:und mehr|und älter|und aelter|u\. ?m\.?|und darüber)", lambda a, _: (a, None)),
    (rf"{_N}{_YEARS} ?(?:and over|and older|and above|\+)", lambda a, _: (a, None)),
    (rf"(?:ab|>=|≥) ?{_N}{_YEARS}", lambda a, _: (a, None)),
    (rf"{_N} ?jahre? und (?:mehr|älter|aelter|darüber)", lambda a, _: (a, None)),
)  # fmt: skip


def sex_of(text: str) -> str | None:
    """Return the sex code that `text` means, None where it means none."""
    return SEX_WORDS.get(" ".join(text.casefold().split()))


def age_of(text: str) -> str | None:
    """Return the age code that `text` means, written one way (`Y_LT18` is `Y0T17`); None where it means none.

    "über 60" is left to the recipe: some offices write it for 60 and more, others for 61 and more.
    """
    tidy = " ".join(text.replace("_", " ").casefold().split())
    if text.casefold().strip() in _TOTALS or tidy in _TOTALS:
        return TOTAL
    try:
        return _code(*age_bounds(text.strip()))
    except SelectionError:  # not a code, perhaps words
        pass
    for pattern, bounds in _AGES:
        match = re.fullmatch(pattern, tidy)
        if match is not None:
            numbers = [int(number) for number in match.groups()]
            return _code(*bounds(numbers[0], numbers[-1]))
    return None


def _code(first: int, last: int | None) -> str | None:
    """Return the one way to write an age group; nobody is younger than its first year."""
    if first < 0 or first > OLDEST or (last is not None and last < first):
        return None
    return age_code(first, last)


def _every_age() -> list[str]:
    ends: list[int | None] = [*range(OLDEST + 1), None]
    codes = {age_code(first, last) for first in range(OLDEST + 1) for last in ends if last is None or last >= first}
    return sorted(codes)


AGE: Final = pl.Enum(_every_age())  # in the order of the codes as text, so that sorting by code is sorting by number
