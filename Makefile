# Two commands: `make run` starts everything, `make test` tries everything. Needed: Linux, make, Python 3.11 or newer with venv.
# PYTHON=… names another interpreter, YIFA_PORT=… another port.

SHELL := /bin/sh
FITS = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3.12 python3.13 python3.11 python3; do $$name -c '$(FITS)' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run check test bench lock clean

help:
	@echo "make run    start everything and print the addresses"
	@echo "make test   all tests, with a browser"
	@echo "make check  format, lint, types, contracts, migrations, interface"
	@echo "make bench  measure (ONLY=name for one)"
	@echo "make lock   pin the newest fitting packages, with their digests"

run: .venv/runtime
	@$(BIN)/yifa run

check: .venv/test
	@ops/check

test: .venv/test
	@ops/test

bench: .venv/test
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY))

# No address stands in a lock: where packages come from is the machine's own setting.
lock: .venv/test
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --extra test pyproject.toml -o requirements-test.lock

clean:
	rm -rf .venv build var/static yifa/site/static/dist frontend/desk/node_modules

.venv/runtime: requirements.lock requirements-data.lock ops/install
	@ops/install "$(PYTHON)" requirements.lock
	@touch $@

.venv/test: requirements-test.lock requirements-data.lock ops/install
	@ops/install "$(PYTHON)" requirements-test.lock
	@touch $@ .venv/runtime
