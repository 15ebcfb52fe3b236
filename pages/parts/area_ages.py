"""The people of one area by age and sex, against the city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from model.catalogue import Area, Catalogue, Indicator
from model.profile.captions import Caption
from model.profile.numbers import format_cell, format_percent, format_period, format_status
from model.profile.phrases import in_area, in_sentence, when
from model.vocabulary import TOTAL, age_bounds, age_code
from pages.parts import area_table, cache, cards, charts_area, controls, downloads, frame
from pages.parts.frame import language, reader, t

WIDTH, OLDEST_GROUP = 5, 95
YOUNG_BELOW, OLD_FROM = 20, 65
SEXES = ("F", "M")


@dataclass(frozen=True)
class Pyramid:
    """One area's people in one period: `groups` has sex, age, value, status; `shares` the per cent of all, by sex and age."""

    groups: pl.DataFrame
    shares: dict[tuple[str, str], float | None]
    whole: float

    def share_between(self, first: int, last: int) -> float | None:
        """Return the per cent of people from age `first` to under `last`; None where a group in between is empty."""
        parts = [s for (_, age), s in self.shares.items() if age_bounds(age)[0] >= first and age_bounds(age)[0] < last]
        known = [s for s in parts if s is not None]
        return sum(known) if parts and len(known) == len(parts) else None


def show(area: Area, catalogue: Catalogue) -> Sequence[str]:
    """Draw the pyramid with its finding, table and files; say so where there are no ages."""
    door = reader()
    counted = cache.counted_by_age(door.release, door.role)
    rows = people(area.code, counted) if counted else None
    periods = sorted(rows.drop_nulls("value")["period"].unique().to_list()) if rows is not None else []
    if counted is None or rows is None or not periods:
        kind = in_sentence(catalogue.unit(area.unit).plural.of(language()), language())
        st.info(t("area.ages_none_here" if counted else "area.ages_none", areas=kind), icon=":material/info:")
        return ()
    indicator = catalogue.indicator(counted[0])
    heading = st.container()
    period = controls.period_choice(
        t("shared.period"), "a_period", periods, indicator.frequency, periods[-1], slider=len(periods) > 1
    )
    city = None if area.code == catalogue.top.code else people(catalogue.top.code, counted)
    groups = groups_up_to(counted[1])
    own = pyramid(rows, period, groups, everybody(area.code, indicator, period))
    whole = None if city is None else pyramid(city, period, groups, everybody(catalogue.top.code, indicator, period))
    caption = finding(area, catalogue, own, whole, indicator, period)
    with heading:
        st.subheader(frame.plain(caption.message), anchor=False)
        st.caption(frame.plain(subtitle(catalogue, indicator, period, whole is not None)))
        spec = _spec(own, whole, indicator)
        st.vega_lite_chart(None, spec, theme=None, key="a_pyramid", alt=caption.alt)
    _notes(own)
    _table(area, own, whole, indicator, caption, spec, subtitle(catalogue, indicator, period, whole is not None))
    frame.source_line([indicator])
    return ()


def people(area: str, counted: tuple[str, int]) -> pl.DataFrame:
    """Return the area's people by sex and five-year group, all periods; groups are summed before they are protected."""
    door = reader()
    return cache.age_groups(door.release, counted[0], area, groups_up_to(counted[1]), door.role)


def everybody(area: str, indicator: Indicator, period: date) -> float | None:
    """Return the published total of one area; None where there is none."""
    rows = cards.series_of(indicator, area)
    found = rows.filter(pl.col("period") == period)["value"]
    return found[0] if len(found) else None


