"""The catalogue on its way out: descriptions that name nothing the reader may not see."""

from __future__ import annotations

from dataclasses import replace

from model.catalogue import Catalogue, Indicator, Source


def open_indicators(catalogue: Catalogue) -> list[Indicator]:
    """Return the indicators; numerator, denominator and weight are empty where they are not in the catalogue."""

    def known(id: str) -> str:
        return id if id in catalogue.indicators else ""

    return [
        replace(i, numerator=known(i.numerator), denominator=known(i.denominator), weight=known(i.weight))
        for i in catalogue.indicators.values()
    ]


def open_sources(catalogue: Catalogue) -> list[Source]:
    """Return the sources of the catalogue's indicators, in the order of the package."""
    used = {indicator.source for indicator in catalogue.indicators.values()}
    return [source for source in catalogue.sources.values() if source.id in used]
