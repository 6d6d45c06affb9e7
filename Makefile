# Two commands do: `make demo` and `make test`. Each sets up what is missing, once.
# Every path is relative and every program is run by the virtual environment's python: the checkout may lie in a folder
# with spaces or Chinese characters, where absolute targets and shebang lines break.

PY := .venv/bin/python
PORT ?= 8000
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

.PHONY: setup demo run test check bench soak shots lock clean
.DELETE_ON_ERROR:

setup: .venv/.project web/static/vendor/.collected-from
	@:

demo: setup
	@$(PY) -m crm demo --port "$(PORT)" $(if $(LEADS),--leads "$(LEADS)") $(if $(DATA_DIR),--data-dir "$(DATA_DIR)")

run: setup
	@$(PY) -m crm serve --port "$(PORT)"

test: setup .venv/.mining
	$(PY) -m pytest -q -n auto --dist loadgroup $(ARGS)

check: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -c 'import sys; from importlinter.cli import lint_imports_command as lint; sys.argv[1:] = []; lint()'
	$(PY) -m pytest -q tests/test_architecture.py

bench: setup
	$(PY) -m tests.bench $(if $(SIZE),--size "$(SIZE)") $(ARGS)

soak: setup
	$(PY) -m tests.soak $(if $(SIZE),--size "$(SIZE)") $(ARGS)

shots: setup
	$(PY) -m docs.shots $(ARGS)

# The locks name versions and hashes, never where they come from.
LOCK = .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--native-tls --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(LOCK_ARGS)
lock: setup
	$(PY) -m pip install --quiet uv
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	$(LOCK) --extra mining -c requirements-dev.txt pyproject.toml -o requirements-mining.txt
	$(LOCK) requirements-node.in -o requirements-node.txt
	cd frontend && npm install --package-lock-only --omit-lockfile-registry-resolved

clean:
	rm -rf .venv web/static/vendor frontend/node_modules dist

.venv/.locked: requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Landfall needs Python 3.11 or later; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || { rm -rf .venv; "$(PYTHON)" -m venv .venv; } || { \
		echo "Could not make .venv: install this Python's venv module (Debian and Ubuntu: python3-venv)." >&2; \
		rm -rf .venv; exit 1; }
	@echo "Installing the locked dependencies …"
	@$(PY) -m pip install --quiet --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@

.venv/.mining: requirements-mining.txt .venv/.locked
	@echo "Installing what the exports for analysts are tested with …"
	@$(PY) -m pip install --quiet --require-hashes --only-binary :all: -r requirements-mining.txt
	@touch $@

.venv/.project: pyproject.toml .venv/.locked
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

web/static/vendor/.collected-from: frontend/package-lock.json frontend/collect.py requirements-node.txt | .venv/.locked
	@echo "Fetching the front-end files …"
	@npm --version >/dev/null 2>&1 || $(PY) -m pip install --quiet --require-hashes --only-binary :all: -r requirements-node.txt
	@$(PY) frontend/collect.py
	@touch $@
