# make run and make test do their own set-up; see README.md.
# The first Python here that will do.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for p in python3 python3.12 python3.13 python3.11; do $$p -c '$(FITS)' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# -qq: pip warns a line for each package where several indexes are set; what fails is still told.
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: run test setup check bench eval screenshots lock

run: setup
	@exec $(BIN)/ayni up

test: check
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

setup: .venv/installed

# The lock file, not pyproject, says what is installed: the same versions everywhere. A half-made environment is made anew.
.venv/installed: requirements.lock pyproject.toml
	@$(or $(PYTHON),false) -c '$(FITS)' || { echo "Ayni necesita Python 3.11, 3.12 o 3.13 (make PYTHON=/ruta/a/python3.12 $(MAKECMDGOALS))."; exit 1; }
	@echo "Instalando (la primera vez toma un par de minutos)…"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || \
		{ echo "No pude crear .venv. En Debian y Ubuntu falta: apt install python3-venv"; exit 1; }
	@$(PIP) install -r requirements.lock
	@$(PIP) install --no-deps --editable .
	@touch $@

check: setup
	@$(BIN)/python -m ruff format --check --quiet .
	@$(BIN)/python -m ruff check --quiet .
	@$(BIN)/python -m mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo

# One Markdown table; make bench ARGS="--quick".
bench: setup
	@$(BIN)/python -m benchmarks $(ARGS)

eval: setup
	@$(BIN)/ayni eval $(ARGS)

# Every page with the demo's data, into docs/screenshots/.
screenshots: setup
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m tests.browser.screenshots

# Renew the pins after changing pyproject.toml; what still fits stays as it is (UPGRADE=--upgrade renews all).
lock: setup
	@$(PIP) install uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 $(UPGRADE) --no-emit-index-url --no-header \
		--no-annotate --group dev pyproject.toml --output-file requirements.lock
