# The list of commands. `make help` prints it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
# In the environment: when it is removed, nothing claims that it is there.
STAMPS := $(VENV)/stamps
PACKAGE := kernels/python/ffi_workbook
CAPI := $(PACKAGE)/_capi

ifeq ($(OS),Windows_NT)
  $(error On Windows, run this in WSL: see README.md)
else ifeq ($(shell uname -s),Darwin)
  LIBRARY := libkernels.dylib
else
  LIBRARY := libkernels.so
endif

# A folder of the caller's own would put the library where we do not look.
unexport CARGO_TARGET_DIR

# Compiled modes are kept here, and not in the user's cache.
export FFI_WORKBOOK_CACHE := $(CURDIR)/target/modes

VERSION := import sys; print("%d.%d" % sys.version_info[:2])
ifeq ($(origin PYTHON),command line)
ifneq ($(wildcard $(PY)),)
ifneq ($(shell $(PYTHON) -c '$(VERSION)'),$(shell $(PY) -c '$(VERSION)'))
  $(error $(VENV) was made with another Python than $(PYTHON): remove it first)
endif
endif
endif

# What the C library is made of, and what the Python package has besides.
KERNEL_SOURCES := Cargo.toml Cargo.lock $(shell find kernels \
    \( -path kernels/python -o -path kernels/ladder \) -prune -o \
    \( -name '*.rs' -o -name Cargo.toml \) -not -path '*/tests/*' -not -path '*/benches/*' -print)
PACKAGE_SOURCES := $(shell find kernels/python/src -name '*.rs') kernels/python/Cargo.toml \
    kernels/python/.cargo/config.toml kernels/python/pyproject.toml kernels/python/README.md

.PHONY: help
help: ## Print this list
	@echo "make TARGET, where TARGET is one of:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## ---------------------------------------------------------------- set-up

# uv when it is there, pip otherwise. Both check every hash.
$(STAMPS)/venv: requirements/run.txt requirements/optional.txt tools/environment.sh
	@mkdir -p $(STAMPS)
	PYTHON=$(PYTHON) sh tools/environment.sh $(VENV) run optional
	@touch $@

$(STAMPS)/venv-course: $(STAMPS)/venv requirements/course.txt
	PYTHON=$(PYTHON) sh tools/environment.sh $(VENV) course
	@touch $@

$(STAMPS)/venv-test: $(STAMPS)/venv-course $(STAMPS)/venv-live requirements/test.txt
	PYTHON=$(PYTHON) sh tools/environment.sh $(VENV) test
	@touch $@

$(STAMPS)/venv-live: $(STAMPS)/venv requirements/live.txt
	PYTHON=$(PYTHON) sh tools/environment.sh $(VENV) live
	@touch $@

# The Rust kernel of the notebooks: built where it is not on the PATH (minutes, once).
$(STAMPS)/evcxr: $(STAMPS)/venv-course tools/evcxr.sh tools/rust_kernel.py tools/first_cells.py
	sh tools/evcxr.sh $(VENV)
	@touch $@

# nbgrader, for instructors who use it.
$(STAMPS)/venv-grading: $(STAMPS)/venv-course requirements/grading.txt
	PYTHON=$(PYTHON) sh tools/environment.sh $(VENV) grading
	@touch $@

# Dask, and MPI with its mpiexec: nothing of the system is needed for them.
$(STAMPS)/venv-distributed: $(STAMPS)/venv requirements/distributed.txt
	PYTHON=$(PYTHON) sh tools/environment.sh $(VENV) distributed
	@touch $@

