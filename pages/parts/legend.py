"""The legend of a map: every class and every kind of empty, with the number of its areas."""

from __future__ import annotations

import html
from collections.abc import Callable

from pages.parts.scene import Entry

_HATCH = "background:repeating-linear-gradient(45deg,#788088 0 1px,#e4e7ea 1px 5px)"


def legend_html(entries: tuple[Entry, ...], title: str, words: Callable[[str], str], count_word: str) -> str:
    """Return the legend as a list in HTML; `words` names the special kinds, `count_word` says what is counted."""
    rows = "".join(_row(entry, words) for entry in entries)
    return (
        f'<div style="font-size:.86rem;line-height:1.55"><div style="color:#5b6673">{html.escape(title)} '
        f'<span style="float:right">{html.escape(count_word)}</span></div>'
        f'<ul style="list-style:none;margin:0;padding:0">{rows}</ul></div>'
    )


def _row(entry: Entry, words: Callable[[str], str]) -> str:
    label = entry.label if entry.kind == "class" else words(entry.kind)
    swatch = _HATCH if entry.kind == "suppressed" else f"background:{html.escape(entry.colour)}"
    return (
        '<li style="display:flex;align-items:center;gap:.5rem;margin:.1rem 0">'
        f'<span style="width:1.5rem;height:.95rem;flex:none;border:1px solid #8a949e;{swatch}"></span>'
        f'<span style="flex:1;font-variant-numeric:tabular-nums">{html.escape(label)}</span>'
        f'<span style="color:#5b6673;font-variant-numeric:tabular-nums">{entry.count}</span></li>'
    )
