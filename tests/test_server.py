"""The server itself: refuses what may not be open, says its language, serves the API, keeps the old release while building."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def read(address: str) -> tuple[str, dict[str, str]]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode("utf-8"), {k.lower(): v for k, v in answer.headers.items()}


def test_health_names_package_release_and_counts(server: str, musterstadt: Path) -> None:
    health = json.loads(read(f"{server}/api/v1/health")[0])
    assert health["package"] == "musterstadt"
    assert health["release"] == (musterstadt / "tables" / "CURRENT").read_text(encoding="ascii").strip()
    assert health["indicators"] > 50
    assert health["areas"] >= 28 + 6 + 1
    assert health["observations"] > 10_000


def test_the_page_says_its_language_and_carries_headers(server: str) -> None:
    german, headers = read(f"{server}/explore")
    assert '<html lang="de"' in german
    assert '<html lang="en"' in read(f"{server}/explore?lang=en")[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert int(headers.get("content-length", len(german.encode()))) > 500


def test_the_map_travels_once(server: str) -> None:
    release = json.loads(read(f"{server}/api/v1/health")[0])["release"]
    body, headers = read(f"{server}/api/v1/map/{release}/stadtteil/unemployment_rate.geojson?lang=en")
    assert "immutable" in headers["cache-control"]
    features = json.loads(body)["features"]
    assert len(features) == 28
    assert features[0]["properties"]["i"] == 0
    assert features[0]["properties"]["t2025"].endswith("%")


def test_a_package_that_is_not_open_refuses_to_start_in_open_mode(musterstadt: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    shutil.copytree(musterstadt, closed)
    head = (closed / "package.toml").read_text(encoding="utf-8")
    (closed / "package.toml").write_text(head.replace("open = true", "open = false"), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    started = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", port, "--server.address", "127.0.0.1"],
        cwd=ROOT,
        env={**os.environ, "DATENLABOR_PACKAGE": str(closed)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert started.returncode != 0
    assert "may not be shown without log-in" in started.stdout + started.stderr
