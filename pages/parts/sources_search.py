"""Find indicators by what people type: title, keywords, description, topic, id, name in KomMonitor. Knows no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from model.catalogue import Catalogue, Indicator
from model.vocabulary import LANGUAGES

_UMLAUTS = (("ä", "a", "ae"), ("ö", "o", "oe"), ("ü", "u", "ue"))
_SHORTEST = 4  # letters of a word that is worth a guess


def find(catalogue: Catalogue, typed: str, topic: str = "") -> list[Indicator]:
    """Return the indicators that hold every typed word, those with all of them in the title first.

    Words may be typed in either language, in parts, without umlauts (`schuldner`, `uberschuldung`, `ueberschuldung`).
    `topic` keeps those of one topic and its subtopics.
    """
    words = folded(typed).split()
    inside = [i for i in catalogue.indicators.values() if not topic or i.topic == topic or i.topic.startswith(f"{topic}/")]
    found = [i for i in inside if _holds(_everything(i, catalogue), words)]
    return sorted(found, key=lambda i: not _holds(_titles(i), words))


def guesses(catalogue: Catalogue, typed: str, most: int = 3) -> list[str]:
    """Return words of the titles that look like what was typed, for a search that finds nothing."""
    known = {
        folded(word): word
        for i in catalogue.indicators.values()
        for language in LANGUAGES
        for word in i.title.of(language).replace("-", " ").split()
        if len(word) >= _SHORTEST
    }
    near = [hit for word in folded(typed).split() for hit in get_close_matches(word, known, n=most, cutoff=0.7)]
    return [known[hit] for hit in dict.fromkeys(near)][:most]


def folded(text: str) -> str:
    """Return text for comparing: small letters, umlauts as plain vowels."""
    small = text.casefold()
    for umlaut, plain, _ in _UMLAUTS:
        small = small.replace(umlaut, plain)
    return small


def _spelled(text: str) -> str:
    """Return text with umlauts written out: ä as ae."""
    small = text.casefold()
    for umlaut, _, long in _UMLAUTS:
        small = small.replace(umlaut, long)
    return small


def _holds(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _titles(indicator: Indicator) -> str:
    both = f"{indicator.title.de} {indicator.title.en}"
    return f"{folded(both)} {_spelled(both)}"


def _everything(indicator: Indicator, catalogue: Catalogue) -> str:
    topic = catalogue.topics[indicator.topic].title
    texts = [
        indicator.title.de, indicator.title.en, indicator.description.de, indicator.description.en, topic.de, topic.en,
        indicator.id, indicator.kommonitor, *indicator.keywords,
    ]  # fmt: skip
    joined = " ".join(texts)
    return f"{folded(joined)} {_spelled(joined)}"
