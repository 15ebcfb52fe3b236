"""The documented format: every key of the reference is understood, and every key that is understood is documented."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from model.errors import RecipeError, UnknownName
from model.ingest import recipe as reference
from model.ingest.read import ReadOptions
from model.ingest.read_recipe import find_files, read_recipe, read_recipes
from model.ingest.recipe import Recipe
from tests.ingest.conftest import Town

DOCUMENT = reference.__doc__ or ""


def _write(folder: Path, text: str, name: str = "recipe.toml", source: str = "office", vintage: str = "2025") -> Path:
    path = folder / source / vintage / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_every_key_is_documented() -> None:
    kinds = [Recipe, reference.Columns, reference.ValueColumn, reference.Pattern, reference.Where, reference.Unlocated]
    kinds += [reference.PeriodRule, reference.AreaRule, reference.Mark]
    shown = {"one_of": "in", "first": "from", "last": "to"}
    internal = {"path", "section", "source", "vintage", "fixed", "map", "symbols", "marks", "wide"}
    for kind in kinds:
        for field in dataclasses.fields(kind):
            name = shown.get(field.name, field.name)
            if not (kind is Recipe and name in internal):
                assert re.search(rf"\b{name}\b", DOCUMENT), f"{kind.__name__}.{name}"
    for section in ("columns", "wide", "file_name", "fixed", "map.area", "area", "unlocated", "period", "symbols"):
        assert f"[{section}]" in DOCUMENT


def test_every_line_of_the_reference_is_a_recipe_that_reads(tmp_path: Path) -> None:
    """Take the examples out of the reference, each section by itself, and read them."""
    lines = [line.strip() for line in DOCUMENT.splitlines() if line.startswith("    ")]
    keys = [
        match[1] for line in lines if (match := re.match(r"([a-z_]+ = (?:\"[^\"]*\"|'[^']*'|\[[^\]]*\]|[\d.]+))(?:\s|$)", line))
    ]
    assert len(keys) > 40
    _write(tmp_path, "from,to\nAltstadt,01\n", "areas.csv")
    sections = re.split(r"\n(?=    \[)", DOCUMENT)[1:]
    known = 0
    for section in sections:
        body = "\n".join(_example(line) for line in section.splitlines() if line.startswith("    "))
        head = body.splitlines()[0]
        says_where = any(name in head for name in ("[wide]", "[[values]]", "[columns]"))
        columns = "" if says_where else 'columns = { value = "n" }\n'
        text = f'file = "x.csv"\n{columns}{body}'
        read_recipe(_write(tmp_path, text))
        known += 1
    assert known >= 12


def _example(line: str) -> str:
    """Return the TOML at the beginning of a line of the reference, without the words beside it."""
    match = re.match(
        r"    (\[\[?[a-z_.]+\]\]?|\"?[A-Za-z. ]+\"? = (?:\"(?:\\.|[^\"])*\"|'[^']*'|\[[^\]]*\]|-?[\d.]+|true|false))", line
    )
    return match[1] if match else ""


def test_a_recipe_knows_source_and_vintage_from_its_folders(tmp_path: Path) -> None:
    path = _write(tmp_path, 'file = "x.csv"\n[columns]\nvalue = "n"\n', source="register", vintage="2025-06")
    (recipe,) = read_recipe(path)
    assert recipe.source_at_vintage == "register@2025-06"
    assert recipe.title == "register/2025-06/recipe.toml"


def test_recipes_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for source, vintage, name in (("b", "2024", "recipe.toml"), ("a", "2025", "recipe-2.toml"), ("a", "2025", "recipe-1.toml")):
        _write(tmp_path, 'file = "x.csv"\n[columns]\nvalue = "n"\n', name, source, vintage)
    assert [recipe.title for recipe in read_recipes(tmp_path)] == [
        "a/2025/recipe-1.toml",
        "a/2025/recipe-2.toml",
        "b/2024/recipe.toml",
    ]


def test_a_package_without_recipes_says_where_they_belong(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"<source>/<vintage>/recipe\.toml"):
        read_recipes(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("factor = true", "factor must be a number"),
        ('skip_rows = "two"', "skip_rows must be a whole number"),
        ("fill_down = 3.5", None),
        ('table = "x"', "two brackets"),
        ("columns = 5", "A section is expected"),
        ('[map.aera]\n"a" = "b"', "Did you mean 'area'"),
        ('[map.area]\nfile = "gone.csv"', "mapping file is missing"),
        ('[map.area]\nothers = "dropp"', "Did you mean 'drop'"),
        ('[[marks]]\nstatus = "provisionel"', "Did you mean 'provisional'"),
        ('[period]\nformat = "quater"', "Did you mean 'quarter'"),
        ('[symbols]\n"?" = "mising"', "Did you mean 'missing'"),
        ('[fixed]\nplace = "x"', "'place' is not known"),
    ],
)
def test_wrong_types_and_names_are_refused(tmp_path: Path, text: str, words: str | None) -> None:
    columns = "" if "columns" in text else 'columns = { value = "n" }\n'
    path = _write(tmp_path, f'file = "x.csv"\n{columns}{text}\n')
    if words is None:
        assert read_recipe(path)[0].fill_down == ("3.5",)  # a number may stand for a text
        return
    with pytest.raises((RecipeError, UnknownName)) as caught:
        read_recipe(path)
    assert words in str(caught.value)
    assert str(path.parent) in str(caught.value)


def test_a_mapping_file_with_a_doubled_name(tmp_path: Path) -> None:
    _write(tmp_path, "from;to\na;1\na;2\n", "m.csv")
    path = _write(tmp_path, 'file = "x.csv"\n[columns]\nvalue = "n"\n[map.area]\nfile = "m.csv"\n')
    with pytest.raises(RecipeError, match="'a' stands twice"):
        read_recipe(path)


def test_files_are_looked_for_beside_the_recipe_first(town: Town) -> None:
    town.source("a\n", 'files = ["a_*.csv"]\n[columns]\nvalue = "n"\n', name="a_2.csv")
    town.write("sources/register/2025/a_1.csv", "a\n")
    town.write("files/a_3.csv", "a\n")
    (recipe,) = read_recipes(town.folder / "sources")
    assert [path.name for path in find_files(recipe, town.folder / "files")] == ["a_1.csv", "a_2.csv"]


def test_the_formats_are_those_of_the_reader() -> None:
    from model.ingest.read.table import FORMATS

    assert set(reference.CHOICES["format"]) == set(FORMATS)
    assert {f.name for f in dataclasses.fields(ReadOptions)} - {"limits"} <= {f.name for f in dataclasses.fields(Recipe)}
