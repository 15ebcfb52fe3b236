"""One indicator's metadata sheet: what it means, how it is made, where it comes from, what protects it."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from model.catalogue import Indicator
from model.profile.numbers import format_indicator, format_period, format_value
from pages.parts import cache, downloads, frame, links, sources_choices, sources_coverage
from pages.parts.frame import language, reader, t
from pages.parts.sources_extent import Extent
from pages.parts.sources_html import Fact, Link, facts_html, fraction_html, weighted_html


def show() -> None:
    """Let the reader find an indicator and read its sheet, its coverage and its table."""
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        indicator = sources_choices.indicator_choice()
    if indicator is None:
        return
    with right:
        _sheet(indicator, cache.extent_of(reader().release, indicator.id, reader().role))


def _sheet(indicator: Indicator, there: Extent) -> None:
    title = indicator.title.of(language())
    frame.head(title, _subtitle(indicator, there))
    if indicator.description.of(language()):
        st.markdown(frame.plain(indicator.description.of(language())))
    formula = _formula(indicator)
    if formula:
        st.html(formula)
    _actions(indicator, title, _subtitle(indicator, there))
    st.html(facts_html([*_meaning(indicator), *_origin(indicator, there), *_protection(indicator, there), *_further(indicator)]))
    sources_coverage.show(indicator, there)
    frame.source_line([indicator])


def _subtitle(indicator: Indicator, there: Extent) -> str:
    parts = [
        reader().catalogue.topics[indicator.topic].title.of(language()),
        indicator.unit.of(language()),
        t(f"sources.frequency_{indicator.frequency}"),
        _span(indicator, there),
        ", ".join(reader().catalogue.unit(u).plural.of(language()) for u in there.units),
    ]
    return " · ".join(part for part in parts if part)


def _span(indicator: Indicator, there: Extent) -> str:
    if there.first is None or there.last is None:
        return t("shared.no_data")
    first, last = (format_period(p, indicator.frequency, language()) for p in (there.first, there.last))
    return first if first == last else f"{first} – {last}"


def _formula(indicator: Indicator) -> str:
    """Return the formula as HTML, its parts linked to their sheets; "" for what is simply counted or delivered."""
    title = indicator.title.of(language())
    if indicator.is_ratio:
        above, below = _part(indicator.numerator), _part(indicator.denominator)
        whole = float(indicator.factor).is_integer()
        factor = "" if indicator.factor == 1 else format_value(indicator.factor, 0 if whole else 3, language())
        return fraction_html(title, above, below, factor, t("sources.divided_by"), t("sources.times"))
    if indicator.weight and not indicator.is_sum:
        words = (t("sources.sum_of"), t("sources.divided_by"))
        return weighted_html(t("sources.upper_value"), t("sources.area_value"), _part(indicator.weight), words)
    return ""


def _part(id: str) -> Link:
    """Return the name of a part with the address of its sheet; a part the reader may not see has no name."""
    found = reader().catalogue.indicators.get(id)
    return Link(found.title.of(language()), sheet_address(id)) if found else Link(t("sources.unseen_part"))


def sheet_address(id: str) -> str:
    """Return the address of an indicator's sheet on this page."""
    return "?" + urlencode({"indicator": id, "lang": language()})


