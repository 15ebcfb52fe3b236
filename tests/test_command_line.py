"""The command line as a stranger meets it: exit codes, one clear message, no traceback."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from model.vocabulary import SCHEMA
from tests.ingest.conftest import Town

REPOSITORY = Path(__file__).resolve().parents[1]


def call(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "model", *map(str, words)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    town = Town(tmp_path_factory.mktemp("package") / "smalltown")
    town.long(
        "01,2022,births,_T,_T,10", "01,2023,births,_T,_T,11", "02,2022,births,_T,_T,12", "02,2023,births,_T,_T,13",
        "01,2023,residents,F,Y0T17,30", "01,2023,residents,M,Y0T17,20",
    )  # fmt: skip
    run = call("build", town.folder)
    assert (run.returncode, len(run.stdout.strip())) == (0, 12), run.stderr
    return town.folder


def test_build_tells_its_progress_on_stderr_and_the_hash_on_stdout(built: Path) -> None:
    run = call("build", built)
    assert run.returncode == 0
    assert "register/2025/recipe.toml" in run.stderr
    assert run.stdout.strip() == (built / "tables" / "CURRENT").read_text().strip()


def test_build_if_stale_does_nothing_twice(built: Path) -> None:
    run = call("build", built, "--if-stale")
    assert (run.returncode, run.stderr) == (0, "")


def test_check_writes_nothing(built: Path) -> None:
    before = sorted((built / "tables").iterdir())
    run = call("check", built)
    assert run.returncode == 0
    assert "no breach" in run.stderr
    assert sorted((built / "tables").iterdir()) == before


def test_a_breach_is_exit_code_2_with_places_and_without_traceback(tmp_path: Path) -> None:
    town = Town(tmp_path / "smalltown")
    town.long("01,2023,births,_T,_T,-5", "9,2023,births,_T,_T,5")
    for verb in ("build", "check"):
        run = call(verb, town.folder)
        assert (run.returncode, run.stdout) == (2, "")
        assert "Traceback" not in run.stderr
        assert "negative count: 1 row" in run.stderr
        assert "data.csv, line 2" in run.stderr
        assert "'9' is not an area" in run.stderr
    assert not (town.folder / "tables" / "CURRENT").exists()


@pytest.mark.parametrize("verb", ["build", "check", "query"])
def test_what_is_no_package_is_said_in_one_line(tmp_path: Path, verb: str) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path, tmp_path / "file", tmp_path / "nowhere"):
        run = call(verb, place, *(["--indicator", "x"] if verb == "query" else []))
        assert (run.returncode, run.stdout) == (2, "")
        assert "package.toml" in run.stderr
        assert run.stderr.count("\n") == 1


def test_query_prints_the_indicator_table_as_csv(built: Path) -> None:
    run = call("query", built, "--indicator", "births", "--unit", "district", "--period", "2023")
    assert run.returncode == 0
    rows = list(csv.DictReader(io.StringIO(run.stdout)))
    assert [(row["area"], row["period"], row["value"]) for row in rows] == [
        ("01", "2023-01-01", "11.0"),
        ("02", "2023-01-01", "13.0"),
    ]
    assert list(rows[0]) == list(SCHEMA)


def test_query_prints_json_and_understands_spans(built: Path) -> None:
    run = call("query", built, "--indicator", "births", "--area", "00", "--period", "2020:2023", "--format", "json")
    assert [(row["period"], row["value"]) for row in json.loads(run.stdout)] == [("2022-01-01", 22.0), ("2023-01-01", 24.0)]


def test_query_by_sex_and_age(built: Path) -> None:
    run = call("query", built, "--indicator", "residents", "--area", "01", "--sex", "F", "--age", "Y_LT18", "--format", "json")
    assert [row["value"] for row in json.loads(run.stdout)] == [30.0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--indicator", "birth"), "Did you mean 'births'"),
        (("--indicator", "births", "--unit", "distrikt"), "Did you mean 'district'"),
        (("--indicator", "births", "--area", "001"), "Did you mean"),
        (("--indicator", "births", "--period", "soon"), "Period 'soon' cannot be read"),
        (("--indicator", "births", "--period", "2023:2020"), "ends before it begins"),
        (("--indicator", "births", "--sex", "Q"), "Sex 'Q' is not a code"),
        (("--indicator", "births", "--release", "abc"), "is not there"),
    ],
)
def test_a_question_that_cannot_be_asked_is_explained(built: Path, words: tuple[str, ...], said: str) -> None:
    run = call("query", built, *words)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_help_names_every_verb() -> None:
    run = call("--help")
    assert run.returncode == 0
    for verb in ("build", "check", "query", "forecast", "backtest", "project"):
        assert verb in run.stdout


def test_an_unknown_verb_is_exit_code_2() -> None:
    run = call("biuld")
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
