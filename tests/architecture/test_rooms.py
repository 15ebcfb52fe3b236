"""Who may import whom, and the house rules that can be counted."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "errors", "vocabulary", "settings", "catalogue", "ingest", "query", "disclosure", "forecast", "demography",
    "scenario", "profile", "report", "publish",
)  # fmt: skip
SCREEN = ("streamlit", "pydeck", "streamlit_authenticator")
HEAVY = (
    "statsmodels",
    "scipy",
    "geopandas",
    "shapely",
    "pyogrio",
    "pyproj",
    "pandas",
    "jenkspy",
    "vl_convert",
    "xlsxwriter",
    "fastexcel",
)
FILES = [p for folder in ("model", "pages") for p in sorted((ROOT / folder).rglob("*.py"))]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(tree: ast.AST, *, top_only: bool = False) -> set[str]:
    nodes = ast.iter_child_nodes(tree) if top_only else ast.walk(tree)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [p for p in FILES if p.is_relative_to(ROOT / "model")], ids=name_of)
def test_the_core_imports_only_rooms_to_its_left_and_no_screen(path: Path) -> None:
    room = path.relative_to(ROOT / "model").parts[0].removesuffix(".py")
    found = imports(tree(path))
    assert not {i.split(".")[0] for i in found} & {*SCREEN, "pages"}
    if room in ("__main__", "__init__"):
        return
    used = {i.split(".")[1] for i in found if i.startswith("model.")} & set(ROOMS)
    later = {other for other in used if ROOMS.index(other) > ROOMS.index(room)}
    assert not later, f"{room} must not import {later}"
    assert not (room == "demography" and "forecast" in used), "demography and forecast do not meet"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_heavy_libraries_are_imported_where_they_are_needed(path: Path) -> None:
    top = {i.split(".")[0] for i in imports(tree(path), top_only=True)}
    assert not top & set(HEAVY)


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=name_of)
def test_a_page_is_a_short_contents_list(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= 120
    others = {f"pages.{p.stem}" for p in (ROOT / "pages").glob("*.py")}
    assert not imports(tree(path)) & others, "pages never import each other"


@pytest.mark.parametrize("name", ["charts", "maps", "scene", "colours", "legend", "files"])
def test_builders_of_pictures_know_no_streamlit(name: str) -> None:
    assert "streamlit" not in {i.split(".")[0] for i in imports(tree(ROOT / "pages" / "parts" / f"{name}.py"))}


@pytest.mark.parametrize("path", [p for p in FILES if p.is_relative_to(ROOT / "pages")], ids=name_of)
def test_caching_and_session_state_have_one_home_each(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "cachetools" not in text or path.stem == "cache"
    assert "cache_resource" not in text
    assert "cache_data" not in text
    assert "session_state" not in text or path.stem == "session"
    assert "unsafe_allow_html" not in text


def test_every_cache_is_bounded() -> None:
    text = (ROOT / "pages" / "parts" / "cache.py").read_text(encoding="utf-8")
    assert text.count("@shared(max_entries=") == text.count("@shared") > 0


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_functions_fit_on_a_screen_and_public_ones_are_described(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        assert length <= 60, f"{node.name} has {length} lines"
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


def test_no_room_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "helpers", "common", "misc"}
    assert not {p.stem for p in FILES} & drawers
    assert not {p.name for p in (ROOT / "model").rglob("*") if p.is_dir()} & drawers


def test_no_page_bears_the_name_of_a_standard_module() -> None:
    import sys

    assert not {p.stem for p in (ROOT / "pages").glob("*.py")} & sys.stdlib_module_names
