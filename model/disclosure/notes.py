"""What may be told of a build: its notes quote cells of the files, and those are not protected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from model.catalogue import Catalogue

_QUOTED = re.compile(r":? ['\"“„].*$")  # a cell or line as it stands in the file
_ROW = re.compile(r"([\w-]+) (\S+) (\(.*?\) )?([^=]*?) = .*? after \S+: (an unlikely jump)\.")
_FURTHER = re.compile(r"([\w-]+)(: \d+ further jumps\.)")
_PARTS = re.compile(r"([\w-]+)(: \d+ published values differ from numerator and denominator)\b.*")


def open_notes(notes: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """Return the notes of a build without values and without what `catalogue` does not hold.

    `files` are those of sources with a visible indicator, `notes` lose what they quote, `warnings` their numbers. A warning
    of a form that is not known here is left out.
    """
    sources = {indicator.source for indicator in catalogue.indicators.values()}
    files = notes.get("files", [])
    hidden = {_short(f["file"]) for f in files if f["source"] not in sources}
    told = [_QUOTED.sub("", note) for note in notes.get("notes", []) if not note.startswith(tuple(hidden))]
    warned = [_without_values(warning, catalogue) for warning in notes.get("warnings", [])]
    return {
        "files": [f for f in files if f["source"] in sources],
        "notes": told,
        "warnings": [warning for warning in warned if warning],
    }


def _without_values(warning: str, catalogue: Catalogue) -> str:
    """Return the warning without its numbers; "" where it is about something unseen or says it in an unknown way."""
    if (row := _ROW.match(warning)) and row[1] in catalogue.indicators and row[2] in catalogue.areas:
        return f"{row[1]} {row[2]} {row[3] or ''}{row[4]}: {row[5]}."
    for form in (_FURTHER, _PARTS):
        if (found := form.match(warning)) and found[1] in catalogue.indicators:
            return found[1] + found[2].rstrip(".") + "."
    return ""


def _short(file: str) -> str:
    return file.rsplit("/", 1)[-1]
