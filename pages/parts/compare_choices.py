"""What the reader can choose on the comparison page, as one frozen value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from model.catalogue import Catalogue, Indicator
from pages.parts import cache, controls, session
from pages.parts.frame import language, reader, t

VIEWS = ("ranking", "multiples", "lines", "scatter", "spine", "radar", "spread", "inequality", "table")
BY_TOPIC = ("spine", "radar")  # these ask about many indicators at once
OF_ONE_PERIOD = ("ranking", "scatter", "table")
FEWEST_AREAS = 2


@dataclass(frozen=True)
class Choice:
    """What all views of the page share.

    `rows` are the totals of the indicator over the unit's areas, all periods; `periods` those in which any area has a value.
    """

    view: str
    topic: str
    indicator: Indicator
    unit: str
    chosen: tuple[str, ...]
    rows: pl.DataFrame
    periods: tuple[date, ...]

    @property
    def compared(self) -> tuple[str, ...]:
        """Return the areas to compare: the chosen ones, or all of the unit where fewer than two are chosen."""
        if len(self.chosen) >= FEWEST_AREAS:
            return self.chosen
        return tuple(area.code for area in reader().catalogue.areas_of(self.unit))


def view_choice() -> str:
    """Let the reader choose the question."""
    return controls.choose(t("compare.view"), "c_view", VIEWS, VIEWS[0], lambda view: t(f"compare.view_{view}"), "segments")


def choose(view: str, catalogue: Catalogue) -> Choice:
    """Draw the controls all views share, in the order people decide, and return what was chosen."""
    if view in BY_TOPIC:
        topic, indicator = controls.topic_choice(catalogue), _known_indicator(catalogue)
    else:
        indicator = controls.indicator_choice()
        topic = str(session.recall("topic", controls.EVERY_TOPIC))
    units = comparable_units(_asked(view, topic, indicator), catalogue)
    unit = controls.unit_choice(catalogue, units) if units else catalogue.finest.id
    chosen = controls.areas_choice(catalogue.areas_of(unit)) if units else []
    rows = cache.unit_values(reader().release, indicator.id, unit, reader().role)
    rows = rows if units else rows.clear()
    periods = tuple(rows.drop_nulls("value")["period"].unique().sort())
    return Choice(view, topic, indicator, unit, tuple(chosen), rows, periods)


def period_choice(choice: Choice) -> date:
    """Let the reader choose the period among those with values."""
    periods, frequency = choice.periods, choice.indicator.frequency
    return controls.period_choice(t("shared.period"), "period", periods, frequency, periods[-1], slider=True)


def _asked(view: str, topic: str, indicator: Indicator) -> list[Indicator]:
    return in_topic(topic) if view in BY_TOPIC else [indicator]


def comparable_units(indicators: Sequence[Indicator], catalogue: Catalogue) -> list[str]:
    """Return the spatial units with at least two areas and values of any of the indicators."""
    door = reader()
    several = [unit for unit in catalogue.units if len(catalogue.areas_of(unit)) >= FEWEST_AREAS]
    return [u for u in several if any(cache.has_values(door.release, i.id, u, door.role) for i in indicators)]


def profile_indicators(topic: str, unit: str) -> list[Indicator]:
    """Return the indicators of a topic that can be set beside each other and have values in the spatial unit."""
    door = reader()
    return [i for i in in_topic(topic) if cache.has_values(door.release, i.id, unit, door.role)]


def in_topic(topic: str) -> list[Indicator]:
    """Return the shares, rates and means of a topic; of all topics the headline ones."""
    known = [i for i in reader().catalogue.indicators.values() if not i.is_sum]
    if topic != controls.EVERY_TOPIC:
        return [i for i in known if i.topic == topic or i.topic.startswith(f"{topic}/")]
    return [i for i in known if i.headline] or known[:12]


def words_of(indicators: Sequence[Indicator]) -> dict[str, str]:
    """Return the titles of indicators by id in the reader's language."""
    return {i.id: i.title.of(language()) for i in indicators}


def _known_indicator(catalogue: Catalogue) -> Indicator:
    """Return the indicator chosen on another view, which decides the spatial units offered here."""
    id = session.recall("indicator", cache.package().default_indicator)
    return catalogue.indicators.get(id) or next(iter(catalogue.indicators.values()))