# The C library and its headers, beside the Python package that opens them.
$(CAPI)/$(LIBRARY): $(KERNEL_SOURCES) $(wildcard kernels/capi/include/*.h)
	cargo build --release --locked -p kernels-capi
	@mkdir -p $(CAPI)
	cp kernels/capi/include/kernels.h kernels/capi/include/kernels.cdef.h $(CAPI)/
	cp target/release/$(LIBRARY) $(CAPI)/$(LIBRARY).new
	mv $(CAPI)/$(LIBRARY).new $@

$(STAMPS)/package: $(STAMPS)/venv $(CAPI)/$(LIBRARY) $(KERNEL_SOURCES) $(PACKAGE_SOURCES)
	cd kernels/python && VIRTUAL_ENV="$(CURDIR)/$(VENV)" PATH="$(CURDIR)/$(VENV)/bin:$$PATH" \
	    maturin develop --release --locked --quiet
	@touch $@

.PHONY: build
build: $(STAMPS)/package ## Build the C library and the Python package into .venv

## ---------------------------------------------------------------- the race

.PHONY: race
race: build ## Race all modes: table, fig/race.json, figures (QUICK=1: short; PEERS=1: and who else runs)
	$(PY) -m ffi_workbook.race --out fig/race.json $(if $(QUICK),--quick) $(ARGS)
	$(if $(PEERS),$(PY) -m ffi_workbook.race.peers --out fig/peers.json --peers '$(PEERS)' $(if $(QUICK),--quick))
	@$(MAKE) --no-print-directory figures

# The rungs below the kernel, and the loops that show what the machine allows.
RUNGS := target/release/$(subst kernels,ladder,$(LIBRARY))
$(RUNGS): $(KERNEL_SOURCES) $(wildcard kernels/ladder/Cargo.toml kernels/ladder/src/*.rs)
	cargo build --quiet --release --locked -p ladder
	@touch $@

.PHONY: ladder
ladder: build $(RUNGS) ## Measure what each idea of the fast heat kernel gains: fig/ladder.json, figures (QUICK=1)
	$(PY) -m ffi_workbook.race.ladder --library $(RUNGS) --out fig/ladder.json \
	    $(if $(QUICK),--quick) $(ARGS)
	@$(MAKE) --no-print-directory figures

.PHONY: race-live
race-live: build $(STAMPS)/venv-live ## Race live in the terminal: bars and lines that move (ARGS="--help")
	@$(PY) -m ffi_workbook.race.live --save-to target/race-live $(ARGS)

.PHONY: scaling
scaling: build $(STAMPS)/venv-distributed ## Time the heat grid on more and more processes, MPI and Dask (QUICK=1)
	$(PY) -m ffi_workbook.distributed.scaling --out fig/scaling.json $(if $(QUICK),--quick) $(ARGS)
	@$(MAKE) --no-print-directory figures

.PHONY: figures
figures: ## Draw the figures of the last race (or of the committed record) into fig/
	cargo run --quiet --release --locked -p fig

# One after the other: nothing else may run beside a measurement.
.PHONY: record
record: build $(RUNGS) $(STAMPS)/venv-distributed ## Measure all of it in full, and keep a dated record and its figures in fig/records
	$(PY) -m ffi_workbook.race --out fig/race.json --record fig/records $(ARGS)
	$(PY) -m ffi_workbook.race.peers --out fig/peers.json --record fig/records
	$(PY) -m ffi_workbook.race.ladder --library $(RUNGS) --out fig/ladder.json --record fig/records
	$(PY) -m ffi_workbook.distributed.scaling --out fig/scaling.json --record fig/records
	cargo run --quiet --release --locked -p fig
	cargo run --quiet --release --locked -p fig -- --only-records --out fig/records

.PHONY: race-compare
race-compare: build ## Tell what changed between two races or records (OLD=a.json NEW=b.json)
	$(if $(and $(OLD),$(NEW)),,$(error give two files: make race-compare OLD=a.json NEW=b.json))
	@$(PY) -m ffi_workbook.race.compare '$(OLD)' '$(NEW)' $(ARGS)

.PHONY: race-aa
race-aa: build ## Race a mode against itself: how often is a difference seen? (MODE=pyo3 RUNS=100)
	$(PY) -m ffi_workbook.race --aa $(or $(MODE),pyo3) --runs $(or $(RUNS),100) $(ARGS)

.PHONY: instructions
instructions: build ## Count the machine instructions of one call in every mode (needs valgrind)
	$(PY) -m ffi_workbook.race.instructions --out fig/instructions.json $(ARGS)

.PHONY: bench
bench: ## Measure the bare kernels without Python (criterion)
	cargo bench --locked -p add -p fibonacci -p heat

# "libc-copy" is without src/short_copy.rs. "tls-call" is without the place of thread-local
# variables, and "plain" without the inlining, that kernels/python/.cargo/config.toml asks
# for (225 is LLVM's own threshold). Wheels are zip files; Python unpacks them.
WHEELS := target/compare
BUILDS := default libc-copy tls-call plain abi3
.PHONY: compare-builds
compare-builds: build ## Compare the call speed of builds of the PyO3 skin: what each choice gains
	rm -rf $(WHEELS)
	cd kernels/python && \
	    MATURIN=../../$(VENV)/bin/maturin && \
	    $$MATURIN build -q --release --locked -o ../../$(WHEELS)/default && \
	    $$MATURIN build -q --release --locked --no-default-features -o ../../$(WHEELS)/libc-copy && \
	    $$MATURIN build -q --release --locked --features abi3 -o ../../$(WHEELS)/abi3 && \
	    RUSTFLAGS=-Cllvm-args=-inline-threshold=5000 \
	        $$MATURIN build -q --release --locked -o ../../$(WHEELS)/tls-call && \
	    RUSTFLAGS='-Cllvm-args=-inline-threshold=225 -Ztls-model=initial-exec' \
	        $$MATURIN build -q --release --locked -o ../../$(WHEELS)/plain
	for build in $(BUILDS); do \
	    $(PY) -m zipfile -e $(WHEELS)/$$build/*.whl $(WHEELS)/$$build || exit 1; \
	done
	$(PY) tools/compare_builds.py $$(for build in $(BUILDS); do \
	    echo $$build=$$(echo $(WHEELS)/$$build/ffi_workbook/_native*.so); done)

.PHONY: modes
modes: build ## Load every mode and check its answers, a line each
	$(PY) -m ffi_workbook.modes

## ---------------------------------------------------------------- the course

# Browser code that the site serves itself, so that no page asks the outside.
BUNDLES := target/bundles
$(BUNDLES)/fetched: site/bundles.txt tools/bundles.py $(STAMPS)/venv-course
	$(PY) tools/bundles.py site/bundles.txt $(BUNDLES)
	@touch $@

.PHONY: bundles
bundles: $(BUNDLES)/fetched ## Fetch the browser code of the site (thebe, MathJax) from npm

# The notebook of a text, for JupyterLab, which keeps the two alike when it saves.
NOTEBOOKS := $(patsubst %.md,%.ipynb,$(filter-out %/README.md,$(wildcard notebooks/*.md)))
notebooks/%.ipynb: notebooks/%.md $(STAMPS)/venv-course
	@$(PY) -m jupytext --quiet --to ipynb --update $<
	@touch -r $< $@  # JupyterLab refuses a notebook that is newer than its text

# What a page needs to be run: built, installed, and asked for by nobody alone.
COURSE := $(STAMPS)/package $(STAMPS)/venv-course $(STAMPS)/venv-live $(STAMPS)/venv-distributed \
    $(STAMPS)/evcxr
# Everything is fetched at installation: a page that asks for more is red.
SPHINX := CARGO_NET_OFFLINE=true $(VENV)/bin/sphinx-build -q -j auto -c site
JUPYTER := $(VENV)/bin/jupyter lab --config=site/server/jupyter_server_config.py

# Sphinx remembers a page that it warned of as read. Without its memory, the next
# build is as red as this one; the outputs of the cells have a cache of their own.
.PHONY: book
book: $(COURSE) $(BUNDLES)/fetched ## Build the site into target/book, with every notebook run
	@rm -rf target/book/reports
	$(SPHINX) -W --keep-going . target/book || { \
	    rm -f target/book/.doctrees/environment.pickle; \
	    tail -n 20 target/book/reports/*/*.log 2>/dev/null; exit 1; }

