"""Every word on the screen, in German and English, from the files in texts/ (one per page)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return all texts of one language by key `file.key`."""
    texts = {}
    for file in sorted(FOLDER.glob("*.toml")):
        for key, words in tomllib.loads(file.read_text(encoding="utf-8")).items():
            texts[f"{file.stem}.{key}"] = words[language]
    return texts


def text(key: str, language: str, **values: object) -> str:
    """Return the text of `key` with its `{placeholders}` filled. Raises KeyError for an unknown key."""
    words = catalogue(language)[key]
    return words.format(**values) if values else words