def _actions(indicator: Indicator, title: str, subtitle: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for page, icon in (("explore", "map"), ("compare", "bar_chart")):
            links.to(page, t(f"sources.open_{page}"), icon=icon, indicator=indicator.id)
        table = reader().table(indicator.id)
        downloads.menu(downloads.Shown(title, subtitle, frame.source_words([indicator]), table), "sheet")
        frame.link_button("sheet_link")


def _meaning(indicator: Indicator) -> list[Fact]:
    target = format_indicator(indicator.target, indicator, language()) if indicator.target is not None else ""
    return [
        Fact(t("sources.method"), [indicator.method.of(language())]),
        Fact(t("sources.measure"), [f"{t('sources.kind_' + indicator.kind)}, {indicator.unit.of(language())}"]),
        Fact(t("sources.direction"), [t(f"explore.direction_{indicator.direction}")]),
        Fact(t("sources.target"), [target]),
        Fact(t("sources.aggregation"), [t(f"sources.aggregation_{_aggregation(indicator)}")]),
        Fact(t("sources.used_in"), _users(indicator)),
        Fact(t("sources.breaks"), [_break_words(indicator, n) for n in range(len(indicator.breaks))]),
    ]


def _aggregation(indicator: Indicator) -> str:
    if indicator.is_ratio:
        return "ratio"
    return "sum" if indicator.is_sum else "weight" if indicator.weight else "none"


def _users(indicator: Indicator) -> list[str | Link]:
    """Return the indicators this one is a part of."""
    users = [i for i in reader().catalogue.indicators.values() if indicator.id in (i.numerator, i.denominator, i.weight)]
    return [Link(i.title.of(language()), sheet_address(i.id)) for i in users]


def _break_words(indicator: Indicator, number: int) -> str:
    mark = indicator.breaks[number]
    return f"{format_period(mark.period, indicator.frequency, language())}: {mark.note.of(language())}"


def _origin(indicator: Indicator, there: Extent) -> list[Fact]:
    source = reader().catalogue.source(indicator.source)
    contact = indicator.contact or source.contact or reader().package.contact
    return [
        Fact(t("sources.source"), [Link(source.title.of(language()), source.url), source.publisher, source.note.of(language())]),
        Fact(t("sources.licence"), [" · ".join(x for x in (source.licence, source.attribution) if x)]),
        Fact(t("sources.vintage"), _vintages(indicator, there)),
        Fact(t("sources.origins"), _origins(there)),
        Fact(t("sources.contact"), [Link(contact, f"mailto:{contact}" if "@" in contact else "")]),
        Fact(t("sources.period"), [_frequency(indicator, there)]),
        Fact(t("sources.breakdowns"), [_breakdowns(there)]),
    ]


def _frequency(indicator: Indicator, there: Extent) -> str:
    words = t(f"sources.frequency_{indicator.frequency}")
    return f"{words}, {_span(indicator, there)} ({t('sources.periods', n=there.periods)})"


def _breakdowns(there: Extent) -> str:
    return t(f"sources.by_{'both' if there.by_sex and there.by_age else 'sex' if there.by_sex else 'age'}") if (
        there.by_sex or there.by_age) else ""  # fmt: skip


def _vintages(indicator: Indicator, there: Extent) -> list[str | Link]:
    """Return the vintages by source; what is computed has those of its parts."""
    door, found = reader(), dict(there.vintages)
    for part in (indicator.numerator, indicator.denominator):
        if not there.vintages and part in door.catalogue.indicators:
            found |= cache.extent_of(door.release, part, door.role).vintages
    known = door.catalogue.sources
    return [f"{known[s].title.of(language())}: {', '.join(v)}" for s, v in found.items() if s in known]


def _origins(there: Extent) -> list[str | Link]:
    """Say how many values were delivered, and how many we made and by which method."""
    delivered = sum(n for origin, n in there.origins.items() if "@" in origin)
    made = [(t(f"sources.origin_{name.replace('-', '_')}"), n) for name, n in there.origins.items() if "@" not in name]
    told = [(t("sources.origin_source"), delivered), *made]
    return [f"{words}: {format_value(n, 0, language())}" for words, n in told if n]


def _protection(indicator: Indicator, there: Extent) -> list[Fact]:
    rule = reader().rule(indicator.id)
    if not rule.hides:
        which = "off" if indicator.kind == "count" else "uncounted"
    elif rule.own:
        which = "count"
    else:
        which = "share" if rule.remainder else "ratio" if indicator.is_ratio else "weight"
    words = [t(f"sources.rule_{which}", k=rule.k)]
    if there.suppressed:
        words.append(t("sources.suppressed_now", n=format_value(there.suppressed, 0, language())))
    return [
        Fact(t("sources.rule"), words),
        Fact(t("sources.audience"), [t(f"sources.audience_{indicator.audience}")]),
    ]


def _further(indicator: Indicator) -> list[Fact]:
    return [
        Fact(t("sources.kommonitor"), [indicator.kommonitor]),
        Fact(t("sources.keywords"), [", ".join(indicator.keywords)]),
        Fact(t("sources.id"), [indicator.id]),
    ]
