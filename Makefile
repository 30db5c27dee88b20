# Every command of the project. `make help` lists them; each installs what it needs, once.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

WASM_BINDGEN := 0.2.130
WORKER_BUILD := 0.8.7
CARGO_DENY   := 0.20.2
CARGO_FUZZ   := 0.13.1
SCHEMATHESIS := 4.32.5

WASM_FEATURES := $(addprefix --enable-,bulk-memory multivalue mutable-globals nontrapping-float-to-int reference-types sign-ext simd)

TOOLS := $(CURDIR)/.tools
export PATH := $(CURDIR)/node_modules/.bin:$(TOOLS)/bin:$(PATH)
export WASM_BINDGEN_BIN := $(TOOLS)/bin/wasm-bindgen
export WASM_OPT_BIN := $(CURDIR)/node_modules/.bin/wasm-opt
export ESBUILD_BIN := $(CURDIR)/scripts/bundle.mjs
export CUSTOM_SHIM := src/platform/shim.js
export WRANGLER_SEND_METRICS := false
export NODE_COMPILE_CACHE := $(CURDIR)/.run/node
export BROWSER_LIBRARIES := $(CURDIR)/.run/browser

CONSOLE_SOURCES := package-lock.json $(shell find console -type f 2>/dev/null)
WORKER_SOURCES := Cargo.toml Cargo.lock build.rs .cargo/config.toml $(shell find src -type f 2>/dev/null) scripts/bundle.mjs Makefile

help: ## This list.
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

## What must be there, and what is installed -------------------------------------------------

.tools/machine: scripts/machine.sh rust-toolchain.toml
	@scripts/machine.sh
	@mkdir -p .tools && touch $@

node_modules/.installed: package-lock.json .tools/machine
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# These tools run a few times a build: compiling them quickly matters more than how fast they are.
INSTALL := CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
	CARGO_TARGET_DIR=$(TOOLS)/target cargo install --quiet --root $(TOOLS)

.tools/bin/wasm-bindgen-$(WASM_BINDGEN): .tools/machine
	@$(INSTALL) --version $(WASM_BINDGEN) wasm-bindgen-cli
	@touch $@

.tools/bin/worker-build-$(WORKER_BUILD): .tools/machine
	@$(INSTALL) --locked --version $(WORKER_BUILD) worker-build
	@touch $@

.tools/bin/cargo-deny-$(CARGO_DENY): .tools/machine
	@$(INSTALL) --locked --version $(CARGO_DENY) cargo-deny
	@touch $@

.tools/bin/cargo-fuzz-$(CARGO_FUZZ): .tools/machine
	@$(INSTALL) --locked --version $(CARGO_FUZZ) cargo-fuzz
	@touch $@

.tools/bin/schemathesis-$(SCHEMATHESIS): .tools/machine
	@python3 -m venv .tools/schemathesis
	@.tools/schemathesis/bin/pip install --quiet --disable-pip-version-check schemathesis==$(SCHEMATHESIS)
	@ln -sf ../schemathesis/bin/schemathesis .tools/bin/schemathesis
	@touch $@

.tools/browser: scripts/browser.sh .tools/machine
	@scripts/browser.sh
	@touch $@

.tools/openssh: scripts/openssh.sh .tools/machine
	@scripts/openssh.sh
	@touch $@

BUILD_TOOLS := node_modules/.installed .tools/bin/wasm-bindgen-$(WASM_BINDGEN) .tools/bin/worker-build-$(WORKER_BUILD)

tools: $(BUILD_TOOLS) ## Installs what building needs.

## Building ----------------------------------------------------------------------------------

# What panics tell of a place in a library begins with the library, not with a folder of the machine that built this.
REMAPPED := CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--remap-path-prefix=$${CARGO_HOME:-$$HOME/.cargo}/registry/src/="

# worker-build renames its output into place, so a build that breaks off leaves the one before. It would run wasm-opt
# itself; here that also drops function names and makes one of functions that differ in little (start-up is mostly the
# module's size), keeps large functions that have one caller apart (the engine compiles a function when it is first
# called, and a giant slower than its parts), and takes no address to lie in the first KB, where the stack ends.
# What is edited during a build is newer than what it makes.
define build_worker
	@mkdir -p .run && touch .run/build-began
	@$(REMAPPED) worker-build --release --no-opt --quiet --out-dir $(1) $(2) 2>&1 | { grep -E '^(warning|error| *-->)' || true; }
	@wasm-opt $(WASM_FEATURES) -Os --low-memory-unused --one-caller-inline-max-function-size=200 --merge-similar-functions --reorder-functions --strip-debug $(1)/worker/index.wasm -o $(1)/worker/index.wasm
	@touch -r .run/build-began $(1)/worker/shim.mjs
