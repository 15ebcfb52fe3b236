"""Who delivered the data: sources, their files with vintage and checksum, and what the build noticed."""

from __future__ import annotations

import polars as pl
import streamlit as st

from model.catalogue import Source
from model.profile.numbers import format_value
from model.publish.entries import open_sources
from pages.parts import downloads, frame, tables
from pages.parts.frame import language, reader, t
from pages.parts.sources_html import Fact, Link, cards_html


def show() -> None:
    """Show sources, files and notes of the build."""
    door = reader()
    files = door.notes["files"]
    sources = open_sources(door.catalogue)
    frame.head(
        t("sources.files_one" if len(sources) == 1 else "sources.files_title", sources=len(sources), files=len(files)),
        t("sources.files_subtitle", release=door.release),
    )
    st.html(cards_html([(source.title.of(language()), _facts(source)) for source in sources]))
    st.subheader(t("sources.files"), anchor=False)
    table = file_table()
    widths = {"SHA-256": st.column_config.TextColumn(width=180)}
    st.dataframe(
        tables.written(table, {t("sources.rows"): 0}), hide_index=True, key="files", height=430, column_config=widths,
        alt=t("sources.files_alt", n=len(files)),
    )  # fmt: skip
    st.caption(t("sources.files_note"))
    shown = downloads.Shown(t("sources.files"), "", _foot(), pl.DataFrame(), ready=lambda: table)
    downloads.menu(shown, "files")
    _notes()


def _facts(source: Source) -> list[Fact]:
    catalogue = reader().catalogue
    number = sum(i.source == source.id for i in catalogue.indicators.values())
    files = [f for f in reader().notes["files"] if f["source"] == source.id]
    return [
        Fact(t("sources.publisher"), [Link(source.publisher, source.url)]),
        Fact(t("sources.licence"), [" · ".join(x for x in (source.licence, source.attribution) if x)]),
        Fact(t("sources.vintage"), [", ".join(sorted({f["vintage"] for f in files}))]),
        Fact(t("sources.contact"), [Link(source.contact, f"mailto:{source.contact}" if "@" in source.contact else "")]),
        Fact(t("sources.note"), [source.note.of(language())]),
        Fact(t("sources.delivers"), [t("sources.delivers_n", indicators=number, files=len(files))]),
    ]


def file_table() -> pl.DataFrame:
    """Return one row per file: source, file, vintage, rows, SHA-256, recipe, note."""
    sources = reader().catalogue.sources
    rows = [
        {
            t("sources.source"): sources[f["source"]].title.of(language()) if f["source"] in sources else f["source"],
            t("sources.file"): f["file"].rsplit("/", 1)[-1],
            t("sources.vintage"): f["vintage"],
            t("sources.rows"): f["rows"],
            "SHA-256": f["sha256"],
            t("sources.recipe"): f["recipe"],
            t("sources.note"): f["note"],
        }
        for f in reader().notes["files"]
    ]
    return pl.DataFrame(rows)


def _notes() -> None:
    """Show what the build repaired or found unlikely, in the words of the build."""
    notes = [*reader().notes["notes"], *reader().notes["warnings"]]
    st.subheader(t("sources.notes"), anchor=False)
    if not notes:
        st.markdown(t("sources.notes_none"))
        return
    st.markdown(t("sources.notes_some", n=format_value(len(notes), 0, language())))
    st.markdown("\n".join(f"- {frame.plain(note)}" for note in notes))


def _foot() -> str:
    return frame.source_words(list(reader().catalogue.indicators.values()))
