"""A quick look at the speed of the running server; the limits are generous, the promises themselves are in `make bench`."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any, TypeVar

import pytest

from pages.parts import pace
from tests.bench_server import ROOT, SMALL, Server, serving
from tests.websocket_client import Browser, Run

T = TypeVar("T")
SLOW = 1.0  # seconds; the promise is 0.05
LARGE = 30_000  # bytes


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if not (SMALL / "tables" / "CURRENT").exists():
        pytest.skip("the default package is not built")
    with serving(SMALL) as running:
        yield running


def finished(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end in a thread of its own: the browser's tests keep an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def redraw(server: Server, page: str, times: int = 6) -> tuple[Run, list[Run]]:
    async def read() -> tuple[Run, list[Run]]:
        async with Browser.open(server.address, page) as browser:
            first = await browser.load()
            options = browser.widgets["period"].options
            return first, [await browser.change("period", options[at % len(options)]) for at in range(times)]

    return finished(read())


@pytest.mark.parametrize("page", ["explore", "compare"])
def test_another_period_is_drawn_quickly_and_with_few_bytes(server: Server, page: str) -> None:
    first, runs = redraw(server, page)
    assert first.elements["vega_lite_chart"] and not first.faults
    assert median(run.seconds for run in runs) < SLOW
    assert max(run.bytes for run in runs) < LARGE
    assert not any(run.faults for run in runs)


def test_another_period_on_the_map_runs_its_fragment_only(server: Server) -> None:
    first, runs = redraw(server, "explore", 1)
    assert "navigation" in first.elements
    assert "navigation" not in runs[0].elements
    assert runs[0].elements["deck_gl_json_chart"] < 10_000


def test_what_did_not_change_is_not_sent_again(server: Server) -> None:
    async def read() -> tuple[Run, Run]:
        async with Browser.open(server.address, "explore") as browser:
            return await browser.load(), await browser.load()

    first, second = finished(read())
    assert second.elements["reference"] > 0
    assert second.bytes < 0.6 * first.bytes


def test_messages_leave_at_once() -> None:
    """Otherwise every run waits 20 to 40 ms for an acknowledgement, because Streamlit opens its socket in its own way."""
    listening = socket.socket(socket.AF_INET)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    ended = pace.start()
    with socket.create_connection(listening.getsockname()), listening, listening.accept()[0] as connection:
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    ended.set()


def test_the_geometry_travels_once(server: Server) -> None:
    async def read() -> tuple[set[str], set[str]]:
        async with Browser.open(server.address, "explore") as browser:
            await browser.load()
            before = set(browser.addresses)
            await browser.change("period", browser.widgets["period"].options[0])
            return before, browser.addresses

    before, after = finished(read())
    assert before
    assert {name for name in after - before if "-hatch" not in name} == set()


def test_heavy_libraries_are_not_loaded_at_the_start() -> None:
    """Statistics and geography cost seconds and hundreds of megabytes; only builds and forecasts need them."""
    heavy = ("scipy", "statsmodels", "geopandas", "shapely", "pyogrio", "topojson", "vl_convert")
    program = f"import sys, app; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "[]"
