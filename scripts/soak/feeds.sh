#!/usr/bin/env bash
# Kills the Worker a hundred times while feeds are built and delivered, which takes about ten minutes.
# SOAK_SEED=<number> kills at the moments of an earlier run.
set -eu

echo "feeds in a storm of kills"
cargo test --quiet --features test-hooks --test integration feeds_killed -- --ignored --test-threads 1 --nocapture
