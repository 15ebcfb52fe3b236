"""What keeps the server quick: messages leave at once, threads let each other finish, garbage is collected beside the runs."""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
from pathlib import Path

COLLECT_EVERY = 5.0  # seconds
TURN = 0.02  # seconds one thread may compute before others may interrupt it
OPEN_FILES = Path("/proc/self/fd")


def start() -> threading.Event:
    """Set the pace of this process; setting the returned event ends what runs beside it."""
    ended = threading.Event()
    _send_at_once()
    sys.setswitchinterval(TURN)  # a run hands over by itself with every message; interrupted more often, 200 readers wait longer
    threading.Thread(target=_collect, args=(ended,), name="collector", daemon=True).start()
    return ended


def _send_at_once() -> None:
    """Let small messages leave without waiting for the acknowledgement of the last one: 20 to 40 ms for every run.

    asyncio sees to it for the sockets it opens itself; Streamlit opens its own. Connections inherit the setting from the
    listening socket; where a system does not list its open files (not Linux) the server is only slower.
    """
    if not OPEN_FILES.is_dir():
        return
    with os.scandir(OPEN_FILES) as files:
        sockets = [int(file.name) for file in files if Path(file.path).readlink().name.startswith("socket:")]
    for number in sockets:
        listening = socket.socket(fileno=number)
        if listening.family in (socket.AF_INET, socket.AF_INET6) and listening.type == socket.SOCK_STREAM:
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.detach()


def _collect(ended: threading.Event) -> None:
    """Collect garbage every few seconds instead of after every run, where Streamlit would make the reader wait for it."""
    gc.collect()
    gc.freeze()  # what was loaded at the start stays: later collections need not look at it
    while not ended.wait(COLLECT_EVERY):
        gc.collect()
