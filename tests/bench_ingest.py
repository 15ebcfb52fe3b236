"""Measure the import of a long CSV of ten million rows against bare polars on the same file.

`bench(rows)` makes the file and a package around it in a temporary folder, runs both ways in processes of their own
(so that the peak memory of each is its own) and returns a dict. `python tests/bench_ingest.py [rows]` prints it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

REPOSITORY = Path(__file__).resolve().parents[1]
SEXES = ("F", "M")
AGES = [f"Y{a}T{a + 4}" for a in range(0, 75, 5)] + ["Y_GE75"]
YEARS, INDICATORS, PER_CELL = 25, 20, 3 * (len(AGES) + 1)
REPEATS = 3


def bench(rows: int = 10_000_000) -> dict[str, float]:
    """Return rows, seconds of polars and of the import (best of three each), their ratio, and the peak memory in GB.

    On a busy machine look at `cpu_ratio`: processor seconds, of which the import gives a larger share to a second core.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make_package(folder, rows)
        runs = [(_child("plain", folder), _child("ours", folder)) for _ in range(REPEATS)]  # by turns: the machine may be busy
        plain, ours = zip(*runs, strict=True)
    seconds, bare = min(run["seconds"] for run in ours), min(run["seconds"] for run in plain)
    return {
        "rows": made,
        "polars_seconds": round(bare, 2),
        "import_seconds": round(seconds, 2),
        "ratio": round(seconds / bare, 2),
        "cpu_ratio": round(min(run["cpu"] for run in ours) / min(run["cpu"] for run in plain), 2),
        "peak_gigabytes": round(max(run["peak"] for run in ours), 2),
    }


def make_package(folder: Path, rows: int) -> int:
    """Write a package of one long CSV with about `rows` rows; sexes and ages add up. Return the number of rows."""
    areas = [f"{number:05d}" for number in range(1, max(2, round(rows / (YEARS * INDICATORS * PER_CELL))) + 1)]
    indicators = [f"indicator_{number:02d}" for number in range(INDICATORS)]
    frame = _long_table(areas, indicators)
    source = folder / "sources" / "register" / "2025"
    source.mkdir(parents=True)
    frame.write_csv(source / "long.csv")
    columns = "\n".join(f'{name} = "{name}"' for name in ("area", "period", "indicator", "sex", "age", "value"))
    (source / "recipe.toml").write_text(f'file = "long.csv"\ndecimal = "."\n[columns]\n{columns}\n')
    entries = "\n".join(
        f'[indicators.{id}]\ntitle = "{id}"\ntopic = "all"\nunit = "persons"\nkind = "count"\nsource = "register"'
        for id in indicators
    )
    (folder / "indicators.toml").write_text(f'[topics.all]\ntitle = "All"\n{entries}\n')
    (folder / "sources.toml").write_text('[sources.register]\ntitle = "Register"\npublisher = "Office"\nlicence = "none"\n')
    units = '[[units]]\nid = "district"\ntitle = "District"\nparent = "city"\n[[units]]\nid = "city"\ntitle = "City"\n'
    (folder / "package.toml").write_text(f'id = "bench"\ntitle = "Bench"\nsynthetic = true\nlicence = "none"\n{units}')
    (folder / "areas").mkdir()
    listed = "\n".join(f'[[areas]]\ncode = "{code}"\nname = "District {code}"\nparent = "bench"' for code in areas)
    (folder / "areas" / "district.toml").write_text(listed)
    return frame.height


def _long_table(areas: list[str], indicators: list[str]) -> pl.DataFrame:
    """Return area,period,indicator,sex,age,value in the order a register writes it: area by area, year by year."""
    random = np.random.default_rng(2025)
    cells = random.integers(0, 300, size=(len(areas), YEARS, INDICATORS, len(SEXES), len(AGES)))
    cells = np.concatenate([cells, cells.sum(axis=3, keepdims=True)], axis=3)
    cells = np.concatenate([cells, cells.sum(axis=4, keepdims=True)], axis=4)
    years = [str(year) for year in range(2025 - YEARS, 2025)]
    table = pl.DataFrame({"area": areas}).join(pl.DataFrame({"period": years}), how="cross")
    for name, values in (("indicator", indicators), ("sex", [*SEXES, "_T"]), ("age", [*AGES, "_T"])):
        table = table.join(pl.DataFrame({name: values}), how="cross")
    return table.with_columns(pl.Series("value", cells.reshape(-1)))


def _child(way: str, folder: Path) -> dict[str, float]:
    run = subprocess.run(
        [sys.executable, __file__, way, str(folder)], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )  # fmt: skip
    answer: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return answer


def _plain(folder: Path) -> None:
    frame = pl.read_csv(folder / "sources" / "register" / "2025" / "long.csv")
    frame.write_parquet(folder / "plain.parquet")


def _ours(folder: Path) -> None:
    from model.catalogue import read_package
    from model.ingest.build import build

    build(read_package(folder))


def _run(way: str, folder: Path) -> None:
    if way == "ours":
        import pyogrio  # noqa: F401  the geo stack is loaded in advance: the comparison is about the rows
    started, before = time.perf_counter(), time.process_time()
    {"plain": _plain, "ours": _ours}[way](folder)
    seconds, cpu = time.perf_counter() - started, time.process_time() - before
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))


if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))
    if len(sys.argv) == 3:
        _run(sys.argv[1], Path(sys.argv[2]))
    else:
        print(json.dumps(bench(*map(int, sys.argv[1:])), indent=1))
