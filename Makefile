# Every target makes its own set-up; what is made once is not made again.
PYTHON ?= python3
export PYTHON
PYTEST := -rs --numprocesses auto --maxprocesses 4

.DEFAULT_GOAL := help
.PHONY: help install demo test test-all check fix bench lock clean browser openssl

help:  ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

install: .venv/.run  ## Set up .venv with emeritus and the embedded model

demo: .venv/.run  ## Tell the whole story on the embedded model; leaves the workspace demo/
	.venv/bin/emeritus demo demo

test: .venv/.test .venv-oracles/.oracles browser openssl  ## Run the tests, but for those that take minutes
	.venv/bin/pytest $(PYTEST) -m "not slow"

test-all: .venv/.test .venv-oracles/.oracles browser openssl  ## Run every test
	.venv/bin/pytest $(PYTEST)

check: .venv/.test  ## Read the code: format, lint, types, imports, scripts, locks, documents
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy archive interviews blog tests bench
	.venv/bin/lint-imports
	.venv/bin/shellcheck .ci/run requirements/*.sh
	.venv/bin/pytest -q tests/house -m "not slow"

fix: .venv/.test  ## Mend what ruff can mend
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: .venv/.test .venv-oracles/.oracles  ## Measure side by side; each measurement prints its ratios as JSON
	@for file in $$(grep -l '^if __name__' bench/*.py); do \
	  .venv/bin/python -m "bench.$$(basename "$$file" .py)" || exit; \
	done

lock: .venv/.test  ## Make the locks in requirements/ again; UPGRADE=--upgrade takes the newest
	requirements/lock.sh $(UPGRADE)

clean:  ## Take away all that was made, but for demo/: it is a workspace
	rm -rf .venv .venv-oracles dist .mypy_cache .pytest_cache .ruff_cache .hypothesis \
	  .import_linter_cache
	find archive interviews blog tests bench -name __pycache__ -prune -exec rm -rf {} +

.venv/.run: pyproject.toml requirements/run.txt requirements/model.txt requirements/build.txt
	@ldconfig -p 2>/dev/null | grep -q libgomp.so.1 || requirements/apt.sh libgomp1 || \
	  echo "Without it the embedded model cannot be loaded." >&2
	@requirements/venv.sh .venv run model build
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: .venv/.run requirements/test.txt
	@requirements/venv.sh .venv test
	@touch $@

.venv-oracles/.oracles: requirements/oracles.txt
	@requirements/venv.sh .venv-oracles oracles
	@touch $@

browser:
	@command -v chromium >/dev/null || requirements/apt.sh chromium || \
	  echo "Without it the browser tests are skipped." >&2

openssl:
	@command -v openssl >/dev/null || requirements/apt.sh openssl || \
	  echo "Without it the tests that ask it of timestamps are skipped." >&2
