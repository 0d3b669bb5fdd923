# make run · quick · test · test-slow · bench · lint: each first installs what it needs into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# A module's tests stay in one worker, with its servers; the longest modules start first.
WORKERS := -n logical --maxprocesses 4 --dist loadscope --no-loadscope-reorder

.PHONY: run quick test test-slow bench lint setup lock clean

run: $(VENV)/.run
	@$(BIN)/python -m app

quick: $(VENV)/.test # neither a browser nor a server
	$(BIN)/python -m pytest $(WORKERS) -m "not (browser or deploy or slow)" $(PYTEST)

test: setup
	$(BIN)/python -m pytest $(WORKERS) -m "not slow" $(PYTEST)

test-slow: setup # what `test` leaves out, and ten times as many cases of every property
	$(BIN)/python -m pytest $(WORKERS) -m "slow or hypothesis" --hypothesis-profile slow $(PYTEST)

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
