"""The frame around every page: navigation, head, notes, source line, and the one error boundary."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.catalogue import Indicator
from model.disclosure import Reader
from model.errors import DatalabError
from model.vocabulary import LANGUAGES
from pages.parts import browser, cache, session
from pages.parts.text import text

PAGES = {
    "overview": "home",
    "explore": "map",
    "compare": "bar_chart",
    "area": "location_city",
    "forecast": "trending_up",
    "ageing": "elderly",
    "sources": "menu_book",
}
FOLDER = Path(__file__).resolve().parent.parent
# Streamlit leaves six lines empty above the page, which a beamer has better use for, and writes captions too faintly
# for tired eyes (WCAG asks for a contrast of 4.5).
_STYLE = """<style>
.stMainBlockContainer {padding-top: 4.2rem; padding-bottom: 3rem}
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {color: #4d5863; opacity: 1}
</style>"""
log = logging.getLogger("datalab")
Answer = TypeVar("Answer")


def open_house() -> None:
    """Draw the frame and run the chosen page."""
    st.set_page_config(
        page_title="Datenlabor", page_icon=str(FOLDER / "parts" / "icon.svg"), layout="wide", initial_sidebar_state="collapsed"
    )
    st.html(_STYLE)
    with boundary():
        chosen = st.navigation(_pages(_language_before_widgets()), position="top")
        session.begin(chosen.url_path)
        notes = _head()
        with boundary():
            chosen.run()
        _foot(notes)
        session.finish()


@contextmanager
def boundary() -> Iterator[None]:
    """Turn our own errors into one sentence on the screen; anything else stays loud in the log."""
    try:
        yield
    except DatalabError as error:
        log.info("shown to the reader: %s", error)
        st.error(plain(f"{error.what} {error.hint}".strip()), icon=":material/info:")


def language() -> str:
    """Return the language of this run."""
    return str(session.recall("lang", cache.settings().language))


def t(key: str, **values: object) -> str:
    """Return a text of the screen in the reader's language."""
    return text(key, language(), **values)


def role() -> str:
    """Return as whom the reader reads; in open mode everybody is `public`."""
    return "public"


def reader() -> Reader:
    """Return the reader's door to the data."""
    return cache.reader(role())


def kept(make: Callable[[], Answer], *key: Hashable) -> Answer:
    """Return what `make` makes, kept for all readers of the same role, language and width of screen.

    `key` is everything else it depends on; `make` draws nothing, and what it returns is never changed.
    """
    door = reader()
    return cache.kept((door.release, door.role, language(), narrow(), *key), make)


def head(title: str, subtitle: str = "") -> None:
    """Say the finding, then what is measured."""
    st.header(plain(title), anchor=False)
    if subtitle:
        st.caption(plain(subtitle))


def chart(
    spec: dict[str, Any], key: str, alt: str, on_select: Callable[[], None] | Literal["ignore"] = "ignore", **settings: Any
) -> None:
    """Show a Vega-Lite chart; its rows go as columns, because Streamlit's own way through pandas takes 3 ms a chart."""
    values = spec.get("data", {}).get("values")
    if values:
        names = dict.fromkeys(name for row in values for name in row)
        spec = {**spec, "data": pa.table({name: [row.get(name) for row in values] for name in names})}
    st.vega_lite_chart(None, spec, theme=None, key=key, on_select=on_select, alt=alt, **settings)


def source_line(indicators: list[Indicator], extra: str = "") -> None:
    """Say where the numbers come from and which state of the data they are."""
    st.caption(plain(source_words(indicators) + (f" {extra}" if extra else "")))


def source_words(indicators: list[Indicator]) -> str:
    """Return source, data release and, where it applies, that the data are synthetic."""
    door = reader()
    sources = dict.fromkeys(i.source for i in indicators)
    named = "; ".join(door.catalogue.source(s).title.of(language()) for s in sources)
    words = t("shared.source", sources=named, licence=door.package.licence, release=door.release)
    return f"{words} {t('shared.synthetic')}" if door.package.synthetic else words


def link_button(name: str = "link") -> None:
    """Offer the address of exactly this view for copying."""
    browser.copy_link(t("shared.link"), t("shared.link_done"), name)


def narrow() -> bool:
    """Tell whether the page is read on a narrow screen."""
    return bool(session.recall("narrow", False))


def address() -> str:
    """Return the full address of this view."""
    base = str(st.context.url or "").split("?")[0]
    query = urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
    return f"{base}?{query}" if query else base


def _pages(tongue: str) -> list[Any]:
    return [
        st.Page(
            str(FOLDER / f"{name}.py"),
            title=text(f"shared.page_{name}", tongue),
            icon=f":material/{icon}:",
            url_path=name,
            default=name == "overview",
        )
        for name, icon in PAGES.items()
        if (FOLDER / f"{name}.py").exists()
    ]


def _language_before_widgets() -> str:
    """Return the language for the navigation, which is drawn before the parameters are prepared."""
    asked = st.query_params.get("lang", "")
    if asked in LANGUAGES and not session.has_begun():
        return asked
    chosen = session.widget("lang")
    return chosen if chosen in LANGUAGES else language()


def _head() -> DeltaGenerator:
    """Draw package, language switch and the place for notes."""
    default = cache.settings().language
    start = session.prepare("lang", session.one_of(LANGUAGES), default)
    left, right = st.columns([5, 1], vertical_alignment="center")
    with right:
        chosen = st.segmented_control(
            "Sprache / Language",
            LANGUAGES,
            default=start,
            key="lang",
            format_func=str.upper,
            label_visibility="collapsed",
            required=True,
        )
    session.relabel(language() != (chosen or default))
    session.keep("lang", chosen or default, default)
    door = reader()
    with left:
        badge = f" :orange-badge[:material/science: {t('shared.synthetic_badge')}]" if door.package.synthetic else ""
        st.markdown(f"**{plain(door.package.title.of(language()))}**{badge}")
    session.remember("narrow", browser.page(chosen or default, narrow()))
    return st.container()


def _foot(notes: DeltaGenerator) -> None:
    with notes:
        for message in session.notes():
            st.info(t("shared.unknown_parameter", parameter=plain(message)), icon=":material/info:")


def plain(words: str) -> str:
    """Escape what Markdown would read as markup: names and notes come from files."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+!|~$:" else c for c in words)
