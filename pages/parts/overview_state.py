"""How recent and how complete the data are: sentences, a table by topic, files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from model.catalogue import Catalogue, Indicator
from model.profile.numbers import EMPTY_WORDS, format_percent, format_period, format_value
from model.profile.phrases import in_sentence
from model.vocabulary import FREQUENCIES
from pages.parts import cache, downloads, frame, links, tables
from pages.parts.frame import language, reader, t

KINDS = tuple(EMPTY_WORDS)


def show(catalogue: Catalogue) -> None:
    """Show the state of the data in words, then by topic."""
    ages = cache.data_age(reader().release, date.today(), reader().role)
    if ages["last"].drop_nulls().is_empty():
        return
    st.subheader(t("overview.state"), anchor=False)
    st.markdown(frame.plain(" ".join([_fresh(ages, catalogue), *_complete(catalogue)])))
    with st.expander(t("overview.state_table"), icon=":material/table:", on_change="rerun", key="o_state") as table:
        if table.open:
            _table(ages, catalogue)
    links.to("sources", t("overview.state_sources"), icon="menu_book")


def _fresh(ages: pl.DataFrame, catalogue: Catalogue) -> str:
    fresh = ages.filter(pl.col("behind") == 0).height
    if fresh == ages.height:
        return t("overview.state_fresh_all", n=fresh)
    late = ages.filter(pl.col("behind") > 0).select("indicator", "last").iter_rows()
    ends = sorted(((catalogue.indicator(id), last) for id, last in late), key=_end)
    (oldest, first), (newest, last) = ends[0], ends[-1]
    words = {"n": ages.height, "title": oldest.title.of(language()), "period": format_period(first, oldest.frequency, language())}
    if not fresh:
        return t("overview.state_old", newest=format_period(last, newest.frequency, language()), **words)
    return t("overview.state_fresh", fresh=fresh, **words)


def _end(found: tuple[Indicator, date]) -> int:
    """Return the month in which the period ends."""
    indicator, period = found
    return period.year * 12 + period.month + 12 // FREQUENCIES[indicator.frequency]


def _complete(catalogue: Catalogue) -> list[str]:
    """Say how many of the finest areas' last values there are, and why the others are not."""
    door, unit = reader(), catalogue.finest
    counts = cache.last_statuses(door.release, unit.id, door.role)
    with_values = counts.filter(pl.col("shown") + pl.col("suppressed") > 0)
    found: list[str] = []
    if with_values.height:
        sums = with_values.select("shown", *KINDS).sum().row(0, named=True)
        cells = sum(sums.values())
        share = format_percent(100 * sums["shown"] / cells, 1, language())
        whole = format_value(cells, 0, language())
        found.append(
            t("overview.state_cells", cells=whole, areas=in_sentence(unit.plural.of(language()), language()), shown=share)
        )
        parts = [f"{format_value(sums[k], 0, language())} {EMPTY_WORDS[k].of(language())}" for k in KINDS if sums[k]]
        found += [t("overview.state_empty", parts=", ".join(parts))] if parts else []
    only = _city_only(catalogue, set(with_values["indicator"]))
    if only:
        key = "overview.state_city_only_one" if only == 1 else "overview.state_city_only"
        found.append(t(key, n=only, city=catalogue.top.name))
    return found


def _city_only(catalogue: Catalogue, finer: set[str]) -> int:
    """Return how many indicators have values for the city but for none of the areas below it."""
    door = reader()
    others = [i for i in catalogue.indicators if i not in finer]
    below = [unit for unit, entry in catalogue.units.items() if entry.parent and unit != catalogue.finest.id]
    there = [i for i in others if cache.city_values(door.release, i, door.role)["value"].drop_nulls().len()]
    return sum(not any(cache.has_values(door.release, i, unit, door.role) for unit in below) for i in there)


def _table(ages: pl.DataFrame, catalogue: Catalogue) -> None:
    rows = by_topic(ages, catalogue)
    config: dict[str, Any] = {name: t(f"overview.col_{name}") for name in rows.columns}
    numbers = {name: 0 for name, kind in rows.schema.items() if kind == pl.Int64}
    height: Any = "content"
    st.dataframe(
        tables.written(rows, numbers), hide_index=True, key="o_state_rows", column_config=config, height=height,
        alt=t("overview.state_alt"),
    )  # fmt: skip
    title, foot = t("overview.state_table"), t("overview.state")
    ready = partial(by_indicator, ages, catalogue)
    known = list(catalogue.indicators.values())
    downloads.menu(downloads.Shown(title, foot, frame.source_words(known), pl.DataFrame(), ready=ready), "o_state")
    frame.source_line(known)


def by_topic(ages: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return one row per topic: indicators, those up to date, the year of the last period, and the last values by kind."""
    return (
        _joined(ages, catalogue)
        .group_by("topic", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("indicators"),
            (pl.col("behind") == 0).sum().cast(pl.Int64).alias("fresh"),
            pl.col("last").max().dt.year().cast(pl.String),
            *(pl.col(kind).sum() for kind in ("shown", *KINDS)),
        )
    )


def by_indicator(ages: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return one row per indicator: topic, title, first and last period, how many periods behind, the last values by kind."""
    rows = _joined(ages, catalogue)
    frequencies = [catalogue.indicator(id).frequency for id in rows["indicator"]]
    written = [pl.Series(end, _periods(rows[end].to_list(), frequencies), dtype=pl.String) for end in ("first", "last")]
    return rows.with_columns(written)


def _joined(ages: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return age and last statuses of each indicator beside its topic and title, in the catalogue's order of topics."""
    door, tongue = reader(), language()
    counts = cache.last_statuses(door.release, catalogue.finest.id, door.role)
    position = {id: at for at, id in enumerate(catalogue.indicators)}
    rows = ages.join(counts.drop("period"), on="indicator", how="left").sort(pl.col("indicator").replace_strict(position))
    entries = [catalogue.indicator(id) for id in rows["indicator"]]
    return rows.select(
        pl.Series("topic", [_topic(catalogue, i.topic, tongue) for i in entries], dtype=pl.String),
        "indicator",
        pl.Series("title", [i.title.of(tongue) for i in entries], dtype=pl.String),
        "first",
        "last",
        "behind",
        *(pl.col(kind).fill_null(0) for kind in ("shown", *KINDS)),
    )


def _periods(last: Sequence[date | None], frequencies: Sequence[str]) -> list[str | None]:
    return [None if p is None else format_period(p, f, language()) for p, f in zip(last, frequencies, strict=True)]


def _topic(catalogue: Catalogue, topic: str, tongue: str) -> str:
    return catalogue.topics[topic.split("/")[0]].title.of(tongue)
