"""Table: all areas with place, value, change and course, to sort and filter."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.profile.captions import ranking_caption
from model.profile.numbers import format_status
from model.query.change import change
from model.query.compare import shared_scale
from model.query.rank import ranking
from pages.parts import compare_choices, compare_views, controls, session
from pages.parts import compare_data as data
from pages.parts.compare_choices import Choice
from pages.parts.compare_views import View
from pages.parts.frame import language, reader, t

HEIGHT = 620


def view(choice: Choice, settings: DeltaGenerator) -> View:
    """Return the table with its caption; the table is the picture here."""
    with settings:
        period = compare_choices.period_choice(choice)
        search, parents = _search(), _parents(choice)
    catalogue, indicator = reader().catalogue, choice.indicator
    everyone = [area.code for area in catalogue.areas_of(choice.unit)]
    limits = data.intervals(indicator, choice.unit, period)
    ranked = ranking(data.at(choice.rows, period, everyone), limits)
    kept = [c for c in choice.compared if _wanted(c, search, parents)]
    against = data.reference(indicator, choice.rows)
    first = min((p for p in choice.periods if p >= data.comparable_since(indicator, choice.periods)), default=period)
    rows = _frame(choice, ranked.filter(pl.col("area").is_in(kept)), first, period)
    city = against.at(period) if against.is_city else None
    caption = ranking_caption(ranked, catalogue, indicator, period, city_value=city, selected=choice.chosen, language=language())
    _show(rows, choice, caption.alt)
    notes = [data.scope(choice), t("compare.table_filtered", n=len(kept), of=len(everyone)) if len(kept) < len(everyone) else "",
             t("compare.table_note", first=data.when(indicator, first)), t("compare.grades") if limits is not None else ""]  # fmt: skip
    return View(
        caption, t("compare.subtitle_areas", indicator=indicator.title.of(language()), unit=indicator.unit.of(language()),
                   n=len(everyone), areas=data.plural(choice), when=data.when(indicator, period)),
        None, lambda: rows.drop("course"), [indicator], [note for note in notes if note], indicator.decimals,
    )  # fmt: skip