.PHONY: pdf
pdf: book $(STAMPS)/venv-test ## Make one PDF of all pages, and link the site to it (needs Chromium)
	@sh tools/system_packages.sh chromium
	$(PY) site/pdf.py target/book

# Your own race may contradict a sentence of a page: here that is told, and no error.
.PHONY: serve
serve: $(COURSE) $(BUNDLES)/fetched $(NOTEBOOKS) ## Open the site, with cells that run, on this machine (ARGS="--no-browser")
	$(SPHINX) -d target/serve-doctrees . target/book
	$(JUPYTER) --LabApp.default_url=/book/lessons/index.html $(ARGS)

.PHONY: lab
lab: $(COURSE) $(NOTEBOOKS) ## Open JupyterLab on the first lesson's notebook (ARGS="--no-browser")
	$(JUPYTER) --LabApp.default_url=/lab/tree/notebooks/01-first-race.ipynb $(ARGS)

## ---------------------------------------------------------------- the exercises

# The walls around a learner's code. `workbook` says so where they are missing.
.PHONY: walls
walls:
	@sh tools/system_packages.sh bubblewrap

.PHONY: workbook
workbook: build walls ## Build the program that grades the exercises: target/debug/workbook
	@cargo build --quiet --locked -p workbook -p declarations

.PHONY: exercises
exercises: workbook ## Grade all exercises (one of them: make exercise3)
	@target/debug/workbook run

