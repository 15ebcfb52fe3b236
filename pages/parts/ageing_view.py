"""One state of the ageing page as a value: what every picture on it is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from model.demography.answer import Answer
from model.demography.bands import Band
from model.demography.planner import Plan, Planner
from pages.parts.ageing_question import Question
from pages.parts.frame import reader, source_words, t


@dataclass(frozen=True)
class View:
    """A question, the projection that answers it and the year; `settings` are the positions of the levers."""

    planner: Planner
    plan: Plan
    settings: tuple[str, ...]
    question: Question
    year: int
    band: Band

    @property
    def answer(self) -> Answer:
        """Return the figure asked for."""
        asked = self.question
        return self.plan.answer(asked.measure, asked.place, self.year, self.band, asked.where, why=True)

    @property
    def foot(self) -> str:
        """Return the line under everything that leaves the page: source, method, where the levers stand."""
        declared, known = self.planner.sources, reader().catalogue.indicators
        ids = (
            declared.population,
            declared.births,
            declared.deaths,
            declared.arrivals,
            declared.departures,
            declared.care_places,
        )
        words = source_words([known[id] for id in ids if id in known])
        return (
            f"{words} {t('ageing.own_projection')} {t('ageing.settings', settings=' '.join(self.settings) or t('ageing.trend'))}"
        )
