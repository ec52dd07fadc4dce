# make run and make test do their own set-up; see README.md.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test setup check bench eval lock

run: setup
	@$(BIN)/ayni up

test: check
	@$(BIN)/python -m tests.prepare
	@$(BIN)/pytest -n 2 --dist loadfile

setup: .venv/installed

# The lock file, not pyproject, says what is installed: the same versions everywhere.
.venv/installed: requirements.lock pyproject.toml
	@echo "Instalando (la primera vez toma un par de minutos)…"
	@$(PYTHON) -c 'import sys; sys.exit("Ayni needs Python 3.11, 3.12 or 3.13") if not (3, 11) <= sys.version_info < (3, 14) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

bench: setup
	@$(BIN)/ayni bench

eval: setup
	@$(BIN)/ayni eval

# Renew the pins after changing pyproject.toml.
lock: setup
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-emit-index-url --no-header \
		--no-annotate --group dev pyproject.toml --output-file requirements.lock
