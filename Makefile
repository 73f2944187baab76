# Two commands for a newcomer: `make chart` and `make test`. Each sets up what it needs in .venv and says so.
PYTHON ?= python3
BIN := .venv/bin
OUT := out

.PHONY: help chart test test-extra lint docs bench clean

help:
	@echo "make chart        draw the step chart of US and Chinese tariffs and write its data, into $(OUT)/"
	@echo "make test         run the whole suite: record, library, charts, command line, documents"
	@echo "make test-extra   read our files with R, LibreOffice, LaTeX and Chromium, where they are installed"
	@echo "make lint         ruff and mypy"
	@echo "make docs         write again what is generated: docs/coverage.md, docs/images, docs/embedding.md, notebooks"
	@echo "make bench        measure start-up, reading, frames and charts"
	@echo "make clean        remove .venv and $(OUT)/"

chart: .venv/chart
	@mkdir -p $(OUT)
	@echo "Drawing the chart and writing its data:"
	@$(BIN)/tariffs plot -o $(OUT)/us-china.png -o $(OUT)/us-china.svg
	@$(BIN)/tariffs series us_on_cn cn_on_us --start 2025-01-01 -o $(OUT)/us-china.csv

test: .venv/test
	@echo "Running the suite:"
	@$(BIN)/python -m pytest

# What needs R, an office suite, LaTeX or a browser; what is not installed is skipped, with the reason.
test-extra: .venv/test
	@$(BIN)/python -m pytest -m extra tests/extra

lint: .venv/test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

docs: .venv/test
	@$(BIN)/python -m scripts.build_docs

bench: .venv/test
	@$(BIN)/python -m scripts.bench

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …"; exit 1; }
	@echo "Making an environment in .venv ($(PYTHON))"
	@$(PYTHON) -m venv .venv

.venv/chart: .venv/bin/python pyproject.toml
	@echo "Installing tariffs and what it needs into .venv (once; needs the network)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/test: .venv/bin/python pyproject.toml
	@echo "Installing the test tools into .venv (once; needs the network)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch .venv/chart $@

clean:
	rm -rf .venv $(OUT)
