"""Measure one reader on a running server: redraws, cold start, first page, memory of a session, build of a package.

Every measurement starts a server of its own on 127.0.0.1 and ends it. Times are medians of many runs; on a machine that
does other things besides, the shortest run (`fastest`) says what the program itself needs.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any

from tests.websocket_client import Browser, Run

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "data" / "musterstadt"
PORTS = range(8531, 8540)
TICK = os.sysconf("SC_CLK_TCK")
Result = dict[str, Any]


@dataclass(frozen=True)
class Server:
    """A running server: its address (host:port) and process."""

    address: str
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """Return the seconds of processor time used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> float:
        """Return the memory in use, in megabytes."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())
        assert found is not None
        return int(found[1]) / 1000


@contextmanager
def serving(package: Path, *, wait: bool = True) -> Iterator[Server]:
    """Start `streamlit run` for a package, wait until it answers, and end it at last."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address", "127.0.0.1"]
    environment = {**os.environ, "DATENLABOR_PACKAGE": str(package)}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            server = Server(f"127.0.0.1:{port}", process)
            if wait:
                until_it_answers(server)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def until_it_answers(server: Server, patience: float = 60) -> None:
    """Wait for the health route."""
    until = perf_counter() + patience
    while perf_counter() < until and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{server.address}/api/v1/health", timeout=5):
                return
        except OSError:
            sleep(0.02)
    raise RuntimeError(f"The server at {server.address} does not answer.")


def _free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError(f"No free port among {PORTS}.")


def large_city() -> Path:
    """Return the folder of the city with 448 areas × 25 years, made and built if it is not there yet."""
    generator = SMALL / "generate.py"
    files = sorted([*SMALL.glob("*.toml"), *SMALL.glob("**/*.py"), *SMALL.glob("sources/**/*.toml")])
    state = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    kept = Path(tempfile.gettempdir()) / "datenlabor-bench"
    folder = kept / state
    if not folder.exists():
        shutil.rmtree(kept, ignore_errors=True)
        wanted = ["--areas", "448", "--first", "2001", "--seed", "7", "--light", "--into", str(folder)]
        subprocess.run([sys.executable, str(generator), *wanted], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    build(folder)
    return folder


def build(folder: Path, *, anew: bool = False) -> float:
    """Build a package and return the seconds it took."""
    started = perf_counter()
    how = [] if anew else ["--if-stale"]
    subprocess.run([sys.executable, "-m", "model", "build", *how, str(folder)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - started


def explore(quick: bool = False) -> Result:
    """Redraw the map of the large city for periods nobody has looked at yet, then for the same ones again."""
    with serving(large_city()) as server:
        return asyncio.run(_redraws(server, "explore", "period", 1 if quick else 4))


def compare(quick: bool = False) -> Result:
    """Redraw the comparison of the 28 areas for periods nobody has looked at yet, then again."""
    with serving(SMALL) as server:
        return asyncio.run(_redraws(server, "compare", "period", 1 if quick else 4))


async def _redraws(server: Server, page: str, control: str, indicators: int) -> Result:
    """Go through all options of a control for some indicators, twice: the second time the server has kept the pictures."""
    async with Browser.open(server.address, page) as browser:
        await browser.load()
        cpu = server.cpu()
        rounds: list[list[Run]] = [[], []]
        for indicator in _first_indicators(browser, indicators):
            await browser.change("indicator", indicator)
            for runs in rounds:
                runs += [await browser.change(control, option) for option in browser.widgets[control].options]
        cpu = server.cpu() - cpu
    new, again = rounds
    assert not any(run.faults for run in [*new, *again]), "The page shows an error."
    return {
        **_summary(new),
        "again_median_ms": _summary(again)["median_ms"],
        "again_fastest_ms": _summary(again)["fastest_ms"],
        "cpu_ms": round(1000 * cpu / (len(new) + len(again) + indicators), 1),
    }


def _first_indicators(browser: Browser, count: int) -> list[str]:
    """Return the labels of the first indicators on the list."""
    return list(browser.widgets["indicator"].options[:count])


def _summary(runs: list[Run]) -> Result:
    seconds = sorted(run.seconds for run in runs)
    return {
        "median_ms": round(1000 * median(seconds), 1),
        "fastest_ms": round(1000 * seconds[0], 1),
        "p95_ms": round(1000 * seconds[int(0.95 * len(seconds))], 1),
        "kilobytes": round(median(run.bytes for run in runs) / 1000, 1),
        "runs": len(runs),
    }


def cold_start(quick: bool = False) -> Result:
    """Start the server and read the first page to its end; the fastest of several, as other programs only lengthen it."""
    seconds = []
    for _ in range(2 if quick else 4):
        started = perf_counter()
        with serving(SMALL, wait=False) as server:
            until_it_answers(server)
            answering = perf_counter() - started
            asyncio.run(_first(server, ""))
            seconds.append((perf_counter() - started, answering))
    return {"seconds": round(min(seconds)[0], 2), "median": round(median(s for s, _ in seconds), 2),
            "until_it_answers": round(min(seconds)[1], 2)}  # fmt: skip


def first_page(quick: bool = False) -> Result:
    """Count what the map page of the large city sends first: messages, and its maps as the browser fetches them (gzip)."""
    with serving(large_city()) as server:
        run, addresses = asyncio.run(_first(server, "explore"))
        files = {address: _fetched(server, address) for address in sorted(addresses)}
    return {"kilobytes": round((run.bytes + sum(files.values())) / 1000, 1), "messages": round(run.bytes / 1000, 1),
            "files": {re.sub(r"^.*/|\?.*$", "", name): round(size / 1000, 1) for name, size in files.items()}}  # fmt: skip


async def _first(server: Server, page: str) -> tuple[Run, set[str]]:
    async with Browser.open(server.address, page) as browser:
        run = await browser.load()
        assert not run.faults, "The page shows an error."
        return run, browser.addresses


def _fetched(server: Server, address: str) -> int:
    request = urllib.request.Request(f"http://{server.address}{address}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return len(answer.read())


def session_memory(quick: bool = False) -> Result:
    """Open sessions on the map page of the large city and keep them open; the first ones only warm the server up."""
    with serving(large_city()) as server:
        return asyncio.run(_session_memory(server, 10, 10 if quick else 30))


async def _session_memory(server: Server, warm: int, count: int) -> Result:
    async with AsyncExitStack() as stack:
        for _ in range(warm):
            await _reader(stack, server)
        await asyncio.sleep(6)  # the server collects garbage every 5 s
        before = server.memory()
        for _ in range(count):
            await _reader(stack, server)
        await asyncio.sleep(6)
        after = server.memory()
    return {"megabytes": round((after - before) / count, 2), "sessions": count, "server_megabytes": round(after)}


async def _reader(stack: AsyncExitStack, server: Server) -> None:
    browser = await stack.enter_async_context(Browser.open(server.address, "explore"))
    await browser.load()
    await browser.change("period", browser.widgets["period"].options[0])


def package_build(quick: bool = False) -> Result:
    """Build the default package from nothing, in a copy."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data" / "musterstadt"
        shutil.copytree(SMALL, folder, ignore=shutil.ignore_patterns("tables", "__pycache__"))
        seconds = [build(folder, anew=True) for _ in range(1 if quick else 2)]
    return {"seconds": round(min(seconds), 1)}
