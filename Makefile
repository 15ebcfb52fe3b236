# One command each, no step before it. Without make: see README, "Two commands".
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test fast bench lint clean

run: .venv/runtime
	$(BIN)/python -m model build --if-stale
	$(BIN)/streamlit run app.py --server.port $${PORT:-8501}

test: .venv/development .venv/browser lint
	$(BIN)/python -m model build --if-stale data/musterstadt
	$(BIN)/pytest

fast: .venv/development
	$(BIN)/python -m model build --if-stale data/musterstadt
	$(BIN)/pytest -m "not browser and not slow"

bench: .venv/development .venv/rivals
	$(BIN)/python -m model build --if-stale data/musterstadt
	$(BIN)/python tests/bench.py

lint: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.venv/runtime: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/development: requirements-dev.txt .venv/runtime
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

# What the bench compares itself with wants other versions of our libraries, so it lives apart.
.venv/rivals: requirements-bench.txt .venv/development
	test -x .venv/bench/bin/python || $(PYTHON) -m venv .venv/bench
	.venv/bench/bin/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	touch $@

# A browser for the journeys: the system's Chromium, else Debian's package where we may install it, else Playwright's own.
.venv/browser: .venv/development
	command -v chromium >/dev/null || command -v google-chrome >/dev/null \
	  || (test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium) \
	  || $(BIN)/playwright install chromium
	touch $@

clean:
	rm -rf .venv data/*/tables tests/packages/*/tables
