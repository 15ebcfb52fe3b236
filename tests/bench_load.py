"""Measure many readers on one server: waiting time with think time, processor time per run, growth of memory.

A reader of the load opens the map page and then, every five seconds on average, moves the time slider, or (one time in
five) chooses another indicator, which runs the whole page.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack
from time import perf_counter

from tests.bench_server import SMALL, Result, Server, serving
from tests.websocket_client import Browser, Run

THINK = 5.0  # seconds between two actions of a reader, on average
WHOLE_PAGE = 0.2  # share of actions that run the whole page
OPENERS = 8  # readers who arrive at the same time


def hundred(quick: bool = False) -> Result:
    """Serve 100 readers."""
    return _load(100, 10 if quick else 30)


def two_hundred(quick: bool = False) -> Result:
    """Serve 200 readers."""
    return _load(200, 10 if quick else 30)


def _load(readers: int, seconds: float) -> Result:
    with serving(SMALL) as server:
        return asyncio.run(_crowd(server, readers, seconds))


async def _crowd(server: Server, readers: int, seconds: float) -> Result:
    async with AsyncExitStack() as stack:
        browsers = await _arrive(stack, server, readers)
        before, started = server.cpu(), perf_counter()
        until = started + seconds
        found = await asyncio.gather(*(_read(browser, at, until) for at, browser in enumerate(browsers)))
        cpu, lasted = server.cpu() - before, perf_counter() - started
        memory = server.memory()
    runs = sorted((run for each in found for run in each), key=lambda run: run.seconds)
    return {
        "p50_seconds": round(runs[len(runs) // 2].seconds, 3),
        "p95_seconds": round(runs[int(0.95 * len(runs))].seconds, 3),
        "cpu_ms": round(1000 * cpu / len(runs), 1),
        "runs": len(runs),
        "runs_per_second": round(len(runs) / lasted, 1),
        "processors_used": round(cpu / lasted, 2),
        "kilobytes": round(sum(run.bytes for run in runs) / len(runs) / 1000, 1),
        "server_megabytes": round(memory),
        "faults": sum(bool(run.faults) for run in runs),
    }


async def _arrive(stack: AsyncExitStack, server: Server, readers: int) -> list[Browser]:
    """Open all pages, a few at a time."""
    turns = asyncio.Semaphore(OPENERS)

    async def one() -> Browser:
        async with turns:
            browser = await stack.enter_async_context(Browser.open(server.address, "explore"))
            await browser.load()
            return browser

    return list(await asyncio.gather(*(one() for _ in range(readers))))


async def _read(browser: Browser, seed: int, until: float) -> list[Run]:
    """Think and act until the time is over; the first thought is short of a random part, so that actions are spread."""
    chance = random.Random(seed)
    runs = []
    pause = chance.uniform(0, THINK)
    while perf_counter() + pause < until:
        await asyncio.sleep(pause)
        runs.append(await _act(browser, chance))
        pause = chance.uniform(0.5, 1.5) * THINK
    return runs


async def _act(browser: Browser, chance: random.Random) -> Run:
    control = "indicator" if chance.random() < WHOLE_PAGE else "period"
    return await browser.change(control, chance.choice(browser.widgets[control].options))


def growth(quick: bool = False) -> Result:
    """Run the map page 2,000 times for 20 readers without pause; the first runs fill the caches and do not count."""
    with serving(SMALL) as server:
        return asyncio.run(_growth(server, 20, 300 if quick else 2000))


async def _growth(server: Server, readers: int, count: int) -> Result:
    async with AsyncExitStack() as stack:
        browsers = await _arrive(stack, server, readers)
        before = await _run_and_rest(server, browsers, count // 2)
        started, cpu = perf_counter(), server.cpu()
        after = await _run_and_rest(server, browsers, count)
        cpu, lasted = server.cpu() - cpu, perf_counter() - started - 6
    return {
        "per_cent": round(100 * (after / before - 1), 1),
        "before": round(before),
        "after": round(after),
        "runs": count,
        "runs_per_second": round(count / lasted, 1),
        "cpu_ms": round(1000 * cpu / count, 1),
    }


async def _run_and_rest(server: Server, browsers: list[Browser], count: int) -> float:
    """Let the readers act without pause, wait for the collection of garbage, return the memory in megabytes."""

    async def act(browser: Browser, seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(count // len(browsers)):
            await _act(browser, chance)

    await asyncio.gather(*(act(browser, at) for at, browser in enumerate(browsers)))
    await asyncio.sleep(6)
    return server.memory()
