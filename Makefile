PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What a range of days says is written together (docs/backfill.md).
export DAGSTER_EVENT_BATCH_SIZE ?= 1000
# Modules are compiled once and not by every process: where a machine forbids it, each command
# takes twice the time.
unexport PYTHONDONTWRITEBYTECODE

# No address of an index in the locks: every machine uses its own, uv that of pip.
UV := UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(BIN)/python -m pip config get \
	global.index-url 2>/dev/null)}}" $(BIN)/uv
COMPILE := $(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" --quiet
COMPILE_PRODUCT := $(COMPILE) --no-annotate --constraint
LOCKS := requirements.lock requirements-dev.lock requirements-deep.lock requirements-deploy.lock
# What a composed system talks to beside files (docs/deployment.md).
DEPLOYED := --extra postgres --extra kafka --extra redis
INSTALL := $(UV) pip install --quiet --python $(BIN)/python --no-deps

.DEFAULT_GOAL := help
.PHONY: help install install-dev install-deep demo test test-long test-deep dev app api check audit lock tracking docs bench parity soak \
	cluster-demo clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# pip brings uv, by the lock's own pin and hashes; uv brings the rest, all packages at once.
$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: $(PYTHON) is missing or older than 3.11: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@awk '/^[^ #]/ { is_uv = /^uv==/ } is_uv' requirements-dev.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $(VENV)/uv.lock

# A stamp is newer than its lock only if what is installed is what the lock names. Modules are
# compiled when they are first imported: all of them at once would take longer than a demo.
$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/uv
	@echo "installing what the product needs into $(VENV)"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "installing what tests and checks need into $(VENV)"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.installed  ## create .venv with the pinned versions of what the product needs

install-dev: $(VENV)/.installed-dev  ## and of what tests, checks and measurements need

# PyTorch's package brings CUDA on Linux, 5 GB in all.
$(VENV)/.installed-deep: requirements-deep.lock $(VENV)/.installed-dev
	@echo "installing PyTorch into $(VENV)"
	@$(INSTALL) --require-hashes -r requirements-deep.lock
	@touch $@

install-deep: $(VENV)/.installed-deep  ## and PyTorch, for the neural recommender

demo: install  ## simulate 90 days, carry them to forecasts, print ranking and risers
	$(BIN)/kpop demo

test: install-dev  ## the tests that are quick, on the embedded engine
	$(BIN)/python -m pytest -m "not long" -n logical --maxprocesses 4 --dist worksteal

test-long: install-dev  ## the tests that take most of the time, then all of Spark where Java 17 is
	$(BIN)/python -m pytest -m long -n logical --maxprocesses 4 --dist worksteal
	$(BIN)/python -m pytest kpop_assets_tests -n logical --maxprocesses 2 --dist worksteal --engine spark

test-deep: install-deep  ## the tests that need PyTorch
	$(BIN)/python -m pytest kpop_assets_tests -m deep

# They answer on loopback alone, and one line says why one cannot start: make dev PORT=3001.
dev: install  ## the Dagster UI on http://127.0.0.1:3000, everything loaded
	@$(BIN)/python -m kpop_assets.operate.pages dev --port $(or $(PORT),3000)

app: install  ## the viewer on http://127.0.0.1:8501
	@$(BIN)/python -m kpop_assets.operate.pages app --port $(or $(PORT),8501)

api: install  ## the HTTP API on http://127.0.0.1:8000, its description on /docs
	@$(BIN)/python -m kpop_assets.operate.pages api --port $(or $(PORT),8000)

check: install-dev  ## formatting, lint, types, import contract, locks in step with pyproject
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@for lock in $(LOCKS); do cp $$lock $(VENV)/$$lock; done
	@$(COMPILE) --group dev --output-file $(VENV)/requirements-dev.lock
	@$(COMPILE_PRODUCT) $(VENV)/requirements-dev.lock --output-file $(VENV)/requirements.lock
	@$(COMPILE_PRODUCT) $(VENV)/requirements-dev.lock --extra deep \
		--output-file $(VENV)/requirements-deep.lock
	@$(COMPILE_PRODUCT) $(VENV)/requirements-dev.lock $(DEPLOYED) \
		--output-file $(VENV)/requirements-deploy.lock
	@for lock in $(LOCKS); do \
		diff $$lock $(VENV)/$$lock || { echo "run: make lock"; exit 1; }; done

# In an environment of its own: what it depends on is no part of the product.
audit: install-dev  ## known vulnerabilities of the pinned versions, where the advisories are reachable
	@test -x $(VENV)/audit/bin/pip-audit || ($(PYTHON) -m venv $(VENV)/audit && \
		$(VENV)/audit/bin/python -m pip install --quiet pip-audit==2.10.1) || true
	$(BIN)/python -m drills.audit --tool $(VENV)/audit/bin/pip-audit

# One resolution for all: what the product needs is a part of what its tests need.
lock: $(BIN)/uv  ## write the locks anew from pyproject.toml
	@$(COMPILE) --group dev --output-file requirements-dev.lock
	@$(COMPILE_PRODUCT) requirements-dev.lock --output-file requirements.lock
	@$(COMPILE_PRODUCT) requirements-dev.lock --extra deep --output-file requirements-deep.lock
	@$(COMPILE_PRODUCT) requirements-dev.lock $(DEPLOYED) --output-file requirements-deploy.lock

tracking: install  ## MLflow's pages on http://127.0.0.1:5000: a run per candidate and training
	@$(BIN)/python -m kpop_assets.operate.pages tracking --port $(or $(PORT),5000)

docs: install  ## write docs/tables.md from the contracts, docs/openapi.json from the routes
	$(BIN)/python -m kpop_assets.contracts.docs
	$(BIN)/python -m serving.openapi_file docs/openapi.json

bench: install-dev  ## landing to gold: both engines against Polars and DuckDB, ratios and memory
	$(BIN)/python -m bench

parity: install-dev  ## every table equal on both engines, for the demo and the real imports
	$(BIN)/python -m drills.parity

soak: install-dev  ## 30 days backfilled at once, in random order and twice: identical tables
	$(BIN)/python -m drills.order

cluster-demo: install-dev  ## a Spark cluster of network namespaces, a worker killed: equal tables
	$(BIN)/python -m drills.cluster --kill-worker

clean:  ## remove the environment and caches, never data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
