"""Entry points by question, made from what the catalogue has; each leads to the view that answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from model.catalogue import Catalogue, Indicator
from model.profile.phrases import in_sentence, quoted, subject
from pages.parts import cache, links
from pages.parts.frame import language, reader, t
from pages.parts.overview_glance import headline

FEWEST_AREAS = 3
MOST_RANKED = 4
RANKED_KINDS = ("share", "rate", "mean", "index")
_OLDER = ("alterung", "ageing", "aging", "senioren", "seniors", "65", "60+", "ab 60")
_PEOPLE = ("residents", "population", "people")


@dataclass(frozen=True)
class Question:
    """A question and the view that answers it: page and its parameters."""

    words: str
    icon: str
    page: str
    parameters: tuple[tuple[str, str], ...] = ()


def show(catalogue: Catalogue) -> None:
    """Show the questions as links."""
    st.subheader(t("overview.questions"), anchor=False)
    with links.listed("o_questions"):
        for question in questions(catalogue):
            links.to(question.page, question.words, icon=question.icon, **dict(question.parameters))


def questions(catalogue: Catalogue) -> list[Question]:
    """Return the questions this package can answer, in the order they are shown."""
    # To ask where, enough areas of the finest unit need a value.
    counts = cache.last_statuses(reader().release, catalogue.finest.id, reader().role)
    there = set(counts.filter(counts["shown"] >= FEWEST_AREAS)["indicator"])
    known = [i for i in headline(catalogue) if i.id in there]
    made = [*_changes(known), *_ranked(known, catalogue), *_together(known), *_single(known, catalogue)]
    return [q for q in made if links.exists(q.page)]


def _changes(known: list[Indicator]) -> Iterator[Question]:
    for indicator in known:
        if indicator.id in _PEOPLE and indicator.kind == "count":
            change = (("indicator", indicator.id), ("view", "change"), ("relative", "1"))
            yield Question(t("overview.q_growth"), "trending_up", "explore", change)
    old = next((i for i in known if i.kind in RANKED_KINDS and i.direction == "neutral" and _about_ageing(i)), None)
    if old is not None:
        yield Question(t("overview.q_older"), "elderly", "explore", (("indicator", old.id), ("view", "change")))


def _about_ageing(indicator: Indicator) -> bool:
    words = " ".join((indicator.title.de, indicator.title.en, *indicator.keywords)).casefold()
    return any(mark in words for mark in _OLDER)


def _ranked(known: list[Indicator], catalogue: Catalogue) -> Iterator[Question]:
    """Ask where the burden is greatest, for indicators that have a good and a bad side."""
    judged = [i for i in known if i.direction != "neutral" and i.kind in RANKED_KINDS]
    asked = [i for i in known if i.kind in RANKED_KINDS and i not in judged]
    default = cache.package().default_indicator
    mapped = cache.unit_outline(reader().release, catalogue.finest.id, reader().role) is not None
    order = sorted([*judged, *asked], key=lambda i: (i.id != default, i.direction != "high_bad", i.direction == "neutral"))
    for indicator in order[:MOST_RANKED]:
        end = "lowest" if indicator.direction == "high_good" else "highest"
        page, icon = ("explore", "map") if mapped else ("compare", "bar_chart")
        yield Question(_where(indicator, end), icon, page, (("indicator", indicator.id),))


def _where(indicator: Indicator, end: str) -> str:
    whom = subject(indicator, language())
    if whom:
        return t(f"overview.q_{end}", subject=whom[0].lower() + whom[1:])
    title = in_sentence(indicator.title.of(language()), language())
    return t(f"overview.q_{end}_plain", title=title)


def _together(known: list[Indicator]) -> Iterator[Question]:
    """Ask whether two burdens of different topics go together."""
    default = cache.package().default_indicator
    bad = [i for i in known if i.direction == "high_bad" and i.kind in RANKED_KINDS]
    bad.sort(key=lambda i: i.id != default)
    pair = next(((a, b) for a in bad for b in bad if a.topic != b.topic), None)
    if pair is not None:
        names = [quoted(i.title.of(language()), language()) for i in pair]
        view = (("c_view", "scatter"), ("indicator", pair[0].id), ("c_second", pair[1].id))
        yield Question(t("overview.q_together", first=names[0], second=names[1]), "scatter_plot", "compare", view)


def _single(known: list[Indicator], catalogue: Catalogue) -> Iterator[Question]:
    areas = in_sentence(catalogue.finest.plural.of(language()), language())
    if len(known) > 1:
        yield Question(t("overview.q_twins", areas=areas), "join_inner", "area", (("a_view", "twins"),))
    ages = cache.counted_by_age(reader().release, reader().role)
    if ages is not None:
        top = (("a_view", "ages"), ("place", catalogue.top.code))
        yield Question(t("overview.q_ages_city", city=catalogue.top.name), "groups", "area", top)
    course = (("a_view", "lines"), ("place", catalogue.top.code))
    yield Question(t("overview.q_course", city=catalogue.top.name), "show_chart", "area", course)
    yield Question(t("overview.q_place"), "location_city", "area", (("a_view", "figures"),))
    yield Question(t("overview.q_sources"), "menu_book", "sources")