.PHONY: watch
watch: workbook ## Grade the current exercise on every save, in a terminal view
	@target/debug/workbook watch

EXERCISES := $(patsubst exercises/%,%,$(wildcard exercises/exercise[0-9] exercises/exercise[0-9][0-9]))
.PHONY: $(EXERCISES)
$(EXERCISES): exercise%: workbook
	@target/debug/workbook run $*

.PHONY: assignments
assignments: workbook $(STAMPS)/venv-grading ## Make nbgrader's course of exercises 1 to 3 in target/nbgrader
	$(PY) exercises/assignments/make.py --workbook target/debug/workbook target/nbgrader

.PHONY: cluster
cluster: $(STAMPS)/venv-distributed ## Install Dask, for workbook collect --dask

.PHONY: release
release: workbook ## Make the learner's tree: target/release-tree, and an archive of it
	target/debug/workbook release target/release-tree
	tar -czf target/ffi-workbook.tar.gz -C target --transform 's,^release-tree,ffi-workbook,' release-tree

## ---------------------------------------------------------------- the tests

.PHONY: test
test: test-rust test-c test-python test-distributed test-exercises test-solutions test-site test-wheel ## Run every test there is

.PHONY: test-rust
test-rust: lint-rust ## Run the Rust tests, doctests, clippy and rustfmt
	cargo test --quiet --locked

.PHONY: lint-rust
lint-rust: $(STAMPS)/venv ## Check the Rust code with rustfmt and clippy
	cargo fmt --all --check
	PYO3_PYTHON="$(CURDIR)/$(PY)" cargo clippy --quiet --workspace --all-targets --locked -- -D warnings
	cd lessons/hello_pyo3 && cargo fmt --check && \
	    PYO3_PYTHON="$(CURDIR)/$(PY)" cargo clippy --quiet --locked -- -D warnings

.PHONY: test-c
test-c: build $(STAMPS)/venv-test ## Compile and run the C programs, also under AddressSanitizer
	$(PY) -m pytest -q -rs kernels/capi/tests

.PHONY: test-python
test-python: lint-python $(RUNGS) ## Run the Python tests, ruff, mypy and stubtest
	@sh tools/system_packages.sh valgrind chromium tmux
	$(PY) -m pytest -q -rs --ignore=kernels/python/tests/test_distributed.py kernels/python/tests

.PHONY: test-distributed
test-distributed: build $(STAMPS)/venv-test $(STAMPS)/venv-distributed ## Test the grid over many processes (Dask and MPI)
	@$(MAKE) --no-print-directory target/proven/distributed
	@echo "the grid over many processes is proven (make clean forgets it)"

