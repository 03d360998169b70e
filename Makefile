PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export KPOP_HOME ?= $(CURDIR)/data
export DAGSTER_HOME := $(KPOP_HOME)/dagster
# What a range of days says is written together (docs/backfill.md).
export DAGSTER_EVENT_BATCH_SIZE ?= 1000

# No address of an index in the lock: every machine uses its own.
COMPILE := $(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock" --quiet

.DEFAULT_GOAL := help
.PHONY: help install demo test dev app check audit lock tracking docs bench parity soak \
	cluster-demo clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# The stamp is newer than the lock only if what is installed is what the lock names.
$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

install: $(VENV)/.installed  ## create .venv with the pinned versions

demo: install  ## simulate 90 days, carry them to forecasts, print ranking and risers
	$(BIN)/kpop demo

test: install  ## all tests: on the embedded engine, then on Spark where Java 17 is
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile
	$(BIN)/python -m pytest kpop_assets_tests -n logical --maxprocesses 2 --dist loadfile --engine spark -m "both_engines or spark_only"

dev: install  ## the Dagster UI on loopback, everything loaded
	$(BIN)/python -m kpop_assets.operate.instance
	$(BIN)/dagster dev -h 127.0.0.1 -p 3000 -w workspace.yaml

# By module, so that the folder of the repository is where `app` is imported from.
app: install  ## the viewer on http://127.0.0.1:8501
	$(BIN)/python -m streamlit run app/main.py

check: install  ## formatting, lint, types, lock in step with pyproject
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cp requirements.lock $(VENV)/requirements.lock
	$(COMPILE) --output-file $(VENV)/requirements.lock
	@diff requirements.lock $(VENV)/requirements.lock || (echo "run: make lock"; exit 1)

# In an environment of its own: what it depends on is no part of the product.
audit: install  ## known vulnerabilities of the pinned versions, where the advisories are reachable
	@test -x $(VENV)/audit/bin/pip-audit || ($(PYTHON) -m venv $(VENV)/audit && \
		$(VENV)/audit/bin/python -m pip install --quiet pip-audit==2.10.1) || true
	$(BIN)/python -m drills.audit --tool $(VENV)/audit/bin/pip-audit

lock:  ## write requirements.lock anew from pyproject.toml
	@test -x $(BIN)/uv || ($(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet uv)
	$(COMPILE) --output-file requirements.lock

tracking: install  ## MLflow's pages on loopback: a run per candidate and training
	$(BIN)/mlflow ui --host 127.0.0.1 --port 5000 --backend-store-uri sqlite:///$(KPOP_HOME)/mlflow.db

docs: install  ## write docs/tables.md from the contracts
	$(BIN)/python -m kpop_assets.contracts.docs

bench: install  ## landing to gold: both engines against Polars and DuckDB, ratios and memory
	$(BIN)/python -m bench

parity: install  ## every table equal on both engines, for the demo and the real imports
	$(BIN)/python -m drills.parity

soak: install  ## 30 days backfilled at once, in random order and twice: identical tables
	$(BIN)/python -m drills.order

cluster-demo: install  ## a Spark cluster of network namespaces, a worker killed: equal tables
	$(BIN)/python -m drills.cluster --kill-worker

clean:  ## remove the environment and caches, never data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
