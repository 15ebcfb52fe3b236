"""Read in a process of its own, with a limit on time and memory: for files that a stranger hands in.

What the child answers is Arrow and JSON, never anything that could run code here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl

from model.errors import ReadError
from model.ingest.read.table import Limits, Lines, RawTable, ReadOptions, refusal

_ROOT: Final = Path(__file__).resolve().parents[3]
_TABLE, _ANSWER, _QUESTION = "table.arrow", "answer.json", "question.json"


def read_in_child(path: str | Path, options: ReadOptions) -> RawTable:
    """Read a file as `read` does, in a child process; raises ReadError if it takes too long or too much memory."""
    name = Path(str(path).partition("!")[0]).name
    with TemporaryDirectory() as folder:
        answer = Path(folder, _ANSWER)
        Path(folder, _QUESTION).write_text(json.dumps({"path": str(Path(path).absolute()), "options": asdict(options)}))
        try:
            done = subprocess.run(
                [sys.executable, "-m", __name__, folder], cwd=_ROOT, timeout=options.limits.seconds,
                stdin=subprocess.DEVNULL, capture_output=True, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise refusal(f"Reading took more than {options.limits.seconds:.0f} seconds and was stopped.", name) from error
        if not answer.is_file():
            raise refusal(f"Reading needed more memory than it may have, or broke off (code {done.returncode}).", name)
        return _answered(json.loads(answer.read_text()), Path(folder, _TABLE))


def _answered(answer: dict[str, Any], table: Path) -> RawTable:
    if "what" in answer:
        raise ReadError(answer["what"], where=answer["where"], hint=answer["hint"])
    frame = pl.read_ipc(table.read_bytes())
    numbers = frame.to_series(0) if answer["numbered"] else None
    lines = Lines(answer["first"], numbers, answer["noun"])
    frame = frame.drop(frame.columns[0]) if answer["numbered"] else frame
    return RawTable(frame, answer["file"], lines, answer["decimal"], answer["thousands"], tuple(answer["notes"]))


def answer_question(folder: Path) -> None:
    """Read the file named in the folder's question and write table and answer into the folder."""
    from model.ingest.read import read

    question = json.loads((folder / _QUESTION).read_text())
    given = question["options"]
    limits = replace(Limits(**given.pop("limits")), child=False)
    _limit_memory(limits)
    try:
        table = read(
            Path(question["path"]) if "!" not in question["path"] else question["path"], ReadOptions(**given, limits=limits)
        )
    except ReadError as error:
        answer = {"what": error.what, "where": error.where, "hint": error.hint}
    else:
        answer = _write(table, folder)
    (folder / _ANSWER).write_text(json.dumps(answer))


def _write(table: RawTable, folder: Path) -> dict[str, Any]:
    numbers = table.lines.numbers
    frame = table.frame if numbers is None else pl.DataFrame([numbers.alias("\0line")]).hstack(table.frame)
    frame.write_ipc(folder / _TABLE)
    return {
        "file": table.file, "first": table.lines.first, "noun": table.lines.noun, "numbered": numbers is not None,
        "decimal": table.decimal, "thousands": table.thousands, "notes": table.notes,
    }  # fmt: skip


def _limit_memory(limits: Limits) -> None:
    if sys.platform == "win32":
        return  # no such limit there; time is limited all the same
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    answer_question(Path(sys.argv[1]))
