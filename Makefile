# The verbs everybody relies on. Each does its own set-up; what cannot be installed is named in one sentence.

.PHONY: run test check audit bench fuzz soak package bindings images fmt

run:
	@scripts/run

test:
	@scripts/setup tests
	scripts/test

check:
	cargo fmt --all --check
	cargo clippy --locked --workspace --exclude fieldgate --all-targets -- -D warnings
	cargo nextest run --locked --workspace --exclude blackbox --exclude fieldgate
	npm --prefix ui run --silent check

# Known holes in what we depend on: asks RustSec and the npm registry.
audit:
	@scripts/setup tests
	scripts/audit

bench:
	@scripts/setup tests
	scripts/bench

# Made-up bytes for every parser that strangers can reach, FOR so many seconds each.
FOR ?= 60
fuzz:
	@scripts/setup
	scripts/fuzz $(FOR)

# Kills the gate under load, ROUNDS times, and looks for what was lost. JOURNEY_SEED repeats a run.
ROUNDS ?= 1000
soak:
	@scripts/setup
	cargo build --locked --package ctl
	cargo run --locked --package blackbox --bin soak -- $(ROUNDS)

package:
	@scripts/setup window
	npm --prefix ui run --silent build
	scripts/package

bindings:
	rm -rf ui/src/host/bindings
	cargo run --locked --package desk --features bindings --bin bindings -- ui/src/host/bindings

# Pictures of every screen, light and dark.
images:
	@scripts/setup tests
	npm --prefix ui run --silent shots -- ../docs/images --large first-start unlock requests requests-empty sheet-shop \
	  sheet-program sheet-more sheet-again sheet-danger sheet-proof keys key new-key-filled applications application log log-verified palette shortcuts \
	  servers users stores settings review-list remembered sheet-other-program sheet-stop-old receiver-nobody receiver-other-user \
	  keys-filter keys-chosen edit-key-changed user store replace replace-receipt log-export

fmt:
	cargo fmt --all
