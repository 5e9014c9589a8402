# Everything a developer or operator starts. `make help` tells what there is.

PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3,$(shell $(name) -c \
	'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
ROUNDS ?= 500
MINUTES ?= 10
BENCH_SIZES ?= 1000 10000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
export PYTHONUNBUFFERED := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help demo demo-fresh test check format bench soak lock

help: ## tell what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.run ## serve the sample bureau: staff on port 8000, the public site on 8001
	@$(BIN)/python -m webapp.commands demo

demo-fresh: $(VENV)/.run ## the same, starting over
	@$(BIN)/python -m webapp.commands demo --fresh

test: $(VENV)/.dev ## run every test; says aloud what is left out (ARGS="..." for pytest)
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

check: $(VENV)/.dev ## lint, format, types, architecture, templates
	@$(BIN)/python tools/check.py

format: $(VENV)/.dev ## put the code into the house format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## cost per operation, written to docs/BENCHMARKS.md (BENCH_SIZES="1000 10000")
	@$(BIN)/python -m tools.bench --powers $(BENCH_SIZES) --write docs/BENCHMARKS.md

soak: $(VENV)/.dev ## faults and races at length (ROUNDS=500), then load (MINUTES=10)
	@ZHIQUAN_ROUNDS=$(ROUNDS) $(BIN)/python -m pytest -m soak -p no:cacheprovider $(ARGS)
	@$(BIN)/python -m tools.soak --minutes $(MINUTES)

lock: $(VENV)/.dev ## write both locks anew from pyproject.toml
	@tools/lock.sh

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed (or: make PYTHON=/path/to/python …)" >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) …"
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }

# A stamp is as old as the lock it was made from: nothing is installed again until the lock changes.
$(VENV)/.run: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what is locked …"
	@$(PIP) install --quiet --quiet --require-hashes -r requirements.txt
	@$(PIP) install --quiet --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing the test tools …"
	@$(PIP) install --quiet --quiet --require-hashes -r requirements-dev.txt
	@touch $@
