"""Every page for everybody: axe-core finds no serious or critical violation, wide and narrow, German and English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PAGES = ("overview", "explore", "compare", "area", "forecast", "ageing", "sources")

FOCUSED = """(() => { let e = document.activeElement;
  while (e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;
  return e.getAttribute('aria-label') || e.innerText.slice(0, 80) || ''; })()"""

# What axe reports about Streamlit's own markup, one by one; nothing of ours may hide behind it.
STREAMLITS_OWN: dict[str, str] = {}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("width", "language"), [(1280, "de"), (390, "en")])
def test_axe_finds_nothing_serious(visit: Callable[..., Any], server: str, page: str, width: int, language: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    window = visit(server, width=width, height=900)
    window.open(f"/{page}?lang={language}")
    window.page.wait_for_timeout(1500)
    found = Axe().run(window.page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [
        f"{rule['id']}: {node['html'][:300]}"
        for rule in found
        if rule["impact"] in ("serious", "critical") and rule["id"] not in STREAMLITS_OWN
        for node in rule["nodes"]
    ]
    assert not serious, "\n".join(serious)
    window.picture(f"{page}_{width}_{language}")


@pytest.mark.parametrize("page", PAGES)
def test_every_chart_and_map_has_a_text_alternative(visit: Callable[..., Any], server: str, page: str) -> None:
    window = visit(server)
    window.open(f"/{page}?lang=de")
    window.page.wait_for_timeout(1500)
    for kind in ("stVegaLiteChart", "stDeckGlJsonChart"):
        for chart in window.page.locator(f"[data-testid={kind}]").all():
            labelled = chart.evaluate(
                "e => e.getAttribute('aria-label') || e.querySelector('[aria-label]')?.getAttribute('aria-label')"
            )
            assert labelled and len(labelled) > 20, f"{kind} on {page} says nothing"


def test_the_keyboard_reaches_the_map_page_controls(visit: Callable[..., Any], server: str) -> None:
    window = visit(server)
    window.open("/explore?lang=de")
    reached: list[str] = []
    for _ in range(60):
        window.page.keyboard.press("Tab")
        reached.append(window.page.evaluate(FOCUSED))
    words = " | ".join(reached)
    for control in ("Überblick", "Thema", "Indikator", "Stadtteile", "Zeitraum", "Link kopieren"):
        assert control in words, f"{control} is not reached: {words}"
