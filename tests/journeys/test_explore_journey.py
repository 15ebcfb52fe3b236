"""The map page as its readers use it, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

# Software rendering is slow; both events in one task count as a click where a real mouse would be quick enough.
TAP = """([x, y]) => { const e = document.elementFromPoint(x, y);
  const o = {bubbles: true, cancelable: true, clientX: x, clientY: y, pointerId: 1, pointerType: 'mouse', isPrimary: true};
  e.dispatchEvent(new PointerEvent('pointermove', {...o, button: 0, buttons: 0}));
  e.dispatchEvent(new PointerEvent('pointerdown', {...o, button: 0, buttons: 1}));
  e.dispatchEvent(new PointerEvent('pointerup', {...o, button: 0, buttons: 0})); }"""


def test_an_analyst_sends_a_link_and_the_other_sees_the_same(visit: Callable[..., Any], server: str) -> None:
    one = visit(server)
    one.open("/explore?indicator=unemployment_rate&period=2015&view=change&area=0101&lang=de")
    other = visit(server)
    other.open(one.page.url.removeprefix(server))
    assert one.heading() == other.heading()
    assert one.heading().startswith("Arbeitslosenquote von ")
    one.picture("explore_change_de")


def test_a_wrong_value_in_a_link_is_named_and_replaced(visit: Callable[..., Any], server: str) -> None:
    window = visit(server)
    window.open("/explore?indicator=unemployment_rat&period=1234&lang=en")
    notes = window.page.locator("[data-testid=stAlert]").all_inner_texts()
    assert any("unemployment_rat" in note for note in notes)
    assert "indicator" not in window.page.url


def test_time_moves_by_keyboard_and_back_by_the_browser(visit: Callable[..., Any], server: str) -> None:
    window = visit(server)
    window.open("/explore?lang=de")
    before = window.heading()
    slider = window.page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowLeft")
    window.page.wait_for_url("**period=2024**")
    window.settle()
    assert window.heading() != before
    assert "2024" in window.heading()
    window.page.go_back()
    window.page.wait_for_timeout(2500)
    assert window.heading() == before


def test_a_click_on_the_map_and_on_a_bar_selects_the_area(visit: Callable[..., Any], server: str) -> None:
    window = visit(server)
    window.open("/explore?unit=stadtbezirk&lang=de")
    window.page.wait_for_timeout(3000)
    box = window.page.locator("[data-testid=stDeckGlJsonChart] canvas").first.bounding_box()
    for _ in range(6):
        window.page.evaluate(TAP, [box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.45])
        window.page.wait_for_timeout(1500)
        if "area=" in window.page.url:
            break
    assert "area=" in window.page.url
    window.settle()
    code = window.page.url.split("area=")[1].split("&")[0]
    assert code in window.page.request.get(f"{server}/api/v1/data/residents.csv?unit=stadtbezirk").text()
    assert "Gebiet suchen" not in window.page.locator("[data-testid=stMultiSelect]").inner_text()
    window.picture("explore_selected_de")


def test_the_language_changes_everything_and_loses_nothing(visit: Callable[..., Any], server: str) -> None:
    window = visit(server)
    window.open("/explore?indicator=unemployment_rate&view=threshold")
    assert "Arbeitslosenquote" in window.heading()
    window.page.get_by_text("EN", exact=True).click()
    window.page.wait_for_url("**lang=en**")
    window.settle()
    assert "nemployment" in window.heading()
    assert window.page.evaluate("document.documentElement.lang") == "en"
    assert window.page.get_by_role("radio", name="Threshold").is_checked()
    window.picture("explore_threshold_en")


def test_a_phone_shows_map_and_controls_without_scrolling_sideways(visit: Callable[..., Any], server: str) -> None:
    window = visit(server, width=390, height=844)
    window.open("/explore?lang=de")
    window.page.wait_for_timeout(1500)
    wider = window.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0
    window.picture("explore_phone_de")
