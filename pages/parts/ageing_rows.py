"""What an editable table starts from: it keeps its own edits, so its first rows must not move under them."""

from __future__ import annotations

from typing import Any

from pages.parts import session
from pages.parts.frame import language


def begin(name: str, known: list[Any]) -> tuple[list[Any], str]:
    """Return the rows a table starts from and the key of its widget.

    They are `known`, what the table holds, whenever that was set from outside (preset, link) or the widget is new to the
    browser (another language, back from another page): then it has forgotten its edits. Else they stay as they were.
    """
    base = list(session.recall(f"_{name}_base", known))
    if known != session.recall(f"_{name}_seen") or session.widget(_key(name, base)) is None:
        base = list(known)
    session.remember(f"_{name}_base", base)
    return base, _key(name, base)


def end(name: str, rows: list[Any]) -> None:
    """Remember what the table holds after it was drawn."""
    session.remember(f"_{name}_seen", rows)


def _key(name: str, base: list[Any]) -> str:
    return f"ageing_{name}_{language()}_{abs(hash(tuple(base)))}"