endef

build/worker/shim.mjs: $(WORKER_SOURCES) | $(BUILD_TOOLS)
	$(call build_worker,build,)

.run/test-worker/worker/shim.mjs: $(WORKER_SOURCES) | $(BUILD_TOOLS)
	$(call build_worker,.run/test-worker,--features test-hooks)

.run/browser/ordergroove-auth.js: node_modules/.installed
	@esbuild --log-level=warning --bundle --format=esm --outfile=$@ ./node_modules/@ordergroove/auth/dist/auth.js

static/console/console.js: $(CONSOLE_SOURCES) node_modules/.installed
	@vite build console --logLevel error
	@scripts/console_size.sh
	@touch $@

build: build/worker/shim.mjs static/console/console.js ## Builds the Worker into build/ and the console into static/console/.

## Running -----------------------------------------------------------------------------------

dev: build .run/browser/ordergroove-auth.js ## Starts everything on this machine, with the demo store installed.
	@scripts/dev.sh

register: ## Registers an app: make register CLIENT_ID=… CLIENT_SECRET=… APP_ENVIRONMENT=staging URL=https://… (needs OPERATOR_TOKEN).
	@scripts/register.sh "$(URL)" "$(CLIENT_ID)" "$(CLIENT_SECRET)" "$(APP_ENVIRONMENT)"

deploy: build ## Deploys: make deploy ENV=staging (or production).
	@test -n "$(ENV)" || { echo "Say where to: make deploy ENV=staging"; exit 2; }
	@wrangler deploy --env "$(ENV)"

## Checking ----------------------------------------------------------------------------------

fmt: .tools/machine node_modules/.installed ## Formats the Rust code and the console's.
	@cargo fmt --all
	@prettier --write --log-level warn console

.run/console-linted: $(CONSOLE_SOURCES) node_modules/.installed
	@prettier --check --log-level warn console
	@tsc --project console
	@eslint --max-warnings 0 --config console/eslint.config.js console
	@mkdir -p .run && touch $@

lint: build/worker/shim.mjs .run/console-linted
	@cargo fmt --all --check
	@cargo clippy --quiet --lib --target wasm32-unknown-unknown -- -D warnings
	@cargo clippy --quiet --workspace --all-targets --features test-hooks -- -D warnings
	@cargo clippy --quiet --locked --manifest-path fuzz/Cargo.toml --target-dir target --no-default-features -- -D warnings
	@RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps --document-private-items

licences: .tools/bin/cargo-deny-$(CARGO_DENY)
	@scripts/licences.sh

dry-run: build/worker/shim.mjs static/console/console.js
	@scripts/dry_run.sh

test: lint licences dry-run .run/test-worker/worker/shim.mjs .run/browser/ordergroove-auth.js .tools/browser .tools/openssh ## Runs every check and test.
	@node --test --test-reporter=dot 'tests/storefront/*.test.mjs' 'tests/platform/*.test.mjs' 'console/tests/*.test.ts'
	@cargo test --quiet --workspace --features test-hooks --no-fail-fast

soak: build/worker/shim.mjs .run/test-worker/worker/shim.mjs .tools/bin/cargo-fuzz-$(CARGO_FUZZ) .tools/bin/schemathesis-$(SCHEMATHESIS) ## Big catalogues, storms of kills, then fuzzing, a minute each: make soak SECONDS=60.
	@scripts/soak/catalogues.sh
	@scripts/soak/feeds.sh
	@scripts/soak/api.sh $(or $(SECONDS),60)
	@scripts/soak/fuzz.sh $(or $(SECONDS),60)

bench: build/worker/shim.mjs .run/test-worker/worker/shim.mjs .tools/openssh ## Compares with the peers, in one run.
	@cargo run --quiet --release -p bench

clean: ## Removes what was built, not what was installed.
	@rm -rf build static/console target .run .wrangler

.PHONY: help tools build dev register deploy fmt lint licences dry-run test soak bench clean