# Worker processes of a Dask cluster, and MPI ranks, on this machine: as long as all of
# it is as it was, once. What hangs is killed, and says where it hung.
target/proven/distributed: $(STAMPS)/package $(STAMPS)/venv-distributed $(STAMPS)/venv-test \
    kernels/python/tests/conftest.py kernels/python/tests/test_distributed.py \
    $(wildcard kernels/python/ffi_workbook/*.py kernels/python/ffi_workbook/distributed/*.py)
	$(PY) -m ffi_workbook.distributed.launch 900 \
	    $(PY) -m pytest -q -rs kernels/python/tests/test_distributed.py
	@mkdir -p $(@D)
	@touch $@

.PHONY: lint-python
lint-python: build $(STAMPS)/venv-test ## Check the Python code, and the stubs against the module
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	cd kernels/python && ../../$(PY) -m mypy ffi_workbook
	cd kernels/python && ../../$(PY) -m mypy.stubtest ffi_workbook._native

# Each exercise is proven once: its starter, its solution, its wrong answers. It is
# proven again when one of its files changes, or the grader, or what it calls.
PROVEN := $(EXERCISES:%=target/proven/%)
GRADER_SOURCES := Cargo.lock exercises/exercises.toml $(shell find exercises/src exercises/judge \
    exercises/declarations/src -type f -not -name '*.pyc')

.PHONY: test-exercises
test-exercises: $(PROVEN) workbook $(STAMPS)/venv-test $(STAMPS)/venv-grading $(STAMPS)/venv-distributed ## Prove the exercises, and attack the grader
	@echo "$(words $(EXERCISES)) exercises are proven (make clean forgets it)"
	@$(MAKE) --no-print-directory target/proven/grader

# Attacks, a class, a cluster, nbgrader: as long as all of it is as it was, once.
target/proven/grader: $(GRADER_SOURCES) $(STAMPS)/package $(PROVEN) \
    $(shell find exercises/tests exercises/assignments exercises/templates -type f -not -name '*.pyc')
	$(PY) -m pytest -q -rs exercises/tests
	@touch $@

.SECONDEXPANSION:
target/proven/exercise%: $(GRADER_SOURCES) $(STAMPS)/package \
    $$(shell find exercises/exercise$$* exercises/hidden/exercise$$* exercises/wrong/exercise$$* \
    solutions/exercise$$* -type f) | workbook
	target/debug/workbook verify $*
	@mkdir -p $(@D)
	@touch $@

# Each from its first cell to its last, in a folder that git ignores.
.PHONY: test-solutions
test-solutions: workbook $(STAMPS)/venv-course ## Run the notebooks of the solutions
	@mkdir -p target/solutions
	@for text in $(wildcard solutions/exercise*.md); do \
	    $(VENV)/bin/jupytext --quiet --to ipynb --execute --run-path "$(CURDIR)/solutions" \
	        --output target/solutions/$$(basename $$text .md).ipynb $$text || exit 1; \
	    echo "$$text ran from top to bottom"; \
	done

.PHONY: test-site
test-site: book $(NOTEBOOKS) $(STAMPS)/venv-test ## Build the book and test it in Chromium
	@sh tools/system_packages.sh chromium
	@$(MAKE) --no-print-directory target/proven/site
	@echo "the site is proven (make clean forgets it)"

# The browser sees each page once, until something that pages are made of changes.
target/proven/site: $(COURSE) $(BUNDLES)/fetched _toc.yml _config.yml Makefile \
    $(wildcard fig/*.json fig/records/*/*.json fig/records/*.svg) \
    $(shell find lessons notebooks site tools kernels/python/ffi_workbook -type f \
    -not -name '*.pyc' -not -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*')
	@rm -rf target/site-tests
	$(PY) -m pytest -q -rs -n 2 site/tests
	@mkdir -p $(@D)
	@touch $@

.PHONY: test-wheel
test-wheel: wheel ## Install the wheel into an empty environment and check its modes
	PYTHON=$(PYTHON) sh tools/try_wheel.sh target/wheels target/try-wheel

## ---------------------------------------------------------------- upkeep

.PHONY: header
header: ## Write kernels.h and kernels.cdef.h anew from the Rust sources
	UPDATE_HEADERS=1 cargo test --quiet --locked -p kernels-capi --test headers

.PHONY: wheel
wheel: build ## Build the wheel into target/wheels
	cd kernels/python && \
	    ../../$(VENV)/bin/maturin build --quiet --release --locked --out ../../target/wheels

.PHONY: format
format: $(STAMPS)/venv-test ## Format Rust and Python
	cargo fmt --all
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

# Each peer of the race with packages of its own.
PEER_PARTS := $(patsubst requirements/%.in,%,$(wildcard requirements/peers/*.in))

.PHONY: lock
lock: ## Pin the Python requirements anew, with hashes (needs uv)
	for part in run optional course live test grading distributed $(PEER_PARTS); do \
	    without=requirements/$$part-without.txt; \
	    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	        --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	        $$([ ! -f $$without ] || sed -n 's/^\([a-z].*\)/--no-emit-package \1/p' $$without) \
	        requirements/$$part.in -o requirements/$$part.txt || exit 1; \
	done

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf target $(VENV) $(CAPI) $(PACKAGE)/_native*.so \
	    $(addprefix fig/,race.json peers.json ladder.json scaling.json) fig/*.svg
