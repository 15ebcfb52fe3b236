"""The README is the front page: its paths exist, its commands run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(
    {
        line.split("#")[0].strip()
        for language, block in re.findall(r"```(\w*)\n(.*?)```", TEXT, re.S)
        if not language
        for line in block.splitlines()
        if line.strip().startswith((".venv/bin/", "make ", "DATENLABOR_"))
    }
)
PATHS = sorted(set(re.findall(r"`((?:model|pages|tests|data|\.streamlit)/[\w./-]+|app\.py|config\.toml)`", TEXT)))


@pytest.mark.parametrize("path", PATHS)
def test_every_path_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_there_are_paths_and_commands_to_check() -> None:
    assert len(PATHS) > 15
    assert len(COMMANDS) > 6


@pytest.mark.parametrize("command", [c for c in COMMANDS if "make" in c.split()])
def test_every_make_target_exists(command: str) -> None:
    target = command.split("make ")[1].split()[0]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("command", [c for c in COMMANDS if "-m model" in c])
def test_every_command_of_ours_is_understood(command: str) -> None:
    words = shlex.split(command.split(" -m model ")[1])
    shown = subprocess.run(
        [sys.executable, "-m", "model", words[0], "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for option in (w for w in words if w.startswith("--")):
        assert option in shown.stdout


def test_the_query_of_the_readme_answers(musterstadt: Path) -> None:
    command = next(c for c in COMMANDS if "-m model query" in c)
    words = shlex.split(command.split(" -m model ")[1])
    answer = subprocess.run([sys.executable, "-m", "model", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert answer.splitlines()[0].startswith("indicator,area,period")
    assert len(answer.splitlines()) == 29


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", TEXT, re.S))
def test_every_piece_of_a_recipe_is_valid(block: str) -> None:
    from model.ingest.recipe import Recipe

    keys = set(tomllib.loads(re.sub(r"^   ", "", block, flags=re.M)))
    assert keys <= {f for f in Recipe.__dataclass_fields__} | {"columns", "values", "wide", "fixed", "file"}


def test_requirements_say_who_needs_them() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            assert line.startswith("-r ") or ("==" in line and "# " in line), line
