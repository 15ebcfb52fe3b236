"""What all tests share: patience on a loaded machine, built packages, a running server, a browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
MUSTERSTADT = ROOT / "data" / "musterstadt"

# The same examples in every run: a rare find belongs to the developer who looks for it, not to whoever submits next.
settings.register_profile("patient", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def musterstadt() -> Path:
    """Return the embedded package, built."""
    subprocess.run(
        [sys.executable, "-m", "model", "build", "--if-stale", str(MUSTERSTADT)], cwd=ROOT, check=True, capture_output=True
    )
    return MUSTERSTADT


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], str]]:
    """Return a function that starts a server for a built package (once each) and returns its address."""
    running: dict[Path, tuple[subprocess.Popen[bytes], str]] = {}

    def start(package: Path) -> str:
        if package not in running:
            running[package] = _start(package, tmp_path_factory.mktemp("server") / "log.txt")
        return running[package][1]

    yield start
    for process, _ in running.values():
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(serve: Callable[[Path], str], musterstadt: Path) -> str:
    """Return the address of a server that shows Musterstadt."""
    return serve(musterstadt)


def _start(package: Path, log: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address", "127.0.0.1"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=file, stderr=file, env={**os.environ, "DATENLABOR_PACKAGE": str(package)}
        )
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{address}/api/v1/health", timeout=2):
                return process, address
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.25)
    process.kill()
    raise AssertionError(f"The server did not start: {log.read_text(encoding='utf-8')[-3000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return a headless Chromium: the system's, else Playwright's own."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    flags = [
        "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()
