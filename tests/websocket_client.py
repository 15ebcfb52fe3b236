"""A reader without a screen: speaks Streamlit's websocket protocol as its browser client does, and counts.

    async with Browser.open("127.0.0.1:8501", "explore", "lang=en") as browser:
        first = await browser.load()
        again = await browser.change("period", "2015")   # inside a fragment only the fragment runs

As the browser does, it keeps the state of every widget, reports which large messages it already holds (the server
sends those as a reference), follows the address the server writes, and runs again when the server asks for it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

OLDEST: Final = 2  # runs after which the browser forgets a message it has not needed (global.maxCachedMessageAge)
PATIENCE: Final = 60.0  # seconds before a run counts as lost


class RunLost(Exception):
    """The script did not finish."""


@dataclass(frozen=True)
class Run:
    """One run: seconds from the message to `script_finished`, bytes and messages received, elements by kind."""

    seconds: float
    bytes: int
    messages: int
    elements: Mapping[str, int]
    faults: tuple[str, ...] = ()


@dataclass
class _Held:
    run: int
    fragment: str


@dataclass
class Widget:
    """One control of the page: its id, fragment, options as labels, and the state a browser would report."""

    id: str
    fragment: str
    options: tuple[str, ...]
    state: WidgetState


@dataclass
class Browser:
    """One open page; use `Browser.open`."""

    socket: Any
    address: str
    page: str
    query: str
    widgets: dict[str, Widget] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)  # of our own files that the page loads besides
    _hash: str = ""
    _runs: int = 0
    _held: dict[str, _Held] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def open(cls, address: str, page: str, query: str = "") -> AsyncIterator[Browser]:
        """Connect to `address` (host:port) for a page and close at the end."""
        async with websockets.connect(
            f"ws://{address}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=f"http://{address}",  # type: ignore[arg-type]
            max_size=None,
            open_timeout=PATIENCE,
            ping_timeout=None,
            compression=None,
        ) as socket:
            yield cls(socket, address, page, query)

    async def load(self) -> Run:
        """Run the whole page."""
        return await self._run("")

    async def change(self, key: str, value: Any) -> Run:
        """Set a control to a label, number, bool or list of labels; only its fragment runs, if it stands in one."""
        widget = self.widgets[key]
        _set(widget.state, value)
        return await self._run(widget.fragment)

    async def rest(self, seconds: float) -> None:
        """Think for a while."""
        await asyncio.sleep(seconds)

    async def _run(self, fragment: str) -> Run:
        message = self._ask(fragment)
        started = perf_counter()
        await self.socket.send(message)
        received = messages = 0
        elements: dict[str, int] = {}
        faults: list[str] = []
        while True:
            try:
                raw = await asyncio.wait_for(self.socket.recv(), PATIENCE)
            except (TimeoutError, websockets.ConnectionClosed) as error:
                raise RunLost(f"{self.page}: {type(error).__name__}") from error
            received, messages = received + len(raw), messages + 1
            answer = ForwardMsg.FromString(raw)
            kind = self._take(answer)
            if kind:
                elements[kind] = elements.get(kind, 0) + len(raw)
            if kind in ("exception", "alert"):
                faults.append(kind)
            if answer.WhichOneof("type") == "script_finished" and answer.script_finished != answer.FINISHED_EARLY_FOR_RERUN:
                break
        seconds = perf_counter() - started
        self._forget([fragment] if fragment else [])
        return Run(seconds, received, messages, elements, tuple(faults))

    def _ask(self, fragment: str) -> bytes:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.fragment_id = self.query, fragment
        asked.page_script_hash = self._hash
        asked.page_name = "" if self._hash else self.page
        asked.cached_message_hashes.extend(self._held)
        asked.widget_states.widgets.extend(widget.state for widget in self.widgets.values())
        asked.context_info.url = f"http://{self.address}/{self.page}" + (f"?{self.query}" if self.query else "")
        asked.context_info.timezone, asked.context_info.locale = "Europe/Berlin", "de-DE"
        return message.SerializeToString()

    def _take(self, answer: ForwardMsg) -> str:
        """Note what a browser would note; return the kind of element or message."""
        kind = answer.WhichOneof("type") or ""
        if kind == "ref_hash":
            self._held[answer.ref_hash].run = self._runs
            return "reference"
        if kind == "navigation":
            self._hash = answer.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = answer.page_info_changed.query_string
        elif kind == "delta":
            if answer.metadata.cacheable:
                self._held[answer.hash] = _Held(self._runs, answer.delta.fragment_id)
            return self._draw(answer.delta)
        return kind

    def _draw(self, delta: Delta) -> str:
        if delta.WhichOneof("type") != "new_element":
            return delta.WhichOneof("type") or ""
        kind = delta.new_element.WhichOneof("type") or ""
        element = getattr(delta.new_element, kind)
        if kind == "deck_gl_json_chart":
            self.addresses |= set(re.findall(r'"(/api/[^"]+)"', element.json))
        if kind in _STATES:
            id: str = element.id
            state = WidgetState(id=id)
            options = _STATES[kind](element, state)
            key = id.rsplit("-", 1)[-1]
            before = self.widgets.get(key)
            if before is not None and before.id == id and not getattr(element, "set_value", False):
                state = before.state
            self.widgets[key] = Widget(id, delta.fragment_id, options, state)
        return kind

    def _forget(self, fragments: list[str]) -> None:
        self._runs += 1
        for hash, held in list(self._held.items()):
            if (not fragments or held.fragment in fragments) and self._runs - held.run > OLDEST:
                del self._held[hash]


def _set(state: WidgetState, value: Any) -> None:
    kind = state.WhichOneof("value")
    if isinstance(value, bool):
        state.bool_value = value
    elif isinstance(value, int | float):
        state.double_value = value
    elif kind == "string_array_value" or isinstance(value, list):
        state.string_array_value.data[:] = value if isinstance(value, list) else [value]
    else:
        state.string_value = value


def _slider(element: Any, state: WidgetState) -> tuple[str, ...]:
    at = [element.options[int(i)] for i in element.default]
    state.string_array_value.data.extend(element.raw_value if element.set_value else at)
    return tuple(element.options)


def _select(element: Any, state: WidgetState) -> tuple[str, ...]:
    if element.set_value and element.HasField("raw_value"):
        state.string_value = element.raw_value
    elif element.HasField("default") and element.options:
        state.string_value = element.options[element.default]
    return tuple(element.options)


def _radio(element: Any, state: WidgetState) -> tuple[str, ...]:
    if element.HasField("default") and element.options:
        state.string_value = element.options[element.default]
    return tuple(element.options)


def _buttons(element: Any, state: WidgetState) -> tuple[str, ...]:
    options = tuple(option.content for option in element.options)
    state.string_array_value.data.extend(element.raw_values if element.set_value else [options[i] for i in element.default])
    return options


def _several(element: Any, state: WidgetState) -> tuple[str, ...]:
    at = [element.options[i] for i in element.default]
    state.string_array_value.data.extend(element.raw_values if element.set_value else at)
    return tuple(element.options)


def _switch(element: Any, state: WidgetState) -> tuple[str, ...]:
    state.bool_value = element.value if element.set_value else element.default
    return ()


def _number(element: Any, state: WidgetState) -> tuple[str, ...]:
    if element.HasField("default"):
        state.double_value = element.default
    return ()


_STATES: Final[dict[str, Callable[[Any, WidgetState], tuple[str, ...]]]] = {
    "slider": _slider,
    "selectbox": _select,
    "radio": _radio,
    "button_group": _buttons,
    "multiselect": _several,
    "checkbox": _switch,
    "number_input": _number,
}
