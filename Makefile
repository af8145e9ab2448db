# The commands of the project; each sets up what it needs first.
#   make run     the essay's system, from an empty machine to a report
#   make test    every test but the long ones; the browser tests too
#   make quick   the inner loop: no slow, no browser tests
#   make long    what is run by hand
#   make alive   every value moves something
#   make bench   citizen-days a second on this machine; where .venv-benchmarks is set up, also the core day beside C and others
# ARGS are handed on:  make quick ARGS="-k grade -x"     make run ARGS="--citizens 20000"
SHELL := bash
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
# Whole files, so that what a file's tests share is made once.
BESIDE := -n auto --maxprocesses 4 --dist loadfile
ARGS ?=
LONG_SCRIPTS := $(sort $(wildcard tools/long/*))

.PHONY: run test quick long alive bench lint format lock setup clean

run:
	@tools/setup.sh run
	@.venv/bin/glasshouse run essay $(ARGS)

setup:
	@tools/setup.sh test

test: setup
	@tools/browser.sh
	@tools/warm.sh
	@$(PYTEST) $(BESIDE) -m "not long" $(ARGS)

quick: setup
	@$(PYTEST) $(BESIDE) -q -m "not long and not slow and not browser" $(ARGS)

long: setup
	@tools/browser.sh
	@tools/warm.sh
	@$(PYTEST) -m long --hypothesis-profile=search $(ARGS)
	@set -e; for script in $(LONG_SCRIPTS); do echo "== $$script"; "$$script"; done

# Does every value of every file move something? All of them, some minutes.
alive: setup
	@tools/warm.sh
	@$(PY) tools/alive.py $(ARGS)

bench: setup
	@tools/warm.sh
	@$(PY) benchmarks/start.py
	@$(PY) benchmarks/day.py $(ARGS)
	@if [ -x .venv-benchmarks/bin/python ]; then .venv-benchmarks/bin/python benchmarks/core_day/compare.py; \
	else echo "the core day beside C and others: set up .venv-benchmarks first (benchmarks/requirements.txt)"; fi

lint: setup
	@.venv/bin/ruff check src tests tools

format: setup
	@.venv/bin/ruff format src tests tools

lock: setup
	@tools/lock.sh

# Run folders are results: they stay.
clean:
	rm -rf .venv .cache .pytest_cache .hypothesis .ruff_cache build dist mutants src/*.egg-info
	find . -path ./.git -prune -o -type d -name __pycache__ -prune -exec rm -rf {} +
