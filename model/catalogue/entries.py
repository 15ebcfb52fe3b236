"""The entries of a catalogue as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Words:
    """One text in both languages of the product."""

    de: str
    en: str

    def of(self, language: str) -> str:
        """Return the text in `language`, German where the language is unknown."""
        return self.en if language == "en" else self.de


NO_WORDS = Words("", "")


@dataclass(frozen=True)
class Break:
    """A level break: from `period` on, values are not comparable with those before."""

    period: date
    note: Words


@dataclass(frozen=True)
class Event:
    """Something that happened and helps to read a line chart."""

    period: date
    title: Words


@dataclass(frozen=True)
class Classes:
    """The indicator's own default classification: method and number, or hand-set inner breaks."""

    method: str = "quantile"
    count: int = 5
    breaks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Topic:
    """A node of the topic tree; its id is a path such as `social/poverty`."""

    id: str
    title: Words


@dataclass(frozen=True)
class Source:
    """Where values come from."""

    id: str
    title: Words
    publisher: str
    licence: str
    attribution: str = ""
    url: str = ""
    contact: str = ""
    note: Words = NO_WORDS


@dataclass(frozen=True)
class Indicator:
    """What one number means, where it comes from, how it may be summed and who may see it.

    `kind` is one of vocabulary.KINDS. A ratio names `numerator` and `denominator` (indicator ids, read with the same
    sex and age) and `factor` (100 for per cent); `weight` names the indicator that weights a mean without parts.
    `minimum_count` k: counts 1…k−1 are suppressed, 0 turns the rule off.
    """

    id: str
    title: Words
    topic: str
    unit: Words
    kind: str
    source: str
    description: Words = NO_WORDS
    method: Words = NO_WORDS
    decimals: int = 0
    frequency: str = "annual"
    direction: str = "neutral"
    numerator: str = ""
    denominator: str = ""
    factor: float = 1.0
    weight: str = ""
    minimum_count: int = 3
    audience: str = "public"
    contact: str = ""
    kommonitor: str = ""
    headline: bool = False
    classes: Classes = Classes()
    target: float | None = None
    breaks: tuple[Break, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def is_ratio(self) -> bool:
        """Tell whether the value is numerator ÷ denominator × factor."""
        return bool(self.numerator and self.denominator)

    @property
    def is_sum(self) -> bool:
        """Tell whether areas add up: a count, an amount or a balance."""
        return self.kind in ("count", "amount", "balance")


@dataclass(frozen=True)
class SpatialUnit:
    """A level of areas; `parent` is the unit one level up, empty at the top."""

    id: str
    title: Words
    plural: Words
    parent: str = ""
    audience: str = "public"


@dataclass(frozen=True)
class Area:
    """One area of one spatial unit, valid from the first to before the last date (None: open)."""

    code: str
    name: str
    unit: str
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    square_km: float | None = None

    @property
    def is_current(self) -> bool:
        """Tell whether the area still exists."""
        return self.valid_to is None
