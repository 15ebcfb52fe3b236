"""Every word on the screen is there in both languages, used, and filled with the same placeholders."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from model.vocabulary import LANGUAGES, STATUSES
from pages.parts.scene import ENDS, FILTERED
from pages.parts.text import FOLDER, catalogue, text

PAGES = Path(__file__).resolve().parents[2] / "pages"
SCRIPTS = sorted(PAGES.rglob("*.py"))
KEY = re.compile(r"[a-z]+\.[A-Za-z0-9_]+")
FILES = (".py", ".md", ".csv", ".toml", ".svg", ".geojson")
WORDS = (*STATUSES, *ENDS, FILTERED)  # kinds that come from the core or the scene as values


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.toml"))


def words() -> Iterator[tuple[str, dict[str, str]]]:
    for file in files():
        for key, both in tomllib.loads(file.read_text(encoding="utf-8")).items():
            yield f"{file.stem}.{key}", both


def literals() -> Iterator[tuple[Path, int, str]]:
    """Give every whole text constant of the pages."""
    for script in SCRIPTS:
        inside = {id(part) for node in ast.walk(_tree(script)) for part in _pieces(node)}
        for node in ast.walk(_tree(script)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
                yield script, node.lineno, node.value


def _pieces(node: ast.AST) -> list[ast.expr]:
    """Give the constants of an expression that are only the beginning of a text."""
    if isinstance(node, ast.JoinedStr):
        return node.values
    return [node.left] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else []


@cache
def patterns() -> set[str]:
    """Give the keys that are put together while the page runs, as patterns: t(f"explore.view_{view}")."""
    stems = tuple(f"{file.stem}\\." for file in files())
    found = set()
    for script in SCRIPTS:
        for node in ast.walk(_tree(script)):
            pieces = _pieces(node)
            if pieces and isinstance(pieces[0], ast.Constant):
                pattern = "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"(\w+)" for p in pieces)
                found.add(pattern if isinstance(node, ast.JoinedStr) else pattern + r"(\w+)")
    return {pattern for pattern in found if pattern.startswith(stems) and "\\ " not in pattern}


def _tree(script: Path) -> ast.Module:
    if script not in _TREES:
        _TREES[script] = ast.parse(script.read_text(encoding="utf-8"))
    return _TREES[script]


_TREES: dict[Path, ast.Module] = {}


def fields(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


@pytest.mark.parametrize("file", files(), ids=lambda f: f.stem)
def test_both_languages_are_complete(file):
    for key, both in tomllib.loads(file.read_text(encoding="utf-8")).items():
        assert set(both) == set(LANGUAGES), key
        assert all(value.strip() for value in both.values()), key


def test_placeholders_are_the_same_in_both_languages():
    assert {key: (fields(w["de"]), fields(w["en"])) for key, w in words() if fields(w["de"]) != fields(w["en"])} == {}


def test_no_text_is_the_same_word_by_mistake():
    """Sentences are never alike in German and English; only names and international words may be."""
    alike = [key for key, w in words() if w["de"] == w["en"] and len(w["de"].split()) > 3 and not fields(w["de"])]
    assert alike == []


def named() -> set[tuple[str, int, str]]:
    """Give every key that a page names as a whole, with script and line."""
    stems = {file.stem for file in files()}
    return {
        (script.name, line, value)
        for script, line, value in literals()
        if KEY.fullmatch(value) and value.split(".")[0] in stems and not value.endswith(FILES)
    }


def test_every_key_a_page_names_exists():
    """A name may also be the beginning of keys that a function ends: _direction("compare.box") gives compare.box_up."""
    known = catalogue("de")
    assert len(named()) > 100
    assert {n for n in named() if n[2] not in known and not any(key.startswith(f"{n[2]}_") for key in known)} == set()


def test_every_key_put_together_leads_to_one():
    known = catalogue("de")
    assert len(patterns()) > 20
    assert {p for p in patterns() if not any(re.fullmatch(p, key) for key in known)} == set()


def test_no_key_is_unused():
    known, whole = catalogue("de"), {key for _, _, key in named()}
    whole |= {key for key in known for begun in whole - set(known) if key.startswith(f"{begun}_")}
    spoken = {value for _, _, value in literals()} | set(WORDS)

    def used(key: str) -> bool:
        """Tell whether a page can say the key; where hardly anything is fixed, the rest must stand somewhere as a word."""
        for pattern in patterns():
            match = re.fullmatch(pattern, key)
            if match and (not pattern.split(".", 1)[1].startswith("(") or match[1] in spoken):
                return True
        return key in whole

    assert sorted(key for key in known if not used(key)) == []


def test_calls_fill_every_placeholder():
    """t("page.key", …) with a plain key passes at least the placeholders of that text."""
    known, wrong = dict(words()), []
    for script in SCRIPTS:
        for node in ast.walk(_tree(script)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t" and node.args):
                continue
            key = node.args[0]
            if isinstance(key, ast.Constant) and key.value in known and not any(k.arg is None for k in node.keywords):
                given = {str(k.arg) for k in node.keywords}
                if not fields(known[key.value]["de"]) <= given:
                    wrong.append((script.name, node.lineno, key.value, given))
    assert wrong == []


def test_a_text_is_filled_and_an_unknown_key_is_loud():
    assert text("sources.found", "de", n=3, of=91) == "3 von 91 Indikatoren"
    assert text("sources.found", "en", n=3, of=91) == "3 of 91 indicators"
    with pytest.raises(KeyError):
        text("sources.no_such_text", "de")
