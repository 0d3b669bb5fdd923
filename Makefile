# make run · test · bench · lint: each first installs what it needs into .venv, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test bench lint setup lock clean

run: $(VENV)/.run
	@$(BIN)/python -m app

test: setup
	$(BIN)/python -m pytest -m "not slow" $(PYTEST)

bench: setup
	$(BIN)/python -m benchmarks $(BENCH)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: $(VENV)/.test
	@.ci/debian chromium redis-server nginx

lock: # needs uv; `make lock UPGRADE=upgrade` raises the versions
	.ci/lock $(UPGRADE)

clean:
	rm -rf $(VENV) .cache build dist

$(VENV)/.%: requirements.lock pyproject.toml .ci/install
	@.ci/install $* $(PYTHON) $(VENV)
	@touch $@
