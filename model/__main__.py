"""The command line: python -m model build | check | query | forecast | backtest | project.

One boundary: what is wrong with the input is told in one clear message on stderr, exit code 2, without traceback.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from model.errors import BreachError, DatalabError
from model.ingest.breach import report

VERBS: dict[str, tuple[str, str, str]] = {  # verb → module, the suffix of its functions, what it does
    "build": ("model.ingest.command", "_build", "build the tables of a data package"),
    "check": ("model.ingest.command", "_check", "check a data package without writing anything"),
    "query": ("model.disclosure.command", "", "print rows of the indicator table"),
    "forecast": ("model.forecast.command", "", "continue series into the future"),
    "backtest": ("model.forecast.command", "_backtest", "measure how good forecasts of the past would have been"),
    "project": ("model.demography.command", "", "project a population by cohort and component"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code: 0, or 2 where the input cannot be used."""
    words = list(sys.argv[1:] if words is None else words)
    try:
        return _run(words)
    except BreachError as error:
        _complain(str(error), *report(error.breaches))
    except DatalabError as error:
        _complain(str(error))
    except OSError as error:  # no such folder, no right to write, disk full: the last release is still there
        _complain(f"{error.filename or 'Disk'}: {error.strerror or error}.")
    return 2


def _run(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m model", description="Datenlabor on the command line.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, (_, _, summary) in VERBS.items():
        verbs.add_parser(verb, help=summary, add_help=False)
    asked = parser.parse_known_args(words[:1])[0].verb
    module, suffix, summary = VERBS[asked]
    command = import_module(module)  # only the room that is asked for is loaded
    own = argparse.ArgumentParser(prog=f"python -m model {asked}", description=summary.capitalize() + ".")
    getattr(command, f"add{suffix}_arguments")(own)
    status: int = getattr(command, f"run{suffix}")(own.parse_args(words[1:]))
    return status


def _complain(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
