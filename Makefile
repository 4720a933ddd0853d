# Needs python3 (3.11 or later) and make; everything else is fetched once, pinned, below .venv and .cache.
#
#   make demo MESSAGE="..."     a film from a message (or SCRIPT=file, OUT=film.mp4)
#   make up                     the whole stack, until Ctrl-C
#   make test                   all tests        make check     linters, types, import rules
#   make bench                  the measurements  make lock      compile the lock files anew
#   make chaos                  everything dies, by a seed (SEED, KILLS, SHOTS); the report is docs/chaos.md
#   make load                   a busy hour: streams, talk, a film, a rolling restart (STREAMS, TURNS, SECONDS)

UV_VERSION := 0.13.9
PYTHON ?= python3
JOBS ?= 2

UV := .cache/uv/bin/uv
BIN := .venv/bin
# The machine's own certificates, and its own index where pip is told of one.
RUN_UV := UV_PYTHON_DOWNLOADS=never UV_HTTP_TIMEOUT=180 UV_SYSTEM_CERTS=1 $(if $(PIP_INDEX_URL),UV_DEFAULT_INDEX=$(PIP_INDEX_URL)) $(UV)
INSTALL := $(RUN_UV) pip install --quiet --python $(BIN)/python

# Given to recipes through the environment, so that no quote in a message can break a command.
export MESSAGE SCRIPT OUT

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help setup demo up test check bench chaos load lock clean

help:
	@sed -n 's/^#   //p' Makefile

setup: .venv/.ready .cache/temporal.ready

demo: setup
	@$(BIN)/storyreel demo $${MESSAGE:+--message "$$MESSAGE"} $${SCRIPT:+--script "$$SCRIPT"} $${OUT:+--out "$$OUT"}

up: setup
	@exec $(BIN)/storyreel up

test: setup .cache/servers.ready
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal

check: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/pyright

bench: setup .venv/.bench
	@$(BIN)/python -m bench

chaos: setup
	@$(BIN)/python -m tests.chaos --seed $(or $(SEED),1) --kills $(or $(KILLS),60) --shots $(or $(SHOTS),40) --report docs/chaos.md

load: setup .venv/.bench
	@$(BIN)/python -m bench load

lock: $(UV)
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group bench -c requirements-dev.lock -o requirements-bench.lock

COMPILE = $(RUN_UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

clean:
	rm -rf .venv .cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist build

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Storyreel needs Python 3.11 or later: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv .cache/uv
	@.cache/uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# The picture library links against these; every desktop has them, a bare server may not.
LIBRARIES := libegl1 libgl1 libexpat1
SKIA_NEEDS = { echo "Installing $(LIBRARIES), which the picture library needs..."; \
	{ [ "$$(id -u)" = 0 ] && apt-get -qq update && apt-get -qq install -y $(LIBRARIES) >/dev/null && $(BIN)/python -c 'import skia'; } \
	|| { echo "They are missing. As root: apt-get install $(LIBRARIES), then make again"; exit 1; }; }

.venv/.ready: pyproject.toml requirements-dev.lock | $(UV)
	@echo "Installing what requirements-dev.lock pins..."
	@test -x $(BIN)/python || $(RUN_UV) venv --quiet --python "$$(command -v $(PYTHON))" .venv
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@$(BIN)/python -c 'import skia' 2>/dev/null || $(SKIA_NEEDS)
	@touch $@

.venv/.bench: requirements-bench.lock .venv/.ready
	@$(INSTALL) --require-hashes -r requirements-bench.lock
	@touch $@

.cache/temporal.ready: .venv/.ready
	@$(BIN)/python -m storyreel.embedded.temporal
	@touch $@

# The servers of production, which only the tests start; without Go and npm those tests are skipped.
.cache/servers.ready: .venv/.ready storyreel/embedded/servers.py
	@$(BIN)/python -m storyreel.embedded.servers
	@touch $@
