"""Links from page to page that carry a view of the other page with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.parts import cache, frame, session
from pages.parts.frame import language

_LISTED = """
.st-key-NAME [data-testid="stElementContainer"] {margin: 0}
.st-key-NAME a {padding: .3rem .5rem; align-items: flex-start; background: transparent}
.st-key-NAME a:hover {background: #eef2f5}
.st-key-NAME button {padding: .3rem .5rem}
.st-key-NAME a p {white-space: normal; line-height: 1.35; text-align: left; font-weight: 400}
"""


def exists(page: str) -> bool:
    """Tell whether the page is part of this house."""
    return page in frame.PAGES and (frame.FOLDER / f"{page}.py").exists()


def to(page: str, label: str, *, icon: str = "", help: str = "", **parameters: str) -> None:
    """Show a link to another page; `parameters` are its choices by the names they have in the address."""
    if not exists(page):
        return
    tongue = language()
    spoken = {} if tongue == cache.settings().language else {"lang": tongue}
    st.page_link(
        str(frame.FOLDER / f"{page}.py"),
        label=frame.plain(label),
        icon=f":material/{icon}:" if icon else None,
        help=help,
        query_params={**parameters, **spoken},
    )


def within(label: str, key: str, *, icon: str = "", **choices: str) -> None:
    """Show a way to another choice on the same page: for a link to itself Streamlit leaves the old address standing."""
    sign = f":material/{icon}:" if icon else None
    st.button(frame.plain(label), key=key, type="tertiary", icon=sign, on_click=_choose, args=(choices,))


def _choose(choices: dict[str, str]) -> None:
    for name, value in choices.items():
        session.remember(name, value)


@contextmanager
def listed(name: str) -> Iterator[None]:
    """Hold a list of links whose words may take several lines; Streamlit would cut them off and move them together."""
    st.html(f"<style>{_LISTED.replace('NAME', name)}</style>")
    with st.container(gap="xxsmall", key=name):
        yield
