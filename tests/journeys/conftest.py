"""A page in a real browser that fails on any request to another host and on any script error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"


class Visitor:
    """One reader's browser window."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.foreign: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._note_request)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(request.url)

    def open(self, path: str) -> None:
        """Open a page and wait until its run is over."""
        self.page.goto(f"{self.address}{path}")
        self.settle()

    def settle(self) -> None:
        """Wait until Streamlit has nothing more to draw."""
        self.page.wait_for_selector(
            "[data-testid=stMainBlockContainer] h1, [data-testid=stMainBlockContainer] h2", timeout=60_000
        )
        self.page.wait_for_timeout(300)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
        self.page.wait_for_timeout(500)

    def heading(self) -> str:
        """Return the finding on top of the page."""
        return str(self.page.locator("[data-testid=stHeading]").first.inner_text())

    def picture(self, name: str) -> None:
        """Keep a screenshot to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a window on a server; at the end nothing may have left the machine or broken."""
    opened: list[Visitor] = []

    def new(address: str, width: int = 1400, height: int = 900) -> Visitor:
        visitor = Visitor(chromium.new_page(viewport={"width": width, "height": height}), address)
        opened.append(visitor)
        return visitor

    yield new
    for visitor in opened:
        visitor.page.close()
        assert not visitor.foreign, "a request left the machine"
        assert not visitor.errors, "a script failed in the browser"
