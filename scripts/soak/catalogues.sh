#!/usr/bin/env bash
# Reads, exports and imports catalogues of a size that takes minutes, one after the other, and kills the Worker meanwhile.
# SOAK_SEED=<number> kills at the moments of an earlier run.
set -eu

echo "big catalogues"
cargo test --quiet --features test-hooks --test integration big_catalogue -- --ignored --test-threads 1 --nocapture
