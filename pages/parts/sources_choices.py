"""What the reader can choose on the page of sources: a section, and an indicator by searching."""

from __future__ import annotations

import streamlit as st

from model.catalogue import Indicator
from pages.parts import cache, controls, frame, session
from pages.parts.frame import language, reader, t
from pages.parts.sources_search import find, guesses

LIST_HEIGHT, LONG = 560, 18
# The chosen one stays at the edge of the list while the others are scrolled.
_IN_SIGHT = """<style>.st-key-indicator_list [role=radiogroup] > div:has([data-selected]) {position: sticky; top: 0; bottom: 0;
  z-index: 1; width: 100%; background: #ffffff}</style>"""


def section_choice(sections: tuple[str, ...]) -> str:
    """Let the reader choose what to read about."""
    return controls.choose(
        t("sources.section"), "section", sections, sections[0], lambda s: t(f"sources.section_{s}"), "segments",
        label_visibility="collapsed",
    )  # fmt: skip


def indicator_choice() -> Indicator | None:
    """Let the reader find an indicator; None, with a hint, where nothing fits what was typed."""
    catalogue = reader().catalogue
    typed = _search()
    topic = controls.topic_choice(catalogue)
    found = find(catalogue, typed, "" if topic == controls.EVERY_TOPIC else topic)
    if not found:
        _nothing(typed)
        return None
    st.caption(t("sources.found", n=len(found), of=len(catalogue.indicators)))
    ids = [i.id for i in found]
    default = cache.package().default_indicator
    first = default if default in ids else ids[0]
    titles = {i.id: i.title.of(language()) for i in found}
    if frame.narrow():
        return catalogue.indicator(controls.choose(t("shared.indicator"), "indicator", ids, first, titles.__getitem__))
    st.html(_IN_SIGHT)
    with st.container(height=LIST_HEIGHT if len(ids) > LONG else "content", border=False, key="indicator_list"):
        return catalogue.indicator(controls.choose(t("shared.indicator"), "indicator", ids, first, titles.__getitem__, "radio"))


def _search() -> str:
    start = session.prepare("search", lambda values: values[0][:80] if values else "", "")
    typed = st.text_input(
        t("sources.search"), value=start, key="search", max_chars=80, placeholder=t("sources.search_hint"),
        icon=":material/search:",
    )  # fmt: skip
    session.keep("search", typed, "")
    return typed.strip()


def _nothing(typed: str) -> None:
    near = guesses(reader().catalogue, typed)
    words = t("sources.nothing", typed=typed) + (f" {t('sources.near', words=', '.join(near))}" if near else "")
    st.info(frame.plain(words), icon=":material/search_off:")
    st.button(t("sources.clear"), on_click=_clear, key="clear_search")


def _clear() -> None:
    session.remember("search", "")
    session.remember("topic", controls.EVERY_TOPIC)
