"""Typeset a metadata sheet: a list of facts, and a formula as a fraction. Knows no Streamlit; everything is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"
_MUTED = "color:#5b6673"


@dataclass(frozen=True)
class Link:
    """Words that may lead somewhere: an address of this page, or a web page."""

    words: str
    href: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of a sheet: a label and what is to be said about it; empty facts are left out."""

    label: str
    said: Sequence[str | Link]


def facts_html(facts: Sequence[Fact], label_width: str = "11rem") -> str:
    """Return the facts as a definition list, label left and text right, one below the other on a phone."""
    rows = "".join(_row(fact, label_width) for fact in facts if any(_words(s) for s in fact.said))
    return f'<dl style="margin:0;padding:0;line-height:1.5">{rows}</dl>'


def _row(fact: Fact, label_width: str) -> str:
    said = "".join(f"<div>{link_html(s)}</div>" for s in fact.said if _words(s))
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:0 1rem;padding:.4rem 0;border-top:1px solid #e3e8ed">'
        f'<dt style="{_MUTED};flex:0 0 {label_width};font-weight:400">{escape(fact.label)}</dt>'
        f'<dd style="margin:0;flex:1 1 16rem;max-width:46rem;overflow-wrap:anywhere">{said}</dd></div>'
    )


def cards_html(cards: Sequence[tuple[str, Sequence[Fact]]]) -> str:
    """Return titled lists of facts as cards, side by side where there is room."""
    made = "".join(
        f'<section style="border:1px solid #c9d1d9;border-radius:.4rem;padding:.9rem 1.1rem .6rem">'
        f'<h3 style="font-size:1.05rem;font-weight:600;margin:0;padding:0 0 .5rem">{escape(title)}</h3>'
        f"{facts_html(facts, '8rem')}</section>"
        for title, facts in cards
    )
    return f'<div style="display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:1rem">{made}</div>'


def fraction_html(result: str, above: Link, below: Link, factor: str, divided_by: str, times: str) -> str:
    """Return `result = above ÷ below × factor` with a fraction line; `divided_by` and `times` are read aloud."""
    multiplied = f'<span aria-hidden="true">×</span>{_unseen(times)}<span>{escape(factor)}</span>' if factor else ""
    return _formula(
        result,
        '<span style="display:inline-flex;flex-direction:column;text-align:center">'
        f'<span style="padding:0 .5rem .15rem">{link_html(above)}</span>{_unseen(divided_by)}'
        f'<span style="padding:.15rem .5rem 0;border-top:1.5px solid #1c2530">{link_html(below)}</span></span>{multiplied}',
    )


def weighted_html(result: str, value: str, weight: Link, words: tuple[str, str]) -> str:
    """Return `result = Σ (value × weight) ÷ Σ weight`; `words` are "sum of", "divided by"."""
    total, divided_by = words
    sign = f'<span aria-hidden="true">Σ</span>{_unseen(total)}'
    return _formula(
        result,
        '<span style="display:inline-flex;flex-direction:column;text-align:center">'
        f'<span style="padding:0 .5rem .15rem">{sign} ({escape(value)} × {link_html(weight)})</span>{_unseen(divided_by)}'
        f'<span style="padding:.15rem .5rem 0;border-top:1.5px solid #1c2530">{sign} {link_html(weight)}</span></span>',
    )


def _formula(left: str, right: str) -> str:
    return (
        '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:.5rem;padding:.9rem 1.1rem;margin:.2rem 0;'
        'background:#f3f5f7;border-radius:.4rem;font-size:1.05rem;position:relative">'
        f"<span>{escape(left)}</span><span>=</span>{right}</div>"
    )


def link_html(said: str | Link) -> str:
    """Return words, as a link where they lead somewhere."""
    if isinstance(said, str) or not said.href:
        return escape(_words(said))
    return f'<a href="{escape(said.href, quote=True)}" style="color:#0b5c8a">{escape(said.words)}</a>'


def _words(said: str | Link) -> str:
    return said if isinstance(said, str) else said.words


def _unseen(words: str) -> str:
    return f'<span style="{_UNSEEN}"> {escape(words)} </span>'
