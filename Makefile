.DEFAULT_GOAL := help
PORT ?= 8050
PY := .venv/bin/python
export PORT
.PHONY: help setup run demo sweep doctor test test-fast test-long bench lint rulebook pictures clean

help:  ## Show this list
	@awk 'BEGIN {FS = ":.*##"} /^[a-z-]+:.*##/ {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready  ## Make .venv, install from the lock, prepare assets and database, play the demo years
	@$(PY) -m portal setup

run: setup  ## Set up, then serve web, clock and mailer on http://127.0.0.1:8050 (PORT= changes it)
	@$(PY) -m portal run

.venv/.ready: requirements.lock
	@sh portal/make_venv.sh requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.ready
	@sh portal/make_venv.sh requirements-dev.lock
	@touch $@

demo: setup  ## Play the demo years (into an empty database only)
	@$(PY) -m portal demo

sweep:  ## Do once, by hand, what the clock does every minute
	@$(PY) -m portal sweep

doctor:  ## Check the invariants of the queue on the database
	@$(PY) -m portal doctor

lint: .venv/.dev  ## Style, types, staircase
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

test-fast: .venv/.dev  ## Rules, verbs, questions, hands, house (no browser, no PostgreSQL)
	@.venv/bin/pytest -n 2 -m "not browser and not postgres"

test: .venv/.dev  ## Everything CI runs: lint, all tests, PostgreSQL, Chromium
	@bash tests/everything.sh

test-long: .venv/.dev  ## The full counts of races, kills and random walks (takes an hour)
	@bash tests/everything.sh long

bench: .venv/.dev  ## How fast, beside the machine's limits (BENCH=core or BENCH="--quick" for less)
	@PYTHONPATH=.:tests $(PY) -m bench $(BENCH)

rulebook: .venv/.ready  ## Write .docs/rulebook.md and .docs/dashboards.md from the tables
	@$(PY) -m portal rulebook > .docs/rulebook.md
	@$(PY) -m portal dashboards > .docs/dashboards.md

pictures: .venv/.dev setup  ## Take the pictures of README and .docs/dashboards.md anew from the demo
	@PYTHONPATH=.:tests $(PY) -m browser.pictures

clean:  ## Remove what set-up and runs have made (the database too)
	rm -rf .venv var assets/vendor build