def groups_up_to(last: int) -> tuple[str, ...]:
    """Return the five-year groups, the last one open; `last` is the age from which on the source has one group."""
    top = min(OLDEST_GROUP, last // WIDTH * WIDTH)
    return (*(age_code(low, low + WIDTH - 1) for low in range(0, top, WIDTH)), age_code(top, None))


def pyramid(rows: pl.DataFrame, period: date, groups: Sequence[str], total: float | None) -> Pyramid:
    """Return the shares of one period; without sexes all people stand on one side."""
    now = rows.filter(pl.col("period") == period).with_columns(pl.col("sex").cast(pl.String), pl.col("status").cast(pl.String))
    parted = now.filter(pl.col("sex").is_in(SEXES))
    sexes = SEXES if parted.height else (TOTAL,)
    # A group of which the source lacks a year has no row: it is missing, not gone.
    every = pl.DataFrame([(sex, age) for sex in sexes for age in groups], schema=["sex", "age"], orient="row")
    shown = every.join(now, on=["sex", "age"], how="left", maintain_order="left").with_columns(
        pl.col("status").fill_null("missing")
    )
    both = now.filter(pl.col("sex") == TOTAL)["value"]
    known = both if len(both) == len(groups) and not both.null_count() else shown["value"]
    # Where a group is hidden the others do not add up to everybody; the published total does.
    whole = float(known.sum() if not known.null_count() or total is None else total)
    shares = {
        (sex, age): None if value is None or whole == 0 else 100 * value / whole
        for sex, age, value in shown.select("sex", "age", "value").iter_rows()
    }
    return Pyramid(shown.select("sex", "age", "value", "status"), shares, whole)


def finding(area: Area, catalogue: Catalogue, own: Pyramid, city: Pyramid | None, indicator: Indicator, period: date) -> Caption:
    """Say how old and how young the area is, against the city."""
    old, young = own.share_between(OLD_FROM, 999), own.share_between(0, YOUNG_BELOW)
    moment = when("in", period, indicator.frequency, language())
    place = in_area(area.name, language())
    if old is None or young is None:
        return Caption(t("area.ages_title", place=place, period=moment))
    year = format_period(period, indicator.frequency, language())
    words = {"place": place, "period": year, "old": _per_cent(old), "young": _per_cent(young)}
    city_old = None if city is None else city.share_between(OLD_FROM, 999)
    city_young = None if city is None else city.share_between(0, YOUNG_BELOW)
    if city_old is None or city_young is None:
        return Caption(t("area.ages_finding", **words))
    against = {"city": catalogue.top.name, "city_old": _per_cent(city_old), "city_young": _per_cent(city_young)}
    return Caption(t("area.ages_finding_city", **words, **against), t("area.ages_detail", **words, **against))


def subtitle(catalogue: Catalogue, indicator: Indicator, period: date, with_city: bool) -> str:
    """Say what is measured and what the line is."""
    words = {"indicator": indicator.title.of(language()), "period": format_period(period, indicator.frequency, language())}
    return t("area.ages_subtitle_city" if with_city else "area.ages_subtitle", city=catalogue.top.name, **words)


def _per_cent(value: float) -> str:
    return format_percent(value, 1, language())


def _spec(own: Pyramid, city: Pyramid | None, indicator: Indicator) -> dict[str, Any]:
    bars = [_bar(row, own, indicator) for row in own.groups.iter_rows(named=True)]
    sides = (t("area.women"), t("area.men")) if any(b["sex"] == "F" for b in bars) else ("", t("area.everybody"))
    outline = [] if city is None else _outline(city)
    return charts_area.pyramid(bars, outline, sides, t("area.ages_axis"), t("area.hidden"), language())


def _bar(row: dict[str, Any], own: Pyramid, indicator: Indicator) -> dict[str, Any]:
    low, high = _edges(row["age"])
    share = own.shares[row["sex"], row["age"]]
    value = format_cell(row["value"], row["status"], indicator, language())
    return {
        "sex": row["sex"],
        "low": low,
        "high": high,
        "label": f"{_sex_words(row['sex'])}, {age_words(row['age'])}",
        "share": None if share is None else share * _side(row["sex"]),
        "text": value if share is None else f"{value} ({_per_cent(share)})",
        "empty": share is None,
    }


def _outline(city: Pyramid) -> list[dict[str, Any]]:
    """Return the city's steps: two corners per group, from young to old."""
    corners: list[dict[str, Any]] = []
    for (sex, age), share in city.shares.items():
        for edge in _edges(age):
            signed = None if share is None else share * _side(sex)
            corners.append({"sex": sex, "age": edge, "share": signed})
    ordered = sorted(corners, key=lambda c: c["sex"])
    return [{**corner, "order": at} for at, corner in enumerate(ordered)]


def _edges(age: str) -> tuple[int, int]:
    low, high = age_bounds(age)
    return low, min(high, low + WIDTH - 1) + 1


def _side(sex: str) -> int:
    return -1 if sex == "F" else 1


def _sex_words(sex: str) -> str:
    return t({"F": "area.women", "M": "area.men"}.get(sex, "area.everybody"))


def age_words(age: str) -> str:
    """Write a group in words: 20 bis 24 Jahre."""
    low, high = age_bounds(age)
    return t("area.age_open", low=low) if high > low + WIDTH else t("area.age_group", low=low, high=high)


def _notes(own: Pyramid) -> None:
    counts = own.groups.filter(pl.col("value").is_null())["status"].value_counts()
    parts = [f"{n} {format_status(status, language())}" for status, n in counts.iter_rows() if n]
    if parts:
        st.caption(frame.plain(t("area.ages_empty", parts=", ".join(parts))))


def _table(
    area: Area, own: Pyramid, city: Pyramid | None, indicator: Indicator, caption: Caption, spec: dict[str, Any], below: str
) -> None:
    rows = [
        {
            "sex": _sex_words(row["sex"]),
            "age": age_words(row["age"]),
            "value": row["value"],
            "share": own.shares[row["sex"], row["age"]],
            "city_share": None if city is None else city.shares.get((row["sex"], row["age"])),
            "status": format_status(row["status"], language()),
        }
        for row in own.groups.iter_rows(named=True)
    ]
    frame_ = pl.DataFrame(rows, schema_overrides={"city_share": pl.Float64, "share": pl.Float64, "value": pl.Float64})
    with st.expander(t("shared.table"), icon=":material/table:", on_change="rerun", key="a_ages_table") as table:
        if table.open:
            area_table.show(frame_, {"value": 0, "share": 2, "city_share": 2}, "a_ages_rows", caption.message)
    foot = frame.source_words([indicator])
    shown = downloads.Shown(f"{t('area.view_ages')} {area.name}", below, foot, pl.DataFrame(), spec, ready=lambda: frame_)
    downloads.menu(shown, "a_ages")
