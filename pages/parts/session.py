"""All session state: what the reader has chosen, mirrored in the address so that a link restores it.

Parameters carry catalogue ids, never labels, so that a link works in both languages. Streamlit's own binding writes
the visible label; that is why the mirror is kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

Values = tuple[str, ...]
_URL, _MEMORY, _PAGE, _MOVED, _NOTES, _START, _APPLIED, _RELABEL = (
    "_url",
    "_memory",
    "_page",
    "_moved",
    "_notes",
    "_start",
    "_applied",
    "_relabel",
)


def begin(page: str) -> None:
    """Decide once per run whether the address was changed from outside (first visit, typed, back button)."""
    state = st.session_state
    url = _address()
    known: dict[str, Values] | None = state.get(_URL)
    turned = state.get(_PAGE) != page
    if known is None:
        moved = True
    elif turned:
        moved = bool(url) and url != known
    else:
        moved = url != known and not _touched()
    overtaken = not moved and not turned and state.get(_MOVED) is not None  # the rest of the address is still to be read
    if not overtaken:
        state[_MOVED], state[_NOTES], state[_APPLIED] = url if moved else None, [], set()
    state[_PAGE] = page
    state.setdefault(_MEMORY, {})
    if moved or turned:
        state[_URL] = url


def prepare(name: str, parse: Callable[[Values], Any], default: Any) -> Any:
    """Return the value a widget starts with, from the address or from memory, before the widget is drawn.

    `parse` turns the address's values into a value or raises ValueError; then the default is taken and a note kept.
    The widget gets the value as its own default: a rerun that overtakes the first drawing then shows the same.
    """
    state = st.session_state
    moved: dict[str, Values] | None = state[_MOVED]
    start = state.setdefault(_START, {})
    if moved is not None and name not in state[_APPLIED]:
        state[_APPLIED].add(name)
        start[name] = _parsed(name, moved.get(name), parse, default)
        if name in state:
            state[name] = start[name]
    elif name in state and state.get(_RELABEL):
        state[name] = state[name]  # its labels changed language: tell the browser anew what is chosen
    elif name not in state:
        start[name] = state[_MEMORY].get(name, start.get(name, default))
    if not _accepted(parse, start.get(name)):
        start[name] = default
    if name in state and not _accepted(parse, state[name]):
        state[name] = default
    return start[name]


def _accepted(parse: Callable[[Values], Any], value: Any) -> bool:
    try:
        parse(_values(value))
    except ValueError:
        return False
    return True


def keep(name: str, value: Any, default: Any) -> None:
    """Remember a chosen value and write it to the address; the default is left out."""
    state = st.session_state
    state[_MEMORY][name] = value
    wanted = () if value == default else _values(value)
    if state[_URL].get(name, ()) != wanted:
        if wanted:
            st.query_params[name] = list(wanted) if len(wanted) > 1 else wanted[0]
            state[_URL][name] = wanted
        else:
            st.query_params.pop(name, None)
            state[_URL].pop(name, None)


def relabel(changed: bool) -> None:
    """Say whether the labels of all widgets change in this run."""
    st.session_state[_RELABEL] = changed


def finish() -> None:
    """Close the run: the address has been applied."""
    st.session_state[_MOVED] = None
    st.session_state[_RELABEL] = False


def remember(name: str, value: Any) -> None:
    """Set a value from outside its widget, before the widget is drawn or from a callback."""
    st.session_state[name] = value
    st.session_state[_MEMORY][name] = value


def current(name: str) -> Any:
    """Return the value of a prepared parameter before its widget is drawn."""
    return st.session_state.get(name, st.session_state[_START].get(name))


def recall(name: str, default: Any = None) -> Any:
    """Return the last chosen value of `name`."""
    return st.session_state.get(_MEMORY, {}).get(name, default)


def widget(name: str) -> Any:
    """Return the newest state of a widget, before it is drawn in this run; None if there is none."""
    return st.session_state.get(name)


def has_begun() -> bool:
    """Tell whether this session has had a run before."""
    return _MEMORY in st.session_state


def note(message: str) -> None:
    """Keep a message for the reader, shown at the top of the page."""
    if message not in st.session_state[_NOTES]:
        st.session_state[_NOTES].append(message)


def notes() -> list[str]:
    """Return the messages of this run."""
    return list(st.session_state.get(_NOTES, []))


def one_of(allowed: Sequence[str]) -> Callable[[Values], str]:
    """Return a parser that accepts exactly one of `allowed`."""

    def parse(values: Values) -> str:
        if len(values) != 1 or values[0] not in allowed:
            raise ValueError(", ".join(values))
        return values[0]

    return parse


def some_of(allowed: Sequence[str], most: int | None = None) -> Callable[[Values], list[str]]:
    """Return a parser that accepts a list of `allowed` values, at most `most`."""

    def parse(values: Values) -> list[str]:
        unknown = [v for v in values if v not in allowed]
        if unknown or (most is not None and len(values) > most):
            raise ValueError(", ".join(unknown or values))
        return list(values)

    return parse


def number(low: float, high: float) -> Callable[[Values], float]:
    """Return a parser that accepts one number between `low` and `high`."""

    def parse(values: Values) -> float:
        value = float(values[0]) if len(values) == 1 else float("nan")
        if not low <= value <= high:
            raise ValueError(", ".join(values))
        return value

    return parse


def _address() -> dict[str, Values]:
    return {name: tuple(st.query_params.get_all(name)) for name in st.query_params}


def _touched() -> bool:
    """Tell whether a widget changed in this run: then a differing address is only late, not a journey."""
    memory: dict[str, Any] = st.session_state.get(_MEMORY, {})
    return any(name in st.session_state and st.session_state[name] != value for name, value in memory.items())


def _parsed(name: str, values: Values | None, parse: Callable[[Values], Any], default: Any) -> Any:
    if values is None:
        return default
    try:
        return parse(values)
    except ValueError:
        note(f"{name}={', '.join(values)}"[:120])
        return default


def _values(value: Any) -> Values:
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return tuple(map(str, value))
    if isinstance(value, bool):
        return ("1",) if value else ("0",)
    return (str(value),)
