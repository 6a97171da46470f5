# Two commands matter: `make run` and `make test`. Everything else serves the people who change the code.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := $(VENV)/.peers
PORT ?= 8000
export STELLWERK_PORT ?= $(PORT)
# Whether the champion is among the models that can be read: one of an earlier format is not.
SERVES := import json, sys; told = json.load(sys.stdin); sys.exit(told["champion"] not in [one["version"] for one in told["models"]])

.PHONY: run test test-scale check quick bench clean screenshots sample help

help: ## Show what can be done
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Stellwerk needs Python 3.11 or newer; set PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

sample: $(STAMP) ## Learn from the sample where there is no model yet, and index the sample
	@if $(BIN)/stellwerk models --json | $(BIN)/python -c '$(SERVES)'; then echo "A model is there; it serves."; \
	else $(BIN)/stellwerk train data/history.jsonl --promote; fi
	$(BIN)/stellwerk index data/articles.jsonl data/history.jsonl

run: sample ## Set everything up, then serve page and API on http://localhost:8000, to this machine alone
	@echo "Stellwerk answers on http://localhost:$(STELLWERK_PORT) (stop with Ctrl-C)"
	STELLWERK_AUTHENTICATION=off $(BIN)/stellwerk serve --host 127.0.0.1

test: $(STAMP) ## Set everything up and run all tests
	$(BIN)/stellwerk encoder
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --nbmake tests notebooks

test-scale: $(STAMP) ## Install Ray and Spark (2 GB more) and run the tests of several machines, which `make test` skips without them
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,scale,spark]'
	$(BIN)/python -m pytest tests/knowledge/test_distributed.py tests/knowledge/test_store.py tests/desk/test_batches.py tests/journeys/test_workers.py

quick: $(STAMP) ## The tests that need no training
	$(BIN)/python -m pytest -m 'not slow' -q

check: $(STAMP) ## Format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports

$(PEERS): $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,bench]'
	touch $@

bench: $(PEERS) ## Measure quality, honesty and cost beside the peers; writes benchmarks/results/ and the model card's figures
	$(BIN)/stellwerk encoder
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.card

screenshots: sample ## Take pictures of every page, in both languages and themes (needs chromium and chromium-driver)
	$(BIN)/python -m benchmarks.screenshots docs/images

clean: ## Remove what was built; models, indexes and journals stay
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
