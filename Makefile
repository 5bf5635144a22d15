# Every command of this project. `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# Python keeps what it compiled: each of the many processes of a test run starts sooner.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install run test test-long lint bench screens lock clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Firm Portal needs Python 3.11 or newer (set PYTHON=...)."; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); } \
	  || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

install: $(READY) ## only the environment, in .venv

run: $(READY) ## the sample firm at http://127.0.0.1:8501
	$(BIN)/portal demo

test: $(READY) ## the tests (about sixteen minutes); without the long random runs
	@bash tests/install_browser.sh
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-long: $(READY) ## every test: the long random and crash runs as well
	@bash tests/install_browser.sh
	PORTAL_TEST_LONG=1 $(BIN)/python -m pytest -m "long or not long"

lint: $(READY) ## style of the code and of the SQL
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports --no-cache
	$(BIN)/sqlfluff lint queries/lists queries/aging

bench: $(READY) ## speed, side by side with raw DuckDB (SIZES="10k 100k 1M")
	$(BIN)/python -m bench $(SIZES)

screens: $(READY) ## pictures of every page in tests/screens/pictures
	@bash tests/install_browser.sh
	$(BIN)/python -m tests.screens.take_pictures

lock: ## renew requirements.lock (needs uv)
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --group dev pyproject.toml -o requirements.lock

clean: ## forget the sample firm's run-time files
	rm -rf data/home
