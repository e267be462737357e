# Everything from a clean checkout, with nothing but Python 3.11, make and pip. `make demo` shows what it does.
SHELL = /bin/sh
PYTHON ?= $(shell command -v python3.11 >/dev/null 2>&1 && echo python3.11 || echo python3)
BIN = .venv/bin
READY = .venv/.installed

.PHONY: demo test quick soak lint install docs clean

demo: $(READY)
	$(BIN)/claims demo

# Side by side: most tests wait for processes that they started and kill.
AT_ONCE ?= 2

test: lint
	$(BIN)/python -m pytest -n $(AT_ONCE) --dist worksteal

# What runs on save: everything but the slow tests.
quick: $(READY)
	$(BIN)/python -m pytest -q -m "not slow and not soak"

# Ten thousand damaged articles, a daemon among hostile hosts: before a release.
soak: $(READY)
	$(BIN)/python -m pytest -m soak

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

install: $(READY)

# Writes what is generated of the documentation: docs/commands.md and the output in the README.
docs: $(READY)
	$(BIN)/python docs/generate.py

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet -c constraints.txt hatchling editables
	$(BIN)/python -m pip install --quiet -c constraints.txt --no-build-isolation -e '.[dev]'
	touch $(READY)

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
