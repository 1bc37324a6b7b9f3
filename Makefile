# Everything runs in .venv; each target sets up what it needs on a machine that has only Python.
PYTHON ?= python3
UV_VERSION = 0.13.9
BIN = .venv/bin
# Networks that inspect TLS put their certificate into the system's store, not into uv's.
export UV_SYSTEM_CERTS = 1
# Containers like to forbid compiled modules; without them each start of an interpreter takes seconds.
unexport PYTHONDONTWRITEBYTECODE
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python

.PHONY: demo test test-all soak bench lab check lock texts schemas release
.DELETE_ON_ERROR:

demo: .venv/runtime
	$(BIN)/evalkit demo

# A worker takes files in order and, when it has no more, the last tests of another one.
PYTEST = $(BIN)/python -m pytest --numprocesses logical --maxprocesses 8 --dist worksteal
OTHERS = browser or office or printed or server or processes or lives

# They wait for those programs: two workers for each processor.
TWICE = $$($(BIN)/python -c 'import os; print(2 * os.cpu_count())')

test: .venv/development
	$(PYTEST) -m "not (soak or $(OTHERS))"

test-all: test
	$(PYTEST) --numprocesses $(TWICE) -m "not soak and ($(OTHERS))"

soak: .venv/development
	$(BIN)/python -m pytest -m "soak or hypothesis" --hypothesis-profile full -rA

bench: .venv/development
	$(BIN)/python -m tests.bench

lab: .venv/runtime
	$(BIN)/jupyter lab notebooks

check: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb

.venv/bin/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet uv==$(UV_VERSION)

CATALOGUE = evalkit/locale/en/LC_MESSAGES/evalkit

# Installing evalkit compiles its catalogue.
.venv/runtime: requirements.lock pyproject.toml hatch_build.py $(CATALOGUE).po .venv/bin/uv
	$(INSTALL) --require-hashes --requirements requirements.lock
	$(INSTALL) --no-deps --editable .
	touch $@

.venv/development: requirements-dev.lock requirements-crate.lock .venv/runtime
	$(INSTALL) --require-hashes --requirements requirements-dev.lock
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .venv/crate
	$(BIN)/uv pip install --quiet --python .venv/crate/bin/python --require-hashes --requirements requirements-crate.lock
	touch $@

# The wheel that bags have, from a commit that is all there is; the tag says later which one it was.
RELEASE = from pathlib import Path; from evalkit.archive import wheel; \
	Path("dist").mkdir(exist_ok=True); Path("dist", wheel.name()).write_bytes(wheel.wheel())

release: .venv/development
	@test -z "$$(git status --porcelain)" || { echo "not all is committed: git status"; exit 1; }
	$(BIN)/python -c '$(RELEASE)'
	git tag --annotate --message "evalkit $$($(BIN)/evalkit --version)" v$$($(BIN)/python -c 'import evalkit; print(evalkit.__version__)')
	sha256sum dist/*.whl

# What follows is for developers: files in git that are made from others.
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links

lock: .venv/bin/uv
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --all-extras --constraints requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --group crate --output-file requirements-crate.lock

texts: .venv/development
	$(BIN)/pybabel -q extract --width 100 --no-location --sort-output --omit-header -F babel.cfg -k _ -o $(CATALOGUE).pot .
	$(BIN)/pybabel -q update --width 100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -l en -i $(CATALOGUE).pot -o $(CATALOGUE).po
	rm $(CATALOGUE).pot
	$(INSTALL) --no-deps --editable .

schemas: .venv/runtime
	$(BIN)/evalkit rubric schema > rubrics/rubric.schema.json
	$(BIN)/evalkit panel schema > panels/panel.schema.json
	$(BIN)/evalkit standing schema > panels/standing.schema.json
	$(BIN)/evalkit ledger schema > panels/ledger.schema.json
